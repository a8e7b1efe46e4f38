"""Keras' layers: their arguments, and which layer of ours each is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.kinds.modules import (
    ACTIVATION,
    ACTIVATIONS,
    KERAS,
    SHAPE,
    Module,
    ModuleError,
    Takes,
    Values,
    Wanted,
    adaptive_pool,
    axes_from,
    not_read,
    pair_from,
    rms_norm,
    sides_from,
    stands_for,
    uncounted,
)
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.kinds.modules import Rule


def _keras_conv(ours: Values, _given: Values, _rank: int | None) -> list[Wanted]:
    return [Wanted("conv", _causal(ours))]


def _causal(ours: Values) -> dict[str, Any]:
    """Return a convolution's arguments with a causal padding in numbers."""
    if ours.pop("causal", False):
        (kernel,), (dilation,) = ours["kernel"], ours["dilation"]
        ours["padding"] = sides_from([(dilation * (kernel - 1), 0)])
    return ours


def _depthwise(ours: Values, _given: Values, _rank: int | None) -> list[Wanted]:
    if ours["multiplier"] == 1:
        del ours["multiplier"]
    return [Wanted("dwconv", _causal(ours))]


def _separable(ours: Values, given: Values, rank: int | None) -> list[Wanted]:
    """Return a separable convolution: the depthwise part has no bias."""
    last = {"filters": ours.pop("filters"), "kernel": (1,), "nobias": ours["nobias"]}
    first = _depthwise({**ours, "nobias": True}, given, rank)
    return [*first, Wanted("conv", last)]


def _keras_deconv(ours: Values, _given: Values, rank: int | None) -> list[Wanted]:
    """Return a transposed convolution: with padding 'same', the output is the stride times larger.

    Without an output padding of its own, what is over is taken off, half of it before; what is
    missing is added at the end.
    """
    same = ours.pop("same", False)
    axes = rank or max(len(ours[name]) for name in ("kernel", "stride", "dilation"))
    kernel, stride, dilation = (
        _spread(ours[name], axes) for name in ("kernel", "stride", "dilation")
    )
    extras = ours.pop("output-padding", None)
    pads, adds = [], []
    for axis, (k, s, d) in enumerate(zip(kernel, stride, dilation, strict=True)):
        over = d * (k - 1) + 1 - s
        if extras is not None:
            pads.append((k // 2, k // 2) if same else (0, 0))
            adds.append(_spread(extras, axes)[axis])
        else:
            cut = max(over, 0) if same else 0
            pads.append((cut // 2, cut - cut // 2))
            adds.append(max(-over, 0))
    ours["padding"] = sides_from(pads)
    if any(adds):
        ours["output-padding"] = tuple(adds[:1] if len(set(adds)) == 1 else adds)
    return [Wanted("deconv", ours)]


def _spread(sizes: tuple[int, ...], rank: int) -> tuple[int, ...]:
    """Return one size for each axis, from one for all or one for each."""
    return sizes * rank if len(sizes) == 1 else sizes


def _global(kind: str) -> Rule:
    """Return a rule for Keras' global pools: they give a vector unless they keep the axes."""

    def rule(_ours: Values, given: Values, _rank: int | None) -> list[Wanted]:
        return [Wanted(kind)] if given["keepdims"] else [Wanted(kind), Wanted("flatten")]

    return rule


def _keras_group_norm(ours: Values, given: Values, _rank: int | None) -> list[Wanted]:
    """Return a group norm; with -1 groups, each channel is one."""
    if given["groups"] == -1:
        if ours["noscale"] != ours["nobias"]:
            raise not_read("groups", -1)
        return [Wanted("in", {"affine": not ours["noscale"]})]
    return [Wanted("gn", {**ours, "groups": given["groups"]})]


def _keras_relu(_ours: Values, given: Values, _rank: int | None) -> list[Wanted]:
    most, slope = given["max_value"], given["negative_slope"] or 0
    if slope:
        return [Wanted("leakyrelu")]
    if most is not None and most != 6:
        return [Wanted("identity", stands_for="ReLU")]
    return [Wanted("relu" if most is None else "relu6")]


def _keras_prelu(_ours: Values, given: Values, rank: int | None) -> list[Wanted]:
    """Return a PReLU: a slope for each channel where all other axes share it."""
    shared = sorted(given["shared_axes"] or ())
    if rank is not None and shared != list(range(1, rank + 1)):
        raise not_read("shared_axes", given["shared_axes"])
    return [Wanted("prelu")]


def _reshape(_ours: Values, given: Values, _rank: int | None) -> list[Wanted]:
    sizes = given["target_shape"]
    if not isinstance(sizes, tuple | list):
        raise not_read("target_shape", sizes)
    return [Wanted("reshape", {"volume": tuple(sizes)})]


def _keras_upsample(ours: Values, given: Values, _rank: int | None) -> list[Wanted]:
    linear = given.get("interpolation", "nearest") == "bilinear"
    return [Wanted("upsample", {**ours, **({"bilinear": True} if linear else {})})]


def _resizing(_ours: Values, given: Values, _rank: int | None) -> list[Wanted]:
    size = axes_from("height", (given["height"], given["width"]), 2)
    how = {"bilinear": True} if given["interpolation"] == "bilinear" else {}
    return [Wanted("resize", {"size": size, **how})]


def _keras_around(kind: str, name: str) -> Rule:
    """Return a rule for a padding or a crop of Keras: a number, one an axis, or pairs."""

    def rule(_ours: Values, given: Values, rank: int | None) -> list[Wanted]:
        value = given[name]
        values = list(value) if isinstance(value, tuple | list) else [value] * (rank or 1)
        if rank == 1 and len(values) == 2:
            values = [values]
        if rank and len(values) != rank:
            raise not_read(name, value)
        return [Wanted(kind, {"size": sides_from([pair_from(name, each) for each in values])})]

    return rule


def _recurrent(_ours: Values, given: Values, _rank: int | None) -> list[Wanted]:
    """Return a recurrent layer of Keras, which gives its last step alone unless it is asked."""
    kind = given[""]
    arguments = {"units": given["units"], "last": not given["return_sequences"]}
    arguments["onebias"] = bool(given["use_bias"]) and not given.get("reset_after", False)
    return [Wanted(kind, {**arguments, "nobias": not given["use_bias"]})]


def _keras_recurrent(kind: str) -> Rule:
    def rule(ours: Values, given: Values, rank: int | None) -> list[Wanted]:
        return _recurrent(ours, {**given, "": kind}, rank)

    return rule


def _bidirectional(_ours: Values, given: Values, _rank: int | None) -> Sequence[Wanted]:
    """Return a recurrent layer in both directions; `layer` is what was read inside."""
    layers = given["layer"]
    if given["merge_mode"] != "concat" or len(layers) != 1:
        raise not_read("merge_mode", given["merge_mode"])
    (inner,) = layers
    return [inner._replace(arguments={**inner.arguments, "bi": True})]


def _time_distributed(_ours: Values, given: Values, _rank: int | None) -> Sequence[Wanted]:
    """Return a layer at each step: a window of 1 along the steps; `layer` is what was read."""
    made = []
    for inner in given["layer"]:
        if inner.kind in ("conv", "dwconv", "maxpool", "avgpool"):
            spread = dict(inner.arguments)
            for name, one in (("kernel", 1), ("stride", 1), ("dilation", 1), ("padding", 0)):
                sizes = spread.get(name, ())
                if sizes and sizes != (one,):
                    spread[name] = (one, *(sizes * 2 if len(sizes) == 1 else sizes))
            made.append(inner._replace(arguments=spread))
        elif inner.kind in _EACH_PLACE:
            made.append(inner)
        else:
            raise ModuleError(_("{name} at each step has no spelling here", name=inner.kind))
    return made


_EACH_PLACE = (
    *("linear", "bn", "ln", "dropout", "identity", "softmax"),
    *ACTIVATIONS.values(),
)


def _attention(ours: Values, given: Values, _rank: int | None) -> list[Wanted]:
    if given["value_dim"] not in (None, given["key_dim"]):
        raise not_read("value_dim", given["value_dim"])
    return [Wanted("attention", ours)]


# ---------------------------------------------------------------- arguments


def _tuned(*what: str) -> tuple[Takes, ...]:
    """Return how weights begin and are kept small: by their names alone."""
    kinds = ("initializer", "regularizer", "constraint")
    return _named(*(f"{each}_{kind}" for kind in kinds for each in what))


def _named(*names: str) -> tuple[Takes, ...]:
    """Return arguments that go by their names and change nothing that is counted."""
    return tuple(Takes(name, "", None, named=True) for name in names)


_LAYER = (
    *_named("name", "trainable", "dtype", "autocast", "weights", "batch_size"),
    *_named("activity_regularizer", "lora_rank", "lora_alpha", "quantization_config"),
    Takes("input_shape", SHAPE, None, named=True),
    Takes("batch_input_shape", SHAPE, None, named=True),
)
_FORMAT = uncounted(data_format=None)
_ACTIVATED = Takes("activation", ACTIVATION, None)
_USE_BIAS = Takes("use_bias", "bias", True)
_WEIGHTS = _tuned("kernel", "bias")
_STRIDES = Takes("strides", "stride", 1)
_PADDING = Takes("padding", "padding", "valid")
_RATE = Takes("dilation_rate", "dilation", 1)
_KERNEL = (Takes("filters", "filters"), Takes("kernel_size", "kernel"), _STRIDES, _PADDING)
_KERAS_CONV = (
    *(*_KERNEL, *_FORMAT, _RATE, Takes("groups", "groups", 1), _ACTIVATED, _USE_BIAS, *_WEIGHTS),
)
_TRANSPOSE = (
    *(*_KERNEL, Takes("output_padding", "output-padding", None, named=True)),
    *(each._replace(named=True) for each in (*_FORMAT, _RATE, _ACTIVATED, _USE_BIAS)),
    *_WEIGHTS,
)
_MULTIPLIER = Takes("depth_multiplier", "multiplier", 1)
_DEPTHWISE = (
    *(*_KERNEL[1:], _MULTIPLIER, *_FORMAT, _RATE, _ACTIVATED, _USE_BIAS),
    *_tuned("depthwise", "bias"),
)
_SEPARABLE = (
    *(*_KERNEL, *_FORMAT, _RATE, _MULTIPLIER, _ACTIVATED, _USE_BIAS),
    *_tuned("depthwise", "pointwise", "bias"),
)
_LOCAL = (*_KERNEL, *_FORMAT, _ACTIVATED, _USE_BIAS, *_WEIGHTS)
_POOL_SIZE = Takes("pool_size", "kernel", 2)
_KERAS_POOL = (_POOL_SIZE, Takes("strides", "stride", None), _PADDING, *_FORMAT)
_KEEPDIMS = (*_FORMAT, Takes("keepdims", "", default=False))
_CENTERED = (
    Takes("center", "bias", True),
    Takes("scale", "scale", True),
    *_tuned("beta", "gamma"),
)
_AXIS = Takes("axis", "", -1, only=(-1, [-1], (-1,)))
_KERAS_DROPOUT = (Takes("rate", "numbers", also=("drop_path_rate",)), *uncounted(noise_shape=None))
_KERAS_SEED = uncounted(seed=None)
_SPATIAL = (_KERAS_DROPOUT[0], *_named("data_format", "seed"))
_CELL = (
    *_tuned("kernel", "recurrent", "bias"),
    *_named("unit_forget_bias", "dropout", "recurrent_dropout", "seed", "go_backwards"),
    *_named("stateful", "unroll", "use_cudnn", "time_major", "implementation"),
    Takes("return_sequences", "", default=False, named=True),
    Takes("return_state", "", default=False, only=(False,), named=True),
)
_INTERPOLATION = Takes("interpolation", "", "bilinear", ("nearest", "bilinear"))
_UNITS = Takes("units", "units")
_TANH = uncounted(activation="tanh")
_CELL_BIAS = uncounted(use_bias=True)


def _keras(
    name: str,
    kind: str,
    takes: tuple[Takes, ...],
    rule: Any = None,
    ranks: Any = (None,),
    also: tuple[str, ...] = (),
) -> list[Module]:
    """Return a layer of Keras under its names; a # in one is the number of axes."""
    return [
        Module(KERAS, each.replace("#", f"{rank}D"), kind, (*takes, *_LAYER), rank, rule)
        for each in (name, *also)
        for rank in ranks
    ]


_AXES_OF = (1, 2, 3)
_FACTOR = (Takes("factor"), *_named("value_range", "seed", "data_format"))

_MODULES = (
    *_keras("Conv#", "conv", _KERAS_CONV, _keras_conv, _AXES_OF, ("Convolution#",)),
    *_keras(
        "Conv#Transpose",
        "deconv",
        _TRANSPOSE,
        _keras_deconv,
        _AXES_OF,
        ("Convolution#Transpose",),
    ),
    *_keras("DepthwiseConv#", "dwconv", _DEPTHWISE, _depthwise, (1, 2)),
    *_keras("SeparableConv#", "dwconv", _SEPARABLE, _separable, (1, 2), ("SeparableConvolution#",)),
    *_keras("LocallyConnected#", "local", _LOCAL, None, (1, 2)),
    *_keras("Dense", "linear", (_UNITS, _ACTIVATED, _USE_BIAS, *_WEIGHTS)),
    *_keras("MaxPooling#", "maxpool", _KERAS_POOL, None, _AXES_OF, ("MaxPool#",)),
    *_keras("AveragePooling#", "avgpool", _KERAS_POOL, None, _AXES_OF, ("AvgPool#",)),
    *_keras(
        "GlobalAveragePooling#", "gap", _KEEPDIMS, _global("gap"), _AXES_OF, ("GlobalAvgPool#",)
    ),
    *_keras("GlobalMaxPooling#", "gmp", _KEEPDIMS, _global("gmp"), _AXES_OF, ("GlobalMaxPool#",)),
    *_keras(
        "AdaptiveAveragePooling#",
        "adaptiveavgpool",
        (Takes("output_size", "size"), *_FORMAT),
        adaptive_pool("adaptiveavgpool", "gap"),
        _AXES_OF,
    ),
    *_keras(
        "AdaptiveMaxPooling#",
        "adaptivemaxpool",
        (Takes("output_size", "size"), *_FORMAT),
        adaptive_pool("adaptivemaxpool", "gmp"),
        _AXES_OF,
    ),
    *_keras(
        "BatchNormalization",
        "bn",
        (
            Takes("axis", "", -1),
            *uncounted(momentum=0.99, epsilon=1e-3),
            *_CENTERED[:2],
            *_tuned("beta", "gamma", "moving_mean", "moving_variance"),
            *_named("renorm", "renorm_clipping", "renorm_momentum", "synchronized"),
        ),
        also=("SyncBatchNormalization",),
    ),
    *_keras("LayerNormalization", "ln", (_AXIS, *uncounted(epsilon=1e-3), *_CENTERED)),
    *_keras("RMSNormalization", "ln", (_AXIS, *uncounted(epsilon=1e-6)), rms_norm),
    *_keras(
        "GroupNormalization",
        "gn",
        (Takes("groups", "", 32), _AXIS, *uncounted(epsilon=1e-3), *_CENTERED),
        _keras_group_norm,
    ),
    *_keras(
        "LayerScale",
        "layerscale",
        uncounted(init_values=None, projection_dim=None),
    ),
    *_keras("Activation", "", (Takes("activation", ACTIVATION),), lambda *_of: ()),
    *_keras(
        "ReLU",
        "relu",
        uncounted(max_value=None, negative_slope=0.0, threshold=0.0),
        _keras_relu,
    ),
    *_keras("LeakyReLU", "leakyrelu", (Takes("negative_slope", "numbers", 0.3, (), ("alpha",)),)),
    *_keras(
        "PReLU",
        "prelu",
        (*_tuned("alpha"), Takes("shared_axes", "", None, named=True)),
        _keras_prelu,
    ),
    *_keras("ELU", "elu", uncounted(alpha=1.0)),
    *_keras("Softmax", "softmax", uncounted(axis=-1)),
    *_keras("Identity", "identity", ()),
    *_keras("Dropout", "dropout", (*_KERAS_DROPOUT, *_KERAS_SEED)),
    *_keras("AlphaDropout", "dropout", (*_KERAS_DROPOUT, *_KERAS_SEED)),
    *_keras("GaussianDropout", "dropout", (_KERAS_DROPOUT[0], *_KERAS_SEED)),
    *_keras("StochasticDepth", "dropout", (_KERAS_DROPOUT[0], *_KERAS_SEED)),
    *_keras("SpatialDropout#", "dropout", _SPATIAL, None, _AXES_OF),
    *_keras("Flatten", "flatten", _FORMAT),
    *_keras("Reshape", "reshape", (Takes("target_shape"),), _reshape),
    *_keras(
        "ZeroPadding#",
        "pad",
        (*uncounted(padding=1), *_FORMAT),
        _keras_around("pad", "padding"),
        _AXES_OF,
    ),
    *(
        module
        for rank, cut in ((1, (1, 1)), (2, ((0, 0), (0, 0))), (3, ((1, 1), (1, 1), (1, 1))))
        for module in _keras(
            "Cropping#",
            "crop",
            (*uncounted(cropping=cut), *_named("data_format")),
            _keras_around("crop", "cropping"),
            (rank,),
        )
    ),
    *_keras("UpSampling#", "upsample", (Takes("size", "factor", 2),), _keras_upsample, (1,)),
    *_keras(
        "UpSampling#",
        "upsample",
        (Takes("size", "factor", 2), *_FORMAT, _INTERPOLATION._replace(default="nearest")),
        _keras_upsample,
        (2,),
    ),
    *_keras(
        "UpSampling#", "upsample", (Takes("size", "factor", 2), *_FORMAT), _keras_upsample, (3,)
    ),
    *_keras(
        "Resizing",
        "resize",
        (
            *(Takes("height"), Takes("width")),
            _INTERPOLATION,
            *uncounted(crop_to_aspect_ratio=False, pad_to_aspect_ratio=False, fill_mode="constant"),
            *uncounted(fill_value=0.0, antialias=False),
            *_FORMAT,
        ),
        _resizing,
    ),
    *_keras(
        "Embedding",
        "embedding",
        (
            *(Takes("input_dim", "words"), Takes("output_dim", "units")),
            *_tuned("embeddings"),
            *_named("mask_zero", "input_length"),
        ),
    ),
    *_keras(
        "LSTM",
        "lstm",
        (
            *(_UNITS, *_TANH, *uncounted(recurrent_activation="sigmoid"), *_CELL_BIAS),
            *_CELL,
        ),
        _keras_recurrent("lstm"),
    ),
    *_keras(
        "GRU",
        "gru",
        (
            *(_UNITS, *_TANH, *uncounted(recurrent_activation="sigmoid"), *_CELL_BIAS),
            *(*_CELL, Takes("reset_after", "", default=True, named=True)),
        ),
        _keras_recurrent("gru"),
    ),
    *_keras("SimpleRNN", "rnn", (_UNITS, *_TANH, *_CELL_BIAS, *_CELL), _keras_recurrent("rnn")),
    *_keras(
        "Bidirectional",
        "lstm",
        (
            Takes("layer"),
            *uncounted(merge_mode="concat", weights=None),
            Takes("backward_layer", "", None, only=(None,)),
        ),
        _bidirectional,
    ),
    *_keras("TimeDistributed", "", (Takes("layer"),), _time_distributed),
    *_keras(
        "MultiHeadAttention",
        "attention",
        (
            *(
                Takes("num_heads", "heads"),
                Takes("key_dim", "key-dim"),
                Takes("value_dim", "", None),
            ),
            *(*uncounted(dropout=0.0), _USE_BIAS, Takes("output_shape", "", None, only=(None,))),
            *_named("attention_axes", "sliding_window", "flash_attention", "seed"),
            Takes("use_gate", "", default=False, only=(False,), named=True),
            *_tuned("kernel", "bias"),
        ),
        _attention,
    ),
    *(
        module
        for name, takes in (
            ("ActivityRegularization", uncounted(l1=0.0, l2=0.0)),
            ("GaussianNoise", (*uncounted(stddev=0.0), *_KERAS_SEED)),
            ("Masking", uncounted(mask_value=0.0)),
            ("Normalization", uncounted(axis=-1, mean=None, variance=None, invert=False)),
            ("Rescaling", uncounted(scale=1.0, offset=0.0)),
            ("UnitNormalization", uncounted(axis=-1)),
            ("RandomFlip", _named("mode", "seed", "data_format")),
            ("RandomRotation", (*_FACTOR, *_named("fill_mode", "interpolation", "fill_value"))),
            ("RandomContrast", _FACTOR),
            ("RandomBrightness", _FACTOR),
        )
        for module in _keras(name, "identity", takes, stands_for(name))
    ),
    *_keras(
        "InputLayer",
        "",
        (
            Takes("shape", SHAPE, None),
            *uncounted(batch_size=None),
            Takes("batch_shape", SHAPE, None, (), ("batch_input_shape",), named=True),
            *_named("sparse", "ragged", "input_tensor", "tensor", "optional"),
        ),
        lambda *_of: (),
        also=("Input",),
    ),
)

MODULES: dict[str, Module] = {module.name: module for module in _MODULES}
"""Every layer by its name."""
