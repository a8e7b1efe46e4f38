"""A network's figure: which rows it has, in which style, and what its colours mean."""

from __future__ import annotations

from bisect import bisect_left
from importlib import import_module
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from cnncalc.drawing.bands import bands
from cnncalc.drawing.legend import legend
from cnncalc.drawing.page import fit, is_read, read_width, small
from cnncalc.drawing.palette import INSIDE, SHADES
from cnncalc.drawing.parts import network
from cnncalc.drawing.shapes import fitted
from cnncalc.kinds.joins import JOIN_KINDS
from cnncalc.kinds.table import FAMILIES
from cnncalc.report.captions import plain_heading
from cnncalc.report.diagram import boxes_of
from cnncalc.report.folds import fold
from cnncalc.report.listing import text
from cnncalc.report.quantities import QUANTITIES
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.drawing.legend import Key
    from cnncalc.drawing.parts import DrawnNetwork
    from cnncalc.drawing.shapes import Drawing, Figure
    from cnncalc.report.report import Report
    from cnncalc.trace.rows import Row

STYLES = {
    "volumes": "boxes in oblique projection, thick by their channels",
    "levels": "a row of volumes a resolution, with skips across",
    "blocks": "a box a layer or fold, branches side by side",
}
"""The styles of figures by name."""

SHADED = ("macs", "params")
"""The quantities that boxes can be dark by."""

DIRECTIONS = ("vertical", "horizontal")

MOST = {"blocks": 30, "volumes": 30, "levels": 60}
"""What there is at most in a figure that nobody asked to unfold: a page."""

FEWER = (30, 18, 10)
"""What there is at most in a figure that has little room, one after another."""

SMALLER = (0.8, 0.6, 0.4)
"""How large volumes are drawn in it."""

MOST_BANDS = 3
"""How many bands volumes stand in at most, one below another."""

MOST_BOXES = 800
"""What a figure has at most, however it is asked for."""


class Attempt(NamedTuple):
    """A way to draw a network: a style, folded to how many, how large, and in how many bands."""

    style: str
    most: int
    room: float = 1.0
    bands: int = 1


def drawn(
    report: Report, rows: Sequence[Row] | None = None, **asked: Any
) -> tuple[Figure, list[Problem]]:
    """Return a figure as it is asked for, and its warnings: what it is to be read by is tried."""
    figure = draw(report, rows, **asked)
    if is_read(figure):
        return figure, []
    typed = [name for name in ("style", "depth", "direction") if asked.get(name) is not None]
    tries: list[dict[str, str | None]] = [dict.fromkeys([name]) for name in typed]
    tries += [dict.fromkeys(typed), {"width": "3.3in"}, {"width": "7in"}, {"width": None}]
    changes = next(
        changes
        for changes in filter(None, tries)
        if is_read(draw(report, rows, **{**asked, **_values(changes)}))
    )
    return figure, [small(figure, changes)]


def _values(changes: dict[str, str | None]) -> dict[str, float | None]:
    """Return the values of options as they are drawn: a width in points."""
    return {name: None if text is None else read_width(text) for name, text in changes.items()}


def draw(
    report: Report,
    rows: Sequence[Row] | None = None,
    *,
    depth: int | None = None,
    style: str | None = None,
    shade: str | None = None,
    direction: str | None = None,
    width: float | None = None,
) -> Figure:
    """Return the figure of a network, or of some of its rows.

    Without a `depth` it is folded to fit a page; without a `style` skips between resolutions ask
    for levels, and a chain for volumes. Blocks alone have a `direction`. Where a `width` is given,
    in points, it is folded further, drawn smaller, in bands, or in blocks, until it fits, and then
    scaled.
    """
    whole = report.rows if rows is None else rows
    chosen = style or (direction and "blocks") or _style_of(whole)
    ways = [Attempt(chosen, MOST[chosen])]
    if width is not None:
        ways += _narrower(chosen, is_folded=depth is None)
        if style in (None, "blocks"):
            ways += (Attempt("blocks", most, room) for room in (1.0, *SMALLER) for most in FEWER)

    drawings: dict[tuple[str, int, float], tuple[DrawnNetwork, Drawing]] = {}

    def figure(style: str, most: int, room: float, number: int) -> Figure:
        size = boxes_of if style == "blocks" else _volumes
        shown = fold(whole, depth, size, most)
        if (count := boxes_of(shown)) > MOST_BOXES:
            raise _too_many(count)
        key = style, len(shown), room
        if key not in drawings:
            parts = network(report, shown, shade, room)
            drawings[key] = parts, import_module(f"cnncalc.drawing.{style}").draw(parts)
        found, drawing = drawings[key]
        shapes = drawing.shapes if number == 1 else bands(drawing.shapes, number)
        if direction == "horizontal":
            shapes = [each.turned() for each in shapes]
        notes = [*drawing.notes, *(_totals(report) if rows is None else ())]
        return fitted([*shapes, *legend(_keys(found), shapes, notes)], report.text)

    return fit((figure(*way) for way in ways), width)


def _narrower(style: str, *, is_folded: bool) -> Iterator[Attempt]:
    """Yield ways to draw that need less width, those first that leave away least."""
    most = MOST[style]
    if is_folded:
        yield from (Attempt(style, fewer) for fewer in FEWER if fewer < most)
    if style != "blocks":
        for count in range(1, MOST_BANDS + 1):
            for room in (1.0, *SMALLER) if count == 1 else SMALLER[1:]:
                yield from (Attempt(style, each, room, count) for each in (most, FEWER[-1]))


def _too_many(count: int) -> Problem:
    """Return the problem of a figure that nobody could read."""
    return Problem(
        "too-many-boxes",
        _(
            "a figure has at most {most:,} boxes, and this has {count:,}",
            most=MOST_BOXES,
            count=count,
        ),
        helps=[_("fold it with '--depth 0', or draw a part of it with '--at'")],
    )


def _style_of(rows: Sequence[Row]) -> str:
    """Return the style that suits rows: two skips or more over lower resolutions are levels."""
    if sum(_is_skip(row, rows) for row in rows) > 1:
        return "levels"
    is_chain = not any(row.kind in JOIN_KINDS for row in rows)
    return "volumes" if is_chain and len(rows[-1].output) < 5 else "blocks"


def _is_skip(row: Row, rows: Sequence[Row]) -> bool:
    """Return whether a row goes on from a map, and coarser ones have come since."""
    if row.kind != "reference" or len(row.output) < 3:
        return False
    jump = row.jump
    first, end = (
        bisect_left(rows, at, key=attrgetter("index")) for at in (row.inputs[0], row.index)
    )
    since = (rows[at].jump for at in range(first, end))
    return _is_known(jump) and any(_is_known(each) and each[0] > 1.5 * jump[0] for each in since)


def _is_known(jump: Any) -> bool:
    return isinstance(jump, tuple) and bool(jump) and isinstance(jump[0], int | float)


def _volumes(rows: Sequence[Row]) -> int:
    """Return how many volumes are drawn of rows: those that change no size have none."""
    return sum(row.kind not in INSIDE for row in rows)


def _totals(report: Report) -> Iterator[str]:
    """Yield what a network adds up to."""
    plus = "" if report.is_whole else "+"
    settings = report.settings
    names = ("params", "macs", *(["peak"] if settings.dtype != "float32" else []))
    for name in names:
        total = text(QUANTITIES[name].form, report.total(name), commas=True)
        yield f"{total}{plus} {plain_heading(QUANTITIES[name])}"
    if settings.batch != 1:
        yield _("a batch of {number}", number=settings.batch)
    if settings.dtype != "float32":
        yield settings.dtype


def _keys(network: DrawnNetwork) -> Iterator[Key]:
    """Yield colours, and what they mean."""
    if network.shade:
        heading = plain_heading(QUANTITIES[network.shade])
        words = _("{heading}, from 0 to {most:,}", heading=heading, most=network.most)
        yield [f"shade-{step}" for step in range(SHADES)], words
        return
    means = {
        "conv": _("convolution"),
        "pool": _("pooling"),
        "up": _("upsampling"),
        "fc": _("fully connected"),
        "sequence": _("attention, recurrence"),
    }
    used = {part.family for part in network.parts.values()}
    for family in FAMILIES:
        if family in used and family in means:
            yield [family], means[family]
