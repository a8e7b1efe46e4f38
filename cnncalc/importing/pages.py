"""The bytes of a file, a page at a time: gigabytes take no memory, and one cut short is a fault."""

from __future__ import annotations

from io import SEEK_END
from typing import IO, overload

from cnncalc.speech.language import _

PAGE = 64 * 1024


class Pages:
    """The bytes of a file by their places, as those of `bytes` are.

    OSError where the file has become shorter since it was opened.
    """

    def __init__(self, file: IO[bytes], begun: int = 0) -> None:
        self._file = file
        self._begun = begun
        self._size = file.seek(0, SEEK_END) - begun
        self._start = 0
        self._page = b""

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, place: int) -> int: ...
    @overload
    def __getitem__(self, place: slice) -> bytes: ...
    def __getitem__(self, place: int | slice) -> int | bytes:
        if isinstance(place, slice):
            start, stop, _step = place.indices(self._size)
            begin = start - self._start
            if begin < 0 or stop - self._start > len(self._page):
                self.turn(start, stop - start)
                begin = start - self._start
            return self._page[begin : begin + stop - start]
        inside = place - self._start
        if not 0 <= inside < len(self._page):
            self.turn(place, 1)
            inside = place - self._start
        return self._page[inside]

    def behind(self, place: int) -> Pages:
        """Return the bytes behind a place, counted from it."""
        return Pages(self._file, self._begun + place)

    def turn(self, start: int, least: int) -> None:
        """Read the page that a place stands in, and so many bytes behind it at least."""
        self._start = start - start % PAGE  # what stands a little before is read next, often
        self._file.seek(self._begun + self._start)
        self._page = self._file.read(max(start + least - self._start, PAGE))
        if len(self._page) < start + least - self._start:
            raise OSError(_("it has become shorter while it was read"))


def number(data: bytes | Pages, place: int, size: int) -> int:
    """Return a whole number of so many bytes, the least first; ValueError where they are not there.

    >>> number(bytes([1, 2, 0]), 0, 2)
    513
    """
    held = bytes(data[place : place + size]) if place >= 0 else b""
    if len(held) < size:
        raise ValueError
    return int.from_bytes(held, "little")
