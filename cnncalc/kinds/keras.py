"""Keras' layers: their arguments, and which layer of ours each is."""

from __future__ import annotations

from typing import Any

from cnncalc.kinds import keras_rules as rules
from cnncalc.kinds.modules import (
    ACTIVATION,
    KERAS,
    LAYER,
    SHAPE,
    STEPPED,
    Module,
    Takes,
    uncounted,
)
from cnncalc.kinds.rules import adaptive_pool, rms_norm, stands_for


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


def _pools(word: str, short: str, ours: str, whole: str) -> list[Module]:
    """Return the pools of a mean, or of the largest: of windows, of all, and to a size."""
    adaptive, size = f"adaptive{ours}pool", (Takes("output_size", "size"), *_FORMAT)
    to_size = adaptive_pool(adaptive, whole)
    over_all = rules.global_pool(whole)
    return [
        *_keras(f"{word}Pooling#", f"{ours}pool", _KERAS_POOL, None, _AXES_OF, (f"{short}Pool#",)),
        *_keras(
            f"Global{word}Pooling#", whole, _KEEPDIMS, over_all, _AXES_OF, (f"Global{short}Pool#",)
        ),
        *_keras(f"Adaptive{word}Pooling#", adaptive, size, to_size, _AXES_OF),
    ]


_FACTOR = (Takes("factor"), *_named("value_range", "seed", "data_format"))

_ZOOM = (
    Takes("height_factor"),
    *uncounted(width_factor=None),
    *_named("seed", "data_format"),
)
_FILLED = _named("fill_mode", "interpolation", "fill_value")
_SEARCHED = (Takes("output_mode", "", "int", only=("int",), named=True),)
"""What turns values into the numbers of words: it has tables, and learns nothing."""

_MODULES = (
    *_keras("Conv#", "conv", _KERAS_CONV, rules.conv, _AXES_OF, ("Convolution#",)),
    *_keras(
        "Conv#Transpose",
        "deconv",
        _TRANSPOSE,
        rules.deconv,
        _AXES_OF,
        ("Convolution#Transpose",),
    ),
    *_keras("DepthwiseConv#", "dwconv", _DEPTHWISE, rules.depthwise, (1, 2)),
    *_keras(
        "SeparableConv#", "dwconv", _SEPARABLE, rules.separable, (1, 2), ("SeparableConvolution#",)
    ),
    *_keras("LocallyConnected#", "local", _LOCAL, None, (1, 2)),
    *_keras("Dense", "linear", (_UNITS, _ACTIVATED, _USE_BIAS, *_WEIGHTS)),
    *_pools("Average", "Avg", "avg", "gap"),
    *_pools("Max", "Max", "max", "gmp"),
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
        rules.group_norm,
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
        rules.relu,
    ),
    *_keras("LeakyReLU", "leakyrelu", (Takes("negative_slope", "numbers", 0.3, (), ("alpha",)),)),
    *_keras(
        "PReLU",
        "prelu",
        (*_tuned("alpha"), Takes("shared_axes", "", None, named=True)),
        rules.prelu,
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
    *_keras("Permute", "transpose", (Takes("dims"),), rules.permute),
    *_keras("Reshape", "reshape", (Takes("target_shape"),), rules.reshape),
    *_keras(
        "ZeroPadding#",
        "pad",
        (*uncounted(padding=1), *_FORMAT),
        rules.around("pad", "padding"),
        _AXES_OF,
    ),
    *(
        module
        for rank, cut in ((1, (1, 1)), (2, ((0, 0), (0, 0))), (3, ((1, 1), (1, 1), (1, 1))))
        for module in _keras(
            "Cropping#",
            "crop",
            (*uncounted(cropping=cut), *_named("data_format")),
            rules.around("crop", "cropping"),
            (rank,),
        )
    ),
    *_keras("UpSampling#", "upsample", (Takes("size", "factor", 2),), rules.upsample, (1,)),
    *_keras(
        "UpSampling#",
        "upsample",
        (Takes("size", "factor", 2), *_FORMAT, _INTERPOLATION._replace(default="nearest")),
        rules.upsample,
        (2,),
    ),
    *_keras(
        "UpSampling#", "upsample", (Takes("size", "factor", 2), *_FORMAT), rules.upsample, (3,)
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
        rules.resizing,
    ),
    *_keras(
        "Embedding",
        "embedding",
        (
            *(Takes("input_dim", "words"), Takes("output_dim", "units")),
            *_tuned("embeddings"),
            *_named("mask_zero", "input_length", "tie_weights", "logit_soft_cap"),
            *_named("reverse_dtype"),
        ),
        also=("ReversibleEmbedding",),
    ),
    *_keras(
        "LSTM",
        "lstm",
        (
            *(_UNITS, *_TANH, *uncounted(recurrent_activation="sigmoid"), *_CELL_BIAS),
            *_CELL,
        ),
        rules.recurrent("lstm"),
    ),
    *_keras(
        "GRU",
        "gru",
        (
            *(_UNITS, *_TANH, *uncounted(recurrent_activation="sigmoid"), *_CELL_BIAS),
            *(*_CELL, Takes("reset_after", "", default=True, named=True)),
        ),
        rules.recurrent("gru"),
    ),
    *_keras("SimpleRNN", "rnn", (_UNITS, *_TANH, *_CELL_BIAS, *_CELL), rules.recurrent("rnn")),
    *_keras(
        "Bidirectional",
        "lstm",
        (
            Takes("layer", LAYER),
            *uncounted(merge_mode="concat", weights=None),
            Takes("backward_layer", LAYER, None),
        ),
        rules.bidirectional,
    ),
    *_keras("TimeDistributed", "", (Takes("layer", STEPPED),), rules.time_distributed),
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
        rules.attention,
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
            (
                "RandomFlip",
                (Takes("mode", default="horizontal_and_vertical"), *_named("seed", "data_format")),
            ),
            ("RandomRotation", (*_FACTOR, *_FILLED)),
            ("RandomContrast", _FACTOR),
            ("RandomZoom", (*_ZOOM, *_FILLED)),
            ("RandomTranslation", (*_ZOOM, *_FILLED)),
            ("RandomBrightness", _FACTOR),
            *((name, _SEARCHED) for name in ("Discretization", "Hashing", "HashedCrossing")),
            *((name, _SEARCHED) for name in ("IntegerLookup", "StringLookup")),
        )
        for module in _keras(name, "identity", takes, stands_for(name))
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
