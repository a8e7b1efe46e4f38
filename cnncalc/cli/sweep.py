"""`cnncalc compare --sweep`: how the rows of a curve are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.api.curves import Curves, read_shown
from cnncalc.cli.faults import warn
from cnncalc.cli.output import tell
from cnncalc.cli.streams import watch
from cnncalc.importing.files import PYTHON, Choice, choice_of
from cnncalc.importing.sources import read_input, read_network
from cnncalc.numbers.ranges import read_range
from cnncalc.solving.sweeps import Rereading, Sweep
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.cli.requests import Form
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


def print_curves(
    networks: Sequence[str],
    sweep: str,
    form: Form,
    *,
    given: Sequence[str],
    columns: str | None,
    settings: Settings,
    order: Order,
    choice: Choice | None,
    is_patient: bool,
) -> int:
    """Print a row for each network and each number of a range; 1 where none of them fits."""
    numbers = read_range(Source("--sweep", sweep), has_fractions=True)
    first = settings.channels_first
    volume = read_input(given, channels_first=first)
    shown = read_shown(columns, order, settings)

    def sweep_of(word: str) -> Sweep:
        asked = choice_of(word, networks, choice) or Choice()

        def read(more: tuple[str, ...] = ()) -> Network:
            chosen = asked._replace(arguments=(*asked.arguments, *more))
            return read_network(word, given=volume, channels_first=first, choice=chosen)

        try:
            return Sweep(read(), numbers, settings, given=volume.head)
        except Problem as problem:
            if not word.lower().endswith(PYTHON) or problem.code not in _OF_ARGUMENTS:
                raise
            try:
                read((f"{numbers.name}={next(iter(numbers.numbers()))}",))
            except Problem as other:
                raise problem if other.code == "source-raises" else other from None
        return Rereading(lambda number: read((f"{numbers.name}={number}",)), numbers, settings)

    sweeps = list(map(sweep_of, networks))
    if not is_patient and form.format not in STREAMED:
        _refuse_too_much(numbers, sum(each.layers() for each in sweeps), settings.budget.swept)
    with watch(_("sweeping")) as progress:
        curves = Curves(networks, sweeps, shown, order, progress)
        warn(curves.warnings)
        tell(curves, form)
    return int(not curves.fits)
