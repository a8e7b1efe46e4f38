"""Layers that have filters: convolutions, transposed ones, those of each position, full ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.codegen.layout import Keyword, Node, call
from cnncalc.codegen.numbers import PythonArgument, as_argument, literal
from cnncalc.codegen.pytorch.counterpart import given, sized
from cnncalc.codegen.pytorch.paddings import pad_around, pad_before, padding_by_side, same_pad
from cnncalc.codegen.uses import values_in
from cnncalc.kinds.arithmetic import transposed_same
from cnncalc.kinds.volumes import sides, spread

if TYPE_CHECKING:
    from cnncalc.codegen.numbers import Number
    from cnncalc.codegen.uses import LayerUse

_DEFAULTS = {"stride": "1", "padding": "0", "output_padding": "0", "dilation": "1", "groups": "1"}
_ORDER = {
    "Conv": ("stride", "padding", "dilation", "groups", "bias"),
    "ConvTranspose": ("stride", "padding", "output_padding", "groups", "bias", "dilation"),
}


def _convolution(
    use: LayerUse, name: str, filters: str, padding: PythonArgument, groups: PythonArgument
) -> Node:
    """Write a module of filters: what differs from PyTorch's defaults, in PyTorch's order."""
    arguments = {key.replace("-", "_"): value for key, value in use.arguments.items()}
    arguments |= {"padding": padding, "groups": groups}
    parts: list[Node] = []
    for word in _ORDER[name]:
        if word == "bias":
            parts += without_bias(use)
        elif arguments[word].text != "None":
            parts += given(word, arguments[word], _DEFAULTS[word])
    return call(sized(use, name), use.channels.text, filters, arguments["kernel"].text, *parts)


def conv(use: LayerUse, _out: Number) -> list[Node]:
    """Write a convolution."""
    before, padding = pad_before(use)
    filters, groups = use.arguments["filters"].text, use.arguments["groups"]
    return [*before, _convolution(use, "Conv", filters, padding, groups)]


def dwconv(use: LayerUse, out: Number) -> list[Node]:
    """Write a depthwise convolution: as many groups as channels."""
    before, padding = pad_before(use)
    return [*before, _convolution(use, "Conv", out.text, padding, as_argument(use.channels))]


def deconv(use: LayerUse, _out: Number) -> list[Node]:
    """Write a transposed convolution; a padding that differs by side is cropped behind it."""
    filters, groups = use.arguments["filters"].text, use.arguments["groups"]
    around = padding_by_side(use, "padding")
    padding = literal((0,), 1) if around else use.arguments["padding"]
    end = use.arguments["output-padding"]
    if use.flag("same"):
        around, padding, end = _cut(use)
    behind = [pad_around(tuple((-b, -a) for b, a in around))] if around else []
    use = use._replace(arguments={**use.arguments, "output-padding": end})
    return [_convolution(use, "ConvTranspose", filters, padding, groups), *behind]


def _cut(
    use: LayerUse,
) -> tuple[tuple[tuple[int, int], ...] | None, PythonArgument, PythonArgument]:
    """Return what Keras' same cuts: behind the layer where its sides differ, and what it adds."""
    agreed = use.agreed(lambda values, _volume: _cuts(values, use.rank))
    around = tuple((before, after) for before, after, _end in agreed)
    end = literal(tuple(end for _before, _after, end in agreed), 1)
    if all(before == after for before, after in around):
        return None, literal(tuple(before for before, _after in around), 1), end
    return around, literal((0,), 1), end


def _cuts(values: dict[str, Any], rank: int) -> tuple[tuple[int, int, int], ...]:
    """Return what is cut before and after on each axis, and added at its end."""
    axes = zip(*(spread(values[n], rank, n) for n in ("kernel", "stride", "dilation")), strict=True)
    ends = spread(values["output-padding"] or (None,), rank, "output padding")
    return tuple(transposed_same(k, s, d, end) for (k, s, d), end in zip(axes, ends, strict=True))


def local(use: LayerUse, _out: Number) -> list[Node]:
    """Write a locally connected layer: PyTorch has none."""
    sized(use, "Conv")
    before, padding = pad_before(use)
    measure = use.layer.kind.measure
    outs = use.agreed(lambda values, volume: measure(volume, *values.values()).output[:-1])
    kernels = use.agreed(lambda values, _volume: spread(values["kernel"], use.rank, "kernel"))
    strides = use.agreed(lambda values, _volume: spread(values["stride"], use.rank, "stride"))
    if padding.text == '"same"':
        before = [same_pad(use)]
    elif padding.text != "0" and use.flag("full"):
        before = [pad_around(tuple((k - 1, k - 1) for k in kernels))]
    elif padding.text != "0":
        pairs = spread(use.agreed(lambda values, _volume: values["padding"]), use.rank, "padding")
        before = [pad_around(tuple(sides(pair) for pair in pairs))]
    texts = (
        f"({', '.join(map(str, each))}{',' if len(each) == 1 else ''})"
        for each in (outs, kernels, strides)
    )
    name = f"Local{use.rank}d"
    filters = use.arguments["filters"].text
    return [*before, call(name, use.channels.text, filters, *texts, *without_bias(use))]


def fc(use: LayerUse, _out: Number) -> list[Node]:
    """Write a fully connected layer, which flattens a map first."""
    flatten: list[Node] = [] if use.rank == 0 else [call("nn.Flatten")]
    units = use.arguments["units"].text
    return [*flatten, call("nn.Linear", values_in(use).text, units, *without_bias(use))]


def linear(use: LayerUse, out: Number) -> list[Node]:
    """Write a fully connected layer at every place: on a map, a convolution of 1."""
    if use.rank == 0:
        return fc(use, out)
    units = use.arguments["units"].text
    return [call(sized(use, "Conv"), use.channels.text, units, "1", *without_bias(use))]


def without_bias(use: LayerUse) -> list[Node]:
    """Return the argument that leaves the bias out, where there is none."""
    return [Keyword("bias", "False")] if use.flag("nobias") else []
