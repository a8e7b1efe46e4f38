"""Streams that take all that is written, or say that it was they that did not."""

from __future__ import annotations

import io
import sys
from errno import ECONNRESET, EPIPE
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import TextIO


LEFT = (EPIPE, ECONNRESET)
"""What a pipe or a connection says whose reader left."""


class Unwritten(OSError):  # noqa: N818 - it is caught, and told as a Problem
    """Why a stream did not take what was written to it."""


class Outlet(io.FileIO):
    """A descriptor: one that is full for now, as a pipe that never blocks, is waited for.

    What else it does not take raises `Unwritten`, which no other fault of files is.
    """

    def write(self, data: Any, /) -> int:
        """Write as much as there is room for, and return how much that is."""
        try:
            while (written := super().write(data)) is None:
                _wait(self.fileno())
        except OSError as error:
            raise Unwritten(error.errno, error.strerror) from None
        return written


def _wait(descriptor: int) -> None:
    """Wait until a descriptor takes something."""
    from select import select

    select([], [descriptor], [])


def open_outlet(descriptor: int) -> io.BufferedWriter:
    """Return what writes to a copy of a descriptor."""
    import os

    return io.BufferedWriter(Outlet(os.dup(descriptor), "wb"))


def take_over() -> None:
    """Let what is written to standard output and standard error go through outlets.

    Each line is taken whole under `python -u` too: Python passes over how much of a text without a
    buffer was written.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is not None and stream is getattr(sys, f"__{name}__"):
            setattr(sys, name, _through_outlet(stream))


def _through_outlet(stream: TextIO) -> TextIO:
    """Return a text stream of an outlet, where one that writes to a descriptor stands."""
    raw: Any = getattr(stream.buffer, "raw", stream.buffer)
    if type(raw) is not io.FileIO:  # as of a console of Windows
        return stream
    is_by_line = raw is stream.buffer or bool(stream.line_buffering)
    return io.TextIOWrapper(
        io.BufferedWriter(Outlet(raw.fileno(), "wb", closefd=False)),
        stream.encoding,
        stream.errors,
        None,  # lines end as they do here
        line_buffering=is_by_line,
    )
