"""Values with names in them.

A value is one side or several, one for each axis; a side is an expression or a pair of them,
before:after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, cast

from cnncalc.numbers.lettered import Lettered
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from fractions import Fraction

    from cnncalc.speech.problem import Span


ROUND = "i"
"""The number of the round, from 0, inside a group with a count."""


def sizes_name(label: str) -> str:
    """Return the name, which no text can spell, of the spatial sizes of what a label holds."""
    return f"@{label}"


def is_sizes(value: Value) -> bool:
    """Return whether a value is the sizes of what a label holds."""
    return len(value) == 1 and isinstance(value[0], Name) and value[0].name[0] == "@"


class Name(NamedTuple):
    """A parameter of the definition that is read."""

    name: str
    span: Span


class Channels(NamedTuple):
    """`cin`, the number of channels that arrive."""

    span: Span


class Symbol(NamedTuple):
    """A capital letter that stands for a size or a number."""

    symbol: str
    span: Span


class Placeholder(NamedTuple):
    """`?` or `?n`, a number to be found."""

    letter: str
    span: Span
    mark: str = "?"


class Sum(NamedTuple):
    """Terms with their signs, `+` or `-`."""

    terms: tuple[tuple[str, Expression], ...]
    span: Span


class Product(NamedTuple):
    """Factors with their signs, `*` or `/`."""

    factors: tuple[tuple[str, Expression], ...]
    span: Span


class Equal(NamedTuple):
    """1 where two sums are equal, else 0."""

    left: Expression
    right: Expression
    span: Span


class Power(NamedTuple):
    """A number multiplied by itself so many times."""

    base: Expression
    exponent: Expression
    span: Span


class Rounded(NamedTuple):
    """A quotient rounded down, or up."""

    inside: Expression
    is_up: bool
    span: Span


class Rounded8(NamedTuple):
    """The nearest multiple of 8, at least 8, and not under nine tenths of it: MobileNet's rule."""

    inside: Expression
    span: Span


class Most(NamedTuple):
    """The largest of several numbers."""

    numbers: tuple[Expression, ...]
    span: Span


class Pair(NamedTuple):
    """A padding before and after."""

    before: Expression
    after: Expression


Expression: TypeAlias = (
    "int | Fraction | Name | Channels | Symbol | Placeholder | Sum | Product | Equal | Power"
    " | Rounded | Rounded8 | Most"
)
Value: TypeAlias = "tuple[Expression | Pair | tuple[int, int], ...]"


def is_known(value: Value) -> bool:
    """Return whether a value has no name in it."""
    for side in value:  # asked of every argument, and `all` takes twice as long
        kind = type(side)
        if kind is int or kind is tuple:
            continue
        if kind is Name or not (isinstance(side, Lettered) or is_fraction(side)):
            return False
    return True


def is_fraction(part: Any) -> bool:
    """Return whether a part of a value is a fraction, which may be whole."""
    return type(part) is not int and hasattr(part, "denominator")


def span_of(expression: Expression) -> Span:
    """Return where an expression stands; whole numbers do not keep their place."""
    if isinstance(expression, int) or is_fraction(expression):
        raise TypeError
    return cast("Name", expression).span
