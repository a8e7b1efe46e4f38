"""Figures: nothing lies on anything, nothing is left out, and nothing is from elsewhere."""

import math
import re
import subprocess
from itertools import combinations, pairwise
from shutil import which
from xml.etree import ElementTree as ET

import pytest
from command import printed
from hypothesis import given
from hypothesis import strategies as st
from variations import variations

from cnncalc import Problem, stack
from cnncalc.drawing import svg
from cnncalc.drawing.figures import DIRECTIONS, STYLES, draw
from cnncalc.drawing.palette import DARK, LIGHT
from cnncalc.drawing.shapes import Box, Line, Text, TitledShapes, singles
from cnncalc.kinds.table import FAMILIES
from cnncalc.notation import library
from cnncalc.report.diagram import boxes, boxes_of, graph
from cnncalc.report.folds import fold

SVG = "{http://www.w3.org/2000/svg}"


@st.composite
def sequences(draw, depth=2, names=None, taken=None):
    """Draw a sequence that keeps an 8x8x4 map, with labels, references, repeats and branches."""
    names, taken = ([] if each is None else each for each in (names, taken))
    items = []
    for _ in range(draw(st.integers(1, 3))):
        kinds = ["conv 4 k3 p1", "relu", "bn", "maxpool 3 s1 p1", "aux"]
        item = draw(st.sampled_from([*kinds, *(["join", "add", "repeat"] * 2 if depth else [])]))
        inner = []
        if item in ("join", "add", "repeat", "aux"):
            count = draw(st.integers(2, 4)) if item in ("join", "add") else 1
            local = [*names] if item in ("repeat", "aux") else names
            ways = ["identity", *(f"@{name}" for name in names)]
            passed = draw(st.lists(st.sampled_from(ways), max_size=2))
            inside = sequences(max(depth - 1, 0), local, taken)
            inner = [draw(inside) if depth else "relu" for _ in range(count)]
        if item in ("join", "add"):
            inner = [*inner, *passed] if draw(st.booleans()) else [*passed, *inner]
            item = "add" if item == "add" else "concat"
            items.append(f"{item}[ {' | '.join(inner)} ]")
            if item == "concat":
                items.append("conv 4 k1")
        elif item == "repeat":
            items.append(f"[{inner[0]}]*{draw(st.integers(1, 3))}")
        elif item == "aux":
            items.append(f"aux[ {inner[0]} -> gap -> fc 10 ]")
        else:
            items.append(item)
        if draw(st.integers(0, 3)) == 0 and item != "aux":
            taken.append(f"at{len(taken)}")
            names.append(taken[-1])
            items[-1] = f"{taken[-1]}: {items[-1]}"
    return " -> ".join(items)


def overlap(one, two, by=0.4):
    """Return whether two boxes share more than a hair."""
    return (
        one[0] + by < two[2]
        and two[0] + by < one[2]
        and one[1] + by < two[3]
        and two[1] + by < one[3]
    )


def parsed(text):
    """Return the root of an SVG file that we wrote."""
    return ET.fromstring(text)  # noqa: S314 - ours


def groups(shapes):
    """Yield the groups of shapes, which have titles."""
    return [each for each in shapes if isinstance(each, TitledShapes)]


def hold(figure, *, lined=True):
    """Assert what holds for every figure: texts apart, all inside, no line through a box."""
    texts = [each.bounds for each in singles(figure.shapes) if isinstance(each, Text)]
    for one, two in combinations(texts, 2):
        assert not overlap(one, two)
    for each in singles(figure.shapes):
        left, top, right, bottom = each.bounds
        assert min(left, top) >= 0
        assert right <= figure.width
        assert bottom <= figure.height
    outlines = [
        each.bounds
        for group in groups(figure.shapes)
        for each in group.shapes
        if isinstance(each, Box)
    ]
    for one, two in combinations(outlines, 2):
        assert not overlap(one, two)
    assert outlines or not lined
    lines = [each for each in figure.shapes if isinstance(each, Line) and each.line]
    for line in lines:
        for (ax, ay), (bx, by) in pairwise(line.points):
            way = (min(ax, bx), min(ay, by), max(ax, bx) + 0.01, max(ay, by) + 0.01)
            for left, top, right, bottom in outlines:
                inner = (left + 0.6, top + 0.6, right - 0.6, bottom - 0.6)
                assert not overlap(way, inner, 0), line


def hold_volumes(figure):
    """Assert that no arrow runs through a volume: in bounds around what is seen of it."""
    volumes = [group.bounds for group in groups(figure.shapes)]
    arrows = [each for each in figure.shapes if isinstance(each, Line) and each.weight == 0.8]
    for line in arrows:
        for (ax, ay), (bx, by) in pairwise(line.points):
            way = (min(ax, bx), min(ay, by), max(ax, bx) + 0.01, max(ay, by) + 0.01)
            for left, top, right, bottom in volumes:
                assert not overlap(way, (left + 1, top + 1, right - 1, bottom - 1), 0), line


def once(figure, rows):
    """Assert that each box of the graph of rows is a group, once, with its number and figures."""
    titles = [line for group in groups(figure.shapes) for line in group.title.split("\n")]
    numbers = [line.split("  ")[0] for line in titles]
    drawn = graph(rows, lambda _box: [])
    assert sorted(numbers) == sorted(str(box.row.number) for box in boxes(drawn.members))


@variations(
    ("style", "direction"),
    [*((style, None) for style in STYLES), *(("blocks", direction) for direction in DIRECTIONS)],
    3,
)
@given(text=sequences(), depth=st.sampled_from([None, 1, 9]))
def test_nothing_lies_on_anything(style, direction, text, depth):
    """No two texts or boxes overlap, no arrow runs through a box, each row is there once."""
    report = stack(f"8x8x4 -> {text}")
    figure = draw(report, depth=depth, style=style, direction=direction)
    hold(figure, lined=style != "volumes")
    if style == "volumes":
        hold_volumes(figure)
    if depth == 9:
        once(figure, report.rows)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    "text",
    [
        "784 -> fc 512 -> relu -> fc 10",
        "1x1x100 -> deconv 8 k4 -> deconv 1 k4 s2 p1",
        "HxWxC -> conv N k3 p1 -> maxpool 2 -> gap -> fc K",
        "9x4096x4 -> conv 4 k1 -> add[ identity | gap -> upsample 9x4096 ]",
        "left: 8x8x1 -> a: conv 4 k3 -> right: 8x8x1 -> again a -> concat[ identity | @a ] -> fc 1",
    ],
)
def test_what_is_rare_is_drawn(style, text):
    """Vectors, maps of one pixel, letters, long maps and two inputs are figures in every style."""
    report = stack(text)
    figure = draw(report, style=style, width=237)
    hold(figure, lined=style != "volumes")
    once(draw(report, style=style), report.rows)


@pytest.mark.parametrize("style", STYLES)
def test_long_names_have_room(style):
    """Names longer than what they stand at keep apart."""
    names = [f"a_name_of_{count}_letters" for count in ("many", "more", "most")]
    layers = " -> ".join(f"{name}: conv 4 k3 p1" for name in names)
    hold(draw(stack(f"64x64x3 -> {layers}"), style=style), lined=style != "volumes")


def test_a_long_chain_stands_in_columns():
    """Three hundred layers are as high as a page, each is there once, and nothing overlaps."""
    report = stack(f"8x8x4 -> {' -> '.join(['conv 4 k3 p1 -> relu'] * 150)}")
    figure = draw(report, style="blocks", depth=9)
    hold(figure)
    once(figure, report.rows)
    assert figure.height < 800


@pytest.mark.long
@pytest.mark.parametrize("name", library.names())
def test_every_model_is_a_figure(name):
    """Each model of the library, as it is folded, in each style, on a page."""
    report = stack(name)
    figure = draw(report)
    hold(figure, lined=False)
    hold_volumes(draw(report, style="volumes"))
    text = "\n".join(svg.write(figure))
    assert len(text) < 80_000
    parsed(text)


@pytest.mark.parametrize("name", ["resnet50", "googlenet"])
def test_a_figure_is_one_file(name):
    """It parses, names nothing elsewhere, holds no script, is small, and always the same."""
    words = ["draw", name]
    status, text, told = printed(words)
    assert (status, told) == (0, "")
    assert text == printed(words)[1]
    assert len(text) < 50_000
    assert re.findall(r"https?://[^\"]*", text) == ["http://www.w3.org/2000/svg"]
    assert "url(" not in text
    root = parsed(text)
    assert not root.findall(f".//{SVG}script")
    for each in root.iter(f"{SVG}text"):
        assert float(each.get("textLength")) > 0
    titles = [each.text for each in root.iter(f"{SVG}title")]
    report = stack(name)
    rows = fold(report.rows, None, boxes_of, 30)
    figures = [f"{row.number}  " for row in rows]
    assert all(any(title.startswith(each) for title in titles) for each in figures[:3])
    assert "25,557,032" in text or name != "resnet50"


def test_what_is_typed_is_escaped():
    """Signs of SVG in a name stand as they were typed, and open nothing."""
    name = "<script>alert('&')</script>"
    text = printed(["draw", f'7x7x3 -> opaque "{name}" 7x7x64'])[1]
    root = parsed(text)
    assert not root.findall(f".//{SVG}script")
    assert any("<script>" in (each.text or "") for each in root.iter(f"{SVG}title"))


# ---------------------------------------------------------------- colours


def light_of(colour):
    """Return the lightness of a colour, L* of CIE 1976, from 0 to 100."""
    red, green, blue = linear(colour)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 116 * luminance ** (1 / 3) - 16 if luminance > 0.008856 else 903.3 * luminance


def linear(colour):
    """Return the red, green and blue of a colour, as light."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def test_colours_survive_grey():
    """Printed in grey any two families differ by 6 of 100 in lightness."""
    lights = sorted(light_of(LIGHT[family]) for family in FAMILIES)
    assert all(after - before > 6 for before, after in pairwise(lights)), lights


SEEN = {
    "protanopia": [
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ],
    "deuteranopia": [
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ],
    "tritanopia": [
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ],
}
"""What is left of red, green and blue light: Machado, Oliveira and Fernandes (2009), whole."""


def lab(light):
    """Return red, green and blue light as CIE L*a*b*, under D65."""
    to_xyz = [(0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505)]
    white = (0.9505, 1, 1.089)
    parts = [
        max(sum(a * b for a, b in zip(row, light, strict=True)), 0) / most
        for row, most in zip(to_xyz, white, strict=True)
    ]
    x, y, z = (each ** (1 / 3) if each > 0.008856 else 7.787 * each + 16 / 116 for each in parts)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("eyes", SEEN)
def test_colours_are_told_apart(colours, eyes):
    """Whoever sees two of three lights sees every two families apart, by 10 of CIE 1976."""
    seen = {
        family: lab(
            [
                sum(a * b for a, b in zip(row, linear(colours[family]), strict=True))
                for row in SEEN[eyes]
            ]
        )
        for family in FAMILIES
    }
    for one, two in combinations(FAMILIES, 2):
        assert math.dist(seen[one], seen[two]) > 10, (one, two)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_words_are_read_on_their_ground(colours):
    """Ink on every fill has the contrast that WCAG asks for, 4.5 to 1."""
    for name, colour in colours.items():
        if name in FAMILIES or name.startswith("shade-") or name == "ground":
            one, two = sorted(
                sum(
                    part * by
                    for part, by in zip(linear(each), (0.2126, 0.7152, 0.0722), strict=True)
                )
                for each in (colour, colours["ink"])
            )
            assert (two + 0.05) / (one + 0.05) >= 4.5, name


# ---------------------------------------------------------------- TikZ


ODD = "a_b{}$%#&\\^~<é한×|`-->[]"


def compiled(folder, text):
    """Return what pdfTeX says of a document."""
    (folder / "figure.tex").write_text(text)
    words = ["pdflatex", "-interaction=batchmode", "-halt-on-error", "figure.tex"]
    done = subprocess.run(words, cwd=folder, capture_output=True, check=False)
    return done.returncode, (folder / "figure.log").read_text(errors="replace")


@pytest.mark.skipif(not which("pdflatex"), reason="needs pdflatex")
def test_tikz_compiles(tmp_path):
    """A figure compiles alone, whatever signs its names have."""
    file = tmp_path / "net.tex"
    text = f'7x7x3 -> opaque "{ODD}" 7x7x64 -> add[a_1: conv 64 k1 -> relu | identity]'
    assert printed(["draw", text, "-o", str(file)])[0] == 0
    status, log = compiled(tmp_path, file.read_text())
    assert status == 0, log[-2000:]
    assert "Overfull" not in log


@pytest.mark.long
@pytest.mark.skipif(not which("pdflatex"), reason="needs pdflatex")
@pytest.mark.parametrize("name", ["resnet50", "unet", "alexnet"])
def test_tikz_stands_in_a_frame(tmp_path, name):
    """A frame of beamer reads a figure in, as it is."""
    assert printed(["draw", name, "-o", str(tmp_path / "net.tex")])[0] == 0
    frame = "\\begin{frame}\\resizebox{!}{.8\\textheight}{\\input{net.tex}}\\end{frame}"
    head = "\\documentclass{beamer}\\usepackage{tikz,standalone}"
    status, log = compiled(tmp_path, f"{head}\\begin{{document}}{frame}\\end{{document}}")
    assert status == 0, log[-2000:]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, []),
        ({"style": "blocks", "depth": 9, "shade": "macs"}, "--style blocks --depth 9 --shade macs"),
        ({"direction": "horizontal", "at": 1}, "--direction horizontal --at 1"),
        ({"style": "volumes", "width": "84mm"}, "--style volumes --width 84mm"),
    ],
)
def test_a_report_draws_what_the_command_does(more, words):
    """`report.draw` gives the command's bytes, which a notebook shows; what is none is refused."""
    report = stack("lenet5")
    words = words.split() if words else []
    picture = report.draw(**more)
    assert picture == printed(["draw", "lenet5", *words])[1]
    assert picture._repr_svg_() == picture
    for wrong in (
        {"style": "cubes"},
        {"format": "png"},
        {"style": "levels", "direction": "vertical"},
    ):
        with pytest.raises(Problem, match="is one of"):
            report.draw(**wrong)
    assert report.draw(format="tex")._repr_svg_() is None


def test_a_file_of_stack_is_the_figure(tmp_path, monkeypatch):
    """`stack -o net.svg` is what `draw` writes; what only a table shows is a picture of that."""
    monkeypatch.chdir(tmp_path)
    words = ["32x32x3", "->", "conv", "4", "k3", "->", "relu"]
    assert printed(["stack", *words, "-o", "net.svg"]) == (0, "", "")
    assert (tmp_path / "net.svg").read_text() == printed(["draw", *words])[1]
    for more in (["--batch", "8"], ["--dtype", "float16"]):
        assert printed(["stack", *words, "-o", "net.svg", *more]) == (0, "", "")
        text = (tmp_path / "net.svg").read_text()
        assert "<g><title>1  conv 4 k3" in text
        assert f">{more[1] if 'dtype' in more[0] else f'a batch of {more[1]}'}<" in text
    for more in (["--chart"], ["--by", "kind"], ["--totals"], ["--columns", "params"]):
        assert printed(["stack", *words, "-o", "net.svg", *more]) == (0, "", "")
        text = (tmp_path / "net.svg").read_text()
        parsed(text)
        assert "rich-terminal" in text
        assert set(re.findall(r"https?://[^\s\"]*", text)) == {"http://www.w3.org/2000/svg"}
