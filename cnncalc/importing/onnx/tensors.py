"""Small tensors that a file computes with: values as their types hold them, and dimensions."""

from __future__ import annotations

import struct
from itertools import product
from math import isfinite, prod
from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.importing.onnx.model import BOOL, FLOATS, INT64, MOST_VALUES, WHOLES, Constant

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.importing.onnx.functions import Operation

UNKNOWN = Constant(None)


Given: TypeAlias = "Sequence[Constant | None]"
"""What an operator reads, in its places; None where one is left out."""


Made: TypeAlias = "Constant | list[Constant]"


_LARGEST = 2**63


def vector(values: Sequence[Any]) -> Constant:
    """Return whole numbers as a constant of one dimension."""
    few = len(values) <= MOST_VALUES
    return Constant((len(values),), tuple(values) if few else None, type=INT64)


def numbers(constant: object) -> list[int] | None:
    """Return the values of a constant as whole numbers; None where they are not known."""
    if not isinstance(constant, Constant) or constant.values is None:
        return None
    if not all(map(isfinite, constant.values)):
        return None
    return [int(value) for value in constant.values]


def keep(value: Any, kind: int) -> Any:
    """Return a value as its type holds it: a float is rounded, and a whole number has 64 bits."""
    if kind == BOOL:
        return bool(value)
    if kind in FLOATS:
        (rounded,) = struct.unpack(FLOATS[kind], struct.pack(FLOATS[kind], value))
        return rounded
    if kind and kind not in WHOLES:
        raise ValueError
    if not isinstance(value, int) or not -_LARGEST <= value < _LARGEST:
        raise ValueError
    return int(value)


def tensor(
    dims: Sequence[int], values: Sequence[Any] | None, kind: int, name: str = ""
) -> Constant:
    """Return a constant of a type."""
    if values is None or len(values) > MOST_VALUES:
        return Constant(tuple(dims), None, name, kind)
    return Constant(tuple(dims), tuple(keep(value, kind) for value in values), name, kind)


def known(constant: Constant | None) -> list[int]:
    """Return the values of a constant that must be whole numbers."""
    found = numbers(constant)
    if found is None:
        raise ValueError
    return found


def axes_of(operation: Operation, given: Given, place: int = 1) -> list[int] | None:
    """Return the axes that an operator names, in an attribute or in newer files an input."""
    named = operation.attributes.get("axes")
    if named is not None:
        return list(named)
    return known(given[place]) if len(given) > place and given[place] is not None else None


def first_of(given: Given) -> tuple[Constant, tuple[int, ...]]:
    """Return what comes first, and its dimensions."""
    constant = given[0]
    if constant is None or constant.dims is None:
        raise ValueError
    return constant, constant.dims


def broadcast(shapes: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """Return the dimensions of tensors that are joined by elements."""
    rank = max(map(len, shapes))
    wide = [(1,) * (rank - len(dims)) + tuple(dims) for dims in shapes]
    found = []
    for sizes in zip(*wide, strict=True):
        largest = max(sizes) if 0 not in sizes else 0
        if any(size not in (1, largest) for size in sizes):
            raise ValueError
        found.append(largest)
    return tuple(found)


def spread(constant: Constant, dims: Sequence[int]) -> tuple[Any, ...]:
    """Return the values of a constant in larger dimensions."""
    if constant.values is None or constant.dims is None or prod(dims) > MOST_VALUES:
        raise ValueError
    own = (1,) * (len(dims) - len(constant.dims)) + constant.dims
    steps = steps_of(own)
    return tuple(
        constant.values[sum(i * s for i, s, n in zip(place, steps, own, strict=True) if n != 1)]
        for place in product(*map(range, dims))
    )


def steps_of(dims: Sequence[int]) -> list[int]:
    """Return how far apart neighbours along each axis stand."""
    return [prod(dims[axis + 1 :]) for axis in range(len(dims))]


Maker: TypeAlias = "Callable[[Operation, Given], Made]"
