"""Several inputs: each part as it is alone, memory by hand, names, code that runs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import run

import cnncalc
from cnncalc import Problem, stack
from cnncalc.importing.sources import read_input, read_network
from cnncalc.notation.inputs import inputs
from cnncalc.notation.parser import parse
from cnncalc.notation.writer import write
from cnncalc.speech.problem import Source

CHAINS = st.lists(
    st.sampled_from(["conv 4 k3", "conv 6 k2 s2", "relu", "maxpool 2", "dwconv k3 p1", "bn"]),
    max_size=3,
)
VOLUMES = st.builds("{}x{}x{}".format, st.integers(16, 24), st.integers(16, 24), st.integers(1, 4))
PARTS = st.lists(st.tuples(VOLUMES, CHAINS), min_size=2, max_size=4)


def joined(parts, how):
    """Write parts that each have an input, joined at the end; `how`: in branches, or by labels."""
    ends = [" -> ".join([*chain, "gap", "flatten"]) for _volume, chain in parts]
    if how == "branches":
        branches = (f"{volume} -> {end}" for (volume, _chain), end in zip(parts, ends, strict=True))
        return f"concat[{' | '.join(branches)}] -> fc 3"
    items = [
        f"in{n}: {volume} -> {end} -> out{n}: identity"
        for n, ((volume, _chain), end) in enumerate(zip(parts, ends, strict=True))
    ]
    ends = [f"@out{n}" for n in range(len(parts))]
    return f"{' -> '.join(items)} -> concat[{' | '.join(ends)}] -> fc 3"


def held(report):
    """Return what is held at each row by brute force: every input, until it is last read."""
    wrote, size, last = {}, {}, {}
    for row in report.rows:
        at = row.index
        view = row.kind in ("flatten", "identity", "reference")
        over = row.kind in ("relu", "bn")
        wrote[at] = wrote[row.inputs[0]] if view else at
        if not view:
            size[at] = 1
            for each in row.output:
                size[at] *= each
        for source in row.inputs:
            last[wrote[source]] = max(last.get(wrote[source], 0), at - over)
    last[wrote[report.rows[-1].index]] = len(report.rows)
    starts = {at: 0 if report.rows[at].kind == "input" else at for at in size}
    return [
        4 * sum(size[at] for at in size if starts[at] <= row.index <= last.get(at, at))
        for row in report.rows
    ]


@given(PARTS, st.sampled_from(["branches", "labels"]))
def test_each_part_is_as_it_is_alone(parts, how):
    """Rows behind an input are those of that part by itself; behind the join no one field is."""
    text = joined(parts, how)
    report = stack(text)
    rows = iter(report.rows)
    for volume, chain in parts:
        for alone in stack(" -> ".join([volume, *chain, "gap", "flatten"])).rows:
            row = next(rows)
            names = ("kind", "output", "params", "macs", "rf", "start", "activations")
            for name in names:
                assert getattr(row, name) == getattr(alone, name), (text, row)
        if how == "labels":
            assert next(rows).kind == "identity"
    assert report.rows[-1].rf is None
    assert report.rows[-1].seen is None
    assert [row.peak for row in report.rows] == held(report), text
    parsed = parse(Source("<stack>", text))
    assert write(parse(Source("<stack>", write(parsed)))) == write(parsed)


@given(PARTS, st.sampled_from(["branches", "labels"]))
def test_exported_code_takes_them_all(parts, how):
    """Code out has an argument for each input, in their order, and gives what the rows say."""
    pytest.importorskip("torch")
    run(joined(parts, how))


SIAMESE = (
    "left: 28x28x1 -> tower: [conv 8 k5 -> maxpool 2] -> a: identity"
    " -> right: 28x28x1 -> again tower -> add[ @a | identity ] -> fc 2"
)
TOWER = "def tower { 20x20x3 -> conv 8 k3 -> gap -> flatten } "
TWO = "def two { a: 9x9x1 -> conv 4 k3 -> x: gap -> b: 6x6x2 -> conv 4 k3 -> add[ gap | @x ] } two"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("8x8x3 -> relu", ["input1"]),
        ("left: 8x8x3 -> relu", ["left"]),
        (SIAMESE, ["left", "right"]),
        ("concat[ 8x8x3 -> gap | 8x8x3 -> gap ]", ["input1", "input2"]),
        (
            "conv 8 k3 -> flatten -> c: fc 8 -> meta: 4 -> concat[ @c | identity ]",
            ["input1", "meta"],
        ),
        ("concat[ 4 -> fc 2 | C -> fc 2 ]", ["input1", "input2"]),
        (f"{TOWER} concat[ tower | tower ]", ["input1", "input2"]),
        (f"{TOWER} concat[ tower | b: 9x9x1 -> tower ]", ["input1", "b"]),
        (f"{TOWER} a: tower -> b: 9x9x3 -> again a -> add[ @a | identity ]", ["input1", "b"]),
        (TWO, ["a", "b"]),
    ],
)
def test_names(text, names):
    """An input goes by its label, else by its number; those of the one model are its own."""
    network = read_network(text)
    assert [each.name for each in inputs(network)] == names
    sizes = dict.fromkeys(names, "30x30x5")
    if "fc 2" in text and "tower" not in text and "28x28" not in text:
        sizes = dict.fromkeys(names, "7")
    elif "meta" in names:
        sizes["meta"] = "7"
    if "again" in text or ("identity" in text and "meta" not in names):
        sizes = dict.fromkeys(names, "30x30x3")
    report = stack(text, input=sizes)
    wanted = [tuple(map(int, size.split("x"))) for size in sizes.values()]
    assert [row.output for row in report.inputs] == wanted
    said = report.to_dict()["inputs"]
    assert [each["name"] for each in said] == names
    assert [report.rows[each["index"]].kind for each in said] == ["input"] * len(names)


@pytest.mark.parametrize("text", [SIAMESE, TWO, f"{TOWER} concat[ tower | tower ]"])
def test_hand_written_ones_run(text):
    """Siamese nets, models with inputs of their own, two of one model: their code runs."""
    pytest.importorskip("torch")
    run(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("8x8x3 -> [ 8x8x3 -> relu ]*2", "input-inside"),
        ("8x8x3 -> a: [ 8x8x3 -> conv 3 k1 ] -> again a", "input-inside"),
        (f"{TWO} -> fc 2", "input-inside"),
        ("8x8x3 -> maxpool 2,2", "said-otherwise"),
        ("8x8x3 -> fc 4 -> 8 -> fc 2", "volume-not-first"),
        ("8x8x3 -> fc 4 -> C -> fc 2", "unknown-layer"),
        ("concat[ 8x8x3 -> gap | conv 3 k1 ]", "volume-missing"),
        ("a: 8x8x3 -> a: 4x4x1 -> relu", "label-twice"),
    ],
)
def test_what_is_no_input(text, code):
    """A volume inside a count, what is used again or a call is refused; so is a bare number."""
    with pytest.raises(Problem) as found:
        stack(text)
    assert found.value.code == code


def test_the_head_is_what_input_sets():
    """A bare `--input` sets the first volume, and gives the one that is missing."""
    volumes = read_input(["9x9x3", "input2=4x4x1"])
    assert [volumes.head.sizes, dict(volumes.named)["input2"].sizes] == [(9, 9, 3), (4, 4, 1)]
    text = "concat[ 8x8x3 -> gap | 8x8x3 -> gap ]"
    read = cnncalc.read(text, input={"input2": "4x4x5"})
    assert [row.output for row in read.report(input="9x9x2").inputs] == [(9, 9, 2), (4, 4, 5)]
    with pytest.raises(Problem) as found:
        read_input(["1x1x1", "2x2x2"])
    assert found.value.code == "input-twice"
    with pytest.raises(Problem) as found:
        stack(text, input={"x": "1x1x1"})
    assert found.value.code == "unknown-input"


@pytest.mark.parametrize(
    ("last", "first"),
    [
        ("7x7x128 -> reshape 49x128 -> conv 8 k1", "128x7x7 -> reshape 128x49 -> conv 8 k1"),
        ('8x8x3 -> opaque "G" 4x6x16 -> relu', '3x8x8 -> opaque "G" 16x4x6 -> relu'),
        ("9x9x1 -> gap -> b: 7x5x2 -> gap", "1x9x9 -> gap -> b: 2x7x5 -> gap"),
        (
            "def f(n) { reshape 7x7x(n*2) } 7x14x64 -> f 64",
            "def f(n) { reshape (n*2)x7x7 } 64x7x14 -> f 64",
        ),
    ],
)
def test_channels_first(last, first):
    """Every volume in a text is read and written channels first under the option, and no other."""
    one, other = stack(last), stack(first, channels_first=True)
    assert [row.output for row in one.rows] == [row.output for row in other.rows]
    assert write(other.network, channels_first=True).endswith(first.split("} ")[-1])
    again = stack(write(other.network, channels_first=True), channels_first=True)
    assert [row.layer for row in again.rows] == [row.layer for row in other.rows]
    if "def" not in first:  # what waits for a number is written as it was typed
        assert stack(write(other.network)).rows[-1].output == one.rows[-1].output
