"""What a report takes of rows as they come: some of them, and what all of them add up to."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from cnncalc.kinds.receptive_field import ALL
from cnncalc.kinds.table import FREE, OPAQUE
from cnncalc.notation.tree import Join, Layer
from cnncalc.numbers.lettered import add_up, is_large, too_long
from cnncalc.numbers.working import product
from cnncalc.report.quantities import SUMMED
from cnncalc.report.several import likeness
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.numbers.working import Number
    from cnncalc.report.quantity import Quantity
    from cnncalc.speech.problem import Span
    from cnncalc.trace.rounds import AlikeRounds
    from cnncalc.trace.rows import Row
    from cnncalc.trace.settings import Settings


SMALL, FAR = 10**40, 10**150
"""What a million rows of small numbers add up to, for a small batch, is far from any refusal."""


class CollectedRows:
    """The rows of a trace, `main` and `aux` what they add up to, and what else is told of them.

    It `keeps` rows until there are `most_rows`. `inputs` are those of what comes in, `kinds` those
    of a counter, `unread` the places of what is no layer here, by its name; the `deepest` row
    stands in so many calls and labels.
    """

    def __init__(self, settings: Settings, *, keep_rows: bool, most_rows: int | None) -> None:
        summed = SUMMED
        if settings.device or settings.like:
            from cnncalc.report.roofline import OWN_MACS, UNSEEN

            summed += UNSEEN if settings.device else ()
            summed += (OWN_MACS,) if settings.like else ()
        self.main, self.aux = Sums(summed), Sums(summed)
        self.rows: list[Row] = []
        self.inputs: list[Row] = []
        self.kinds: set[str] = set()
        self.unread: dict[str, list[Span]] = {}
        self.keeps, self.deepest = keep_rows, 0
        self._most_rows, self._is_like = most_rows, bool(settings.like)
        self._held = settings.budget.held

    def add(self, row: Row) -> None:
        """Take a row."""
        if self.keeps:
            self._keep(row)
        self._count(row, 1)

    def add_rounds(self, rounds: AlikeRounds) -> None:
        """Take rounds of a repeat that are alike."""
        for row, times in rounds.each():
            self._count(row, times)
        if self.keeps:
            left = self._most_rows and self._most_rows - len(self.rows)
            for row in islice(rounds.rows(), left):
                self._keep(row)

    def _keep(self, row: Row) -> None:
        hold(row, self.rows, self._held)
        self.keeps = len(self.rows) != self._most_rows

    def _count(self, row: Row, times: int) -> None:
        """Count a row that comes so often."""
        if self._most_rows:
            self.deepest = max(self.deepest, sum([place.how == "fold" for place in row.places]))
        node = row.node
        kind = node.kind.name if type(node) is Layer else row.kind
        if kind == "input":
            self.inputs.append(row)
        if self._is_like:
            from cnncalc.trace.counters import kind_of

            self.kinds.add(kind_of(row))
        if kind == OPAQUE.name:
            name, span = _named(row)
            if name not in FREE:
                self.unread.setdefault(name, []).extend([span] * times)
        (self.aux if row.aux else self.main).add(row, times)


def hold(row: Row, rows: list[Row], most: int) -> None:
    """Add a row to others; refuse it where there is no memory for more."""
    rows.append(row)
    if len(rows) > most:
        raise Problem(
            "too-many-layers",
            _("this answer holds its rows, which are {most:,} at most", most=most),
            [Label(row.node.span)] if row.node else (),
            helps=[_("'--totals', '--get' and a table have room for a million layers")],
        )


def _named(row: Row) -> tuple[str, Span]:
    """Return what a row of an item that is no layer here is called, and where it stands."""
    node = cast("Layer | Join", row.node)
    layer = node if isinstance(node, Layer) else cast("Layer", node.layer)
    return layer.named["name"], layer.span


class Sums:
    """What rows add up to, by the names of quantities; those that count alike at once.

    `count` is how many there are, `last` the last, `finite` the last that does not see all, and
    `sees_all` the first that does.
    """

    def __init__(self, summed: Sequence[Quantity]) -> None:
        self._summed = summed
        self.last: Row | None = None
        self.finite: Row | None = None
        self.sees_all: Row | None = None
        self._sums: dict[str, Number] = {quantity.name: 0 for quantity in summed}
        self._alike: dict[int, tuple[Row, list[int]]] = {}
        self.count = 0

    def add(self, row: Row, times: int) -> None:
        """Count a row, or so many that are like it."""
        self.count += times
        self.last = row
        field = row.field
        if field and type(field) is tuple:
            self.finite = row
        elif field == ALL and self.sees_all is None:
            self.sees_all = row
        key = likeness(row)
        seen = self._alike.get(key)
        if seen:
            seen[1][0] += times
            return
        if len(self._alike) > 1000:
            self._sums = dict(self.totals())
            self._alike.clear()
        self._alike[key] = row, [times]

    def totals(self) -> Totals:
        """Return the sums of the rows so far."""
        return Totals(self._summed, self._sums, [(row, n) for row, (n,) in self._alike.values()])


class Totals(Mapping[str, Any]):
    """What rows, each so often, add up to beside others, by the names of quantities.

    Each is worked out once it is asked for. Where there are letters in rows, or large numbers, it
    `may_be_refused`.
    """

    def __init__(
        self, summed: Sequence[Quantity], before: dict[str, Number], rows: Sequence[tuple[Row, int]]
    ) -> None:
        self._summed = {quantity.name: quantity for quantity in summed}
        self._before, self._rows = before, rows
        self._known: dict[str, Number] = {}

    @property
    def may_be_refused(self) -> bool:
        """Whether one may be larger than what is worked out."""
        is_far = all(type(each) is int and each < FAR for each in self._before.values())
        return not (is_far and all(_is_small(row) for row, _times in self._rows))

    def __getitem__(self, name: str) -> Number:
        found = self._known.get(name)
        if found is None:
            one = self._summed[name].one
            rows = [times * one(row) for row, times in self._rows]
            found = self._known[name] = add_up((self._before[name], *rows))
            if not isinstance(found, int) and is_large(found):
                raise too_long()
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._summed

    def __iter__(self) -> Iterator[str]:
        return iter(self._summed)

    def __len__(self) -> int:
        return len(self._summed)

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)


def _is_small(row: Row) -> bool:
    """Return whether what a row has is far from what is refused, however often it comes."""
    measure = row.measure
    numbers = product(measure.output), measure.params, measure.macs, row.forward.batch
    return {*map(type, numbers)} == {int} and max(numbers) < SMALL
