"""What each function or method of tensors makes: the one table of them.

Each takes the reading and the call.
"""

from __future__ import annotations

import ast
from math import prod
from typing import TYPE_CHECKING, TypeAlias

from cnncalc.importing.layers import make
from cnncalc.importing.python import borders, layouts
from cnncalc.importing.python.tensor_calls import TensorCall
from cnncalc.importing.python.tensor_values import Learned, Tensor
from cnncalc.kinds.pytorch import MODULES
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.importing.python.tensor_run import TensorRun
    from cnncalc.importing.python.values import Value

TensorFunction: TypeAlias = "Callable[[TensorRun, TensorCall], Value]"


def _listed(run: TensorRun, call: TensorCall) -> Value:
    """Return the values of a tensor, where they are known."""
    tensor = call.tensor
    if not isinstance(tensor, Learned) or tensor.values is None:
        return run.machine.unknown(_("it depends on the values of a tensor"))
    return list(tensor.values) if tensor.sizes else tensor.values[0]


def _size(run: TensorRun, call: TensorCall) -> Value:
    sizes = run.shapes.tensor_sizes(call.tensor)
    at = call.axis(0, None)
    return sizes if at is None else sizes[run.shapes.place(at, len(sizes))]


def _transposed(run: TensorRun, call: TensorCall) -> Value:
    rank = run.shapes.rank(call.tensor)
    one, other = (run.shapes.place(call.get(at, f"dim{at}"), rank) for at in (0, 1))
    order = list(range(rank))
    order[one], order[other] = order[other], order[one]
    return run.shapes.permuted(call.tensor, order)


def _reduce(how: str) -> TensorFunction:
    def reduce(run: TensorRun, call: TensorCall) -> Value:
        tensor, rest, _names = call
        if rest and isinstance(rest[0], Tensor):  # torch.max(a, b)
            return run.joins.joined("max", "" if how == "max" else how, [tensor, rest[0]])
        axis, keep = call.axis(0, None), call.get(1, "keepdim", "keepdims", default=False)
        if how in ("mean", "sum") and len(rest) > 1 and all(type(n) is int for n in rest):
            axis, keep = tuple(rest), call._replace(rest=[]).get(1, "keepdim", "keepdims")
        made = run.moves.reduced(tensor, how, axis, keep)
        if how in ("max", "min") and axis is not None:
            return made, run.machine.unknown(_("it depends on the values of a tensor"))
        return made

    return reduce


def _expanded(run: TensorRun, call: TensorCall) -> Value:
    if call.rest and isinstance(call.rest[0], Tensor | Learned):
        wanted = list(run.shapes.tensor_sizes(call.rest[0]))
    else:
        wanted = run.shapes.whole_sizes(call.several("size"))
    tensor = call.tensor
    own = run.shapes.tensor_sizes(tensor)
    wide = (1,) * (len(wanted) - len(own)) + own
    made = tuple(n if to == -1 else to for n, to in zip(wide, wanted, strict=True))
    if isinstance(tensor, Learned):
        return Learned(made, tensor.of)
    if made == own:
        return tensor
    tensor = run.nodes.with_view(tensor, ((),) * (len(wanted) - len(own)) + tensor.view)
    channels = layouts.channels_at(tensor.view, run.nodes.volume(tensor))
    settled = run.nodes.settled(tensor, 1 if channels is None else channels)
    found = run.joins.widened(settled, made).tensor
    found.narrow = tensor
    return found


def _repeated(run: TensorRun, call: TensorCall) -> Value:
    times = run.shapes.whole_sizes(call.several("repeats"))
    tensor = call.tensor
    own = run.shapes.tensor_sizes(tensor)
    wide = (1,) * (len(times) - len(own)) + own
    made = tuple(n * to for n, to in zip(wide, times, strict=True))
    if isinstance(tensor, Learned):
        return Learned(made, tensor.of)
    if made == own:
        return tensor
    if all(n in (1, to) for n, to in zip(wide, made, strict=True)):
        return _expanded(run, TensorCall(tensor, list(made)))
    raise run.machine.fault(_("this is not made wider here"))


def _used(run: TensorRun, weight: Value, bias: Value) -> str:
    """Return the name of a layer's weights, used with its bias; '' for what is not learned so."""
    if not isinstance(weight, Learned) or weight.whole != prod(weight.sizes):
        return ""
    run.weights.use(weight)
    if isinstance(bias, Learned):
        run.weights.use(bias)
    (key, *_rest) = weight.keys
    return f"p{key}"


def _unlearned(run: TensorRun) -> Value:
    return run.machine.unknown(_("its weights are not learned one by one"))


def _convolved(entry: str) -> TensorFunction:
    words: tuple[str, ...] = ("weight", "bias", "stride", "padding", "dilation", "groups")
    is_turned = entry.startswith("ConvT")
    if is_turned:
        words = ("weight", "bias", "stride", "padding", "output_padding", "groups", "dilation")

    def convolve(run: TensorRun, call: TensorCall) -> Value:
        given = call.bound(*words)
        weight, bias = given.pop("weight", None), given.pop("bias", None)
        name = _used(run, weight, bias)
        if not name:
            return _unlearned(run)
        groups = given.get("groups", 1)
        one, other, *kernel = weight.sizes
        values = {
            "in_channels": one if is_turned else other * groups,
            "out_channels": other * groups if is_turned else one,
            "kernel_size": tuple(kernel),
            "bias": isinstance(bias, Learned),
            **given,
        }
        return run.modules.apply(run.making.bound(MODULES[entry], [], values), call.tensor, name)

    return convolve


def _linear(run: TensorRun, call: TensorCall) -> Value:
    weight, bias = call.get(0, "weight"), call.get(1, "bias")
    name = _used(run, weight, bias)
    if not name:
        return _unlearned(run)
    gives, takes = weight.sizes
    nobias = not isinstance(bias, Learned)
    return run.products.linear(call.tensor, takes, gives, name, nobias=nobias)


def _prelu(run: TensorRun, call: TensorCall) -> Value:
    return run.products.tensor_operator(ast.Mult, call.tensor, call.rest[0])


def _layer_norm(run: TensorRun, call: TensorCall) -> Value:
    weight, bias = call.get(1, "weight"), call.get(2, "bias")
    if not isinstance(weight, Learned):
        return _unlearned(run)
    settled = run.nodes.settled(call.tensor, len(call.tensor.view) - 1)
    run.weights.use(weight)
    if isinstance(bias, Learned):
        run.weights.use(bias)
    (key, *_rest) = weight.keys
    layer = make("ln", nobias=not isinstance(bias, Learned))
    return run.nodes.layer_behind(settled, layer, f"p{key}")


def _instance_norm(run: TensorRun, call: TensorCall) -> Value:
    if call.names.get("weight") is not None:
        return _unlearned(run)
    return run.nodes.layer_behind(run.nodes.settled(call.tensor, 1), make("in"))


def _attended(run: TensorRun, call: TensorCall) -> Value:
    """Return scaled dot products: of queries and keys, and of what they come to and values."""
    keys, values = run.machine.need(call.get(0, "key")), call.get(1, "value")
    weights = run.products.product(call.tensor, _transposed(run, TensorCall(keys, [-2, -1])))
    weighed = run.functional("softmax", [weights], {"dim": -1})
    return run.products.product(weighed, run.machine.need(values))


def _gated(run: TensorRun, call: TensorCall) -> Value:
    """Return one half of a tensor's values, gated by the other."""
    axis = call.axis(0, -1)
    sizes = run.shapes.tensor_sizes(call.tensor)
    half = sizes[run.shapes.place(axis, len(sizes))] // 2
    one, gate = run.moves.split_up(call.tensor, [half] * 2, axis)
    return run.operations.operate(ast.Mult, one, run.functional("sigmoid", [gate], {}))


def _gathered(run: TensorRun, call: TensorCall) -> Value:
    """Return learned numbers by known places: as many as those are."""
    tensor, index = call.tensor, call.get(1, "index")
    if not isinstance(tensor, Learned) or not isinstance(index, Learned):
        return run.machine.unknown(_("it depends on the values of a tensor"))
    return Learned(index.sizes, tensor.of)


def _unbound(run: TensorRun, call: TensorCall) -> Value:
    """Return each place of a dimension, without the dimension."""
    sizes = run.shapes.tensor_sizes(call.tensor)
    place = run.shapes.place(call.axis(0, 0), len(sizes))
    return tuple(run.moves.selected(call.tensor, place, at) for at in range(sizes[place]))


def _narrowed(run: TensorRun, call: TensorCall) -> Value:
    """Return so many places of a dimension, from one on."""
    axis, start, count = call.rest
    place = run.shapes.place(axis, run.shapes.rank(call.tensor))
    return run.moves.cut(call.tensor, place, start, start + count)


def _selected(run: TensorRun, call: TensorCall) -> Value:
    place = run.shapes.place(call.rest[0], run.shapes.rank(call.tensor))
    return run.moves.selected(call.tensor, place, call.rest[1])


def _averaged(run: TensorRun, call: TensorCall) -> Value:
    """Return a pool of norms as one of means, which has its sizes."""
    names = {name: each for name, each in call.names.items() if name != "norm_type"}
    made: Value = run.functional("avg_pool2d", [call.tensor, *call.rest[1:]], names)
    run.nodes.graph.tell_stand_in("lp_pool2d", made.node)
    return made


def _cosine(run: TensorRun, call: TensorCall) -> Value:
    both = run.operations.operate(ast.Mult, call.tensor, call.rest[0])
    return run.moves.reduced(both, "sum", call.axis(1, 1), keep=False)


def _distance(run: TensorRun, call: TensorCall) -> Value:
    apart = run.operations.operate(ast.Sub, call.tensor, call.rest[0])
    return run.moves.reduced(apart, "norm", -1, call.names.get("keepdim", False))


def _matmul(run: TensorRun, call: TensorCall) -> Value:
    return run.products.product(call.tensor, call.rest[0])


TENSOR: dict[str, Callable[..., Value]] = {
    "size": _size,
    **dict.fromkeys(("dim", "ndimension"), lambda run, call: run.shapes.rank(call.tensor)),
    "numel": lambda run, call: prod(run.shapes.tensor_sizes(call.tensor)),
    "view": lambda run, call: run.shapes.reshaped(call.tensor, call.several("size")),
    "reshape": lambda run, call: run.shapes.reshaped(call.tensor, call.several("shape")),
    "view_as": lambda run, call: run.shapes.reshaped(
        call.tensor, run.shapes.tensor_sizes(call.rest[0])
    ),
    "flatten": lambda run, call: run.shapes.flattened(
        call.tensor, call.get(0, "start_dim", default=0), call.get(1, "end_dim", default=-1)
    ),
    "permute": lambda run, call: run.shapes.permuted(call.tensor, call.several("dims")),
    **dict.fromkeys(("transpose", "swapaxes"), _transposed),
    "t": lambda run, call: run.shapes.permuted(call.tensor, [1, 0]),
    "squeeze": lambda run, call: run.shapes.squeezed(call.tensor, call.several("dim")),
    "unsqueeze": lambda run, call: run.shapes.unsqueezed(call.tensor, call.axis(0, 0)),
    "unflatten": lambda run, call: run.modules.unflattened(call.tensor, *call.rest[:2]),
    **{how: _reduce(how) for how in "mean sum max min amax amin std var norm".split()},
    "chunk": lambda run, call: run.moves.chunked(
        call.tensor, call.get(0, "chunks"), call.axis(1, 0)
    ),
    "split": lambda run, call: run.moves.split(
        call.tensor, call.get(0, "split_size_or_sections", "split_size"), call.axis(1, 0)
    ),
    "narrow": _narrowed,
    "select": _selected,
    "unbind": _unbound,
    **dict.fromkeys(("expand", "expand_as"), _expanded),
    **dict.fromkeys(("repeat", "tile"), _repeated),
    **dict.fromkeys(("matmul", "bmm", "mm"), _matmul),
    "pad": borders.padded,
    **dict.fromkeys(("interpolate", "upsample"), borders.interpolated),
    "conv1d": _convolved("Conv1d"),
    "conv2d": _convolved("Conv2d"),
    "conv3d": _convolved("Conv3d"),
    "conv_transpose2d": _convolved("ConvTranspose2d"),
    "linear": _linear,
    "prelu": _prelu,
    "layer_norm": _layer_norm,
    "instance_norm": _instance_norm,
    "batch_norm": lambda run, _call: _unlearned(run),
    "new_zeros": lambda run, call: run.constants.constant("zeros", call.rest, call.names),
    "new_ones": lambda run, call: run.constants.constant("ones", call.rest, call.names),
    **dict.fromkeys(("item", "tolist"), _listed),
    "scaled_dot_product_attention": _attended,
    "glu": _gated,
    "im2col": borders.unfolded,
    "max_unpool2d": borders.unpooled,
    "gather": _gathered,
    "lp_pool2d": _averaged,
    "cosine_similarity": _cosine,
    "pairwise_distance": _distance,
}
"""What each function or method of tensors makes."""
