"""PyTorch's recurrent operators in ONNX's: one for each layer, its directions stacked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.torch_export.nodes import ExportedNode

_KINDS = {"lstm": "LSTM", "gru": "GRU", "rnn": "RNN"}


def layers(node: ExportedNode) -> None:
    """Add the layers of an LSTM, a GRU or an RNN, and the last states that are read of it."""
    arguments, used_of = node.arguments, node.graph.used
    weights, biased = arguments["params"], bool(arguments.get("has_biases"))
    count, ways = arguments["num_layers"], 2 if arguments.get("bidirectional") else 1
    each, rest = divmod(len(weights), count * ways)
    if rest or each != (4 if biased else 2):
        raise ValueError  # projections of states have no operator there
    tensor, output, *states = [arguments["input"], *node.outputs]
    begins = arguments.get("hx")
    begins = begins if isinstance(begins, list) else [begins]
    is_first = bool(arguments.get("batch_first"))
    sizes = node.told()
    used = [name for name in states if name in used_of]
    ends: dict[str, list[str]] = {name: [] for name in used}
    for layer in range(count):
        own = weights[layer * ways * each : (layer + 1) * ways * each]
        stem = f"{output}/{layer}"
        made = [f"{stem}/steps", *(f"{stem}/{name}" if name in used else "" for name in states)]
        if count == ways == 1 and output not in used_of and used:
            made[0] = ""
        reads = _stacked(node, stem, [own[i::each] for i in range(each)])
        reads = [tensor, *reads, *([""] if not biased else []), "", *(begins if not layer else [])]
        node.add(_KINDS[node.kind.partition("_")[0]], reads, made, layout=int(is_first))
        tensor = output if layer == count - 1 else f"{stem}/out"
        if made[0]:
            turned = made[0]
            if not is_first:
                turned = f"{stem}/turned"
                node.add("Transpose", made[:1], [turned], perm=[0, 2, 1, 3])
            node.add("Reshape", [turned], [tensor], shape=sizes)
        for name in used:
            state = f"{stem}/{name}"
            ends[name].append(f"{state}/turned" if is_first else state)
            if is_first:
                node.add("Transpose", [state], ends[name][-1:], perm=[1, 0, 2])
    for name, found in ends.items():
        node.add("Concat", found, [name], axis=0)


def _stacked(node: ExportedNode, stem: str, weights: Sequence[Sequence[str]]) -> list[str]:
    """Add what stacks the weights of both directions; return them, and their biases as one."""
    found = []
    for place, both in enumerate(weights):
        name = f"{stem}/{place}"
        parts = [f"{name}/{way}" for way in range(len(both))]
        for tensor, part in zip(both, parts, strict=True):
            node.add("Unsqueeze", [tensor], [part], axes=[0])
        node.add("Concat", parts, [name], axis=0)
        found.append(name)
    if biases := found[2:]:
        node.add("Concat", biases, [f"{stem}/biases"], axis=1)
        found[2:] = [f"{stem}/biases"]
    return found


def cell(node: ExportedNode) -> None:
    """Add one step of an LSTM, a GRU or an RNN."""
    arguments = node.arguments
    weights = [arguments[name] for name in ("w_ih", "w_hh", "b_ih", "b_hh") if arguments.get(name)]
    (first, *_more) = node.outputs
    stem = f"{first}/cell"
    reads = _stacked(node, stem, [[each] for each in weights])
    step = f"{stem}/step"
    node.add("Unsqueeze", [node.get("input")], [step], axes=[0])
    ends = [f"{stem}/{name}" for name in node.outputs]
    begins = arguments.get("hx")
    states: list[str] = []
    for name in begins if isinstance(begins, list) else [begins] if begins else []:
        states.append(f"{stem}/from/{len(states)}")
        node.add("Unsqueeze", [name], states[-1:], axes=[0])
    reads = [*reads, *([""] if len(reads) == 2 else []), "", *states]
    node.add(_KINDS[node.kind.partition("_")[0]], [step, *reads], ["", *ends])
    for name, end in zip(node.outputs, ends, strict=True):
        node.add("Squeeze", [end], [name], axes=[0])
