"""Streams that take all that is written, or say that it was they that did not."""

from __future__ import annotations

import io
import sys
from contextlib import contextmanager, suppress
from errno import ECONNRESET, EPIPE
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


LEFT = (EPIPE, ECONNRESET)
"""What a pipe or a connection says whose reader left."""


_ASCII = str.maketrans(
    {
        "\u00d7": "x",
        "\u00b7": "*",
        "\u2212": "-",
        "\u2192": "->",
        "\u230a": "floor(",
        "\u230b": ")",
        "\u2308": "ceil(",
        "\u2309": ")",
    }
)


class Unwritten(Exception):  # noqa: N818 - it is caught, and told as a Problem
    """Why standard output did not take what was written to it."""


class Outlet(io.FileIO):
    """A descriptor: one that is full for now, as a pipe that never blocks, is waited for.

    Of one that is `lost` nothing more is asked.
    """

    lost = False

    def write(self, data: Any, /) -> int:
        """Write as much as there is room for, and return how much that is."""
        if self.lost:
            return len(data)
        while (written := super().write(data)) is None:
            _wait(self.fileno())
        return written


def _wait(descriptor: int) -> None:
    """Wait until a descriptor takes something."""
    from select import select

    select([], [descriptor], [])


def open_outlet(descriptor: int) -> io.BufferedWriter:
    """Return what writes to a copy of a descriptor."""
    import os

    return io.BufferedWriter(Outlet(os.dup(descriptor), "wb"))


class Guarded:
    """Standard output or standard error, whatever object Python's caller put in its place.

    It is `lost` once it does not take a text: a reader that left had what it wanted, and standard
    error can wait; a standard output that is needed raises `Unwritten`.
    """

    def __init__(self, stream: Any, *, is_needed: bool, is_own: bool) -> None:
        self.lost = False
        self.users = 0
        self.stands_for = stream
        self.encoding = _encoding_of(stream)
        self._stream = _through_outlet(stream) if is_own else stream
        self._is_needed = is_needed
        self._fault: Exception | None = None

    def write(self, text: str, /) -> int:
        """Write a text, with signs that the encoding lacks in ASCII; TypeError for bytes."""
        if not isinstance(text, str):  # as click finds out what a stream takes
            raise TypeError
        self._ask("write", _spoken(text, self.encoding))
        return len(text)

    def flush(self) -> None:
        """Hand on what the stream still holds."""
        if hasattr(self._stream, "flush"):
            self._ask("flush")

    def _ask(self, what: str, *given: str) -> None:
        """Let the stream do something; what it raised once is raised whenever it is asked."""
        if not self.lost:
            try:
                getattr(self._stream, what)(*given)
            except Exception as error:  # noqa: BLE001 - of whatever object
                from cnncalc.speech.system import reason_of

                self.lose()
                if self._is_needed and getattr(error, "errno", None) not in LEFT:
                    is_ours = isinstance(error, MemoryError | RecursionError)
                    self._fault = error if is_ours else Unwritten(reason_of(error))
        if self._fault:
            raise self._fault from None

    def lose(self) -> None:
        """Take nothing more, nor write what is still held."""
        self.lost = True
        raw = getattr(getattr(self._stream, "buffer", None), "raw", None)
        if isinstance(raw, Outlet):
            raw.lost = True

    def isatty(self) -> bool:
        """Return whether a terminal is written to."""
        with suppress(Exception):
            return self._stream.isatty() is True
        return False

    def fileno(self) -> int:
        """Return the descriptor that is written to; OSError where there is none."""
        with suppress(Exception):
            if isinstance(found := self._stream.fileno(), int):
                return found
        raise io.UnsupportedOperation("fileno")


def _encoding_of(stream: Any) -> str:
    """Return the encoding of what is written to a stream: one that Python knows."""
    with suppress(Exception):
        "".encode(found := stream.encoding)
        return str(found)
    return "utf-8"


def _spoken(text: str, encoding: str) -> str:
    """Return a text with only characters that an encoding has."""
    with suppress(UnicodeError):
        text.encode(encoding)
        return text
    text = text.translate(_ASCII)
    with suppress(UnicodeError):
        return text.encode(encoding, "backslashreplace").decode(encoding)
    return text.encode("ascii", "backslashreplace").decode()


@contextmanager
def taken_over() -> Iterator[None]:
    """Let what is written to standard output and standard error be guarded for a while.

    Each line is taken whole under `python -u` too: Python passes over how much of a text without a
    buffer was written.
    """
    taken = [(name, guarded) for name in ("stdout", "stderr") if (guarded := _taken(name))]
    try:
        yield
    finally:
        for name, guarded in taken:
            _give_back(name, guarded)


_LOCK = Lock()


def _taken(name: str) -> Guarded | None:
    """Return the guarded stream of a name, which another thread may have been given too."""
    with _LOCK:
        guarded = getattr(sys, name)
        if guarded is None:
            return None
        if not isinstance(guarded, Guarded):
            is_own = guarded is getattr(sys, f"__{name}__")
            guarded = Guarded(guarded, is_needed=name == "stdout", is_own=is_own)
            setattr(sys, name, guarded)
        guarded.users += 1
        return guarded


def _give_back(name: str, guarded: Guarded) -> None:
    """Put a stream back where the last leaves it, with what it holds after an interruption."""
    with _LOCK:
        guarded.users -= 1
        if not guarded.users:
            guarded.lose()
            if getattr(sys, name) is guarded:
                setattr(sys, name, guarded.stands_for)


def _through_outlet(stream: Any) -> Any:
    """Return a text stream of an outlet, where one that writes to a descriptor stands."""
    with suppress(ValueError):  # it is closed, or detached
        raw = getattr(stream.buffer, "raw", stream.buffer)
        if type(raw) is io.FileIO:  # and no console of Windows
            is_by_line = raw is stream.buffer or bool(stream.line_buffering)
            return io.TextIOWrapper(
                io.BufferedWriter(Outlet(raw.fileno(), "wb", closefd=False)),
                stream.encoding,
                stream.errors,
                None,  # lines end as they do here
                line_buffering=is_by_line,
            )
    return stream
