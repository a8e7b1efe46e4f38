"""The signs of a number with one letter, exactly: for each remainder of the letter a polynomial.

Floors of a letter go on alike after so many numbers as their divisors come to.
"""

from __future__ import annotations

from math import lcm

from cnncalc.numbers.runs import Signs, signs_of
from cnncalc.numbers.terms import Coefficient, Floor, Largest, Table, Terms, atoms_in

MOST_RESIDUES = 512


class OneLetter:
    """The signs of a number with one letter, for each remainder of that letter."""

    def __init__(self, least: int, found: list[Signs]) -> None:
        self.least = least
        self.found = found

    @classmethod
    def of(cls, table: Table, least: int) -> OneLetter | None:
        """Return the signs of a number, from the least that its letter is; None where too many."""
        if any(power < 0 for key in table for _atom, power in key):
            return None
        period = _period(Terms(table))
        if period is None or period > MOST_RESIDUES:
            return None
        found = []
        for first in range(least, least + period):
            polynomial = _along(table, first, period)
            if polynomial is None:
                return None
            found.append(signs_of(polynomial))
        return cls(least, found)

    def has(self, sign: int) -> bool:
        """Return whether the number has a sign anywhere."""
        return any(sign == each for signs in self.found for _start, each in signs)

    def runs(self) -> Signs | None:
        """Return the signs from the least number on; None where they do not come to rest."""
        period = len(self.found)
        if period == 1:
            return [(self.least + start, sign) for start, sign in self.found[0]]
        rest = {signs[-1][1] for signs in self.found}
        last = max(signs[-1][0] for signs in self.found) + 1
        if len(rest) > 1 or last * period > 20_000:
            return None
        runs: Signs = []
        for turn in range(last + 1):
            for first, signs in enumerate(self.found):
                sign = next(each for start, each in reversed(signs) if start <= turn)
                if not runs or runs[-1][1] != sign:
                    runs.append((self.least + turn * period + first, sign))
        return runs


def whole(number: Terms) -> int | None:
    """Return a number without letters, above 0."""
    if len(number.terms) == 1 and () in number.terms and number.terms[()] > 0:
        return int(number.terms[()])
    return None


def _period(number: Terms) -> int | None:
    """Return after how many numbers of its letter the floors of a number go on alike."""
    period = 1
    for atom in atoms_in(number):
        if isinstance(atom, Largest):
            return None
        divisor = whole(atom.divisor)
        inner = _period(atom.dividend)
        if divisor is None or inner is None or inner * divisor > MOST_RESIDUES:
            return None
        period = lcm(period, inner * divisor)
    return period


def _along(table: Table, first: int, step: int) -> list[Coefficient] | None:
    """Return a number with one letter, at first, first + step, ..., as a polynomial in the turn."""
    total: list[Coefficient] = []
    for key, number in table.items():
        part: list[Coefficient] = [number]
        for atom, power in key:
            value: list[Coefficient] | None = [first, step]
            if isinstance(atom, Floor):
                value = _along(atom.dividend.terms, first, step)
                divisor = whole(atom.divisor) or 1
                if value is None or any(each % divisor for each in value[1:]):
                    return None
                value = [each // divisor for each in value]
            if len(value or ()) * power > 64:
                return None
            for _turn in range(power):
                part = _times(part, value or [0])
        total = [
            (total[i] if i < len(total) else 0) + (part[i] if i < len(part) else 0)
            for i in range(max(len(total), len(part)))
        ]
    return total or [0]


def _times(one: list[Coefficient], two: list[Coefficient]) -> list[Coefficient]:
    total: list[Coefficient] = [0] * (len(one) + len(two) - 1)
    for i, left in enumerate(one):
        for j, right in enumerate(two):
            total[i + j] += left * right
    return total
