"""The wire format of FlatBuffers: tables of fields in a file's bytes, found without copying them.

A table begins with how far before it its list of fields stands; the list says where each field
stands behind the table, 0 for one that has its default. A text, a list and an inner table stand
where their field says how far on; see flatbuffers.dev, "Internals".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.pages import number
from cnncalc.speech.budget import BUDGET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.importing.protobuf import Bytes

MOST_ITEMS = BUDGET.items
"""How many items a list has at most."""

_MOST_TEXT = BUDGET.name


class FlatTable:
    """A table at a place of a file's bytes; ValueError wherever it leads out of them."""

    def __init__(self, data: Bytes, place: int) -> None:
        self.data = data
        self.place = place
        self._fields = place - _signed(number(data, place, 4), 4)
        self._length = number(data, self._fields, 2)

    @classmethod
    def root(cls, data: Bytes, identifier: bytes) -> FlatTable:
        """Return the outermost table of a file that names its kind so."""
        if bytes(data[4:8]) != identifier:
            raise ValueError
        return cls(data, number(data, 0, 4))

    def integer(self, field: int, size: int, default: int = 0) -> int:
        """Return a field that is a whole number of so many bytes."""
        place = self._find(field)
        return _signed(number(self.data, place, size), size) if place else default

    def table(self, field: int) -> FlatTable | None:
        """Return a field that is a table; None for none."""
        place = self._find(field)
        return FlatTable(self.data, self._follow(place)) if place else None

    def text(self, field: int) -> str:
        """Return a field that is a text, its beginning; '' for none."""
        start, length = self.stretch(field)
        held = bytes(self.data[start : start + min(length, _MOST_TEXT)])
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
        start, length = self._counted(field)
        return [_signed(number(self.data, start + 4 * i, 4), 4) for i in range(length)]

    def tables(self, field: int) -> Iterator[FlatTable]:
        """Yield the tables of a list."""
        start, length = self._counted(field)
        for place in range(start, start + 4 * length, 4):
            yield FlatTable(self.data, self._follow(place))

    def _counted(self, field: int) -> tuple[int, int]:
        start, length = self.stretch(field)
        if length > MOST_ITEMS:
            raise ValueError
        return start, length

    def _find(self, field: int) -> int:
        """Return where a field stands; 0 where it has its default."""
        at = 4 + 2 * field
        away = number(self.data, self._fields + at, 2) if at + 2 <= self._length else 0
        return self.place + away if away else 0

    def _follow(self, place: int) -> int:
        return place + number(self.data, place, 4)


def _signed(value: int, size: int) -> int:
    """Return a number of so many bytes as it is meant: in two's complement."""
    return value - (1 << 8 * size) if value >> (8 * size - 1) else value
