"""PyTorch's modules: their arguments, and which layer of ours each is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.kinds.modules import (
    CHANNELS,
    PYTORCH,
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


def _conv(ours: Values, given: Values, _rank: int | None) -> Sequence[Wanted]:
    """Return a convolution of PyTorch: a depthwise one where each channel is a group."""
    if ours.get("same") and ours["stride"] != (1,):
        message = _("PyTorch pads to the same size where the stride is 1 alone")
        raise ModuleError(message, "padding")
    channels = given.get("in_channels")
    if ours["groups"] != channels or channels == 1:
        return [Wanted("conv", ours)]
    left = {name: value for name, value in ours.items() if name not in ("filters", "groups")}
    if ours["filters"] != channels:
        left["filters"] = ours["filters"]
    return [Wanted("dwconv", left)]


def _deconv(ours: Values, _given: Values, _rank: int | None) -> Sequence[Wanted]:
    """Return a transposed convolution of PyTorch, whose output padding is 0 where none is given."""
    left = {
        name: value for name, value in ours.items() if (name, value) != ("output-padding", (0,))
    }
    return [Wanted("deconv", left)]


def _norm(kind: str) -> Rule:
    """Return a rule for a norm of PyTorch, which learns both or neither, or no shift."""

    def rule(ours: Values, given: Values, _rank: int | None) -> list[Wanted]:
        shape = given.get("normalized_shape")
        if isinstance(shape, tuple | list) and len(shape) != 1:
            raise not_read("normalized_shape", tuple(shape))
        learns = given.get("affine", True) and given.get("elementwise_affine", True)
        arguments = {**ours, "noscale": not learns, "nobias": not learns or ours["nobias"]}
        return [Wanted(kind, arguments)]

    return rule


def _flatten(_ours: Values, given: Values, _rank: int | None) -> list[Wanted]:
    """Return a flatten: from the second axis on it leaves the channels."""
    if given["start_dim"] not in (1, 2) or given["end_dim"] != -1:
        raise not_read("start_dim", given["start_dim"])
    return [Wanted("flatten" if given["start_dim"] == 1 else "tokens")]


def _unflatten(_ours: Values, given: Values, _rank: int | None) -> list[Wanted]:
    """Return a reshape of a vector to a map; PyTorch says its channels first."""
    sizes = given["unflattened_size"]
    if given["dim"] != 1 or not isinstance(sizes, tuple | list) or not sizes:
        raise not_read("dim", given["dim"])
    return [Wanted("reshape", {"volume": (*sizes[1:], sizes[0])})]


def _upsample(mode: str = "") -> Rule:
    """Return a rule for a module that makes maps larger: by whole factors, or to a size."""

    def rule(_ours: Values, given: Values, rank: int | None) -> list[Wanted]:
        name = mode or given["mode"]
        if name not in ("nearest", "nearest-exact", "linear", "bilinear", "trilinear"):
            raise not_read("mode", name)
        how: dict[str, Any] = {} if name.startswith("nearest") else {"bilinear": True}
        if given["size"] is not None:
            return [Wanted("resize", {"size": axes_from("size", given["size"], rank), **how})]
        factor = given["scale_factor"]
        factors = factor if isinstance(factor, tuple | list) else (factor,)
        if any(not isinstance(each, int | float) or each % 1 for each in factors):
            raise not_read("scale_factor", factor)
        whole = axes_from("scale_factor", tuple(int(each) for each in factors), rank)
        return [Wanted("upsample", {"factor": whole, **how})]

    return rule


def _pool(kind: str) -> Rule:
    """Return a rule for a pool, which PyTorch pads by half its kernel at most."""

    def rule(ours: Values, _given: Values, rank: int | None) -> list[Wanted]:
        kernel, padding = (ours[name] * (rank or 1) for name in ("kernel", "padding"))
        if any(2 * pad > size for pad, size in zip(padding, kernel, strict=False)):
            raise ModuleError(_("PyTorch pads a pool by half its kernel at most"), "padding")
        return [Wanted(kind, ours)]

    return rule


def _around(flag: str = "") -> Rule:
    """Return a rule for a padding: the last axis goes first, before and after; crops below 0."""

    def rule(_ours: Values, given: Values, rank: int | None) -> list[Wanted]:
        value = given["padding"]
        numbers = tuple(value) if isinstance(value, tuple | list) else (value,) * 2 * (rank or 1)
        if len(numbers) % 2 or (rank and len(numbers) != 2 * rank):
            raise not_read("padding", value)
        crops = all(number <= 0 for number in numbers) and any(numbers)
        sizes = [-number if crops else number for number in numbers]
        pairs = [pair_from("padding", sizes[at : at + 2]) for at in range(0, len(sizes), 2)][::-1]
        size = {"size": sides_from(pairs)}
        return [
            Wanted("crop", size) if crops else Wanted("pad", {**size, flag: True} if flag else size)
        ]

    return rule


def _gained(ours: Values, given: Values, rank: int | None) -> Sequence[Wanted]:
    """Return a convolution of standardized weights with a learned gain for each filter."""
    return [*_conv(ours, given, rank), Wanted("layerscale")]


def _same(rule: Rule) -> Rule:
    """Return a rule for what pads as TensorFlow does, whatever its padding says."""

    def padded(ours: Values, given: Values, rank: int | None) -> Sequence[Wanted]:
        made = rule({**ours, "padding": (0,)}, given, rank)
        return [
            each._replace(arguments={**each.arguments, "same": True})
            if "padding" in each.arguments
            else each
            for each in made
        ]

    return padded


def _selected_pool(_ours: Values, given: Values, _rank: int | None) -> list[Wanted]:
    """Return the pool before a classifier, which flattens unless it is told not to."""
    kinds = {"avg": ["gap"], "max": ["gmp"], "": []}
    if given["pool_type"] not in kinds:
        raise not_read("pool_type", given["pool_type"])
    flat = str(given["flatten"]).startswith(("Flatten", "True"))
    return [Wanted(each) for each in [*kinds[given["pool_type"]], *(["flatten"] * flat)]]


# ---------------------------------------------------------------- arguments


_MADE = uncounted(device=None, dtype=None)
_BIAS = Takes("bias", "bias", True)
_CONV = (
    Takes("in_channels", CHANNELS),
    Takes("out_channels", "filters"),
    Takes("kernel_size", "kernel"),
    Takes("stride", "stride", 1),
    Takes("padding", "padding", 0),
    Takes("dilation", "dilation", 1),
    Takes("groups", "groups", 1),
    _BIAS,
    *uncounted(padding_mode="zeros"),
    *_MADE,
)
_DECONV = (
    *_CONV[:5],
    Takes("output_padding", "output-padding", 0),
    Takes("groups", "groups", 1),
    _BIAS,
    Takes("dilation", "dilation", 1),
    *uncounted(padding_mode="zeros"),
    *_MADE,
)
_POOL = (
    Takes("kernel_size", "kernel"),
    Takes("stride", "stride", None),
    Takes("padding", "padding", 0),
)
_CEIL = Takes("ceil_mode", "ceil", default=False)
_MAX_POOL = (*_POOL, Takes("dilation", "dilation", 1), *uncounted(return_indices=False), _CEIL)
_AVG_POOL = (*_POOL, _CEIL, *uncounted(count_include_pad=True, divisor_override=None))
_SIZE = Takes("output_size", "size")
_NORM_BIAS = _BIAS._replace(named=True)
_BATCH_NORM = (
    Takes("num_features", CHANNELS),
    *uncounted(eps=1e-5, momentum=0.1, affine=True, track_running_stats=True),
)
_INSTANCE_NORM = (
    Takes("num_features", CHANNELS),
    *uncounted(eps=1e-5, momentum=0.1),
    Takes("affine", "affine", default=False),
    *uncounted(track_running_stats=False),
    *_MADE,
    Takes("bias", "", default=True, only=(True,), named=True),
)
_LAYER_NORM = (
    Takes("normalized_shape", CHANNELS),
    *uncounted(eps=1e-5, elementwise_affine=True),
    _BIAS,
    *_MADE,
)
_RMS_NORM = (
    Takes("normalized_shape", CHANNELS),
    *uncounted(eps=None, elementwise_affine=True),
    *_MADE,
)
_GROUP_NORM = (
    Takes("num_groups", "groups"),
    Takes("num_channels", CHANNELS),
    *uncounted(eps=1e-5, affine=True),
    *_MADE,
    _NORM_BIAS,
)
_INPLACE = uncounted(inplace=False)
_DROPOUT = (Takes("p", "numbers", 0.5), *_INPLACE)
_AROUND = (Takes("padding"),)
_RECURRENT = (
    Takes("input_size", CHANNELS),
    Takes("hidden_size", "units"),
    Takes("num_layers", "layers", 1),
    _BIAS,
    *uncounted(batch_first=False, dropout=0.0),
    Takes("bidirectional", "bi", default=False),
)
_UPSAMPLE = (Takes("size", "", None), Takes("scale_factor", "", None))
_ATTENTION = (
    Takes("embed_dim", CHANNELS),
    Takes("num_heads", "heads"),
    *uncounted(dropout=0.0),
    _BIAS,
    Takes("add_bias_kv", "", default=False, only=(False,)),
    *uncounted(add_zero_attn=False),
    Takes("kdim", "", None, only=(None,)),
    Takes("vdim", "", None, only=(None,)),
    *uncounted(batch_first=False),
    *_MADE,
)


def _ranked(
    name: str, kind: str, takes: tuple[Takes, ...], rule: Any = None, ranks: Any = (1, 2, 3)
) -> list[Module]:
    """Return the modules of PyTorch that have their number of axes in their names."""
    return [Module(PYTORCH, f"{name}{rank}d", kind, takes, rank, rule) for rank in ranks]


def _torch(name: str, kind: str, takes: tuple[Takes, ...] | None = (), rule: Any = None) -> Module:
    return Module(PYTORCH, name, kind, takes, None, rule)


_MODULES = (
    *_ranked("Conv", "conv", _CONV, _conv),
    *_ranked("LazyConv", "conv", _CONV[1:], _conv),
    *_ranked("ConvTranspose", "deconv", _DECONV, _deconv),
    *_ranked("LazyConvTranspose", "deconv", _DECONV[1:], _deconv),
    *_ranked("MaxPool", "maxpool", _MAX_POOL, _pool("maxpool")),
    *_ranked("AvgPool", "avgpool", _AVG_POOL[:-1], _pool("avgpool"), (1,)),
    *_ranked("AvgPool", "avgpool", _AVG_POOL, _pool("avgpool"), (2, 3)),
    *_ranked(
        "AdaptiveAvgPool", "adaptiveavgpool", (_SIZE,), adaptive_pool("adaptiveavgpool", "gap")
    ),
    *_ranked(
        "AdaptiveMaxPool",
        "adaptivemaxpool",
        (_SIZE, *uncounted(return_indices=False)),
        adaptive_pool("adaptivemaxpool", "gmp"),
    ),
    *_ranked("BatchNorm", "bn", (*_BATCH_NORM, *_MADE, _NORM_BIAS), _norm("bn")),
    *_ranked("LazyBatchNorm", "bn", (*_BATCH_NORM[1:], *_MADE, _NORM_BIAS), _norm("bn")),
    _torch(
        "SyncBatchNorm",
        "bn",
        (*_BATCH_NORM, *uncounted(process_group=None), *_MADE, _NORM_BIAS),
        _norm("bn"),
    ),
    *_ranked("InstanceNorm", "in", _INSTANCE_NORM),
    *_ranked("FrozenBatchNorm", "identity", (*_BATCH_NORM[:2],), None, (2,)),
    _torch("LayerNorm", "ln", _LAYER_NORM, _norm("ln")),
    _torch("RMSNorm", "ln", _RMS_NORM, rms_norm),
    _torch("GroupNorm", "gn", _GROUP_NORM, _norm("gn")),
    _torch(
        "Linear",
        "linear",
        (Takes("in_features", CHANNELS), Takes("out_features", "units"), _BIAS, *_MADE),
    ),
    _torch("LazyLinear", "linear", (Takes("out_features", "units"), _BIAS, *_MADE)),
    *(
        _torch(name, name.lower(), _INPLACE)
        for name in ("ReLU", "ReLU6", "SiLU", "Mish", "Hardswish", "Hardsigmoid")
    ),
    _torch("LeakyReLU", "leakyrelu", (Takes("negative_slope", "numbers", 0.01), *_INPLACE)),
    _torch("ELU", "elu", (*uncounted(alpha=1.0), *_INPLACE)),
    _torch("GELU", "gelu", uncounted(approximate="none")),
    _torch("Sigmoid", "sigmoid", None),
    _torch("Tanh", "tanh", None),
    _torch("Softmax", "softmax", uncounted(dim=None)),
    _torch("LogSoftmax", "softmax", uncounted(dim=None)),
    _torch("Softmax2d", "softmax", None),
    _torch("PReLU", "prelu", (Takes("num_parameters", "count", 1), *uncounted(init=0.25), *_MADE)),
    *(
        _torch(name, "identity", takes, stands_for(name))
        for name, takes in (
            ("SELU", _INPLACE),
            ("CELU", (*uncounted(alpha=1.0), *_INPLACE)),
            ("Softplus", uncounted(beta=1.0, threshold=20.0)),
            ("Softsign", None),
            ("LogSigmoid", None),
            (
                "Hardtanh",
                uncounted(min_val=-1.0, max_val=1.0, inplace=False, min_value=None, max_value=None),
            ),
        )
    ),
    _torch("Dropout", "dropout", _DROPOUT),
    *_ranked("Dropout", "dropout", _DROPOUT),
    _torch("AlphaDropout", "dropout", _DROPOUT),
    _torch("FeatureAlphaDropout", "dropout", _DROPOUT),
    _torch("StochasticDepth", "dropout", (Takes("p", "numbers"), *uncounted(mode="row"))),
    _torch("Flatten", "flatten", uncounted(start_dim=1, end_dim=-1), _flatten),
    _torch("Unflatten", "reshape", (Takes("dim"), Takes("unflattened_size")), _unflatten),
    _torch("Identity", "identity", None),
    _torch(
        "Upsample",
        "upsample",
        (
            *_UPSAMPLE,
            *uncounted(mode="nearest", align_corners=None, recompute_scale_factor=None),
        ),
        _upsample(),
    ),
    *_ranked("UpsamplingNearest", "upsample", _UPSAMPLE, _upsample("nearest"), (2,)),
    *_ranked("UpsamplingBilinear", "upsample", _UPSAMPLE, _upsample("bilinear"), (2,)),
    _torch("PixelShuffle", "pixelshuffle", (Takes("upscale_factor", "block"),)),
    _torch("PixelUnshuffle", "pixelunshuffle", (Takes("downscale_factor", "block"),)),
    _torch("ChannelShuffle", "shuffle", (Takes("groups", "numbers"),)),
    *_ranked("ZeroPad", "pad", _AROUND, _around()),
    *_ranked("ConstantPad", "pad", (*_AROUND, Takes("value")), _around()),
    *_ranked("ReflectionPad", "pad", _AROUND, _around("reflect")),
    *_ranked("ReplicationPad", "pad", _AROUND, _around("replicate")),
    *_ranked("CircularPad", "pad", _AROUND, _around("circular")),
    _torch(
        "LocalResponseNorm",
        "lrn",
        (Takes("size", "numbers"), *uncounted(alpha=1e-4, beta=0.75, k=1.0)),
    ),
    _torch(
        "Embedding",
        "embedding",
        (
            Takes("num_embeddings", "words"),
            Takes("embedding_dim", "units"),
            *uncounted(padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False),
            *uncounted(sparse=False, _weight=None, _freeze=False),
            *_MADE,
        ),
    ),
    _torch("LSTM", "lstm", (*_RECURRENT, Takes("proj_size", "", 0, only=(0,)), *_MADE)),
    _torch("GRU", "gru", (*_RECURRENT, *_MADE)),
    _torch(
        "RNN", "rnn", (*_RECURRENT[:3], *uncounted(nonlinearity="tanh"), *_RECURRENT[3:], *_MADE)
    ),
    _torch("MultiheadAttention", "attention", _ATTENTION),
    # modules of torchvision and timm by the names that their prints have
    _torch("BatchNormAct2d", "bn", (*_BATCH_NORM, *_MADE, _NORM_BIAS), _norm("bn")),
    _torch("LayerNorm2d", "ln", _LAYER_NORM, _norm("ln")),
    _torch("GroupNorm1", "gn", _GROUP_NORM, _norm("gn")),
    _torch("Conv2dSame", "conv", _CONV, _same(_conv)),
    _torch("StdConv2d", "conv", _CONV, _conv),
    _torch("StdConv2dSame", "conv", _CONV, _same(_conv)),
    _torch("ScaledStdConv2d", "conv", _CONV, _gained),
    _torch("ScaledStdConv2dSame", "conv", _CONV, _same(_gained)),
    _torch("MaxPool2dSame", "maxpool", _MAX_POOL, _same(_pool("maxpool"))),
    _torch("AvgPool2dSame", "avgpool", _AVG_POOL, _same(_pool("avgpool"))),
    _torch("DropPath", "dropout", (Takes("drop_prob", "numbers", 0.0),)),
    _torch(
        "SelectAdaptivePool2d",
        "gap",
        (Takes("pool_type", "", "avg"), Takes("flatten", "", default=False)),
        _selected_pool,
    ),
)

MODULES: dict[str, Module] = {module.name: module for module in _MODULES}
"""Every module by its name."""
