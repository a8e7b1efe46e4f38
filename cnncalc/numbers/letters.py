"""Numbers with letters in them: sums and products of letters, and floors that cannot be resolved.

A letter stands for a whole number, as large as the network needs. Equal numbers have one form:
`f"{number:,}"` is how people write it, `str` how it is typed.

    >>> C, H = letter("C"), letter("H")
    >>> f"{27 * C * C + 3 * C:,}", str((9 * C + 1) * letter("N"))
    ('27·C² + 3·C', '(9*C + 1)*N')
    >>> f"{(H + 2 - 3) // 2 + 1:,}", f"{(H - 3) // 2 + 1:,}", f"{((H - 3) // 2 - 2) // 2 + 1:,}"
    ('⌈H/2⌉', '⌊(H − 3)/2⌋ + 1', '⌊(H − 7)/4⌋ + 1')
"""

from __future__ import annotations

from operator import gt
from typing import TYPE_CHECKING, Any

from cnncalc.numbers.assumptions import assume, sample
from cnncalc.numbers.lettered import LARGEST, is_large, ratio, too_long
from cnncalc.numbers.spelling import write
from cnncalc.numbers.terms import (
    Coefficient,
    Floor,
    Largest,
    Monomial,
    Table,
    Terms,
    TooLongError,
    add,
    add_all,
    atoms_in,
    degree,
    inside,
    leading_sign,
    multiply,
    multiply_monomials,
    place,
    value_of,
)
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.signs import ASCII, PEOPLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cnncalc.numbers.lettered import Proofs

MOST_TERMS = BUDGET.terms
MOST_DEGREE = BUDGET.degree
MOST_NESTED = 4  # floors inside floors


class Polynomial(Terms):
    """A number with letters in it, which adds, multiplies and divides as whole numbers do.

    A comparison is true where it holds whatever whole numbers from 1 on the letters are; so
    neither of two numbers may be less than the other.
    """

    __slots__ = ()

    def __add__(self, other: Any) -> Any:
        if not _is_number(other):
            return NotImplemented
        right = polynomial(other)
        return _settled(add(self.terms, right.terms), self.taken | right.taken)

    __radd__ = __add__

    def __neg__(self) -> Any:
        return self * -1

    def __sub__(self, other: Any) -> Any:
        if not _is_number(other):
            return NotImplemented
        right = polynomial(other)
        return _settled(add(self.terms, right.terms, -1), self.taken | right.taken)

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Any:
        if type(other) is int and other and () not in self.terms:
            times = {key: other * number for key, number in self.terms.items()}
            return Polynomial(times, self.taken)
        if not _is_number(other):
            return NotImplemented
        right = polynomial(other)
        if len(self.terms) * len(right.terms) > 100 * MOST_TERMS:
            raise too_long()
        return _settled(multiply(self.terms, right.terms), self.taken | right.taken)

    __rmul__ = __mul__

    def __pow__(self, power: int) -> Any:
        result: Any = 1
        for _each in range(power):
            result = result * self
        return result

    def __truediv__(self, other: Any) -> Any:
        """Divide; what does not come out is taken to be whole."""
        return _divided(self, polynomial(other)) if _is_number(other) else NotImplemented

    def __rtruediv__(self, other: Any) -> Any:
        return _divided(polynomial(other), self)

    def __floordiv__(self, other: Any) -> Any:
        return _floor(self, polynomial(other)) if _is_number(other) else NotImplemented

    def __rfloordiv__(self, other: Any) -> Any:
        return _floor(polynomial(other), self)

    def __lt__(self, other: Any) -> bool:
        return _holds(other - self, 1)

    def __gt__(self, other: Any) -> bool:
        return _holds(self - other, 1)

    def __le__(self, other: Any) -> bool:
        return _holds(other - self, 0)

    def __ge__(self, other: Any) -> bool:
        return _holds(self - other, 0)

    def __str__(self) -> str:
        return write(self, ASCII)

    def __format__(self, spec: str) -> str:
        return write(self, PEOPLE) if spec == "," else format(str(self), spec)

    def __repr__(self) -> str:
        return f"<{self}>"

    @property
    def is_large(self) -> bool:
        """Whether it is beyond what is worked out: 200 digits, 1,000 terms or the 200th power."""
        if self._large is None:
            self._large = (
                len(self.terms) > MOST_TERMS
                or self.size > BUDGET.inner_terms
                or any(map(_is_long, self.terms.values()))
                or any(degree(key) > MOST_DEGREE for key in self.terms)
                or any(is_large(part) for atom in atoms_in(self) for part in inside(atom))
            )
        return self._large

    @staticmethod
    def sum_of(numbers: Iterable[Any]) -> Any:
        """Return what numbers come to together, of which some have letters in them."""
        parts = [polynomial(number) for number in numbers]
        try:
            terms = add_all((part.terms for part in parts), MOST_TERMS)
        except TooLongError:
            raise too_long() from None
        return _settled(terms, frozenset().union(*(part.taken for part in parts)))

    @staticmethod
    def largest_of(numbers: Sequence[Any], domain: Proofs | None) -> Any:
        """Return the largest of numbers, of which some have letters in them."""
        from cnncalc.numbers.certainty import ANY

        domain = domain or ANY
        parts: list[Polynomial] = []
        for number in map(polynomial, numbers):
            ((key, times),) = number.terms.items() if len(number.terms) == 1 else [((), 0)]
            if times == 1 and len(key) == 1 and isinstance(key[0][0], Largest) and key[0][1] == 1:
                parts += [polynomial(each) for each in key[0][0].numbers]
            else:
                parts.append(number)
        tried = domain.try_out(dict.fromkeys(parts))
        low, high = (
            {
                part: [end if each is None else each for each in values]
                for part, values in tried.items()
            }
            for end in (float("-inf"), float("inf"))
        )
        failed = 0

        def is_least(one: Polynomial, other: Polynomial) -> bool:
            nonlocal failed
            if any(map(gt, low[one], high[other])) or failed > BUDGET.proofs:
                return False
            proved = domain.holds_at_least(other - one, 0)
            failed += not proved
            return proved

        kept: list[Polynomial] = []
        for part in sorted(tried, key=lambda each: next(iter(tried[each]), 0) or 0, reverse=True):
            if not any(is_least(part, other) for other in kept):
                kept = [other for other in kept if not is_least(other, part)]
                kept.append(part)
        if len(kept) == 1:
            return _settled(kept[0].terms, kept[0].taken)
        taken = frozenset().union(*(each.taken for each in kept))
        kept.sort(key=lambda each: (-max(map(degree, each.terms)), place(Largest((each,)))))
        return Polynomial({((Largest(tuple(kept)), 1),): 1}, taken)


def _is_long(number: Coefficient) -> bool:
    """Return whether a number, or what it is divided by, has more than 200 digits."""
    return not -LARGEST < number.numerator < LARGEST or number.denominator >= LARGEST


def _is_number(value: object) -> bool:
    return isinstance(value, Polynomial | int) or hasattr(value, "denominator")


def _holds(number: Any, least: int) -> bool:
    """Return whether a number is at least another whatever the letters are; else it is not."""
    from cnncalc.numbers.certainty import ANY

    if ANY.holds_at_least(number, least):
        return True
    values = sample()
    holds = values is not None and value_of(number, values) >= least
    assume("least", number - least if holds else least - 1 - number)
    return holds


def letter(name: str) -> Polynomial:
    """Return the number that a letter stands for."""
    return Polynomial({((name, 1),): 1})


def polynomial(number: Any) -> Polynomial:
    """Return a number as a polynomial."""
    if isinstance(number, Polynomial):
        return number
    return Polynomial(number.terms if isinstance(number, Terms) else {(): number})


# ---------------------------------------------------------------- arithmetic


def _settled(terms: Table, taken: frozenset[str]) -> Any:
    """Return what terms come to: a whole number where no letter is left.

    A whole number beside a single floor moves into it, so that equal sizes are equal.
    """
    if not terms:
        return 0
    whole = terms.get(())
    if len(terms) == 1 and whole is not None:
        return int(whole) if whole == int(whole) else Polynomial(terms, taken)
    if whole and whole == int(whole):
        key, floor = _only_floor(terms)
        if floor and isinstance(terms[key], int):
            times = terms[key]
            more, rest = divmod(int(whole), times)
            dividend = Polynomial(add(floor.dividend.terms, floor.divisor.terms, more))
            terms = {each: number for each, number in terms.items() if each not in (key, ())}
            terms[(floor._replace(dividend=dividend), 1),] = times
            terms |= {(): rest} if rest else {}
    return Polynomial(terms, taken)


def _only_floor(terms: Table) -> tuple[Monomial, Floor | None]:
    """Return the floor of terms that have one, which stands by itself, and its key."""
    keys = [key for key in terms if any(isinstance(atom, Floor) for atom, _power in key)]
    if len(keys) == 1 and len(keys[0]) == 1:
        atom, power = keys[0][0]
        if isinstance(atom, Floor) and power == 1:
            return keys[0], atom
    return (), None


def _divided(dividend: Polynomial, divisor: Polynomial) -> Any:
    """Return a quotient that is taken to come out whole; said so where it may not."""
    from fractions import Fraction

    if not divisor.terms:
        raise ZeroDivisionError
    common = ratio(dividend, divisor)
    if common is not None and common == int(common):
        return int(common)
    taken = dividend.taken | divisor.taken
    if len(divisor.terms) > 1:
        inverse: Monomial = ((Floor(divisor, polynomial(1), 1), -1),)
        by: Coefficient = 1
    else:
        ((key, by),) = divisor.terms.items()
        inverse = tuple((atom, -power) for atom, power in key)
    terms: Table = {}
    comes_out = True
    for key, number in dividend.terms.items():
        quotient = Fraction(number) / by
        each = multiply_monomials(key, inverse)
        comes_out = comes_out and quotient.denominator == 1 and all(n > 0 for _a, n in each)
        terms[each] = quotient.numerator if quotient.denominator == 1 else quotient
    if not comes_out:
        taken |= {write(Polynomial(terms), PEOPLE)}
        assume("whole", Polynomial(terms))
    return _settled(terms, taken)


def _floor(dividend: Polynomial, divisor: Polynomial) -> Any:
    """Return a quotient rounded down: what divides for sure comes out, the rest stays."""
    if not divisor.terms:
        raise ZeroDivisionError
    if leading_sign(divisor) == -1:
        dividend, divisor = polynomial(-dividend), polynomial(-divisor)
    if divisor.terms == {(): 1}:
        return _settled(dict(dividend.terms), dividend.taken)
    common = ratio(dividend, divisor)
    if common is not None and common == int(common):
        return int(common)
    taken = dividend.taken | divisor.taken
    out: Table = {}
    rest: Table = {}
    by = divisor.terms.get(()) if len(divisor.terms) == 1 else None
    for key, number in dividend.terms.items():
        if by is not None and key and number == int(number) and number % by == 0:
            out[key] = number // by
        else:
            rest[key] = number
    if not any(rest):  # no letter is left
        return Polynomial(out, taken) + _lone(rest.get((), 0), divisor)
    left = Polynomial(rest, taken)
    if leading_sign(left) == -1:  # floor(-n / s) = -ceil(n / s)
        turned = _floor(polynomial(-left + divisor - 1), divisor)
        return Polynomial(out, taken) - turned
    return Polynomial(out, taken) + Polynomial({((_flat(left, divisor), 1),): 1}, taken)


def _lone(whole: Coefficient, divisor: Polynomial) -> Any:
    """Return a whole number divided by letters, rounded down."""
    by = divisor.terms.get(()) if len(divisor.terms) == 1 else None
    if by:
        return whole // by
    return Polynomial({((Floor(polynomial(whole), divisor, 1), 1),): 1})


def _flat(dividend: Polynomial, divisor: Polynomial) -> Floor:
    """Return a floor without a floor in it where that can be: of n/a, over b, is that of n/ab."""
    own, floor = _only_floor(dividend.terms)
    if floor and dividend.terms[own] == 1:
        rest = Polynomial({key: n for key, n in dividend.terms.items() if key != own})
        whole = Polynomial(add(floor.dividend.terms, multiply(rest.terms, floor.divisor.terms)))
        return Floor(whole, Polynomial(multiply(floor.divisor.terms, divisor.terms)), floor.depth)
    depth = 1 + max(
        (each.depth for each in atoms_in(dividend) if isinstance(each, Floor)), default=0
    )
    if depth > MOST_NESTED:
        raise too_long()
    return Floor(dividend, divisor, depth)
