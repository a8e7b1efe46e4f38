"""Receptive fields against gradients: which inputs really reach an output, measured in PyTorch."""

import json
from pathlib import Path

import pytest
from variations import variations

import cnncalc
from cnncalc.trace.effective_field import weigh

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "receptive_fields.jsonl").read_text().splitlines()
]


def option(letter, value):
    """Write a layer's argument as an option."""
    return letter + "x".join(map(str, value if isinstance(value, list) else [value]))


def layer(spec):
    """Write a measured layer in the notation."""
    if spec["op"] == "upsample_nearest":
        return f"upsample {spec['scale']}"
    name = {"conv": "conv 1", "tconv": "deconv 1"}.get(spec["op"], spec["op"])
    words = [name, *(option(each, spec[each]) for each in "kspd" if each in spec)]
    if spec["op"] == "avgpool" and spec.get("d") == 1:
        words.remove("d1")
    if spec.get("op_"):
        words.append(f"op{spec['op_']}")
    if spec.get("ceil"):
        words.append("ceil")
    return " ".join(words)


def volume(case):
    """Write the input that a case was measured with."""
    return "x".join(map(str, [*case["input"], 1]))


def truth(measured):
    """Return the measured fields as axes of size, jump, start, and pixels touched."""
    return measured if isinstance(measured[0], list) else [measured]


def found(report, row):
    """Return our fields as axes of size, jump, start, and pixels that have weight."""
    touched = [weighing(report, row, 0, axis) for axis in range(len(row.rf))]
    return [list(axis) for axis in zip(row.rf, row.jump, row.start, touched, strict=True)]


def weighing(report, row, unit, axis):
    """Return how many pixels have weight in a unit, all filters uniform."""
    return sum(value > 0 for value in weigh(report.rows, row, unit, axis).values)


def of(*names):
    """Return the cases of some sets, as parameters."""
    return [pytest.param(case, id=case["id"]) for case in CASES if case["set"] in names]


@variations("case", of("seq1d", "seq2d"), 40)
def test_chains(case):
    """Every layer of a chain sees what was measured: size, jump and start."""
    report = cnncalc.stack(f"{volume(case)} -> {' -> '.join(map(layer, case['layers']))}")
    for row, spec in zip(report.rows[1:], case["layers"], strict=True):
        assert found(report, row) == truth(spec["rf"])


@pytest.mark.parametrize("case", of("graph1d", "graph2d"))
def test_graphs(case):
    """Every node of a graph of inceptions, residuals and dense blocks sees what was measured."""
    items = ["n0: identity"]
    for node in case["nodes"][1:]:
        if node["op"] in ("concat", "add"):
            branches = " | ".join(f"@n{source}" for source in node["inputs"])
            one = " -> slice 0 1" if node["op"] == "concat" else ""  # so that all adds agree
            items.append(f"n{node['id']}: [{node['op']}[{branches}]{one}]")
        else:
            items.append(f"@n{node['inputs'][0]} -> n{node['id']}: {layer(node)}")
    report = cnncalc.stack(f"{volume(case)} -> {' -> '.join(items)}")
    rows = {row.label: row for row in report.rows}
    for node in case["nodes"][1:]:
        assert found(report, rows[f"n{node['id']}"]) == truth(node["rf"]), node


@pytest.mark.parametrize("case", of("decoder1d"))
def test_decoders(case):
    """Every output of two periods of a decoder sees the window that was measured."""
    report = cnncalc.stack(f"{volume(case)} -> {' -> '.join(map(layer, case['layers']))}")
    row = report.rows[-1]
    assert row.output == (case["output"], 1)
    windows = [None if low is None else (low, high) for _, low, high, _ in case["windows"]]
    assert row.rf == (max(window[1] - window[0] + 1 for window in windows if window),)
    first = case["windows"][0][0]
    for unit, (window, measured) in enumerate(zip(windows, case["windows"], strict=True), first):
        assert row.window(0, unit) == window
        assert weighing(report, row, unit, 0) == measured[3]
    assert row.start == (next(filter(None, (row.window(0, unit) for unit in range(9))))[0],)
