"""Figures at a width: no wider than was asked for, and read where they can be."""

import re
import warnings

import pytest
from command import printed
from hypothesis import given
from hypothesis import strategies as st

from cnncalc import NetworkWarning, stack
from cnncalc.drawing import svg
from cnncalc.drawing.figures import STYLES, draw
from cnncalc.drawing.page import HIGHEST, fit, read_width
from cnncalc.drawing.shapes import Figure

COLUMN, PAGE = 3.3 * 72, 7 * 72
"""A column of a paper of two, and both of them."""


@pytest.mark.parametrize("name", ["alexnet", "vgg16", "unet", "resnet50", "googlenet", "lenet5"])
def test_papers_have_room(name):
    """Well-known networks have texts of 4 points or more in a column, and of 5 on a page."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NetworkWarning)
        report = stack(name)
    for width, least in ((COLUMN, 4.0), (PAGE, 5.0)):
        figure = draw(report, width=width)
        assert figure.width * figure.scale <= width + 1e-6
        assert figure.height * figure.scale <= HIGHEST + 1e-6
        assert figure.scale * 6.5 >= least


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
    words = ["draw", "alexnet", "--style", "volumes", "--depth", "9", "--width", "3.3in"]
    assert printed([*words, "-o", str(file)])[0] == 0
    scale = float(re.search(r"scale=([\d.]+),transform shape", file.read_text())[1])
    wide = float(re.search(r"rectangle \(([\d.]+),", file.read_text())[1])
    assert scale * wide == pytest.approx(237.6, abs=0.1)
