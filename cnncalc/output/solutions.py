"""Solutions for people: the numbers, the network with them, their working, what was searched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.homework.answers import text_of
from cnncalc.homework.truth import holds, seen_by
from cnncalc.report.asked import told, told_of_memory
from cnncalc.solving.listings import MOST_SHOWN, answer_in_order, name_of
from cnncalc.solving.sentences import why, working
from cnncalc.speech.language import _
from cnncalc.speech.lines import wrap
from cnncalc.speech.picture import MOST_WARNINGS, more_warnings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.output.table import Style
    from cnncalc.solving.findings import Miss, Solution
    from cnncalc.solving.search import Search


def draw_solutions(search: Search, found: Sequence[Solution], how: Style, *, is_cut: bool) -> str:
    """Return the first solutions, folded to the room that there is."""
    lines = _lines(search, found, is_cut=is_cut)
    return "\n".join(part for line in lines for part in wrap(line, how.width))


def _lines(search: Search, found: Sequence[Solution], *, is_cut: bool) -> Iterator[str]:
    """Yield the first solutions with their working, and what was searched."""
    for solution in filter(search.passes, found[:MOST_SHOWN]):
        yield from _solved(search, solution)
    if not search.variables:
        return
    if found:
        yield ""
    if len(found) > MOST_SHOWN:
        yield _("{count:,} more; --json lists them all", count=len(found) - MOST_SHOWN)
    if not found:
        yield _("No solution was found.") if is_cut else _("There is no solution.")
        if search.findings.nearest:
            yield _("The nearest:")
            yield from _solved(search, search.findings.nearest)
        yield from () if is_cut else why(search)
    yield _searched(search, len(found), is_cut=is_cut)
    yield from told_of_memory(search.settings)
    yield from told(search.settings)


def _solved(search: Search, solution: Solution | Miss) -> Iterator[str]:
    """Yield numbers, the network with them, what the goals found, and the working."""
    numbers = solution.numbers
    report = search.report(numbers)
    indent = "  " if search.variables else ""
    if search.variables:
        yield search.said(numbers)
    spans = [span for variable in search.variables for span in variable.spans]
    for source in dict.fromkeys(span.source for span in spans):
        text = search.text(numbers, source).strip()
        if "\n" not in text:
            yield f"{indent}{text}"
    for goal, answer in zip(search.goals, solution.answers, strict=True):
        value = _("none") if answer is None else text_of(answer_in_order(search, goal, answer))
        line = f"{indent}{name_of(goal)} = {value}"
        if goal.operator == "?" or holds(goal, seen_by(goal, answer, report.rows)):
            yield line
        else:
            yield _("{line}, and not {goal}", line=line, goal=goal.text)
    for line in working(search.goals, report.rows):
        yield f"{indent}{line}"
    for warning in report.warnings[:MOST_WARNINGS]:
        said = warning.labels[0].text or warning.message
        yield f"{indent}{_('warning')}: {said}"
    if len(report.warnings) > MOST_WARNINGS:
        yield f"{indent}{more_warnings(len(report.warnings) - MOST_WARNINGS)}"


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
