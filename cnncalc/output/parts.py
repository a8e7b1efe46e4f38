"""What people are shown of an answer, in parts: cards, passages and verdicts, drawn as text.

Every other output writes the same parts in its own way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from cnncalc.report.listing import Listing
from cnncalc.speech.language import _
from cnncalc.speech.lines import wrap
from cnncalc.speech.visible import visible
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cnncalc.homework.sheets import MarkedAnswer
    from cnncalc.output.layout import Style

Line: TypeAlias = "tuple[str, str, list[str]]"
"""A name, a value, and what is said of it, a line each."""


class Card(NamedTuple):
    """Values by their names, what it is of, and the lines above and below them.

    `heads` are what names, values and words are called, where they are a table.
    """

    lines: Sequence[Line]
    title: str = ""
    says: str = ""
    above: Sequence[str] = ()
    below: Sequence[str] = ()
    heads: Sequence[str] = ()


class PassageLine(NamedTuple):
    """A line of a passage: how deep it stands, and whether it is 'text', 'code' or a 'source'."""

    text: str
    depth: int = 1
    form: str = "text"


class Passage(NamedTuple):
    """A line, and what stands below it; `is_close` to what is before it."""

    head: str
    lines: Sequence[PassageLine] = ()
    is_close: bool = False


class Judged(NamedTuple):
    """The verdicts on the claims of a question."""

    head: str
    answers: Sequence[MarkedAnswer]


Part: TypeAlias = Card | Passage | Judged | Listing


def source(text: str) -> list[Part]:
    """Return a text that is shown as it is."""
    return [Passage("", [PassageLine(text, 0, "source")])]


def draw(parts: Iterable[Part], style: Style) -> str:
    """Return parts as text, a free line between those that do not stand close."""
    text = ""
    for place, part in enumerate(parts):
        free = "" if not place else "\n" if getattr(part, "is_close", False) else "\n\n"
        text += free + _drawn(part, style)
    return text


def _drawn(part: Part, style: Style) -> str:
    if isinstance(part, Card):
        from cnncalc.output import table

        return table.draw_card(part, style)
    if isinstance(part, Listing):
        from cnncalc.output import table

        return table.draw(part, style)
    found = _judged(part, style) if isinstance(part, Judged) else _passage(part, style)
    return "\n".join(found)


def _passage(part: Passage, style: Style) -> Iterator[str]:
    if part.head:
        yield from wrap(part.head, style.width)
    for said in part.lines:
        is_whole = said.form == "source"
        yield from [said.text] if is_whole else wrap("  " * said.depth + said.text, style.width)


def _judged(part: Judged, style: Style) -> Iterator[str]:
    from cnncalc.output import verdicts

    yield from wrap(part.head, style.width)
    for each in part.answers:
        if each.verdict:
            yield from verdicts.draw(each.verdict, style, indent=2)
        else:
            word = verdicts.padded(_(each.kind), verdicts.widest())
            yield from wrap(f"  {word}  {visible(each.text)}", style.width)
