"""ONNX operators to layers: what each is in the notation, from its attributes and dimensions."""

from __future__ import annotations

from math import isfinite, prod
from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.importing.layers import from_module, make
from cnncalc.importing.onnx import joins, moves, parts, products, views, windows
from cnncalc.importing.onnx.queries import attention
from cnncalc.importing.onnx.reading import Carried
from cnncalc.importing.onnx.recurrent import recurrent
from cnncalc.importing.onnx.views import CHANNELS, whole
from cnncalc.kinds.modules import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.importing.onnx.reading import OnnxOperator, Value


# ---------------------------------------------------------------- fully connected


def _gemm(op: OnnxOperator, flow: Carried) -> Carried | None:
    weight = op.constant(1)
    if weight is None or weight.dims is None:
        return None
    if op.get("transA"):
        flow = Carried(flow.node, flow.view[::-1])
    dims = weight.dims[::-1] if op.get("transB") else weight.dims
    bias = op.constant(2)
    given = len(op.inputs) > 2 and bool(op.inputs[2])
    alone = bias is not None and bias.size == 1 < dims[-1]
    if flow.view[-1] != whole(CHANNELS, op.volume(flow)[-1]):
        flow = op.laid_out(flow, -1)
    flow = products.in_axes_of(op, flow, op.inputs[1])
    volume = op.volume(flow)
    if len(dims) != 2 or dims[0] != volume[-1]:
        return None
    nobias = not given or alone
    layer = make("fc", units=dims[1], nobias=nobias)
    if len(volume) > 1:
        layer = make("conv", filters=dims[1], kernel=(1,), nobias=nobias)
    view = (*flow.view[:-1], whole(CHANNELS, dims[1]))
    made = op.behind(flow, layer, view, op.inputs[1])
    if alone:  # one number that is added to all
        return op.behind(made, make("position", count=1))
    return made


# ---------------------------------------------------------------- norms and activations


def _batch_norm(op: OnnxOperator, flow: Carried) -> Carried | None:
    """Read a batch norm; means and variances may be worked out of what comes in."""
    if any(isinstance(value, Carried) for value in op.reads()[1:3]):
        return None
    if views.channels_at(flow.view, op.volume(flow)) != 1:
        flow = op.laid_out(flow, 1)
    made = op.norm_behind(flow, make("bn"))
    if len(op.inputs) > 1 and not op.inputs[1]:
        op.graph.learns_no(made.node, "noscale", "nobias")
    return made


def _layer_norm(op: OnnxOperator, flow: Carried) -> Carried | None:
    scale = op.constant(1)
    sizes = views.sizes(flow.view)
    axis = op.get("axis", -1) % len(sizes)
    if scale is None or scale.size != prod(sizes[axis:]):
        return None
    if axis < len(sizes) - 1:
        count = {} if scale.size == prod(sizes) else {"count": scale.size}
        for _learned in filter(None, op.inputs[1:3]):
            flow = op.behind(flow, make("position", **count))
        op.graph.tell_stand_in(op.kind, flow.node)
        return flow
    flow = op.laid_out(flow, -1)
    made = op.norm_behind(flow, make("ln"))
    bias = op.constant(2)
    stored = op.reading.is_stored(op.reading.stored_as(op.inputs[2])) if bias else False
    if bias is None or (bias.zeros and not stored):
        op.graph.learns_no(made.node, "nobias")
    return made


def _group_norm(op: OnnxOperator, flow: Carried) -> Carried | None:
    if views.channels_at(flow.view, op.volume(flow)) != 1:
        flow = op.laid_out(flow, 1)
    scale, learns = op.constant(1), _is_trained(op)
    if learns and scale and scale.size != op.volume(flow)[-1]:
        return None  # a number for each group
    made = op.behind(flow, make("gn", groups=op.attributes["num_groups"]))
    if not learns:
        op.graph.learns_no(made.node, "noscale", "nobias")
    return made


def _instance_norm(op: OnnxOperator, flow: Carried) -> Carried | None:
    """Read an instance norm; of groups of channels it is the first part of a group norm."""
    learns, channels = _is_trained(op), op.volume(flow)[-1]
    groups = views.groups_at(flow.view, op.volume(flow))
    if groups is not None and (groups < channels or not learns):
        if _is_shifted(op):
            return None
        made = op.behind(flow, make("gn", groups=groups))
        op.graph.learns_no(made.node, "noscale", "nobias")
        return made
    if views.channels_at(flow.view, op.volume(flow)) != 1:
        flow = op.laid_out(flow, 1)
    layer = from_module(Wanted("in", {"affine": learns}), op.volume(flow)[-1])
    return op.behind(flow, layer)


def _is_trained(op: OnnxOperator) -> bool:
    """Return whether a norm's scale is stored under a name that nobody made up, or it shifts.

    One that learns nothing is given ones and zeros by its exporter.
    """
    scale = op.constant(1)
    names = [scale.name, *op.reading.stored(op.inputs[1])] if scale else []
    return any(name and op.reading.is_stored(name) for name in names) or _is_shifted(op)


def _is_shifted(op: OnnxOperator) -> bool:
    shift = op.constant(2)
    return shift is not None and shift.zeros is False


def _clip(op: OnnxOperator, flow: Carried) -> Carried | None:
    kind = clipped(op)
    return op.behind(flow, make(kind)) if kind else None


def clipped(op: OnnxOperator) -> str:
    """Return which layer a clip is: relu6, relu, or none."""
    least, most = (_number(op, name, place) for name, place in (("min", 1), ("max", 2)))
    if least == 0 and most in (1, 6):
        return "relu6"
    return "relu" if least == 0 and most is None else ""


def _number(op: OnnxOperator, name: str, place: int) -> Any:
    """Return one number from an attribute, or from an input in newer files."""
    if name in op.attributes:
        return op.attributes[name]
    constant = op.constant(place)
    return constant.values[0] if constant and constant.values else None


def _with_number(name: str, attribute: str, place: int, default: float | None = None) -> _Reader:
    """Return a reader of a layer whose number is kept as it is given."""

    def read(op: OnnxOperator, flow: Carried) -> Carried:
        value = _number(op, attribute, place)
        value = default if value is None else value
        plain = isinstance(value, int | float) and isfinite(value) and value >= 0
        layer = make(name, numbers=(f"{value:.6g}",) if plain else ())
        return op.behind(flow, layer)

    return read


def _prelu(op: OnnxOperator, flow: Carried) -> Carried | None:
    slope = op.constant(1)
    dims = (slope.dims if slope else None) or ()
    wide = [axis - len(dims) for axis, size in enumerate(dims) if size > 1]
    if slope is not None and len(wide) == 1 and -wide[0] <= len(flow.view):
        flow = op.laid_out(flow, wide[0])
    if slope is not None and slope.size == op.volume(flow)[-1]:
        return op.behind(flow, make("prelu"))
    if slope is not None and slope.size == 1:
        return op.behind(flow, make("prelu", count=1))
    if slope is not None and slope.size == prod(views.sizes(flow.view)):
        made = op.behind(flow, make("position"))
        op.graph.tell_stand_in(op.kind, made.node)
        return made
    return None


def _lrn(op: OnnxOperator, flow: Carried) -> Carried:
    return op.behind(flow, make("lrn", numbers=(str(op.attributes["size"]),)))


_Reader: TypeAlias = "Callable[[OnnxOperator, Carried], Carried | list[Value] | None]"

_READ_BY: list[tuple[_Reader, str]] = [
    (attention, "Attention FlexAttention"),
    (joins.summed, "ReduceSum"),
    (moves.blocks, "DepthToSpace SpaceToDepth"),
    (moves.expand, "Expand"),
    (moves.flatten, "Flatten"),
    (moves.pad, "Pad"),
    (moves.reshape, "Reshape"),
    (moves.resize, "Resize Upsample"),
    (moves.squeeze, "Squeeze"),
    (moves.transpose, "Transpose"),
    (moves.unsqueeze, "Unsqueeze"),
    (parts.gather, "Gather"),
    (parts.part, "Slice"),
    (parts.split, "Split"),
    (products.einsum, "Einsum"),
    (products.matmul, "MatMul"),
    (recurrent, "GRU LSTM RNN"),
    (windows.adaptive_pool, "AdaptiveAveragePool AdaptiveMaxPool"),
    (windows.conv, "Conv"),
    (windows.deconv, "ConvTranspose"),
    (windows.deformed, "DeformConv"),
    (windows.global_pool, "GlobalAveragePool GlobalLpPool GlobalMaxPool"),
    (windows.pool, "AveragePool LpPool MaxPool"),
    (windows.reduce, "ReduceMax ReduceMean"),
    (_batch_norm, "BatchNormalization"),
    (_clip, "Clip"),
    (_gemm, "Gemm"),
    (_group_norm, "GroupNormalization"),
    (_instance_norm, "InstanceNormalization"),
    (_layer_norm, "LayerNormalization RMSNormalization SimplifiedLayerNormalization"),
    (_lrn, "LRN"),
    (_prelu, "PRelu"),
    (_with_number("dropout", "ratio", 1, 0.5), "Dropout"),
    (_with_number("leakyrelu", "alpha", 9, 0.01), "LeakyRelu"),
]
OPERATORS = {name: reader for reader, names in _READ_BY for name in names.split()}
"""What reads each operator; None where it is no layer of ours."""

_ACTIVATIONS = "Elu Gelu HardSigmoid HardSwish Mish Relu Sigmoid Softmax Tanh"
PLAIN = {name: name.lower() for name in _ACTIVATIONS.split()} | {
    "LogSoftmax": "softmax",
    "Swish": "silu",
}
"""Operators that are a layer by their name alone."""
