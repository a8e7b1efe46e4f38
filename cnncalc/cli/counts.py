"""`cnncalc counts`: what each counter prints of a network, and why they differ."""

from __future__ import annotations

from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any

from cnncalc.cli import faults, options
from cnncalc.cli.command import Command
from cnncalc.cli.output import show
from cnncalc.cli.requests import Form, Typed, read_settings
from cnncalc.report.asked import Asked, fields_of, told
from cnncalc.report.listing import Schema
from cnncalc.report.options import SEEN
from cnncalc.speech.columns import Column, field, values
from cnncalc.speech.language import _, localize
from cnncalc.trace.counters import tallies
from cnncalc.trace.memory_rules import held_by_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.output.parts import Line, Part
    from cnncalc.report.report import Report
    from cnncalc.trace.counters import Tally
    from cnncalc.trace.memory_rules import Held
    from cnncalc.trace.settings import Settings

MOST_ROWS = 6  # of a fault that are named

_PART = [
    field("class", get=lambda found: found[0].name),
    field("weight", "number", lambda found: found[0].weight),
    *(field("kinds", "words", itemgetter(2)), field("total", "number", itemgetter(1))),
    field("says", get=lambda found: found[0].says(found[2])),
]
_FAULT = [
    field("says", get=lambda found: found[0].says),
    *(field("rows", "integer[]", itemgetter(2)), field("total", "number", itemgetter(1))),
]
COLUMNS = (
    Column("counter", "counter", "name", get=attrgetter("counter.name")),
    *(
        Column(name, name, "name", get=attrgetter(f"counter.{name}"))
        for name in ("version", "prints", "quantity")
    ),
    Column("total", "total", "count"),
    Column("ratio", "/ ours", "name"),
)
COUNTS = Schema(
    "counters",
    [
        *COLUMNS[:-1],
        field("ratio", "ratio"),
        *(field("parts", "object[]", of=_PART), field("faults", "object[]", of=_FAULT)),
    ],
    [field("network", get=lambda report: report.text), *fields_of(lambda report: report.settings)],
    [
        field(
            "memory",
            "object[]",
            lambda report: held_by_all(report.rows),
            [
                *(field("name"), field("quantity"), field("total", "number")),
                *(field("says"), field("printed")),
            ],
        ),
        field("warnings", "problems", attrgetter("warnings")),
        field("whole", "false", lambda report: report.is_whole and None, is_optional=True),
    ],
)


def print_counts(report: Report, form: Form) -> None:
    """Print what each counter prints of a network."""
    settings = report.settings
    found = tallies([row for row in report.rows if not row.aux])
    held = held_by_all(report.rows)

    from cnncalc.output.parts import Card

    more = "" if report.is_whole else "+"
    width = max(len(f"{each.total:,}") for each in found)
    lines = [
        (each.counter.label, f"{each.total:,}".rjust(width) + more, [*_steps(each)])
        for each in found
    ]
    least = [_("+ is at least: not all of this network is counted.")] if more else []
    heads = (_("counter"), _("total"), _("what is in it"))
    parts: list[Part] = [Card(lines, below=[*least, *told(settings), *_footer(found)], heads=heads)]
    if held:
        parts.append(Card(_memory(held, more), below=[_bytes(settings)], heads=heads))

    def below(_shown: object) -> list[str]:
        memory = (
            f"{name}: {total.strip()} ({'; '.join(said)})"
            for name, total, said in _memory(held, "")
        )
        return [*told(settings), *_footer(found), *([*memory, _bytes(settings)] if held else [])]

    rows = [dict(values(COUNTS.fields, each)) for each in found]
    if form.format == "csv":
        rows += _memory_rows(held)
    if form.format == "jsonl" or not held:  # whose lines are counters
        faults.warn(Asked(settings, called=["the totals of counters"]).idle())
    listing = COUNTS.listing(COLUMNS, rows, report, below=below)
    show(listing, form, parts)


def _memory(held: Sequence[Held], more: str) -> list[Line]:
    """Return a line for each way to count memory: its bytes, as printed, and why."""
    width = max((len(f"{each.total:,}") for each in held), default=0)
    lines: list[Line] = []
    for each in held:
        said = [_("{ratio} times ours", ratio=f"{_of_ours(each, held):.4f}")]
        if each.printed:
            said.append(_("printed as {size}", size=each.printed))
        name = f"{each.name.removesuffix('-memory')}, {_(each.quantity)}"
        lines.append((name, f"{each.total:,}".rjust(width) + more, [", ".join(said), _(each.says)]))
    return lines


def _memory_rows(held: Sequence[Held]) -> Iterator[dict[str, Any]]:
    """Yield a row of CSV for each way to count memory, beside those of the counters."""
    for each in held:
        yield {
            "counter": each.name.removesuffix("-memory"),
            "version": "",
            "prints": "bytes",
            "quantity": each.quantity,
            "total": each.total,
            "ratio": round(_of_ours(each, held), 4),
        }


def _of_ours(each: Held, held: Sequence[Held]) -> float:
    """Return how many times ours the bytes are that are counted in a way."""
    return each.total / next(one.total for one in held if one.quantity == each.quantity)


def _bytes(settings: Settings) -> str:
    """Return the line below: what the bytes are of, and who prints none."""
    if (settings.batch, settings.dtype) == (1, "float32"):
        return _("Bytes of float32, of one input. Keras' summary prints none of these.")
    return _(
        "Bytes of {dtype}, for a batch of {batch}; totals above are of one input. torchsummary "
        "takes 4 bytes a value, whatever its type. Keras' summary prints none of these.",
        dtype=settings.dtype,
        batch=settings.batch,
    )


def _steps(tally: Tally) -> Iterator[str]:
    """Yield the lines beside a total: what it is called, what else is in it, what is not."""
    counter = tally.counter
    words = [counter.prints]
    if tally.ratio is not None:
        words.append(_("{ratio} times ours", ratio=f"{tally.ratio:.4f}"))
    if counter.tool != counter.name:
        words.append(_(counter.tool))
    yield ", ".join(words)
    for part, amount, kinds in tally.parts:
        if not part.is_ours:
            sign = "" if part is counter.parts[0] else "+ "
            yield f"{sign}{amount:,}: {localize(part.says(kinds))}"
    for fault, amount, rows in tally.faults:
        named = ", ".join(map(str, rows[:MOST_ROWS])) + (", ..." if rows[MOST_ROWS:] else "")
        where = _("row {rows}", rows=named) if len(rows) == 1 else _("rows {rows}", rows=named)
        yield _(
            "not imitated, {amount}: {fault} ({where})",
            amount=f"{amount:+,}" if isinstance(amount, int) else f"{amount:,}",
            fault=_(fault.says),
            where=where,
        )


def _footer(found: Sequence[Tally]) -> list[str]:
    """Return the lines below: what the totals are of."""
    lines = [
        _(
            "A total is one for each use of a weight, with what is named beside it; ours are MACs. "
            "Every layer is taken as a module of its own: ptflops, thop, torchscan and flopth "
            "print another total where a layer is a function."
        )
    ]
    if any(tally.faults for tally in found):
        lines.append(_("What is not imitated is the tool's fault, and not in its total here."))
    return lines


def command() -> Command:
    """Return the command `cnncalc counts`."""

    def run(**given: Any) -> None:
        form, typed = Form.of(given), Typed.of(given)
        print_counts(typed.report(read_settings(given)), form)

    return Command(
        "counts",
        callback=run,
        params=[
            *options.network_parameters(),
            *options.form_options(),
            *options.settings_options("batch", "dtype", *SEEN),
        ],
        help="What other tools print for a network, what each counts, and why they differ.\n\n"
        "'cnncalc stack NETWORK --like COUNTER' counts every row as one of them does.",
        example="cnncalc counts resnet50",
    )
