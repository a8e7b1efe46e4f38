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

    from cnncalc.importing.pages import Pages
    from cnncalc.importing.protobuf import Bytes

_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_ATTRIBUTE, _CONTINUES, _DENSE = 0x0C, 0x10, 0x15
_TEXT, _LONG = 3, 9  # classes of data types: so many bytes, and any number of them
_MOST_STEPS = BUDGET.back
MOST_TEXT = BUDGET.json


class FileSteps:
    """How far a file is still gone through: its parts may lead to one another again and again."""

    def __init__(self) -> None:
        self._left = _MOST_STEPS

    def take(self, count: int = 1) -> None:
        """Count steps; ValueError for too many."""
        self._left -= count
        if self._left < 0:
            raise ValueError


def read_attribute(data: Pages, name: str) -> str | None:
    """Return a text that is an attribute of the root group; None where there is none.

    ValueError where the file is no HDF5, or is not laid out as it says.
    """
    data, steps = _behind_user_block(data), FileSteps()
    for kind, start, end in _messages(data, _root(data), steps):
        found = None
        if kind == _ATTRIBUTE:
            found = _value(data, start, end, name, steps)
        elif kind == _DENSE:
            found = _in_fractal_heap(data, start, name, steps)
        if found is not None:
            return found.split(b"\0")[0].decode("utf-8")
    return None


def _behind_user_block(data: Pages) -> Pages:
    """Return a file without what a user put before it: 512 bytes, or twice as many, and so on."""
    begun = 512
    while bytes(data[0:8]) != _SIGNATURE and begun + 8 <= len(data):
        if bytes(data[begun : begun + 8]) == _SIGNATURE:
            return data.behind(begun)
        begun *= 2
    return data


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


def _messages(data: Bytes, header: int, steps: FileSteps) -> Iterator[tuple[int, int, int]]:
    """Yield the messages of a header: their types, and where they begin and end."""
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
            steps.take()
            kind = number(data, place, 1 if newer else 2)
            size = number(data, place + (1 if newer else 2), 2)
            place += head
            if kind == _CONTINUES:
                start, length = number(data, place, _WIDE), number(data, place + _WIDE, _WIDE)
                gone = 4 if newer else 0  # a signature before it, and a checksum behind
                stretches.append((start + gone, start + length - gone))
            yield kind, place, place + size
            place += size


def _in_fractal_heap(data: Bytes, start: int, wanted: str, steps: FileSteps) -> bytes | None:
    """Return the text of an attribute among many, which stand in the blocks of a heap."""
    place = start + 2 + (2 if number(data, start + 1, 1) & 1 else 0)
    heap = number(data, place, _WIDE)
    if heap >= len(data):  # there is none
        return None
    if bytes(data[heap : heap + 4]) != b"FRHP":
        raise ValueError
    at = heap + 110  # behind the counts of what it holds: how its blocks grow
    width, first = number(data, at, 2), number(data, at + 2, _WIDE)
    largest, bits = number(data, at + 2 + _WIDE, _WIDE), number(data, at + 2 + 2 * _WIDE, 2)
    root, rows = number(data, at + 22, _WIDE), number(data, at + 22 + _WIDE, 2)
    blocks = [(root, first)]
    if rows:
        begun = root + 5 + _WIDE + -(-bits // 8)
        sizes = [
            first << max(place // width - 1, 0) for place in range(min(rows * width, _MOST_BLOCKS))
        ]
        blocks = [
            (number(data, begun + _WIDE * place, _WIDE), size)
            for place, size in enumerate(sizes)
            if size <= largest
        ]
    name = wanted.encode() + b"\0"
    for block, size in blocks:
        steps.take()
        if block + size > len(data):  # one that is not there
            continue
        steps.take(min(size, MOST_TEXT) // _PART)
        held = bytes(data[block : block + min(size, MOST_TEXT)])
        found = held.find(name)
        while found >= 9:  # behind the first parts of an attribute of the third version
            steps.take()
            message, value = block + found - 9, None
            if held[found - 9] == 3:
                value = _value(data, message, block + size, wanted, steps)
            if value is not None:
                return value
            found = held.find(name, found + 1)
    return None


_MOST_BLOCKS = 256
_PART = 64 * 1024  # bytes that are looked through in a step


def _value(data: Bytes, start: int, end: int, wanted: str, steps: FileSteps) -> bytes | None:
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
    return _in_heap(data, place, steps) if form == _LONG else None


def _in_heap(data: Bytes, place: int, steps: FileSteps) -> bytes:
    """Return a text of any length: so many bytes, the heap that holds it, its number there."""
    length, heap, wanted = (number(data, place + at, n) for at, n in ((0, 4), (4, _WIDE), (12, 4)))
    if bytes(data[heap : heap + 4]) != b"GCOL" or length > MOST_TEXT:
        raise ValueError
    end = heap + number(data, heap + 8, _WIDE)
    place = heap + 16
    while place + 16 <= end:
        steps.take()
        size = number(data, place + 8, _WIDE)
        if number(data, place, 2) == wanted:
            return bytes(data[place + 16 : place + 16 + min(length, size)])
        place += 16 + -(-size // 8) * 8
    raise ValueError
