"""`cnncalc compare --sweep`: how the rows of a curve are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.api.curves import Curves, read_shown
from cnncalc.cli.faults import warn
from cnncalc.cli.output import tell
from cnncalc.cli.streams import watch
from cnncalc.importing.files import PYTHON
from cnncalc.numbers.ranges import read_range
from cnncalc.solving.sweeps import Rereading, Sweep
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, plural

if TYPE_CHECKING:
    from cnncalc.cli.requests import Form, Typed
    from cnncalc.notation.tree import Network
    from cnncalc.numbers.ranges import Range
    from cnncalc.report.ordering import Order
    from cnncalc.trace.settings import Settings

_OF_ARGUMENTS = ("unknown-sweep", "source-needs-arguments")
"""Faults of what may be swept as an argument of a model's source."""

STREAMED = ("json", "jsonl", "csv")
"""The formats that print each point as it comes."""


def _refuse_too_much(numbers: Range, layers: int, most: int) -> None:
    """Refuse a table that shows nothing for minutes: it is made when all points are there."""
    if layers > most:
        raise Problem(
            "sweep-too-long",
            _("a table of this sweep shows nothing for minutes"),
            [Label(numbers.span, plural(numbers.length, "point"))],
            notes=[_("in all it goes through some {count:,} layers", count=layers)],
            helps=[
                _("take larger steps, or '--format csv', which prints each point as it comes"),
                _("'--yes' goes through all of them"),
            ],
        )


def _sweep_of(typed: Typed, text: str, numbers: Range, settings: Settings) -> Sweep:
    """Return a network at each number: in its own place of it, or as an argument of its source."""

    def read(number: object) -> Network:
        return typed.read(settings, text, [f"{numbers.name}={number}"])[0]

    try:
        network, given = typed.read(settings, text)
        return Sweep(network, numbers, settings, given=given)
    except Problem as problem:
        if not text.lower().endswith(PYTHON) or problem.code not in _OF_ARGUMENTS:
            raise
        try:
            read(next(iter(numbers.numbers())))
        except Problem as other:
            raise problem if other.code == "source-raises" else other from None
    return Rereading(read, numbers, settings)


def print_curves(
    typed: Typed,
    sweep: str,
    settings: Settings,
    form: Form,
    *,
    columns: str | None,
    order: Order,
    is_patient: bool,
) -> int:
    """Print a row for each network and each number of a range; 1 where none of them fits."""
    numbers = read_range(Source("--sweep", sweep), has_fractions=True)
    shown = read_shown(columns, order, settings)
    sweeps = [_sweep_of(typed, text, numbers, settings) for text in typed.texts]
    if not is_patient and form.format not in STREAMED:
        _refuse_too_much(numbers, sum(each.layers() for each in sweeps), settings.budget.swept)
    with watch(_("sweeping")) as progress:
        curves = Curves(typed.texts, sweeps, shown, order, progress)
        warn(curves.warnings)
        tell(curves, form)
    return int(not curves.fits)
