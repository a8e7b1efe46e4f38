"""Pictures as text: receptive fields on their input, and what the pixels of one weigh.

Whatever it shows, a picture is at most 80 cells wide and 80 high: pixels are gathered into cells,
and it says how many. Each cell is a character; colour says nothing that characters do not.
"""

from __future__ import annotations

from bisect import bisect
from itertools import groupby
from math import inf
from typing import TYPE_CHECKING, TypeAlias

from cnncalc.speech.lines import paint
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.trace.effective_field import Weights

MOST_CELLS = 80
MOST_BOXES = 6
HEIGHT = 8  # lines of a profile

Side: TypeAlias = tuple[int, int]
"""The first and last of pixels side by side."""

Block: TypeAlias = "Sequence[Sequence[Side]]"
"""Runs of pixels along each axis, in order: what lies in them along all."""

Cell: TypeAlias = tuple[int | None, bool]
"""The field that a cell lies in, if it does, and whether it lies in the input."""

_INPUT = "bright_black"
_HUES = ("bright_blue", "red", "magenta")  # of boxes, in turn


class PixelPicture(NamedTuple):
    """Lines of text, the pixels along the side of a cell, and whether a box goes on beyond it.

    A profile also says how wide it is, in characters.
    """

    lines: list[str]
    scale: int
    width: int = 0
    is_cut: bool = False


# ---------------------------------------------------------------- fields on their input


def draw_fields(
    sizes: Sequence[int], fields: Sequence[Sequence[Block]], *, width: int, color: bool
) -> PixelPicture:
    r"""Return fields on an input of one axis or two; where several lie, the first is shown.

    A field is blocks, one or several. Beside the input at most as much is shown as it is large.
    Along one axis each field has a line of its own.

    >>> field = [(((-1, 1),), ((1, 3),))]
    >>> print("\n".join(draw_fields((3, 5), [field], width=80, color=False).lines))
      + + +
    . # # # .
    . # # # .
    . . . . .
    """
    is_flat = len(sizes) == 1
    width = min(width, MOST_CELLS)
    room = width if is_flat else (width + 1) // 2
    along = [[[block[axis] for block in field] for field in fields] for axis in range(len(sizes))]
    hulls = [
        (
            min([0, *(runs[0][0] for field in each for runs in field if runs)]),
            max([size - 1, *(runs[-1][1] for field in each for runs in field if runs)]),
        )
        for size, each in zip(sizes, along, strict=True)
    ]
    beside = max(sizes)
    shown = [
        (max(first, -beside), min(last, size - 1 + beside))
        for size, (first, last) in zip(sizes, hulls, strict=True)
    ]
    longest = max(last - first + 1 for first, last in shown)
    scale = 1 if longest <= room else -(-longest // max(room - 1, 1))
    axes = [list(_cells(*each, scale)) for each in zip(sizes, shown, along, strict=True)]
    if is_flat:
        grid = [
            [(box if held[box] else None, inside) for inside, held in axes[0]]
            for box in range(len(fields))
        ]
    else:
        grid = [[_crossed(row, column) for column in axes[1]] for row in axes[0]]
    gap = "" if is_flat else " "
    lines = []
    for row in grid:
        line = ""
        for hue, run in groupby(row, _hue):
            signs = gap.join(sign(cell, len(fields)) for cell in run)
            line += (paint(signs, hue) if color and hue else signs) + gap
        lines.append(line.rstrip())
    return PixelPicture(lines, scale, is_cut=shown != hulls)


def _cells(
    size: int, shown: Side, fields: Sequence[Sequence[Sequence[Side]]], scale: int
) -> Iterator[tuple[bool, list[int]]]:
    """Yield for the cells along an axis whether each touches the input, and blocks of each field.

    The blocks are bits of a number.
    """
    for cell in range(shown[0] // scale, shown[1] // scale + 1):
        first, last = cell * scale, (cell + 1) * scale - 1
        yield (
            first < size and last >= 0,
            [
                sum(
                    1 << block
                    for block, runs in enumerate(field)
                    if (place := bisect(runs, (last, inf))) and runs[place - 1][1] >= first
                )
                for field in fields
            ],
        )


def _crossed(row: tuple[bool, list[int]], column: tuple[bool, list[int]]) -> Cell:
    """Return the cell in which a row and a column cross."""
    held = (
        box for box, (one, other) in enumerate(zip(row[1], column[1], strict=True)) if one & other
    )
    return next(held, None), row[0] and column[0]


def sign(cell: Cell, boxes: int, *, color: bool = False) -> str:
    """Return how a cell is drawn, where there are so many boxes."""
    box, inside = cell
    text = ("." if inside else " ") if box is None else "+"
    if box is not None and inside:
        text = "#" if boxes == 1 else str(box + 1)
    hue = _hue(cell)
    return paint(text, hue) if color and hue else text


def _hue(cell: Cell) -> str:
    """Return the colour of a cell; none for that of the terminal."""
    box, inside = cell
    if box is None:
        return _INPUT if inside else ""
    return _HUES[box % len(_HUES)]


# ---------------------------------------------------------------- what the pixels weigh


def draw_weights(
    weights: Weights, held: Side, *, width: int, color: bool, unicode: bool
) -> PixelPicture:
    """Return a profile of weights, and a line below what is `held` between two pixels.

    Few weights that are short numbers stand below their bars.
    """
    room = min(width, MOST_CELLS)
    values = list(weights.values)
    numbers = [str(value) for value in values[:room]]
    step = max(3, *(len(number) + 1 for number in numbers), 0)
    scale = 1
    if step * len(values) - 1 > room:
        step, scale = 1, -(-len(values) // room)
        values = [sum(values[i : i + scale]) for i in range(0, len(values), scale)]
    first, last = ((pixel - weights.first) // scale for pixel in held)
    bar = max(step - 1, 1)
    lines = []
    for level in range(HEIGHT - 1, -1, -1):
        line = ""
        for inside, run in groupby(enumerate(values), lambda each: first <= each[0] <= last):
            signs = "".join(
                _bar(value, max(values), level, unicode=unicode) * bar + " " * (step - bar)
                for _place, value in run
            )
            line += paint(signs, _HUES[0] if inside else _INPUT) if color else signs
        lines.append(line.rstrip())
    left, middle, right = "\u2514\u2500\u2518" if unicode else "|-|"
    span = (last - first) * step + bar
    rule = left + middle * (span - 2) + right if span > 1 else "\u2502" if unicode else "|"
    lines.append(" " * (first * step) + rule)
    if step > 1:
        lines.append("".join(f"{number:>{bar}} " for number in numbers).rstrip())
    return PixelPicture(lines, scale, step * len(values) - (step - bar))


def draw_ends(weights: Weights, picture: PixelPicture) -> str:
    """Return the line below a profile: its first pixel on the left, its last on the right."""
    first, last = str(weights.first), str(weights.last)
    if first == last:
        return first
    width = max(picture.width, len(first) + 1 + len(last))
    return first + last.rjust(width - len(first))


def _bar(value: int, most: int, level: int, *, unicode: bool) -> str:
    """Return what of a bar stands on a line, 0 the lowest: a block, a part of one, or nothing."""
    eighths = max((2 * 8 * HEIGHT * value + most) // (2 * most), 1) if value else 0
    part = min(max(eighths - 8 * level, 0), 8)
    if unicode:
        return " \u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"[part]
    return "#" if part >= 4 or (part and not level) else " "
