"""Where a fault came about: in which round of a repeat, in which call."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cnncalc.notation.tree import Again, Call
    from cnncalc.speech.problem import Problem

MOST_NOTES = 3
MOST_DIVISOR = BUDGET.divisor


class _Where(str):
    """A note of where a problem came about, told from others in every language."""

    __slots__ = ()


def in_round(problem: Problem, turn: int, count: int) -> Problem:
    """Return a problem of a round of a repeat."""
    return _with_note(problem, _("in round {turn:,} of {count:,}", turn=turn, count=count))


def in_call(problem: Problem, call: Call, parameters: Mapping[str, Any]) -> Problem:
    """Return a problem of the definition that is called with parameters."""
    problem.fix = problem.fix or _smaller_divisor(problem, call, parameters)
    name, place = call.definition.name, call.span.place
    return _with_note(problem, _("in '{name}', called at {place}", name=name, place=place))


def in_again(problem: Problem, item: Again) -> Problem:
    """Return a problem of what is put through once more."""
    text, place = f"again {item.label}", item.span.place
    return _with_note(problem, _("in '{text}' at {place}", text=text, place=place))


def _with_note(problem: Problem, note: str) -> Problem:
    """Return a problem with a note of where it came about, for the innermost three."""
    places = sum(isinstance(each, _Where) for each in problem.notes)
    if problem.code == "too-many-layers" or places >= MOST_NOTES:
        return problem
    return problem.at(problem.labels[0].span, _Where(note)) if problem.labels else problem


def _smaller_divisor(problem: Problem, call: Call, parameters: Mapping[str, Any]) -> Fix | None:
    """Return a call with a number that divides, where its definition's own does not: `se r3`."""
    found = re.fullmatch("([0-9]+)/([0-9]+)", problem.labels[0].text if problem.labels else "")
    if problem.code != "division-not-whole" or not found or call.arguments:
        return None
    dividend, divisor = map(int, found.groups())
    names = [name for name, value in parameters.items() if value in (divisor, (divisor,))]
    if len(names) != 1 or len(names[0]) > 1 or divisor > MOST_DIVISOR:
        return None
    best = max(number for number in range(1, divisor + 1) if dividend % number == 0)
    return Fix(call.span, f"{call.span.text} {names[0]}{best}")
