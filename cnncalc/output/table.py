"""Answers for people as text: tables, cards and other parts.

What has no colours, and folds nowhere, is written as rich would: importing rich takes longer than
all else; what it draws is in terminal.py.

`width` is the room there is, in cells; None where there is no terminal, and everything takes
its natural width. Where there is too little room a table becomes a list: no digit is cut.
"""

from __future__ import annotations

from contextlib import closing
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from cnncalc.output.layout import GAP, PALE, lay_out_listing, padded
from cnncalc.report.listing import FEW, LEFT, Listing, halves
from cnncalc.speech.language import _
from cnncalc.speech.lines import cells, wrap
from cnncalc.speech.visible import visible
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cnncalc.output.layout import Layout, Style
    from cnncalc.output.parts import Card, Judged, Line, Part, Passage

NATURAL = 1000  # wider than any table of ours


class _Shown(NamedTuple):
    """What is shown, in lines without colours, None where one folds; or as terminal.py draws it.

    `drawn` is the name of the function there, and `of` what it draws.
    """

    plain: list[str] | None
    drawn: str
    of: tuple[Any, ...]


def _words(words: str, look: str, style: Style) -> _Shown:
    """Return a line in one look."""
    plain = [words] if cells(words) <= (style.width or NATURAL) else None
    return _Shown(plain, "looking", ((words, look),))


def _draw(parts: Iterable[str | _Shown], style: Style) -> str:
    """Return the parts, without spaces at the ends of lines."""
    parts = [*parts]
    lines = None if style.color else _in_plain(parts, style)
    if lines is None:
        from cnncalc.output import terminal

        several = [
            wrap(part, style.width)
            if isinstance(part, str)
            else getattr(terminal, part.drawn)(*part.of)
            for part in parts
        ]
        drawn = terminal.draw(several, style.width or NATURAL, color=style.color)
    else:
        drawn = "\n".join(lines)
    return "\n".join(line.rstrip() for line in drawn.rstrip("\n").split("\n"))


def _in_plain(parts: Iterable[str | _Shown], style: Style) -> list[str] | None:
    """Return the lines of parts without colours; None where one folds, or has signs that act."""
    found: list[str] = []
    for part in parts:
        lines = wrap(part, style.width) if isinstance(part, str) else part.plain
        if lines is None or not all(map(str.isprintable, lines)):
            return None
        found += lines
    return found


# ---------------------------------------------------------------- rows under columns


def draw(listing: Listing, style: Style) -> str:
    """Return a listing as a table; as a list where there is no room for its columns."""
    return "\n".join(lines(listing, style))


def lines(
    listing: Listing, style: Style, tell: Callable[[int], object] = int, few: int | None = FEW
) -> Iterator[str]:
    """Yield the lines of a listing's table; one of more than a few rows is not held, bars apart.

    All rows are looked at before the first line; `tell` is told how many were.
    """
    shown = listing.for_people()
    rows = halves(shown.rows)
    if any(column.form == "bar" for column in shown.columns):
        few = None
    first = list(islice(rows, few))
    rest = next(rows, None)
    if rest is None:
        layout, style = lay_out_listing(shown, [{**shared, **own} for shared, own in first], style)
        yield from draw_layout(shown, layout, style)
        return
    from cnncalc.output.long_table import LongTable

    with closing(LongTable(shown, style)) as found:
        for count, row in enumerate(chain(first, [rest], rows), 1):
            found.add(*row)
            tell(count)
        yield from found.lines(draw_layout)


def draw_layout(
    shown: Listing, layout: Layout, style: Style, number: int | None = None
) -> list[str]:
    """Return the lines of rows as they are laid out, with what stands above and below them.

    `number` is how wide the names of rows in a list are, where these are not all.
    """
    parts: list[str | _Shown] = [*shown.above, *([""] if shown.above else [])]
    if layout.widths:
        parts.append(_even(layout, style))
    else:
        parts += _list(layout, style, number)
    below = shown.lines_below({each.name for each in layout.columns})
    if layout.left_out:
        names = ", ".join(each.heading for each in layout.left_out)
        below.insert(0, _("No room for {names}.", names=names))
    drawn = _draw([*parts, *([""] if below else []), *below], style)
    return drawn.split("\n") if drawn else []


def draw_lines(lines: Sequence[str], style: Style) -> str:
    """Return lines of text, folded where there is too little room."""
    return _draw(lines, style)


def _even(layout: Layout, style: Style) -> _Shown:
    """Return rows under columns."""
    return _Shown(_even_lines(layout, style), "table", (layout, style))


def _even_lines(layout: Layout, style: Style) -> list[str] | None:
    """Return the lines of rows under columns; None where a cell has no room on one line."""
    widths = layout.widths
    rules = [[("\u2500" if style.unicode else "-") * width for width in widths]]
    rows = [layout.heads, *layout.body, *(rules if layout.feet else []), *layout.feet]
    if sum(widths) + layout.gap * (len(widths) - 1) > (style.width or NATURAL):
        return None
    if any(cells(cell) > width for row in rows for cell, width in zip(row, widths, strict=True)):
        return None
    sides = [column.form in LEFT for column in layout.columns]
    gap = " " * layout.gap
    return [gap.join(map(padded, row, widths, sides)) for row in rows]


def _list(layout: Layout, style: Style, number: int | None = None) -> Iterator[_Shown]:
    """Yield the rows as a list: what a row is, then its numbers, as many as fit on a line.

    Cells that stand beside others have a line of their own with them.
    """
    columns, body = layout.columns, layout.body
    named = 2 if columns[0].form == "number" else 1
    if number is None:
        number = max((cells(line[0]) for line in body), default=0) if named == 2 else 0
    indent = " " * (number + 4 if named == 2 else 2)
    beside = {column.beside: index for index, column in enumerate(columns) if column.beside}
    for line in [*body, *layout.feet]:
        name = f"{line[0]:>{number}}  {line[1]}" if named == 2 else line[0]
        look = "bold" if line in layout.feet or beside else ""
        yield from (_words(each, look, style) for each in wrap(name, style.width, len(indent)))
        said = ""
        for column, cell in zip(columns[named:], line[named:], strict=True):
            if not cell or column.beside:
                continue
            more = f"{column.heading} {cell.strip()}".strip()
            if beside:
                ratio = line[beside[column.name]] if column.name in beside else ""
                more = (
                    f"{column.heading.rstrip()}  {cell.rstrip()}{f'  ({ratio})' if ratio else ''}"
                )
            long = len(indent) + cells(said) + 2 + cells(more)
            if said and (beside or long > (style.width or NATURAL)):
                yield from _lines_of(f"{indent}{said}", style, len(indent))
                said = ""
            said += f", {more}" if said else more
        if said:
            yield from _lines_of(f"{indent}{said}", style, len(indent))


def _lines_of(words: str, style: Style, hang: int) -> Iterator[_Shown]:
    return (_words(each, "", style) for each in wrap(words, style.width, hang))


# ---------------------------------------------------------------- facts, and their working


def draw_card(card: Card, style: Style) -> str:
    """Return what a thing is, its values with their working, and the lines around them."""
    parts: list[str | _Shown] = [*card.above]
    if style.width and cells(card.title) + cells(card.says) + 3 > style.width:
        parts += [_words(card.title, "bold", style), card.says]
    elif card.title:
        parts.append(_two((card.title, "bold"), (f"   {card.says}", ""), style))
    below = ["", *card.below] if card.below else []
    return _draw([*parts, *([""] if parts else []), *_facts(card.lines, style), *below], style)


def _two(one: tuple[str, str], other: tuple[str, str], style: Style) -> _Shown:
    """Return a line in two looks."""
    return _words(one[0] + other[0], "", style)._replace(of=(one, other))


def _facts(lines: Sequence[Line], style: Style) -> list[_Shown]:
    """Return names, values and their working in three columns; stacked where there is no room."""
    names = max(cells(name) for name, _, _ in lines)
    values = max(cells(value) for _, value, _ in lines)
    rest = (style.width or NATURAL) - names - values - 3 * GAP
    words = (word for _, _, working in lines for step in working for word in step.split())
    if rest < max([24, *map(cells, words)]):
        out: list[_Shown] = []
        for name, value, working in lines:
            out.append(_two((f"  {name}: ", ""), (value.strip(), "bold"), style))
            steps = [line for step in working for line in wrap(f"    {step}", style.width, 4)]
            out += [_words(step, PALE, style) for step in steps]
        return out
    rows = [
        ("" if place else f"  {name}", "" if place else value, step)
        for name, value, working in lines
        for place, step in enumerate(working or [""])
    ]
    widths = [names + GAP, values, max(cells(step) for *_fact, step in rows)]
    plain = None
    if widths[-1] <= rest:
        plain = [(" " * GAP).join(map(padded, row, widths, (True, True, True))) for row in rows]
    return [_Shown(plain, "grid", (rows, widths))]


# ---------------------------------------------------------------- answers in parts


def draw_parts(parts: Iterable[Part], style: Style) -> str:
    """Return parts as text, a free line between those that do not stand close."""
    text = ""
    for place, part in enumerate(parts):
        free = "" if not place else "\n" if getattr(part, "is_close", False) else "\n\n"
        text += free + _draw_part(part, style)
    return text


def _draw_part(part: Part, style: Style) -> str:
    from cnncalc.output.parts import Card, Judged

    if isinstance(part, Card):
        return draw_card(part, style)
    if isinstance(part, Listing):
        return draw(part, style)
    found = _judged(part, style) if isinstance(part, Judged) else _passage(part, style)
    return "\n".join(found)


def _passage(part: Passage, style: Style) -> Iterator[str]:
    if part.head:
        yield from wrap(part.head, style.width)
    for said in part.lines:
        is_whole = said.form == "source"
        yield from [said.text] if is_whole else wrap("  " * said.depth + said.text, style.width)


def _judged(part: Judged, style: Style) -> Iterator[str]:
    from cnncalc.output import verdicts

    yield from wrap(part.head, style.width)
    for each in part.answers:
        if each.verdict:
            yield from verdicts.draw(each.verdict, style, indent=2)
        else:
            word = verdicts.padded(_(each.kind), verdicts.widest())
            yield from wrap(f"  {word}  {visible(each.text)}", style.width)
