"""Layers of Keras around others: at each step, in both directions, and cells in a loop."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.importing.keras.calls import entries_of, name_of
from cnncalc.importing.keras.shapes import CONFIG, ENTRY, fits
from cnncalc.importing.layers import make

if TYPE_CHECKING:
    from cnncalc.importing.keras.layers import Layers

_MERGED = {"sum": "add", "ave": "add", "mul": "mul"}
MOST_NESTED = 20


def at_each_step(layers: Layers, config: dict[str, Any], node: int, depth: int) -> int | None:
    """Return what TimeDistributed makes of a model, a flatten or a global pool; None for others."""
    graph, inner = layers.graph, config.get("layer")
    if not isinstance(inner, dict) or depth > MOST_NESTED or layers.channels_first:
        return None
    kind, volume = str(inner.get("class_name")), graph.volume(node)
    if kind == "Sequential" and fits(inner.get("config"), CONFIG):
        weights, found = layers.weights, node
        for place, entry in enumerate(entries_of(inner)):
            if not fits(entry, ENTRY) or entry.get("class_name") == "InputLayer":
                continue
            one = {"layer": entry}
            made = layers.add(
                "TimeDistributed", one, [found], name_of(entry), f"{weights} {place}", depth + 1
            )
            if made is None:
                return None
            found = made
        return found
    steps, *rest = volume
    if kind == "Flatten":
        return graph.layer(make("reshape", volume=(steps, prod(rest))), node)
    if kind.startswith("Global") and len(rest) > 1:
        pool = "maxpool" if "Max" in kind else "avgpool"
        node = graph.layer(make(pool, kernel=(1, *rest[:-1])), node)
        return graph.layer(make("reshape", volume=(steps, rest[-1])), node)
    return None


def in_both_directions(
    layers: Layers, config: dict[str, Any], node: int, name: str, weights: str
) -> int | None:
    """Return a recurrent layer in both directions that are added up, or multiplied."""
    how = _MERGED.get(str(config.get("merge_mode")))
    if how is None:
        return None
    plain = {**config, "merge_mode": "concat"}
    made = layers.add("Bidirectional", plain, [node], name, weights)
    if made is None:
        return None
    graph = layers.graph
    half = graph.volume(made)[-1] // 2
    slices = [make("slice", **{"from": at, "to": at + half}) for at in (0, half)]
    joined = graph.join(how, [graph.layer(each, made) for each in slices])
    if joined is not None and config["merge_mode"] == "ave":
        graph.tell_stand_in("Bidirectional", joined)
    return joined


def looped(config: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """Return the layer that a cell in a loop is, and its configuration; None for no one cell."""
    cell = config.get("cell")
    if not isinstance(cell, dict) or not isinstance(cell.get("config"), dict):
        return None
    kind = str(cell.get("class_name"))
    given = ("return_sequences", "return_state")
    more: dict[str, Any] = {key: config[key] for key in given if key in config}
    return (kind.removesuffix("Cell"), {**cell["config"], **more}) if "Cell" in kind else None
