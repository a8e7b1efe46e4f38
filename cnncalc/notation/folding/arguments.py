"""The numbers in which alike blocks differ, as the parameters of their definition."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from cnncalc.kinds.table import REQUIRED
from cnncalc.notation.folding.parts import Number, values_of
from cnncalc.notation.tree import Layer
from cnncalc.notation.writer import write_layer
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.notation.folding.parts import Part

_FREE = "nabcefhjloquvwyzt"
"""Names of parameters: a letter that is no option of a layer's with a number."""

_LETTERED = ("k", "s", "p", "d", "g")
MOST_PARAMETERS = 8


class BlockParameter(NamedTuple):
    """A parameter of a block: what stands for it when none is given, None for nothing."""

    name: str
    default: Number | None


class Varying(NamedTuple):
    """A number of a block's: the part that has it, its place there, what it is in each block.

    `letter` is the option that it is, '' for a count of filters and its like, 'r' for one of
    rounds.
    """

    part: Part
    slot: int
    numbers: tuple[Number, ...]
    letter: str


class Binding(NamedTuple):
    """How a block takes its numbers: its parameters, what stands in its parts, and all calls'.

    `inside` says what a number of a part is there, by its column; with a `rest` the one part whose
    numbers differ takes `...`.
    """

    parameters: tuple[BlockParameter, ...]
    inside: tuple[tuple[Varying, Number], ...]
    calls: tuple[tuple[Number, ...], ...]
    rest: Part | None = None


def columns_of(windows: Sequence[Sequence[Part]]) -> list[Varying]:
    """Return the numbers in which blocks of one shape differ."""
    rows = [[part for top in window for part in top.inside()] for window in windows]
    found = []
    for parts in zip(*rows, strict=True):
        for slot in range(len(parts[0].numbers)):
            numbers = tuple(part.numbers[slot] for part in parts)
            if any(isinstance(each, str) for each in numbers) or len(set(numbers)) > 1:
                found.append(Varying(parts[0], slot, numbers, _letter(parts[0], slot)))
    return found


def _letter(part: Part, slot: int) -> str:
    layer, slots = _layer_of(part, [slot])
    if layer is not None:
        parameter = layer.item.kind.parameters[slots[0]]
        letter = parameter.letter
        if parameter.like:
            twin = _place_of(layer, parameter.like)
            if values_of(layer)[twin] == values_of(layer)[slots[0]]:
                letter = layer.item.kind.parameters[twin].letter
        return letter if letter in _LETTERED else ""
    if part.head[0] == "call":
        name = part.head[1].takes.parameters[slot].name
        return name if name in (*_LETTERED, "r") else ""
    return "r"


def fit(windows: Sequence[Sequence[Part]]) -> Binding | None:
    """Return how a definition can take the numbers of some blocks; None for too many."""
    columns = columns_of(windows)
    found = _as_rest(columns)
    if found is None and all("..." not in column.numbers for column in columns):
        found = _as_parameters(columns, len(windows))
    return found


def _as_rest(columns: list[Varying]) -> Binding | None:
    """Return a fit whose one differing layer takes `...`, as `def cb(...) { conv ... -> bn }`."""
    part = columns[0].part if columns else None
    if part is None or any(each.part is not part for each in columns):
        return None
    layer, slots = _layer_of(part, [column.slot for column in columns])
    if layer is None:
        return None
    parameters, values = layer.item.kind.parameters, values_of(layer)
    if not parameters[slots[0]].place or parameters[slots[0]].form != "number":
        return None
    inside: list[tuple[Varying, Number]] = [(columns[0], "...")]
    for column, slot in zip(columns[1:], slots[1:], strict=True):
        left_out = parameters[slot].default
        if parameters[slot].like:
            left_out = values[_place_of(layer, parameters[slot].like)]
        if left_out is None or (left_out is REQUIRED and parameters[slot].place):
            return None
        inside.append((column, left_out))
    calls = tuple(zip(*(column.numbers for column in columns), strict=True))
    return Binding((), tuple(inside), calls, part)


def _layer_of(part: Part, slots: Sequence[int]) -> tuple[Part | None, list[int]]:
    """Return the layer that takes the numbers of a part, and which of its values they are.

    That of a call is the one that takes its `...`, if there is one.
    """
    while part.head[0] == "call" and part.head[1].takes.rest is not None:
        takes = part.head[1].takes
        slots = [takes.inside[slot][0].slot for slot in slots]
        part = takes.rest
    if part.head[0] != "layer":
        return None, []
    return part, [part.head[2][slot] for slot in slots]


def _place_of(layer: Part, name: str) -> int:
    kind = layer.item.kind
    return int(kind.parameters.index(kind.parameter(name)))


def rest_words(takes: Binding, numbers: Sequence[Number]) -> tuple[str, ...]:
    """Return what stands for `...` in a call."""
    assert takes.rest is not None  # noqa: S101
    layer, slots = _layer_of(takes.rest, [column.slot for column, _inside in takes.inside])
    assert layer is not None  # noqa: S101
    kind = layer.item.kind
    plain: list[Any] = [each.default for each in kind.parameters]
    for slot, number in zip(slots, numbers, strict=True):
        plain[slot] = number
    words = write_layer(Layer(kind, tuple(plain), layer.item.span))
    return tuple(words.split(" ")[1:])


def _as_parameters(columns: list[Varying], count: int) -> Binding | None:
    """Return a fit with a parameter for each number that differs in a way of its own."""
    named: dict[tuple[str, tuple[Number, ...]], str] = {}
    parameters: list[BlockParameter] = []
    kept: list[tuple[Number, ...]] = []
    inside: list[tuple[Varying, Number]] = []
    for column in columns:
        key = column.letter, column.numbers
        text = named.get(key) or next(_follows(column, named), "")
        if not text:
            if len(parameters) == MOST_PARAMETERS:
                return None
            text = _name(column.letter, named.values())
            parameters.append(BlockParameter(text, _usual(column)))
            kept.append(column.numbers)
        named.setdefault(key, text)
        inside.append((column, text))
    order = sorted(range(len(parameters)), key=lambda each: parameters[each].default is not None)
    calls = tuple(tuple(kept[each][call] for each in order) for call in range(count))
    return Binding(tuple(parameters[each] for each in order), tuple(inside), calls)


def _usual(column: Varying) -> Number | None:
    """Return what stands where nothing is given: 1, if it ever is, or what most blocks have."""
    if not column.letter:
        return None
    if column.letter in ("s", "d", "g") and (1,) in column.numbers:
        return (1,)
    most, often = Counter(column.numbers).most_common(1)[0]
    return most if 2 * often > len(column.numbers) and not isinstance(most, str) else None


def _follows(column: Varying, named: dict[tuple[str, tuple[Number, ...]], str]) -> Iterator[str]:
    """Yield what a number is by another parameter: four times it, a quarter, half of k - 1."""
    for (letter, numbers), name in named.items():
        if len(name) > 1:
            continue
        pairs = list(zip(column.numbers, numbers, strict=True))
        if not letter and not column.letter and all(_are_counts(pair) for pair in pairs):
            times = column.numbers[0] // numbers[0]
            if times > 1 and all(one == times * other for one, other in pairs):
                yield f"{times}*{name}"
            times = numbers[0] // column.numbers[0]
            if times > 1 and all(one * times == other for one, other in pairs):
                yield f"{name}/{times}"
        elif (letter, column.letter) == ("k", "p") and all(map(_is_half, pairs)):
            yield f"({name}-1)/2"


def _are_counts(pair: tuple[Number, Number]) -> bool:
    return all(type(each) is int and each > 0 for each in pair)


def _is_half(pair: tuple[Number, Number]) -> bool:
    """Return whether a padding is half of a kernel less one, both one number for all axes."""
    padding, kernel = pair
    known = all(type(each) is tuple and len(each) == 1 for each in pair)
    return known and 2 * padding[0] == kernel[0] - 1


def _name(letter: str, taken: object) -> str:
    """Return a name that no parameter has."""
    names = set(taken)  # type: ignore[call-overload]
    free = next((each for each in _FREE if each not in names), "")
    return letter if letter and letter not in names else free or f"n_{len(names)}"
