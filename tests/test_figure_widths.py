"""Figures at a width: no wider than was asked for, and read where they can be."""

import math
import re
from itertools import combinations, pairwise

import pytest
from command import printed
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from test_figures import hold, hold_volumes, overlap, sequences
from variations import variations

from cnncalc import stack
from cnncalc.drawing import measures, svg
from cnncalc.drawing.bands import bands
from cnncalc.drawing.figures import STYLES, draw
from cnncalc.drawing.page import HIGHEST, fit, read_width
from cnncalc.drawing.shapes import Box, Figure, Line, Text, singles
from cnncalc.notation import library

COLUMN, PAGE = 3.3 * 72, 7 * 72
"""A column of a paper of two, and both of them."""


HARD = ["alexnet", "unet", "retinanet_resnet50", "vgg16", "googlenet_aux", "ssd300", "yolo11n"]


@pytest.mark.parametrize(
    "name",
    [
        *HARD[:3],
        *(
            pytest.param(name, marks=pytest.mark.long)
            for name in dict.fromkeys([*HARD[3:], *library.names()])
            if name not in HARD[:3]
        ),
    ],
)
@pytest.mark.filterwarnings("ignore::cnncalc.NetworkWarning")
def test_papers_have_room(name):
    """Texts of every model of the library are 5 points high or more, in a column and on a page."""
    report = stack(name)
    for width in (COLUMN, PAGE):
        figure = draw(report, width=width)
        hold(figure, lined=False)
        assert figure.width * figure.scale <= width + 1e-6
        assert figure.height * figure.scale <= HIGHEST + 1e-6
        sizes = {each.size for each in singles(figure.shapes) if isinstance(each, Text)}
        assert figure.scale * min(sizes) >= 5


@pytest.mark.parametrize("style", ["volumes", "levels", "blocks"])
@settings(max_examples=4, phases=[Phase.generate])  # to shrink one costs minutes
@given(text=sequences(1), width=st.floats(72, 260))
def test_nothing_lies_on_anything_where_there_is_little_room(style, text, width):
    """At any width texts and boxes stay apart, and no arrow runs through a box."""
    report = stack(f"16x16x4 -> maxpool 2 -> a: conv 8 k3 s2 p1 -> conv 4 k1 -> {text}")
    figure = draw(report, style=style, width=width)
    hold(figure, lined=style != "volumes")
    if style == "volumes":
        hold_volumes(figure)


@settings(phases=[Phase.generate])
@given(
    boxes=st.lists(st.tuples(st.floats(4, 30), st.floats(2, 20)), min_size=2, max_size=12),
    ways=st.lists(
        st.tuples(st.integers(0, 10), st.integers(1, 11), st.floats(-40, 40)), max_size=8
    ),
    count=st.integers(1, 4),
)
def test_bands_keep_what_they_part(boxes, ways, count):
    """Cut into bands, all boxes are there, and lines are as long together as before, and solid."""
    shapes, x, places = [], 0.0, []
    for wide, free in boxes:
        places.append((x, x + wide))
        shapes.append(Box(x, 0, wide, 10, "plain"))
        x += wide + free + 4
    for start, span, y in ways:
        if start + span < len(places):
            ends = places[start][1], places[start + span][0]
            corners = ((ends[0], 5.0), (ends[0] + 2, 5.0), (ends[0] + 2, y), (ends[1], y))
            shapes.append(Line(corners))
    found = bands(shapes, count)
    kept = [each for each in found if isinstance(each, Box)]
    assert sorted(round(each.width, 6) for each in kept) == sorted(
        round(each.width, 6) for each in shapes if isinstance(each, Box)
    )
    lengths = []
    for each in (shapes, found):
        lines = {line for line in each if isinstance(line, Line) and not line.dashed}
        lengths.append(sum(math.dist(*ends) for line in lines for ends in pairwise(line.points)))
    assert lengths[1] == pytest.approx(lengths[0])
    for one, two in combinations([each.bounds for each in kept], 2):
        assert not overlap(one, two)


@variations(
    "words",
    [
        "unet --style levels --width 1.2in",
        "hrnet_w18 --style blocks --width 3.3in",
        "resnet50 --depth 9 --width 3.3in --direction horizontal",
        "vgg16 --width 1in",
    ],
    1,
)
@pytest.mark.filterwarnings("ignore::cnncalc.NetworkWarning")
def test_the_help_of_small_texts_helps(words):
    """The line that is offered draws the same network without the warning."""
    status, _figure, told = printed(["draw", *words.split()])
    assert status == 0
    assert told.startswith("warning[small-texts]")
    line = re.search(r"help: cnncalc (.*)", told)[1]
    assert line.split()[:2] == ["draw", words.split()[0]]
    assert printed(line.split())[::2] == (0, "")


@given(
    sizes=st.lists(st.tuples(st.floats(50, 5000), st.floats(50, 5000)), min_size=1, max_size=5),
    width=st.floats(72, 2000),
)
def test_the_first_that_can_be_read_is_taken(sizes, width):
    """Of figures the first is taken whose texts are 5 points high, else that whose are highest."""
    figures = [Figure(wide, high, str(place), ()) for place, (wide, high) in enumerate(sizes)]
    found = fit(iter(figures), width)
    assert found.width * found.scale <= width + 1e-6
    scales = [min(width / wide, HIGHEST / high, 1) for wide, high in sizes]
    read = [place for place, scale in enumerate(scales) if scale * 6.5 >= 5]
    wanted = read[0] if read else scales.index(max(scales))
    assert (found.title, found.scale) == (str(wanted), scales[wanted])


@pytest.mark.parametrize("style", STYLES)
def test_what_is_asked_for_stays(style):
    """A style and a depth that were asked for are those that are drawn."""
    report = stack("64x64x3 -> [conv 8 k3 p1 -> relu]*6 -> flatten -> fc 10")
    figure = draw(report, style=style, depth=9, width=COLUMN)
    plain = draw(report, style=style, depth=9)
    assert figure._replace(scale=1.0) == plain or style == "volumes"
    assert figure.scale <= 1


def test_a_width_is_that_of_the_file(tmp_path):
    """SVG and TikZ are as wide as was asked for, in whichever unit."""
    widths = (
        ("3.3in", 237.6),
        ("84MM", 238.1),
        ("8.4 cm", 238.1),
        ("240pt", 240.0),
        ("320px", 240),
    )
    for text, points in (*widths, ('3.3"', 237.6), ("3.3 Inches", 237.6)):
        assert read_width(text) == pytest.approx(points, abs=0.05)
    for text, points in widths[::2]:
        written = printed(["draw", "alexnet", "--style", "volumes", "--width", text])[1]
        wide = float(re.search(r'" width="([\d.]+)pt"', written)[1])
        assert wide == pytest.approx(min(points, wide), abs=0.06)
        assert wide <= points + 0.06
    plain = draw(stack("alexnet"), width=237.6)
    assert (
        "".join(f"{line}\n" for line in svg.write(plain))
        == (printed(["draw", "alexnet", "--width", "3.3in"])[1])
    )
    file = tmp_path / "a.tex"
    words = ["draw", "alexnet", "--style", "volumes", "--depth", "9", "--width", "5in"]
    assert printed([*words, "-o", str(file)])[0] == 0
    scale = float(re.search(r"scale=([\d.]+),transform shape", file.read_text())[1])
    wide = float(re.search(r"rectangle \(([\d.]+),", file.read_text())[1])
    assert scale * wide == pytest.approx(360, abs=0.1)


@given(
    st.lists(st.sampled_from(["conv", "224", "k3", "\u2192", "inception_bn", "W"]), min_size=1),
    st.floats(20, 160),
    st.integers(1, 4),
)
def test_words_are_folded_whole(words, room, most):
    """Lines have room, and are the words in order; what is left out is left out word by word."""
    lines = measures.wrap(" ".join(words), 7.5, room, most)
    assert 0 < len(lines) <= most
    assert all(measures.width(line, 7.5) <= room for line in lines)
    if all(measures.width(f"{word}...", 7.5) <= room for word in words):
        shown = " ".join(lines).removesuffix("...").split()
        assert shown == words[: len(shown)]
        assert len(shown) == len(words) or lines[-1].endswith("...")


def test_a_column_has_all_that_googlenet_is():
    """The numbers of each inception stand in its box, though a box is narrow."""
    report = stack("googlenet")
    texts = [each.text for each in singles(draw(report, width=COLUMN).shapes) if type(each) is Text]
    assert not [text for text in texts if text.endswith("...")]
    assert "inception_bn 64 96 128 16" in texts
