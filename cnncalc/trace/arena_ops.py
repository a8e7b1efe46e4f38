"""The ops that rows become in TensorFlow Lite's converter, and the tensors that they write.

Nothing works in place there. An activation that clips is free behind an op that does it, where
nothing else reads between them; a norm is so behind weights. What a concat joins has one scale, and
so has what a pool gives: where one's is fixed the others are copied first, and so is one that
another concat joins later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from cnncalc.numbers.working import plain, product
from cnncalc.trace.arena_order import in_order
from cnncalc.trace.memory import rounded_up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cnncalc.trace.rows import Row

ALIGNED = 16
"""A buffer begins at a multiple of so many bytes."""

FREE = ("reference", "identity", "dropout", "output")
"""Rows that hand on what they read."""

CLIPS = ("relu", "relu6")
LEARNED = ("conv", "dwconv", "deconv", "fc", "linear", "local")
POOLS = ("maxpool", "avgpool")
CLIPPING = (*LEARNED, "add", "mul", *POOLS)
"""What makes a tensor and can clip it."""

WIDE = ("elu", "gelu", "mish")
"""Activations that run in float32, between two conversions."""

FIXED = ("sigmoid", "tanh", "softmax", "hardsigmoid")
"""Ops whose outputs have a scale of their own."""

ROOTED = (*LEARNED, "bn", "prelu", "crop", "pad", "upsample", "gap", "flatten")
"""Kinds whose ops have weights, or other constants."""

REDUCES = ("gap", "gmp", "channelmean", "channelmax")


class OpTensor:
    """What an op writes: its bytes, the op that `by` names, its row, and while which ops it is."""

    def __init__(self, size: int, by: str, row: int, op: int) -> None:
        self.size = rounded_up(size, ALIGNED)
        self.by = by
        self.row = row
        self.first = self.last = op


class Ops:
    """The ops of rows: `spans` are the first and last op of each row, `scratch` an op's needs.

    `filters` are those of each op with weights; `constants` count what is read and never written.
    `joined` says how many concats join what has the scale of each row, where that is known.
    """

    def __init__(self, rows: Sequence[Row], joined: Mapping[int, int] | None = None) -> None:
        self.rows = rows
        self.count = 0
        self.tensors: list[OpTensor] = []
        self.scratch: list[tuple[int, int]] = []
        self.filters: list[int] = []
        self.constants = 0
        self.spans: list[tuple[int, int]] = []
        self.joined: dict[int, int] = {}
        self._left = dict(joined or {})
        self._of: list[OpTensor | None] = []  # what each row hands on
        self._pools: dict[tuple[int, str], OpTensor] = {}
        self._sums: dict[int, OpTensor] = {}  # of joins of three or more, as far as they go
        self._readers = [0] * len(rows)
        self._due: dict[int, list[tuple[Row, int]]] = {}
        for row in rows:
            for read in row.inputs:
                self._readers[read] += not row.aux
            if row.kind in ("add", "mul"):
                for place in range(1, len(row.inputs) - 1):
                    ready = max(row.inputs[: place + 1])
                    self._due.setdefault(ready, []).append((row, place))
        ends = [tensor for row in rows if (tensor := self._take(row)) and row.kind == "output"]
        ends += [tensor for tensor in self._of if tensor][-1:]
        for end in ends:
            end.last = max(self.count - 1, 0)

    def _take(self, row: Row) -> OpTensor | None:
        """Make the ops of a row, and the sums that it was waited for."""
        first = self.count
        made = None
        if not row.aux:
            made = self._made(row, [self._read(each) for each in row.inputs])
        self._of.append(made)
        self.spans.append((min(first, max(self.count - 1, 0)), max(self.count - 1, first, 0)))
        for join, place in self._due.get(row.index, ()):
            if not join.aux:
                before = self._sums.get(join.index) or self._read(join.inputs[0])
                reads = [before, self._read(join.inputs[place])]
                self._sums[join.index] = self._op(join, reads, join.kind)
        return made

    def _read(self, index: int) -> OpTensor:
        return cast("OpTensor", self._of[index])  # a row that is no side branch reads none of one

    def _tensor(self, size: int, by: str, row: Row) -> OpTensor:
        made = OpTensor(size, by, row.index, self.count)
        self.tensors.append(made)
        return made

    def _op(
        self, row: Row, reads: Sequence[OpTensor], by: str, size: int | None = None
    ) -> OpTensor:
        """Return what an op writes that reads tensors: the output of a row, or so many bytes."""
        for read in reads:
            read.last = self.count
        made = self._tensor(_values(row) if size is None else size, by, row)
        self.count += 1
        return made

    def _is_alone(self, row: Row) -> bool:
        """Whether nothing but a row reads what it does."""
        read = row.inputs[0]
        while self._readers[read] == 1:
            before = self.rows[read]
            if before.kind not in ("identity", "dropout"):
                return before.kind not in FREE
            read = before.inputs[0]
        return False

    def _made(self, row: Row, reads: list[OpTensor]) -> OpTensor:
        """Return the tensor that a row hands on."""
        kind = row.kind
        if kind == "input":
            made = self._tensor(_values(row), kind, row)
            made.first = 0
            return made
        one = reads[0]
        if kind in FREE or (kind == "flatten" and all(each == 1 for each in row.input[:-1])):
            return one
        if kind in CLIPS and one.by in CLIPPING and self._is_alone(row):
            one.by = kind
            return one
        if kind == "bn":
            if one.by in LEARNED and self._is_alone(row):
                return one
            self.constants += 2
            return self._op(row, [self._op(row, reads, "mul")], "add")
        if kind == "silu":
            return self._op(row, [one, self._op(row, reads, "sigmoid")], "mul")
        if kind in WIDE:
            size = 4 * _values(row)
            wide = self._op(row, [self._op(row, reads, "float", size)], kind, size)
            return self._op(row, [wide], "int")
        if kind == "concat":
            return self._concat(row, reads)
        if kind in ("add", "mul") and len(reads) > 1:
            return self._op(row, [self._sums.get(row.index, one), reads[-1]], kind)
        if kind in POOLS:
            key = (id(one), row.layer)
            if key not in self._pools:
                self._pools[key] = self._op(row, self._padded(row, one), kind)
            return self._pools[key]
        if kind in LEARNED:
            return self._learned(row, one)
        if kind in REDUCES:
            rank, axes = len(row.input) + 1, len(row.input) - 1
            needs = (4 * _values(row),) if kind == "gap" else ()
            self.scratch += [(self.count, each) for each in (*needs, 4 * rank, 4 * axes)]
        self.constants += kind in ("flatten", "pad", *REDUCES)
        return self._op(row, reads, kind)

    def _concat(self, row: Row, reads: list[OpTensor]) -> OpTensor:
        """Join tensors, after a copy of each whose scale is another."""
        scales = [self._scale(each) for each in reads]
        for scale in {*scales}:
            self.joined[scale] = self.joined.get(scale, 0) + 1
            self._left[scale] = self._left.get(scale, 1) - 1
        fixed = next((each.by for each in reads if each.by in FIXED), None)
        copied = [
            self._op(row, [each], "copy", each.size)
            if (fixed and each.by != fixed) or self._left[scale] > 0
            else each
            for each, scale in zip(reads, scales, strict=True)
        ]
        return self._op(row, copied, "concat")

    def _scale(self, one: OpTensor) -> int:
        """Return the row whose scale a tensor has: that of what a pool reads."""
        while self.rows[one.row].kind in POOLS:
            one = self._read(self.rows[one.row].inputs[0])
        return one.row

    def _learned(self, row: Row, one: OpTensor) -> OpTensor:
        """Multiply by weights."""
        reads = self._padded(row, one)
        if row.kind == "deconv":
            self.scratch.append((self.count, 4 * _values(row)))
        self.constants += 2
        self.filters.append(int(plain(row.output[-1])))
        return self._op(row, reads, row.kind)

    def _padded(self, row: Row, one: OpTensor) -> list[OpTensor]:
        """Return what windows read: a padded copy, where their padding is not that of 'same'."""
        words = row.node.named  # type: ignore[union-attr]
        axes = range(len(row.input) - 1)
        if row.kind == "deconv" or not any(words.get(each) for each in ("padding", "causal")):
            return [one]
        sides = []
        is_same = True
        for axis in axes:
            kernel, stride, dilation = (
                _along(words.get(each, 1), axis) for each in ("kernel", "stride", "dilation")
            )
            here = _along(words["padding"], axis)
            pair = here if isinstance(here, tuple) else (here, here)
            pair = (dilation * (kernel - 1), 0) if words.get("causal") else pair
            size = row.input[axis]
            same = max((-(-size // stride) - 1) * stride + dilation * (kernel - 1) + 1 - size, 0)
            is_same &= pair == (same // 2, same - same // 2)
            sides.append(sum(pair))
        if is_same or not any(sides):
            return [one]
        padded = (n + side for n, side in zip(row.input, sides, strict=False))
        self.constants += 1
        size = int(plain(product((*padded, row.input[-1]))))
        return [self._op(row, [one], "pad", size)]


def ops_of(rows: Sequence[Row]) -> Ops:
    """Return the ops of rows in the order of their converter; `spans` are still row by row."""
    order = in_order(rows, FREE, ROOTED)
    place = {row: number for number, row in enumerate(order)}
    put = [
        rows[each]._replace(index=number, inputs=tuple(place[read] for read in rows[each].inputs))
        for number, each in enumerate(order)
    ]
    ops = Ops(put, Ops(put).joined)
    ops.spans = [ops.spans[place[row.index]] for row in rows]
    for tensor in ops.tensors:
        tensor.row = order[tensor.row]
    return ops


def _values(row: Row) -> int:
    return int(plain(product(row.output)))


def _along(value: Any, axis: int) -> Any:
    """Return what a parameter is along an axis: its one number stands for all."""
    if not isinstance(value, tuple):
        return value
    return value[axis] if len(value) > 1 else value[0]
