"""What is no number, where one is expected, and one that will not do there."""

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

    from cnncalc.notation.expressions import Name, Placeholder
    from cnncalc.notation.reader import Reader
    from cnncalc.numbers.working import Number
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


def letter_needs_number(number: Number, span: Span) -> Problem:
    """Return the problem of a letter where it will not do."""
    return Problem(
        "letter-needs-number",
        _("this must be a number, and cannot be a letter"),
        [Label(span, f"{number}")],
        helps=[_("write a number in its place")],
    )


def division_by_zero(span: Span) -> Problem:
    """Return the problem of a division by 0."""
    return Problem(
        "division-by-zero",
        _("nothing can be divided by 0"),
        [Label(span)],
        helps=[_("divide by 1 or more")],
    )


def not_whole(number: Number, span: Span) -> Problem:
    """Return the problem of a fraction where a whole number is needed."""
    right = f"round8({span.text.partition('=')[2] or span.text})"
    return Problem(
        "number-not-whole",
        _("a whole number is needed here"),
        [Label(span, f"{number}")],
        helps=[_("round it to a multiple of 8, '{sample}', or give other numbers", sample=right)],
    )


def not_a_number(expression: Placeholder) -> Problem:
    """Return the problem of an unknown where a number is needed."""
    return Problem(
        "unknown-needs-number",
        _("'?' stands for a number to be found, and here all must be given"),
        [Label(expression.span)],
        helps=[_("write a number in its place")],
    )


def division_not_whole(dividend: Number, divisor: Number, span: Span) -> Problem:
    """Return the problem of a quotient that does not come out whole."""
    return Problem(
        "division-not-whole",
        _("a division must come out whole"),
        [Label(span, f"{dividend}/{divisor}")],
        notes=[f"{dividend} = {dividend // divisor}*{divisor} + {dividend % divisor}"],
        helps=[
            _(
                "{number} would divide by {divisor}",
                number=dividend - dividend % divisor or divisor,
                divisor=divisor,
            )
        ],
    )


def below_zero(span: Span, text: str) -> Problem:
    """Return the problem of what comes to less than 0 once names have numbers."""
    return Problem(
        "negative-number",
        _("a number here is never negative"),
        [Label(span, text)],
        helps=[_("write what is left so that it is 0 or more")],
    )


def not_one_number(name: Name) -> Problem:
    """Return the problem of a parameter with a number for each axis where one is needed."""
    return Problem(
        "not-one-number",
        _("{name} holds a number for each axis, and here one is needed", name=quoted(name.name)),
        [Label(name.span)],
        helps=[_("pass it on as it is, with nothing added or multiplied")],
    )
