"""What each function or method of tensors makes: the one table of them.

Each takes the reading, the tensor, and what else it is called with by place and by name.
"""

from __future__ import annotations

import ast
from math import prod
from typing import TYPE_CHECKING, TypeAlias

from cnncalc.importing.layers import make
from cnncalc.importing.python import borders, layouts
from cnncalc.importing.python.values import Learned, Tensor, Value
from cnncalc.kinds.pytorch import MODULES
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.importing.python.tensor_run import TensorRun

TensorFunction: TypeAlias = "Callable[[TensorRun, Value, list[Value], dict[str, Value]], Value]"


def _axis(rest: list[Value], names: dict[str, Value], place: int, default: Value) -> Value:
    for word in ("dim", "axis"):
        if word in names:
            return names[word]
    return rest[place] if len(rest) > place else default


def _listed(run: TensorRun, tensor: Value, _rest: list[Value], _names: dict[str, Value]) -> Value:
    """Return the values of a tensor, where they are known."""
    if not isinstance(tensor, Learned) or tensor.values is None:
        return run.machine.unknown(_("it depends on the values of a tensor"))
    return list(tensor.values) if tensor.sizes else tensor.values[0]


def _size(run: TensorRun, tensor: Value, rest: list[Value], names: dict[str, Value]) -> Value:
    sizes = run.shapes.tensor_sizes(tensor)
    at = _axis(rest, names, 0, None)
    return sizes if at is None else sizes[run.shapes.place(at, len(sizes))]


def _several(rest: list[Value], names: dict[str, Value], *words: str) -> list[Value]:
    return rest or [names[word] for word in words if word in names]


def _transposed(run: TensorRun, tensor: Value, rest: list[Value], names: dict[str, Value]) -> Value:
    rank = len(run.shapes.tensor_sizes(tensor))
    one = run.shapes.place(rest[0] if rest else names.get("dim0"), rank)
    other = run.shapes.place(rest[1] if len(rest) > 1 else names.get("dim1"), rank)
    order = list(range(rank))
    order[one], order[other] = order[other], order[one]
    return run.shapes.permuted(tensor, order)


def _reduce(how: str) -> TensorFunction:
    def reduce(run: TensorRun, tensor: Value, rest: list[Value], names: dict[str, Value]) -> Value:
        if rest and isinstance(rest[0], Tensor):  # torch.max(a, b)
            return run.joins.joined("max", "" if how == "max" else how, [tensor, rest[0]])
        axis = _axis(rest, names, 0, None)
        if how in ("mean", "sum") and len(rest) > 1 and all(type(n) is int for n in rest):
            axis, rest = tuple(rest), []
        keep = names.get("keepdim", names.get("keepdims", rest[1] if len(rest) > 1 else False))
        made = run.moves.reduced(tensor, how, axis, keep)
        pair = how in ("max", "min") and axis is not None
        return (
            (made, run.machine.unknown(_("it depends on the values of a tensor"))) if pair else made
        )

    return reduce


def _expanded(run: TensorRun, tensor: Value, rest: list[Value], names: dict[str, Value]) -> Value:
    if rest and isinstance(rest[0], Tensor | Learned):
        wanted = list(run.shapes.tensor_sizes(rest[0]))
    else:
        wanted = run.shapes.whole_sizes(_several(rest, names, "size"))
    own = run.shapes.tensor_sizes(tensor)
    wide = (1,) * (len(wanted) - len(own)) + own
    made = tuple(n if to == -1 else to for n, to in zip(wide, wanted, strict=True))
    if isinstance(tensor, Learned):
        return Learned(made, tensor.of)
    if made == own:
        return tensor
    tensor = run.shapes.with_view(tensor, ((),) * (len(wanted) - len(own)) + tensor.view)
    channels = layouts.channels_at(tensor.view, run.shapes.volume(tensor))
    settled = run.shapes.settled(tensor, 1 if channels is None else channels)
    found = run.joins.widened(settled, made).tensor
    found.narrow = tensor
    return found


def _repeated(run: TensorRun, tensor: Value, rest: list[Value], names: dict[str, Value]) -> Value:
    times = run.shapes.whole_sizes(_several(rest, names, "repeats"))
    own = run.shapes.tensor_sizes(tensor)
    wide = (1,) * (len(times) - len(own)) + own
    made = tuple(n * to for n, to in zip(wide, times, strict=True))
    if isinstance(tensor, Learned):
        return Learned(made, tensor.of)
    if made == own:
        return tensor
    if all(n in (1, to) for n, to in zip(wide, made, strict=True)):
        return _expanded(run, tensor, list(made), {})
    raise run.machine.fault(_("this is not made wider here"))


def _convolved(entry: str) -> TensorFunction:
    def convolve(
        run: TensorRun, tensor: Value, rest: list[Value], names: dict[str, Value]
    ) -> Value:
        words: tuple[str, ...] = ("weight", "bias", "stride", "padding", "dilation", "groups")
        if entry.startswith("ConvT"):
            words = ("weight", "bias", "stride", "padding", "output_padding", "groups", "dilation")
        given = {**dict(zip(words, rest, strict=False)), **names}
        weight, bias = given.pop("weight", None), given.pop("bias", None)
        if not isinstance(weight, Learned) or weight.whole != prod(weight.sizes):
            return run.machine.unknown(_("its weights are not learned one by one"))
        groups = given.get("groups", 1)
        run.weights.use(weight)
        one, other, *kernel = weight.sizes
        other *= groups
        if entry.startswith("ConvT"):
            one, other = weight.sizes[1] * groups, weight.sizes[0]
        values = {
            "in_channels": other,
            "out_channels": one,
            "kernel_size": tuple(kernel),
            "bias": isinstance(bias, Learned),
            **given,
        }
        if isinstance(bias, Learned):
            run.weights.use(bias)
        (key, *_rest) = weight.keys
        return run.modules.apply(run.making.bound(MODULES[entry], [], values), tensor, f"p{key}")

    return convolve


def _linear(run: TensorRun, tensor: Value, rest: list[Value], names: dict[str, Value]) -> Value:
    weight = rest[0] if rest else names.get("weight")
    bias = rest[1] if len(rest) > 1 else names.get("bias")
    if not isinstance(weight, Learned) or weight.whole != prod(weight.sizes):
        return run.machine.unknown(_("its weights are not learned one by one"))
    run.weights.use(weight)
    (key, *_rest) = weight.keys
    gives, takes = weight.sizes
    if isinstance(bias, Learned):
        run.weights.use(bias)
    return run.products.linear(
        tensor, takes, gives, f"p{key}", nobias=not isinstance(bias, Learned)
    )


def _prelu(run: TensorRun, tensor: Value, rest: list[Value], _names: dict[str, Value]) -> Value:
    return run.products.tensor_operator(ast.Mult, tensor, rest[0])


def _norm(kind: str) -> TensorFunction:
    def norm(run: TensorRun, tensor: Value, rest: list[Value], names: dict[str, Value]) -> Value:
        weight = names.get("weight", rest[1] if kind == "ln" and len(rest) > 1 else None)
        bias = names.get("bias", rest[2] if kind == "ln" and len(rest) > 2 else None)
        if kind == "in" and weight is None:
            settled = run.shapes.settled(tensor, 1)
            return run.shapes.laid_out(
                settled, run.shapes.add_layer(make("in"), settled.tensor.node)
            )
        if kind != "ln" or not isinstance(weight, Learned):
            return run.machine.unknown(_("its weights are not learned one by one"))
        settled = run.shapes.settled(tensor, len(tensor.view) - 1)
        run.weights.use(weight)
        if isinstance(bias, Learned):
            run.weights.use(bias)
        (key, *_rest) = weight.keys
        layer = make("ln", nobias=not isinstance(bias, Learned))
        return run.shapes.laid_out(
            settled, run.shapes.add_layer(layer, settled.tensor.node, "", f"p{key}")
        )

    return norm


def _attended(run: TensorRun, tensor: Value, rest: list[Value], names: dict[str, Value]) -> Value:
    """Return scaled dot products: of queries and keys, and of what they come to and values."""
    keys, values = ([*rest, names.get("key"), names.get("value")])[:2]
    weights = run.products.product(tensor, _transposed(run, run.machine.need(keys), [-2, -1], {}))
    return run.products.product(
        run.functional("softmax", [weights], {"dim": -1}), run.machine.need(values)
    )


def _gated(run: TensorRun, tensor: Value, rest: list[Value], names: dict[str, Value]) -> Value:
    """Return one half of a tensor's values, gated by the other."""
    axis = _axis(rest, names, 0, -1)
    size = run.shapes.tensor_sizes(tensor)[
        run.shapes.place(axis, len(run.shapes.tensor_sizes(tensor)))
    ]
    one, gate = run.moves.split_up(tensor, [size // 2] * 2, axis)
    return run.operations.operate(ast.Mult, one, run.functional("sigmoid", [gate], {}))


def _gathered(run: TensorRun, tensor: Value, rest: list[Value], names: dict[str, Value]) -> Value:
    """Return learned numbers by known places: as many as those are."""
    index = rest[1] if len(rest) > 1 else names.get("index")
    if not isinstance(tensor, Learned) or not isinstance(index, Learned):
        return run.machine.unknown(_("it depends on the values of a tensor"))
    return Learned(index.sizes, tensor.of)


def _unbound(run: TensorRun, tensor: Value, rest: list[Value], names: dict[str, Value]) -> Value:
    """Return each place of a dimension, without the dimension."""
    sizes = run.shapes.tensor_sizes(tensor)
    place = run.shapes.place(_axis(rest, names, 0, 0), len(sizes))
    return tuple(run.moves.selected(tensor, place, at) for at in range(sizes[place]))


def _averaged(run: TensorRun, tensor: Value, rest: list[Value], names: dict[str, Value]) -> Value:
    """Return a pool of norms as one of means, which has its sizes."""
    names = {name: each for name, each in names.items() if name != "norm_type"}
    made: Value = run.functional("avg_pool2d", [tensor, *rest[1:]], names)
    run.shapes.graph.tell_stand_in("lp_pool2d", made.node)
    return made


TENSOR: dict[str, Callable[..., Value]] = {
    "size": _size,
    "dim": lambda run, tensor, rest, names: len(run.shapes.tensor_sizes(tensor)),
    "ndimension": lambda run, tensor, rest, names: len(run.shapes.tensor_sizes(tensor)),
    "numel": lambda run, tensor, rest, names: prod(run.shapes.tensor_sizes(tensor)),
    "view": lambda run, tensor, rest, names: run.shapes.reshaped(
        tensor, _several(rest, names, "size")
    ),
    "reshape": lambda run, tensor, rest, names: run.shapes.reshaped(
        tensor, _several(rest, names, "shape")
    ),
    "view_as": lambda run, tensor, rest, names: run.shapes.reshaped(
        tensor, run.shapes.tensor_sizes(rest[0])
    ),
    "flatten": lambda run, tensor, rest, names: run.shapes.flattened(
        tensor,
        names.get("start_dim", rest[0] if rest else 0),
        names.get("end_dim", rest[1] if len(rest) > 1 else -1),
    ),
    "permute": lambda run, tensor, rest, names: run.shapes.permuted(
        tensor, _several(rest, names, "dims")
    ),
    "transpose": _transposed,
    "swapaxes": _transposed,
    "t": lambda run, tensor, rest, names: run.shapes.permuted(tensor, [1, 0]),
    "squeeze": lambda run, tensor, rest, names: run.shapes.squeezed(
        tensor, _several(rest, names, "dim")
    ),
    "unsqueeze": lambda run, tensor, rest, names: run.shapes.unsqueezed(
        tensor, _axis(rest, names, 0, 0)
    ),
    "unflatten": lambda run, tensor, rest, names: run.modules.unflattened(tensor, rest[0], rest[1]),
    "mean": _reduce("mean"),
    "sum": _reduce("sum"),
    "max": _reduce("max"),
    "min": _reduce("min"),
    "amax": _reduce("amax"),
    "amin": _reduce("amin"),
    "std": _reduce("std"),
    "var": _reduce("var"),
    "norm": _reduce("norm"),
    "chunk": lambda run, tensor, rest, names: run.moves.chunked(
        tensor, names.get("chunks", rest[0] if rest else None), _axis(rest, names, 1, 0)
    ),
    "split": lambda run, tensor, rest, names: run.moves.split(
        tensor,
        names.get("split_size_or_sections", names.get("split_size", rest[0] if rest else None)),
        _axis(rest, names, 1, 0),
    ),
    "narrow": lambda run, tensor, rest, names: run.moves.cut(
        tensor,
        run.shapes.place(rest[0], len(run.shapes.tensor_sizes(tensor))),
        rest[1],
        rest[1] + rest[2],
    ),
    "select": lambda run, tensor, rest, names: run.moves.selected(
        tensor, run.shapes.place(rest[0], len(run.shapes.tensor_sizes(tensor))), rest[1]
    ),
    "unbind": _unbound,
    "expand": _expanded,
    "expand_as": _expanded,
    "repeat": _repeated,
    "tile": _repeated,
    "matmul": lambda run, tensor, rest, names: run.products.product(tensor, rest[0]),
    "bmm": lambda run, tensor, rest, names: run.products.product(tensor, rest[0]),
    "mm": lambda run, tensor, rest, names: run.products.product(tensor, rest[0]),
    "pad": borders.padded,
    "interpolate": borders.interpolated,
    "upsample": borders.interpolated,
    "conv1d": _convolved("Conv1d"),
    "conv2d": _convolved("Conv2d"),
    "conv3d": _convolved("Conv3d"),
    "conv_transpose2d": _convolved("ConvTranspose2d"),
    "linear": _linear,
    "prelu": _prelu,
    "layer_norm": _norm("ln"),
    "instance_norm": _norm("in"),
    "batch_norm": _norm("bn"),
    "new_zeros": lambda run, tensor, rest, names: run.constants.constant("zeros", rest, names),
    "new_ones": lambda run, tensor, rest, names: run.constants.constant("ones", rest, names),
    "item": _listed,
    "tolist": _listed,
    "scaled_dot_product_attention": _attended,
    "glu": _gated,
    "im2col": borders.unfolded,
    "max_unpool2d": borders.unpooled,
    "gather": _gathered,
    "lp_pool2d": _averaged,
    "cosine_similarity": lambda run, tensor, rest, names: run.moves.reduced(
        run.operations.operate(ast.Mult, tensor, rest[0]),
        "sum",
        _axis(rest, names, 1, 1),
        keep=False,
    ),
    "pairwise_distance": lambda run, tensor, rest, names: run.moves.reduced(
        run.operations.operate(ast.Sub, tensor, rest[0]), "norm", -1, names.get("keepdim", False)
    ),
}
"""What each function or method of tensors makes."""
