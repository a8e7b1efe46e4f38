"""Keras 1's names of layers and arguments, and what they are called today."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.importing.python.values import argument

if TYPE_CHECKING:
    from cnncalc.importing.python.objects import Instance
    from cnncalc.importing.python.values import Names, Places, Value

LAYERS = {
    "AtrousConvolution2D": "Conv2D",
    "Deconvolution2D": "Conv2DTranspose",
    "SeparableConvolution2D": "SeparableConv2D",
    "CuDNNLSTM": "LSTM",
    "CuDNNGRU": "GRU",
}
"""Layers by their older names."""

_ARGUMENTS = {
    "border_mode": "padding",
    "subsample": "strides",
    "subsample_length": "strides",
    "nb_filter": "filters",
    "filter_length": "kernel_size",
    "output_dim": "units",
    "bias": "use_bias",
    "init": "kernel_initializer",
    "W_regularizer": "kernel_regularizer",
    "b_regularizer": "bias_regularizer",
    "W_constraint": "kernel_constraint",
    "b_constraint": "bias_constraint",
    "beta_regularizer": "beta_regularizer",
    "atrous_rate": "dilation_rate",
    "p": "rate",
    "stride": "strides",
}
_OLDER = re.compile(
    r"\b(?:border_mode|subsample|nb_filter|nb_row|W_regularizer|dim_ordering|Convolution[12]D)\b"
)
_DROPPED = ("dim_ordering", "mode", "weights", "input_length")
_TWO = ("Conv2D", "Convolution2D", "AtrousConvolution2D", "Conv2DTranspose", "Deconvolution2D")
_JOINS = {"sum": "add", "mul": "multiply", "ave": "average", "max": "maximum"}


def is_older(text: str) -> bool:
    """Return whether a source speaks Keras 1: some argument has its name there."""
    return bool(_OLDER.search(text))


def renewed(name: str, places: Places, names: Names, *, older: bool) -> tuple[Places, Names]:
    """Return the arguments of a layer by today's names.

    In Keras 1 the rows and columns of a kernel are two arguments.
    """
    older = older or any(each in names for each in (*_ARGUMENTS, *_DROPPED, "nb_row"))
    older = older or name.startswith(("Convolution", "Atrous", "Deconvolution"))
    found: dict[str, Value] = {}
    for key, value in names.items():
        if key == "dim_ordering":
            found["data_format"] = "channels_first" if value == "th" else None
        elif key in ("nb_row", "nb_col"):
            continue
        elif key not in _DROPPED:
            found[_ARGUMENTS.get(key, key)] = value
    if name == "Embedding" and "units" in found:
        found["output_dim"] = found.pop("units")
    if isinstance(found.get("padding"), str):
        found["padding"] = found["padding"].lower()
    if "nb_row" in names:
        found["kernel_size"] = (names["nb_row"], names.get("nb_col", names["nb_row"]))
    plain = [each for each in places[:3] if type(each) is int]
    if name in _TWO and len(plain) == 3 and older:
        places = [places[0], (places[1], places[2]), *places[3:]]
    if name in _TWO and len(plain) == 2 and "nb_col" in names:
        places = [places[0], (places[1], names["nb_col"])]
    return [each.lower() if each in ("SAME", "VALID") else each for each in places], found


def merge(places: Places, names: Names) -> tuple[str, dict[str, Value]]:
    """Return what Keras 1's `merge` is called today, and its arguments."""
    mode = argument(places, names, 0, "mode", default="sum")
    if mode == "concat":
        return "concatenate", {"axis": names.get("concat_axis", -1)}
    return _JOINS.get(str(mode), "add"), {}


def input_shape(shape: Value, names: Names) -> Value:
    """Return the shape of an input as Keras' own networks take it: a square where none is given."""
    size = names.get("default_size")
    if isinstance(shape, list | tuple):
        return tuple(shape)
    return (size, size, 3) if isinstance(size, int) else None


def is_of_keras(value: Instance) -> bool:
    """Return whether an object is a layer or a model of Keras."""
    return value.outside is not None and is_keras(value.outside.path)


def is_keras(path: str) -> bool:
    """Return whether a dotted name is Keras' or TensorFlow's."""
    parts = path.split(".")
    whose = ("tf", "tensorflow", "tensorflow_addons", "keras_applications")
    return "keras" in parts or parts[0] in whose
