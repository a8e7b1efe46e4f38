"""Every fault of the user's input: what is wrong, where, why, and what to type instead.

A span knows its own source text, so a fault found late points into the stack, a definition or
a file as well as a typing slip does. A `Problem` draws itself in plain ASCII.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.speech.language import _, is_english
from cnncalc.speech.lines import cells, paint, plain, wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MOST_LINE = 160  # characters of a command line that is printed whole


class Source(NamedTuple):
    """A text of the user's and the name it goes by: a file, `<stack>`, `<stdin>`, or an option."""

    name: str
    text: str


class Span:
    """A stretch of one source, in characters from 0; `end` is not part of it.

    Where a thing stands is not what it is: all spans are equal, so two trees are equal when
    they say the same, wherever it was written.
    """

    __slots__ = ("end", "source", "start")

    def __init__(self, source: Source, start: int, end: int) -> None:
        self.source = source
        self.start = start
        self.end = end

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Span)

    def __hash__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return f"Span({self.source.name!r}, {self.start}, {self.end})"

    @property
    def text(self) -> str:
        """The characters of the span."""
        return self.source.text[self.start : self.end]

    @property
    def line(self) -> int:
        """The line the span begins on, from 1."""
        return self.source.text.count("\n", 0, self.start) + 1

    @property
    def column(self) -> int:
        """The column the span begins at, in characters from 1."""
        return self.start - self.line_start + 1

    @property
    def line_start(self) -> int:
        """The position of the first character of the span's first line."""
        return self.source.text.rfind("\n", 0, self.start) + 1

    @property
    def place(self) -> str:
        """`name:line:column`, as editors read it."""
        return f"{self.source.name}:{self.line}:{self.column}"

    def to(self, other: Span) -> Span:
        """Return the span from the start of this one to the end of another."""
        return Span(self.source, self.start, other.end)


class Label(NamedTuple):
    """A span that is underlined, with a few words behind the line."""

    span: Span
    text: str = ""


class Fix(NamedTuple):
    """A replacement that `help` offers: put `text` where `span` is."""

    span: Span
    text: str

    def apply(self) -> str:
        """Return the source's text with the replacement made."""
        whole = self.span.source.text
        return whole[: self.span.start] + self.text + whole[self.span.end :]


_propose: Callable[[Problem], list[list[str]]] | None = None


def propose_with(propose: Callable[[Problem], list[list[str]]] | None) -> None:
    """Say what tries the proposals of problems: on the command line, whole command lines."""
    global _propose  # noqa: PLW0603 - one process has one command line
    _propose = propose


def as_typed(words: list[str]) -> str:
    """Return a command line as it is typed, what a shell would read otherwise in quotes.

    >>> as_typed(["cnncalc", "stack", "8x8x3 -> relu"])
    'cnncalc stack "8x8x3 -> relu"'
    """
    return " ".join(
        word
        if word and all(sign.isalnum() or sign in "_-.,:=/+x" for sign in word)
        else f'"{word}"'
        if not set(word) & set('"$`\\!')
        else "'" + word.replace("'", "'\\''") + "'"
        for word in words
    )


class Problem(Exception):  # noqa: N818 - a fault of the input, not of the program
    """A fault of the user's input; `severity` is 'error' or, where an answer stands, 'warning'.

    `code` is stable and in kebab-case; `labels` are the places, the first one the place;
    `notes` show the arithmetic, `helps` say what to type; `fix` is what the first help
    offers, to apply, and `lines` are command lines that are offered, none of them tried yet.
    `status` is the exit status: 1 for wrong input, 2 for a command misused.
    """

    def __init__(
        self,
        code: str,
        message: str,
        labels: Iterable[Label] = (),
        *,
        notes: Iterable[str] = (),
        helps: Iterable[str] = (),
        fix: Fix | None = None,
        lines: Iterable[list[str]] = (),
        severity: str = "error",
        status: int = 1,
        about: str = "",
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.labels = tuple(labels)
        self.notes = tuple(notes)
        self.helps = tuple(helps)
        self.fix = fix
        self.lines = tuple(lines)
        self.inputs: tuple[str, ...] = ()  # volumes to begin with, with which it is none
        self.also: tuple[Fix, ...] = ()  # what may be meant as well as what `fix` says
        self.severity = severity
        self.status = status
        self.about = about

    def at(self, span: Span, *notes: str) -> Problem:
        """Return the same problem, labelled at a span with what it is about, with more notes."""
        return Problem(
            self.code,
            self.message,
            self.labels or (Label(span, self.about),),
            notes=(*self.notes, *notes),
            helps=self.helps,
            fix=self.fix,
            lines=self.lines,
            severity=self.severity,
            status=self.status,
        )

    def __str__(self) -> str:
        return self.draw()

    def tried(self) -> list[list[str]]:
        """Return the whole command lines that are offered: those that were tried, and work."""
        return _propose(self) if _propose else []

    def helps_with(self, tried: list[list[str]]) -> list[str]:
        """Return the helps, with whole lines in place of the piece that a fix puts in."""
        typed = map(as_typed, tried)
        lines = [line for line in typed if len(line) <= MOST_LINE and "\n" not in line]
        return [*lines, *self.helps[1:]] if lines else [*self.helps]

    def draw(self, width: int | None = None, *, color: bool = False) -> str:
        """Return the picture of the problem in lines of `width` cells, words never broken.

        Without a width its source lines have 80 cells, and words are not folded.
        """
        painted = paint if color else plain
        hue = "red" if self.severity == "error" else "magenta"
        name = f"{_(self.severity)}[{self.code}]"
        first, *more = wrap(f"{name}: {visible(self.message)}", width, 2)
        head = painted(name, f"bold {hue}") + painted(first[len(name) :], "bold")
        lines = [head, *(painted(line, "bold") for line in more)]
        gutter = max((len(str(label.span.line)) for label in self.labels), default=0)
        lines += self._picture(gutter, width, hue, painted)
        mark = painted("=", "bright_blue")
        said = [(_("note"), note) for note in self.notes]
        said += [(_("help"), text) for text in self.helps_with(self.tried())]
        for word, text in said:
            start = f"{' ' * gutter} = {word}: "
            room = None if text.startswith("cnncalc ") else width  # a line to type is not broken
            first, *more = wrap(start + visible(text), room, cells(start))
            lines += [f"{' ' * gutter} {mark}{first[gutter + 2 :]}", *more]
        return "\n".join(lines)

    def _picture(
        self, gutter: int, width: int | None, hue: str, painted: Callable[[str, str], str]
    ) -> Iterator[str]:
        """Draw the source lines, each with an underline for every label on it."""
        if not self.labels:
            return
        blank = " " * gutter
        bar = painted("|", "bright_blue")
        mark = "^" if len(self.labels) == 1 else "-"
        source: Source | None = None
        for labels in _by_line(self.labels):
            span = labels[0].span
            if source is not span.source:
                arrow = "-->" if source is None else ":::"
                yield f"{blank}{painted(arrow, 'bright_blue')} {visible(span.place)}"
                yield f"{blank} {bar}"
                source = span.source
            room = max((width or 80) - gutter - 3, 14)
            window = _Window(labels, room)
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
        if self.notes or self.helps:
            yield f"{blank} {bar}"

    def as_data(self) -> dict[str, object]:
        """Return the problem as plain data, for JSON: lines and columns from 1."""
        tried = self.tried()
        return {
            "severity": self.severity,
            "code": self.code,
            "message": visible(self.message),
            "places": [
                {
                    "name": visible(label.span.source.name),
                    "line": label.span.line,
                    "column": label.span.column,
                    "text": visible(label.span.text[:200]),
                    "label": visible(label.text),
                }
                for label in self.labels
            ],
            "notes": [visible(note) for note in self.notes],
            "helps": [visible(text) for text in self.helps_with(tried)],
            "try": tried,
        }


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


class _Window:
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


ACTS = (
    r"[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    r"\ufff9-\ufffb]"
)
"""Control characters but tabs and line ends, and those that turn or hide what is around them."""


def harmless(text: str, *, color: bool = False) -> str:
    r"""Return lines with what acts on a terminal or turns the text around it spelled out.

    What changes colours alone is kept where there are to be colours.

    >>> harmless("Mina\x1b]0;boss\a Jun\u202e")
    'Mina\\x1b]0;boss\\x07 Jun\\u202e'
    """
    if text.isprintable():
        return text
    import re

    kept = r"(\x1b\[[0-9;]*m)" if color else "(?!)()"
    return re.sub(f"{kept}|{ACTS}", lambda found: found[1] or visible(found[0]), text)


def visible(text: str) -> str:
    r"""Return a text with what cannot be seen, or would move the cursor, spelled out.

    >>> visible("a\tb\0")
    'a b\\x00'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character
        if character.isprintable()
        else " "
        if character == "\t"
        else character.encode("ascii", "backslashreplace").decode()
        if ord(character) > 127
        else f"\\x{ord(character):02x}"
        for character in text
    )


def quoted(text: str, limit: int = 40) -> str:
    """Return the user's own words in single quotes, cut short where they are long.

    >>> quoted("covn")
    "'covn'"
    """
    return f"'{text if len(text) <= limit else text[: limit - 3] + '...'}'"


def plural(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun, singular or plural; the noun is translated by itself.

    >>> plural(1, "row"), plural(2, "row"), plural(2, "branch", "branches")
    ('1 row', '2 rows', '2 branches')
    """
    if not is_english():
        return f"{count:,} {_(one)}"
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def article(noun: str) -> str:
    """Return a noun that begins with a number, with the article that it is spoken with.

    >>> article("3x3"), article("8x8"), article("11x11")
    ('a 3x3', 'an 8x8', 'an 11x11')
    """
    if not is_english():
        return noun
    spoken = noun.startswith("8") or (noun[:2] in ("11", "18") and not noun[2:3].isdigit())
    return f"{'an' if spoken else 'a'} {noun}"


def meant(close: str | None, otherwise: str) -> str:
    """Return the help that offers a name that is close, or says something else where none is."""
    return _("did you mean '{name}'?", name=close) if close else otherwise


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Return the word of which another is a slip of the pen, or None.

    A slip leaves out, adds, changes or swaps a letter; long words may have two or three.

    >>> nearest("covn", ["conv", "fc"]), nearest("max", ["aux"]), nearest("--input", ["--output"])
    ('conv', None, None)
    """
    flat = re.sub("[-_]", "", word.lower())
    most = 0 if len(flat) < 2 else 1 if len(flat) <= 4 else 2 if len(flat) <= 10 else 3
    near = []
    for each in words:
        other = re.sub("[-_]", "", each.lower())
        if abs(len(other) - len(flat)) <= most and (slips := _slips(flat, other)) <= most:
            apart = sum(abs(ord(a) - ord(b)) for a, b in zip(flat, other, strict=False))
            near.append((slips, sorted(flat) != sorted(other), apart, each))
    return min(near)[-1] if near else None


def _slips(word: str, other: str) -> int:
    """Return how many slips lead from one word to another."""
    before: list[int] = []
    last: list[int] = [*range(len(other) + 1)]
    for i, a in enumerate(word, 1):
        row: list[int] = [i]
        for j, b in enumerate(other, 1):
            row.append(min(last[j] + 1, row[-1] + 1, last[j - 1] + (a != b)))
            if i > 1 and j > 1 and a == other[j - 2] and word[i - 2] == b:
                row[j] = min(row[j], before[j - 2] + 1)
        before, last = last, row
    return last[-1]
