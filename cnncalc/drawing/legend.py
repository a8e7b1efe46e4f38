"""What stands below a figure: what its colours mean, and notes, on lines as wide as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from cnncalc.drawing.measures import width
from cnncalc.drawing.shapes import Box, Text, around

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cnncalc.drawing.shapes import Shape

Key: TypeAlias = tuple[list[str], str]
"""Colours, and what they mean."""

_SIZE, _SQUARE, _LEAST = 6.5, 7.0, 160.0


def legend(keys: Iterable[Key], shapes: Sequence[Shape], notes: Iterable[str]) -> Iterator[Shape]:
    """Yield what stands below shapes: colours with their words, then notes."""
    left, _top, right, bottom = around(shapes)
    right = max(right, left + _LEAST)
    x, y = left, bottom + 18
    for colours, words in (*keys, *(([], note) for note in notes)):
        before = len(colours) * _SQUARE + 4 if colours else 0
        wide = before + width(words, _SIZE)
        if x > left and x + wide > right:
            x, y = left, y + 11
        for number, colour in enumerate(colours):
            yield Box(x + number * _SQUARE, y - _SQUARE / 2, _SQUARE, _SQUARE, colour)
        yield Text(x + before, y, words, _SIZE, "start", "faint")
        x += wide + 12
