"""Rows of a network that are too many to keep: traced again whenever they are gone through."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, overload

from cnncalc.trace.trace import Trace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.notation.tree import Network
    from cnncalc.report.report import Report
    from cnncalc.speech.problem import Span
    from cnncalc.trace.rounds import AlikeRounds
    from cnncalc.trace.rows import Row

CHUNK = 1000  # rows that are handed over at once


class _LeftError(Exception):
    """Nobody goes on through the rows."""


class LongRows(Sequence["Row"]):
    """The `count` rows of a report, whose network was traced with a volume at a span.

    The `deepest` of them stands in so many calls and labels. A walk hands its rows to a sink; here
    a thread walks, a little ahead of who takes them.
    """

    def __init__(
        self, report: Report, network: Network, span: Span, count: int, deepest: int
    ) -> None:
        self._report, self._network, self._span = report, network, span
        self._count, self.deepest = count, deepest

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Row]:
        from queue import Queue
        from threading import Event, Thread

        chunks: Queue[list[Row] | BaseException | None] = Queue(2)
        left = Event()

        def walk() -> None:
            rows: list[Row] = []

            def sink(row: Row) -> None:
                rows.append(row)
                if len(rows) == CHUNK:
                    chunks.put(rows[:])
                    rows.clear()
                    if left.is_set():
                        raise _LeftError

            def sink_rounds(alike: AlikeRounds) -> None:
                for row in alike.rows():
                    sink(row)

            report = self._report
            trace = Trace(sink, report.settings, forward=report.forward, sink_rounds=sink_rounds)
            try:
                trace.run(self._network, report.input, self._span)
                chunks.put(rows)
                chunks.put(None)
            except _LeftError:
                chunks.put(None)
            except BaseException as error:  # noqa: BLE001 - raised where the rows are taken
                chunks.put(error)

        Thread(target=walk, daemon=True).start()
        try:
            while (rows := chunks.get()) is not None:
                if isinstance(rows, BaseException):
                    raise rows
                yield from rows
        finally:
            left.set()
            while rows is not None and not isinstance(rows, BaseException):
                rows = chunks.get()

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Row]: ...

    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, slice):
            if place == slice(None):
                return self
            start, stop, step = place.indices(self._count)
            return list(islice(self, start, stop, step))
        return next(islice(self, place % self._count, None))
