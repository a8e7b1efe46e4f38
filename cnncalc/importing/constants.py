"""What an ONNX graph works out from sizes: arithmetic on small tensors, done as it is read."""

from __future__ import annotations

from itertools import zip_longest
from math import isfinite, prod
from typing import TYPE_CHECKING, Any

from cnncalc.importing.onnx import MOST_VALUES, Constant

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.importing.onnx import Operation

UNKNOWN = Constant(None)

_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "Add": lambda a, b: a + b,
    "Sub": lambda a, b: a - b,
    "Mul": lambda a, b: a * b,
    "Div": lambda a, b: a // b if isinstance(a, int) and isinstance(b, int) else a / b,
}
_KEEPS_DIMS = ("Identity", "Cast", "QuantizeLinear", "DequantizeLinear", "Floor", "Ceil", "Neg")


def vector(values: Sequence[Any]) -> Constant:
    """Return values as a constant of one dimension."""
    return Constant((len(values),), tuple(values) if len(values) <= MOST_VALUES else None)


def numbers(constant: object) -> list[int] | None:
    """Return the values of a constant as whole numbers; None where they are not known."""
    if not isinstance(constant, Constant) or constant.values is None:
        return None
    if not all(map(isfinite, constant.values)):
        return None
    return [int(value) for value in constant.values]


def evaluate(operation: Operation, given: Sequence[Constant]) -> Constant:
    """Return what an operator makes of constants, as far as it is known."""
    kind, attributes = operation.kind, operation.attributes
    if kind == "Constant":
        return _stated(attributes)
    if kind == "ConstantOfShape":
        return _filled(given, attributes)
    if not given:
        return UNKNOWN
    first = given[0]
    try:
        if kind in _KEEPS_DIMS:
            return first
        if kind in _ARITHMETIC and len(given) == 2:
            return _elementwise(_ARITHMETIC[kind], first, given[1])
        if kind == "Transpose" and first.dims is not None:
            order = attributes.get("perm") or list(range(len(first.dims)))[::-1]
            return first._replace(dims=tuple(first.dims[axis] for axis in order), values=None)
        if kind in ("Squeeze", "Unsqueeze") and first.dims is not None:
            axes = attributes.get("axes") or (numbers(given[1]) if len(given) > 1 else None)
            change = _squeezed if kind == "Squeeze" else _unsqueezed
            return first._replace(dims=change(first.dims, axes or ()))
        if kind == "Reshape" and first.size is not None:
            wanted = numbers(given[1]) if len(given) > 1 else attributes.get("shape")
            dims = resolved(wanted, first.dims or (), first.size) if wanted is not None else None
            return first._replace(dims=dims)
        if kind == "Concat" and all(each.values is not None for each in given):
            return vector([value for each in given for value in each.values or ()])
        if kind == "Gather" and first.values is not None and len(given) > 1:
            places = numbers(given[1])
            if places is not None and len(first.dims or ()) == 1:
                picked = tuple(first.values[place] for place in places)
                return Constant(given[1].dims, picked)
        if kind == "Slice" and first.values is not None and len(first.dims or ()) == 1:
            return _sliced(first, given, attributes)
    except (IndexError, ValueError, ZeroDivisionError, OverflowError, TypeError):
        return UNKNOWN
    return UNKNOWN


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


def _squeezed(dims: Sequence[int], axes: Sequence[int]) -> tuple[int, ...]:
    """Return dimensions without some that are 1; without all of them where none is named."""
    gone = {axis % len(dims) for axis in axes} if dims else set()
    return tuple(n for axis, n in enumerate(dims) if n != 1 or (axes and axis not in gone))


def _unsqueezed(dims: Sequence[int], axes: Sequence[int]) -> tuple[int, ...]:
    """Return dimensions with a 1 put in at each axis of the result.

    >>> _unsqueezed((64,), (1, 2))
    (64, 1, 1)
    """
    rank = len(dims) + len(axes)
    if rank > MOST_VALUES:
        raise ValueError
    new = {axis % rank for axis in axes[:8]}
    rest = iter(dims)
    return tuple(1 if axis in new else next(rest) for axis in range(len(dims) + len(new)))


def _stated(attributes: dict[str, Any]) -> Constant:
    value = attributes.get("value")
    if isinstance(value, Constant):
        return value
    for name in ("value_int", "value_float"):
        if isinstance(attributes.get(name), int | float):
            return Constant((), (attributes[name],))
    for name in ("value_ints", "value_floats"):
        if isinstance(attributes.get(name), list):
            return vector(attributes[name])
    return UNKNOWN


def _filled(given: Sequence[Constant], attributes: dict[str, Any]) -> Constant:
    """Return a tensor of one value all over."""
    dims = numbers(given[0]) if given else None
    if dims is None or min(dims, default=0) < 0:
        return UNKNOWN
    value = attributes.get("value")
    one = value.values if isinstance(value, Constant) and value.values else (0,)
    count = prod(dims)
    return Constant(tuple(dims), one[:1] * count if count <= MOST_VALUES else None)


def _elementwise(of: Callable[[Any, Any], Any], one: Constant, other: Constant) -> Constant:
    if one.dims is None or other.dims is None:
        return UNKNOWN
    pairs = zip_longest(reversed(one.dims), reversed(other.dims), fillvalue=1)
    dims = tuple(max(pair) for pair in pairs)[::-1]
    name = one.name or other.name
    if one.values is None or other.values is None or 1 not in (one.size, other.size):
        if one.values is not None and other.values is not None and one.size == other.size:
            return Constant(dims, tuple(map(of, one.values, other.values)), name)
        return Constant(dims, None, name)
    size = max(len(one.values), len(other.values))
    left, right = (
        each if len(each) == size else each * size for each in (one.values, other.values)
    )
    return Constant(dims, tuple(map(of, left, right)), name)


def _sliced(first: Constant, given: Sequence[Constant], attributes: dict[str, Any]) -> Constant:
    """Return a stretch of a vector."""
    if len(given) > 2:
        starts, ends = numbers(given[1]), numbers(given[2])
        steps = numbers(given[4]) if len(given) > 4 else [1]
    else:
        starts, ends, steps = attributes.get("starts"), attributes.get("ends"), [1]
    if not starts or not ends or not steps or first.values is None:
        return UNKNOWN
    return vector(first.values[starts[0] : ends[0] : steps[0]])
