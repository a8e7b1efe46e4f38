"""PyTorch's .pt2 files, which torch.export saves: a zip whose JSON has every operator and size.

An operator of PyTorch is put as the one of ONNX that does the same, with its arguments by their
names; the graph is then read as an ONNX file's is. What has no such operator keeps its own name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.importing.onnx.model import INT64, Constant, Model, Operation
from cnncalc.importing.refusals import MOST_NODES, too_many_nodes
from cnncalc.speech.language import _
from cnncalc.speech.problem import Source, Span
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_FLOAT = 1
_MOST_RANK = 32


class _Node(NamedTuple):
    """A node: its operator's name, its arguments by name, and the tensors that it makes."""

    kind: str
    arguments: dict[str, Any]
    outputs: list[str]
    title: str

    def get(self, *names: str, default: Any = None) -> Any:
        """Return an argument by the first of its names that is given."""
        for name in names:
            if self.arguments.get(name) is not None:
                return self.arguments[name]
        return default


def read_model(name: str, content: dict[str, Any]) -> Model:
    """Return the graph of models/model.json, in ONNX's operators."""
    try:
        return _Reader(name, content["graph_module"]).model()
    except (ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError):
        raise ValueError(_("no model that torch.export saved stands in it")) from None


class _Reader:
    """One walk over the nodes of an exported program."""

    def __init__(self, name: str, module: dict[str, Any]) -> None:
        self.name = name
        self.graph = module["graph"]
        self.specs = module["signature"]["input_specs"]
        self.sizes = {
            tensor: [_size(each) for each in meta["sizes"]][:_MOST_RANK]
            for tensor, meta in self.graph["tensor_values"].items()
        }
        self.made = Model([], {}, {}, [], dict(self.sizes))
        self.names: dict[str, str] = {}
        self.count = 0

    def model(self) -> Model:
        """Return the graph, its parameters as constants."""
        for spec in self.specs:
            ((kind, held),) = spec.items()
            argument = held["arg"]
            tensor = argument.get("name") or argument.get("as_tensor", {}).get("name")
            if tensor is None:
                continue
            if kind == "user_input":
                self.made.inputs[tensor] = self.sizes[tensor]
                continue
            dims = tuple(size or 1 for size in self.sizes[tensor])
            learns = kind == "parameter"
            own = str(held.get("parameter_name" if learns else "buffer_name", tensor))
            typed = _FLOAT if learns else INT64
            self.names[tensor] = own
            self.made.constants[own] = Constant(dims, None, own, typed)
        nodes = self.graph["nodes"]
        if len(nodes) > MOST_NODES:
            raise too_many_nodes(Span(Source(self.name, ""), 0, 0), len(nodes))
        for node in map(_node, nodes):
            self.made.operations.extend(self._operations(node))
        for output in self.graph["outputs"]:
            self.made.outputs.extend(_tensors(output))
        return self.made

    def _operations(self, node: _Node) -> Iterator[Operation]:
        of = _OPERATORS.get(node.kind)
        if of is not None:
            yield from of(self, node)
            return
        first = node.get("self", "input", "x")
        reads = (
            [first]
            if isinstance(first, str)
            else [
                each
                for each in node.arguments.values()
                if isinstance(each, str) and each in self.sizes
            ]
        )
        yield self.operation(node, node.kind, reads, {})

    def operation(
        self, node: _Node, kind: str, reads: list[Any], attributes: dict[str, Any]
    ) -> Operation:
        """Return an operator of ONNX that makes what a node makes."""
        names = tuple(self.names.get(each, each) if each else "" for each in reads)
        return Operation(kind, node.title, names, tuple(node.outputs), attributes)

    def constant(self, values: list[Any] | int) -> str:
        """Return the name of a new tensor of whole numbers."""
        self.count += 1
        name = f"whole_{self.count}"
        dims = (len(values),) if isinstance(values, list) else ()
        held = tuple(values) if isinstance(values, list) else (values,)
        self.made.constants[name] = Constant(dims, held, "", INT64)
        return name

    def rank(self, tensor: str) -> int:
        """Return how many dimensions a tensor has."""
        return len(self.sizes[tensor])


def _size(size: dict[str, Any]) -> int | None:
    value = size.get("as_int")
    return value if type(value) is int and 0 < value < 2**63 else None


def _node(node: dict[str, Any]) -> _Node:
    target = str(node["target"]).removeprefix("torch.ops.").removeprefix("aten.")
    kind = target.split(".")[0].strip("_")
    arguments = {each["name"]: _value(each["arg"]) for each in node["inputs"]}
    outputs = [tensor for each in node["outputs"] for tensor in _tensors(each)]
    stack = str((node.get("metadata") or {}).get("nn_module_stack", ""))
    path = stack.rpartition(";")[2].split(",")
    return _Node(kind, arguments, outputs, path[1] if len(path) > 2 else "")


def _tensors(argument: dict[str, Any]) -> list[str]:
    one = argument.get("as_tensor")
    several = argument.get("as_tensors") or []
    names = [each["name"] for each in ([one] if isinstance(one, dict) else several)]
    if not all(isinstance(name, str) for name in names):
        raise TypeError
    return names


def _value(argument: dict[str, Any]) -> Any:
    """Return an argument: a tensor's name, a number, a text or a list."""
    ((kind, value),) = argument.items()
    if kind in ("as_tensor", "as_tensors", "as_optional_tensors"):
        return _tensors(argument)[0] if kind == "as_tensor" else _tensors(argument)
    return None if kind in ("as_none", "as_sym_int", "as_sym_ints") else value


# ---------------------------------------------------------------- operators


def _same(kind: str, **attributes: str) -> Callable[..., Iterator[Operation]]:
    """Return an operator of one tensor; attributes are arguments by their names."""

    def made(reader: _Reader, node: _Node) -> Iterator[Operation]:
        given = {ours: node.get(name) for ours, name in attributes.items()}
        held = {name: value for name, value in given.items() if value is not None}
        yield reader.operation(node, kind, [node.get("self", "input", "x")], held)

    return made


def _weighed(kind: str, **attributes: Any) -> Callable[..., Iterator[Operation]]:
    def made(reader: _Reader, node: _Node) -> Iterator[Operation]:
        reads = [node.get("input", "self"), node.get("weight"), node.get("bias")]
        yield reader.operation(node, kind, reads, dict(attributes))

    return made


def _full(reader: _Reader, node: _Node) -> Iterator[Operation]:
    reads = [node.get("mat1"), node.get("mat2"), node.get("self")]
    yield reader.operation(node, "Gemm", reads, {})


def _conv(reader: _Reader, node: _Node) -> Iterator[Operation]:
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
    def made(reader: _Reader, node: _Node) -> Iterator[Operation]:
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

    def made(reader: _Reader, node: _Node) -> Iterator[Operation]:
        sizes = node.get("output_size")
        sizes = list(sizes) if isinstance(sizes, list) else [sizes]
        reads = [node.get("self", "input")]
        if set(sizes) == {1}:
            yield reader.operation(node, f"Global{kind}", reads, {})
        else:
            yield reader.operation(node, f"Adaptive{kind}", reads, {"output_size": sizes})

    return made


def _reshaped(reader: _Reader, node: _Node) -> Iterator[Operation]:
    """Yield a reshape to the sizes that the file says."""
    sizes = [size or -1 for size in reader.sizes[node.outputs[0]]]
    yield reader.operation(node, "Reshape", [node.get("self", "input")], {"shape": sizes})


def _repeated(reader: _Reader, node: _Node) -> Iterator[Operation]:
    sizes = [size or 1 for size in reader.sizes[node.outputs[0]]]
    yield reader.operation(node, "Expand", [node.get("self"), reader.constant(sizes)], {})


def _tiled(reader: _Reader, node: _Node) -> Iterator[Operation]:
    reads = [node.get("self"), reader.constant(node.get("repeats", "dims"))]
    yield reader.operation(node, "Tile", reads, {})


def _filled(reader: _Reader, node: _Node) -> Iterator[Operation]:
    """Yield a tensor that is made of nothing, whatever tensor says its type."""
    sizes = [size or 1 for size in reader.sizes[node.outputs[0]]]
    yield reader.operation(node, "ConstantOfShape", [reader.constant(sizes)], {})


def _turned(reader: _Reader, node: _Node) -> Iterator[Operation]:
    tensor = node.get("self", "input")
    rank = reader.rank(tensor)
    order = list(range(rank))
    if node.kind == "permute":
        order = [axis % rank for axis in node.get("dims")]
    else:
        one, other = (node.get(name, default=at) % rank for at, name in enumerate(("dim0", "dim1")))
        order[one], order[other] = order[other], order[one]
    yield reader.operation(node, "Transpose", [tensor], {"perm": order})


def _selected(reader: _Reader, node: _Node) -> Iterator[Operation]:
    reads = [node.get("self"), reader.constant(node.get("index", default=0))]
    yield reader.operation(node, "Gather", reads, {"axis": node.get("dim", default=0)})


def _sliced(reader: _Reader, node: _Node) -> Iterator[Operation]:
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


def _split(reader: _Reader, node: _Node) -> Iterator[Operation]:
    axis = node.get("dim", default=0)
    if node.kind == "unbind":
        for number, output in enumerate(node.outputs):
            one = node._replace(outputs=[output])
            reads = [node.get("self"), reader.constant(number)]
            yield reader.operation(one, "Gather", reads, {"axis": axis})
        return
    sizes = [reader.sizes[tensor][axis] for tensor in node.outputs]
    yield reader.operation(node, "Split", [node.get("self")], {"axis": axis, "split": sizes})


def _stacked(reader: _Reader, node: _Node) -> Iterator[Operation]:
    tensors, axis = node.get("tensors"), node.get("dim", default=0)
    if node.kind == "stack":
        axis %= reader.rank(node.outputs[0])
        for number, tensor in enumerate(tensors):
            one = node._replace(outputs=[f"{node.outputs[0]}/{number}"])
            yield reader.operation(one, "Unsqueeze", [tensor], {"axes": [axis]})
        tensors = [f"{node.outputs[0]}/{number}" for number in range(len(tensors))]
    yield reader.operation(node, "Concat", tensors, {"axis": axis})


def _joined(kind: str) -> Callable[..., Iterator[Operation]]:
    """Return an operator of two tensors; by a number it changes nothing that is counted."""

    def made(reader: _Reader, node: _Node) -> Iterator[Operation]:
        reads = [node.get("self", "input"), node.get("other", "mat2", "tensor2")]
        if all(isinstance(each, str) for each in reads):
            yield reader.operation(node, kind, reads, {})
        else:
            yield reader.operation(node, "Identity", reads[:1], {})

    return made


def _reduced(kind: str) -> Callable[..., Iterator[Operation]]:
    def made(reader: _Reader, node: _Node) -> Iterator[Operation]:
        tensor, dims = node.get("self"), node.get("dim")
        if dims is None or dims == []:
            dims = list(range(reader.rank(tensor)))
        attributes = {
            "axes": dims if isinstance(dims, list) else [dims],
            "keepdims": int(bool(node.get("keepdim"))),
        }
        yield reader.operation(node, kind, [tensor], attributes)

    return made


def _normed(reader: _Reader, node: _Node) -> Iterator[Operation]:
    over = len(node.get("normalized_shape"))
    kind = "RMSNormalization" if node.kind == "rms_norm" else "LayerNormalization"
    reads = [node.get("input"), node.get("weight"), node.get("bias")]
    yield reader.operation(node, kind, reads, {"axis": -over})


def _grouped(reader: _Reader, node: _Node) -> Iterator[Operation]:
    reads = [node.get("input"), node.get("weight"), node.get("bias")]
    groups = {"num_groups": node.get("num_groups", default=1)}
    yield reader.operation(node, "GroupNormalization", reads, groups)


def _attended(reader: _Reader, node: _Node) -> Iterator[Operation]:
    reads = [node.get(name) for name in ("query", "key", "value")]
    yield reader.operation(node, "Attention", reads, {})


def _summed(reader: _Reader, node: _Node) -> Iterator[Operation]:
    yield reader.operation(node, "Einsum", node.get("operands"), {"equation": node.get("equation")})


def _bordered(reader: _Reader, node: _Node) -> Iterator[Operation]:
    tensor, sides = node.get("self", "input"), node.get("pad", "padding")
    rest = reader.rank(tensor) - len(sides) // 2
    before = [0] * rest + sides[0::2][::-1]
    after = [0] * rest + sides[1::2][::-1]
    yield reader.operation(node, "Pad", [tensor], {"pads": before + after})


def _resized(reader: _Reader, node: _Node) -> Iterator[Operation]:
    sizes = [size or 1 for size in reader.sizes[node.outputs[0]]]
    reads = [node.get("input", "self"), "", "", reader.constant(sizes)]
    mode = "nearest" if "nearest" in node.kind else "cubic" if "cubic" in node.kind else "linear"
    yield reader.operation(node, "Resize", reads, {"mode": mode})


def _dealt(reader: _Reader, node: _Node) -> Iterator[Operation]:
    up = node.kind == "pixel_shuffle"
    kind = "DepthToSpace" if up else "SpaceToDepth"
    factor = node.get("upscale_factor", "downscale_factor")
    yield reader.operation(node, kind, [node.get("self")], {"blocksize": factor, "mode": "CRD"})


_OPERATORS: dict[str, Callable[[_Reader, _Node], Iterator[Operation]]] = {
    **dict.fromkeys(
        (
            *("alias", "clone", "contiguous", "detach", "dropout", "feature_dropout"),
            *("lift_fresh_copy", "to", "type_as", "roll"),
        ),
        _same("Identity"),
    ),
    **dict.fromkeys(
        ("view", "reshape", "unsafe_view", "flatten", "unflatten", "squeeze", "unsqueeze"),
        _reshaped,
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
    **dict.fromkeys(("permute", "transpose", "t", "swapaxes"), _turned),
    **dict.fromkeys(("split", "split_with_sizes", "chunk", "unbind", "tensor_split"), _split),
    **dict.fromkeys(("cat", "concat", "stack"), _stacked),
    **dict.fromkeys(("pad", "constant_pad_nd"), _bordered),
    **{f"{how}_pad{n}d": _bordered for how in ("reflection", "replication") for n in (1, 2, 3)},
    **dict.fromkeys(
        (
            *("upsample_nearest1d", "upsample_nearest2d", "upsample_nearest3d"),
            *("upsample_bilinear2d", "upsample_linear1d", "upsample_bicubic2d"),
            "upsample_trilinear3d",
        ),
        _resized,
    ),
    **dict.fromkeys(("pixel_shuffle", "pixel_unshuffle"), _dealt),
    **dict.fromkeys(("layer_norm", "rms_norm"), _normed),
    **dict.fromkeys(("matmul", "bmm", "mm"), _joined("MatMul")),
    **dict.fromkeys(("expand", "expand_as", "broadcast_to"), _repeated),
    **dict.fromkeys(
        (
            *("arange", "full", "full_like", "new_full", "new_ones", "new_zeros", "ones"),
            *("ones_like", "zeros", "zeros_like"),
        ),
        _filled,
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
    "repeat": _tiled,
    "relu6": lambda reader, node: iter(
        [reader.operation(node, "Clip", [node.get("self")], {"min": 0, "max": 6})]
    ),
    "scaled_dot_product_attention": _attended,
    "select": _selected,
    "sigmoid": _same("Sigmoid"),
    "silu": _same("Swish"),
    "slice": _sliced,
    "softmax": _same("Softmax"),
    "sub": _joined("Sub"),
    "sum": _reduced("ReduceSum"),
    "tanh": _same("Tanh"),
    "tile": _tiled,
}
"""What each operator of PyTorch is in ONNX, from its arguments."""
