"""Rows of a network that are too many to keep: traced again whenever they are gone through."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, repeat
from typing import TYPE_CHECKING, Any, TypeAlias, overload

from cnncalc.trace.rows import Row
from cnncalc.trace.trace import Trace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Network
    from cnncalc.speech.columns import Halves
    from cnncalc.speech.problem import Span
    from cnncalc.trace.memory import Pass
    from cnncalc.trace.rounds import AlikeRounds
    from cnncalc.trace.settings import Settings

CHUNK = 1000  # rows that are handed over at once, and held of a round


class _LeftError(Exception):
    """Nobody goes on through the rows."""


class LongRows(Sequence["Row"]):
    """The `count` rows of a network that was traced from a volume at a span, by a `forward` pass.

    The `deepest` of them stands in so many calls and labels. A walk hands its rows to a sink; here
    a thread walks, a little ahead of who takes them, where one can be started.
    """

    def __init__(
        self,
        traced: tuple[Network, Volume, Span],
        settings: Settings,
        forward: Pass,
        count: int,
        deepest: int,
    ) -> None:
        self._traced, self._settings, self._forward = traced, settings, forward
        self._count, self.deepest = count, deepest

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Row]:
        from cnncalc.trace.rounds import rows_of

        return rows_of(self.parts())

    def parts(self) -> Iterator[Row | AlikeRounds]:
        """Yield the rows, those of rounds that are alike at once."""
        from queue import Queue
        from threading import Event, Thread

        chunks: Queue[list[Row | AlikeRounds] | BaseException | None] = Queue(2)
        left = Event()

        def walk() -> None:
            rows: list[Row | AlikeRounds] = []

            def sink(row: Row | AlikeRounds) -> None:
                rows.append(row)
                if len(rows) == CHUNK:
                    chunks.put(rows[:])
                    rows.clear()
                    if left.is_set():
                        raise _LeftError

            trace = Trace(sink, self._settings, forward=self._forward, sink_rounds=sink)
            try:
                trace.run(*self._traced)
                chunks.put(rows)
                chunks.put(None)
            except _LeftError:
                chunks.put(None)
            except BaseException as error:  # noqa: BLE001 - raised where the rows are taken
                chunks.put(error)

        try:
            Thread(target=walk, daemon=True).start()
        except RuntimeError:  # none can be, as in a browser, or beyond a limit: all rows are held
            chunks = Queue()
            walk()
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


Later: TypeAlias = "Callable[[int], Any]"

Make: TypeAlias = "Callable[[Iterable[Row]], Iterator[Halves]]"


def halves_of(rows: Sequence[Row], make: Make) -> Iterator[Halves]:
    """Yield the halves that a function makes of rows, of rounds that are alike by arithmetic."""
    for part in rows.parts() if isinstance(rows, LongRows) else rows:
        if isinstance(part, Row):
            yield from make((part,))
        elif part.step.rows > CHUNK or part.times < _FEWEST:
            yield from make(part.rows())
        else:
            yield from _filled(part, make)


_FEWEST = 8
"""Rounds of which some are filled: four are made."""


def _filled(alike: AlikeRounds, make: Make) -> Iterator[Halves]:
    """Yield the halves of rounds: those of the first two and of the last two are made.

    What a round hands on grows evenly. Where the whole numbers that its rows have do so from the
    first round to the second and to the last but one, they do in those between.
    """
    before_last = alike.times - 1
    first, second, last = ([*make(alike.rows([turn]))] for turn in (1, 2, before_last))
    yield from first
    yield from second
    moving = [*map(_moving, first, second, last, repeat(before_last - 1))]
    is_even = len(first) == len(second) == len(last) and None not in moving
    if not is_even:
        yield from make(alike.rows(range(3, before_last)))
    for turn in range(3, before_last if is_even else 0):
        for (shared, own), movers in zip(first, moving, strict=True):
            own = {**own}  # noqa: PLW2901 - of the next round
            for name, later in movers or ():
                own[name] = later(turn - 1)
            yield shared, own
    yield from last
    yield from make(alike.rows([alike.times]))


def _moving(
    first: Halves, second: Halves, last: Halves, rounds: int
) -> list[tuple[str, Later]] | None:
    """Return what of a row's own moves, with what moves it on; None where it does not evenly."""
    (shared, own), (as_shared, then), (last_shared, at_last) = first, second, last
    if not (shared is as_shared is last_shared and own.keys() == then.keys() == at_last.keys()):
        return None
    steps = [(name, own[name], _step(own[name], then[name], at_last[name], rounds)) for name in own]
    if any(step is None for _name, _value, step in steps):
        return None
    return [(name, _mover(value, step)) for name, value, step in steps if step]


def _step(first: Any, second: Any, last: Any, rounds: int) -> Any:
    """Return by how much a value grows in a round, 0 for not at all, or None for not evenly."""
    kinds = {type(first), type(second), type(last)}
    if kinds == {int}:
        return second - first if first + rounds * (second - first) == last else None
    if kinds == {tuple} and len(first) == len(second) == len(last):
        found = tuple(map(_step, first, second, last, repeat(rounds)))
        return None if None in found else found if any(found) else 0
    return 0 if len(kinds) == 1 and first == second == last else None


def _mover(value: Any, step: Any) -> Later:
    """Return what gives a value so many rounds later; it is the same along axes that are alike."""
    if type(step) is int:
        return lambda rounds: value + rounds * step if step else value
    each = [*zip(value, step, strict=True)]
    if each[1:] == each[:-1]:
        one, count = _mover(*each[0]), len(each)
        return lambda rounds: (one(rounds),) * count
    if {*map(type, step)} == {int} == {*map(type, value)}:
        return lambda rounds: tuple([number + rounds * more for number, more in each])
    parts = [_mover(*part) for part in each]
    return lambda rounds: tuple([part(rounds) for part in parts])
