"""What an ONNX graph works out from sizes: arithmetic on small tensors, done as it is read.

Whole numbers stay whole, and floats are rounded to their type after each step, so that a size
that a file computes comes out as it does where the file is run.
"""

from __future__ import annotations

import math
import struct
from itertools import accumulate, product
from math import isfinite, prod
from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.importing.onnx import BOOL, FLOATS, INT64, MOST_VALUES, WHOLES, Constant

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.importing.onnx import Operation

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


def evaluate(operation: Operation, given: Given) -> list[Constant]:
    """Return what an operator makes of constants, as far as it is known."""
    of = _OPERATORS.get(operation.kind)
    if of is None:
        return [UNKNOWN]
    try:
        made = of(operation, given)
    except (ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError):
        return [UNKNOWN]  # values that no such operator takes, or that are not known
    return made if isinstance(made, list) else [made]


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


# ---------------------------------------------------------------- values and their types


def _kept(value: Any, kind: int) -> Any:
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


def _made(dims: Sequence[int], values: Sequence[Any] | None, kind: int, name: str = "") -> Constant:
    """Return a constant of a type."""
    if values is None or len(values) > MOST_VALUES:
        return Constant(tuple(dims), None, name, kind)
    return Constant(tuple(dims), tuple(_kept(value, kind) for value in values), name, kind)


def _known(constant: Constant | None) -> list[int]:
    """Return the values of a constant that must be whole numbers."""
    found = numbers(constant)
    if found is None:
        raise ValueError
    return found


def _axes(operation: Operation, given: Given, place: int = 1) -> list[int] | None:
    """Return the axes that an operator names, in an attribute or in newer files an input."""
    named = operation.attributes.get("axes")
    if named is not None:
        return list(named)
    return _known(given[place]) if len(given) > place and given[place] is not None else None


def _first(given: Given) -> tuple[Constant, tuple[int, ...]]:
    """Return what comes first, and its dimensions."""
    constant = given[0]
    if constant is None or constant.dims is None:
        raise ValueError
    return constant, constant.dims


# ---------------------------------------------------------------- arithmetic


def _each(of: Callable[[Any, int], Any], to: int | None = None) -> _Reader:
    """Return what works on each value by itself, which knows its type."""

    def made(_operation: Operation, given: Given) -> Constant:
        first, dims = _first(given)
        kind = first.type if to is None else to
        values = first.values and tuple(of(value, first.type) for value in first.values)
        return _made(dims, values, kind, first.name)

    return made


def _cast(operation: Operation, given: Given) -> Constant:
    """Cast to whole numbers cuts off what is behind the point."""
    first, dims = _first(given)
    to = operation.attributes.get("to", 0)
    if to not in FLOATS and to not in WHOLES and to != BOOL:
        return Constant(dims, None, first.name)
    whole = to in WHOLES
    values = first.values and tuple(int(v) if whole else v for v in first.values)
    return _made(dims, values, to, first.name)


def _broadcast(shapes: Sequence[Sequence[int]]) -> tuple[int, ...]:
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


def _spread(constant: Constant, dims: Sequence[int]) -> tuple[Any, ...]:
    """Return the values of a constant in larger dimensions."""
    if constant.values is None or constant.dims is None or prod(dims) > MOST_VALUES:
        raise ValueError
    own = (1,) * (len(dims) - len(constant.dims)) + constant.dims
    steps = _steps(own)
    return tuple(
        constant.values[sum(i * s for i, s, n in zip(place, steps, own, strict=True) if n != 1)]
        for place in product(*map(range, dims))
    )


def _steps(dims: Sequence[int]) -> list[int]:
    """Return how far apart neighbours along each axis stand."""
    return [prod(dims[axis + 1 :]) for axis in range(len(dims))]


def _between(of: Callable[[Any, Any], Any], to: int | None = None) -> _Reader:
    """Return what joins two or more tensors, value by value."""

    def made(_operation: Operation, given: Given) -> Constant:
        parts = [each for each in given if each is not None]
        dims = _broadcast([each.dims for each in parts if each.dims is not None])
        if len(parts) < len(given) or any(each.dims is None for each in parts):
            raise ValueError
        name = next((each.name for each in parts if each.name), "")
        kind = parts[0].type
        if any(each.values is None for each in parts) or prod(dims) > MOST_VALUES:
            return Constant(dims, None, name, kind if to is None else to)
        values = _spread(parts[0], dims)
        for part in parts[1:]:
            joined = [of(*pair) for pair in zip(values, _spread(part, dims), strict=True)]
            values = tuple(_kept(value, kind) for value in joined) if to is None else tuple(joined)
        return _made(dims, values, kind if to is None else to, name)

    return made


def _divide(a: Any, b: Any) -> Any:
    """Divide as C does: whole numbers towards zero."""
    if not isinstance(a, int) or not isinstance(b, int):
        return a / b
    whole = abs(a) // abs(b)
    return whole if (a < 0) == (b < 0) else -whole


def _power(a: Any, b: Any) -> Any:
    if isinstance(a, int):
        if b < 0 or b > 63 or b != int(b):
            raise ValueError
        return a ** int(b)
    return math.pow(a, b)


def _mod(operation: Operation, given: Given) -> Made:
    """Return what is left: with the sign of the divisor, or with 'fmod' that of what is divided."""
    return (_C_MODULO if operation.attributes.get("fmod") else _MODULO)(operation, given)


def _c_modulo(a: Any, b: Any) -> Any:
    left = math.fmod(a, b)
    return int(left) if isinstance(a, int) else left


def _clip(operation: Operation, given: Given) -> Constant:
    first, dims = _first(given)
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
    return _made(dims, values, first.type, first.name)


def _where(_operation: Operation, given: Given) -> Constant:
    parts = [each for each in given if each is not None and each.dims is not None]
    if len(parts) != 3:
        raise ValueError
    dims = _broadcast([each.dims or () for each in parts])
    condition, one, other = (_spread(each, dims) for each in parts)
    values = [a if c else b for c, a, b in zip(condition, one, other, strict=True)]
    return _made(dims, values, parts[1].type)


def _reduce(of: Callable[[Sequence[Any]], Any]) -> _Reader:
    """Return what makes one value of all along some axes.

    Sums and products of floats depend on the order in which they are rounded: not known.
    """

    def made(operation: Operation, given: Given) -> Constant:
        first, dims = _first(given)
        named = _axes(operation, given)
        if not named and operation.attributes.get("noop_with_empty_axes"):
            return first
        axes = {axis % len(dims) for axis in named} if named else set(range(len(dims)))
        kept = [1 if axis in axes else n for axis, n in enumerate(dims)]
        if first.values is None or (first.type in FLOATS and of in (sum, prod)):
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
        return _made(kept, values, first.type)

    return made


# ---------------------------------------------------------------- moving values about


def _moved(
    first: Constant, dims: Sequence[int], source: Callable[[tuple[int, ...]], Sequence[int]]
) -> Constant:
    """Return a constant whose values come each from a place of another."""
    if first.values is None or first.dims is None or prod(dims) > MOST_VALUES:
        return Constant(tuple(dims), None, first.name, first.type)
    steps = _steps(first.dims)
    places = (source(place) for place in product(*map(range, dims)))
    values = [
        first.values[sum(i * s for i, s in zip(place, steps, strict=True))] for place in places
    ]
    return Constant(tuple(dims), tuple(values), first.name, first.type)


def _transpose(operation: Operation, given: Given) -> Constant:
    first, dims = _first(given)
    order = operation.attributes.get("perm") or list(range(len(dims)))[::-1]
    back = [order.index(axis) for axis in range(len(dims))]
    return _moved(first, [dims[axis] for axis in order], lambda at: [at[axis] for axis in back])


def _squeeze(operation: Operation, given: Given) -> Constant:
    """Take out dimensions that are 1; all of them where none is named."""
    first, dims = _first(given)
    named = _axes(operation, given)
    gone = {axis % len(dims) for axis in named} if named else set(range(len(dims)))
    if named and any(dims[axis] != 1 for axis in gone):
        raise ValueError
    return first._replace(
        dims=tuple(n for axis, n in enumerate(dims) if n != 1 or axis not in gone)
    )


def _unsqueeze(operation: Operation, given: Given) -> Constant:
    """Put in a 1 at each axis of the result."""
    first, dims = _first(given)
    axes = _axes(operation, given) or []
    rank = len(dims) + len(axes)
    if rank > MOST_VALUES:
        raise ValueError
    new = {axis % rank for axis in axes}
    rest = iter(dims)
    return first._replace(dims=tuple(1 if axis in new else next(rest) for axis in range(rank)))


def _reshape(operation: Operation, given: Given) -> Constant:
    first, dims = _first(given)
    wanted = operation.attributes.get("shape") or _known(given[1])
    return first._replace(dims=resolved(wanted, dims, prod(dims)))


def _flatten(operation: Operation, given: Given) -> Constant:
    first, dims = _first(given)
    axis = operation.attributes.get("axis", 1)
    axis += len(dims) if axis < 0 else 0
    return first._replace(dims=(prod(dims[:axis]), prod(dims[axis:])))


def _concat(operation: Operation, given: Given) -> Constant:
    parts = [each for each in given if each is not None and each.dims is not None]
    first, dims = _first(parts)
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
    return _made(all_dims, values, first.type)


def _slice(operation: Operation, given: Given) -> Constant:
    first, dims = _first(given)
    attributes = operation.attributes
    if "starts" in attributes:
        starts, ends = attributes["starts"], attributes["ends"]
        axes, steps = attributes.get("axes"), None
    else:
        starts, ends = _known(given[1]), _known(given[2])
        axes, steps = (
            _known(given[place]) if len(given) > place and given[place] else None
            for place in (3, 4)
        )
    picked = [range(n) for n in dims]
    for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
        axis = axes[place] % len(dims) if axes else place
        step = steps[place] if steps else 1
        picked[axis] = range(*slice(start, end, step).indices(dims[axis]))
    return _moved(
        first,
        [len(each) for each in picked],
        lambda at: [p[i] for p, i in zip(picked, at, strict=True)],
    )


def _gather(operation: Operation, given: Given) -> Constant:
    first, dims = _first(given)
    index = given[1]
    places = _known(index)
    if index is None or index.dims is None:
        raise ValueError
    axis = operation.attributes.get("axis", 0) % len(dims)
    if any(not -dims[axis] <= place < dims[axis] for place in places):
        raise IndexError
    rank = len(index.dims)
    steps = _steps(index.dims)

    def source(at: tuple[int, ...]) -> list[int]:
        inner = at[axis : axis + rank]
        place = places[sum(i * s for i, s in zip(inner, steps, strict=True))]
        return [*at[:axis], place % dims[axis], *at[axis + rank :]]

    return _moved(first, [*dims[:axis], *index.dims, *dims[axis + 1 :]], source)


def _expand(_operation: Operation, given: Given) -> Constant:
    first, dims = _first(given)
    wide = _broadcast([dims, _known(given[1])])
    lead = len(wide) - len(dims)
    return _moved(
        first,
        wide,
        lambda at: [0 if n == 1 else i for i, n in zip(at[lead:], dims, strict=True)],
    )


def _tile(_operation: Operation, given: Given) -> Constant:
    first, dims = _first(given)
    times = _known(given[1])
    wide = [n * count for n, count in zip(dims, times, strict=True)]
    return _moved(first, wide, lambda at: [i % n for i, n in zip(at, dims, strict=True)])


def _split(operation: Operation, given: Given) -> list[Constant]:
    first, dims = _first(given)
    axis = operation.attributes.get("axis", 0) % len(dims)
    parts = operation.attributes.get("split")
    if parts is None and len(given) > 1 and given[1] is not None:
        parts = _known(given[1])
    count = len(operation.outputs)
    if parts is None:
        each = -(-dims[axis] // count)
        parts = [min(each, dims[axis] - each * i) for i in range(count)]
    ends = list(accumulate(parts))
    return [_piece(first, axis, end - size, end) for size, end in zip(parts, ends, strict=True)]


def _piece(first: Constant, axis: int, start: int, end: int) -> Constant:
    """Return a stretch of one axis."""
    dims = first.dims or ()
    return _moved(
        first,
        [*dims[:axis], end - start, *dims[axis + 1 :]],
        lambda at: [*at[:axis], at[axis] + start, *at[axis + 1 :]],
    )


# ---------------------------------------------------------------- made of nothing


def _stated(operation: Operation, _given: Given) -> Constant:
    attributes = operation.attributes
    value = attributes.get("value")
    if isinstance(value, Constant):
        return value
    for name, kind in (("value_int", INT64), ("value_float", 1)):
        if isinstance(attributes.get(name), int | float):
            return _made((), (attributes[name],), kind)
    for name, kind in (("value_ints", INT64), ("value_floats", 1)):
        if isinstance(attributes.get(name), list):
            return _made((len(attributes[name]),), attributes[name], kind)
    return UNKNOWN


def _filled(operation: Operation, given: Given) -> Constant:
    """Return a tensor of one value all over."""
    dims = _known(given[0])
    if min(dims, default=0) < 0:
        raise ValueError
    value = operation.attributes.get("value")
    one, kind = (value.values, value.type) if isinstance(value, Constant) else ((0.0,), 1)
    count = prod(dims)
    few = one is not None and count <= MOST_VALUES
    return _made(dims, (one or ())[:1] * count if few else None, kind)


def _shape(operation: Operation, given: Given) -> Constant:
    _constant, dims = _first(given)
    attributes = operation.attributes
    return vector(dims[attributes.get("start", 0) : attributes.get("end", len(dims))])


def _size(_operation: Operation, given: Given) -> Constant:
    return _made((), (prod(_first(given)[1]),), INT64)


def _range(_operation: Operation, given: Given) -> Constant:
    parts = [each.values[0] for each in given if each is not None and each.values]
    start, limit, step = parts
    count = max(math.ceil((limit - start) / step), 0)
    if count > MOST_VALUES:
        return Constant((count,), None)
    kind = given[0].type if given[0] else 0
    return _made((count,), [start + i * step for i in range(count)], kind)


def _same(_operation: Operation, given: Given) -> Constant:
    return _first(given)[0]


def _quantized(_operation: Operation, given: Given) -> Constant:
    first, dims = _first(given)
    return Constant(dims, None, first.name)


_Reader: TypeAlias = "Callable[[Operation, Given], Made]"

_MODULO = _between(lambda a, b: a % b)
_C_MODULO = _between(_c_modulo)

_OPERATORS: dict[str, _Reader] = {
    "Abs": _each(lambda a, _kind: abs(a)),
    "Add": _between(lambda a, b: a + b),
    "And": _between(lambda a, b: a and b, BOOL),
    "Cast": _cast,
    "Ceil": _each(lambda a, kind: float(math.ceil(a)) if kind in FLOATS else math.ceil(a)),
    "Clip": _clip,
    "Concat": _concat,
    "Constant": _stated,
    "ConstantOfShape": _filled,
    "DequantizeLinear": _quantized,
    "Div": _between(_divide),
    "Equal": _between(lambda a, b: a == b, BOOL),
    "Expand": _expand,
    "Flatten": _flatten,
    "Floor": _each(lambda a, kind: float(math.floor(a)) if kind in FLOATS else math.floor(a)),
    "Gather": _gather,
    "Greater": _between(lambda a, b: a > b, BOOL),
    "GreaterOrEqual": _between(lambda a, b: a >= b, BOOL),
    "Identity": _same,
    "Less": _between(lambda a, b: a < b, BOOL),
    "LessOrEqual": _between(lambda a, b: a <= b, BOOL),
    "Max": _between(max),
    "Min": _between(min),
    "Mod": _mod,
    "Mul": _between(lambda a, b: a * b),
    "Neg": _each(lambda a, _kind: -a),
    "Not": _each(lambda a, _kind: not a, BOOL),
    "Or": _between(lambda a, b: a or b, BOOL),
    "Pow": _between(_power),
    "QuantizeLinear": _quantized,
    "Range": _range,
    "Reciprocal": _each(lambda a, _kind: 1 / a),
    "ReduceMax": _reduce(max),
    "ReduceMin": _reduce(min),
    "ReduceProd": _reduce(prod),
    "ReduceSum": _reduce(sum),
    "Reshape": _reshape,
    "Round": _each(lambda a, _kind: float(round(a))),
    "Shape": _shape,
    "Size": _size,
    "Slice": _slice,
    "Split": _split,
    "Sqrt": _each(lambda a, _kind: math.sqrt(a)),
    "Squeeze": _squeeze,
    "Sub": _between(lambda a, b: a - b),
    "Sum": _between(lambda a, b: a + b),
    "Tile": _tile,
    "Transpose": _transpose,
    "Unsqueeze": _unsqueeze,
    "Where": _where,
    "Xor": _between(lambda a, b: bool(a) != bool(b), BOOL),
}
"""What each operator makes of tensors that are known."""
