"""What people write for an item from habit, from lectures and papers, where it stands in a text.

Whether our spelling of it is what was meant is tried before it is offered.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.kinds.table import LETTERS
from cnncalc.notation import vocabulary
from cnncalc.notation.phrases import MOST_ITEM, in_words
from cnncalc.speech.problem import Fix, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.notation.reader import Reader
    from cnncalc.speech.problem import Source

_WORDS = re.compile(r"[^\W\d_]+(?:[\s_-]+[^\W\d_]+){0,2}[123]?[dD]?(?![\w])")
_NEXT = re.compile(r"(?<=[\d)])\s+(?=[A-Za-z]{2,}\d*[x(\d])")
_ITEM = re.compile(r"[a-z]+ \d+")
"""What begins another item behind a space: `conv5x5(6) pool2x2`; and an item in our words."""
_GAP = re.compile(r"[\s_-]+")
_BEGINS = re.compile(r"->|→|[\[|{;\n]")
_BEGINS_OR_COMMA = re.compile(r"->|→|[\[|{;\n,]")
_LABEL = re.compile(r"\s*[A-Za-z_]\w*\s*:(?!\d)\s*")
_ENDS = re.compile(r"->|→|[|;\n,()\[\]}#]")
_OPTION = re.compile(
    rf"\s*((?:{'|'.join(sorted(LETTERS, key=len, reverse=True))})\s*+(?:=\s*+)?\d\S*?"
    r"|(?:same|valid|full|nobias|ceil)"
    r"|(?:pad(?:ding)?|stride|kernel(?:_size)?|bias|dilation|groups)s?[\s=]+\w+)"
    r"\s*(?=$|->|→|[,\]|\n])",
    re.IGNORECASE,
)


def item(reader: Reader, start: int, *, whole: bool = False) -> Fix | None:
    """Return the right spelling of an item that begins at a place; None where there is none.

    Where `whole`, whole items alone are looked at, not words for a name.
    """
    fix = next(_from(reader.source, start), None)
    if fix or whole:
        return fix
    found = _WORDS.match(reader.text, start)
    words = found[0] if found else ""
    while words:
        name = vocabulary.said_for(words)
        if name and name != words.lower():
            return Fix(reader.span(start, start + len(words)), name)
        gaps = [found.start() for found in _GAP.finditer(words)]
        words = words[: gaps[-1]] if gaps else ""
    return None


def option(reader: Reader, start: int) -> Fix | None:
    """Return the fix of an option behind a comma, which is an arrow: `conv 10, k5`."""
    before = reader.text[:start].rstrip()
    if before.endswith(",") and _OPTION.match(reader.text, start):
        return Fix(reader.span(len(before) - 1, start), " ")
    return None


def around(source: Source, place: int) -> Iterator[Fix]:
    """Yield other spellings of the item at a place: from its arrow on, then from its comma on."""
    before = source.text[:place]
    for pattern in (_BEGINS, _BEGINS_OR_COMMA):
        start = max((found.end() for found in pattern.finditer(before)), default=0)
        label = _LABEL.match(source.text, start)
        yield from _from(source, label.end() if label else start)


def _from(source: Source, start: int) -> Iterator[Fix]:
    """Yield our spellings of what begins at a place, of the longest item that can be read first."""
    text = source.text
    ends = []
    depth = 0
    for found in _ENDS.finditer(text, start, start + MOST_ITEM):
        sign = found[0]
        depth += (sign in "([") - (sign in ")]")
        if depth < 0 or (depth == 0 and sign not in "()[]"):
            ends.append(found.start())
        if depth < 0 or (depth == 0 and sign not in "()[],"):
            break
    else:
        ends.append(min(len(text), start + MOST_ITEM))
    for end in reversed(ends):
        written = text[start:end].strip()
        said = in_words(written) if written else None
        if said and said != written:
            begin = start + len(text[start:end]) - len(text[start:end].lstrip())
            yield Fix(Span(source, begin, begin + len(written)), said)
    if ends and (gap := _NEXT.search(text, start, ends[-1])):
        written = text[start : gap.start()].strip()
        if said := in_words(written) or (written if _ITEM.fullmatch(written) else None):
            begin = gap.start() - len(written)
            yield Fix(Span(source, begin, gap.end()), f"{said} -> ")
