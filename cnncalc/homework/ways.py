"""Ways by their names: those of both tables, and what those are called that count other rows."""

from __future__ import annotations

from cnncalc.homework.conventions import CONVENTIONS
from cnncalc.homework.slips import SLIPS
from cnncalc.speech.language import localize

WAYS = {way.name: way for way in (*CONVENTIONS, *SLIPS)}

OF_ROWS = {
    "row-left-out": "a row left out",
    "one-row-alone": "one row alone",
    "one-kind-alone": "the rows of a kind alone",
    "one-kind-left-out": "the rows of a kind left out",
    "first-rows-alone": "only the first rows",
    "row-twice": "a row counted twice",
    "one-layer-more": "a layer too many",
    "another-row": "another row's number",
    "layer-left-out": "a layer left out",
    "layers-left-out": "a layer left out",
    "input-itself": "the input itself",
    "another-input": "another input size",
    "written-wrong": "perhaps a slip of the pen",
}
"""What slips are called that are made of rows, and not of the tables."""


def called(name: str) -> str:
    """Return in words which way a name is, or which rows it counts, in the language spoken."""
    way = WAYS.get(name)
    return localize(way.says if way else OF_ROWS.get(name, name))
