"""Sheets for people: the verdicts on each question, or the key with its working."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from cnncalc.homework.verdicts import points
from cnncalc.output.papers import equation
from cnncalc.output.parts import Judged, Passage, PassageLine
from cnncalc.speech.language import _
from cnncalc.speech.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.homework.keys import KeyAnswer
    from cnncalc.homework.sheets import MarkedAnswer, Question


def marked(
    questions: Sequence[Question], answers: Sequence[Sequence[MarkedAnswer]], follow: str
) -> Iterator[Judged | Passage]:
    """Yield the verdicts on the claims of each question, and how many are right."""
    for question, found in zip(questions, answers, strict=True):
        yield Judged(visible(f"{question.name}  {question.network}"), found)
    kinds = [each.kind for found in answers for each in found]
    right = points(kinds, follow)
    yield Passage(_("{right} of {total} right", right=right, total=len(kinds)))


def key(answers: Sequence[KeyAnswer]) -> Iterator[Passage]:
    """Yield the right answers to questions, with their working."""
    for _number, asked in groupby(answers, lambda each: each.question.number):
        lines: list[PassageLine] = []
        for each in asked:
            question = each.question
            lines.append(PassageLine(f"{visible(question.ask)} = {each.answer or '?'}"))
            lines += (
                PassageLine(f"{line.name}: {equation(line)}", 2, "code") for line in each.working
            )
        yield Passage(visible(f"{question.name}  {question.network}"), lines)
