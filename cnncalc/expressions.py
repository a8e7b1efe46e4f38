"""Values with names in them, and what they come to.

A value is one side or several, one for each axis; a side is an expression or a pair of them,
before:after. Whole numbers are worked out as they are read; what is left is evaluated in a
scope, where parameters and the channels that arrive have numbers.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias, cast

from cnncalc.language import _
from cnncalc.problem import Label, Problem, Span, quoted

LARGEST = 10**200
"""Numbers stay below this: 200 digits."""


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


class Unknown(NamedTuple):
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


class Pair(NamedTuple):
    """A padding before and after."""

    before: Expression
    after: Expression


Expression: TypeAlias = int | Name | Channels | Symbol | Unknown | Sum | Product | Equal
Value: TypeAlias = tuple[Expression | Pair | tuple[int, int], ...]
Known: TypeAlias = tuple[int | tuple[int, int], ...]


class Scope(NamedTuple):
    """What names stand for: parameters, and the channels that arrive (None: not known yet)."""

    parameters: dict[str, Known | None]
    channels: int | None


class NotYetKnown(Exception):  # noqa: N818 - no fault: the answer comes later
    """A number depends on channels that are known only when the network is traced."""


def is_known(value: Value) -> bool:
    """Return whether a value has no name in it."""
    return all(type(side) is int or type(side) is tuple for side in value)


def evaluate(value: Value, scope: Scope) -> Known:
    """Return the numbers of a value; a name that stands alone brings its whole value."""
    if len(value) == 1 and isinstance(value[0], Name):
        known = scope.parameters[value[0].name]
        if known is None:
            raise NotYetKnown
        return known
    return tuple(
        (_whole(side.before, scope), _whole(side.after, scope))
        if isinstance(side, Pair)
        else cast("tuple[int, int]", side)
        if type(side) is tuple
        else _whole(cast("Expression", side), scope)
        for side in value
    )


def _whole(expression: Expression, scope: Scope) -> int:
    """Return an expression's number, which must not be negative."""
    number = number_of(expression, scope)
    if number < 0:
        raise Problem(
            "negative-number",
            _("a number here is never negative"),
            [Label(span_of(expression), f"{number}")],
            helps=[_("write what is left so that it is 0 or more")],
        )
    return number


def number_of(expression: Expression, scope: Scope) -> int:
    """Return the number an expression comes to in a scope."""
    if isinstance(expression, int):
        return expression
    if isinstance(expression, Name):
        return _single(expression, scope)
    if isinstance(expression, Channels):
        if scope.channels is None:
            raise NotYetKnown
        return scope.channels
    if isinstance(expression, Sum):
        total = 0
        for sign, term in expression.terms:
            number = number_of(term, scope)
            total = total + number if sign == "+" else total - number
        return bounded(total, expression.span)
    if isinstance(expression, Product):
        result = 1
        for sign, factor in expression.factors:
            number = number_of(factor, scope)
            result = (
                bounded(result * number, expression.span)
                if sign == "*"
                else divide(result, number, expression.span)
            )
        return result
    if isinstance(expression, Equal):
        return int(number_of(expression.left, scope) == number_of(expression.right, scope))
    raise not_a_number(expression)


def not_a_number(expression: Symbol | Unknown) -> Problem:
    """Return the problem of a letter or an unknown where a number is needed."""
    if isinstance(expression, Symbol):
        return Problem(
            "letter-needs-number",
            _(
                "the letter {letter} stands for a number that is not given",
                letter=quoted(expression.symbol),
            ),
            [Label(expression.span)],
            helps=[_("write a number in place of {letter}", letter=quoted(expression.symbol))],
        )
    return Problem(
        "unknown-needs-number",
        _("'?' stands for a number to be found, and here all must be given"),
        [Label(expression.span)],
        helps=[_("write a number in its place")],
    )


def _single(name: Name, scope: Scope) -> int:
    """Return a parameter's number where only one will do."""
    known = scope.parameters[name.name]
    if known is None:
        raise NotYetKnown
    if len(known) == 1 and isinstance(known[0], int):
        return known[0]
    raise Problem(
        "not-one-number",
        _("{name} holds a number for each axis, and here one is needed", name=quoted(name.name)),
        [Label(name.span)],
        helps=[_("pass it on as it is, with nothing added or multiplied")],
    )


def divide(dividend: int, divisor: int, span: Span) -> int:
    """Return a quotient, which must come out whole."""
    if divisor == 0:
        raise Problem(
            "division-by-zero",
            _("nothing can be divided by 0"),
            [Label(span)],
            helps=[_("divide by 1 or more")],
        )
    if dividend % divisor:
        raise Problem(
            "division-not-whole",
            _("a division must come out whole"),
            [Label(span, f"{dividend}/{divisor}")],
            notes=[f"{dividend} = {dividend // divisor}*{divisor} + {dividend % divisor}"],
            helps=[
                _(
                    "{number} would divide by {divisor}",
                    number=dividend - dividend % divisor,
                    divisor=divisor,
                )
            ],
        )
    return dividend // divisor


def bounded(number: int, span: Span) -> int:
    """Return a number of at most 200 digits."""
    if -LARGEST < number < LARGEST:
        return number
    raise too_large(span)


def too_large(span: Span, what: str = "a number") -> Problem:
    """Return the problem of a number of more than 200 digits."""
    return Problem(
        "number-too-large",
        _("{what} here has more than 200 digits", what=_(what)),
        [Label(span)],
        helps=[_("use smaller sizes, or fewer layers")],
    )


def span_of(expression: Expression) -> Span:
    """Return where an expression stands; whole numbers do not keep their place."""
    if isinstance(expression, int):
        raise TypeError
    return expression.span
