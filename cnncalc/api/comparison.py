"""Networks side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from cnncalc.api.answer import Answer, warned
from cnncalc.api.curves import Curves, read_shown
from cnncalc.api.misuse import Misused, read_names
from cnncalc.api.network import read
from cnncalc.api.report import Report, settings_of
from cnncalc.numbers.ranges import read_range
from cnncalc.report.comparison import compare as compared
from cnncalc.report.comparison import listed
from cnncalc.report.ordering import order_by
from cnncalc.solving.sweeps import Sweep
from cnncalc.speech.language import _
from cnncalc.speech.problem import Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cnncalc.api.network import Named
    from cnncalc.report import report
    from cnncalc.report.comparison import Compared
    from cnncalc.report.listing import Listing


class Comparison(Answer):
    """Networks by their names, and their `reports`; `lines` are their quantities side by side."""

    def __init__(self, names: Sequence[str], reports: Sequence[report.Report]) -> None:
        self.names, self.reports = names, reports
        self.warnings = [each for report in reports for each in report.warnings]

    @property
    def lines(self) -> list[Compared]:
        """The quantities: values, their ratios to the first, which of the costs are smallest."""
        return compared(self.reports)

    def listing(self, *, for_people: bool = False) -> Listing:  # noqa: ARG002 - all fit
        """Return a row for each network."""
        return listed(self.names, self.reports)

    def __repr__(self) -> str:
        return f"<Comparison of {', '.join(map(repr, self.names))}>"


@overload
def compare(
    *networks: Named,
    input: str | Mapping[str, str] | None = None,
    channels_first: bool = False,
    like: str | None = None,
    batch: int = 1,
    dtype: str = "float32",
    planner: str = "ours",
    fold: bool = False,
    device: str | None = None,
) -> Comparison: ...


@overload
def compare(
    *networks: Named,
    sweep: str,
    columns: Sequence[str] | None = None,
    sort: str | None = None,
    top: int | None = None,
    input: str | Mapping[str, str] | None = None,
    channels_first: bool = False,
    like: str | None = None,
    batch: int = 1,
    dtype: str = "float32",
    planner: str = "ours",
    fold: bool = False,
    device: str | None = None,
) -> Curves: ...


def compare(
    *networks: Named,
    sweep: str | None = None,
    columns: Sequence[str] | None = None,
    sort: str | None = None,
    top: int | None = None,
    input: str | Mapping[str, str] | None = None,  # noqa: A002 - the name
    channels_first: bool = False,
    like: str | None = None,
    batch: int = 1,
    dtype: str = "float32",
    planner: str = "ours",
    fold: bool = False,
    device: str | None = None,
) -> Comparison | Curves:
    """Return networks side by side, two or more; each as `stack` takes it, and its options too.

    With a `sweep`, as 'input=32..512:32', one network or more at each of its numbers; `columns`
    names the quantities of a point, `sort` the one that is largest first, `top` how many there are.

    >>> one, other = compare("8x8x4 -> conv 4 k5 p2", "8x8x4 -> [conv 4 k3 p1]*2").reports
    >>> one.rf == other.rf, one.params - other.params
    (True, 108)
    >>> [row["macs"] for row in compare("8x8x1 -> conv C k1", sweep="C=1..3").rows()]
    [64, 128, 192]
    """
    least = 2 if sweep is None else 1
    if len(networks) < least:
        fact = _("compare takes two networks or more, or one with a sweep")
        raise Misused(fact, "compare", networks, "compare('vgg16', 'resnet50')")
    swept = "compare('vgg16', sweep='input=32..512:32')"
    for name, value in (("columns", columns), ("sort", sort), ("top", top)):
        if sweep is None and value is not None:
            raise Misused(_("columns, sort and top go with a sweep"), name, value, swept)
    if not isinstance(sweep, str | None):
        raise Misused(_("a sweep is a text: a name, '=' and numbers"), "sweep", sweep, swept)
    found = [read(each, input=input, channels_first=channels_first) for each in networks]
    names = [each.name for each in found]
    settings = settings_of(
        False, channels_first, like, batch, dtype, planner, fold=fold, device=device
    )
    if sweep is None:
        reports = [Report(each.tree, settings, given=each.given) for each in found]
        return warned(Comparison(names, reports))
    order = order_by(sort, top)
    numbers = read_range(Source("sweep", sweep), has_fractions=True)
    sweeps = [Sweep(each.tree, numbers, settings, given=each.given) for each in found]
    names_of = read_names("columns", columns, "columns=['params', 'macs']")
    shown = read_shown(names_of, order)
    return Curves(names, sweeps, shown, order)
