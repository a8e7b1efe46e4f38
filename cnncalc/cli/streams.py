"""What is written where: colours, widths, progress and files, in one place."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from cnncalc.speech.budget import BUDGET
from cnncalc.speech.visible import harmless

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rich.progress import Progress

    from cnncalc.output.layout import Style

T = TypeVar("T")

STEP = 1 / 256  # of progress that is shown
PATIENCE = 1.0  # seconds that go by without
PAGE = 80  # the cells of a line in a file
WIDEST = BUDGET.columns  # the cells of a line, whatever COLUMNS says

_tried: list[bool] = []
_bars: list[Progress] = []
"""What shows on a terminal how far the work has come."""


def say(text: str, *, err: bool = False) -> None:
    """Write a text and a line end; on a terminal it takes the place of a bar of progress."""
    stream = sys.stderr if err else sys.stdout
    if stream is not None:
        if _bars and stream.isatty():
            _bars.pop().stop()
        if not text.isprintable():
            text = harmless(text, color=wants_color(err=err))
        stream.write(f"{text}\n")


def flush() -> None:
    """Hand on what standard output still holds."""
    if sys.stdout is not None:
        sys.stdout.flush()


def hint(text: str) -> None:
    """Write what else there is below an answer, where a person alone reads it: to a terminal."""
    streams = (sys.stdout, sys.stderr)
    if all(stream is not None and stream.isatty() for stream in streams):
        from cnncalc.speech.lines import paint, wrap

        flush()
        for line in wrap(text, width(err=True)):
            say(paint(line, "bright_black") if wants_color(err=True) else line, err=True)


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
    if columns.isascii() and columns.isdigit() and columns.strip("0"):
        return int(columns) if len(columns) < 5 else WIDEST
    stream = sys.stderr if err else sys.stdout
    if stream is not None and stream.isatty():
        with suppress(OSError, OverflowError):  # it says so, and is none
            return os.get_terminal_size(stream.fileno()).columns or None
    return None


@contextmanager
def watch(words: str) -> Iterator[Callable[[float], None]]:
    """Yield what is told how much is done, from 0 to 1.

    What takes longer than a second has a bar on standard error, where that is a terminal.
    """
    start = monotonic()
    bar: Progress | None = None
    is_terminal = sys.stderr is not None and sys.stderr.isatty()
    shown = 0.0

    def tell(done: float) -> None:
        nonlocal bar, shown
        if shown <= done < shown + STEP:
            return
        shown = done
        if bar is None and is_terminal and monotonic() - start > PATIENCE:
            from cnncalc.output import terminal

            bar = terminal.progress(words)
            _bars.append(bar)
            bar.start()  # an interruption meanwhile stops it too, and the cursor is seen again
        if bar is not None:
            bar.update(bar.task_ids[0], completed=done)

    try:
        yield tell
    finally:
        if bar is not None:
            bar.stop()
            _bars[:] = [each for each in _bars if each is not bar]


def track(items: Iterable[T], words: str, total: int) -> Iterator[T]:
    """Yield items, with how many of a total there were."""
    with watch(words) as tell:
        for number, item in enumerate(items, 1):
            yield item
            tell(min(number / total, 1))


def is_seen(file: str | None) -> bool:
    """Return whether what is written stands on a terminal, which is progress enough."""
    return file is None and sys.stdout is not None and sys.stdout.isatty()


def style(file: str | None, form: str) -> Style:
    """Return how tables are drawn on standard output; a file has more room, and all the signs."""
    from cnncalc.output.layout import Style

    if file is not None:
        return Style(PAGE, color=form == "svg", unicode=True, grows=True)
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        "\u2500\u250c\u251c\u2502\u2514\u250a".encode(encoding)
    except UnicodeEncodeError:
        unicode = False
    else:
        unicode = True
    return Style(width(), wants_color(), unicode)


@contextmanager
def without_files() -> Iterator[None]:
    """Let what goes to files go to standard output, as of what is only tried."""
    _tried.append(True)
    try:
        yield
    finally:
        _tried.pop()


def put(lines: Iterable[str], file: str | None) -> None:
    """Write lines to standard output; or to a file, which is written whole or not at all."""
    if file is None or _tried:
        for line in lines:
            if getattr(sys.stdout, "lost", False):
                return
            say(line)
        return
    from cnncalc.cli import files

    files.write(file, map(harmless, lines), flush)
