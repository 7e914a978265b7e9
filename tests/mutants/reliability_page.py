"""The mutants' table in docs/reliability.md."""

import pathlib
import re

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs/reliability.md"
HEAD = "| fault | what it would lose | caught by |\n|---|---|---|\n"


def beginning(mutant):
    """A mutant's row, but for what catches it."""
    return f"| {mutant.fault} | {mutant.loses} |"


def table(rows):
    """`rows`: pairs of a mutant and what catches it."""
    return HEAD + "".join(f"{beginning(mutant)} {found_by} |\n" for mutant, found_by in rows)


def table_on_page():
    found = re.search(re.escape(HEAD) + r"(\|.*\n)*", PAGE.read_text(encoding="utf-8"))
    return found[0] if found else ""


def write(rows):
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(text.replace(table_on_page(), table(rows)), encoding="utf-8")
