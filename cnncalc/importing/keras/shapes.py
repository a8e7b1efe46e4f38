"""The shapes that Keras' JSON has where it is read; what has another is refused before."""

from __future__ import annotations

from typing import Any, TypeAlias

Shape: TypeAlias = type | tuple[Any, ...] | list[Any] | dict[str, Any]
"""A type; one of several shapes; a list of one shape; or an object's shapes by its keys.

Whatever is null, or is not there, is of every shape.
"""

ENTRY: dict[str, Shape] = {
    "class_name": str,
    "name": str,
    "inbound_nodes": list,
    "build_config": dict,
}
"""A layer, or a model among layers."""

CONFIG: Shape = ([dict], {"layers": [dict], "input_layers": list, "output_layers": list})
"""What a model is made of: its layers, in the oldest files these alone."""

LAYER: dict[str, Shape] = {
    "name": str,
    "data_format": str,
    "axis": (int, [int]),
    "shared_axes": (int, [int]),
    "target_shape": [int],
    "center": bool,
    "scale": (bool, int, float, [(int, float)], dict),
    **dict.fromkeys(("height", "width"), int),
    "axes": (int, [int]),
    **dict.fromkeys(("merge_mode", "score_mode"), str),
    "cell": (dict, [dict]),
    "function": str,
    "layer": {**ENTRY, "config": dict},
    "layers": [{**ENTRY, "config": dict}],
    "dims": [int],
    "n": int,
    "attention_axes": (int, [int]),
    "equation": str,
    "bias_axes": str,
    "backward_layer": {**ENTRY, "config": dict},
}
"""What the arguments of a layer are that are read here; others are held to theirs by its kind."""


def fits(value: Any, shape: Shape) -> bool:
    """Return whether a value has a shape.

    >>> fits({"axis": [1, 2]}, LAYER), fits({"axis": [1, "2"]}, LAYER), fits({"axis": True}, LAYER)
    (True, False, False)
    """
    if value is None:
        return True
    if isinstance(shape, type):
        return type(value) is shape
    if isinstance(shape, tuple):
        return any(fits(value, each) for each in shape)
    if isinstance(shape, list):
        return type(value) is list and None not in value and all(fits(e, shape[0]) for e in value)
    return type(value) is dict and all(fits(value.get(key), shape[key]) for key in shape)
