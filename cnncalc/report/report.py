"""The answer about one network: its rows, its totals, and what was noticed on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.kinds.formulas import Measure
from cnncalc.kinds.receptive_field import OWN
from cnncalc.notation.expressions import too_large
from cnncalc.notation.tree import given_volume, settled, volume_missing
from cnncalc.notation.writer import write
from cnncalc.numbers.letters import is_large, too_long
from cnncalc.report.quantities import QUANTITIES, SUMMED, Quantity, value
from cnncalc.speech.language import _
from cnncalc.trace.counters import kind_of
from cnncalc.trace.rows import Row, last_finite
from cnncalc.trace.trace import Trace

if TYPE_CHECKING:
    from fractions import Fraction

    from cnncalc.kinds.receptive_field import Centre
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Given, Network
    from cnncalc.numbers.working import Number
    from cnncalc.speech.problem import Problem
    from cnncalc.trace.counters import Counter


class Report:
    """Rows and totals of one network; each total is an attribute by its quantity's name.

    Volumes are tuples, channels last: pixels along each spatial axis, then channels. `rf`,
    `jump`, `start`, `centre` and `padding` are in input pixels, one for each axis; 'all' where
    the whole input is seen, None where there is no one receptive field. `aux` holds the sums of
    auxiliary classifiers, which the totals leave out. Memory is in bytes, of values of type
    `dtype`; what is computed for each input is that of a `batch` of them.
    """

    output: Volume
    params: int
    weights: int
    biases: int
    macs: int
    flops: int
    activations: int
    rf: tuple[int, ...] | str | None
    jump: tuple[int | Fraction, ...] | str | None
    start: tuple[int, ...] | str | None
    centre: tuple[Centre, ...] | str | None
    padding: tuple[int, ...] | str | None
    depth: int
    nonlinearities: int
    memory: int
    params_memory: int
    training_sgd: int
    training_momentum: int
    training_adam: int

    def __init__(
        self,
        network: Network,
        *,
        given: Given | None = None,
        strict: bool = False,
        channels_first: bool = False,
        keep_rows: bool = True,
        like: Counter | None = None,
        batch: int = 1,
        dtype: str = "float32",
    ) -> None:
        given = given or given_volume(network)
        if given is None:
            raise volume_missing(network)
        self.network = network
        self.channels_first = channels_first
        self.like = like
        self.kinds: set[str] = set()
        self.input: Volume = settled(given)
        self.rows: list[Row] = []
        self.totals: dict[str, Any] = _Totals(self)
        main, aux = _Sums(), _Sums()

        def sink(row: Row) -> None:
            if keep_rows:
                self.rows.append(row)
            if like:
                self.kinds.add(kind_of(row))
            (aux if row.aux else main).add(row)

        trace = Trace(
            sink,
            strict=strict,
            channels_first=channels_first,
            like=like,
            batch=batch,
            dtype=dtype,
        )
        self.forward = trace.forward
        flow = trace.run(network, self.input, given.span)
        self.warnings: list[Problem] = [*network.warnings, *trace.warnings]
        self.notes: list[Problem] = trace.notes
        sums = main.totals()
        self.aux: dict[str, int] = aux.totals()
        if any(map(is_large, (*sums.values(), *self.aux.values()))):
            raise too_large(network.span, _("a total"))
        measure = Measure(flow.volume, OWN)
        end = Row(
            *(0, None, None, self.input, measure, flow.field, (), ()),
            aux=False,
            forward=self.forward,
            longest=flow.depth,
        )
        self.totals["input"] = self.input[:-1]
        for quantity in QUANTITIES.values():
            if quantity.total == "max":
                continue
            if quantity.total == "share":
                total: Any = 100.0 if sums[quantity.share_of] else 0.0
            elif quantity.total == "sum":
                total = sums[quantity.name]
            else:
                total = self.value(quantity, end)
            setattr(self, quantity.name.replace("-", "_"), total)
            self.totals[quantity.name] = total

    @property
    def peak(self) -> Number:
        """The bytes that a forward pass holds at once, at most."""
        return self.forward.peak

    @property
    def fullest(self) -> int | None:
        """The number of the first row that holds that much; None where letters decide which."""
        return self.forward.fullest

    @property
    def last_field(self) -> tuple[int, ...] | None:
        """The receptive field of the last row that does not see all, auxiliary ones apart."""
        row = last_finite(self.rows)
        return row.rf if row else None

    def value(self, quantity: Quantity, row: Any) -> Any:
        """Return what a row, or several in one, has of a quantity."""
        return value(quantity, row, self.totals)

    @property
    def text(self) -> str:
        """The network in canonical notation, with the volume that it was given."""
        return write(self.network, channels_first=self.channels_first)

    def __repr__(self) -> str:
        return f"<Report {self.text!r}: {self.params:,} params, {self.macs:,} MACs>"


class _Totals(dict[str, Any]):
    """Totals by the names of quantities; what rows have at most is worked out when asked for."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def __missing__(self, name: str) -> Any:
        self[name] = QUANTITIES[name].of(self._report.forward)
        return self[name]


class _Sums:
    """The sums of rows, each quantity by its name; rows with the same measure are added at once."""

    def __init__(self) -> None:
        self._sums = {quantity.name: 0 for quantity in SUMMED}
        self._alike: dict[int, tuple[Row, list[int]]] = {}

    def add(self, row: Row) -> None:
        """Count a row."""
        seen = self._alike.get(id(row.measure))
        if seen:
            seen[1][0] += 1
            return
        if len(self._alike) > 1000:
            self.totals()
        self._alike[id(row.measure)] = row, [1]

    def totals(self) -> dict[str, int]:
        """Return the sums of the rows so far."""
        for row, (count,) in self._alike.values():
            for quantity in SUMMED:
                total = self._sums[quantity.name] + count * quantity.of(row)
                if not isinstance(total, int) and is_large(total):
                    raise too_long()
                self._sums[quantity.name] = total
        self._alike.clear()
        return self._sums
