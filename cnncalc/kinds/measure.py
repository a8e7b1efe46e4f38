"""What one layer does to one volume, and the faults that several formulas share."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from cnncalc.numbers.working import divides, exact, plain
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem, plural
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from cnncalc.kinds.receptive_field import Reach
    from cnncalc.kinds.volumes import Volume
    from cnncalc.numbers.working import Number, Working


class Writes(int):
    """Where an output goes in a forward pass: a number for each way, made in less time than enums.

    To memory of its own; over its input; nowhere, as it is its input; nowhere, and the network
    hands it out; the row is left out; to memory that is held from the start.
    """

    NEW: ClassVar[Writes]
    OVER: ClassVar[Writes]
    VIEW: ClassVar[Writes]
    OUTPUT: ClassVar[Writes]
    AUX: ClassVar[Writes]
    INPUT: ClassVar[Writes]


for _number, _way in enumerate(Writes.__annotations__):
    setattr(Writes, _way, Writes(_number))


class Measure(NamedTuple):
    """What one layer does to one volume: its output, what it reads, learns and costs.

    `reach` says what its outputs read along each axis: nothing but their own place where it is
    empty; None where no one field follows. `macs` count weights, and `products` more: those of
    two maps, which are among them. `unread` counts the pixels at the end of each axis that no
    window reads; `ragged` holds the geometry of the first axis that windows do not tile: size,
    padding before and after, kernel, stride and dilation.
    """

    output: Volume
    reach: tuple[Reach, ...] | Literal["all"] | None
    weights: Number = 0
    biases: Number = 0
    params: Number = 0
    macs: Number = 0
    unread: tuple[int, ...] = ()
    ragged: tuple[int, ...] = ()
    products: Number = 0


def too_small(size: Working) -> str:
    """Return the note of a size that comes out below 1, with its arithmetic."""
    return _("{size} = {value}, and a size must be at least 1", size=size, value=size.value)


def divided(channels: Number, groups: Number, what: str, group: str = "group") -> Number:
    """Return the channels of a group; refuse groups that do not divide them."""
    if not divides(groups, channels):
        least, whole = max(min(plain(groups), 10_000), 1), plain(channels)
        best = next(each for each in range(least, 0, -1) if whole % each == 0)
        raise Problem(
            "groups-do-not-divide",
            _("the heads must divide the {what}", what=_(what))
            if group == "head"
            else _("the groups must divide the {what}", what=_(what)),
            about=_(
                "{groups}, {count:,} {what}",
                groups=plural(plain(groups), group),
                count=plain(channels),
                what=_(what),
            ),
            notes=[
                _("{channels} / {groups} does not come out whole", channels=channels, groups=groups)
            ],
            helps=[_("{number} would divide {channels}", number=best, channels=channels)],
        )
    return exact(channels, groups)
