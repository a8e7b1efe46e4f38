"""The one table of TensorFlow Lite's operators, each in ONNX's; maps have their channels last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.importing.tflite.gaps import gathered_back, spread
from cnncalc.importing.tflite.sequences import looked_up, recurrent

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.importing.tflite.file import TfliteFile, TfliteNode

_FIRST = [0, 3, 1, 2]  # the channels first, as ONNX's windows have them
_LAST = [0, 2, 3, 1]
_MAP = 4
_FAR = 2**62


def _ended(file: TfliteFile, node: TfliteNode, made: str, activation: int) -> None:
    """Add the activation that is fused to an operator, or give its output its name."""
    kind, given = _ACTIVATIONS.get(activation, ("Identity", {}))
    file.made.add(kind, node.title, [made], node.makes[:1], **given)


_ACTIVATIONS: dict[int, tuple[str, dict[str, Any]]] = {
    1: ("Relu", {}),
    2: ("Clip", {"min": -1, "max": 1}),
    3: ("Clip", {"min": 0, "max": 6}),
    4: ("Tanh", {}),
}


def _slid(
    file: TfliteFile, node: TfliteNode, kind: str, reads: list[str], activation: int, **given: Any
) -> None:
    """Add an operator that slides over a map, with the channels first in between."""
    first, made, last = (f"{node.makes[0]}/{part}" for part in ("first", "made", "last"))
    file.made.add("Transpose", "", reads[:1], [first], perm=_FIRST)
    file.made.add(kind, node.title, [first, *reads[1:]], [made], **given)
    file.made.add("Transpose", "", [made], [last], perm=_LAST)
    _ended(file, node, last, activation)


def _padding(node: TfliteNode) -> str:
    return "VALID" if node.option(0, 1) else "SAME_UPPER"


def _conv(file: TfliteFile, node: TfliteNode) -> None:
    deep = node.kind == "DEPTHWISE_CONV_2D"
    source, weights, *bias = node.reads
    given: dict[str, Any] = {
        "auto_pad": _padding(node),
        "strides": [node.option(2), node.option(1)],
        "dilations": [node.option(6 if deep else 5, 4, 1), node.option(5 if deep else 4, 4, 1)],
    }
    if spread := file.spread.get(source):
        source, given["dilations"], pads = spread
        given |= {"auto_pad": "NOTSET", "pads": pads}
        file.gathered[node.makes[0]] = node.makes[0]
    channels = file.dims[source][-1]
    given["group"] = channels if deep else channels // file.dims[weights][-1]
    turned = file.turned(weights, (3, 0, 1, 2) if deep else (0, 3, 1, 2))
    _slid(file, node, "Conv", [source, turned, *bias], node.option(4 if deep else 3, 1), **given)


def _conv_3d(file: TfliteFile, node: TfliteNode) -> None:
    source, weights, *bias = node.reads
    given: dict[str, Any] = {
        "auto_pad": _padding(node),
        "strides": [node.option(1), node.option(3), node.option(2)],
        "dilations": [node.option(5, 4, 1), node.option(7, 4, 1), node.option(6, 4, 1)],
        "group": max(file.dims[source][-1] // file.dims[weights][-2], 1),
    }
    turned = file.turned(weights, (4, 3, 0, 1, 2))
    first, made, last = (f"{node.makes[0]}/{part}" for part in ("first", "made", "last"))
    file.made.add("Transpose", "", [source], [first], perm=[0, 4, 1, 2, 3])
    file.made.add("Conv", node.title, [first, turned, *bias], [made], **given)
    file.made.add("Transpose", "", [made], [last], perm=[0, 2, 3, 4, 1])
    _ended(file, node, last, node.option(4, 1))


def _deconv(file: TfliteFile, node: TfliteNode) -> None:
    _shape, weights, source, *bias = node.reads
    given = {
        "strides": [node.option(2), node.option(1)],
        "output_shape": list(file.dims[node.makes[0]][1:3]),
        "auto_pad": "SAME_UPPER",
    }
    turned = file.turned(weights, (3, 0, 1, 2))
    _slid(file, node, "ConvTranspose", [source, turned, *bias], node.option(3, 1), **given)


def _pool(kind: str) -> Callable[[TfliteFile, TfliteNode], None]:
    def add(file: TfliteFile, node: TfliteNode) -> None:
        _slid(
            file,
            node,
            kind,
            node.reads[:1],
            node.option(5, 1),
            auto_pad=_padding(node),
            strides=[node.option(2), node.option(1)],
            kernel_shape=[node.option(4), node.option(3)],
        )

    return add


def _dense(file: TfliteFile, node: TfliteNode) -> None:
    source, weights, *bias = node.reads
    taken = file.dims[weights][-1]
    flat, made = f"{node.makes[0]}/flat", f"{node.makes[0]}/made"
    sizes = file.dims[source]
    if sizes[-1] != taken or (len(sizes) > 2 and not node.option(2, 1)):
        file.made.add("Reshape", "", [source], [flat], shape=[-1, taken])
        source = flat
    file.made.add("Gemm", node.title, [source, weights, *bias], [made], transB=1)
    _ended(file, node, made, node.option(0, 1))


def _joined(kind: str) -> Callable[[TfliteFile, TfliteNode], None]:
    def add(file: TfliteFile, node: TfliteNode) -> None:
        made = f"{node.makes[0]}/made"
        file.made.add(kind, node.title, node.reads, [made])
        fused = node.option(0, 1) if kind in ("Add", "Sub", "Mul", "Div") else 0
        _ended(file, node, made, fused)

    return add


def _concat(file: TfliteFile, node: TfliteNode) -> None:
    made = f"{node.makes[0]}/made"
    file.made.add("Concat", node.title, node.reads, [made], axis=node.option(0))
    _ended(file, node, made, node.option(1, 1))


def _same(kind: str, **given: Any) -> Callable[[TfliteFile, TfliteNode], None]:
    """Return an operator of one tensor, whatever else it reads."""

    def add(file: TfliteFile, node: TfliteNode) -> None:
        file.made.add(kind, node.title, node.reads[:1], node.makes[:1], **given)

    return add


def _named(kind: str) -> Callable[[TfliteFile, TfliteNode], None]:
    """Return an operator by ONNX's name, whose output is what the file says."""
    return lambda file, node: file.made.add(kind, node.title, node.reads, node.makes)


def _reshaped(file: TfliteFile, node: TfliteNode) -> None:
    sizes = list(file.dims[node.makes[0]])
    file.made.add("Reshape", node.title, node.reads[:1], node.makes, shape=sizes)


def _reduced(kind: str) -> Callable[[TfliteFile, TfliteNode], None]:
    def add(file: TfliteFile, node: TfliteNode) -> None:
        axes = list(file.values[node.reads[1]])
        kept = node.option(0, 1)
        file.made.add(
            kind, node.title, node.reads[:1], node.makes, axes=axes, keepdims=int(bool(kept))
        )

    return add


def _bordered(file: TfliteFile, node: TfliteNode) -> None:
    sides = file.values[node.reads[1]]
    pads = [*sides[0::2], *sides[1::2]]
    file.made.add("Pad", node.title, node.reads[:1], node.makes, pads=pads)


def _resized(mode: str) -> Callable[[TfliteFile, TfliteNode], None]:
    def add(file: TfliteFile, node: TfliteNode) -> None:
        sizes = file.made.whole(file.dims[node.makes[0]])
        file.made.add("Resize", node.title, [node.reads[0], "", "", sizes], node.makes, mode=mode)

    return add


def _turned(file: TfliteFile, node: TfliteNode) -> None:
    order = list(file.values[node.reads[1]])
    file.made.add("Transpose", node.title, node.reads[:1], node.makes, perm=order)


def _sliced(file: TfliteFile, node: TfliteNode) -> None:
    begins, sizes = (file.values[each] for each in node.reads[1:3])
    ends = [_FAR if size < 0 else at + size for at, size in zip(begins, sizes, strict=True)]
    _part(file, node, [*begins], ends, [1] * len(ends), [])


def _strided(file: TfliteFile, node: TfliteNode) -> None:
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


def _split(file: TfliteFile, node: TfliteNode) -> None:
    place = {"SPLIT": 1, "SPLIT_V": 0}[node.kind]
    axis = file.values[node.reads[1 - place if node.kind == "SPLIT" else 2]][0]
    source = node.reads[place]
    sizes = [file.dims[each][axis] for each in node.makes]
    file.made.add("Split", node.title, [source], node.makes, axis=axis, split=sizes)


def _stacked(file: TfliteFile, node: TfliteNode) -> None:
    axis = node.option(1) % len(file.dims[node.makes[0]])
    parts = [f"{node.makes[0]}/{at}" for at in range(len(node.reads))]
    for tensor, part in zip(node.reads, parts, strict=True):
        file.made.add("Unsqueeze", "", [tensor], [part], axes=[axis])
    file.made.add("Concat", node.title, parts, node.makes, axis=axis)


def _parted(file: TfliteFile, node: TfliteNode) -> None:
    axis = node.option(1) % len(file.dims[node.reads[0]])
    for at, made in enumerate(node.makes):
        file.made.add("Gather", "", [node.reads[0], file.made.whole(at)], [made], axis=axis)


def _gathered(file: TfliteFile, node: TfliteNode) -> None:
    file.made.add("Gather", node.title, node.reads[:2], node.makes, axis=node.option(0))


def _multiplied(file: TfliteFile, node: TfliteNode) -> None:
    reads = []
    for place, tensor in enumerate(node.reads):
        rank = len(file.dims[tensor])
        turned = f"{node.makes[0]}/{place}"
        if node.option(place, 1):
            order = [*range(rank - 2), rank - 1, rank - 2]
            file.made.add("Transpose", "", [tensor], [turned], perm=order)
        reads.append(turned if node.option(place, 1) else tensor)
    file.made.add("MatMul", node.title, reads, node.makes)


def _dealt(kind: str) -> Callable[[TfliteFile, TfliteNode], None]:
    def add(file: TfliteFile, node: TfliteNode) -> None:
        _slid(file, node, kind, node.reads[:1], 0, blocksize=node.option(0))

    return add


def _expanded(file: TfliteFile, node: TfliteNode) -> None:
    sizes = file.made.whole(file.dims[node.makes[0]])
    file.made.add("Expand", node.title, [node.reads[0], sizes], node.makes)


def _tiled(file: TfliteFile, node: TfliteNode) -> None:
    file.made.add("Tile", node.title, node.reads[:2], node.makes)


def _rooted(file: TfliteFile, node: TfliteNode) -> None:
    root = f"{node.makes[0]}/root"
    file.made.add("Sqrt", node.title, node.reads, [root])
    file.made.add("Reciprocal", node.title, [root], node.makes)


OPERATORS: dict[str, Callable[[TfliteFile, TfliteNode], None]] = {
    **dict.fromkeys(("CONV_2D", "DEPTHWISE_CONV_2D"), _conv),
    "TRANSPOSE_CONV": _deconv,
    "CONV_3D": _conv_3d,
    "SPACE_TO_BATCH_ND": spread,
    "BATCH_TO_SPACE_ND": gathered_back,
    "UNIDIRECTIONAL_SEQUENCE_LSTM": recurrent("LSTM", 4, 3),
    "UNIDIRECTIONAL_SEQUENCE_RNN": recurrent("RNN", 1, 0),
    "EMBEDDING_LOOKUP": looked_up,
    "AVERAGE_POOL_2D": _pool("AveragePool"),
    "MAX_POOL_2D": _pool("MaxPool"),
    "FULLY_CONNECTED": _dense,
    "BATCH_MATMUL": _multiplied,
    "CONCATENATION": _concat,
    **dict.fromkeys(("RESHAPE", "SQUEEZE", "EXPAND_DIMS"), _reshaped),
    **dict.fromkeys(("PAD", "PADV2", "MIRROR_PAD"), _bordered),
    "RESIZE_BILINEAR": _resized("linear"),
    "RESIZE_NEAREST_NEIGHBOR": _resized("nearest"),
    "TRANSPOSE": _turned,
    "SLICE": _sliced,
    "STRIDED_SLICE": _strided,
    **dict.fromkeys(("SPLIT", "SPLIT_V"), _split),
    "PACK": _stacked,
    "UNPACK": _parted,
    "GATHER": _gathered,
    "BROADCAST_TO": _expanded,
    "TILE": _tiled,
    "DEPTH_TO_SPACE": _dealt("DepthToSpace"),
    "SPACE_TO_DEPTH": _dealt("SpaceToDepth"),
    "PRELU": lambda file, node: file.made.add("PRelu", node.title, node.reads, node.makes),
    **{
        name: _joined(kind)
        for name, kind in (
            *(("ADD", "Add"), ("SUB", "Sub"), ("MUL", "Mul"), ("DIV", "Div"), ("ADD_N", "Sum")),
            *(("MAXIMUM", "Max"), ("MINIMUM", "Min")),
        )
    },
    **{
        name: _reduced(kind)
        for name, kind in (
            *(("MEAN", "ReduceMean"), ("SUM", "ReduceSum"), ("REDUCE_MAX", "ReduceMax")),
            *(("REDUCE_MIN", "ReduceMin"), ("REDUCE_PROD", "ReduceProd")),
        )
    },
    **{
        name: _same(kind)
        for name, kind in (
            *(("CAST", "Identity"), ("DENSIFY", "Identity"), ("DEQUANTIZE", "Identity")),
            *(("FAKE_QUANT", "Identity"), ("QUANTIZE", "Identity"), ("RELU", "Relu")),
            *(("ELU", "Elu"), ("GELU", "Gelu"), ("HARD_SWISH", "HardSwish")),
            *(("LEAKY_RELU", "LeakyRelu"), ("LOGISTIC", "Sigmoid"), ("TANH", "Tanh")),
            *(("SOFTMAX", "Softmax"), ("LOG_SOFTMAX", "LogSoftmax"), ("ABS", "Abs")),
            *(("NEG", "Neg"), ("EXP", "Exp"), ("LOG", "Log"), ("SQRT", "Sqrt")),
            *(("SIN", "Sin"), ("COS", "Cos")),
            *(("CEIL", "Ceil"), ("FLOOR", "Floor"), ("ROUND", "Round")),
            ("L2_NORMALIZATION", "LpNormalization"),
        )
    },
    **{
        name: _named(kind)
        for name, kind in (
            *(("CUMSUM", "CumSum"), ("GATHER_ND", "GatherND"), ("ONE_HOT", "OneHot")),
            *(("NON_MAX_SUPPRESSION_V4", "NonMaxSuppression"), ("RANGE", "Range")),
            *(("NON_MAX_SUPPRESSION_V5", "NonMaxSuppression"), ("SCATTER_ND", "ScatterND")),
            *(("REVERSE_V2", "ReverseSequence"), ("SELECT", "Where"), ("SELECT_V2", "Where")),
            ("UNIQUE", "Unique"),
        )
    },
    "SQUARE": lambda file, node: file.made.add("Mul", node.title, node.reads * 2, node.makes),
    "RSQRT": _rooted,
    "LOCAL_RESPONSE_NORMALIZATION": lambda file, node: file.made.add(
        "LRN", node.title, node.reads[:1], node.makes, size=2 * node.option(0) + 1
    ),
    "RELU6": _same("Clip", min=0, max=6),
    "RELU_N1_TO_1": _same("Clip", min=-1, max=1),
}
"""What each operator is in ONNX, from its options; others keep their names."""

_NAMES = (
    "ADD AVERAGE_POOL_2D CONCATENATION CONV_2D DEPTHWISE_CONV_2D DEPTH_TO_SPACE DEQUANTIZE "
    "EMBEDDING_LOOKUP FLOOR FULLY_CONNECTED HASHTABLE_LOOKUP L2_NORMALIZATION L2_POOL_2D "
    "LOCAL_RESPONSE_NORMALIZATION LOGISTIC LSH_PROJECTION LSTM MAX_POOL_2D MUL RELU "
    "RELU_N1_TO_1 RELU6 RESHAPE RESIZE_BILINEAR RNN SOFTMAX SPACE_TO_DEPTH SVDF TANH "
    "CONCAT_EMBEDDINGS SKIP_GRAM CALL CUSTOM EMBEDDING_LOOKUP_SPARSE PAD "
    "UNIDIRECTIONAL_SEQUENCE_RNN GATHER BATCH_TO_SPACE_ND SPACE_TO_BATCH_ND TRANSPOSE MEAN "
    "SUB DIV SQUEEZE UNIDIRECTIONAL_SEQUENCE_LSTM STRIDED_SLICE BIDIRECTIONAL_SEQUENCE_RNN "
    "EXP TOPK_V2 SPLIT LOG_SOFTMAX DELEGATE BIDIRECTIONAL_SEQUENCE_LSTM CAST PRELU MAXIMUM "
    "ARG_MAX MINIMUM LESS NEG PADV2 GREATER GREATER_EQUAL LESS_EQUAL SELECT SLICE SIN "
    "TRANSPOSE_CONV SPARSE_TO_DENSE TILE EXPAND_DIMS EQUAL NOT_EQUAL LOG SUM SQRT RSQRT SHAPE "
    "POW ARG_MIN FAKE_QUANT REDUCE_PROD REDUCE_MAX PACK LOGICAL_OR ONE_HOT LOGICAL_AND "
    "LOGICAL_NOT UNPACK REDUCE_MIN FLOOR_DIV REDUCE_ANY SQUARE ZEROS_LIKE FILL FLOOR_MOD "
    "RANGE RESIZE_NEAREST_NEIGHBOR LEAKY_RELU SQUARED_DIFFERENCE MIRROR_PAD ABS SPLIT_V "
    "UNIQUE CEIL REVERSE_V2 ADD_N GATHER_ND COS WHERE RANK ELU REVERSE_SEQUENCE MATRIX_DIAG "
    "QUANTIZE MATRIX_SET_DIAG ROUND HARD_SWISH IF WHILE NON_MAX_SUPPRESSION_V4 "
    "NON_MAX_SUPPRESSION_V5 SCATTER_ND SELECT_V2 DENSIFY SEGMENT_SUM BATCH_MATMUL PLACEHOLDER "
    "CUMSUM CALL_ONCE BROADCAST_TO RFFT2D CONV_3D IMAG REAL COMPLEX_ABS HASHTABLE "
    "HASHTABLE_FIND HASHTABLE_IMPORT HASHTABLE_SIZE REDUCE_ALL CONV_3D_TRANSPOSE VAR_HANDLE "
    "READ_VARIABLE ASSIGN_VARIABLE BROADCAST_ARGS RANDOM_STANDARD_NORMAL BUCKETIZE "
    "RANDOM_UNIFORM MULTINOMIAL GELU "
)
BUILTIN = dict(enumerate(_NAMES.split()))
"""The operators by their codes."""
