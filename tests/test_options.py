"""Options beside a network: in every answer each changes something, or is refused; none is idle."""

import json
import re
import warnings

import pytest
from command import printed
from variations import variations

from cnncalc import Problem, check, compare, fits, formula, rf, solve, stack
from cnncalc.api.options import READERS
from cnncalc.cli.commands import COMMANDS, cnncalc
from cnncalc.cli.options import settings_options
from cnncalc.report.asked import DEAF
from cnncalc.report.options import OPTIONS, bears_on
from cnncalc.report.quantities import QUANTITIES
from cnncalc.trace.settings import Settings

PART = "a: [b: [conv 16 k3 s2 nobias -> bn -> b1: conv 16 k1 -> relu]*2]"
BODY = f"16x16x3 -> conv 16 k3 p1 -> add[conv 16 k1 | identity] -> {PART}"
NET = f"{BODY} -> fc 5"
VALUES = {
    "batch": ["3"],
    "dtype": ["int8"],
    "planner": ["inplace-add"],
    "device": ["t4"],
    "like": ["ptflops"],
    "freeze": ["a"],
}
SOUGHT = "8x8x4 -> add[conv 4 k1 | identity] -> a: [conv 8 k3 s2 nobias -> bn] -> fc ?"
GOALS = ("params<=2000", "macs=?", "peak=?")
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
    "solutions": ["solve", SOUGHT, *GOALS],
    "compared": ["compare", NET, f"{NET} -> relu"],
    "swept": ["compare", f"{BODY} -> fc N", "--sweep", "N=1..3"],
    "chosen": ["compare", f"{BODY} -> fc N", "--sweep", "N=1..3", "--columns", "params"],
    "fields": ["rf", BODY],
    "unit": ["rf", BODY, "--unit", "1,1"],
    "counters": ["counts", NET],
    "figure": ["draw", NET],
}
"""What a command answers with, by its command line."""

SOURCE = """import torch.nn as nn
N = 4
class Net(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        self.a = nn.Conv2d(3, width, 3, 2)
        self.b = nn.Conv2d(width, N, 1)
    def forward(self, x):
        return self.b(self.a(x))
class Other(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        self.a = nn.Conv2d(3, width, 5, 2)
    def forward(self, x):
        return self.a(x)
"""
OTHERS = {
    **{
        name: ["stack", BODY, *words]
        for name, words in {
            "plain": [],
            "values": ["--get", "params"],
            "of a row": ["--get", "macs", "--at", "a"],
            "csv": ["--format", "csv"],
            "in order": ["--sort", "macs"],
            "columns": ["--columns", "params"],
            "a step": ["--explain", "params"],
            "picture": ["-o", "x.svg"],
            "page": ["-o", "x.html"],
        }.items()
    },
    "source": ["stack", "net.py", "--class", "Net", "--input", "16x16x3", "--depth", "1"],
    "layer": ["conv", "16x16x3", "8", "k3", "s2"],
    "a number": ["conv", "16x16x3", "8", "k3", "s2", "--get", "output"],
    "windows": ["conv", "16x16x3", "8", "k3", "s2", "-o", "x.svg"],
    "followed": [
        "check",
        "32x32x3 -> conv 8 k3 p1 -> maxpool 2",
        "1.output=30x30x8",
        "output=15x15x8",
    ],
    "convention": ["check", "32x32x3 -> conv 8 k3", "params=216", "output=30x30x8"],
    "one claim": ["check", NET, "macs>=1"],
    "key": ["check", "key.toml"],
    "pixels": ["rf", BODY, "--unit", "1,0"],
    "weights": ["rf", BODY, "--effective"],
    "outputs": ["rf", BODY, "--outputs"],
    "steps": ["rf", BODY, "--explain"],
    "code": ["export", BODY],
    "read": ["import", "net.py", "--class", "Net"],
    "exercises": ["quiz"],
    "on own": ["quiz", NET],
}
"""More answers, in which each of all the options bears on something, or is said to be idle."""

MANY = {
    **{
        name: [value]
        for name, value in {
            "input": "24x24x3",
            "class": "Other",
            "arg": "width=5",
            "set": "N=7",
            "depth": "0",
            "at": "2",
            "by": "kind",
            "sort": "macs",
            "top": "2",
            "get": "params",
            "columns": "macs",
            "check": "params=2",
            "fits": "9MB",
            "explain": "params",
            "accept": "no-bias",
            "follow": "half",
            "range": "?=1..9",
            "min": "params",
            "max": "params",
            "sweep": "N=1..3",
            "unit": "0,1",
            "seed": "5",
            "count": "3",
            "level": "3",
            "kind": "params",
            "still": "2",
            "format": "csv",
        }.items()
    },
    **VALUES,
}
RARE = {"raw", "yes", "train", "accept", "style", "width", "strict"}
"""What bears on something that these have not: cells that begin with =, sweeps of minutes, ..."""


def asked_again(line, parameter, folder):
    """Return what a command line prints and writes with one more option."""
    name = parameter.opts[0]
    value = [] if parameter.is_flag else MANY.get(name[2:], ["2"])
    return written([*line, name, *value], folder)


def written(words, folder):
    """Return what a command line prints and writes."""
    for path in folder.glob("x.*"):
        path.unlink()
    said = printed(words, folder)
    return *said, *(path.read_text() for path in folder.glob("x.*"))


FORMS = [
    *([], ["--format", "csv"], ["--json"], ["--chart"], ["--format", "markdown"], ["--totals"]),
    *(["-o", "x.html"], ["--columns", "macs"], ["--format", "latex"], ["--at", "1"]),
    *(["--get", "params"], ["-o", "x.svg"], ["--format", "mermaid"]),
]
"""What else may be asked of an answer, which may have no place for what an option asks."""

OF_ONE_ROW = {"fold", "planner", "freeze", "style"}
"""What may change nothing of one row, whose numbers do not follow from it."""


@pytest.mark.long
@pytest.mark.parametrize("shape", [*SHAPES, *OTHERS])
def test_each_option_of_each_command_is_heard(shape, tmp_path):
    """What an option asks for is in the answer, or what it does not is said beside it.

    So it is in every format: three of them, in turn, beside the command's own.
    """
    (tmp_path / "key.toml").write_text(SHEET + "ask = 'params'")
    (tmp_path / "net.py").write_text(SOURCE)
    line, number = {**SHAPES, **OTHERS}[shape], [*SHAPES, *OTHERS].index(shape)
    forms = [form for form in FORMS[1:] if form[0] not in line]
    for form in [[], *(forms[(number + 4 * at) % len(forms)] for at in range(3))]:
        before = written([*line, *form], tmp_path)
        if before[0] != 2:
            silent = silent_beside([*line, *form], before, tmp_path)
            rare = RARE | (OF_ONE_ROW if form[:1] == ["--at"] else set())
            rare |= {"fold"} if shape == "source" else set()  # which has no norms
            rare |= {"draw"} if form[:1] == ["-o"] else set()  # which draws by itself
            assert silent - rare == set(), form


def silent_beside(line, before, folder):
    """Return the names of the options that change nothing of what a command line prints."""
    silent = set()
    for each in cnncalc.get_command(None, line[0]).params:
        name = each.opts[0]
        if name[:2] == "--" and name not in ("--lang", *line):
            after = asked_again(line, each, folder)
            assert "internal-error" not in after[2]
            silent |= {name[2:]} if after[1:] == before[1:] else set()
    return silent


@variations("shape", SHAPES, 6)
def test_no_option_is_idle(shape):
    """Each option that the command takes changes the answer, or is refused."""
    line = SHAPES[shape]
    taken = [each.name for each in cnncalc.get_command(None, line[0]).params]
    before = printed(line)
    assert before[0] in (0, 1)
    for option in settings_options():
        name = option.opts[0][2:]
        if option.name in taken:
            after = printed([*line, f"--{name}", *VALUES.get(name, [])])
            assert after != before, (shape, name)
            assert "internal-error" not in after[2]


OTHER = "9x9x4 -> a: conv 8 k3 nobias -> bn -> dwconv k3"
BESIDE = [
    ("batch", 3),
    *(("dtype", each) for each in ("int8", "weights=int4,activations=int8")),
    ("planner", "inplace-add"),
    *(("like", each) for each in ("ptflops", "fvcore", "keras")),
    ("freeze", ["a"]),
    ("fold", True),
]


@pytest.mark.filterwarnings("ignore")
def test_what_bears_on_a_quantity():
    """An option changes a quantity, of all or of a row, just where it is said to bear on it."""
    changed, claimed = set(), set()
    for net in (
        NET,
        f"{OTHER} -> tokens -> product[identity | transpose]",
    ):
        before = found_in(stack(net, device="t4"))
        for name, value in BESIDE:
            report = stack(net, device="t4", **{name: value})
            after = found_in(report)
            of = 1 if name == "fold" else None  # in all: its rows are others
            changed |= {(name, each) for each in after if after[each][:of] != before[each][:of]}
            bears = {each for each in after if bears_on(name, [QUANTITIES[each]], report.settings)}
            claimed |= {(name, each) for each in bears}
    assert changed <= claimed
    idle = {each for name, each in claimed - changed if name != "fold"}
    assert idle <= {"arena-head", "arena-tail", "bound"}  # of another planner; where it turns


def test_every_option_says_what_it_bears_on():
    """Each setting is an option of the table, of command lines and of Python."""
    assert OPTIONS.keys() == {*Settings._fields} - {"budget"} == {*READERS}
    assert [each.name for each in settings_options()] == [*OPTIONS]
    names = {each.name for name in COMMANDS for each in cnncalc.get_command(None, name).params}
    assert {name for each in DEAF.values() for name in each.options} <= names


def found_in(report):
    """Return what a report has of all quantities, in all and in each row."""
    return {
        name: [report.total(name), *(report.value(each, row) for row in report.rows)]
        for name, each in QUANTITIES.items()
    }


SMALL = "8x8x3 -> a: conv 4 k3 -> relu -> conv 4 k3"
UNHEARD = (
    ["stack", "8x8x3 -> conv 4 k3 same", "--explain", "padding", "--batch", "3"],
    ["check", SMALL, "macs>=1", "--dtype", "int8", "--format", "csv"],
    ["solve", "8x8x3 -> conv ? k3", "params=112", "--device", "t4", "--format", "markdown"],
    ["stack", SMALL, "--totals", "--freeze", "a", "--format", "csv"],
    ["stack", SMALL, "--at", "1", "--sort", "macs"],
    ["stack", SMALL, "--at", "1", "--top", "1"],
    ["rf", SMALL, "--at", "1", "--depth", "0"],
    ["draw", SMALL, "--at", "1", "--depth", "0"],
    ["rf", SMALL, "--unit", "1,1", "--fold", "--format", "csv"],
    ["counts", "HxWx3 -> conv 4 k3", "--batch", "3"],
    ["stack", SMALL, "--columns", "macs", "--chart", "--json"],
    ["stack", SMALL, "--columns", "macs", "--dtype", "int8", "-o", "x.svg"],
    ["stack", SMALL, "--columns", "macs", "--device", "t4", "-o", "x.html"],
)


@pytest.mark.parametrize("words", UNHEARD, ids=" ".join)
def test_what_one_format_does_not_say(words, tmp_path):
    """An option that changes nothing in a format or of one row is named, as in a table."""
    status, _out, err = printed(words, tmp_path)
    assert status == 0
    assert re.search(r"no bearing on \S", err)


def test_goals_are_named_in_their_order():
    """What an option has no bearing on is named as it was asked for, each time the same."""
    goals = ("params=112", "rf=3", "weights=108", "output=6x6x4")
    words = ["solve", "8x8x3 -> conv ? k3", *goals, "--device", "t4", "--format", "markdown"]
    assert "on params, rf, weights, output\n" in printed(words)[2]


def test_what_was_asked_of_formats():
    """Figures of fields are in LaTeX without a file, too; exercises have one format."""
    figure = printed(["rf", SMALL, "--draw", "--format", "latex"])
    assert "tikzpicture" in figure[1]
    for words in (["--format", "toml", "-o", "x.tex"], ["--format", "toml", "--answers"]):
        status, out, err = printed(["quiz", *words])
        assert (status, out) == (2, "")
        assert err.startswith("error[misuse]: --")


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


def test_a_depth_beside_one_row_is_named():
    """One row has nothing to unfold; a label of several has."""
    assert "--depth has no bearing on one row" in printed(["stack", NET, "--at=1", "--depth=3"])[2]
    assert "--depth" not in printed(["stack", NET, "--at=a", "--depth=3"])[2]


CALLS = {
    "rows": lambda **more: stack(NET, **more),
    "compared": lambda **more: compare(NET, f"{NET} -> relu", **more),
    "swept": lambda **more: compare(f"{BODY} -> fc N", sweep="N=1..3", **more),
    "chosen": lambda **more: compare(f"{BODY} -> fc N", sweep="N=1..3", columns="params", **more),
    "claims": lambda **more: check(NET, *CLAIMS, **more),
    "solutions": lambda **more: solve(SOUGHT, *GOALS, **more),
    "batches": lambda **more: fits(NET, "80KB", **more),
    "needs": lambda **more: fits(NET, "ram=1KiB,flash=1KiB", **more),
    "formula": lambda **more: formula(f"{BODY} -> fc N", "params", **more),
    "fields": lambda **more: rf(BODY, **more),
    "unit": lambda **more: rf(BODY, unit=(1, 1), **more),
    "weights": lambda **more: rf(BODY, effective=True, **more),
    "outputs": lambda **more: rf(BODY, outputs=True, **more),
}
"""What Python is asked, to which more arguments may be given."""

OF_FIELDS = {"at": "1", "unit": "0,1", "draw": True, "effective": True, "depth": 0, "outputs": True}
OF_COSTS = {name: value for name, value in BESIDE if name != "fold"} | {"device": "t4"}
OF_ANSWERS = {"accept": "no-bias", "follow": "half", "min": "params", "top": 2}


def told(call, **more):
    """Return what a call in Python tells: its answer, its fault, or what it does not take."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            found = call(**more)
        except Problem as problem:
            return problem.code
        except TypeError as problem:
            return str(problem)
    if not hasattr(found, "to_dict"):
        return found(2), [*map(str, said)]
    return found.to_dict(), str(found), [str(each.message) for each in said]


@variations("name", CALLS, 4)
def test_no_argument_is_idle(name):
    """Each argument in Python changes the answer, is refused, or is said to have no bearing."""
    call = CALLS[name]
    before = told(call)
    given = {"strict": True, "channels_first": True, "fold": True} | OF_COSTS | OF_ANSWERS
    given |= OF_FIELDS if name in ("fields", "unit", "weights", "outputs") else {}
    silent = {each for each, value in given.items() if told(call, **{each: value}) == before}
    assert silent <= {"strict", "accept", name.replace("weights", "effective")}
