"""Planners of memory, against figures that were measured and published."""

import json
from pathlib import Path

import pytest
from variations import variations

from cnncalc import check, compare, read, stack
from cnncalc.report.report import Report
from cnncalc.speech.problem import Problem
from cnncalc.trace.arena_ops import FREE, ROOTED
from cnncalc.trace.arena_order import in_order
from cnncalc.trace.memory_rules import MEMORY_RULES, held_by_all
from cnncalc.trace.planners import PLANNERS

DATA = Path(__file__).parent / "data"
CASES = [json.loads(line) for line in (DATA / "tflm.jsonl").read_text().splitlines()]
TRAINING = [json.loads(line) for line in (DATA / "training.jsonl").read_text().splitlines()]
UNNAMED = {"requant_dense_skip", "x_fresh_6"}
"""Networks whose converter goes by the names of their models too."""

OTHERWISE = {"b_new_16", "tcn_causal"}
"""Networks that are laid otherwise."""


@pytest.mark.filterwarnings("ignore::cnncalc.NetworkWarning")
def test_arena_as_measured():
    """The head to the byte on 59 of 63 networks, on 61 with their names; the tail to 12 %."""
    for case in CASES:
        report = stack(case["notation"], dtype="int8", planner="tflm")
        if case["name"] not in OTHERWISE | UNNAMED:
            assert report.arena_head == case["head"], case["name"]
        assert abs(report.arena_head / case["head"] - 1) < 0.3, case["name"]
        if case["name"] in UNNAMED:
            named = Report(report.network._replace(name=case["name"]), report.settings)
            assert named.total("arena-head") == case["head"], case["name"]
        if case["name"] != "tcn_causal":
            assert abs(report.arena_tail / case["tail"] - 1) < 0.12, case["name"]
    assert len(CASES) == 63


@pytest.mark.parametrize(
    ("network", "layers"),
    [
        ("8x8x2 -> concat[b: conv 2 k1 | a: conv 2 k1]", "input a b concat"),
        ("8x8x2 -> concat[conv 2 k1 | conv 2 k3 p1]", "input conv conv concat"),
        ("8x8x2 -> concat[maxpool 1 | conv 2 k1]", "input conv maxpool concat"),
        ("8x8x2 -> c: conv 2 k1 -> add[x2: conv 2 k1 | x10: conv 2 k1]", "input c x10 x2 add"),
        (
            "8x8x2 -> a: relu -> add[z: conv 2 k1 -> @a | identity] -> aux[gap]",
            "input a add z gap reference identity",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore::cnncalc.NetworkWarning")
def test_ops_go_by_names(network, layers):
    """Branches in the order of their names as text; what Keras calls a layer without a label."""
    rows = stack(network, dtype="int8", planner="tflm").rows
    order = in_order(rows, FREE, ROOTED)
    found = [rows[each].label or rows[each].kind for each in order]
    assert sorted(order) == list(range(len(rows)))
    assert [each for each in found if each in layers.split()] == found
    if "aux" not in network:
        assert found == layers.split()


def test_order_of_long_networks():
    """Thousands of layers that make no op are put in order, none deep in another."""
    report = stack("8x8x2 -> [identity]*2000 -> conv 2 k1", dtype="int8", planner="tflm")
    assert report.arena_head == 256


def test_a_model_of_keras_keeps_its_name():
    """A converter puts a model's name before those of its layers."""
    path = next((DATA / "keras").glob("*.json"))
    assert read(path).tree.name == json.loads(path.read_text())["config"]["name"]


def test_published_peaks():
    """ResNet-50 with sums in place; MobileNet-v2 in int8 as MCUNetV2 prints it, 1,372 KiB."""
    assert stack("resnet50", planner="inplace-add").peak == 7_225_344
    mobile = stack("mobilenet_v2", planner="inplace-depthwise", dtype="int8")
    assert mobile.peak == 1372 * 1024
    plan = {"planner": "inplace-add"}
    assert check("resnet50", "peak=7225344", **plan).verdicts[0].kind == "right"
    both = compare("resnet50", "resnet18", **plan)
    assert both.reports[0].peak == 7_225_344


@variations("case", TRAINING, 5, ids=lambda case: case["network"])
def test_training_macs_as_measured(case):
    """Twice those of a forward and a backward pass are FlopCounterMode's FLOPs."""
    report = stack(case["network"])
    assert 2 * report.training_macs == case["total"]
    assert report.flops == case["forward"]


@pytest.mark.parametrize(
    ("network", "training"),
    [
        ("8x8x4 -> conv 4 k1", 2 * 1024),
        ("8x8x4 -> bn -> conv 4 k1", 3 * 1024),  # the norm's parameters want the gradient
        ("8x8x4 -> relu -> conv 4 k1 -> conv 4 k1", 2 * 1024 + 3 * 1024),
        ("8x8x4 -> add[conv 4 k1 | conv 4 k1] -> conv 4 k1", 2 * 2048 + 3 * 1024),
        ("8x8x4 -> a: conv 4 k1 -> again a", 2 * 1024 + 3 * 1024),
    ],
)
def test_the_first_layers_have_no_gradient_of_the_input(network, training):
    """Worked out by hand, in convs of 8*8*4*4 = 1,024 MACs."""
    assert stack(network).training_macs == training
    assert stack(network, batch=3).training_macs == 3 * training


def test_memory_beside_each_other():
    """ResNet-50 as torchinfo and torchsummary print it, and its two peaks."""
    held = {(each.name, each.quantity): each for each in held_by_all(stack("resnet50").rows)}
    assert held["torchinfo-memory", "memory"].printed == "177.83 MB"
    assert held["torchsummary-memory", "memory"].printed == "286.56 MB"
    assert held["inplace-add", "peak"].total == 7_225_344
    assert held["cnncalc", "peak"].total == 9_633_792


@pytest.mark.parametrize(
    ("batch", "dtype", "info", "summary"),
    [
        (1, "float32", 170_152, "0.27 MB"),
        (2, "float32", 340_304, "0.53 MB"),
        (8, "float32", 1_361_216, "2.13 MB"),
        (8, "float16", 680_608, "2.13 MB"),
    ],
)
def test_memory_of_a_batch(batch, dtype, info, summary):
    """As torchinfo 1.8.0 and torchsummary 1.5.1 print it; the latter runs in float32 alone."""
    net = "32x32x3 -> conv 10 k5 p2 -> bn -> relu -> maxpool 2 -> conv 4 k3 -> flatten -> fc 5"
    rows = stack(net, batch=batch, dtype=dtype).rows
    held = {each.name: each for each in held_by_all(rows) if each.quantity == "memory"}
    assert held["torchinfo-memory"].total == info
    rule = MEMORY_RULES["torchsummary-flatten-memory"]  # Flatten is a module of this one
    assert f"{sum(rule.of(rows)) / 1024**2:.2f} MB" == summary


def test_arena_is_of_one_input_in_int8():
    """Nothing else is laid by TensorFlow Lite Micro; a name that is none is refused."""
    for how in ({"planner": "tflm"}, {"planner": "tflm", "dtype": "int8", "batch": 2}):
        with pytest.raises(Problem, match="one input in int8"):
            stack("8x8x4 -> conv 4 k3", **how)
    with pytest.raises(Problem, match="no planner"):
        stack("8x8x4 -> conv 4 k3", planner="tfl")
    assert stack("8x8x4 -> conv 4 k3").arena_head is None


def test_help_names_all_planners():
    """Whoever asks for help sees each planner but our own."""
    from cnncalc.cli.options import settings_options

    (option,) = settings_options("planner")
    words = (option.help or "").replace(",", " ").replace(".", " ").split()
    assert {*PLANNERS} - {"ours"} <= {*words}
