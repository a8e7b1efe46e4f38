"""JSON lines: an object for each row, as JSON has it; nothing around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.output.json import line
from cnncalc.report.listing import all_cells

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.report.listing import Listing


def write(listing: Listing) -> Iterator[str]:
    """Yield the rows as they come."""
    yield from map(line, all_cells(listing.in_row, listing.rows))
