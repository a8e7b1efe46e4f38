"""What a report takes of rows as they come: some of them, and what all of them add up to."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, cast

from cnncalc.kinds.receptive_field import ALL
from cnncalc.kinds.table import FREE, OPAQUE
from cnncalc.notation.tree import Join, Layer
from cnncalc.numbers.lettered import add_up, is_large, too_long
from cnncalc.report.quantities import SUMMED
from cnncalc.report.roofline import OWN_MACS, UNSEEN
from cnncalc.report.several import likeness
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.numbers.working import Number
    from cnncalc.report.quantity import Quantity
    from cnncalc.speech.problem import Span
    from cnncalc.trace.rounds import AlikeRounds
    from cnncalc.trace.rows import Row
    from cnncalc.trace.settings import Settings


class CollectedRows:
    """The rows of a trace, `main` and `aux` what they add up to, and what else is told of them.

    It `keeps` rows until there are `most_rows`. `inputs` are those of what comes in, `kinds` those
    of a counter, `unread` the places of what is no layer here, by its name; the `deepest` row
    stands in so many calls and labels.
    """

    def __init__(self, settings: Settings, *, keep_rows: bool, most_rows: int | None) -> None:
        summed = (*SUMMED, *(UNSEEN if settings.device else ()))
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
        self.rows.append(row)
        count = len(self.rows)
        self.keeps = count != self._most_rows
        if count > self._held:
            raise _too_many_rows(row, self._held)

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


def _too_many_rows(row: Row, most: int) -> Problem:
    """Return the problem of an answer that holds more rows than there is memory for."""
    return Problem(
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
            self.totals()
        self._alike[key] = row, [times]

    def totals(self) -> dict[str, Number]:
        """Return the sums of the rows so far."""
        for quantity in self._summed:
            rows = (count * quantity.one(row) for row, (count,) in self._alike.values())
            total = add_up((self._sums[quantity.name], *rows))
            if not isinstance(total, int) and is_large(total):
                raise too_long()
            self._sums[quantity.name] = total
        self._alike.clear()
        return self._sums
