"""Every fault of the user's input: what is wrong, where, why, and what to type instead.

A span knows its own source text, so a fault found late points into the stack, a definition or
a file as well as a typing slip does. A `Problem` draws itself in plain ASCII.
"""

from __future__ import annotations

from threading import local
from typing import TYPE_CHECKING, Any

from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _, is_english
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MOST_LINE = BUDGET.command  # characters of a command line that is printed whole


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


class Offer(NamedTuple):
    """Command lines that were tried, and work; and whether the first help may stand without one.

    `typed` are the same as they are typed, where this is not on a command line.
    """

    lines: list[list[str]]
    stands: bool = True
    typed: tuple[str, ...] = ()


_propose: list[Callable[[Problem], Offer] | None] = [None, None]


class _Trials(local):
    """Whether proposals are tried in this thread: what is tried makes none of its own."""

    is_trying = False


_TRIALS = _Trials()


def propose_with(propose: Callable[[Problem], Offer] | None, *, is_command: bool = True) -> None:
    """Say what tries the proposals of problems: on the command line, else where Python asks."""
    _propose[not is_command] = propose


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
        self.changes: dict[str, str | None] = {}  # values of options with which it is none
        self.also: tuple[Fix, ...] = ()  # what may be meant as well as what `fix` says
        self.traced: tuple[Any, ...] | None = None  # the network that it ended, and its input
        self.instead = ""  # what is said where what `fix` says was tried, and does not hold
        self.severity = severity
        self.status = status
        self.about = about

    def at(self, span: Span, *notes: str) -> Problem:
        """Return the same problem, labelled at a span with what it is about, with more notes."""
        found = Problem(
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
        found.also, found.instead = self.also, self.instead
        return found

    def labelled(self, labels: Iterable[Label]) -> Problem:
        """Return the same problem with other labels."""
        found = Problem(self.code, self.message)
        found.__dict__.update(self.__dict__, labels=tuple(labels))
        return found

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what a copy is made of, as in the process that waits for a worker's."""
        return _made_again, (type(self), self.message), self.__dict__

    def __str__(self) -> str:
        return self.draw()

    def offered(self) -> Offer:
        """Return the whole command lines that are offered: those that were tried, and work."""
        propose = _propose[0] or _propose[1]
        if propose is None or _TRIALS.is_trying:
            return Offer([])
        _TRIALS.is_trying = True
        try:
            return propose(self)
        except Exception:  # noqa: BLE001 - a help that cannot be tried is none
            return Offer([], stands=False)
        finally:
            _TRIALS.is_trying = False

    def helps_with(self, offer: Offer) -> list[str]:
        """Return the helps, with whole lines in place of the piece that a fix puts in.

        A piece that was tried and does not hold is left out.
        """
        typed = offer.typed or tuple(map(as_typed, offer.lines))
        lines = [line for line in typed if len(line) <= MOST_LINE and "\n" not in line]
        if lines or not offer.stands:
            return [
                *lines,
                *([self.instead] if self.instead and not lines else ()),
                *self.helps[1:],
            ]
        return [*self.helps]

    def draw(self, width: int | None = None, *, color: bool = False) -> str:
        """Return the picture of the problem in lines of `width` cells: see `picture`."""
        from cnncalc.speech.picture import Stretch, draw

        offer = self.offered()  # first: it may add to what is said
        stretches = [
            Stretch(at.source, at.start, at.end, at.line, at.line_start, at.place, text)
            for at, text in self.labels
        ]
        said = [(_("note"), note) for note in self.notes]
        said += [(_("help"), text) for text in self.helps_with(offer)]
        head = self.severity, self.code, self.message
        is_open = bool(self.notes or self.helps)
        return draw(head, stretches, said, width, color=color, is_open=is_open)

    def as_data(self) -> dict[str, object]:
        """Return the problem as plain data, for JSON: lines and columns from 1."""
        from cnncalc.speech.columns import PROBLEM, values

        offer = self.offered()  # first: it may add to what is said
        return dict(values(PROBLEM, (self, offer)))


def _made_again(kind: type[Problem], message: str) -> Problem:
    """Return a problem that is given all it says afterwards."""
    return kind.__new__(kind, message)


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
        return f"{_(one)} {count:,}개"
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
