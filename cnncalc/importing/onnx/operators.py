"""ONNX operators to layers: what each is in the notation, from its attributes and dimensions."""

from __future__ import annotations

from math import isfinite, prod
from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.importing.layers import from_module, make
from cnncalc.importing.onnx import joins, moves, parts, products, views, windows
from cnncalc.importing.onnx.queries import attention
from cnncalc.importing.onnx.reading import MADE_UP, Carried
from cnncalc.importing.onnx.recurrent import recurrent
from cnncalc.importing.onnx.views import CHANNELS, whole
from cnncalc.kinds.modules import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.importing.onnx.model import Operation
    from cnncalc.importing.onnx.reading import Reading, Value


# ---------------------------------------------------------------- fully connected


def _gemm(reading: Reading, operation: Operation, flow: Carried) -> Carried | None:
    weight = reading.constant(operation, 1)
    if weight is None or weight.dims is None:
        return None
    if operation.attributes.get("transA"):
        flow = Carried(flow.node, flow.view[::-1])
    dims = weight.dims[::-1] if operation.attributes.get("transB") else weight.dims
    bias = reading.constant(operation, 2)
    given = len(operation.inputs) > 2 and bool(operation.inputs[2])
    alone = bias is not None and bias.size == 1 < dims[-1]
    if flow.view[-1] != whole(CHANNELS, reading.volume(flow)[-1]):
        flow = reading.laid_out(operation, flow, -1)
    volume = reading.volume(flow)
    if len(dims) != 2 or dims[0] != volume[-1]:
        return None
    nobias = not given or alone
    layer = make("fc", units=dims[1], nobias=nobias)
    if len(volume) > 1:
        layer = make("conv", filters=dims[1], kernel=(1,), nobias=nobias)
    view = (*flow.view[:-1], whole(CHANNELS, dims[1]))
    made = reading.behind(flow, layer, operation, view, operation.inputs[1])
    if alone:  # one number that is added to all
        return reading.behind(made, make("position", count=1), operation)
    return made


# ---------------------------------------------------------------- norms and activations


def _batch_norm(reading: Reading, operation: Operation, flow: Carried) -> Carried | None:
    if views.channels_at(flow.view, reading.volume(flow)) != 1:
        flow = reading.laid_out(operation, flow, 1)
    made = reading.norm_behind(flow, make("bn"), operation)
    if len(operation.inputs) > 1 and not operation.inputs[1]:
        reading.graph.learns_no(made.node, "noscale", "nobias")
    return made


def _layer_norm(reading: Reading, operation: Operation, flow: Carried) -> Carried | None:
    scale = reading.constant(operation, 1)
    sizes = views.sizes(flow.view)
    axis = operation.attributes.get("axis", -1) % len(sizes)
    if scale is None or scale.size != prod(sizes[axis:]):
        return None
    if axis < len(sizes) - 1:
        count = {} if scale.size == prod(sizes) else {"count": scale.size}
        for _learned in filter(None, operation.inputs[1:3]):
            flow = reading.behind(flow, make("position", **count), operation)
        reading.graph.tell_stand_in(operation.kind, flow.node)
        return flow
    flow = reading.laid_out(operation, flow, -1)
    made = reading.norm_behind(flow, make("ln"), operation)
    bias = reading.constant(operation, 2)
    if bias is None or (bias.zeros and not reading.is_stored(operation.inputs[2])):
        reading.graph.learns_no(made.node, "nobias")
    return made


def _group_norm(reading: Reading, operation: Operation, flow: Carried) -> Carried | None:
    if views.channels_at(flow.view, reading.volume(flow)) != 1:
        flow = reading.laid_out(operation, flow, 1)
    groups = operation.attributes["num_groups"]
    return reading.behind(flow, make("gn", groups=groups), operation)


def _instance_norm(reading: Reading, operation: Operation, flow: Carried) -> Carried | None:
    """Read an instance norm: it learns where its scale is no constant that was made up."""
    if (groups := views.groups_at(flow.view, reading.volume(flow))) is not None:
        made = reading.behind(flow, make("gn", groups=groups), operation)
        reading.graph.learns_no(made.node, "noscale", "nobias")
        return made
    if views.channels_at(flow.view, reading.volume(flow)) != 1:
        flow = reading.laid_out(operation, flow, 1)
    scale = reading.constant(operation, 1)
    learns = scale is not None and scale.name and not MADE_UP.fullmatch(scale.name)
    layer = from_module(Wanted("in", {"affine": bool(learns)}), reading.volume(flow)[-1])
    return reading.behind(flow, layer, operation)


def _clip(reading: Reading, operation: Operation, flow: Carried) -> Carried | None:
    kind = clipped(reading, operation)
    return reading.behind(flow, make(kind), operation) if kind else None


def clipped(reading: Reading, operation: Operation) -> str:
    """Return which layer a clip is: relu6, relu, or none."""
    least, most = (
        _number(reading, operation, name, place) for name, place in (("min", 1), ("max", 2))
    )
    if least == 0 and most in (1, 6):
        return "relu6"
    return "relu" if least == 0 and most is None else ""


def _number(reading: Reading, operation: Operation, name: str, place: int) -> Any:
    """Return one number from an attribute, or from an input in newer files."""
    if name in operation.attributes:
        return operation.attributes[name]
    constant = reading.constant(operation, place)
    return constant.values[0] if constant and constant.values else None


def _with_number(name: str, attribute: str, place: int, default: float | None = None) -> _Reader:
    """Return a reader of a layer whose number is kept as it is given."""

    def read(reading: Reading, operation: Operation, flow: Carried) -> Carried:
        value = _number(reading, operation, attribute, place)
        value = default if value is None else value
        plain = isinstance(value, int | float) and isfinite(value) and value >= 0
        layer = make(name, numbers=(f"{value:.6g}",) if plain else ())
        return reading.behind(flow, layer, operation)

    return read


def _prelu(reading: Reading, operation: Operation, flow: Carried) -> Carried | None:
    slope = reading.constant(operation, 1)
    dims = (slope.dims if slope else None) or ()
    wide = [axis - len(dims) for axis, size in enumerate(dims) if size > 1]
    if slope is not None and len(wide) == 1 and -wide[0] <= len(flow.view):
        flow = reading.laid_out(operation, flow, wide[0])
    if slope is not None and slope.size == reading.volume(flow)[-1]:
        return reading.behind(flow, make("prelu"), operation)
    if slope is not None and slope.size == 1:
        return reading.behind(flow, make("prelu", count=1), operation)
    if slope is not None and slope.size == prod(views.sizes(flow.view)):
        made = reading.behind(flow, make("position"), operation)
        reading.graph.tell_stand_in(operation.kind, made.node)
        return made
    return None


def _lrn(reading: Reading, operation: Operation, flow: Carried) -> Carried:
    return reading.behind(
        flow, make("lrn", numbers=(str(operation.attributes["size"]),)), operation
    )


_Reader: TypeAlias = "Callable[[Reading, Operation, Carried], Carried | list[Value] | None]"

OPERATORS: dict[str, _Reader] = {
    "AdaptiveAveragePool": windows.adaptive_pool,
    "AdaptiveMaxPool": windows.adaptive_pool,
    "Attention": attention,
    "AveragePool": windows.pool,
    "BatchNormalization": _batch_norm,
    "Clip": _clip,
    "Conv": windows.conv,
    "DeformConv": windows.deformed,
    "Expand": moves.expand,
    "Einsum": products.einsum,
    "ConvTranspose": windows.deconv,
    "DepthToSpace": moves.blocks,
    "Dropout": _with_number("dropout", "ratio", 1, 0.5),
    "Flatten": moves.flatten,
    "FlexAttention": attention,
    "Gather": parts.gather,
    "Gemm": _gemm,
    "GlobalAveragePool": windows.global_pool,
    "GlobalMaxPool": windows.global_pool,
    "GroupNormalization": _group_norm,
    "InstanceNormalization": _instance_norm,
    "GRU": recurrent,
    "GlobalLpPool": windows.global_pool,
    "LRN": _lrn,
    "LSTM": recurrent,
    "LpPool": windows.pool,
    "LayerNormalization": _layer_norm,
    "LeakyRelu": _with_number("leakyrelu", "alpha", 9, 0.01),
    "MatMul": products.matmul,
    "MaxPool": windows.pool,
    "PRelu": _prelu,
    "RNN": recurrent,
    "Pad": moves.pad,
    "ReduceMax": windows.reduce,
    "ReduceMean": windows.reduce,
    "ReduceSum": joins.summed,
    "Reshape": moves.reshape,
    "Resize": moves.resize,
    "RMSNormalization": _layer_norm,
    "SimplifiedLayerNormalization": _layer_norm,
    "Slice": parts.part,
    "SpaceToDepth": moves.blocks,
    "Split": parts.split,
    "Squeeze": moves.squeeze,
    "Transpose": moves.transpose,
    "Unsqueeze": moves.unsqueeze,
    "Upsample": moves.resize,
}
"""What reads each operator; None where it is no layer of ours."""

PLAIN = {
    "Relu": "relu",
    "Elu": "elu",
    "Gelu": "gelu",
    "HardSigmoid": "hardsigmoid",
    "HardSwish": "hardswish",
    "LogSoftmax": "softmax",
    "Mish": "mish",
    "Sigmoid": "sigmoid",
    "Softmax": "softmax",
    "Swish": "silu",
    "Tanh": "tanh",
}
"""Operators that are a layer by their name alone."""
