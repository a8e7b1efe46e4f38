"""Figures of fields: what is lit is what `rf --unit` says, and what a plane weighs adds up."""

import re
from itertools import combinations

import pytest
from command import printed
from hypothesis import given
from hypothesis import strategies as st
from variations import variations

from cnncalc import Problem, rf
from cnncalc.drawing import svg
from cnncalc.drawing.shapes import Box, Boxes, Text, TitledShapes, singles
from cnncalc.trace.effective_field import weigh
from cnncalc.trace.effective_plane import weigh_plane

NUMBER = 5.5
"""The size of the numbers beside a map."""


def typed(values):
    """Return how numbers for each axis are typed."""
    return "x".join(map(str, values))


@st.composite
def networks(draw, ranks=(1, 2), most=12):
    """Draw a small network with windows of all kinds, some of them in branches."""
    rank = draw(st.sampled_from(ranks))
    sizes = [draw(st.integers(5, most)) for _ in range(rank)]

    def odd():
        k = [draw(st.sampled_from([1, 3])) for _ in range(rank)]
        return f"k{typed(k)} p{typed(each // 2 for each in k)}"

    items = []
    for _ in range(draw(st.integers(1, 3))):
        k = typed(draw(st.integers(1, 3)) for _ in range(rank))
        s = draw(st.integers(1, 2))
        kinds = [
            f"conv 2 k{k} s{s} p1",
            f"conv 2 k3 d{s + 1} p2",
            f"maxpool {odd()} s1",
            f"deconv 2 k{k} s{s}",
            f"upsample {s + 1}",
            f"add[ conv 2 {odd()} | conv 2 {odd()} ]",
            f"concat[ conv 3 {odd()} | conv 1 {odd()} | maxpool {odd()} s1 ]",
        ]
        items.append(draw(st.sampled_from(kinds)))
    return f"{typed(sizes)}x2 -> {' -> '.join(items)}", draw(st.floats(0, 1))


def asked(text, part):
    """Return the fields of a network with a unit asked for; None where it has none such."""
    try:
        row = rf(text).report.rows[-1]
        unit = tuple(int(part * (size - 1)) for size in row.output[:-1])
        found = rf(text, at=row.index, unit=unit)
    except Problem:
        return None
    return found if all(map(all, found.reads.blocks)) and all(found.unit.sides) else None


def hold(figure):
    """Assert that all is on the page, and that no two texts overlap."""
    for each in figure.shapes:
        left, top, right, bottom = each.bounds
        assert min(left, top) >= 0
        assert right <= figure.width
        assert bottom <= figure.height
    texts = [each for each in singles(figure.shapes) if isinstance(each, Text)]
    for one, two in combinations(texts, 2):
        a, b = one.bounds, two.bounds
        beside = a[2] <= b[0] + 0.4 or b[2] <= a[0] + 0.4
        assert beside or a[3] <= b[1] + 0.4 or b[3] <= a[1] + 0.4, (one.text, two.text)


def middles(figure, anchor, along):
    """Return where the numbers beside the input stand, by their numbers."""
    numbers = [
        each
        for each in figure.shapes
        if isinstance(each, Text) and each.size == NUMBER and each.anchor == anchor
    ]
    return {int(each.text): each[along] for each in numbers}


@given(drawn=networks())
@pytest.mark.filterwarnings("ignore::cnncalc.NetworkWarning")
def test_what_is_lit_is_what_is_read(drawn):
    """The pixels of the input that are lit are those that `rf --unit` names; so do the others."""
    found = asked(*drawn)
    if found is None:
        return
    figure = found.figure()
    hold(figure)
    first = next(each for each in figure.shapes if isinstance(each, TitledShapes))
    boxes = [each for each in first.shapes if isinstance(each, Boxes) and each.fill == "pool"]
    columns, rows = middles(figure, "middle", 0), middles(figure, "end", 1)
    rank = len(found.unit.place)
    for y in rows if rank == 2 else (0,):
        for x in columns:
            at = columns[x], rows[y] if rank == 2 else boxes[0].places[0][1] + 1
            is_lit = any(
                left < at[0] < right and top < at[1] < bottom
                for each in boxes
                for left, top, right, bottom in each.places
            )
            place = (y, x)[-rank:]
            is_read = any(
                all(
                    any(low <= pixel <= high for low, high in runs)
                    for pixel, runs in zip(place, block, strict=True)
                )
                for block in found.reads.blocks
            )
            assert is_lit == is_read, place


@given(drawn=networks(ranks=(2,)))
@pytest.mark.filterwarnings("ignore::cnncalc.NetworkWarning")
def test_a_plane_adds_up_to_its_sides(drawn):
    """What pixels weigh, added up over rows and over columns, is what is exact along each axis."""
    found = asked(*drawn)
    if found is None:
        return
    rows, unit = found.report.rows, found.unit
    plane = weigh_plane(rows, unit.row, unit.place)
    whole = sum(map(sum, plane.rows))
    for axis, each in enumerate((plane, plane.turned())):
        wanted = weigh(rows, unit.row, unit.place[axis], axis)
        sides = {at: sum(row) / whole for at, row in enumerate(each.rows, each.first[0])}
        exact = {at: value / wanted.whole for at, value in enumerate(wanted.values, wanted.first)}
        for at in {*sides, *exact}:
            assert sides.get(at, 0) == pytest.approx(exact.get(at, 0), abs=1e-12)


def test_a_plane_of_branches_is_no_product():
    """A row and a column that are added up weigh as a cross does, and two corners nothing."""
    found = rf("9x9x1 -> add[ conv 1 k1x3 p0x1 | conv 1 k3x1 p1x0 ]", unit=(4, 4))
    plane = weigh_plane(found.report.rows, found.unit.row, found.unit.place)
    third = pytest.approx(1 / 3)
    assert plane.rows == [[0, third, 0], [third, pytest.approx(2 / 3), third], [0, third, 0]]


@given(drawn=networks(ranks=(1, 2, 3)))
@pytest.mark.filterwarnings("ignore::cnncalc.NetworkWarning")
def test_every_figure_of_fields_stands(drawn):
    """Growth, a unit and what pixels weigh: nothing overlaps, all is on the page, all is small."""
    text, _part = drawn
    for more in ({}, {"effective": True}):
        try:
            figure = rf(text, **more).figure()
        except Problem:
            continue
        hold(figure)
        assert len("\n".join(svg.write(figure))) < 60_000


@variations("name", ["vgg16", "resnet50", "unet", "128x4 -> [conv 4 k3 s2]*5"], 2)
@pytest.mark.filterwarnings("ignore::cnncalc.NetworkWarning")
def test_fields_of_large_networks_are_one_page(name):
    """They are a page wide, and as many fields as there is room for are drawn on the input."""
    figure = rf(name).figure()
    hold(figure)
    assert figure.width <= 504
    fields = [each for each in figure.shapes[0].shapes if isinstance(each, Boxes) and each.fill]
    assert 3 <= len([each for each in fields if each.fill.startswith("shade")]) <= 5
    hold(rf(name, effective=True).figure())


def test_three_convs_see_three_five_and_seven():
    """The figure of every lecture: three, five and seven pixels, one field in the other."""
    figure = rf("9x9x1 -> [conv 1 k3 p1]*3").figure()
    boxes = [each for each in figure.shapes[0].shapes if isinstance(each, Boxes) and each.fill]
    wide = [right - left for each in boxes for left, _top, right, _bottom in each.places]
    border = next(each for each in figure.shapes[0].shapes if isinstance(each, Box))
    assert [round(9 * each / border.width, 6) for each in wide] == [7, 5, 3]


def test_outputs_are_drawn_one_in_another(tmp_path):
    """Of outputs each has its field on the input, the largest below, and its own map."""
    ways = " -> ".join(f"[@stem -> conv 1 k{k} p{k // 2}] -> output" for k in (1, 3, 5))
    text = f"9x9x1 -> stem: conv 1 k3 p1 -> {ways}"
    figure = rf(text, outputs=True).figure()
    names = [each.title for each in figure.shapes if isinstance(each, TitledShapes)]
    assert len(names) == 4
    filled = [each for each in figure.shapes[0].shapes if isinstance(each, Boxes) and not each.line]
    wide = [each.bounds[2] - each.bounds[0] for each in filled if each.fill.startswith("shade")]
    assert [round(each / wide[-1] * 3, 6) for each in wide] == [7, 5, 3]
    file = tmp_path / "a.svg"
    assert printed(["rf", text, "--outputs", "-o", str(file)])[0] == 0
    assert file.read_text() == "".join(f"{line}\n" for line in svg.write(figure))


def test_the_file_is_the_figure(tmp_path):
    """`rf -o x.svg` writes it, `--draw -o x.tex` as TikZ; rows stay rows, pictures pictures."""
    text = "9x9x1 -> [conv 1 k3 p1]*3"
    file = tmp_path / "a.svg"
    assert printed(["rf", text, "-o", str(file)]) == (0, "", "")
    assert file.read_text() == "".join(f"{line}\n" for line in svg.write(rf(text).figure()))
    assert re.findall(r"https?://[^\"]*", file.read_text()) == ["http://www.w3.org/2000/svg"]
    assert printed(["rf", text, "--depth", "1", "-o", str(file)]) == (0, "", "")
    assert "rich-terminal" in file.read_text()
    file = tmp_path / "a.tex"
    assert printed(["rf", text, "-o", str(file)]) == (0, "", "")
    assert "tabular" in file.read_text()
    assert printed(["rf", text, "--draw", "--effective", "-o", str(file)]) == (0, "", "")
    assert "tikzpicture" in file.read_text()
