"""What people are shown of an answer, in parts: cards, passages, verdicts and tables.

Every output for people draws them in its own way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from cnncalc.report.listing import Listing
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.homework.sheets import MarkedAnswer

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
