"""A network on a page: what it adds up to, its figure, its rows, its notation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.drawing import svg
from cnncalc.drawing.figures import draw
from cnncalc.output.page.markup import Markup, element
from cnncalc.output.page.rows import PageRows
from cnncalc.output.page.tables import said
from cnncalc.report.listing import text
from cnncalc.report.quantities import LEAST, QUANTITIES
from cnncalc.report.stack import listed
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnncalc.drawing.shapes import Figure
    from cnncalc.report.listing import Listing
    from cnncalc.report.view import View

SUMMARY = ("output", "params", "macs", "activations", "peak", "rf")
"""What stands above a network's figure."""


MOST_TITLE = 60
"""The characters of a network's title."""


def title_of(text: str) -> str:
    """Return what a network is called: its last line, cut where it is long."""
    line = text.rsplit("\n", maxsplit=1)[-1]
    return line if len(line) <= MOST_TITLE else f"{line[: MOST_TITLE - 3].rstrip()}..."


class Sections:
    """The networks of a page, one after the other, and the `styles` that they need.

    Where there are several each has a heading.
    """

    def __init__(self, *, headed: bool = False) -> None:
        self.styles: list[str] = []
        self._count, self._headed = 0, headed

    def network(self, view: View, listing: Listing | None = None) -> Markup:
        """Return a network; its rows are listed by a `listing`, else by the view's own."""
        self._count += 1
        shown = (listing or listed(view)).for_people()
        rows = PageRows(view, f"n{self._count}")
        name = title_of(view.report.text)
        self.styles += rows.styles
        return element(
            "section",
            element("h2", f"{self._count}  ", element("code", name)) if self._headed else "",
            _summary(view),
            self.figure(lambda: draw(view.report, view.rows if view.whole else None)),
            rows.table(shown.feet),
            said(shown.lines_below()),
            element("h2", _("Notation")),
            element("pre", view.report.text, class_="copy"),
        )

    def figure(self, make: Callable[[], Figure]) -> Markup:
        """Return a figure without its style, which the page has; or why there is none."""
        try:
            figure = make()
        except Problem as problem:
            return element("p", problem.message, class_="said")
        lines = []
        for line in svg.write(figure):
            if line.startswith("<style>"):
                self.styles.append(line.removeprefix("<style>").removesuffix("</style>"))
            else:
                lines.append(line)
        return element("figure", Markup("".join(lines)), tabindex="0")


def _summary(view: View) -> Markup:
    """Return what a network adds up to."""
    return element("dl", _sums(view), class_="sums")


def _sums(view: View) -> Iterator[Markup]:
    report = view.report
    totals = view.whole or report.whole
    for quantity in (QUANTITIES[name] for name in SUMMARY):
        value = report.value(quantity, totals)
        first = report.settings.channels_first
        shown = text(quantity.form, value, channels_first=first, commas=True)
        shown += "" if report.is_whole or quantity.name not in LEAST else "+"
        if shown:
            names = element("dt", _(quantity.heading)), element("dd", shown)
            yield element("div", *names)
