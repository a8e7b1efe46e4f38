"""The answer about one network: its rows, the row of all of them, and what was noticed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.notation.evaluation import too_large
from cnncalc.notation.inputs import given_volume, settled, volume_missing
from cnncalc.notation.writer import write
from cnncalc.numbers.lettered import is_large
from cnncalc.report.collected_rows import CollectedRows
from cnncalc.report.quantities import QUANTITIES
from cnncalc.report.quantity import axes_in_order, value
from cnncalc.report.several import as_one
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem
from cnncalc.trace.settings import Settings
from cnncalc.trace.trace import Trace
from cnncalc.trace.warnings import NOT_COUNTED, PARTIAL, layout_read, not_counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Self

    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Given, Network
    from cnncalc.numbers.working import Number
    from cnncalc.report.quantity import Quantity
    from cnncalc.speech.problem import Span
    from cnncalc.trace.rows import Row


class Report:
    """Rows of one network, and `whole`, the one row that stands for all but auxiliary ones.

    `inputs` are the rows of what comes in, `sees_all` is the first that sees all of it, and `aux`
    holds the sums of auxiliary classifiers, which the whole leaves out. Of more than `most_rows`
    none is kept. `tell` is told how much of the network is traced, from 0 to 1.
    """

    _known: Callable[[str], Any] | None = None
    _network: Callable[[], tuple[Network, Given | None]]

    def __init__(
        self,
        network: Network,
        settings: Settings = Settings(),  # noqa: B008 - a value, and no state
        *,
        given: Given | None = None,
        keep_rows: bool = True,
        most_rows: int | None = None,
        tell: Callable[[float], object] = float,
    ) -> None:
        self.settings = settings
        self._trace(network, given, keep_rows=keep_rows, most_rows=most_rows, tell=tell)

    @property
    def printed_input(self) -> Volume:
        """The volume that comes in, in the order that is printed."""
        found: Volume = axes_in_order(self.input, self.settings.channels_first)
        return found

    @classmethod
    def later(
        cls,
        network: Callable[[], tuple[Network, Given | None]],
        settings: Settings,
        known: Callable[[str], Any],
    ) -> Self:
        """Return a report without warnings that is traced when it is asked for what is not known.

        `known` gives totals by the names of quantities, None where it has none.
        """
        report = cls.__new__(cls)
        vars(report).update(settings=settings, warnings=[], _known=known, _network=network)
        return report

    def __getattr__(self, name: str) -> Any:
        """Trace what was left for later, and return what that gives."""
        if name.startswith("__") or not self._trace_now():
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(self, name)

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy is made of, traced."""
        self._trace_now()
        return {**self.__dict__, "_known": None}

    def _trace_now(self) -> bool:
        """Trace what was left for later; return whether anything was."""
        network = self.__dict__.pop("_network", None)
        if network is not None:
            self._trace(*network())
        return network is not None

    def _trace(
        self,
        network: Network,
        given: Given | None,
        *,
        keep_rows: bool = True,
        most_rows: int | None = None,
        tell: Callable[[float], object] = float,
    ) -> None:
        """Trace a network from a volume that is given, or its own."""
        settings = self.settings
        if network.lines and network.lines.misfit:
            raise network.lines.misfit
        typed, given = given, given_volume(network, given)
        if given is None:
            raise volume_missing(network)
        self.network = network
        taken = CollectedRows(settings, keep_rows=keep_rows, most_rows=most_rows)
        walks: list[Trace] = []  # emptied behind the walk: what holds itself waits for a collector

        def sink(row: Row) -> None:
            taken.add(row)
            if not row.index % 2048:
                tell(min(row.index / max(walks[0].expected, 1), 1))

        trace = Trace(sink, settings, sink_rounds=taken.add_rounds)
        walks.append(trace)
        self.forward = trace.forward
        trace.run(network, settled(given), given.span)
        walks.clear()
        main = taken.main
        self.rows: Sequence[Row] = taken.rows
        self.inputs, self.kinds, self.sees_all = taken.inputs, taken.kinds, main.sees_all
        self.input: Volume = self.inputs[0].output
        if keep_rows and not taken.keeps:
            from cnncalc.report.long_rows import LongRows

            count = main.count + taken.aux.count
            traced = network, self.input, given.span
            self.rows = LongRows(traced, settings, self.forward, count, taken.deepest)
        if trace.flattened:
            from cnncalc.notation.flattens import put_in

            self.network = put_in(network, trace.flattened)
        self._tell(network, trace, taken.unread)
        if typed and typed.sizes != given.sizes:
            self.warnings.insert(0, layout_read(given))
        if settings.strict and not self.is_whole:
            raise not_whole(self.warnings)
        sums = main.totals()
        aux = taken.aux.totals()
        for each in (sums, aux):
            if each.may_be_refused and any(map(is_large, each.values())):
                raise too_large(network.span, _("a total"))
        self.aux: dict[str, Number] = dict(aux)
        ends = [row for row in (main.finite, main.last) if row]
        self.whole = as_one(ends, sums=sums)._replace(
            index=0, input=self.input, inputs=(), reads=()
        )

    def _tell(self, network: Network, trace: Trace, unread: dict[str, list[Span]]) -> None:
        """Set what is warned and noted of a trace, and of what is no layer here."""
        self.warnings: list[Problem] = [*network.warnings, *trace.warnings]
        self.notes: list[Problem] = trace.notes
        if not any(each.code == NOT_COUNTED for each in network.warnings):
            self.warnings += [not_counted(name, spans) for name, spans in unread.items()]
        self.is_whole = not (unread or any(each.code in PARTIAL for each in network.warnings))

    def value(self, quantity: Quantity, row: Row) -> Any:
        """Return what a row has of a quantity; a share is of the network's."""
        return value(quantity, row, self.whole)

    def total(self, name: str) -> Any:
        """Return what the network has of a quantity, by the quantity's name."""
        if self._known is not None and (found := self._known(name)) is not None:
            return found
        return self.value(QUANTITIES[name], self.whole)

    @property
    def text(self) -> str:
        """The network in canonical notation, with the volume that it was given."""
        return write(self.network, channels_first=self.settings.channels_first)


def not_whole(warnings: Sequence[Problem]) -> Problem:
    """Return the problem of a network that is not counted whole, which --strict asks for."""
    told = [each for each in warnings if each.code in PARTIAL]
    return Problem(
        "not-whole",
        _("not all of this network is counted, which --strict asks for"),
        told[0].labels[:1] if told else (),
        notes=[each.message for each in told][:3],
        helps=[_("leave --strict out: the totals are then at least what is counted")],
    )
