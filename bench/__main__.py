"""`python -m bench recipients --rows 1000000`, `events`, `send` or `newsletter`"""

import argparse


def main():
    arguments = parse()
    # What a benchmark needs is loaded when it is run, not to explain it.
    if arguments.bench == "events":
        from . import events

        events.run(arguments.events, arguments.rows)
    elif arguments.bench == "send":
        from . import sending

        sending.run(arguments.rows or sending.SIZES)
    elif arguments.bench == "newsletter":
        from . import newsletter

        newsletter.run(arguments.size)
    else:
        from . import recipients

        recipients.run(arguments.rows)


def parse(words=None) -> argparse.Namespace:
    """Return what the command line asks for; complains and exits when it is wrong."""
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    benches = parser.add_subparsers(dest="bench", required=True)
    chosen = benches.add_parser("recipients", help="a mailing's rows, beside bare SQL")
    chosen.add_argument("--rows", type=int, default=1_000_000)
    events = benches.add_parser("events", help="Mailjet's events, stored and applied")
    events.add_argument("--events", type=int, default=200_000)
    events.add_argument("--rows", type=int, default=1_000_000)
    sent = benches.add_parser("send", help="a sending, beside Odoo's Email Marketing")
    sent.add_argument("--rows", type=int, nargs="+")
    read = benches.add_parser("newsletter", help="reading an email, of any kind")
    read.add_argument("--size", type=int, default=5_000_000, help="bytes")
    return parser.parse_args(words)


if __name__ == "__main__":
    main()
