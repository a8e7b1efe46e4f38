"""The one table from kinds of layer to PyTorch's modules.

An entry writes a kind as the modules that a person would take for it, one after another, with
what differs from PyTorch's defaults. Where PyTorch has no module, a class of `additions` is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.codegen.layout import Keyword, Node, call
from cnncalc.codegen.pytorch.convolutions import conv, deconv, dwconv, fc, linear, local
from cnncalc.codegen.pytorch.counterpart import (
    no_counterpart,
    refuse_vector,
    sized,
    written_numbers,
)
from cnncalc.codegen.pytorch.paddings import border, pad
from cnncalc.codegen.pytorch.pools import avgpool, maxpool
from cnncalc.codegen.pytorch.sequences import attention, position, recurrent, sdpa
from cnncalc.codegen.pytorch.shapes import pixel_shuffle, reshape, resize, upsample
from cnncalc.kinds.table import KINDS
from cnncalc.kinds.volumes import write_volume
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.codegen.numbers import Number
    from cnncalc.codegen.uses import LayerUse

    Writer = Callable[[LayerUse, Number], list[Node]]


def _made(name: str, *arguments: str, of_map: bool = False) -> Writer:
    """Return what writes one module; a # in its name is the number of axes that it works on.

    Its arguments are the layer's by name, the `channels` that come in, and numbers. One that is
    `of_map` has none for a vector.
    """

    def write(use: LayerUse, _out: Number) -> list[Node]:
        if of_map:
            refuse_vector(use, name)
        known: dict[str, Any] = {**use.arguments, "channels": use.channels}
        texts = (known[each].text if each in known else each for each in arguments)
        head = sized(use, name.strip("#")) if "#" in name else name
        return [call(head, *texts)]

    return write


def bn(use: LayerUse, _out: Number) -> list[Node]:
    """Write a batch norm; that of a vector is 1-D."""
    name = sized(use, "BatchNorm") if use.rank else "nn.BatchNorm1d"
    return [call(name, use.channels.text, *_learned(use, "affine"))]


def _learned(use: LayerUse, name: str) -> list[Node]:
    """Return the arguments of a norm that learns no scale, no shift, or neither."""
    noscale, nobias = use.flag("noscale"), use.flag("nobias")
    if noscale and not nobias:
        raise no_counterpart(
            use,
            "noscale",
            _("PyTorch's norms learn a scale where they learn a shift"),
            _("leave '{flag}' out, or add '{other}'", flag="noscale", other="nobias"),
        )
    return [Keyword(name if noscale else "bias", "False")] if nobias else []


def ln(use: LayerUse, _out: Number) -> list[Node]:
    """Write a layer norm over the channels."""
    name = "ChannelNorm" if use.rank else "nn.LayerNorm"
    return [call(name, use.channels.text, *_learned(use, "elementwise_affine"))]


def gn(use: LayerUse, _out: Number) -> list[Node]:
    """Write a group norm."""
    sizes = use.arguments["groups"].text, use.channels.text
    return [call("nn.GroupNorm", *sizes, *_learned(use, "affine"))]


def instance_norm(use: LayerUse, _out: Number) -> list[Node]:
    """Write an instance norm, over more than one value a channel."""
    refuse_vector(use, "nn.InstanceNorm2d")
    if any(all(size == 1 for size in volume[:-1]) for _values, volume in use.each()):
        raise no_counterpart(
            use,
            _("its input is {volume}", volume=write_volume(use.some_volume)),
            _("PyTorch's {name} refuses to norm a single value", name="nn.InstanceNorm"),
            _("norm a larger map, or leave it out"),
        )
    affine = [Keyword("affine", "True")] if use.flag("affine") else []
    return [call(sized(use, "InstanceNorm"), use.channels.text, *affine)]


def prelu(use: LayerUse, _out: Number) -> list[Node]:
    """Write a leaky relu with learned slopes: PyTorch's has one where nothing is said."""
    count = use.arguments["count"].text
    text = use.channels.text if count == "None" else count
    return [call("nn.PReLU", *([] if text == "1" else [text]))]


def _activation(name: str, *names: str, defaults: tuple[float, ...] = ()) -> Writer:
    def write(use: LayerUse, _out: Number) -> list[Node]:
        return [call(f"nn.{name}", *written_numbers(use, names, defaults))]

    return write


def softmax(use: LayerUse, _out: Number) -> list[Node]:
    """Write a softmax over the channels."""
    written_numbers(use, (), ())
    return [call("nn.Softmax", Keyword("dim", "1"))]


def dropout(use: LayerUse, _out: Number) -> list[Node]:
    """Write a dropout: a share of the values."""
    share = written_numbers(use, ("p",), (0.5,))
    if share and not 0 <= float(share[0]) <= 1:
        raise no_counterpart(
            use,
            share[0],
            _("a share is a number from 0 to 1"),
            _("as in '{sample}'", sample="dropout 0.5"),
        )
    return [call("nn.Dropout", *share)]


def lrn(use: LayerUse, _out: Number) -> list[Node]:
    """Write a local response normalisation over five channels, or as many as it says."""
    refuse_vector(use, "nn.LocalResponseNorm")
    names = ("size", "alpha", "beta", "k")
    numbers = written_numbers(use, names, (-1, 1e-4, 0.75, 1))
    size, *more = numbers or ["5"]
    if not size.isdigit() or size == "0":
        raise no_counterpart(
            use,
            size,
            _("its size is a whole number of channels, at least 1"),
            _("as in '{sample}'", sample="lrn 5"),
        )
    given = [
        Keyword(name, number)
        for name, number, default in zip(names[1:], more, (1e-4, 0.75, 1), strict=False)
        if float(number) != default
    ]
    return [call("nn.LocalResponseNorm", size, *given)]


def shuffle(use: LayerUse, _out: Number) -> list[Node]:
    """Write a shuffle of the channels of groups."""
    refuse_vector(use, "nn.ChannelShuffle")
    groups = written_numbers(use, ("groups",), (-1,))
    if not groups:
        raise no_counterpart(
            use,
            "",
            _("a shuffle mixes groups, and their number is not given"),
            _("as in '{sample}'", sample="shuffle 2"),
        )
    size = groups[0]
    for _values, volume in use.each():
        channels = volume[-1]
        if not size.isdigit() or size == "0" or channels % int(size):
            most = min(max(int(float(size)), 1), 10_000)
            best = next(number for number in range(most, 0, -1) if channels % number == 0)
            raise no_counterpart(
                use,
                size,
                _("{channels} / {groups} does not come out whole", channels=channels, groups=size),
                _("{number} would divide {channels}", number=best, channels=channels),
            )
    return [call("nn.ChannelShuffle", size)]


def crop(use: LayerUse, _out: Number) -> list[Node]:
    """Write a crop: a padding below zero."""
    return border(use, -1)


def deformconv(use: LayerUse, _out: Number) -> list[Node]:
    """Refuse a deformable convolution: PyTorch has none."""
    raise no_counterpart(
        use,
        "",
        _("PyTorch has no deformable convolution of its own: torchvision.ops.DeformConv2d is one"),
        _("write 'conv' in its place to export the rest"),
    )


MODULES: dict[str, Writer] = {
    "conv": conv,
    "dwconv": dwconv,
    "deconv": deconv,
    "local": local,
    "fc": fc,
    "linear": linear,
    "maxpool": maxpool,
    "avgpool": avgpool,
    "gap": _made("AdaptiveAvgPool#", "1"),
    "gmp": _made("AdaptiveMaxPool#", "1"),
    "adaptiveavgpool": _made("AdaptiveAvgPool#", "size"),
    "adaptivemaxpool": _made("AdaptiveMaxPool#", "size"),
    "flatten": _made("nn.Flatten"),
    "bn": bn,
    "ln": ln,
    "gn": gn,
    "in": instance_norm,
    "layerscale": _made("LayerScale", "channels"),
    "relu": _activation("ReLU"),
    "relu6": _activation("ReLU6"),
    "leakyrelu": _activation("LeakyReLU", "negative_slope", defaults=(0.01,)),
    "elu": _activation("ELU", "alpha", defaults=(1.0,)),
    "gelu": _activation("GELU"),
    "silu": _activation("SiLU"),
    "mish": _activation("Mish"),
    "sigmoid": _activation("Sigmoid"),
    "tanh": _activation("Tanh"),
    "softmax": softmax,
    "hardswish": _activation("Hardswish"),
    "hardsigmoid": _activation("Hardsigmoid"),
    "prelu": prelu,
    "dropout": dropout,
    "lrn": lrn,
    "shuffle": shuffle,
    "identity": _made("nn.Identity"),
    "output": _made("nn.Identity"),
    "pad": pad,
    "crop": crop,
    "slice": _made("Slice", "from", "to"),
    "upsample": upsample,
    "resize": resize,
    "reshape": reshape,
    "tokens": _made("nn.Flatten", "2", of_map=True),
    "transpose": _made("Transpose"),
    "pixelshuffle": pixel_shuffle("nn.PixelShuffle"),
    "pixelunshuffle": pixel_shuffle("nn.PixelUnshuffle"),
    "channelmean": _made("ChannelMean", of_map=True),
    "channelmax": _made("ChannelMax", of_map=True),
    "embedding": _made("Embedding", "words", "units"),
    "token": _made("Token", "channels", "count"),
    "position": position,
    "attention": attention,
    "sdpa": sdpa,
    "lstm": recurrent("LSTM"),
    "gru": recurrent("GRU"),
    "rnn": recurrent("RNN"),
    "deformconv": deformconv,
}
"""Each kind of layer, and what writes it: the layer where it is used, and the channels it gives."""

if _lacking := KINDS.keys() - MODULES.keys():
    raise TypeError(_lacking)

NAMES = {
    "dwconv": "conv",
    "maxpool": "pool",
    "avgpool": "pool",
    "gap": "pool",
    "gmp": "pool",
    "adaptiveavgpool": "pool",
    "adaptivemaxpool": "pool",
    "in": "norm",
}
"""What an attribute is called that holds one of a kind, where that is not the kind's name."""
