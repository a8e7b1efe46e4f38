"""Memory: what a forward pass must hold at each row, what training holds, and what fits.

A row writes its output into memory of its own, over its input, or not at all: a view, as after
flatten, is its input. A value is held from the row that writes it, and an input from the start, to
the last row that reads it; the outputs of a network to the end. A layer that works in place needs
memory of its own where what it would write over is read later. Auxiliary classifiers are for
training: a pass leaves them out. What a layer needs for itself while it works (workspace) is a
framework's affair, and is not counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.kinds.measure import Writes
from cnncalc.numbers.lettered import largest
from cnncalc.numbers.working import product, shown
from cnncalc.speech.language import _
from cnncalc.trace.dtypes import BITS, bytes_of, find_types

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, MutableSequence

    from cnncalc.kinds.volumes import Volume
    from cnncalc.numbers.certainty import Domain
    from cnncalc.numbers.working import Number, Working
    from cnncalc.trace.skips import RowSkips

STATES = {"sgd": 2, "momentum": 3, "adam": 4}
"""How often an optimizer holds the parameters: themselves, their gradients, its own state."""

_PREFIXES = ("K", "M", "G", "T")


BYTE = 256  # numbers below it take a byte each


def _numbers(numbers: Iterable[int], most: int) -> MutableSequence[int]:
    """Return whole numbers up to one, in a byte each where they fit."""
    if most < BYTE:
        return bytearray(numbers)
    from array import array  # start-up does without it

    return array("I", iter(numbers))  # of bytes it would take four for one number


class Pass:
    """A forward pass of a batch: what its rows write and read, and so what they must hold.

    Rows come in order, by `add`, a few bytes each; what is held is worked out when it is asked for:
    in values for one input, or where two values share a byte in bytes for all.
    """

    def __init__(self, batch: int = 1, dtype: str = "float32") -> None:
        self.batch = batch
        self.types = find_types(dtype)
        self.dtype = self.types.name
        self._packs = BITS[self.types.activations] < 8
        self.skips: RowSkips | None = None  # rows that are not kept: all else here is of others
        self._rows = _numbers((), 0)  # each one's place among the kinds
        self._learned = bytearray()  # of each, whether it or what it goes back to has parameters
        self._kinds: list[tuple[Number, Writes]] = []  # how many values are written, and where
        self._known: dict[tuple[Volume, Writes], int] = {}
        self._inputs: dict[int, tuple[int, ...]] = {}  # of rows that read another than that before
        self.kept = b""  # how often training holds what each row writes; nothing: always twice
        self.unlearned = 0  # numbers that layers hold and do not learn, beside batch norms'
        self.model = ""  # what Keras calls the network, by which a converter may order it
        self.rates: tuple[int, int] | None = None  # operations and bytes a second, of a device
        self._entries: dict[int, Number] = {}  # how many values each input has
        self._last = _numbers((), 0)
        self._held: list[Number] = []
        self._most: tuple[int | None, Number] | None = None
        self._sizes: dict[Number, None] = {}  # in letters, and at least 1 where a network fits
        self._domain: Domain | None = None

    def __eq__(self, other: object) -> bool:
        """Return whether another holds the same: rows of two traces may be equal."""
        return isinstance(other, Pass) and self._all() == other._all()

    def __hash__(self) -> int:
        return hash((self.batch, self.dtype))

    def _all(self) -> tuple[object, ...]:
        return self.batch, self.dtype, self._rows, self._kinds, self._inputs, self.skips

    @property
    def sizes(self) -> tuple[Number, ...]:
        """The numbers with letters in them that are at least 1."""
        return tuple(self._sizes)

    @property
    def domain(self) -> Domain:
        """The numbers that letters may be: those for which every window of the network fits."""
        if self._domain is None:
            from cnncalc.numbers.certainty import Domain

            self._domain = Domain(self._sizes, least=0)
        return self._domain

    def fit(self, sizes: Iterable[Number]) -> None:
        """Take sizes that are at least 1, as those of outputs are."""
        for size in sizes:
            if not isinstance(size, int) and size not in self._sizes:
                self._sizes[size] = None
                self._domain = None

    def add(
        self,
        index: int,
        inputs: tuple[int, ...],
        output: Volume,
        writes: Writes,
        *,
        learns: bool = True,
    ) -> None:
        """Take the next row, or another in place of an earlier one and all after it.

        `inputs` are the rows that it reads; `learns` is whether it has parameters.
        """
        learned = learns or self.is_learned(inputs)
        if self.skips:
            index, inputs = self.skips.place(index), tuple(map(self.skips.place, inputs))
        elif index < len(self._rows):
            del self._rows[index:], self._learned[index:]
            self._inputs = {row: read for row, read in self._inputs.items() if row < index}
            self._entries = {row: size for row, size in self._entries.items() if row < index}
        self._learned.append(learned)
        if self._last:
            self._last, self._held, self._most = _numbers((), 0), [], None
        kind = self._kind(output, writes)
        self._rows.append(kind)
        if writes == Writes.INPUT:
            self._entries[index] = self._kinds[kind][0]
        if inputs != (index - 1,):
            self._inputs[index] = inputs

    def _kind(self, output: Volume, writes: Writes) -> int:
        """Return the place among the kinds of a row that writes a volume somewhere."""
        kind = self._known.get((output, writes))
        if kind is None:
            if len(self._known) > 4096:
                self._known.clear()
            kind = self._known[output, writes] = len(self._kinds)
            self.fit(output)
            takes = writes in (Writes.NEW, Writes.OVER, Writes.INPUT)
            size = product(output) if takes else 0
            self._kinds.append((self.bytes(size) if self._packs else size, writes))
            if kind == BYTE:
                self._rows = _numbers(self._rows, kind)
        return kind

    def writing(self, others: Iterable[tuple[int, Volume, Writes]]) -> Pass:
        """Return a pass in which some rows, no inputs, write other volumes, or elsewhere."""
        self._follow()
        found = object.__new__(type(self))
        found.__dict__.update(self.__dict__)
        found._rows, found._kinds, found._known = self._rows[:], self._kinds[:], {**self._known}
        found._held, found._most = [], None
        for index, output, writes in others:
            if writes != self._kinds[self._rows[index]][1]:
                found._last = _numbers((), 0)
            found._rows[index] = found._kind(output, writes)
        return found

    def repeat(self, index: int, rows: int, times: int) -> None:
        """Take the last rows some times more, as rounds of a repeat whose last comes by `add`.

        An index is that of the first that is not kept.
        """
        if self.skips is None:
            from cnncalc.trace.skips import RowSkips

            self.skips = RowSkips()
        self.skips.add(index, rows, rows * times)

    def is_learned(self, rows: tuple[int, ...]) -> bool:
        """Return whether some rows, or what they go back to, have parameters."""
        learned = self._learned
        if self.skips:
            rows = tuple(map(self.skips.place, rows))
        for row in rows:  # noqa: SIM110 - asked of every row, and `any` takes twice as long
            if learned[row]:
                return True
        return False

    def bytes_at(self, index: int) -> Number:
        """Return the bytes that must be held at once while a row works."""
        if not self._held:
            self._held = list(self._each_held())
        return self.bytes_held(self._held[self.skips.place(index) if self.skips else index])

    def _each_held(self) -> Iterator[Number]:
        """Yield them row by row, of those kept: what is kept meanwhile is what is held."""
        self._follow()
        held: Number = sum(self._entries.values())
        ends: dict[int, Number] = {}
        for index, (kind, last) in enumerate(zip(self._rows, self._last, strict=True)):
            size = self._kinds[kind][0]
            held += 0 if index in self._entries else size
            ends[last] = ends.get(last, 0) + size
            yield held
            held -= ends.pop(index, 0)

    def _follow(self) -> None:
        """Work out the last row that needs what each row writes."""
        if self._last:
            return
        self._last = _numbers(range(len(self._rows)), len(self._rows))
        wrote = _numbers(self._last, len(self._last))  # the row that wrote what a row hands on
        outputs: list[int] = []
        end = 0
        for index, kind in enumerate(self._rows):
            writes = self._kinds[kind][1]
            if writes == Writes.AUX:
                continue
            sources = [wrote[row] for row in self._inputs.get(index, (index - 1,))]
            for source in sources:
                self._last[source] = max(self._last[source], index)
                if writes in (Writes.VIEW, Writes.OUTPUT):
                    wrote[index] = source
            end = wrote[index]
            if writes == Writes.OUTPUT:
                outputs.append(end)
        kept = {end, *outputs}
        for index, kind in enumerate(self._rows):
            if self._kinds[kind][1] == Writes.OVER:  # one of several that nothing reads later
                read = map(wrote.__getitem__, self._inputs.get(index, (index - 1,)))
                gone = (each for each in read if self._last[each] == index and each not in kept)
                free = next(gone, None)
                if free is not None:
                    self._last[free] = index - 1
        for row in kept:
            self._last[row] = len(self._last) - 1

    def of_all(self, values: Number) -> Number:
        """Return what the batch has of what one input has so much of."""
        return self.batch * values if self.batch > 1 else values

    def at(self, index: int) -> list[tuple[int, Number]]:
        """Return what is held while a row works: the row that wrote it, and how many values."""
        self._follow()
        index = self.skips.place(index) if self.skips else index
        sizes = (self._kinds[kind][0] for kind in self._rows[: index + 1])
        done = [*enumerate(sizes), *(each for each in self._entries.items() if each[0] > index)]
        held = [(row, size) for row, size in done if index <= self._last[row] and size]
        return [(self.skips.row(row, index), size) for row, size in held] if self.skips else held

    def sum_at(self, index: int) -> Working:
        """Return the sum of what is held while a row works, as it is added up."""
        total: Number = None
        for _row, size in self.at(index):
            total = shown(size) if total is None else total + shown(size)
        return shown(0) if total is None else total

    @property
    def fullest(self) -> int | None:
        """The first row at which most is held; None where letters decide which."""
        return self._at_most()[0]

    @property
    def peak(self) -> Number:
        """The bytes that are held at that row; the largest of several where letters decide."""
        return self._at_most()[1]

    def _at_most(self) -> tuple[int | None, Number]:
        """Return that row, and the bytes that it holds."""
        if self._most is None:
            if self._sizes:
                several = dict.fromkeys(self._each_held())
                found = largest(map(self.bytes_held, several), self.domain)
            else:
                found = self.bytes_held(max(self._each_held()))
            held = map(self.bytes_held, self._each_held())
            first = next((row for row, each in enumerate(held) if each == found), None)
            self._most = self.skips.row(first) if self.skips and first else first, found
        return self._most

    def bytes(self, values: Number) -> Number:
        """Return the bytes of a tensor of so many values for each input of the batch.

        >>> Pass(8, "float16").bytes(100), Pass(3, "int4").bytes(3)
        (1600, 5)
        """
        return bytes_of(self.of_all(values), self.types.activations)

    def bytes_held(self, held: Number) -> Number:
        """Return the bytes of what is held, which may be several tensors."""
        return held if self._packs else self.bytes(held)

    def bytes_learned(self, weights: Number, biases: Number) -> Number:
        """Return the bytes of weights and biases, a tensor each."""
        return bytes_of(weights, self.types.weights) + bytes_of(biases, self.types.weights)

    def bytes_stored(self, weights: Number, biases: Number) -> Number:
        """Return the bytes of both where biases are of the type that products are added up in.

        >>> Pass(dtype="int8").bytes_stored(100, 10), Pass().bytes_stored(100, 10)
        (140, 440)
        """
        return bytes_of(weights, self.types.weights) + bytes_of(biases, self.types.biases)


def rounded_up(size: int, unit: int) -> int:
    """Return a size as a whole number of units.

    >>> rounded_up(17, 16)
    32
    """
    return -(-size // unit) * unit


def training(activations: Number, params: Number, optimizer: str | None) -> Number:
    """Return the bytes of training: activations twice (forward, gradients), parameters and states.

    Without an optimizer parameters are held once.

    >>> training(100, 10, "sgd"), training(100, 10, "adam")
    (220, 240)
    """
    return 2 * activations + (STATES[optimizer] if optimizer else 1) * params


def written(size: Number) -> str:
    """Return bytes in powers of 1000 and of 1024, rounded to hundredths, half up.

    >>> written(60950432), written(840), written(8 << 30)
    ('60.95 MB = 58.13 MiB', '840 bytes', '8.59 GB = 8.00 GiB')
    """
    if not isinstance(size, int):
        return _("{count} bytes", count=f"{size:,}")
    power = 0
    while power < len(_PREFIXES) and size >= 1000 ** (power + 1):
        power += 1
    if not power:
        return _("1 byte") if size == 1 else _("{count} bytes", count=size)
    prefix = _PREFIXES[power - 1]
    return f"{_rounded(size, 1000**power)} {prefix}B = {_rounded(size, 1024**power)} {prefix}iB"


def _rounded(size: int, unit: int) -> str:
    hundredths = (200 * size + unit) // (2 * unit)
    return f"{hundredths // 100:,}.{hundredths % 100:02}"
