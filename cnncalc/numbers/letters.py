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

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem
from cnncalc.speech.signs import ASCII, PEOPLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from fractions import Fraction

    from cnncalc.speech.signs import Signs

MOST_TERMS = 1000
LARGEST = 10**200  # numbers stay below this: 200 digits
MOST_DEGREE = 200
MOST_NESTED = 4  # floors inside floors

Coefficient: TypeAlias = "int | Fraction"
Monomial: TypeAlias = tuple[tuple["str | Floor", int], ...]
"""Letters and floors with their powers, in order; a power below 0 divides."""


class Floor(NamedTuple):
    """A quotient rounded down, as one number; `depth` counts the floors in one another."""

    dividend: Polynomial
    divisor: Polynomial
    depth: int

    def __str__(self) -> str:
        return _quotient(self, ASCII)


class Polynomial:
    """A sum of monomials with their coefficients; `taken` are the divisions taken as whole.

    Comparison says what is certain where letters are large: the terms of the highest degree
    decide if they have one sign. Where they have not, nothing is less and nothing is greater.
    """

    __slots__ = ("_hash", "taken", "terms")

    def __init__(
        self, terms: dict[Monomial, Coefficient], taken: frozenset[str] = frozenset()
    ) -> None:
        self.terms = {key: number for key, number in terms.items() if number}
        self.taken = taken
        self._hash: int | None = None

    def __add__(self, other: Any) -> Any:
        if not _is_number(other):
            return NotImplemented
        right = polynomial(other)
        terms = dict(self.terms)
        for key, number in right.terms.items():
            terms[key] = terms.get(key, 0) + number
        return _settled(terms, self.taken | right.taken)

    __radd__ = __add__

    def __neg__(self) -> Any:
        return self * -1

    def __sub__(self, other: Any) -> Any:
        return self + -other if _is_number(other) else NotImplemented

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Any:
        if not _is_number(other):
            return NotImplemented
        right = polynomial(other)
        if len(self.terms) * len(right.terms) > 100 * MOST_TERMS:
            raise too_long()
        terms: dict[Monomial, Coefficient] = {}
        for one, times in self.terms.items():
            for two, more in right.terms.items():
                key = _multiplied(one, two)
                terms[key] = terms.get(key, 0) + times * more
        return _settled(terms, self.taken | right.taken)

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

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Polynomial):
            return self.terms == other.terms
        return False

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self.terms.items()))
        return self._hash

    def __lt__(self, other: Any) -> bool:
        return sign(self - other) == -1

    def __gt__(self, other: Any) -> bool:
        return sign(self - other) == 1

    def __le__(self, other: Any) -> bool:
        return self == other or sign(self - other) == -1

    def __ge__(self, other: Any) -> bool:
        return self == other or sign(self - other) == 1

    def __str__(self) -> str:
        return write(self, ASCII)

    def __format__(self, spec: str) -> str:
        return write(self, PEOPLE) if spec == "," else format(str(self), spec)

    def __repr__(self) -> str:
        return f"<{self}>"

    @property
    def is_large(self) -> bool:
        """Whether it is beyond what is worked out: 200 digits, 1,000 terms or the 200th power."""
        return (
            len(self.terms) > MOST_TERMS
            or any(not -LARGEST < number < LARGEST for number in self.terms.values())
            or any(_degree(key) > MOST_DEGREE for key in self.terms)
            or any(is_large(part) for floor in _floors(self) for part in floor[:2])
        )


def _is_number(value: object) -> bool:
    return isinstance(value, Polynomial | int) or hasattr(value, "denominator")


def letter(name: str) -> Polynomial:
    """Return the number that a letter stands for."""
    return Polynomial({((name, 1),): 1})


def is_large(number: Any) -> bool:
    """Return whether a number is beyond what is worked out: 200 digits, or such a formula."""
    if isinstance(number, Polynomial):
        return number.is_large
    return not -LARGEST < number < LARGEST


def polynomial(number: Any) -> Polynomial:
    """Return a number as a polynomial."""
    return number if isinstance(number, Polynomial) else Polynomial({(): number})


def too_long() -> Problem:
    """Return the problem of a formula that nobody could read."""
    return Problem(
        "formula-too-long",
        _("the formula in letters is too long here"),
        helps=[_("write numbers in place of some letters")],
    )


def depends_on_letters() -> Problem:
    """Return the problem of an answer that is not the same for all numbers."""
    return Problem(
        "letters-undecided",
        _("what comes out here depends on the letters"),
        helps=[_("write numbers in place of the letters")],
    )


def sign(number: Any) -> int | None:
    """Return -1, 0 or 1: what a number is where its letters are large; None: it depends.

    >>> C, N = letter("C"), letter("N")
    >>> sign(C - 5), sign(C - C * C), sign(C - N)
    (1, -1, None)
    """
    terms = polynomial(number).terms
    if not terms:
        return 0
    degrees = {key: _degree(key) for key in terms}
    most = max(degrees.values())
    signs = {1 if terms[key] > 0 else -1 for key, degree in degrees.items() if degree == most}
    return signs.pop() if len(signs) == 1 else None


def can_reach(number: Any, least: int) -> bool:
    """Return whether a number is so large for some letters, which are at least 1.

    >>> C = letter("C")
    >>> can_reach(9 - C, 1), can_reach(2 - 3 * C, 1), can_reach(C - 99, 1)
    (True, False, True)
    """
    if not isinstance(number, Polynomial):
        return bool(number >= least)
    if any(times > 0 for key, times in number.terms.items() if key) or any(_floors(number)):
        return True
    return sum(number.terms.values()) >= least


def ratio(one: Any, other: Any) -> Coefficient | None:
    """Return how many times a number another is, where letters do not matter.

    >>> C = letter("C")
    >>> str(ratio(49 * C * C, 27 * C * C)), ratio(C * C, C)
    ('49/27', None)
    """
    from fractions import Fraction

    left, right = polynomial(one).terms, polynomial(other).terms
    if right and not left:
        return 0
    if left.keys() != right.keys() or not right:
        return None
    found = {Fraction(left[key]) / right[key] for key in left}
    return found.pop() if len(found) == 1 else None


# ---------------------------------------------------------------- arithmetic


def _settled(terms: dict[Monomial, Coefficient], taken: frozenset[str]) -> Any:
    """Return what terms come to: a whole number where no letter is left.

    A whole number beside a single floor moves into it, so that equal sizes are equal.
    """
    terms = {key: number for key, number in terms.items() if number}
    if not terms:
        return 0
    whole = terms.get(())
    if len(terms) == 1 and whole is not None:
        return int(whole) if whole == int(whole) else Polynomial(terms, taken)
    if whole and whole == int(whole):
        key, floor = _only_floor(terms)
        if floor and isinstance(terms[key], int):
            times = terms.pop(key)
            more, terms[()] = divmod(int(whole), times)
            dividend = polynomial(floor.dividend + more * floor.divisor)
            terms[(floor._replace(dividend=dividend), 1),] = times
    return Polynomial(terms, taken)


def _only_floor(terms: dict[Monomial, Coefficient]) -> tuple[Monomial, Floor | None]:
    """Return the floor of terms that have one, which stands by itself, and its key."""
    keys = [key for key in terms if any(isinstance(atom, Floor) for atom, _power in key)]
    if len(keys) == 1 and len(keys[0]) == 1:
        atom, power = keys[0][0]
        if isinstance(atom, Floor) and power == 1:
            return keys[0], atom
    return (), None


def _multiplied(one: Monomial, two: Monomial) -> Monomial:
    powers = dict(one)
    for atom, power in two:
        powers[atom] = powers.get(atom, 0) + power
    return _ordered(powers)


def _ordered(powers: dict[str | Floor, int]) -> Monomial:
    kept = [(atom, power) for atom, power in powers.items() if power]
    if len(kept) > 1:
        kept.sort(key=lambda each: _place(each[0]))
    return tuple(kept)


@lru_cache(maxsize=4096)
def _place(atom: str | Floor) -> tuple[Any, ...]:
    """Return where an atom stands among others: letters by name, then floors by theirs."""
    if isinstance(atom, str):
        return (), atom
    return tuple(letters_in((atom.dividend, atom.divisor))), str(atom)


def _degree(monomial: Monomial) -> int:
    return sum(power for _atom, power in monomial)


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
    terms: dict[Monomial, Coefficient] = {}
    comes_out = True
    for key, number in dividend.terms.items():
        quotient = Fraction(number) / by
        each = _multiplied(key, inverse)
        comes_out = comes_out and quotient.denominator == 1 and all(n > 0 for _a, n in each)
        terms[each] = quotient.numerator if quotient.denominator == 1 else quotient
    if not comes_out:
        taken |= {write(Polynomial(terms), PEOPLE)}
    return _settled(terms, taken)


def _floor(dividend: Polynomial, divisor: Polynomial) -> Any:
    """Return a quotient rounded down: what divides for sure comes out, the rest stays."""
    if not divisor.terms:
        raise ZeroDivisionError
    if sign(divisor) == -1:
        dividend, divisor = polynomial(-dividend), polynomial(-divisor)
    if divisor.terms == {(): 1}:
        return _settled(dict(dividend.terms), dividend.taken)
    common = ratio(dividend, divisor)
    if common is not None and common == int(common):
        return int(common)
    taken = dividend.taken | divisor.taken
    out: dict[Monomial, Coefficient] = {}
    rest: dict[Monomial, Coefficient] = {}
    by = divisor.terms.get(()) if len(divisor.terms) == 1 else None
    for key, number in dividend.terms.items():
        if by is not None and key and number == int(number) and number % by == 0:
            out[key] = number // by
        else:
            rest[key] = number
    if not any(rest):  # no letter is left
        return Polynomial(out, taken) + _lone(rest.get((), 0), divisor)
    left = Polynomial(rest, taken)
    if sign(left) == -1:  # floor(-n / s) = -ceil(n / s)
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
    place, floor = _only_floor(dividend.terms)
    if floor and dividend.terms[place] == 1:
        rest = Polynomial({key: n for key, n in dividend.terms.items() if key != place})
        whole = polynomial(floor.dividend + rest * floor.divisor)
        return Floor(whole, polynomial(floor.divisor * divisor), floor.depth)
    depth = 1 + max((atom.depth for atom in _floors(dividend)), default=0)
    if depth > MOST_NESTED:
        raise too_long()
    return Floor(dividend, divisor, depth)


def _floors(number: Polynomial) -> Iterator[Floor]:
    for key in number.terms:
        for atom, _power in key:
            if isinstance(atom, Floor):
                yield atom


# ---------------------------------------------------------------- how it is written


def write(number: Polynomial, signs: Signs) -> str:
    """Return a polynomial, the highest degree first; a factor of all its terms behind it."""
    common = _common(number) if len(number.terms) > 1 else ()
    if common:
        inverse = tuple((atom, -power) for atom, power in common)
        inner = Polynomial({_multiplied(k, inverse): n for k, n in number.terms.items()})
        return f"({_sum(inner, signs)}){signs.tight}{_monomial(common, signs)}"
    return _sum(number, signs)


def _common(number: Polynomial) -> Monomial:
    """Return the letters that every term has in the same power."""
    first, *others = (dict(key) for key in number.terms)
    return _ordered(
        {atom: n for atom, n in first.items() if all(each.get(atom) == n for each in others)}
    )


def _sum(number: Polynomial, signs: Signs) -> str:
    if not number.terms:
        return "0"
    parts: list[str] = []
    terms: list[tuple[Monomial, Any]] = sorted(number.terms.items(), key=_order)
    first = next((each for each in terms if each[1] > 0), terms[0])
    for key, coefficient in (first, *(each for each in terms if each is not first)):
        text = _term(key, abs(coefficient), signs)
        if coefficient < 0 and text.endswith(" + 1"):
            text = f"({text})"
        if parts:
            parts.append(f" {'+' if coefficient > 0 else signs.minus} {text}")
        else:
            parts.append(text if coefficient > 0 else f"{signs.minus}{text}")
    return "".join(parts)


def _order(term: tuple[Monomial, Any]) -> tuple[Any, ...]:
    key = term[0]
    return -_degree(key), [(*_place(atom), -power) for atom, power in key]


def _term(key: Monomial, coefficient: Coefficient, signs: Signs) -> str:
    """Return one term without its sign: 9·C·N, C/2."""
    from fractions import Fraction

    number = Fraction(coefficient)
    above = tuple((atom, power) for atom, power in key if power > 0)
    below = tuple((atom, -power) for atom, power in key if power < 0)
    single = not below and number == 1 and len(above) == 1 and above[0][1] == 1
    if single and isinstance(above[0][0], Floor):
        return _quotient(above[0][0], signs)
    parts = [_monomial(above, signs)] if above else []
    if number.numerator != 1 or not above:
        parts.insert(0, format(number.numerator, signs.separator))
    text = signs.tight.join(parts)
    divisors = [format(number.denominator, signs.separator)] if number.denominator != 1 else []
    if below:
        divisors.append(_monomial(below, signs))
    if not divisors:
        return text
    under = signs.tight.join(divisors)
    if signs.bare:
        return signs.over.format(text, under)
    return f"{text}/{under}" if len(divisors) == 1 and len(below) <= 1 else f"{text}/({under})"


def _monomial(key: Monomial, signs: Signs) -> str:
    return signs.tight.join(
        signs.raised(atom if isinstance(atom, str) else _bracketed(_quotient(atom, signs)), power)
        for atom, power in key
    )


def as_factor(number: Any, signs: Signs = ASCII) -> str:
    """Return a number as it stands beside others: in brackets where it is a sum or a product."""
    if not isinstance(number, Polynomial):
        return str(number) if number >= 0 else f"({number})"
    text = write(number, signs)
    is_one = len(number.terms) == 1 and not any(n != 1 for n in number.terms.values())
    return text if text.isalnum() else _bracketed(text) if is_one else f"({text})"


def _bracketed(text: str) -> str:
    """Return a quotient as a factor: one with 1 added stands in brackets."""
    is_closed = text.endswith((")", "\u230b", "\u2309", "floor", "ceil"))
    return text if is_closed else f"({text})"


def _quotient(floor: Floor, signs: Signs) -> str:
    """Return a floor in the shortest way: with 1 added, as sizes are; plain; or as a ceiling."""
    dividend, divisor = floor.dividend, floor.divisor
    if divisor.terms == {(): 1}:
        return _sum(dividend, signs)
    ways = (
        (signs.floor, polynomial(dividend - divisor), " + 1"),
        (signs.floor, dividend, ""),
        (signs.ceil, polynomial(dividend - (divisor - 1)), ""),
    )
    pattern, above, more = min(ways, key=lambda way: (len(way[1].terms), sign(way[1]) == -1))
    return pattern.format(_part(above, signs), _part(divisor, signs)) + more


def _part(number: Polynomial, signs: Signs) -> str:
    """Return a dividend or a divisor: in brackets where it is more than a letter or a number."""
    text = write(number, signs)
    return text if text.isalnum() or signs.bare else f"({text})"


def taken_in(number: Any) -> frozenset[str]:
    """Return the divisions that were taken to come out whole on the way to a number."""
    return number.taken if isinstance(number, Polynomial) else frozenset()


def letters_in(numbers: Iterable[Any]) -> list[str]:
    """Return the letters that numbers have in them, in order."""
    found: set[str] = set()
    for number in numbers:
        if isinstance(number, Polynomial):
            for key in number.terms:
                for atom, _power in key:
                    if isinstance(atom, str):
                        found.add(atom)
                    else:
                        found.update(letters_in((atom.dividend, atom.divisor)))
    return sorted(found)
