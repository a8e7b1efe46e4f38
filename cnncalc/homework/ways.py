"""Ways by their names: those of both tables, and what those are called that count other rows."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations

from cnncalc.homework.conventions import CONVENTIONS
from cnncalc.homework.slips import SLIPS
from cnncalc.homework.variations import BY_DEPTH, COUNTS, PAIRS, Together, Variation
from cnncalc.speech.language import localize
from cnncalc.tuples import NamedTuple

WAYS = {**CONVENTIONS, **SLIPS}

if _unknown := [way.name for way in WAYS.values() if not {*way.like} <= WAYS.keys()]:
    raise ValueError(_unknown)

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


class Bearing(NamedTuple):
    """The ways that bear on a quantity: conventions, slips by how usual they are, what carries.

    Of the `frequent` slips, those at single rows are looked for where they are `local`; `carried`
    are the sizes and depths that later rows go on from; `changes` may be made at single rows,
    `pairs` at once.
    """

    conventions: tuple[Variation, ...]
    frequent: tuple[Variation, ...]
    local: tuple[Variation, ...]
    others: tuple[Variation, ...]
    carried: tuple[Variation, ...]
    changes: tuple[Variation, ...]
    rare: tuple[Variation, ...]
    pairs: tuple[Together, ...]


@lru_cache(256)
def ways_to(quantity: str, kinds: frozenset[str] | None = None) -> Bearing:
    """Return the ways that bear on a quantity of a network; of one that has rows of these kinds.

    What layers learn that go by depths alone goes by no size.
    """
    ways = [way for way in WAYS.values() if kinds is None or not way.kinds or way.kinds & kinds]
    if quantity in COUNTS and kinds is not None and kinds <= BY_DEPTH:
        ways = [way for way in ways if quantity in way.of or "size" not in way.of]
    bearing = [way for way in ways if quantity in way.of and not way.rare]
    carried = [way for way in ways if way.is_carried_to(quantity) and not way.rare]
    frequent = [way for way in bearing if way.about and not way.is_convention]
    about = sorted([way for way in bearing if way.about], key=lambda way: way.about == "bias")
    rare = [way for way in ways if way.rare and (quantity in way.of or way.is_carried_to(quantity))]
    return Bearing(
        tuple(way for way in bearing if way.is_convention),
        tuple(frequent),
        tuple(way for way in frequent if way.about in ("padding", "stride", "one")),
        tuple(way for way in bearing if not (way.about or way.is_convention)),
        tuple(carried),
        tuple(way for way in (*bearing, *carried) if way.about or not way.is_convention),
        tuple(rare),
        tuple(
            Together(pair)
            for pair in combinations(about, 2)
            if {way.about for way in pair} in PAIRS
        ),
    )
