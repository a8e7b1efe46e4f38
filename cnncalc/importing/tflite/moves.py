"""TensorFlow Lite's operators that move values about, in ONNX's."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnncalc.importing.tflite.nodes import TfliteNode

_FAR = 2**62


def reshaped(node: TfliteNode) -> None:
    """Add a reshape to the sizes that the file says."""
    node.add("Reshape", node.reads[:1], shape=node.told())


def turned(node: TfliteNode) -> None:
    """Add a tensor with its dimensions in another order."""
    node.add("Transpose", node.reads[:1], perm=list(node.values(1)))


def bordered(node: TfliteNode) -> None:
    """Add a border around a map."""
    sides = node.values(1)
    pads = [*sides[0::2], *sides[1::2]]
    node.add("Pad", node.reads[:1], pads=pads)


def expanded(node: TfliteNode) -> None:
    """Add a tensor whose dimensions of one are repeated."""
    node.add("Expand", [node.reads[0], node.whole(node.told())])


def sliced(node: TfliteNode) -> None:
    """Add a part of a tensor: where it begins, and how large it is."""
    begins, sizes = (node.file.values[each] for each in node.reads[1:3])
    ends = [_FAR if size < 0 else at + size for at, size in zip(begins, sizes, strict=True)]
    _part(node, [*begins], ends, [1] * len(ends), [])


def strided(node: TfliteNode) -> None:
    """Add a slice whose masks say which ends are open, and which axes go."""
    begins, ends, steps = ([*node.file.values[each]] for each in node.reads[1:4])
    open_begins, open_ends, ellipsis, new, gone = (node.option(field) for field in range(5))
    if ellipsis or new:
        node.add("STRIDED_SLICE", node.reads[:1])
        return
    for axis in range(len(begins)):
        begins[axis] = 0 if open_begins >> axis & 1 else begins[axis]
        ends[axis] = _FAR if open_ends >> axis & 1 else ends[axis]
        if gone >> axis & 1:
            ends[axis] = begins[axis] + 1 or _FAR
    axes = [axis for axis in range(len(begins)) if gone >> axis & 1]
    _part(node, begins, ends, steps, axes)


def _part(
    node: TfliteNode, begins: list[int], ends: list[int], steps: list[int], gone: list[int]
) -> None:
    made = f"{node.makes[0]}/made" if gone else node.makes[0]
    axes = list(range(len(begins)))
    given = {"starts": begins, "ends": ends, "axes": axes, "steps": steps}
    node.add("Slice", node.reads[:1], [made], **given)
    if gone:
        node.move("Squeeze", [made], axes=gone)


def split(node: TfliteNode) -> None:
    """Add the parts of one dimension."""
    place = {"SPLIT": 1, "SPLIT_V": 0}[node.kind]
    axis = node.file.values[node.reads[1 - place if node.kind == "SPLIT" else 2]][0]
    sizes = [node.file.dims[each][axis] for each in node.makes]
    node.add("Split", [node.reads[place]], axis=axis, split=sizes)


def stacked(node: TfliteNode) -> None:
    """Add tensors stacked along a new dimension."""
    axis = node.option(1) % len(node.told())
    parts = [f"{node.makes[0]}/{at}" for at in range(len(node.reads))]
    for tensor, part in zip(node.reads, parts, strict=True):
        node.move("Unsqueeze", [tensor], [part], axes=[axis])
    node.add("Concat", parts, axis=axis)


def parted(node: TfliteNode) -> None:
    """Add the places of a dimension, each as a tensor."""
    axis = node.option(1) % len(node.file.dims[node.reads[0]])
    for at, made in enumerate(node.makes):
        node.move("Gather", [node.reads[0], node.whole(at)], [made], axis=axis)
