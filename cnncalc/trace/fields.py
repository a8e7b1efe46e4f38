"""What layers and joins make of a receptive field, and what is said where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from cnncalc.kinds import receptive_field
from cnncalc.kinds.joins import JOIN_KINDS
from cnncalc.kinds.receptive_field import ALL
from cnncalc.notation.evaluation import too_large
from cnncalc.numbers.lettered import is_large, letters_in
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.kinds.measure import Measure
    from cnncalc.kinds.receptive_field import Axis, Field, Reach
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Join, Layer
    from cnncalc.speech.problem import Problem
    from cnncalc.trace.flow import Flow

MOST_PHASE_WORK = BUDGET.phase_work  # taps looked at for units that differ, in one network


class FieldTrace:
    """The fields of one trace: how many taps were looked at, and where warnings go."""

    def __init__(self, warn: Callable[[Problem], None]) -> None:
        self._warn = warn
        self.phase_work = 0

    def through(self, flow: Flow, measure: Measure, layer: Layer) -> Field:
        """Return what a layer's outputs see of the input that comes in by a flow."""
        field = flow.field
        if flow.seen is None:
            return None
        if isinstance(measure.reach, str):
            return ALL
        if field is None or isinstance(field, str):
            return field
        if measure.reach is None:
            from cnncalc.trace.field_faults import no_field

            self._warn(no_field(layer))
            return None
        reaches = measure.reach
        one = self._axis(field[0], reaches[0], layer)
        out = [one]
        for place in range(1, len(field)):
            axis, reach = field[place], reaches[place]
            is_same = axis is field[0] and (reach is reaches[0] or reach == reaches[0])
            out.append(one if is_same else self._axis(axis, reach, layer))
        if None in out:
            from cnncalc.trace.field_faults import untraced

            self._warn(untraced(layer.span))
            return None
        return cast("Field", tuple(out))

    def _axis(self, axis: Axis, reach: Reach, layer: Layer) -> Axis | None:
        """Return what a layer's outputs see along an axis; None where that is not traced."""
        if self.phase_work > MOST_PHASE_WORK:
            return None
        seen = receptive_field.through(axis, reach)
        if seen is None:
            return None
        if isinstance(seen, receptive_field.Phases):
            self.phase_work += receptive_field.work(axis, reach)
            large = is_large(seen.advance)
        else:
            large = is_large(seen[0]) or is_large(seen[1])
        if large:
            raise too_large(layer.span, _("the receptive field"))
        return seen

    def joined(self, item: Join, outs: list[Flow], output: Volume, firsts: list[int]) -> Field:
        """Return the hull of what the branches see; None, with a warning, where there is none.

        `firsts` holds the number of each branch's first row.
        """
        from cnncalc.trace.field_faults import misaligned, no_one_field, sees_several

        seen = {out.seen for out in outs}
        if None in seen or len(seen) > 1:
            if None not in seen:
                self._warn(sees_several(item))
            return None
        fields = [out.field for out in outs if not isinstance(out.field, str)]
        multiplies = JOIN_KINDS[item.how].two
        if len(fields) < len(outs) or (multiplies and all(size == 1 for size in output[:-2])):
            return ALL
        known = [field for field in fields if field is not None]
        if len(known) < len(outs):
            return None
        if multiplies:
            self._warn(no_one_field(item, _("it sees all of its own in a stack of matrices")))
            return None
        if item.axis:
            self._warn(no_one_field(item, _("its branches give different places")))
            return None
        if any(out.volume[:-1] != output[:-1] for out in outs):
            why = _("a branch is 1 wide and reaches every position alike")
            self._warn(no_one_field(item, why))
            return None
        hulls: list[Axis] = []
        for axes in zip(*known, strict=True):
            axis = receptive_field.join(axes)
            if axis is None:
                jumps = _(" and ").join(
                    dict.fromkeys(str(receptive_field.jump(each)) for each in axes)
                )
                why = _("the jumps of the branches differ: {jumps}", jumps=jumps)
                if letters_in(part for each in axes for part in each[:3]):
                    why = _("what the branches see depends on the letters")
                self._warn(no_one_field(item, why))
                return None
            if not all(each == axes[0] for each in axes) and not _aligned(axes):
                paths = [(first, out.row) for first, out in zip(firsts, outs, strict=True)]
                self._warn(misaligned(item, axes, paths))
            hulls.append(axis)
        return tuple(hulls)


def _aligned(axes: tuple[Axis, ...]) -> bool:
    """Return whether branches of one jump have their centres in the same place."""
    from cnncalc.kinds.alignment import aligned

    return aligned(axes)
