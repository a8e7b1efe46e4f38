"""Blocks that are alike but for numbers, and which of them are worth a definition."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, TypeAlias

from cnncalc.notation.folding.arguments import fit, rest_words
from cnncalc.notation.folding.parts import Part, stand
from cnncalc.notation.folding.runs import LONGEST, periods
from cnncalc.notation.folding.survey import is_read_outside, windows_of
from cnncalc.notation.writer import write_value
from cnncalc.speech.budget import BUDGET
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cnncalc.notation.folding.arguments import Binding
    from cnncalc.notation.folding.naming import BlockNames
    from cnncalc.notation.folding.parts import Number

LEAST_SAVED = 60  # letters: a definition that saves fewer is not made
LEAST_SHARE = 4  # nor one that saves less than a quarter of what is written now
_CALL = 12  # letters, about, of the name of a definition and of an arrow
_MOST_TRIED = 24
_MOST_LOOKED_AT = BUDGET.refolded  # parts, in looking for all places of what is tried

Shape: TypeAlias = tuple[int, ...]
Starts: TypeAlias = "dict[int, list[tuple[list[Part], list[int]]]]"
"""By shapes: sequences, and where parts of the shape stand in them."""


class BlockPlace(NamedTuple):
    """A block in a sequence: where it begins there."""

    sequence: list[Part]
    start: int
    parts: list[Part]


class Draft:
    """A definition to be: its name, its parts, and how it takes its numbers."""

    def __init__(self, name: str, parts: list[Part], takes: Binding) -> None:
        self.name = name
        self.parts = parts
        self.takes = takes

    def words(self, numbers: tuple[Number, ...]) -> Iterator[str]:
        """Yield the arguments of a call."""
        return _words(self.takes, numbers)


def _words(takes: Binding, numbers: tuple[Number, ...]) -> Iterator[str]:
    if takes.rest is not None:
        yield from rest_words(takes, numbers)
        return
    for parameter, number in zip(takes.parameters, numbers, strict=True):
        text = write_value(number)
        if parameter.default is None:
            yield text
        elif number != parameter.default:
            sign = "=" if isinstance(number, str) or len(parameter.name) > 1 else ""
            yield f"{parameter.name}{sign}{text}"


def fold_blocks(
    sequences: list[list[Part]], bodies: Sequence[list[Part]], names: BlockNames
) -> Draft | None:
    """Put calls in the place of the blocks whose definition saves most; None where none does.

    `bodies` are those of definitions: none of them becomes a call of another as a whole. Layers
    with what follows them go first, then branches and joins, then all that stands in a row.
    """
    starts = _starts(sequences)
    whole = {id(parts) for parts in bodies}
    looked = 0
    for windows in (_units, _branches, _rounds):
        best: tuple[int, list[BlockPlace], Binding] | None = None
        for bound, shape in _candidates(sequences, windows, starts):
            if looked > _MOST_LOOKED_AT or (best is not None and bound <= best[0]):
                break
            at = starts[shape[0]]
            looked += len(shape) * sum(len(places) for _parts, places in at)
            places = [
                place
                for parts, begins in at
                if len(shape) < len(parts) or id(parts) not in whole
                for place in _places(shape, parts, begins)
            ]
            if windows is _units:  # with all that follows them
                places = [place for place in places if _is_whole(place)]
            found = _worth(places, names)
            if found is not None and (best is None or found[0] > best[0]):
                best = found
        if best is not None:
            return _put_calls(best[1], best[2], names)
    return None


def _is_whole(place: BlockPlace) -> bool:
    """Return whether what comes behind a block does not follow it as a norm does."""
    end = place.start + len(place.parts)
    return end == len(place.sequence) or place.sequence[end].rank != 2


def _candidates(
    sequences: list[list[Part]],
    windows: Callable[[list[Part]], Iterable[tuple[int, int]]],
    starts: Starts,
) -> list[tuple[int, Shape]]:
    """Return the shapes that may stand twice or more, with the most that a definition can save."""
    seen: dict[Shape, int] = {}
    for parts in sequences:
        shapes = [part.shape for part in parts]
        total = [0, *accumulate(part.length + 4 for part in parts)]
        for start, end in windows(parts):
            shape = tuple(shapes[start:end])
            seen[shape] = max(seen.get(shape, 0), total[end] - total[start])
    often = {
        shape: sum(len(places) for _parts, places in starts[shape])
        for shape in {each for shape in seen for each in shape}
    }
    bounds = (
        (length * (min(often[each] for each in shape) - 1), shape) for shape, length in seen.items()
    )
    return sorted((each for each in bounds if each[0] >= LEAST_SAVED), reverse=True)[:_MOST_TRIED]


def _units(parts: list[Part]) -> Iterator[tuple[int, int]]:
    """Yield where layers stand with the norms and activations behind them."""
    return ((start, end) for start, end in _followed(parts) if not parts[start].branches)


def _branches(parts: list[Part]) -> Iterator[tuple[int, int]]:
    """Yield where joins and repeats stand with what follows them, and what a whole branch is."""
    if 1 < len(parts) <= LONGEST:
        yield 0, len(parts)
    for start, end in _followed(parts):
        if parts[start].branches:
            yield start, end
            if end - start > 1 and not parts[start].is_repeat:
                yield start, start + 1


def _followed(parts: list[Part]) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(parts):
        end = start + 1
        while end < len(parts) and parts[end].rank == 2:
            end += 1
        holds = parts[start].branches and not parts[start].is_repeat
        if parts[start].rank == 0 and (end - start > 1 or holds):
            yield start, end
        start = end


def _rounds(parts: list[Part]) -> set[tuple[int, int]]:
    """Return where parts of one shape stand in a row."""
    found = set()
    for start, size, period in periods([part.shape for part in parts]):
        turns = range(start, start + min(period, size - 2 * period + 1))
        begin = min(turns, key=lambda at: (parts[at].rank, at))
        found |= {(at, at + period) for at in range(begin, start + size - period + 1, period)}
    return found


def _starts(sequences: list[list[Part]]) -> Starts:
    """Return where parts of each shape stand."""
    found: Starts = {}
    for parts in sequences:
        here: dict[int, list[int]] = {}
        for place, part in enumerate(parts):
            here.setdefault(part.shape, []).append(place)
        for shape, places in here.items():
            found.setdefault(shape, []).append((parts, places))
    return found


def _places(shape: Shape, parts: list[Part], begins: list[int]) -> Iterator[BlockPlace]:
    """Yield where blocks of a shape stand in a sequence, none over another."""
    size = len(shape)
    alike = (at for at in begins if tuple(part.shape for part in parts[at : at + size]) == shape)
    for start, window in windows_of(parts, size, alike):
        yield BlockPlace(parts, start, window)


def _worth(
    places: list[BlockPlace], names: BlockNames
) -> tuple[int, list[BlockPlace], Binding] | None:
    """Return the letters that a definition of some blocks saves, which, and how it takes numbers.

    Where most of them are modules, the others are none of them; where few are, it must save twice
    as much, and hold no modules.
    """
    modules = [place for place in places if names.is_module(place.parts)]
    least = LEAST_SAVED
    if 2 * len(modules) >= len(places):
        places = modules
    else:
        least *= 2
        if any(names.is_among_modules(place.parts) for place in places):
            return None
    takes = fit([place.parts for place in places]) if len(places) > 1 else None
    if takes is None:
        return None
    now = sum(part.length + 4 for place in places for part in place.parts)
    body = sum(part.length + 4 for part in places[0].parts) + 4 * len(takes.parameters) + _CALL
    calls = sum(_CALL + len(" ".join(_words(takes, numbers))) for numbers in takes.calls)
    saved = now - body - calls
    worth = saved >= least and saved * LEAST_SHARE >= now
    return (saved, places, takes) if worth else None


def _put_calls(places: list[BlockPlace], takes: Binding, names: BlockNames) -> Draft:
    windows = [place.parts for place in places]
    owns = names.of_calls(windows)
    block = Draft(names.of_block(windows, owns), windows[0], takes)
    for column, inside in takes.inside:
        before = column.part.numbers
        column.part.numbers = (*before[: column.slot], inside, *before[column.slot + 1 :])
    for place, own, numbers in reversed(list(zip(places, owns, takes.calls, strict=True))):
        call = _call_of(block, numbers, place.parts)
        call.label = own
        if is_read_outside(place.parts):
            place.parts[-1].moved = call
        place.sequence[place.start : place.start + len(place.parts)] = [call]
    return block


def _call_of(block: Draft, numbers: tuple[Number, ...], parts: list[Part]) -> Part:
    """Return a call of a block, with what its parameters are, in the place of some parts."""
    part = Part(("call", block), None, numbers)
    stand(part, parts)
    return part
