"""Planners of memory, against figures that were measured and published."""

import json
from pathlib import Path

import pytest

from cnncalc import check, compare, stack
from cnncalc.speech.problem import Problem
from cnncalc.trace.memory_rules import held_by_all

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "tflm.jsonl").read_text().splitlines()
]
TRAINING = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "training.jsonl").read_text().splitlines()
]
OTHERWISE = {
    *("b_new_8", "crop_and_add", "fpn_like", "inception_four", "requant_dense_skip"),
    *("requant_pool_chain", "sigmoid_concat_chain", "tcn_causal", "x_fresh_8"),
}
"""Networks whose branches the converter orders by their names, or whose scales it shares."""


@pytest.mark.filterwarnings("ignore::cnncalc.NetworkWarning")
def test_arena_as_measured():
    """The head to the byte on 54 of 63 networks, and on the others near; the tail to 12 %."""
    for case in CASES:
        report = stack(case["notation"], dtype="int8", planner="tflm")
        if case["name"] not in OTHERWISE:
            assert report.arena_head == case["head"], case["name"]
        assert abs(report.arena_head / case["head"] - 1) < 0.3, case["name"]
        if case["name"] != "tcn_causal":
            assert abs(report.arena_tail / case["tail"] - 1) < 0.12, case["name"]
    assert len(CASES) - len(OTHERWISE) == 54


def test_published_peaks():
    """ResNet-50 with sums in place; MobileNet-v2 in int8 as MCUNetV2 prints it, 1,372 KiB."""
    assert stack("resnet50", planner="inplace-add").peak == 7_225_344
    mobile = stack("mobilenet_v2", planner="inplace-depthwise", dtype="int8")
    assert mobile.peak == 1372 * 1024
    plan = {"planner": "inplace-add"}
    assert check("resnet50", "peak=7225344", **plan).verdicts[0].kind == "right"
    both = compare("resnet50", "resnet18", **plan)
    assert both.reports[0].peak == 7_225_344


@pytest.mark.parametrize("case", TRAINING, ids=lambda case: case["network"])
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


def test_arena_is_of_one_input_in_int8():
    """Nothing else is laid by TensorFlow Lite Micro; a name that is none is refused."""
    for how in ({"planner": "tflm"}, {"planner": "tflm", "dtype": "int8", "batch": 2}):
        with pytest.raises(Problem, match="one input in int8"):
            stack("8x8x4 -> conv 4 k3", **how)
    with pytest.raises(Problem, match="no planner"):
        stack("8x8x4 -> conv 4 k3", planner="tfl")
    assert stack("8x8x4 -> conv 4 k3").arena_head is None
