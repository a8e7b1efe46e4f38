"""Verdicts for people: the claim, the answer, and what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.homework.verdicts import OWN, points
from cnncalc.report.asked import told_of_all
from cnncalc.speech.language import _, localize
from cnncalc.speech.lines import cells, paint, wrap
from cnncalc.speech.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cnncalc.homework.reasons import Reason
    from cnncalc.homework.verdicts import Verdict
    from cnncalc.output.layout import Style
    from cnncalc.trace.settings import Settings

HUES = {
    "right": "bright_blue",
    "follows": "bright_blue",
    "convention": "magenta",
    "depends": "magenta",
    "wrong": "red",
    "unreadable": "red",
}
MOST_WORD = 12
"""The cells that a line keeps for what it says, behind what it is about."""


def draw_verdicts(verdicts: Sequence[Verdict], settings: Settings, follow: str, how: Style) -> str:
    """Return the lines of verdicts on one network, and how many are right."""
    lines = [line for each in verdicts for line in draw(each, how)]
    first, *more = summary(verdicts, settings, follow)
    return "\n".join(
        [*lines, "", first, *(line for each in more for line in wrap(each, how.width))]
    )


def summary(verdicts: Sequence[Verdict], settings: Settings, follow: str) -> Iterator[str]:
    """Yield how many verdicts are right, and what was counted otherwise than is usual."""
    right = points([each.kind for each in verdicts], follow)
    yield _("{right} of {total} right", right=right, total=len(verdicts))
    yield from told_of_all(settings)


def draw(verdict: Verdict, how: Style, indent: int = 0) -> Iterable[str]:
    """Yield the lines of a verdict: the claim, the answer, and what went wrong."""
    width = widest()
    pad = indent + width + 4
    at = indent + width + 2
    names = [_("answer"), *map(word, verdict.reasons)]
    names_width = max(map(cells, names))
    hang = pad + names_width + 2
    if how.width and hang + MOST_WORD > how.width:  # too narrow for three columns
        at, pad, hang = indent + 2, indent + 2, indent + 4
    kind = _(verdict.kind)
    first, *more = wrap(
        f"{' ' * indent}{padded(kind, width)}  {visible(verdict.text)}", how.width, at
    )
    if how.color:
        first = first.replace(kind, paint(kind, f"bold {HUES[verdict.kind]}"), 1)
    yield from (first, *more)
    lines = []
    if verdict.problem:
        lines = [verdict.problem.message, *verdict.problem.helps]
    elif verdict.kind != "right":
        working = f" = {verdict.working}" if verdict.working else ""
        said = [f"{shown_value(verdict.answer)}{working}"]
        for reason in verdict.reasons:
            working = f" = {reason.working}" if reason.working else ""
            said.append(f"{shown_value(reason.value)}{working}: {localize(reason.says)}")
        for name, text in zip(names, said, strict=True):
            line = f"{' ' * pad}{padded(name, names_width)}  {text}"
            yield from wrap(line, how.width, hang)
    if verdict.note and not verdict.problem:
        lines = [verdict.note]
    for line in lines:
        yield from wrap(" " * pad + visible(line), how.width, pad)


def word(reason: Reason) -> str:
    """Return what stands before a reason: the convention's name, to accept it by; or 'slip'."""
    if reason.name == OWN:
        return _("yours")
    return reason.name if reason.is_convention else _("slip")


def widest() -> int:
    """Return the cells of the longest kind of verdict."""
    return max(cells(_(kind)) for kind in HUES)


def padded(text: str, width: int) -> str:
    """Return a text with spaces behind it, up to a width in cells."""
    return text + " " * (width - cells(text))


def shown_value(text: str) -> str:
    """Return a value as it is drawn: those that are words are translated."""
    return _(text) if text in ("none", "all") else text
