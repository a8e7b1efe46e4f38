"""The same weights again: what a first use decided, and that each later one fits its weights."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from cnncalc.kinds.volumes import times
from cnncalc.numbers.working import plain
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, quoted
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnncalc.kinds.measure import Measure
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Group, Layer
    from cnncalc.trace.flow import FirstUse

T = TypeVar("T")


class SharedLayer(NamedTuple):
    """A layer with weights, what came in to it, what it did, and the row that counts them."""

    layer: Layer
    volume: Volume
    measure: Measure
    row: int


class Record:
    """What a part decided (layers, counts, parameters of calls) and its weights, in order."""

    def __init__(self) -> None:
        self.decisions: list[Any] = []
        self.weights: list[SharedLayer] = []


class _First:
    """A record that is followed; where it `decides`, all is as it was, not the weights alone.

    The weights are held to those of the `outer` one that it is followed inside of, too.
    """

    def __init__(self, record: Record, outer: _First | None, *, decides: bool) -> None:
        self.outer = outer
        self.decisions = iter(record.decisions)
        self.weights = iter(record.weights)
        self.decides = decides


class Sharing:
    """What is recorded, and what is followed, at a place of a trace."""

    def __init__(self) -> None:
        self.known: dict[FirstUse, Record] = {}
        self._records: list[Record] = []
        self._first: _First | None = None
        self._rounds: list[Record | None] = []

    @property
    def is_on(self) -> bool:
        """Whether weights are recorded or compared here."""
        return bool(self._records) or self._first is not None

    @property
    def decides(self) -> bool:
        """Whether a first use decides all that comes here."""
        return self._first is not None and self._first.decides

    @contextmanager
    def recording(self) -> Iterator[Record]:
        """Record what is traced meanwhile, as where nothing is followed."""
        first, self._first = self._first, None
        records, self._records = self._records, [Record()]
        try:
            yield self._records[0]
        finally:
            self._first, self._records = first, records

    @contextmanager
    def following(self, record: Record) -> Iterator[None]:
        """Follow a first use in all that it decided."""
        before, self._first = self._first, _First(record, self._first, decides=True)
        try:
            yield
        finally:
            self._first = before

    def begin_round(self, group: Group, turn: int) -> None:
        """Record the first round of a group, and hold the later ones to its weights."""
        if turn == 1:
            self._rounds.append(None if self._first else Record())
            if record := self._rounds[-1]:
                self._records.append(record)
        elif record := self._rounds[-1]:
            if turn == 2:
                self._records.remove(record)
            self._end(group)
            self._first = _First(record, None, decides=False)

    def end_rounds(self, group: Group) -> None:
        """Go on behind the rounds of a group."""
        if self._rounds and (record := self._rounds.pop()):
            if record in self._records:
                self._records.remove(record)
            self._end(group)
            self._first = None

    def _end(self, group: Group) -> None:
        """Refuse a round that has fewer layers with weights than the first."""
        left = next(self._first.weights, None) if self._first else None
        if left:
            raise _other_weights(left, None, None, None).at(group.span)

    def decide(self, decision: Callable[[], T]) -> T:
        """Return what is decided here: what the first use decided, where one is followed."""
        if not self.is_on:
            return decision()
        decided: T = next(self._first.decisions) if self.decides and self._first else decision()
        for record in self._records:
            record.decisions.append(decided)
        return decided

    def hold(
        self, layer: Layer, volume: Volume, measure: Measure, row: int
    ) -> tuple[Measure, int | None]:
        """Return what a layer with weights does here, and the row that counts them.

        A `Problem` where the weights of the first use would have another shape here.
        """
        shared = None
        followed = self._first
        while followed:
            first = next(followed.weights, None)
            if first is None or not _fits(first, layer, volume, measure):
                raise _other_weights(first, layer, volume, measure)
            row = shared = first.row
            followed = followed.outer
        for record in self._records:
            record.weights.append(SharedLayer(layer, volume, measure, row))
        if shared is not None:
            measure = without_weights(measure)
        return measure, shared


def without_weights(measure: Measure) -> Measure:
    """Return a measure whose weights another row counts."""
    return measure._replace(weights=0, biases=0, params=0)


def _fits(first: SharedLayer, layer: Layer, volume: Volume, measure: Measure) -> bool:
    """Return whether a layer's weights have the shapes of those of another."""
    kind = layer.kind
    if kind is not first.layer.kind or plain(first.measure.weights) != plain(measure.weights):
        return False
    if plain(first.measure.biases) != plain(measure.biases):
        return False
    if kind.name in _AT_PLACES:
        return volume == first.volume
    if kind.parameter("k"):
        windows = ("kernel", "filters", "groups", "multiplier")
        now, then = layer.named, first.layer.named
        return (len(volume), volume[-1]) == (len(first.volume), first.volume[-1]) and all(
            now.get(name) == then.get(name) for name in windows
        )
    return True


_AT_PLACES = ("local", "position")  # weights of their own at each place


def _other_weights(
    first: SharedLayer | None, layer: Layer | None, volume: Volume | None, measure: Measure | None
) -> Problem:
    """Return the problem of weights that would have another shape; one of the two may lack."""
    known = layer or (first and first.layer)
    assert known  # noqa: S101 - one of the two is there
    notes = []
    if first:
        notes.append(
            _(
                "row {row}: {volume} comes in to '{layer}', {params:,} parameters",
                row=first.row,
                volume=times(first.volume),
                layer=first.layer.kind.name,
                params=plain(first.measure.params),
            )
        )
    if layer and volume and measure:
        notes.append(
            _(
                "here: {volume} comes in to '{layer}', {params:,} parameters",
                volume=times(volume),
                layer=layer.kind.name,
                params=plain(measure.params),
            )
        )
    else:
        notes.append(_("here: no such layer"))
    return Problem(
        "weights-differ",
        _("{layer} cannot have the same weights here", layer=quoted(known.kind.name)),
        [Label(known.span)],
        notes=notes,
        helps=[_("bring what comes in to the size that it had, or write the layer anew")],
    )
