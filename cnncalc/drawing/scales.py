"""How large a volume is drawn: edges by their sizes, thickness by channels, on a stated scale."""

from __future__ import annotations

from math import log2, sqrt
from typing import TYPE_CHECKING, Any

from cnncalc.numbers.lettered import ratio

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.kinds.volumes import Volume

LARGEST = 120.0
"""The edge of the largest map, in points."""

_SLIM = 16  # how much longer than wide a map is that others are measured by

_NOMINAL = 64  # what a letter is drawn as


class Scale:
    """Edges in proportion to sizes, or to their roots where the range of sizes is wide.

    `room` is how large all is drawn: 1, where there is room enough.
    """

    def __init__(self, volumes: Iterable[Volume], base: Volume, room: float = 1.0) -> None:
        self._base, self.room = base, room
        sizes = [
            size
            for sizes in map(self.sizes, volumes)
            for size in sizes
            if max(sizes) <= _SLIM * min(sizes)
        ]
        self.largest = max(sizes, default=1.0)
        self.is_root = self.largest > 8 * min(sizes, default=1.0)

    def number(self, size: Any) -> float:
        """Return a size as a number: with letters, what it is of the input's first, or nominal."""
        if isinstance(size, int):
            return max(float(size), 1.0)
        part = ratio(size, self._base[0])
        return _NOMINAL * float(part) if part is not None else _NOMINAL / 2

    def sizes(self, volume: Volume) -> list[float]:
        """Return the sizes of a volume's maps; a row of tokens is the square that they were."""
        found = [self.number(size) for size in volume[:-1]]
        return [sqrt(found[0])] if len(found) == 1 and len(self._base) > 2 else found

    def is_slim(self, volume: Volume) -> bool:
        """Whether a map is much longer than wide, and the input is not: one that was reshaped."""
        sizes = [self.sizes(each) or [1.0] for each in (volume, self._base)]
        slim = [_SLIM * min(each) < max(each) for each in sizes]
        return slim == [True, False]

    def edge(self, size: float) -> float:
        """Return the edge of a size, in points."""
        part = min(size / self.largest, 1.0)
        return self.room * LARGEST * (sqrt(part) if self.is_root else part)

    def edges(self, volume: Volume) -> tuple[float, float]:
        """Return the height and the width of a volume's maps; a vector has a height alone."""
        if len(volume) == 1:
            high = min(9 * log2(self.number(volume[0]) + 1), LARGEST)
            return max(self.room * high, 6.0), 0.0
        sizes = self.sizes(volume)
        if self.is_slim(volume):
            sizes = [sqrt(max(sizes) * min(sizes))] * len(sizes)
        edges = [max(self.edge(size), 4.0) for size in sizes]
        return (edges[-2], edges[-1]) if len(edges) > 1 else (edges[0], 0.0)

    def thickness(self, volume: Volume) -> float:
        """Return how thick a volume is: by the logarithm of its channels; a vector is a bar."""
        if len(volume) == 1:
            return 4.0 + 3.0 * self.room
        return self.room * 2.3 * log2(self.number(volume[-1]) + 1) + 1
