"""The rows that a claim is about: those of a place, or of the whole network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.homework.claims import answer
from cnncalc.report.folds import Folded, find
from cnncalc.trace.rows import last_finite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.trace.rows import Row


def target_of(place: str | None, rows: Sequence[Row]) -> Any:
    """Return the row that a claim is about; what stands for all rows where it is of all."""
    if place is not None:
        found = find(rows, place)
        if not found:
            return None
        return found[0] if len(found) == 1 else Folded(found, "", place, place, ())
    main = [row for row in rows if not row.aux]
    if len(main) == 2:
        return main[1]
    return Folded(main, "", "", None, ())


def answer_of(place: str | None, quantity: str, rows: Sequence[Row]) -> Any:
    """Return what rows have of a quantity at a place; None where there is no such place."""
    target = subject_of(place, quantity, rows)
    return None if target is None else answer(quantity, target)


def subject_of(place: str | None, quantity: str, rows: Sequence[Row]) -> Any:
    """Return the row that an answer comes from; what stands for all rows where it is of all.

    Of a network, the field is that of the last row that does not see all, and `in_features`
    those of its first fc, or of one that would stand behind it.
    """
    target = target_of(place, rows)
    if place is None and quantity == "in_features":
        main = [row for row in rows if not row.aux]
        return next((row for row in main if row.kind == "fc"), main[-1])
    if place is None and target is not None and answer(quantity, target) == "all":
        return last_finite(rows) or rows[0]
    return target
