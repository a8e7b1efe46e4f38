"""Numbers that remember how they were worked out.

A formula is written once, on anything that adds and multiplies as integers do. Given ints it
gives ints; given `Working` numbers it gives the value and the arithmetic, in the user's own
numbers. The text that is shown is therefore the formula that is computed.

    >>> n, p, k = shown(32), shown(2), shown(5)
    >>> size = (n + 2 * p - k) // shown(1) + 1
    >>> size.value, str(size)
    (32, 'floor((32 + 2*2 - 5) / 1) + 1')
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.numbers.lettered import Lettered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cnncalc.speech.signs import Signs

Number: TypeAlias = Any
"""An int, or anything that adds and multiplies as ints do."""

_SUM, _PRODUCT, _TIGHT, _ATOM = range(4)


class Working:
    """A number with the expression that gave it, as a tree: `op` and its `parts`.

    A leaf has no parts and is written as `op`: the number itself, or a letter that stands
    for it. A bare 0 that is added, or a bare 1 that multiplies, leaves no trace.
    """

    __slots__ = ("op", "parts", "value")

    def __init__(self, value: Number, op: str, parts: tuple[Working, ...] = ()) -> None:
        self.value = value
        self.op = op
        self.parts = parts

    def __add__(self, other: Number) -> Working:
        if type(other) is int and other == 0:
            return self
        right = shown(other)
        return Working(self.value + right.value, "+", (self, right))

    def __radd__(self, other: Number) -> Working:
        return self if type(other) is int and other == 0 else shown(other) + self

    def __sub__(self, other: Number) -> Working:
        if type(other) is int and other == 0:
            return self
        right = shown(other)
        return Working(self.value - right.value, "-", (self, right))

    def __rsub__(self, other: Number) -> Working:
        return shown(other) - self

    def __mul__(self, other: Number) -> Working:
        if type(other) is int and other == 1:
            return self
        right = shown(other)
        return Working(self.value * right.value, "*", (self, right))

    def __rmul__(self, other: Number) -> Working:
        return self if type(other) is int and other == 1 else shown(other) * self

    def __floordiv__(self, other: Number) -> Working:
        right = shown(other)
        return Working(self.value // right.value, "floor", (self, right))

    def __eq__(self, other: object) -> bool:
        return bool(self.value == (other.value if isinstance(other, Working) else other))

    def __lt__(self, other: Number) -> bool:
        return bool(self.value < plain(other))

    def __le__(self, other: Number) -> bool:
        return bool(self.value <= plain(other))

    def __gt__(self, other: Number) -> bool:
        return bool(self.value > plain(other))

    def __ge__(self, other: Number) -> bool:
        return bool(self.value >= plain(other))

    def __hash__(self) -> int:
        return hash(self.value)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __str__(self) -> str:
        return write(self)

    def __repr__(self) -> str:
        return f"<{self} = {self.value}>"


def shown(number: Number, name: str = "") -> Working:
    """Return a number as a leaf that shows its digits, or a name that stands for it."""
    if isinstance(number, Working) and not name:
        return number
    number = plain(number)
    return Working(number, name or str(number))


AXES = {2: "HW", 3: "DHW"}
"""What is written behind a letter that is another number along each axis."""


def named(name: str, numbers: Sequence[Number]) -> list[Working]:
    """Return numbers of several axes under a letter, with the axis behind it where they differ.

    >>> [str(each) for each in (*named("k", (3, 3)), *named("k", (1, 7)))]
    ['k', 'k', 'kH', 'kW']
    """
    if all(each == numbers[0] for each in numbers):
        return [shown(each, name) for each in numbers]
    axes = AXES.get(len(numbers), "0123456789")
    return [shown(each, f"{name}{axis}") for each, axis in zip(numbers, axes, strict=False)]


def in_numbers(number: Working) -> Working:
    """Return the same arithmetic with the numbers in it, in place of the letters they go by."""
    if not number.parts:
        return shown(plain(number))
    return Working(number.value, number.op, tuple(map(in_numbers, number.parts)))


def letters_of(number: Working) -> list[str]:
    """Return the letters that numbers go by, in their order."""
    if number.parts:
        return list(dict.fromkeys(name for part in number.parts for name in letters_of(part)))
    return [number.op] if number.op != str(number.value) else []


def plain(number: Number) -> Number:
    """Return a number without how it was worked out."""
    return number.value if isinstance(number, Working) else number


def spoken(value: Any) -> Any:
    """Return a value with every whole number in it as one that shows its digits."""
    if isinstance(value, tuple):
        return tuple(spoken(part) for part in value)
    return value if isinstance(value, bool | str | None) else shown(value)


def known(number: Number, name: str) -> Number:
    """Return a result as a new starting point: its value, without how it came about.

    Where the arithmetic is in letters, so is the result: it goes by its name.
    """
    if not isinstance(number, Working):
        return number
    return shown(number.value, name if letters_of(number) else "")


def known_all(numbers: Sequence[Number], name: str) -> Sequence[Number]:
    """Return results along several axes as new starting points."""
    if {*map(type, numbers)} == {int}:
        return numbers
    if any(isinstance(each, Working) and letters_of(each) for each in numbers):
        return named(name, list(map(plain, numbers)))
    return [known(each, name) for each in numbers]


def product(numbers: Iterable[Number]) -> Number:
    """Return the product of numbers, written close together: 5*5*3; 1 for none."""
    total: Number = None
    for number in numbers:
        if total is None:
            total = number
        elif type(total) is int and type(number) is int:
            total *= number
        elif isinstance(total, Working) or isinstance(number, Working):
            left, right = shown(total), shown(number)
            total = Working(left.value * right.value, "tight", (left, right))
        else:
            total = total * number
    return 1 if total is None else total


def exact(dividend: Number, divisor: Number) -> Number:
    """Return a quotient that is known to come out whole."""
    if isinstance(dividend, Working) or isinstance(divisor, Working):
        left, right = shown(dividend), shown(divisor)
        return Working(exact(left.value, right.value), "over", (left, right))
    if isinstance(dividend, int) and isinstance(divisor, int):
        return dividend // divisor
    return dividend / divisor


def divides(divisor: Number, dividend: Number) -> bool:
    """Return whether a quotient comes out whole; with letters in it that is assumed.

    >>> divides(3, 6), divides(shown(4), 6)
    (True, False)
    """
    if are_numbers(dividend, divisor):
        return bool(plain(divisor)) and not plain(dividend) % plain(divisor)
    exact(plain(dividend), plain(divisor))
    return True


def ceiling(dividend: Number, divisor: Number) -> Number:
    """Return a quotient rounded up.

    >>> ceiling(7, 2), str(ceiling(shown(7), 2))
    (4, 'ceil(7 / 2)')
    """
    if isinstance(dividend, Working) or isinstance(divisor, Working):
        left, right = shown(dividend), shown(divisor)
        return Working(-(-left.value // right.value), "ceil", (left, right))
    return -(-dividend // divisor)


def most(*numbers: Number) -> Number:
    """Return the largest of numbers.

    >>> most(shown(5), 11).value, str(most(shown(5), 11))
    (11, 'max(5, 11)')
    """
    return _picked("max", max, numbers)


def least(*numbers: Number) -> Number:
    """Return the smallest of numbers."""
    return _picked("min", min, numbers)


def _picked(name: str, pick: Callable[..., Number], numbers: Sequence[Number]) -> Number:
    if len(numbers) == 1 or not any(isinstance(each, Working) for each in numbers):
        return pick(numbers)
    return Working(pick(map(plain, numbers)), name, tuple(map(shown, numbers)))


def are_numbers(*numbers: Number) -> bool:
    """Return whether all are whole numbers, with no letter in them."""
    for number in numbers:
        if type(number) is not int and not isinstance(plain(number), int):
            return False
    return True


def write(number: Working, signs: Signs | None = None) -> str:
    """Return a number's arithmetic, in ASCII where no signs are given.

    >>> size = (shown(32) + 2 * shown(2) - shown(5)) // shown(1) + 1
    >>> from cnncalc.speech.signs import UNICODE
    >>> write(size, UNICODE)
    '\u230a(32 + 2\u00b72 \u2212 5)/1\u230b + 1'
    """
    if signs is None:
        from cnncalc.speech.signs import ASCII

        return write(number, ASCII)
    text = _text(number, signs)[0]
    is_bracketed = number.op == "over" and number.parts and not signs.bare
    return text[1:-1] if is_bracketed else text


def _text(number: Working, signs: Signs) -> tuple[str, int]:
    """Return a number's arithmetic and how tightly its outermost sign binds."""
    if not number.parts:
        text = number.op
        if text != str(number.value):
            return signs.name(text), _ATOM
        if isinstance(number.value, Lettered):
            from cnncalc.numbers import spelling

            text = spelling.write(number.value, signs)
            is_closed = text.isalnum() or text == spelling.as_factor(number.value, signs)
            return text, _ATOM if is_closed else _SUM
        if number.value < 0:
            return signs.minus + signs.digits(-number.value), _SUM
        return signs.digits(number.value), _ATOM
    if number.op in ("max", "min"):
        pattern = signs.largest if number.op == "max" else signs.smallest
        return pattern.format(", ".join(_text(part, signs)[0] for part in number.parts)), _ATOM
    one, other = number.parts
    (left, left_binds), (right, right_binds) = _text(one, signs), _text(other, signs)
    if number.op in ("floor", "ceil", "over"):
        if not signs.bare:
            above = _ATOM if number.op == "over" else _PRODUCT
            left = signs.brackets.format(left) if left_binds < above else left
            right = signs.brackets.format(right) if right_binds < _ATOM else right
        return str(getattr(signs, number.op)).format(left, right), _ATOM
    if number.op in "+-":
        right = signs.brackets.format(right) if right_binds == _SUM else right
        sign = "+" if number.op == "+" else signs.minus
        return f"{left} {sign} {right}", _SUM
    leaves = not (number.parts[0].parts or number.parts[1].parts)
    binds = _TIGHT if number.op == "tight" or leaves else _PRODUCT
    left = signs.brackets.format(left) if left_binds < binds else left
    right = signs.brackets.format(right) if right_binds < binds else right
    return f"{left}{signs.tight if binds == _TIGHT else signs.times}{right}", binds
