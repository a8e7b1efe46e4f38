"""The pixels that one unit reads: which there are, what is clipped, and the faults."""

import pytest

from cnncalc import Problem, rf, stack
from cnncalc.report.fields import find_larger
from cnncalc.speech.problem import Source
from cnncalc.trace.read_pixels import read_pixels
from cnncalc.trace.units import growing, read_unit, some, unit_of


def last(text):
    """Return the last row of a network."""
    return stack(text).rows[-1]


def ends(text, *place):
    """Return the first and last pixel that a unit of a network reads along each axis."""
    rows = stack(text).rows
    read = read_pixels(rows, rows[-1], place)
    return [read.ends(axis) for axis in range(len(place))]


@pytest.mark.parametrize(
    ("text", "sides"),
    [("3,4", ((5, 7), (7, 9))), (" 3 x 4 ", ((5, 7), (7, 9))), ("0,15", ((-1, 1), (29, 31)))],
)
def test_pixels(text, sides):
    """A 3x3 window of stride 2 and padding 1 begins at 2 times the unit, less 1."""
    assert read_unit(Source("--unit", text), last("32x32x1 -> conv 1 k3 s2 p1")).sides == sides


def test_clipped():
    """What lies beyond the border is clipped; a window of padding alone has nothing inside."""
    assert ends("8x8x1 -> conv 1 k3 p3", 2, 9) == [(0, 1), (6, 7)]
    assert ends("8x8x1 -> conv 1 k3 p3", 0, 5) == [None, (2, 4)]


def test_between_taps():
    """A transposed conv with fewer taps than its stride leaves units that read nothing."""
    row = last("8x1 -> deconv 1 k1 s2")
    assert [unit_of(row, (unit,)).sides for unit in range(3)] == [((0, 0),), (None,), ((1, 1),)]
    assert ends("8x1 -> deconv 1 k1 s2", 1) == [None]


def test_gaps():
    """A dilated window reads every other pixel; the padding of a layer between is no pixel."""
    rows = stack("8x8x1 -> conv 1 k3 d2 p2").rows
    assert read_pixels(rows, rows[-1], (1, 4)).blocks == (
        (((1, 1), (3, 3)), ((2, 2), (4, 4), (6, 6))),
    )
    assert ends("8x8x1 -> conv 1 k3 s2 -> conv 1 k3 p1", 2, 2) == [(2, 6), (2, 6)]


def test_bounded():
    """However many the pixels are, what is read is told soon, its gaps closed."""
    wide = "1000000000000x1 -> conv 1 k100000000 d3 -> conv 1 k7 s1000 d5"
    assert ends(wide, 5) == [(5000, 5000 + 30 + 3 * (10**8 - 1))]
    many = " -> ".join(["conv 1 k3 d9 s2"] * 12)
    rows = stack(f"9000000x1 -> {many}").rows
    assert ends(f"9000000x1 -> {many}", 9) == list(unit_of(rows[-1], (9,)).sides)


def test_middle():
    """Without a place the unit in the middle is meant."""
    assert unit_of(last("9x8x1 -> conv 1 k3 p1")).place == (4, 4)


@pytest.mark.parametrize(
    ("text", "code", "fix"),
    [
        ("", "unit-malformed", None),
        ("3,", "unit-malformed", None),
        ("3,x", "unit-malformed", None),
        (",3", "unit-malformed", None),
        ("a,b", "unit-malformed", None),
        ("-1,2", "unit-malformed", None),
        ("1.5,2", "unit-malformed", None),
        ("9" * 19 + ",1", "too-many-digits", None),
        ("3", "axes-do-not-match", None),
        ("3,4,5", "axes-do-not-match", None),
        ("3,14", "unit-out-of-range", "3,13"),
        ("99,99", "unit-out-of-range", "13,13"),
    ],
)
def test_faults(text, code, fix):
    """What is no unit of the map is refused; the nearest that there is, is offered and works."""
    row = last("14x14x1 -> conv 1 k3 p1")
    with pytest.raises(Problem) as caught:
        read_unit(Source("--unit", text), row)
    assert caught.value.code == code
    if fix:
        assert caught.value.fix.apply() == fix
        assert read_unit(Source("--unit", fix), row).text == fix
    elif code != "too-many-digits":
        sample = caught.value.helps[0].split("'")[1]
        assert read_unit(Source("--unit", sample), row)


def test_growing():
    """Rows whose fields grow, the largest last; auxiliary classifiers and others are left out."""
    rows = stack("32x32x4 -> relu -> aux[conv 1 k9] -> [conv 4 k3 p1 -> relu]*3 -> gap").rows
    assert [row.rf for row in growing(rows)] == [(3, 3), (5, 5), (7, 7)]
    assert some(list(range(18)), 6) == [0, 3, 6, 10, 13, 17]
    assert some([1, 2], 6) == [1, 2]


def test_first_larger():
    """VGG-16 on 200 pixels is first outgrown by its last pool, which sees 212."""
    assert find_larger(stack("vgg16").rows)[0] is None
    assert find_larger(stack("vgg16", input="200x224x3").rows)[0].rf == (212, 212)


def test_outputs_alone():
    """`rf --outputs` has a row for each output, marked or the last, with its size and stride."""
    found = rf("ssd300", outputs=True).to_dict()["rows"]
    marked = [row for row in stack("ssd300").rows if row.kind == "output"]
    assert [row["index"] for row in found] == [row.index for row in marked]
    assert [row["rf"]["jump"] for row in found] == [[*row.jump] for row in marked]
    (last,) = rf("32x32x3 -> conv 8 k3 s2 -> conv 8 k3", outputs=True).to_dict()["rows"]
    assert (last["index"], last["output"], last["rf"]["jump"]) == (2, [13, 13, 8], [2, 2])
