"""Norms of Keras, and PReLU: numbers for each channel, or for places too."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.importing.layers import make
from cnncalc.kinds.modules import ModuleError

if TYPE_CHECKING:
    from cnncalc.importing.graph import Graph
    from cnncalc.importing.keras.calls import LayerCall
    from cnncalc.kinds.volumes import Volume

NORMS = ("bn", "ln", "gn")


def axis_of_channels(axis: Any, rank: int, channels_first: bool) -> int:
    """Return a norm's axis as -1, where it is that of the channels; `ModuleError` for others."""
    channels = 1 if channels_first and rank else rank + 1
    said = [each for each in _several(axis) if isinstance(each, int)]
    if [each % (rank + 2) for each in said] != [channels]:
        raise ModuleError("", "axis")
    return -1


def moments(config: dict[str, Any], sizes: Volume) -> int:
    """Return how many means and variances are held, and a count, that are not given."""
    axes = [] if config.get("axis") is None else _several(config["axis"])
    places = {axis % (len(sizes) + 1) for axis in axes}
    if config.get("mean") is not None:
        return 0
    return 2 * prod(int((1, *sizes)[place]) for place in places) + 1


def of_places(graph: Graph, call: LayerCall, sizes: Volume, held: dict[str, int]) -> int:
    """Return what has learned numbers for places, not for channels alone, and keeps the shape.

    It is a `position` that learns as many; `held` says of weights what they hold beside that.
    """
    kind, config, (node,), name, weights, _depth = call
    axes = set(range(1, len(sizes) + 1))
    if kind == "PReLU":
        times, learns = 1, axes - set(_several(config.get("shared_axes") or ()))
    else:
        axis = -1 if config.get("axis") is None else config["axis"]
        times = bool(config.get("center", True)) + bool(config.get("scale", True))
        learns = {each % (len(sizes) + 1) for each in _several(axis)}
    learned = times * prod(int(sizes[each - 1]) for each in learns)
    if kind == "BatchNormalization":
        held[call.weights] = 2 * prod(int(sizes[each - 1]) for each in learns)
    if not learned:
        return graph.skip_as_identity(node, kind, name)
    position = make("position", count=None if learned == prod(sizes) else learned)
    node = graph.layer(position, node, name, f"{weights} 0")
    graph.tell_stand_in(kind, node)
    return node


def _several(value: Any) -> list[int]:
    """Return one number, or several, as a list."""
    return list(value) if isinstance(value, list | tuple) else [value]
