"""Tensors whose dimensions hold the axes of a volume: in which order, the batch among them.

A view says what each dimension holds, as in `importing.views`; the batch is an axis of its own, of
a size that no other has, so that a reshape shows where it goes.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from cnncalc.importing.onnx import views
from cnncalc.importing.onnx.views import CHANNELS, whole
from cnncalc.importing.python.tensor_values import BATCH
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.onnx.views import Part, View
    from cnncalc.kinds.volumes import Volume

BATCH_AXIS = -2
BATCH_PART: Part = (BATCH_AXIS, 1, BATCH)


class Plan(NamedTuple):
    """How a tensor's node becomes one whose volume is its dimensions: spatial ones, then channels.

    `order` are its dimensions in that order, without the batch; `volume` their sizes; `layer` what
    makes it, '' where it is so already; `turned` that values change their order.
    """

    order: tuple[int, ...]
    volume: Volume
    layer: str
    turned: bool


def entry_view(volume: Volume, order: str) -> View:
    """Return the view of what comes in: 'first' for channels first, 'last', 'steps', 'flat'.

    >>> sizes(entry_view((4, 5, 3), "first"))[1:], sizes(entry_view((4, 5, 3), "last"))[1:]
    ((3, 4, 5), (4, 5, 3))
    """
    batch: tuple[Part, ...] = (BATCH_PART,)
    axes = [whole(axis, size) for axis, size in enumerate(volume[:-1])]
    channels = whole(CHANNELS, volume[-1])
    if order == "flat":
        return (batch, *axes)
    if order == "steps":
        return (*axes, batch, channels)
    return (batch, *axes, channels) if order == "last" else (batch, channels, *axes)


def sizes(view: View) -> tuple[int, ...]:
    """Return the sizes of a view's dimensions, the batch's own among them."""
    return views.sizes(view)


def written(dims: Sequence[int]) -> str:
    """Return sizes as words have them, those of a batch as N.

    >>> written((BATCH, 3, 4)), written((4 * BATCH, 7)), written((-1, 5))
    ('Nx3x4', '4Nx7', '-1x5')
    """
    words = [
        f"{n // BATCH if n > BATCH else ''}N" if n > 0 and n % BATCH == 0 else f"{n}" for n in dims
    ]
    return "x".join(words)


def batch_at(view: View) -> int | None:
    """Return which dimension is the batch and nothing else."""
    return next((place for place, parts in enumerate(view) if parts == (BATCH_PART,)), None)


def channels_at(view: View, volume: Volume) -> int | None:
    """Return which dimension holds the channels, all of them and nothing else."""
    wanted = whole(CHANNELS, volume[-1])
    if wanted:
        return next((place for place, parts in enumerate(view) if parts == wanted), None)
    return None


def without_batch(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return what a dimension holds beside the batch."""
    return tuple(part for part in parts if part[0] != BATCH_AXIS)


def has_batch(parts: Sequence[Part]) -> bool:
    """Return whether a dimension holds the batch, or a part of it."""
    return any(part[0] == BATCH_AXIS for part in parts)


def is_batch_split(view: View) -> bool:
    """Return whether some dimension holds a part of the batch alone."""
    return any(part[0] == BATCH_AXIS and part != BATCH_PART for parts in view for part in parts)


def plan(view: View, volume: Volume, channels: int) -> Plan:
    """Return how a tensor's node becomes one whose channels are one of its dimensions."""
    inner = [without_batch(parts) for parts in view]
    order = tuple(
        place
        for place, parts in enumerate(view)
        if place != channels and (inner[place] or not has_batch(parts))
    )
    order = (*order, channels)
    wanted = tuple(prod(part[2] for part in inner[place]) for place in order)
    held = [inner[place] for place in order]
    own = [whole(axis, size) for axis, size in enumerate(volume[:-1])]
    own.append(whole(CHANNELS, volume[-1]))
    if wanted == volume and held == own:
        return Plan(order, wanted, "", turned=False)
    flat = _merged([part for parts in held for part in parts])
    straight = _merged([part for parts in own for part in parts])
    in_order = _joined(flat) == _joined(straight)
    if len(wanted) == 1:
        return Plan(order, wanted, "flatten", turned=False)
    tokens = (prod(volume[:-1]), volume[-1]) if len(volume) > 1 else ()
    if in_order and wanted == tokens:
        return Plan(order, wanted, "tokens", turned=False)
    return Plan(order, wanted, "reshape", turned=not in_order)


def _merged(parts: list[Part]) -> list[Part]:
    found: list[Part] = []
    for axis, step, size in parts:
        if found and found[-1][0] == axis and found[-1][1] == step * size:
            found[-1] = (axis, step, found[-1][2] * size)
        else:
            found.append((axis, step, size))
    return found


def _joined(parts: list[Part]) -> list[tuple[int, int]]:
    return [(axis, size) for axis, _step, size in parts]


def planned_view(view: View, made: Plan) -> View:
    """Return the view of what a plan makes: the same dimensions, each an axis of its own."""
    found: list[tuple[Part, ...]] = list(view)
    for axis, place in enumerate(made.order):
        number = CHANNELS if axis == len(made.order) - 1 else axis
        parts = whole(number, made.volume[axis])
        if has_batch(view[place]):
            first = view[place][0][0] == BATCH_AXIS
            parts = (BATCH_PART, *parts) if first else (*parts, BATCH_PART)
        found[place] = parts
    return tuple(found)


def laid_out(volume: Volume, order: Sequence[int], rank: int, batch: int | None) -> View:
    """Return a view of so many dimensions that holds a volume's axes in the order of a plan."""
    found: list[tuple[Part, ...]] = [()] * rank
    for axis, place in enumerate(order):
        number = CHANNELS if axis == len(order) - 1 else axis
        found[place] = whole(number, volume[axis])
    if batch is not None:
        found[batch] = (BATCH_PART,)
    return tuple(found)
