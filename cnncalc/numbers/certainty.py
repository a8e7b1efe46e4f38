"""What is certain of numbers with letters in them, whatever the letters are.

A comparison is proved, or is not a fact. Of one letter the proof is exact; of several a number is
at least 0 where, with each letter written as its least value and what it has beyond that, no
coefficient is negative. A quotient a/b rounded down lies from (a - b + 1)/b to a/b.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.numbers.bounds import Bounds
from cnncalc.numbers.lettered import letters_in
from cnncalc.numbers.one_letter import OneLetter, whole
from cnncalc.numbers.runs import all_from_zero
from cnncalc.numbers.terms import (
    MOST_TERMS,
    Floor,
    Largest,
    Table,
    Terms,
    TooLongError,
    add,
    atoms_in,
    atoms_in_table,
    is_linear,
    leading_sign,
    multiply,
    over,
    substitute,
    table_of,
    value_at,
)
from cnncalc.speech.budget import BUDGET

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cnncalc.numbers.terms import Atom, Monomial

    Point = dict[Atom, int | None]

MOST_KNOWN = BUDGET.remembered
MOST_LINEAR = 8  # terms of a size that stands for a letter

_USUAL, _SMALL = 720_720, 12  # what letters are tried as: much divides them, and comes out whole


class Domain:
    """The whole numbers that letters may be: from `least` on, with every size at least 1.

    >>> from cnncalc.numbers.letters import letter
    >>> H, N = letter("H"), letter("N")
    >>> Domain([(H - 3) // 2 + 1]).holds_at_least(H, 3), ANY.holds_at_least(N * N, 64 * N)
    (True, False)
    """

    def __init__(self, sizes: Iterable[Any] = (), least: int = 1) -> None:
        self.sizes = tuple(each for each in dict.fromkeys(sizes) if isinstance(each, Terms))
        self._bounds = Bounds(self.sizes, least)
        self._known: dict[tuple[Any, Any], bool] = {}
        self._points: dict[tuple[str, ...], list[Point]] = {}
        self._replaced: list[tuple[set[str], str, Table]] | None = None

    # ------------------------------------------------------------ what is asked

    def holds_at_least(self, number: Any, least: Any) -> bool:
        """Return whether a number is at least another for certain."""
        if not isinstance(number, Terms) and not isinstance(least, Terms):
            return bool(number >= least)
        key = (number, least)
        if key not in self._known:
            if len(self._known) > MOST_KNOWN:
                self._known.clear()
                self._points.clear()
            table = add(table_of(number), table_of(least), -1)
            try:
                known = not self._is_refuted(table) and self._is_nonnegative(table)
            except TooLongError:
                known = False
            self._known[key] = known
        return self._known[key]

    def try_out(self, numbers: Iterable[Terms]) -> dict[Any, list[int | None]]:
        """Return what numbers are for some letters, the same for all; None where not whole."""
        numbers = list(numbers)
        points = self._points_of(tuple(letters_in(numbers)))
        return {each: [value_at(each.terms, point) for point in points] for each in numbers}

    def _is_refuted(self, table: Table) -> bool:
        """Return whether a number is below 0 for some letters, of which a few are tried."""
        names = tuple(letters_in([Terms(table)]))
        return any((value_at(table, point) or 0) < 0 for point in self._points_of(names))

    def _points_of(self, names: tuple[str, ...]) -> list[Point]:
        """Return numbers that some letters, and those of the sizes, may be together."""
        if names not in self._points:
            every = sorted({*names, *letters_in(self.sizes)})
            usual: Point = dict.fromkeys(every, _USUAL)
            points: list[Point] = [
                usual,
                *({**usual, name: _USUAL**2} for name in every),
                *({**usual, name: _SMALL} for name in every),
                dict.fromkeys(every, _SMALL),
            ]
            self._points[names] = [
                point
                for point in points
                if all((point[name] or 0) >= self.least_of(name) for name in every)
                and all((value_at(size.terms, point) or 0) >= 1 for size in self.sizes)
            ]
        return self._points[names]

    def where(self, numbers: Iterable[Any]) -> tuple[str, list[tuple[int, int | None]]] | None:
        """Return the one letter that numbers have, and for what it is all are at least 0.

        As ranges, the last one without an end where it has none; None where there are several
        letters, or where that does not come to rest.
        """
        tables = [table for table in map(table_of, numbers) if any(table) or table.get((), 0) < 0]
        names = letters_in(map(Terms, tables))
        exact = [self._exact(table) if any(table) else None for table in tables]
        if len(names) != 1 or None in exact:
            return None
        runs = [signs for each in exact if each for signs in (each.runs(),) if signs is not None]
        return (names[0], all_from_zero(runs)) if len(runs) == len(exact) else None

    def ranges(self, numbers: Iterable[Any]) -> str:
        """Return for which numbers of their one letter all are at least 0; '' where not known.

        >>> from cnncalc.numbers.letters import letter
        >>> N = letter("N")
        >>> ANY.ranges([N - 64]), ANY.ranges([N - 16, 16 - N]), ANY.ranges([4 * N - N * N])
        ('N >= 64', 'N = 16', 'N <= 4')
        """
        where = self.where(numbers)
        if where is None:
            return ""
        name, ranges = where
        least = self.least_of(name)
        return ", ".join(
            f"{name} >= {low}"
            if high is None
            else f"{name} = {low}"
            if low == high
            else f"{name} <= {high}"
            if low == least
            else f"{low} <= {name} <= {high}"
            for low, high in ranges
        )

    def least_of(self, name: str) -> int:
        """Return what a letter is at least."""
        return self._bounds.of_letter(name)

    def are_equal(self, one: Any, other: Any) -> bool | None:
        """Return whether two numbers are equal for all letters, or for none; None where some."""
        both = one - other, other - one
        if all(self.holds_at_least(each, 0) for each in both):
            return True
        where = self.where(both)
        is_never = where is not None and not where[1]
        return False if is_never or any(self.holds_at_least(each, 1) for each in both) else None

    # ------------------------------------------------------------ proofs

    def _is_nonnegative(self, table: Table) -> bool:
        if not any(table):
            return table.get((), 0) >= 0
        several = [each for each in atoms_in(Terms(table)) if isinstance(each, Largest)]
        if several:  # those first that are taken away
            taken = [key for key, number in table.items() if number < 0]
            below = [atom for atom in several if any(atom == each for k in taken for each, _n in k)]
            return self._without((*below, *several)[0], table)
        cleared = self._without_divisors(table)
        if cleared is None:
            return False
        exact = self._exact(cleared)
        if exact is not None:
            return not exact.has(-1)
        return any(
            self._is_sum(each)
            for each in (cleared, *self._in_sizes(cleared))
            for each in self._bounded(each)
        )

    def _without(self, atom: Largest, table: Table) -> bool:
        """Prove it with each number that may be the largest, or with one where more of it helps."""
        found = [key for key in table if any(each == atom for each, _power in key)]
        ways = (self._is_nonnegative(substitute(table, atom, each.terms)) for each in atom.numbers)
        if all(table[key] > 0 and dict(key)[atom] == 1 for key in found) and all(
            self._bounds.of(each) is not None for key in found for each, _n in key if each != atom
        ):
            return any(ways)
        return all(ways)

    def _without_divisors(self, table: Table) -> Table | None:
        """Return a number times the letters that it is divided by: its sign stays."""
        powers: dict[Atom, int] = {}
        for key in table:
            for atom, power in key:
                if power < 0:
                    powers[atom] = max(powers.get(atom, 0), -power)
        if not all(isinstance(atom, str) for atom in powers):
            return None
        for atom, power in powers.items():
            table = multiply(table, {((atom, power),): 1})
        return table

    def _exact(self, table: Table) -> OneLetter | None:
        """Return what is known of a number with one letter, all of it."""
        names = letters_in([Terms(table)])
        return OneLetter.of(table, self.least_of(names[0])) if len(names) == 1 else None

    def _in_sizes(self, table: Table) -> Iterable[Table]:
        """Yield a number in which sizes, which are at least 1, stand for letters."""
        taken: set[str] = set()
        names = set(letters_in(atoms_in_table(table)))
        changed = False
        if self._replaced is None:
            self._replaced = list(self._replaceable())
        for letters, name, beyond in self._replaced:
            if letters & taken or name in names:
                continue
            table = substitute(table, name, beyond)
            taken |= letters
            changed = True
        if changed and len(table) <= MOST_TERMS:
            yield table

    def _replaceable(self) -> Iterator[tuple[set[str], str, Table]]:
        """Yield the letters of each size that can stand for one, that one, and what it is then."""
        for size in reversed(self.sizes):
            letters = set(letters_in([size])) if len(size.terms) <= MOST_LINEAR else set()
            if len(letters) < 2 or any(True for _atom in atoms_in(size)):
                continue
            name = next((each for each in sorted(letters) if is_linear(size.terms, each)), None)
            if name is not None:
                own: Monomial = ((name, 1),)
                rest = {key: number for key, number in size.terms.items() if key != own}
                # size >= 1, and so what it has beyond 1 is a letter of its own, from 0 on
                yield letters, name, add({((f"{name}'", 1),): 1, (): 1}, rest, -1)

    def _bounded(self, table: Table) -> Iterable[Table]:
        """Yield a number, and numbers that are no larger, with fewer floors in them."""
        yield table
        if any(isinstance(atom, Floor) for key in table for atom, _power in key):
            for both in (False, True):
                less = self._below(table, both=both)
                if less is not None:
                    yield less

    def _below(self, table: Table, *, both: bool) -> Table | None:
        """Return a number no larger, in which quotients stand for floors that take away from it.

        With `both`, for those that add to it, too.
        """
        for _turn in range(200):
            found = next(
                (
                    (key, atom, power)
                    for key, number in table.items()
                    for atom, power in key
                    if isinstance(atom, Floor) and whole(atom.divisor) and (both or number < 0)
                ),
                None,
            )
            if found is None:
                return table
            key, atom, power = found
            if any(self._bounds.of(each) is None for each, _power in key):
                return None
            number = table[key]
            divisor = whole(atom.divisor) or 1
            dividend = atom.dividend.terms
            if number > 0:
                dividend = add(dividend, {(): 1 - divisor})
            others = tuple(each for each in key if each[0] != atom)
            rest = {others: number}
            if power > 1:
                rest = multiply(rest, {((atom, power - 1),): 1})
            table = add(
                {each: n for each, n in table.items() if each != key},
                multiply(rest, over(dividend, divisor)),
            )
            if len(table) > MOST_TERMS:
                return None
        return None

    def _is_sum(self, table: Table) -> bool:
        """Return whether no coefficient is negative with every atom written from its least."""
        if len(table) > MOST_TERMS or leading_sign(Terms(table)) not in (0, 1):
            return False
        shifted: Table = table
        for atom in {atom for key in table for atom, _power in key}:
            least = self._bounds.of(atom)
            if least is None:
                return False
            if least:
                shifted = substitute(shifted, atom, {((atom, 1),): 1, (): least})
                if len(shifted) > MOST_TERMS:
                    return False
        return all(number >= 0 for number in shifted.values())


ANY = Domain()
"""Letters that are whole numbers from 1 on."""
