"""Windows in motion: what is lit at each step is what brute force and `rf --unit` say is read."""

import re
from itertools import combinations, product
from xml.etree import ElementTree as ET

import pytest
from command import printed
from hypothesis import given
from hypothesis import strategies as st
from variations import variations

from cnncalc import Problem, motion, rf, stack
from cnncalc.drawing import svg
from cnncalc.drawing.shapes import Box, Boxes, Moving, Text, TitledShapes, singles, still
from cnncalc.drawing.slides import slides
from cnncalc.drawing.windows import draw
from cnncalc.kinds.table import KINDS

SVG = "{http://www.w3.org/2000/svg}"
CELL = 14


def typed(values):
    """Return how numbers for each axis are typed."""
    return "x".join(map(str, values))


@st.composite
def layers(draw):
    """Draw a layer on a small map, and what an output of it reads along an axis, by brute force."""
    rank = draw(st.integers(1, 3))
    n = tuple(draw(st.integers(1, 5 if rank == 3 else 8)) for _ in range(rank))

    def numbers(least, most):
        return tuple(draw(st.integers(least, most)) for _ in range(rank))

    kind = draw(st.sampled_from(["conv", "conv", "maxpool", "deconv", "upsample", "pad"]))
    k, s, before, after = numbers(1, 4), numbers(1, 3), numbers(0, 2), numbers(0, 2)
    d = numbers(1, 2) if kind in ("conv", "deconv") else (1,) * rank
    sides = "x".join(f"{a}:{b}" for a, b in zip(before, after, strict=True))

    def slid(axis, out):
        start = out * s[axis] - before[axis]
        return {start + tap * d[axis] for tap in range(k[axis])}

    def scattered(axis, out):
        places = product(range(n[axis]), range(k[axis]))
        return {i for i, tap in places if i * s[axis] + tap * d[axis] == out + before[axis]}

    window = f"k{typed(k)} s{typed(s)} p{sides}"
    text, reads = {
        "conv": (f"conv 2 {window} d{typed(d)}", slid),
        "maxpool": (f"maxpool {window}{draw(st.sampled_from(['', ' ceil']))}", slid),
        "deconv": (f"deconv 2 {window} d{typed(d)}", scattered),
        "upsample": (f"upsample {typed(s)}", lambda axis, out: {out // s[axis]}),
        "pad": (f"pad {sides}", lambda axis, out: {out - before[axis]}),
    }[kind]
    return f"{typed(n)}x2 -> {text}", n, reads


def reported(text):
    """Return the report of a layer that can be drawn whole; None of one that does not fit."""
    try:
        report = stack(text)
    except Problem:
        return None
    along = slides(report.rows[-1])[-2:]
    return None if any(each.is_large for each in along) else report


def strips(figure, name):
    """Return where the rows and the columns of a map lie, in order: a cell each."""
    groups = [each for each in figure.shapes if isinstance(each, TitledShapes)]
    group = next(each for each in groups if each.title.startswith(name))
    fill = {"input": "conv-front", "output": "up-front"}[name]
    grids = [each for each in group.shapes if isinstance(each, Boxes)]
    first = next(number for number, each in enumerate(grids) if each.fill == fill)
    places = [place for each in grids[first:] for place in each.places]
    rows = {(top, bottom) for _, top, _, bottom in places if round(bottom - top, 3) == CELL}
    columns = {(left, right) for left, _, right, _ in places if round(right - left, 3) == CELL}
    return sorted(rows), sorted(columns)


def within(ends, squares, along):
    """Return the numbers of the strips in which the middles of squares lie."""
    middles = {(each[along] + each[along + 2]) / 2 for each in squares}
    return {
        number
        for middle in middles
        for number, (low, high) in enumerate(ends)
        if low < middle < high
    }


def lit(figure, step):
    """Return the rows and columns that are lit at a step, of the input and of the output."""
    shapes = still(figure.shapes, step)
    marks = [each for each in shapes if isinstance(each, Boxes) and each.fill == "pool"]
    read, made = (each.places for each in marks if each.line)
    for name, squares in (("input", read), ("output", made)):
        rows, columns = strips(figure, name)
        yield within(rows, squares, 1), within(columns, squares, 0)


def hold(figure):
    """Assert that all is on the page at every step, and that no two texts overlap."""
    for each in figure.shapes:
        left, top, right, bottom = each.bounds
        assert min(left, top) >= 0
        assert right <= figure.width
        assert bottom <= figure.height
    texts = [each.bounds for each in singles(figure.shapes) if isinstance(each, Text)]
    for one, two in combinations(texts, 2):
        beside = one[2] <= two[0] + 0.4 or two[2] <= one[0] + 0.4
        assert beside or one[3] <= two[1] + 0.4 or two[3] <= one[1] + 0.4, (one, two)


@given(drawn=layers())
@pytest.mark.filterwarnings("ignore::cnncalc.NetworkWarning")
def test_each_step_lights_what_is_read(drawn):
    """At each step those pixels are lit that brute force reads, and the unit that they make."""
    text, sizes, reads = drawn
    report = reported(text)
    if report is None:
        return
    figure = draw(report)
    hold(figure)
    outs = report.rows[-1].output[:-1]
    drawn_axes = range(len(outs))[-2:]
    steps = list(product(*(range(outs[axis]) for axis in drawn_axes)))
    for step, place in enumerate(steps):
        read, made = lit(figure, step)
        assert [*made][-len(place) :] == [{unit} for unit in place]
        for axis, unit, seen in zip(drawn_axes, place, read[-len(place) :], strict=True):
            assert seen == {each for each in reads(axis, unit) if 0 <= each < sizes[axis]}, axis
    if len(outs) < 3:
        told = rf(text, at=1, unit=steps[-1]).reads
        for axis, seen in zip(drawn_axes, read[-len(outs) :], strict=True):
            runs = {each for low, high in told.runs(axis) for each in range(low, high + 1)}
            assert seen == runs or not all(read)


@variations(
    "words",
    [
        "conv 5x5x1 1 k3 s2 p1",
        "conv 16x16x3 2 k16 p7",
        "conv 16x16x3 2 k3 same",
        "deconv 8x8x1 1 k4 s2 p1",
        "pool 16x1 k3 s1 p1",
        "adaptiveavgpool 7x10x1 3x4",
        "conv 6x6x6x4 4 k3 g2 same",
    ],
    4,
)
def test_a_figure_in_motion_is_one_small_file(words, tmp_path):
    """It parses, has no script and nothing from elsewhere, is under 100 kB, and goes as drawn."""
    name, volume, *rest = words.split()
    file = tmp_path / "a.svg"
    assert printed([name, volume, *rest, "-o", str(file)]) == (0, "", "")
    text = file.read_text()
    assert len(text) < 100_000
    assert re.findall(r"https?://[^\"]*", text) == ["http://www.w3.org/2000/svg"]
    root = ET.fromstring(text)  # noqa: S314 - ours
    assert not root.findall(f".//{SVG}script")
    kind = {"pool": "maxpool"}.get(name, name)
    figure = draw(stack(f"{volume} -> {kind} {' '.join(rest)}"))
    assert text == "".join(f"{line}\n" for line in svg.write(figure))
    moving = [each for each in figure.shapes if isinstance(each, Moving)]
    written = [each for each in root.iter(f"{SVG}g") if each.get("transform")]
    assert len(moving) == len(written)
    for shape, element in zip(moving, written, strict=True):
        step = element.find(f"{SVG}animateTransform")
        places = step.get("values").split(";")
        assert element.get("transform") == f"translate({places[0]})"
        path = element.find(f"{SVG}path").get("d")
        x, y = map(float, re.match(r"M([\d.]+) ([\d.]+)", path).groups())
        for number, place in enumerate(places):
            dx, dy = map(float, place.split())
            if at := shape.at(number):
                left, top, *_ends = at[0].places[0]
                assert (x + dx, y + dy) == pytest.approx((left, top), abs=0.15)
            else:
                assert dx < -figure.width


@given(
    groups=st.integers(2, 6),
    read=st.integers(1, 3),
    made=st.integers(1, 3),
    name=st.sampled_from(["conv", "deconv", "dwconv"]),
)
def test_groups_are_parted(groups, read, made, name):
    """Sheets are coloured by their group, and told which channels it reads and makes."""
    if name == "dwconv":
        read = made = 1
        text = f"5x5x{groups} -> dwconv k3 p1"
    else:
        text = f"5x5x{groups * read} -> {name} {groups * made} k3 p1 g{groups}"
    figure = draw(stack(text))
    hold(figure)
    reads = {
        number: [at for at in range(groups * read) if at // read == number] for number in (1, 2)
    }
    makes = {
        number: [at for at in range(groups * made) if at // made == number] for number in (1, 2)
    }
    texts = [each.text for each in singles(figure.shapes) if isinstance(each, Text)]
    maps = [each for each in figure.shapes if isinstance(each, TitledShapes)]
    for number, fill in ((1, "fc-front"), (2, "sequence-front")):
        shown = number < groups
        assert any(text.startswith(f"group {number}:") for text in texts) == shown
        for here, channels in zip(maps, (reads[number], makes[number]), strict=True):
            behind = [each for each in here.shapes if isinstance(each, Box) and each.fill == fill]
            assert len(behind) == (min(len(channels), 2) if shown else 0)
        if shown:
            words = next(text for text in texts if text.startswith(f"group {number}:"))
            found = [int(each) for each in re.findall(r"\d+", words)[1:]]
            ends = {
                *(reads[number][:1] + reads[number][-1:]),
                *(makes[number][:1] + makes[number][-1:]),
            }
            assert {*found} == ends


def test_python_draws_what_the_command_does(tmp_path, monkeypatch):
    """`motion` gives the bytes of a layer's command, in motion, still and side by side."""
    monkeypatch.chdir(tmp_path)
    words = ["conv", "6x5x2", "2", "k3", "p1"]
    text = "6x5x2 -> conv 2 k3 p1"
    for more, asked in (
        ([], {}),
        (["--still", "7"], {"still": 7}),
        (["--still", "1,2"], {"still": (1, 2)}),
        (["--frames"], {"frames": True}),
    ):
        assert printed([*words, *more, "-o", "a.svg"]) == (0, "", "")
        picture = motion(text, **asked)
        assert (tmp_path / "a.svg").read_text() == picture == picture._repr_svg_()
    for wrong in ({"still": 1, "frames": True}, {"still": 99}, {"format": "png"}):
        with pytest.raises(Problem):
            motion(text, **wrong)


def test_what_has_windows_is_drawn():
    """The kinds that can be drawn are those whose examples have windows."""
    for name, kind in KINDS.items():
        try:
            reach = stack(kind.example).rows[-1].measure.reach
        except Problem:
            reach = ()
        assert (isinstance(reach, tuple) and bool(reach)) == kind.windowed, name


@pytest.mark.parametrize(
    "words",
    [
        "conv 16x16x1 1 k3 p1",
        "conv 16x16x1 1 k11 p5",
        "conv 9x16x8 2 k1x3 s1x2",
        "deconv 5x5x1 1 k3 s2",
        "pool 12x3 k3",
        "conv 4x4x4x1 1 k2",
    ],
)
def test_a_film_strip_is_a_page(words):
    """Steps side by side are 100 kB and a page wide at most, and no text lies on another."""
    name, volume, *rest = words.split()
    kind = {"pool": "maxpool"}.get(name, name)
    figure = draw(stack(f"{volume} -> {kind} {' '.join(rest)}"), frames=True)
    hold(figure)
    assert figure.width < 540
    assert len("\n".join(svg.write(figure))) < 100_000
    assert not any(isinstance(each, Moving) for each in figure.shapes)


@given(
    sizes=st.tuples(st.integers(1, 10**6), st.integers(17, 10**6)),
    k=st.integers(1, 40),
    s=st.integers(1, 5),
    p=st.integers(0, 19),
    name=st.sampled_from(["conv 2", "maxpool", "deconv 2"]),
    part=st.floats(0, 1),
)
@pytest.mark.filterwarnings("ignore::cnncalc.NetworkWarning")
def test_a_large_map_is_one_step(sizes, k, s, p, name, part):
    """Of a large map one step is drawn, small, with the numbers of what `rf --unit` reads."""
    text = f"{typed(sizes)}x2 -> {name} k{k} s{s} p{p}"
    try:
        report = stack(text)
    except Problem:
        return
    outs = report.rows[-1].output[:-1]
    unit = tuple(int(part * (out - 1)) for out in outs)
    figure = draw(report, at=",".join(map(str, unit)))
    hold(figure)
    assert len("\n".join(svg.write(figure))) < 40_000
    words = " ".join(each.text for each in singles(figure.shapes) if isinstance(each, Text))
    for side in rf(text, at=1, unit=unit).unit.sides:
        assert side is None or f"{side[0]}..{side[1]}" in words


def test_huge_numbers_are_drawn_at_once():
    """A kernel and a map of eighteen digits cost no more than small ones."""
    n = 10**17
    figure = draw(stack(f"{n}x{n}x1 -> conv 1 k{n // 2} s3 p{n // 3} d2"))
    hold(figure)
    assert len("\n".join(svg.write(figure))) < 60_000
