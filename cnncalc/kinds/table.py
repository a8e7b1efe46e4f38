"""The one table of kinds of layer.

An entry holds all that is known of a kind: its names and arguments, from which the notation,
the flags of its command and its help follow; `measure`, its formulas, which give the same numbers
to the table and the same arithmetic to the card; and the words of its card. A new layer is one
entry here, and its formula in `formulas`.
"""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from cnncalc.kinds.arguments import Arguments
from cnncalc.kinds.measure import Writes
from cnncalc.speech.language import _
from cnncalc.tuples import NamedTuple, entry_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cnncalc.kinds import descriptions, formulas, sequences, shapes
    from cnncalc.kinds.measure import Measure
    from cnncalc.kinds.volumes import Volume
else:
    from cnncalc.kinds.late import Late

    descriptions, formulas, sequences, shapes = map(
        Late, ("descriptions", "formulas", "sequences", "shapes")
    )

REQUIRED = object()

FAMILIES = ("conv", "pool", "up", "fc", "sequence", "plain")
"""The families of layers that figures tell apart by colour."""


class Parameter(NamedTuple):
    """An argument of a layer: how it is written, what it takes and what it is without it.

    `form` says what it takes: 'number' one whole number; 'axes' one, or one for each axis;
    'sides' the same, or before:after; 'flag' nothing; 'words' any numbers, which are not used;
    'rank' what a name like conv2d says; 'text' words in quotes. `letter` makes an option of it
    (k5), `place` a positional argument; `name` is its keyword and its flag on the command line.
    Without it, its `default` stands, or the value of the parameter that it is `like`. In formulas
    it goes by its `symbol`, which is its letter where it has one, with a `sample` that fits them;
    without a sample they are those that its default gives.

    `names` are those that PyTorch and Keras give it, `opposite` those of what it denies (bias, of
    nobias); `words` are the flags that can stand in its place, as in padding=same.
    """

    name: str
    form: str
    letter: str = ""
    default: Any = REQUIRED
    place: bool = False
    least: int = 1
    says: str = ""
    like: str = ""
    symbol: str = ""
    sample: int = 0
    names: tuple[str, ...] = ()
    opposite: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


class _KindEntry(NamedTuple):
    """What an entry says of a kind; `names` maps its other names to the arguments they stand for.

    `family` is by which figures colour it: one of FAMILIES, or 'inside' for what changes no size
    and stands, plain, right at the layer before it.
    `writes` says where its output goes in a forward pass. `letters` are the sizes of a volume
    that fits its formulas, each with a number; the outputs of one that is `windowed` read windows
    of its input.
    """

    name: str
    family: str
    parameters: tuple[Parameter, ...]
    formula: Callable[[Volume, Arguments], Measure]
    says: str
    example: str
    names: dict[str, dict[str, Any]] = {}  # noqa: RUF012 - an entry is never changed
    one_of: tuple[tuple[str, ...], ...] = ()
    words: Callable[[Volume, Arguments], str] | None = None
    nonlinear: bool = False
    listed: bool = False
    command: tuple[str, str] | None = None
    letters: tuple[tuple[str, int], ...] = (("n", 32), ("n", 32), ("Cin", 8))
    windowed: bool = False
    writes: Writes = Writes.NEW


@entry_of("cnncalc.kinds.table", "WITH_OPAQUE")
class Kind(_KindEntry):
    """One kind of layer: its entry, and what follows from it, worked out once it is asked for."""

    def arguments(self, values: Iterable[Any]) -> Arguments:
        """Return a layer's values, one for each parameter, by name."""
        found = Arguments()
        vars(found).update(zip(self._attributes, values, strict=True))
        return found

    def measure(self, volume: Volume, *values: Any) -> Measure:
        """Return what a layer of these values does to a volume."""
        return self.formula(volume, self.arguments(values))

    def describe(self, volume: Volume, *values: Any) -> str:
        """Return what a card says of a layer of these values."""
        return self.words(volume, self.arguments(values)) if self.words else _(self.says)

    @property
    def missing(self) -> str:
        """What the entry lacks, in words; '' for an entry that is whole."""
        if not (self.says and self.example.partition(" -> ")[2].startswith(self.name)):
            return f"{self.name}: a sentence, and an example of it"
        if self.family not in (*FAMILIES, "inside"):
            return f"{self.name}: the family that figures colour it by"
        for each in self.parameters:
            if each.form in ("flag", "words", "rank"):
                continue
            if not (each.says and (each.letter or each.symbol)):
                return f"{self.name} {each.name}: a sentence, and a letter"
            if not each.sample and each.default is REQUIRED:
                return f"{self.name} {each.name}: a sample for formulas in letters"
        return ""

    def parameter(self, name: str) -> Parameter | None:
        """Return the parameter of a name or a letter, whatever its case; `_` is as `-`."""
        return self._named.get(name.lower().replace("_", "-"))

    @cached_property
    def _named(self) -> dict[str, Parameter]:
        """The parameters by all their names."""
        return {
            name.replace("_", "-"): parameter
            for parameter in reversed(self.parameters)
            if parameter.form != "rank"
            for name in (*parameter.names, *parameter.opposite, parameter.letter, parameter.name)
        }

    @cached_property
    def letters_of_options(self) -> frozenset[str]:
        """The letters that options begin with."""
        return frozenset(each.letter for each in self.parameters if each.letter)

    @cached_property
    def _attributes(self) -> tuple[str, ...]:
        """The parameters as formulas name them."""
        return tuple([each.name.replace("-", "_") for each in self.parameters])

    @cached_property
    def names_of_values(self) -> tuple[str, ...]:
        """The names of the parameters, one for each of a layer's values."""
        return tuple([each.name for each in self.parameters])

    @cached_property
    def places_of_values(self) -> dict[str, int]:
        """The places of a layer's values by the names of the parameters."""
        return {name: place for place, name in enumerate(self.names_of_values)}

    @cached_property
    def places(self) -> tuple[Parameter, ...]:
        """The parameters that numbers without a letter go to, in order."""
        return tuple(each for each in self.parameters if each.form not in ("flag", "words", "rank"))

    @cached_property
    def defaults(self) -> tuple[Any, ...]:
        """What stands for each parameter without an argument."""
        return tuple([each.default for each in self.parameters])

    @cached_property
    def alike(self) -> tuple[tuple[int, int], ...]:
        """Parameters that are as others where nothing says what they are: their places."""
        names = [each.name for each in self.parameters]
        return tuple(
            (place, names.index(each.like))
            for place, each in enumerate(self.parameters)
            if each.like
        )


# ---------------------------------------------------------------- the arguments


def _count(
    name: str, says: str, symbol: str = "N", sample: int = 4, names: tuple[str, ...] = ()
) -> Parameter:
    return Parameter(
        name, "number", place=True, says=says, symbol=symbol, sample=sample, names=names
    )


def _some(name: str, says: str, letter: str = "", names: tuple[str, ...] = ()) -> Parameter:
    """Return a number that need not be given; without a letter it goes by its place, as N."""
    placed = not letter
    return Parameter(
        name, "number", letter, None, placed, says=says, symbol="N" * placed, names=names
    )


def _flag(
    name: str, says: str, names: tuple[str, ...] = (), opposite: tuple[str, ...] = ()
) -> Parameter:
    return Parameter(name, "flag", default=False, says=says, names=names, opposite=opposite)


_FILTERS = _count(
    "filters",
    "how many filters: the channels of the output",
    names=("out_channels", "n", "num_filters", "output_channels", "channels"),
)
_WINDOW = ("kernel_size", "pool_size", "size", "f", "ksize", "filter_size", "kernel_shape")
_KERNEL = Parameter("kernel", "axes", "k", says="the size of the kernel", sample=3, names=_WINDOW)
_STRIDE = Parameter(
    "stride", "axes", "s", (1,), says="the step between windows", sample=2, names=("strides",)
)
_PADDING = Parameter(
    "padding",
    "sides",
    "p",
    (0,),
    least=0,
    says="zeros on each side, or before:after",
    sample=1,
    names=("pad", "pads"),
    words=("same", "valid", "full", "causal"),
)
_DILATION = Parameter(
    "dilation",
    "axes",
    "d",
    (1,),
    says="the step between the kernel's taps",
    sample=2,
    names=("dilation_rate", "dilations"),
)
_GROUPS = Parameter(
    "groups", "number", "g", 1, says="groups that do not see each other", sample=2, names=("group",)
)
_SAME = _flag("same", "pad so that the output is ceil(n / s)")
_VALID = _flag("valid", "no padding")
_CAUSAL = _flag("causal", "pad by d(k-1) before, none after")
_FULL = _flag("full", "pad by d(k-1) on both sides")
_UNITS = _count("units", "how many outputs", names=("out_features", "n", "features", "outputs"))
_NOBIAS = _flag("nobias", "learn no bias", names=("no_bias",), opposite=("bias", "use_bias"))
_RANK = Parameter("rank", "rank", default=0, says="the number of spatial axes")
_WORDS = Parameter("numbers", "words", default=(), place=True, says="any numbers; not used")
_PADS = ("padding", "same", "valid", "full", "causal")
_POOL_PADS = (("padding", "same", "valid"), ("ceil", "same"))
_POOL = (
    Parameter(
        "kernel",
        "axes",
        "k",
        (2,),
        place=True,
        says="the size of the window",
        sample=3,
        names=_WINDOW,
    ),
    Parameter(
        "stride",
        "axes",
        "s",
        None,
        says="the step between windows",
        like="kernel",
        sample=2,
        names=("strides",),
    ),
    _PADDING,
)
_CEIL = _flag("ceil", "round sizes up, as PyTorch does", names=("ceil_mode",))
_SIZE = Parameter(
    "size",
    "axes",
    place=True,
    says="the size of the output",
    symbol="N",
    sample=4,
    names=("output_size",),
)
_NEAREST = _flag("nearest", "repeat values (the default)")
_BILINEAR = _flag("bilinear", "interpolate")
_SEQUENCE = (("L", 32), ("Cin", 8))
_AROUND = Parameter(
    *("size", "sides"),
    place=True,
    least=0,
    says="on each side, an axis (1x2), or before:after",
    symbol="N",
    sample=4,
)


def _activation(name: str, says: str, names: tuple[str, ...] = ()) -> Kind:
    return Kind(
        *(name, "inside"),
        (_WORDS,),
        formulas.unchanged,
        says,
        f"8x8x4 -> {name}",
        {other: {} for other in names},
        nonlinear=True,
        writes=Writes.OVER,
    )


def _passing(name: str, family: str, writes: Writes, says: str, example: str) -> Kind:
    return Kind(name, family, (_WORDS,), formulas.unchanged, says, example, writes=writes)


_NORM_FLAGS = (
    _flag("noscale", "learn no scale", names=("no_scale",), opposite=("scale",)),
    _NOBIAS._replace(says="learn no shift", opposite=("bias", "center", "shift")),
)


def _normalising(name: str, other: str, says: str) -> Kind:
    return Kind(
        *(name, "inside"),
        _NORM_FLAGS,
        formulas.norm,
        says,
        f"8x8x4 -> {name}",
        {other: {}},
        words=partial(descriptions.norm, says),
        writes=Writes.OVER,
    )


_TABLE = (
    Kind(
        *("conv", "conv"),
        (
            *(_FILTERS, _KERNEL, _STRIDE, _PADDING, _DILATION, _GROUPS),
            *(_SAME, _VALID, _FULL, _CAUSAL, _NOBIAS, _RANK),
        ),
        formulas.conv,
        "convolution: filters slide over the map",
        "32x32x3 -> conv 10 k5 p2",
        {"conv1d": {"rank": 1}, "conv2d": {"rank": 2}, "conv3d": {"rank": 3}},
        (_PADS,),
        descriptions.conv,
        listed=True,
        windowed=True,
    ),
    Kind(
        *("dwconv", "conv"),
        (
            _some("filters", "a multiple of the channels"),
            *(_KERNEL, _STRIDE, _PADDING, _DILATION),
            _some("multiplier", "filters for each channel", "m", names=("depth_multiplier",)),
            *(_SAME, _VALID, _FULL, _CAUSAL, _NOBIAS),
        ),
        formulas.dwconv,
        "depthwise convolution: each channel has filters of its own",
        "32x32x16 -> dwconv k3 p1",
        {"depthwise": {}},
        (_PADS, ("filters", "multiplier")),
        descriptions.dwconv,
        listed=True,
        windowed=True,
    ),
    Kind(
        *("deconv", "up"),
        (
            *(_FILTERS, _KERNEL, _STRIDE, _PADDING),
            Parameter(
                *("output-padding", "axes", "op", None), least=0, says="added at the end", sample=1
            ),
            *(_DILATION, _GROUPS, _SAME._replace(says="cut so that the output is n * s"), _NOBIAS),
        ),
        formulas.deconv,
        "transposed convolution: makes maps larger",
        "14x14x16 -> deconv 8 k4 s2 p1",
        {"convtranspose": {}, "transposed": {}},
        (("padding", "same"),),
        descriptions.deconv,
        listed=True,
        windowed=True,
    ),
    Kind(
        *("local", "conv"),
        (*(_FILTERS, _KERNEL, _STRIDE, _PADDING), *(_SAME, _VALID, _FULL, _CAUSAL, _NOBIAS)),
        formulas.local,
        "locally connected: a filter and a bias for each position",
        "8x8x3 -> local 4 k3",
        {"locallyconnected": {}},
        (_PADS,),
        descriptions.local,
        windowed=True,
    ),
    Kind(
        *("fc", "fc"),
        (_UNITS, _NOBIAS),
        formulas.fc,
        "fully connected: every output sees every input",
        "7x7x512 -> fc 4096",
        words=descriptions.fc,
        listed=True,
    ),
    Kind(
        *("linear", "fc"),
        (_UNITS, _NOBIAS),
        formulas.linear,
        "fully connected at every place, on the channels alone",
        "16x64 -> linear 32",
        {"dense": {}},
        words=descriptions.linear,
        letters=(("L", 16), ("Cin", 8)),
    ),
    Kind(
        *("maxpool", "pool"),
        (*_POOL, _DILATION, _CEIL, _SAME, _VALID),
        formulas.pool,
        "max pooling: the largest value of each window",
        "32x32x10 -> maxpool 2",
        {"pool": {}},
        _POOL_PADS,
        descriptions.pool,
        command=("pool", "max"),
        windowed=True,
    ),
    Kind(
        *("avgpool", "pool"),
        (*_POOL, _DILATION, _CEIL, _SAME, _VALID),
        formulas.pool,
        "average pooling: the mean of each window",
        "32x32x10 -> avgpool 2",
        one_of=_POOL_PADS,
        words=descriptions.pool,
        command=("pool", "avg"),
        windowed=True,
    ),
    Kind(
        *("gap", "pool"),
        (),
        formulas.global_pool,
        "global average pooling: HxWxC to 1x1xC",
        "7x7x1024 -> gap",
        {"globalavgpool": {}},
        listed=True,
    ),
    Kind(
        "gmp",
        "pool",
        (),
        formulas.global_pool,
        "global max pooling: HxWxC to 1x1xC",
        "7x7x1024 -> gmp",
    ),
    *(
        Kind(
            *(name, "pool", (_SIZE,), formulas.adaptive_pool, says, f"13x13x8 -> {name} 6"),
            windowed=True,
        )
        for name, says in (
            ("adaptiveavgpool", "average pooling to a given size"),
            ("adaptivemaxpool", "max pooling to a given size"),
        )
    ),
    Kind(
        *("flatten", "plain"),
        (),
        shapes.flatten,
        "a volume as a vector, in place",
        "32x32x3 -> flatten",
        listed=True,
        writes=Writes.VIEW,
    ),
    _normalising("bn", "batchnorm", "batch norm: a scale and a shift for each channel"),
    _normalising("ln", "layernorm", "layer norm over the channels: a scale and a shift for each"),
    Kind(
        *("gn", "inside"),
        (
            Parameter(
                *("groups", "number", "", 32),
                place=True,
                says="groups of channels",
                names=("num_groups",),
                symbol="N",
                sample=4,
            ),
            *_NORM_FLAGS,
        ),
        formulas.group_norm,
        "group norm: a scale and a shift for each channel",
        "8x8x64 -> gn 32",
        {"groupnorm": {}},
        words=partial(descriptions.norm, "group norm: a scale and a shift for each channel"),
        writes=Writes.OVER,
    ),
    Kind(
        *("in", "inside"),
        (_flag("affine", "learn a scale and a shift"),),
        formulas.instance_norm,
        "instance norm: learns nothing",
        "8x8x4 -> in",
        {"instancenorm": {}},
        words=descriptions.instance_norm,
        writes=Writes.OVER,
    ),
    Kind(
        *("layerscale", "inside"),
        (),
        formulas.per_channel,
        "a learned scale for each channel",
        "8x8x4 -> layerscale",
        writes=Writes.OVER,
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
        *("prelu", "inside"),
        (
            _some(
                "count", "how many slopes: one, or one for each channel", names=("num_parameters",)
            ),
        ),
        formulas.prelu,
        "leaky relu with a learned slope for each channel",
        "8x8x4 -> prelu",
        nonlinear=True,
        writes=Writes.OVER,
    ),
    _passing(
        "dropout", "inside", Writes.VIEW, "zeroes values in training", "7x7x512 -> dropout 0.5"
    ),
    _passing(
        "lrn", "inside", Writes.OVER, "local response normalisation", "27x27x96 -> lrn 5 1e-4 0.75"
    ),
    _passing(
        "shuffle", "plain", Writes.OVER, "mixes the channels of groups", "28x28x116 -> shuffle 2"
    ),
    _passing("identity", "plain", Writes.VIEW, "passes its input on", "8x8x4 -> identity"),
    _passing(
        *("output", "inside"),
        Writes.OUTPUT,
        "passes its input on as one of the network's outputs",
        "8x8x4 -> output",
    ),
    Kind(
        *("pad", "plain"),
        (
            _AROUND,
            _flag("reflect", "mirror the map, its border once"),
            _flag("replicate", "repeat the border"),
            _flag("circular", "go on at the other end"),
        ),
        shapes.pad,
        "zeros around the map",
        "5x5x1 -> pad 2",
        {"zeropad": {}},
        (("reflect", "replicate", "circular"),),
        listed=True,
        windowed=True,
    ),
    Kind(
        *("crop", "plain", (_AROUND,), shapes.crop, "takes a border away", "9x9x1 -> crop 2"),
        windowed=True,
    ),
    Kind(
        *("slice", "plain"),
        (
            _count("from", "the first channel, from 0", "A", 1)._replace(least=0),
            _count("to", "the channel to stop before", "B", 5),
        ),
        shapes.channel_slice,
        "some of the channels",
        "8x8x64 -> slice 0 32",
    ),
    Kind(
        *("upsample", "up"),
        (
            Parameter(
                "factor",
                "axes",
                place=True,
                says="how many times larger",
                symbol="N",
                sample=4,
                names=("scale_factor", "scale"),
            ),
            _NEAREST._replace(names=("mode", "interpolation"), words=("nearest", "bilinear")),
            _BILINEAR,
        ),
        shapes.upsample,
        "makes maps larger by a whole factor",
        "7x7x64 -> upsample 2",
        {},
        (("nearest", "bilinear"),),
        windowed=True,
    ),
    Kind(
        *("resize", "up"),
        (_SIZE, _NEAREST, _BILINEAR),
        shapes.resize,
        "makes maps of a given size",
        "7x7x64 -> resize 10",
        {"interpolate": {}},
        (("nearest", "bilinear"),),
        windowed=True,
    ),
    Kind(
        *("reshape", "plain"),
        (
            Parameter(
                *("volume", "volume"),
                place=True,
                says="a volume of as many values",
                symbol="V",
                sample=32 * 32 * 8,
            ),
        ),
        shapes.reshape,
        "the same values as another volume",
        "6272 -> reshape 7x7x128",
        writes=Writes.VIEW,
    ),
    Kind(
        *("tokens", "plain"),
        (),
        shapes.tokens,
        "a map as a sequence: HxWxC to (H*W)xC",
        "14x14x768 -> tokens",
        writes=Writes.VIEW,
    ),
    Kind(
        *("transpose", "plain"),
        (),
        shapes.transpose,
        "channels and the last axis change places: LxC to CxL",
        "196x64 -> transpose",
        letters=_SEQUENCE,
        writes=Writes.VIEW,
    ),
    *(
        Kind(
            *(name, family),
            (_count("block", "the side of a block", "r", 2),),
            formula,
            says,
            example,
            {other: {}},
            windowed=True,
        )
        for name, family, formula, says, example, other in (
            (
                *("pixelshuffle", "up", shapes.pixelshuffle),
                "channels as places: HxWx(C*r*r) to rHxrWxC",
                *("8x8x64 -> pixelshuffle 2", "depthtospace"),
            ),
            (
                *("pixelunshuffle", "plain", shapes.pixelunshuffle),
                "places as channels: HxWxC to (H/r)x(W/r)x(C*r*r)",
                *("8x8x64 -> pixelunshuffle 2", "spacetodepth"),
            ),
        )
    ),
    *(
        Kind(name, "pool", (), shapes.over_channels, says, f"8x8x64 -> {name}")
        for name, says in (
            ("channelmean", "the mean over the channels: HxWxC to HxWx1"),
            ("channelmax", "the largest over the channels: HxWxC to HxWx1"),
        )
    ),
    Kind(
        *("embedding", "fc"),
        (
            _count("words", "how many words there are", "V", names=("num_embeddings",)),
            _count("units", "how many numbers each has", names=("embedding_dim", "output_dim")),
        ),
        sequences.embedding,
        "learned numbers for each of a vector of words: L to LxN",
        "128 -> embedding 10000 64",
        letters=(("L", 32),),
    ),
    Kind(
        *("token", "plain"),
        (_count("count", "how many tokens"),),
        sequences.token,
        "learned tokens before a sequence: LxC to (L+N)xC",
        "196x768 -> token 1",
        {"classtoken": {}},
        letters=_SEQUENCE,
    ),
    Kind(
        *("position", "plain"),
        (_some("count", "how many values there are, where several places share one"),),
        sequences.position,
        "adds a learned value at every place",
        "197x768 -> position",
        {"posembed": {}},
        letters=_SEQUENCE,
        writes=Writes.OVER,
    ),
    Kind(
        *("attention", "sequence"),
        (
            _count("heads", "how many heads", "h", 2, names=("num_heads",)),
            _some("key-dim", "the channels of a head: C/h", "d"),
            _some("window", "windows of this size on each axis", "w", names=("window_size",)),
            _NOBIAS,
        ),
        sequences.attention,
        "self-attention: each place meets all places",
        "197x768 -> attention 12",
        {"mha": {}},
        words=descriptions.attention,
        letters=_SEQUENCE,
    ),
    Kind(
        *("sdpa", "sequence"),
        (
            _count("heads", "how many heads", "h", 2, names=("num_heads",)),
            _some("key-dim", "the channels of a head's queries and keys: C/3h", "d"),
        ),
        sequences.sdpa,
        "the two products of attention; queries, keys and values come in stacked",
        "400x256 -> sdpa 2 d32",
        {"dotproductattention": {}},
        letters=(("L", 32), ("Cin", 24)),
    ),
    *(
        Kind(
            *(name, "sequence"),
            (
                _count("units", "how many numbers are kept", names=("hidden_size", "n")),
                Parameter(
                    *("layers", "number", "layers", 1),
                    says="layers one after another",
                    names=("num_layers",),
                ),
                _flag("bi", "in both directions", names=("bidirectional",)),
                _flag("last", "give the last step alone"),
                _flag("onebias", "one bias, as Keras has"),
                _NOBIAS,
            ),
            partial(sequences.recurrent, gates),
            says,
            f"100x64 -> {name} 128",
            one_of=(("onebias", "nobias"),),
            words=descriptions.recurrent,
            letters=_SEQUENCE,
        )
        for name, gates, says in (
            ("lstm", 4, "long short-term memory: LxC to LxN"),
            ("gru", 3, "gated recurrent unit: LxC to LxN"),
            ("rnn", 1, "simple recurrent layer: LxC to LxN"),
        )
    ),
    Kind(
        *("deformconv", "conv"),
        (
            *(_FILTERS, _KERNEL, _STRIDE, _PADDING, _DILATION, _GROUPS),
            Parameter(
                *("deformable-groups", "number", "dg", 1), says="groups of offsets", sample=2
            ),
            _flag("mask", "weigh each tap, as version 2 does"),
            *(_VALID, _FULL, _CAUSAL, _NOBIAS),
        ),
        formulas.deformconv,
        "deformable convolution: a conv moves the taps of another",
        "32x32x16 -> deformconv 32 k3 p1",
        one_of=(tuple(name for name in _PADS if name != "same"),),
        words=descriptions.deformconv,
    ),
)


OPAQUE = Kind(
    *("opaque", "plain"),
    (
        Parameter("name", "text", place=True, says="what a file calls it"),
        Parameter("volume", "volume", place=True, says="what it puts out", symbol="V", sample=4),
    ),
    shapes.opaque,
    "no layer here: what it learns and costs is not counted",
    '8x8x4 -> opaque "Name" 8x8x4',
)
"""What a file holds and we have not: an item of its own in the notation, and no layer to type."""

FREE = frozenset(
    (
        *("AffineGrid", "And", "ArgMax", "ArgMin", "BitShift", "BitwiseAnd", "BitwiseNot"),
        *("BitwiseOr", "BitwiseXor", "CategoryEncoding", "CenterCropPad", "Col2Im", "Compress"),
        *("Concat", "CumProd", "CumSum", "DepthToSpace", "Det", "Equal", "Expand"),
        *("Gates", "InitialState"),
        *("EyeLike", "Gather", "GatherElements", "GatherND", "Greater", "GreaterOrEqual"),
        *("GridSample", "Less", "LessOrEqual", "MaxRoiPool", "MaxUnpool", "Mod", "MovedTaps"),
        *("NonMaxSuppression", "NonZero", "Not", "OneHot", "Or", "Pad", "Permute", "Pow", "Range"),
        *("ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean"),
        *("ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare", "RepeatVector", "Reshape"),
        *("Resize", "ReverseSequence", "RoiAlign", "Scatter", "ScatterElements", "ScatterND"),
        *("Slice", "SpaceToDepth", "Split", "Squeeze", "State", "TensorScatter", "Tile", "TopK"),
        *("Transpose", "Unfold", "Unique", "Unsqueeze", "Upsample", "Where", "Xor"),
    )
)
"""Names of opaque items that move values or sum them up: they learn nothing and cost no MACs."""


if _lacking := [kind.missing for kind in _TABLE if kind.missing]:
    raise TypeError(_lacking)


KINDS: dict[str, Kind] = {kind.name: kind for kind in _TABLE}

WITH_OPAQUE = {**KINDS, OPAQUE.name: OPAQUE}
"""The kinds, and that of what is no layer here, each by its name."""

NAMES: dict[str, Kind] = {name: kind for kind in _TABLE for name in (kind.name, *kind.names)}
"""Every name of every kind, in lower case."""

FLAGS = frozenset(
    parameter.name for kind in _TABLE for parameter in kind.parameters if parameter.form == "flag"
)

LETTERS = frozenset(
    parameter.letter for kind in _TABLE for parameter in kind.parameters if parameter.letter
)
