"""JSON lines: an object for each row, as JSON has it; nothing around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.output.json import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.report.listing import Listing


def write(listing: Listing) -> Iterator[str]:
    """Yield the rows as they come."""
    yield from rows_of(listing.in_row, listing.rows)
