"""How wide a text is in Helvetica, and in Arial and the others that have its widths."""

from __future__ import annotations

_BY_WIDTH = {
    222: "'`ijl",
    260: "|",
    278: " !,./:;I[\\]ft\u00b7",
    333: "()-r\u00b2\u00b3",
    334: "{}",
    355: '"',
    389: "*",
    469: "^",
    500: "Jcksvxyz",
    556: "#$0123456789?L_abdeghnopqu",
    584: "+<=>~\u00d7\u2212",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1015: "@",
}
"""Characters by their widths in thousandths of the size, from Adobe's metrics of Helvetica."""

_WIDTHS = {character: width for width, each in _BY_WIDTH.items() for character in each}

WIDEST = 1000
"""The width of what the table lacks: an arrow, a letter of Hangul."""


def width(text: str, size: float) -> float:
    """Return how wide a text of a size is, in points.

    >>> width("conv 64", 10)
    35.02
    """
    return round(sum(_WIDTHS.get(each, WIDEST) for each in text) * size / 1000, 2)


def cut(text: str, size: float, room: float) -> str:
    """Return as much of a text as there is room for, and an ellipsis for the rest.

    >>> cut("conv 64 k3", 10, 46), cut("conv 64 k3", 10, 100)
    ('conv 64...', 'conv 64 k3')
    """
    if width(text, size) <= room:
        return text
    while text and width(f"{text}...", size) > room:
        text = text[:-1]
    return f"{text.rstrip()}..."


def wrap(text: str, size: float, room: float, most: int = 3) -> list[str]:
    """Return a text in lines of so much room, at most so many, broken at spaces.

    >>> wrap("cbr 192 k3 p1 s2", 10, 46), wrap("conv 64 k3 p1", 10, 46, 1)
    (['cbr 192', 'k3 p1 s2'], ['conv 64...'])
    """
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".lstrip()
        if width(longer, size) <= room or not lines[-1]:
            lines[-1] = longer
        elif len(lines) < most:
            lines.append(word)
        else:
            while " " in lines[-1] and width(f"{lines[-1]}...", size) > room:
                lines[-1] = lines[-1].rpartition(" ")[0]
            lines[-1] += "..."
            break
    return [cut(line, size, room) for line in lines]


def number(value: float) -> str:
    """Return a number as short as it can be to a tenth."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
