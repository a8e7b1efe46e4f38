"""What is written where: encodings, colours and widths, in one place."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span, cells

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import TextIO

    from rich.progress import Progress

    from cnncalc.cli.options import Form
    from cnncalc.output.table import Style

T = TypeVar("T")

PAGE = 80  # the cells of a line in a file

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


def say(text: str, *, err: bool = False) -> None:
    """Write a text and a line end; signs that the encoding lacks are written in ASCII."""
    stream = sys.stderr if err else sys.stdout
    if stream is None:
        return
    stream.write(spoken(text, stream) + "\n")


def spoken(text: str, stream: TextIO) -> str:
    """Return a text with only characters that a stream can take."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.translate(_ASCII)
        return text.encode(encoding, "backslashreplace").decode(encoding)
    return text


def wants_color(*, err: bool = False) -> bool:
    """Return whether to colour: never under NO_COLOR, always under FORCE_COLOR, else on a tty."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    stream = sys.stderr if err else sys.stdout
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def width(*, err: bool = False) -> int | None:
    """Return the cells of a line: COLUMNS, or the terminal's; None where there is no terminal."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdigit() and int(columns):
        return int(columns)
    stream = sys.stderr if err else sys.stdout
    if stream is not None and stream.isatty():
        return os.get_terminal_size(stream.fileno()).columns or None
    return None


def folded(line: str, width: int | None) -> list[str]:
    """Return a line as lines no wider than there is room, broken between words."""
    if width is None or cells(line) <= width:
        return [line]
    indent = " " * (len(line) - len(line.lstrip()))
    lines = [""]
    for word in line.split():
        if lines[-1] and cells(lines[-1]) + cells(word) >= width:
            lines.append(f"{indent}  " if indent else "")
        lines[-1] += word if not lines[-1].strip() else f" {word}"
    return [indent + lines[0], *lines[1:]]


@contextmanager
def watch(words: str) -> Iterator[Callable[[float], None]]:
    """Yield what is told how much is done, from 0 to 1.

    What takes longer than a second has a bar on standard error, where that is a terminal.
    """
    start = monotonic()
    bar: Progress | None = None
    is_terminal = sys.stderr is not None and sys.stderr.isatty()

    def tell(done: float) -> None:
        nonlocal bar
        if bar is None and is_terminal and monotonic() - start > 1:
            from cnncalc.output import table

            bar = table.progress(words)
        if bar is not None:
            bar.update(bar.task_ids[0], completed=done)

    try:
        yield tell
    finally:
        if bar is not None:
            bar.stop()


def track(items: Sequence[T], words: str) -> Iterator[T]:
    """Yield items, with their progress."""
    with watch(words) as tell:
        for number, item in enumerate(items, 1):
            yield item
            tell(number / len(items))


def style(form: Form) -> Style:
    """Return how tables are drawn on standard output; a file has more room, and all the signs."""
    from cnncalc.output.formats import PICTURES
    from cnncalc.output.table import Style

    if form.file is not None:
        return Style(PAGE, form.format in PICTURES, unicode=True, grows=True)
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        "\u2500\u250c\u251c\u2502\u2514\u250a".encode(encoding)
    except UnicodeEncodeError:
        unicode = False
    else:
        unicode = True
    return Style(width(), wants_color(), unicode)


def put(lines: Iterable[str], file: str | None) -> None:
    """Write lines to standard output; or to a file, which is written whole or not at all."""
    if file is None:
        for line in lines:
            say(line)
        return
    try:
        _replace(file, lines)
    except (OSError, RuntimeError, ValueError) as error:  # links in a circle; \0 in a name
        reason = getattr(error, "strerror", None) or str(error)
        raise Problem(
            "file-not-written",
            _("this file cannot be written"),
            [Label(Span(Source("--output", file), 0, len(file)), reason[:1].lower() + reason[1:])],
            helps=[_("check the folder, its rights and its room; what was there is unchanged")],
        ) from None


def _replace(file: str, lines: Iterable[str]) -> None:
    """Write lines beside a file and put them in its place when all are there."""
    from pathlib import Path

    path = Path(file).resolve()
    text = (f"{line}\n".encode("utf-8", "backslashreplace") for line in lines)
    if path.exists() and not path.is_file():  # a pipe or a device has no place to take
        path.write_bytes(b"".join(text))
        return
    mode = 0o666
    if path.exists():
        path.open("ab").close()  # raises where it may not be written
        mode = path.stat().st_mode & 0o777
    beside = path.with_name(f".cnncalc-{os.getpid()}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
            out.writelines(text)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
