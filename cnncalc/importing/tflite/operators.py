"""The one table of TensorFlow Lite's operators, each in ONNX's; maps have their channels last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.importing.as_onnx import EACH_VALUE, OF_TWO, REDUCTIONS, pairs
from cnncalc.importing.tflite import moves, windows
from cnncalc.importing.tflite.sequences import RECURRENT, filtered, looked_up, recurrent

if TYPE_CHECKING:
    from cnncalc.importing.tflite.nodes import TfliteNode
    from cnncalc.importing.tflite.windows import Operator


def _joined(kind: str) -> Operator:
    def add(node: TfliteNode) -> None:
        made = f"{node.makes[0]}/made"
        node.add(kind, node.reads, [made])
        fused = node.option(0, 1) if kind in ("Add", "Sub", "Mul", "Div") else 0
        windows.activated(node, made, fused)

    return add


def _concat(node: TfliteNode) -> None:
    made = f"{node.makes[0]}/made"
    node.add("Concat", node.reads, [made], axis=node.option(0))
    windows.activated(node, made, node.option(1, 1))


def _same(kind: str, **given: Any) -> Operator:
    """Return an operator of one tensor, whatever else it reads."""

    def add(node: TfliteNode) -> None:
        node.add(kind, node.reads[:1], node.makes[:1], **given)

    return add


def _named(kind: str) -> Operator:
    """Return an operator by ONNX's name, whose output is what the file says."""
    return lambda node: node.add(kind)


def _reduced(kind: str) -> Operator:
    def add(node: TfliteNode) -> None:
        axes = list(node.values(1))
        kept = node.option(0, 1)
        node.add(kind, node.reads[:1], axes=axes, keepdims=int(bool(kept)))

    return add


def _gathered(node: TfliteNode) -> None:
    node.add("Gather", node.reads[:2], axis=node.option(0))


def _multiplied(node: TfliteNode) -> None:
    reads = []
    for place, tensor in enumerate(node.reads):
        rank = len(node.file.dims[tensor])
        turned = f"{node.makes[0]}/{place}"
        if node.option(place, 1):
            order = [*range(rank - 2), rank - 1, rank - 2]
            node.move("Transpose", [tensor], [turned], perm=order)
        reads.append(turned if node.option(place, 1) else tensor)
    node.add("MatMul", reads)


def _rooted(node: TfliteNode) -> None:
    root = f"{node.makes[0]}/root"
    node.add("Sqrt", node.reads, [root])
    node.add("Reciprocal", [root])


_NAMED = pairs(
    """
    CUMSUM=CumSum GATHER_ND=GatherND NON_MAX_SUPPRESSION_V4=NonMaxSuppression
    NON_MAX_SUPPRESSION_V5=NonMaxSuppression ONE_HOT=OneHot PRELU=PRelu RANGE=Range
    REVERSE_V2=ReverseSequence SCATTER_ND=ScatterND SELECT=Where SELECT_V2=Where TILE=Tile
    UNIQUE=Unique
    """
)

OPERATORS: dict[str, Operator] = {
    **dict.fromkeys(("CONV_2D", "DEPTHWISE_CONV_2D"), windows.conv),
    "TRANSPOSE_CONV": windows.deconv,
    "CONV_3D": windows.conv_3d,
    "SPACE_TO_BATCH_ND": windows.spread,
    "BATCH_TO_SPACE_ND": windows.gathered_back,
    **dict.fromkeys(RECURRENT, recurrent),
    "SVDF": filtered,
    "EMBEDDING_LOOKUP": looked_up,
    "AVERAGE_POOL_2D": windows.pool("AveragePool"),
    "MAX_POOL_2D": windows.pool("MaxPool"),
    "FULLY_CONNECTED": windows.dense,
    "BATCH_MATMUL": _multiplied,
    "CONCATENATION": _concat,
    **dict.fromkeys(("RESHAPE", "SQUEEZE", "EXPAND_DIMS"), moves.reshaped),
    **dict.fromkeys(("PAD", "PADV2", "MIRROR_PAD"), moves.bordered),
    "RESIZE_BILINEAR": windows.resized("linear"),
    "RESIZE_NEAREST_NEIGHBOR": windows.resized("nearest"),
    "TRANSPOSE": moves.turned,
    "SLICE": moves.sliced,
    "STRIDED_SLICE": moves.strided,
    **dict.fromkeys(("SPLIT", "SPLIT_V"), moves.split),
    "PACK": moves.stacked,
    "UNPACK": moves.parted,
    "GATHER": _gathered,
    "BROADCAST_TO": moves.expanded,
    "DEPTH_TO_SPACE": windows.dealt("DepthToSpace"),
    "SPACE_TO_DEPTH": windows.dealt("SpaceToDepth"),
    **{word.upper(): _joined(kind) for word, kind in OF_TWO.items()},
    "ADD_N": _joined("Sum"),
    **{
        name: _reduced(kind)
        for word, kind in REDUCTIONS.items()
        for name in (word.upper(), f"REDUCE_{word.upper()}")
    },
    **{word.upper(): _same(kind) for word, kind in EACH_VALUE.items()},
    **dict.fromkeys(("CAST", "DENSIFY", "DEQUANTIZE", "FAKE_QUANT", "QUANTIZE"), _same("Identity")),
    "LOGISTIC": _same("Sigmoid"),
    "L2_NORMALIZATION": _same("LpNormalization"),
    **{name: _named(kind) for name, kind in _NAMED.items()},
    "SQUARE": lambda node: node.add("Mul", node.reads * 2),
    "RSQRT": _rooted,
    "LOCAL_RESPONSE_NORMALIZATION": lambda node: node.add(
        "LRN", node.reads[:1], size=2 * node.option(0) + 1
    ),
    "RELU6": _same("Clip", min=0, max=6),
    "RELU_N1_TO_1": _same("Clip", min=-1, max=1),
}
"""What each operator is in ONNX, from its options; others keep their names."""
