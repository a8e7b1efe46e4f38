"""What is known at a place of a text: its tokens, and what names stand for there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from cnncalc.kinds.table import NAMES
from cnncalc.notation.expressions import ROUND
from cnncalc.notation.tokens import Tokenizer, rule
from cnncalc.notation.tree import JOINS
from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem, quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.notation.expressions import Value
    from cnncalc.notation.tree import Definition, FromCall, Item, Layer, Said, Shape
    from cnncalc.speech.problem import Source, Span


SHORT = 500  # characters of a text in which what is typed again is read again


class Recalls(Protocol):
    """What stood in networks before, by its text."""

    def find(self, reader: Reader, text: str) -> Item | None:
        """Go past an item that stood there, and return it."""

    def keep(self, reader: Reader, text: str, item: Item, length: int) -> None:
        """Keep an item, unless what it is depends on what stands around it."""


class Reader(Tokenizer):
    """A tokenizer with the definitions, parameters and labels that can be named at its place.

    `in_library` gives the definition of a name that the text does not define, where there is one.
    `layers` and `values` hold what was read before by its text: what is typed again, in a text that
    `is_long`, is not read again. They are emptied where names come to stand for other things.
    `counts` holds, for each group with a count that is open, whether the number of its round was
    read.
    """

    def __init__(
        self,
        source: Source,
        in_library: Callable[[str], Definition | None],
        *,
        channels_first: bool = False,
    ) -> None:
        super().__init__(source)
        self._in_library = in_library
        self.channels_first = channels_first
        self.definitions: dict[str, Definition] = {}
        self.formals: frozenset[str] = frozenset()
        self.rest = False
        self.labels: list[dict[str, tuple[Span, Item]]] = [{}]
        self.counts: list[bool] = []
        self.comes = False  # whether anything comes in at this place
        self.has_fractions = False  # whether a number here need not be whole
        self.deepest = 0
        self.is_long = len(source.text) > SHORT
        self.layers: dict[str, tuple[Layer, int]] = {}
        self.last_opened = self.text.rfind("(")  # behind it no code is called
        self.last_equals = self.text.rfind("=")  # behind it nothing is named with one
        self.values: dict[tuple[str, str], tuple[str, Value]] = {}
        self.recalls: Recalls | None = None  # what stood in networks before, where that serves
        self.calls: list[FromCall] = []
        self.shape: Shape | None = None
        self.variable = ""  # what the code calls the output of the last line
        self.layers_kept = False  # whether the code is that of a class, its layers kept in it
        self.said: dict[int, Said] = {}
        self.warnings: list[Problem] = []
        self._counted: frozenset[int] | None = None

    def name_parameters(self, names: frozenset[str], *, rest: bool = False) -> None:
        """Say which parameters a definition's body, which follows, can name; none after it."""
        self.formals = names
        self.rest = rest
        self.layers.clear()
        self.values.clear()

    def is_number(self, word: str) -> bool:
        """Return whether a word stands for a number here: a parameter, `cin`, the round's `i`."""
        return word in self.formals or word == "cin" or (word == ROUND and bool(self.counts))

    def is_layer(self, word: str) -> bool:
        """Return whether a word names a layer, a definition or a join."""
        word = word.lower()
        return word in NAMES or word in self.definitions or word in JOINS

    def definition(self, name: str) -> Definition | None:
        """Return the definition of a name, in lower case: the text's own, or the library's."""
        found = self.definitions.get(name)
        return self._in_library(name) if found is None and name not in JOINS else found

    def has_count(self, opening: int) -> bool:
        """Return whether the bracket that opens here closes with a count behind it."""
        if self._counted is None:
            self._counted = _counted_brackets(self.text)
        return opening in self._counted

    def blank_inside(self) -> None:
        """Go over white space inside ( ): outside, it ends the word."""
        if self.depth_inside:
            self.skip()

    def finish(self, message: str) -> None:
        """Refuse what follows the one thing that a text should be."""
        self.skip()
        if self.next():
            raise Problem(
                "more-than-expected",
                message,
                [Label(self.here())],
                helps=[_("take away what follows")],
                fix=Fix(self.span(self.position, len(self.text)), ""),
            )


def set_label(reader: Reader, label: str, span: Span, item: Item) -> None:
    """Keep what a label stands for; one that is set before is refused."""
    scope = reader.labels[-1]
    if label in scope:
        raise Problem(
            "label-twice",
            _("the label {label} is set twice", label=quoted(label)),
            [Label(scope[label][0]), Label(span)],
            helps=[_("give one of them another name")],
        )
    scope[label] = span, item


def read_label(reader: Reader, sample: str, start: int | None = None) -> tuple[str, Item]:
    """Return a label that is set and what it labels; a fault points at it, or from `start` on."""
    start = reader.position if start is None else start
    word = reader.expect("NAME", _("the name of a label is expected here"), sample)
    span = reader.span(start)
    sign = "@" if sample[0] == "@" else ""
    for scope in reversed(reader.labels):
        if word in scope:
            return word, scope[word][1]
    from cnncalc.speech.spelling import nearest

    close = nearest(word, [name for scope in reader.labels for name in scope])
    raise Problem(
        "unknown-label",
        _("no label is called {label} here", label=quoted(word)),
        [Label(span)],
        notes=[_("a label is set before it is read, and not inside a call, a repeat or aux")],
        helps=[
            _("did you mean '{name}'?", name=f"{sign}{close}")
            if close
            else _("set it, as in '{label}: relu'", label=word)
        ],
        fix=Fix(span, f"{sign}{close}") if close else None,
    )


def _counted_brackets(text: str) -> frozenset[int]:
    """Return where the brackets open that have a count behind them."""
    counted, opened = set(), []
    for found in rule("COUNTED").finditer(text):
        sign = found[0][0]
        if sign == "[":
            opened.append(found.start())
        elif sign == "]" and opened:
            start = opened.pop()
            if found[0] != "]":
                counted.add(start)
    return frozenset(counted)
