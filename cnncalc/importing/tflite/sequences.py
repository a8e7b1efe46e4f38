"""Layers over sequences in TensorFlow Lite: recurrent ones, and the look-up of words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.tflite.windows import activated
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.tflite.nodes import TfliteNode


class _Direction(NamedTuple):
    """Where a direction's weights, those of its states and its biases stand among the inputs."""

    weights: slice
    again: slice
    biases: slice

    def behind(self, place: int) -> _Direction:
        """Return where they stand so much further on."""
        return _Direction(*(slice(each.start + place, each.stop + place) for each in self))


class _Recurrent(NamedTuple):
    """A recurrent operator: its kind in ONNX, its directions, and the places of what is not read.

    `steps_first` and `merges` are its options that say so, with their defaults.
    """

    kind: str
    directions: tuple[_Direction, ...]
    others: tuple[slice, ...]  # peepholes, projections, norms, a second input
    steps_first: tuple[int, int]
    merges: int = 0


_LSTM = _Direction(slice(1, 5), slice(5, 9), slice(12, 16))
_RNN = _Direction(slice(1, 2), slice(2, 3), slice(3, 4))
_KINDS = {
    "UNIDIRECTIONAL_SEQUENCE_LSTM": _Recurrent(
        "LSTM", (_LSTM,), (slice(9, 12), slice(16, 18), slice(20, 24)), (3, 0)
    ),
    "UNIDIRECTIONAL_SEQUENCE_RNN": _Recurrent("RNN", (_RNN,), (), (0, 0)),
    "BIDIRECTIONAL_SEQUENCE_LSTM": _Recurrent(
        "LSTM",
        (_LSTM, _LSTM.behind(17)),
        (slice(9, 12), slice(16, 18), slice(26, 29), slice(33, 35), slice(39, None)),
        (4, 1),
        3,
    ),
    "BIDIRECTIONAL_SEQUENCE_RNN": _Recurrent(
        "RNN", (_RNN, _RNN.behind(4)), (slice(9, None),), (0, 0), 2
    ),
}


def recurrent(node: TfliteNode) -> None:
    """Add a recurrent layer over steps, whose gates are tensors of their own."""
    reads, how = node.reads, _KINDS[node.kind]
    parts = [[reads[each] for each in direction] for direction in how.directions]
    held = [node.file.constant(each) for part in parts for several in part for each in several]
    if any(any(reads[each]) for each in how.others) or not all(
        len(reads[place]) == place.stop - place.start for each in how.directions for place in each
    ):
        held.append(None)
    if None in held:
        node.add(node.kind, reads)
        return
    made = []
    for name, *several in zip(("weights", "again", "biases"), *parts, strict=True):
        tensors = [tensor for each in several for tensor in each]
        dims = node.file.dims[tensors[0]]
        sizes = (len(several), len(several[0]) * dims[0], *dims[1:])
        title = f"{node.makes[0]}/{name}"
        one = node.file.constant(tensors[0])
        if one is not None:
            node.file.made.model.constants[title] = one._replace(dims=sizes, values=None)
        for each in tensors:
            node.file.made.model.constants.pop(each, None)
        made.append(title)
    field, default = how.steps_first
    steps_first = bool(node.option(field, 1, default))
    out = f"{node.makes[0]}/made"
    node.add(how.kind, [reads[0], *made], [out], layout=int(not steps_first))
    _in_one(node, out, 1 if steps_first else 2, bool(node.option(how.merges, 1)))


def _in_one(node: TfliteNode, out: str, axis: int, merges: bool) -> None:
    """Add what puts directions side by side, or parts them."""
    if len(_KINDS[node.kind].directions) == 1:
        node.move("Squeeze", [out], node.makes[:1], axes=[axis])
        return
    if merges:
        if axis == 1:
            node.move("Transpose", [out], [f"{out}/turned"], perm=[0, 2, 1, 3])
            out = f"{out}/turned"
        sizes = node.told()
        node.move("Reshape", [out], node.makes[:1], shape=sizes)
        return
    for at, each in enumerate(node.makes[:2]):
        node.move("Gather", [out, node.whole(at)], [each], axis=axis)


def filtered(node: TfliteNode) -> None:
    """Add an SVDF: filters of what comes in, each filtered again over the steps that it keeps.

    So many filters of one unit are added up, its rank. See TensorFlow Lite's reference/svdf.h.
    """
    source, weights, times, *more = (*node.reads, "", "")
    held, rank = node.file.constant(times), node.option(0)
    if held is None or node.file.constant(weights) is None or rank < 1:
        node.add(node.kind)
        return
    filters, steps = node.file.dims[times]
    names = ("filters", "kept", "weighed", "parts", "sums", "biased")
    made = {name: f"{node.makes[0]}/{name}" for name in names}
    shapes, constants = node.file.made.model.shapes, node.file.made.model.constants
    constants[f"{times}/turned"] = held._replace(dims=(filters, 1, steps), values=None)
    node.add("Gemm", [source, weights], [made["filters"]], transB=1)
    shapes[made["kept"]] = [1, filters, steps]
    node.add("State", [made["filters"]], [made["kept"]])
    over = [made["kept"], f"{times}/turned"]
    node.add("Conv", over, [made["weighed"]], group=filters, kernel_shape=[steps])
    units = filters // rank
    if rank > 1:
        shapes[made["sums"]] = [1, units]
        node.move("Reshape", [made["weighed"]], [made["parts"]], shape=[1, units, rank])
        node.move("ReduceSum", [made["parts"]], [made["sums"]], axes=[2], keepdims=0)
    else:
        node.move("Reshape", [made["weighed"]], [made["sums"]], shape=[1, units])
    end = made["sums"]
    if more and more[0]:
        node.add("Add", [end, more[0]], [made["biased"]])
        end = made["biased"]
    activated(node, end, node.option(1, 1))


def looked_up(node: TfliteNode) -> None:
    """Add a look-up of learned numbers by words."""
    node.add("Gather", node.reads[:2][::-1], axis=0)


RECURRENT: Sequence[str] = tuple(_KINDS)
