"""Solutions for people: the numbers, the network with them, their working, what was searched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.homework.answers import text_of
from cnncalc.homework.truth import holds, seen_by
from cnncalc.output.parts import Passage, PassageLine
from cnncalc.report.asked import told_of_all
from cnncalc.solving.listings import MOST_SHOWN, answer_in_order, name_of
from cnncalc.solving.sentences import why, working
from cnncalc.speech.language import _
from cnncalc.speech.picture import MOST_WARNINGS, more_warnings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.solving.findings import Miss, Solution
    from cnncalc.solving.search import Search


def solutions(search: Search, found: Sequence[Solution], *, is_cut: bool) -> Iterator[Passage]:
    """Yield the first solutions with their working, and what was searched."""
    for solution in filter(search.passes, found[:MOST_SHOWN]):
        yield _solved(search, solution)
    if not search.variables:
        return
    below: list[str] = []
    if len(found) > MOST_SHOWN:
        below.append(_("{count:,} more; --json lists them all", count=len(found) - MOST_SHOWN))
    if not found:
        yield Passage(_("No solution was found.") if is_cut else _("There is no solution."))
        if search.findings.nearest:
            yield Passage(_("The nearest:"), is_close=True)
            yield _solved(search, search.findings.nearest)
        below += () if is_cut else why(search)
    below.append(_searched(search, len(found), is_cut=is_cut))
    below += told_of_all(search.settings)
    for place, line in enumerate(below):
        yield Passage(line, is_close=bool(place or not found))


def _solved(search: Search, solution: Solution | Miss) -> Passage:
    """Return numbers, the network with them, what the goals found, and the working."""
    numbers = solution.numbers
    report = search.report(numbers)
    depth = 1 if search.variables else 0
    lines: list[PassageLine] = []
    spans = [span for variable in search.variables for span in variable.spans]
    for source in dict.fromkeys(span.source for span in spans):
        text = search.text(numbers, source).strip()
        if "\n" not in text:
            lines.append(PassageLine(text, depth, "code"))
    for goal, answer in zip(search.goals, solution.answers, strict=True):
        value = _("none") if answer is None else text_of(answer_in_order(search, goal, answer))
        line = f"{name_of(goal)} = {value}"
        if goal.operator != "?" and not holds(goal, seen_by(goal, answer, report.rows)):
            line = _("{line}, and not {goal}", line=line, goal=goal.text)
        lines.append(PassageLine(line, depth))
    lines += (PassageLine(line, depth, "code") for line in working(search.goals, report.rows))
    for warning in report.warnings[:MOST_WARNINGS]:
        said = warning.labels[0].text or warning.message
        lines.append(PassageLine(f"{_('warning')}: {said}", depth))
    if len(report.warnings) > MOST_WARNINGS:
        lines.append(PassageLine(more_warnings(len(report.warnings) - MOST_WARNINGS), depth))
    return Passage(search.said(numbers) if search.variables else "", lines, is_close=True)


def _searched(search: Search, count: int, *, is_cut: bool) -> str:
    """Return the ranges that were searched, and whether there may be more."""
    ranges = ", ".join(
        f"{each.name} = {each.numbers[0]}..{each.numbers[-1]}" for each in search.variables
    )
    if count >= search.settings.budget.solutions:
        return _("Searched {ranges}; there are more than {count:,}.", ranges=ranges, count=count)
    if is_cut and count:
        return _("Searched {ranges}, not to the end: there may be more.", ranges=ranges)
    if is_cut:
        return _("Searched {ranges}, not to the end.", ranges=ranges)
    return _("Searched {ranges}.", ranges=ranges)
