"""Ratios as they are printed: percent to a tenth, and hundredths; rounded half up."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnncalc.numbers.working import Number


def share(part: Number, total: Number) -> float | None:
    """Return a part of a total in percent, rounded to a tenth; None where letters decide it.

    >>> share(1, 3), share(2, 3), share(0, 0)
    (33.3, 66.7, 0.0)
    """
    if isinstance(part, int) and isinstance(total, int):
        return (2000 * part + total) // (2 * total) / 10 if total else 0.0
    from cnncalc.numbers.terms import ratio

    found = ratio(part, total)
    return None if found is None else (2000 * found + 1) // 2 / 10


def hundredths(part: Number, whole: Number) -> float | None:
    """Return a ratio, rounded to hundredths, half up; None where letters decide it.

    >>> hundredths(200704, 110592), hundredths(0, 0)
    (1.81, 0.0)
    """
    if isinstance(part, int) and isinstance(whole, int):
        return (200 * part + whole) // (2 * whole) / 100 if whole else 0.0
    from cnncalc.numbers.terms import ratio

    found = ratio(part, whole)
    return None if found is None else (200 * found + 1) // 2 / 100
