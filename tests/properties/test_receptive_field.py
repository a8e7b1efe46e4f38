"""Receptive fields against brute force: the set of inputs that reach an output, followed back."""

import math
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import layers

from cnncalc import stack
from cnncalc.trace.effective_field import holding, weigh
from cnncalc.trace.rows import Row


def read_by(row, output):
    """Return the positions of its input that an output of a 1-D layer reads, borders ignored."""
    node = row.node
    kind = node.kind.name
    values = dict(zip([each.name for each in node.kind.parameters], node.values, strict=True))

    def one(name, default=1):
        value = values.get(name, default)
        return value[0] if isinstance(value, tuple) else value

    if kind in ("conv", "dwconv", "maxpool", "avgpool"):
        pad = one("padding", 0)
        before = pad[0] if isinstance(pad, tuple) else pad
        if values.get("causal"):
            before = one("dilation") * (one("kernel") - 1)
        return {
            output * one("stride") - before + tap * one("dilation") for tap in range(one("kernel"))
        }
    if kind == "deconv":
        pad = one("padding", 0)
        before = pad[0] if isinstance(pad, tuple) else pad
        if values["same"]:
            extent = one("dilation") * (one("kernel") - 1) + 1
            before = max(extent - one("stride"), 0) // 2
        reads = ((output + before - tap * one("dilation")) for tap in range(one("kernel")))
        return {place // one("stride") for place in reads if place % one("stride") == 0}
    if kind in ("resize", "pixelshuffle", "pixelunshuffle"):
        n, out = row.input[0], row.output[0]
        if kind == "pixelunshuffle":
            return set(range(output * values["block"], (output + 1) * values["block"]))
        if not values.get("bilinear"):
            return {output * n // out}
        place = Fraction((2 * output + 1) * n, 2 * out) - Fraction(1, 2)
        return {math.floor(place), math.ceil(place)}
    if kind == "upsample" and values["bilinear"]:
        factor = one("factor")
        place = Fraction(2 * output + 1, 2 * factor) - Fraction(1, 2)
        return {math.floor(place), math.ceil(place)}
    if kind == "upsample":
        return {output // one("factor")}
    if kind in ("pad", "crop"):
        around = one("size")
        before = around[0] if isinstance(around, tuple) else around
        return {output - before if kind == "pad" else output + before}
    if kind == "adaptiveavgpool":
        n, out = row.input[0], row.output[0]
        return set(range(output * n // out, -(-(output + 1) * n // out)))
    return {output}


def seen_by(rows: list[Row], index: int, output: int) -> set[int]:
    """Return the input pixels that reach an output of a row, by following every path back."""
    row = rows[index]
    if index == 0:
        return {output}
    if row.kind in ("add", "concat"):
        return set().union(*(seen_by(rows, source, output) for source in row.inputs))
    reads = read_by(row, output)
    return set().union(*(seen_by(rows, row.inputs[0], each) for each in reads))


def weighed_by(row, output):
    """Return what each input of an output of a 1-D layer weighs in it, all filters uniform."""
    reads = read_by(row, output)
    if row.kind == "upsample":
        place = Fraction(2 * output + 1, 2 * row.node.values[0][0]) - Fraction(1, 2)
        if len(reads) > 1:
            return {each: 1 - abs(place - each) for each in reads}
    return {each: Fraction(1, len(reads)) for each in reads}


def weight_of(rows, index, output):
    """Return what each input pixel weighs in an output of a row, by following every path back."""
    row = rows[index]
    if index == 0:
        return {output: Fraction(1)}
    if row.kind in ("add", "concat"):
        concat = row.kind == "concat"
        whole = sum(rows[source].output[-1] for source in row.inputs)
        parts = [
            (source, output, Fraction(rows[source].output[-1], whole) if concat else 1)
            for source in row.inputs
        ]
    else:
        weighed = weighed_by(row, output)
        parts = [(row.inputs[0], each, share) for each, share in weighed.items()]
    found = {}
    for source, unit, share in parts:
        for pixel, weight in weight_of(rows, source, unit).items():
            found[pixel] = found.get(pixel, 0) + share * weight
    return found


def same_weights(rows, unit):
    """Assert that the last row's weights are those of brute force, and what holds most of them."""
    found = weigh(rows, rows[-1], unit, 0)
    brute = weight_of(rows, len(rows) - 1, unit)
    assert found.exact
    total = sum(brute.values())
    assert {
        pixel: Fraction(value, found.whole)
        for pixel, value in enumerate(found.values, found.first)
        if value
    } == {pixel: weight / total for pixel, weight in brute.items() if weight}
    edges = (found.first, found.last) if found.values else None
    assert rows[-1].window(0, unit) == edges
    if 0 < len(brute) <= 30:
        first, last = holding(found)
        runs = [
            (high - low + 1, low)
            for low in brute
            for high in brute
            if sum(weight for pixel, weight in brute.items() if low <= pixel <= high) * 20
            >= total * 19
        ]
        assert last - first + 1 == min(runs)[0]
        assert (last - first + 1, first) in runs


one_dimensional = layers(rank=1).filter(
    lambda text: (
        not text.startswith(("gap", "gmp", "flatten", "fc", "local", "slice"))
        and "same" not in text
    )
)


small = st.integers(1, 5)
resampling = st.one_of(
    st.builds("resize {}{}".format, st.integers(3, 60), st.sampled_from(["", " bilinear"])),
    st.sampled_from(["pixelshuffle 2", "pixelunshuffle 2", "channelmax", "pad 2 reflect"]),
    st.builds("conv 2 k{} s{} d{} causal".format, small, small, small),
    st.builds("deconv 2 k{} s{} same".format, small, small),
)


def see_as_traced(text, data):
    """Hold a unit of the last row to what goes into it; return the rows and the unit."""
    try:
        rows = stack(text).rows
    except Exception:  # noqa: BLE001 - a network that does not fit is not the matter here
        assume(False)
    unit = data.draw(st.integers(0, 12))
    assume(rows[-1].field is not None)
    seen = seen_by(rows, len(rows) - 1, unit)
    assert rows[-1].window(0, unit) == ((min(seen), max(seen)) if seen else None), text
    return rows, unit


@given(
    items=st.lists(st.one_of(resampling, one_dimensional), min_size=1, max_size=4), data=st.data()
)
def test_resampling(items, data):
    """So does each unit behind a resize, a pixel shuffle, a causal conv or a same deconv."""
    text = f"40x4 -> {' -> '.join(items)}"
    see_as_traced(text, data)


@given(items=st.lists(one_dimensional, min_size=1, max_size=4), data=st.data())
def test_chains_and_decoders(items, data):
    """Each unit of every layer sees exactly from its first to its last pixel."""
    text = f"200x2 -> {' -> '.join(items)}"
    same_weights(*see_as_traced(text, data))


branch = st.builds(
    "conv 4 k{0[0]} p{0[1]} d{0[2]}".format,
    st.tuples(st.integers(1, 5), st.integers(0, 4), st.integers(1, 3)),
)


@given(
    before=st.integers(1, 3),
    parts=st.lists(st.lists(branch, min_size=1, max_size=3), min_size=2, max_size=4),
    after=st.integers(1, 3),
)
def test_joins(before, parts, after):
    """Behind a join a unit sees the hull of what reaches it on any path."""
    sized = " | ".join(_kept(part) for part in parts)
    text = f"64x4 -> conv 4 k{before} s2 -> concat[{sized}] -> maxpool {after}"
    report = stack(text)
    last = len(report.rows) - 1
    for unit in range(4):
        seen = seen_by(report.rows, last, unit)
        assert report.rows[-1].window(0, unit) == (min(seen), max(seen))
    same_weights(report.rows, before)


def _kept(part):
    """Write a branch so that it ends as long as it began: cropped or padded at the end."""
    grown = 0
    for text in part:
        k, p, d = (int(word[1:]) for word in text.split()[2:])
        grown += 2 * p - d * (k - 1)
    end = f" -> crop 0:{grown}" if grown > 0 else f" -> pad 0:{-grown}" if grown < 0 else ""
    return " -> ".join(part) + end
