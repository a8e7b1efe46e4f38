"""PyTorch's modules: their arguments, and which layer of ours each is."""

from __future__ import annotations

from typing import Any

from cnncalc.kinds import pytorch_rules as rules
from cnncalc.kinds.modules import PYTORCH, Module
from cnncalc.kinds.rules import adaptive_pool, rms_norm, stands_for

_MADE = "device=None, dtype=None"
_WINDOW = "kernel_size: kernel, stride: stride = 1, padding: padding = 0"
_LAZY_CONV = (
    f"out_channels: filters, {_WINDOW}, dilation: dilation = 1, groups: groups = 1,"
    f"bias: bias = True, padding_mode='zeros', {_MADE}"
)
_LAZY_DECONV = (
    f"out_channels: filters, {_WINDOW}, output_padding: output_padding = 0, groups: groups = 1,"
    f"bias: bias = True, dilation: dilation = 1, padding_mode='zeros', {_MADE}"
)
_CONV = f"in_channels: channels, {_LAZY_CONV}"
_DECONV = f"in_channels: channels, {_LAZY_DECONV}"
_POOL = "kernel_size: kernel, stride: stride = None, padding: padding = 0"
_MAX_POOL = f"{_POOL}, dilation: dilation = 1, return_indices=False, ceil_mode: ceil = False"
_AVG_POOL = f"{_POOL}, ceil_mode: ceil = False, count_include_pad=True"
_FEATURES = "num_features: channels"
_LAZY_NORM = "eps=1e-5, momentum=0.1, affine=True, track_running_stats=True"
_BATCH_NORM = f"{_FEATURES}, {_LAZY_NORM}"
_NORM_MADE = f"{_MADE}, *, bias: bias = True"
_INSTANCE_NORM = (
    f"{_FEATURES}, eps=1e-5, momentum=0.1, affine: affine = False, track_running_stats=False,"
    f"{_MADE}, *, bias=True"
)
_LAYER_NORM = (
    f"normalized_shape: channels, eps=1e-5, elementwise_affine=True, bias: bias = True, {_MADE}"
)
_RMS_NORM = f"normalized_shape: channels, eps=None, elementwise_affine=True, {_MADE}"
_GROUP_NORM = f"num_groups: groups, num_channels: channels, eps=1e-5, affine=True, {_NORM_MADE}"
_LINEAR = f"out_features: units, bias: bias = True, {_MADE}"
_INPLACE = "inplace=False"
_DROPOUT = f"p: numbers = 0.5, {_INPLACE}"
_CELL = "input_size: channels, hidden_size: units, num_layers: layers = 1"
_RECURRENT = "bias: bias = True, batch_first=False, dropout=0.0, bidirectional: bi = False"
_UPSAMPLE = "size=None, scale_factor=None"
_ATTENTION = (
    "embed_dim: channels, num_heads: heads, dropout=0.0, bias: bias = True,"
    "add_bias_kv: (False,) = False, add_zero_attn=False, kdim: (None,) = None,"
    f"vdim: (None,) = None, batch_first=False, {_MADE}"
)
_EMBEDDING = (
    "num_embeddings: words, embedding_dim: units, padding_idx=None, max_norm=None, norm_type=2.0,"
    f"scale_grad_by_freq=False, sparse=False, _weight=None, _freeze=False, {_MADE}"
)


def _ranked(
    name: str, kind: str, takes: str, rule: Any = None, ranks: Any = (1, 2, 3)
) -> list[Module]:
    """Return the modules of PyTorch that have their number of axes in their names."""
    return [Module(PYTORCH, f"{name}{rank}d", kind, takes, rank, rule) for rank in ranks]


def _torch(name: str, kind: str, takes: str | None = "", rule: Any = None) -> Module:
    return Module(PYTORCH, name, kind, takes, None, rule)


_MODULES = (
    *_ranked("Conv", "conv", _CONV, rules.conv),
    *_ranked("LazyConv", "conv", _LAZY_CONV, rules.conv),
    *_ranked("ConvTranspose", "deconv", _DECONV, rules.deconv),
    *_ranked("LazyConvTranspose", "deconv", _LAZY_DECONV, rules.deconv),
    *_ranked("MaxPool", "maxpool", _MAX_POOL, rules.pool("maxpool")),
    *_ranked("AvgPool", "avgpool", _AVG_POOL, rules.pool("avgpool"), (1,)),
    *_ranked(
        "AvgPool", "avgpool", f"{_AVG_POOL}, divisor_override=None", rules.pool("avgpool"), (2, 3)
    ),
    *_ranked(
        "AdaptiveAvgPool",
        "adaptiveavgpool",
        "output_size: size",
        adaptive_pool("adaptiveavgpool", "gap"),
    ),
    *_ranked(
        "AdaptiveMaxPool",
        "adaptivemaxpool",
        "output_size: size, return_indices=False",
        adaptive_pool("adaptivemaxpool", "gmp"),
    ),
    *_ranked("BatchNorm", "bn", f"{_BATCH_NORM}, {_NORM_MADE}", rules.norm("bn")),
    *_ranked("LazyBatchNorm", "bn", f"{_LAZY_NORM}, {_NORM_MADE}", rules.norm("bn")),
    _torch(
        "SyncBatchNorm", "bn", f"{_BATCH_NORM}, process_group=None, {_NORM_MADE}", rules.norm("bn")
    ),
    *_ranked("InstanceNorm", "in", _INSTANCE_NORM, rules.instance_norm),
    *_ranked("FrozenBatchNorm", "identity", f"{_FEATURES}, eps=1e-5", None, (2,)),
    _torch("LayerNorm", "ln", _LAYER_NORM, rules.norm("ln")),
    _torch("RMSNorm", "ln", _RMS_NORM, rms_norm),
    _torch("GroupNorm", "gn", _GROUP_NORM, rules.norm("gn")),
    _torch("Linear", "linear", f"in_features: channels, {_LINEAR}"),
    _torch(
        "NonDynamicallyQuantizableLinear",  # the last projection in a MultiheadAttention
        "linear",
        f"in_features: channels, {_LINEAR}",
    ),
    _torch("LazyLinear", "linear", _LINEAR),
    *(
        _torch(name, name.lower(), _INPLACE)
        for name in ("ReLU", "ReLU6", "SiLU", "Mish", "Hardswish", "Hardsigmoid")
    ),
    _torch("LeakyReLU", "leakyrelu", f"negative_slope: numbers = 0.01, {_INPLACE}"),
    _torch("ELU", "elu", f"alpha=1.0, {_INPLACE}"),
    _torch("GELU", "gelu", "approximate='none'"),
    _torch("Sigmoid", "sigmoid", None),
    _torch("Tanh", "tanh", None),
    _torch("Softmax", "softmax", "dim=None"),
    _torch("LogSoftmax", "softmax", "dim=None"),
    _torch("Softmax2d", "softmax", None),
    _torch("Softmin", "softmax", "dim=None"),
    _torch("PReLU", "prelu", f"num_parameters: count = 1, init=0.25, {_MADE}"),
    *(
        _torch(name, "identity", takes, stands_for(name))
        for name, takes in (
            ("SELU", _INPLACE),
            ("CELU", f"alpha=1.0, {_INPLACE}"),
            ("Softplus", "beta=1.0, threshold=20.0"),
            ("Softsign", None),
            ("LogSigmoid", None),
            ("Hardshrink", "lambd=0.5"),
            ("Softshrink", "lambd=0.5"),
            ("Tanhshrink", None),
            ("Threshold", f"threshold, value, {_INPLACE}"),
            ("RReLU", f"lower=0.125, upper={1 / 3}, training=None, {_INPLACE}"),
            ("Hardtanh", f"min_val=-1.0, max_val=1.0, {_INPLACE}, min_value=None, max_value=None"),
        )
    ),
    _torch("Dropout", "dropout", _DROPOUT),
    *_ranked("Dropout", "dropout", _DROPOUT),
    _torch("AlphaDropout", "dropout", _DROPOUT),
    _torch("FeatureAlphaDropout", "dropout", _DROPOUT),
    _torch("StochasticDepth", "dropout", "p: numbers, mode='row'"),
    _torch("Flatten", "flatten", "start_dim=1, end_dim=-1", rules.flatten),
    _torch("Unflatten", "reshape", "dim, unflattened_size", rules.unflatten),
    _torch("Identity", "identity", None),
    _torch(
        "Upsample",
        "upsample",
        f"{_UPSAMPLE}, mode='nearest', align_corners=None, recompute_scale_factor=None",
        rules.upsample(),
    ),
    *_ranked("UpsamplingNearest", "upsample", _UPSAMPLE, rules.upsample("nearest"), (2,)),
    *_ranked("UpsamplingBilinear", "upsample", _UPSAMPLE, rules.upsample("bilinear"), (2,)),
    _torch("PixelShuffle", "pixelshuffle", "upscale_factor: block"),
    _torch("PixelUnshuffle", "pixelunshuffle", "downscale_factor: block"),
    _torch("ChannelShuffle", "shuffle", "groups: numbers"),
    *_ranked("ZeroPad", "pad", "padding", rules.around()),
    *_ranked("ConstantPad", "pad", "padding, value", rules.around()),
    *_ranked("ReflectionPad", "pad", "padding", rules.around("reflect")),
    *_ranked("ReplicationPad", "pad", "padding", rules.around("replicate")),
    *_ranked("CircularPad", "pad", "padding", rules.around("circular")),
    _torch("LocalResponseNorm", "lrn", "size: numbers, alpha=1e-4, beta=0.75, k=1.0"),
    _torch("Embedding", "embedding", _EMBEDDING),
    _torch("LSTM", "lstm", f"{_CELL}, {_RECURRENT}, proj_size: (0,) = 0, {_MADE}"),
    _torch("GRU", "gru", f"{_CELL}, {_RECURRENT}, {_MADE}"),
    _torch("RNN", "rnn", f"{_CELL}, nonlinearity='tanh', {_RECURRENT}, {_MADE}"),
    _torch("MultiheadAttention", "attention", _ATTENTION),
    # modules of torchvision and timm by the names that their prints have
    _torch("BatchNormAct2d", "bn", f"{_BATCH_NORM}, {_NORM_MADE}", rules.norm("bn")),
    _torch("LayerNorm2d", "ln", _LAYER_NORM, rules.norm("ln")),
    _torch("GroupNorm1", "gn", _GROUP_NORM, rules.norm("gn")),
    _torch("Conv2dSame", "conv", _CONV, rules.same(rules.conv)),
    _torch("StdConv2d", "conv", _CONV, rules.conv),
    _torch("StdConv2dSame", "conv", _CONV, rules.same(rules.conv)),
    _torch("ScaledStdConv2d", "conv", _CONV, rules.gained),
    _torch("ScaledStdConv2dSame", "conv", _CONV, rules.same(rules.gained)),
    _torch("MaxPool2dSame", "maxpool", _MAX_POOL, rules.same(rules.pool("maxpool"))),
    _torch(
        "AvgPool2dSame",
        "avgpool",
        f"{_AVG_POOL}, divisor_override=None",
        rules.same(rules.pool("avgpool")),
    ),
    _torch("DropPath", "dropout", "drop_prob: numbers = 0.0"),
    _torch("SelectAdaptivePool2d", "gap", "pool_type='avg', flatten=False", rules.selected_pool),
)

MODULES: dict[str, Module] = {module.name: module for module in _MODULES}
"""Every module by its name."""
