"""The tables that summary() prints, of Keras, torchinfo and torchsummary, as their rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.importing.labels import label_of
from cnncalc.importing.prints.candidates import MODELS, is_leaf, is_of_one, known_as
from cnncalc.importing.prints.rows import PrintedRow
from cnncalc.notation.tree import PrintedLine
from cnncalc.numbers.digits import is_whole
from cnncalc.speech.budget import BUDGET
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = re.compile(r"(?m)^(?>.*?Layer \(type)(?>.*?Param #).*$")
_TOTAL = re.compile(
    r"(?mi)^[^\w\n]*+(?P<what>total|trainable|non-trainable) params:\s*(?P<count>[\d,]+)"
)
_CLASS = re.compile(r"\(([\w.>]+)…?\)?\s*$|^(\w+)(?: \(\w+\))?(?:-\d+|: \d+-\d+)")
_DEPTH = re.compile(r": ([0-9]{1,9})-\d+")
_TREE = re.compile(r"^[\s│├└─|+\-]*")
_RULE = re.compile(r"^[\s=_\-━─┏┓┡┩├┤└┘┳╇┼┴┃│+|╞╡╘╛╒╕╪╧╤¯]*$")
_AFTER = ("Total params", "Trainable params")
_READ = re.compile(r"['\[\s]*(?P<name>[^\['…\s,]+)(?P<whole>\[)?")
_SIZE = r"(?:None|-?\d+|\?)"
_SHAPE = rf"(?:[\[(]{{1,2}}{_SIZE}(?:,\s*{_SIZE})*,?[\])]{{1,2}}|multiple)"
_GLUED = re.compile(rf"(?P<name>\S.*?)(?P<shape>{_SHAPE})\s+(?P<count>[\d,]+)(?=\s|$)")
"""A row whose cells have run into each other: its output shows where they part."""

_LONGEST = BUDGET.name


class Cells(NamedTuple):
    """A line of a table: what it calls a layer, what it puts out, and the count that it prints.

    `connected` are the lines of what it reads, `takes` what comes in and `window` its kernel, where
    there are such; `depth` is in how many models it stands whose layers are printed too.
    """

    name: str
    output: str
    printed: str
    connected: tuple[str, ...] = ()
    takes: str = ""
    depth: int = 0
    window: str = ""


class Table:
    """A table in a text: its rows, the columns that it has, and the totals below it."""

    def __init__(self, text: str, head: re.Match[str] | None) -> None:
        lines = text[head.start() if head else 0 :].splitlines()
        self._heads = _cells(lines[0]) if lines else []
        self.is_graph = any(each.startswith("Connected") for each in self._heads)
        self.is_tree = "depth-idx" in "".join(self._heads)
        self._starts = self._columns(lines[0]) if self.is_graph else []
        self.layers: list[PrintedRow | None] | None = None  # once `rows_of` was asked
        self.others: dict[str, str] = {}  # what is read in place of a name: models that are opened
        self.rows = self._opened(list(self._rows(lines)) if lines else [])
        self.is_torch = self.is_tree or any(
            re.match(r"\w+-\d+$", row.name) and row.output.startswith("[") for row in self.rows
        )
        self.totals = {
            found["what"].lower(): count_of(found["count"]) for found in _TOTAL.finditer(text)
        }

    def _opened(self, rows: list[Cells]) -> list[Cells]:
        """Return rows with the layers of a model in its place, where they are printed below it.

        What they read is not printed: each reads the one before it, where it is no join.
        """
        found: list[Cells] = []
        waiting = rows[::-1]
        while waiting:
            row, inner = waiting.pop(), []
            while waiting and waiting[-1].depth > row.depth:
                inner.append(waiting.pop())
            if not inner or len(row.connected) > 1:
                found.append(row)  # no model, or one that is called more than once
                continue
            read = row.connected
            opened = []
            for each in inner:
                is_next = each.depth == row.depth + 1
                if "InputLayer" in each.name:
                    continue
                alone = is_next and is_of_one(line_of(each).kind)
                opened.append(each._replace(connected=read) if alone else each)
                if is_next and read:
                    read = (f"{_bare(each.name)}[0]",)
            self.others[_bare(row.name)] = "".join(read)
            waiting += opened[::-1]
        return found

    def _columns(self, line: str) -> list[int]:
        """Return where the columns of a table without signs between them begin; none for others."""
        return [] if line.strip()[:1] in "│┃" else [line.index(head) for head in self._heads]

    def _rows(self, lines: list[str]) -> Iterator[Cells]:
        """Yield the rows below a heading; one that goes on in a second line is one."""
        heads = self._heads
        places = {
            name: next((place for place, head in enumerate(heads) if name in head), None)
            for name in ("Output", "Param #", "Connected", "Input", "Kernel")
        }
        count, output = places["Param #"] or 0, places["Output"] or 1
        row: Cells | None = None
        reads: list[str] = []
        for line in lines[1:]:
            if line.strip().startswith(_AFTER):
                break
            if _RULE.match(line):
                continue
            cells = self._parted(line, output)
            connected, takes, window = (
                cells[place] if place is not None and place < len(cells) else ""
                for place in (places["Connected"], places["Input"], places["Kernel"])
            )
            if len(cells) <= count or not cells[count]:
                row = row and _gone_on(row, cells, output)
                _read_on(reads, connected)
                continue
            if row:
                yield row._replace(connected=tuple(reads))
            reads = [connected] if connected.strip() else []
            depth = 0 if self.is_tree else _depth(line)
            name = cells[0].lstrip("└| ")
            row = Cells(name, cells[output], cells[count], (), takes, depth, window)
        if row:
            yield row._replace(connected=tuple(reads))

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


def _gone_on(row: Cells, cells: list[str], output: int) -> Cells:
    """Return a row with the cells of a line that it goes on in."""
    between = " " if cells[0].startswith("(") else ""
    left = cells[output] if len(cells) > output and len(cells) > 1 else ""
    name, more_output = between + cells[0], (" " if left else "") + left
    return row._replace(  # what is longer than any name is no longer put together
        name=row.name + name if len(row.name) <= _LONGEST else row.name,
        output=row.output + more_output if len(row.output) <= _LONGEST else row.output,
    )


def _read_on(reads: list[str], more: str) -> None:
    """Add what a row reads by a line that it goes on in: one more, or the rest of a name."""
    if more.strip() and reads and not reads[-1].endswith((",", "…", "]", "]'")):
        if len(reads[-1]) <= _LONGEST:
            reads[-1] += more
    elif more.strip():
        reads.append(more)


def _cells(line: str) -> list[str]:
    """Return the cells of a line: between box signs, or two blanks apart."""
    bare = line.strip()
    if bare[:1] in "│┃" and bare[-1:] in "│┃":
        return [cell.strip() for cell in bare[1:-1].replace("┃", "│").split("│")]
    return re.split(r"\s{2,}", _TREE.sub("", line).strip())


def _depth(line: str) -> int:
    """Return in how many models a row of Keras stands, by the signs before its name."""
    found = _INNER.match(line)
    return 0 if found is None else found[0].count("|") or len(found[0]) // 3 - 1


_INNER = re.compile(r"[│┃]?\s{3,}└|(?:\|\s*)+(?=\w)")


def _bare(name: str) -> str:
    return name.partition(" (")[0]


def line_of(row: Cells) -> PrintedLine:
    """Return a row as a line; what stands for several, or for one before, learns nothing more."""
    found = _CLASS.search(row.name)
    kind = next((each for each in found.groups() if each), "") if found else row.name
    label = _bare(row.name) if "(" in row.name else ""
    return PrintedLine(label_of(label), f"{kind} {row.output}", kind, count_of(row.printed), None)


def count_of(printed: str) -> int:
    """Return a count that is printed; 0 where none is."""
    digits = printed.replace(",", "")
    return int(digits) if is_whole(digits) else 0


def unlearned(table: Table) -> list[int]:
    """Return how many numbers of each row Keras does not learn: running means and variances.

    Those that no row of a norm accounts for are of norms at each step, or of the one model whose
    layers are not printed, where they can be no more than half of its numbers.
    """
    if table.is_torch:
        return [0] * len(table.rows)
    kinds = [known_as(line_of(row).kind) for row in table.rows]
    found = [_moving(*each) for each in zip(kinds, table.rows, strict=True)]
    counts = [count_of(row.printed) for row in table.rows]
    rest = table.totals.get("non-trainable", 0) - sum(found)
    stepped = [place for place, kind in enumerate(kinds) if kind == "TimeDistributed"]
    norms = {
        place: counts[place] // 2
        for place in stepped
        if (sizes := sizes_of(table.rows[place].output)) and counts[place] == 4 * sizes[-1]
    }
    if rest > 0 and sum(norms.values()) != rest:
        hold = [*stepped, *(at for at, row in enumerate(table.rows) if line_of(row).kind in MODELS)]
        norms = {place: rest for place in hold if 2 * rest <= counts[place]}
        norms = norms if len(norms) == 1 else {}
    for place, count in norms.items() if rest > 0 else ():
        found[place] += count
    return found


def _moving(name: str, row: Cells) -> int:
    count = count_of(row.printed)
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
    if table.layers is not None:
        return table.layers
    found: list[PrintedRow | None] = []
    kinds = [line_of(row).kind for row in table.rows]
    plain = all(
        kind in ("Sequential", "ModuleList") or count_of(row.printed) or is_leaf(kind)
        for kind, row in zip(kinds[1:], table.rows[1:], strict=True)
    )
    moving = unlearned(table)
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
        name = _bare(row.name) if not table.is_torch else ""
        named = [each for each in row.connected if re.search(r"\w", each)]
        reads = tuple(_name_read(_other(table, each)) for each in named)
        found.append(
            PrintedRow(
                kind if table.is_torch else known_as(kind) or kind.rstrip("…"),
                sizes,
                max((line.params or 0) - moving[place], 0),
                name,
                reads if table.is_graph else None,
                again,
                table.is_torch,
                table.is_torch and "Norm" in "".join(kinds[place + 1 : place + 2]),
                plain,
                sizes_of(row.takes) if table.is_torch else None,
                tuple(map(int, re.findall(r"[0-9]{1,9}", row.window[:_LONGEST]))),
            )
        )
    table.layers = found
    return found


def _other(table: Table, cell: str) -> str:
    """Return what a row reads, or what is read in its place where that is a model that is open."""
    for _turn in table.others:
        found = _READ.match(cell)
        if found is None or found["name"] not in table.others:
            break
        cell = table.others[found["name"]]
    return cell


def _name_read(cell: str) -> str:
    """Return the name of a row that another reads; '…' behind one that is cut."""
    found = _READ.match(cell)
    if found is None:
        return cell
    return found["name"] if found["whole"] else f"{found['name']}…"
