"""Verdicts on claims: right, right for other numbers, by a convention, wrong, unreadable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.speech.language import Sentence
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cnncalc.homework.reasons import Reason
    from cnncalc.speech.problem import Problem

OWN = "own-numbers"
"""The name of the reason that an answer is right for other ones, which are not."""

POINTS = {"full": 1.0, "half": 0.5, "none": 0.0}
"""How much an answer counts that follows from wrong ones, by the name of the rule."""


class Verdict(NamedTuple):
    """What became of a claim.

    `kind` is right, follows (right for other claims, which are not), convention, depends, wrong
    or unreadable.
    """

    text: str
    kind: str
    answer: str = ""
    working: str = ""
    reasons: tuple[Reason, ...] = ()
    note: str = ""
    problem: Problem | None = None


def points(kinds: Iterable[str], follow: str) -> int | float:
    """Return how many answers are right, with what counts for those that follow; whole if it is."""
    found = sum({"right": 1.0, "follows": POINTS[follow]}.get(kind, 0.0) for kind in kinds)
    return int(found) if found == int(found) else found


def plural_rows(rows: Sequence[int]) -> str:
    """Return how rows are spoken of: row 1, or rows 1, 2."""
    if len(rows) == 1:
        return Sentence("row {number}", number=rows[0])
    return Sentence("rows {numbers}", numbers=", ".join(map(str, rows)))
