"""Whole numbers as people write them: ASCII digits, and not too many of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem

if TYPE_CHECKING:
    from cnncalc.speech.problem import Span

MOST_DIGITS = BUDGET.digits


def is_digits(text: str) -> bool:
    """Return whether a text is ASCII digits, however many."""
    return text.isascii() and text.isdigit()


def is_whole(text: str) -> bool:
    """Return whether a text is a whole number that can be read.

    >>> is_whole("224"), is_whole("²"), is_whole("9" * 5000)
    (True, False, False)
    """
    return is_digits(text) and len(text) <= MOST_DIGITS


def whole_of(text: str) -> int:
    """Return the whole number that a text in a file is; a ValueError where it cannot be read.

    >>> whole_of("-3")
    -3
    """
    if not is_whole(text.removeprefix("-")):
        raise ValueError(text)
    return int(text)


def read_whole(text: str, span: Span, most: int = MOST_DIGITS, *, status: int = 1) -> int:
    """Return the whole number that ASCII digits are; a `Problem` where there are too many."""
    if len(text) > most:
        raise Problem(
            "too-many-digits",
            _(
                "a number has at most {most} digits, and this one has {count}",
                most=most,
                count=len(text),
            ),
            [Label(span)],
            helps=[_("write a smaller number")],
            status=status,
        )
    return int(text)
