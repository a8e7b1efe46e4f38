"""Ranges of numbers as they are typed: `input=32..512:32`, `k=1,3,5..11:2`, `w=1/4,0.5,1`.

range = name "=" part { "," part }
part  = number [ ".." number [ ":" step ] ]     a number may be a fraction, where a name may
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


_NUMBER = r"([0-9]+)(?:\.([0-9]+)|/([0-9]+))?"
_PART = _NUMBER.replace("(", "(?:").replace("(?:?:", "(?:")
_STEPS = rf"\s*({_PART})\s*(?:\.\.|…)\s*({_PART})(?:\s*:\s*({_PART}))?\s*"


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
        is_broken = has_fractions and re.search("[./]", text.replace("..", ""))
        if is_broken and (steps := re.fullmatch(_STEPS, text, re.ASCII)):
            parts.append(_steps(steps, span))
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


class Steps:
    """Numbers at equal steps, of which some are fractions; they are worked out as they are read."""

    def __init__(self, first: Any, step: Any, count: int) -> None:
        self.first, self.step, self.count = first, step, count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, place: Any) -> Any:
        found = self.first + self.step * (place if place >= 0 else self.count + place)
        return int(found) if found.denominator == 1 else found

    def __iter__(self) -> Iterator[Any]:
        return map(self.__getitem__, range(self.count))


def _steps(found: re.Match[str], span: Span) -> Sequence[Any]:
    """Return the numbers from one up to another, at a step."""
    first, most, step = (
        _fraction(part, span)
        for text in (found[1], found[2], found[3] or "1")
        if (part := re.fullmatch(_NUMBER, text, re.ASCII))
    )
    if most < first or not step:
        raise _unreadable(span, _("a range goes upwards, in steps of more than 0"))
    return Steps(first, step, int((most - first) / step) + 1)  # type: ignore[return-value]


def _fraction(part: re.Match[str], span: Span) -> Any:
    """Return a decimal or a quotient as what it is, exactly."""
    from fractions import Fraction  # slow to import

    whole, rest, below = part.groups()
    above = read_whole(whole + (rest or ""), span, status=2)
    under = 10 ** len(rest) if rest else read_whole(below or "1", span, status=2)
    if not under:
        raise _unreadable(span, _("nothing can be divided by 0"))
    found = Fraction(above, under)
    return int(found) if found.denominator == 1 else found


def _unreadable(span: Span, fact: str) -> Problem:
    return Problem(
        "range-unreadable", fact, [Label(span)], helps=[_("as in 'n=32..512:32'")], status=2
    )
