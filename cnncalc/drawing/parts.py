"""What is drawn for each row or fold: its words, its size, its colour, its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.drawing.palette import FAMILY, INSIDE, SHADES
from cnncalc.kinds.joins import JOIN_KINDS
from cnncalc.kinds.volumes import times
from cnncalc.report.captions import plain_heading
from cnncalc.report.diagram import Cluster, Vertex, boxes, graph, with_those_before
from cnncalc.report.listing import text
from cnncalc.report.quantities import COLUMNS, QUANTITIES
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cnncalc.kinds.volumes import Volume
    from cnncalc.report.diagram import Diagram, Member
    from cnncalc.report.report import Report
    from cnncalc.trace.rows import Row


class DrawnPart(NamedTuple):
    """What is drawn for a box of the graph.

    `words` is the layer, `label` what it is called, `size` the volume that goes out; `title` has
    all of its figures. `family` is of the layer that works most, `fill` its colour or its shade.
    """

    number: int
    row: Row
    words: str
    label: str
    size: str
    title: str
    family: str
    fill: str
    is_join: bool
    is_inside: bool
    times: int = 1


class Stop(NamedTuple):
    """A part, and those behind it that change no size: one volume; `reads` are its inputs.

    `around` is the label of the frame that begins with it.
    """

    parts: list[DrawnPart]
    reads: list[int]
    around: str = ""

    @property
    def title(self) -> str:
        """What is said of all of them, a line each."""
        return "\n".join(part.title for part in self.parts)

    @property
    def volume(self) -> Volume:
        """The volume that goes out."""
        return self.parts[-1].row.rows[-1].output

    @property
    def label(self) -> str:
        """What it is called, and how many rounds there are of it."""
        rounds = f"\u00d7{self.parts[0].times}" if self.parts[0].times > 1 else ""
        names = [part.label for part in self.parts if part.label]
        return " ".join(filter(None, (*[*names, self.around][:1], rounds)))


class DrawnNetwork(NamedTuple):
    """A graph and the part of each of its boxes, by number.

    `room` is how large volumes are drawn, as a part of what they are where there is room enough.
    """

    graph: Diagram
    parts: dict[int, DrawnPart]
    report: Report
    shade: str | None = None
    most: int = 0
    room: float = 1.0


def network(
    report: Report, rows: Sequence[Row], shade: str | None = None, room: float = 1.0
) -> DrawnNetwork:
    """Return what is drawn of rows; `shade` is the quantity that boxes are dark by."""
    found = graph(with_those_before(rows, report.rows), lambda _box: [])
    all_boxes = list(boxes(found.members))
    most = max((_number(shade, box.row) for box in all_boxes), default=0) if shade else 0
    parts = {box.number: _part(report, box, shade, most) for box in all_boxes}
    return DrawnNetwork(found, parts, report, shade, most, room)


def stops(network: DrawnNetwork) -> dict[int, Stop]:
    """Return the volumes of a network by the numbers of all of their parts, in order."""
    readers: dict[int, int] = {}
    inputs: dict[int, list[int]] = {}
    for start, end in network.graph.arrows:
        readers[start] = readers.get(start, 0) + 1
        inputs.setdefault(end, []).append(start)
    around = dict(_frames(network.graph.members))
    found: dict[int, Stop] = {}
    for box in boxes(network.graph.members):
        part, reads = network.parts[box.number], inputs.get(box.number, [])
        before = found.get(reads[0]) if len(reads) == 1 else None
        if part.is_inside and before and readers[reads[0]] == 1:
            before.parts.append(part)
            found[box.number] = before
        else:
            at = [found[each].parts[0].number for each in reads]
            found[box.number] = Stop([part], at, around.get(box.number, ""))
    return found


def _frames(members: Sequence[Member]) -> Iterator[tuple[int, str]]:
    """Yield the first box of each frame of one round, and the frame's label, inner ones last."""
    for member in members:
        if isinstance(member, Vertex):
            continue
        if isinstance(member, Cluster) and member.times == 1 and member.label:
            yield next(boxes(member.members)).number, member.label
        yield from _frames(member.members)


def _number(quantity: str, row: Row) -> int:
    value = QUANTITIES[quantity].of(row)
    return value if isinstance(value, int) else 0


def _part(report: Report, box: Vertex, shade: str | None, most: int) -> DrawnPart:
    row = box.row
    family = family_of(row.rows)
    fill = family
    if shade is not None:
        step = -(-_number(shade, row) * (SHADES - 1) // most) if most else 0
        fill = f"shade-{step}"
    words = row.layer.replace("->", "\u2192")
    if row.several and words.startswith("[") and words.endswith("]"):
        words = words[1:-1]
    return DrawnPart(
        box.number,
        row,
        words,
        box.label or "",
        spelled(row.rows[-1].output, channels_first=report.settings.channels_first),
        _title(report, box),
        family,
        fill,
        row.kind in JOIN_KINDS,
        row.kind in INSIDE,
        box.times,
    )


def family_of(rows: Iterable[Row]) -> str:
    """Return the family of the layers that work most: by MACs, then by how many they are."""
    work: dict[str, tuple[int, int]] = {}
    for row in rows:
        family = FAMILY.get(row.kind, "plain")
        macs, count = work.get(family, (0, 0))
        work[family] = macs + _number("macs", row), count + (family != "plain")
    return max(work, key=lambda family: work[family])


def spelled(volume: Volume, *, channels_first: bool = False) -> str:
    """Return a volume as figures have it: 56\u00d756\u00d7256."""
    sizes = (volume[-1], *volume[:-1]) if channels_first else volume
    return "\u00d7".join(times((size,), for_people=True) for size in sizes)


def _title(report: Report, box: Vertex) -> str:
    """Return the number of a row, its layer and its figures."""
    row = box.row
    first = report.settings.channels_first
    figures = [
        shown if each.form == "volume" else f"{plain_heading(each)} {shown}"
        for each in COLUMNS
        if (shown := text(each.form, report.value(each, row), channels_first=first, commas=True))
    ]
    label = f"{box.label}: " if box.label else ""
    rounds = f" \u00d7{box.times}" if box.times > 1 else ""
    return f"{row.number}  {label}{row.layer}{rounds}: {', '.join(figures)}"
