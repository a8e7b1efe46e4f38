"""Layers that a file spells out in several operators: found by their shape, and read as one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from cnncalc.importing.layers import make
from cnncalc.importing.onnx import views
from cnncalc.importing.onnx.operators import clipped
from cnncalc.importing.onnx.reading import Carried, OnnxOperator
from cnncalc.importing.onnx.windows import axes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cnncalc.importing.onnx.functions import Operation
    from cnncalc.importing.onnx.reading import Reading

Shape: TypeAlias = "str | tuple[str, tuple[Shape, ...]]"
"""A tensor by its letter, or an operator and the shapes of its inputs."""

_SPELLED = {
    "silu": ("Mul(Sigmoid(x),x)",),
    "mish": ("Mul(Tanh(Softplus(x)),x)",),
    "hardswish": ("Mul(HardSigmoid(x),x)", "Mul(Clip(Add(x,c)),x)"),
    "hardsigmoid": ("Clip(Add(x,c))",),
    "gelu": (
        "Mul(Add(Erf(x),c),x)",
        "Mul(Add(Tanh(Add(Pow(x,c),x)),c),x)",
        "Mul(Add(Tanh(Add(Mul(Mul(x,x),x),x)),c),x)",
    ),
    "normalise": (
        "Div(Sub(x,ReduceMean(x)),Sqrt(Add(ReduceMean(Pow(Sub(x,ReduceMean(x)),c)),c)))",
        (
            "Div(Sub(x,ReduceMean(x)),"
            "Sqrt(Add(ReduceMean(Mul(Sub(x,ReduceMean(x)),Sub(x,ReduceMean(x)))),c)))"
        ),
    ),
}
"""Operators by their inputs: x comes in, c is a constant. Factors of one number are left out."""

_WORD = re.compile(r"[A-Za-z]+|[(),]")


def _shape(text: str) -> Shape:
    """Return a shape as it is written above."""
    words = _WORD.findall(text)[::-1]

    def take() -> Shape:
        name: str = words.pop()
        if not words or words[-1] != "(":
            return name
        parts = []
        while words.pop() != ")":
            parts.append(take())
        return name, tuple(parts)

    return take()


_SHAPES = [(name, _shape(text)) for name, texts in _SPELLED.items() for text in texts]
_ROOTS = {shape[0] for _, shape in _SHAPES}


_BEHIND_POOL = frozenset(
    "Add Mul Div Reshape Squeeze If Equal Gather Identity Shape Pad Unsqueeze".split()
)


def _local_norm(root: Operation, makers: Mapping[str, Operation]) -> tuple[str, str] | None:
    """Return a local response norm: x over a power of the mean of its squares along channels."""
    if root.kind != "Div" or len(root.inputs) != 2:
        return None
    tensor, below = root.inputs
    power = makers.get(below)
    maker = makers.get(power.inputs[0]) if power and power.kind == "Pow" else None
    size = 0
    for _turn in range(_LONGEST):
        if maker is None or not maker.inputs:
            return None
        if maker.kind == "Mul" and maker.inputs == (tensor, tensor):
            return (f"lrn {size}", tensor) if size else None
        if maker.kind == "AveragePool":
            size, *rest = maker.attributes.get("kernel_shape") or [0]
            if set(rest) - {1}:
                return None
        elif maker.kind not in _BEHIND_POOL:
            return None
        maker = makers.get(maker.inputs[0])
    return None


_LONGEST = 16


def _spelled(reading: Reading, root: Operation) -> tuple[str, str] | None:
    """Return which layer an operator ends, and the tensor that it reads; None for none."""
    makers = reading.makers
    if root.kind not in _ROOTS:
        return None

    def bare(tensor: str) -> str:
        """Return what a tensor is a multiple of."""
        for _turn in range(4):
            maker = makers.get(tensor)
            if maker is None or maker.kind not in ("Mul", "Div") or len(maker.inputs) != 2:
                break
            one, other = maker.inputs
            if reading.is_number(other):
                tensor = one
            elif reading.is_number(one) and maker.kind == "Mul":
                tensor = other
            else:
                break
        return tensor

    def fits(shape: Shape, tensor: str, bound: str | None) -> list[str | None]:
        """Return what x may be, if a tensor has a shape."""
        if shape == "c":
            return [bound] if reading.is_constant(tensor) else []
        tensor = bare(tensor)
        if shape == "x":
            return [tensor] if bound in (None, tensor) and not reading.is_constant(tensor) else []
        maker = makers.get(tensor)
        return operator(shape, maker, bound) if maker else []

    def operator(shape: Shape, maker: Operation, bound: str | None) -> list[str | None]:
        if isinstance(shape, str):
            return []
        kind, parts = shape
        if maker.kind != kind:
            return []
        if len(parts) == 1:
            return fits(parts[0], maker.inputs[0], bound) if maker.inputs else []
        if len(maker.inputs) != len(parts):
            return []
        orders = [maker.inputs, maker.inputs[::-1]] if kind in ("Add", "Mul") else [maker.inputs]
        found: list[str | None] = []
        for inputs in orders:
            bounds = [bound]
            for part, tensor in zip(parts, inputs, strict=True):
                bounds = list(dict.fromkeys(b for each in bounds for b in fits(part, tensor, each)))
            found += bounds
        return list(dict.fromkeys(found))

    if found := _local_norm(root, makers):
        return found
    for name, shape in _SHAPES:
        for tensor in operator(shape, root, None):
            if tensor is not None:
                return name, tensor
    return None


def read_pattern(op: OnnxOperator) -> Carried | None:
    """Return the layer that an operator and those before it spell out together."""
    pattern = _spelled(op.reading, op.operation)
    if pattern is None:
        return None
    layer, tensor = pattern
    flow = op.reading.values.get(tensor)
    if not isinstance(flow, Carried):
        return None
    made = _made_of(op, layer, flow)
    waiting = list(op.inputs) if made else []
    while waiting:
        each = waiting.pop()
        maker = op.reading.makers.get(each)
        if each != tensor and maker and id(maker) not in op.reading.absorbed:
            op.reading.absorbed.add(id(maker))
            waiting += maker.inputs
    return made


def _made_of(op: OnnxOperator, layer: str, flow: Carried) -> Carried | None:
    if layer == "hardsigmoid" and clipped(op) != "relu6":
        return None
    if layer != "normalise":
        kind, *numbers = layer.split()
        return op.behind(flow, make(kind, numbers=tuple(numbers)))
    mean = next(
        maker
        for each in op.inputs
        if (maker := op.reading.makers.get(each)) and maker.kind == "Sub"
    )
    mean = next(
        m for each in mean.inputs if (m := op.reading.makers.get(each)) and m.kind == "ReduceMean"
    )
    axes = axes_of(OnnxOperator(op.reading, mean), len(flow.view))
    channels = views.channels_at(flow.view, op.volume(flow))
    if axes == [channels]:
        made = op.behind(flow, make("ln"))
        op.graph.learns_no(made.node, "noscale", "nobias")
        return made
    if channels == 1 and axes == list(range(2, len(flow.view))):
        return op.behind(flow, make("in"))
    return None
