"""CSV: a line for each row, its columns named as in JSON, numbers bare.

A text that a spreadsheet would take for a formula, and work out, has an apostrophe before it.
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Any

from cnncalc.output.patterns import lines_of
from cnncalc.report.listing import Rows, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.report.listing import Listing
    from cnncalc.speech.columns import Column


_FORMULA = re.compile(
    r"[=@\t\r\n\uff1d\uff0b\uff0d\uff20]|[+-](?![0-9][0-9.,]*\Z|-[a-z-]+(?:, --[a-z]+)*\Z)"
)


def inert(text: str) -> str:
    """Return a text that no spreadsheet works out; numbers and names of options are such.

    >>> inert("=1+1"), inert("=2"), inert("-3"), inert("params=3")
    ("'=1+1", "'=2", '-3', 'params=3')
    """
    return f"'{text}" if _FORMULA.match(text) else text


class _LastLine:
    """What a CSV writer writes to, which keeps the last line."""

    def write(self, text: str) -> None:
        """Keep a line, which csv ends itself."""
        self.text = text


def write(listing: Listing) -> Iterator[str]:
    """Yield the names of the columns, then the rows as they come."""
    last = _LastLine()
    table = csv.writer(last)  # whose line ends, both of them, are quoted where cells have them
    safe = str if listing.raw else inert
    rest = [""] * (len(listing.columns) > 1)

    def quoted(cell: str) -> str:
        """Return a cell as it stands among others, or alone."""
        if cell.isalnum():
            return cell
        table.writerow([cell, *rest])
        return last.text.removesuffix("\r\n").removesuffix(",")

    def cell(column: Column, value: Any) -> str:
        found = text(column.form, value)
        return quoted(safe(found) if isinstance(value, str) else found)

    yield ",".join([quoted(safe(column.name)) for column in listing.columns])
    rows = listing.rows
    if isinstance(rows, Rows):
        rows = rows.of({column.name for column in listing.columns})
    yield from lines_of(listing.columns, rows, cell, ",".join)
