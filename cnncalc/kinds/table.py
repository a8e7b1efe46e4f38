"""The one table of kinds of layer.

An entry holds all that is known of a kind: its names and arguments, from which the notation,
the flags of its command and its help follow; `measure`, its formulas, which give the same numbers
to the table and the same arithmetic to the card; and the words of its card. A new layer is one
entry here, and its formula in `formulas`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.kinds import descriptions, formulas

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.kinds.formulas import Measure

REQUIRED = object()


class Parameter(NamedTuple):
    """An argument of a layer: how it is written, what it takes and what it is without it.

    `form` says what it takes: 'number' one whole number; 'axes' one, or one for each axis;
    'sides' the same, or before:after; 'flag' nothing; 'words' any numbers, which are not used;
    'rank' what a name like conv2d says. `letter` makes an option of it (k5), `place` a
    positional argument; `name` is its keyword and its flag on the command line. Without it,
    its `default` stands, or the value of the parameter that it is `like`.
    """

    name: str
    form: str
    letter: str = ""
    default: Any = REQUIRED
    place: bool = False
    least: int = 1
    says: str = ""
    like: str = ""


class Kind(NamedTuple):
    """One kind of layer; `names` maps its other names to the arguments they stand for.

    The output of a `counted` kind takes memory of its own, that of a `view` is the input itself in
    a forward pass; the others work in place.
    """

    name: str
    parameters: tuple[Parameter, ...]
    measure: Callable[..., Measure]
    says: str
    example: str
    names: dict[str, dict[str, Any]] = {}  # noqa: RUF012 - an entry is never changed
    one_of: tuple[tuple[str, ...], ...] = ()
    describe: Callable[..., str] | None = None
    counted: bool = False
    view: bool = False
    nonlinear: bool = False
    listed: bool = False
    command: tuple[str, str] | None = None

    def parameter(self, name: str) -> Parameter | None:
        """Return the parameter of a name or a letter, whatever its case."""
        name = name.lower()
        for parameter in self.parameters:
            if name in (parameter.name, parameter.letter):
                return parameter
        return None


# ---------------------------------------------------------------- the arguments


def _count(name: str, says: str) -> Parameter:
    return Parameter(name, "number", place=True, says=says)


_FILTERS = _count("filters", "how many filters: the channels of the output")
_KERNEL = Parameter("kernel", "axes", "k", says="the size of the kernel")
_STRIDE = Parameter("stride", "axes", "s", (1,), says="the step between windows")
_PADDING = Parameter(
    "padding", "sides", "p", (0,), least=0, says="zeros on each side, or before:after"
)
_DILATION = Parameter("dilation", "axes", "d", (1,), says="the step between the kernel's taps")
_GROUPS = Parameter("groups", "number", "g", 1, says="groups that do not see each other")
_SAME = Parameter("same", "flag", default=False, says="pad so that the output is ceil(n / s)")
_VALID = Parameter("valid", "flag", default=False, says="no padding")
_FULL = Parameter("full", "flag", default=False, says="pad by d(k-1) on both sides")
_NOBIAS = Parameter("nobias", "flag", default=False, says="learn no bias")
_RANK = Parameter("rank", "rank", default=0, says="the number of spatial axes")
_WORDS = Parameter("numbers", "words", default=(), place=True, says="any numbers; not used")
_PADS = ("padding", "same", "valid", "full")
_POOL_PADS = (("padding", "same", "valid"), ("ceil", "same"))
_POOL = (
    Parameter("kernel", "axes", "k", (2,), place=True, says="the size of the window"),
    Parameter("stride", "axes", "s", None, says="the step between windows", like="kernel"),
    _PADDING,
)
_CEIL = Parameter("ceil", "flag", default=False, says="round sizes up, as PyTorch does")
_SIZE = Parameter("size", "axes", place=True, says="the size of the output")
_AROUND = Parameter(
    "size", "sides", place=True, least=0, says="on each side, an axis (1x2), or before:after"
)


def _activation(name: str, says: str, names: tuple[str, ...] = ()) -> Kind:
    return Kind(
        name,
        (_WORDS,),
        formulas.unchanged,
        says,
        f"8x8x4 -> {name}",
        {other: {} for other in names},
        nonlinear=True,
    )


def _passing(name: str, says: str, example: str, *, view: bool = False) -> Kind:
    return Kind(name, (_WORDS,), formulas.unchanged, says, example, view=view)


def _normalising(name: str, other: str, says: str) -> Kind:
    return Kind(name, (), formulas.norm, says, f"8x8x4 -> {name}", {other: {}})


_TABLE = (
    Kind(
        "conv",
        (
            *(_FILTERS, _KERNEL, _STRIDE, _PADDING, _DILATION, _GROUPS),
            *(_SAME, _VALID, _FULL, _NOBIAS, _RANK),
        ),
        formulas.conv,
        "convolution: filters slide over the map",
        "32x32x3 -> conv 10 k5 p2",
        {"conv1d": {"rank": 1}, "conv2d": {"rank": 2}, "conv3d": {"rank": 3}},
        (_PADS,),
        descriptions.conv,
        counted=True,
        listed=True,
    ),
    Kind(
        "dwconv",
        (
            Parameter("filters", "number", "", None, place=True, says="a multiple of the channels"),
            *(_KERNEL, _STRIDE, _PADDING, _DILATION),
            Parameter("multiplier", "number", "m", None, says="filters for each channel"),
            *(_SAME, _VALID, _FULL, _NOBIAS),
        ),
        formulas.dwconv,
        "depthwise convolution: each channel has filters of its own",
        "32x32x16 -> dwconv k3 p1",
        {"depthwise": {}},
        (_PADS, ("filters", "multiplier")),
        descriptions.dwconv,
        counted=True,
        listed=True,
    ),
    Kind(
        "deconv",
        (
            *(_FILTERS, _KERNEL, _STRIDE, _PADDING),
            Parameter("output-padding", "axes", "op", (0,), least=0, says="added at the end"),
            *(_DILATION, _GROUPS, _NOBIAS),
        ),
        formulas.deconv,
        "transposed convolution: makes maps larger",
        "14x14x16 -> deconv 8 k4 s2 p1",
        {"convtranspose": {}, "transposed": {}},
        (),
        descriptions.deconv,
        counted=True,
        listed=True,
    ),
    Kind(
        "local",
        (*(_FILTERS, _KERNEL, _STRIDE, _PADDING), *(_SAME, _VALID, _FULL, _NOBIAS)),
        formulas.local,
        "locally connected: a filter and a bias for each position",
        "8x8x3 -> local 4 k3",
        {"locallyconnected": {}},
        (_PADS,),
        descriptions.local,
        counted=True,
    ),
    Kind(
        "fc",
        (_count("units", "how many outputs"), _NOBIAS),
        formulas.fc,
        "fully connected: every output sees every input",
        "7x7x512 -> fc 4096",
        {"dense": {}, "linear": {}},
        (),
        descriptions.fc,
        counted=True,
        listed=True,
    ),
    Kind(
        "maxpool",
        (*_POOL, _DILATION, _CEIL, _SAME, _VALID),
        formulas.maxpool,
        "max pooling: the largest value of each window",
        "32x32x10 -> maxpool 2",
        {"pool": {}},
        _POOL_PADS,
        descriptions.maxpool,
        counted=True,
        command=("pool", "max"),
    ),
    Kind(
        "avgpool",
        (*_POOL, _CEIL, _SAME, _VALID),
        formulas.avgpool,
        "average pooling: the mean of each window",
        "32x32x10 -> avgpool 2",
        {},
        _POOL_PADS,
        descriptions.avgpool,
        counted=True,
        command=("pool", "avg"),
    ),
    Kind(
        "gap",
        (),
        formulas.global_pool,
        "global average pooling: HxWxC to 1x1xC",
        "7x7x1024 -> gap",
        {"globalavgpool": {}},
        counted=True,
        listed=True,
    ),
    Kind(
        "gmp",
        (),
        formulas.global_pool,
        "global max pooling: HxWxC to 1x1xC",
        "7x7x1024 -> gmp",
        counted=True,
    ),
    *(
        Kind(name, (_SIZE,), formulas.adaptive_pool, says, f"13x13x8 -> {name} 6", counted=True)
        for name, says in (
            ("adaptiveavgpool", "average pooling to a given size"),
            ("adaptivemaxpool", "max pooling to a given size"),
        )
    ),
    Kind(
        "flatten",
        (),
        formulas.flatten,
        "a volume as a vector, in place",
        "32x32x3 -> flatten",
        view=True,
        listed=True,
    ),
    _normalising("bn", "batchnorm", "batch norm: a scale and a shift for each channel"),
    _normalising("ln", "layernorm", "layer norm over the channels: a scale and a shift for each"),
    Kind(
        "gn",
        (Parameter("groups", "number", "", 32, place=True, says="groups of channels"),),
        formulas.group_norm,
        "group norm: a scale and a shift for each channel",
        "8x8x64 -> gn 32",
        {"groupnorm": {}},
    ),
    Kind(
        "in",
        (),
        formulas.unchanged,
        "instance norm: learns nothing",
        "8x8x4 -> in",
        {"instancenorm": {}},
    ),
    Kind(
        "layerscale",
        (),
        formulas.per_channel,
        "a learned scale for each channel",
        "8x8x4 -> layerscale",
    ),
    _activation("relu", "max(x, 0)"),
    _activation("relu6", "relu cut off at 6"),
    _activation("leakyrelu", "relu with a small slope below 0"),
    _activation("elu", "exponential linear unit"),
    _activation("gelu", "Gaussian error linear unit"),
    _activation("silu", "x times sigmoid(x)", ("swish",)),
    _activation("mish", "x times tanh(softplus(x))"),
    _activation("sigmoid", "1 / (1 + exp(-x))"),
    _activation("tanh", "hyperbolic tangent"),
    _activation("softmax", "scores to probabilities"),
    _activation("hardswish", "x times hardsigmoid(x)"),
    _activation("hardsigmoid", "sigmoid in straight lines"),
    Kind(
        "prelu",
        (),
        formulas.per_channel,
        "leaky relu with a learned slope for each channel",
        "8x8x4 -> prelu",
        nonlinear=True,
    ),
    _passing("dropout", "zeroes values in training", "4096 -> dropout 0.5", view=True),
    _passing("lrn", "local response normalisation", "27x27x96 -> lrn 5 1e-4 0.75"),
    _passing("shuffle", "mixes the channels of groups", "28x28x116 -> shuffle 2"),
    _passing("identity", "passes its input on", "8x8x4 -> identity", view=True),
    _passing(
        "output",
        "passes its input on as one of the network's outputs",
        "8x8x4 -> output",
        view=True,
    ),
    Kind(
        "pad",
        (_AROUND,),
        formulas.pad,
        "zeros around the map",
        "5x5x1 -> pad 2",
        {"zeropad": {}},
        counted=True,
        listed=True,
    ),
    Kind("crop", (_AROUND,), formulas.crop, "takes a border away", "9x9x1 -> crop 2", counted=True),
    Kind(
        "slice",
        (
            Parameter("from", "number", place=True, least=0, says="the first channel, from 0"),
            Parameter("to", "number", place=True, says="the channel to stop before"),
        ),
        formulas.channel_slice,
        "some of the channels",
        "8x8x64 -> slice 0 32",
        counted=True,
    ),
    Kind(
        "upsample",
        (
            Parameter("factor", "axes", place=True, says="how many times larger"),
            Parameter("nearest", "flag", default=False, says="repeat values (the default)"),
            Parameter("bilinear", "flag", default=False, says="interpolate"),
        ),
        formulas.upsample,
        "makes maps larger by a whole factor",
        "7x7x64 -> upsample 2",
        {},
        (("nearest", "bilinear"),),
        counted=True,
    ),
)

KINDS: dict[str, Kind] = {kind.name: kind for kind in _TABLE}

NAMES: dict[str, Kind] = {name: kind for kind in _TABLE for name in (kind.name, *kind.names)}
"""Every name of every kind, in lower case."""

FLAGS = frozenset(
    parameter.name for kind in _TABLE for parameter in kind.parameters if parameter.form == "flag"
)

LETTERS = frozenset(
    parameter.letter for kind in _TABLE for parameter in kind.parameters if parameter.letter
)
