"""Layers of Keras around others: at each step, in both directions, and cells in a loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.importing.graph import Graph
from cnncalc.importing.keras.calls import LayerCall
from cnncalc.importing.keras.moves import linked, reshaped
from cnncalc.importing.layers import channels_from, make, stretch
from cnncalc.kinds.frameworks import find
from cnncalc.kinds.keras_rules import MERGED, spread_over_steps
from cnncalc.kinds.modules import KERAS, ModuleError, bind, is_size, translate
from cnncalc.notation.tree import Layer

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_NESTED = 20
_CONV_LSTM = ("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")
RECURRENT = frozenset(("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional", *_CONV_LSTM))
_STATES = {"LSTM": 2, **dict.fromkeys(_CONV_LSTM, 2)}


def at_each_step(
    graph: Graph, node: int, title: str, name: str, run: Callable[[Graph], int | None]
) -> int | None:
    """Return what TimeDistributed makes of layers: of a flatten, a pool, and of what has numbers.

    `run` adds them to a graph of one step, and returns the last. What is none of ours at each step
    learns what it learns at one, and costs as many times more.
    """
    steps, *rest = volume = graph.volume(node)
    alone = Graph(tuple(rest) or (1,))
    made = run(alone)
    if made is None or not rest:
        return None
    after = (steps, *alone.volume(made))
    first, *others = [each.kind for each in alone.nodes[1:]] or ["flatten"]
    if first in _POOLS and {*others} <= _SHAPES:
        pool = make(_POOLS[first], kernel=(1, *rest[:-1]))
        return reshaped(graph, graph.layer(pool, node, name), after)
    if {first, *others} <= _SHAPES:
        return reshaped(graph, node, after)
    items = [(each.item, alone.volume(each.inputs[0])) for each in alone.nodes[1:]]
    found = [
        item.measure(before)
        for item, before in items
        if isinstance(item, Layer) and item.kind.name != "opaque"
    ]
    learned = [alone.learned(at) for at in range(1, len(alone.nodes))]
    macs = steps * sum(int(each.macs) for each in found)
    title = f"TimeDistributed {title}"
    if not sum(learned) and not macs and volume == after:
        return graph.skip_as_identity(node, title, name)
    return graph.opaque(title, [node], after, name, sum(learned), macs)


_POOLS = {"gap": "avgpool", "gmp": "maxpool"}
_SHAPES = {"flatten", "reshape"}


def recurrent_outputs(
    graph: Graph,
    call: LayerCall,
    plain: Callable[[LayerCall], int | None],
    *,
    channels_first: bool,
) -> list[int | None] | None:
    """Return what a recurrent layer puts out: its steps, and its states where it gives them.

    States that come in change nothing that is counted, but what they come from is needed. `plain`
    adds a layer by its entry in the table of modules.
    """
    kind, config, nodes, _name, weights, _depth = call
    node = linked(graph, nodes[0], nodes[1:], "InitialState")
    call = call._replace(nodes=[node])
    inner = config.get("layer") if kind == "Bidirectional" else None
    own = inner.get("config") if isinstance(inner, dict) else config
    kind_in = str(inner.get("class_name")) if isinstance(inner, dict) else kind
    if not isinstance(own, dict):
        return None
    if kind_in in _CONV_LSTM:
        both = config if inner else None
        return None if channels_first else _conv_lstm(graph, call._replace(config=own), both)
    states = _STATES.get(kind_in, 1) if own.get("return_state") else 0
    cells = _cells(kind_in, own)
    if states and (
        len(cells) > 1 or (kind == "Bidirectional" != kind_in and _merge(config) != "concat")
    ):
        return None
    bare = {**own, "return_state": False}
    keeps = bool(own.get("return_sequences"))
    if kind == "Bidirectional":
        wrapped = {**config, "layer": {**(inner or {}), "config": bare}}
        if back := config.get("backward_layer"):
            bare = {**(back.get("config") or {}), "return_state": False}
            wrapped["backward_layer"] = {**back, "config": bare}
        made = plain(call._replace(config=wrapped))
        if made is None:
            return None
        last = _last(graph, made) if keeps and states else made
        half = graph.volume(made)[-1] // 2
        ends = [channels_from(at, at + half) for at in (0, half)] if states else []
        return [made, *(graph.layer(each, last) for each in ends for _state in range(states))]
    for place, (cell, of) in enumerate(cells):
        is_last = place == len(cells) - 1
        given = {**of, "return_sequences": keeps or not is_last, "return_state": False}
        found = plain(LayerCall(cell, given, [node], call.name, f"{weights} {place}"))
        if found is None:
            return None
        node = found
    last = _last(graph, node) if keeps and states else node
    return [node, *[last] * states]


def _last(graph: Graph, node: int) -> int:
    """Return the last step of a sequence, as a vector."""
    steps, units = graph.volume(node)
    if steps > 1:
        node = graph.layer(stretch((steps, units), 0, steps - 1, steps), node)
    return reshaped(graph, node, (units,))


def _merge(config: dict[str, Any]) -> str:
    return str(config.get("merge_mode", "concat"))


def _cells(kind: str, config: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return the layers that cells in a loop are, one after another; a layer itself is one."""
    if kind != "RNN":
        return [(kind, config)]
    waiting = [config.get("cell")]
    found: list[tuple[str, dict[str, Any]]] = []
    while waiting:
        cell = waiting.pop()
        if isinstance(cell, list):
            waiting += cell[::-1]
            continue
        own = cell.get("config") if isinstance(cell, dict) else None
        name = str(cell.get("class_name")) if isinstance(cell, dict) else ""
        if not isinstance(own, dict) or len(found) > MOST_NESTED:
            return [(kind, config)]
        if name == "StackedRNNCells":
            waiting.append(own.get("cells"))
        else:
            found.append((name.removesuffix("Cell"), own))
    return found


def _conv_lstm(
    graph: Graph, call: LayerCall, both: dict[str, Any] | None
) -> list[int | None] | None:
    """Return a ConvLSTM as the two convs that it learns: of what comes in, of what was put out.

    Each makes four gates at each step. `both` is what runs it in both directions.
    """
    _kind, config, (node,), name, weights, _depth = call
    rank = len(graph.volume(node)) - 2
    entry = find(f"Conv{rank}D", KERAS) if rank > 0 else None
    merge = _merge(both) if both is not None else ""
    if entry is None or merge not in ("", "concat", *MERGED):
        return None
    given = {k: v for k, v in config.items() if k in ("filters", "kernel_size", "use_bias")}
    how = {k: v for k, v in config.items() if k in ("strides", "padding", "dilation_rate")}
    filters = config.get("filters")
    if not filters or not is_size(filters):
        return None
    try:
        convs = [
            translate(entry, bind(entry, (), {**given, **each, "filters": 4 * filters}), rank)
            for each in (how, {"padding": "same", "use_bias": False})
        ]
        wanted = [each for (conv,) in convs for each in spread_over_steps([conv], rank)]
    except ModuleError:
        return None
    ends = []
    for turn in range(2 if merge else 1):
        end = node
        for place, each in enumerate(wanted):
            layer = make(each.kind, **each.arguments)
            end = graph.layer(layer, end, name, f"{weights} {turn} {place}")
            graph.tell_stand_in(f"ConvLSTM{rank}D", end)
            end = graph.opaque("Gates", [end], (*graph.volume(end)[:-1], filters), name, 0)
        ends.append(end)
    _steps, *kept = graph.volume(ends[0])
    lasts = [graph.opaque("Slice", [end], tuple(kept), name, 0) for end in ends]
    made = ends if config.get("return_sequences") else lasts
    whole = made[0] if not merge else graph.join(MERGED.get(merge, "concat"), made, name)
    states = [last for last in lasts for _state in range(2)] if config.get("return_state") else []
    return [whole, *states]
