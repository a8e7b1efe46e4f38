"""Files of Darknet, Caffe and torch.export: whole, with the numbers that are known of them."""

from __future__ import annotations

import io
import json
import pickle
import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from command import printed
from tflite_files import LAYERS, VALID, WEIGHTS, flatbuffer, tflite

from cnncalc.api.network import stack
from cnncalc.importing.files import BINARY, from_text
from cnncalc.importing.onnx.translation import translate_model
from cnncalc.importing.torch_export.program import read_model
from cnncalc.notation.parser import parse
from cnncalc.report.report import Report
from cnncalc.speech.problem import Problem, Source

FILES = Path(__file__).parent / "data" / "files"
EXPORTED = [json.loads(line) for line in (FILES / "exported.jsonl").read_text().splitlines()]


def _report(text: str) -> Report:
    found = from_text(Source("f", text))
    assert found is not None
    return Report(parse(found.source))


def test_yolo_of_darknet():
    """YOLOv3-tiny: the floats of its published weights but for the running means and variances."""
    report = stack(FILES.parent / "imports" / "yolov3-tiny.cfg")
    filters = 16 + 32 + 64 + 128 + 256 + 512 + 1024 + 256 + 512 + 128 + 256
    assert report.params == 8_858_734 - 2 * filters
    assert [row.output for row in report.rows if row.kind == "output"] == [
        (13, 13, 255),
        (26, 26, 255),
    ]
    assert report.is_whole


@pytest.mark.parametrize(
    ("section", "output", "params"),
    [
        ("[convolutional]\nfilters=6\nsize=3\nstride=2\npad=1\ngroups=2", (4, 4, 6), 6 * 9 * 2 + 6),
        ("[convolutional]\nfilters=4\nsize=3\npadding=1\ngroups=4", (8, 8, 4), 4 * 9 + 4),
        ("[local]\nfilters=2\nsize=3\nstride=1\npad=0", (6, 6, 2), 36 * (2 * 36 + 2)),
        ("[maxpool]\nsize=3\nstride=1", (8, 8, 4), 0),
        ("[maxpool]\nsize=2\nstride=2", (4, 4, 4), 0),
        ("[avgpool]", (1, 1, 4), 0),
        ("[connected]\noutput=5", (5,), 256 * 5 + 5),
        ("[reorg]\nstride=2", (4, 4, 16), 0),
        ("[upsample]\nstride=2", (16, 16, 4), 0),
        ("[route]\nlayers=-1\ngroups=2\ngroup_id=1", (8, 8, 2), 0),
        ("[dropout]\nprobability=.5\n[softmax]", (8, 8, 4), 0),
    ],
)
def test_sections_of_darknet(section, output, params):
    """Each section gives what Darknet's own arithmetic gives, worked out by hand."""
    head = "[net]\nheight=8\nwidth=8\nchannels=4\n[convolutional]\nfilters=4\nactivation=linear\n"
    report = _report(f"{head}{section}\n")
    assert (report.rows[-1].output, report.total("params")) == (output, 20 + params)


def test_alexnet_of_caffe():
    """AlexNet of 2012, with two groups: what is known of it."""
    report = stack(FILES.parent / "imports" / "alexnet.prototxt")
    assert (report.params, report.macs) == (60_965_224, 724_406_816)
    assert report.output == (1000,)


@pytest.mark.parametrize(
    ("layers", "output", "params"),
    [
        ('{t} type: "Pooling" pooling_param { pool: AVE kernel_size: 3 stride: 2 }', (5, 5, 4), 0),
        ('{t} type: "Pooling" pooling_param { pool: MAX global_pooling: true }', (1, 1, 4), 0),
        ('{t} type: "PReLU" prelu_param { channel_shared: true }', (10, 10, 4), 1),
        (
            (
                '{t} type: "BatchNorm" }\nlayer { bottom: "y" top: "y" type: "Scale" '
                "scale_param { bias_term: true }"
            ),
            (10, 10, 4),
            8,
        ),
        (
            (
                '{t} type: "Deconvolution" convolution_param { num_output: 2 kernel_size: 4'
                " stride: 2 pad: 1 bias_term: false }"
            ),
            (20, 20, 2),
            4 * 2 * 16,
        ),
        (
            (
                '{t} type: "Convolution" convolution_param { num_output: 4 kernel_h: 3'
                " kernel_w: 1 group: 4 }"
            ),
            (8, 10, 4),
            4 * 3 + 4,
        ),
        ('{t} type: "Eltwise" bottom: "x"', (10, 10, 4), 0),
        ('{t} type: "Concat" bottom: "x"', (10, 10, 8), 0),
        ('{t} type: "InnerProduct" inner_product_param { num_output: 3 }', (3,), 1203),
    ],
)
def test_layers_of_caffe(layers, output, params):
    """Each layer gives what Caffe's own arithmetic gives, worked out by hand."""
    text = (
        'input: "x"\ninput_dim: 1 input_dim: 4 input_dim: 10 input_dim: 10\n'
        'layer { bottom: "x" top: "x" type: "ReLU" }\n'
        "layer { LAYER }\n"
    ).replace("LAYER", layers.replace("{t}", 'bottom: "x" top: "y"'))
    report = _report(text)
    assert (report.rows[-1].output, report.total("params")) == (output, params)


def test_sections_without_what_comes_in():
    """Where no [net] says what comes in, --input does; a file of other sections is none."""
    layers = "[convolutional]\nfilters=4\nsize=3\npad=1\nactivation=linear\n"
    for head in ("", "[net]\nheight=8\n"):
        with pytest.raises(Problem) as refused:
            from_text(Source("f.cfg", head + layers))
        assert refused.value.code == "size-left-open"
        assert refused.value.labels[0].span.place == "f.cfg:1:1"
        found = from_text(Source("f.cfg", head + layers), (8, 8, 3))
        assert Report(parse(found.source)).total("params") == 112
    with pytest.raises(Problem) as refused:
        from_text(Source("setup.cfg", "[metadata]\nname = x\nclassifiers =\n    Topic\n"))
    assert refused.value.code == "nothing-to-read"


@pytest.mark.parametrize(
    ("name", "text", "code", "line"),
    [
        ("f.cfg", "[net]\nheight=x\n[conv]\nfilters=4", "option-not-read", 2),
        ("f.cfg", "[net]\n{8}[conv]\nfilters=4\nsize=3.5", "option-not-read", 7),
        ("f.cfg", "[net]\n{8}[conv]\nfilters=4\nstride=0", "option-not-read", 7),
        ("f.cfg", "[net]\n{8}[conv]\nfilters=4\n[route]\nlayers=-1,-9", "option-not-read", 8),
        ("f.cfg", "[net]\n{8}[conv]\nfilters=4\n[route]\n", "option-not-read", 7),
        ("f.cfg", "[net]\n{8}[conv]\nfilters 4\n", "option-not-read", 6),
        (
            "f.cfg",
            "[net]\n{8}[conv]\n[conv]\nfilters=4\n[shortcut]\nfrom=-2",
            "shapes-do-not-add",
            8,
        ),
        ("f.prototxt", '{in}layer {t}\nlayer {type: "ReLU" bottom: "a"}', "option-not-read", 3),
        ("f.prototxt", "{in}layer {t}\nlayer {t}", "option-not-read", 3),
        ("f.prototxt", "{in}layer {c num_output: x }}", "option-not-read", 2),
        (
            "f.prototxt",
            "{in}layer {c num_output: 2 kernel_size: 3 stride: 0 }}",
            "option-not-read",
            2,
        ),
    ],
)
def test_faults_of_a_file_are_shown_at_their_lines(name, text, code, line):
    """What a file gives a layer and no layer takes is said, with its reason, at its line."""
    text = text.replace("{8}", "width=8\nheight=8\nchannels=3\n")
    text = text.replace("{in}", 'input: "x" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8\n')
    text = text.replace("{t}", '{ type: "ReLU" bottom: "x" top: "y" }')
    text = text.replace("{c", '{ type: "Convolution" bottom: "x" top: "y" convolution_param {')
    with pytest.raises(Problem) as refused:
        from_text(Source(name, text))
    (label,) = refused.value.labels
    assert (refused.value.code, label.span.place.split(":")[1]) == (code, str(line))
    assert label.text


@pytest.mark.parametrize(
    "text", ["layer {", "layer { name: }}", "layer { a: 1 }", "[net]\nwidth=3"]
)
def test_what_is_cut_short_is_refused(text):
    """A text that is no whole network is a fault that says so."""
    with pytest.raises(Problem):
        from_text(Source("f", text))


def test_exported_programs(tmp_path):
    """A file of torch.export has its parameters, and its attention put together."""
    with ZipFile(tmp_path / "m.pt2", "w") as saved:
        saved.writestr("m/models/model.json", (FILES / "exported.json").read_text())
    report = stack(tmp_path / "m.pt2")
    attention = 4 * 8 * 8 + 4 * 8
    assert report.params == 8 * 27 + 16 + attention + 90
    assert report.macs == 64 * 8 * 27 + 16 * 4 * 64 + 2 * 16 * 16 * 8 + 80
    assert "attention 2" in report.text
    assert report.is_whole
    for content in ("", "{}", json.dumps({"graph_module": {"graph": {}}})):
        with ZipFile(tmp_path / "bad.pt2", "w") as saved:
            saved.writestr("m/models/model.json", content)
        status, _out, err = printed(["stack", str(tmp_path / "bad.pt2")])
        assert (status, "file-not-read" in err) == (1, True)
        assert "save or download it once more" in err  # and no word of its path
        assert "path" not in err


def test_a_broken_node():
    """A node that is none leaves all others as they are: none is counted that is not there."""
    case = next(case for case in EXPORTED if case["name"] == "lrn")
    nodes = case["graph_module"]["graph"]["nodes"]
    for number, node in enumerate(nodes):
        for odd in (None, {}, {**node, "inputs": 5}, {**node, "target": [{}]}):
            broken = json.loads(json.dumps(case))
            broken["graph_module"]["graph"]["nodes"][number] = odd
            try:
                source, warnings = translate_model("m.pt2", read_model("m.pt2", broken))
            except Problem as problem:
                assert problem.code == "nothing-to-read"
            else:
                report = Report(parse(source))
                assert report.total("params") in (0, case["params"])
                assert not report.is_whole or report.total("params") or warnings


@pytest.mark.parametrize("case", EXPORTED, ids=[case["name"] for case in EXPORTED])
def test_modules_exported(case):
    """A module of torch.export is whole, with the parameters, MACs and sizes that PyTorch has."""
    source, _warnings = translate_model("m.pt2", read_model("m.pt2", case))
    report = Report(parse(source))
    assert report.is_whole
    assert (report.total("params"), report.total("macs")) == (case["params"], case["macs"])
    sizes = [
        sorted(size for size in dims if size > 1)
        for dims in (report.rows[-1].output, case["output"])
    ]
    assert sizes[0] == sizes[1]


def test_an_argument_that_fits_no_operator():
    """A node whose arguments are none of its operator's is named by itself; all else is read."""
    case = next(case for case in EXPORTED if case["name"] == "lstmlast")
    graph = json.loads(json.dumps(case))
    (node,) = (each for each in graph["graph_module"]["graph"]["nodes"] if "lstm" in each["target"])
    node["inputs"] = [each for each in node["inputs"] if each["name"] != "num_layers"]
    source, warnings = translate_model("m.pt2", read_model("m.pt2", graph))
    report = Report(parse(source))
    assert (report.total("params"), report.is_whole) == (16 * 4 + 4, False)
    assert f"{case['params'] - 16 * 4 - 4:,}" in " ".join(*(each.notes for each in warnings))


def test_a_tensor_of_two_names(tmp_path):
    """A parameter that is stored once under two names, of which one is read, is no lost one."""
    case = next(case for case in EXPORTED if case["name"] == "glu")
    module = json.loads(json.dumps(case["graph_module"]))
    (first, *_rest) = module["signature"]["input_specs"]
    twin = json.loads(json.dumps(first).replace("weight", "twin"))
    module["signature"]["input_specs"].insert(0, twin)
    sizes = module["graph"]["tensor_values"]
    sizes[twin["parameter"]["arg"]["name"]] = sizes[first["parameter"]["arg"]["name"]]
    names = [each["parameter"]["parameter_name"] for each in (twin, first)]
    for path, whole in (("w", True), ("v", False)):
        paths = {names[0]: {"path_name": "w"}, names[1]: {"path_name": path}}
        with ZipFile(tmp_path / "m.pt2", "w") as saved:
            saved.writestr("m/models/model.json", json.dumps({"graph_module": module}))
            saved.writestr(
                "m/data/weights/model_weights_config.json", json.dumps({"config": paths})
            )
        report = stack(tmp_path / "m.pt2")
        assert (report.params, report.is_whole) == (case["params"], whole)


def test_an_exported_einsum(tmp_path):
    """A sum over channels, as torch.export names what it takes, is a conv of one pixel."""
    torch = pytest.importorskip("torch")

    class Mixed(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.w = torch.nn.Parameter(torch.ones(5, 3))

        def forward(self, x):
            return torch.einsum("bchw,dc->bdhw", x, self.w)

    torch.export.save(torch.export.export(Mixed(), (torch.ones(1, 3, 8, 8),)), tmp_path / "m.pt2")
    assert stack(tmp_path / "m.pt2").macs == 8 * 8 * 3 * 5


@pytest.mark.filterwarnings("ignore::cnncalc.NetworkWarning")
def test_sizes_that_a_signature_leaves_open(tmp_path):
    """TensorFlow Lite writes 1 for an open size: it is asked for, and all follows from it."""
    sides = [(None, None, None, depth) for depth in (3, 4, 2)]
    weights = [((4, 3, 3, 3), WEIGHTS), ((2, 2, 2, 4), WEIGHTS), ((4,), (1, 1, 1, 2))]
    conv = ("CONV_2D", [0, 3], [1], {0: VALID, 1: (1, 4), 2: (1, 4)})
    grown = ("TRANSPOSE_CONV", [5, 4, 1], [2], {0: VALID, 1: (2, 4), 2: (2, 4)})
    file = tmp_path / "net.tflite"
    file.write_bytes(tflite([*sides, *weights], [conv, grown], [0], [2]))
    with pytest.raises(Problem, match="leaves the size of its input open"):
        stack(file)
    report = stack(file, input="9x7x3")
    assert (report.output, report.params) == ((14, 10, 2), 108 + 32)
    file.write_bytes(tflite([(1, 0, 8, 3), (1, 0, 8, 3)], [("ADD", [0, 0], [1])], [0], [1]))
    with pytest.raises(Problem, match="leaves the size of its input open"):
        stack(file)


@pytest.mark.filterwarnings("ignore::cnncalc.NetworkWarning")
def test_shapes_that_a_file_does_not_tell(tmp_path):
    """What is made may have no shape in a .tflite: it is worked out, or its layer is none here."""
    file = tmp_path / "net.tflite"
    resized = ("RESIZE_NEAREST_NEIGHBOR", [0], [1])
    file.write_bytes(tflite([(1, 8, 8, 3), ((), None)], [resized], [0], [1]))
    assert [row.kind for row in stack(file).rows] == ["input", "opaque"]
    grown = ("TRANSPOSE_CONV", [2, 3, 0], [1], {0: VALID, 1: (2, 4), 2: (2, 4)})
    sides, weights = [(1, 8, 8, 4), ((), None)], [((4,), (1, 16, 16, 2)), ((2, 2, 2, 4), WEIGHTS)]
    file.write_bytes(tflite([*sides, *weights], [grown], [0], [1]))
    report = stack(file)
    assert (report.output, report.params) == ((16, 16, 2), 32)


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_layers_of_tensorflow_lite(name, tmp_path):
    """Each operator gives the size that the file declares, and what is worked out by hand."""
    tensors, operators, (output, params, macs) = LAYERS[name]
    file = tmp_path / "net.tflite"
    file.write_bytes(tflite(tensors, operators, [0], [len(tensors) - 1]))
    report = stack(file)
    assert (report.output, report.params, report.macs) == (output, params, macs)
    assert report.is_whole


def test_tensorflow_lite_that_is_not_whole(tmp_path):
    """What is no layer here is named with its numbers; what is cut short is no such file."""
    tensors = [(1, 8), ((4, 8), WEIGHTS), (1, 4)]
    data = tflite(tensors, [("SVDF", [0, 1], [2])], [0], [2])
    file = tmp_path / "net.tflite"
    file.write_bytes(data)
    status, _out, err = printed(["stack", str(file)])
    assert (status, "SVDF" in err) == (0, True)
    assert not stack(file).is_whole
    for cut in (b"", data[:9], data[: len(data) // 2], flatbuffer({}), b"TFL3" * 9):
        file.write_bytes(cut)
        status, _out, err = printed(["stack", str(file)])
        assert (status, "file-not-read" in err) == (1, True)


def archive(*names):
    """Return a zip of files of these names."""
    made = io.BytesIO()
    with ZipFile(made, "w") as file:
        for name in names:
            file.writestr(name, "{}")
    return made.getvalue()


FOREIGN = {
    "a PNG picture": b"\x89PNG\r\n\x1a\n" + bytes(40),
    "a JPEG picture": b"\xff\xd8\xff\xe0" + bytes(40),
    "a PDF": b"%PDF-1.7\n",
    "a pickle of Python": pickle.dumps({"conv1.weight": [1.0]}),
    "weights that torch.save wrote": archive("net/data.pkl", "net/data/0"),
    "a model of TorchScript": archive("net/data.pkl", "net/code/__torch__.py"),
    "a model that Keras saved": archive("metadata.json", "config.json"),
    "a model that torch.export saved": archive("net/models/model.json"),
    "a zip": archive("net.txt"),
    "a file of safetensors": (40).to_bytes(8, "little") + b'{"w": {"dtype": "F32"}}',
    "a model of TensorFlow Lite": b"\x1c\0\0\0TFL3" + bytes(40),
    "a file in HDF5": b"\x89HDF\r\n\x1a\n" + bytes(40),
    "a web page": b"<!DOCTYPE html>\n<html>",
    "what Git keeps in place of a large file": b"version https://git-lfs.github.com/spec/v1\n",
    "a text in JSON": b'{"class_name": "Sequential"}',
    "a text": "32x32x3 → conv 10 k5".encode(),
}


@pytest.mark.parametrize("ending", BINARY)
def test_a_file_of_another_kind_is_told_what_it_is(tmp_path, ending):
    """Whatever stands in a file, its fault names it; under the name that is offered it is that."""
    for what, content in FOREIGN.items():
        path = tmp_path / f"net{ending}"
        path.write_bytes(content)
        with pytest.raises(Problem) as found:
            stack(path)
        problem = found.value
        if offered := re.fullmatch(r"give it a name that ends in '(.*)'", problem.helps[0]):
            assert not path.name.endswith(offered[1])
            path = path.rename(tmp_path / f"net{offered[1]}")
            try:
                stack(path)
            except Problem as other:
                assert other.message != problem.message
        if problem.message == "this file is not what its name says":
            assert problem.labels[0].text.startswith(f"{what}, no ")
        else:
            kinds = {".keras": "Keras", ".h5": "HDF5", ".hdf5": "HDF5", ".pt2": "torch.export"}
            assert {**kinds, ".tflite": "Lite"}[ending] in what


@pytest.mark.parametrize("ending", [".txt", ".json", ".cnn"])
def test_a_source_of_another_name_is_told_what_it_is(tmp_path, ending):
    """Lines of Python are no layers: the name under which they are read is offered."""
    path = tmp_path / f"net{ending}"
    path.write_text("import torch\nfrom torch import nn\nmodel = nn.Conv2d(3, 4, 3)\n")
    with pytest.raises(Problem) as found:
        stack(path)
    assert found.value.labels[0].text == "a source in Python"
    assert found.value.helps == ("give it a name that ends in '.py'",)
