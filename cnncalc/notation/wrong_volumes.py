"""Volumes as people write them from habit, and the right spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.notation.wrong_items import wrong_arrow
from cnncalc.notation.wrong_places import problem
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from cnncalc.notation.reader import Reader
    from cnncalc.speech.problem import Problem


def refuse(reader: Reader) -> None:
    """Refuse a sign behind a volume that is meant as an arrow."""
    if wrong := wrong_arrow(reader):
        raise wrong


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
