"""What other tools print, as they printed it, and that every output says the same."""

import json
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from variations import variations

from cnncalc import Problem, stack
from cnncalc.api.report import Report
from cnncalc.homework.judge import Judge
from cnncalc.importing.sources import read_text
from cnncalc.notation import library
from cnncalc.notation.parser import parse
from cnncalc.speech.problem import Source
from cnncalc.trace.counters import CLASSES, COUNTERS, OURS, WRITTEN, _sum, find_counter, tallies
from cnncalc.trace.settings import Settings

DATA = Path(__file__).parent / "data"


def printed(name):
    """Return what each counter printed, network by network."""
    lines = (DATA / name).read_text().splitlines()
    return {line.pop("network"): line for line in map(json.loads, lines)}


NETWORKS = printed("counters.jsonl")
LAYERS = printed("counters_layers.jsonl")

DIFFER = {
    "ptflops": {
        "googlenet": -3_226_160,
        "densenet121": -100_352,
        "densenet161": -216_384,
        "densenet169": -163_072,
        "densenet201": -188_160,
        "mobilenet_v2": -62_720,
        "googlenet_aux": -3_226_160,
        "inception_v3_aux": -11_544_640,
        "inception_v3": -11_544_640,
        "shufflenet_v2_x1_0": -100_352,
        "mnasnet1_0": -125_440,
        "convnext_tiny": -828_672,
        "shufflenet_v2_x0_5": -100_352,
        "shufflenet_v2_x1_5": -100_352,
        "shufflenet_v2_x2_0": -200_704,
        "mnasnet0_5": -125_440,
        "mnasnet0_75": -125_440,
        "mnasnet1_3": -125_440,
        "convnext_small": -828_672,
        "convnext_base": -1_104_896,
        "convnext_large": -1_657_344,
    },
    "flopth": {
        "googlenet": -3_226_160,
        "densenet121": -100_352,
        "densenet161": -216_384,
        "densenet169": -163_072,
        "densenet201": -188_160,
        "mobilenet_v2": -62_720,
        "inception_v3": -11_544_640,
        "shufflenet_v2_x1_0": -50_176,
        "mnasnet1_0": -62_720,
        "convnext_tiny": -4_172_495_922,
        "shufflenet_v2_x0_5": -50_176,
        "shufflenet_v2_x1_5": -50_176,
        "shufflenet_v2_x2_0": -100_352,
        "mnasnet0_5": -62_720,
        "mnasnet0_75": -62_720,
        "mnasnet1_3": -62_720,
        "convnext_small": -8_341_060_770,
        "convnext_base": -14_820_801_954,
        "convnext_large": -33_329_348_514,
    },
    "thop": {
        "densenet121": -51_200,
        "densenet161": -110_400,
        "densenet169": -83_200,
        "densenet201": -96_000,
        "mobilenet_v2": -64_000,
        "inception_v3": -2_002_400,
        "shufflenet_v2_x1_0": -51_200,
        "mnasnet1_0": -64_000,
        "convnext_tiny": -3_314_688,
        "shufflenet_v2_x0_5": -51_200,
        "shufflenet_v2_x1_5": -51_200,
        "shufflenet_v2_x2_0": -102_400,
        "mnasnet0_5": -64_000,
        "mnasnet0_75": -64_000,
        "mnasnet1_3": -64_000,
        "convnext_small": -3_314_688,
        "convnext_base": -4_419_584,
        "convnext_large": -6_629_376,
    },
    "torchscan": {
        "densenet121": -51_200,
        "densenet161": -110_400,
        "densenet169": -83_200,
        "densenet201": -96_000,
        "mobilenet_v2": -64_000,
        "inception_v3": -8_274_368,
        "shufflenet_v2_x1_0": -51_200,
        "mnasnet1_0": -64_000,
        "shufflenet_v2_x0_5": -51_200,
        "shufflenet_v2_x1_5": -51_200,
        "shufflenet_v2_x2_0": -102_400,
        "mnasnet0_5": -64_000,
        "mnasnet0_75": -64_000,
        "mnasnet1_3": -64_000,
    },
    "fvcore": {
        "shufflenet_v2_x1_0": -50_176,
        "mnasnet1_0": -62_720,
        "shufflenet_v2_x0_5": -50_176,
        "shufflenet_v2_x1_5": -50_176,
        "shufflenet_v2_x2_0": -100_352,
        "mnasnet0_5": -62_720,
        "mnasnet0_75": -62_720,
        "mnasnet1_3": -62_720,
    },
    "calflops": {
        "shufflenet_v2_x1_0": -50_176,
        "mnasnet1_0": -62_720,
        "convnext_tiny": -10_725_120,
        "shufflenet_v2_x0_5": -50_176,
        "shufflenet_v2_x1_5": -50_176,
        "shufflenet_v2_x2_0": -100_352,
        "mnasnet0_5": -62_720,
        "mnasnet0_75": -62_720,
        "mnasnet1_3": -62_720,
        "convnext_small": -17_498_880,
        "convnext_base": -23_331_840,
        "convnext_large": -34_997_760,
    },
    "torchinfo": {
        "convnext_tiny": -4_146_611_616,
        "convnext_small": -8_293_915_296,
        "convnext_base": -14_736_991_104,
        "convnext_large": -33_140_798_784,
    },
}
"""By how much a tool differs from its rule, where torchvision's code is not its layers.

A layer that is called as a function is counted once by ptflops, not at all by thop, torchscan and
flopth: relu in GoogLeNet, Inception and at DenseNet's end, pools in Inception, the last pool of
DenseNet and MobileNet-v2. ShuffleNet and MNASNet end in a mean, which is no pool for fvcore and
calflops either. ConvNeXt's 1x1 are fully connected layers over positions, its norms between them
over the last axis.
"""


def tally(report, name):
    """Return what a counter makes of a report's main path."""
    rows = [row for row in report.rows if not row.aux]
    return next(each for each in tallies(rows) if each.counter.name == name)


def off(found):
    """Return what a tally's faults come to."""
    return sum(amount for _fault, amount, _rows in found.faults)


@cache
def totals_of(network):
    """Return what each tool's counter gives for a network, worked out once."""
    report = Report(parse(library.read(network)))
    return {name: tally(report, name) for name in NETWORKS[network]}


@variations("network", NETWORKS, 5)
def test_networks(network):
    """Each total is the one that the tool printed, but for named faults and functions."""
    for name, figure in NETWORKS[network].items():
        found = totals_of(network)[name]
        difference = DIFFER.get(name, {}).get(network, 0)
        if difference:
            assert figure - found.total == difference, name
        else:
            assert figure in (found.total, found.total + off(found)), name


@pytest.mark.long
def test_how_many_networks():
    """Most totals are exact; of flopth's ten more are, with the one relu of a residual block."""
    exact = dict.fromkeys(COUNTERS, 0)
    with_faults = dict.fromkeys(COUNTERS, 0)
    of = dict.fromkeys(COUNTERS, 0)
    for network, figures in NETWORKS.items():
        for name, figure in figures.items():
            found = totals_of(network)[name]
            of[name] += 1
            exact[name] += figure == found.total
            with_faults[name] += figure == found.total + off(found) != found.total
    assert sum(of.values()) == 673
    assert {name: (exact[name], of[name]) for name in of if of[name]} == {
        "torchinfo": (56, 60),
        "ptflops": (41, 62),
        "ptflops-aten": (62, 62),
        "thop": (42, 60),
        "fvcore": (54, 62),
        "torchprofile": (60, 60),
        "calflops": (48, 60),
        "flopth": (31, 60),
        "torchscan": (46, 60),
        "flopco": (5, 5),
        "flopcounter": (62, 62),
        "keras": (60, 60),
    }
    assert {name: count for name, count in with_faults.items() if count} == {"flopth": 10}


@variations("network", LAYERS, 20)
def test_layers(network):
    """Layer by layer, a total is the tool's, or it is with the faults that are named."""
    report = stack(network)
    for name, figure in LAYERS[network].items():
        found = tally(report, name)
        assert figure == found.total + off(found), name


def test_how_many_layers():
    """All of 550 are, and each fault but three is there to see."""
    assert sum(map(len, LAYERS.values())) == 550
    seen = set()
    for network, figures in LAYERS.items():
        report = stack(network)
        for name in figures:
            seen |= {(name, fault.says) for fault, _off, _rows in tally(report, name).faults}
    faults = {(name, fault.says) for name, each in COUNTERS.items() for fault in each.faults}
    assert {name for name, _says in faults - seen} == {"flopth", "flopco"}


@variations("name", COUNTERS, 3)
@variations("network", ["googlenet_aux", "mobilenet_v3_small", "resnet50", "unet"], 2)
def test_rows_add_up(network, name):
    """What the rows have adds up to the total, and so do the parts of a counter."""
    report = stack(network, like=name)
    counter = COUNTERS[name]
    main = [row for row in report.rows if not row.aux]
    for quantity in ("params", "macs", "flops"):
        assert sum(getattr(row, quantity) for row in main) == getattr(report, quantity)
    found = tally(stack(network), name)
    assert found.total == getattr(report, counter.quantity)
    assert found.total == sum(amount for _part, amount, _kinds in found.parts)
    if counter.prints == "FLOPs":
        assert report.flops == found.total


def test_every_part_is_of_a_class():
    """A counter is data: classes and kinds that there are, weights above 0."""
    for text in ("mac(covn)", "macs", "2mac", "mac(conv) +"):
        with pytest.raises(ValueError, match="mac"):
            _sum(text)
    used = set()
    for counter in (OURS, *COUNTERS.values(), *(way for ways in WRITTEN.values() for way in ways)):
        for part in counter.parts:
            assert part.weight >= 1
            used.add(part.name)
    assert used | {"join"} == set(CLASSES)


def test_a_total_is_a_choice_of_classes():
    """By hand: a conv of 768,000 MACs with 10,240 outputs, then bn, relu, and a gap."""
    network = "32x32x3 -> conv 10 k5 p2 -> bn -> relu -> gap"
    outputs = 32 * 32 * 10
    expected = {
        "torchinfo": 768_000 + outputs + 20,
        "ptflops": 768_000 + outputs + 2 * outputs + 2 * outputs + 2 * outputs,
        "ptflops-aten": 768_000 + outputs,
        "thop": 768_000 + 4 * outputs + outputs + 10,
        "fvcore": 768_000 + 2 * outputs + outputs,
        "torchprofile": 768_000 + outputs + 10,
        "calflops": 1_536_000 + outputs + 2 * outputs + outputs + outputs,
        "flopth": 768_000 + outputs + 2 * outputs + outputs + outputs,
        "torchscan": 768_000 + 2 * outputs + 10 * (32 * 32 - 1 + 2),
        "flopco": 768_000,
        "flopcounter": 1_536_000,
        "paper": 768_000,
        "keras": 760 + 40,
    }
    report = stack(network)
    assert {name: tally(report, name).total for name in COUNTERS} == expected


def test_quantities():
    """What a tool prints stands as the quantity that it is; the others stay."""
    plain = stack("resnet50")
    fvcore = stack("resnet50", like="fvcore")
    assert fvcore.macs == fvcore.flops == 4_111_512_576
    assert stack("resnet50", like="thop").flops == 2 * 4_133_742_592
    assert stack("resnet50", like="paper").flops == plain.macs
    assert stack("resnet50", like="flopcounter").flops == plain.flops
    calflops = stack("resnet50", like="calflops")
    assert (calflops.macs, calflops.flops) == (plain.macs, 8_211_108_352)
    keras = stack("resnet50", like="keras")
    assert (keras.params, keras.macs) == (plain.params + 53_120, plain.macs)
    assert fvcore.rows[-1].depth == plain.rows[-1].depth == 50


def test_names():
    """A counter is found in any case, with a hyphen or not; another is refused, with a hint."""
    assert find_counter("FVCore") is COUNTERS["fvcore"]
    assert find_counter("ptflops_aten") is COUNTERS["ptflops-aten"]
    with pytest.raises(Problem) as caught:
        stack("resnet50", like="fvcor")
    assert caught.value.code == "unknown-counter"
    assert "fvcore" in caught.value.helps[0]


@given(
    weights=st.lists(st.integers(1, 9), min_size=1, max_size=4),
    size=st.integers(3, 9),
)
def test_any_stack_adds_up(weights, size):
    """For any chain, each counter's total is the sum of its parts, and parts of its rows."""
    layers = " -> ".join(f"conv {n} k3 p1 -> bn -> relu" for n in weights)
    report = stack(f"{size}x{size}x2 -> {layers} -> gap -> fc 5")
    for found in tallies(report.rows):
        by_row = sum(int(found.counter.count(row)) for row in report.rows)
        assert by_row == found.total == sum(amount for _part, amount, _kinds in found.parts)


@cache
def judge_on(network):
    """Return the judge of a network, who works out but once what leads to other answers."""
    return Judge(read_text(network))


@variations(
    ("network", "claim", "names"),
    [
        ("resnet50", "macs=4.13G", ["ptflops", "thop"]),
        ("resnet50", "macs=4111512576", ["fvcore"]),
        ("resnet50", "flops=4.11G", ["fvcore"]),
        ("resnet50", "flops=8211108352", ["calflops"]),
        ("resnet50", "macs=3857973248", ["stride-on-1x1"]),
        ("resnet50", "macs=3.88G", ["stride-on-1x1, fvcore"]),
        ("resnet50_paper", "macs=4089184256", ["stride-on-kernel"]),
        ("resnet50", "params=25610152", ["running-statistics"]),
        ("alexnet", "macs=716767232", ["input-227"]),
        ("227x227x3 -> conv 96 k11 s4 -> fc 10", "params=2834314", ["input-224"]),
        (
            "56x56x256 -> conv 128 k1 nobias -> relu -> conv 128 k3 s2 p1 nobias",
            "macs=141295616",
            ["stride-on-1x1"],
        ),
        (
            "56x56x256 -> conv 128 k1 s2 nobias -> relu -> conv 128 k3 p1 nobias",
            "macs=218365952",
            ["stride-on-kernel"],
        ),
    ],
    4,
)
def test_the_search_learns_them(network, claim, names):
    """A total that another tool prints, or that a variant has, is a convention by its name."""
    verdict = judge_on(network).judge(Source("<claim>", claim))
    assert verdict.kind == "convention"
    assert [reason.name for reason in verdict.reasons][: len(names)] == names


def test_claims_as_another_counts():
    """With a counter, claims are of what it counts."""
    judge = Judge(read_text("resnet50"), Settings(like=COUNTERS["fvcore"]))
    assert judge.judge(Source("<claim>", "macs=4111512576")).kind == "right"


SEQUENCES = [
    json.loads(line) for line in (DATA / "counters_sequences.jsonl").read_text().splitlines()
]


@variations("truth", SEQUENCES, 20, ids=lambda t: f"{t['tool']} {t['how']} {t['text']}")
def test_counters_of_sequences(truth):
    """What a counter prints of attention, by how it is written, and of recurrent layers."""
    found = {each.counter.name: each.total for each in tallies(stack(truth["text"]).rows)}
    way = f"{truth['tool']} ({truth['how']})"
    assert found.get(way, found[truth["tool"]]) == truth["prints"]
    if way in found:
        assert stack(truth["text"], like=way).total("flops" if "flop" in way else "macs")
