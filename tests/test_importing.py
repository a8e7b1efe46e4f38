"""ONNX files, Keras' JSON and prints are read as what frameworks say that they are."""

import json
import random
from collections import Counter
from math import prod
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx_files import encode, info, model, node, onnx_floats, tensor, varint
from variations import variations

from cnncalc.api.network import stack
from cnncalc.api.report import Report
from cnncalc.importing import nesting, protobuf
from cnncalc.importing.files import from_text
from cnncalc.importing.graph import Graph
from cnncalc.importing.layers import make
from cnncalc.importing.onnx import translation
from cnncalc.importing.pages import Pages
from cnncalc.importing.prints import order as pytorch
from cnncalc.importing.protobuf import Message
from cnncalc.importing.sources import read_network
from cnncalc.notation.parser import parse
from cnncalc.notation.writer import write
from cnncalc.report.lines import totals
from cnncalc.speech.problem import Problem, Source

DATA = Path(__file__).parent / "data"
FILES = DATA / "imports"
TRUTH = {
    row["name"]: row
    for name in ("networks", "networks_more")
    for row in map(json.loads, (DATA / f"{name}.jsonl").read_text().splitlines())
}
KERAS = {
    row["name"]: row for row in map(json.loads, (FILES / "keras.jsonl").read_text().splitlines())
}
FOLDED = "_dynamo"  # exported with its batch norms folded into its convolutions


def sized(rows):
    """Count outputs, their sizes in one order and without what is 1 wide, with a number each."""
    return Counter((tuple(sorted(size for size in out if size > 1)), n) for out, n in rows)


# ruff: noqa: E501 - a line of the table of operators is a layer

# ---------------------------------------------------------------- ONNX


@variations("name", sorted(p.stem for p in FILES.glob("*.onnx") if "light" not in p.stem), 5)
def test_onnx_of_torchvision(name):
    """An exported network has the parameters, the MACs and each output that PyTorch measures."""
    truth = TRUTH[name.removesuffix(FOLDED)]
    report = stack(FILES / f"{name}.onnx")
    assert report.macs == truth["macs"]
    assert (report.params == truth["params"]) == (FOLDED not in name)
    assert not [each for each in report.warnings if each.code != "input-left-over"]
    if "leaves" in truth and isinstance(truth["leaves"], list):
        measured = [(out, macs) for _, out, _, macs in truth["leaves"] if macs]
        assert sized((row.output, row.macs) for row in report.rows if row.macs) == sized(measured)


@pytest.mark.parametrize(
    ("name", "params"), [("bvlc_alexnet", 60_965_224), ("inception_v1", 6_998_552)]
)
def test_onnx_of_caffe(name, params):
    """Files of the ONNX project: AlexNet with two groups, and GoogLeNet as in its paper."""
    report = stack(FILES / f"light_{name}.onnx")
    assert report.params == params
    assert report.output == (1000,)


def read(dims, nodes, tensors=(), given=None, **more):
    """Return a small ONNX file in notation, on one line, and its warnings' codes."""
    source, warnings = translation.translate("f.onnx", model(dims, nodes, tensors, **more), given)
    return write(parse(source)), [each.code for each in warnings]


W, B = tensor("w", [8, 3, 3, 3]), tensor("b", [8])
LAYERS = [
    # an operator, its tensors, what it reads beside x, its attributes; the layer, its output
    ("Conv", [W, B], "w b", {"pads": [1, 1, 1, 1]}, "conv 8 k3 p1", (9, 9, 8)),
    ("Conv", [W], "w", {"pads": [0, 1, 2, 1]}, "conv 8 k3 p0:2x1 nobias", (9, 9, 8)),
    ("Conv", [W], "w", {"strides": [2, 2], "auto_pad": "SAME_UPPER"}, "conv 8 k3 s2 same nobias", (5, 5, 8)),
    ("Conv", [tensor("w", [8, 3, 4, 4])], "w", {"auto_pad": "SAME_LOWER"}, "conv 8 k4 p2:1 nobias", (9, 9, 8)),
    ("Conv", [tensor("w", [3, 1, 3, 1])], "w", {"group": 3, "dilations": [2, 1]}, "dwconv k3x1 d2x1 nobias", (5, 9, 3)),
    ("Conv", [tensor("w", [6, 1, 3, 3])], "w", {"group": 3}, "dwconv 6 k3 nobias", (7, 7, 6)),
    ("ConvTranspose", [tensor("w", [3, 4, 4, 4])], "w", {"strides": [2, 2], "pads": [1, 1, 1, 1]}, "deconv 4 k4 s2 p1 nobias", (18, 18, 4)),
    ("ConvTranspose", [tensor("w", [3, 4, 3, 3])], "w", {"strides": [2, 2], "pads": [1, 1, 1, 1], "output_padding": [1, 1]}, "deconv 4 k3 s2 p1 op1 nobias", (18, 18, 4)),
    ("ConvTranspose", [tensor("w", [3, 4, 3, 3])], "w", {"strides": [2, 2], "output_shape": [18, 18]}, "deconv 4 k3 s2 p0:1 nobias", (18, 18, 4)),
    ("MaxPool", [], "", {"kernel_shape": [2, 2]}, "maxpool 2 s1", (8, 8, 3)),
    ("MaxPool", [], "", {"kernel_shape": [2, 2], "strides": [2, 2], "ceil_mode": 1}, "maxpool 2 ceil", (5, 5, 3)),
    ("AveragePool", [], "", {"kernel_shape": [3, 3], "strides": [3, 3], "count_include_pad": 1}, "avgpool 3", (3, 3, 3)),
    ("GlobalMaxPool", [], "", {}, "gmp", (1, 1, 3)),
    ("ReduceMean", [], "", {"axes": [2, 3], "keepdims": 0}, "gap -> flatten", (3,)),
    ("ReduceMean", [], "", {"axes": [-1]}, "avgpool 1x9", (9, 1, 3)),
    ("Flatten", [], "", {}, "flatten", (243,)),
    ("BatchNormalization", [tensor(n, [3]) for n in "stmv"], "s t m v", {}, "bn", (9, 9, 3)),
    ("InstanceNormalization", [tensor(n, [3]) for n in ("scale", "shift")], "scale shift", {}, "in affine", (9, 9, 3)),
    ("PRelu", [tensor("a", [3, 1, 1])], "a", {}, "prelu", (9, 9, 3)),
    ("LeakyRelu", [], "", {"alpha": 0.25}, "leakyrelu 0.25", (9, 9, 3)),
    ("LRN", [], "", {"size": 5}, "lrn 5", (9, 9, 3)),
    ("Clip", [], "", {"min": 0.0, "max": 6.0}, "relu6", (9, 9, 3)),
    ("Pad", [], "", {"pads": [0, 0, 1, 2, 0, 0, 1, 0]}, "pad 1x2:0", (11, 11, 3)),
    ("Pad", [], "", {"pads": [0, 0, -1, 0, 0, 0, -1, 0]}, "crop 1x0", (7, 9, 3)),
    ("Slice", [], "", {"axes": [1], "starts": [1], "ends": [3]}, "slice 1 3", (9, 9, 2)),
    ("Slice", [], "", {"axes": [2], "starts": [-4], "ends": [9]}, "crop 5:0x0", (4, 9, 3)),
    ("Slice", [tensor(n, [1], v) for n, v in (("from", [0]), ("to", [99]), ("ax", [3]), ("by", [2]))], "from to ax by", {}, "maxpool 1 s1x2", (9, 5, 3)),
    ("Resize", [tensor("roi", [1]), tensor("none", [1]), tensor("to", [4], [1, 3, 18, 27])], "roi none to", {"mode": "linear"}, "upsample 2x3 bilinear", (18, 27, 3)),
    ("Mul", [tensor("gamma", [3, 1, 1])], "gamma", {}, "layerscale", (9, 9, 3)),
    ("Pad", [], "", {"pads": [0, 0, -1, 2, 0, 0, 0, -1]}, "pad 0x2:0 -> crop 1:0x0:1", (8, 10, 3)),
    ("ConvTranspose", [tensor("w", [3, 4, 3, 3])], "w", {"strides": [3, 2], "output_shape": [28, 20]}, "deconv 4 k3 s3x2 op1 nobias", (28, 20, 4)),
    ("Transpose", [], "", {"perm": [0, 2, 3, 1]}, "", (9, 9, 3)),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "tensors", "reads", "attributes", "layer", "output"), LAYERS)
def test_onnx_operators(kind, tensors, reads, attributes, layer, output):
    """Each operator is the layer that its definition says, on a map of 9x9x3."""
    nodes = [node("Relu", "x", "r"), node(kind, f"r {reads}", "z", **attributes)]
    nodes.append(node("Tanh", "z", "y"))
    text, codes = read([1, 3, 9, 9], nodes, tensors)
    between = f" -> {layer}" if layer else ""
    assert text.replace("n_z: ", "") == f"9x9x3 -> relu{between} -> tanh"
    assert stack(text).output == output
    assert not codes


@pytest.mark.parametrize(
    ("nodes", "layer"),
    [
        ([node("Sigmoid", "x", "s"), node("Mul", "x s", "y")], "silu"),
        ([node("HardSigmoid", "x", "s"), node("Mul", "s x", "y")], "hardswish"),
        ([node("Softplus", "x", "s"), node("Tanh", "s", "t"), node("Mul", "x t", "y")], "mish"),
        (
            [
                node("Add", "x one", "a"),
                node("Clip", "a", "c", min=0.0, max=6.0),
                node("Mul", "x c", "m"),
                node("Div", "m one", "y"),
            ],
            "hardswish",
        ),
        (
            [
                *(node("Div", "x one", "d"), node("Erf", "d", "e"), node("Add", "e one", "a")),
                *(node("Mul", "x a", "m"), node("Mul", "m one", "y")),
            ],
            "gelu",
        ),
        (
            [node("Sigmoid", "x", "s"), node("Mul", "s s", "y")],
            "sigmoid -> mul[identity | identity]",
        ),
    ],
)
def test_onnx_patterns(nodes, layer):
    """Layers that a file spells out in operators are read as one."""
    assert read([1, 3, 9, 9], nodes, [tensor("one", [1], [1])])[0] == f"9x9x3 -> {layer}"


def test_onnx_linear_layers():
    """A matrix product and the sum behind it are one layer; on a map it works on the channels."""
    weights = [tensor("w", [4, 5]), tensor("b", [5])]
    nodes = [node("MatMul", "x w", "m"), node("Add", "m b", "y")]
    assert read([1, 4], nodes, weights)[0] == "4 -> n_m: fc 5"
    assert read([1, 7, 4], nodes, weights)[0] == "7x4 -> n_m: conv 5 k1"
    gemm = [node("Gemm", "x w b", "y", transB=1)]
    assert read([2, 5], gemm, weights)[0] == "5 -> n_y: fc 4"


def test_onnx_bias_of_one_number():
    """One number that is added to all outputs is no bias for each, and is counted as one."""
    nodes = [node("Gemm", "x w b", "y", transB=1)]
    text, codes = read([1, 4], nodes, [tensor("w", [5, 4]), tensor("b", [1])])
    assert (text, codes) == ("4 -> n_y: fc 5 nobias -> position 1", [])
    assert stack(text).params == 4 * 5 + 1


@pytest.mark.parametrize(("bias", "codes"), [("w b", []), ("w", ["stands-for-another"])])
def test_onnx_layer_norm_without_a_bias(bias, codes):
    """A norm without a bias is not counted with one, or it is said."""
    nodes = [node("LayerNormalization", f"x {bias}", "y")]
    text, said = read([1, 7, 4], nodes, [tensor("w", [4]), tensor("b", [4])])
    assert said == codes or (codes and text.endswith("ln nobias"))
    assert stack(text).params == 4 * len(bias.split())


def test_onnx_groups_as_pytorch_writes_them():
    """A group norm is an instance norm between two reshapes, with its scale and shift behind it."""
    nodes = [
        node("Reshape", "x split", "a"),
        node("InstanceNormalization", "a one none", "b"),
        node("Reshape", "b back", "c"),
        node("Mul", "c scale", "m"),
        node("Add", "m shift", "y"),
    ]
    tensors = [
        *(tensor("split", [3], [0, 2, -1]), tensor("back", [4], [1, 8, 6, 6])),
        *(tensor("one", [2]), tensor("none", [2]), tensor("scale", [8, 1, 1])),
        tensor("shift", [8, 1, 1]),
    ]
    assert read([1, 8, 6, 6], nodes, tensors) == ("6x6x8 -> gn 2", [])
    text, codes = read([1, 8, 6, 6], nodes[:3], tensors, outputs="c")
    assert codes == ["stands-for-another"] or text.endswith("gn 2 noscale nobias")
    assert stack(text).params == 0


def test_onnx_local_response_norm_as_pytorch_writes_it():
    """A value over a power of a mean of squares along the channels is a local response norm."""
    nodes = [
        node("Mul", "x x", "q"),
        node("Reshape", "q deep", "a"),
        node("Pad", "a pads", "b"),
        node("AveragePool", "b", "c", kernel_shape=[5, 1, 1], strides=[1, 1, 1]),
        *(node("Shape", "c", "s"), node("Gather", "s one", "g"), node("Equal", "g one", "e")),
        *(node("If", "e", "i"), node("Reshape", "i back", "d")),
        *(node("Mul", "d alpha", "m"), node("Add", "m alpha", "p"), node("Pow", "p alpha", "r")),
        node("Div", "x r", "y"),
    ]
    tensors = [
        *(tensor("deep", [5], [1, 1, 8, 6, 6]), tensor("back", [4], [1, 8, 6, 6])),
        *(tensor("pads", [10], [0, 0, 2, 0, 0, 0, 0, 2, 0, 0]), tensor("one", [1], [1])),
        tensor("alpha", [1]),
    ]
    assert read([1, 8, 6, 6], nodes, tensors) == ("6x6x8 -> lrn 5", [])


@pytest.mark.parametrize(
    ("first", "then", "values", "params"),
    [
        ("/a/c", "/b/c", [0.0] * 64, 128),
        ("/a/c", "/a/d", [0.0] * 64, 64),
        ("/a/c", "/b/c", [0.0] * 63 + [0.5], 64),
    ],
)
def test_onnx_weights_that_begin_as_zeros(first, then, values, params):
    """Exporters store equal weights once: those of zeros are each module's own."""
    nodes = [
        *(node("Identity", "w", "v"), node("Conv", "x w", first), node("Relu", first, "r")),
        *(node("Conv", "r v", then), node("Relu", then, "y")),
    ]
    text, _warnings = read([1, 8, 6, 6], nodes, [onnx_floats("w", [8, 8, 1, 1], values)])
    assert stack(text).params == params


@pytest.mark.parametrize(("kind", "rows"), [("Ceil", 4), ("Floor", 3), ("Cast", 3)])
def test_onnx_sizes_that_are_rounded(kind, rows):
    """A slice to a rounded part of the height has as many rows as the rounding says."""
    part = onnx_floats("part", [1], [0.45])
    more = {"to": 7} if kind == "Cast" else {}
    nodes = [
        *(node("Shape", "x", "s"), node("Gather", "s two", "h"), node("Cast", "h", "f", to=1)),
        *(node("Mul", "f part", "m"), node(kind, "m", "r", **more), node("Cast", "r", "n", to=7)),
        node("Slice", "x zero n two", "y"),
    ]
    tensors = [part, tensor("two", [1], [2]), tensor("zero", [1], [0])]
    assert stack(read([1, 3, 8, 8], nodes, tensors)[0]).output == (rows, 8, 3)


def test_onnx_pads_that_are_negated():
    """A pad by the negative of -1 is a pad, not a crop."""
    nodes = [node("Neg", "less", "p"), node("Pad", "x p", "y")]
    less = tensor("less", [8], [0, 0, -1, -1, 0, 0, -1, -1])
    assert read([1, 3, 8, 8], nodes, [less])[0] == "8x8x3 -> pad 1"


def test_onnx_shuffle():
    """Channels that are split, turned and merged are shuffled."""
    nodes = [
        node("Reshape", "x split", "a"),
        node("Transpose", "a", "b", perm=[0, 2, 1, 3, 4]),
        node("Reshape", "b", "y", shape=[0, -1, 6, 6]),
    ]
    split = tensor("split", [5], [1, 2, 4, 6, 6])
    assert read([1, 8, 6, 6], nodes, [split])[0] == "6x6x8 -> shuffle 2"


def test_onnx_sizes_that_are_worked_out():
    """A reshape to sizes that the graph takes from its own shape is a flatten."""
    nodes = [
        node("Shape", "x", "s"),
        node("Gather", "s zero", "n"),
        node("Unsqueeze", "n", "m", axes=[0]),
        node("Concat", "m rest", "to", axis=0),
        node("Reshape", "x to", "y"),
    ]
    tensors = [tensor("zero", [], [0]), tensor("rest", [1], [-1])]
    assert read([0, 2, 3, 4], nodes, tensors)[0] == "3x4x2 -> flatten"


def test_onnx_layout_of_the_input():
    """An input that is turned before its first convolution has its channels last."""
    nodes = [node("Transpose", "x", "t", perm=[0, 3, 1, 2]), node("Conv", "t w", "y")]
    assert read([1, 7, 9, 3], nodes, [W])[0] == "7x9x3 -> n_y: conv 8 k3 nobias"
    assert read([0, 0, 0, 3], nodes, [W], given=(7, 9, 3))[0] == "7x9x3 -> n_y: conv 8 k3 nobias"


def test_onnx_what_is_no_layer():
    """What works on each value is an identity; another is opaque, or ends what is read."""
    text, codes = read([1, 3, 9, 9], [node("Conv", "x w", "c"), node("Sin", "c", "y")], [W])
    assert (text, codes) == (
        "9x9x3 -> n_c: conv 8 k3 nobias -> n_y: identity",
        ["stands-for-another"],
    )
    nodes = [node("Conv", "x w", "c"), node("Mystery", "c", "d"), node("Conv", "d v", "y")]
    tensors = [W, tensor("v", [9, 8, 1, 1])]
    text, codes = read([1, 3, 9, 9], nodes, tensors)
    assert (text, codes) == ("9x9x3 -> n_c: conv 8 k3 nobias", ["read-in-part"])
    text, codes = read([1, 3, 9, 9], nodes, tensors, shapes=[("d", [1, 8, 7, 7])])
    assert text.endswith('-> n_d: opaque "Mystery" 7x7x8 -> n_y: conv 9 k1 nobias')
    assert codes == ["not-counted"]
    text, codes = read([1, 3, 9, 9], [node("Mystery", "x", "y")])
    assert (text, codes) == ('9x9x3 -> n_y: opaque "Mystery" 1', ["not-counted"])
    first = [node("Mystery", "x", "d"), node("Conv", "d w", "y")]
    with pytest.raises(Problem, match="no layer of the notation"):
        read([1, 3, 9, 9], first, [W])
    first[0] += encode(7, "our.domain")
    text, codes = read([1, 3, 9, 9], first, [W])
    assert text == '9x9x3 -> n_d: opaque "our.domain.Mystery" 9x9x3 -> n_y: conv 8 k3 nobias'
    assert codes == ["not-counted"]


def test_onnx_shared_weights():
    """Weights that serve two layers are one layer's, and another is again that one."""
    nodes = [node("Conv", "x w", "a"), node("Conv", "a w", "y")]
    text, codes = read([1, 3, 9, 9], nodes, [tensor("w", [3, 3, 3, 3])])
    assert text == "9x9x3 -> n_a: conv 3 k3 nobias -> again n_a"
    assert codes == []


def test_onnx_weights_are_not_read(tmp_path, monkeypatch):
    """Weights of gigabytes are passed over: of their file a few pages are read."""
    pages = []
    turn = Pages.turn
    monkeypatch.setattr(Pages, "turn", lambda *given: pages.append(given) or turn(*given))
    size = 3 * 2**30
    head = b"".join(encode(1, each) for each in [8, 3, 3, 3]) + encode(2, 1) + encode(8, "w")
    head += varint(9 << 3 | 2) + varint(size)
    rest = encode(1, node("Conv", "x w", "y"))
    rest += encode(11, info("x", [1, 3, 9, 9])) + encode(12, info("y", [1]))
    start = varint(5 << 3 | 2) + varint(len(head) + size) + head
    start = varint(7 << 3 | 2) + varint(len(start) + size + len(rest)) + start
    path = tmp_path / "large.onnx"
    with path.open("wb") as file:
        file.write(start)
        file.seek(size, 1)
        file.write(rest)
    assert stack(path).params == 216
    assert 1 < len(pages) < 10


def test_onnx_by_its_ending(tmp_path):
    """An ending may be in capitals; a file that holds nothing is said to."""
    path = tmp_path / "NET.ONNX"
    path.write_bytes((FILES / "vgg16.onnx").read_bytes())
    assert Report(read_network(str(path))).params == TRUTH["vgg16"]["params"]
    path.write_bytes(b"")
    with pytest.raises(Problem, match="it is empty"):
        read_network(str(path))


@given(st.data())
def test_onnx_that_is_broken(data):
    """Bytes that are changed, cut or doubled give an answer or a fault, and nothing else."""
    whole = bytearray((FILES / "light_bvlc_alexnet.onnx").read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(whole) - 1))
        how = data.draw(st.sampled_from(["byte", "cut", "double"]))
        if how == "byte":
            whole[place] = data.draw(st.integers(0, 255))
        elif how == "cut":
            del whole[place : place + data.draw(st.integers(1, 40))]
        else:
            whole[place:place] = whole[place : place + data.draw(st.integers(1, 40))]
        whole = whole or bytearray(b"\0")
    try:
        Report(parse(translation.translate("f.onnx", bytes(whole))[0]))
    except Problem as problem:
        assert problem.labels


def test_wire_format_is_bounded(monkeypatch):
    """Numbers without an end, lengths beyond the end, and too many fields are refused."""
    for data in (b"\x80" * 11, b"\x0a\x05ab", b"\x0f", b"\x0d\0", b"\x00\x01"):
        with pytest.raises(protobuf.Malformed):
            list(Message.whole(data).fields())
    monkeypatch.setattr(protobuf, "MOST_FIELDS", 10)
    with pytest.raises(Problem, match="cannot be read as ONNX"):
        translation.translate("f.onnx", b"\x08\x01" * 11)


# ---------------------------------------------------------------- graphs


def merkle(nodes, outputs):
    """Return outputs as what they are made of: equal for graphs that compute the same."""
    made = []
    for text, inputs in nodes:
        made.append(hash((text, tuple(made[each] for each in inputs))))
    return {made[each] for each in outputs}


def graph_of(report):
    """Return a report's rows as a graph, references and identities left out."""
    rows = report.rows
    stands = {}
    for row in rows:
        if row.kind in ("reference", "identity", "output"):
            stands[row.index] = stands[row.inputs[0]]
        else:
            stands[row.index] = row.index
    nodes = [
        ("" if row.index == 0 else row.layer, [stands[each] for each in row.inputs]) for row in rows
    ]
    ends = [stands[row.index] for row in rows if row.kind == "output"]
    return nodes, ends or [stands[rows[-1].index]]


@given(st.randoms(use_true_random=False), st.integers(1, 40), st.integers(1, 3), st.booleans())
def test_any_graph_can_be_written(chance, size, outputs, flat):
    """The notation of a random graph holds the graph: nodes, edges and their order."""
    made = Graph((4, 4, 3))
    nodes = [("", [])]
    other = 'opaque "Two things" 2x2x2'
    for _ in range(size):
        source = chance.randrange(len(nodes))
        last = len(nodes) - 1 if chance.random() < 0.6 else source
        alike = [i for i in range(len(nodes)) if made.volume(i) == made.volume(last)]
        how = chance.choice(["relu", "conv 3 k1", "conv 2 k1", "add", "concat", "mul", other])
        if how == other:
            inputs = chance.choices(range(len(nodes)), k=chance.randint(1, 3))
            assert made.opaque("Two things", inputs, (2, 2, 2)) == len(nodes)
        elif how in ("add", "concat", "mul"):
            inputs = [last, *chance.choices(alike, k=chance.randint(1, 3))]
            if how == "concat" and sum(made.volume(i)[-1] for i in inputs) > 50:
                continue
            assert made.join(how, inputs) == len(nodes)
        else:
            inputs = [last]
            (layer,) = parse(Source("", how)).sequence.items
            assert made.layer(layer, last) == len(nodes)
        nodes.append((how, inputs))
    ends = sorted({chance.randrange(1, len(nodes)) for _ in range(outputs)}) if nodes[1:] else []
    if all(nodes[each][0] == other for each in ends):
        return
    made.outputs = list(ends)
    before = nesting.MOST_NESTED
    nesting.MOST_NESTED = -1 if flat else before
    try:
        source, warnings = made.written(Source("g", ""))
    finally:
        nesting.MOST_NESTED = before
    assert {each.code for each in warnings} <= {"not-counted"}
    report = Report(parse(source))
    found, last = graph_of(report)
    assert merkle(found, last) == merkle(nodes, ends)
    assert "output-unused" not in [each.code for each in report.warnings]
    needed = made.needed() - set(made.outputs if len(ends) > 1 else ()) - {0}
    written = [row for row in report.rows if row.kind not in ("reference", "identity", "output")]
    assert len(written) - 1 == len(needed)


@pytest.mark.long
def test_long_graphs_take_no_longer_than_long():
    """A chain with a shortcut to its beginning at each step is written in a breath."""
    made = Graph((4, 4, 3))
    last = 0
    for index in range(20_000):
        last = made.layer(make("relu"), last) if index < 10_000 else made.join("add", [last, 1])
    made.outputs = [last]
    source, _ = made.written(Source("g", ""))
    assert len(Report(parse(source)).rows) > 20_000


# ---------------------------------------------------------------- Keras


@pytest.mark.parametrize("name", KERAS)
def test_keras(name):
    """A model has the parameters and each output that Keras says, by the layers that learn."""
    report = Report(read_network(str(FILES / f"{name}.json")))
    truth = KERAS[name]
    assert report.params == truth["params"]
    learned = [(out, n) for kind, out, n in truth["layers"] if n and "Separable" not in kind]
    found = Counter(sized((row.output, row.params) for row in report.rows if row.params))
    assert not sized(learned) - found
    assert sum(found.values()) - len(learned) == 2 * sum(
        "Separable" in e[0] for e in truth["layers"]
    )
    sizes = {tuple(size for size in out if size > 1) for _, out, _ in truth["layers"]}
    assert sizes <= {tuple(size for size in row.output if size > 1) for row in report.rows}


def test_keras_that_is_broken():
    """JSON that is changed or cut gives an answer or a fault, and nothing else."""
    chance = random.Random(8)
    text = (FILES / "keras2_functional.json").read_text()
    for _ in range(50):
        place = chance.randrange(len(text))
        new = chance.choice(["", "9", '"', "null", "[", "{}", "-1", "1e9", text[place:][:30]])
        broken = text[:place] + new + text[place + chance.randint(0, 30) :]
        read_or_refuse(broken)
    read_or_refuse('{"a":' * 100_000)
    read_or_refuse('{"class_name": "Model", "config": ' + "9" * 5000)


def read_or_refuse(text):
    """Read a text as what it begins like; a fault is an answer too."""
    try:
        found = from_text(Source("f", text), (32, 32, 3))
        if found:
            Report(parse(found.source))
    except Problem as problem:
        assert problem.code


def test_keras_at_each_step():
    """A layer at each step of a sequence of maps slides over the maps alone."""
    inner = {"class_name": "Conv2D", "config": {"filters": 4, "kernel_size": [3, 3], "strides": 2}}
    layers = [
        {"class_name": "InputLayer", "config": {"batch_shape": [None, 5, 9, 9, 3]}},
        {"class_name": "TimeDistributed", "config": {"name": "t", "layer": inner}},
    ]
    text = json.dumps({"class_name": "Sequential", "config": {"layers": layers}})
    report = stack(write(parse(from_text(Source("m.json", text)).source)))
    assert report.output == (5, 4, 4, 4)
    assert report.params == 3 * 3 * 3 * 4 + 4
    assert report.macs == 5 * 4 * 4 * 3 * 3 * 3 * 4


# ---------------------------------------------------------------- prints


@pytest.mark.parametrize("name", ["alexnet", "vgg16", "mobilenet_v2"])
def test_prints(name):
    """A print whose channels fit has the parameters and MACs that PyTorch measures."""
    report = stack(FILES / f"{name}.txt", input="224x224x3")
    assert (report.params, report.macs) == (TRUTH[name]["params"], TRUTH[name]["macs"])
    assert {each.code for each in report.warnings} <= {"order-not-printed", "pool-not-printed"}


def test_prints_that_do_not_fit_hold_what_their_lines_say():
    """Where the order is not known, the parameters of all lines are: as PyTorch measures them."""
    network = read_network(str(FILES / "resnet18.txt"))
    assert totals(network.lines)["params"] == TRUTH["resnet18"]["params"]
    assert (network.lines.misfit.code, network.lines.whole) == ("print-does-not-fit", False)


def test_prints_that_do_not_fit():
    """A shortcut or a gate that stands in a print is not taken for a chain."""
    with pytest.raises(Problem) as caught:
        stack(FILES / "resnet18.txt", input="224x224x3")
    assert caught.value.code == "print-does-not-fit"
    assert caught.value.labels[0].text == "takes 64, and 128 arrive"
    text = "Net(\n  (fc): Linear(in_features=192, out_features=2, bias=True)\n)\n"
    assert parse(pytorch.translate(Source("", text), (8, 8, 3))[0]) == parse(
        Source("", "8x8x3 -> fc: fc 2")
    )
    with pytest.raises(Problem, match="not what this module takes"):
        pytorch.translate(Source("", text), (9, 9, 3))


def test_prints_name_both_counts_where_a_linear_does_not_fit():
    """A Linear that fits neither the channels nor all values is told both, and what would fit."""
    text = """Sequential(
  (0): Conv2d(1, 32, kernel_size=(5, 5), stride=(1, 1))
  (1): Linear(in_features=1050, out_features=10, bias=True)
)
"""
    with pytest.raises(Problem) as caught:
        pytorch.translate(Source("", text), (28, 28, 1))
    problem = caught.value
    assert problem.labels[0].text == "takes 1,050, and 32 channels arrive, 18,432 values"
    assert list(problem.notes) == ["24*24*32 = 18,432"]
    assert problem.helps[0] == "behind a flatten of 24x24x32 write 'in_features=18432'"
    assert not any("ONNX" in each for each in problem.helps)
    with pytest.raises(Problem) as caught:
        pytorch.translate(
            Source("", text.replace("Sequential(", "Net(").replace("(0)", "(a)")), (28, 28, 1)
        )
    assert any("ONNX" in each for each in caught.value.helps)


@pytest.mark.parametrize(
    "module", ["Upsample(size=(100, 100), mode=nearest)", "PixelShuffle(upscale_factor=2)"]
)
def test_prints_do_not_keep_a_size_that_changes(module):
    """What changes the shape is read as what it is, or nothing behind it is read."""
    text = f"""Sequential(
  (0): Conv2d(3, 4, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
  (1): {module}
  (2): ReLU()
)
"""
    made, warnings = pytorch.translate(Source("", text), (8, 8, 3))
    output = stack(write(parse(made))).output
    assert output in ((100, 100, 4), (16, 16, 1)) or (
        [each.code for each in warnings] == ["read-in-part"] and output == (8, 8, 4)
    )


def test_prints_of_layers():
    """Modules by their arguments, in a Sequential; repeats are folded."""
    lines = """Sequential(
  (0): Conv2d(3, 8, kernel_size=(3, 5), stride=(2, 1), padding=(1, 2), bias=False)
  (1): BatchNorm2d(8, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
  (2): LeakyReLU(negative_slope=0.2, inplace=True)
  (3): ZeroPad2d((1, 2, 0, 3))
  (4): MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=True)
  (5-7): 3 x Sequential(
    (0): Conv2d(8, 8, kernel_size=(3, 3), stride=(1, 1), padding=same, groups=8)
    (1): GroupNorm(2, 8, eps=1e-05, affine=True)
  )
  (8): ConvTranspose2d(8, 4, kernel_size=(4, 4), stride=(2, 2), padding=(1, 1))
  (9): Upsample(scale_factor=2.0, mode='bilinear')
  (10): AdaptiveAvgPool2d(output_size=(1, 1))
  (11): Flatten(start_dim=1, end_dim=-1)
  (12): Linear(in_features=4, out_features=10, bias=True)
  (13): Softmax(dim=1)
)
"""
    found = from_text(Source("net.txt", lines), (16, 16, 3))
    assert write(parse(found.source)) == (
        "16x16x3 -> conv 8 k3x5 s2x1 p1x2 nobias -> bn -> leakyrelu 0.2"
        " -> pad 0:3x1:2 -> maxpool 2 ceil"
        " -> [dwconv k3 same -> gn 2]*3"
        " -> deconv 4 k4 s2 p1 -> upsample 2 bilinear -> gap -> flatten -> fc 10 -> softmax"
    )
    assert not found.warnings
    assert prod(stack(write(parse(found.source))).output) == 10


def test_prints_that_are_broken():
    """A print that is changed or cut gives an answer or a fault, and nothing else."""
    chance = random.Random(9)
    text = (FILES / "resnet18.txt").read_text()
    for _ in range(25):
        place = chance.randrange(len(text))
        new = chance.choice(
            ["", "9", "(", ")", "=", "\n", ",", "x", "999999 x ", text[place:][:30]]
        )
        read_or_refuse(text[:place] + new + text[place + chance.randint(0, 30) :])
