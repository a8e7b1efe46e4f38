"""TensorFlow Lite's operators that move values about, in ONNX's."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnncalc.importing.tflite.file import TfliteFile, TfliteNode

_FAR = 2**62


def reshaped(file: TfliteFile, node: TfliteNode) -> None:
    """Add a reshape to the sizes that the file says."""
    sizes = list(file.dims[node.makes[0]])
    file.made.add("Reshape", node.title, node.reads[:1], node.makes, shape=sizes)


def turned(file: TfliteFile, node: TfliteNode) -> None:
    """Add a tensor with its dimensions in another order."""
    order = list(file.values[node.reads[1]])
    file.made.add("Transpose", node.title, node.reads[:1], node.makes, perm=order)


def bordered(file: TfliteFile, node: TfliteNode) -> None:
    """Add a border around a map."""
    sides = file.values[node.reads[1]]
    pads = [*sides[0::2], *sides[1::2]]
    file.made.add("Pad", node.title, node.reads[:1], node.makes, pads=pads)


def expanded(file: TfliteFile, node: TfliteNode) -> None:
    """Add a tensor whose dimensions of one are repeated."""
    sizes = file.made.whole(file.dims[node.makes[0]])
    file.made.add("Expand", node.title, [node.reads[0], sizes], node.makes)


def sliced(file: TfliteFile, node: TfliteNode) -> None:
    """Add a part of a tensor: where it begins, and how large it is."""
    begins, sizes = (file.values[each] for each in node.reads[1:3])
    ends = [_FAR if size < 0 else at + size for at, size in zip(begins, sizes, strict=True)]
    _part(file, node, [*begins], ends, [1] * len(ends), [])


def strided(file: TfliteFile, node: TfliteNode) -> None:
    """Add a slice whose masks say which ends are open, and which axes go."""
    begins, ends, steps = ([*file.values[each]] for each in node.reads[1:4])
    open_begins, open_ends, ellipsis, new, gone = (node.option(field) for field in range(5))
    if ellipsis or new:
        file.made.add("STRIDED_SLICE", node.title, node.reads[:1], node.makes)
        return
    for axis in range(len(begins)):
        begins[axis] = 0 if open_begins >> axis & 1 else begins[axis]
        ends[axis] = _FAR if open_ends >> axis & 1 else ends[axis]
        if gone >> axis & 1:
            ends[axis] = begins[axis] + 1 or _FAR
    axes = [axis for axis in range(len(begins)) if gone >> axis & 1]
    _part(file, node, begins, ends, steps, axes)


def _part(
    file: TfliteFile,
    node: TfliteNode,
    begins: list[int],
    ends: list[int],
    steps: list[int],
    gone: list[int],
) -> None:
    made = f"{node.makes[0]}/made" if gone else node.makes[0]
    axes = list(range(len(begins)))
    given = {"starts": begins, "ends": ends, "axes": axes, "steps": steps}
    file.made.add("Slice", node.title, node.reads[:1], [made], **given)
    if gone:
        file.made.add("Squeeze", "", [made], node.makes, axes=gone)


def split(file: TfliteFile, node: TfliteNode) -> None:
    """Add the parts of one dimension."""
    place = {"SPLIT": 1, "SPLIT_V": 0}[node.kind]
    axis = file.values[node.reads[1 - place if node.kind == "SPLIT" else 2]][0]
    source = node.reads[place]
    sizes = [file.dims[each][axis] for each in node.makes]
    file.made.add("Split", node.title, [source], node.makes, axis=axis, split=sizes)


def stacked(file: TfliteFile, node: TfliteNode) -> None:
    """Add tensors stacked along a new dimension."""
    axis = node.option(1) % len(file.dims[node.makes[0]])
    parts = [f"{node.makes[0]}/{at}" for at in range(len(node.reads))]
    for tensor, part in zip(node.reads, parts, strict=True):
        file.made.add("Unsqueeze", "", [tensor], [part], axes=[axis])
    file.made.add("Concat", node.title, parts, node.makes, axis=axis)


def parted(file: TfliteFile, node: TfliteNode) -> None:
    """Add the places of a dimension, each as a tensor."""
    axis = node.option(1) % len(file.dims[node.reads[0]])
    for at, made in enumerate(node.makes):
        file.made.add("Gather", "", [node.reads[0], file.made.whole(at)], [made], axis=axis)
