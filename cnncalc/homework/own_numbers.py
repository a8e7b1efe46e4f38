"""A student's own numbers: what was claimed at a row goes on from there, right or not.

A later answer that is right on earlier wrong ones is marked so, as a teacher does. What bears on
it are the claimed volumes, which go through the trace in place of what layers give, and the claimed
counts, of which totals are made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.homework.answers import answer
from cnncalc.homework.variations import WINDOWS
from cnncalc.numbers.working import plain, product
from cnncalc.report.quantities import QUANTITIES
from cnncalc.trace.dtypes import bytes_of
from cnncalc.trace.layers import measured

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from cnncalc.homework.claims import Claim
    from cnncalc.kinds.measure import Measure
    from cnncalc.kinds.receptive_field import Field
    from cnncalc.kinds.volumes import Volume
    from cnncalc.trace.rows import Row

    Key: TypeAlias = tuple[int, str]

_VOLUME = ("output", "size", "channels")
_MEASURED = (*_VOLUME, "weights", "biases", "params", "flops", "macs")
_SAME = {"size": "output", "channels": "output", "flops": "macs"}


def key_of(claim: Claim, rows: Sequence[Row]) -> Key | None:
    """Return the row and the quantity that a claim is about; None for a total of several rows."""
    target = claim.query.subject(rows)
    if target is None:
        return None
    layers = [row for row in target.rows if row.index]
    quantity = QUANTITIES.get(claim.quantity)
    if quantity and quantity.is_summed and len(layers) != 1:
        return None
    return (layers or target.rows)[-1].index, claim.quantity


def value_of(claim: Claim) -> Any:
    """Return the numbers that a claim names exactly; None for any other claim."""
    if claim.operator != "=" or not claim.value or not all(type(n) is int for n in claim.value):
        return None
    if not claim.is_figure:
        return claim.value if min(claim.value) > 0 else None
    least, below, unit = claim.value
    return least if unit == 1 and below == least + 1 else None


class OwnNumbers:
    """Numbers by the row and the quantity that they were claimed of."""

    def __init__(self, values: Mapping[Key, Any]) -> None:
        self.values = dict(values)

    @property
    def rows(self) -> list[int]:
        """The rows that they are of."""
        return sorted({index for index, _quantity in self.values})

    def without(self, key: Key | None) -> OwnNumbers:
        """Return the others than those that say the same thing of the same row."""
        if key is None:
            return self
        index, quantity = key
        same = _SAME.get(quantity, quantity)
        return OwnNumbers(
            {
                (at, name): value
                for (at, name), value in self.values.items()
                if at != index or _SAME.get(name, name) != same
            }
        )

    def only(self, keys: Collection[Key]) -> OwnNumbers:
        """Return those of some rows and quantities."""
        return OwnNumbers({key: value for key, value in self.values.items() if key in keys})

    def before(self, key: Key | None) -> OwnNumbers:
        """Return what was said of rows before one; all for none."""
        if key is None:
            return self
        return OwnNumbers({each: self.values[each] for each in self.values if each[0] < key[0]})

    def after(self, index: int) -> OwnNumbers:
        """Return what was said of rows behind one."""
        return OwnNumbers({each: self.values[each] for each in self.values if each[0] > index})

    def instead(self, row: Row) -> Row:
        """Return the row that goes on from one: with the numbers that were claimed of it."""
        own = {name: value for (at, name), value in self.values.items() if at == row.index}
        if not own:
            return row
        measure, features = row.measure, own.get("in_features")
        if features is not None and row.kind == "fc":
            measure = measured(row.node, (features,))  # type: ignore[arg-type] # a layer
        elif features is not None and "output" not in own:
            measure = measure._replace(output=(features,))
        for name in _MEASURED:
            if name in own:
                measure = _with(measure, name, own[name], row.kind)
        return row._replace(measure=measure, field=_field(row.field, own))

    def answer(self, quantity: str, target: Row) -> Any:
        """Return what rows have of a quantity, or several of them, by these numbers."""
        asked = QUANTITIES.get(quantity)
        if asked is None or not asked.is_summed:
            return answer(quantity, target)
        return sum(self._one(quantity, row) for row in target.rows)

    def summands(self, quantity: str, target: Row) -> list[Any]:
        """Return what each row has of a sum."""
        return [each for each in (self._one(quantity, row) for row in target.rows) if each]

    def _one(self, quantity: str, row: Row) -> Any:
        if (row.index, quantity) in self.values:
            return self.values[row.index, quantity]
        if quantity == "memory" and (row.index, "activations") in self.values:
            values = self.values[row.index, "activations"]
            return bytes_of(values, row.forward.types.activations)
        return answer(quantity, row)


def _with(measure: Measure, name: str, value: Any, kind: str) -> Measure:
    """Return a measure with a claimed number in it, and what follows from that within a row."""
    if name in _VOLUME:
        volume = _volume(measure.output, name, value)
        macs = measure.macs
        if macs and kind in (*WINDOWS, "fc"):  # as many for each value of the output
            macs = plain(macs) * product(volume) // plain(product(measure.output))
        return measure._replace(output=volume, macs=macs)
    if name == "weights":
        return measure._replace(weights=value, params=value + measure.biases)
    if name == "biases":
        return measure._replace(biases=value, params=measure.weights + value)
    if name == "flops":
        return measure._replace(macs=value // 2)
    return measure._replace(**{name: value})


def _volume(output: Volume, name: str, value: Any) -> Volume:
    """Return a volume with what was claimed of it; its own where that has other axes."""
    if name == "channels":
        return (*output[:-1], value)
    if name == "size":
        sizes = value * (len(output) - 1) if len(value) == 1 else value
        return (*sizes, output[-1]) if len(sizes) == len(output) - 1 else output
    return value if len(value) == len(output) or len(value) == 1 else output


def _field(field: Field, own: Mapping[str, Any]) -> Field:
    """Return a field with the size and the jump that were claimed of it."""
    if not isinstance(field, tuple) or not {"rf", "jump"} & set(own):
        return field
    axes: list[Any] = []
    for at, axis in enumerate(field):
        if len(axis) != 3 or not isinstance(axis, tuple):
            return field
        size, jump, start = axis
        found = {"rf": size, "jump": jump}
        for name in found:
            if name in own and own[name] != ("all",):
                found[name] = own[name][at] if at < len(own[name]) else own[name][0]
        axes.append((found["rf"], found["jump"], start))
    return tuple(axes)
