"""The texts in a zip by their names' ends: unpacked up to a bound, however much is held in it."""

from __future__ import annotations

import io
from errno import EINVAL
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile
from zlib import error as ZipError  # noqa: N812 - an exception by its own name

from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zipfile import ZipInfo

_DAMAGED = (BadZipFile, ZipError, EOFError, RuntimeError, NotImplementedError)


class _Bounded(io.FileIO):
    """A file of which at most so much is read at once: a zip's list of what it holds is."""

    most = BUDGET.listed

    def read(self, size: int | None = -1, /) -> bytes:
        """Return so many bytes; BadZipFile for too many."""
        if (size or 0) > self.most:
            raise BadZipFile
        return super().read(size)


def names_in(path: str) -> list[str]:
    """Return the names of what a zip holds; ValueError for one that is damaged."""
    try:
        with _Bounded(path) as file, ZipFile(file) as saved:
            return saved.namelist()
    except (*_DAMAGED, OSError):
        raise ValueError from None


def texts_in(path: str, *wanted: tuple[str, ...]) -> list[str | None]:
    """Return, for each of what is wanted, the text of the file in a zip whose name ends so.

    Of several ends the first goes before the others. It is None where there is no such file, where
    it is damaged, and where it is packed in a way that unpacks all at once; ValueError for one that
    is too long.
    """
    found: list[str | None] = []
    try:
        with _Bounded(path) as file, ZipFile(file) as saved:
            held, file.most = saved.infolist(), BUDGET.json + 1
            found.extend(_text(saved, next(_ending(held, ends), None)) for ends in wanted)
    except _DAMAGED:
        pass
    except OSError as error:
        if error.errno != EINVAL:  # else it sends to a place before its beginning
            raise
    return found + [None] * (len(wanted) - len(found))


def _ending(held: list[ZipInfo], ends: tuple[str, ...]) -> Iterator[ZipInfo]:
    return (each for end in ends for each in held if f"/{each.filename}".endswith(f"/{end}"))


def _text(saved: ZipFile, file: ZipInfo | None) -> str | None:
    if file is None or file.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        return None
    with saved.open(file) as content:
        text = content.read(BUDGET.json + 1)
    if len(text) > BUDGET.json:
        raise ValueError(_("its JSON has more than {most:,} bytes", most=BUDGET.json))
    return text.decode("utf-8-sig")
