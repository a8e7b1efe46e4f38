"""How a tensor's dimensions hold the axes of a volume, through reshapes and transpositions.

A file's tensors have dimensions in any order, merged and split; the notation has one volume,
channels last. A view says of each dimension which axes it holds: `(axis, step, size)` is a part
of an axis, `size` values `step` apart. Axis -1 is the channels. What is 1 wide is held nowhere;
so is the batch, which counts as one.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from cnncalc.kinds.volumes import Volume

Part: TypeAlias = tuple[int, int, int]
View: TypeAlias = tuple[tuple[Part, ...], ...]

CHANNELS = -1
MOST_RANK = 32
SEQUENCE = 3
"""How many dimensions a batch of sequences has; a batch of maps has more, its channels second."""


def whole(axis: int, size: int) -> tuple[Part, ...]:
    """Return what a dimension holds that is one axis; nothing where it is 1 wide."""
    return ((axis, 1, size),) if size != 1 else ()


def channels_first(volume: Volume) -> View:
    """Return the view of a batch of volumes with their channels first.

    >>> channels_first((7, 5, 3))
    ((), ((-1, 1, 3),), ((0, 1, 7),), ((1, 1, 5),))
    """
    axes = (whole(axis, size) for axis, size in enumerate(volume[:-1]))
    return ((), whole(CHANNELS, volume[-1]), *axes)


def sizes(view: View) -> tuple[int, ...]:
    """Return the sizes of a view's dimensions, the batch as 1."""
    return tuple(prod(part[2] for part in parts) for parts in view)


def channels_at(view: View, volume: Volume) -> int | None:
    """Return which dimension holds the channels, all of them and nothing else."""
    wanted = whole(CHANNELS, volume[-1])
    if not wanted:
        return 1 if len(view) > 1 and not view[1] else None
    return next((place for place, parts in enumerate(view) if parts == wanted), None)


def laid_out(view: View, volume: Volume, place: int) -> tuple[Volume, View, bool]:
    """Return a view's dimensions as the axes of a volume of their own, one as its channels.

    The batch is none, where it is 1 wide. Last is whether the values stand in the same order.

    >>> laid_out(((), ((-1, 1, 6),), ((0, 1, 4), (1, 1, 5))), (4, 5, 6), 1)
    ((20, 6), ((), ((-1, 1, 6),), ((0, 1, 20),)), True)
    """
    dims = sizes(view)
    place %= len(view)
    axes = [at for at in range(len(view)) if at != place and (at or dims[0] > 1)]
    made: list[tuple[Part, ...]] = [()] * len(view)
    for axis, at in enumerate(axes):
        made[at] = whole(axis, dims[at])
    made[place] = whole(CHANNELS, dims[place])
    order = merged([part for at in (*axes, place) for part in view[at]])
    as_held = merged([part for parts in in_order(volume) for part in parts])
    return (*(dims[at] for at in axes), dims[place]), tuple(made), order == as_held


def packed(
    dims: Sequence[Sequence[tuple[Hashable, int, int]]], channels: Hashable
) -> tuple[Volume, View]:
    """Return dimensions of parts of any axes as a volume that holds them all, and their view.

    >>> packed([[("h", 1, 4)], [("c", 5, 2)], [("c", 1, 3)]], "c")
    ((4, 6), (((0, 1, 4),), ((-1, 3, 2),), ((-1, 1, 3),)))
    """
    held: dict[Hashable, list[tuple[int, int, int, int]]] = {channels: []}
    for at, parts in enumerate(dims):
        for place, (axis, step, size) in enumerate(parts):
            held.setdefault(axis, []).append((step, size, at, place))
    total = {axis: prod(size for _step, size, *_at in parts) for axis, parts in held.items()}
    axes = [axis for axis in held if axis != channels]
    numbers = {axis: number for number, axis in enumerate(sorted(axes, key=repr))}
    numbers[channels] = CHANNELS
    made: dict[tuple[int, int], Part] = {}
    for axis, found in held.items():
        left = total[axis]
        for _step, size, at, place in sorted(found, key=lambda part: -part[0]):
            left //= size
            made[at, place] = (numbers[axis], left, size)
    view = (merged([made[at, i] for i in range(len(each))]) for at, each in enumerate(dims))
    return (*(total[axis] for axis in sorted(axes, key=repr)), total[channels]), tuple(view)


def in_order(volume: Volume) -> View:
    """Return the axes of a volume, one after another, the channels last."""
    axes = (whole(axis, size) for axis, size in enumerate(volume[:-1]))
    return (*axes, whole(CHANNELS, volume[-1]))


def groups_at(view: View, volume: Volume) -> int | None:
    """Return how many groups of channels the second dimension holds, each with its map behind it.

    >>> groups_at(((), ((-1, 2, 4),), ((-1, 1, 2), (0, 1, 5))), (5, 8))
    4
    """
    if len(view) != 3 or len(view[1]) > 1:
        return None
    ((axis, step, groups),) = view[1] or ((CHANNELS, volume[-1], 1),)
    inner = [part for part in view[2] if part[0] == CHANNELS]
    rest = {part[0] for part in view[2]} - {CHANNELS}
    free = {place for place, n in enumerate(volume[:-1]) if n != 1}
    each = whole(CHANNELS, step) if step > 1 else ()
    whole_map = rest == free and tuple(inner) == each and step * groups == volume[-1]
    return groups if axis == CHANNELS and whole_map else None


def axis_at(view: View, volume: Volume, place: int) -> int | None:
    """Return the axis that a dimension holds, all of it and nothing else; None for no one."""
    parts = view[place]
    if not parts and channels_first(volume) == view:
        return CHANNELS if place == 1 else place - 2 if place else None
    if len(parts) != 1 or parts[0][1] != 1:
        return None
    axis = parts[0][0]
    return axis if parts[0][2] == volume[axis] else None


def reshaped(view: View, wanted: Sequence[int]) -> View | None:
    """Return a view as dimensions of other sizes, in the same order; None where it has no such.

    >>> reshaped(((), ((-1, 1, 6),), ((0, 1, 4),)), (1, 2, 12))
    ((), ((-1, 3, 2),), ((-1, 1, 3), (0, 1, 4)))
    """
    if len(wanted) > MOST_RANK:
        return None
    left = [part for parts in reversed(view) for part in reversed(parts)]
    found: list[tuple[Part, ...]] = []
    for size in wanted:
        parts: list[Part] = []
        missing = size
        while missing > 1:
            if not left:
                return None
            axis, step, count = left.pop()
            if missing % count == 0:
                missing //= count
                parts.append((axis, step, count))
            elif count % missing == 0:
                parts.append((axis, step * (count // missing), missing))
                left.append((axis, step, count // missing))
                missing = 1
            else:
                return None
        found.append(merged(parts))
    return None if left else tuple(found)


def merged(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return parts with those that follow on from each other as one."""
    found: list[Part] = []
    for axis, step, size in parts:
        if size == 1:
            continue
        if found and found[-1][0] == axis and found[-1][1] == step * size:
            found[-1] = (axis, step, found[-1][2] * size)
        else:
            found.append((axis, step, size))
    return tuple(found)


def shuffled(view: View, volume: Volume) -> tuple[View, int] | None:
    """Return a view with its channels in order, and the groups they were dealt from.

    None where the channels are not one dimension that was split in two, turned and merged.
    """
    for place, parts in enumerate(view):
        if len(parts) != 2 or any(part[0] != CHANNELS for part in parts):
            continue
        (_inner, step, many), (_outer, stride, groups) = parts
        if step == 1 and stride == many and many * groups == volume[-1]:
            return (*view[:place], whole(CHANNELS, volume[-1]), *view[place + 1 :]), groups
    return None


def dealt_to_places(view: View, volume: Volume) -> int | None:
    """Return the r of a pixel shuffle: each axis holds its own values, r of the channels in each.

    >>> view = ((), ((-1, 4, 3),), ((0, 1, 5), (-1, 2, 2)), ((1, 1, 6), (-1, 1, 2)))
    >>> dealt_to_places(view, (5, 6, 12))
    2
    """
    axes = len(volume) - 1
    if len(view) != axes + 2 or not axes or any(len(parts) != 2 for parts in view[2:]):
        return None
    r = view[-1][1][2]
    steps = [r ** (axes - 1 - axis) for axis in range(axes)]
    wanted = [((axis, 1, volume[axis]), (CHANNELS, steps[axis], r)) for axis in range(axes)]
    left = whole(CHANNELS, volume[-1] // r**axes)
    outer = tuple((axis, r**axes, size) for axis, _step, size in left)
    return r if list(view[2:]) == wanted and view[1] == outer else None


def gathered_from_places(view: View, volume: Volume) -> int | None:
    """Return the r of a pixel unshuffle: the channels hold r by r places of each axis.

    >>> view = ((), ((-1, 1, 3), (0, 1, 2), (1, 1, 2)), ((0, 2, 3),), ((1, 2, 4),))
    >>> gathered_from_places(view, (6, 8, 3))
    2
    """
    axes = len(volume) - 1
    if len(view) != axes + 2 or not axes or any(len(parts) != 1 for parts in view[2:]):
        return None
    r = view[2][0][1]
    wanted = [((axis, r, volume[axis] // r),) for axis in range(axes)]
    inner = tuple((axis, 1, r) for axis in range(axes))
    held = (*whole(CHANNELS, volume[-1]), *inner)
    return r if r > 1 and list(view[2:]) == wanted and view[1] == held else None


def broadcast(views: Sequence[View]) -> View | None:
    """Return the view of tensors that are joined by elements: dimensions agree, or are 1 wide."""
    rank = max(map(len, views))
    wide = [((),) * (rank - len(view)) + view for view in views]
    found = []
    for parts in zip(*wide, strict=True):
        kinds = {each for each in parts if each}
        if len(kinds) > 1:
            return None
        found.append(kinds.pop() if kinds else ())
    return tuple(found)
