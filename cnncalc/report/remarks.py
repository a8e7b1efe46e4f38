"""What is worth a word about a row beside its working: what a join joins, gaps, and jumps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.kinds.receptive_field import Phases
from cnncalc.kinds.volumes import axis_name, times, write_volume
from cnncalc.notation.tree import Join
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from cnncalc.trace.rows import Row


def remarks(row: Row, *, channels_first: bool = False) -> list[str]:
    """Return the sentences about a row."""
    found = [_joined(row, row.node, channels_first)] if isinstance(row.node, Join) else []
    return [each for each in found if each] + _gaps(row) + _uneven(row)


JOINED = {
    "values": "rows {rows}, one behind the other",
    "axis": "rows {rows}, one behind the other along the {axis}: they agree in all else",
    "concat": "rows {rows}, one behind the other along the channels: their maps agree, {map}",
    "add": "rows {rows}, added value by value: each is {volume}",
    "max": "the larger of rows {rows} at each place: each is {volume}",
    "product": "rows {rows}, as matrices: {volumes}",
    "mul": "rows {rows}, multiplied value by value: each is {volume}",
    "spread": "rows {rows}, multiplied: {volumes}; what is 1 wide is spread over the other",
}
"""Which rows a join takes, and why they fit together, by what it does with them."""


def _joined(row: Row, join: Join, channels_first: bool) -> str:
    """Return which rows a join takes, and why they fit together."""
    names = [str(source) for source in row.inputs]
    volumes = [write_volume(each, channels_first=channels_first) for each in row.reads]
    how, rank = join.how, len(row.output) - 1
    if how == "concat" and (join.axis or not rank):
        how = "axis" if rank else "values"
    if how == "mul" and len(set(volumes)) > 1:
        how = "spread"
    return _(
        JOINED.get(how, ""),
        rows=_("{rows} and {last}", rows=", ".join(names[:-1]), last=names[-1]),
        axis=axis_name(join.axis - 1, rank) if how == "axis" else "",
        map=times(row.output[:-1]),
        volume=volumes[0],
        volumes=_(" and ").join(volumes),
    )


def _gaps(row: Row) -> list[str]:
    """Return that windows leave gaps between them."""
    reaches = row.measure.reach
    gaps = [
        (reach.stride, span)
        for reach in (reaches if isinstance(reaches, tuple) else ())
        if not reach.phases and reach.stride > (span := reach.dilation * (reach.kernel - 1) + 1)
    ]
    return [
        _("the windows leave gaps: they span {span} and step by {stride}", span=span, stride=stride)
        for stride, span in dict.fromkeys(gaps)
    ]


def _uneven(row: Row) -> list[str]:
    """Return that units see different numbers of pixels, where they do."""
    if not isinstance(row.field, tuple):
        return []
    periods = [
        sorted({edge[1] - edge[0] + 1 if edge else 0 for edge in axis.edges})
        for axis in row.field
        if isinstance(axis, Phases)
    ]
    uneven = [sizes for sizes in periods if len(sizes) > 1]
    return [
        _("units see {fewest} to {most} pixels along an axis", fewest=sizes[0], most=sizes[-1])
        for sizes in uneven[:1]
    ]
