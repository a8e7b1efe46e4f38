"""TensorFlow Lite's convolutions, pools and dense layers, in ONNX's operators.

Maps have their channels last: around what slides over one, they are put first, as ONNX has them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.importing.tflite.nodes import TfliteNode

Operator: TypeAlias = "Callable[[TfliteNode], None]"
"""Adds what an operator is in ONNX."""


def activated(node: TfliteNode, made: str, activation: int) -> None:
    """Add the activation that is fused to an operator, or give its output its name."""
    kind, given = _ACTIVATIONS.get(activation, ("Identity", {}))
    node.add(kind, [made], node.makes[:1], **given)


_ACTIVATIONS: dict[int, tuple[str, dict[str, Any]]] = {
    1: ("Relu", {}),
    2: ("Clip", {"min": -1, "max": 1}),
    3: ("Clip", {"min": 0, "max": 6}),
    4: ("Tanh", {}),
}


def _slid(node: TfliteNode, kind: str, reads: list[str], activation: int, **given: Any) -> None:
    """Add an operator that slides over a map, with the channels first in between."""
    last = len(node.file.dims[reads[0]]) - 1
    first, made, back = (f"{node.makes[0]}/{part}" for part in ("first", "made", "last"))
    node.move("Transpose", reads[:1], [first], perm=[0, last, *range(1, last)])
    node.add(kind, [first, *reads[1:]], [made], **given)
    node.move("Transpose", [made], [back], perm=[0, *range(2, last + 1), 1])
    activated(node, back, activation)


def _sides(node: TfliteNode, *width_first: int, default: int = 0) -> list[int]:
    """Return a number for each axis in order; options have the width before the height."""
    return [node.option(field, 4, default) for field in width_first[::-1]]


def _padding(node: TfliteNode) -> str:
    return "VALID" if node.option(0, 1) else "SAME_UPPER"


def conv(node: TfliteNode) -> None:
    """Add a convolution over a map; a depthwise one has a filter for each channel."""
    deep = node.kind == "DEPTHWISE_CONV_2D"
    source, weights, *bias = node.reads
    given: dict[str, Any] = {
        "auto_pad": _padding(node),
        "strides": _sides(node, 1, 2),
        "dilations": _sides(node, *((5, 6) if deep else (4, 5)), default=1),
    }
    if spread := node.file.spread.get(source):
        source, given["dilations"], pads = spread
        given |= {"auto_pad": "NOTSET", "pads": pads}
        node.file.gathered[node.makes[0]] = node.makes[0]
    channels = node.file.dims[source][-1]
    given["group"] = channels if deep else channels // node.file.dims[weights][-1]
    turned = node.file.turned(weights, (3, 0, 1, 2) if deep else (0, 3, 1, 2))
    _slid(node, "Conv", [source, turned, *bias], node.option(4 if deep else 3, 1), **given)


def conv_3d(node: TfliteNode) -> None:
    """Add a convolution over a map with a depth, which options have first."""
    source, weights, *bias = node.reads
    given: dict[str, Any] = {
        "auto_pad": _padding(node),
        "strides": [node.option(1), *_sides(node, 2, 3)],
        "dilations": [node.option(5, 4, 1), *_sides(node, 6, 7, default=1)],
        "group": max(node.file.dims[source][-1] // node.file.dims[weights][-2], 1),
    }
    turned = node.file.turned(weights, (4, 3, 0, 1, 2))
    _slid(node, "Conv", [source, turned, *bias], node.option(4, 1), **given)


def deconv(node: TfliteNode) -> None:
    """Add a transposed convolution, to the size that the file says."""
    _shape, weights, source, *bias = node.reads
    given = {
        "strides": _sides(node, 1, 2),
        "auto_pad": "VALID" if node.option(0, 1) else "SAME_UPPER",
    }
    if min(sizes := node.told()[1:3], default=0) > 0:
        given |= {"output_shape": sizes, "auto_pad": "SAME_UPPER"}
    turned = node.file.turned(weights, (3, 0, 1, 2))
    _slid(node, "ConvTranspose", [source, turned, *bias], node.option(3, 1), **given)


def pool(kind: str) -> Operator:
    """Return a pool of a map."""

    def add(node: TfliteNode) -> None:
        given = {"strides": _sides(node, 1, 2), "kernel_shape": _sides(node, 3, 4)}
        how = {"auto_pad": _padding(node), **given}
        _slid(node, kind, node.reads[:1], node.option(5, 1), **how)

    return add


def dealt(kind: str) -> Operator:
    """Return what makes places of channels, or channels of places."""
    return lambda node: _slid(node, kind, node.reads[:1], 0, blocksize=node.option(0))


def resized(mode: str) -> Operator:
    """Return what brings a map to the size that the file says."""

    def add(node: TfliteNode) -> None:
        told = node.told()
        if min(told, default=0) < 0:
            node.add(node.kind)  # to sizes that are worked out
        else:
            node.add("Resize", [node.reads[0], "", "", node.whole(told)], mode=mode)

    return add


def dense(node: TfliteNode) -> None:
    """Add a dense layer, of as many values as its weights take."""
    source, weights, *bias = node.reads
    taken = node.file.dims[weights][-1]
    flat, made = f"{node.makes[0]}/flat", f"{node.makes[0]}/made"
    sizes = node.file.dims[source]
    if sizes[-1] != taken or (len(sizes) > 2 and not node.option(2, 1)):
        node.move("Reshape", [source], [flat], shape=[-1, taken])
        source = flat
    node.add("Gemm", [source, weights, *bias], [made], transB=1)
    activated(node, made, node.option(0, 1))


# ---------------------------------------------------------------- convolutions with gaps


def spread(node: TfliteNode) -> None:
    """Keep what is parted into every so many places: a conv on each part is one with gaps."""
    if len(node.reads) == 3 and all(each in node.file.values for each in node.reads[1:]):
        gaps, sides = (list(node.file.values[each]) for each in node.reads[1:])
        readers = node.file.readers.get(node.makes[0], [])
        if len(gaps) == 2 and readers in (["CONV_2D"], ["DEPTHWISE_CONV_2D"]):
            node.file.spread[node.makes[0]] = node.reads[0], gaps, sides
            return
    node.add(node.kind)


def gathered_back(node: TfliteNode) -> None:
    """Add what puts the parts of a map together again: a crop, where a conv has gone before."""
    if node.reads[0] not in node.file.gathered or node.reads[-1] not in node.file.values:
        node.add(node.kind)
        return
    sides = node.file.values[node.reads[-1]]
    pads = [0, -sides[0], -sides[2], 0, 0, -sides[1], -sides[3], 0]
    node.move("Pad", node.reads[:1], pads=pads)
