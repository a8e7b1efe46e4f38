"""The arithmetic of quantities: how a row comes to what it has, in its own numbers.

The numbers of a row that is worked are numbers that show how they came about, as `shown_row` has
them. Memory is worked of several rows too: `of` answers for a quantity by its name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.kinds.joins import JOIN_KINDS
from cnncalc.kinds.volumes import times
from cnncalc.notation.tree import Join, Layer
from cnncalc.numbers.working import plain, product, shown, spoken
from cnncalc.speech.language import _, is_english
from cnncalc.speech.problem import plural
from cnncalc.trace.dtypes import BITS
from cnncalc.trace.layers import measured
from cnncalc.trace.memory import STATES, training
from cnncalc.trace.sharing import without_weights

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.kinds.measure import Measure
    from cnncalc.kinds.volumes import Volume
    from cnncalc.numbers.working import Number, Working
    from cnncalc.trace.rows import Row

Of: TypeAlias = "Callable[[str], Any]"


def shown_row(
    row: Row, measure: Callable[[Layer, Volume], Measure] = measured, *, zeros: bool = True
) -> Row:
    """Return a row whose input and measure are numbers that show their arithmetic.

    Its layer is measured by `measure`; without `zeros`, a padding of none does not show.
    """
    volume, found = spoken(row.input), row.measure
    if isinstance(row.node, Layer):
        values = (each if each == (0,) and not zeros else spoken(each) for each in row.node.values)
        found = measure(row.node._replace(values=tuple(values)), volume)
        if row.shared is not None:
            found = without_weights(found)
    elif found.products and isinstance(row.node, Join):
        products = JOIN_KINDS[row.node.how].products([*map(spoken, row.reads)])
        found = found._replace(macs=products, products=products)
    return row._replace(input=volume, measure=found)


def format_number(number: Number) -> str:
    """Return a size as people write it."""
    return str(number) if isinstance(number, int) else f"{number:,}"


def weights_and_biases(weights: Number, biases: Number) -> str:
    """Return what is learned by what it does: 750 weights + 10 biases."""
    if is_english():
        return f"{plural(weights, 'weight')} + {plural(biases, 'bias', 'biases')}"
    return _("{weights:,} weights + {biases:,} biases", weights=weights, biases=biases)


def output(row: Row) -> list[str]:
    """Return how the sizes of the output come about."""
    sizes = [size for size in row.output if getattr(size, "parts", ())]
    return list(dict.fromkeys(f"{size} = {format_number(size.value)}" for size in sizes))


def params(row: Row) -> list[str]:
    """Return the arithmetic of the learned numbers: weights, and biases where there are some."""
    weights, biases = row.weights, row.biases
    if not row.params or row.params != weights + biases:
        return [f"{row.cost('params')}"] if row.params else []
    worked = row.measure.params
    return [f"{worked} = {weights_and_biases(weights, biases)}" if biases else f"{worked}"]


def macs(row: Row) -> list[str]:
    """Return the arithmetic of the multiply-accumulates."""
    return [f"{row.forward.of_all(row.cost('macs'))}"] if row.macs else []


def flops(row: Row) -> list[str]:
    """Return the arithmetic of the operations: from the MACs, where they are as many or twice."""
    if not row.flops or row.flops in (row.macs, 2 * row.macs):
        return [("" if row.flops == row.macs else "2 * ") + _("MACs")] if row.flops else []
    return [f"{row.forward.of_all(row.cost('flops'))}"]


def activations(row: Row) -> list[str]:
    """Return how the values of the output do."""
    return [f"{row.forward.of_all(_values(row))}"] if row.activations else []


def field(row: Row) -> list[str]:
    """Return what else there is to say of the receptive field."""
    if not isinstance(row.rf, tuple) or not row.rf:
        return []
    return [_("jump {jump}, first pixel {start}", jump=alike(row.jump), start=alike(row.start))]


def memory(row: Row, of: Of) -> Working:
    """Return the bytes of the activations."""
    forward = row.forward
    if row.several is None and row.activations:
        return shown(forward.bytes(shown(_values(row))))
    if not _is_whole(forward.types.activations):  # bytes of each tensor, and of several their sum
        return shown(of("memory"))
    return shown(forward.bytes(shown(of("activations") // forward.batch)))


def params_memory(row: Row, of: Of) -> Working:
    """Return the bytes of the learned numbers."""
    found, name = of("params-memory"), row.forward.types.weights
    if not _is_whole(name):
        return shown(found)
    width = BITS[name] // 8
    return shown(shown(found // width) * width)


def _is_whole(name: str) -> bool:
    """Return whether a value of a type has bytes of its own."""
    return BITS[name] >= 8


def peak(row: Row, of: Of) -> Working:
    """Return the bytes that are held at the fullest row, added up."""
    held = row.forward.sum_at(row.fullest) if of("peak") and row.fullest is not None else shown(0)
    return shown(row.forward.bytes_held(held))


def training_with(optimizer: str, row: Row, of: Of) -> Working:
    """Return the bytes that training with an optimizer holds."""
    if row.forward.kept:  # each row is held as often as its gradients need
        trained = of("training-momentum") - of("training-sgd")
        frozen = of("params-memory") - trained
        kept = of("training-sgd") - STATES["sgd"] * trained - frozen
        states = STATES[optimizer] * shown(trained) if trained else 0
        return shown(sum(shown(each) for each in (kept, states, frozen) if each))
    return shown(training(shown(of("memory")), shown(of("params-memory")), optimizer))


def alike(values: Any) -> str:
    """Return one number where all axes have it, else one for each.

    >>> alike((2, 2)), alike((1, 2))
    ('2', '1x2')
    """
    return str(values[0]) if len(set(values)) == 1 else times(values)


def _values(row: Row) -> Number:
    return product(shown(plain(size)) for size in row.output)
