"""What is said of quantities: headings for people, and the line of what the numbers count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.numbers.lettered import letters_in, share
from cnncalc.report.options import bears_on
from cnncalc.report.quantities import QUANTITIES
from cnncalc.report.workings import weights_and_biases
from cnncalc.speech.language import _, localize
from cnncalc.speech.lines import cells
from cnncalc.trace.dtypes import BITS, find_types
from cnncalc.trace.planners import PLANNERS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from cnncalc.report.quantity import Quantity
    from cnncalc.report.report import Report
    from cnncalc.trace.dtypes import Types
    from cnncalc.trace.memory import Pass
    from cnncalc.trace.rows import Row
    from cnncalc.trace.settings import Settings


def plain_heading(quantity: Quantity) -> str:
    """Return a heading for people, without its unit."""
    heading = quantity.heading.partition(" (")[0]
    return _(heading)


def split(report: Report) -> str:
    """Return the parameters of a network as weights and biases."""
    params, weights, biases = map(report.total, ("params", "weights", "biases"))
    more = params - weights - biases
    found = weights_and_biases(weights, biases)
    return found + _(" + {count:,} running means and variances", count=more) if more else found


LINE = 80
"""The cells that the line of what is counted has, as far as short words do."""


def counted(
    columns: Iterable[Quantity],
    report: Report,
    kinds: Collection[str] = (),
    *,
    is_split: bool = False,
) -> str:
    """Return the line that says what the numbers count, as far as they are shown.

    `kinds` are those of the rows; without them, the report's. Where params are said to be weights
    and biases elsewhere, they are `is_split`.
    """
    columns = list(columns)
    names = {column.name for column in columns}
    parts = []
    has_biases = report.total("biases") + report.aux["biases"]
    if names & {"params", "weights"} and report.total("params") and not is_split:
        parts.append(_("weights and biases") if has_biases else _("weights (no biases)"))
    like = report.settings.like
    is_macs = like and like.quantity == "macs"
    if names & {"macs", "flops"} and report.total("macs") and not is_macs:
        parts.append(_MAC)
        if products := report.total("products"):
            parts.append(_("{count:,} of the MACs are products of two maps", count=products))
    if like and any(like.bears_on(name) for name in names):
        heading = QUANTITIES[like.quantity].heading
        there = "" if like.prints == heading else _(" (there: {word})", word=like.prints)
        what = localize(like.says(kinds or report.kinds))
        parts.append(
            _(
                "{name} as in {tool}{there}: {what}",
                name=_(heading),
                tool=like.title,
                there=there,
                what=what,
            )
        )
    told = (each.caption for each in QUANTITIES.values() if each.name in names)
    captions = [_(caption) for caption in dict.fromkeys(told) if caption]
    settings = [*_setting(columns, report)]
    whole = [*parts, *captions, *settings]
    line = _counted(whole, _("a MAC is one multiply and one add, biases left out"))
    if cells(line) > LINE:
        line = _counted(whole, _("MACs without biases"))
    if any("byte" in each.unit for each in columns):
        settings[-1 - (report.forward.batch > 1)] = a_value(report.forward, is_short=True)
    for start in range(len(captions) + 1):  # what quantities' own names say goes first
        if cells(line) > LINE:
            line = _counted([*parts, *captions[start:], *settings], _("MACs without biases"))
    costs = map(report.total, ("params", "macs", "activations"))
    if letters_in((*report.input, *costs)):
        line += " " + _("Letters are whole numbers, large enough for every window to fit.")
    return line.lstrip()


_MAC = "\0"


def _counted(parts: Sequence[str], mac: str) -> str:
    """Return the line of these parts, with what is said of a MAC in its place."""
    said = "; ".join(mac if part is _MAC else part for part in parts)
    return _("Counted: {what}.", what=said) if parts else ""


def a_value(forward: Pass, *, is_short: bool = False) -> str:
    """Return what bytes are of: the type of a value, and how many it has."""
    weights, activations = forward.types
    if weights != activations:
        return of_two(forward.types)
    if BITS[weights] < 8:
        return _("bytes of {dtype}, two values in each", dtype=weights)
    width = BITS[weights] // 8
    if is_short:
        return _("1 byte a value") if width == 1 else _("{width} bytes a value", width=width)
    return _("bytes of {dtype}, {width} a value", dtype=weights, width=width)


def of_two(types: Types) -> str:
    """Return what values are of that are of one type in weights, and of another in maps."""
    names = {"weights": types.weights, "activations": types.activations}
    return _("weights of {weights}, maps of {activations}", **names)


def planned(settings: Settings) -> str:
    """Return who plans the memory of a pass, and how."""
    says = _(PLANNERS[settings.planner].says)
    return _("planned by {name}: {says}", name=settings.planner, says=says)


def roofline(settings: Settings, row: Row | None = None) -> Iterator[str]:
    """Yield how much of a time memory bounds, where it is a row's; what it is, and leaves out."""
    from cnncalc.report.roofline import MEMORY_WORK, WORK
    from cnncalc.trace.devices import DEVICES

    device, types = DEVICES[settings.device], find_types(settings.dtype)
    if row is not None and WORK.of(row):
        part = share(MEMORY_WORK.of(row), WORK.of(row))
        yield _("Memory bounds {share:.1f} % of the roofline's time.", share=part)
    yield _(
        "Roofline of {device}: each layer by itself, the longer of FLOPs at {peak} in {dtype} and "
        "bytes at {bandwidth}; no fusion, no cache, no Winograd, and no measured time.",
        device=device.title,
        peak=rate(device.peak(types), "FLOP/s"),
        dtype=types.compute,
        bandwidth=rate(device.bandwidth, "B/s"),
    )


def rate(each_second: int, unit: str) -> str:
    """Return a rate in a prefix that people use: 8.1 TFLOP/s."""
    for power, prefix in ((12, "T"), (9, "G"), (6, "M")):
        if each_second >= 10**power:
            return f"{each_second / 10**power:g} {prefix}{unit}".rstrip()
    return f"{each_second} {unit}".rstrip()


def _setting(columns: Iterable[Quantity], report: Report) -> Iterable[str]:
    """Yield what values are bytes of, and what a batch multiplies, of what is shown."""
    forward, settings = report.forward, report.settings
    if settings.planner != "ours" and bears_on("planner", columns, settings):
        yield planned(settings)
    if any("byte" in each.unit for each in columns):
        yield a_value(forward)
    if forward.batch > 1:
        names = (plain_heading(each).split(",")[0] for each in columns if each.batched)
        grown = list(dict.fromkeys(names))
        what = _(" and ").join([", ".join(grown[:-1]), grown[-1]] if grown[1:] else grown)
        batch = forward.batch
        yield (
            _("{what} for a batch of {batch:,}, all else for one input", what=what, batch=batch)
            if grown
            else _("nothing here grows with the batch of {batch:,}", batch=batch)
        )
