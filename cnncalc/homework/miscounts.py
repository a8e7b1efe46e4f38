"""Rows that an answer leaves out or counts twice: a layer forgotten, one too many, one alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.homework.alternative import NamedWay
from cnncalc.homework.answers import answer
from cnncalc.homework.remeasure import field_through
from cnncalc.kinds.measure import Measure
from cnncalc.kinds.receptive_field import OWN
from cnncalc.kinds.table import KINDS
from cnncalc.notation.tree import Layer
from cnncalc.numbers.working import plain, product, shown
from cnncalc.speech.language import Sentence
from cnncalc.speech.problem import Problem
from cnncalc.trace.layers import measured
from cnncalc.trace.rewalk import Otherwise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.kinds.receptive_field import Field
    from cnncalc.numbers.working import Number
    from cnncalc.trace.rows import Row

MOST_ROWS = 30  # of a network in which a layer is left out or added, one by one
LEFT_OUT = "row {number}, {layer}, left out"

PARTS = frozenset({"row-left-out", "one-kind-alone", "one-kind-left-out"})
"""The names of the parts that people speak of: the convolutions, a network without its head."""


def counted_parts(target: Row, quantity: str) -> Iterator[NamedWay]:
    """Yield the parts of a sum that people speak of: all but the last, and layers of a kind."""
    counted = [row for row in target.rows if plain(answer(quantity, row))]
    kinds = list(dict.fromkeys(row.kind for row in counted))
    found = [_without(counted, counted[-1])] if len(counted) > 2 else []
    for kind in kinds:
        alone = [row for row in counted if row.kind == kind]
        found.append(
            NamedWay("one-kind-alone", Sentence("the rows of {kind} alone", kind=kind), rows=alone)
        )
    for kind in kinds:
        says = Sentence("the rows of {kind} left out", kind=kind)
        others = [row for row in counted if row.kind != kind]
        found.append(NamedWay("one-kind-left-out", says, rows=others))
    told: list[Sequence[Row]] = [counted]
    for each in found:
        if len(each.rows) > 1 and each.rows not in told:
            told.append(each.rows)
            yield each


def _of_row(name: str, says: str, row: Row, rows: Sequence[Row] = ()) -> NamedWay:
    """Return a way that says what it does with a row; of a sum, the rows that it counts."""
    return NamedWay(name, Sentence(says, number=row.index, layer=row.layer), rows=rows)


def _without(counted: Sequence[Row], row: Row) -> NamedWay:
    rows = [each for each in counted if each is not row]
    return _of_row("row-left-out", LEFT_OUT, row, rows)


def miscounted_sums(target: Row, quantity: str) -> Iterator[NamedWay]:
    """Yield what else people take for a sum: a row alone, a row left out, the first rows."""
    counted = [row for row in target.rows if plain(answer(quantity, row))]
    if not 1 < len(counted) <= MOST_ROWS:
        return
    standard = list(_as_standard(counted))
    if len(standard) < len(counted):
        says = Sentence("a depthwise conv and the 1x1 behind it counted as one standard conv")
        yield NamedWay("separable-as-standard", says, rows=standard)
    for row in reversed(counted):
        yield _of_row("one-row-alone", "row {number}, {layer}, alone", row, [row])
    for row in counted[:-1] if len(counted) > 2 else ():
        yield _without(counted, row)
    for count in range(len(counted) - 2, 1, -1):
        says = Sentence("the first {count} of {total} rows", count=count, total=len(counted))
        yield NamedWay("first-rows-alone", says, rows=counted[:count])
    for row in counted:
        yield _of_row("row-twice", "row {number}, {layer}, counted twice", row, [*counted, row])


def _as_standard(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield rows, a standard conv in place of a depthwise one and the 1x1 that reads it."""
    wide: Row | None = None
    for row in rows:
        layer = row.node
        if wide is None and row.kind == "dwconv":
            wide = row
        elif wide is None or row.kind == "bn":
            yield row
        elif isinstance(layer, Layer) and row.kind == "conv" and set(layer.named["kernel"]) == {1}:
            layer = layer.having(**_windows(wide))
            yield row._replace(node=layer, measure=measured(layer, wide.input), input=wide.input)
            wide = None
        else:
            yield from (wide, row)
            wide = None
    if wide is not None:
        yield wide


def _windows(row: Row) -> dict[str, Any]:
    """Return what a depthwise conv says of its windows."""
    named = row.node.named if isinstance(row.node, Layer) else {}
    return {
        name: named[name]
        for name in ("kernel", "stride", "padding", "dilation", "same", "valid", "full")
    }


def one_more_held(target: Row, quantity: str) -> Iterator[tuple[NamedWay, Number]]:
    """Yield the values or bytes of a network that goes through a layer once more."""
    if quantity not in ("activations", "memory"):
        return
    held = shown(plain(answer(quantity, target)))
    for row in target.rows if len(target.rows) <= MOST_ROWS else ():
        try:
            more = measured(row.node, row.output) if isinstance(row.node, Layer) else None
        except Problem:
            continue
        if more and row.activations:
            count = row.forward.of_all if quantity == "activations" else row.forward.bytes
            yield _one_more(row), held + count(plain(product(more.output)))


def _one_more(row: Row) -> NamedWay:
    return _of_row("one-layer-more", "one more than row {number}, {layer}", row)


def rows_beside(target: Row, rows: Sequence[Row]) -> Iterator[NamedWay]:
    """Yield the main rows of a network but for those that are asked about, the nearest first."""
    if len(rows) > 2 * MOST_ROWS:
        return
    own = {row.index for row in target.rows}
    others = [row for row in rows if row.index not in own and not (row.several or row.aux)]
    for row in sorted(others, key=lambda row: abs(row.index - target.index)):
        yield _of_row("another-row", "that of row {number}, {layer}", row, [row])


def near_networks(rows: Sequence[Row], last: int) -> Iterator[tuple[NamedWay, Otherwise]]:
    """Yield networks with a layer less or more, each as how its rows are others."""
    layers = [row for row in rows if isinstance(row.node, Layer) and row.index <= last]
    for row in reversed(layers) if len(layers) <= MOST_ROWS else ():
        without = _of_row("layer-left-out", LEFT_OUT, row)
        yield without, Otherwise({row.index}, change=_left_out)
        yield _one_more(row), Otherwise({row.index}, change=_twice)


def _left_out(row: Row, before: Field) -> Row:
    """Return a row that hands on what comes in, and the field of it."""
    nothing = row.node.as_kind(KINDS["identity"])  # type: ignore[union-attr] # a layer
    return row._replace(node=nothing, measure=Measure(row.input, OWN), field=before)


def _twice(row: Row, _before: Field) -> Row:
    """Return the row of a layer that comes once more, on its own output."""
    try:
        more = measured(row.node, row.output)  # type: ignore[arg-type] # a layer
    except Problem:
        return row
    own = row.measure
    sums = {
        name: getattr(own, name) + getattr(more, name)
        for name in ("weights", "biases", "params", "macs")
    }
    return row._replace(measure=more._replace(**sums), field=field_through(row.field, more))
