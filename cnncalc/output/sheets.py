"""Sheets for people: the verdicts on each question, or the key with its working."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.homework.verdicts import points
from cnncalc.output.papers import equation
from cnncalc.output.verdicts import draw, padded, widest
from cnncalc.speech.language import _
from cnncalc.speech.lines import wrap
from cnncalc.speech.visible import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.homework.keys import KeyAnswer
    from cnncalc.homework.sheets import MarkedAnswer, Question
    from cnncalc.output.table import Style


def draw_sheet(
    questions: Sequence[Question],
    answers: Sequence[Sequence[MarkedAnswer]],
    follow: str,
    how: Style,
) -> str:
    """Return the verdicts on the claims of each question, and how many are right."""
    lines = []
    for question, found in zip(questions, answers, strict=True):
        lines += wrap(visible(f"{question.name}  {question.network}"), how.width)
        for each in found:
            if each.verdict:
                lines += draw(each.verdict, how, indent=2)
            else:
                word = padded(_(each.kind), widest())
                lines += wrap(f"  {word}  {visible(each.text)}", how.width)
        lines.append("")
    kinds = [each.kind for found in answers for each in found]
    right = points(kinds, follow)
    return "\n".join([*lines, _("{right} of {total} right", right=right, total=len(kinds))])


def draw_key(answers: Sequence[KeyAnswer], how: Style) -> str:
    """Return the right answers to questions, with their working."""
    lines = []
    for each in answers:
        question = each.question
        lines += wrap(visible(f"{question.name}  {question.network}"), how.width)
        lines += wrap(f"  {visible(question.ask)} = {each.answer or '?'}", how.width)
        for line in each.working:
            lines += wrap(f"    {line.name}: {equation(line)}", how.width)
        lines.append("")
    return "\n".join(lines).rstrip()
