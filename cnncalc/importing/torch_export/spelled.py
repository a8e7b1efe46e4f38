"""PyTorch's operators that are several of ONNX's."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnncalc.importing.onnx.model import Operation
    from cnncalc.importing.torch_export.program import ExportedNode, ProgramReader


def gated(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
    """Yield a half of the values times the sigmoid of the other."""
    (output,) = node.outputs
    one, other, gate = (f"{output}/{name}" for name in ("values", "gates", "gate"))
    axis = node.get("dim", default=-1)
    halves = node._replace(outputs=[one, other])
    yield reader.operation(halves, "Split", [node.get("self")], {"axis": axis})
    yield reader.operation(node._replace(outputs=[gate]), "Sigmoid", [other], {})
    yield reader.operation(node, "Mul", [one, gate], {})


def bilinear(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
    """Yield a product of two tensors by weights: the first by them, then by the second."""
    (output,) = node.outputs
    half, whole = f"{output}/half", f"{output}/whole"
    one, other, weight, bias = (node.get(name) for name in ("input1", "input2", "weight", "bias"))
    first = {"equation": "...i,oij->...oj"}
    yield reader.operation(node._replace(outputs=[half]), "Einsum", [one, weight], first)
    last = node._replace(outputs=[whole]) if bias else node
    yield reader.operation(last, "Einsum", [half, other], {"equation": "...oj,...j->...o"})
    if bias:
        yield reader.operation(node, "Add", [whole, bias], {})


def added(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
    """Yield a product of two tensors that is added to another."""
    (output,) = node.outputs
    product = node._replace(outputs=[f"{output}/product"])
    reads = [node.get("batch1", "mat1"), node.get("batch2", "mat2", "vec")]
    yield reader.operation(product, "MatMul", reads, {})
    yield reader.operation(node, "Add", [node.get("self"), f"{output}/product"], {})


def combined(kind: str) -> Callable[..., Iterator[Operation]]:
    """Return an operator that adds a product, or a ratio, of two tensors to another."""

    def made(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
        (output,) = node.outputs
        both = node._replace(outputs=[f"{output}/both"])
        yield reader.operation(both, kind, [node.get("tensor1"), node.get("tensor2")], {})
        yield reader.operation(node, "Add", [node.get("self"), f"{output}/both"], {})

    return made
