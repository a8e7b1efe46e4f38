"""What stands on standard input, all of it."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import IO, Any

from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span
from cnncalc.speech.system import reason_of


def opened(most: int) -> IO[bytes]:
    """Return standard input as a file of at most so many bytes, whoever writes it.

    A caller from Python may have put any object in its place.
    """
    if sys.stdin is None:
        raise _not_read(_("there is no standard input to read a network from"))
    try:
        return io.BytesIO(_read(getattr(sys.stdin, "buffer", sys.stdin), most))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - of whatever object
        raise _not_read(_("standard input cannot be read"), reason_of(error)) from None


def _read(file: Any, most: int) -> bytes:
    """Return so many bytes of a file, or characters of one that holds text, at most."""
    never_blocks = False
    with suppress(io.UnsupportedOperation, AttributeError):  # it has no descriptor
        never_blocks = not os.get_blocking(file.fileno())
    content: bytes | str = _awaited(file.fileno(), most) if never_blocks else file.read(most)
    return content.encode("utf-8", "surrogatepass") if isinstance(content, str) else bytes(content)


def _awaited(descriptor: int, most: int) -> bytes:
    """Return what comes until the end of a stream that gives none while none is there."""
    from select import select

    content = bytearray()  # grows in place, however many parts come
    while len(content) < most:
        select([descriptor], [], [])
        with suppress(BlockingIOError):
            if not (part := os.read(descriptor, min(1 << 16, most - len(content)))):
                break
            content += part
    return bytes(content)


def _not_read(fact: str, why: str = "") -> Problem:
    return Problem(
        "file-not-read",
        fact,
        [Label(Span(Source("<stdin>", ""), 0, 0), why)],
        helps=[_("write the network as an argument, or name a file")],
    )
