"""Branches of one jump that see their input about the same centres, or do not."""

from __future__ import annotations

from math import lcm
from typing import TYPE_CHECKING

from cnncalc.kinds.receptive_field import are_plain, at_unit, middle, phases_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.kinds.receptive_field import Axis, Centre


def aligned(axes: Sequence[Axis]) -> bool:
    """Return whether branches of one jump have their centres in the same place.

    >>> aligned([(3, 1, -1), (1, 1, 0)]), aligned([(3, 1, -2), (1, 1, 0)])
    (True, False)
    """
    if are_plain(axes):
        return len({2 * start + size for size, _, start in axes}) == 1
    return not first_apart(axes)[1]


def first_apart(axes: Sequence[Axis]) -> tuple[int, list[Centre | None]]:
    """Return the first unit whose centres differ between branches, and these, in pixels.

    >>> first_apart([(3, 1, -2), (1, 1, 0)]), first_apart([(3, 1, -1), (1, 1, 0)])
    ((0, [-1, 0]), (0, []))
    """
    parts = [phases_of(axis) for axis in axes]
    for unit in range(lcm(*(len(part.edges) for part in parts))):
        centres = [middle(*seen) if (seen := at_unit(part, unit)) else None for part in parts]
        if len({centre for centre in centres if centre is not None}) > 1:
            return unit, centres
    return 0, []
