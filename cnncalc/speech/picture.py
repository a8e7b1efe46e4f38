"""The picture of a fault: what is said of it around its source lines, underlined.

In plain ASCII, as compilers draw theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _
from cnncalc.speech.lines import cells, paint, plain, wrap
from cnncalc.speech.visible import visible
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence


MOST_WARNINGS = BUDGET.warnings  # that are drawn


def more_warnings(count: int) -> str:
    """Return the line in place of the warnings that are not drawn."""
    return _("... and {count:,} more like these; --json lists them all", count=count)


class Stretch(NamedTuple):
    """A stretch that is underlined, and the words behind the line.

    Its `source` is a name and a text, in which it goes from `start` to `end`, on a `line` from 1
    that begins at `line_start`; `place` is how that is said.
    """

    source: tuple[str, str]
    start: int
    end: int
    line: int
    line_start: int
    place: str
    words: str


def draw(
    head: tuple[str, str, str],
    stretches: Sequence[Stretch],
    said: Iterable[tuple[str, str]],
    width: int | None = None,
    *,
    color: bool = False,
    is_open: bool = True,
) -> str:
    """Return the picture of a fault in lines of `width` cells, words never broken.

    Its `head` is a severity, a code and a message; `said` are notes and helps, each behind its
    word, for which the source lines are left `is_open`. Without a width those have 80 cells, and
    words are not folded.
    """
    severity, code, message = head
    painted = paint if color else plain
    hue = "red" if severity == "error" else "magenta"
    name = f"{_(severity)}[{code}]"
    first, *more = wrap(f"{name}: {visible(message)}", width, 2)
    bold = painted(name, f"bold {hue}") + painted(first[len(name) :], "bold")
    lines = [bold, *(painted(line, "bold") for line in more)]
    gutter = max((len(str(each.line)) for each in stretches), default=0)
    lines += _places(stretches, gutter, width, hue, painted)
    if stretches and is_open:
        lines.append(f"{' ' * gutter} {painted('|', 'bright_blue')}")
    sign = painted("=", "bright_blue")
    for word, text in said:
        start = f"{' ' * gutter} = {word}: "
        room = None if text.startswith("cnncalc ") else width  # a line to type is not broken
        first, *more = wrap(start + visible(text), room, cells(start))
        lines += [f"{' ' * gutter} {sign}{first[gutter + 2 :]}", *more]
    return "\n".join(lines)


def _places(
    stretches: Sequence[Stretch],
    gutter: int,
    width: int | None,
    hue: str,
    painted: Callable[[str, str], str],
) -> Iterator[str]:
    """Draw the source lines, each with an underline for every stretch on it."""
    blank = " " * gutter
    bar = painted("|", "bright_blue")
    sign = "^" if len(stretches) == 1 else "-"
    source: tuple[str, str] | None = None
    for alike in _by_line(stretches):
        stretch = alike[0]
        if source is not stretch.source:
            arrow = "-->" if source is None else ":::"
            yield f"{blank}{painted(arrow, 'bright_blue')} {visible(stretch.place)}"
            yield f"{blank} {bar}"
            source = stretch.source
        room = max((width or 80) - gutter - 3, 14)
        window = _SourceWindow(alike, room)
        number = painted(str(stretch.line).rjust(gutter), "bright_blue")
        yield f"{number} {bar} {window.text}".rstrip()
        for each in alike:
            before, under = window.cells(each)
            line = f"{' ' * before}{painted(sign * under, f'bold {hue}')}"
            words = visible(each.words)
            if before + under + 1 + cells(words) <= room or not words:
                yield f"{blank} {bar} {line}{painted(f' {words}' if words else '', hue)}"
                continue
            yield f"{blank} {bar} {line}"  # the words do not fit beside it
            start = max(min(before, room - cells(words)), 0)
            for words_ in wrap(" " * start + words, room):
                yield f"{blank} {bar} {painted(words_, hue)}"


def _by_line(stretches: Sequence[Stretch]) -> Iterator[list[Stretch]]:
    """Group stretches by the line they stand on: the first's source first, then down the page."""
    groups: dict[tuple[int, int], list[Stretch]] = {}
    sources: list[tuple[str, str]] = []
    for stretch in stretches:
        if stretch.source not in sources:
            sources.append(stretch.source)
        groups.setdefault((sources.index(stretch.source), stretch.line), []).append(stretch)
    for key in sorted(groups):
        yield sorted(groups[key], key=lambda stretch: stretch.start)


class _SourceWindow:
    """The part of a source line that is shown, in cells, with `...` where it was cut."""

    REACH = 400  # characters looked at on each side of the stretches: a line may be 4 MiB long

    def __init__(self, stretches: list[Stretch], width: int) -> None:
        first = stretches[0]
        _name, whole = first.source
        line_start = first.line_start
        line_end = whole.find("\n", first.start)
        line_end = len(whole) if line_end < 0 else line_end
        low = max(line_start, first.start - self.REACH)
        high = min(line_end, max(stretch.start for stretch in stretches) + self.REACH)
        shown = [visible(character) for character in whole[low:high].rstrip("\r")]
        sizes = [cells(text) for text in shown]
        start, stop = 0, len(shown)
        cut = (low > line_start, high < line_end)
        if sum(sizes) > width or cut[0] or cut[1]:
            start = max(0, first.start - low - min(12, width // 3))
            start = start if cut[0] or sum(sizes) > width else 0
            room = width - 6
            tail = sum(sizes[start:])
            while start and tail + sizes[start - 1] <= room:  # a line's end needs no empty room
                start -= 1
                tail += sizes[start]
            stop = start
            used = 0
            while stop < len(sizes) and used + sizes[stop] <= room:
                used += sizes[stop]
                stop += 1
        head = "..." if cut[0] or start else ""
        tail_mark = "..." if cut[1] or stop < len(shown) else ""
        self.text = head + "".join(shown[start:stop]) + tail_mark
        self._head = len(head)
        self._low = low + start
        self._sizes = sizes[start:stop]

    def cells(self, stretch: Stretch) -> tuple[int, int]:
        """Return how many cells stand before a stretch, and how many it takes, at least one."""
        start = min(max(stretch.start - self._low, 0), len(self._sizes))
        stop = min(max(stretch.end - self._low, 0), len(self._sizes))
        return self._head + sum(self._sizes[:start]), sum(self._sizes[start:stop]) or 1
