"""ONNX operators that move the values of a tensor about, or give it other dimensions."""

from __future__ import annotations

from itertools import accumulate, product
from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.importing.onnx.model import MOST_VALUES, Constant
from cnncalc.importing.onnx.tensors import axes_of, broadcast, first_of, known, steps_of, tensor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.importing.onnx.functions import Operation
    from cnncalc.importing.onnx.tensors import Given


def resolved(wanted: Sequence[int], dims: Sequence[int], size: int) -> tuple[int, ...] | None:
    """Return the dimensions that a reshape asks for: 0 keeps one, -1 is what is left.

    >>> resolved([0, -1], (1, 512, 7, 7), 25088)
    (1, 25088)
    """
    found = [dims[i] if n == 0 and i < len(dims) else n for i, n in enumerate(wanted)]
    if found.count(-1) > 1:
        return None
    rest = prod(n for n in found if n != -1)
    if rest < 1:
        return None
    found = [size // rest if n == -1 else n for n in found]
    return tuple(found) if prod(found) == size and min(found, default=1) > 0 else None


def moved(
    first: Constant, dims: Sequence[int], source: Callable[[tuple[int, ...]], Sequence[int]]
) -> Constant:
    """Return a constant whose values come each from a place of another."""
    if first.values is None or first.dims is None or prod(dims) > MOST_VALUES:
        return Constant(tuple(dims), None, first.name, first.type)
    steps = steps_of(first.dims)
    places = (source(place) for place in product(*map(range, dims)))
    values = [
        first.values[sum(i * s for i, s in zip(place, steps, strict=True))] for place in places
    ]
    return Constant(tuple(dims), tuple(values), first.name, first.type)


def transpose(operation: Operation, given: Given) -> Constant:
    """Return a tensor with its dimensions in another order."""
    first, dims = first_of(given)
    order = operation.attributes.get("perm") or list(range(len(dims)))[::-1]
    back = [order.index(axis) for axis in range(len(dims))]
    return moved(first, [dims[axis] for axis in order], lambda at: [at[axis] for axis in back])


def squeeze(operation: Operation, given: Given) -> Constant:
    """Take out dimensions that are 1; all of them where none is named."""
    first, dims = first_of(given)
    named = axes_of(operation, given)
    gone = {axis % len(dims) for axis in named} if named else set(range(len(dims)))
    if named and any(dims[axis] != 1 for axis in gone):
        raise ValueError
    return first._replace(
        dims=tuple(n for axis, n in enumerate(dims) if n != 1 or axis not in gone)
    )


def unsqueeze(operation: Operation, given: Given) -> Constant:
    """Put in a 1 at each axis of the result."""
    first, dims = first_of(given)
    axes = axes_of(operation, given) or []
    rank = len(dims) + len(axes)
    if rank > MOST_VALUES:
        raise ValueError
    new = {axis % rank for axis in axes}
    if len(new) < len(axes):
        raise ValueError
    rest = iter(dims)
    return first._replace(dims=tuple(1 if axis in new else next(rest) for axis in range(rank)))


def reshape(operation: Operation, given: Given) -> Constant:
    """Return a tensor in the dimensions that are asked for."""
    first, dims = first_of(given)
    wanted = operation.attributes.get("shape") or known(given[1])
    return first._replace(dims=resolved(wanted, dims, prod(dims)))


def flatten(operation: Operation, given: Given) -> Constant:
    """Return a tensor in two dimensions, those before an axis and the rest."""
    first, dims = first_of(given)
    axis = operation.attributes.get("axis", 1)
    axis += len(dims) if axis < 0 else 0
    return first._replace(dims=(prod(dims[:axis]), prod(dims[axis:])))


def concat(operation: Operation, given: Given) -> Constant:
    """Return tensors one behind another along an axis."""
    parts = [each for each in given if each is not None and each.dims is not None]
    first, dims = first_of(parts)
    if len(parts) < len(given):
        raise ValueError
    axis = operation.attributes["axis"] % len(dims)
    sizes = [each.dims[axis] for each in parts if each.dims]
    all_dims = [*dims[:axis], sum(sizes), *dims[axis + 1 :]]
    if any(each.values is None for each in parts):
        return Constant(tuple(all_dims), None, first.name, first.type)
    block = prod(dims[axis + 1 :])
    values: list[Any] = []
    for row in range(prod(dims[:axis])):
        for part, size in zip(parts, sizes, strict=True):
            values += (part.values or ())[row * size * block : (row + 1) * size * block]
    return tensor(all_dims, values, first.type)


def part(operation: Operation, given: Given) -> Constant:
    """Return stretches of dimensions, or each so manyth of their values."""
    first, dims = first_of(given)
    attributes = operation.attributes
    if "starts" in attributes:
        starts, ends = attributes["starts"], attributes["ends"]
        axes, steps = attributes.get("axes"), None
    else:
        starts, ends = known(given[1]), known(given[2])
        axes, steps = (
            known(given[place]) if len(given) > place and given[place] else None for place in (3, 4)
        )
    picked = [range(n) for n in dims]
    for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
        axis = axes[place] % len(dims) if axes else place
        step = steps[place] if steps else 1
        picked[axis] = range(*slice(start, end, step).indices(dims[axis]))
    return moved(
        first,
        [len(each) for each in picked],
        lambda at: [p[i] for p, i in zip(picked, at, strict=True)],
    )


def gather(operation: Operation, given: Given) -> Constant:
    """Return the values at places along an axis."""
    first, dims = first_of(given)
    index = given[1]
    if index is None or index.dims is None:
        raise ValueError
    axis = operation.attributes.get("axis", 0) % len(dims)
    if index.values is None:
        return Constant((*dims[:axis], *index.dims, *dims[axis + 1 :]), None, type=first.type)
    places = known(index)
    if any(not -dims[axis] <= place < dims[axis] for place in places):
        raise IndexError
    rank = len(index.dims)
    steps = steps_of(index.dims)

    def source(at: tuple[int, ...]) -> list[int]:
        inner = at[axis : axis + rank]
        place = places[sum(i * s for i, s in zip(inner, steps, strict=True))]
        return [*at[:axis], place % dims[axis], *at[axis + rank :]]

    return moved(first, [*dims[:axis], *index.dims, *dims[axis + 1 :]], source)


def expand(_operation: Operation, given: Given) -> Constant:
    """Return a tensor in larger dimensions: what is 1 wide is repeated."""
    first, dims = first_of(given)
    wide = broadcast([dims, known(given[1])])
    lead = len(wide) - len(dims)
    return moved(
        first, wide, lambda at: [0 if n == 1 else i for i, n in zip(at[lead:], dims, strict=True)]
    )


def tile(_operation: Operation, given: Given) -> Constant:
    """Return a tensor repeated so often along each dimension."""
    first, dims = first_of(given)
    times = known(given[1])
    wide = [n * count for n, count in zip(dims, times, strict=True)]
    return moved(first, wide, lambda at: [i % n for i, n in zip(at, dims, strict=True)])


def split(operation: Operation, given: Given) -> list[Constant]:
    """Return the parts of a tensor along an axis."""
    first, dims = first_of(given)
    axis = operation.attributes.get("axis", 0) % len(dims)
    parts = operation.attributes.get("split")
    if parts is None and len(given) > 1 and given[1] is not None:
        parts = known(given[1])
    count = len(operation.outputs)
    if parts is None:
        each = -(-dims[axis] // count)
        parts = [min(each, dims[axis] - each * i) for i in range(count)]
    ends = list(accumulate(parts))
    return [_piece(first, axis, end - size, end) for size, end in zip(parts, ends, strict=True)]


def _piece(first: Constant, axis: int, start: int, end: int) -> Constant:
    """Return a stretch of one axis."""
    dims = first.dims or ()
    return moved(
        first,
        [*dims[:axis], end - start, *dims[axis + 1 :]],
        lambda at: [*at[:axis], at[axis] + start, *at[axis + 1 :]],
    )
