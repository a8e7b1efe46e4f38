"""Networks side by side: their quantities, the ratio to the first, the smallest of each cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.numbers.certainty import Domain
from cnncalc.numbers.lettered import hundredths
from cnncalc.report.asked import fields_of, told
from cnncalc.report.captions import counted, roofline
from cnncalc.report.listing import Listing, Schema, text
from cnncalc.report.quantities import QUANTITIES
from cnncalc.report.quantity import flat, in_order
from cnncalc.report.stack import TRAINED
from cnncalc.report.view import whole
from cnncalc.speech.columns import Column, field, optional
from cnncalc.speech.language import _
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.report.quantity import Quantity
    from cnncalc.report.report import Report

COMPARED = (
    *("output", "rf", "last-field", "params", "weights", "macs", "activations", "peak", "depth"),
    "nonlinearities",
)
"""What is compared; costs among them are marked where they are smallest."""

ON_DEVICE = ("bytes", "roofline")
"""What is compared beside them on a device."""


COSTS = frozenset({"params", "weights", "macs", "activations", "peak", *ON_DEVICE})


class Compared(NamedTuple):
    """A quantity of several networks: values, ratios to the first, which are smallest."""

    quantity: Quantity
    values: tuple[Any, ...]
    ratios: tuple[float | None, ...]
    smallest: frozenset[int]


def compare(reports: Sequence[Report]) -> list[Compared]:
    """Return the quantities of networks, in the order of the table.

    A cost is the smallest where it is so for all numbers for which every network fits.
    """
    lines = []
    domain = Domain((size for each in reports for size in each.forward.domain.sizes), least=0)
    for quantity in _compared(reports):
        name = quantity.name
        values = tuple(report.total(name) for report in reports)
        counts = quantity.form in ("count", "ratio") and None not in values
        ratios = tuple(
            _ratio(quantity, report, reports[0]) if counts and values[0] else None
            for report in reports
        )
        is_marked = counts and name in COSTS and len(set(values)) > 1
        smallest = frozenset(
            place
            for place, value in enumerate(values if is_marked else ())
            if all(domain.holds_at_least(other, value) for other in values)
        )
        lines.append(Compared(quantity, values, ratios, smallest))
    no_bias = not any(report.total("biases") for report in reports)
    dropped = {"params" if no_bias else "weights"}
    fields = {line.quantity.name: line.values for line in lines}
    if fields["rf"] == fields["last-field"]:
        dropped.add("last-field")
    return [line for line in lines if line.quantity.name not in dropped]


def _ratio(quantity: Quantity, one: Report, other: Report) -> float | None:
    """Return the ratio of what two networks have; of a ratio by its parts, which are exact."""
    if quantity.parts is None:
        return hundredths(one.total(quantity.name), other.total(quantity.name))
    found, first = quantity.parts(one.whole), quantity.parts(other.whole)
    return hundredths(found[0] * first[1], found[1] * first[0]) if found and first else None


def _compared(reports: Sequence[Report]) -> list[Quantity]:
    """Return the quantities that networks are compared by."""
    settings = reports[0].settings
    more = (*(ON_DEVICE if settings.device else ()), *(TRAINED if settings.freeze else ()))
    return [QUANTITIES[name] for name in (*COMPARED, *more)]


def remarks(reports: Sequence[Report]) -> list[str]:
    """Return what must be said before the networks are compared."""
    inputs = len({report.input for report in reports}) > 1
    outputs = len({report.total("output") for report in reports}) > 1
    fields = {report.total("last-field") for report in reports}
    if inputs and outputs:
        lines = [_("The inputs and the outputs differ: compare with care.")]
    elif inputs:
        lines = [_("The inputs differ: compare with care.")]
    elif outputs:
        lines = [_("The outputs differ: compare with care.")]
    else:
        lines = [_("Same input and output: these can be compared.")]
    if len(fields) > 1:
        lines.append(_("The receptive fields differ: the networks do not see the same."))
    return lines


def listed(names: Sequence[str], reports: Sequence[Report]) -> Listing:
    """Return networks as rows; for people each is a column, then its ratio to the first."""
    quantities = _compared(reports)
    first = reports[0].settings.channels_first
    rows = [
        {
            "network": name,
            "input": report.printed_input,
            **{
                each.name: in_order(each, report.total(each.name), channels_first=first)
                for each in quantities
            },
        }
        for name, report in zip(names, reports, strict=True)
    ]
    return COMPARISON.listing(
        [*COLUMNS[:2], *map(flat, quantities)],
        rows,
        reports,
        drawn=lambda: _drawn(names, reports, compare(reports)),
        networks=lambda: [whole(report) for report in reports],
    )


def _kinds(reports: Sequence[Report]) -> frozenset[str]:
    """Return the kinds of the rows of networks."""
    return frozenset().union(*(report.kinds for report in reports))


COLUMNS = (
    *(Column("network", "network", "code"), Column("input", "input", "volume")),
    *(flat(QUANTITIES[name]) for name in COMPARED),
    *optional(flat(QUANTITIES[name]) for name in (*ON_DEVICE, *TRAINED)),
)
"""What is known of each network: its quantities are not nested here."""

COMPARISON = Schema(
    "networks",
    COLUMNS,
    head=fields_of(lambda reports: reports[0].settings, always=("batch", "dtype"), kinds=_kinds),
    tail=[
        field(
            "ratios", "ratio[]{}", lambda of: {one.quantity.name: one.ratios for one in compare(of)}
        ),
        field("warnings", "problems", lambda of: [each for one in of for each in one.warnings]),
    ],
)
"""Networks side by side, and their ratios to the first."""


def _drawn(names: Sequence[str], reports: Sequence[Report], lines: Sequence[Compared]) -> Listing:
    """Return the table of networks side by side: a row for each quantity."""
    numbers = range(1, len(reports) + 1)
    columns = [
        Column("quantity", "", "name"),
        *(Column(f"{number}", f"{number}  ", "count") for number in numbers),
        *(
            Column(f"{number} / 1", f"{number} / 1", "ratio", beside=f"{number}")
            for number in numbers[1:]
        ),
    ]
    first = reports[0].settings.channels_first
    rows = []
    for line in lines:
        row: dict[str, Any] = {"quantity": _(line.quantity.heading)}
        for number, value, ratio_ in zip(numbers, line.values, line.ratios, strict=True):
            mark = " *" if number - 1 in line.smallest else "  "
            found = text(line.quantity.form, value, channels_first=first, commas=True)
            row[f"{number}"] = found + mark
            row[f"{number} / 1"] = _("same") if value == line.values[0] else ratio_
            if line.ratios[0] and all(isinstance(each, int) for each in line.values):
                row[f"{number}-part"] = value, max(line.values)
        rows.append(row)
    shown = [line.quantity for line in lines]
    stars = [_("* the smallest.")] if any(line.smallest for line in lines) else []
    return Listing(
        "quantities",
        columns,
        rows,
        above=[f"{number}  {name}" for number, name in zip(numbers, names, strict=True)],
        below=[
            " ".join([*stars, *remarks(reports)]),
            *told(reports[0].settings),
            *(roofline(reports[0].settings) if reports[0].settings.device else ()),
            counted(
                shown, max(reports, key=lambda report: report.total("biases")), _kinds(reports)
            ),
        ],
    )
