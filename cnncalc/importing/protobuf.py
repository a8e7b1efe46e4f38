"""The wire format of protocol buffers: fields in a stretch of bytes, found without copying them.

A field is a varint of its number and its wire type, then a varint (0), eight bytes (1), a length
and that many bytes (2), or four bytes (5); see protobuf.dev, "Encoding". What a reader does not
ask for is passed over, so weights of gigabytes cost nothing.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from cnncalc.speech.budget import BUDGET
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.importing.pages import Pages

    Bytes = bytes | Pages

MOST_FIELDS = BUDGET.fields


class Malformed(ValueError):  # noqa: N818 - a fault of the file
    """Bytes that are not fields; `place` is the offset of the first that is none."""

    def __init__(self, place: int) -> None:
        super().__init__(f"no field at byte {place}")
        self.place = place


class TooLong(ValueError):  # noqa: N818 - a limit
    """More fields than are read."""


class Field(NamedTuple):
    """One field: its number, and its varint, or where its bytes begin and end."""

    number: int
    wire: int
    value: int
    start: int
    end: int


class Message:
    """A message: a stretch of bytes, from `start` up to, not with, `end`."""

    def __init__(self, data: Bytes, start: int, end: int, budget: list[int]) -> None:
        self.data = data
        self.start = start
        self.end = end
        self._budget = budget

    @classmethod
    def whole(cls, data: Bytes) -> Message:
        """Return all of some bytes as a message.

        >>> [(f.number, f.value) for f in Message.whole(bytes([8, 150, 1])).fields()]
        [(1, 150)]
        """
        return cls(data, 0, len(data), [MOST_FIELDS])

    def fields(self) -> Iterator[Field]:
        """Yield the fields in order."""
        data, place, end = self.data, self.start, self.end
        while place < end:
            self._spend()
            key, after = varint(data, place, end)
            number, wire = key >> 3, key & 7
            value, start = 0, after
            if wire == 0:
                value, after = varint(data, after, end)
            elif wire == 1:
                after += 8
            elif wire == 2:
                value, start = varint(data, after, end)
                after = start + value
            elif wire == 5:
                after += 4
            else:
                raise Malformed(place)
            if after > end or not number:
                raise Malformed(place)
            yield Field(number, wire, value, start, after)
            place = after

    def within(self, field: Field) -> Message:
        """Return a field as a message of its own."""
        if field.wire != 2:
            raise Malformed(field.start)
        return Message(self.data, field.start, field.end, self._budget)

    def text(self, field: Field, most: int = 1000) -> str:
        """Return a field as text, its first `most` bytes."""
        if field.wire != 2:
            raise Malformed(field.start)
        stretch = bytes(self.data[field.start : min(field.end, field.start + most)])
        return stretch.decode("utf-8", "replace")

    def integers(self, field: Field, most: int = 1000) -> list[int]:
        """Return the signed integers of a field, one or packed; refuse more than `most`."""
        if field.wire == 0:
            return [signed(field.value)]
        if field.wire != 2:
            raise Malformed(field.start)
        found: list[int] = []
        place = field.start
        while place < field.end:
            self._spend()
            if len(found) == most:
                raise TooLong
            value, place = varint(self.data, place, field.end)
            found.append(signed(value))
        return found

    def floats(self, field: Field, most: int = 1000) -> list[float]:
        """Return the floats of a field, one or packed; refuse more than `most`."""
        if field.wire not in (2, 5) or (field.end - field.start) % 4:
            raise Malformed(field.start)
        if field.end - field.start > 4 * most:
            raise TooLong
        return self.unpacked(field.start, field.end, "f")

    def unpacked(self, start: int, end: int, letter: str) -> list[float]:
        """Return little-endian numbers of one of `struct`'s formats."""
        count = (end - start) // struct.calcsize(f"<{letter}")
        size = count * struct.calcsize(f"<{letter}")
        return list(struct.unpack(f"<{count}{letter}", bytes(self.data[start : start + size])))

    def _spend(self) -> None:
        self._budget[0] -= 1
        if self._budget[0] < 0:
            raise TooLong


def varint(data: Bytes, place: int, end: int) -> tuple[int, int]:
    """Return the number at a place, seven bits a byte, and the place behind it.

    >>> varint(bytes([150, 1]), 0, 2)
    (150, 2)
    """
    if place < end and (byte := data[place]) < 128:  # as most are
        return byte, place + 1
    value = shift = 0
    begun = place
    while place < end and shift < 70:
        byte = data[place]
        place += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value & (2**64 - 1), place
        shift += 7
    raise Malformed(begun)


def signed(value: int) -> int:
    """Return a 64-bit number as it is meant: in two's complement.

    >>> signed(2**64 - 1)
    -1
    """
    return value - 2**64 if value >= 2**63 else value
