"""The model library against what PyTorch measures, and against its own headers."""

import json
from hashlib import sha256
from math import prod
from pathlib import Path

import pytest
from running import run
from variations import variations

from cnncalc.api.report import Report
from cnncalc.notation import library
from cnncalc.notation.parser import parse, parse_volume
from cnncalc.numbers.figures import agrees
from cnncalc.speech.problem import Problem, Source

DATA = Path(__file__).parent / "data"
NETWORKS = [json.loads(line) for line in (DATA / "networks.jsonl").read_text().splitlines()]
NEWER = [json.loads(line) for line in (DATA / "networks_newer.jsonl").read_text().splitlines()]
FIELDS = json.loads((DATA / "network_fields.json").read_text())
NO_MACS = ("wavenet", "tcn", "crnn", "vae")
"""Models of which nobody has published MACs."""

MODELS = {model.name: model for model in library.models()}
CALLED = {"googlenet+aux": "googlenet_aux", "inception_v3+aux": "inception_v3_aux"}

LEAVES = {
    "Conv2d": ("conv", "dwconv"),
    "Linear": ("fc",),
    "BatchNorm2d": ("bn",),
    "ReLU": ("relu",),
    "ReLU6": ("relu6",),
    "MaxPool2d": ("maxpool",),
    "AvgPool2d": ("avgpool",),
    "AdaptiveAvgPool2d": ("gap", "adaptiveavgpool"),
    "Dropout": ("dropout",),
}


def report_of(name):
    """Return the report of a model."""
    return Report(parse(library.read(name)))


def field_of(report):
    """Return the last row that does not see all, gates left out."""
    return [row for row in report.rows if isinstance(row.rf, tuple) and row.rf and not row.aux][-1]


@variations("truth", NETWORKS, 7, ids=lambda truth: truth["name"])
def test_every_leaf(truth):
    """Each leaf module has its row, in order: its output, parameters and MACs."""
    report = report_of(CALLED.get(truth["name"], truth["name"]))
    rows = iter((row, [row.output[-1], *row.output[:-1]]) for row in report.rows if not row.aux)
    passed = []
    before = None
    for kind, output, params, macs in truth["leaves"]:
        if kind == "AdaptiveAvgPool2d" and before == output:
            continue  # changes nothing at this size, and is no part of the paper's network
        before = output
        for row, found in rows:
            if row.kind in LEAVES[kind] and (found, row.params, row.macs) == (output, params, macs):
                break
            passed.append(row)
        else:
            pytest.fail(f"{truth['name']}: no row for {kind} {output} {params} {macs}")
    passed += [row for row, _ in rows]
    assert not [row for row in passed if row.params or row.macs]
    assert (report.params, report.macs) == (truth["params"] - truth["aux_params"], truth["macs"])
    assert report.aux["params"] == truth["aux_params"]


@variations("name", FIELDS, 5)
def test_receptive_fields(name):
    """The receptive field before the last pool is the one that gradients give."""
    text = library.read(name)
    if "mul[" in text.text:
        pytest.skip("its gates see all")
    row = field_of(Report(parse(text)))
    assert [row.rf[0], row.jump[0], row.start[0]] == FIELDS[name]["final"]


def test_names():
    """Each model is found by its name, and by its name with hyphens, and is no other."""
    for name in MODELS:
        for spelling in (name, name.replace("_", "-").upper()):
            assert library.read(spelling).text.splitlines()[-1] == name


@variations("model", MODELS.values(), 5, ids=list(MODELS))
def test_headers(model):
    """A model says what it is and where its figures come from, and they are those of its rows."""
    assert model.title
    assert model.paper
    assert model.published
    report = report_of(model.name)
    expected = {"input-left-over", "linear-on-a-map"}
    assert not [each for each in report.warnings if each.code not in expected]
    for figure in model.published:
        if figure.quantity == "rf":
            found = field_of(report).rf[0]
        else:
            found = getattr(report, figure.quantity)
        assert agrees(found, figure.figure) != bool(figure.remark), (figure, found)
    quantities = {figure.quantity for figure in model.published}
    assert quantities & {"params", "rf"}
    assert quantities & {"macs", "flops"} or model.name in NO_MACS


MORE = [json.loads(line) for line in (DATA / "networks_more.jsonl").read_text().splitlines()]


@variations("truth", MORE, 7, ids=lambda truth: truth["name"])
def test_more_networks(truth):
    """The leaves with parameters or MACs are those of PyTorch, in order; so are the totals."""
    report = report_of(truth["name"])
    assert (report.params, report.macs) == (truth["params"], truth["macs"])
    if truth["name"].startswith("convnext"):
        return  # its layer scale belongs to no leaf, and its linear layers keep channels last
    leaves = [
        [[row.output[-1], *row.output[:-1]], row.params, row.macs]
        for row in report.rows
        if row.params or row.macs
    ]
    assert len(leaves) == truth["leaves"]
    assert sha256(json.dumps(leaves).encode()).hexdigest() == truth["sha256"]


@variations("truth", NEWER, 6, ids=lambda truth: truth["name"])
def test_newer_networks(truth):
    """Parameters, MACs with the products of two maps, and FlopCounterMode's total, to the unit."""
    network = parse(library.read(truth["model"]))
    given = parse_volume(Source("input", truth["input"]))
    report = Report(network, given=given)
    has_aux = "aux" in truth["name"]
    total = {
        name: report.total(name) + (report.aux.get(name, 0) if has_aux else 0)
        for name in ("params", "macs", "products")
    }
    assert total["params"] == truth["params"]
    assert total["macs"] == truth["macs"] + truth["macs_products"]
    assert total["products"] == truth["macs_products"]
    assert 2 * total["macs"] == truth["flopcounter"]
    if len(truth["output"]) == 1:
        assert "x".join(map(str, report.output)) == truth["output"][0]


BLOCKS = [json.loads(line) for line in (DATA / "blocks.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("truth", BLOCKS, ids=lambda truth: truth["text"])
def test_blocks(truth):
    """A block is what PyTorch's is: its output, parameters and MACs; its code has them too."""
    report = Report(parse(Source("<stack>", truth["text"])))
    found = [*report.output], report.total("params"), report.total("macs")
    assert found == (truth["output"], truth["params"], truth["macs"])
    assert not report.warnings
    pytest.importorskip("torch")
    run(truth["text"])


@pytest.mark.parametrize("block", library.blocks(), ids=lambda block: block.name)
def test_headers_of_blocks(block):
    """A block has an example that was measured, says what it is, and is written as it is called."""
    assert block.title
    assert block.paper
    truth = next(each for each in BLOCKS if each["text"] == block.example)
    figures = {each.quantity: each.figure for each in block.published}
    assert figures == {name: f"{truth[name]:,}" for name in ("params", "macs")}
    assert block.example.split("-> ")[1].split()[0] == block.name
    alone = parse(Source("alone", f"{block.text}\n{block.example}"))
    assert Report(alone).total("params") == truth["params"]


def test_blocks_hide_nothing():
    """A definition, a label and a symbol of one's own may have the name of a block."""
    own = "def se(n) { conv n k1 } 8x8x3 -> se: se 4 -> @se"
    assert Report(parse(Source("own", own))).total("params") == 16
    assert [*Report(parse(Source("own", "8x8xSE -> conv 4 k1"))).output] == [8, 8, 4]
    text = "56x56x64 -> se -> fire 8 8"
    assert Report(parse(Source("own", text))).text == text


WIDTHS = [json.loads(line) for line in (DATA / "widths.jsonl").read_text().splitlines()]


@variations("truth", WIDTHS, 4, ids=lambda truth: f"{truth['model']} {truth['w']}")
def test_widths(truth):
    """A family at another width is what torchvision's width_mult, or Keras' alpha, makes of it."""
    head = f" head={truth['head']}" if truth.get("head", 1280) != 1280 else ""
    report = Report(parse(Source("<stack>", f"{truth['model']} w={truth['w']}{head}")))
    assert report.total("params") == truth["params"]
    assert report.total("macs") == truth.get("macs", report.total("macs"))


def test_round8():
    """The multiple of 8 that is nearest, the upper of two; the next where a tenth would be lost."""
    for above, below in ((n, d) for n in range(1, 400, 11) for d in (1, 2, 3, 4, 20)):
        wanted = min(range(8, 800, 8), key=lambda m: (abs(m * below - above), -m))
        wanted += 8 * (10 * wanted * below < 9 * above)
        text = f"def f(w) {{ conv round8({above}*w) k1 }} 1x1x1 -> f w=1/{below}"
        assert Report(parse(Source("<stack>", text))).output[-1] == wanted, text


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("def f(w=0.75) { conv 32*w k1 } 8x8x3 -> f", 24),
        ("def f(w) { conv 32*w k1 } 8x8x3 -> f 3/4", 24),
        ("def f(w, v=w/2) { conv 32*v k1 } 8x8x3 -> f w0.5", 8),
        ("def g(n) { conv n k1 } def f(w) { g 64*w } 8x8x3 -> f w=0.125", 8),
        ("8x8x3 -> conv round8(20/3) k1", 8),
        ("def f(w=1/2) { [conv 8 k1]*2*w } 8x8x3 -> f", 8),
        ("def f(w) { conv 8+8*(w==1/2) k1 } 8x8x3 -> f 0.5", 16),
    ],
)
def test_fractions(text, filters):
    """A parameter's value may be a fraction; what reaches a layer, or counts, is whole."""
    network = parse(Source("<stack>", text))
    report = Report(network)
    assert report.output[-1] == filters
    assert Report(parse(Source("<stack>", report.text))).output == report.output


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("def f(w) { conv 32*w k1 } 8x8x3 -> f 0.3", "number-not-whole"),
        ("def f(w) { [conv 8 k1]*w } 8x8x3 -> f 1/2", "number-not-whole"),
        ("def f(w) { conv w k1 } 8x8x3 -> f 1/2", "number-not-whole"),
        ("8x8x3 -> conv 3/2 k1", "division-not-whole"),
    ],
)
def test_what_is_not_whole(text, code):
    """A fraction that reaches a layer is an error that shows it."""
    with pytest.raises(Problem) as found:
        Report(parse(Source("<stack>", text)))
    assert found.value.code == code


def test_models_inside_of_networks():
    """A model can be called in another network: what comes in replaces its volume."""
    alone = report_of("resnet18").total("params")
    for text, times in (
        ("resnet18 -> relu", 1),
        ("64x64x3 -> resnet18", 1),
        ("concat[ resnet18 | other: 100x100x3 -> resnet18 ]", 2),
        ("a: resnet18 -> b: 96x96x3 -> again a -> add[ @a | identity ]", 1),
    ):
        assert Report(parse(Source("<stack>", text))).total("params") == times * alone


def test_detectors_have_torchvisions_boxes():
    """The maps of SSD's heads hold 8,732 boxes of 4 numbers and 91 classes."""
    rows = [row for row in report_of("ssd300").rows if row.kind == "output"]
    values = [prod(row.output) for row in rows]
    assert sum(values[::2]) == 8732 * 4
    assert sum(values[1::2]) == 8732 * 91


@pytest.mark.parametrize(("size", "macs"), [("512x512", 192686325760), ("101x67", 4733052096)])
def test_a_unet_on_any_size(size, macs):
    """MACs are those that PyTorch counted for the network written by hand; sizes come back."""
    given = parse_volume(Source("input", f"{size}x3"))
    report = Report(parse(library.read("unet_any")), given=given)
    assert (report.total("params"), report.total("macs")) == (31037698, macs)
    assert "x".join(map(str, report.output)) == f"{size}x2"
