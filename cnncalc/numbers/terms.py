"""What a number with letters in it is made of: coefficients times powers of letters and atoms.

An atom is a letter, a quotient rounded down that cannot be resolved, or the largest of several
numbers where the letters decide which that is.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from cnncalc.numbers.assumptions import assume, is_recorded, sample
from cnncalc.numbers.lettered import Lettered, letters_in
from cnncalc.speech.budget import BUDGET
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from fractions import Fraction

MOST_TERMS = BUDGET.proof  # of a number in a proof

Coefficient: TypeAlias = "int | Fraction"
Atom: TypeAlias = "str | Floor | Largest"
Monomial: TypeAlias = tuple[tuple["Atom", int], ...]
"""Atoms with their powers, in order; a power below 0 divides."""
Table: TypeAlias = dict[Monomial, Coefficient]


class Terms(Lettered):
    """A sum of monomials with their coefficients; `taken` are the divisions taken as whole."""

    __slots__ = ("_hash", "_large", "_size", "taken", "terms")

    def __init__(
        self, terms: Mapping[Monomial, Coefficient], taken: frozenset[str] = frozenset()
    ) -> None:
        self.terms: Table = _without_zeros(terms)
        self.taken = taken
        self._hash: int | None = None
        self._large: bool | None = None
        self._size: int | None = None

    @property
    def size(self) -> int:
        """How many terms are written: its own, and those that stand in its atoms."""
        if self._size is None:
            inner = sum(part.size for atom in atoms_in(self) for part in inside(atom))
            self._size = len(self.terms) + inner
        return self._size

    @property
    def letters(self) -> set[str]:
        """The letters that it has in it, those in its atoms too."""
        found: set[str] = set()
        for key in self.terms:
            for atom, _power in key:
                found |= {atom} if isinstance(atom, str) else {*letters_in(inside(atom))}
        return found

    def can_reach(self, least: int) -> bool:
        """Return whether it is so large for some letters, which are at least 1."""
        if any(
            times > 0 or not isinstance(atom, str)
            for key, times in self.terms.items()
            for atom, _power in key
        ):
            assume("least", self - least)  # type: ignore[operator]
            return True
        return sum(self.terms.values()) >= least

    @staticmethod
    def ratio_of(one: Any, other: Any) -> Coefficient | None:
        """Return how many times a number another is; None where letters decide that."""
        from fractions import Fraction

        left, right = table_of(one), table_of(other)
        if right and not left:
            return 0
        if left.keys() != right.keys() or not right:
            return None
        found = {Fraction(left[key]) / right[key] for key in left}
        return found.pop() if len(found) == 1 else None

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Terms) and self.terms == other.terms:
            return True
        if not is_recorded() or not isinstance(other, Terms | int):
            return False
        less = type(self)(add(self.terms, table_of(other), -1))
        values = sample()
        is_equal = values is not None and value_of(less, values) == 0
        assume("equal" if is_equal else "differs", less)
        return is_equal

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self.terms.items()))
        return self._hash


def table_of(number: Any) -> Table:
    """Return the terms of a number, whether it has letters in it or not."""
    return number.terms if isinstance(number, Terms) else {(): number} if number else {}


class Floor(NamedTuple):
    """A quotient rounded down, as one number; `depth` counts the floors in one another."""

    dividend: Terms
    divisor: Terms
    depth: int


class Largest(NamedTuple):
    """The largest of several numbers, none of which is largest whatever the letters are."""

    numbers: tuple[Terms, ...]


@lru_cache(maxsize=8192)
def multiply_monomials(one: Monomial, two: Monomial) -> Monomial:
    """Return the product of two monomials."""
    if not one or not two:
        return one or two
    powers = dict(one)
    for atom, power in two:
        powers[atom] = powers.get(atom, 0) + power
    return in_order(powers)


def in_order(powers: Mapping[Atom, int]) -> Monomial:
    """Return atoms with their powers as a monomial, which has one form."""
    kept = [(atom, power) for atom, power in powers.items() if power]
    if len(kept) > 1:
        kept.sort(key=lambda each: place(each[0]))
    return tuple(kept)


@lru_cache(maxsize=4096)
def place(atom: Atom) -> tuple[Any, ...]:
    """Return where an atom stands among others: letters by name, then by what is in it."""
    if isinstance(atom, str):
        return (), atom
    return tuple(letters_in(inside(atom))), *map(_shape, inside(atom))


def _shape(number: Terms) -> tuple[Any, ...]:
    return tuple(
        sorted(
            (tuple((place(atom), power) for atom, power in key), coefficient)
            for key, coefficient in number.terms.items()
        )
    )


def inside(atom: Floor | Largest) -> tuple[Terms, ...]:
    """Return the numbers that an atom is made of."""
    return (atom.dividend, atom.divisor) if isinstance(atom, Floor) else atom.numbers


def add(one: Table, two: Table, times: Coefficient = 1) -> Table:
    """Return one sum of terms and another, so many times."""
    total = dict(one)
    for key, number in two.items():
        total[key] = total.get(key, 0) + times * number
        if not total[key]:
            del total[key]
    return total


def add_all(tables: Iterable[Table], most: int) -> Table:
    """Return the sum of many sums of terms; `TooLongError` where it has more than `most`."""
    total: Table = {}
    for table in tables:
        for key, number in table.items():
            total[key] = total.get(key, 0) + number
        if len(total) > most:
            raise TooLongError
    return _without_zeros(total)


def _without_zeros(table: Mapping[Monomial, Coefficient]) -> Table:
    if all(table.values()):
        return cast("Table", table)
    return {key: number for key, number in table.items() if number}


def multiply(one: Table, two: Table) -> Table:
    """Return the product of two sums of terms."""
    if len(two) == 1 and () in two:
        one, two = two, one
    if len(one) == 1 and () in one:
        return {key: one[()] * number for key, number in two.items()}
    total: Table = {}
    for left, times in one.items():
        for right, more in two.items():
            key = multiply_monomials(left, right)
            total[key] = total.get(key, 0) + times * more
    return _without_zeros(total)


def value_at(table: Table, point: dict[Atom, int | None]) -> int | None:
    """Return what terms come to with numbers for their letters; None where that is not whole.

    What atoms come to on the way is kept beside the numbers.
    """
    total: Coefficient = 0
    for key, number in table.items():
        term: Any = number
        for atom, power in key:
            if atom not in point and not isinstance(atom, str):
                point[atom] = _atom_at(atom, point)
            value = point[atom]
            if not value:
                if value is None or power < 0:
                    return None
                term = 0
            elif power > 0:
                term *= value**power
            elif term % value**-power:
                return None
            else:
                term //= value**-power
        total += term
    return int(total) if total == int(total) else None


def _atom_at(atom: Floor | Largest, point: dict[Atom, int | None]) -> int | None:
    values = [value_at(each.terms, point) for each in inside(atom)]
    known = [each for each in values if each is not None]
    if len(known) < len(values):
        return None
    if isinstance(atom, Largest):
        return max(known)
    return known[0] // known[1] if known[1] else None


def degree(monomial: Monomial) -> int:
    """Return the sum of a monomial's powers."""
    return sum(power for _atom, power in monomial)


def degree_of(number: Any) -> int:
    """Return the highest degree in letters of a number, or of the numbers of a volume.

    A quotient counts as what it divides, the largest of several as the highest of theirs.
    """
    if isinstance(number, tuple):
        return max(map(degree_of, number), default=0)
    degrees = [
        sum(
            power if isinstance(atom, str) else abs(power) * max(map(degree_of, inside(atom)))
            for atom, power in key
        )
        for key in table_of(number)
    ]
    return max(degrees, default=0)


def value_of(number: Any, values: Mapping[str, int]) -> Coefficient:
    """Return what a number comes to where letters have values."""
    from fractions import Fraction

    total: Coefficient = 0
    for key, coefficient in table_of(number).items():
        term = coefficient
        for atom, power in key:
            if isinstance(atom, str):
                value: Coefficient = values[atom]
            elif isinstance(atom, Floor):
                above, below = (value_of(each, values) for each in inside(atom))
                value = above // below
            else:
                value = max(value_of(each, values) for each in atom.numbers)
            term = term * Fraction(value) ** power if power < 0 else term * value**power
        total += term
    return total


def leading_sign(number: Terms) -> int | None:
    """Return the sign of the terms of the highest degree, by which a number is written."""
    if not number.terms:
        return 0
    degrees = {key: degree(key) for key in number.terms}
    most = max(degrees.values())
    signs = {1 if number.terms[key] > 0 else -1 for key, each in degrees.items() if each == most}
    return signs.pop() if len(signs) == 1 else None


def atoms_in(number: Terms) -> Iterator[Floor | Largest]:
    """Yield the atoms of a number that are no letters."""
    for key in number.terms:
        for atom, _power in key:
            if not isinstance(atom, str):
                yield atom


def is_linear(table: Table, name: str) -> bool:
    """Return whether a letter stands in one term, by itself, once."""
    own = ((name, 1),)
    return table.get(own) == 1 and not any(
        atom == name for key in table if key != own for atom, _power in key
    )


def atoms_in_table(table: Table) -> Iterable[Terms]:
    """Yield what the floors of a number are made of."""
    for atom in atoms_in(Terms(table)):
        yield from inside(atom)


def over(table: Table, divisor: int) -> Table:
    """Return a sum of terms divided by a number."""
    from fractions import Fraction

    return {key: Fraction(number) / divisor for key, number in table.items()}


class TooLongError(Exception):
    """A proof, of so many terms, has become too long: nothing is certain."""


def substitute(table: Table, atom: Atom, value: Table) -> Table:
    """Return a number with another in place of an atom; floors that have it inside keep it."""
    total: Table = {}
    powers: list[Table] = [{(): 1}]
    for key, number in table.items():
        power = next((n for each, n in key if each == atom), 0)
        if not power:
            total[key] = total.get(key, 0) + number
            continue
        while len(powers) <= power:
            powers.append(multiply(powers[-1], value))
            if len(powers[-1]) > MOST_TERMS:
                raise TooLongError
        rest = tuple(each for each in key if each[0] != atom)
        for more, times in powers[power].items():
            whole_key = multiply_monomials(rest, more) if rest else more
            total[whole_key] = total.get(whole_key, 0) + number * times
    return _without_zeros(total)
