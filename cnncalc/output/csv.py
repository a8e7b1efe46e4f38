"""CSV: a line for each row, its columns named as in JSON, numbers bare."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from cnncalc.report.listing import texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.report.listing import Listing


class _Line:
    """What a CSV writer writes to, which keeps the last line."""

    def write(self, text: str) -> None:
        """Keep a line, which csv ends itself."""
        self.text = text


def write(listing: Listing) -> Iterator[str]:
    """Yield the names of the columns, then the rows as they come."""
    line = _Line()
    table = csv.writer(line, lineterminator="")
    table.writerow([column.name for column in listing.columns])
    yield line.text
    for row in listing.rows:
        table.writerow(texts(listing.columns, row))
        yield line.text
