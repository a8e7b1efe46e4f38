"""Networks side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from cnncalc.api.answer import Answer, warned
from cnncalc.api.curves import Curves, read_shown
from cnncalc.api.misuse import Misused, read_count, read_names, read_word
from cnncalc.api.network import read
from cnncalc.api.options import read_settings
from cnncalc.api.report import Report
from cnncalc.numbers.ranges import read_range
from cnncalc.report.comparison import compare as compared
from cnncalc.report.comparison import listed
from cnncalc.report.ordering import order_by
from cnncalc.solving.sweeps import Sweep
from cnncalc.speech.language import _
from cnncalc.speech.problem import Source

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Unpack

    from cnncalc.api.network import Input, Named
    from cnncalc.api.options import Beside
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
def compare(*networks: Named, input: Input = None, **options: Unpack[Beside]) -> Comparison: ...


@overload
def compare(
    *networks: Named,
    sweep: str,
    columns: Sequence[str] | None = None,
    sort: str | None = None,
    top: int | None = None,
    input: Input = None,
    **options: Unpack[Beside],
) -> Curves: ...


def compare(
    *networks: Named,
    sweep: str | None = None,
    columns: Sequence[str] | None = None,
    sort: str | None = None,
    top: int | None = None,
    input: Input = None,  # noqa: A002 - the name
    **options: Unpack[Beside],
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
        raise Misused(fact, "networks", networks, "compare('vgg16', 'resnet50')")
    swept = "compare('vgg16', sweep='input=32..512:32')"
    for name, value in (("columns", columns), ("sort", sort), ("top", top)):
        if sweep is None and value is not None:
            raise Misused(_("columns, sort and top go with a sweep"), name, value, swept)
    if not isinstance(sweep, str | None):
        raise Misused(_("a sweep is a text: a name, '=' and numbers"), "sweep", sweep, swept)
    settings = read_settings("compare", options)
    first = options.get("channels_first")
    found = [read(each, input=input, channels_first=first) for each in networks]
    names = [each.name for each in found]
    if len({each.channels_first for each in found}) > 1:
        raise Misused(_("networks are compared that are read alike"), "channels_first", first)
    settings = settings._replace(channels_first=found[0].channels_first)
    if sweep is None:
        reports = [Report(each.tree, settings, given=each.given) for each in found]
        return warned(Comparison(names, reports))
    by = None if sort is None else read_word("sort", sort, "sort='macs'")
    order = order_by(by, None if top is None else read_count("top", top, 1))
    numbers = read_range(Source("sweep", sweep), has_fractions=True)
    sweeps = [Sweep(each.tree, numbers, settings, given=each.given) for each in found]
    names_of = read_names("columns", columns, "columns=['params', 'macs']")
    shown = read_shown(names_of, order, settings)
    return warned(Curves(names, sweeps, shown, order))
