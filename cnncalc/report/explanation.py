"""The working, step by step: a formula by name and source, the numbers in it, the value.

The lines are those that the core computes: its formulas, run on numbers that go by letters.
"""

from __future__ import annotations

from math import gcd
from typing import TYPE_CHECKING, Any

from cnncalc.kinds import arithmetic, receptive_field
from cnncalc.kinds.reference import in_letters, named_volume
from cnncalc.kinds.volumes import axis_name, spread
from cnncalc.notation.tree import Join, Layer
from cnncalc.numbers.working import (
    Working,
    are_numbers,
    ceiling,
    exact,
    in_numbers,
    least,
    letters_of,
    most,
    named,
    plain,
    shown,
)
from cnncalc.report.quantities import QUANTITIES, bytes_of
from cnncalc.report.steps import ROW, Step
from cnncalc.report.workings import shown_row
from cnncalc.speech.language import _
from cnncalc.trace.memory import written
from cnncalc.trace.sharing import without_weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cnncalc.kinds.measure import Measure
    from cnncalc.numbers.working import Number
    from cnncalc.trace.rows import Row

DUMOULIN = "Dumoulin and Visin, 2016"
ARAUJO = "Araujo, Norris and Sim, 2019"

MOST_SUMMANDS = 12  # of a total; more are added up by kind


def explain(row: Row, rows: Sequence[Row]) -> list[Step]:
    """Return the steps of a row: its output, parameters, MACs and receptive field."""
    [(_row, steps)] = explain_each([row], rows)
    return steps


def explain_each(those: Iterable[Row], rows: Sequence[Row]) -> Iterator[tuple[Row, list[Step]]]:
    """Yield some rows of `rows`, each with its steps; those of layers that are alike are shared."""
    known: dict[tuple[Any, ...], tuple[Measure, list[Step]]] = {}
    for row in those:
        if isinstance(row.node, Join):
            yield row, list(_join_steps(row, row.node, rows))
        elif isinstance(row.node, Layer):
            layer, costs = row.node, (row.cost("params"), row.cost("macs"))
            alike = (layer.kind.name, layer.values, row.input, row.shared is None, *costs)
            if alike not in known:
                measure = in_letters(layer.kind, row.input, layer.values)
                measure = without_weights(measure) if row.shared is not None else measure
                known[alike] = measure, list(_layer_steps(row, layer, measure))
            measure, steps = known[alike]
            yield row, [*steps, *_field_steps(row, measure.reach, rows)]
        else:
            yield row, []


def explain_totals(rows: Sequence[Row]) -> list[Step]:
    """Return how the parameters and MACs of rows add up, auxiliary ones apart; one is no sum."""
    sums = {
        "params": (_("parameters in all"), _("parameters in all, by kind: {kinds}")),
        "macs": (_("MACs in all"), _("MACs in all, by kind: {kinds}")),
    }
    found = []
    for quantity, (name, by_kind) in sums.items():
        parts = [(row.kind, QUANTITIES[quantity].of(row)) for row in rows if not row.aux]
        parts = [(kind, number) for kind, number in parts if number]
        numbers = [number for _kind, number in parts]
        if len(numbers) < 2:
            continue
        kinds: dict[str, Number] = {}
        if len(numbers) > MOST_SUMMANDS:
            for kind, number in parts:
                kinds[kind] = kinds.get(kind, 0) + number
            numbers = list(kinds.values())
        says = by_kind.format(kinds=", ".join(kinds)) if kinds else name
        total = sum(numbers[1:], start=shown(numbers[0]))
        found.append(Step(quantity, says, "", None, total))
    return found


def explain_memory(row: Row) -> list[Step]:
    """Return the steps of the memory of a row; where it is several, of training too."""
    names = {
        "memory": _("memory of the activations"),
        "params-memory": _("memory of the parameters"),
        "peak": _peak_name(row),
        "training-sgd": _("training with SGD: what gradients need; parameters, gradients")
        if row.forward.kept
        else _("training with SGD: activations twice; parameters, gradients"),
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


# ---------------------------------------------------------------- layers


def _layer_steps(row: Row, layer: Layer, measure: Measure) -> Iterator[Step]:
    """Yield the steps of a row that follow from its layer and input: all but those of its field."""
    rank = len(row.output) - 1
    texts = [str(in_numbers(shown(size))) for size in measure.output]
    for axis, size in enumerate(measure.output):
        if not getattr(size, "parts", ()) or texts.index(texts[axis]) < axis:
            continue
        is_map = axis < rank
        name = _("values of the output") if rank == 0 else _("channels of the output")
        if is_map:
            name = _("{axes} of the output", axes=_alike(texts[:-1], axis))
        source = DUMOULIN if is_map and isinstance(measure.reach, tuple) else ""
        yield _step("output", name, size, source)
    yield from _padding_steps(row, layer, measure)
    worked = row._replace(input=named_volume(layer.kind, row.input), measure=measure)
    for quantity, name in (("params", _("parameters")), ("macs", _("MACs"))):
        number, own = worked.cost(quantity), getattr(measure, quantity)
        is_own = row.like is None or number == own
        if quantity == "macs" and row.forward.batch > 1:
            number = shown(row.forward.batch, "B") * number
        if number:
            yield _step(quantity, name, shown(number), lettered=is_own)


def _step(
    quantity: str, name: str, number: Working, source: str = "", *, lettered: bool = True
) -> Step:
    """Return a step, in letters where more than one letter is in it."""
    has_letters = lettered and bool(number.parts and letters_of(number))
    return Step(quantity, name, source, number if has_letters else None, in_numbers(number))


def _alike(texts: Sequence[str], axis: int) -> str:
    """Return the names of the axes whose numbers are worked out alike: height and width."""
    alike = [place for place, text in enumerate(texts) if text == texts[axis]]
    return _(" and ").join(axis_name(place, len(texts)) for place in alike)


def _padding_steps(row: Row, layer: Layer, measure: Measure) -> Iterator[Step]:
    """Yield what `same` pads in all, and on its two sides; what it crops where it is transposed."""
    given = layer.named
    rank = len(row.output) - 1
    if not given.get("same") or not rank or given.get("output-padding") is not None:
        return
    kernels, strides, dilations = (
        spread(given.get(name) or (1,), rank, name) for name in ("kernel", "stride", "dilation")
    )
    k, s = named("k", kernels), named("s", strides)
    d = dilations if set(dilations) == {1} else named("d", dilations)
    sizes = zip(
        named_volume(layer.kind, row.input)[:-1], named("out", row.output[:-1]), strict=True
    )
    is_crop = not isinstance(measure.reach, tuple) or layer.kind.name == "deconv"
    totals = [
        arithmetic.extent(k[axis], d[axis]) - s[axis]
        if is_crop
        else (out - 1) * s[axis] + arithmetic.extent(k[axis], d[axis]) - n
        for axis, (n, out) in enumerate(sizes)
    ]
    if not are_numbers(*totals):
        return
    totals = [most(each, 0) if each < 0 else each for each in totals]
    letters = named("P", totals)
    texts = [str(in_numbers(total)) for total in totals]
    for axis, total in enumerate(totals):
        if texts.index(texts[axis]) < axis:
            continue
        axes = "" if len(set(map(plain, totals))) == 1 else _alike(texts, axis)
        name = _("cropped in all") if is_crop else _("total padding")
        yield _step("padding", _on(name, axes), total)
        if total.value > 0:
            half = letters[axis] // shown(2)
            yield _step("padding", _on(_("before, half of it"), axes), half)
            yield _step("padding", _on(_("after, the rest"), axes), letters[axis] - half)


def _on(name: str, axes: str) -> str:
    """Return a name with the axes that it is said of, if not of all."""
    return _("{name}, {axes}", name=name, axes=axes) if axes else name


# ---------------------------------------------------------------- receptive fields


def _field_steps(row: Row, reaches: Any, rows: Sequence[Row]) -> Iterator[Step]:
    """Yield how the receptive field grows: its size, its start, the jump where there is a stride.

    Of a transposed conv the field is that of the units that see most.
    """
    before = rows[row.inputs[0]].field
    if not (isinstance(before, tuple) and isinstance(row.field, tuple) and reaches):
        return
    grown: list[tuple[Any, ...]] = []
    sizes = named("r", [receptive_field.size(axis) for axis in before])
    jumps = named("j", [receptive_field.jump(axis) for axis in before])
    starts = named("a", [receptive_field.start(axis) for axis in before])
    k, s, p = (
        named(letter, numbers)
        for letter, numbers in (
            ("k", [each.kernel for each in reaches]),
            ("s", [each.stride for each in reaches]),
            ("p", [-each.first for each in reaches]),
        )
    )
    dilations = [each.dilation for each in reaches]
    d = dilations if set(dilations) == {1} else named("d", dilations)
    for axis, reach in enumerate(reaches):
        r, j, a = sizes[axis], jumps[axis], starts[axis]
        if isinstance(before[axis], receptive_field.Phases):
            grown.append(())
        elif reach.phases is not None:
            grown.append(_transposed(row, axis, r, j))
        elif (reach.kernel, reach.stride) == (1, 1) and "kernel" not in row.node.named:  # type: ignore[union-attr]
            grown.append(())
        elif axis and (before[axis], reach) == (before[0], reaches[0]):
            grown.append(grown[0])
        else:
            size, jump, _start = _through((r, j, a), (0, s[axis], k[axis], d[axis]))
            start = a - p[axis] * j if p[axis] else a
            grown.append((size, jump if reach.stride != 1 else None, start))
    for place, (quantity, name) in enumerate(
        (("rf", _("receptive field")), ("jump", _("jump")), ("start", _("first pixel of unit 0")))
    ):
        numbers = [each[place] if each else None for each in grown]
        differing = {id(each): each for each in numbers if each is not None}
        known = {key: str(in_numbers(each)) for key, each in differing.items()}
        texts = [known.get(id(each), "") for each in numbers]
        for axis, number in enumerate(numbers):
            if number is None or not number.parts or texts.index(texts[axis]) < axis:
                continue
            alike = [at for at, text in enumerate(texts) if text == texts[axis]]
            axes = "" if len(alike) == len(texts) else _alike(texts, axis)
            yield _step(quantity, _on(name, axes), number, ARAUJO)


def _through(axis: Any, reach: tuple[Any, ...]) -> Any:
    """Return an axis through a reach, on numbers that show their arithmetic."""
    return receptive_field.through(axis, receptive_field.Reach(*reach))


def _transposed(row: Row, axis: int, r: Working, j: Working) -> tuple[Any, ...]:
    """Return the field of the units of a transposed conv that see most, and its jump.

    Of k taps, every s-th falls on an input; with a dilation d every s/gcd(d, s)-th.
    """
    if not isinstance(row.node, Layer) or row.node.kind.name != "deconv":
        return ()
    given, rank = row.node.named, len(row.output) - 1
    numbers = [spread(given[name], rank, name) for name in ("kernel", "stride", "dilation")]
    k, s, d = (named(letter, each)[axis] for letter, each in zip("ksd", numbers, strict=True))
    common = gcd(plain(s), plain(d))
    every, apart = s, (1 if d == 1 else d)
    if common > 1:
        every, apart = exact(s, shown(common)), exact(d, shown(common))
    steps = (ceiling(k, every) - 1) * apart
    size = r + steps * j
    whole: Any = row.field[axis]  # type: ignore[index]
    if plain(size) != receptive_field.size(whole):
        return ()
    jump = exact(j, s) if not plain(j) % plain(s) else None
    return size, jump, None


# ---------------------------------------------------------------- joins


def _join_steps(row: Row, join: Join, rows: Sequence[Row]) -> Iterator[Step]:
    """Yield how the channels of a concat add up, and the hull of the fields that are joined."""
    rank = len(row.output) - 1
    if row.kind == "concat":
        along = join.axis - 1 if join.axis else -1
        total = shown(row.reads[0][along])
        for volume in row.reads[1:]:
            total = total + volume[along]
        name = _("channels of the output") if rank else _("values of the output")
        if join.axis:
            name = _("{axes} of the output", axes=axis_name(along, rank))
        yield Step("output", name, "", None, total)
    if row.measure.products and (number := shown_row(row).cost("macs")):
        number = shown(row.forward.batch, "B") * number if row.forward.batch > 1 else number
        yield _step("macs", _("MACs"), shown(number))
    fields = [rows[source].field for source in row.inputs]
    if not isinstance(row.field, tuple) or not all(isinstance(each, tuple) for each in fields):
        return
    hulls = [_hull([field[axis] for field in fields]) for axis in range(len(row.field))]  # type: ignore[index]
    texts = ["" if hull is None else str(hull) for hull in hulls]
    for axis, hull in enumerate(hulls):
        same = [at for at, text in enumerate(texts) if text == texts[axis]]
        if hull is None or same[0] < axis or hull.value != receptive_field.size(row.field[axis]):
            continue
        axes = "" if len(same) == len(hulls) else _alike(texts, axis)
        name = _("receptive field, from the first pixel that a branch sees to the last")
        yield Step("rf", _on(name, axes), "", None, hull)


def _hull(axes: Sequence[Any]) -> Working | None:
    """Return the pixels from the first that one of some fields holds to the last of all."""
    if any(isinstance(axis, receptive_field.Phases) for axis in axes) or len(set(axes)) == 1:
        return None
    if not all(are_numbers(*axis) for axis in axes):
        return None
    first = least(*(shown(start) for start in dict.fromkeys(axis[2] for axis in axes)))
    ends = dict.fromkeys(axis[2] + axis[0] - 1 for axis in axes)
    last = most(*map(shown, ends))
    return last - first + 1  # type: ignore[no-any-return]
