"""A figure as TikZ: a document of its own, which one with the package `standalone` can read in.

All that the figure needs stands inside it, so that nothing but TikZ has to be loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.drawing.measures import number
from cnncalc.drawing.palette import LIGHT
from cnncalc.drawing.shapes import THIN, Box, Boxes, Moving, Text, TitledShapes, singles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.drawing.shapes import Bounds, Figure, Line, Shape, Single

_SIGNS = {
    **{sign: f"\\{sign}" for sign in "{}$&#%_"},
    **{sign: f"{{{sign}}}" for sign in "-'`"},
    **{sign: f"${sign}$" for sign in "<>|"},
    **{sign: f"$^{place}$" for place, sign in enumerate("\u2070\u00b9\u00b2\u00b3\u2074\u2075")},
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    '"': "{''}",
    "\u00d7": r"$\times$",
    "\u2192": r"$\to$",
    "\u00b7": r"$\cdot$",
    "\u2212": "$-$",
    "\u230a": r"$\lfloor$",
    "\u230b": r"$\rfloor$",
    "\u2308": r"$\lceil$",
    "\u2309": r"$\rceil$",
}

_HEAD = r"""\documentclass[tikz,border=0pt]{standalone}
\usepackage[T1]{fontenc}
\usepackage{helvet}
\begin{document}
\begin{tikzpicture}[x=1pt,y=-1pt,SCALEline width=0.6pt,line join=round]
% \t{x}{y}{anchor}{angle}{size}{colour}{text}
\def\t#1#2#3#4#5#6#7{\node[anchor=#3,rotate=#4,inner sep=0pt,outer sep=0pt,text=cnn#6] at (#1,#2)
  {\fontsize{#5}{#5}\sffamily\selectfont #7};}
\def\other#1{\ifdefined\Umathchar{\ifdefined\cnnother\cnnother\fi#1}\else?\fi}% not in pdfTeX"""

_OTHERS = r"""% It has letters that pdflatex has not: compile it with lualatex or xelatex.
% A document that reads it in gets them by \usepackage{kotex}.
\ifdefined\Umathchar
\usepackage{fontspec}
\def\rmdefault{cmr}
\def\try#1{\ifdefined\cnnother\else\IfFontExistsTF{#1}{\newfontfamily\cnnother{#1}}{}\fi}
\try{Noto Sans CJK KR}\try{Noto Serif CJK KR}\try{NanumGothic}\try{Malgun Gothic}
\try{Apple SD Gothic Neo}
\fi
"""


def write(figure: Figure) -> Iterator[str]:
    """Yield the lines of a figure."""
    yield f"% {_plain(figure.title)}"
    smaller = f"scale={figure.scale:.4f},transform shape," if figure.scale != 1 else ""
    texts = (each.text for each in singles(figure.shapes) if isinstance(each, Text))
    others = _OTHERS if any("\\other" in escaped(text) for text in texts) else ""
    head = _HEAD.replace("SCALE", smaller)
    yield head.replace("\\usepackage[T1]", f"{others}\\usepackage[T1]")
    for name in dict.fromkeys(name for each in singles(figure.shapes) for name in _colours(each)):
        yield f"\\definecolor{{cnn{name}}}{{HTML}}{{{LIGHT[name][1:].upper()}}}"
    size = f"{number(figure.width)},{number(figure.height)}"
    yield f"\\useasboundingbox (0,0) rectangle ({size});"
    yield from _written(figure.shapes)
    yield "\\end{tikzpicture}"
    yield "\\end{document}"


def escaped(text: str) -> str:
    r"""Return a text as TeX reads it.

    >>> print(escaped("50% of 3\u00d73, a_b"))
    50\% of 3$\times$3, a\_b
    """
    return "".join(_SIGNS.get(each) or (each if each.isascii() else _other(each)) for each in text)


def _other(letter: str) -> str:
    return f"\\other{{{letter}}}" if letter.isprintable() else "?"


def _plain(text: str) -> str:
    """Return a text on one line, as a comment holds it."""
    return "".join(each if each.isprintable() else " " for each in text)


def _colours(shape: Single) -> list[str]:
    if isinstance(shape, Text):
        return [shape.colour]
    return [each for each in (shape.fill, shape.line) if each]


def _written(shapes: Sequence[Shape]) -> Iterator[str]:
    for each in shapes:
        if isinstance(each, TitledShapes):
            for line in each.title.split("\n"):
                yield f"% {_plain(line)}"
            yield from _written(each.shapes)
        elif isinstance(each, Moving):
            yield from _written(each.at(0))
        elif isinstance(each, Text):
            yield _text(each)
        else:
            yield _outline(each)


def _outline(shape: Box | Boxes | Line) -> str:
    """Return a rectangle, several of them, or a path."""
    looks = [
        f"{way}=cnn{each}" for way, each in (("draw", shape.line), ("fill", shape.fill)) if each
    ]
    if shape.weight != THIN:
        looks.append(f"line width={number(shape.weight)}pt")
    if not isinstance(shape, Boxes) and shape.radius and (isinstance(shape, Box) or not shape.fill):
        looks.append(f"rounded corners={number(shape.radius)}pt")
    if shape.dashed:
        looks.append("dash pattern=on 3pt off 2pt")
    if isinstance(shape, Box):
        x, y, width, height = shape[:4]
        path = _rectangle((x, y, x + width, y + height))
    elif isinstance(shape, Boxes):
        path = " ".join(map(_rectangle, shape.places))
    else:
        path = " -- ".join(f"({number(x)},{number(y)})" for x, y in shape.points)
        path += " -- cycle" if shape.fill else ""
    return f"\\path[{','.join(looks)}] {path};"


def _rectangle(bounds: Bounds) -> str:
    left, top, right, bottom = map(number, bounds)
    return f"({left},{top}) rectangle ({right},{bottom})"


def _text(text: Text) -> str:
    """Return a text at its base line."""
    down = text.size * 0.36
    x, y = (text.x, text.y + down) if text.upright else (text.x + down, text.y)
    anchor = {"start": "base west", "middle": "base", "end": "base east"}[text.anchor]
    angle = 0 if text.upright else 90
    words = f"\\bfseries {escaped(text.text)}" if text.bold else escaped(text.text)
    size = number(text.size)
    arguments = (number(x), number(y), anchor, str(angle), size, text.colour, words)
    return "\\t" + "".join(f"{{{each}}}" for each in arguments)
