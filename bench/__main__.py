"""`python -m bench recipients --rows 1000000`"""

import argparse

from . import events, recipients


def main():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    benches = parser.add_subparsers(dest="bench", required=True)
    chosen = benches.add_parser("recipients", help="a mailing's rows, beside bare SQL")
    chosen.add_argument("--rows", type=int, default=1_000_000)
    told = benches.add_parser("events", help="what Mailjet reports, stored and applied")
    told.add_argument("--events", type=int, default=200_000)
    told.add_argument("--rows", type=int, default=1_000_000)
    arguments = parser.parse_args()
    if arguments.bench == "events":
        events.run(arguments.events, arguments.rows)
    else:
        recipients.run(arguments.rows)


if __name__ == "__main__":
    main()
