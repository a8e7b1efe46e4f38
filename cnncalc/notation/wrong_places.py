"""The fault of one place, with what to put there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.notation.tokens import rule
from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem

if TYPE_CHECKING:
    from cnncalc.notation.reader import Reader
    from cnncalc.speech.problem import Span


def problem(
    code: str,
    message: str,
    span: Span,
    helps: str = "",
    right: str | None = None,
    instead: str = "",
) -> Problem:
    """Return a problem of one place, with a help and, if given, what to put in that place.

    `instead` is the help where that was tried and does not hold.
    """
    fix = Fix(span, right) if right is not None else None
    found = Problem(code, message, [Label(span)], helps=[helps] if helps else [], fix=fix)
    found.instead = instead
    return found


def mend(code: str, message: str, span: Span, right: str) -> Problem:
    """Return a problem of one place that is mended by what is written there."""
    return problem(code, message, span, _("write '{text}'", text=right), right)


def word_span(reader: Reader, start: int) -> Span:
    """Return the span from a position to the end of the word that is being read."""
    end = rule("ARGUMENT_END").search(reader.text, max(reader.position, start + 1))
    return reader.span(start, end.start() if end else len(reader.text))
