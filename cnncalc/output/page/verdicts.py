"""Verdicts as HTML: the claim, the answer, and what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.homework.listings import as_data
from cnncalc.homework.reasons import Reason
from cnncalc.output.page.markup import element
from cnncalc.output.page.tables import said
from cnncalc.output.verdicts import shown_value, word
from cnncalc.speech.language import _, localize

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cnncalc.homework.verdicts import Verdict
    from cnncalc.output.page.markup import Markup
    from cnncalc.report.listing import Listing


def verdicts(listing: Listing) -> Markup:
    """Return the verdicts on one network, one below the other, and how many are right."""
    return element(
        "section",
        [element("article", _verdict(row), class_=row["verdict"]) for row in listing.rows],
        said(listing.lines_below()),
    )


def verdict(judged: Verdict) -> Markup:
    """Return a verdict by itself."""
    return element("article", _verdict(as_data(judged)), class_=judged.kind)


def _verdict(row: Mapping[str, Any]) -> Iterator[Markup]:
    """Yield a claim and its kind, then the answer and the ways that lead to what is claimed."""
    kind: str = row["verdict"]
    yield element("p", element("b", _(kind)), " ", element("code", row["claim"]))
    if kind != "right" and row["answer"]:
        yield _line(_("answer"), row["answer"], row["working"])
    for each in row["reasons"]:
        names = {**each, "is_convention": each["convention"]}
        reason = Reason(**{name: names[name] for name in Reason._fields})
        yield _line(word(reason), reason.value, reason.working, localize(reason.says))
    yield said([row["note"]] if row["note"] else ())


def _line(name: str, value: str, working: str, words: str = "") -> Markup:
    """Return a value, how it comes about, and what is said of it."""
    code = f"{shown_value(value)} = {working}" if working else shown_value(value)
    return element("p", element("span", name), " ", element("code", code), words and f": {words}")
