"""PyTorch's operators in ONNX's, and the one table of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.importing.torch_export import moves

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


def _conv(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
    rank = reader.rank(node.get("weight")) - 2
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
    yield reader.operation(node, "ConvTranspose" if turned else "Conv", reads, attributes)


def _axes(values: Any, rank: int) -> list[int]:
    found = list(values) if isinstance(values, list) else [values]
    return found * rank if len(found) == 1 else found


def _pool(kind: str) -> Callable[..., Iterator[Operation]]:
    def made(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
        rank = int(node.kind[node.kind.index("pool") + 4])
        kernel = _axes(node.get("kernel_size"), rank)
        attributes = {
            "kernel_shape": kernel,
            "strides": _axes(node.get("stride") or kernel, rank),
            "pads": _axes(node.get("padding", default=[0]), rank) * 2,
            "ceil_mode": int(bool(node.get("ceil_mode"))),
        }
        if node.get("dilation"):
            attributes["dilations"] = _axes(node.get("dilation"), rank)
        yield reader.operation(node, kind, [node.get("self", "input")], attributes)

    return made


def _adaptive(largest: bool) -> Callable[..., Iterator[Operation]]:
    kind = "MaxPool" if largest else "AveragePool"

    def made(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
        sizes = node.get("output_size")
        sizes = list(sizes) if isinstance(sizes, list) else [sizes]
        reads = [node.get("self", "input")]
        if set(sizes) == {1}:
            yield reader.operation(node, f"Global{kind}", reads, {})
        else:
            yield reader.operation(node, f"Adaptive{kind}", reads, {"output_size": sizes})

    return made


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
    groups = {"num_groups": node.get("num_groups", default=1)}
    yield reader.operation(node, "GroupNormalization", reads, groups)


def _attended(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
    reads = [node.get(name) for name in ("query", "key", "value")]
    yield reader.operation(node, "Attention", reads, {})


def _summed(reader: ProgramReader, node: ExportedNode) -> Iterator[Operation]:
    yield reader.operation(node, "Einsum", node.get("tensors"), {"equation": node.get("equation")})


OPERATORS: dict[str, Callable[[ProgramReader, ExportedNode], Iterator[Operation]]] = {
    **dict.fromkeys(
        (
            *("alias", "clone", "contiguous", "detach", "dropout", "feature_dropout"),
            *("lift_fresh_copy", "to", "type_as", "roll"),
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
        _conv,
    ),
    **{f"max_pool{n}d": _pool("MaxPool") for n in (1, 2, 3)},
    **{f"avg_pool{n}d": _pool("AveragePool") for n in (1, 2, 3)},
    **{f"adaptive_avg_pool{n}d": _adaptive(largest=False) for n in (1, 2, 3)},
    **{f"adaptive_max_pool{n}d": _adaptive(largest=True) for n in (1, 2, 3)},
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
    **dict.fromkeys(("layer_norm", "rms_norm"), _normed),
    **dict.fromkeys(("matmul", "bmm", "mm"), _joined("MatMul")),
    **dict.fromkeys(("expand", "expand_as", "broadcast_to"), moves.repeated),
    **dict.fromkeys(
        (
            *("arange", "full", "full_like", "new_full", "new_ones", "new_zeros", "ones"),
            *("ones_like", "zeros", "zeros_like"),
        ),
        moves.filled,
    ),
    "add": _joined("Add"),
    "addmm": _full,
    "amax": _reduced("ReduceMax"),
    "batch_norm": _weighed("BatchNormalization"),
    "div": _joined("Div"),
    "einsum": _summed,
    "elu": _same("Elu"),
    "gelu": _same("Gelu"),
    "group_norm": _grouped,
    "hardsigmoid": _same("HardSigmoid"),
    "hardswish": _same("HardSwish"),
    "hardtanh": _same("Clip", min="min_val", max="max_val"),
    "instance_norm": _weighed("InstanceNormalization"),
    "leaky_relu": _same("LeakyRelu", alpha="negative_slope"),
    "linear": _weighed("Gemm", transB=1),
    "log_softmax": _same("LogSoftmax"),
    "maximum": _joined("Max"),
    "mean": _reduced("ReduceMean"),
    "minimum": _joined("Min"),
    "mish": _same("Mish"),
    "mul": _joined("Mul"),
    "prelu": _weighed("PRelu"),
    "relu": _same("Relu"),
    "repeat": moves.tiled,
    "relu6": lambda reader, node: iter(
        [reader.operation(node, "Clip", [node.get("self")], {"min": 0, "max": 6})]
    ),
    "scaled_dot_product_attention": _attended,
    "select": moves.selected,
    "sigmoid": _same("Sigmoid"),
    "silu": _same("Swish"),
    "slice": moves.sliced,
    "softmax": _same("Softmax"),
    "sub": _joined("Sub"),
    "sum": _reduced("ReduceSum"),
    "tanh": _same("Tanh"),
    "tile": moves.tiled,
}
"""What each operator of PyTorch is in ONNX, from its arguments."""
