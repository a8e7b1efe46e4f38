"""What is no number, where one is expected, and one that is below 0."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.notation.expressions import ROUND
from cnncalc.notation.wrong_places import problem, word_span
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, quoted
from cnncalc.speech.spelling import meant, nearest

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

    from cnncalc.notation.reader import Reader
    from cnncalc.speech.problem import Span


def no_number(
    reader: Reader, start: int, word: re.Match[str] | None, formals: Iterable[str]
) -> Problem:
    """Return the problem of something in an expression that is not a number."""
    if word and word[0] == ROUND:
        return problem(
            "unknown-name",
            _("{name} stands for no number here", name=quoted(ROUND)),
            reader.span(start, word.end()),
            _("it is the number of the round inside [ ... ]*n, from 0: no round is here"),
        )
    if word:
        close = nearest(word[0], [*formals, "cin"])
        known = _("write a number, a parameter or 'cin'")
        return problem(
            "unknown-name",
            _("{name} stands for no number here", name=quoted(word[0])),
            reader.span(start, word.end()),
            meant(close, known),
            close,
            known,
        )
    if reader.next() == "-" and reader.text[start + 1 : start + 2].isdigit():
        return problem(
            "negative-number",
            _("a number here is never negative"),
            word_span(reader, start),
            _("write the number without a sign"),
        )
    return problem(
        "something-expected",
        _("a number is expected here"),
        reader.here(),
        _("as in 'k3' or 'n+1'"),
    )


def negative(span: Span, number: int) -> Problem:
    """Return the problem of a sum that comes to less than 0."""
    return Problem(
        "negative-number",
        _("a number here is never negative"),
        [Label(span, str(number))],
        helps=[_("write it so that it comes to 0 or more")],
    )
