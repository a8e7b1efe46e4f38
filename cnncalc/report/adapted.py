"""The rows of a network as it is deployed, norms in the weights before them, or trained in part.

A batch norm multiplies and shifts each channel by numbers that are known when training is over. A
conv that nothing but it reads takes both into its weights and its bias, and the norm is gone. Of a
part that is frozen no number is learned: gradients go through it, or end there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.kinds.measure import Writes
from cnncalc.notation.tree import Call, Layer
from cnncalc.numbers.digits import is_whole
from cnncalc.report.places import labels, unknown_row
from cnncalc.trace.ledger import hold
from cnncalc.trace.planners import PLANNERS
from cnncalc.trace.rows import measured
from cnncalc.trace.sharing import without_weights

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from cnncalc.trace.rows import Row
    from cnncalc.trace.settings import Settings

TAKES_NORMS = ("conv", "dwconv", "deconv", "fc", "linear")
"""What a norm can be folded into, as torch.nn.utils.fusion and TensorFlow Lite's converter do."""


def adapted(rows: Sequence[Row], settings: Settings) -> list[Row]:
    """Return the rows of a network as settings ask for them, of a forward pass of their own."""
    if settings.fold:
        rows = _renumbered(rows, folded_norms(rows))
    frozen = _frozen(rows, settings.freeze)
    planner = PLANNERS[settings.planner]
    forward = planner.start(settings.batch, settings.dtype, settings.device)
    forward.model = rows[0].forward.model
    found = []
    for row in rows:
        found.append(row._replace(forward=forward, is_frozen=row.index in frozen))
        hold(planner, found[-1])
    if frozen:
        forward.kept = bytes(_kept(found))
    return found


# ---------------------------------------------------------------- norms


def folded_norms(rows: Sequence[Row]) -> dict[int, int]:
    """Return the rows of norms that can be folded, and the row that each is folded into.

    Weights that are used again must have the same norm behind them each time.
    """
    readers = [0] * len(rows)
    for row in rows:
        for read in row.inputs:
            readers[read] += 1
    into = {
        row.index: row.inputs[0]
        for row in rows
        if row.kind == "bn"
        and rows[row.inputs[0]].kind in TAKES_NORMS
        and readers[row.inputs[0]] == 1
    }
    behind = {conv: _first(rows[norm]) for norm, conv in into.items()}
    norms: dict[int, set[int | None]] = {}
    for row in rows:
        if row.kind in TAKES_NORMS:
            norms.setdefault(_first(row), set()).add(behind.get(row.index))
    return {norm: conv for norm, conv in into.items() if len(norms[_first(rows[conv])]) == 1}


def _first(row: Row) -> int:
    """Return the row that counts the weights of a row."""
    return row.index if row.shared is None else row.shared


def with_bias(row: Row) -> Row:
    """Return the row of a layer that has a bias, whether or not it had one."""
    node = row.node
    if not isinstance(node, Layer) or not node.named["nobias"]:
        return row
    layer = node._replace(values=tuple({**node.named, "nobias": False}.values()))
    measure = measured(layer, row.input)
    return row._replace(
        node=layer, measure=measure if row.shared is None else without_weights(measure)
    )


def _renumbered(rows: Sequence[Row], into: dict[int, int]) -> Sequence[Row]:
    """Return rows without the norms that are folded, those that they are folded into with biases.

    What a norm is labelled is the label of the other, if that has none.
    """
    names = {conv: rows[norm].label for norm, conv in into.items()}
    places: dict[int, int] = {}
    found: list[Row] = []
    for row in rows:
        if row.index in into:
            places[row.index] = places[into[row.index]]
            continue
        places[row.index] = len(found)
        if row.index in names:
            row = with_bias(row)._replace(label=row.label or names[row.index])  # noqa: PLW2901
        found.append(
            row._replace(
                index=len(found),
                inputs=tuple(places[each] for each in row.inputs),
                shared=None if row.shared is None else places[row.shared],
                seen=row.seen and (places[row.seen[0]], row.seen[1]),
            )
        )
    return found


# ---------------------------------------------------------------- parts that are frozen


def _frozen(rows: Sequence[Row], names: Collection[str]) -> set[int]:
    """Return the rows whose weights some names freeze: their own, or those that they share."""
    named: set[int] = set()
    for name in names:
        found = {_first(row) for row in rows if _goes_by(row, name)}
        if not found:
            raise unknown_row(rows, name, "--freeze", _blocks(rows))
        named |= found
    has_weights = (row for row in rows if row.learns or row.is_frozen)
    return {row.index for row in has_weights if _first(row) in named}


def _goes_by(row: Row, name: str) -> bool:
    """Return whether a name is a row's number or label, or that of a block around it."""
    if is_whole(name):
        return row.index == int(name)
    calls = (each.node for each in row.places if isinstance(each.node, Call))
    return (
        row.label == name
        or any(each.label == name for each in row.places)
        or any(call.definition.name == name for call in calls)
    )


def _blocks(rows: Sequence[Row]) -> list[str]:
    """Return the labels and the blocks that rows have or stand in."""
    calls = (each.node for row in rows for each in row.places if isinstance(each.node, Call))
    return [*labels(rows), *dict.fromkeys(call.definition.name for call in calls)]


def _kept(rows: Sequence[Row]) -> Iterator[int]:
    """Yield how often training holds what each row writes.

    Twice where a gradient goes, forward and backward; once where none does and a gradient is made
    with it, of weights or of what it is multiplied with; else not at all. What a gradient is read
    from before which nothing is frozen is held twice, as elsewhere.
    """
    owners: list[int] = []
    after: list[bool] = []  # whether something frozen stands at or before it
    for row in rows:
        own = row.writes in (Writes.NEW, Writes.INPUT)
        owners.append(row.index if own else owners[row.inputs[0]])
        after.append(row.is_frozen or any(after[each] for each in row.inputs))
    reached = [not row.is_first or row.learns for row in rows]
    read: set[int] = set()
    needed: set[int] = set()
    for row in rows:
        if reached[row.index]:
            owned = [owners[each] for each in row.inputs]
            read.update(owned)
            needed.update(owned if row.learns or row.kind in ("mul", "max") else ())
    for row in rows:
        is_held = reached[row.index] or (row.index in read and not after[row.index])
        yield 2 if is_held else int(row.index in needed)
