"""The one table of joins: what volumes give together, and which of them do not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.numbers.working import Number, product
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.kinds.volumes import Volume


def turn(volume: Volume, axis: int) -> Volume:
    """Return a volume with a spatial axis, from 1, in the place of the channels; 0: as it is.

    >>> turn((4, 5, 3), 1), turn((4, 5, 3), 2), turn((4, 5, 3), 0)
    ((5, 3, 4), (4, 3, 5), (4, 5, 3))
    """
    return (*volume[: axis - 1], *volume[axis:], volume[axis - 1]) if axis else volume


def turn_back(volume: Volume, axis: int) -> Volume:
    """Return what `turn` made a volume of as it was.

    >>> turn_back((5, 3, 4), 1), turn_back((4, 3, 5), 2), turn_back((4, 5, 3), 0)
    ((4, 5, 3), (4, 5, 3), (4, 5, 3))
    """
    return (*volume[: axis - 1], volume[-1], *volume[axis - 1 : -1]) if axis else volume


def joined(how: str, volumes: Sequence[Volume], axis: int = 0) -> Volume:
    """Return what volumes give together; along a spatial axis, from 1, or the channels."""
    return turn_back(JOIN_KINDS[how].output([turn(volume, axis) for volume in volumes]), axis)


class JoinKind(NamedTuple):
    """One kind of join: the output of volumes, and whether a volume fits that output.

    `code` and `message` are the fault of volumes that do not fit, `help` what to do about it. One
    that multiplies maps takes `two` branches, and says how many `products` it costs.
    """

    name: str
    says: str
    output: Callable[[Sequence[Volume]], Volume]
    fits: Callable[[Volume, Volume], bool]
    code: str
    message: str
    help: str
    two: bool = False
    products: Callable[[Sequence[Volume]], Number] = lambda _volumes: 0

    def misfit(self, volumes: Sequence[Volume]) -> tuple[int, int] | None:
        """Return the places of the first two volumes that do not fit together; None: all do."""
        output = self.output(volumes)
        for place, volume in enumerate(volumes):
            if not self.fits(volume, output):
                others = (other for other in range(len(volumes)) if other != place)
                pairs = ((min(other, place), max(other, place)) for other in others)
                return next(pair for pair in pairs if self._clash([volumes[at] for at in pair]))
        return None

    def _clash(self, volumes: Sequence[Volume]) -> bool:
        output = self.output(volumes)
        return not all(self.fits(volume, output) for volume in volumes)


def _stack(volumes: Sequence[Volume]) -> Volume:
    return (*volumes[0][:-1], sum(volume[-1] for volume in volumes))


def _first(volumes: Sequence[Volume]) -> Volume:
    return volumes[0]


def _stretch(volumes: Sequence[Volume]) -> Volume:
    """Return volumes with each axis that is 1 wide as wide as the others; a vector is 1 wide."""
    rank = max(map(len, volumes), default=0)
    output = [1] * rank
    for volume in volumes:
        for axis in range(-len(volume), 0):
            if output[axis] == 1 and len(volume) in (1, rank):
                output[axis] = volume[axis]
    return tuple(output)


def _can_stretch(volume: Volume, output: Volume) -> bool:
    return len(volume) in (1, len(output)) and all(
        size in (1, to) for size, to in zip(volume[::-1], output[::-1], strict=False)
    )


def _matrices(volumes: Sequence[Volume]) -> Volume:
    """Return the product of two stacks of matrices, YxZ and ZxX: YxX; () for what has none.

    Axes before them stack matrices, and one that is 1 wide is as wide as the other's.
    """
    one, other = volumes
    if len(one) != len(other) or len(one) < _MATRIX or one[-1] != other[-2]:
        return ()
    stack = _stretch([one[:-2], other[:-2]])
    if not all(_can_stretch(each[:-2], stack) for each in volumes):
        return ()
    return (*stack, one[-2], other[-1])


_MATRIX = 2


_TABLE = (
    JoinKind(
        "concat",
        "stacks the branches' outputs along the channels",
        _stack,
        lambda volume, output: volume[:-1] == output[:-1],
        "shapes-do-not-concat",
        "the branches of a concat must agree in all but their channels",
        "give the branches the same strides, and paddings that keep their sizes",
    ),
    JoinKind(
        "add",
        "adds the branches' outputs: a residual connection",
        _first,
        lambda volume, output: volume == output,
        "shapes-do-not-add",
        "the branches of an add must agree",
        "give both branches the same filters, strides and paddings",
    ),
    JoinKind(
        "mul",
        "multiplies the branches' outputs: a gate",
        _stretch,
        _can_stretch,
        "shapes-do-not-multiply",
        "the branches of a mul must agree, or be 1 wide",
        "a gate has the channels of what it multiplies, or is 1 wide",
    ),
    JoinKind(
        "max",
        "takes the largest of the branches' outputs at each place: maxout",
        _first,
        lambda volume, output: volume == output,
        "shapes-do-not-compare",
        "the branches of a max must agree",
        "give both branches the same filters, strides and paddings",
    ),
    JoinKind(
        "product",
        "multiplies two matrices, or stacks of them: YxZ and ZxX give YxX",
        _matrices,
        lambda _volume, output: bool(output),
        "shapes-do-not-match",
        "a product takes YxZ and ZxX: the channels of the first are the last axis of the second",
        "'transpose' turns YxZ to ZxY, 'tokens' makes a matrix of a map",
        two=True,
        products=lambda volumes: product((*_matrices(volumes), volumes[0][-1])),
    ),
)

JOIN_KINDS: dict[str, JoinKind] = {kind.name: kind for kind in _TABLE}
"""Every kind of join by its name."""
