"""PyTorch's operators in ONNX's, and the one table of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.importing.as_onnx import EACH_VALUE, OF_TWO, REDUCTIONS
from cnncalc.importing.torch_export import moves, recurrent, spelled, windows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnncalc.importing.onnx.model import Operation
    from cnncalc.importing.torch_export.program import ExportedNode, ProgramReader


def _same(kind: str, **attributes: str) -> Callable[..., Iterator[Operation]]:
    """Return an operator of one tensor; attributes are arguments by their names."""

    def made(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
        given = {ours: node.get(name) for ours, name in attributes.items()}
        held = {name: value for name, value in given.items() if value is not None}
        yield reader.operation(node, kind, [node.get("self", "input", "x")], held)

    return made


def _weighed(kind: str, **attributes: Any) -> Callable[..., Iterator[Operation]]:
    def made(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
        reads = [node.get("input", "self"), node.get("weight"), node.get("bias")]
        yield reader.operation(node, kind, reads, dict(attributes))

    return made


def _full(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
    reads = [node.get("mat1"), node.get("mat2"), node.get("self")]
    yield reader.operation(node, "Gemm", reads, {})


def _joined(kind: str) -> Callable[..., Iterator[Operation]]:
    """Return an operator of two tensors; by a number it changes nothing that is counted."""

    def made(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
        reads = [node.get("self", "input"), node.get("other", "mat2", "tensor2")]
        if all(isinstance(each, str) for each in reads):
            yield reader.operation(node, kind, reads, {})
        else:
            yield reader.operation(node, "Identity", reads[:1], {})

    return made


def _reduced(kind: str) -> Callable[..., Iterator[Operation]]:
    def made(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
        tensor, dims = node.get("self"), node.get("dim")
        if dims is None or dims == []:
            dims = list(range(reader.rank(tensor)))
        attributes = {
            "axes": dims if isinstance(dims, list) else [dims],
            "keepdims": int(bool(node.get("keepdim"))),
        }
        yield reader.operation(node, kind, [tensor], attributes)

    return made


def _normed(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
    over = len(node.get("normalized_shape"))
    kind = "RMSNormalization" if node.kind == "rms_norm" else "LayerNormalization"
    reads = [node.get("input"), node.get("weight"), node.get("bias")]
    yield reader.operation(node, kind, reads, {"axis": -over})


def _grouped(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
    reads = [node.get("input"), node.get("weight"), node.get("bias")]
    groups = {"num_groups": node.get("num_groups", "group", default=1)}
    yield reader.operation(node, "GroupNormalization", reads, groups)


def _attended(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
    reads = [node.get(name) for name in ("query", "key", "value")]
    yield reader.operation(node, "Attention", reads, {})


def _summed(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
    yield reader.operation(node, "Einsum", node.get("tensors"), {"equation": node.get("equation")})


def _several(kind: str, *more: str) -> Callable[..., Iterator[Operation]]:
    """Return an operator that reads all tensors among its arguments, or those of some names."""

    def made(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
        given = [node.get(name) for name in more] if more else reader.tensors(node)
        yield reader.operation(node, kind, [each for each in given if isinstance(each, str)], {})

    return made


def _along(kind: str, default: int | None = None) -> Callable[..., Iterator[Operation]]:
    """Return an operator along one axis, which it may keep; indices beside values are opaque."""

    def made(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
        axis = node.get("dim", default=default)
        if axis is None:
            yield reader.operation(node, kind.replace("Arg", "Reduce"), [node.get("self")], {})
            return
        attributes = {"axis": axis, "axes": [axis], "keepdims": int(bool(node.get("keepdim")))}
        values, *places = node.outputs
        one = node._replace(outputs=[values])
        yield reader.operation(one, kind, [node.get("self")], attributes)
        for each in places:
            chosen = node._replace(outputs=[each])
            yield reader.operation(chosen, "ArgMax", [node.get("self")], attributes)

    return made


def _powered(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
    reads = [node.get("self"), node.get("exponent")]
    if isinstance(reads[1], str):
        yield reader.operation(node, "Pow", reads, {})
    else:
        yield reader.operation(node, "Pow", [reads[0], reader.constant(1)], {})


def _embedded(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
    yield reader.operation(node, "Gather", [node.get("weight"), node.get("indices")], {"axis": 0})


OPERATORS: dict[str, Callable[[ProgramReader, ExportedNode], Iterator[Operation]]] = {
    **dict.fromkeys(
        (
            *("alias", "clone", "contiguous", "detach", "dropout", "feature_dropout"),
            *("lift_fresh_copy", "native_dropout", "roll", "to", "to_copy", "type_as"),
        ),
        _same("Identity"),
    ),
    **dict.fromkeys(
        ("view", "reshape", "unsafe_view", "flatten", "unflatten", "squeeze", "unsqueeze"),
        moves.reshaped,
    ),
    **dict.fromkeys(
        (
            *("conv1d", "conv2d", "conv3d", "convolution", "conv_transpose1d"),
            *("conv_transpose2d", "conv_transpose3d"),
        ),
        windows.conv,
    ),
    **{f"max_pool{n}d": windows.pool("MaxPool") for n in (1, 2, 3)},
    **{f"avg_pool{n}d": windows.pool("AveragePool") for n in (1, 2, 3)},
    **{f"adaptive_avg_pool{n}d": windows.adaptive(largest=False) for n in (1, 2, 3)},
    **{f"adaptive_max_pool{n}d": windows.adaptive(largest=True) for n in (1, 2, 3)},
    **dict.fromkeys(("permute", "transpose", "t", "swapaxes"), moves.turned),
    **dict.fromkeys(("split", "split_with_sizes", "chunk", "unbind", "tensor_split"), moves.split),
    **dict.fromkeys(("cat", "concat", "stack"), moves.stacked),
    **dict.fromkeys(("pad", "constant_pad_nd"), moves.bordered),
    **{
        f"{how}_pad{n}d": moves.bordered for how in ("reflection", "replication") for n in (1, 2, 3)
    },
    **dict.fromkeys(
        (
            *("upsample_nearest1d", "upsample_nearest2d", "upsample_nearest3d"),
            *("upsample_bilinear2d", "upsample_linear1d", "upsample_bicubic2d"),
            "upsample_trilinear3d",
        ),
        moves.resized,
    ),
    **dict.fromkeys(("pixel_shuffle", "pixel_unshuffle"), moves.dealt),
    **dict.fromkeys(("layer_norm", "native_layer_norm", "rms_norm", "fused_rms_norm"), _normed),
    **dict.fromkeys(("group_norm", "native_group_norm"), _grouped),
    **dict.fromkeys(
        (
            *("batch_norm", "batch_norm_no_update", "native_batch_norm", "cudnn_batch_norm"),
            *("native_batch_norm_legit", "native_batch_norm_legit_no_training"),
        ),
        _weighed("BatchNormalization"),
    ),
    **dict.fromkeys(
        (
            *("scaled_dot_product_attention", "scaled_dot_product_flash_attention"),
            *("scaled_dot_product_efficient_attention", "scaled_dot_product_attention_math"),
            "scaled_dot_product_flash_attention_for_cpu",
        ),
        _attended,
    ),
    **dict.fromkeys(("matmul", "bmm", "mm"), _joined("MatMul")),
    **dict.fromkeys(("expand", "expand_as", "broadcast_to"), moves.repeated),
    **dict.fromkeys(
        (
            *("arange", "full", "full_like", "new_full", "new_ones", "new_zeros", "ones"),
            *("ones_like", "zeros", "zeros_like"),
        ),
        moves.filled,
    ),
    **{word: _same(kind) for word, kind in EACH_VALUE.items()},
    **{word: _joined(kind) for word, kind in OF_TWO.items()},
    **{word: _reduced(kind) for word, kind in REDUCTIONS.items()},
    **{
        name: _same(kind)
        for name, kind in (
            *(("cumsum", "CumSum"), ("expm1", "Exp"), ("hardshrink", "Shrink"), ("log1p", "Log")),
            *(("logical_not", "Not"), ("rrelu", "LeakyRelu"), ("rrelu_with_noise", "LeakyRelu")),
            *(("rsqrt", "Reciprocal"), ("softshrink", "Shrink"), ("square", "Pow")),
            *(("threshold", "ThresholdedRelu"), ("tril", "Trilu"), ("triu", "Trilu")),
        )
    },
    **{
        name: _several(kind)
        for name, kind in (
            *(("affine_grid_generator", "AffineGrid"), ("bitwise_and", "BitwiseAnd")),
            *(("bitwise_not", "BitwiseNot"), ("bitwise_or", "BitwiseOr"), ("col2im", "Col2Im")),
            *(("cosine_similarity", "ReduceSum"), ("eq", "Equal"), ("flip", "Slice")),
            *(
                ("gather", "GatherElements"),
                ("ge", "GreaterOrEqual"),
                ("grid_sampler", "GridSample"),
            ),
            *(("gt", "Greater"), ("im2col", "Gather"), ("index", "GatherND")),
            *(("index_select", "GatherND"), ("le", "LessOrEqual"), ("logical_and", "And")),
            *(("logical_or", "Or"), ("lt", "Less"), ("max_unpool2d", "MaxUnpool")),
            *(("ne", "Equal"), ("remainder", "Mod"), ("repeat_interleave", "Tile")),
            *(("scatter", "ScatterElements"), ("sort", "TopK"), ("topk", "TopK")),
            *(("copy", "Where"), ("index_put", "ScatterND"), ("select_scatter", "ScatterND")),
            *(("scatter_add", "ScatterElements"), ("slice_scatter", "ScatterND")),
            *(
                ("grid_sampler_2d", "GridSample"),
                ("where", "Where"),
                ("masked_fill", "Where"),
                ("unfold", "Gather"),
            ),
        )
    },
    **dict.fromkeys(("lstm", "gru", "rnn_tanh", "rnn_relu"), recurrent.layers),
    **dict.fromkeys(("lstm_cell", "gru_cell", "rnn_tanh_cell", "rnn_relu_cell"), recurrent.cell),
    **dict.fromkeys(
        (
            *("max_pool1d_with_indices", "max_pool2d_with_indices", "max_pool3d_with_indices"),
            *("fractional_max_pool2d", "fractional_max_pool3d"),
        ),
        windows.largest_and_places,
    ),
    **dict.fromkeys(("baddbmm", "addbmm", "addmv"), spelled.added),
    **dict.fromkeys(("var", "std", "linalg_vector_norm", "norm"), _reduced("ReduceL2")),
    "addcdiv": spelled.combined("Div"),
    "addcmul": spelled.combined("Mul"),
    "amin": _reduced("ReduceMin"),
    "all": _reduced("ReduceMin"),
    "any": _reduced("ReduceMax"),
    "argmax": _along("ArgMax"),
    "argmin": _along("ArgMin"),
    "bilinear": spelled.bilinear,
    "channel_shuffle": moves.shuffled,
    "clamp": _same("Clip", min="min", max="max"),
    "clamp_max": _same("Clip", max="max"),
    "clamp_min": _same("Clip", min="min"),
    "embedding": _embedded,
    "glu": spelled.gated,
    "logsumexp": _reduced("ReduceLogSumExp"),
    "max": _along("ReduceMax"),
    "min": _along("ReduceMin"),
    "pow": _powered,
    "addmm": _full,
    "amax": _reduced("ReduceMax"),
    "einsum": _summed,
    "hardsigmoid": _same("HardSigmoid"),
    "hardswish": _same("HardSwish"),
    "hardtanh": _same("Clip", min="min_val", max="max_val"),
    "instance_norm": _weighed("InstanceNormalization"),
    "leaky_relu": _same("LeakyRelu", alpha="negative_slope"),
    "linear": _weighed("Gemm", transB=1),
    "prelu": _weighed("PRelu"),
    "repeat": moves.tiled,
    "relu6": lambda reader, node: iter(
        [reader.operation(node, "Clip", [node.get("self")], {"min": 0, "max": 6})]
    ),
    "select": moves.selected,
    "silu": _same("Swish"),
    "slice": moves.sliced,
    "rsub": _joined("Sub"),
    "tile": moves.tiled,
}
"""What each operator of PyTorch is in ONNX, from its arguments."""
