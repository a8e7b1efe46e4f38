"""PyTorch's operators in ONNX's, and the one table of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from cnncalc.importing.as_onnx import EACH_VALUE, OF_TWO, REDUCTIONS, pairs
from cnncalc.importing.torch_export import moves, recurrent, windows

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.importing.torch_export.nodes import ExportedNode

_Rule: TypeAlias = "Callable[[ExportedNode], None]"


def _written(rule: str) -> _Rule:
    """Return an operator as it is written: what it is in ONNX, what it reads, its attributes.

    `a|b` is an argument by the first of its names that is given; a number is itself.
    """
    kind, *parts = rule.split()
    reads = [part for part in parts if "=" not in part]
    attributes = [part.split("=") for part in parts if "=" in part]

    def add(node: ExportedNode) -> None:
        given = {ours: node.get(*theirs.split("|")) for ours, theirs in attributes}
        held = {name: value for name, value in given.items() if value is not None}
        node.add(kind, [node.get(*each.split("|")) for each in reads], **held)

    return add


def _joined(kind: str) -> _Rule:
    """Return an operator of two tensors; by a number it changes nothing that is counted."""

    def add(node: ExportedNode) -> None:
        reads = [node.get("self", "input"), node.get("other", "mat2", "tensor2")]
        if all(isinstance(each, str) for each in reads):
            node.add(kind, reads)
        else:
            node.add("Identity", reads[:1])

    return add


def _reduced(kind: str) -> _Rule:
    def add(node: ExportedNode) -> None:
        tensor, dims = node.get("self"), node.get("dim")
        if dims is None or dims == []:
            dims = list(range(node.rank(tensor)))
        axes = dims if isinstance(dims, list) else [dims]
        node.add(kind, [tensor], axes=axes, keepdims=int(bool(node.get("keepdim"))))

    return add


def _sloped(node: ExportedNode) -> None:
    """Add a PReLU, whose slopes are those of the second dimension."""
    (output,) = node.outputs
    tensor, slopes = node.get("self"), f"{output}/slopes"
    places = [1] * (node.rank(tensor) - 2)
    node.add("Reshape", [node.get("weight"), node.whole([-1, *places])], [slopes])
    node.add("PRelu", [tensor, slopes])


def _normed(node: ExportedNode) -> None:
    over = len(node.get("normalized_shape"))
    kind = "RMSNormalization" if node.kind == "rms_norm" else "LayerNormalization"
    node.add(kind, [node.get("input"), node.get("weight"), node.get("bias")], axis=-over)


def _summed(node: ExportedNode) -> None:
    node.add("Einsum", node.get("tensors"), equation=node.get("equation"))


def _several(kind: str) -> _Rule:
    """Return an operator that reads all tensors among its arguments."""
    return lambda node: node.add(kind, node.tensors())


def _along(kind: str) -> _Rule:
    """Return an operator along one axis, which it may keep; indices beside values are opaque."""

    def add(node: ExportedNode) -> None:
        axis, reads = node.get("dim"), [node.get("self")]
        if axis is None:
            node.add(kind.replace("Arg", "Reduce"), reads)
            return
        given = {"axis": axis, "axes": [axis], "keepdims": int(bool(node.get("keepdim")))}
        values, *places = node.outputs
        node.add(kind, reads, [values], **given)
        for each in places:
            node.add("ArgMax", reads, [each], **given)

    return add


def _powered(node: ExportedNode) -> None:
    base, power = node.get("self"), node.get("exponent")
    node.add("Pow", [base, power if isinstance(power, str) else node.whole(1)])


def _gated(node: ExportedNode) -> None:
    """Add a half of the values times the sigmoid of the other."""
    (output,) = node.outputs
    one, other, gate = (f"{output}/{name}" for name in ("values", "gates", "gate"))
    node.add("Split", [node.get("self")], [one, other], axis=node.get("dim", default=-1))
    node.add("Sigmoid", [other], [gate])
    node.add("Mul", [one, gate])


def _bilinear(node: ExportedNode) -> None:
    """Add a product of two tensors by weights: the first by them, then by the second."""
    (output,) = node.outputs
    half, whole = f"{output}/half", f"{output}/whole"
    one, other, weight, bias = (node.get(name) for name in ("input1", "input2", "weight", "bias"))
    node.add("Einsum", [one, weight], [half], equation="...i,oij->...oj")
    ends = [whole] if bias else node.outputs
    node.add("Einsum", [half, other], ends, equation="...oj,...j->...o")
    if bias:
        node.add("Add", [whole, bias])


def _added(node: ExportedNode) -> None:
    """Add a product of two tensors that is added to another."""
    (output,) = node.outputs
    reads = [node.get("batch1", "mat1"), node.get("batch2", "mat2", "vec")]
    node.add("MatMul", reads, [f"{output}/product"])
    node.add("Add", [node.get("self"), f"{output}/product"])


def _combined(kind: str) -> _Rule:
    """Return an operator that adds a product, or a ratio, of two tensors to another."""

    def add(node: ExportedNode) -> None:
        (output,) = node.outputs
        node.add(kind, [node.get("tensor1"), node.get("tensor2")], [f"{output}/both"])
        node.add("Add", [node.get("self"), f"{output}/both"])

    return add


_SAME = "self|input|x"
_WEIGHED = "input|self weight bias"
_WRITTEN = {
    f"Identity {_SAME}": """
        alias clone contiguous detach dropout feature_dropout lift_fresh_copy native_dropout roll to
        to_copy type_as
    """,
    f"BatchNormalization {_WEIGHED}": """
        batch_norm batch_norm_no_update native_batch_norm cudnn_batch_norm
        native_batch_norm_legit native_batch_norm_legit_no_training
    """,
    f"InstanceNormalization {_WEIGHED}": "instance_norm",
    "GroupNormalization input weight bias num_groups=num_groups|group|1": """
        group_norm native_group_norm
    """,
    "Attention query key value": """
        scaled_dot_product_attention scaled_dot_product_flash_attention
        scaled_dot_product_efficient_attention scaled_dot_product_attention_math
        scaled_dot_product_flash_attention_for_cpu
    """,
    f"Clip {_SAME} min=min max=max": "clamp",
    f"Clip {_SAME} max=max": "clamp_max",
    f"Clip {_SAME} min=min": "clamp_min",
    f"Clip {_SAME} min=min_val max=max_val": "hardtanh",
    "Clip self min=0 max=6": "relu6",
    "Gather weight indices axis=0": "embedding",
    f"Gemm {_WEIGHED} transB=1": "linear",
    "Gemm mat1 mat2 self": "addmm",
    f"LeakyRelu {_SAME} alpha=negative_slope": "leaky_relu",
}
"""Operators that are one of ONNX's, with their arguments by their names."""

_EACH_VALUE = pairs(
    """
    cumsum=CumSum expm1=Exp hardshrink=Shrink hardsigmoid=HardSigmoid hardswish=HardSwish log1p=Log
    logical_not=Not rrelu=LeakyRelu rrelu_with_noise=LeakyRelu rsqrt=Reciprocal silu=Swish
    softshrink=Shrink square=Pow threshold=ThresholdedRelu tril=Trilu triu=Trilu
    """
)
_OF_SEVERAL = pairs(
    """
    affine_grid_generator=AffineGrid bitwise_and=BitwiseAnd bitwise_not=BitwiseNot
    bitwise_or=BitwiseOr col2im=Col2Im copy=Where cosine_similarity=ReduceSum eq=Equal flip=Slice
    gather=GatherElements ge=GreaterOrEqual grid_sampler=GridSample grid_sampler_2d=GridSample
    gt=Greater im2col=Gather index=GatherND index_put=ScatterND index_select=GatherND le=LessOrEqual
    logical_and=And logical_or=Or lt=Less masked_fill=Where max_unpool2d=MaxUnpool ne=Equal
    remainder=Mod repeat_interleave=Tile scatter=ScatterElements scatter_add=ScatterElements
    select_scatter=ScatterND slice_scatter=ScatterND sort=TopK topk=TopK unfold=Gather where=Where
    """
)


_RULES: list[tuple[_Rule, str]] = [
    (moves.reshaped, "view reshape unsafe_view flatten unflatten squeeze unsqueeze"),
    (moves.turned, "permute transpose t swapaxes"),
    (moves.split, "split split_with_sizes chunk unbind tensor_split"),
    (moves.stacked, "cat concat stack"),
    (moves.bordered, "pad constant_pad_nd reflection_pad1d reflection_pad2d reflection_pad3d"),
    (moves.bordered, "replication_pad1d replication_pad2d replication_pad3d"),
    (moves.resized, "upsample_nearest1d upsample_nearest2d upsample_nearest3d upsample_linear1d"),
    (moves.resized, "upsample_bilinear2d upsample_bicubic2d upsample_trilinear3d"),
    (moves.dealt, "pixel_shuffle pixel_unshuffle"),
    (moves.shuffled, "channel_shuffle"),
    (moves.repeated, "expand expand_as broadcast_to"),
    (moves.tiled, "repeat tile"),
    (moves.filled, "arange full full_like new_full new_ones new_zeros ones ones_like"),
    (moves.filled, "zeros zeros_like"),
    (moves.selected, "select"),
    (moves.sliced, "slice"),
    (windows.conv, "conv1d conv2d conv3d convolution"),
    (windows.conv, "conv_transpose1d conv_transpose2d conv_transpose3d"),
    (windows.pool("MaxPool"), "max_pool1d max_pool2d max_pool3d"),
    (windows.pool("AveragePool"), "avg_pool1d avg_pool2d avg_pool3d"),
    (windows.adaptive("AveragePool"), "adaptive_avg_pool1d adaptive_avg_pool2d"),
    (windows.adaptive("AveragePool"), "adaptive_avg_pool3d"),
    (windows.adaptive("MaxPool"), "adaptive_max_pool1d adaptive_max_pool2d adaptive_max_pool3d"),
    (windows.largest_and_places, "max_pool1d_with_indices max_pool2d_with_indices"),
    (windows.largest_and_places, "max_pool3d_with_indices"),
    (windows.largest_and_places, "fractional_max_pool2d fractional_max_pool3d"),
    (_sloped, "prelu"),
    (_normed, "layer_norm native_layer_norm rms_norm fused_rms_norm"),
    (_joined("MatMul"), "matmul bmm mm"),
    (_joined("Sub"), "rsub"),
    (_summed, "einsum"),
    (_powered, "pow"),
    (_reduced("ReduceL2"), "var std linalg_vector_norm norm"),
    (_reduced("ReduceLogSumExp"), "logsumexp"),
    (_reduced("ReduceMax"), "amax any"),
    (_reduced("ReduceMin"), "amin all"),
    (_along("ArgMax"), "argmax"),
    (_along("ArgMin"), "argmin"),
    (_along("ReduceMax"), "max"),
    (_along("ReduceMin"), "min"),
    (recurrent.layers, "lstm gru rnn_tanh rnn_relu"),
    (recurrent.cell, "lstm_cell gru_cell rnn_tanh_cell rnn_relu_cell"),
    (_added, "baddbmm addbmm addmv"),
    (_bilinear, "bilinear"),
    (_combined("Div"), "addcdiv"),
    (_combined("Mul"), "addcmul"),
    (_gated, "glu"),
]

OPERATORS: dict[str, _Rule] = {
    **{word: _written(f"{kind} {_SAME}") for word, kind in (EACH_VALUE | _EACH_VALUE).items()},
    **{word: _joined(kind) for word, kind in OF_TWO.items()},
    **{word: _reduced(kind) for word, kind in REDUCTIONS.items()},
    **{word: _several(kind) for word, kind in _OF_SEVERAL.items()},
    **{word: _written(rule) for rule, words in _WRITTEN.items() for word in words.split()},
    **{word: rule for rule, words in _RULES for word in words.split()},
}
"""What each operator of PyTorch is in ONNX, from its arguments."""
