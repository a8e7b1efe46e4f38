"""The one table of quantities, from which every output follows.

JSON, `--get`, columns, totals and the lines of a card all read it; a new quantity is one entry.
"""

from __future__ import annotations

from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from cnncalc.numbers.working import shown
from cnncalc.report.quantity import Quantity
from cnncalc.report.several import add, highest, last, last_field, ratio_of
from cnncalc.trace.memory import STATES, written

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from cnncalc.numbers.working import Number, Working
    from cnncalc.trace.rows import Row


def _work(name: str, *given: str) -> Callable[..., Any]:
    """Return a function of `workings`, which is imported when a working is asked for."""

    def worked(*asked: Any) -> Any:
        from cnncalc.report import workings

        return getattr(workings, name)(*given, *asked)

    return worked


def _timed(name: str, *given: Any) -> Callable[..., Any]:
    """Return a function of `roofline`, which is imported when bytes or times are asked for."""

    def timed(*asked: Any) -> Any:
        from cnncalc.report import roofline

        return getattr(roofline, name)(*given, *asked)

    return timed


def _quantity(
    name: str,
    heading: str,
    unit: str,
    counts: str,
    form: str = "count",
    several: Any = add,
    **more: Any,
) -> Quantity:
    """Return a quantity: a count that adds up, where nothing else is said.

    What one row has of it is the row's attribute of that name.
    """
    found = {"path": (), "one": attrgetter(name.replace("-", "_")), **more}
    return Quantity(name, heading, unit, counts, form, several, **found)


def _ratio(
    name: str,
    heading: str,
    unit: str,
    counts: str,
    parts: Callable[[Row], tuple[Number, Number] | None],
    **more: Any,
) -> Quantity:
    """Return a quantity that is a ratio to a hundredth: of two numbers of a row, or of several.

    `parts` asks quantities for both: a row that stands for several has none of its own. It gives
    None where there is no such ratio: nothing of nothing is printed as 0.00.
    """
    ratio, one = ratio_of(parts), partial(ratio_of(parts), None)
    more |= {"parts": parts, "batched": True}
    return Quantity(name, heading, unit, counts, "ratio", ratio, (), one, **more)


def _intensity(row: Row) -> tuple[Number, Number]:
    """Return the operations and the bytes moved of one row, or of several.

    Operations are two for each MAC, whatever another counter calls one.
    """
    from cnncalc.report.roofline import OWN_MACS

    sums = row.several.sums if row.several else None
    macs = QUANTITIES["macs"] if sums and OWN_MACS.name not in sums else OWN_MACS
    return 2 * macs.of(row), QUANTITIES["bytes"].of(row)


def _row_of_arena(part: str, row: Row) -> Number | None:
    """Return the head while a row works; no row has a part of the tail."""
    return row.peak if part == "head" and hasattr(row.forward, part) else None


def _of_arena(part: str, _one: Any, row: Row) -> Number | None:
    return getattr(row.forward, part, None)


OPTIMIZERS = ("SGD", "momentum", "Adam")


def _finite_field(row: Row) -> Any:
    return row.rf if isinstance(row.rf, tuple) and row.rf else None


_TABLE: tuple[Quantity, ...] = (
    _quantity(
        "output",
        "output",
        "pixels and channels",
        "the volume that goes out",
        "volume",
        last,
        path=("output",),
        working=_work("output"),
        column=1,
        card=True,
    ),
    _quantity(
        "params",
        "params",
        "numbers",
        "learned numbers: weights and biases",
        path=("params",),
        working=_work("params"),
        column=2,
        card=True,
    ),
    _quantity("weights", "weights", "numbers", "learned numbers that multiply", path=("weights",)),
    _quantity("biases", "biases", "numbers", "learned numbers that are added", path=("biases",)),
    _quantity(
        "macs",
        "MACs",
        "operations",
        "one multiply and one add for each use of a weight, and in products of maps; no biases",
        path=("macs",),
        working=_work("macs"),
        column=3,
        card=True,
        batched=True,
    ),
    _quantity(
        "products",
        "products",
        "operations",
        "those of the MACs that multiply two maps, in attention",
        batched=True,
    ),
    _quantity(
        "flops",
        "FLOPs",
        "operations",
        "two for each MAC",
        path=("flops",),
        working=_work("flops"),
        card=True,
        batched=True,
    ),
    _quantity(
        "activations",
        "activations",
        "values",
        "values of the input and of outputs that take memory of their own",
        path=("activations",),
        working=_work("activations"),
        column=5,
        caption="stored activations",
        batched=True,
    ),
    _quantity(
        "rf",
        "receptive field",
        "pixels",
        "input pixels that a unit sees, from the first to the last",
        "axes",
        last,
        path=("rf", "size"),
        working=_work("field"),
        column=4,
        card=True,
        short="field",
    ),
    *(
        _quantity(name, name, "pixels", says, "axes", last, path=("rf", name))
        for name, says in (
            ("jump", "input pixels between neighbouring units"),
            ("start", "the first input pixel that unit 0 sees, counted from 0"),
            ("centre", "the pixel that the field of unit 0 is centred on, counted from 0"),
        )
    ),
    _quantity(
        "rf-padding",
        "padding",
        "pixels",
        "pixels that the field of unit 0 begins before pixel 0",
        "axes",
        last,
        path=("rf", "padding"),
        one=attrgetter("padding"),
    ),
    _quantity(
        "rf-share",
        "input %",
        "percent",
        "the receptive field as a part of the input, to a tenth of a percent",
        "share",
        last,
        one=attrgetter("rf"),
        share_of="input",
    ),
    _quantity(
        "last-field",
        "last field",
        "pixels",
        "the receptive field of the last row that does not see all",
        "axes",
        last_field,
        one=_finite_field,
    ),
    _quantity(
        "depth",
        "depth",
        "layers",
        "conv, transposed conv, local and fc layers on the longest path",
        several=last,
    ),
    _quantity(
        "nonlinearities",
        "non-linearities",
        "layers",
        "activation layers on that path",
        several=last,
    ),
    _quantity(
        "memory",
        "memory (bytes)",
        "bytes",
        "bytes of the activations",
        path=("memory", "activations"),
        worked=_work("memory"),
        caption="memory of activations",
        batched=True,
    ),
    _quantity(
        "params-memory",
        "params (bytes)",
        "bytes",
        "bytes of the learned numbers",
        path=("memory", "params"),
        worked=_work("params_memory"),
    ),
    _quantity(
        "flash",
        "flash (bytes)",
        "bytes",
        "bytes of the learned numbers as they are stored: biases beside weights of int8 in 4 each",
        caption="params as they are stored, biases beside integers in 4 bytes",
    ),
    _quantity(
        "peak",
        "peak (bytes)",
        "bytes",
        "bytes that a forward pass holds at once while a row works, parameters apart",
        several=highest,
        path=("memory", "peak"),
        worked=_work("peak"),
        caption="peak without parameters",
        batched=True,
    ),
    *(
        _quantity(
            f"arena-{part}",
            f"arena {part} (bytes)",
            "bytes",
            says,
            several=partial(_of_arena, part),
            one=partial(_row_of_arena, part),
            needs="planner",
        )
        for part, says in (
            ("head", "bytes that TensorFlow Lite Micro lays tensors out in"),
            ("tail", "bytes that describe them and the ops there, an estimate"),
        )
    ),
    *(
        _quantity(
            f"training-{name}",
            f"training, {optimizer} (bytes)",
            "bytes",
            f"bytes that training with {optimizer} holds: activations twice, parameters {n} times",
            worked=_work("training_with", name),
            caption="training with activations twice, gradients and states",
            batched=True,
        )
        for (name, n), optimizer in zip(STATES.items(), OPTIMIZERS, strict=True)
    ),
    _quantity(
        "training-macs",
        "training MACs",
        "operations",
        "MACs of a forward and a backward pass: 3 times, less the first layer's input gradient",
        batched=True,
        caption="training MACs forward, and backward for weights and inputs",
    ),
    _quantity(
        "trainable",
        "trainable",
        "numbers",
        "learned numbers that are trained: all but those of what --freeze names",
    ),
    _quantity(
        "frozen",
        "frozen",
        "numbers",
        "learned numbers that are not trained, of what --freeze names",
    ),
    _quantity(
        "bytes",
        "bytes moved",
        "bytes",
        "bytes that a row reads and writes: every input, its parameters, its output, each once",
        one=_timed("moved_by"),
        batched=True,
        caption="bytes of inputs, parameters and output, each once",
    ),
    _ratio(
        "intensity",
        "intensity",
        "operations per byte",
        "two operations for each MAC, whatever --like counts, per byte moved",
        _intensity,
        caption="two operations for each MAC, per byte moved",
    ),
    _ratio(
        "roofline",
        "roofline (\u00b5s)",
        "microseconds",
        "least time on a device: operations or bytes by its peaks, layers one by one",
        _timed("microseconds"),
        needs="device",
    ),
    _quantity(
        "bound",
        "bound by",
        "",
        "what this time is bound by, memory or compute; of several layers, most of it",
        "word",
        _timed("bound_by"),
        one=_timed("bound_by", None),
        needs="device",
    ),
)

_TABLE += tuple(
    _quantity(
        f"{each.name}-share",
        f"{each.heading} %",
        "percent",
        f"{each.heading} as a part of the network's, to a tenth of a percent",
        "share",
        each.several,
        one=each.one,
        share_of=each.name,
    )
    for each in _TABLE
    if each.name in ("params", "macs", "activations")
)

QUANTITIES: dict[str, Quantity] = {quantity.name: quantity for quantity in _TABLE}

COLUMNS: tuple[Quantity, ...] = tuple(
    sorted((each for each in _TABLE if each.column), key=attrgetter("column"))
)

FIELDS: tuple[Quantity, ...] = tuple(
    QUANTITIES[name] for name in ("rf", "jump", "start", "centre", "rf-padding", "rf-share")
)

BYTES = frozenset(each.name for each in _TABLE if each.unit == "bytes")
"""The names of those that are in bytes."""

HELD = frozenset(each.name for each in _TABLE if each.worked) | {"activations"}
"""The names of those that are memory, and the values that they are the bytes of."""

SUMMED: tuple[Quantity, ...] = tuple(each for each in _TABLE if each.is_summed)

LEAST = ("params", "weights", "biases", "macs", "flops")
"""Those whose totals are the least that they may be, where not all of a network is counted."""


def in_table(names: Collection[str]) -> list[Quantity]:
    """Return the quantities of some names, in their order; none where one is none of the table."""
    return [QUANTITIES[name] for name in names] if QUANTITIES.keys() >= {*names} else []


def arithmetic(quantity: Quantity, row: Row) -> list[str]:
    """Return how a row, whose numbers show theirs, comes to what it has of a quantity."""
    if quantity.worked:
        return [memory_working(quantity.name, row)] if quantity.of(row) else []
    return quantity.working(row) if quantity.working else []


def bytes_of(name: str, row: Row) -> Working:
    """Return the bytes that a row has of a quantity, with their arithmetic."""
    worked = QUANTITIES[name].worked
    if worked is None:
        return shown(QUANTITIES[name].of(row))
    return worked(row, lambda each: QUANTITIES[each].of(row))


def memory_working(name: str, row: Row) -> str:
    """Return this arithmetic, and what it comes to in other units."""
    found = bytes_of(name, row)
    said = written(found.value)
    return said if f"{found}" == f"{found.value}" else f"{found} = {said}"
