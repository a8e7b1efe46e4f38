"""Big networks, readable: rows folded by label and definition, or gathered by what they share.

Folding never renumbers: a folded row goes by the numbers of its first and last row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.kinds.volumes import write_volume
from cnncalc.notation.writer import write_item
from cnncalc.report.long_rows import LongRows
from cnncalc.report.several import as_one

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.trace.rows import Place, Row

MOST_TEXT = 40  # characters of what is folded
MOST_ROWS = 40  # of a table that nobody asked to unfold


def fold(
    rows: Sequence[Row],
    depth: int | None = None,
    size: Callable[[Sequence[Row]], int] = len,
    most: int = MOST_ROWS,
) -> Sequence[Row]:
    """Return rows with what stands deeper than `depth` folded; None: as deep as stays readable.

    `size` is how much there is to read of rows, and `most` what stays readable.
    """
    deepest = (
        rows.deepest
        if isinstance(rows, LongRows)
        else max((len(_folds(row)) for row in rows), default=0)
    )
    if deepest <= (depth or 0):
        return rows
    if depth is None:
        if size(rows) <= most:
            return rows
        rows = [*rows]
        found: Sequence[Row] = rows
        for depth in range(deepest - 1, -1, -1):  # noqa: PLR1704 - the depth that is looked for
            found = _folded(rows, depth)
            if size(found) <= most:
                break
        return found
    return _folded(rows, depth)


def _folds(row: Row) -> list[Place]:
    return [place for place in row.places if place.how == "fold"]


def _folded(rows: Sequence[Row], depth: int) -> list[Row]:
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        folds = _folds(row)
        key = (folds[depth].serial, row.aux) if len(folds) > depth else (row.index, "row")
        if key[1] is True:  # what is beside reads what it is beside: that stands before it
            groups.setdefault((key[0], False), [])
        groups.setdefault(key, []).append(row)
    return [
        _as_one(group, _folds(group[0])[depth]) if key[1] != "row" else group[0]
        for key, group in groups.items()
        if group
    ]


def _as_one(rows: list[Row], place: Place) -> Row:
    """Return the rows of a call or of a labelled item as one, written as the item is."""
    item = place.node
    text = cut(write_item(item), MOST_TEXT) if item else ""
    if len(rows) == 1 and not place.label:
        return rows[0]
    first, last = rows[0].index, rows[-1].index
    above = rows[0].places[: rows[0].places.index(place)]
    index = str(first) if first == last else f"{first}-{last}"
    return as_one(rows, text, index, place.label, above)


def cut(text: str, room: int) -> str:
    """Return a text with as many of its words as there is room for, brackets closed.

    >>> cut("inception 256 160 320 32 128 128", 20), cut("[cb 64 k7 s2 -> relu]*3", 20)
    ('inception 256 160...', '[cb 64 k7 s2...]*3')
    """
    if len(text) <= room:
        return text
    head, bracket, inside = text.partition("[")
    end = f"...]{inside.rpartition(']')[2]}" if bracket else "..."
    words = inside if bracket else text
    start = f"{head}[" if bracket else ""
    found = ""
    for word in words.split(" "):
        longer = f"{found} {word}" if found else word
        if len(start + longer + end) > room or "[" in word or word == "|":
            break
        found = longer
    return start + found.removesuffix(" ->").rstrip(",") + end


def _label(row: Row) -> str:
    """Return the outermost label or call that a row stands in; its own label, or its kind."""
    for place in _folds(row):
        return place.label or (write_item(place.node).split(" ")[0] if place.node else "")
    return row.label or row.kind


def _size(row: Row) -> str:
    """Return the spatial size of a row's output."""
    return write_volume(row.output[:-1]) if len(row.output) > 1 else "vector"


KEYS: dict[str, Callable[[Row], str]] = {
    "kind": lambda row: row.kind,
    "label": _label,
    "size": _size,
}
"""What rows can be gathered by."""


def gather(rows: Sequence[Row], by: str) -> list[Row]:
    """Return rows gathered by what they share, in order of appearance, each with its count."""
    groups: dict[tuple[str, bool], list[Row]] = {}
    for row in rows:
        groups.setdefault((KEYS[by](row), row.aux), []).append(row)
    return [
        as_one(group, f"{name} (auxiliary)" if aux else name, str(len(group)))
        for (name, aux), group in groups.items()
    ]
