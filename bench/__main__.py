"""`python -m bench recipients --rows 1000000`, `events` or `send`"""

import argparse

from . import events, recipients, sending


def main():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    benches = parser.add_subparsers(dest="bench", required=True)
    chosen = benches.add_parser("recipients", help="a mailing's rows, beside bare SQL")
    chosen.add_argument("--rows", type=int, default=1_000_000)
    told = benches.add_parser("events", help="what Mailjet reports, stored and applied")
    told.add_argument("--events", type=int, default=200_000)
    told.add_argument("--rows", type=int, default=1_000_000)
    sent = benches.add_parser("send", help="a sending, beside Odoo's Email Marketing")
    sent.add_argument("--rows", type=int, nargs="+", default=sending.SIZES)
    arguments = parser.parse_args()
    if arguments.bench == "events":
        events.run(arguments.events, arguments.rows)
    elif arguments.bench == "send":
        sending.run(arguments.rows)
    else:
        recipients.run(arguments.rows)


if __name__ == "__main__":
    main()
