"""Python and the command line give one answer: `to_dict()` is what `--json` prints."""

import json
import pickle
import warnings

from command import printed
from hypothesis import given
from hypothesis import strategies as st
from strategies import few, networks

import cnncalc

dtypes = st.sampled_from(["float32", "float16", "int8"])
claims = st.sampled_from(
    ["params=760", "output=4x4x4", "macs~1M", "rf<=5", "1.rf=3", "peak=1KiB", "rf=x", "nothing=1"]
)


def asked(words, function, *arguments, **more):
    """Return what a command prints as JSON, and what a function gives: a dict, or a fault.

    What is offered to be typed in its place is a command line there, and a text here.
    """
    _status, out, err = printed([*words, "--json"])
    told = json.loads(out or err)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            answer = function(*arguments, **more)
        except cnncalc.Problem as problem:
            return told["error"]["code"], problem.code
    assert {each.category for each in caught} <= {cnncalc.NetworkWarning}
    assert all(each.filename == __file__ for each in caught)
    assert len(caught) == len(told["warnings"])
    assert "\n" not in repr(answer)
    assert str(answer) == printed(words, COLUMNS="")[1].removesuffix("\n")
    found = answer.to_dict()
    for each in (*told["warnings"], *found["warnings"]):
        assert bool(each.pop("try")) <= bool(each.pop("helps"))
    return told, found


@given(networks(), st.integers(1, 9), dtypes)
def test_stack_and_compare(text, batch, dtype):
    """A report, and networks side by side, for a batch of values of a type."""
    memory = ["--batch", str(batch), "--dtype", dtype]
    how = {"batch": batch, "dtype": dtype}
    other = "8x8x3 -> conv 4 k3"
    told, given_ = asked(["compare", text, other, *memory], cnncalc.compare, text, other, **how)
    assert given_ == told
    told, given_ = asked(["stack", text, "--batch", str(batch)], cnncalc.stack, text, batch=batch)
    assert given_ == told


@few
@given(networks(), st.lists(claims, min_size=1, max_size=4))
def test_check(text, said):
    """Verdicts on claims, which may not be read."""
    words = ["check", text, *said, "--accept", "no-bias"]
    told, given_ = asked(words, cnncalc.check, text, *said, accept=["no-bias"])
    assert given_ == told


@given(
    st.integers(5, 20),
    st.integers(1, 5),
    st.sampled_from(["p?", "k?", "k3 s?", "k?k p?"]),
    st.sampled_from(["size={}", "size=3", "params<=100"]),
)
def test_solve(size, filters, unknown, goal):
    """Solutions in order, with what comes nearest where there are none."""
    text = f"{size}x{size}x2 -> conv {filters} {unknown if 'k' in unknown else 'k3 ' + unknown}"
    goal = goal.format(size)
    words = ["solve", text, goal, "--max", "params"]
    told, given_ = asked(words, cnncalc.solve, text, goal, max="params")
    assert given_ == told


@given(networks(), st.booleans(), st.none() | st.integers(0, 3))
def test_rf(text, effective, at):
    """The fields of all rows, of one, of a unit of one, and what its pixels weigh."""
    words = ["rf", text, *(["--effective"] if effective else [])]
    words += [] if at is None else ["--at", str(at)]
    told, given_ = asked(words, cnncalc.rf, text, effective=effective, at=at)
    assert given_ == told


@given(
    networks(),
    st.sampled_from(["input=1..9:4", "C=1,3", "n=2"]),
    st.sampled_from([[], ["--sort", "macs"], ["--top", "2"], ["--columns", "rf,params"]]),
)
def test_sweeps(text, sweep, more):
    """The points of a sweep, those with a fault among them, in their order."""
    words = ["compare", text, "8x8x3 -> conv C k3", "--sweep", sweep, *more]
    how = {more[0][2:]: more[1]} if more else {}
    how |= {"top": 2} if "top" in how else {}
    how |= {"columns": ["rf", "params"]} if "columns" in how else {}
    _status, out, err = printed([*words, "--json"])
    told = json.loads(out or err)
    try:
        answer = cnncalc.compare(text, "8x8x3 -> conv C k3", sweep=sweep, **how)
        assert answer.to_dict() == told == answer.to_dict()
        assert str(answer) == printed(words, COLUMNS="")[1].removesuffix("\n")
    except cnncalc.Problem as problem:
        assert problem.code == told["error"]["code"]


questions = st.builds(
    lambda network, ask, said: {"network": network, "ask": ask, "claims": said},
    networks(),
    st.sampled_from(["", "params", "output", "nothing"]),
    st.lists(claims, max_size=1),
)


@few  # a claim that is wrong is looked into
@given(st.lists(questions, min_size=1, max_size=2), st.booleans(), st.none() | st.just("a,b\nc,3"))
def test_mark(tmp_path_factory, asked_, has_claims, answers):
    """A sheet's claims, its key, and a class's answers to it."""
    folder = tmp_path_factory.mktemp("sheets")
    sheet, table = folder / "sheet.toml", folder / "answers.csv"
    keys = ("network", "ask", "claims") if has_claims else ("network", "ask")
    parts = [
        "[[question]]\nname = 'b'\n"
        + "".join(f"{key} = {json.dumps(each[key])}\n" for key in keys if each[key] != "")
        for each in asked_
    ]
    sheet.write_text("".join(parts))
    words = ["check", str(sheet)]
    files = [sheet]
    if answers is not None:
        table.write_text(answers)
        words, files = [*words, str(table)], [sheet, table]
    told, given_ = asked([*words, "--follow", "half"], cnncalc.mark, *files, follow="half")
    assert given_ == told


@given(st.integers(1, 30), st.integers(1, 40), st.integers(1, 3))
def test_a_network_is_read_once(size, width, deep):
    """A network that is read once is reported as its text with the numbers in it; pickled too."""
    net = cnncalc.read("def b(n, r=2) { [conv n k3 p1]*r } ?nx?nx3 -> b W -> conv ?m k1")
    wanted = cnncalc.stack(f"{size}x{size}x3 -> [conv {width} k3 p1]*{deep} -> conv {deep} k1")
    for each in (net, pickle.loads(pickle.dumps(net))):  # noqa: S301 - our own
        report = each.report(n=size, W=width, r=deep, m=deep)
        costs = [(row.layer, row.params, row.macs, row.rf) for row in report.rows]
        assert costs == [(row.layer, row.params, row.macs, row.rf) for row in wanted.rows]
        again = each.report(n=size + 1, W=width, r=deep, m=deep)
        assert again.macs * size**2 == report.macs * (size + 1) ** 2
        assert each.report(input="5x6x3", W=width, m=deep).output == (5, 6, deep)
