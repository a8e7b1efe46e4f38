"""The rows of a network in their folds, each with its working behind its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.numbers.lettered import ratio, share
from cnncalc.output.explanation import spoken
from cnncalc.output.page.markup import element, joined
from cnncalc.output.page.tables import bar, cell, framed
from cnncalc.report.explanation import explain, explain_totals
from cnncalc.report.fields import once
from cnncalc.report.legend import legend
from cnncalc.report.listing import text
from cnncalc.report.nested import nest
from cnncalc.report.quantities import arithmetic
from cnncalc.report.quantity import column
from cnncalc.report.remarks import remarks
from cnncalc.report.steps import EXPLAINED
from cnncalc.report.workings import shown_row
from cnncalc.speech.columns import Column
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cnncalc.output.page.markup import Markup
    from cnncalc.report.nested import NestedLine
    from cnncalc.report.quantity import Quantity
    from cnncalc.report.steps import Step
    from cnncalc.report.view import View
    from cnncalc.speech.columns import Cells
    from cnncalc.trace.rows import Row

OPENED = "tr:has(#{fold}:not(:checked))~tr.{fold}{{display:none}}"
"""What hides the rows of a fold that is closed; a browser that cannot read it shows them."""


class PageRows:
    """The table of a view: a line for each row and fold, and a line of working below it.

    A box that is ticked opens a fold or a working, which takes a style and no script; that of a
    single layer is open. The names of boxes begin with a `prefix`, and `styles` are those that they
    need.
    """

    def __init__(self, view: View, prefix: str) -> None:
        self.view, self._prefix = view, prefix
        self._columns = [column(each) for each in view.columns]
        self._columns = [each._replace(heading=_(each.heading)) for each in self._columns]
        self._lines = nest(view.rows, view.depth)
        self._explained: list[tuple[Row, Step]] = []
        folds = [self._fold(line.number) for line in self._lines if line.number is not None]
        self.styles = [OPENED.format(fold=fold) for fold in folds]

    def table(self, feet: Iterable[Cells]) -> Markup:
        """Return the rows, the totals below them, and what the letters of workings stand for."""
        heads = [Column("index", "#", "number"), Column("layer", _("layer"), "code")]
        body = list(self._body())
        letters = legend(self._explained)
        said = [
            joined(element("dt", ", ".join(names)), element("dd", says)) for names, says in letters
        ]
        shown = sum(len(line.row.rows) for line in self._lines if line.number is None)
        total = len(self.view.rows)
        cut = _("{count} of {total} rows; totals are of all.", count=shown, total=total)
        return joined(
            framed([*heads, *self._columns], body, feet),
            element("p", cut, class_="said") if shown < total else "",
            element(
                "details", element("summary", _("Letters")), element("dl", said), class_="letters"
            )
            if said
            else "",
        )

    def _fold(self, number: int) -> str:
        return f"{self._prefix}f{number}"

    def _body(self) -> Iterator[Markup]:
        for place, line in enumerate(self._lines):
            around = " ".join(map(self._fold, line.inside))
            working = list(self._working(line.row))
            box = f"{self._prefix}w{place}"
            yield element(
                "tr",
                element("td", self._opener(line, box, is_there=bool(working))),
                element("td", self._layer(line), class_="l"),
                self._cells(line.row, box if working else ""),
                class_=around or False,
            )
            if working:
                wide = str(len(self._columns) + 2)
                inside = element("div", working)
                row = element("td", inside, colspan=wide)
                yield element("tr", row, class_=f"w {around}".rstrip())

    def _opener(self, line: NestedLine, box: str, *, is_there: bool) -> Markup:
        """Return a row's number, which opens its working."""
        number = str(line.row.number)
        if not is_there:
            return joined(number)
        says = _("working of {row}", row=number)
        is_alone = len(self._lines) < 3
        ticked = element(
            "input", type="checkbox", id=box, class_="w", checked=is_alone, aria_label=says
        )
        return element("label", ticked, number)

    def _layer(self, line: NestedLine) -> Markup:
        """Return a row's layer where it branches off; that of a fold opens it."""
        signs = element("span", line.signs, class_="s") if line.signs else ""
        name = element("code", line.name)
        if line.number is None:
            return joined(signs, name)
        fold = self._fold(line.number)
        box = element("input", type="checkbox", id=fold, class_="f", checked=line.is_open)
        return joined(signs, element("label", box, name))

    def _cells(self, row: Row, box: str) -> Iterator[Markup]:
        values = once(self.view.values(self.view.columns, row))
        for quantity, each in zip(self.view.columns, self._columns, strict=True):
            value = values[each.name]
            shown = joined(text(each.form, value, commas=True))
            bars, hint = self._bar(quantity, row)
            if box and shown:
                shown = element("label", shown, for_=box, title=hint or False)
            yield cell(each, joined(shown, bars))

    def _bar(self, quantity: Quantity, row: Row) -> tuple[Markup, str]:
        """Return the bar of what a row has of the network's, and the percent."""
        total = self.view.report.total(quantity.name) if quantity.is_summed else 0
        part = ratio(quantity.of(row), total) if total else None
        if part is None or row.aux:
            return joined(), ""
        return bar(part, 1), f"{share(quantity.of(row), total)} %"

    # ------------------------------------------------------------ working

    def _working(self, row: Row) -> Iterator[Markup]:
        """Yield how a row comes to what it has, a paragraph each."""
        found = explain_totals(row.rows) if row.several else explain(row, self.view.report.rows)
        wanted = self._steps()
        steps = [each for each in found if each.quantity in wanted]
        self._explained += [(row, each) for each in steps]
        for each in steps:
            name, *lines = spoken(each)
            yield _step(name, lines)
        if row.several:
            return
        for quantity, lines in _others(row, self.view.columns):
            yield _step(_(quantity.heading), lines)
        first = self.view.report.settings.channels_first
        for said in remarks(row, channels_first=first) if steps else ():
            yield element("p", said)

    def _steps(self) -> set[str]:
        """Return the steps that bear on the columns."""
        return {step for each in self._columns for step in EXPLAINED.get(each.name, ())}


def _others(row: Row, columns: Sequence[Quantity]) -> Iterator[tuple[Quantity, list[str]]]:
    """Yield the quantities that are no steps, with their arithmetic."""
    worked: Any = None
    for quantity in columns:
        if quantity.name in EXPLAINED or not quantity.working or row.node is None:
            continue
        worked = worked or shown_row(row)
        if lines := arithmetic(quantity, worked):
            value = text(quantity.form, quantity.of(row), commas=True)
            yield quantity, [f"{each} = {value}" for each in lines]


def _step(name: str, lines: Sequence[str]) -> Markup:
    """Return what is worked out, and how."""
    return element("p", name, [element("code", line) for line in lines])
