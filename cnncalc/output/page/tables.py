"""Rows under columns, as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.output.page.markup import element, joined
from cnncalc.report.listing import LEFT, share_bar, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cnncalc.output.page.markup import Content, Markup
    from cnncalc.report.listing import Listing
    from cnncalc.speech.columns import Cells, Column

STEPS = 50
"""How many lengths a bar has."""


def table(listing: Listing) -> Markup:
    """Return what people are shown of a listing: what stands above it, its rows, what below."""
    shown = listing.for_people()
    body = [element("tr", cells(shown.columns, row)) for row in shown.rows]
    return element(
        "section",
        framed(
            shown.columns,
            body,
            shown.feet,
            *(element("div", line, class_="code") for line in shown.above),
        ),
        said(shown.lines_below()),
    )


def said(lines: Iterable[str]) -> Markup:
    """Return sentences, a paragraph each."""
    return joined(element("p", line, class_="said") for line in lines)


def framed(
    columns: Sequence[Column], body: Content, feet: Iterable[Cells], *above: Content
) -> Markup:
    """Return a table of rows that are made already, below their headings and above their feet.

    What stands `above` is its caption.
    """
    heads = [
        element("th", column.heading.strip(), scope="col", class_=side(column))
        for column in columns
    ]
    ends = [element("tr", cells(columns, row)) for row in feet]
    made = [element("thead", element("tr", heads))] if heads else []
    made += [element("tbody", body), *([element("tfoot", ends)] if ends else [])]
    caption = element("caption", above) if above else ""
    return element("div", element("table", caption, made), class_="wide", tabindex="0")


def cells(columns: Sequence[Column], row: Cells) -> Iterator[Markup]:
    """Yield the cells of a row."""
    for column in columns:
        value = row.get(column.name)
        if column.form == "bar" and isinstance(value, tuple):
            share, part, most = value
            shown: Content = joined(share_bar(share, 0, 1, 1).strip(), bar(part, most))
        else:
            shown = text(column.form, value, commas=True)
            shown = shown.rstrip() if column.form == "code" else shown.strip()  # with its indent
            shown = joined(shown, bar(*row.get(f"{column.name}-part", (0, 0))))
        yield cell(column, shown)


def cell(column: Column, content: Content) -> Markup:
    """Return a cell; notation is code."""
    if column.form == "code" and content:
        content = element("code", content)
    return element("td", content, class_=side(column))


def side(column: Column) -> str | bool:
    """Return the class of a column whose cells stand to the left."""
    return "l" if column.form in LEFT else False


def bar(part: Any, most: Any) -> Markup:
    """Return a bar as long as a part of the most; what is more than nothing is seen."""
    steps = max(round(part * STEPS / most), 1) if part and most else 0
    return element("i", class_=f"b w{steps}") if steps else joined()
