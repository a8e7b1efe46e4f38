"""An attribute of an HDF5 file: what Keras' .h5 says of its model, found without the weights.

After the "HDF5 File Format Specification", version 3.0: a superblock leads to the root group, whose
header is a list of messages, attributes among them; a text of any length stands in a heap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.pages import number
from cnncalc.speech.budget import BUDGET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.importing.protobuf import Bytes

_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_ATTRIBUTE, _CONTINUES = 0x0C, 0x10
_TEXT, _LONG = 3, 9  # classes of data types: so many bytes, and any number of them
_MOST_STEPS = BUDGET.back
MOST_TEXT = BUDGET.json


def read_attribute(data: Bytes, name: str) -> str | None:
    """Return a text that is an attribute of the root group; None where there is none.

    ValueError where the file is no HDF5, or is not laid out as it says.
    """
    for kind, start, end in _messages(data, _root(data)):
        if kind == _ATTRIBUTE and (found := _value(data, start, end, name)) is not None:
            return found.split(b"\0")[0].decode("utf-8")
    return None


def _root(data: Bytes) -> int:
    """Return where the header of the root group stands."""
    if bytes(data[0:8]) != _SIGNATURE:
        raise ValueError
    version = number(data, 8, 1)
    offsets = number(data, 13 if version < 2 else 9, 1)
    if offsets != _WIDE:
        raise ValueError
    if version < 2:  # the root's entry: its name, then its header
        return number(data, (24, 28)[version] + 4 * _WIDE + _WIDE, _WIDE)
    return number(data, 12 + 3 * _WIDE, _WIDE)


_WIDE = 8
"""The bytes of an address, and of a length."""


def _messages(data: Bytes, header: int) -> Iterator[tuple[int, int, int]]:
    """Yield the messages of a header: their types, and where they begin and end."""
    steps = 0
    newer = bytes(data[header : header + 4]) == b"OHDR"
    if newer:
        flags = number(data, header + 5, 1)
        start = header + 6 + (16 if flags & 0x20 else 0) + (4 if flags & 0x10 else 0)
        size = 1 << (flags & 3)
        head = 6 if flags & 4 else 4
        stretches = [(start + size, start + size + number(data, start, size))]
    else:
        head = 8
        stretches = [(header + 16, header + 16 + number(data, header + 8, 4))]
    while stretches:
        place, end = stretches.pop(0)
        while place + head <= end:
            steps += 1
            if steps > _MOST_STEPS:
                raise ValueError
            kind = number(data, place, 1 if newer else 2)
            size = number(data, place + (1 if newer else 2), 2)
            place += head
            if kind == _CONTINUES:
                start, length = number(data, place, _WIDE), number(data, place + _WIDE, _WIDE)
                gone = 4 if newer else 0  # a signature before it, and a checksum behind
                stretches.append((start + gone, start + length - gone))
            yield kind, place, place + size
            place += size


def _value(data: Bytes, start: int, end: int, wanted: str) -> bytes | None:
    """Return the text of an attribute, if it has a name: name, type and space, then the text."""
    version = number(data, start, 1)
    place = start + (9 if version > 2 else 8)
    parts = []
    for at in (2, 4, 6):
        size = number(data, start + at, 2)
        parts.append((place, place + size))
        place += -(-size // 8) * 8 if version < 2 else size  # the first version rounds up to eights
    (begin, stop), (kind, _end), _space = parts
    if bytes(data[begin:stop]).rstrip(b"\0") != wanted.encode() or place > end:
        return None
    form, size = number(data, kind, 1) & 15, number(data, kind + 4, 4)
    if form == _TEXT:
        return bytes(data[place : min(place + size, end)])
    return _in_heap(data, place) if form == _LONG else None


def _in_heap(data: Bytes, place: int) -> bytes:
    """Return a text of any length: so many bytes, the heap that holds it, its number there."""
    length, heap, wanted = (number(data, place + at, n) for at, n in ((0, 4), (4, _WIDE), (12, 4)))
    if bytes(data[heap : heap + 4]) != b"GCOL" or length > MOST_TEXT:
        raise ValueError
    end = heap + number(data, heap + 8, _WIDE)
    place = heap + 16
    for _step in range(_MOST_STEPS):
        if place + 16 > end:
            break
        size = number(data, place + 8, _WIDE)
        if number(data, place, 2) == wanted:
            return bytes(data[place + 16 : place + 16 + min(length, size)])
        place += 16 + -(-size // 8) * 8
    raise ValueError
