"""What passes from an item to the next, at all calls of a definition at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from cnncalc.codegen.numbers import NotAlike, Number, agree, constant, name_number
from cnncalc.kinds.joins import joined
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Join


class Stream(NamedTuple):
    """What passes between parts: a volume at each call that comes here, the channels in Python."""

    volumes: tuple[Volume | None, ...]
    channels: Number

    def only(self, calls: Iterable[bool]) -> Stream:
        """Return the flow at some of the calls."""
        volumes = (
            volume if kept else None for volume, kept in zip(self.volumes, calls, strict=True)
        )
        return Stream(tuple(volumes), self.channels)

    @property
    def rank(self) -> int:
        """The number of spatial axes."""
        return cast("int", agree(tuple(len(v) - 1 if v else None for v in self.volumes)))


NOTHING = Stream((), constant(0, 1))
"""What flows before a network's first input."""


def enter(volume: Volume) -> Stream:
    """Return what comes in, at the one call that a network is."""
    return Stream((volume,), constant(volume[-1], 1))


def holds(flow: Stream) -> bool:
    """Return whether the channels in Python are those of the volumes, at every call."""
    return all(
        volume is None or volume[-1] == value
        for volume, value in zip(flow.volumes, flow.channels.values, strict=True)
    )


def hold(flow: Stream) -> None:
    """Refuse channels that are not those of the volumes."""
    if not holds(flow):
        raise NotAlike


def join_flows(item: Join, outs: list[Stream]) -> Stream:
    """Return what comes out of a join."""
    volumes: list[Volume | None] = []
    for each in zip(*(out.volumes for out in outs), strict=True):
        present = [volume for volume in each if volume is not None]
        if not present:
            volumes.append(None)
            continue
        volumes.append(joined(item.how, present, item.axis))
    if item.how == "concat" and not item.axis:
        channels = outs[0].channels
        for out in outs[1:]:
            channels = channels + out.channels
        flow = Stream(tuple(volumes), channels)
        hold(flow)
        return flow
    for out in sorted(outs, key=lambda out: len(out.channels.text)):
        flow = Stream(tuple(volumes), out.channels)
        if holds(flow):
            return flow
    raise NotAlike


def merge_flows(after: Stream, before: Stream) -> Stream:
    """Return what comes out of a part that some calls go through, and the others pass by."""
    volumes = tuple(
        before.volumes[index] if volume is None else volume
        for index, volume in enumerate(after.volumes)
    )
    for channels in (after.channels, before.channels):
        flow = Stream(volumes, channels)
        if holds(flow):
            return flow
    return Stream(volumes, after.channels)


def choose_channels(
    after: Stream, before: Stream, counts: tuple[int, ...], condition: str
) -> Number:
    """Return the channels behind a part that is there under a condition."""
    values = tuple(
        one if count else other
        for one, other, count in zip(
            after.channels.values, before.channels.values, counts, strict=True
        )
    )
    for channels in (after.channels, before.channels):
        if channels.values == values:
            return channels
    text = f"({after.channels.text} if {condition} else {before.channels.text})"
    return name_number(text, values)
