"""Keras' layers: their arguments, and which layer of ours each is."""

from __future__ import annotations

from typing import Any

from cnncalc.kinds import keras_rules as rules
from cnncalc.kinds.modules import KERAS, Module
from cnncalc.kinds.rules import adaptive_pool, rms_norm, stands_for


def _tuned(*what: str) -> str:
    """Return how weights begin and are kept small: by their names alone."""
    kinds = ("initializer", "regularizer", "constraint")
    return ", ".join(f"{each}_{kind}=None" for kind in kinds for each in what)


_LAYER = (
    "name=None, trainable=None, dtype=None, autocast=None, weights=None, batch_size=None,"
    "activity_regularizer=None, lora_rank=None, lora_alpha=None, quantization_config=None,"
    "input_shape: shape = None, batch_input_shape: shape = None"
)
_FORMAT = "data_format=None"
_SEED = "seed=None"
_ACTIVATED = "activation: activation = None, use_bias: bias = True"
_WEIGHTS = _tuned("kernel", "bias")
_PADDING = "padding: padding = 'valid'"
_WINDOW = f"kernel_size: kernel, strides: stride = 1, {_PADDING}"
_FILTERS = f"filters: filters, {_WINDOW}"
_RATE = "dilation_rate: dilation = 1"
_MULTIPLIER = "depth_multiplier: multiplier = 1"
_CONV = f"{_FILTERS}, {_FORMAT}, {_RATE}, groups: groups = 1, {_ACTIVATED}"
_TRANSPOSED = f"output_padding: output_padding = None, {_FORMAT}, {_RATE}, {_ACTIVATED}, {_WEIGHTS}"
_DEPTHWISE = f"{_WINDOW}, {_MULTIPLIER}, {_FORMAT}, {_RATE}, {_ACTIVATED}"
_SEPARABLE = f"{_FILTERS}, {_FORMAT}, {_RATE}, {_MULTIPLIER}, {_ACTIVATED}"
_LOCAL = f"{_FILTERS}, {_FORMAT}, {_ACTIVATED}"
_POOL = f"pool_size: kernel = 2, strides: stride = None, {_PADDING}, {_FORMAT}"
_CENTERED = "center: bias = True, scale: scale = True"
_SCALES = _tuned("beta", "gamma")
_AXIS = "axis: (-1, [-1], (-1,)) = -1"
_DROPOUT = "rate: numbers | drop_path_rate"
_CELL = "units: units, activation='tanh'"
_GATED = f"{_CELL}, recurrent_activation='sigmoid', use_bias=True"
_STEPS = (
    f"{_tuned('kernel', 'recurrent', 'bias')}, unit_forget_bias=None, dropout=None,"
    f"recurrent_dropout=None, {_SEED}, go_backwards=None, stateful=None, unroll=None,"
    "use_cudnn=None, time_major=None, implementation=None, return_sequences=False,"
    "return_state: (False,) = False"
)
_INTERPOLATION = "interpolation: ('nearest', 'bilinear') ="


def _keras(
    name: str,
    kind: str,
    takes: str = "",
    rule: Any = None,
    ranks: Any = (None,),
    *,
    named: str = "",
    also: tuple[str, ...] = (),
) -> list[Module]:
    """Return a layer of Keras under its names; a # in one is the number of axes.

    What is `named` goes by its name alone.
    """
    signature = ", ".join(filter(None, (takes, "*", named, _LAYER)))
    return [
        Module(KERAS, each.replace("#", f"{rank}D"), kind, signature, rank, rule)
        for each in (name, *also)
        for rank in ranks
    ]


_AXES_OF = (1, 2, 3)


def _pools(word: str, short: str, ours: str, whole: str) -> list[Module]:
    """Return the pools of a mean, or of the largest: of windows, of all, and to a size."""
    adaptive = f"adaptive{ours}pool"
    to_size, over_all = adaptive_pool(adaptive, whole), rules.global_pool(whole)
    windows, keeps = (f"{short}Pool#",), f"{_FORMAT}, keepdims=False"
    return [
        *_keras(f"{word}Pooling#", f"{ours}pool", _POOL, None, _AXES_OF, also=windows),
        *_keras(
            f"Global{word}Pooling#", whole, keeps, over_all, _AXES_OF, also=(f"Global{short}Pool#",)
        ),
        *_keras(
            f"Adaptive{word}Pooling#", adaptive, f"output_size: size, {_FORMAT}", to_size, _AXES_OF
        ),
    ]


_RANDOM = f"value_range=None, {_SEED}, {_FORMAT}"
_ZOOM = "height_factor, width_factor=None"
_FILLED = "fill_mode=None, interpolation=None, fill_value=None"
_SEARCHED = "output_mode: ('int',) = 'int'"
"""What turns values into the numbers of words: it has tables, and learns nothing."""

_MODULES = (
    *_keras("Conv#", "conv", _CONV, rules.conv, _AXES_OF, named=_WEIGHTS, also=("Convolution#",)),
    *_keras(
        "Conv#Transpose",
        "deconv",
        _FILTERS,
        rules.deconv,
        _AXES_OF,
        named=_TRANSPOSED,
        also=("Convolution#Transpose",),
    ),
    *_keras(
        "DepthwiseConv#",
        "dwconv",
        _DEPTHWISE,
        rules.depthwise,
        (1, 2),
        named=_tuned("depthwise", "bias"),
    ),
    *_keras(
        "SeparableConv#",
        "dwconv",
        _SEPARABLE,
        rules.separable,
        (1, 2),
        named=_tuned("depthwise", "pointwise", "bias"),
        also=("SeparableConvolution#",),
    ),
    *_keras("LocallyConnected#", "local", _LOCAL, None, (1, 2), named=_WEIGHTS),
    *_keras("Dense", "linear", f"units: units, {_ACTIVATED}", named=_WEIGHTS),
    *_pools("Average", "Avg", "avg", "gap"),
    *_pools("Max", "Max", "max", "gmp"),
    *_keras(
        "BatchNormalization",
        "bn",
        f"axis=-1, momentum=0.99, epsilon=1e-3, {_CENTERED}",
        named=f"{_tuned('beta', 'gamma', 'moving_mean', 'moving_variance')}, renorm=None,"
        "renorm_clipping=None, renorm_momentum=None, synchronized=None",
        also=("SyncBatchNormalization",),
    ),
    *_keras("LayerNormalization", "ln", f"{_AXIS}, epsilon=1e-3, {_CENTERED}", named=_SCALES),
    *_keras("RMSNormalization", "ln", f"{_AXIS}, epsilon=1e-6", rms_norm),
    *_keras(
        "GroupNormalization",
        "gn",
        f"groups=32, {_AXIS}, epsilon=1e-3, {_CENTERED}",
        rules.group_norm,
        named=_SCALES,
    ),
    *_keras("LayerScale", "layerscale", "init_values=None, projection_dim=None"),
    *_keras("Activation", "", "activation: activation", lambda *_of: ()),
    *_keras("ReLU", "relu", "max_value=None, negative_slope=0.0, threshold=0.0", rules.relu),
    *_keras("LeakyReLU", "leakyrelu", "negative_slope: numbers | alpha = 0.3"),
    *_keras("PReLU", "prelu", rule=rules.prelu, named=f"{_tuned('alpha')}, shared_axes=None"),
    *_keras("ELU", "elu", "alpha=1.0"),
    *_keras("Softmax", "softmax", "axis=-1"),
    *_keras("Identity", "identity"),
    *_keras("Dropout", "dropout", f"{_DROPOUT}, noise_shape=None, {_SEED}"),
    *_keras("AlphaDropout", "dropout", f"{_DROPOUT}, noise_shape=None, {_SEED}"),
    *_keras("GaussianDropout", "dropout", f"{_DROPOUT}, {_SEED}"),
    *_keras("StochasticDepth", "dropout", f"{_DROPOUT}, {_SEED}"),
    *_keras("SpatialDropout#", "dropout", _DROPOUT, None, _AXES_OF, named=f"{_FORMAT}, {_SEED}"),
    *_keras("Flatten", "flatten", _FORMAT),
    *_keras("Permute", "transpose", "dims", rules.permute),
    *_keras("Reshape", "reshape", "target_shape", rules.reshape),
    *_keras(
        "ZeroPadding#", "pad", f"padding=1, {_FORMAT}", rules.around("pad", "padding"), _AXES_OF
    ),
    *(
        module
        for rank, cut in ((1, (1, 1)), (2, ((0, 0), (0, 0))), (3, ((1, 1), (1, 1), (1, 1))))
        for module in _keras(
            "Cropping#",
            "crop",
            f"cropping={cut}",
            rules.around("crop", "cropping"),
            (rank,),
            named=_FORMAT,
        )
    ),
    *_keras("UpSampling#", "upsample", "size: factor = 2", rules.upsample, (1,)),
    *_keras(
        "UpSampling#",
        "upsample",
        f"size: factor = 2, {_FORMAT}, {_INTERPOLATION} 'nearest'",
        rules.upsample,
        (2,),
    ),
    *_keras("UpSampling#", "upsample", f"size: factor = 2, {_FORMAT}", rules.upsample, (3,)),
    *_keras(
        "Resizing",
        "resize",
        f"height, width, {_INTERPOLATION} 'bilinear', crop_to_aspect_ratio=False,"
        "pad_to_aspect_ratio=False, fill_mode='constant', fill_value=0.0, antialias=False,"
        f"{_FORMAT}",
        rules.resizing,
    ),
    *_keras(
        "Embedding",
        "embedding",
        "input_dim: words, output_dim: units",
        named=f"{_tuned('embeddings')}, mask_zero=None, input_length=None, tie_weights=None,"
        "logit_soft_cap=None, reverse_dtype=None",
        also=("ReversibleEmbedding",),
    ),
    *_keras("LSTM", "lstm", _GATED, rules.recurrent("lstm"), named=_STEPS),
    *_keras("GRU", "gru", _GATED, rules.recurrent("gru"), named=f"{_STEPS}, reset_after=True"),
    *_keras("SimpleRNN", "rnn", f"{_CELL}, use_bias=True", rules.recurrent("rnn"), named=_STEPS),
    *_keras(
        "Bidirectional",
        "lstm",
        "layer: layer, merge_mode='concat', weights=None, backward_layer: layer = None",
        rules.bidirectional,
    ),
    *_keras("TimeDistributed", "", "layer: layer_at_each_step", rules.time_distributed),
    *_keras(
        "MultiHeadAttention",
        "attention",
        "num_heads: heads, key_dim: key_dim, value_dim=None, dropout=0.0, use_bias: bias = True,"
        "output_shape: (None,) = None",
        rules.attention,
        named=f"attention_axes=None, sliding_window=None, flash_attention=None, {_SEED},"
        f"use_gate: (False,) = False, {_tuned('kernel', 'bias')}",
    ),
    *(
        module
        for name, takes, named in (
            ("ActivityRegularization", "l1=0.0, l2=0.0", ""),
            ("GaussianNoise", f"stddev=0.0, {_SEED}", ""),
            ("Masking", "mask_value=0.0", ""),
            ("Normalization", "axis=-1, mean=None, variance=None, invert=False", ""),
            ("Rescaling", "scale=1.0, offset=0.0", ""),
            ("UnitNormalization", "axis=-1", ""),
            ("RandomFlip", "mode='horizontal_and_vertical'", f"{_SEED}, {_FORMAT}"),
            ("RandomRotation", "factor", f"{_RANDOM}, {_FILLED}"),
            ("RandomContrast", "factor", _RANDOM),
            ("RandomZoom", _ZOOM, f"{_SEED}, {_FORMAT}, {_FILLED}"),
            ("RandomTranslation", _ZOOM, f"{_SEED}, {_FORMAT}, {_FILLED}"),
            ("RandomBrightness", "factor", _RANDOM),
            *((name, "", _SEARCHED) for name in ("Discretization", "Hashing", "HashedCrossing")),
            *((name, "", _SEARCHED) for name in ("IntegerLookup", "StringLookup")),
        )
        for module in _keras(name, "identity", takes, stands_for(name), named=named)
    ),
    *(
        Module(KERAS, name, "identity", None, None, stands_for(name))
        for name in (
            *("AugMix", "AutoContrast", "ContrastLimitedAdaptiveHistogramEqualization", "CutMix"),
            *("Equalization", "MaxNumBoundingBoxes", "MixUp", "RandAugment"),
            *("RandomColorDegeneration", "RandomColorJitter"),
            *("RandomElasticTransform", "RandomErasing", "RandomGaussianBlur"),
            *("RandomGrayscale", "RandomHue", "RandomInvert", "RandomPerspective"),
            *("RandomPosterization", "RandomSaturation", "RandomSharpness"),
            *("RandomShear", "Solarization"),
        )
    ),
    *_keras(
        "InputLayer",
        "",
        "shape: shape = None, batch_size=None",
        lambda *_of: (),
        named="batch_shape: shape | batch_input_shape = None, sparse=None, ragged=None,"
        "input_tensor=None, tensor=None, optional=None",
        also=("Input",),
    ),
)

MODULES: dict[str, Module] = {module.name: module for module in _MODULES}
"""Every layer by its name."""
