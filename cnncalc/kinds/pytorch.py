"""PyTorch's modules: their arguments, and which layer of ours each is."""

from __future__ import annotations

from typing import Any

from cnncalc.kinds import pytorch_rules as rules
from cnncalc.kinds.modules import (
    CHANNELS,
    PYTORCH,
    Module,
    Takes,
    uncounted,
)
from cnncalc.kinds.rules import adaptive_pool, rms_norm, stands_for

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
    Takes("bias", "", default=True, named=True),
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
    *_ranked("Conv", "conv", _CONV, rules.conv),
    *_ranked("LazyConv", "conv", _CONV[1:], rules.conv),
    *_ranked("ConvTranspose", "deconv", _DECONV, rules.deconv),
    *_ranked("LazyConvTranspose", "deconv", _DECONV[1:], rules.deconv),
    *_ranked("MaxPool", "maxpool", _MAX_POOL, rules.pool("maxpool")),
    *_ranked("AvgPool", "avgpool", _AVG_POOL[:-1], rules.pool("avgpool"), (1,)),
    *_ranked("AvgPool", "avgpool", _AVG_POOL, rules.pool("avgpool"), (2, 3)),
    *_ranked(
        "AdaptiveAvgPool", "adaptiveavgpool", (_SIZE,), adaptive_pool("adaptiveavgpool", "gap")
    ),
    *_ranked(
        "AdaptiveMaxPool",
        "adaptivemaxpool",
        (_SIZE, *uncounted(return_indices=False)),
        adaptive_pool("adaptivemaxpool", "gmp"),
    ),
    *_ranked("BatchNorm", "bn", (*_BATCH_NORM, *_MADE, _NORM_BIAS), rules.norm("bn")),
    *_ranked("LazyBatchNorm", "bn", (*_BATCH_NORM[1:], *_MADE, _NORM_BIAS), rules.norm("bn")),
    _torch(
        "SyncBatchNorm",
        "bn",
        (*_BATCH_NORM, *uncounted(process_group=None), *_MADE, _NORM_BIAS),
        rules.norm("bn"),
    ),
    *_ranked("InstanceNorm", "in", _INSTANCE_NORM, rules.instance_norm),
    *_ranked("FrozenBatchNorm", "identity", (*_BATCH_NORM[:2],), None, (2,)),
    _torch("LayerNorm", "ln", _LAYER_NORM, rules.norm("ln")),
    _torch("RMSNorm", "ln", _RMS_NORM, rms_norm),
    _torch("GroupNorm", "gn", _GROUP_NORM, rules.norm("gn")),
    _torch(
        "Linear",
        "linear",
        (Takes("in_features", CHANNELS), Takes("out_features", "units"), _BIAS, *_MADE),
    ),
    _torch(
        "NonDynamicallyQuantizableLinear",  # the last projection in a MultiheadAttention
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
    _torch("Softmin", "softmax", uncounted(dim=None)),
    _torch("PReLU", "prelu", (Takes("num_parameters", "count", 1), *uncounted(init=0.25), *_MADE)),
    *(
        _torch(name, "identity", takes, stands_for(name))
        for name, takes in (
            ("SELU", _INPLACE),
            ("CELU", (*uncounted(alpha=1.0), *_INPLACE)),
            ("Softplus", uncounted(beta=1.0, threshold=20.0)),
            ("Softsign", None),
            ("LogSigmoid", None),
            ("Hardshrink", uncounted(lambd=0.5)),
            ("Softshrink", uncounted(lambd=0.5)),
            ("Tanhshrink", None),
            ("Threshold", (Takes("threshold"), Takes("value"), *_INPLACE)),
            ("RReLU", uncounted(lower=0.125, upper=1 / 3, training=None, inplace=False)),
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
    _torch("Flatten", "flatten", uncounted(start_dim=1, end_dim=-1), rules.flatten),
    _torch("Unflatten", "reshape", (Takes("dim"), Takes("unflattened_size")), rules.unflatten),
    _torch("Identity", "identity", None),
    _torch(
        "Upsample",
        "upsample",
        (
            *_UPSAMPLE,
            *uncounted(mode="nearest", align_corners=None, recompute_scale_factor=None),
        ),
        rules.upsample(),
    ),
    *_ranked("UpsamplingNearest", "upsample", _UPSAMPLE, rules.upsample("nearest"), (2,)),
    *_ranked("UpsamplingBilinear", "upsample", _UPSAMPLE, rules.upsample("bilinear"), (2,)),
    _torch("PixelShuffle", "pixelshuffle", (Takes("upscale_factor", "block"),)),
    _torch("PixelUnshuffle", "pixelunshuffle", (Takes("downscale_factor", "block"),)),
    _torch("ChannelShuffle", "shuffle", (Takes("groups", "numbers"),)),
    *_ranked("ZeroPad", "pad", _AROUND, rules.around()),
    *_ranked("ConstantPad", "pad", (*_AROUND, Takes("value")), rules.around()),
    *_ranked("ReflectionPad", "pad", _AROUND, rules.around("reflect")),
    *_ranked("ReplicationPad", "pad", _AROUND, rules.around("replicate")),
    *_ranked("CircularPad", "pad", _AROUND, rules.around("circular")),
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
    _torch("BatchNormAct2d", "bn", (*_BATCH_NORM, *_MADE, _NORM_BIAS), rules.norm("bn")),
    _torch("LayerNorm2d", "ln", _LAYER_NORM, rules.norm("ln")),
    _torch("GroupNorm1", "gn", _GROUP_NORM, rules.norm("gn")),
    _torch("Conv2dSame", "conv", _CONV, rules.same(rules.conv)),
    _torch("StdConv2d", "conv", _CONV, rules.conv),
    _torch("StdConv2dSame", "conv", _CONV, rules.same(rules.conv)),
    _torch("ScaledStdConv2d", "conv", _CONV, rules.gained),
    _torch("ScaledStdConv2dSame", "conv", _CONV, rules.same(rules.gained)),
    _torch("MaxPool2dSame", "maxpool", _MAX_POOL, rules.same(rules.pool("maxpool"))),
    _torch("AvgPool2dSame", "avgpool", _AVG_POOL, rules.same(rules.pool("avgpool"))),
    _torch("DropPath", "dropout", (Takes("drop_prob", "numbers", 0.0),)),
    _torch(
        "SelectAdaptivePool2d",
        "gap",
        (Takes("pool_type", "", "avg"), Takes("flatten", "", default=False)),
        rules.selected_pool,
    ),
)

MODULES: dict[str, Module] = {module.name: module for module in _MODULES}
"""Every module by its name."""
