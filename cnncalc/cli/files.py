"""Files that are written whole or not at all, and stay whose they are."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from cnncalc.cli.outlets import LEFT, open_outlet
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span
from cnncalc.speech.system import reason_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from io import BufferedWriter, FileIO
    from types import FrameType


ENDS = [
    getattr(signal, name)
    for name in ("SIGTERM", "SIGHUP", "SIGQUIT", "SIGXCPU", "SIGALRM", "SIGUSR1", "SIGUSR2")
    if hasattr(signal, name)
]
"""The signals that end a program, and give it the time to tidy up."""


def write(file: str, lines: Iterable[str], flush: Callable[[], object]) -> None:
    """Write lines to a file; a `Problem` where that fails, and what was there is unchanged.

    To `flush` comes first where the file is an open stream: so what it holds stands before them.
    """
    text = (f"{line}\n".encode("utf-8", "backslashreplace") for line in lines)
    try:
        _write(file, text, flush)
    except (OSError, ValueError) as error:  # \0 in a name
        raise Problem(
            "file-not-written",
            _("this file cannot be written"),
            [Label(Span(Source("--output", file), 0, len(file)), reason_of(error))],
            helps=[_("check the folder, its rights and its room; what was there is unchanged")],
        ) from None


def refuse_what_is_read(file: str, words: Iterable[str]) -> None:
    """Refuse a file to write to that one of the words names, or leads to: it would be lost.

    A word that is a model, or notation, is no file, whatever stands under that name; what follows
    a sheet is one.
    """
    from cnncalc.importing.sources import is_outside

    try:
        there = os.stat(file)  # noqa: PTH116
    except (OSError, ValueError):
        return
    has_sheet = False
    for word in words if _is_plain(there) else ():
        has_sheet = has_sheet or word.endswith(".toml")
        if not (has_sheet or is_outside(word)):
            continue
        with suppress(OSError, ValueError):
            if os.path.samestat(os.stat(word), there):  # noqa: PTH116
                raise Problem(
                    "file-not-written",
                    _("this file is read here, and what it holds would be lost"),
                    [Label(Span(Source("--output", file), 0, len(file)))],
                    helps=[_("write to a file of another name")],
                )


def _write(file: str, text: Iterable[bytes], flush: Callable[[], object]) -> None:
    """Write to a stream that a name stands for, through a pipe or a device, or to a file."""
    try:
        there = os.stat(file)  # noqa: PTH116 - pathlib is slow to import
    except FileNotFoundError:
        there = None
    if there is not None and (descriptor := _descriptor(file, there)) is not None:
        flush()
        with _until_left(), open_outlet(descriptor) as out:
            out.writelines(text)
    elif there is not None and not _is_plain(there):
        with _until_left(), open(file, "wb") as out:  # noqa: PTH123
            out.writelines(text)
    else:
        _replace(_resolved(file), there, text)


@contextmanager
def _until_left() -> Iterator[None]:
    """Write until who reads leaves, who had what was wanted."""
    try:
        yield
    except OSError as error:
        if error.errno not in LEFT:
            raise


def _resolved(file: str) -> str:
    """Return the file that a name leads to, through links; what stands before it is a folder.

    `os.path.realpath` alone makes one of `new/.`, and of what stands behind folders that are none.
    """
    while os.path.islink(file):  # noqa: PTH114
        file = os.path.join(os.path.dirname(file), os.readlink(file))  # noqa: PTH115, PTH118, PTH120
    folder, name = os.path.split(file)
    if folder and name in ("", ".", ".."):
        raise IsADirectoryError(21, os.strerror(21))
    if not name:
        raise FileNotFoundError(2, os.strerror(2))
    return os.path.join(os.path.realpath(folder, strict=True), name)  # noqa: PTH118


def is_stream(file: str) -> bool:
    """Return whether a name is that of an open stream, a pipe or a device, and of no file."""
    from stat import S_ISDIR

    with suppress(OSError, ValueError):
        there = os.stat(file)  # noqa: PTH116
        return not (_is_plain(there) or S_ISDIR(there.st_mode)) or bool(_descriptor(file, there))
    return False


def _descriptor(file: str, there: os.stat_result) -> int | None:
    """Return which of the open streams a file is: /dev/stdout and /dev/fd/3 are none to replace."""
    folder, name = os.path.split(file)
    with suppress(OSError):
        if name.isdigit() and os.path.samefile(folder or os.curdir, "/dev/fd"):  # noqa: PTH121
            return int(name)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # closed, or no stream of a process
            if os.path.samestat(there, os.fstat(stream.fileno())):
                return stream.fileno()
    return None


def _is_plain(there: os.stat_result) -> bool:
    """Return whether it is a file, which another can take the place of."""
    from stat import S_ISREG

    return S_ISREG(there.st_mode)


def _replace(path: str, there: os.stat_result | None, text: Iterable[bytes]) -> None:
    """Write a file beside a path, with the rights of the one there, and put it in its place.

    Where none can be made beside it, or it would be another's, the one there is written over.
    """
    if there is not None:
        os.close(os.open(path, os.O_WRONLY | os.O_APPEND))  # raises where it may not be written
    beside = os.path.join(os.path.dirname(path), f".cnncalc-{os.urandom(8).hex()}")  # noqa: PTH118, PTH120
    with _tidied(lambda: os.unlink(beside)):  # noqa: PTH108
        if out := _created(beside, there):
            with out:
                keeps = _take_over(out.fileno(), there, path)
                out.writelines(text)
            if keeps and _moved(beside, path, there):
                return
            with open(beside, "rb") as written:  # noqa: PTH123
                text = [written.read()]
            os.unlink(beside)  # noqa: PTH108
    _write_over(path, text)


def _created(beside: str, there: os.stat_result | None) -> BufferedWriter | None:
    """Return a new file, for nobody else to read until it is whose one there is.

    It is None where none can be made beside one that is there.
    """
    mode = 0o666 if there is None else 0o600
    try:
        return open(beside, "xb", opener=lambda path, how: os.open(path, how, mode))
    except OSError:
        if there is None:
            raise
        return None


def _moved(beside: str, path: str, there: os.stat_result | None) -> bool:
    """Put a file in another's place; return whether that went: something may be mounted there."""
    try:
        os.replace(beside, path)  # noqa: PTH105
    except OSError:
        if there is None:
            raise
        return False
    return True


def _take_over(handle: int, there: os.stat_result | None, path: str) -> bool:
    """Give a new file the rights and the owner of the one at a path; return whether that went."""
    if there is None:
        return True
    made = os.fstat(handle)
    if there.st_nlink > 1:
        return False
    try:
        if (made.st_uid, made.st_gid) != (there.st_uid, there.st_gid):
            os.fchown(handle, there.st_uid, there.st_gid)
        os.fchmod(handle, there.st_mode & 0o7777)
    except OSError:
        return False
    return not _has_lists(path)


def _has_lists(path: str) -> bool:
    """Return whether a file has more than a mode: lists of who may do what, or other attributes."""
    with suppress(OSError, AttributeError):  # not every file system or machine keeps them
        return not all(each.startswith("security.") for each in os.listxattr(path))
    return False


def _write_over(path: str, text: Iterable[bytes]) -> None:
    """Write a file over; where that fails, what was there is put back."""
    whole = b"".join(text)
    with open(path, "r+b", buffering=0) as out:  # noqa: PTH123
        before = out.read()
        with _tidied(lambda: _fill(out, before)):
            _fill(out, whole)


def _fill(out: FileIO, content: bytes) -> None:
    """Make a file hold just some bytes."""
    out.seek(0)
    left = memoryview(content)
    while left:
        left = left[out.write(left) :]
    out.truncate()


@contextmanager
def _tidied(tidy: Callable[[], object]) -> Iterator[None]:
    """Tidy something up where what is done meanwhile fails, or a signal ends the program."""

    def end(number: int, _frame: FrameType | None) -> None:
        with suppress(OSError):
            tidy()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    before = {}
    try:
        with suppress(ValueError):  # not the main thread, which signals go to
            for number in ENDS:
                if signal.getsignal(number) is signal.SIG_DFL:  # and not passed over, as by nohup
                    before[number] = signal.signal(number, end)
        yield
    except BaseException:
        with suppress(OSError):
            tidy()
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
