"""Networks side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.api.answer import Answer, warned
from cnncalc.api.network import read
from cnncalc.api.report import Report, settings_of
from cnncalc.report.comparison import compare as compared
from cnncalc.report.comparison import listed

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


def compare(
    first: Named,
    second: Named,
    *others: Named,
    input: str | Mapping[str, str] | None = None,  # noqa: A002 - the option's name
    channels_first: bool = False,
    like: str | None = None,
    batch: int = 1,
    dtype: str = "float32",
) -> Comparison:
    """Return networks side by side, two or more; each as `stack` takes it, and its options too.

    >>> one, other = compare("8x8x4 -> conv 4 k5 p2", "8x8x4 -> [conv 4 k3 p1]*2").reports
    >>> one.rf == other.rf, one.params - other.params
    (True, 108)
    """
    found = [
        read(each, input=input, channels_first=channels_first) for each in (first, second, *others)
    ]
    settings = settings_of(False, channels_first, like, batch, dtype)
    reports = [Report(each.tree, settings, given=each.given) for each in found]
    return warned(Comparison([each.name for each in found], reports))
