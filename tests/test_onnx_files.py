"""Small ONNX files with one hard thing each: read whole and exact."""

from __future__ import annotations

import json
from pathlib import Path

import clock
import pytest
from onnx_files import call, encode, function, model, node, onnx_floats, tensor

from cnncalc.api.network import stack
from cnncalc.importing.onnx import functions
from cnncalc.importing.onnx.translation import translate
from cnncalc.notation.parser import parse
from cnncalc.report.report import Report
from cnncalc.speech.problem import Problem

FILES = Path(__file__).parent / "data" / "onnx"
TRUTH = {
    row["file"]: row for row in map(json.loads, (FILES / "truth.jsonl").read_text().splitlines())
}


@pytest.mark.filterwarnings("ignore::cnncalc.NetworkWarning")
@pytest.mark.parametrize("name", sorted(TRUTH))
def test_small_files(name):
    """Parameters, MACs and outputs are those of the file's own weights and shapes."""
    truth = TRUTH[name]
    report = stack(FILES / name)
    assert report.is_whole
    assert "read-in-part" not in [each.code for each in report.warnings]
    outputs = [
        sorted(size for size in row.output if size > 1)
        for row in report.rows
        if row.kind == "output"
    ] or [sorted(size for size in report.output if size > 1)]
    assert outputs == [sorted(size for size in each if size > 1) for each in truth["outputs"]]
    assert (report.params, report.macs) == (truth["params"], truth["macs"])


@pytest.mark.parametrize("units", [6, 80])
@pytest.mark.parametrize("name", ["val_16", "h0"])
def test_states_that_a_recurrent_layer_begins_with(units, name):
    """Zeros that an exporter fills in are not learned; what lies in another file may be."""
    first = (1, 1, units)
    weights = [
        tensor("w", (1, 3 * units, 4)),
        tensor("r", (1, 3 * units, units)),
        tensor("b", (1, 6 * units)),
    ]
    steps = [
        node("Transpose", "x", "steps", perm=[1, 0, 2]),
        node("GRU", f"steps w r b none {name}", "y", hidden_size=units),
    ]
    steps[1] = steps[1].replace(encode(1, "none"), encode(1, ""))
    own = 3 * units * (4 + units + 2)
    states = {
        "zeros": (onnx_floats(name, first, [0.0] * units), own, True),
        "numbers": (onnx_floats(name, first, [0.0] * (units - 1) + [0.5]), own + units, True),
        "elsewhere": (tensor(name, first), own + units * (name == "h0"), name == "h0"),
    }
    for kind, (state, params, whole) in states.items():
        source, _warnings = translate("m.onnx", model([1, 5, 4], steps, [*weights, state]))
        report = Report(parse(source))
        assert (kind, report.total("params"), report.is_whole) == (kind, params, whole)


def test_calls_of_one_name():
    """What a function makes in one call is apart from what it makes in another of the same name."""
    block = function(
        "F", "a w", "b", [node("Conv", "a w", "t", pads=[1, 1, 1, 1]), node("Relu", "t", "b")]
    )
    calls = [call("F", f"{one} w", other, "same") for one, other in ("xp", "pq", "qy")]
    file = model([1, 4, 6, 6], calls, [tensor("w", (4, 4, 3, 3))]) + block
    report = Report(parse(translate("m.onnx", file)[0]))
    assert [row.kind for row in report.rows] == ["input", *("conv", "relu") * 3]
    assert (report.total("params"), report.total("macs")) == (144, 3 * 36 * 144)


@pytest.mark.parametrize("nodes", [0, 1])
def test_calls_are_counted(nodes, monkeypatch):
    """Functions that call others twice are ended, though the last of them holds nothing."""
    monkeypatch.setattr(functions, "MOST_NODES", 500)
    made = [
        function(f"F{n}", "a", "b", [call(f"F{n + 1}", one, other, "") for one, other in pair])
        for n, pair in enumerate(["am", "mb"] for _each in range(12))
    ]
    made.append(function("F12", "a", "b", [node("Relu", "a", "b")] * nodes))
    file = model([1, 8], [call("F0", "x", "z", "f"), node("Relu", "x", "y")]) + b"".join(made)
    with pytest.raises(Problem, match="a file of a network has at most"):
        translate("m.onnx", file)


def test_a_tensor_that_two_nodes_make():
    """It is refused: what one of them learns would be lost."""
    nodes = [node("Conv", "x w", "y"), node("Relu", "x", "y")]
    with pytest.raises(Problem, match="two nodes"):
        translate("m.onnx", model([1, 3, 6, 6], nodes, [tensor("w", (4, 3, 3, 3))]))


def test_an_input_without_a_shape():
    """It is said that the input's size is open; a volume that is given has its channels last."""
    nodes = [node("Conv", "x w", "y")]
    bare = model(None, nodes, [tensor("w", (4, 3, 3, 3))])
    with pytest.raises(Problem, match="size of its input open"):
        translate("m.onnx", bare)
    report = Report(parse(translate("m.onnx", bare, (6, 6, 3))[0]))
    assert (report.rows[-1].output, report.total("params")) == ((4, 4, 4), 108)


def test_zeros_that_norms_share():
    """Shifts that begin as zeros are stored once, under the first norm's name: each has its own."""
    nodes = [
        node("LayerNormalization", "x a.weight a.bias", "p"),
        *(node("Identity", f"a.{name}", f"b.{name}") for name in ("weight", "bias")),
        node("LayerNormalization", "p b.weight b.bias", "y"),
    ]
    tensors = [onnx_floats("a.weight", [6], [1.0] * 6), onnx_floats("a.bias", [6], [0.0] * 6)]
    report = Report(parse(translate("m.onnx", model([1, 5, 6], nodes, tensors))[0]))
    assert [row.params for row in report.rows] == [0, 12, 12]


def test_weights_over_a_number_of_vectors():
    """Weights over a product of two vectors with a matrix, a spectral norm, are a layer's."""
    lines = "MatMul w.folded v m", "MatMul u m s", "Div w.original s w", "Conv x w y"
    nodes = [node(kind, f"{one} {other}", made) for kind, one, other, made in map(str.split, lines)]
    sizes = {"w.folded": (8, 27), "w.original": (8, 3, 3, 3), "u": (8,), "v": (27,)}
    file = model([1, 3, 9, 9], nodes, [tensor(*each) for each in sizes.items()])
    report = Report(parse(translate("m.onnx", file)[0]))
    assert (report.rows[1].kind, report.rows[1].params, report.rows[1].macs) == ("conv", 216, 10584)


def test_attentions_that_share_their_weights():
    """An attention of weights that one before it has learns nothing more, and costs as much."""
    nodes = []
    for each, turned in (("q", [0, 2, 1, 3]), ("k", [0, 2, 3, 1]), ("v", [0, 2, 1, 3])):
        nodes += [
            node("MatMul", f"a w{each}", f"{each}1"),
            node("Reshape", f"{each}1 s", f"{each}2"),
        ]
        nodes.append(node("Transpose", f"{each}2", each, perm=turned))
    nodes += [node("MatMul", "q k", "m"), node("Softmax", "m", "p"), node("MatMul", "p v", "c")]
    nodes += [node("Transpose", "c", "c1", perm=[0, 2, 1, 3]), node("Reshape", "c1 t", "c2")]
    block = function("F", "a wq wk wv wo s t", "b", [*nodes, node("MatMul", "c2 wo", "b")])
    calls = [call("F", f"{one} wq wk wv wo s t", to, to) for one, to in ("xz", "zy")]
    sizes = [tensor("s", [4], [1, 10, 3, 4]), tensor("t", [3], [1, 10, 12])]
    weights = [tensor(f"w{each}", (12, 12)) for each in "qkvo"]
    file = model([1, 10, 12], calls, [*weights, *sizes]) + block
    report = Report(parse(translate("m.onnx", file)[0]))
    assert (report.total("params"), report.total("macs")) == (576, 2 * (10 * 576 + 2400))
    assert [row.kind for row in report.rows][1:] == ["attention"] * 2


@pytest.mark.parametrize("dims", [(1,), (4, 1, 1)])
def test_constants_are_looked_up_once(dims):
    """What a long chain of nodes hands on to each of many others is found in time in proportion."""

    def read(count):
        chain = [("Identity", f"i{n}", f"i{n + 1}") for n in range(count)]
        adds = [("Add", f"a{n} i{count}", f"a{n + 1}") for n in range(count)]
        nodes = [node(*each) for each in (*chain, ("Relu", "x", "a0"), *adds)]
        file = model([1, 4, 8, 8], nodes, [tensor("i0", dims)], outputs=f"a{count}")
        return lambda: translate("m.onnx", file)

    assert clock.in_proportion(read, 250, 1000, 9)
