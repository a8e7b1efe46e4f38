"""Rows in order: `--sort` and `--top` against the rows that there are without, in every format."""

import csv
import io
import json
import re
from contextlib import redirect_stderr, redirect_stdout, suppress
from math import prod

import pytest
from variations import variations

from cnncalc.cli import main
from cnncalc.notation import library

NETWORKS = (
    "resnet18",
    "vgg16",
    "googlenet_paper",
    "16x16x8 -> a: conv 16 k3 p1 -> add[conv 16 k1 | identity] -> aux[gap -> fc 3] -> fc 10",
)


def run(*words):
    """Return what a command line writes to standard output."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()), suppress(SystemExit):
        main(list(words))
    return out.getvalue()


def size(value):
    """Return what a value is in order by: fields that see all go before all others."""
    if value is None:
        return -1
    if value == "all":
        return float("inf")
    return prod(value) if isinstance(value, list) else value


@variations("network", NETWORKS, 1)
@variations("name", ["macs", "params", "activations", "output"], 2)
@variations("top", [4, 1, 1000], 2)
def test_sorted_rows(network, name, top):
    """JSON, CSV and JSON lines have the largest rows first, and the totals of all."""
    whole = json.loads(run("stack", network, "--json"))
    wanted = sorted(whole["rows"], key=lambda row: size(row[name]), reverse=True)[:top]
    options = ("--sort", name, "--top", str(top))
    found = json.loads(run("stack", network, "--json", *options))
    assert found["rows"] == wanted
    assert found["totals"] == whole["totals"]
    lines = [
        json.loads(line)
        for line in run("stack", network, "--format", "jsonl", *options).splitlines()
    ]
    indices = [row["index"] for row in wanted]
    assert [line["index"] for line in lines] == indices
    rows = csv.DictReader(io.StringIO(run("stack", network, "--format", "csv", *options)))
    assert [int(row["index"]) for row in rows] == indices


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_sorted_tables(form, monkeypatch):
    """What people are shown has the same rows, and the totals of all."""
    monkeypatch.setenv("COLUMNS", "80")
    wanted = json.loads(run("stack", "resnet18", "--json", "--sort", "macs", "--top", "6"))
    text = run("stack", "resnet18", "--format", form, "--sort", "macs", "--top", "6")
    numbers = re.findall(r"^\|? *([0-9]+) ", text, re.MULTILINE)
    assert [int(number) for number in numbers][:6] == [row["index"] for row in wanted["rows"]]
    assert "11,689,512" in text
    assert "6 of 69 rows; totals are of all." in text


def test_gathered_rows():
    """Rows that are gathered are put in order too."""
    rows = json.loads(run("stack", "vgg16", "--by", "kind", "--sort", "params", "--json"))["rows"]
    assert [row["kind"] for row in rows[:2]] == ["fc", "conv"]
    assert [row["params"] for row in rows] == sorted((row["params"] for row in rows), reverse=True)


def test_models_in_order(monkeypatch):
    """The models with the most of a quantity go first; one that has no column has one then."""
    some = library.models()[::20]
    monkeypatch.setattr(library, "models", lambda: some)
    models = json.loads(run("models", "--sort", "flops", "--top", "3", "--json"))["models"]
    whole = json.loads(run("models", "--json"))["models"]
    most = sorted(whole, key=lambda model: model["macs"], reverse=True)[:3]
    assert len(whole) == len(some) > 5
    assert [each["model"] for each in models] == [each["model"] for each in most]
    assert all(each["flops"] == 2 * each["macs"] for each in models)


def test_points_in_order():
    """The points of a sweep with the most go first, of all networks; those with faults last."""
    words = ("compare", "vgg16", "alexnet", "--sweep", "input=20..320:100", "--json")
    whole = json.loads(run(*words))["points"]
    found = json.loads(run(*words, "--sort", "macs"))["points"]
    wanted = sorted(whole, key=lambda point: point.get("macs", -1), reverse=True)
    assert found == wanted
    assert json.loads(run(*words, "--sort", "macs", "--top", "2"))["points"] == wanted[:2]


@variations("network", ["vgg16", "resnet18", "googlenet"], 1)
def test_chart_leaves_zeros_out(network, monkeypatch):
    """A chart has the rows that have any of what it shows, and says how many have none."""
    monkeypatch.setenv("COLUMNS", "200")
    rows = json.loads(run("stack", network, "--json"))["rows"]
    names = ("params", "macs", "activations")
    wanted = [row["index"] for row in rows if any(row[name] for name in names)]
    text = run("stack", network, "--chart", "--depth", "100")
    found = re.findall(r"^ *([0-9]+) ", text, re.MULTILINE)
    assert [int(each) for each in found] == wanted
    gone = len(rows) - len(wanted)
    assert f"Not shown: {gone} rows with none of these." in text
    labels = re.findall(r"^ +([a-z0-9_]+):$", text, re.MULTILINE)
    assert len(labels) == len(set(labels))


@variations(
    ("name", "other"),
    [
        ("macs", "mac"),
        ("params", "number-of-parameters"),
        ("rf", "receptive_field"),
        ("macs", "madds"),
    ],
    2,
)
def test_other_names_of_quantities(name, other):
    """A quantity goes by the names of a claim in options too."""
    for options in (["--get"], ["--sort"], ["--columns"]):
        wanted = run("stack", "resnet18", *options, name)
        assert wanted
        assert run("stack", "resnet18", *options, other) == wanted
