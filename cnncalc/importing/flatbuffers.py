"""The wire format of FlatBuffers: tables of fields in a file's bytes, found without copying them.

A table begins with how far before it its list of fields stands; the list says where each field
stands behind the table, 0 for one that has its default. A text, a list and an inner table stand
where their field says how far on; see flatbuffers.dev, "Internals". Many may share one: what is
read is counted each time.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from cnncalc.importing.pages import number
from cnncalc.speech.budget import BUDGET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.importing.protobuf import Bytes

_MOST_TEXT = BUDGET.name
_TEXT_OF_FIELD = 32
"""How many bytes of a text cost as much as a field."""

_MOST_LAYOUT = 128
"""How many bytes of a list of fields are read; it has no more than sixty."""

_WORD = 4


class FlatFile:
    """The bytes of a file, and how many fields and items of lists may yet be read of its tables."""

    def __init__(self, data: Bytes) -> None:
        self.data = data
        self._left = BUDGET.fields
        self._layouts: dict[int, tuple[int, ...]] = {}  # where fields stand, by the place of a list

    def spend(self, count: int) -> None:
        """Count what is read; ValueError for too much."""
        self._left -= count
        if self._left < 0:
            raise ValueError

    def layout(self, place: int) -> tuple[int, ...]:
        """Return how far behind a table each of its fields stands, by the list at a place."""
        if place not in self._layouts:
            size = min(number(self.data, place, 2), _MOST_LAYOUT)
            count = len(self.data[place : place + size]) // 2
            held = bytes(self.data[place : place + 2 * count])
            self._layouts[place] = struct.unpack(f"<{count}H", held)[2:]
        return self._layouts[place]


class FlatTable:
    """A table at a place of a file's bytes; ValueError wherever it leads out of them."""

    def __init__(self, file: FlatFile, place: int) -> None:
        self.file = file
        self.data = file.data
        self.place = place
        self._fields = file.layout(place - _signed(number(self.data, place, 4), 4))

    @classmethod
    def root(cls, data: Bytes, identifier: bytes) -> FlatTable:
        """Return the outermost table of a file that names its kind so."""
        if bytes(data[4:8]) != identifier:
            raise ValueError
        return cls(FlatFile(data), number(data, 0, 4))

    def integer(self, field: int, size: int, default: int = 0) -> int:
        """Return a field that is a whole number of so many bytes."""
        place = self._find(field)
        return _signed(number(self.data, place, size), size) if place else default

    def table(self, field: int) -> FlatTable | None:
        """Return a field that is a table; None for none."""
        place = self._find(field)
        return self._at(place) if place else None

    def text(self, field: int) -> str:
        """Return a field that is a text, its beginning; '' for none."""
        start, length = self.stretch(field)
        held = bytes(self.data[start : start + min(length, _MOST_TEXT)])
        self.file.spend(len(held) // _TEXT_OF_FIELD)
        return held.decode("utf-8", "replace")

    def stretch(self, field: int) -> tuple[int, int]:
        """Return where the items of a list begin, and how many they are; no more than there are."""
        place = self._find(field)
        if not place:
            return 0, 0
        start = self._follow(place)
        return start + 4, number(self.data, start, 4)

    def integers(self, field: int) -> list[int]:
        """Return a field that is a list of whole numbers of four bytes."""
        return self.wholes(field, self.stretch(field)[1], 4)

    def wholes(self, field: int, count: int, width: int) -> list[int]:
        """Return the first whole numbers, of four or eight bytes, of a field that is a list."""
        self.file.spend(count)
        start, _length = self.stretch(field)
        held = bytes(self.data[start : start + count * width])
        if len(held) < count * width:
            raise ValueError
        return list(struct.unpack(f"<{count}{'iq'[width > _WORD]}", held))

    def tables(self, field: int) -> Iterator[FlatTable]:
        """Yield the tables of a list."""
        start, length = self.stretch(field)
        self.file.spend(length)
        for place in range(start, start + 4 * length, 4):
            yield self._at(place)

    def _at(self, place: int) -> FlatTable:
        """Return the table that a place leads to."""
        return FlatTable(self.file, self._follow(place))

    def _find(self, field: int) -> int:
        """Return where a field stands; 0 where it has its default."""
        self.file.spend(1)
        away = self._fields[field] if field < len(self._fields) else 0
        return self.place + away if away else 0

    def _follow(self, place: int) -> int:
        return place + number(self.data, place, 4)


def _signed(value: int, size: int) -> int:
    """Return a number of so many bytes as it is meant: in two's complement."""
    return value - (1 << 8 * size) if value >> (8 * size - 1) else value
