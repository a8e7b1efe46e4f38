"""The order in which TensorFlow Lite's converter writes the ops of a network: by their names.

A graph is walked depth-first, what reads a tensor from the last name to the first, and laid out
in the reverse of the order in which ops are left. What begins with weights begins a walk of its
own; in TensorFlow its name begins with that of its model, by which it comes before the input's
walk or after it. Names are labels, else what Keras calls a layer; of equals the first goes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from cnncalc.trace.rows import Row

INPUT = "input_layer"
"""What Keras calls an input, and the name that a model's is compared with."""

MODEL = "functional"
"""What Keras calls a model that has no name of its own."""

_KERAS = {
    "concat": "concatenate",
    "mul": "multiply",
    "max": "maximum",
    "conv": "conv2d",
    "dwconv": "depthwise_conv2d",
    "deconv": "conv2d_transpose",
    "fc": "dense",
    "linear": "dense",
    "maxpool": "max_pooling2d",
    "avgpool": "average_pooling2d",
    "gap": "global_average_pooling2d",
    "gmp": "global_max_pooling2d",
    "bn": "batch_normalization",
    "pad": "zero_padding2d",
    "crop": "cropping2d",
    "upsample": "up_sampling2d",
    "leakyrelu": "leaky_re_lu",
    "relu6": "re_lu",
}
"""What Keras calls layers, where that is not what they are called here."""


def in_order(rows: Sequence[Row], free: Collection[str], rooted: Collection[str]) -> list[int]:
    """Return the rows of a network in the order of their ops.

    Rows of `free` kinds make no op: they stand behind what they hand on. Those of `rooted` kinds
    have weights, or other constants, by which a walk begins.
    """
    source = list(range(len(rows)))  # the row that makes what a row hands on
    handed: dict[int, list[int]] = {}
    readers: dict[int, set[int]] = {}
    for row in rows:
        if row.kind in free and row.inputs:
            source[row.index] = source[row.inputs[0]]
            handed.setdefault(row.inputs[0], []).append(row.index)
        elif not row.aux:
            for read in row.inputs:
                readers.setdefault(source[read], set()).add(row.index)
    model = rows[0].forward.model or MODEL
    names = {row.index: f"{row.label or _KERAS.get(row.kind, row.kind)}/" for row in rows}

    def named(index: int) -> tuple[str, int]:
        return names[index], index

    inputs = [row.index for row in rows if row.kind == "input"]
    weights = [row.index for row in rows if row.kind in rooted and not row.aux]
    starts = [sorted(inputs, key=named), sorted(weights, key=named)]
    if model < INPUT:
        starts.reverse()
    left: list[int] = []
    seen: set[int] = set()
    waiting = [(index, False) for each in starts for index in each]
    while waiting:
        index, is_done = waiting.pop()
        if is_done:
            left.append(index)
        elif index not in seen:
            seen.add(index)
            waiting.append((index, True))
            waiting += ((each, False) for each in sorted(readers.get(index, ()), key=named))
    found: list[int] = []
    placed: set[int] = set()
    for start in (*reversed(left), *range(len(rows))):
        behind = [start]
        while behind:
            index = behind.pop()
            if index not in placed and all(read in placed for read in rows[index].inputs):
                placed.add(index)
                found.append(index)
                behind += reversed(handed.get(index, []))
    return found
