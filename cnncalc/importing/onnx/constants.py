"""What an ONNX graph works out from sizes: arithmetic on small tensors, done as it is read.

Whole numbers stay whole, and floats are rounded to their type after each step, so that a size
that a file computes comes out as it does where the file is run.
"""

from __future__ import annotations

import math
from math import prod
from typing import TYPE_CHECKING

from cnncalc.importing.onnx import elementwise, rearrangements
from cnncalc.importing.onnx.model import BOOL, FLOATS, INT64, MOST_VALUES, Constant
from cnncalc.importing.onnx.tensors import (
    UNKNOWN,
    Given,
    Maker,
    broadcast,
    first_of,
    known,
    tensor,
    vector,
)

if TYPE_CHECKING:
    from cnncalc.importing.onnx.functions import Operation


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


def _stated(operation: Operation, _given: Given) -> Constant:
    attributes = operation.attributes
    value = attributes.get("value")
    if isinstance(value, Constant):
        return value
    for name, kind in (("value_int", INT64), ("value_float", 1)):
        if isinstance(attributes.get(name), int | float):
            return tensor((), (attributes[name],), kind)
    for name, kind in (("value_ints", INT64), ("value_floats", 1)):
        if isinstance(attributes.get(name), list):
            return tensor((len(attributes[name]),), attributes[name], kind)
    return UNKNOWN


def _filled(operation: Operation, given: Given) -> Constant:
    """Return a tensor of one value all over."""
    dims = known(given[0])
    if min(dims, default=0) < 0:
        raise ValueError
    value = operation.attributes.get("value")
    one, kind = (value.values, value.type) if isinstance(value, Constant) else ((0.0,), 1)
    count = prod(dims)
    few = one is not None and count <= MOST_VALUES
    return tensor(dims, (one or ())[:1] * count if few else None, kind)


def _shape(operation: Operation, given: Given) -> Constant:
    _constant, dims = first_of(given)
    attributes = operation.attributes
    return vector(dims[attributes.get("start", 0) : attributes.get("end", len(dims))])


def _size(_operation: Operation, given: Given) -> Constant:
    return tensor((), (prod(first_of(given)[1]),), INT64)


def _range(_operation: Operation, given: Given) -> Constant:
    parts = [each.values[0] for each in given if each is not None and each.values]
    start, limit, step = parts
    count = max(math.ceil((limit - start) / step), 0)
    if count > MOST_VALUES:
        return Constant((count,), None)
    kind = given[0].type if given[0] else 0
    return tensor((count,), [start + i * step for i in range(count)], kind)


def _same(_operation: Operation, given: Given) -> Constant:
    return first_of(given)[0]


def _shaped(_operation: Operation, given: Given) -> Constant:
    """Return a tensor whose values are not worked out, and whose dimensions stay."""
    first, dims = first_of(given)
    return Constant(dims, None, first.name)


def _shaped_by_all(_operation: Operation, given: Given) -> Constant:
    """Return a tensor whose values are not worked out, as wide as all that it is made of."""
    return Constant(broadcast([first_of([each])[1] for each in given]), None)


def _multiplied(_operation: Operation, given: Given) -> Constant:
    """Return a product of matrices, vectors, or stacks of matrices, without its values."""
    (_one, one), (_other, other) = first_of(given), first_of(given[1:])
    if not one or not other or one[-1] != other[-2:][0]:
        raise ValueError
    stack = broadcast([one[:-2], other[:-2]])
    return Constant((*stack, *one[:-1][-1:], *other[1:][-1:]), None)


def _weighed(operation: Operation, given: Given) -> Constant:
    """Return a product by a matrix, which may be turned, without its values."""
    (_one, one), (_other, other) = first_of(given), first_of(given[1:])
    rows = one[1] if operation.attributes.get("transA") else one[0]
    columns = other[0] if operation.attributes.get("transB") else other[1]
    return Constant((*one[:-2], rows, columns) if len(one) == 2 else (*one[:-1], columns), None)


def _slid_over(operation: Operation, given: Given) -> Constant:
    """Return a convolution of a map that is known, without its values."""
    (_map, dims), (_weights, weights) = first_of(given), first_of(given[1:])
    rank = len(dims) - 2
    of = operation.attributes
    steps, gaps = (of.get(name) or [1] * rank for name in ("strides", "dilations"))
    pads = of.get("pads") or [0] * (2 * rank)
    sizes = [
        (n + pads[at] + pads[at + rank] - gaps[at] * (weights[2 + at] - 1) - 1) // steps[at] + 1
        for at, n in enumerate(dims[2:])
    ]
    return Constant((dims[0], weights[0], *sizes), None)


_OPERATORS: dict[str, Maker] = {
    "Abs": elementwise.each(lambda a, _kind: abs(a)),
    "Add": elementwise.between(lambda a, b: a + b),
    "And": elementwise.between(lambda a, b: a and b, BOOL),
    "Cast": elementwise.cast,
    **dict.fromkeys(("BitwiseAnd", "BitwiseOr", "BitwiseXor", "BitShift"), _shaped_by_all),
    "Ceil": elementwise.each(
        lambda a, kind: float(math.ceil(a)) if kind in FLOATS else math.ceil(a)
    ),
    "Clip": elementwise.clip,
    "Concat": rearrangements.concat,
    "Constant": _stated,
    "ConstantOfShape": _filled,
    "Conv": _slid_over,
    "Div": elementwise.between(elementwise.divide),
    "Equal": elementwise.between(lambda a, b: a == b, BOOL),
    "Expand": rearrangements.expand,
    "Flatten": rearrangements.flatten,
    "Floor": elementwise.each(
        lambda a, kind: float(math.floor(a)) if kind in FLOATS else math.floor(a)
    ),
    "Gather": rearrangements.gather,
    "Gemm": _weighed,
    "Greater": elementwise.between(lambda a, b: a > b, BOOL),
    "GreaterOrEqual": elementwise.between(lambda a, b: a >= b, BOOL),
    "Identity": _same,
    "Less": elementwise.between(lambda a, b: a < b, BOOL),
    "LessOrEqual": elementwise.between(lambda a, b: a <= b, BOOL),
    "MatMul": _multiplied,
    "Max": elementwise.between(max),
    "Min": elementwise.between(min),
    "Mod": elementwise.modulo,
    "Mul": elementwise.between(lambda a, b: a * b),
    "Neg": elementwise.each(lambda a, _kind: -a),
    "Not": elementwise.each(lambda a, _kind: not a, BOOL),
    "Or": elementwise.between(lambda a, b: a or b, BOOL),
    "Pow": elementwise.between(elementwise.power),
    "Range": _range,
    "Reciprocal": elementwise.each(lambda a, _kind: 1 / a),
    "ReduceMax": elementwise.reduce(max),
    "ReduceMin": elementwise.reduce(min),
    "ReduceProd": elementwise.reduce(prod),
    "ReduceSum": elementwise.reduce(sum),
    "Reshape": rearrangements.reshape,
    "Round": elementwise.each(lambda a, _kind: float(round(a))),
    "Shape": _shape,
    "Size": _size,
    "Slice": rearrangements.part,
    "Split": rearrangements.split,
    "Sqrt": elementwise.each(lambda a, _kind: math.sqrt(a)),
    "Squeeze": rearrangements.squeeze,
    "Sub": elementwise.between(lambda a, b: a - b),
    "Sum": elementwise.between(lambda a, b: a + b),
    "Tile": rearrangements.tile,
    "Transpose": rearrangements.transpose,
    "Unsqueeze": rearrangements.unsqueeze,
    "Where": elementwise.where,
    "Xor": elementwise.between(lambda a, b: bool(a) != bool(b), BOOL),
    **dict.fromkeys(
        "ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMean ReduceSumSquare".split(),
        elementwise.reduce(None),
    ),
    **dict.fromkeys(
        """
        BatchNormalization Cos CumSum DequantizeLinear Erf Exp Gelu InstanceNormalization
        LayerNormalization Log LogSoftmax LpNormalization QuantizeLinear Relu
        ScatterElements ScatterND Sigmoid Sign Sin Softmax Softplus Tanh Trilu
        """.split(),
        _shaped,
    ),
}
"""What each operator makes of tensors that are known."""
