"""TensorFlow Lite Micro's arena: where each tensor of a network in int8 is laid.

The planner is greedy, as measured: the largest buffer first, each in the first gap among those that
are alive with it. So the head of the arena may be more than is ever held at once. Ops stand in the
order in which the converter meets them, which goes by names: others may come to another head.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.numbers.lettered import depends_on_letters
from cnncalc.numbers.working import are_numbers, shown
from cnncalc.trace.arena_ops import ALIGNED, Ops, ops_of
from cnncalc.trace.memory import Pass, rounded_up
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.numbers.working import Number, Working
    from cnncalc.trace.rows import Row


class Buffer(NamedTuple):
    """A tensor, or scratch: its bytes, and the first and the last op while which it is alive."""

    size: int
    first: int
    last: int
    is_scratch: bool = False


def lay(buffers: Sequence[Buffer]) -> list[int]:
    """Return where each of several buffers begins.

    The largest is laid first; of equals scratch, then what is made later.

    >>> lay([Buffer(16, 0, 1), Buffer(32, 1, 2), Buffer(16, 2, 3)])
    [32, 0, 32]
    """
    places = [0] * len(buffers)
    alive: dict[int, list[int]] = {}
    numbers = range(len(buffers))
    for each in sorted(numbers, key=lambda n: (-buffers[n].size, not buffers[n].is_scratch, -n)):
        size, first, last, _scratch = buffers[each]
        beside = {other for op in range(first, last + 1) for other in alive.get(op, ())}
        at = 0
        for start, end in sorted((places[n], places[n] + buffers[n].size) for n in beside):
            if start - at >= size:
                break
            at = max(at, end)
        places[each] = at
        for op in range(first, last + 1):
            alive.setdefault(op, []).append(each)
    return places


class Arena(Pass):
    """A forward pass of one input in int8 as TensorFlow Lite Micro lays it.

    What a row holds is the end of the last buffer that is alive while its ops work.
    """

    def __init__(self, batch: int = 1, dtype: str = "int8") -> None:
        super().__init__(batch, dtype)
        self.rows: list[Row] = []
        self._laid: tuple[Ops, list[Buffer], list[int]] | None = None

    def take(self, row: Row) -> None:
        """Take the next row, or another in place of an earlier one and all after it."""
        del self.rows[row.index :]
        self.rows.append(row)
        self._laid, self._held, self._most = None, [], None

    def laid(self) -> tuple[Ops, list[Buffer], list[int]]:
        """Return the ops of the rows, the buffers that they need, and where each begins."""
        if self._laid is None:
            if not all(are_numbers(*row.output) for row in self.rows):
                raise depends_on_letters()
            ops = ops_of(self.rows)
            buffers = [
                *(Buffer(each.size, each.first, each.last) for each in ops.tensors),
                *(Buffer(rounded_up(size, ALIGNED), op, op, True) for op, size in ops.scratch),
            ]
            self._laid = ops, buffers, lay(buffers)
        return self._laid

    def _alive(self, index: int) -> list[int]:
        """Return the buffers that are alive while the ops of a row work."""
        ops, buffers, _places = self.laid()
        first, last = ops.spans[index]
        return [n for n, each in enumerate(buffers) if each.first <= last and each.last >= first]

    def _each_held(self) -> Iterator[Number]:
        ops, buffers, places = self.laid()
        ends = [0] * max(ops.count, 1)
        for (size, first, last, _scratch), place in zip(buffers, places, strict=True):
            for op in range(first, last + 1):
                ends[op] = max(ends[op], place + size)
        for first, last in ops.spans:
            yield max(ends[first : last + 1], default=0)

    def at(self, index: int) -> list[tuple[int, Number]]:
        """Return the row that wrote the last buffer alive while a row works, and its bytes."""
        ops, buffers, places = self.laid()
        alive = self._alive(index)
        if not alive:
            return []
        top = max(alive, key=lambda n: places[n] + buffers[n].size)
        made = ops.tensors[top].row if top < len(ops.tensors) else index
        return [(made, buffers[top].size)]

    def sum_at(self, index: int) -> Working:
        """Return where that buffer begins, and its bytes."""
        _ops, buffers, places = self.laid()
        alive = self._alive(index)
        if not alive:
            return shown(0)
        top = max(alive, key=lambda n: places[n] + buffers[n].size)
        size = shown(buffers[top].size)
        return shown(places[top]) + size if places[top] else size

    @property
    def head(self) -> int:
        """The bytes of the plan: the end of its last buffer."""
        _ops, buffers, places = self.laid()
        return max(place + each.size for place, each in zip(places, buffers, strict=True))

    @property
    def tail(self) -> int:
        """An estimate of the bytes that ops and tensors are described in, on a 64-bit host."""
        ops = self.laid()[0]
        scales = sum(2 * rounded_up(4 * each, ALIGNED) for each in ops.filters)
        tensors = 24 * (len(ops.tensors) + ops.constants)
        return tensors + scales + 127 * ops.count + 45 * len(ops.filters) + 838
