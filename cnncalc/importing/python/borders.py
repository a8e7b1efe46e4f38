"""Functions of maps that set other sizes: borders, resizes, windows of values, and unpooling.

Each takes the reading and the call.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from cnncalc.importing.layers import each_axis, make, side
from cnncalc.importing.python.tensor_values import Learned
from cnncalc.kinds.pytorch import MODULES
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from cnncalc.importing.python.tensor_calls import TensorCall
    from cnncalc.importing.python.tensor_run import TensorRun
    from cnncalc.importing.python.values import Value


def padded(run: TensorRun, call: TensorCall) -> Value:
    """Return a map with a border: numbers before and after, the last dimension first."""
    tensor, pads = call.tensor, run.shapes.whole_sizes([call.get(0, "pad")])
    mode = call.get(1, "mode", default="constant")
    sizes = run.shapes.tensor_sizes(tensor)
    if isinstance(tensor, Learned):
        made = list(sizes)
        for at in range(len(pads) // 2):
            made[-1 - at] += sum(pads[2 * at : 2 * at + 2])
        return Learned(tuple(made), tensor.of)
    if not any(pads):
        return tensor
    if len(pads) % 2 or len(pads) > 2 * (len(sizes) - 1):
        raise run.machine.fault(_("this size is not known"))
    flag = {"constant": "", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}
    if mode not in flag:
        raise run.machine.fault(_("this size is not known"))
    pairs = {len(sizes) - 1 - at: (pads[2 * at], pads[2 * at + 1]) for at in range(len(pads) // 2)}
    last = tensor.last or len(sizes) <= 2
    channels = len(sizes) - 1 if last else 1
    if any(pairs.get(channels, ())):  # zeros for channels
        channels = next((at for at in range(1, len(sizes)) if not any(pairs.get(at, ()))), channels)
    settled = run.nodes.settled(tensor, channels)
    node = settled.tensor.node

    for name, sign in (("pad", 1), ("crop", -1)):
        around = [
            tuple(max(sign * each, 0) for each in pairs.get(place, (0, 0)))
            for place in settled.order[:-1]
        ]
        if any(map(any, around)):
            more = {flag[mode]: True} if flag[mode] and name == "pad" else {}
            size = each_axis(side(*each) for each in around)
            node = run.nodes.add_layer(make(name, size=size, **more), node)
    return run.nodes.laid_out(settled, node)


def interpolated(run: TensorRun, call: TensorCall) -> Value:
    """Return a map at another size, by a factor or to a size."""
    tensor = call.tensor
    given = call.bound("size", "scale_factor", "mode", "align_corners")
    sides = run.shapes.rank(tensor) - 2
    if isinstance(given.get("size"), list | tuple) and len(given["size"]) > sides:
        given["size"] = given["size"][-sides:]
    spec = run.making.bound(MODULES["Upsample"], [], given)
    if isinstance(tensor, Learned):
        return run.constants.sized(tensor, lambda stand_in: run.modules.apply(spec, stand_in))
    return run.modules.apply(spec, tensor)


def unfolded(run: TensorRun, call: TensorCall) -> Value:
    """Return the values under each place of a window as channels, place by place."""
    words = ("kernel_size", "dilation", "padding", "stride")
    given, tensor = call.bound(*words), call.tensor
    batch, channels, *sides = run.shapes.tensor_sizes(tensor)
    kernel, dilation, padding, stride = (
        (run.shapes.whole_sizes([given.get(word, default)]) * 2)[:2]
        for word, default in zip(words, (1, 1, 0, 1), strict=True)
    )
    places = [
        (n + 2 * padding[at] - dilation[at] * (kernel[at] - 1) - 1) // stride[at] + 1
        for at, n in enumerate(sides)
    ]
    if len(sides) != 2 or min(places) < 1:
        raise run.machine.fault(_("this size is not known"))
    made = (batch, channels * prod(kernel), prod(places))
    return run.nodes.opaque("Unfold", [run.nodes.settled(tensor, 1).tensor.node], made, learned=0)


def unpooled(run: TensorRun, call: TensorCall) -> Value:
    """Return a map whose values go back to where they were pooled from: no layer here."""
    given = call.bound("indices", "kernel_size", "stride", "padding", "output_size")
    *outer, high, wide = run.shapes.tensor_sizes(call.tensor)
    sizes = given.get("output_size")
    if sizes is None:
        kernel = run.shapes.whole_sizes([given.get("kernel_size")])
        stride = run.shapes.whole_sizes([given.get("stride") or given.get("kernel_size")])
        padding = run.shapes.whole_sizes([given.get("padding", 0)])
        sizes = [
            (n - 1) * stride[at % len(stride)]
            - 2 * padding[at % len(padding)]
            + kernel[at % len(kernel)]
            for at, n in enumerate((high, wide))
        ]
    made = [*outer, *run.shapes.whole_sizes([list(sizes)[-2:]])]
    return run.nodes.opaque("MaxUnpool", [call.tensor.node], made, learned=0)
