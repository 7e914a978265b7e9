"""Compares the table with what plain arithmetic on the file gives, and prints it.

    python check.py FLIGHTS.json [TABLE]
"""

import json
import sys

import check_rows
from clients import client


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        expected = check_rows.expected_rows(json.load(file))
    found = check_rows.table_rows(client("dynamodb"), sys.argv[2] if len(sys.argv) > 2 else "airports")
    check_rows.print_table(found)
    return 0 if check_rows.print_verdict(expected, found) else 1


if __name__ == "__main__":
    sys.exit(main())
