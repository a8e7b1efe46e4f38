"""Full-width signs, as a Korean or a Japanese keyboard types them, and the ASCII that they are."""

from __future__ import annotations

import re

from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem, Span, quoted

_SIGNS = {sign: sign - 0xFEE0 for sign in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_RUN = "[\uff01-\uff5e]+|\u3000+"


def in_ascii(text: str) -> str:
    """Return a text with its full-width signs in ASCII.

    >>> in_ascii("３２ｘ３２，１")
    '32x32,1'
    """
    return text.translate(_SIGNS)


def retold(problem: Problem) -> Problem:
    """Return a fault as that of full-width signs, where they stand at its place; else as it is."""
    span = problem.labels[0].span if problem.labels else None
    found = span and re.compile(_RUN).search(span.source.text, span.start)
    if not span or not found or found.start() > span.end:
        return problem
    text, whole = span.source.text, Span(span.source, 0, len(span.source.text))
    return Problem(
        "full-width",
        _("{sign} is full-width, as a Korean keyboard types it", sign=quoted(found[0])),
        [Label(Span(span.source, *found.span()))],
        helps=[_("write '{text}'", text=in_ascii(found[0]))],
        fix=Fix(whole, in_ascii(text)),
    )
