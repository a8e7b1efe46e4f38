"""What a fault offers, tried: texts with it that are read, traced, and give an answer.

A fix is made in the text that it is about; where what comes of it has a fault of its own, with a
fix, this is made too. Where none leads to an answer, what people write from habit is looked for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.notation import rewrites
from cnncalc.speech.budget import BUDGET
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnncalc.speech.problem import Fix, Problem, Source

MOST_TEXT = BUDGET.tried_text  # characters of a text that is tried
MOST_TRIALS = 30


class Outcome(NamedTuple):
    """What a text comes to: its fault, None for none, and its warnings."""

    fault: Problem | None
    warnings: tuple[Problem, ...] = ()


class Found(NamedTuple):
    """Texts that answer; and whether what `fix` says holds at its place, whatever else is wrong."""

    texts: list[str]
    stands: bool


def mended(problem: Problem, source: Source, answer: Callable[[str], Outcome]) -> Found:
    """Return what the fixes of a problem in a source lead to, or what else is said at its place."""
    trial = _TriedTexts(answer)
    found: list[str] = []
    offered = [fix for fix in (problem.fix, *problem.also) if fix and fix.span.source == source]
    for fix in offered:
        found += [text for text in trial.texts(fix) if text not in found]
    stands = bool(found) or not offered or trial.moves_on(offered[0])
    places = [label.span.start for label in problem.labels if label.span.source == source]
    if not found and problem.code in rewrites.CODES and places:
        others = (trial.texts(fix) for fix in rewrites.at(source, places[0]))
        found = next((texts for texts in others if texts), [])
    return Found(found, stands)


def apply(fix: Fix) -> str:
    """Return a fix's text with it made, and without the blanks that it leaves over."""
    text = fix.apply()
    return text if "\n" in text else re.sub(" {2,}", " ", text).strip()


class _TriedTexts:
    """Texts that were tried; each costs a trace, and there are not many."""

    def __init__(self, answer: Callable[[str], Outcome]) -> None:
        self.answer = answer
        self.known: dict[str, Outcome] = {}

    def _comes_to(self, text: str) -> Outcome | None:
        """Return what a text comes to; None where it is too long, or there were enough."""
        if text not in self.known:
            if len(text) > MOST_TEXT or len(self.known) >= MOST_TRIALS:
                return None
            self.known[text] = self.answer(text)
        return self.known[text]

    def texts(self, fix: Fix, depth: int = 0) -> list[str]:
        """Return the text that a fix leads to, and where it has a warning with a fix, both."""
        text = apply(fix)
        if text == fix.span.source.text.strip() or (depth and text in self.known):
            return []
        came = self._comes_to(text)
        if came is None or depth > MOST_TRIALS:
            return []
        if came.fault is None:
            fixes = [each.fix for each in came.warnings if each.fix]
            fixes = [each for each in fixes if each.span.source.text == text]
            return [text, *map(apply, fixes[:1])]
        for more in _fixes(came.fault, text):
            if found := self.texts(more, depth + 1):
                return found
        return []

    def moves_on(self, fix: Fix) -> bool:
        """Return whether a fix holds at its place: a fault that is left stands behind it."""
        came = self._comes_to(apply(fix))
        if came is None:
            return True  # too long to be tried
        if came.fault is None or came.fault.code == "unknown-needs-number":
            return True  # `solve` finds it
        if not came.fault.labels:
            return False
        return came.fault.labels[0].span.start > fix.span.start + len(fix.text.strip())


def _fixes(fault: Problem, text: str) -> Iterator[Fix]:
    """Yield what a fault in a text offers, and then what people write from habit at its place."""
    for fix in (fault.fix, *fault.also):
        if fix and fix.span.source.text == text:
            yield fix
    span = fault.labels[0].span if fault.labels else None
    if span and span.source.text == text and fault.code in rewrites.CODES:
        yield from rewrites.at(span.source, span.start)
