"""The fault of branches that do not fit together, and what would bring them together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.kinds.joins import JOIN_KINDS, turn
from cnncalc.kinds.volumes import Volume, write_volume
from cnncalc.notation.tree import Join, Layer, Sequence
from cnncalc.numbers.working import are_numbers
from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem

if TYPE_CHECKING:
    from collections.abc import Callable


def refuse_misfits(item: Join, volumes: list[Volume], say: Callable[[Volume], str]) -> None:
    """Refuse branches whose volumes do not fit, the first two underlined; `say` writes one."""
    kind = JOIN_KINDS[item.how]
    small = next((place for place, volume in enumerate(volumes) if len(volume) <= item.axis), None)
    if small is not None and item.axis:
        raise Problem(
            kind.code,
            _("this branch has no spatial axis {axis}", axis=item.axis),
            [Label(item.branches[small].span, say(volumes[small]))],
            helps=[_("write concat[ ... ] to stack along the channels")],
        )
    pair = kind.misfit([turn(volume, item.axis) for volume in volumes])
    if pair is None:
        return
    labels = [Label(item.branches[place].span, say(volumes[place])) for place in pair]
    usual = (_(kind.help), None)
    if item.axis:
        message = _("the branches of a concat must agree in all but the axis that they stack along")
        raise Problem(
            kind.code,
            message,
            labels,
            helps=[_("give the branches the same channels, and sizes along the other axes")],
        )
    cure = (item.how == "add" and _shortcut(item, pair, volumes)) or _cropped(item, pair, volumes)
    words, fix = cure or usual
    raise Problem(kind.code, _(kind.message), labels, helps=[words], fix=fix)


def _shortcut(item: Join, pair: tuple[int, int], volumes: list[Volume]) -> tuple[str, Fix] | None:
    """Return the conv that brings a shortcut to the size of the other branch, to type."""
    one, other = pair
    if not _is_identity(item.branches[other]):
        one, other = other, one
    wanted, have = volumes[one], volumes[other]
    if len(wanted) != len(have) or len(have) == 1 or not _is_identity(item.branches[other]):
        return None
    step = max(-(-n // to) for n, to in zip(have[:-1], wanted[:-1], strict=True))
    if any(-(-n // step) != to for n, to in zip(have[:-1], wanted[:-1], strict=True)):
        return None
    layer = f"conv {wanted[-1]} k1" + (f" s{step}" if step > 1 else "")
    if step == 1:
        text = _(
            "bring the shortcut to {channels} channels: '{layer}'", channels=wanted[-1], layer=layer
        )
    else:
        text = _(
            "bring the shortcut to {volume}: '{layer}'", volume=write_volume(wanted), layer=layer
        )
    return text, Fix(item.branches[other].span, layer)


MOST_CROPPED = 4  # pixels of a branch that is cropped to fit


def _cropped(item: Join, pair: tuple[int, int], volumes: list[Volume]) -> tuple[str, Fix] | None:
    """Return the crop that brings the larger of two maps to the other, which is a bit smaller."""
    one, other = pair
    numbers = (*volumes[one], *volumes[other])
    if len(volumes[one]) != len(volumes[other]) or not are_numbers(*numbers):
        return None
    if volumes[one][:-1] < volumes[other][:-1]:
        one, other = other, one
    gone = [n - to for n, to in zip(volumes[one][:-1], volumes[other][:-1], strict=True)]
    left = [(*volumes[other][:-1], volumes[one][-1]), volumes[other]]
    if not all(0 <= size <= MOST_CROPPED for size in gone) or JOIN_KINDS[item.how].misfit(left):
        return None
    sides = [f"0:{size}" for size in (gone[:1] if len(set(gone)) == 1 else gone)]
    span = item.branches[one].span
    layer = f"crop {'x'.join(sides)}"
    if not _is_identity(item.branches[one]):
        layer = f"{span.text.strip()} -> {layer}"
    return _("crop the larger branch: '{layers}'", layers=layer), Fix(span, layer)


def _is_identity(branch: Sequence) -> bool:
    """Return whether a branch passes its input on."""
    return all(isinstance(item, Layer) and item.kind.name == "identity" for item in branch.items)
