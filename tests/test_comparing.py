"""Networks side by side: ratios, the smallest, and depth along the longest path."""

import json
from pathlib import Path

from variations import variations

from cnncalc import stack
from cnncalc.report.comparison import compare, remarks


def test_three_small_against_one_large():
    """Three 3x3 see 7x7 with 27C^2 weights and three non-linearities; one 7x7 has 49C^2 and one."""
    small = stack("56x56x64 -> [conv 64 k3 p1 nobias -> relu]*3")
    large = stack("56x56x64 -> conv 64 k7 p3 nobias -> relu")
    lines = {line.quantity.name: line for line in compare([small, large])}
    assert lines["rf"].values == ((7, 7), (7, 7))
    assert lines["weights"].values == (27 * 64**2, 49 * 64**2)
    assert lines["weights"].ratios == (1.0, 1.81)
    assert lines["weights"].smallest == {0}
    assert lines["activations"].smallest == {1}
    assert lines["nonlinearities"].values == (3, 1)
    assert "params" not in lines
    assert remarks([small, large]) == ["Same input and output: these can be compared."]


def test_a_stem_of_small_filters_costs_more():
    """With 3 channels three 3x3 cost 357,654,528 MACs, one 7x7/2 118,013,952; fields 11 and 7."""
    small = stack(
        "224x224x3 -> conv 32 k3 s2 p1 nobias -> conv 32 k3 p1 nobias -> conv 64 k3 p1 nobias"
    )
    large = stack("224x224x3 -> conv 64 k7 s2 p3 nobias")
    assert (small.macs, large.macs) == (357_654_528, 118_013_952)
    assert (small.weights, large.weights) == (28_512, 9_408)
    assert (small.last_field, large.last_field) == ((11, 11), (7, 7))
    assert len(remarks([small, large])) == 2


def test_real_questions():
    """Two volumes of one question hold equally many values."""
    lines = (Path(__file__).parent / "data" / "homework.jsonl").read_text().splitlines()
    asked = [question for question in map(json.loads, lines) if "same" in question]
    assert len(asked) == 1
    for question in asked:
        lines = compare([stack(network) for network in question["networks"]])
        assert [line.quantity.name for line in lines if line.ratios == (1.0, 1.0)] == question[
            "same"
        ]


@variations(
    ("network", "depth", "nonlinearities"),
    [
        ("vgg16", 16, 15),
        ("resnet18", 18, 17),
        ("resnet34", 34, 33),
        ("resnet50", 50, 49),
        ("resnet152", 152, 151),
        ("googlenet_paper", 22, 22),
        ("densenet121", 121, 121),
        ("8x8x3 -> add[conv 3 k1 -> relu -> conv 3 k1 | identity] -> bn -> relu", 2, 2),
        ("8x8x3 -> aux[conv 3 k1 -> conv 3 k1] -> conv 3 k1", 1, 0),
        ("8x8x3 -> a: conv 3 k1 -> conv 3 k1 -> concat[@a | identity] -> relu6", 2, 1),
    ],
    4,
)
def test_depth(network, depth, nonlinearities):
    """Depth counts layers with weights on the longest path, as the names of networks do."""
    report = stack(network)
    assert (report.depth, report.nonlinearities) == (depth, nonlinearities)
