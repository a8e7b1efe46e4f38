"""What ONNX operators make of tensors value by value, and of the values along axes."""

from __future__ import annotations

import math
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.importing.onnx.model import BOOL, FLOATS, MOST_VALUES, WHOLES, Constant
from cnncalc.importing.onnx.tensors import axes_of, broadcast, first_of, keep, spread, tensor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.importing.onnx.functions import Operation
    from cnncalc.importing.onnx.tensors import Given, Made, Maker


def each(of: Callable[[Any, int], Any], to: int | None = None) -> Maker:
    """Return what works on each value by itself, which knows its type."""

    def made(_operation: Operation, given: Given) -> Constant:
        first, dims = first_of(given)
        kind = first.type if to is None else to
        values = first.values and tuple(of(value, first.type) for value in first.values)
        return tensor(dims, values, kind, first.name)

    return made


def cast(operation: Operation, given: Given) -> Constant:
    """Cast to whole numbers cuts off what is behind the point."""
    first, dims = first_of(given)
    to = operation.attributes.get("to", 0)
    if to not in FLOATS and to not in WHOLES and to != BOOL:
        return Constant(dims, None, first.name)
    whole = to in WHOLES
    values = first.values and tuple(int(v) if whole else v for v in first.values)
    return tensor(dims, values, to, first.name)


def between(of: Callable[[Any, Any], Any], to: int | None = None) -> Maker:
    """Return what joins two or more tensors, value by value."""

    def made(_operation: Operation, given: Given) -> Constant:
        parts = [each for each in given if each is not None]
        dims = broadcast([each.dims for each in parts if each.dims is not None])
        if len(parts) < len(given) or any(each.dims is None for each in parts):
            raise ValueError
        name = next((each.name for each in parts if each.name), "")
        kind = parts[0].type
        if any(each.values is None for each in parts) or prod(dims) > MOST_VALUES:
            return Constant(dims, None, name, kind if to is None else to)
        values = spread(parts[0], dims)
        for part in parts[1:]:
            joined = [of(*pair) for pair in zip(values, spread(part, dims), strict=True)]
            values = tuple(keep(value, kind) for value in joined) if to is None else tuple(joined)
        return tensor(dims, values, kind if to is None else to, name)

    return made


def divide(a: Any, b: Any) -> Any:
    """Divide as C does: whole numbers towards zero."""
    if not isinstance(a, int) or not isinstance(b, int):
        return a / b
    whole = abs(a) // abs(b)
    return whole if (a < 0) == (b < 0) else -whole


def power(a: Any, b: Any) -> Any:
    """Return a power: of whole numbers a whole one."""
    if isinstance(a, int):
        if b < 0 or b > 63 or b != int(b):
            raise ValueError
        return a ** int(b)
    return math.pow(a, b)


def modulo(operation: Operation, given: Given) -> Made:
    """Return what is left: with the sign of the divisor, or with 'fmod' that of what is divided."""
    return (_C_MODULO if operation.attributes.get("fmod") else _MODULO)(operation, given)


def _c_modulo(a: Any, b: Any) -> Any:
    left = math.fmod(a, b)
    return int(left) if isinstance(a, int) else left


def clip(operation: Operation, given: Given) -> Constant:
    """Return values between two bounds, either of which may be left out."""
    first, dims = first_of(given)
    bounds: list[Any] = []
    for place, name in ((1, "min"), (2, "max")):
        value = operation.attributes.get(name)
        if len(given) > place and (bound := given[place]) is not None:
            if not bound.values:
                return Constant(dims, None, first.name, first.type)
            value = bound.values[0]
        bounds.append(value)
    least, most = bounds
    values = first.values
    if values is not None and least is not None:
        values = tuple(max(value, least) for value in values)
    if values is not None and most is not None:
        values = tuple(min(value, most) for value in values)
    return tensor(dims, values, first.type, first.name)


def where(_operation: Operation, given: Given) -> Constant:
    """Return values of one tensor where a condition holds, and of another elsewhere."""
    parts = [each for each in given if each is not None and each.dims is not None]
    if len(parts) != 3:
        raise ValueError
    dims = broadcast([each.dims or () for each in parts])
    if prod(dims) > MOST_VALUES or any(each.values is None for each in parts):
        return Constant(dims, None, type=parts[1].type)
    condition, one, other = (spread(each, dims) for each in parts)
    values = [a if c else b for c, a, b in zip(condition, one, other, strict=True)]
    return tensor(dims, values, parts[1].type)


def reduce(of: Callable[[Sequence[Any]], Any] | None) -> Maker:
    """Return what makes one value of all along some axes.

    Sums and products of floats depend on the order in which they are rounded: not known, nor is
    what has no rule.
    """

    def made(operation: Operation, given: Given) -> Constant:
        first, dims = first_of(given)
        named = axes_of(operation, given)
        if not named and operation.attributes.get("noop_with_empty_axes"):
            return first
        axes = {axis % len(dims) for axis in named} if named else set(range(len(dims)))
        kept = [1 if axis in axes else n for axis, n in enumerate(dims)]
        if first.values is None or of is None or (first.type in FLOATS and of in (sum, prod)):
            if not operation.attributes.get("keepdims", 1):
                kept = [n for axis, n in enumerate(dims) if axis not in axes]
            return Constant(tuple(kept), None, type=first.type)
        along: dict[tuple[int, ...], list[Any]] = {}
        for place, value in zip(product(*map(range, dims)), first.values, strict=True):
            key = tuple(0 if axis in axes else i for axis, i in enumerate(place))
            along.setdefault(key, []).append(value)
        values = [of(along[place]) for place in product(*map(range, kept))]
        if not operation.attributes.get("keepdims", 1):
            kept = [n for axis, n in enumerate(dims) if axis not in axes]
        return tensor(kept, values, first.type)

    return made


_MODULO = between(lambda a, b: a % b)


_C_MODULO = between(_c_modulo)
