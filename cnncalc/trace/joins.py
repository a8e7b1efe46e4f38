"""What branches give together: channels stacked, values added, gates multiplied."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from cnncalc.kinds.volumes import Volume, write_volume
from cnncalc.notation.tree import (
    Join,
    Layer,
    Sequence,
)
from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem

if TYPE_CHECKING:
    from collections.abc import Callable


Say: TypeAlias = "Callable[[Volume], str]"


def joined(item: Join, volumes: list[Volume], say: Say) -> Volume:
    """Return the volume that branches give together; `say` writes one for a fault."""
    return _JOINED[item.how](item, volumes, say)


def _concat(item: Join, volumes: list[Volume], say: Say) -> Volume:
    for number, volume in enumerate(volumes):
        if volume[:-1] != volumes[0][:-1]:
            raise _disagree(
                item,
                number,
                volumes,
                say,
                "shapes-do-not-concat",
                _("the branches of a concat must agree in all but their channels"),
            )
    return (*volumes[0][:-1], sum(volume[-1] for volume in volumes))


def _add(item: Join, volumes: list[Volume], say: Say) -> Volume:
    for number, volume in enumerate(volumes):
        if volume != volumes[0]:
            raise _disagree(
                item,
                number,
                volumes,
                say,
                "shapes-do-not-add",
                _("the branches of an add must agree"),
            )
    return volumes[0]


def _mul(item: Join, volumes: list[Volume], say: Say) -> Volume:
    rank = max(len(volume) for volume in volumes)
    wide = [(1,) * (rank - 1) + volume if len(volume) == 1 else volume for volume in volumes]
    output = list(wide[0])
    for number, volume in enumerate(wide):
        for axis, size in enumerate(volume if len(volume) == rank else ()):
            if output[axis] == 1:
                output[axis] = size
        if len(volume) != rank or any(
            size not in (1, output[axis]) for axis, size in enumerate(volume)
        ):
            raise _disagree(
                item,
                number,
                volumes,
                say,
                "shapes-do-not-multiply",
                _("the branches of a mul must agree, or be 1 wide"),
            )
    return tuple(output)


def _disagree(
    item: Join, number: int, volumes: list[Volume], say: Say, code: str, message: str
) -> Problem:
    """Return the problem of two branches that do not fit, both underlined."""
    first = 0 if number else 1
    pair = sorted((first, number))
    labels = [Label(item.branches[index].span, say(volumes[index])) for index in pair]
    helps, fix = _shortcut(item, pair, volumes)
    return Problem(code, message, labels, helps=helps, fix=fix)


def _shortcut(item: Join, pair: list[int], volumes: list[Volume]) -> tuple[list[str], Fix | None]:
    """Return what brings a branch to the size of the other, to type."""
    one, other = pair
    if item.how == "add":
        if not _is_identity(item.branches[other]):
            one, other = other, one
        wanted, have = volumes[one], volumes[other]
        if len(wanted) == len(have) > 1 and _is_identity(item.branches[other]):
            strides = {-(-n // to) for n, to in zip(have[:-1], wanted[:-1], strict=True)}
            step = max(strides)
            if all(-(-n // step) == to for n, to in zip(have[:-1], wanted[:-1], strict=True)):
                right = f"conv {wanted[-1]} k1" + (f" s{step}" if step > 1 else "")
                text = _(
                    "bring the shortcut to {volume}: '{layer}'",
                    volume=write_volume(wanted),
                    layer=right,
                )
                if step == 1:
                    text = _(
                        "bring the shortcut to {channels} channels: '{layer}'",
                        channels=wanted[-1],
                        layer=right,
                    )
                return [text], Fix(item.branches[other].span, right)
        return [_("give both branches the same filters, strides and paddings")], None
    if item.how == "concat":
        text = _("give the branches the same strides, and paddings that keep their sizes")
        return [text], None
    return [_("a gate has the channels of what it multiplies, or is 1 wide")], None


def _is_identity(branch: Sequence) -> bool:
    """Return whether a branch passes its input on."""
    return all(isinstance(item, Layer) and item.kind.name == "identity" for item in branch.items)


_JOINED: dict[str, Callable[[Join, list[Volume], Say], Volume]] = {
    "concat": _concat,
    "add": _add,
    "mul": _mul,
}
