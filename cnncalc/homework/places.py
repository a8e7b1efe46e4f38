"""The rows that a claim is about: those of a place, or of the whole network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.homework.claims import answer
from cnncalc.report.places import row_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.trace.rows import Row


def answer_of(place: str | None, quantity: str, rows: Sequence[Row]) -> Any:
    """Return what rows have of a quantity at a place; None where there is no such place."""
    target = subject_of(place, quantity, rows)
    return None if target is None else answer(quantity, target)


def subject_of(place: str | None, quantity: str, rows: Sequence[Row]) -> Row | None:
    """Return the row that an answer comes from; one that stands for all rows where it is of all.

    Of a network, `in_features` are those of its first fc, or of one that would stand behind it.
    """
    if place is None and quantity == "in_features":
        main = [row for row in rows if not row.aux]
        return next((row for row in main if row.kind == "fc"), main[-1])
    return row_at(place, rows)
