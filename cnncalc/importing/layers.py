"""Layers of ours as readers make them: by their kinds and what they take, without text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.kinds.filled import checked, fill
from cnncalc.kinds.modules import Wanted
from cnncalc.kinds.table import KINDS, OPAQUE
from cnncalc.notation.tree import Layer
from cnncalc.speech.problem import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.kinds.volumes import Volume

NOWHERE = Span(Source("", ""), 0, 0)

NORM_FLAGS = ("noscale", "nobias")

BY_VALUE = frozenset(
    ("dropout", "identity", *(k for k, kind in KINDS.items() if kind.nonlinear and not kind.places))
)
"""Kinds that learn nothing and work on each value by itself, wherever the channels are."""


def make(kind: str, **arguments: Any) -> Layer:
    """Return a layer of a kind, with arguments by their names; what is not given has its default.

    >>> from cnncalc.notation.writer import write_layer
    >>> write_layer(make("conv", filters=8, kernel=(3,), nobias=True))
    'conv 8 k3 nobias'
    """
    found, values = fill(Wanted(kind, arguments))
    return Layer(found, values, NOWHERE)


def opaque(name: str, volume: Volume) -> Layer:
    """Return what stands for something that is no layer of ours, and what it puts out."""
    words = name[:_LONGEST_NAME].replace('"', "'").replace("\n", " ")
    return Layer(OPAQUE, (words or "?", volume), NOWHERE)


_LONGEST_NAME = 80


def from_module(wanted: Wanted, channels: int | None = None) -> Layer:
    """Return a layer that a module is, behind so many channels.

    An argument that its kind does not have yet is said in another way, where there is one.
    """
    norm = wanted.arguments
    if wanted.kind == "in" and norm.get("affine") and not KINDS["in"].parameter("affine"):
        wanted = Wanted("gn", {"groups": channels})
    if all(norm.get(flag) for flag in NORM_FLAGS) and not KINDS[wanted.kind].parameter("noscale"):
        wanted = Wanted("identity")
    return Layer(*checked(wanted), NOWHERE)


def at_each_place(wanted: Wanted, volume: Volume) -> Wanted:
    """Return a dense layer as it works on a volume: on a map, on the channels of each place."""
    if wanted.kind != "linear":
        return wanted
    if len(volume) == 1:
        return wanted._replace(kind="fc")
    units = wanted.arguments["units"]
    return Wanted("conv", {"filters": units, "kernel": (1,), "nobias": wanted.arguments["nobias"]})


def side(before: int, after: int) -> int | tuple[int, int]:
    """Return a padding as it is kept: one number, or before and after."""
    if before < 0 or after < 0:
        raise ValueError
    return before if before == after else (before, after)


def channels_from(start: int, end: int) -> Layer:
    """Return what keeps a stretch of the channels."""
    return make("slice", **{"from": start, "to": end})


def stretch(volume: Volume, axis: int, start: int, end: int) -> Layer:
    """Return what keeps a stretch of one axis of a volume: some channels, or a part of a map."""
    rank = len(volume) - 1
    if axis in (-1, rank):
        return channels_from(start, end)
    around = side(start, volume[axis] - end)
    return make("crop", size=each_axis(around if at == axis else 0 for at in range(rank)))


def every(volume: Volume, axis: int, step: int) -> Layer:
    """Return what keeps each value of a map that stands a step from the last: windows of one."""
    steps = each_axis(step if at == axis else 1 for at in range(len(volume) - 1))
    return make("maxpool", kernel=(1,), stride=steps)


def conv_of(channels: int, filters: int, groups: int, **window: Any) -> Layer:
    """Return a convolution of so many channels: one of each alone is depthwise."""
    if groups == channels > 1:
        return make("dwconv", filters=None if filters == channels else filters, **window)
    return make("conv", filters=filters, groups=groups, **window)


def each_axis(sizes: Iterable[Any]) -> tuple[Any, ...]:
    """Return one value for all axes, where they agree, or one for each.

    >>> each_axis([3, 3]), each_axis([(0, 1), 2])
    ((3,), ((0, 1), 2))
    """
    found = tuple(sizes)
    return found[:1] if len(set(found)) == 1 else found
