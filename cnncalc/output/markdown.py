"""A Markdown table, its totals in the last lines, and what was counted below it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.output.patterns import lines_of
from cnncalc.report.listing import LEFT, text, texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.report.listing import Listing
    from cnncalc.speech.columns import Column


_MARKS = re.compile(
    r"[\\*`]|<(?=[A-Za-z/!?])|(?<=\])[(\[]|(?<![^\W_])_|_(?![^\W_])|~(?=~)|&(?=#?\w+;)"
)


def write(listing: Listing) -> Iterator[str]:
    """Yield what stands above the rows, the rows, their totals, and what stands below."""
    shown = listing.for_people()
    columns = shown.columns
    for words in shown.above:
        yield from (_prose(words), "")
    yield _line([_prose(column.heading) for column in columns])
    yield _line([":--" if column.form in LEFT else "--:" for column in columns])
    yield from lines_of(columns, shown.rows, lambda *cell: _escaped(_cell(*cell)), _joined)
    for row in shown.feet:
        yield _line(
            [
                f"**{name}**" if column.form in LEFT and name else _prose(name)
                for column, name in zip(columns, texts(columns, row, commas=True), strict=True)
            ]
        )
    if below := shown.lines_below():
        yield ""
        yield from map(_prose, below)


def _cell(column: Column, value: object) -> str:
    cell = text(column.form, value, commas=True)
    if column.form != "code" or not cell:
        return _prose(cell)
    if "`" not in cell:
        return f"`{cell}`"
    fence = "`" * (max(map(len, re.findall("`+", cell))) + 1)
    return f"{fence} {cell} {fence}"


def _prose(words: str) -> str:
    r"""Return words whose stars are stars; in which no name is a tag, a link, code or a sign.

    >>> print(_prose("3*3*64 <b> [a](b) _a_b &lt;"))
    3\*3\*64 \<b> [a]\(b) \_a_b \&lt;
    """
    return words if words.isalnum() else _MARKS.sub(r"\\\g<0>", words)


def _line(cells: Sequence[str]) -> str:
    return _joined([*map(_escaped, cells)])


def _joined(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(cell: str) -> str:
    return cell.strip().replace("|", "\\|").replace("\n", " ")
