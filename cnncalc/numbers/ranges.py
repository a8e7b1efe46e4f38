"""Ranges of numbers as they are typed: `input=32..512:32`, `k=1,3,5..11:2`, `w=1/4,0.5,1`.

range = name "=" part { "," part }
part  = number [ ".." number [ ":" step ] ]     a number by itself may be a fraction
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cnncalc.numbers.digits import read_whole
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Span
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.speech.problem import Source


class Range(NamedTuple):
    """What a name goes through, and where that is written."""

    name: str
    parts: tuple[Sequence[Any], ...]
    span: Span

    @property
    def length(self) -> int:
        """How many numbers there are."""
        return sum(len(part) for part in self.parts)

    def ascending(self) -> Sequence[Any]:
        """Return them in order, each once."""
        return self.parts[0] if len(self.parts) == 1 else sorted(set(self.numbers()))

    def numbers(self) -> Iterator[Any]:
        """Yield them, as they are written."""
        for part in self.parts:
            yield from part


_FRACTION = r"\s*([0-9]+)(?:\.([0-9]+)|/([0-9]+))\s*"


def read_range(source: Source, *, has_fractions: bool = False) -> Range:
    """Return the range that a text gives; a `Problem` where it cannot be read.

    >>> from cnncalc.speech.problem import Source
    >>> list(read_range(Source("--sweep", "input=32..96:32, 224")).numbers())
    [32, 64, 96, 224]
    """
    name, sign, rest = source.text.partition("=")
    if not sign or not re.fullmatch(r"\s*\??[A-Za-z_][\w.]*\s*", name, re.ASCII):
        raise _unreadable(
            Span(source, 0, len(source.text)), _("a range is a name, '=' and numbers")
        )
    parts: list[Sequence[Any]] = []
    start = len(name) + 1
    for text in rest.split(","):
        span = Span(source, start, start + len(text))
        start += len(text) + 1
        if has_fractions and (part := re.fullmatch(_FRACTION, text, re.ASCII)):
            parts.append((_fraction(part, span),))
            continue
        found = re.fullmatch(
            r"\s*([0-9]+)(?:\s*(?:\.\.|…)\s*([0-9]+)(?:\s*:\s*([0-9]+))?)?\s*", text, re.ASCII
        )
        if not found:
            raise _unreadable(span, _("numbers are written LEAST..MOST, or LEAST..MOST:STEP"))
        least, most, step = (
            read_whole(digits, span, status=2)
            for digits in (found[1], found[2] or found[1], found[3] or "1")
        )
        if most < least or not step:
            raise _unreadable(span, _("a range goes upwards, in steps of 1 or more"))
        parts.append(range(least, most + 1, step))
    return Range(name.strip().removeprefix("?"), tuple(parts), Span(source, 0, len(source.text)))


def _fraction(part: re.Match[str], span: Span) -> Any:
    """Return a decimal or a quotient as what it is, exactly."""
    from fractions import Fraction  # slow to import

    whole, rest, below = part.groups()
    above = read_whole(whole + (rest or ""), span, status=2)
    under = 10 ** len(rest) if rest else read_whole(below, span, status=2)
    if not under:
        raise _unreadable(span, _("nothing can be divided by 0"))
    found = Fraction(above, under)
    return int(found) if found.denominator == 1 else found


def _unreadable(span: Span, fact: str) -> Problem:
    return Problem(
        "range-unreadable", fact, [Label(span)], helps=[_("as in 'n=32..512:32'")], status=2
    )
