"""`python -m bench recipients --rows 1000000`"""

import argparse

from . import recipients


def main():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    benches = parser.add_subparsers(dest="bench", required=True)
    chosen = benches.add_parser("recipients", help="a mailing's rows, beside bare SQL")
    chosen.add_argument("--rows", type=int, default=1_000_000)
    arguments = parser.parse_args()
    recipients.run(arguments.rows)


if __name__ == "__main__":
    main()
