"""The working, step by step: a formula by name and source, the numbers in it, the value.

The lines are those that the core computes: its formulas, run once on letters and once on the
user's own numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.kinds import receptive_field
from cnncalc.kinds.reference import lettered
from cnncalc.kinds.volumes import axis_name
from cnncalc.notation.tree import Join, Layer
from cnncalc.numbers.working import Working, shown, spoken
from cnncalc.report.quantities import QUANTITIES, bytes_of
from cnncalc.speech.language import _
from cnncalc.trace.memory import written
from cnncalc.trace.rows import shown_row
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.numbers.working import Number
    from cnncalc.trace.rows import Row

DUMOULIN = "Dumoulin and Visin, 2016"
ARAUJO = "Araujo, Norris and Sim, 2019"


ROW = frozenset({"memory", "params-memory", "peak"})
"""The memory of a row; training is of a network."""


class Step(NamedTuple):
    """One step: what is worked out, by which formula, in letters and in numbers.

    `more` says the value in other units.
    """

    quantity: str
    name: str
    source: str
    letters: Working | None
    numbers: Working
    more: str = ""

    @property
    def value(self) -> Number:
        """What the numbers come to."""
        return self.numbers.value


def explain(row: Row, rows: Sequence[Row]) -> list[Step]:
    """Return the steps of a row: its output, parameters, MACs and receptive field."""
    if isinstance(row.node, Join):
        return list(_join_steps(row, rows))
    if not isinstance(row.node, Layer):
        return []
    return list(_layer_steps(row, row.node, rows))


def explain_memory(row: Row) -> list[Step]:
    """Return the steps of the memory of a row; where it is several, of training too."""
    names = {
        "memory": _("memory of the activations"),
        "params-memory": _("memory of the parameters"),
        "peak": _peak_name(row),
        "training-sgd": _("training with SGD: activations twice; parameters, gradients"),
        "training-momentum": _("training with momentum: one state more for each parameter"),
        "training-adam": _("training with Adam: two states more for each parameter"),
    }
    steps = [(name, says, bytes_of(name, row)) for name, says in names.items()]
    return [
        Step(name, says, "", None, numbers, written(numbers.value))
        for name, says, numbers in steps
        if numbers.value and (name in ROW or row.several)
    ]


def _peak_name(row: Row) -> str:
    """Return what a peak is, with the rows whose outputs are held at it."""
    if row.fullest is None:
        return _("peak of a forward pass, parameters apart; letters decide at which row")
    held = row.forward.at(row.fullest) if QUANTITIES["peak"].of(row) else []
    return _(
        "peak of a forward pass, parameters apart, at row {row}; held are rows {rows}",
        row=row.fullest,
        rows=", ".join(str(index) for index, _size in held),
    )


def remarks(row: Row) -> list[str]:
    """Return what is worth a word about a row: gaps between its windows."""
    reaches = row.measure.reach
    gaps = [
        (reach.stride, span)
        for reach in (reaches if isinstance(reaches, tuple) else ())
        if not reach.phases and reach.stride > (span := reach.dilation * (reach.kernel - 1) + 1)
    ]
    return [
        _("the windows leave gaps: they span {span} and step by {stride}", span=span, stride=stride)
        for stride, span in dict.fromkeys(gaps)
    ]


def _layer_steps(row: Row, layer: Layer, rows: Sequence[Row]) -> Iterator[Step]:
    worked = shown_row(row)
    measure = worked.measure
    letters = lettered(layer.kind, layer.values)
    rank = len(row.output) - 1
    said: set[str] = set()
    for axis, size in enumerate(measure.output):
        text = str(size)
        if not getattr(size, "parts", ()) or text in said:
            continue
        said.add(text)
        is_map = axis < rank
        name = _("values of the output") if rank == 0 else _("channels of the output")
        if is_map:
            name = _("{axes} of the output", axes=_sides(measure.output[:-1], axis))
        formula = letters.output[0 if is_map or rank == 0 else -1]
        source = DUMOULIN if is_map and isinstance(measure.reach, tuple) else ""
        yield Step("output", name, source, _formula(formula), size)
    for quantity, name in (("params", _("parameters")), ("macs", _("MACs"))):
        number, own = worked.cost(quantity), getattr(measure, quantity)
        formula = getattr(letters, quantity) if number == own else None
        if quantity == "macs" and row.forward.batch > 1:
            number = row.forward.of_all(number)
            formula = formula and _letters("B")[0] * formula
        if number:
            yield Step(quantity, name, "", _formula(formula), _working(number))
    yield from _field_steps(row, measure.reach, rows)


def _sides(sizes: Sequence[Any], axis: int) -> str:
    """Return the names of the axes that are worked out alike: height and width."""
    alike = [i for i, size in enumerate(sizes) if str(size) == str(sizes[axis])]
    return _(" and ").join(axis_name(i, len(sizes)) for i in alike) if axis < len(sizes) else ""


def _field_steps(row: Row, reaches: Any, rows: Sequence[Row]) -> Iterator[Step]:
    """Yield how the receptive field grows: its size, and the jump where there is a stride."""
    before = rows[row.inputs[0]].field
    if not isinstance(before, tuple) or not isinstance(row.field, tuple):
        return
    grown, stepped, _start = _through(_letters("rja"), (*_letters("askd"),))
    said: set[str] = set()
    for axis, reach in zip(before, reaches, strict=False):
        if isinstance(axis, receptive_field.Phases) or reach.phases is not None:
            continue
        size, jump, _start = _through(spoken(axis), spoken(tuple(reach[:4])))
        if str(size) in said:
            continue
        said.add(str(size))
        yield Step("rf", _("receptive field"), ARAUJO, _formula(grown), _working(size))
        if reach.stride != 1:
            yield Step("jump", _("jump"), ARAUJO, _formula(stepped), _working(jump))


def _letters(names: str) -> tuple[Working, ...]:
    return tuple(shown(2, name) for name in names)


def _through(axis: Any, reach: tuple[Any, ...]) -> Any:
    """Return an axis through a reach, on numbers that show their arithmetic."""
    return receptive_field.through(axis, receptive_field.Reach(*reach))


def _join_steps(row: Row, rows: Sequence[Row]) -> Iterator[Step]:
    """Yield how the channels of a concat add up."""
    if row.kind != "concat":
        return
    total: Any = None
    for source in row.inputs:
        channels = shown(rows[source].output[-1])
        total = channels if total is None else total + channels
    yield Step("output", _("channels of the output"), "", None, total)


def _formula(number: Any) -> Working | None:
    return number if isinstance(number, Working) and number.parts else None


def _working(number: Any) -> Working:
    return number if isinstance(number, Working) else shown(number)
