"""A figure as SVG: text stays text, light or dark as the page is, and nothing is from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.drawing.measures import number
from cnncalc.drawing.palette import DARK, LIGHT
from cnncalc.drawing.shapes import THIN, Box, Boxes, Moving, Text, TitledShapes, singles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.drawing.shapes import Figure, Line, Point, Shape, Single

_SIGNS = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})

_AWAY = (-9999.0, 0.0)
"""Where what is nowhere in a figure is."""

FONTS = "Helvetica,Arial,&quot;Nimbus Sans&quot;,&quot;Liberation Sans&quot;,sans-serif"


def write(figure: Figure) -> Iterator[str]:
    """Yield the lines of a figure."""
    width, height = number(figure.width), number(figure.height)
    wide, high = (number(each * figure.scale) for each in (figure.width, figure.height))
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{wide}pt" '
        f'height="{high}pt" font-family="{FONTS}" stroke-width="{number(THIN)}" '
        'stroke-linejoin="round" role="img">'
    )
    yield f"<title>{escaped(figure.title)}</title>"
    used = {name: None for each in singles(figure.shapes) for name in _names(each)}
    names = ["f-ground", *used]
    dark = f"@media screen and (prefers-color-scheme:dark){{{_rules(names, DARK)}}}"
    yield f"<style>{_rules(names, LIGHT)}{dark}</style>"
    yield f'<rect class="f-ground" width="{width}" height="{height}"/>'
    yield from _written(figure.shapes)
    yield "</svg>"


def escaped(text: str) -> str:
    """Return a text as it is written between tags."""
    return text.translate(_SIGNS)


def _names(shape: Single) -> list[str]:
    """Return the classes of a shape: what it is filled and drawn with."""
    if isinstance(shape, Text):
        return [f"f-{shape.colour}"]
    return [f"{way}-{each}" for way, each in (("f", shape.fill), ("l", shape.line)) if each]


def _rules(names: Sequence[str], colours: dict[str, str]) -> str:
    ways = {"f": "fill", "l": "stroke"}
    return "".join(f".{name}{{{ways[name[0]]}:{colours[name[2:]]}}}" for name in names)


def _written(shapes: Sequence[Shape]) -> Iterator[str]:
    for each in shapes:
        if isinstance(each, TitledShapes):
            yield f"<g><title>{escaped(each.title)}</title>"
            yield from _written(each.shapes)
            yield "</g>"
        elif isinstance(each, Moving):
            yield from _moving(each)
        elif isinstance(each, Text):
            yield _text(each)
        else:
            yield _outline(each)


def _moving(moving: Moving) -> Iterator[str]:
    """Yield shapes that move; what shows no motion shows them at their first place."""
    places = [_point(place or _AWAY) for place in moving.places]
    yield f'<g transform="translate({places[0]})">'
    if len(set(places)) > 1:
        yield (
            '<animateTransform attributeName="transform" type="translate" calcMode="discrete" '
            f'dur="{number(moving.seconds * len(places))}s" repeatCount="indefinite" '
            f'values="{";".join(places)}"/>'
        )
    yield from _written(moving.shapes)
    yield "</g>"


def _outline(shape: Box | Boxes | Line) -> str:
    """Return a rectangle, or a path: of several rectangles too."""
    looks = f'class="{" ".join(_names(shape))}"'
    if shape.fill is None:
        looks += ' fill="none"'
    if shape.line and shape.weight != THIN:
        looks += f' stroke-width="{number(shape.weight)}"'
    if shape.dashed:
        looks += ' stroke-dasharray="3 2"'
    if not isinstance(shape, Box):
        path = _path(shape) if not isinstance(shape, Boxes) else _rectangles(shape)
        return f'<path {looks} d="{path}"/>'
    places = zip(("x", "y", "width", "height"), shape[:4], strict=True)
    sides = " ".join(f'{name}="{number(value)}"' for name, value in places)
    round_ = f' rx="{number(shape.radius)}"' if shape.radius else ""
    return f"<rect {looks} {sides}{round_}/>"


def _rectangles(boxes: Boxes) -> str:
    """Return rectangles as a path."""
    return "".join(
        f"M{_point((left, top))}H{number(right)}V{number(bottom)}H{number(left)}z"
        for left, top, right, bottom in boxes.places
    )


def _path(line: Line) -> str:
    """Return where a path goes; a corner is rounded by a curve whose handle is the corner."""
    steps = [f"M{_point(line.points[0])}"]
    for before, corner, after in zip(line.points, line.points[1:], line.points[2:], strict=False):
        if line.radius and line.fill is None:
            into, out = _toward(corner, before, line.radius), _toward(corner, after, line.radius)
            steps.append(f"L{_point(into)}Q{_point(corner)} {_point(out)}")
        else:
            steps.append(f"L{_point(corner)}")
    steps.append(f"L{_point(line.points[-1])}")
    return "".join(steps) + ("z" if line.fill else "")


def _toward(start: Point, end: Point, far: float) -> Point:
    """Return the point so far from one to another, at most half way."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    part = min(far / (abs(dx) + abs(dy) or 1), 0.5)
    return start[0] + dx * part, start[1] + dy * part


def _point(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"


def _text(text: Text) -> str:
    """Return a text, as long as it was measured in whatever font it is shown."""
    down = text.size * 0.36
    x, y = (text.x, text.y + down) if text.upright else (text.x + down, text.y)
    looks = (
        f'class="f-{text.colour}" x="{number(x)}" y="{number(y)}" font-size="{number(text.size)}"'
    )
    if text.anchor != "start":
        looks += f' text-anchor="{text.anchor}"'
    if text.bold:
        looks += ' font-weight="bold"'
    if not text.upright:
        looks += f' transform="rotate(-90 {number(x)} {number(y)})"'
    length = f' textLength="{number(text.length)}" lengthAdjust="spacingAndGlyphs"'
    return f"<text {looks}{length}>{escaped(text.text)}</text>"
