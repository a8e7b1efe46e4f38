"""Answers agree: whatever road a question takes, a network has one answer for a place.

The answers are held to sums by hand over single rows, which other tests hold to their truths.
"""

import json
from fractions import Fraction
from functools import cache
from math import prod

from command import printed
from hypothesis import assume, example, given
from hypothesis import strategies as st
from strategies import few, sequences, volumes
from variations import variations

from cnncalc import Problem, stack
from cnncalc.homework.judge import Judge
from cnncalc.notation.parser import parse
from cnncalc.report.claim_names import NAMES
from cnncalc.report.quantities import QUANTITIES as ALL
from cnncalc.solving.goals import read_goal
from cnncalc.solving.listings import answer_in_order
from cnncalc.solving.search import Search
from cnncalc.speech.problem import Source

QUANTITIES = {name: each for name, each in ALL.items() if not each.needs}
"""All but those of a planner or a device."""

COUNTED = ("params", "weights", "biases", "macs", "activations", "products")
LAST = ("output", "rf", "jump", "start", "centre", "rf-padding", "depth", "nonlinearities")
OPTIMIZERS = {"training-sgd": 2, "training-momentum": 3, "training-adam": 4}
VIEWS = ("input", "flatten", "dropout", "identity", "output", "tokens", "reference")
ELSEWHERE = ("arena-head", "arena-tail", "roofline", "bound")  # with a planner, on a device
ASKED = [name for name in QUANTITIES if name not in ELSEWHERE]
CLAIMED = [name for name in NAMES if name in ASKED]

NETWORKS = (
    *("56x56x64 -> conv 64 k7 p3 nobias", "8x8x4 -> gap", "15x15x6 -> here: conv 3 k1"),
    "8x8x3 -> here: [add[conv 3 k1 | identity] -> relu] -> maxpool 2 -> fc 4",
    "9x9x2 -> conv 4 k3 s2 -> here: [bn -> relu -> aux[gap -> fc 2]] -> conv 2 k1 -> bn",
    "6x6x4 -> here: [tokens -> attention 2] -> fc 3",
)


def rounded(number, digits):
    """Return a number with so many decimals, halves up."""
    return float(Fraction((2 * number * 10**digits + 1) // 2, 10**digits))


def is_fed(row, report):
    """Return whether something is learned before a row."""
    before = [report.rows[index] for index in row.inputs]
    return any(each.params or is_fed(each, report) for each in before)


def by_hand(rows, name, report):
    """Return what rows have of a quantity, made without the program's own way of making it."""
    if name in LAST:
        return getattr(rows[-1], "padding" if name == "rf-padding" else name)
    if name == "last-field":
        counted = [row for row in rows if not row.aux] or rows
        finite = [row.rf for row in counted if isinstance(row.rf, tuple) and row.rf]
        return finite[-1] if finite else None
    if name == "rf-share" and isinstance(seen := rows[-1].rf, tuple):
        return tuple(rounded(Fraction(100 * a, b), 1) for a, b in zip(seen, report.input, strict=0))
    if name == "rf-share":
        return seen
    if name == "training-macs":
        once = [row for row in rows if not (row.products or is_fed(row, report))]
        return 3 * sum(row.macs for row in rows) - sum(row.macs for row in once)
    if name == "peak":
        return max(row.peak for row in rows)
    if name.endswith("-share"):
        main = [row for row in report.rows if not row.aux]
        part, whole = (by_hand(each, name[:-6], report) for each in (rows, main))
        return rounded(Fraction(100 * part, whole), 1) if whole else 0.0
    of = {each: sum(getattr(row, each) for row in rows) for each in COUNTED}
    of |= {"flops": 2 * of["macs"], "memory": 4 * of["activations"]}
    of |= {"params-memory": 4 * of["params"], "flash": 4 * of["params"]}
    of |= {"trainable": of["params"], "frozen": 0}
    of |= {each: 2 * of["memory"] + n * of["params-memory"] for each, n in OPTIMIZERS.items()}
    of["bytes"] = 4 * sum(
        sum(prod(report.rows[each].output) for each in row.inputs) + prod(row.output) + row.params
        for row in rows
        if row.kind not in VIEWS
    )
    of |= {"trainable": of["params"], "frozen": 0, "flash": 4 * of["params"]}
    of["intensity"] = rounded(Fraction(of["flops"], of["bytes"] or 1), 2)
    return of[name]


def in_json(value):
    """Return a value as JSON has it."""
    if isinstance(value, tuple):
        return [in_json(each) for each in value]
    return str(value) if isinstance(value, Fraction) else value


def read(cells, name):
    """Return a quantity from a row of JSON."""
    for key in QUANTITIES[name].path or (name,):
        cells = cells[key] if isinstance(cells, dict) else cells
    return cells


def said(value):
    """Return a value as a claim, or `--get`, says it."""
    return "x".join(map(str, value)) if isinstance(value, tuple) else str(value)


def asked(*words):
    """Return what a command prints."""
    status, out, err = printed(list(words))
    assert status == 0, err
    return out


def asked_for_json(text, names, *words):
    """Return what stack answers in JSON, with the columns of some quantities."""
    columns = ("--columns", ",".join(names))
    return json.loads(asked("stack", text, *words, *columns, "--json"))


def is_inside(row, label):
    """Return whether a row has a label, or stands inside what has it."""
    return label in (row.label, *(place.label for place in row.places))


@cache
def roads(text, place):
    """Return a report, its rows at a place, and what each road says of each quantity there.

    A road is its name, the rows that it speaks of, and its answers in JSON by name.
    """
    report = stack(text)
    found = [row for row in report.rows if row.index == place]
    if isinstance(place, str):
        found = [row for row in report.rows if is_inside(row, place)]
    rows = found or [row for row in report.rows if not row.aux]
    at = () if place is None else ("--at", str(place))
    hand = {name: by_hand(rows, name, report) for name in ASKED}
    names = [name for name, value in hand.items() if value not in (None, ())]
    answers = []
    got = asked("stack", text, "--get", ",".join(names), *at).splitlines()
    answers.append(("--get", rows, dict(zip(names, got, strict=True))))
    listed = asked_for_json(text, ASKED, *at)
    assert len(listed["rows"]) == len(found or report.rows)
    for row, cells in zip(found or report.rows, listed["rows"], strict=True):
        answers.append(("--columns", [row], {name: read(cells, name) for name in ASKED}))
    main = [row for row in report.rows if not row.aux]
    of_all = {name: read(listed["totals"], name) for name in (*LAST[:1], "macs", "peak", "flops")}
    answers.append(("totals", main, of_all))
    for cells in asked_for_json(text, ASKED, "--by", "kind", *at)["rows"]:
        kind, _, aux = cells["kind"].partition(" (")
        alike = [row for row in found or report.rows if (row.kind, row.aux) == (kind, bool(aux))]
        assert cells["rows"] == len(alike)
        answers.append(("--by", alike, {name: read(cells, name) for name in ASKED}))
    if place is None:
        (cells, _) = json.loads(asked("compare", text, text, "--json"))["networks"]
        answers.append(("compare", rows, {k: v for k, v in cells.items() if k in ASKED}))
        data = {name: getattr(report, name.replace("-", "_")) for name in ASKED}
        of_self = {name: value for name, value in data.items() if not name.endswith("-share")}
        answers.append(("Python", rows, {name: in_json(value) for name, value in of_self.items()}))
    where = "" if place is None else f"{place}."
    network = parse(Source("<stack>", text))
    searches = [Search(network, [read_goal(Source("", f"{where}{name}=?"))]) for name in CLAIMED]
    solved = (
        in_json(answer_in_order(each, each.goals[0], next(each.solutions()).answers[0]))
        for each in searches
    )
    answers.append(("solve", rows, dict(zip(CLAIMED, solved, strict=True))))
    judge = Judge(network)
    verdicts = {
        name: judge.judge(Source("", f"{where}{name}={said(hand[name])}")).kind
        for name in CLAIMED
        if name in names and "/" not in said(hand[name])
    }
    return report, answers, verdicts


def check(text, place, quantities):
    """Hold every road's answers about a place to sums by hand."""
    report, answers, verdicts = roads(text, place)
    for road, rows, values in answers:
        for name in quantities:
            if rows and name in values:
                wanted = by_hand(rows, name, report)
                if road == "--get":
                    wanted = f"{wanted:.2f}" if name == "intensity" else said(wanted)
                assert values[name] == in_json(wanted), (text, place, road, name)
    for name in quantities:
        assert verdicts.get(name, "right") == "right", (text, place, name)


@variations("quantity", ASKED, 7)
def test_every_quantity(quantity):
    """Each quantity is the same by --get, --columns, --by, --at, compare, JSON and by hand."""
    for text in NETWORKS:
        for place in (None, 0, 1, *(["here"] if "here" in text else [])):
            check(text, place, [quantity])


def fits(text):
    """Return whether a network can be stacked."""
    try:
        return bool(stack(text))
    except Problem:
        return False


@st.composite
def networks(draw):
    """Draw a network with a labelled part, and a place in it: a label, a row, or all of it."""
    text = "x".join(map(str, draw(volumes(least=6))))
    for frame in ("{}", "here: [{}]", "{}"):
        items = draw(st.lists(sequences(2, 1), min_size=1, max_size=3))
        kept = []
        for item in items:
            if fits(f"{text} -> {' -> '.join([*kept, item])}"):
                kept.append(item)
        text += " -> " + frame.format(" -> ".join(kept or ["relu"]))
    return text, draw(st.one_of(st.sampled_from([None, "here"]), st.integers(0, 30)))


@few
@given(networks())
@example(("8x8x3 -> aux[here: gap -> fc 2] -> conv 2 k1", "here"))
def test_random_networks(drawn):
    """Every road to every quantity of a random network at a place gives the sum by hand."""
    text, place = drawn
    assume(fits(text))
    rows = stack(text).rows
    if isinstance(place, int):
        place %= len(rows)
    assume(place != "here" or any(is_inside(row, "here") for row in rows))
    check(text, place, ASKED)
