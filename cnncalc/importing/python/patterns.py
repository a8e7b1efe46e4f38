"""Patterns of einops: `b c (h p) w -> b (h w) (p c)`, as reshapes and an order of dimensions."""

from __future__ import annotations

import re
from math import prod
from typing import TYPE_CHECKING

from cnncalc.importing.python.tensor_values import Learned, Tensor
from cnncalc.importing.python.values import Names, Places, Unknown, Value
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from cnncalc.importing.python.tensor_run import TensorRun

_GROUP = re.compile(r"\(([^()]*)\)|(\S+)")


def follow(run: TensorRun, name: str, places: Places, names: Names) -> Value:
    """Return what `rearrange`, `repeat` or `reduce` makes of a tensor."""
    inner = names.pop("", [])
    several = [*places, *inner]
    if len(several) < 2 or not isinstance(several[1], str):
        return run.machine.unknown(_("this pattern is not followed"))
    tensor, pattern = several[0], several[1]
    if isinstance(tensor, Unknown):
        return tensor
    if isinstance(tensor, list | tuple):
        tensor = run.moves.stacked(list(tensor), 0)
    if not isinstance(tensor, Tensor | Learned) or name not in ("rearrange", "repeat", "reduce"):
        return run.machine.unknown(_("this pattern is not followed"))
    left, arrow, right = pattern.partition("->")
    if not arrow or len(pattern) > 1000:
        return run.machine.unknown(_("this pattern is not followed"))
    rank = run.shapes.rank(tensor) - len(_GROUP.findall(left.replace("...", "")))
    rest = " ".join(f"_{place}" for place in range(max(rank, 0)))
    before, after = (_read(side.replace("...", rest)) for side in (left, right))
    sizes = _sizes(run, before, run.shapes.tensor_sizes(tensor), names)
    flat = [axis for group in before for axis in group]
    found = run.shapes.reshaped(tensor, [sizes[axis] for axis in flat])
    wanted = [axis for group in after for axis in group]
    for axis in wanted:
        if axis not in sizes:
            size = names.get(axis, 1 if axis.startswith("1") else None)
            if not isinstance(size, int):
                return run.machine.unknown(_("this pattern is not followed"))
            sizes[axis] = size
    gone = [axis for axis in flat if axis not in wanted]
    if name == "reduce" and gone:
        how = several[2] if len(several) > 2 else names.get("reduction", "mean")
        found = run.moves.reduced(found, str(how), tuple(flat.index(axis) for axis in gone), False)
        flat = [axis for axis in flat if axis in wanted]
    elif any(sizes[axis] != 1 for axis in gone):
        return run.machine.unknown(_("this pattern is not followed"))
    elif gone:
        found = run.shapes.squeezed(found, [flat.index(axis) for axis in gone])
        flat = [axis for axis in flat if axis in wanted]
    kept = [axis for axis in wanted if axis in flat]
    found = run.shapes.permuted(found, [flat.index(axis) for axis in kept])
    for place, axis in enumerate(wanted):
        if axis not in flat:
            found = run.shapes.unsqueezed(found, place)
    if name == "repeat" and len(kept) < len(wanted):
        found = run.tensor_function("expand", found, [sizes[axis] for axis in wanted], {})
    return run.shapes.reshaped(found, [prod(sizes[axis] for axis in group) for group in after])


def _read(text: str) -> list[list[str]]:
    """Return the groups of axes of one side of a pattern."""
    found: list[list[str]] = []
    for place, (inner, word) in enumerate(_GROUP.findall(text)):
        if word:
            found.append([f"1 {place}" if word == "1" else word])
        else:
            found.append(
                [
                    f"1 {place} {at}" if each == "1" else each
                    for at, each in enumerate(inner.split())
                ]
            )
    return found


def _sizes(
    run: TensorRun, groups: list[list[str]], sizes: tuple[int, ...], names: Names
) -> dict[str, int]:
    """Return the size of each axis: what is given, and what is left of its dimension."""
    if len(groups) != len(sizes):
        raise run.machine.raised(
            "EinopsError", _("the pattern has other dimensions than the tensor")
        )
    found: dict[str, int] = {}
    for group, size in zip(groups, sizes, strict=True):
        known = {
            axis: names.get(axis, 1)
            for axis in group
            if isinstance(names.get(axis), int) or axis.startswith("1")
        }
        open_ones = [axis for axis in group if axis not in known]
        rest = prod(known.values())
        if len(open_ones) > 1 or not rest or size % rest or (not open_ones and rest != size):
            raise run.machine.raised("EinopsError", _("the pattern does not fit the tensor"))
        found.update(known)
        if open_ones:
            found[open_ones[0]] = size // rest
    return found
