"""What values and expressions come to.

Whole numbers are worked out as they are read; what is left is evaluated in a scope, where
parameters and the channels that arrive have numbers.
"""

from __future__ import annotations

from operator import floordiv
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from cnncalc import notation
from cnncalc.notation.expressions import (
    Channels,
    Equal,
    Expression,
    Most,
    Name,
    Pair,
    Placeholder,
    Power,
    Product,
    Rounded,
    Rounded8,
    Sum,
    Symbol,
    Value,
    is_fraction,
    span_of,
)
from cnncalc.numbers.assumptions import sample
from cnncalc.numbers.lettered import can_reach, depends_on_letters, is_large, largest
from cnncalc.numbers.working import are_numbers, ceiling, exact
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Span
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.numbers.working import Number
MOST_POWER = 200  # of a number in letters

DIGITS_OF_TWO = 700  # the powers of 2 with as many digits as are worked out, and more


Known: TypeAlias = tuple["Number | tuple[Number, Number]", ...]


class Scope(NamedTuple):
    """What names stand for: parameters, and the channels that arrive (None: not known yet)."""

    parameters: dict[str, Known | None]
    channels: Number | None


class NotYetKnown(Exception):  # noqa: N818 - no fault: the answer comes later
    """A number depends on channels that are known only when the network is traced."""


def evaluate(value: Value, scope: Scope) -> Known:
    """Return the numbers of a value; a name that stands alone brings its whole value."""
    if len(value) == 1:
        side: Any = value[0]
        if type(side) is int:
            return cast("Known", value)
        if type(side) is Name:
            known = scope.parameters[side.name]
            if known is None:
                raise NotYetKnown
            return known
        if type(side) not in (Pair, tuple):
            return (_whole(side, scope),)
    numbers: list[Any] = [
        (_whole(side.before, scope), _whole(side.after, scope))
        if isinstance(side, Pair)
        else side
        if type(side) is tuple
        else _whole(cast("Expression", side), scope)
        for side in value
    ]
    return tuple(numbers)


def _whole(expression: Expression, scope: Scope) -> Number:
    """Return an expression's number, which must not be negative."""
    number = number_of(expression, scope)
    if not can_reach(number, 0):
        raise notation.wrong_numbers.below_zero(span_of(expression), f"{number}")
    return number


def number_of(expression: Expression, scope: Scope) -> Number:
    """Return the number an expression comes to in a scope."""
    if isinstance(expression, int):
        return expression
    work = _WORK.get(type(expression))
    if work is not None:
        return work(expression, scope)
    if is_fraction(expression):
        return cast("Number", expression)
    raise notation.wrong_numbers.not_a_number(cast("Placeholder", expression))


def _single(name: Name, scope: Scope) -> Number:
    """Return a parameter's number where only one will do."""
    known = scope.parameters[name.name]
    if known is None:
        raise NotYetKnown
    if len(known) == 1 and not isinstance(known[0], tuple):
        return known[0]
    raise notation.wrong_numbers.not_one_number(name)


def _arriving(_channels: Channels, scope: Scope) -> Number:
    if scope.channels is None:
        raise NotYetKnown
    return scope.channels


def _sum(expression: Sum, scope: Scope) -> Number:
    total = 0
    for sign, term in expression.terms:
        number = number_of(term, scope)
        total = total + number if sign == "+" else total - number
    return bounded(total, expression.span)


def _product(expression: Product, scope: Scope) -> Number:
    result = 1
    for sign, factor in expression.factors:
        number = number_of(factor, scope)
        result = (
            bounded(result * number, expression.span)
            if sign == "*"
            else divide(result, number, expression.span)
        )
    return result


def _equal(expression: Equal, scope: Scope) -> Number:
    sides = number_of(expression.left, scope), number_of(expression.right, scope)
    return are_equal(*sides, expression.span)


def _letter(symbol: Symbol, _scope: Scope) -> Number:
    from cnncalc.numbers.letters import letter

    return letter(symbol.symbol)


def _power(expression: Power, scope: Scope) -> Number:
    base, exponent = number_of(expression.base, scope), number_of(expression.exponent, scope)
    if not isinstance(exponent, int):
        raise notation.wrong_numbers.letter_needs_number(exponent, expression.span)
    return raised(base, exponent, expression.span)


def _rounded(expression: Rounded, scope: Scope) -> Number:
    above, below = _fraction(expression.inside, scope)
    return (ceiling if expression.is_up else floordiv)(above, below)


def _rounded8(expression: Rounded8, scope: Scope) -> Number:
    return rounded8(*_fraction(expression.inside, scope), expression.span)


def _most(expression: Most, scope: Scope) -> Number:
    return largest([number_of(each, scope) for each in expression.numbers])


_WORK: dict[type, Callable[[Any, Scope], Number]] = {
    Name: _single,
    Channels: _arriving,
    Sum: _sum,
    Product: _product,
    Equal: _equal,
    Symbol: _letter,
    Power: _power,
    Rounded: _rounded,
    Rounded8: _rounded8,
    Most: _most,
}
"""How each expression is worked out."""


def _fraction(expression: Expression, scope: Scope) -> tuple[Number, Number]:
    """Return the dividend and the divisor that an expression is, where it need not come out."""
    above, below = 0, 1
    if isinstance(expression, Sum):
        for sign, term in expression.terms:
            more, under = _fraction(term, scope)
            more = more * below if sign == "+" else -more * below
            above, below = above * under + more, below * under
    elif isinstance(expression, Product):
        above = 1
        for sign, factor in expression.factors:
            more, under = _fraction(factor, scope)
            if sign == "/":
                more, under = under, more
            above, below = above * more, below * under
    else:
        above = number_of(expression, scope)
    if isinstance(expression, int):
        return expression, 1
    if is_fraction(above):
        above, below = above.numerator, above.denominator * below
    if is_fraction(expression):
        return above, below
    span = span_of(expression)
    if below == 0:
        raise notation.wrong_numbers.division_by_zero(span)
    return bounded(above, span), bounded(below, span)


def whole_number(expression: Expression, scope: Scope) -> int:
    """Return an expression's number where a letter will not do."""
    number = number_of(expression, scope)
    if isinstance(number, int):
        return number
    if is_fraction(number):
        raise notation.wrong_numbers.not_whole(number, span_of(expression))
    raise notation.wrong_numbers.letter_needs_number(number, span_of(expression))


def are_equal(left: Number, right: Number, span: Span) -> int:
    """Return 1 where two numbers are equal, 0 where they differ; refuse what letters decide."""
    if left == right or are_numbers(left, right) or is_fraction(left) or is_fraction(right):
        return int(left == right)
    from cnncalc.numbers.certainty import ANY

    found = False if sample() is not None else ANY.are_equal(left, right)
    if found is None:
        ranges = ANY.ranges((left - right, right - left))
        says = _("true where {formula}", formula=f"{left} = {right}")
        if ranges:
            says = _("true for {numbers}", numbers=ranges)
        raise depends_on_letters(says).at(span)
    return int(found)


def raised(base: Number, exponent: int, span: Span) -> Number:
    """Return a number to the power of another; refuse over 200 digits before they are computed.

    >>> raised(2, 10, None), raised(0, 0, None), raised(1, 10**9, None)
    (1024, 1, 1)
    """
    if exponent < 0:
        raise notation.wrong_numbers.below_zero(span, f"{base}^{exponent}")
    if isinstance(base, int) and abs(base) < 2:
        return base ** min(exponent, 2 + exponent % 2)
    if exponent > (DIGITS_OF_TWO if isinstance(base, int) else MOST_POWER):
        raise too_large(span)
    result: Number = 1
    for _turn in range(exponent):
        result = bounded(result * base, span)
    return result


def rounded8(above: Number, below: Number, span: Span) -> int:
    """Return a quotient rounded to a multiple of 8 as MobileNets are, at least 8.

    A number that would lose more than a tenth of itself is rounded up.

    >>> [rounded8(above, 4, None) for above in (96, 60, 44, 1)]
    [24, 16, 16, 8]
    """
    for part in (above, below):
        if not isinstance(part, int):
            raise notation.wrong_numbers.letter_needs_number(part, span)
    found: int = max((above + 4 * below) // (8 * below) * 8, 8)
    return found + 8 if 10 * found * below < 9 * above else found


def divide(dividend: Number, divisor: Number, span: Span) -> Number:
    """Return a quotient, which must come out whole; with a letter it is taken to."""
    if divisor == 0:
        raise notation.wrong_numbers.division_by_zero(span)
    if is_fraction(dividend) or is_fraction(divisor):
        return bounded(dividend / divisor, span)
    if are_numbers(dividend, divisor) and dividend % divisor:
        raise notation.wrong_numbers.division_not_whole(dividend, divisor, span)
    return exact(dividend, divisor)


def bounded(number: Number, span: Span) -> Number:
    """Return a number of at most 200 digits."""
    if is_large(number):
        raise too_large(span)
    if type(number) is int or not is_fraction(number):
        return number
    return int(number) if number.denominator == 1 else number


def too_large(span: Span, what: str = "a number") -> Problem:
    """Return the problem of a number of more than 200 digits."""
    return Problem(
        "number-too-large",
        _("{what} here has more than 200 digits", what=_(what)),
        [Label(span)],
        helps=[_("use smaller sizes, or fewer layers")],
    )
