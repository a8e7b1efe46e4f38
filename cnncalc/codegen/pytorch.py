"""The one table from kinds of layer to PyTorch's modules.

An entry writes a kind as the modules that a person would take for it, one after another, with
what differs from PyTorch's defaults. Where PyTorch has no module, a class of `additions` is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from cnncalc.codegen.layout import Keyword, Node, call
from cnncalc.codegen.numbers import Argument, NotAlike, Number, agreed, literal, passed
from cnncalc.kinds import arithmetic
from cnncalc.kinds.volumes import sides, spread, write_volume
from cnncalc.numbers.working import product
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, article, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Layer


class Use(NamedTuple):
    """A layer where it is used: its arguments in Python, and at each call what it is there.

    `layers` and `volumes` are None at calls that do not come to it; `channels` arrive.
    """

    arguments: dict[str, Argument]
    layers: tuple[Layer | None, ...]
    volumes: tuple[Volume | None, ...]
    channels: Number

    @property
    def rank(self) -> int:
        """The number of spatial axes."""
        return len(self.some_volume) - 1

    @property
    def some_volume(self) -> Volume:
        """What comes in at one of the calls."""
        return next(volume for volume in self.volumes if volume is not None)

    @property
    def volume(self) -> Volume:
        """What comes in at one of the calls, its channels as Python has them."""
        return (*self.some_volume[:-1], self.channels)

    @property
    def layer(self) -> Layer:
        """The layer at one of the calls."""
        return next(layer for layer in self.layers if layer is not None)

    def each(self) -> Iterator[tuple[dict[str, Any], Volume]]:
        """Yield the values of each call, by parameter, and the volume that comes in."""
        for layer, volume in zip(self.layers, self.volumes, strict=True):
            if layer is not None and volume is not None:
                names = (parameter.name for parameter in layer.kind.parameters)
                yield dict(zip(names, layer.values, strict=True)), volume

    def flag(self, name: str) -> bool:
        """Return whether a flag is set, which must be so at every call."""
        return bool(agreed(tuple(values[name] for values, _volume in self.each())))

    def sized(self, name: str) -> str:
        """Return a module's name with the number of axes that it works on: nn.Conv2d."""
        if self.rank > 3:
            raise self.no_counterpart(
                _("its input is {rank} map", rank=article(f"{self.rank}-D")),
                _("PyTorch's layers work on 1, 2 or 3 axes"),
                _("use a volume of at most 3 spatial axes"),
            )
        return f"nn.{name}{self.rank}d"

    def no_counterpart(self, about: str, note: str, help: str) -> Problem:  # noqa: A002
        """Return the problem of a layer that PyTorch has nothing for."""
        name = self.layer.kind.name
        return Problem(
            "no-counterpart",
            _("{name} as it stands here has no counterpart in PyTorch", name=quoted(name)),
            [Label(self.layer.span, about)],
            notes=[note],
            helps=[help],
        )


def _given(name: str, argument: Argument, default: str) -> list[Node]:
    """Return a named argument, where it differs from its default."""
    return [] if argument.text == default else [Keyword(name, argument.text)]


def _sides(use: Use, name: str) -> tuple[tuple[int, int], ...] | None:
    """Return the paddings before and after on each axis where they differ; None: they do not."""
    values = [spread(each[name], use.rank, "padding") for each, _volume in use.each()]
    pairs = [tuple(sides(value) for value in each) for each in values]
    if all(before == after for each in pairs for before, after in each):
        return None
    return cast("tuple[tuple[int, int], ...]", agreed(tuple(pairs)))


def _around(pads: tuple[tuple[int, int], ...], value: str = "") -> Node:
    """Return a module that pads, or crops where it is negative: the last axis goes first."""
    numbers = [side for pair in reversed(pads) for side in pair]
    same = all(number == numbers[0] for number in numbers)
    text = str(numbers[0]) if same else f"({', '.join(map(str, numbers))})"
    if value:
        return call(f"nn.ConstantPad{len(pads)}d", text, value)
    return call(f"nn.ZeroPad{len(pads)}d", text)


_LOWEST = 'float("-inf")'


def _same_pad(use: Use, value: str = "") -> Node:
    """Return the padding of TensorFlow's same, which depends on the size."""
    arguments = use.arguments
    dilation = arguments.get("dilation", literal((1,), 1))
    more = [*_given("dilation", dilation, "1"), *([Keyword("value", value)] if value else [])]
    return call("SamePad", arguments["kernel"].text, arguments["stride"].text, *more)


def _padded(use: Use) -> tuple[list[Node], Argument]:
    """Return what pads before a layer, and the padding that the layer does itself."""
    none = literal((0,), 1)
    if use.flag("same"):
        if use.arguments["kernel"].text == "1":
            return [], none
        if use.arguments["stride"].text == "1":
            return [], Argument('"same"', ())
        return [_same_pad(use)], none
    if use.flag("full"):
        found = []
        for values, _volume in use.each():
            k, d = (
                spread(values.get(name, (1,)), use.rank, name) for name in ("kernel", "dilation")
            )
            found.append(tuple(step * (size - 1) for size, step in zip(k, d, strict=True)))
        return [], literal(agreed(tuple(found)), 1)
    around = _sides(use, "padding")
    if around:
        return [_around(around)], none
    return [], use.arguments["padding"]


def _bias(use: Use) -> list[Node]:
    return [Keyword("bias", "False")] if use.flag("nobias") else []


def _convolution(use: Use, filters: str, groups: Argument) -> list[Node]:
    arguments = use.arguments
    before, padding = _padded(use)
    return [
        *before,
        call(
            use.sized("Conv"),
            use.channels.text,
            filters,
            arguments["kernel"].text,
            *_given("stride", arguments["stride"], "1"),
            *_given("padding", padding, "0"),
            *_given("dilation", arguments["dilation"], "1"),
            *_given("groups", groups, "1"),
            *_bias(use),
        ),
    ]


def conv(use: Use, _out: Number) -> list[Node]:
    """Write a convolution."""
    return _convolution(use, use.arguments["filters"].text, use.arguments["groups"])


def dwconv(use: Use, out: Number) -> list[Node]:
    """Write a depthwise convolution: as many groups as channels."""
    return _convolution(use, out.text, passed(use.channels))


def deconv(use: Use, _out: Number) -> list[Node]:
    """Write a transposed convolution; a padding that differs by side is cropped behind it."""
    arguments = use.arguments
    around = _sides(use, "padding")
    padding = literal((0,), 1) if around else arguments["padding"]
    behind = [_around(tuple((-b, -a) for b, a in around))] if around else []
    return [
        call(
            use.sized("ConvTranspose"),
            use.channels.text,
            arguments["filters"].text,
            arguments["kernel"].text,
            *_given("stride", arguments["stride"], "1"),
            *_given("padding", padding, "0"),
            *_given("output_padding", arguments["output-padding"], "0"),
            *_given("groups", arguments["groups"], "1"),
            *_bias(use),
            *_given("dilation", arguments["dilation"], "1"),
        ),
        *behind,
    ]


def local(use: Use, _out: Number) -> list[Node]:
    """Write a locally connected layer: PyTorch has none."""
    use.sized("Conv")
    before, padding = _padded(use)
    outs, kernels, strides, pads = [], [], [], []
    for values, volume in use.each():
        outs.append(use.layer.kind.measure(volume, *values.values()).output[:-1])
        kernels.append(spread(values["kernel"], use.rank, "kernel"))
        strides.append(spread(values["stride"], use.rank, "stride"))
        pads.append(values["padding"])
    if padding.text == '"same"':
        before = [_same_pad(use)]
    elif padding.text != "0":
        if not use.flag("full"):
            pairs = spread(agreed(tuple(pads)), use.rank, "padding")
            before = [_around(tuple(sides(pair) for pair in pairs))]
        else:
            before = [_around(tuple((k - 1, k - 1) for k in agreed(tuple(kernels))))]
    sizes = (agreed(tuple(each)) for each in (outs, kernels, strides))
    texts = (f"({', '.join(map(str, each))}{',' if len(each) == 1 else ''})" for each in sizes)
    name = f"Local{use.rank}d"
    filters = use.arguments["filters"].text
    return [*before, call(name, use.channels.text, filters, *texts, *_bias(use))]


def fc(use: Use, _out: Number) -> list[Node]:
    """Write a fully connected layer, which flattens a map first."""
    flatten: list[Node] = [] if use.rank == 0 else [call("nn.Flatten")]
    units = use.arguments["units"].text
    return [*flatten, call("nn.Linear", values_in(use).text, units, *_bias(use))]


def values_in(use: Use) -> Number:
    """Return how many values a volume has: its channels, at each of its places."""
    found: Number = product(use.volume)
    if found.values != tuple(product(volume) if volume else None for volume in use.volumes):
        raise NotAlike
    return found


def _geometry(values: dict[str, Any], volume: Volume) -> Iterator[tuple[int, ...]]:
    """Yield size, padding before and after, kernel, stride and dilation of each axis."""
    rank = len(volume) - 1
    names = ("padding", "kernel", "stride", "dilation")
    pads, *more = (spread(values.get(name, (1,)), rank, name) for name in names)
    for n, pad, k, s, d in zip(volume[:-1], pads, *more, strict=True):
        yield (n, *sides(pad), k, s, d)


def _pool(use: Use, name: str, lowest: str) -> list[Node]:
    """Write a pool; PyTorch's pads at most half a window, and the same on both sides."""
    arguments = use.arguments
    pool = use.sized(name)
    kernel = arguments["kernel"].text
    step = _given("stride", arguments["stride"], kernel)
    dilation = _given("dilation", arguments.get("dilation", literal((1,), 1)), "1")
    if use.flag("same"):
        if not lowest:
            size = f"SameAvgPool{use.rank}d"
            return [call(size, kernel, arguments["stride"].text)]
        return [_same_pad(use, lowest), call(pool, kernel, *step, *dilation)]
    fits, explicit = [], []
    for values, volume in use.each():
        axes = list(_geometry(values, volume))
        fits.append(all(before == after <= k // 2 for _n, before, after, k, _s, _d in axes))
        explicit.append(tuple(_explicit(axis, use, lowest) for axis in axes))
    ceil: list[Node] = [Keyword("ceil_mode", "True")] if use.flag("ceil") else []
    if agreed(tuple(fits)):
        padding = _given("padding", arguments["padding"], "0")
        return [call(pool, kernel, *step, *padding, *dilation, *ceil)]
    around = agreed(tuple(explicit))
    return [_around(around, lowest), call(pool, kernel, *step, *dilation)]


def _explicit(axis: tuple[int, ...], use: Use, lowest: str) -> tuple[int, int]:
    """Return the padding that makes a pool that rounds down of one that pads in its own way."""
    n, before, after, k, s, d = axis
    if not use.flag("ceil"):
        return before, after
    out = arithmetic.window_ceil(n, before, after, k, s, d)
    reaches = (out - 1) * s + arithmetic.extent(k, d) - n - before
    if reaches > after and not lowest:
        raise use.no_counterpart(
            _("padding {sizes}", sizes=f"{before}:{after}"),
            _("its last window hangs over a padding that PyTorch's pools do not take"),
            _("pad both sides alike, by half a window or less, or leave 'ceil' out"),
        )
    return before, int(reaches)


def maxpool(use: Use, _out: Number) -> list[Node]:
    """Write a max pool."""
    return _pool(use, "MaxPool", _LOWEST)


def avgpool(use: Use, _out: Number) -> list[Node]:
    """Write an average pool; zeros of the padding count, as they do in PyTorch."""
    return _pool(use, "AvgPool", "")


def _global(name: str) -> Writer:
    def write(use: Use, _out: Number) -> list[Node]:
        return [call(use.sized(name), "1")]

    return write


def _adaptive(name: str) -> Writer:
    def write(use: Use, _out: Number) -> list[Node]:
        return [call(use.sized(name), use.arguments["size"].text)]

    return write


def bn(use: Use, _out: Number) -> list[Node]:
    """Write a batch norm; that of a vector is 1-D."""
    return [call(use.sized("BatchNorm") if use.rank else "nn.BatchNorm1d", use.channels.text)]


def ln(use: Use, _out: Number) -> list[Node]:
    """Write a layer norm over the channels."""
    return [call("ChannelNorm" if use.rank else "nn.LayerNorm", use.channels.text)]


def gn(use: Use, _out: Number) -> list[Node]:
    """Write a group norm."""
    return [call("nn.GroupNorm", use.arguments["groups"].text, use.channels.text)]


def instance_norm(use: Use, _out: Number) -> list[Node]:
    """Write an instance norm, over more than one value a channel."""
    _needs_map(use, "nn.InstanceNorm2d")
    if any(all(size == 1 for size in volume[:-1]) for _values, volume in use.each()):
        raise use.no_counterpart(
            _("its input is {volume}", volume=write_volume(use.some_volume)),
            _("PyTorch's {name} refuses to norm a single value", name="nn.InstanceNorm"),
            _("norm a larger map, or leave it out"),
        )
    return [call(use.sized("InstanceNorm"), use.channels.text)]


def _needs_map(use: Use, name: str) -> None:
    """Refuse a vector."""
    if not use.rank:
        raise use.no_counterpart(
            _("its input is a vector of {size}", size=use.some_volume[-1]),
            _("PyTorch's {name} works on a map", name=name),
            _("put it before 'flatten' or 'fc'"),
        )


def _per_channel(name: str) -> Writer:
    def write(use: Use, _out: Number) -> list[Node]:
        text = use.channels.text
        return [call(name, *([] if (name, text) == ("nn.PReLU", "1") else [text]))]

    return write


def _words(use: Use, names: tuple[str, ...], defaults: tuple[float, ...]) -> list[str]:
    """Return the numbers of a layer whose words are not counted with, as PyTorch takes them."""
    import re

    layers = [layer for layer in use.layers if layer is not None]
    words = agreed(tuple(layer.values[0] for layer in layers))
    found: list[str] = []
    for place, word in enumerate(words):
        name, number = re.fullmatch(r"([A-Za-z_]*)=?(.*)", word).groups()  # type: ignore[union-attr]
        if place >= len(names) or name.lower() not in ("", names[place], names[place][0]):
            takes = ", ".join(names)
            raise use.no_counterpart(
                word,
                _("PyTorch's layer takes {names}, in this order", names=takes)
                if names
                else _("PyTorch's layer takes no number"),
                _("leave the rest out") if names else _("leave it out"),
            )
        value = float(number)
        if abs(value) > 1e300:
            raise use.no_counterpart(
                word, _("a computer's numbers end at about 1e308"), _("write a smaller one")
            )
        found.append(str(int(number)) if number.isdigit() else repr(value))
    while found and float(found[-1]) == defaults[len(found) - 1]:
        found.pop()
    return found


def _activation(name: str, *names: str, defaults: tuple[float, ...] = ()) -> Writer:
    def write(use: Use, _out: Number) -> list[Node]:
        return [call(f"nn.{name}", *_words(use, names, defaults))]

    return write


def softmax(use: Use, _out: Number) -> list[Node]:
    """Write a softmax over the channels."""
    _words(use, (), ())
    return [call("nn.Softmax", Keyword("dim", "1"))]


def dropout(use: Use, _out: Number) -> list[Node]:
    """Write a dropout: a share of the values."""
    share = _words(use, ("p",), (0.5,))
    if share and not 0 <= float(share[0]) <= 1:
        raise use.no_counterpart(
            share[0],
            _("a share is a number from 0 to 1"),
            _("as in '{sample}'", sample="dropout 0.5"),
        )
    return [call("nn.Dropout", *share)]


def lrn(use: Use, _out: Number) -> list[Node]:
    """Write a local response normalisation over five channels, or as many as it says."""
    _needs_map(use, "nn.LocalResponseNorm")
    names = ("size", "alpha", "beta", "k")
    numbers = _words(use, names, (-1, 1e-4, 0.75, 1))
    size, *more = numbers or ["5"]
    if not size.isdigit() or size == "0":
        raise use.no_counterpart(
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


def shuffle(use: Use, _out: Number) -> list[Node]:
    """Write a shuffle of the channels of groups."""
    _needs_map(use, "nn.ChannelShuffle")
    groups = _words(use, ("groups",), (-1,))
    if not groups:
        raise use.no_counterpart(
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
            raise use.no_counterpart(
                size,
                _("{channels} / {groups} does not come out whole", channels=channels, groups=size),
                _("{number} would divide {channels}", number=best, channels=channels),
            )
    return [call("nn.ChannelShuffle", size)]


def pad(use: Use, _out: Number) -> list[Node]:
    """Write zeros around the map."""
    return _bordered(use, 1)


def crop(use: Use, _out: Number) -> list[Node]:
    """Write a crop: a padding below zero."""
    return _bordered(use, -1)


def _bordered(use: Use, sign: int) -> list[Node]:
    use.sized("ZeroPad")
    text = use.arguments["size"].text
    if sign == 1 and _sides(use, "size") is None and "(" not in text:
        return [call(use.sized("ZeroPad"), text)]
    around = [
        tuple(
            (sign * before, sign * after)
            for before, after in map(sides, spread(values["size"], use.rank, "padding"))
        )
        for values, _volume in use.each()
    ]
    return [_around(agreed(tuple(around)))]


def channel_slice(use: Use, _out: Number) -> list[Node]:
    """Write a slice of the channels."""
    return [call("Slice", use.arguments["from"].text, use.arguments["to"].text)]


def upsample(use: Use, _out: Number) -> list[Node]:
    """Write an upsampling by a whole factor."""
    use.sized("Upsample")
    mode = ("linear", "bilinear", "trilinear")[use.rank - 1]
    more = [Keyword("mode", f'"{mode}"')] if use.flag("bilinear") else []
    return [call("nn.Upsample", Keyword("scale_factor", use.arguments["factor"].text), *more)]


def passing(use: Use, _out: Number) -> list[Node]:
    """Write a layer that passes its input on."""
    del use
    return [call("nn.Identity")]


def flatten(use: Use, _out: Number) -> list[Node]:
    """Write flatten."""
    del use
    return [call("nn.Flatten")]


if TYPE_CHECKING:
    Writer = Callable[[Use, Number], list[Node]]

MODULES: dict[str, Writer] = {
    "conv": conv,
    "dwconv": dwconv,
    "deconv": deconv,
    "local": local,
    "fc": fc,
    "maxpool": maxpool,
    "avgpool": avgpool,
    "gap": _global("AdaptiveAvgPool"),
    "gmp": _global("AdaptiveMaxPool"),
    "adaptiveavgpool": _adaptive("AdaptiveAvgPool"),
    "adaptivemaxpool": _adaptive("AdaptiveMaxPool"),
    "flatten": flatten,
    "bn": bn,
    "ln": ln,
    "gn": gn,
    "in": instance_norm,
    "layerscale": _per_channel("LayerScale"),
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
    "prelu": _per_channel("nn.PReLU"),
    "dropout": dropout,
    "lrn": lrn,
    "shuffle": shuffle,
    "identity": passing,
    "output": passing,
    "pad": pad,
    "crop": crop,
    "slice": channel_slice,
    "upsample": upsample,
}
"""Each kind of layer, and what writes it: the layer where it is used, and the channels it gives."""

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
