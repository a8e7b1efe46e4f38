"""Channels as sheets one behind another; a colour a group, where a layer has groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.drawing.legend import Key
    from cnncalc.trace.rows import Row

    Sheet = tuple[float, int]
    """How far a sheet stands behind the first, and its group."""

FILLS = ("", "fc-front", "sequence-front")
"""The colours of groups; the first is that of its map."""

_AWAY, _APART = 2.5, 5.0  # points, from a sheet to the next, and to the next group
_MOST, _MOST_OF_GROUP = 4, 2  # sheets, and of a group where there are several


def groups_of(row: Row) -> int:
    """Return how many groups the channels of a row's layer are parted in."""
    if row.kind == "dwconv":
        return int(row.input[-1])
    return int(row.node.named.get("groups", 1))  # type: ignore[union-attr] # of a layer


def sheets(channels: int, groups: int) -> list[Sheet]:
    """Return the sheets behind the first, from near to far.

    >>> sheets(3, 1), sheets(4, 2)
    ([(2.5, 0), (5.0, 0)], [(2.5, 0), (7.5, 1), (10.0, 1)])
    """
    if groups == 1:
        return [(_AWAY * sheet, 0) for sheet in range(1, min(channels, _MOST))]
    found: list[Sheet] = []
    away = 0.0
    for group in range(min(groups, len(FILLS))):
        for sheet in range(min(channels // groups, _MOST_OF_GROUP)):
            away += (_AWAY if sheet else _APART) * bool(group or sheet)
            found.append((away, group))
    return found[1:]


def keys(row: Row) -> Iterator[Key]:
    """Yield the colours of groups behind the first, and what each reads and makes."""
    for group in range(1, min(groups_of(row), len(FILLS))):
        yield [FILLS[group]], _said(row, group)


def notes(row: Row) -> Iterator[str]:
    """Yield how many groups there are, and what the first reads and makes, where there are some."""
    count = groups_of(row)
    if count > 1:
        yield f"{_('{count} groups', count=count)}; {_said(row, 0)}"


def _said(row: Row, group: int) -> str:
    """Return the channels that a group reads, and those that it makes."""
    count = groups_of(row)
    read, made = (_run(size[-1] // count, group) for size in (row.input, row.output))
    return _(
        "group {group}: channels {read} of the input, {made} of the output",
        group=group,
        read=read,
        made=made,
    )


def _run(size: int, group: int) -> str:
    """Return the channels of a group, so many each."""
    first, last = group * size, (group + 1) * size - 1
    return f"{first}" if first == last else f"{first}..{last}"
