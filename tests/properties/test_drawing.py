"""Pictures against brute force: every cell of them, with colour and without."""

import re

from hypothesis import given
from hypothesis import strategies as st

from cnncalc.output.pixels import draw_ends, draw_fields, draw_weights
from cnncalc.trace.effective_field import Weights, holding


def sides(least, most):
    """Draw the first and last pixel of a box along an axis."""
    return st.tuples(st.integers(least, most), st.integers(least, most)).map(
        lambda pair: (min(pair), max(pair))
    )


def as_fields(boxes):
    """Return each box as a field of one block of one run along each axis."""
    return [[[[side] for side in box]] for box in boxes]


@st.composite
def scenes(draw, rank, most=30, boxes=3):
    """Draw an input and boxes on it, some of them beyond its border."""
    sizes = tuple(draw(st.integers(1, most)) for _ in range(rank))
    count = draw(st.integers(1, boxes))
    return sizes, [[draw(sides(-most // 3, most)) for _ in sizes] for _ in range(count)]


def expected(sizes, boxes, place):
    """Return the sign of a pixel: a box, the padding of one, the input, or nothing."""
    inside = all(0 <= each < size for each, size in zip(place, sizes, strict=True))
    for index, box in enumerate(boxes):
        if all(low <= each <= high for each, (low, high) in zip(place, box, strict=True)):
            return ("#" if len(boxes) == 1 else str(index + 1)) if inside else "+"
    return "." if inside else " "


def shown(sizes, boxes):
    """Return the first and last pixel along each axis that a picture without scaling shows."""
    beside = max(sizes)
    for axis, size in enumerate(sizes):
        low = min(0, *(box[axis][0] for box in boxes))
        high = max(size - 1, *(box[axis][1] for box in boxes))
        yield max(low, -beside), min(high, size - 1 + beside)


@given(scene=scenes(2, most=18))
def test_plane(scene):
    """Each character is what its pixel is, where no scaling is needed."""
    sizes, boxes = scene
    (top, bottom), (left, right) = shown(sizes, boxes)
    picture = draw_fields(sizes, as_fields(boxes), width=120, color=False)
    assert picture.scale == 1
    assert picture.lines == [
        " ".join(expected(sizes, boxes, (y, x)) for x in range(left, right + 1)).rstrip()
        for y in range(top, bottom + 1)
    ]


@given(scene=scenes(2, most=18))
def test_color(scene):
    """Colour says nothing that characters do not: without it the picture is the plain one."""
    sizes, boxes = scene
    plain = draw_fields(sizes, as_fields(boxes), width=120, color=False)
    colored = draw_fields(sizes, as_fields(boxes), width=120, color=True)
    bare = [re.sub(r"\x1b\[[0-9;]+m", "", line) for line in colored.lines]
    assert colored._replace(lines=bare) == plain


@given(scene=scenes(1, most=18))
def test_line(scene):
    """Along one axis each box has a line of its own."""
    sizes, boxes = scene
    ((first, last),) = shown(sizes, boxes)
    lines = draw_fields(sizes, as_fields(boxes), width=80, color=False).lines
    for index, (box, line) in enumerate(zip(boxes, lines, strict=True)):
        row = "".join(expected(sizes, [box], (each,)) for each in range(first, last + 1))
        assert line == (row if len(boxes) == 1 else row.replace("#", str(index + 1))).rstrip()


runs = st.lists(st.integers(1, 5), min_size=2, max_size=9).map(
    lambda steps: [
        (sum(steps[:i]) - 4, sum(steps[: i + 1]) - 6)
        for i in range(0, len(steps), 2)
        if steps[i] > 1
    ]
)


@given(
    sizes=st.tuples(st.integers(1, 18), st.integers(1, 18)),
    blocks=st.lists(st.tuples(runs, runs), min_size=1, max_size=3),
)
def test_gaps(sizes, blocks):
    """What a field does not read is drawn as the input, and blocks do not fill their corners."""
    lines = draw_fields(sizes, [blocks], width=120, color=False).lines
    held = {
        (y, x)
        for rows, columns in blocks
        for top, bottom in rows
        for left, right in columns
        for y in range(top, bottom + 1)
        for x in range(left, right + 1)
    }
    low = [min([0, *(run[0] for block in blocks for run in block[axis])]) for axis in (0, 1)]
    low = [max(each, -max(sizes)) for each in low]
    inside = [[y, x] for y in range(sizes[0]) for x in range(sizes[1])]
    for y, x in inside:
        assert lines[y - low[0]][2 * (x - low[1])] == ("#" if (y, x) in held else ".")


@given(
    sizes=st.lists(st.integers(1, 10**18), min_size=1, max_size=2),
    box=sides(-(10**18), 10**18),
    width=st.integers(20, 200),
    color=st.booleans(),
)
def test_bounded(sizes, box, width, color):
    """However large, a picture fits, and shows the box where there is one in what it shows."""
    boxes = [[box] * len(sizes)]
    picture = draw_fields(sizes, as_fields(boxes), width=width, color=color)
    assert len(picture.lines) <= 80
    bare = [re.sub(r"\x1b\[[0-9;]+m", "", line) for line in picture.lines]
    assert max(map(len, bare)) <= min(width, 80)
    pixels = max(sizes)
    assert picture.scale <= max(3 * pixels // 8, 1)


@given(
    values=st.lists(st.integers(0, 10**9), min_size=1, max_size=300).filter(any),
    first=st.integers(-999, 999),
    unicode=st.booleans(),
)
def test_profile(values, first, unicode):
    """The highest bar reaches the top line, what has no weight no line; the held run is ruled."""
    weights = Weights(first, tuple(values), sum(values))
    held = holding(weights)
    picture = draw_weights(weights, held, width=80, color=False, unicode=unicode)
    assert max(map(len, picture.lines)) <= picture.width <= 80
    colored = draw_weights(weights, held, width=80, color=True, unicode=unicode)
    bare = [re.sub(r"\x1b\[[0-9;]+m", "", line).rstrip() for line in colored.lines]
    assert colored._replace(lines=bare) == picture
    ends = draw_ends(weights, picture)
    if len(values) > 1:
        assert ends.split() == [str(weights.first), str(weights.last)]
        assert len(ends) == max(picture.width, len(f"{weights.first} {weights.last}"))
    top, low = picture.lines[0], picture.lines[7]
    assert set(top) & set("#\u2588")
    cells = -(-len(values) // picture.scale)
    if len(picture.lines) == 9:  # no numbers below
        for cell in range(cells):
            some = any(values[cell * picture.scale : (cell + 1) * picture.scale])
            assert (low.ljust(cells)[cell] != " ") == some
    else:
        assert list(map(int, picture.lines[9].split())) == values
    rule = picture.lines[8]
    if picture.scale == 1 and len(picture.lines) == 9:
        assert len(rule) - len(rule.lstrip()) == held[0] - first
        assert len(rule.strip()) == held[1] - held[0] + 1
