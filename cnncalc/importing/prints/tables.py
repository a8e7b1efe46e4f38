"""The tables that summary() prints, of Keras, torchinfo and torchsummary, as their rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.importing.labels import label_of
from cnncalc.importing.prints.candidates import is_leaf, known_as
from cnncalc.importing.prints.rows import PrintedRow
from cnncalc.notation.tree import PrintedLine
from cnncalc.numbers.digits import is_whole
from cnncalc.speech.budget import BUDGET
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = re.compile(r"(?m)^.*Layer \(type.*Param #.*$")
_TOTAL = re.compile(
    r"(?mi)^[^\w\n]*+(?P<what>total|trainable|non-trainable) params:\s*(?P<count>[\d,]+)"
)
_CLASS = re.compile(r"\(([\w.>]+)…?\)?\s*$|^(\w+)(?: \(\w+\))?(?:-\d+|: \d+-\d+)")
_DEPTH = re.compile(r": ([0-9]{1,9})-\d+")
_TREE = re.compile(r"^[\s│├└─|+\-]*")
_RULE = re.compile(r"^[\s=_\-━─┏┓┡┩├┤└┘┳╇┼┴┃│+|╞╡╘╛╒╕╪╧╤]*$")
_AFTER = ("Total params", "Trainable params")
_READ = re.compile(r"['\[\s]*(?P<name>[^\['…\s,]+)(?P<whole>\[)?")
_SIZE = r"(?:None|-?\d+|\?)"
_SHAPE = rf"(?:[\[(]{{1,2}}{_SIZE}(?:,\s*{_SIZE})*,?[\])]{{1,2}}|multiple)"
_GLUED = re.compile(rf"(?P<name>\S.*?)(?P<shape>{_SHAPE})\s+(?P<count>[\d,]+)(?=\s|$)")
"""A row whose cells have run into each other: its output shows where they part."""

_LONGEST = BUDGET.name


class Cells(NamedTuple):
    """A line of a table: what it calls a layer, what it puts out, and the count that it prints.

    `connected` are the lines of what it reads, and `takes` what comes in, where there are such.
    """

    name: str
    output: str
    printed: str
    connected: tuple[str, ...] = ()
    takes: str = ""


class Table:
    """A table in a text: its rows, the columns that it has, and the totals below it."""

    def __init__(self, text: str, head: re.Match[str] | None) -> None:
        lines = text[head.start() if head else 0 :].splitlines()
        self._heads = _cells(lines[0]) if lines else []
        self.is_graph = any(each.startswith("Connected") for each in self._heads)
        self.is_tree = "depth-idx" in "".join(self._heads)
        self._starts = self._columns(lines[0]) if self.is_graph else []
        self.rows = list(self._rows(lines)) if lines else []
        self.is_torch = self.is_tree or any(
            re.match(r"\w+-\d+$", row.name) and row.output.startswith("[") for row in self.rows
        )
        self.totals = {
            found["what"].lower(): count_of(found["count"]) for found in _TOTAL.finditer(text)
        }

    def _columns(self, line: str) -> list[int]:
        """Return where the columns of a table without signs between them begin; none for others."""
        return [] if line.strip()[:1] in "│┃" else [line.index(head) for head in self._heads]

    def _rows(self, lines: list[str]) -> Iterator[Cells]:
        """Yield the rows below a heading; one that goes on in a second line is one."""
        heads = self._heads
        places = {
            name: next((place for place, head in enumerate(heads) if name in head), None)
            for name in ("Output", "Param #", "Connected", "Input")
        }
        count, output = places["Param #"] or 0, places["Output"] or 1
        row: Cells | None = None
        for line in lines[1:]:
            if line.strip().startswith(_AFTER):
                break
            if _RULE.match(line):
                continue
            cells = self._parted(line, output)
            connected, takes = (
                cells[place] if place is not None and place < len(cells) else ""
                for place in (places["Connected"], places["Input"])
            )
            more = (connected,) if connected.strip() else ()
            if len(cells) <= count or not cells[count]:
                row = row and _gone_on(row, cells, output, more)
                continue
            if row:
                yield row
            row = Cells(cells[0], cells[output], cells[count], more, takes)
        if row:
            yield row

    def _parted(self, line: str, output: int) -> list[str]:
        """Return the cells of a line, parted at its output where two of them have run together."""
        if self._starts:
            return self._sliced(line)
        cells = _cells(line)
        if output != 1 or len(line) > _LONGEST or re.fullmatch(_SHAPE, "".join(cells[1:2])):
            return cells
        glued = _GLUED.match(_TREE.sub("", line).strip())
        return [each.rstrip() for each in glued.groups()] if glued else cells

    def _sliced(self, line: str) -> list[str]:
        """Return the cells of a line by where the columns begin."""
        glued = _GLUED.match(line.strip()) if len(line) <= _LONGEST else None
        if glued:
            rest = line.strip()[glued.end() :].strip()
            return [*(each.strip() for each in glued.groups()), rest]
        ends = [*self._starts[1:], len(line)]
        return [line[at:end].strip() for at, end in zip(self._starts, ends, strict=True)]


def _gone_on(row: Cells, cells: list[str], output: int, more: tuple[str, ...]) -> Cells:
    """Return a row with the cells of a line that it goes on in."""
    between = " " if cells[0].startswith("(") else ""
    reads = row.connected
    if more and reads and not reads[-1].endswith((",", "…", "]", "]'")):
        reads, more = (*reads[:-1], reads[-1] + more[0]), ()  # a name is parted
    left = cells[output] if len(cells) > output and len(cells) > 1 else ""
    return row._replace(
        name=row.name + between + cells[0],
        output=row.output + (" " if left else "") + left,
        connected=(*reads, *more),
    )


def _cells(line: str) -> list[str]:
    """Return the cells of a line: between box signs, or two blanks apart."""
    bare = line.strip()
    if bare[:1] in "│┃" and bare[-1:] in "│┃":
        return [cell.strip() for cell in bare[1:-1].replace("┃", "│").split("│")]
    return re.split(r"\s{2,}", _TREE.sub("", line).strip())


def line_of(row: Cells) -> PrintedLine:
    """Return a row as a line; what stands for several, or for one before, learns nothing more."""
    found = _CLASS.search(row.name)
    kind = next((each for each in found.groups() if each), "") if found else row.name
    label = row.name.partition(" (")[0] if "(" in row.name else ""
    return PrintedLine(label_of(label), f"{kind} {row.output}", kind, count_of(row.printed), None)


def count_of(printed: str) -> int:
    """Return a count that is printed; 0 where none is."""
    digits = printed.replace(",", "")
    return int(digits) if is_whole(digits) else 0


def unlearned(kind: str, row: Cells) -> int:
    """Return how many of a row's numbers Keras does not learn: means and variances."""
    count, name = count_of(row.printed), known_as(kind)
    if name == "Normalization":
        return count
    sizes = sizes_of(row.output) or (count // 4,)
    return min(2 * sizes[-1], count) if name == "BatchNormalization" else 0


def sizes_of(cell: str) -> tuple[int, ...] | None:
    """Return the sizes of a shape behind its batch; None for none, for several, for open ones."""
    shapes = re.findall(r"[\[(]([^\[\]()]*)[\])]", cell)
    sizes = re.findall(_SIZE, shapes[0])[1:] if len(shapes) == 1 else []
    if not sizes or not all(map(is_whole, sizes)) or not all(int(size) > 0 for size in sizes):
        return None
    return tuple(map(int, sizes))


def rows_of(table: Table) -> list[PrintedRow | None]:
    """Return the rows of a table that are layers, None for one without sizes or that is several.

    Of torchinfo's tree those are its leaves; what holds others must learn nothing itself.
    """
    found: list[PrintedRow | None] = []
    kinds = [line_of(row).kind for row in table.rows]
    plain = all(
        kind in ("Sequential", "ModuleList") or count_of(row.printed) or is_leaf(kind)
        for kind, row in zip(kinds[1:], table.rows[1:], strict=True)
    )
    depths = [int(at[1]) if (at := _DEPTH.search(row.name)) else 0 for row in table.rows]
    for place, row in enumerate(table.rows):
        if table.is_tree and depths[place + 1 : place + 2] > [depths[place]]:
            if count_of(row.printed):
                found.append(None)
            continue
        line, sizes = line_of(row), sizes_of(row.output)
        if sizes is None:
            found.append(None)
            continue
        again = row.printed == "(recursive)"
        kind = line.kind.rpartition(">")[2]
        moving = 0 if table.is_torch else unlearned(kind, row)
        name = row.name.partition(" (")[0] if not table.is_torch else ""
        reads = tuple(_name_read(each) for each in row.connected if re.search(r"\w", each))
        found.append(
            PrintedRow(
                kind if table.is_torch else known_as(kind) or kind.rstrip("…"),
                sizes,
                max((line.params or 0) - moving, 0),
                name,
                reads if table.is_graph else None,
                again,
                table.is_torch,
                table.is_torch and "Norm" in "".join(kinds[place + 1 : place + 2]),
                plain,
                sizes_of(row.takes) if table.is_torch else None,
            )
        )
    return found


def _name_read(cell: str) -> str:
    """Return the name of a row that another reads; '…' behind one that is cut."""
    found = _READ.match(cell)
    if found is None:
        return cell
    return found["name"] if found["whole"] else f"{found['name']}…"
