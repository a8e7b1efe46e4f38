"""Expressions as they are printed: 27*C^2, 27C², (⌊(H − 3)/2⌋ + 1)·N, max(4·C, 3,200·N).

sum     = product { ( "+" | "-" ) product }
product = factor { [ "*" | "x" | "/" ] factor }    27C is 27*C
factor  = "-" factor | base [ "^" factor | raised digits ]
base    = number | NAME | "(" sum ")" | rounded | "max(" sum { "," sum } ")"
rounded = "floor(" sum ")" | "ceil(" sum ")" | "⌊" sum "⌋" | "⌈" sum "⌉"
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.notation.expressions import Most, Power, Product, Rounded, Sum, Symbol
from cnncalc.numbers.digits import read_whole
from cnncalc.speech.budget import BUDGET

if TYPE_CHECKING:
    from collections.abc import Collection

    from cnncalc.notation.expressions import Expression
    from cnncalc.speech.problem import Span

MOST_NESTED = 100
DIGITS = BUDGET.digits_derived  # of a number that may have been worked out

_PIECES = (
    r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+|[A-Z][A-Z0-9]*|floor|ceil|max|\*\*"
    r"|[-+*/^(),·×−⌊⌋⌈⌉]|[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\s+|."
)
_SAME = {"·": "*", "×": "*", "x": "*", "−": "-", "**": "^"}
_POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_CLOSING = {"(": ")", "floor": ")", "ceil": ")", "max": ")", "⌊": "⌋", "⌈": "⌉"}
_ENDS = frozenset("+-)⌋⌉,")


class UnreadableError(Exception):
    """A text is no expression."""


def read_printed(text: str, span: Span, letters: Collection[str] = ()) -> Expression:
    """Return the expression that a text is; `UnreadableError` where it is none.

    Of `letters` products may be written without a sign: CN is C*N where there is no letter CN.
    """
    tokens = [_SAME.get(each, each) for each in re.findall(_PIECES, text) if not each.isspace()]
    reader = _Printed(tokens, span, letters)
    found = reader.sum()
    if reader.next():
        raise UnreadableError
    return found


class _Printed:
    """Reads the tokens of one text; `depth` is how deep in brackets it is."""

    def __init__(self, tokens: list[str], span: Span, letters: Collection[str]) -> None:
        self.tokens = tokens
        self.span = span
        self.letters = letters
        self.position = 0
        self.depth = 0

    def next(self) -> str:
        """Return the next token; '' at the end."""
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def take(self, *wanted: str) -> str:
        """Go past a token that is one of those wanted, and return it."""
        found = self.next()
        if found not in wanted:
            return ""
        self.position += 1
        return found

    def sum(self) -> Expression:
        """Read a sum."""
        terms = [("+", self.product())]
        while sign := self.take("+", "-"):
            terms.append((sign, self.product()))
        return terms[0][1] if len(terms) == 1 else Sum(tuple(terms), self.span)

    def product(self) -> Expression:
        """Read a product, with signs or without."""
        factors = [("*", self.factor())]
        while (head := self.next()) and head not in _ENDS:
            if not self.take("*", "/") and head[0].isdigit():
                raise UnreadableError  # 3 4
            factors.append(("/" if head == "/" else "*", self.factor()))
        return factors[0][1] if len(factors) == 1 else Product(tuple(factors), self.span)

    def factor(self) -> Expression:
        """Read a factor, with its power."""
        self.depth += 1
        if self.depth > MOST_NESTED:
            raise UnreadableError
        if self.take("-"):
            found: Expression = Sum((("+", 0), ("-", self.factor())), self.span)
        else:
            found = self.base()
            if self.take("^"):
                found = Power(found, self.factor(), self.span)
            elif self.next()[:1].translate(_POWERS).isascii() and not self.next()[:1].isascii():
                raised = self.next().translate(_POWERS)
                self.position += 1
                found = Power(found, read_whole(raised, self.span), self.span)
        self.depth -= 1
        return found

    def base(self) -> Expression:
        """Read a number, a letter, or what stands in brackets."""
        head = self.next()
        self.position += 1
        if head[:1].isascii() and head[:1].isdigit():
            return read_whole(head.replace(",", ""), self.span, DIGITS)
        if head[:1].isascii() and head[:1].isupper():
            return self.letter(head)
        if head not in _CLOSING or (head in ("floor", "ceil", "max") and not self.take("(")):
            raise UnreadableError
        inside = [self.sum()]
        while head == "max" and self.take(","):
            inside.append(self.sum())
        if not self.take(_CLOSING[head]):
            raise UnreadableError
        if head == "(":
            return inside[0]
        if head == "max":
            return Most(tuple(inside), self.span)
        return Rounded(inside[0], head in ("ceil", "⌈"), self.span)

    def letter(self, name: str) -> Expression:
        """Return a letter; the product of letters where it is none."""
        if name in self.letters or not set(name) <= set(self.letters):
            return Symbol(name, self.span)
        return Product(tuple(("*", Symbol(each, self.span)) for each in name), self.span)
