"""The parts of an answer as HTML: cards as tables, passages as articles, verdicts of questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.output.page import tables
from cnncalc.output.page.markup import element, joined
from cnncalc.output.page.tables import framed, said
from cnncalc.output.page.verdicts import verdict
from cnncalc.output.parts import Card, Judged, Passage
from cnncalc.speech.columns import Column
from cnncalc.speech.language import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cnncalc.output.page.markup import Markup
    from cnncalc.output.parts import Line, Part, PassageLine


def parts_of(parts: Iterable[Part]) -> Iterator[Markup]:
    """Yield a section for each part; passages that stand close are in one."""
    close: list[Markup] = []
    for part in parts:
        if isinstance(part, Passage):
            if close and not part.is_close:
                yield element("section", close)
                close = []
            close.append(_passage(part))
            continue
        if close:
            yield element("section", close)
            close = []
        if isinstance(part, Card):
            yield element("section", _card(part))
        elif isinstance(part, Judged):
            yield element("section", _judged(part))
        else:
            yield tables.table(part)
    if close:
        yield element("section", close)


def _card(card: Card) -> Iterator[Markup]:
    """Yield the values of a card as a table, what it is of as its caption, and what it says."""
    title = [element("div", element("code", card.title))] if card.title else []
    above = [element("div", line, class_="said") for line in (card.says, *card.above) if line]
    rows = [element("tr", _cells(line)) for line in card.lines]
    forms = zip(("name", "value", "words"), card.heads, ("name", "count", "text"), strict=False)
    yield framed([Column(*each) for each in forms], rows, (), *title, *above)
    yield said(filter(None, card.below))


def _cells(line: Line) -> Iterator[Markup]:
    name, value, words = line
    yield element("th", name, scope="row", class_="l")
    yield element("td", value.strip())
    yield element("td", [element("div", each) for each in words], class_="l")


def _passage(passage: Passage) -> Markup:
    """Return a sentence; or a line with what stands below it."""
    if not passage.lines:
        return said([passage.head])
    head = element("p", element("b", passage.head)) if passage.head else joined()
    return element("article", head, _lines(passage.lines), class_="right")


def _lines(lines: Sequence[PassageLine]) -> Iterator[Markup]:
    for each in lines:
        if each.form == "source":
            yield element("pre", each.text, class_="copy")
        else:
            code = each.form == "code"
            deep = f"d{each.depth}" if each.depth > 1 else False
            text = element("code", each.text) if code else each.text
            yield element("p", text, class_=deep)


def _judged(judged: Judged) -> Iterator[Markup]:
    """Yield a question, and the verdicts on what is claimed of it."""
    yield element("h2", judged.head)
    for each in judged.answers:
        if each.verdict:
            yield verdict(each.verdict)
        else:
            line = element("p", element("b", _(each.kind)), " ", element("code", each.text))
            yield element("article", line, class_=each.kind)
