"""PyTorch's recurrent operators in ONNX's: one for each layer, its directions stacked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.importing.onnx.model import Operation
    from cnncalc.importing.torch_export.program import ExportedNode, ProgramReader

_KINDS = {"lstm": "LSTM", "gru": "GRU", "rnn": "RNN"}


def layers(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
    """Yield the layers of an LSTM, a GRU or an RNN, and the last states that are read of it."""
    arguments = node.arguments
    weights, biased = arguments["params"], bool(arguments.get("has_biases"))
    count, ways = arguments["num_layers"], 2 if arguments.get("bidirectional") else 1
    each, rest = divmod(len(weights), count * ways)
    if rest or each != (4 if biased else 2):
        raise ValueError  # projections of states have no operator there
    tensor, output, *states = [arguments["input"], *node.outputs]
    begins = arguments.get("hx")
    begins = begins if isinstance(begins, list) else [begins]
    is_first = bool(arguments.get("batch_first"))
    sizes = [size or 1 for size in reader.sizes[output]]
    used = [name for name in states if name in reader.used]
    ends: dict[str, list[str]] = {name: [] for name in used}
    for layer in range(count):
        own = weights[layer * ways * each : (layer + 1) * ways * each]
        stem = f"{output}/{layer}"
        made = [f"{stem}/steps", *(f"{stem}/{name}" if name in used else "" for name in states)]
        if count == ways == 1 and output not in reader.used and used:
            made[0] = ""
        one = node._replace(outputs=made)
        reads = yield from _stacked(reader, node, stem, [own[i::each] for i in range(each)])
        reads = [tensor, *reads, *([""] if not biased else []), "", *(begins if not layer else [])]
        kind = _KINDS[node.kind.partition("_")[0]]
        yield reader.operation(one, kind, reads, {"layout": int(is_first)})
        tensor = output if layer == count - 1 else f"{stem}/out"
        if made[0]:
            turned = made[0]
            if not is_first:
                turned = f"{stem}/turned"
                order = {"perm": [0, 2, 1, 3]}
                yield reader.operation(
                    node._replace(outputs=[turned]), "Transpose", made[:1], order
                )
            flat = node._replace(outputs=[tensor])
            yield reader.operation(flat, "Reshape", [turned], {"shape": sizes})
        for name in used:
            state = f"{stem}/{name}"
            ends[name].append(f"{state}/turned" if is_first else state)
            if is_first:
                first = node._replace(outputs=ends[name][-1:])
                yield reader.operation(first, "Transpose", [state], {"perm": [1, 0, 2]})
    for name, found in ends.items():
        yield reader.operation(node._replace(outputs=[name]), "Concat", found, {"axis": 0})


def _stacked(
    reader: ProgramReader, node: ExportedNode, stem: str, weights: Sequence[Sequence[str]]
) -> Any:
    """Yield what stacks the weights of both directions; return them, and their biases as one."""
    found = []
    for place, both in enumerate(weights):
        parts = []
        for way, tensor in enumerate(both):
            part = f"{stem}/{place}/{way}"
            made = node._replace(outputs=[part])
            yield reader.operation(made, "Unsqueeze", [tensor], {"axes": [0]})
            parts.append(part)
        name = f"{stem}/{place}"
        yield reader.operation(node._replace(outputs=[name]), "Concat", parts, {"axis": 0})
        found.append(name)
    biases = found[2:]
    if biases:
        name = f"{stem}/biases"
        yield reader.operation(node._replace(outputs=[name]), "Concat", biases, {"axis": 1})
        found[2:] = [name]
    return found


def cell(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
    """Yield one step of an LSTM, a GRU or an RNN."""
    arguments = node.arguments
    kind = _KINDS[node.kind.partition("_")[0]]
    weights = [arguments[name] for name in ("w_ih", "w_hh", "b_ih", "b_hh") if arguments.get(name)]
    (first, *_more) = node.outputs
    stem = f"{first}/cell"
    reads = yield from _stacked(reader, node, stem, [[each] for each in weights])
    step = f"{stem}/step"
    axes = {"axes": [0]}
    tensor = node.get("input")
    yield reader.operation(node._replace(outputs=[step]), "Unsqueeze", [tensor], axes)
    ends = [f"{stem}/{name}" for name in node.outputs]
    made = node._replace(outputs=["", *ends])
    begins = arguments.get("hx")
    states: list[str] = []
    for name in begins if isinstance(begins, list) else [begins] if begins else []:
        states.append(f"{stem}/from/{len(states)}")
        yield reader.operation(node._replace(outputs=states[-1:]), "Unsqueeze", [name], axes)
    reads = [*reads, *([""] if len(reads) == 2 else []), "", *states]
    yield reader.operation(made, kind, [step, *reads], {})
    for name, end in zip(node.outputs, ends, strict=True):
        yield reader.operation(node._replace(outputs=[name]), "Squeeze", [end], axes)
