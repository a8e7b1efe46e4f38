"""How a fault reaches the user: drawn on standard error, or as JSON where JSON was asked for."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from cnncalc.cli.streams import say, wants_color, width

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cnncalc.speech.problem import Problem

MOST_NOTES = 2  # of one code


def tell(problem: Problem, words: Sequence[str]) -> int:
    """Write a fault to standard error; return its exit status."""
    if _wants_json(words):
        from cnncalc.output.json import write_problem

        say(write_problem(problem), err=True)
    else:
        _draw(problem)
    return problem.status


def warn(problems: Iterable[Problem]) -> None:
    """Write warnings and notes to standard error; of many the first, and how many more.

    Of notes that say the same two are written.
    """
    left = 0
    notes: list[str] = []
    for number, problem in enumerate(problems):
        from cnncalc.speech.picture import MOST_WARNINGS, more_warnings

        notes += [problem.code] if problem.severity == "note" else []
        if number < MOST_WARNINGS and notes.count(problem.code) <= MOST_NOTES:
            _draw(problem)
        else:
            left += 1
    if left:
        say(more_warnings(left), err=True)


def _draw(problem: Problem) -> None:
    say(problem.draw(width(err=True), color=wants_color(err=True)), err=True)


def _wants_json(words: Sequence[str]) -> bool:
    """Return whether a command line asks for JSON, even one that could not be read."""
    pairs = pairwise([*words, ""])
    return any(
        word in ("--json", "--format=json") or (word == "--format" and after == "json")
        for word, after in pairs
    )
