"""Keras' JSON with one hard layer each, and files that Keras saves: as Keras counts them."""

from __future__ import annotations

import ast
import json
import re
import zipfile
from pathlib import Path

import pytest
from command import printed

from cnncalc.api.network import stack
from cnncalc.importing.files import from_text
from cnncalc.notation.parser import parse
from cnncalc.report.report import Report
from cnncalc.speech.problem import Problem, Source
from cnncalc.trace.counters import COUNTERS
from cnncalc.trace.settings import Settings

FILES = Path(__file__).parent / "data" / "keras"
TRUTH = {
    row["file"]: row for row in map(json.loads, (FILES / "truth.jsonl").read_text().splitlines())
}


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", sorted(TRUTH))
def test_hard_layers(name):
    """Parameters and the output are Keras' own, MACs PyTorch's."""
    report = stack(FILES / name)
    assert (report.params, list(report.output)) == (TRUTH[name]["params"], TRUTH[name]["output"])
    assert report.macs == TRUTH[name].get("macs", report.macs)
    assert report.is_whole


NOT_ALL_COUNTED = ("ReversibleEmbedding", "n_lambda")


def test_each_layer_and_network():
    """Each layer of Keras, and networks of several inputs, outputs and shared parts, are exact."""
    rows = map(json.loads, (FILES / "each_layer.jsonl").read_text().splitlines())
    wrong = []
    for row in rows:
        found = from_text(Source(row["name"], json.dumps(row["model"])))
        network = parse(found.source)
        report = Report(network)
        whole = row["name"] not in NOT_ALL_COUNTED
        keras = Report(network._replace(held=found.held), Settings(like=COUNTERS["keras"]))
        told = [report.total("params"), report.is_whole, keras.total("params")]
        wanted = [row["params"], whole, row["count"]]
        if whole:
            told, wanted = [*told, report.total("macs")], [*wanted, row["macs"]]
        if len(row["output"]) == 1:
            told, wanted = [*told, list(report.rows[-1].output)], [*wanted, row["output"][0] or [1]]
        if told != wanted:
            wrong.append((row["name"], told, wanted))
    assert not wrong


def test_an_input_that_is_open_is_asked_for_by_its_name(tmp_path):
    """Of several inputs, one whose size a file leaves open is given by its name; help says so."""
    layers = [
        {"class_name": "InputLayer", "config": {"name": n, "batch_shape": [None, size, 6]}}
        for n, size in (("src", None), ("dst", 4))
    ]
    layers.append({"class_name": "Attention", "config": {"name": "a"}})
    for layer, reads in zip(layers, ([], [], ["src", "dst"]), strict=True):
        layer["name"] = layer["config"]["name"]
        layer["inbound_nodes"] = [[[each, 0, 0, {}] for each in reads]] if reads else []
    ends = {"input_layers": [["src", 0, 0], ["dst", 0, 0]], "output_layers": [["a", 0, 0]]}
    model = {"class_name": "Functional", "config": {"layers": layers, **ends}}
    (tmp_path / "two.json").write_text(json.dumps(model))
    status, _out, said = printed(["stack", "two.json"], tmp_path)
    assert (status, "--input src=128x6" in said) == (1, True)
    status, out, _said = printed(
        ["stack", "two.json", "--input", "src=128x6", "--get", "macs"], tmp_path
    )
    assert (status, out) == (0, f"{2 * 128 * 4 * 6}\n")


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_saved_files(tmp_path):
    """A file that Keras saves is a zip: the model in it is read as its JSON is."""
    saved = tmp_path / "net.keras"
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as file:
        file.write(FILES / "k_lstm.json", "config.json")
        file.writestr("model.weights.h5", b"\0" * 1000)
    assert stack(saved).params == TRUTH["k_lstm.json"]["params"]


def test_two_directions_are_alike_whatever_number_their_objects_have(tmp_path):
    """Keras numbers each initializer in what it saves, those of the two directions apart."""
    text = (FILES / "bi_sum.json").read_text()
    count = iter(range(99999))
    named = '"registered_name": null'
    text = re.sub(named, lambda _m: f'{named}, "shared_object_id": {next(count)}', text)
    assert "backward_layer" in text
    (tmp_path / "net.json").write_text(text)
    assert stack(tmp_path / "net.json").params == TRUTH["bi_sum.json"]["params"]


@pytest.mark.parametrize("content", [b"", b"PK\3\4 cut", b"{}"])
def test_saved_files_that_are_broken(content, tmp_path):
    """A file that is no zip, or has no model in it, is said to be so."""
    (tmp_path / "net.keras").write_bytes(content)
    status, _out, said = printed(["stack", "net.keras"], tmp_path)
    assert (status, "error[file-not-read]" in said) == (1, True)
    with zipfile.ZipFile(tmp_path / "net.keras", "w") as file:
        file.writestr("other.json", "{}")
    assert "error[file-not-read]" in printed(["stack", "net.keras"], tmp_path)[2]
    with zipfile.ZipFile(tmp_path / "net.keras", "w") as file:
        file.writestr("config.json", " " * 99)
    whole = (tmp_path / "net.keras").read_bytes()
    (tmp_path / "net.keras").write_bytes(whole[:50] + whole[70:])  # begins before its beginning
    said = printed(["stack", "net.keras"], tmp_path)[2]
    assert "no model that Keras saved stands in it" in said


@pytest.mark.parametrize(
    "text",
    [
        '{"class_name": "Sequential", "config": {"layers": true}}',
        '{"class_name": "Sequential", "config": {"layers": [5, null]}}',
        '{"class_name": "Functional", "config": {"layers": [], "output_layers": {}}}',
        '{"class_name": "Model", "config": [{"class_name": ["Dense"], "config": {}}]}',
        '{"class_name": "Model", "config": [{"class_name": "Model", "config": {"layers": "a"}}]}',
        '{"class_name": "Model", "config": [{"class_name": "Add", "inbound_nodes": "a"}]}',
    ],
)
def test_other_shapes(text):
    """JSON of another shape than Keras' is refused before it is read."""
    with pytest.raises(Problem) as fault:
        from_text(Source("<test>", text))
    assert fault.value.code == "file-not-keras"


def test_rescaling_and_scaled_sums():
    """A layer whose scale is a number is read, and so is a scaled sum of two."""
    layers = [
        {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [None, 4, 4, 3]}},
        {"class_name": "Rescaling", "config": {"name": "r", "scale": 0.5}},
        {"class_name": "Conv2D", "config": {"name": "c", "filters": 3, "kernel_size": [1, 1]}},
        {"class_name": "CustomScaleLayer", "config": {"name": "s", "scale": 0.1}},
    ]
    reads = [[], ["x"], ["r"], ["r", "c"]]
    for layer, names in zip(layers, reads, strict=True):
        layer["name"] = layer["config"]["name"]
        layer["inbound_nodes"] = [[[name, 0, 0, {}] for name in names]] if names else []
    config = {"layers": layers, "input_layers": [["x", 0, 0]], "output_layers": [["s", 0, 0]]}
    text = json.dumps({"class_name": "Functional", "config": config})
    found = from_text(Source("f.json", text))
    assert found is not None
    report = Report(parse(found.source))
    assert (report.total("params"), report.is_whole) == (12, True)
    assert {each.code for each in found.warnings} == {"stands-for-another"}


@pytest.mark.parametrize(
    ("name", "text", "kind", "line"),
    [
        (
            "odd.json",
            """{"class_name": "Sequential", "config": {"name": "odd", "layers": [
{"class_name": "InputLayer", "config": {"batch_input_shape": [null, 16, 16, 3]}},
{"class_name": "Rescaling", "config": {"name": "scaled"}},
{"class_name": "Dense", "config": {"name": "top", "units": 10}}]}}""",
            "stands-for-another",
            3,
        ),
        (
            "odd.cfg",
            "[net]\nwidth=8\nheight=8\nchannels=3\n[convolutional]\nfilters=2\n\n[capsule]\na=1",
            "read-in-part",
            8,
        ),
        (
            "odd.prototxt",
            """input: "x"
input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8
layer { name: "a" type: "ReLU" bottom: "x" top: "y" }
layer { name: "b" type: "Capsule" bottom: "y" top: "z" }""",
            "read-in-part",
            4,
        ),
    ],
)
def test_warnings_show_the_lines_of_the_file(name, text, kind, line):
    """What is said of a file points at its own line, as it is written there."""
    found = from_text(Source(name, text))
    (span,) = [each.labels[0].span for each in found.warnings if each.code == kind]
    assert span.place.startswith(f"{name}:{line}:")
    assert span.text in text


@pytest.mark.parametrize("name", ["older.h5", "newer.h5", "fixed.h5", "block.h5", "dense.h5"])
def test_older_files_of_keras(name, tmp_path):
    """An .h5 file holds the JSON in one of several layouts; what is cut short is none of Keras'."""
    report = stack(FILES / name)
    assert (report.params, report.output) == (5_370, (10,))
    data = (FILES / name).read_bytes()
    (tmp_path / "cut.h5").write_bytes(data[: len(data) // 2])
    status, _out, err = printed(["stack", str(tmp_path / "cut.h5")])
    assert (status, "file-not-" in err) == (1, True)


def test_a_layer_of_ones_own_keeps_the_shape_of_its_inputs():
    """What reads two tensors of one shape, and is no layer of Keras, stands there and is named."""
    layers = [
        {"class_name": "InputLayer", "name": "x", "config": {"batch_shape": [None, 6, 6, 3]}},
        {
            "class_name": "Conv2D",
            "name": "c",
            "config": {"name": "c", "filters": 3, "kernel_size": 1},
            "inbound_nodes": [[["x", 0, 0, {}]]],
        },
        {
            "class_name": "Blend",
            "name": "b",
            "config": {"name": "b"},
            "inbound_nodes": [[["x", 0, 0, {}], ["c", 0, 0, {}]]],
        },
    ]
    config = {"layers": layers, "input_layers": [["x", 0, 0]], "output_layers": [["b", 0, 0]]}
    found = from_text(Source("n.json", json.dumps({"class_name": "Model", "config": config})))
    report = Report(parse(found.source))
    assert (report.rows[-1].output, report.total("params"), report.is_whole) == (
        (6, 6, 3),
        12,
        False,
    )


@pytest.mark.parametrize(
    "odd",
    [
        {"class_name": "Conv2D", "config": {"name": "b", "filters": 3, "kernel_size": None}},
        {
            "class_name": "Pad",
            "module": "keras.src.ops.numpy",
            "config": {"name": "b", "pad_width": [[0, 0], [1], [1, 1], [0, 0]]},
        },
    ],
)
def test_a_layer_that_lacks_a_number_is_no_layer(odd):
    """A layer without the size of its windows, or of a border, is left out, and said to be."""
    layers = [
        {"class_name": "InputLayer", "config": {"batch_shape": [None, 6, 6, 3]}},
        {"class_name": "Conv2D", "config": {"name": "a", "filters": 3, "kernel_size": 3}},
        odd,
    ]
    text = json.dumps({"class_name": "Sequential", "config": {"layers": layers}})
    assert [each.code for each in from_text(Source("n.json", text)).warnings] == ["read-in-part"]


def as_json(call):
    """Write a call of Keras, its arguments by their names, as its JSON would."""
    config = {
        each.arg: as_json(each.value)
        if isinstance(each.value, ast.Call)
        else ast.literal_eval(each.value)
        for each in call.keywords
    }
    return {"class_name": call.func.id, "config": json.loads(json.dumps(config))}


def wrapped(text, volume, road, folder):
    """Return what is read of a call that wraps another, and its warnings' codes."""
    network = f"{'x'.join(map(str, volume))} -> {text}"
    if road == "json":
        entry = {"class_name": "InputLayer", "config": {"batch_shape": [None, *volume]}}
        layers = [entry, as_json(ast.parse(text, mode="eval").body)]
        network = folder / "net.json"
        network.write_text(json.dumps({"class_name": "Sequential", "config": {"layers": layers}}))
    elif road == "python":
        network = folder / "net.py"
        network.write_text(
            "from keras import Input, Model\nfrom keras.layers import *\n"
            f"x = Input({tuple(volume)})\nmodel = Model(x, {text}(x))\n"
        )
    try:
        report = stack(network)
    except Problem:
        return None
    return list(report.output), report.params


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("road", ["notation", "json", "python"])
def test_layers_that_wrap_another(road, tmp_path):
    """A Bidirectional and a TimeDistributed are Keras' own, or refused, on each road alike.

    Where sizes at each step must be known, notation alone refuses, which knows no volume.
    """
    rows = map(json.loads, (FILES / "wrappers.jsonl").read_text().splitlines())
    for row in rows:
        found = wrapped(row["text"], row["in"], road, tmp_path)
        unknown = road == "notation" and re.search("Flatten|Global|Reshape", row["text"])
        refused = unknown or "backward_layer=LSTM(units=8, go_backwards=True, use" in row["text"]
        assert found == (None if refused else (row["out"], row["params"])), row
