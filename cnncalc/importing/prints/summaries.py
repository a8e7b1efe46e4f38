"""Tables that `summary()` prints, of Keras, torchinfo and torchsummary: their layers and counts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.importing.labels import label_of, made_of
from cnncalc.importing.layers import NOWHERE
from cnncalc.importing.prints.chains import Row, follow, known_as
from cnncalc.kinds.volumes import write_volume
from cnncalc.notation.tree import Given, Line, Lines, Network, Sequence
from cnncalc.notation.writer import lay_out
from cnncalc.numbers.digits import is_whole
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span, quoted
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.kinds.volumes import Volume

_HEAD = re.compile(r"(?m)^.*Layer \(type.*Param #.*$")
_TOTAL = re.compile(
    r"(?mi)^[^\w\n]*+(?P<what>total|trainable|non-trainable) params:\s*(?P<count>[\d,]+)"
)
_CLASS = re.compile(r"\((\w+)\)?\s*$|^(\w+)(?:-\d+|: \d+-\d+)")
_TREE = re.compile(r"^[\s│├└─|+\-]*")
_RULE = re.compile(r"^[\s=_\-━─┏┓┡┩├┤└┘┳╇┼┴┃│+|]*$")
_AFTER = ("Total params", "Trainable params")


class _Row(NamedTuple):
    """A line of a table: what it calls a layer, what it puts out, and the count that it prints."""

    name: str
    output: str
    printed: str


def find_summary(text: str) -> re.Match[str] | None:
    """Return where the table of a summary begins: its heading; None for none."""
    return _HEAD.search(text)


def network_of_summary(source: Source, given: Volume | None) -> tuple[Source, list[Problem]] | None:
    """Return the network that a summary of Keras is, where its rows follow on from one another.

    None where what comes in is not said, or a row is no layer that fits it and what it learns.
    """
    head = _HEAD.search(source.text)
    heads = _cells(head[0]) if head else []
    if head is None or len(heads) != _CHAIN or "depth-idx" in head[0]:
        return None
    rows = list(_rows(source.text[head.start() :].splitlines()))
    found = [_as_row(row) for row in rows]
    known = [row for row in found if row is not None]
    volume, made = follow(known, given) if len(known) == len(found) else (None, [])
    if volume is None or len(made) < len(rows) or not any(made):
        return None
    items = tuple(layer for layers in made for layer in layers)
    network = Network((), Given(volume, NOWHERE), Sequence(items, NOWHERE), NOWHERE)
    span = Span(source, head.start(), head.end())
    warning = Problem(
        "summary-solved",
        _("this is a summary: its layers are those that its sizes and counts allow"),
        [Label(span)],
        notes=[_("steps and paddings are the plainest that fit, activations are not printed")],
        severity="warning",
    )
    return Source(made_of(source), lay_out(network)), [warning]


_CHAIN = 3
"""The columns of a table whose rows run one after another: it says of none what it reads."""


def _as_row(row: _Row) -> Row | None:
    """Return a row with its class, its output, and what it learns; None for one without sizes."""
    line = _line(row)
    sizes = re.findall(_SIZE, row.output)[1:]
    if not sizes or not all(map(is_whole, sizes)):
        return None
    output = tuple(map(int, sizes))
    if min(output) < 1:
        return None
    moving = 2 * output[-1] if _is_norm(line) else 0
    return Row(line.kind, output, max((line.params or 0) - moving, 0))


def _stopped(rows: list[_Row], given: Volume | None) -> list[str]:
    """Return the note of the first row of a chain that no layer of its class can be."""
    known = [row for row in map(_as_row, rows) if row is not None]
    volume, made = follow(known, given)
    if volume is None or len(known) < len(rows) or len(made) == len(rows):
        return []
    if not known_as(known[len(made)].kind):
        return []
    before = known[len(made) - 1].output if made else volume
    return [
        _(
            "behind {volume} {row} has another output, or another count",
            volume=write_volume(before),
            row=quoted(rows[len(made)].name),
        )
    ]


def lines_of_summary(source: Source, given: Volume | None = None) -> Lines:
    """Return the layers of a summary with the numbers that it prints.

    Keras counts the running means and variances of batch norms among the parameters: they are
    taken off, and the sum is whole where they are all that its table calls non-trainable.
    """
    head = _HEAD.search(source.text)
    span = Span(source, head.start(), head.end()) if head else Span(source, 0, 0)
    rows = list(_rows(source.text[span.start :].splitlines()))
    counts = {
        found["what"].lower(): _count(found["count"]) for found in _TOTAL.finditer(source.text)
    }
    lines = [_line(row) for row in rows]
    printed = sum(line.params or 0 for line in lines)
    norms = sum((line.params or 0) // 2 for line in lines if _is_norm(line))
    frozen = counts.get("non-trainable", 0)
    if norms and frozen >= norms:
        lines = [
            line._replace(params=(line.params or 0) // 2) if _is_norm(line) else line
            for line in lines
        ]
    whole = printed == counts.get("total") and frozen in (0, norms)
    notes = [_("what its layers are, in all their numbers, is not in it")]
    if not whole:
        notes.append(
            _(
                "its lines add up to {sum:,}; it prints {total:,} in all, {frozen:,} not learned",
                sum=printed,
                total=counts.get("total", 0),
                frozen=frozen,
            )
        )
    message = _("this is a summary: its lines are added up")
    warning = Problem("lines-added-up", message, [Label(span)], notes=notes, severity="warning")
    may_be_solved = not given and bool(rows) and all(known_as(line.kind) for line in lines)
    misfit = Problem(
        "summary-is-no-network",
        _("a summary does not say what its layers are"),
        [Label(span)],
        notes=[_("its parameters alone are known: '--get params'"), *_stopped(rows, given)],
        helps=[
            *([_("say what comes in, as in '--input 224x224x3'")] if may_be_solved else []),
            _("print the model itself, or export it to ONNX or JSON"),
        ],
    )
    return Lines(tuple(lines), (warning,), misfit, whole)


def _is_norm(line: Line) -> bool:
    """Return whether a line is a batch norm of Keras, whose name may be cut."""
    return line.kind.startswith("BatchN") and "BatchNormalization".startswith(line.kind)


def _rows(lines: list[str]) -> Iterator[_Row]:
    """Yield the rows below a heading; a name that goes on in a second line is one."""
    heads = _cells(lines[0])
    count = next(place for place, head in enumerate(heads) if head.startswith("Param #"))
    output = next((place for place, head in enumerate(heads) if "Output" in head), 1)
    row: _Row | None = None
    for line in lines[1:]:
        if line.strip().startswith(_AFTER):
            break
        if _RULE.match(line):
            continue
        cells = _parted(line, _cells(line), output)
        if len(cells) <= count or not cells[count]:
            if row and cells[0]:
                between = " " if cells[0].startswith("(") else ""
                row = row._replace(name=row.name + between + cells[0])
            continue
        if row:
            yield row
        row = _Row(cells[0], cells[output], cells[count])
    if row:
        yield row


_SIZE = r"(?:None|-?\d+|\?)"
_SHAPE = rf"(?:[\[(]{{1,2}}{_SIZE}(?:,\s*{_SIZE})*,?[\])]{{1,2}}|multiple)"
_GLUED = re.compile(rf"(?P<name>\S.*?)(?P<shape>{_SHAPE})\s+(?P<count>[\d,]+)(?=\s|$)")
"""A row whose cells have run into each other: its output shows where they part."""


def _cells(line: str) -> list[str]:
    """Return the cells of a line: between box signs, or two blanks apart."""
    bare = line.strip()
    if bare[:1] in "│┃" and bare[-1:] in "│┃":
        return [cell.strip() for cell in bare[1:-1].replace("┃", "│").split("│")]
    return re.split(r"\s{2,}", _TREE.sub("", line).strip())


def _parted(line: str, cells: list[str], output: int) -> list[str]:
    """Return the cells of a line, parted at its output where two of them have run together."""
    if output != 1 or len(line) > _LONGEST or re.fullmatch(_SHAPE, "".join(cells[1:2])):
        return cells
    glued = _GLUED.match(_TREE.sub("", line).strip())
    return [each.rstrip() for each in glued.groups()] if glued else cells


_LONGEST = BUDGET.name


def _line(row: _Row) -> Line:
    """Return a row as a line; what stands for several, or for one before, learns nothing more."""
    found = _CLASS.search(row.name)
    kind = next((each for each in found.groups() if each), "") if found else row.name
    label = row.name.partition(" (")[0] if "(" in row.name else ""
    return Line(label_of(label), f"{kind} {row.output}", kind, _count(row.printed), None)


def _count(printed: str) -> int:
    """Return a count that is printed; 0 where none is."""
    digits = printed.replace(",", "")
    return int(digits) if is_whole(digits) else 0
