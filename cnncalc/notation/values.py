"""Values: numbers and expressions, one for all axes or one for each.

A function a line of the grammar, which its docstring quotes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc import notation
from cnncalc.notation.evaluation import bounded, divide, raised
from cnncalc.notation.expressions import (
    ROUND,
    Channels,
    Equal,
    Name,
    Pair,
    Placeholder,
    Power,
    Product,
    Rounded8,
    Sum,
    Symbol,
)
from cnncalc.numbers import digits
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from cnncalc.notation.expressions import Expression, Value
    from cnncalc.notation.reader import Reader


def read_value(reader: Reader) -> Value:
    """value = side { "x" side }; or ( ) with commas, one an axis."""
    if reader.next() == "(" and reader.check("PER_AXIS"):
        return _per_axis(reader)
    start = reader.position
    sides = [_side(reader)]
    while reader.next() in ("x", "×") and reader.read("BY"):
        sides.append(_side(reader))
    if len(sides) > 1 and "/" in reader.text[start : reader.position]:
        notation.wrong_arguments.warn_of_step(reader, start)
    return tuple(sides)


def _per_axis(reader: Reader) -> Value:
    """ "(" side { "," side } [ "," ] ")"."""
    reader.read("PER_AXIS")
    reader.depth_inside += 1
    sides: list[Any] = []
    while True:
        reader.skip()
        if reader.consume(")") and sides:
            break
        sides.append(_side(reader))
        reader.skip()
        if not reader.consume(",") and not reader.at(")"):
            raise reader.expected(_("')' is expected here"), "(3, 3)")
    reader.depth_inside -= 1
    return tuple(sides)


def _side(reader: Reader) -> Any:
    """side = expression [ ":" expression ]."""
    before = read_whole(reader)
    if not reader.consume(":"):
        return before
    after = read_whole(reader)
    if isinstance(before, int) and isinstance(after, int):
        return (before, after)
    return Pair(before, after)


def read_whole(reader: Reader) -> Expression:
    """Return an expression; where it is a number already, one that is not negative."""
    start = reader.position
    if not reader.depth_inside and (number := reader.read("PLAIN_NUMBER")):
        return int(number[0])
    expression = _expression(reader)
    if isinstance(expression, int) and expression < 0:
        raise notation.wrong_numbers.negative(reader.span(start), expression)
    return expression


def _expression(reader: Reader) -> Expression:
    """expression = sum [ "==" sum ]."""
    start = reader.position
    left = _sum(reader)
    reader.blank_inside()
    if not reader.consume("=="):
        return left
    reader.blank_inside()
    before, reader.has_fractions = reader.has_fractions, True
    right = _sum(reader)
    reader.has_fractions = before
    if isinstance(left, int) and isinstance(right, int):
        return int(left == right)
    return Equal(left, right, reader.span(start))


def _sum(reader: Reader) -> Expression:
    """sum = term { ( "+" | "-" ) term }."""
    start = reader.position
    terms = [("+", _term(reader))]
    while sign := _sign(reader, "+-"):
        terms.append((sign, _term(reader)))
        left, right = terms[0][1], terms[-1][1]
        if len(terms) == 2 and isinstance(left, int) and isinstance(right, int):
            total = left + right if sign == "+" else left - right
            terms = [("+", bounded(total, reader.span(start)))]
    return terms[0][1] if len(terms) == 1 else Sum(tuple(terms), reader.span(start))


def _term(reader: Reader) -> Expression:
    """term = power { ( "*" | "/" ) power }."""
    start = reader.position
    factors = [("*", _power(reader))]
    while sign := _sign(reader, "*/"):
        factors.append((sign, _power(reader)))
        left, right = factors[0][1], factors[-1][1]
        if len(factors) == 2 and isinstance(left, int) and isinstance(right, int):
            span = reader.span(start)
            if sign == "*":
                result = bounded(left * right, span)
            elif reader.has_fractions and right and left % right:
                result = read_fraction(left, right)
            else:
                result = divide(left, right, span)
            factors = [("*", result)]
    return factors[0][1] if len(factors) == 1 else Product(tuple(factors), reader.span(start))


def _power(reader: Reader) -> Expression:
    """power = factor [ "^" factor ]."""
    start = reader.position
    base = _factor(reader)
    if not _sign(reader, "^"):
        return base
    exponent = _factor(reader)
    span = reader.span(start)
    if isinstance(base, int) and isinstance(exponent, int):
        whole = raised(base, exponent, span)
        return whole if isinstance(whole, int) else Power(base, exponent, span)
    return Power(base, exponent, span)


def _sign(reader: Reader, signs: str) -> str:
    """Go past a sign that stands between two parts, and the blanks around it inside ( )."""
    here = reader.position
    if reader.depth_inside:
        reader.skip()
    sign = reader.text[reader.position : reader.position + 1]
    if not sign or sign not in signs or reader.at("->"):
        reader.position = here
        return ""
    reader.position += 1
    reader.blank_inside()
    return sign


def _factor(reader: Reader) -> Expression:
    """factor = number | NAME | SYMBOL | "cin" | "i" | [ "round8" ] "(" expression ")"."""
    start = reader.position
    if (first := reader.next()).isdigit():
        if reader.has_fractions and (decimal := reader.read("DECIMAL")):
            whole, _point, rest = decimal[0].partition(".")
            number = digits.read_whole(whole + rest, reader.span(start))
            return read_fraction(number, 10 ** len(rest))
        if reader.at_digit():
            return read_digits(reader)
    if first == "?" and (unknown := reader.read("UNKNOWN")):
        return Placeholder(unknown[0][1:], reader.span(start))
    if reader.consume("("):
        return _inside(reader, start)
    word = reader.check("NAME")
    symbol = None if word and word[0] in reader.formals else reader.check("SYMBOL")
    found = symbol or word
    if found and found[0] in reader.formals:
        reader.position = found.end()
        return Name(found[0], reader.span(start))
    if symbol:
        reader.position = symbol.end()
        return Symbol(symbol[0], reader.span(start))
    if word and word[0].lower() == "round8" and reader.at(f"{word[0]}("):
        reader.position = word.end() + 1
        before, reader.has_fractions = reader.has_fractions, True
        inside = _inside(reader, start)
        reader.has_fractions = before
        return Rounded8(inside, reader.span(start))
    if word and word[0] == "cin":
        reader.position = word.end()
        return Channels(reader.span(start))
    if word and word[0] == ROUND and reader.counts:
        reader.position = word.end()
        reader.counts[-1] = True
        return Name(ROUND, reader.span(start))
    raise notation.wrong_numbers.no_number(reader, start, word, reader.formals)


def read_fraction(above: int, below: int) -> Expression:
    """Return a quotient; a whole one as an int."""
    from fractions import Fraction  # slow to import

    found = Fraction(above, below)
    return int(found) if found.denominator == 1 else found


def _inside(reader: Reader, start: int) -> Expression:
    """ "(" expression ")"."""
    reader.deeper(start)
    reader.depth_inside += 1
    reader.blank_inside()
    expression = _expression(reader)
    reader.blank_inside()
    if not reader.consume(")"):
        raise reader.expected(_("')' is expected here"), "(n+1)*2")
    reader.depth_inside -= 1
    reader.depth -= 1
    return expression


def read_digits(reader: Reader) -> int:
    """number = digits."""
    start = reader.position
    found = reader.read("DIGITS")
    return digits.read_whole(found[0] if found else "", reader.span(start))
