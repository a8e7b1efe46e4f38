"""A page of HTML: the answer, the networks that it is of, and what they are warned of."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from cnncalc.output.page.document import document, read
from cnncalc.output.page.markup import Markup, element, joined
from cnncalc.output.page.networks import Sections, title_of
from cnncalc.output.page.parts import parts_of
from cnncalc.output.page.verdicts import verdicts
from cnncalc.speech.language import _
from cnncalc.speech.picture import MOST_WARNINGS, more_warnings

if TYPE_CHECKING:
    from cnncalc.report.listing import Listing


def write(listing: Listing) -> Iterator[str]:
    """Yield the lines of a page.

    The networks of an answer stand below it, and in its place where it is their rows.
    """
    views = listing.networks()
    sections = Sections(headed=len(views) > 1)
    body = [element("section", sections.figure(listing.figure))] if listing.figure else []
    if listing.is_rows and views:
        body.append(sections.network(views[0], listing))
    else:
        body[:0] = [_answer(listing)]
        body += [sections.network(view) for view in views]
    title = "; ".join(title_of(view.report.text) for view in views)
    title = title or _named(listing)
    yield from document(title, [*body, *_warnings(listing)], sections.styles)


def in_notebook(listing: Listing) -> str:
    """Return an answer as a part of a page that others make."""
    style = element("style", Markup(read("notebook.css")))
    return element("div", style, _answer(listing), class_="cnncalc")


def _named(listing: Listing) -> str:
    """Return what an answer is called that is of no network, or of one that has no section."""
    for name, value in listing.head():
        if name in ("network", "model", "name"):
            return title_of(str(value))
    names = {
        "solutions": _("solutions"),
        "key": _("key"),
        "verdicts": _("verdicts"),
        "students": _("students"),
    }
    return names.get(listing.name, listing.name)


def _answer(listing: Listing) -> Markup:
    """Return what stands above the networks."""
    if listing.name == "verdicts" and listing.columns[0].name == "claim":
        return verdicts(listing)
    return joined(parts_of(listing.parts or [listing]))


def _warnings(listing: Listing) -> Iterator[Markup]:
    """Yield what the networks are warned of, and what is noted of them."""
    told = [each for each in listing.told() if not isinstance(each, Iterator)]
    problems = list(chain.from_iterable(told))
    if not problems:
        return
    said = [each.draw() for each in problems[:MOST_WARNINGS]]
    if left := len(problems) - len(said):
        said.append(more_warnings(left))
    pictures = [element("pre", each) for each in said]
    yield element("section", element("h2", _("Warnings")), pictures, class_="told")
