"""PyTorch's operators that move values about, in ONNX's."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnncalc.importing.torch_export.nodes import ExportedNode


def reshaped(node: ExportedNode) -> None:
    """Add a reshape to the sizes that the file says."""
    node.add("Reshape", [node.get("self", "input")], shape=node.told(-1))


def repeated(node: ExportedNode) -> None:
    """Add a tensor whose dimensions of one are repeated."""
    node.add("Expand", [node.get("self"), node.whole(node.told())])


def tiled(node: ExportedNode) -> None:
    """Add a tensor that is repeated."""
    node.add("Tile", [node.get("self"), node.whole(node.get("repeats", "dims"))])


def filled(node: ExportedNode) -> None:
    """Add a tensor that is made of nothing, whatever tensor says its type."""
    node.add("ConstantOfShape", [node.whole(node.told())])


def turned(node: ExportedNode) -> None:
    """Add a tensor with its dimensions in another order."""
    tensor = node.get("self", "input")
    rank = node.rank(tensor)
    order = list(range(rank))
    if node.kind == "permute":
        order = [axis % rank for axis in node.get("dims")]
    else:
        one, other = (node.get(name, default=at) % rank for at, name in enumerate(("dim0", "dim1")))
        order[one], order[other] = order[other], order[one]
    node.add("Transpose", [tensor], perm=order)


def selected(node: ExportedNode) -> None:
    """Add one place of a dimension."""
    index = node.whole(node.get("index", default=0))
    node.add("Gather", [node.get("self"), index], axis=node.get("dim", default=0))


def sliced(node: ExportedNode) -> None:
    """Add a stretch of a dimension."""
    ends = {
        "starts": [node.get("start", default=0)],
        "ends": [node.get("end", default=2**62)],
        "axes": [node.get("dim", default=0)],
    }
    if (step := node.get("step", default=1)) > 1:
        given = [node.whole(each) for each in (*ends.values(), [step])]
        node.add("Slice", [node.get("self"), *given])
    else:
        node.add("Slice", [node.get("self")], **ends)


def split(node: ExportedNode) -> None:
    """Add the parts of a dimension."""
    axis = node.get("dim", default=0)
    if node.kind == "unbind":
        for number, output in enumerate(node.outputs):
            node.add("Gather", [node.get("self"), node.whole(number)], [output], axis=axis)
        return
    sizes = [node.graph.sizes[tensor][axis] for tensor in node.outputs]
    node.add("Split", [node.get("self")], axis=axis, split=sizes)


def stacked(node: ExportedNode) -> None:
    """Add tensors one behind another, or stacked."""
    tensors, axis = node.get("tensors"), node.get("dim", default=0)
    if node.kind == "stack":
        axis %= node.rank(node.outputs[0])
        parts = [f"{node.outputs[0]}/{number}" for number in range(len(tensors))]
        for tensor, part in zip(tensors, parts, strict=True):
            node.add("Unsqueeze", [tensor], [part], axes=[axis])
        tensors = parts
    node.add("Concat", tensors, axis=axis)


def bordered(node: ExportedNode) -> None:
    """Add a map with a border."""
    tensor, sides = node.get("self", "input"), node.get("pad", "padding")
    rest = node.rank(tensor) - len(sides) // 2
    before = [0] * rest + sides[0::2][::-1]
    after = [0] * rest + sides[1::2][::-1]
    node.add("Pad", [tensor], pads=before + after)


def resized(node: ExportedNode) -> None:
    """Add a map of another size."""
    mode = "nearest" if "nearest" in node.kind else "cubic" if "cubic" in node.kind else "linear"
    node.add("Resize", [node.get("input", "self"), "", "", node.whole(node.told())], mode=mode)


def dealt(node: ExportedNode) -> None:
    """Add a map with channels as places, or places as channels."""
    kind = "DepthToSpace" if node.kind == "pixel_shuffle" else "SpaceToDepth"
    factor = node.get("upscale_factor", "downscale_factor")
    node.add(kind, [node.get("self")], blocksize=factor, mode="CRD")


def shuffled(node: ExportedNode) -> None:
    """Add a map with its channels dealt from groups."""
    tensor, groups = node.get("self", "input"), node.get("groups")
    batch, channels, *sizes = (size or 1 for size in node.graph.sizes[tensor])
    (output,) = node.outputs
    parted, turned = (f"{output}/{at}" for at in range(2))
    shape = [batch, groups, channels // groups, *sizes]
    node.add("Reshape", [tensor], [parted], shape=shape)
    node.add("Transpose", [parted], [turned], perm=[0, 2, 1, *range(3, len(shape))])
    node.add("Reshape", [turned], shape=[batch, channels, *sizes])
