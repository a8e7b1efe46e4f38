"""Where a polynomial in one whole number is below 0, is 0, and is above 0: exactly.

A polynomial rises and falls as the signs of its differences say, which are a polynomial of a
lower degree; where it only rises, or only falls, its signs change at numbers that halving finds.
"""

from __future__ import annotations

from math import comb, lcm
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.numbers.terms import Coefficient

Signs: TypeAlias = list[tuple[int, int]]
"""Where a sign begins, and which: it lasts until the next begins, the last for ever."""


def signs_of(polynomial: Sequence[Coefficient]) -> Signs:
    """Return the signs of a polynomial, its coefficients from the lowest power on, from 0 on.

    >>> signs_of([-64, 1]), signs_of([9, -6, 1])
    ([(0, -1), (64, 0), (65, 1)], [(0, 1), (3, 0), (4, 1)])
    """
    scale = lcm(*(each.denominator for each in polynomial))
    whole = [int(each * scale) for each in polynomial]
    while len(whole) > 1 and not whole[-1]:
        whole.pop()
    return _signs(whole)


def all_from_zero(runs: Sequence[Signs]) -> list[tuple[int, int | None]]:
    """Return the ranges in which no sign of several is below 0; the last may have no end.

    >>> all_from_zero([[(0, -1), (3, 1)], [(0, 1), (8, -1)]])
    [(3, 7)]
    """
    found: list[tuple[int, int | None]] = []
    for start in sorted({start for each in runs for start, _sign in each}):
        holds = all(
            next(sign for begin, sign in reversed(each) if begin <= start) >= 0 for each in runs
        )
        is_open = bool(found) and found[-1][1] is None
        if holds and not is_open:
            found.append((start, None))
        elif is_open and not holds:
            found[-1] = found[-1][0], start - 1
    return found


def _signs(polynomial: list[int]) -> Signs:
    if len(polynomial) == 1:
        return [(0, _sign(polynomial[0]))]
    steps = _signs(_difference(polynomial))
    found: Signs = []
    for turn, (start, _sign_of_step) in enumerate(steps):
        stop = steps[turn + 1][0] if turn + 1 < len(steps) else None
        for begin, sign in _monotone(polynomial, start, stop):
            if not found or found[-1][1] != sign:
                found.append((begin, sign))
    return found


def _difference(polynomial: list[int]) -> list[int]:
    """Return p(n + 1) - p(n)."""
    return [
        sum(polynomial[k] * comb(k, power) for k in range(power + 1, len(polynomial)))
        for power in range(len(polynomial) - 1)
    ]


def _monotone(polynomial: list[int], start: int, stop: int | None) -> Signs:
    """Return the signs from start on, before stop, where it only rises or only falls."""
    if stop is None:
        stop, last = start + 1, _sign(polynomial[-1])
        while _sign(_at(polynomial, stop)) != last:
            stop = start + 2 * (stop - start)
        stop += 1
    found = [(start, _sign(_at(polynomial, start)))]
    last = _sign(_at(polynomial, stop - 1))
    while found[-1][1] != last:
        low, high = found[-1][0], stop - 1
        while high - low > 1:
            middle = (low + high) // 2
            if _sign(_at(polynomial, middle)) == found[-1][1]:
                low = middle
            else:
                high = middle
        found.append((high, _sign(_at(polynomial, high))))
    return found


def _at(polynomial: list[int], number: int) -> int:
    total = 0
    for each in reversed(polynomial):
        total = total * number + each
    return total


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)
