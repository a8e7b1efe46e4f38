"""The picture of a problem: what is said of it around its source lines, underlined.

In plain ASCII, as compilers draw theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _
from cnncalc.speech.lines import cells, paint, plain, wrap
from cnncalc.speech.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnncalc.speech.problem import Label, Problem, Source, Span


MOST_WARNINGS = BUDGET.warnings  # that are drawn


def more_warnings(count: int) -> str:
    """Return the line in place of the warnings that are not drawn."""
    return _("... and {count:,} more like these; --json lists them all", count=count)


def draw(problem: Problem, width: int | None = None, *, color: bool = False) -> str:
    """Return the picture of a problem in lines of `width` cells, words never broken.

    Without a width its source lines have 80 cells, and words are not folded.
    """
    offer = problem.offered()  # first: it may add to what is said
    painted = paint if color else plain
    hue = "red" if problem.severity == "error" else "magenta"
    name = f"{_(problem.severity)}[{problem.code}]"
    first, *more = wrap(f"{name}: {visible(problem.message)}", width, 2)
    head = painted(name, f"bold {hue}") + painted(first[len(name) :], "bold")
    lines = [head, *(painted(line, "bold") for line in more)]
    gutter = max((len(str(label.span.line)) for label in problem.labels), default=0)
    lines += _places(problem, width, hue, painted)
    mark = painted("=", "bright_blue")
    said = [(_("note"), note) for note in problem.notes]
    said += [(_("help"), text) for text in problem.helps_with(offer)]
    for word, text in said:
        start = f"{' ' * gutter} = {word}: "
        room = None if text.startswith("cnncalc ") else width  # a line to type is not broken
        first, *more = wrap(start + visible(text), room, cells(start))
        lines += [f"{' ' * gutter} {mark}{first[gutter + 2 :]}", *more]
    return "\n".join(lines)


def _places(
    problem: Problem, width: int | None, hue: str, painted: Callable[[str, str], str]
) -> Iterator[str]:
    """Draw the source lines, each with an underline for every label on it."""
    if not problem.labels:
        return
    gutter = max(len(str(label.span.line)) for label in problem.labels)
    blank = " " * gutter
    bar = painted("|", "bright_blue")
    mark = "^" if len(problem.labels) == 1 else "-"
    source: Source | None = None
    for labels in _by_line(problem.labels):
        span = labels[0].span
        if source is not span.source:
            arrow = "-->" if source is None else ":::"
            yield f"{blank}{painted(arrow, 'bright_blue')} {visible(span.place)}"
            yield f"{blank} {bar}"
            source = span.source
        room = max((width or 80) - gutter - 3, 14)
        window = _SourceWindow(labels, room)
        number = painted(str(span.line).rjust(gutter), "bright_blue")
        yield f"{number} {bar} {window.text}".rstrip()
        for label in labels:
            before, under = window.cells(label.span)
            line = f"{' ' * before}{painted(mark * under, f'bold {hue}')}"
            words = visible(label.text)
            if before + under + 1 + cells(words) <= room or not words:
                yield f"{blank} {bar} {line}{painted(f' {words}' if words else '', hue)}"
                continue
            yield f"{blank} {bar} {line}"  # the words do not fit beside it
            start = max(min(before, room - cells(words)), 0)
            for words_ in wrap(" " * start + words, room):
                yield f"{blank} {bar} {painted(words_, hue)}"
    if problem.notes or problem.helps:
        yield f"{blank} {bar}"


def _by_line(labels: tuple[Label, ...]) -> Iterator[list[Label]]:
    """Group labels by the line they stand on: the first's source first, then down the page."""
    groups: dict[tuple[int, int], list[Label]] = {}
    sources: list[Source] = []
    for label in labels:
        if label.span.source not in sources:
            sources.append(label.span.source)
        key = (sources.index(label.span.source), label.span.line)
        groups.setdefault(key, []).append(label)
    for key in sorted(groups):
        yield sorted(groups[key], key=lambda label: label.span.start)


class _SourceWindow:
    """The part of a source line that is shown, in cells, with `...` where it was cut."""

    REACH = 400  # characters looked at on each side of the labels: a line may be 4 MiB long

    def __init__(self, labels: list[Label], width: int) -> None:
        first = labels[0].span
        whole = first.source.text
        line_start = first.line_start
        line_end = whole.find("\n", first.start)
        line_end = len(whole) if line_end < 0 else line_end
        low = max(line_start, first.start - self.REACH)
        high = min(line_end, max(label.span.start for label in labels) + self.REACH)
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

    def cells(self, span: Span) -> tuple[int, int]:
        """Return how many cells stand before a span, and how many it takes, at least one."""
        start = min(max(span.start - self._low, 0), len(self._sizes))
        stop = min(max(span.end - self._low, 0), len(self._sizes))
        return self._head + sum(self._sizes[:start]), sum(self._sizes[start:stop]) or 1
