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


def _joined(row: Row, join: Join, channels_first: bool) -> str:
    """Return which rows a join takes, and why they fit together."""
    names = [str(source) for source in row.inputs]
    rows = _("{rows} and {last}", rows=", ".join(names[:-1]), last=names[-1])
    volumes = [write_volume(each, channels_first=channels_first) for each in row.reads]
    each = volumes[0]
    if join.how == "concat":
        rank = len(row.output) - 1
        if not rank:
            return _("rows {rows}, one behind the other", rows=rows)
        if join.axis:
            return _(
                "rows {rows}, one behind the other along the {axis}: they agree in all else",
                rows=rows,
                axis=axis_name(join.axis - 1, rank),
            )
        return _(
            "rows {rows}, one behind the other along the channels: their maps agree, {map}",
            rows=rows,
            map=times(row.output[:-1]),
        )
    if join.how == "add":
        return _("rows {rows}, added value by value: each is {volume}", rows=rows, volume=each)
    if join.how == "max":
        return _(
            "the larger of rows {rows} at each place: each is {volume}", rows=rows, volume=each
        )
    if join.how == "product":
        return _("rows {rows}, as matrices: {volumes}", rows=rows, volumes=_(" and ").join(volumes))
    if join.how == "mul" and len(set(volumes)) == 1:
        return _("rows {rows}, multiplied value by value: each is {volume}", rows=rows, volume=each)
    if join.how == "mul":
        return _(
            "rows {rows}, multiplied: {volumes}; what is 1 wide is spread over the other",
            rows=rows,
            volumes=_(" and ").join(volumes),
        )
    return ""


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
