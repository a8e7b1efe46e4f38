"""How much work a row is: the measure by which a search, or a look for slips, is bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.notation.tree import Join
from cnncalc.numbers.working import are_numbers

if TYPE_CHECKING:
    from cnncalc.trace.rows import Row

OF_FAULT = 10  # rows of plain numbers that take as long as one that does not fit
OF_LETTERS = 50  # as one of formulas in letters
OF_MEASURE = 20  # as one measured where it stands, of formulas in letters
OF_JOIN = 10  # as a join of branches


def work_of(row: Row) -> int:
    """Return how many rows of plain numbers take as long as a row."""
    if not are_numbers(*row.output, row.measure.macs):
        return OF_LETTERS
    return OF_JOIN if isinstance(row.node, Join) else 1
