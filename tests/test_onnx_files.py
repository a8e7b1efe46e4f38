"""Small ONNX files with one hard thing each: read whole and exact."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from onnx_files import encode, model, node, onnx_floats, tensor

from cnncalc.api.network import stack
from cnncalc.importing.onnx.translation import translate
from cnncalc.notation.parser import parse
from cnncalc.report.report import Report

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
