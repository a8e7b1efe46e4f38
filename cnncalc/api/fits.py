"""What fits: the largest batches in a memory, and whether a network fits where it is to run."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cnncalc.api.answer import Answer, warned
from cnncalc.api.misuse import read_word
from cnncalc.api.network import read
from cnncalc.api.options import read_settings
from cnncalc.numbers.lettered import depends_on_letters
from cnncalc.numbers.working import are_numbers
from cnncalc.report.asked import Asked, fields_of
from cnncalc.report.listing import Schema
from cnncalc.report.quantity import axes_in_order
from cnncalc.report.report import Report
from cnncalc.report.targets import largest_square, needs, read_size, read_targets
from cnncalc.speech.columns import Column, field, values
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem, quoted
from cnncalc.trace.fits import fits as batches_that_fit
from cnncalc.trace.planners import PLANNERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Unpack

    from cnncalc.api.network import Input, Named
    from cnncalc.api.options import Beside
    from cnncalc.notation.tree import Given, Network
    from cnncalc.output.parts import Part
    from cnncalc.report.listing import Listing
    from cnncalc.trace.settings import Settings

BATCHES = (
    *(Column("use", "", "name"), Column("batch", "batch", "count")),
    *(Column("fixed", "fixed (bytes)", "count"), Column("each", "each (bytes)", "count")),
)
"""A use, its largest batch, and the bytes that are held once and again for each input."""

NEEDS = (
    *(Column("part", "", "name"), Column("bytes", "needed (bytes)", "count")),
    *(Column("budget", "there (bytes)", "count"), Column("over", "over (bytes)", "count")),
)
"""A part of a memory: what is needed of it, what is there, and how much too little that is."""


class Batches(Answer):
    """The largest batches that a memory holds, `batches` by their use."""

    def __init__(self, report: Report, budget: int) -> None:
        names = ("params-memory", "peak", "training-sgd", "training-momentum")
        held = tuple(map(report.total, names))
        if not are_numbers(*held):
            raise depends_on_letters()
        self.report, self.budget = report, budget
        self.warnings = report.warnings
        self.found = batches_that_fit(budget, *held)
        self.batches = {each.use: each.batch for each in self.found}

    def listing(self, *, for_people: bool = False) -> Listing:  # noqa: ARG002 - all are few
        """Return a row for each use."""
        from cnncalc.output.cards import said_of_fits

        rows = [each._asdict() for each in self.found]
        return FITS.listing(
            BATCHES, rows, self, below=lambda _shown: said_of_fits(self.report, self.budget)
        )

    def parts(self) -> Iterable[Part]:
        """Return the largest batches, each with its working."""
        from cnncalc.output.cards import batches_card

        return [batches_card(self.report, self.budget, self.found)]

    def __repr__(self) -> str:
        return f"<Batches in {self.budget:,} bytes of {self.report.text!r}: {self.batches}>"


class Fits(Answer):
    """Whether a network fits where it is to run: `right` where no part of the memory is too small.

    `needs` has what each part needs, and by how much that is over; `largest` is the largest square
    input that fits, None for none or where none is looked for.
    """

    def __init__(self, report: Report, budgets: Mapping[str, int], given: Given | None) -> None:
        self.report = report
        self.warnings = report.warnings
        self.needs = needs(report, budgets)
        self.right = not any(need.over for need in self.needs)
        self.found = largest_square(report, given, budgets)
        self.largest = self.found and self.found.volume

    def listing(self, *, for_people: bool = False) -> Listing:  # noqa: ARG002 - all are few
        """Return a row for each part."""
        from cnncalc.output.cards import said_of_needs

        return TARGETS.listing(
            NEEDS,
            [dict(values(NEEDS, need)) for need in self.needs],
            self,
            below=lambda _shown: said_of_needs(self.report, self.needs, self.found),
        )

    def parts(self) -> Iterable[Part]:
        """Return what each part needs, and the largest input that fits."""
        from cnncalc.output.cards import needs_card

        return [needs_card(self.report, self.needs, self.found)]

    def __repr__(self) -> str:
        return f"<Fits: {'right' if self.right else 'over'}, {self.report.text!r}>"


_NETWORK = field("network", get=lambda found: found.report.text)
_WARNINGS = field("warnings", "problems")
_beside = partial(fields_of, lambda found: found.report.settings)

FITS = Schema(
    "fits",
    BATCHES,
    head=[
        _NETWORK,
        field("bytes", "integer", lambda found: found.budget),
        *_beside(("dtype", "planner", "fold", "freeze"), always=("dtype",)),
    ],
    tail=[_WARNINGS],
)
"""The largest batches in so much memory."""

TARGETS = Schema(
    "needs",
    NEEDS,
    head=[
        _NETWORK,
        *_beside(("batch", "dtype", "planner", "fold"), always=("batch", "dtype", "planner")),
    ],
    tail=[
        field("right", "boolean"),
        field(
            "largest",
            "object?",
            lambda fits: fits if fits.found else None,
            [
                field(
                    "input",
                    "volume?",
                    lambda fits: axes_in_order(fits.largest, fits.report.settings.channels_first),
                ),
                field("proved", "boolean", lambda fits: fits.found.is_proved),
                field("open", "boolean", lambda fits: fits.found.is_open),
            ],
        ),
        _WARNINGS,
    ],
)
"""What each part of a memory needs, and the largest input that fits."""


def _both(size: str) -> str:
    return f"--fits ram={size},flash={size}"


def fits_in(network: Network, text: str, settings: Settings, given: Given | None) -> Batches | Fits:
    """Return what fits into a size of memory, or into the parts that are named."""
    budgets = read_targets(text)
    budget = 0 if budgets else read_size(text)
    if budget and settings.batch > 1:
        fact = _("a size asks for the largest batch, and a batch is given")
        raise Problem("batch-given", fact, helps=[_("leave '--batch' out")], status=2)
    parts = ["ram and flash, which hold no training"] if budgets else []
    Asked(settings, called=["what fits", *parts]).refuse()
    report = Report(network, settings, given=given, keep_rows=False)
    if budget and PLANNERS[settings.planner].is_laid:
        raise Problem(
            "planner-needs-int8",
            _("the planner {name} lays one input in int8", name=quoted(settings.planner)),
            helps=[_("ask whether it fits: '{option}'", option=_both(text.strip()))],
            status=2,
        )
    return Fits(report, budgets, given) if budgets else Batches(report, budget)


def fits(
    network: Named,
    budget: str,
    *,
    input: Input = None,  # noqa: A002 - the option's name
    **options: Unpack[Beside],
) -> Batches | Fits:
    """Return the largest batches in a memory, as '8GiB'; or whether a network fits into its parts.

    Options are those of `stack`.

    >>> fits("vgg16", "8GiB").batches["inference"]
    312
    >>> found = fits("28x28x1 -> conv 8 k3 -> gap -> fc 10", "ram=4KiB,flash=1KiB", dtype="int8")
    >>> found.right, [need.over for need in found.needs], found.largest
    (False, [2096, 0], (23, 23, 1))
    """
    settings = read_settings("fits", options)
    budget = read_word("budget", budget, "fits('vgg16', '8GiB')")
    found = read(network, input=input, channels_first=options.get("channels_first"))
    settings = settings._replace(channels_first=found.channels_first)
    return warned(fits_in(found.tree, budget, settings, found.given))
