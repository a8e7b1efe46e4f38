"""Tables that summary() prints add up to what they say in all, and to what is learned."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from command import printed

from cnncalc.importing.files import from_text
from cnncalc.notation.parser import parse
from cnncalc.report.lines import totals
from cnncalc.report.report import Report
from cnncalc.speech.problem import Source

KERAS3 = (Path(__file__).parent / "data" / "keras" / "summary3.txt").read_text()
TORCHINFO = """\
==========================================================================================
Layer (type:depth-idx)                   Output Shape              Param #
==========================================================================================
SingleInputNet                           [7, 10]                   --
├─Conv2d: 1-1                            [7, 10, 24, 24]           260
├─Sequential: 1-2                        [7, 20, 8, 8]             --
│    └─Conv2d: 2-1                       [7, 20, 8, 8]             5,020
│    └─Conv2d: 2-2                       [7, 20, 8, 8]             (recursive)
├─Linear: 1-5                            [7, 10]                   510
==========================================================================================
Total params: 5,790
Trainable params: 5,790
Non-trainable params: 0
"""
GLUED = """\
_________________________________________________________________
Layer (type)                 Output Shape              Param #
=================================================================
conv2d_transpose_1 (Conv2DTr (None, 28, 28, 16)        4624
_________________________________________________________________
time_distributed_1 (TimeDist(None, None, 4, 4, 8)      1160
_________________________________________________________________
convolution2d_input_1 (Input)(None, 28, 28, 1) 0
_________________________________________________________________
global_average_pooling2d_1 ( (None, 8)                 0         block_1_add[0][0]
_________________________________________________________________
dense_1 (Dense)              (None, 10)                90
=================================================================
Total params: 5,874
"""
TORCHSUMMARY = """----------------------------------------------------------------
        Layer (type)               Output Shape         Param #
================================================================
            Conv2d-1           [-1, 10, 24, 24]             260
            Linear-2                   [-1, 50]          16,050
================================================================
Total params: 16,310
"""


@pytest.mark.parametrize(
    ("text", "learned"),
    [(KERAS3, 72_250), (TORCHINFO, 5_790), (TORCHSUMMARY, 16_310), (GLUED, 5_874)],
)
def test_summaries(text, learned, tmp_path):
    """The lines add up to what is printed; running means and variances are not learned."""
    (tmp_path / "net.txt").write_text(f"Epoch 1/5\n{text}\n>>> ")
    lines = from_text(Source("", text)).lines
    assert (totals(lines), lines.whole) == ({"params": learned}, True)
    status, out, _said = printed(["stack", "net.txt", "--get", "params"], tmp_path)
    assert (status, out) == (0, f"{learned}\n")
    for words in (["--get", "macs"], ["--get", "weights"], ["--input", "8x8x3", "--explain"]):
        status, _out, said = printed(["stack", "net.txt", *words], tmp_path)
        assert (status, "error[summary-is-no-network]" in said) == (1, True)


@pytest.mark.parametrize(
    "change", [("224", "225"), ("72,266", "72,267"), ("params: 16", "params: 17")]
)
def test_summaries_that_do_not_add_up_are_a_bound(change):
    """A table whose lines are not its total, or that freezes layers, is not whole."""
    assert not from_text(Source("", KERAS3.replace(*change, 1))).lines.whole


SOLVED = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "keras" / "summaries.jsonl")
    .read_text()
    .splitlines()
]


@pytest.mark.parametrize("row", SOLVED, ids=lambda row: row["name"])
def test_chains_are_solved(row):
    """A chain's rows give the parameters, MACs and output that were measured of the model."""
    found = from_text(Source("s.txt", row["text"]), tuple(row["input"]))
    report = Report(parse(found.source))
    assert report.total("params") == row["params"]
    assert report.total("macs") == row["macs"]
    assert list(report.rows[-1].output) == row["output"]
    assert [each.code for each in found.warnings] == ["summary-solved"]


@pytest.mark.parametrize("row", SOLVED, ids=lambda row: row["name"])
def test_chains_with_another_count_are_not_solved(row):
    """One number more in a row that learns something is no layer of its class: it is named."""
    counts = re.findall(r"(?<=│)\s+([\d,]+)(?= │)", row["text"])
    learned = next(each for each in counts if each != "0")
    other = f"{int(learned.replace(',', '')) + 1:,}"
    found = from_text(
        Source("s.txt", row["text"].replace(f" {learned} ", f" {other} ", 1)), tuple(row["input"])
    )
    assert found.lines.misfit.code == "summary-is-no-network"
    assert len(found.lines.misfit.notes) == 2


TABLES = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "prints" / "tables.jsonl")
    .read_text()
    .splitlines()
]


def test_tables_are_networks():
    """Tables of torchinfo, torchsummary and Keras' graphs give what was measured of their models.

    Where they cannot be followed, their lines add up to the same parameters.
    """
    wrong = []
    for row in TABLES:
        found = from_text(Source("s.txt", row["text"]), row["input"] and tuple(row["input"]))
        if found.lines:
            told = totals(found.lines)["params"], found.lines.whole
            wanted = row["params"], True
        else:
            report = Report(parse(found.source))
            told = report.total("params"), report.is_whole, report.total("macs")
            wanted = row["params"], True, told[2] if row["macs"] is None else row["macs"]
        if (told, not found.lines) != (wanted, row["solved"]):
            wrong.append((row["name"], told, wanted, bool(found.lines)))
    assert not wrong


def test_the_layers_of_a_table():
    """Windows, groups and what a forward does between rows are the plainest that fit."""
    (row,) = [each for each in TABLES if each["name"] == "mnist info"]
    found = from_text(Source("s.txt", row["text"]), tuple(row["input"]))
    assert " ".join(found.source.text.split()) == (
        "28x28x1 -> conv 32 k3 -> conv 64 k3 -> maxpool 2 -> dropout -> flatten -> fc 128 -> fc 10"
    )
    with_input = next(each for each in TABLES if each["name"] == "mnist info_in")
    assert from_text(Source("s.txt", with_input["text"])).source.text == found.source.text


OF_TIMM = """\
Layer (type:depth-idx)                   Output Shape              Param #
Net                                      [1, 10]                   --
├─Conv2dSame: 1-1                        [1, 8, 16, 16]            224
├─LayerNorm2d: 1-2                       [1, 8, 16, 16]            16
├─RReLU: 1-3                             [1, 8, 16, 16]            --
├─SelectAdaptivePool2d: 1-4              [1, 8]                    --
├─DropPath: 1-5                          [1, 8]                    --
├─RMSNorm: 1-6                           [1, 8]                    8
├─Linear: 1-7                            [1, 10]                   90
Total params: 338
"""


def test_classes_of_the_table_of_modules_are_known_in_summaries():
    """A row may be of any class that prints and sources know."""
    found = from_text(Source("s.txt", OF_TIMM), (32, 32, 3))
    assert " ".join(found.source.text.split()) == (
        "32x32x3 -> conv 8 k3 s2 p1 -> ln -> identity -> gap -> flatten -> dropout -> ln nobias"
        " -> fc 10"
    )
