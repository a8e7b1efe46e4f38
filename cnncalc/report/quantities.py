"""The one table of quantities, from which every output follows.

JSON, `--get`, columns, totals and the lines of a card all read it; a new quantity is one entry.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.kinds.volumes import times
from cnncalc.numbers.terms import letters_in, ratio
from cnncalc.numbers.working import plain, product, shown
from cnncalc.report import listing
from cnncalc.report.listing import Column
from cnncalc.speech.language import _
from cnncalc.trace.memory import STATES, training, written

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from cnncalc.numbers.working import Number, Working
    from cnncalc.report.report import Report
    from cnncalc.trace.rows import Row


class Quantity(NamedTuple):
    """Something that a row has a value of.

    `form` is 'count' (a whole number), 'volume', 'axes' (a number for each spatial axis,
    'all' or None), or 'share' (percent of the total of what it is a `share_of`; of the size of
    the 'input' one for each axis). `total` says what a network has of it: the 'sum' of its rows,
    the 'last' row's, or the 'max' that a row has, which the pass knows when all rows are in. `path`
    is where it stands in JSON, if it does. `working` gives the arithmetic of a row whose measure
    and input are numbers that show theirs, a line each; `worked` that of bytes, of a row or of
    several in one. `column` is its place in a table, 0 for none. What is `batched` grows with the
    batch.
    """

    name: str
    heading: str
    unit: str
    counts: str
    form: str
    total: str
    path: tuple[str, ...]
    of: Callable[[Any], Any]
    working: Callable[[Row], list[str]] | None = None
    column: int = 0
    card: bool = False
    share_of: str = ""
    batched: bool = False
    worked: Callable[[Any], Working] | None = None

    @property
    def of_all(self) -> bool:
        """Whether JSON says what a whole network has of it: no axes, and no part of itself."""
        return self.form != "axes" and not self.share_of


OPTIMIZERS = ("SGD", "momentum", "Adam")


def said(number: Number) -> str:
    """Return a size as people write it."""
    return str(number) if isinstance(number, int) else f"{number:,}"


def weights_and_biases(row: Any) -> str:
    """Return what a row, or several, learns, by what it does: 750 weights + 10 biases."""
    return _("{weights:,} weights + {biases:,} biases", weights=row.weights, biases=row.biases)


def _output(row: Row) -> list[str]:
    sizes = [size for size in row.output if getattr(size, "parts", ())]
    return list(dict.fromkeys(f"{size} = {said(size.value)}" for size in sizes))


def _params(row: Row) -> list[str]:
    weights, biases = row.weights, row.biases
    if not row.params or row.params != weights + biases:
        return [f"{row.cost('params')}"] if row.params else []
    params = row.measure.params
    return [f"{params} = {weights_and_biases(row)}" if biases else f"{params}"]


def _macs(row: Row) -> list[str]:
    return [f"{row.forward.of_all(row.cost('macs'))}"] if row.macs else []


def _flops(row: Row) -> list[str]:
    if not row.flops or row.flops in (row.macs, 2 * row.macs):
        return [("" if row.flops == row.macs else "2 * ") + _("MACs")] if row.flops else []
    return [f"{row.forward.of_all(row.cost('flops'))}"]


def _values(row: Row) -> Number:
    return product(shown(plain(size)) for size in row.output)


def _activations(row: Row) -> list[str]:
    return [f"{row.forward.of_all(_values(row))}"] if row.activations else []


def _memory(row: Any) -> Working:
    values = shown(row.activations // row.forward.batch)
    if row.activations and not hasattr(row, "rows"):
        values = shown(_values(row))
    return shown(row.forward.bytes(values))


def _params_memory(row: Any) -> Working:
    width = row.forward.width
    return shown(shown(row.params_memory // width) * width)


def _peak(row: Any) -> Working:
    if row.peak and row.fullest is None:
        return shown(row.peak)
    held = row.forward.sum_at(row.fullest) if row.peak else shown(0)
    return shown(row.forward.bytes(held))


def _training(optimizer: str) -> Callable[[Any], Working]:
    def worked(row: Any) -> Working:
        return shown(training(shown(row.memory), shown(row.params_memory), optimizer))

    return worked


def _field(row: Row) -> list[str]:
    if not isinstance(row.rf, tuple) or not row.rf:
        return []
    return [_("jump {jump}, first pixel {start}", jump=alike(row.jump), start=alike(row.start))]


_TABLE: tuple[Quantity, ...] = (
    Quantity(
        "output",
        "output",
        "pixels and channels",
        "the volume that goes out",
        "volume",
        "last",
        ("output",),
        attrgetter("output"),
        _output,
        column=1,
        card=True,
    ),
    Quantity(
        "params",
        "params",
        "numbers",
        "learned numbers: weights and biases",
        "count",
        "sum",
        ("params",),
        attrgetter("params"),
        _params,
        column=2,
        card=True,
    ),
    Quantity(
        "weights",
        "weights",
        "numbers",
        "learned numbers that multiply",
        "count",
        "sum",
        ("weights",),
        attrgetter("weights"),
    ),
    Quantity(
        "biases",
        "biases",
        "numbers",
        "learned numbers that are added",
        "count",
        "sum",
        ("biases",),
        attrgetter("biases"),
    ),
    Quantity(
        "macs",
        "MACs",
        "operations",
        "one multiply and one add for each use of a weight; biases left out",
        "count",
        "sum",
        ("macs",),
        attrgetter("macs"),
        _macs,
        column=3,
        card=True,
        batched=True,
    ),
    Quantity(
        "flops",
        "FLOPs",
        "operations",
        "two for each MAC",
        "count",
        "sum",
        ("flops",),
        attrgetter("flops"),
        _flops,
        card=True,
        batched=True,
    ),
    Quantity(
        "activations",
        "activations",
        "values",
        "values of the input and of outputs that take memory of their own",
        "count",
        "sum",
        ("activations",),
        attrgetter("activations"),
        _activations,
        column=5,
        batched=True,
    ),
    Quantity(
        "rf",
        "receptive field",
        "pixels",
        "input pixels that a unit sees, from the first to the last",
        "axes",
        "last",
        ("rf", "size"),
        attrgetter("rf"),
        _field,
        column=4,
        card=True,
    ),
    Quantity(
        "jump",
        "jump",
        "pixels",
        "input pixels between neighbouring units",
        "axes",
        "last",
        ("rf", "jump"),
        attrgetter("jump"),
    ),
    Quantity(
        "start",
        "start",
        "pixels",
        "the first input pixel that unit 0 sees, counted from 0",
        "axes",
        "last",
        ("rf", "start"),
        attrgetter("start"),
    ),
    Quantity(
        "centre",
        "centre",
        "pixels",
        "the pixel that the field of unit 0 is centred on, counted from 0",
        "axes",
        "last",
        ("rf", "centre"),
        attrgetter("centre"),
    ),
    Quantity(
        "padding",
        "padding",
        "pixels",
        "pixels that the field of unit 0 begins before pixel 0",
        "axes",
        "last",
        ("rf", "padding"),
        attrgetter("padding"),
    ),
    Quantity(
        "rf-share",
        "input %",
        "percent",
        "the receptive field as a part of the input, to a tenth of a percent",
        "share",
        "last",
        (),
        attrgetter("rf"),
        share_of="input",
    ),
)

_TABLE += (
    Quantity(
        "depth",
        "depth",
        "layers",
        "conv, transposed conv, local and fc layers on the longest path",
        "count",
        "last",
        (),
        attrgetter("depth"),
    ),
    Quantity(
        "nonlinearities",
        "non-linearities",
        "layers",
        "activation layers on that path",
        "count",
        "last",
        (),
        attrgetter("nonlinearities"),
    ),
)

_TABLE += (
    Quantity(
        "memory",
        "memory (bytes)",
        "bytes",
        "bytes of the activations",
        "count",
        "sum",
        ("memory", "activations"),
        attrgetter("memory"),
        worked=_memory,
        batched=True,
    ),
    Quantity(
        "params-memory",
        "params (bytes)",
        "bytes",
        "bytes of the learned numbers",
        "count",
        "sum",
        ("memory", "params"),
        attrgetter("params_memory"),
        worked=_params_memory,
    ),
    Quantity(
        "peak",
        "peak (bytes)",
        "bytes",
        "bytes that a forward pass holds at once while a row works, parameters apart",
        "count",
        "max",
        ("memory", "peak"),
        attrgetter("peak"),
        worked=_peak,
        batched=True,
    ),
)

_TABLE += tuple(
    Quantity(
        f"training-{name}",
        f"training, {optimizer} (bytes)",
        "bytes",
        f"bytes that training with {optimizer} holds: activations twice, parameters {times} times",
        "count",
        "sum",
        (),
        attrgetter(f"training_{name}"),
        worked=_training(name),
        batched=True,
    )
    for (name, times), optimizer in zip(STATES.items(), OPTIMIZERS, strict=True)
)

_TABLE += tuple(
    Quantity(
        f"{each.name}-share",
        f"{each.heading} %",
        "percent",
        f"{each.heading} as a part of the network's, to a tenth of a percent",
        "share",
        "share",
        (),
        each.of,
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
    QUANTITIES[name] for name in ("rf", "jump", "start", "centre", "padding", "rf-share")
)

BYTES = frozenset(each.name for each in _TABLE if each.worked)
"""The names of those that are memory."""

HELD = BYTES | {"activations"}
"""Those, and the values that they are the bytes of."""

SUMMED: tuple[Quantity, ...] = tuple(each for each in _TABLE if each.total == "sum")


def value(quantity: Quantity, row: Any, totals: dict[str, Any]) -> Any:
    """Return what a row has of a quantity; a share in percent, rounded to a tenth, half up.

    A row is a `Row`, or whatever stands for several of them.
    """
    found = quantity.of(row)
    if not quantity.share_of or found is None or isinstance(found, str):
        return found
    whole = totals[quantity.share_of]
    if not isinstance(found, tuple):
        return share(found, whole)
    shares = tuple(share(*each) for each in zip(found, whole, strict=True))
    return None if None in shares else shares


def share(part: Number, total: Number) -> float | None:
    """Return a part of a total in percent, rounded to a tenth; None where letters decide it.

    >>> share(1, 3), share(2, 3), share(0, 0)
    (33.3, 66.7, 0.0)
    """
    if isinstance(part, int) and isinstance(total, int):  # ratio imports fractions, which are slow
        return (2000 * part + total) // (2 * total) / 10 if total else 0.0
    found = ratio(part, total)
    return None if found is None else (2000 * found + 1) // 2 / 10


def alike(values: Any) -> str:
    """Return one number where all axes have it, else one for each.

    >>> alike((2, 2)), alike((1, 2))
    ('2', '1x2')
    """
    return str(values[0]) if len(set(values)) == 1 else times(values)


def arithmetic(quantity: Quantity, row: Row) -> list[str]:
    """Return how a row, whose numbers show theirs, comes to what it has of a quantity."""
    if quantity.worked:
        return [memory_working(quantity.name, row)] if quantity.of(row) else []
    return quantity.working(row) if quantity.working else []


def plain_heading(quantity: Quantity) -> str:
    """Return a heading for people, without its unit."""
    heading = quantity.heading.removesuffix(" (bytes)")
    return _(heading)


def bytes_of(name: str, row: Any) -> Working:
    """Return the bytes that a row, or several in one, has of a quantity, with their arithmetic."""
    worked = QUANTITIES[name].worked
    return worked(row) if worked else shown(0)


def memory_working(name: str, row: Any) -> str:
    """Return this arithmetic, and what it comes to in other units."""
    found = bytes_of(name, row)
    return f"{found} = {written(found.value)}"


def text(
    quantity: Quantity, value: Any, *, channels_first: bool = False, commas: bool = False
) -> str:
    """Return a value as it is printed: bare, or with commas for people."""
    ordered = in_order(quantity, value, channels_first=channels_first)
    return listing.text(quantity.form, ordered, commas=commas)


def in_order(quantity: Quantity, value: Any, *, channels_first: bool = False) -> Any:
    """Return a value in the order that is printed: a volume's channels may go first."""
    if channels_first and quantity.form == "volume" and value is not None:
        return (value[-1], *value[:-1])
    return value


def column(quantity: Quantity) -> Column:
    """Return the column of a quantity."""
    return Column(quantity.name, quantity.heading, quantity.form, quantity.path)


def _held(columns: Iterable[Quantity], report: Report) -> Iterable[str]:
    """Yield what memory is counted in, and what a batch multiplies, of what is shown."""
    forward = report.forward
    shown = [each for each in columns if each.name in BYTES]
    if any(each.name == "memory" for each in shown):
        yield _("memory is that of the activations")
    if any(each.name == "peak" for each in shown):
        yield _("peak is the most that is held at once, parameters apart")
    if any(each.name.startswith("training") for each in shown):
        yield _("training holds activations twice, parameters with gradients and states")
    if shown:
        yield _("bytes of {dtype}, {width} a value", dtype=forward.dtype, width=forward.width)
    if forward.batch > 1:
        names = (plain_heading(each).split(",")[0] for each in columns if each.batched)
        grown = list(dict.fromkeys(names))
        what = _(" and ").join([", ".join(grown[:-1]), grown[-1]] if grown[1:] else grown)
        batch = forward.batch
        yield (
            _("{what} for a batch of {batch:,}, all else for one input", what=what, batch=batch)
            if grown
            else _("nothing here grows with the batch of {batch:,}", batch=batch)
        )


def counted(columns: Iterable[Quantity], report: Report, kinds: Collection[str] = ()) -> str:
    """Return the line that says what the numbers count, as far as they are shown.

    `kinds` are those of the rows; without them, the report's.
    """
    like = report.like
    columns = list(columns)
    names = {column.name for column in columns}
    parts = []
    if names & {"params", "weights"} and report.params:
        has_biases = report.biases + report.aux["biases"]
        parts.append(_("weights and biases") if has_biases else _("weights (no biases)"))
    if names & {"macs", "flops"} and report.macs and not (like and like.quantity == "macs"):
        parts.append(_("a MAC is one multiply and one add, biases left out"))
    if like and any(like.bears_on(name) for name in names):
        heading = QUANTITIES[like.quantity].heading
        there = "" if like.prints == heading else _(" (there: {word})", word=like.prints)
        what = like.says(kinds or report.kinds, _)
        parts.append(
            _(
                "{name} as in {tool}{there}: {what}",
                name=_(heading),
                tool=like.title,
                there=there,
                what=what,
            )
        )
    if "activations" in names:
        parts.append(_("activations are the input and the outputs that take memory of their own"))
    parts += _held(columns, report)
    line = _("Counted: {what}.", what="; ".join(parts)) if parts else ""
    if letters_in((*report.input, report.params, report.macs, report.activations)):
        line += " " + _("Letters are whole numbers, large enough for every window to fit.")
    return line.lstrip()
