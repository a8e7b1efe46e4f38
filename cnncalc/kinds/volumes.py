"""Volumes: their sizes, the names of their axes, and how they are written."""

from __future__ import annotations

from typing import Any, TypeAlias

from cnncalc.numbers.lettered import Lettered
from cnncalc.numbers.working import plain
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem, plural

Volume: TypeAlias = tuple[Any, ...]
"""Sizes of the spatial axes in order, channels last; one size alone is a vector."""

Sizes: TypeAlias = tuple[Any, ...]
"""One value for all spatial axes, or one for each; for paddings a value may be (before, after)."""

AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}

LINES = {1: ("position",), 2: ("row", "column"), 3: ("slice", "row", "column")}


def axis_name(axis: int, rank: int) -> str:
    """Return the name of an axis: height or width, where there are two."""
    return _(AXES[rank][axis]) if rank in AXES else _("axis {number}", number=axis + 1)


def line_name(axis: int, rank: int) -> str:
    """Return the name of one step along an axis: a row or a column, where there are two."""
    return _(LINES[rank][axis]) if rank in LINES else _("line of axis {number}", number=axis + 1)


def write_volume(volume: Volume, *, channels_first: bool = False, for_people: bool = False) -> str:
    """Return a volume as it is typed; formulas in letters as people write them, where asked.

    >>> write_volume((32, 32, 3)), write_volume((32, 32, 3), channels_first=True)
    ('32x32x3', '3x32x32')
    """
    sizes = (volume[-1], *volume[:-1]) if channels_first else volume
    return times(sizes, for_people=for_people)


def times(sizes: tuple[Any, ...], *, for_people: bool = False) -> str:
    """Return sizes as they are written: 3x3."""
    if {*map(type, sizes)} == {int}:
        return "x".join(map(str, sizes))
    return "x".join(
        _as_factor(size, for_people=for_people) if isinstance(size, Lettered) else str(size)
        for size in map(plain, sizes)
    )


def _as_factor(size: Lettered, *, for_people: bool) -> str:
    from cnncalc.numbers.spelling import as_factor
    from cnncalc.speech.signs import ASCII, PEOPLE

    return as_factor(size, PEOPLE if for_people else ASCII)


def spread(values: tuple[Any, ...], rank: int, what: str) -> tuple[Any, ...]:
    """Return one value for each axis, from one for all or one for each."""
    if len(values) == rank:
        return values
    if len(values) == 1:
        return values * rank
    raise Problem(
        "axes-do-not-match",
        _(
            "the {what} names {axes}, and the map has {rank}",
            what=_(what),
            axes=plural(len(values), "axis", "axes"),
            rank=rank,
        ),
        about=_("{values} for {axes}", values=times(values), axes=plural(rank, "axis", "axes")),
        helps=[_("give one number for all axes, or {rank}", rank=rank)],
    )


def sides(value: Any) -> tuple[Any, Any]:
    """Return the padding before and after, from one for both sides or before:after."""
    return value if type(value) is tuple else (value, value)


def spatial(volume: Volume) -> Volume:
    """Return the spatial axes of a volume that must have some."""
    if len(volume) == 1:
        raise Problem(
            "needs-a-map",
            _("this layer works on a map, and its input is a vector"),
            about=_("its input is a vector of {size}", size=volume[0]),
            helps=[
                _(
                    "put it before 'flatten' or 'fc', or write the volume as {volume}",
                    volume=f"1x1x{volume[0]}",
                )
            ],
        )
    return volume[:-1]


def are_whole(volume: Volume) -> bool:
    """Return whether all sizes are plain whole numbers: neither letters nor fractions."""
    for size in volume:  # noqa: SIM110 - asked of every row, and `all` takes twice as long
        if type(size) is not int:
            return False
    return True
