"""Memory: what a forward pass must hold at each row, what training holds, and what fits.

A row writes its output into memory of its own, over its input, or not at all: a view, as after
flatten, is its input. A value is held from the row that writes it to the last row that reads it;
the outputs of a network to the end. A layer that works in place needs memory of its own where
what it would write over is read later. Auxiliary classifiers are for training: a pass leaves them
out. What a layer needs for itself while it works (workspace) is a framework's affair, and is not
counted.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.working import product, shown

if TYPE_CHECKING:
    from collections.abc import Collection

    from cnncalc.volumes import Volume
    from cnncalc.working import Number, Working

DTYPES = {"float32": 4, "float16": 2, "bfloat16": 2, "int8": 1}
"""The bytes of one value, by its type."""

STATES = {"sgd": 2, "momentum": 3, "adam": 4}
"""How often an optimizer holds the parameters: themselves, their gradients, its own state."""

_PREFIXES = ("K", "M", "G", "T")


class Pass:
    """A forward pass of a batch: what its rows write and read, and so what they must hold.

    `width` is the bytes of one value. Rows come in order, by `add`, and what is held is worked out
    when it is asked for.
    """

    def __init__(self, batch: int = 1, dtype: str = "float32") -> None:
        self.batch = batch
        self.dtype = dtype
        self.width = DTYPES[dtype]
        self._inputs: list[tuple[int, ...] | None] = []  # None: the row before
        self._outputs: list[Volume] = []
        self._writes: list[str] = []
        self._sizes: list[Number] = []
        self._last: list[int] = []
        self._held: list[Number] = []

    def __eq__(self, other: object) -> bool:
        """Return whether another holds the same: rows of two traces may be equal."""
        return isinstance(other, Pass) and self._known() == other._known()

    def __hash__(self) -> int:
        return hash((self.batch, self.dtype))

    def _known(self) -> tuple[object, ...]:
        return self.batch, self.dtype, self._writes, self._inputs, self._outputs

    def add(self, inputs: tuple[int, ...], output: Volume, writes: str) -> None:
        """Take the next row: the rows that it reads, its output, and where that goes.

        `writes` is 'new' for memory of its own, 'over' for its input's, 'view' for its input
        itself, 'output' for a view that is an output of the network, 'aux' for a row left out.
        """
        before = len(self._writes) - 1
        self._inputs.append(None if len(inputs) == 1 and inputs[0] == before else inputs)
        self._outputs.append(output)
        self._writes.append(writes)

    @property
    def held(self) -> list[Number]:
        """The values that must be held at once while each row works, for one input."""
        if len(self._held) != len(self._writes):
            self._follow()
            changes = [*self._sizes, 0]
            for size, last in zip(self._sizes, self._last, strict=True):
                changes[last + 1] -= size
            self._held = list(accumulate(changes[:-1]))
        return self._held

    def _follow(self) -> None:
        """Work out the values that each row writes, and the last row that needs them."""
        self._sizes, self._last = [], []
        wrote: list[int] = []  # the row that wrote what a row hands on
        outputs: list[int] = []
        end = 0
        for index, writes in enumerate(self._writes):
            is_view = writes in ("view", "output")
            self._sizes.append(0 if is_view or writes == "aux" else product(self._outputs[index]))
            self._last.append(index)
            wrote.append(index)
            if writes == "aux":
                continue
            needed = index - 1 if writes == "over" else index
            inputs = self._inputs[index]
            for row in (index - 1,) if inputs is None else inputs:
                source = wrote[row]
                self._last[source] = max(self._last[source], needed)
                if is_view:
                    wrote[index] = source
            end = wrote[index]
            if writes == "output":
                outputs.append(end)
        for row in (end, *outputs):
            self._last[row] = len(self._last) - 1

    def of_all(self, values: Number) -> Number:
        """Return what the batch has of what one input has so much of."""
        return self.batch * values if self.batch > 1 else values

    def at(self, index: int) -> list[tuple[int, Number]]:
        """Return what is held while a row works: the row that wrote it, and how many values."""
        count = len(self.held)
        return [
            (row, self._sizes[row])
            for row in range(min(index + 1, count))
            if index <= self._last[row] and self._sizes[row]
        ]

    def sum_at(self, index: int) -> Working:
        """Return the sum of what is held while a row works, as it is added up."""
        total: Number = None
        for _row, size in self.at(index):
            total = shown(size) if total is None else total + shown(size)
        return shown(0) if total is None else total

    @property
    def fullest(self) -> int | None:
        """The first row at which most is held; None where letters decide which."""
        found = most(self.held)
        return None if found is None else self.held.index(found)

    @property
    def peak(self) -> Number:
        """The bytes that are held at that row; None where letters decide which."""
        found = most(self.held)
        return None if found is None else self.bytes(found)

    def bytes(self, values: Number) -> Number:
        """Return the bytes of so many values for each input of the batch.

        >>> Pass(8, "float16").bytes(100)
        1600
        """
        return self.of_all(values) * self.width


def most(numbers: Collection[Number]) -> Number:
    """Return the largest of numbers; None where letters decide which it is."""
    found = max(numbers)
    return found if all(number <= found for number in numbers) else None


def training(activations: Number, params: Number, optimizer: str) -> Number:
    """Return the bytes of training: activations twice (forward, gradients), parameters and states.

    >>> training(100, 10, "sgd"), training(100, 10, "adam")
    (220, 240)
    """
    return 2 * activations + STATES[optimizer] * params


def largest_batch(budget: Number, fixed: Number, each: Number) -> Number:
    """Return how many inputs fit: what is left of a budget beside what is held once.

    >>> largest_batch(1000, 100, 250), largest_batch(1000, 1100, 250)
    (3, -1)
    """
    return (budget - fixed) // each


def written(size: Number) -> str:
    """Return bytes in powers of 1000 and of 1024, rounded to hundredths, half up.

    >>> written(60950432), written(840), written(8 << 30)
    ('60.95 MB = 58.13 MiB', '840 bytes', '8.59 GB = 8.00 GiB')
    """
    if not isinstance(size, int):
        return f"{size:,} bytes"
    power = 0
    while power < len(_PREFIXES) and size >= 1000 ** (power + 1):
        power += 1
    if not power:
        return f"{size} bytes"
    prefix = _PREFIXES[power - 1]
    return f"{_rounded(size, 1000**power)} {prefix}B = {_rounded(size, 1024**power)} {prefix}iB"


def _rounded(size: int, unit: int) -> str:
    hundredths = (200 * size + unit) // (2 * unit)
    return f"{hundredths // 100:,}.{hundredths % 100:02}"


class Fit(NamedTuple):
    """The largest batch that fits, for a use: what is held once, and again for each input."""

    use: str
    fixed: int
    each: int
    batch: int
    working: Working


def fits(budget: int, activations: int, params: int, peak: int) -> list[Fit]:
    """Return the largest batches for inference and for training; the bytes are of one input."""
    uses = {"inference": (params, peak)}
    uses |= {
        f"training-{name}": (times * params, 2 * activations) for name, times in STATES.items()
    }
    found = []
    for use, (fixed, each) in uses.items():
        working = shown(largest_batch(shown(budget), shown(fixed), shown(each)))
        found.append(Fit(use, fixed, each, max(int(working.value), 0), working))
    return found
