"""How a number with letters in it is written: for people, to be typed, or as LaTeX."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cnncalc.numbers.terms import (
    Floor,
    Largest,
    Monomial,
    Terms,
    add,
    degree,
    in_order,
    leading_sign,
    multiply_monomials,
    place,
)
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _
from cnncalc.speech.signs import ASCII

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.numbers.terms import Coefficient
    from cnncalc.speech.signs import Signs

MOST_WRITTEN = BUDGET.written


@lru_cache(maxsize=4096)
def write(number: Terms, signs: Signs) -> str:
    """Return a polynomial, the highest degree first; a factor of all its terms behind it."""
    common = _common(number) if len(number.terms) > 1 else ()
    if common:
        inverse = tuple((atom, -power) for atom, power in common)
        inner = Terms({multiply_monomials(k, inverse): n for k, n in number.terms.items()})
        return f"{signs.brackets.format(_sum(inner, signs))}{signs.tight}{_monomial(common, signs)}"
    return _sum(number, signs)


def _common(number: Terms) -> Monomial:
    """Return the letters that every term has in the same power."""
    first, *others = (dict(key) for key in number.terms)
    return in_order(
        {atom: n for atom, n in first.items() if all(each.get(atom) == n for each in others)}
    )


def _sum(number: Terms, signs: Signs) -> str:
    if not number.terms:
        return "0"
    parts: list[str] = []
    terms: list[tuple[Monomial, Any]] = sorted(number.terms.items(), key=_order)
    first = next((each for each in terms if each[1] > 0), terms[0])
    terms = [first, *(each for each in terms if each is not first)]
    for key, coefficient in _few(terms, signs):
        text = _term(key, abs(coefficient), signs)
        if coefficient < 0 and text.endswith(" + 1"):
            text = signs.brackets.format(text)
        if parts:
            parts.append(f" {'+' if coefficient > 0 else signs.minus} {text}")
        else:
            parts.append(text if coefficient > 0 else f"{signs.minus}{text}")
    return f"{''.join(parts)}{_rest(terms, signs, ' + ')}"


def _few(parts: Sequence[Any], signs: Signs) -> Sequence[Any]:
    """Return those of many that are written out for people."""
    return parts[:MOST_WRITTEN] if signs.rest and len(parts) > MOST_WRITTEN + 1 else parts


def _rest(parts: Sequence[Any], signs: Signs, between: str) -> str:
    """Return how many parts more there are, where not all are written out."""
    left = len(parts) - len(_few(parts, signs))
    return between + signs.rest.format(_("{count:,} more", count=left)) if left else ""


def _order(term: tuple[Monomial, Any]) -> tuple[Any, ...]:
    key = term[0]
    return -degree(key), [(*place(atom), -power) for atom, power in key]


def _term(key: Monomial, coefficient: Coefficient, signs: Signs) -> str:
    """Return one term without its sign: 9·C·N, C/2."""
    from fractions import Fraction

    number = Fraction(coefficient)
    above = tuple((atom, power) for atom, power in key if power > 0)
    below = tuple((atom, -power) for atom, power in key if power < 0)
    single = not below and number == 1 and len(above) == 1 and above[0][1] == 1
    if single and not isinstance(above[0][0], str):
        return _atom(above[0][0], signs)
    parts = [_monomial(above, signs)] if above else []
    if number.numerator != 1 or not above:
        parts.insert(0, signs.digits(number.numerator))
    text = signs.tight.join(parts)
    divisors = [signs.digits(number.denominator)] if number.denominator != 1 else []
    if below:
        divisors.append(_monomial(below, signs))
    if not divisors:
        return text
    under = signs.tight.join(divisors)
    if signs.bare:
        return signs.over.format(text, under)
    return (
        f"{text}/{under}"
        if len(divisors) == 1 and len(below) <= 1
        else f"{text}/{signs.brackets.format(under)}"
    )


def _monomial(key: Monomial, signs: Signs) -> str:
    return signs.tight.join(
        signs.raised(
            atom if isinstance(atom, str) else _bracketed(_atom(atom, signs), signs), power
        )
        for atom, power in key
    )


def as_factor(number: Any, signs: Signs = ASCII) -> str:
    """Return a number as it stands beside others: in brackets where it is a sum or a product."""
    if not isinstance(number, Terms):
        text = signs.digits(number)
        return text if number >= 0 else signs.brackets.format(text)
    text = write(number, signs)
    is_one = len(number.terms) == 1 and not any(n != 1 for n in number.terms.values())
    if text.isalnum():
        return text
    return _bracketed(text, signs) if is_one else signs.brackets.format(text)


def _bracketed(text: str, signs: Signs) -> str:
    """Return a quotient as a factor: one with 1 added stands in brackets."""
    is_closed = text.endswith((")", "\u230b", "\u2309", "floor", "ceil"))
    return text if is_closed else signs.brackets.format(text)


@lru_cache(maxsize=4096)
def _atom(atom: Floor | Largest, signs: Signs) -> str:
    """Return a floor in the shortest way: with 1 added, as sizes are; plain; or as a ceiling."""
    if isinstance(atom, Largest):
        several = (write(each, signs) for each in _few(atom.numbers, signs))
        return signs.largest.format(", ".join(several) + _rest(atom.numbers, signs, ", "))
    dividend, divisor = atom.dividend, atom.divisor
    if divisor.terms == {(): 1}:
        return _sum(dividend, signs)
    less = Terms(add(dividend.terms, divisor.terms, -1))
    ways = (
        (signs.floor, less, " + 1"),
        (signs.floor, dividend, ""),
        (signs.ceil, Terms(add(less.terms, {(): 1})), ""),
    )
    pattern, above, more = min(
        ways, key=lambda way: (len(way[1].terms), leading_sign(way[1]) == -1)
    )
    return pattern.format(_part(above, signs), _part(divisor, signs)) + more


def _part(number: Terms, signs: Signs) -> str:
    """Return a dividend or a divisor: in brackets where it is more than a letter or a number."""
    text = write(number, signs)
    return text if text.isalnum() or signs.bare else signs.brackets.format(text)
