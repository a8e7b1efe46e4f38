"""PyTorch's operators that move values about, in ONNX's."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.importing.onnx.model import Operation
    from cnncalc.importing.torch_export.program import ExportedNode, ProgramReader


def reshaped(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
    """Yield a reshape to the sizes that the file says."""
    sizes = [size or -1 for size in reader.sizes[node.outputs[0]]]
    yield reader.operation(node, "Reshape", [node.get("self", "input")], {"shape": sizes})


def repeated(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
    """Yield a tensor whose dimensions of one are repeated."""
    sizes = [size or 1 for size in reader.sizes[node.outputs[0]]]
    yield reader.operation(node, "Expand", [node.get("self"), reader.constant(sizes)], {})


def tiled(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
    """Yield a tensor that is repeated."""
    reads = [node.get("self"), reader.constant(node.get("repeats", "dims"))]
    yield reader.operation(node, "Tile", reads, {})


def filled(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
    """Yield a tensor that is made of nothing, whatever tensor says its type."""
    sizes = [size or 1 for size in reader.sizes[node.outputs[0]]]
    yield reader.operation(node, "ConstantOfShape", [reader.constant(sizes)], {})


def turned(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
    """Yield a tensor with its dimensions in another order."""
    tensor = node.get("self", "input")
    rank = reader.rank(tensor)
    order = list(range(rank))
    if node.kind == "permute":
        order = [axis % rank for axis in node.get("dims")]
    else:
        one, other = (node.get(name, default=at) % rank for at, name in enumerate(("dim0", "dim1")))
        order[one], order[other] = order[other], order[one]
    yield reader.operation(node, "Transpose", [tensor], {"perm": order})


def selected(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
    """Yield one place of a dimension."""
    reads = [node.get("self"), reader.constant(node.get("index", default=0))]
    yield reader.operation(node, "Gather", reads, {"axis": node.get("dim", default=0)})


def sliced(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
    """Yield a stretch of a dimension."""
    attributes = {
        "starts": [node.get("start", default=0)],
        "ends": [node.get("end", default=2**62)],
        "axes": [node.get("dim", default=0)],
    }
    reads = [node.get("self")]
    if (step := node.get("step", default=1)) > 1:
        names = ("starts", "ends", "axes")
        reads += [reader.constant(attributes[name]) for name in names] + [reader.constant([step])]
        attributes = {}
    yield reader.operation(node, "Slice", reads, attributes)


def split(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
    """Yield the parts of a dimension."""
    axis = node.get("dim", default=0)
    if node.kind == "unbind":
        for number, output in enumerate(node.outputs):
            one = node._replace(outputs=[output])
            reads = [node.get("self"), reader.constant(number)]
            yield reader.operation(one, "Gather", reads, {"axis": axis})
        return
    sizes = [reader.sizes[tensor][axis] for tensor in node.outputs]
    yield reader.operation(node, "Split", [node.get("self")], {"axis": axis, "split": sizes})


def stacked(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
    """Yield tensors one behind another, or stacked."""
    tensors, axis = node.get("tensors"), node.get("dim", default=0)
    if node.kind == "stack":
        axis %= reader.rank(node.outputs[0])
        for number, tensor in enumerate(tensors):
            one = node._replace(outputs=[f"{node.outputs[0]}/{number}"])
            yield reader.operation(one, "Unsqueeze", [tensor], {"axes": [axis]})
        tensors = [f"{node.outputs[0]}/{number}" for number in range(len(tensors))]
    yield reader.operation(node, "Concat", tensors, {"axis": axis})


def bordered(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
    """Yield a map with a border."""
    tensor, sides = node.get("self", "input"), node.get("pad", "padding")
    rest = reader.rank(tensor) - len(sides) // 2
    before = [0] * rest + sides[0::2][::-1]
    after = [0] * rest + sides[1::2][::-1]
    yield reader.operation(node, "Pad", [tensor], {"pads": before + after})


def resized(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
    """Yield a map of another size."""
    sizes = [size or 1 for size in reader.sizes[node.outputs[0]]]
    reads = [node.get("input", "self"), "", "", reader.constant(sizes)]
    mode = "nearest" if "nearest" in node.kind else "cubic" if "cubic" in node.kind else "linear"
    yield reader.operation(node, "Resize", reads, {"mode": mode})


def dealt(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
    """Yield a map with channels as places, or places as channels."""
    up = node.kind == "pixel_shuffle"
    kind = "DepthToSpace" if up else "SpaceToDepth"
    factor = node.get("upscale_factor", "downscale_factor")
    yield reader.operation(node, kind, [node.get("self")], {"blocksize": factor, "mode": "CRD"})


def shuffled(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
    """Yield a map with its channels dealt from groups."""
    tensor, groups = node.get("self", "input"), node.get("groups")
    batch, channels, *sizes = (size or 1 for size in reader.sizes[tensor])
    (output,) = node.outputs
    parted, turned = (node._replace(outputs=[f"{output}/{at}"]) for at in range(2))
    shape = [batch, groups, channels // groups, *sizes]
    order = [0, 2, 1, *range(3, len(shape))]
    yield reader.operation(parted, "Reshape", [tensor], {"shape": shape})
    yield reader.operation(turned, "Transpose", parted.outputs, {"perm": order})
    yield reader.operation(node, "Reshape", turned.outputs, {"shape": [batch, channels, *sizes]})
