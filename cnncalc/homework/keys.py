"""The key of a sheet whose questions have no answers: what is right, and how it comes about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.homework.answers import answer, write_answer
from cnncalc.homework.claims import read_claim
from cnncalc.homework.exercises import WorkingLine, working
from cnncalc.report.steps import BEARS_ON
from cnncalc.speech.problem import Problem, Source
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.homework.sheets import Question

SHOWN = ("output", "params", "macs", "rf", "in_features", "memory", "params-memory")
"""The quantities whose lines are shown, that of others which they bear on among them."""


class KeyAnswer(NamedTuple):
    """The right answer to a question, and its working; its fault where it has none."""

    question: Question
    answer: str
    working: Sequence[WorkingLine]
    fault: Problem | None = None


def answer_question(question: Question) -> KeyAnswer:
    """Return the right answer to a question."""
    judge = question.judge
    if judge is None:
        return KeyAnswer(question, "", (), question.fault)
    claim = read_claim(Source("ask", f"{question.ask}=1"), letters=judge.letters)
    target = claim.query.subject(judge.rows)
    if target is None or (judge.fault and claim.place is None):
        return KeyAnswer(question, "none", (), question.misfit)
    found = answer(claim.quantity, target)
    first = judge.settings.channels_first
    said = write_answer(found, claim.quantity, channels_first=first)
    quantity = BEARS_ON.get(claim.quantity, claim.quantity)
    rows = judge.rows if claim.place is None else target.rows
    if quantity in ("output", "rf", "in_features"):
        rows = judge.rows[: target.rows[-1].index + 1]
    lines = tuple(working(rows, quantity)) if quantity in SHOWN else ()
    return KeyAnswer(question, said, lines)
