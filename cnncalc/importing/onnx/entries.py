"""What comes into an ONNX graph: which of its inputs, and which of its dimensions is what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.onnx.batches import RECURRENT
from cnncalc.importing.onnx.model import Constant
from cnncalc.importing.onnx.reading import PASSED, WEIGHED
from cnncalc.importing.onnx.views import CHANNELS, SEQUENCE, View, whole
from cnncalc.importing.refusals import nothing_to_read, size_left_open
from cnncalc.kinds.volumes import times
from cnncalc.speech.language import _
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from cnncalc.importing.onnx.reading import Reading
    from cnncalc.importing.onnx.views import Part
    from cnncalc.kinds.volumes import Volume


class Entry(NamedTuple):
    """A tensor that comes in: its batch, its volume and its view."""

    tensor: str
    batch: int
    volume: Volume
    view: View


def find_entries(reading: Reading, given: Volume | None, at: int | None) -> list[Entry]:
    """Return the tensors that come in, the first with a volume that may be given.

    The batch is their dimension `at` a place; None for none.
    """
    model = reading.model
    first = {op.inputs[0] for op in model.operations if op.inputs}
    learned = {tensor for op in model.operations if op.kind in WEIGHED for tensor in op.inputs[1:]}
    entries: list[str] = []
    weights: list[str] = []
    for tensor, dims in model.inputs.items():
        if tensor in model.constants or tensor not in reading.readers:
            continue
        is_known = bool(dims) or (dims is None and tensor in first)
        if not is_known or (tensor in learned and tensor not in first):
            weights.append(tensor)
        else:
            entries.append(tensor)
    if not entries and len(weights) == 1:
        entries, weights = weights, []
    for tensor in weights:
        dims = model.inputs[tensor] or []
        reading.values[tensor] = Constant(tuple(size or 1 for size in dims), None, tensor)
    if not entries:
        raise nothing_to_read(reading.source, "")
    return [_entry(reading, entry, None if n else given, at) for n, entry in enumerate(entries)]


def _entry(reading: Reading, entry: str, given: Volume | None, at: int | None) -> Entry:
    """Return a tensor that comes in, as the volume that it is given or that the file tells."""
    dims = reading.model.inputs[entry]
    if dims is None and given is None:
        raise size_left_open(reading.source, entry)
    if dims is None:
        dims = [None] * (1 + len(given or ()))
    dims = dims or [1]  # a single number is a vector of one
    rank = len(dims)
    at = None if rank == 1 else 0 if at and rank != SEQUENCE else at
    place = _channels_place(reading, entry, rank)
    batch = 1 if at is None or not dims else dims[at] or 1
    if given is not None:
        rank = len(given) + (at is not None)
        place = min(place, rank - 1)
    axes = [axis for axis in range(rank) if axis not in (at, place)]
    places = [*axes, place]
    sizes = list(given or ()) or [dims[axis] for axis in places if dims]
    if not sizes or not all(sizes):
        written = times(tuple("?" if size is None else size for size in dims))
        about = _("a size of 0 holds nothing") if 0 in sizes else ""
        raise size_left_open(reading.source, f"{entry}: {written}", about=about)
    volume = tuple(size or 1 for size in sizes)
    view: list[tuple[Part, ...]] = [()] * rank
    for number, axis in enumerate(axes):
        view[axis] = whole(number, volume[number])
    view[place] = whole(CHANNELS, volume[-1])
    return Entry(entry, batch, volume, tuple(view))


def _channels_place(reading: Reading, tensor: str, rank: int) -> int:
    """Return which dimension of the input holds channels: what the first layer says."""
    order = list(range(rank))
    channels = rank - 1 if reading.model.channels_last else 1
    for operation in reading.model.operations:
        stacks = operation.kind == "Concat" and operation.attributes.get("axis", 1) % rank
        any_place = bool(stacks) and rank == SEQUENCE
        read = operation.inputs if any_place else operation.inputs[:1]
        if tensor not in read or not operation.outputs:
            continue
        if operation.kind == "Transpose":
            permutation = operation.attributes.get("perm") or order[::-1]
            if sorted(permutation) != list(range(rank)):
                break
            order = [order[axis] for axis in permutation]
            channels = rank - 1 if permutation == [0, *range(2, rank), 1] else 1
        elif operation.kind in _CHANNELS_LAST and order:
            return order[-1]
        elif any_place:
            return order[SEQUENCE - int(operation.attributes.get("axis", 1)) % rank]
        elif operation.kind not in PASSED | {"Sub", "Add", "Mul", "Div", "Pad"}:
            break
        tensor = operation.outputs[0]
    return order[channels] if rank > 1 else 0


_CHANNELS_LAST = ("MatMul", "Gemm", "LayerNormalization", *RECURRENT)
