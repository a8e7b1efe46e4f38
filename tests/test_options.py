"""Options beside a network: in every answer each changes something, or is refused; none is idle."""

import json

import pytest
from command import printed

from cnncalc.cli.commands import cnncalc
from cnncalc.cli.options import settings_options

BODY = "16x16x3 -> a: conv 16 k3 s2 nobias -> bn -> relu -> add[conv 16 k1 | identity]"
NET = f"{BODY} -> fc 5"
VALUES = {
    "batch": ["3"],
    "dtype": ["int8"],
    "planner": ["inplace-add"],
    "device": ["t4"],
    "like": ["ptflops"],
    "freeze": ["a"],
}
CLAIMS = ("macs>=1", "peak>=1", "training-sgd>=1")
SHAPES = {
    "rows": ["stack", NET],
    "data": ["stack", NET, "--json"],
    "totals": ["stack", NET, "--totals"],
    "batches": ["stack", NET, "--fits", "80KB"],
    "needs": ["stack", NET, "--fits", "ram=1KiB,flash=1KiB"],
    "working": ["stack", NET, "--explain", "output,macs,memory,peak,training-sgd"],
    "kinds": ["stack", NET, "--by", "kind"],
    "bars": ["stack", NET, "--chart"],
    "diagram": ["stack", NET, "--format", "mermaid"],
    "checked": ["stack", NET, *(f"--check={each}" for each in CLAIMS), "--json"],
    "claims": ["check", NET, *CLAIMS, "--json"],
    "solutions": ["solve", f"{BODY} -> fc ?", "params=1204", "macs=?", "peak=?"],
    "compared": ["compare", NET, f"{NET} -> relu"],
    "swept": ["compare", f"{BODY} -> fc N", "--sweep", "N=1..2"],
    "fields": ["rf", BODY],
    "unit": ["rf", BODY, "--unit", "1,1"],
    "counters": ["counts", NET],
    "figure": ["draw", NET],
}
"""What a command answers with, by its command line."""

IDLE = {("diagram", "batch")}
"""Where an option bears on columns that are not shown until they are asked for."""


@pytest.mark.parametrize("shape", SHAPES)
def test_no_option_is_idle(shape):
    """Each option that the command takes changes the answer, or is refused."""
    line = SHAPES[shape]
    taken = [each.name for each in cnncalc.get_command(None, line[0]).params]
    before = printed(line)
    assert before[0] in (0, 1)
    for option in settings_options():
        name = option.opts[0][2:]
        if option.name in taken and (shape, name) not in IDLE:
            after = printed([*line, f"--{name}", *VALUES.get(name, [])])
            assert after != before, (shape, name)
            assert "internal-error" not in after[2]


SHEET = """[[question]]
network = '16x16x3 -> a: conv 4 k3 s2 nobias -> bn'
"""


def test_sheets_say_what_is_asked(tmp_path):
    """A sheet, its key and the marks of a class are of what goes beside their networks, too."""
    (tmp_path / "sheet.toml").write_text(SHEET + "claims = ['macs>=1']")
    (tmp_path / "key.toml").write_text(SHEET + "ask = 'training-sgd'")
    (tmp_path / "class.csv").write_text("name,1\nMina,7\n")
    for words in (["sheet.toml"], ["key.toml"], ["key.toml", "class.csv"]):
        before = printed(["check", *words], tmp_path)
        for name, value in VALUES.items():
            after = printed(["check", *words, f"--{name}", *value], tmp_path)
            assert after != before, (words, name)
        status, out, _err = printed(["check", *words, "--fold"], tmp_path)
        assert status in (0, 1)
        assert "Batch norms are folded" in out
        found = json.loads(printed(["check", *words, "--fold", "--json"], tmp_path)[1])
        assert found["fold"] is True


def test_claims_of_what_is_not_asked_for():
    """What is of a device or of a planner says how to name one, wherever it is asked for."""
    for name, option in (("roofline", "--device"), ("arena-head", "--planner")):
        lines = (["check", NET, f"{name}=1"], ["solve", f"{BODY} -> fc ?", f"{name}<=1"])
        for words in (*lines, ["stack", NET, "--get", name], ["stack", NET, "--columns", name]):
            status, out, err = printed(words)
            assert status in (1, 2)
            assert f"add '{option} " in out + err


PAIRS = {
    "get": ("explain", "columns", "totals", "by", "chart", "sort", "top", "depth", "check"),
    "fits": ("totals", "explain", "columns", "by", "check"),
    "check": ("columns", "totals", "at", "by", "chart", "sort", "top", "depth"),
    "totals": ("columns", "explain", "at", "by", "chart", "sort", "top", "depth"),
    "explain": ("columns", "by", "chart", "depth", "device"),
}
MORE = {
    "get": ["params"],
    "fits": ["8MiB"],
    "check": ["params=1"],
    "columns": ["params"],
    "at": ["a"],
    "by": ["kind"],
    "sort": ["macs"],
    "top": ["2"],
    "depth": ["0"],
    "device": ["t4"],
}


def test_options_that_ask_for_different_answers():
    """Of two that have answers of their own none is left out in silence."""
    for name, others in PAIRS.items():
        for other in others:
            words = [f"--{name}", *MORE.get(name, []), f"--{other}", *MORE.get(other, [])]
            status, out, err = printed(["stack", NET, *words])
            assert (status, out) == (2, "")
            assert "ask for different answers" in err, (name, other)
