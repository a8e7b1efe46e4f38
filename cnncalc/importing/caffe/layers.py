"""Caffe's layers: what each type is, from its parameters and what comes in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.importing.layers import conv_of, each_axis, make
from cnncalc.numbers.digits import whole_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.importing.caffe.text import TextMessage
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Layer


def kind_of(layer: TextMessage) -> str:
    """Return a layer's type in one spelling: INNER_PRODUCT and InnerProduct are one."""
    return str(layer.first("type", "")).replace("_", "").lower()


def _window(param: TextMessage, volume: Volume) -> dict[str, Any]:
    """Return kernel, stride and padding: one number, one an axis, or height and width."""
    rank = len(volume) - 1
    found = {}
    for ours, name, short, default in (
        ("kernel", "kernel_size", "kernel", 0),
        ("stride", "stride", "stride", 1),
        ("padding", "pad", "pad", 0),
        ("dilation", "dilation", "dilation", 1),
    ):
        values = param.numbers(name)
        sides = [param.first(f"{short}_{side}") for side in ("h", "w")]
        if any(side is not None for side in sides):
            values = [whole_of(str(side or default)) for side in sides]
        values = values or [default]
        found[ours] = each_axis(values if len(values) == rank else values[:1] * rank)
    return found


def _conv(layer: TextMessage, volume: Volume) -> list[Layer]:
    param = layer.inner("convolution_param")
    filters, groups = param.number("num_output", 0), param.number("group", 1)
    window = _window(param, volume)
    kind = kind_of(layer)
    if kind in ("convolutiondepthwise", "depthwiseconvolution"):
        groups = volume[-1]
    window["nobias"] = param.first("bias_term") == "false"
    if kind == "deconvolution":
        return [make("deconv", filters=filters, groups=groups, **window)]
    return [conv_of(volume[-1], filters, groups, **window)]


def _pool(layer: TextMessage, volume: Volume) -> list[Layer]:
    param = layer.inner("pooling_param")
    largest = str(param.first("pool", "MAX")) in ("MAX", "0")
    if param.first("global_pooling") == "true":
        return [make("gmp" if largest else "gap")]
    window = _window(param, volume)
    del window["dilation"]
    ceil = str(param.first("round_mode", "CEIL")) in ("CEIL", "0")
    return [make("maxpool" if largest else "avgpool", ceil=ceil, **window)]


def _full(layer: TextMessage, _volume: Volume) -> list[Layer]:
    param = layer.inner("inner_product_param")
    nobias = param.first("bias_term") == "false"
    return [make("fc", units=param.number("num_output", 0), nobias=nobias)]


def _prelu(layer: TextMessage, _volume: Volume) -> list[Layer]:
    shared = layer.inner("prelu_param").first("channel_shared") == "true"
    return [make("prelu", count=1) if shared else make("prelu")]


def _relu(layer: TextMessage, _volume: Volume) -> list[Layer]:
    slope = float(layer.inner("relu_param").first("negative_slope", 0))
    return [make("leakyrelu", numbers=(f"{slope:.6g}",)) if slope else make("relu")]


def _numbered(kind: str, param: str, name: str, default: str) -> Callable[..., list[Layer]]:
    """Return a reader of a layer whose one number is kept as it is given."""

    def read(layer: TextMessage, _volume: Volume) -> list[Layer]:
        return [make(kind, numbers=(str(layer.inner(param).first(name, default)),))]

    return read


def _plain(kind: str) -> Callable[..., list[Layer]]:
    return lambda *_of: [make(kind)]


LAYERS: dict[str, Callable[[TextMessage, Volume], list[Layer]]] = {
    **{kind: _plain(kind) for kind in "bn elu flatten relu6 sigmoid softmax tanh".split()},
    **dict.fromkeys(("convolution", "convolutiondepthwise", "depthwiseconvolution"), _conv),
    "concat": lambda *_of: [],
    "deconvolution": _conv,
    "dropout": _numbered("dropout", "dropout_param", "dropout_ratio", "0.5"),
    "innerproduct": _full,
    "lrn": _numbered("lrn", "lrn_param", "local_size", "5"),
    "pooling": _pool,
    "prelu": _prelu,
    "relu": _relu,
    "softmaxwithloss": _plain("softmax"),
    "swish": _plain("silu"),
    "shufflechannel": _numbered("shuffle", "shuffle_channel_param", "group", "1"),
}
"""What each type of layer is, from its parameters and what comes in."""

TITLED = frozenset(("conv", "dwconv", "deconv", "fc", "maxpool", "avgpool", "gap", "gmp"))
