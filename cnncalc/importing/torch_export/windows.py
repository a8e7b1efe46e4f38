"""PyTorch's convolutions and pools in ONNX's operators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.importing.torch_export.nodes import ExportedNode


def conv(node: ExportedNode) -> None:
    """Add a convolution, or a transposed one."""
    rank = node.rank(node.get("weight")) - 2
    padding = node.get("padding", default=[0])
    attributes: dict[str, Any] = {
        "strides": _axes(node.get("stride", default=[1]), rank),
        "dilations": _axes(node.get("dilation", default=[1]), rank),
        "group": node.get("groups", default=1),
    }
    if padding == "same":
        attributes["auto_pad"] = "SAME_UPPER"
    elif padding != "valid":
        attributes["pads"] = _axes(padding, rank) * 2
    turned = node.kind.startswith("conv_transpose") or node.get("transposed")
    if turned:
        attributes["output_padding"] = _axes(node.get("output_padding", default=[0]), rank)
    reads = [node.get("input"), node.get("weight"), node.get("bias")]
    node.add("ConvTranspose" if turned else "Conv", reads, **attributes)


def _axes(values: Any, rank: int) -> list[int]:
    found = list(values) if isinstance(values, list) else [values]
    return found * rank if len(found) == 1 else found


def pool(kind: str) -> Callable[[ExportedNode], None]:
    """Return a pool of a map."""

    def add(node: ExportedNode) -> None:
        rank = int(node.kind[node.kind.index("pool") + 4])
        kernel = _axes(node.get("kernel_size"), rank)
        attributes: dict[str, Any] = {
            "kernel_shape": kernel,
            "strides": _axes(node.get("stride") or kernel, rank),
            "pads": _axes(node.get("padding", default=[0]), rank) * 2,
            "ceil_mode": int(bool(node.get("ceil_mode"))),
        }
        if node.get("dilation"):
            attributes["dilations"] = _axes(node.get("dilation"), rank)
        node.add(kind, [node.get("self", "input")], **attributes)

    return add


def adaptive(kind: str) -> Callable[[ExportedNode], None]:
    """Return a pool to a size."""

    def add(node: ExportedNode) -> None:
        sizes = node.get("output_size")
        sizes = list(sizes) if isinstance(sizes, list) else [sizes]
        reads = [node.get("self", "input")]
        if set(sizes) == {1}:
            node.add(f"Global{kind}", reads)
        else:
            node.add(f"Adaptive{kind}", reads, output_size=sizes)

    return add


def largest_and_places(node: ExportedNode) -> None:
    """Add a pool of the largest; the places of its values, where they are read, are opaque."""
    values, *places = node.outputs
    made = adaptive("MaxPool") if node.kind.startswith("fractional") else pool("MaxPool")
    made(node._replace(outputs=[values]))
    for each in places:
        node.add("ArgMax", [node.get("self")], [each])
