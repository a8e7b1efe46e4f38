"""Volumes as people write them from habit, and the right spelling."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.notation.wrong_items import problem, word_span, wrong_arrow
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from cnncalc.notation.reader import Reader
    from cnncalc.speech.problem import Problem

_SPACED_BY = re.compile(r"[ \t]*[xX×*][ \t]*(?=[0-9?A-Z])|[ \t]+[xX×]")
_SPACED_VOLUME = re.compile(r"[0-9?A-Z]\w*(?:[ \t]*[xX×*][ \t]*[0-9?A-Z]\w*?(?=[\s,xX×*\]-]|\Z))+")


def refuse(reader: Reader, start: int) -> None:
    """Refuse `8 x 8 x 4`, `8X8X4`, `8*8*4`, and a sign behind a volume meant as an arrow."""
    if wrong := wrong_arrow(reader):
        raise wrong
    if not _SPACED_BY.match(reader.text, reader.position):
        return
    whole = _SPACED_VOLUME.match(reader.text, start)
    span = reader.span(start, whole.end()) if whole else word_span(reader, start)
    right = re.sub(r"[ \t]*[xX×*][ \t]*", "x", span.text)
    raise problem(
        "volume-malformed",
        _("a volume is one word, its sizes with a small x between them"),
        span,
        _("write '{text}'", text=right),
        right,
    )


def after_volume(reader: Reader, start: int) -> Problem:
    """Return the problem of something behind a volume that is not an arrow."""
    here = reader.here()
    if wrong := wrong_arrow(reader):
        return wrong
    volume = reader.text[start : reader.position].strip()
    return problem(
        "arrow-missing",
        _("an arrow is missing between the volume and what follows"),
        here,
        _("write '{text}'", text=f"{volume} -> {here.text}"),
        f"-> {here.text}",
    )
