"""Arguments in Python of any type and value: each is taken, or refused by its name."""

from inspect import signature
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from variations import variations

import cnncalc
from cnncalc.api.misuse import Misused
from cnncalc.api.options import COSTS, READERS
from cnncalc.report.options import SEEN

TEXT = "16x16x3 -> a: conv 4 k3 -> bn -> relu -> fc 2"
LETTERS = "NxNx3 -> conv W k3 -> gap"


class Odd:
    """Something that nobody expects, and that does not show itself."""

    def __repr__(self):
        raise RuntimeError


ODD = [
    *(None, 0, -1, 3, 10**30, 10**5000, 2.5, float("nan"), True, False, "", "x", "\0", "a=b", "é→"),
    *(b"x", (), [], {}, (1, 2, 3), ["params"], [None], {"a": 1}, {1: 2}, {3, 4}, object()),
    *(Odd(), int, len, Path("nowhere.cnn"), ..., [[]], range(3), "input=32..64:32"),
]

ODD += [(10**5000, 1, 3), [10**5000], {"a": 10**5000}, "9" * 5000, "²", "\u202e3", "a\x1b[31m"]

BESIDE = dict.fromkeys(READERS)
INPUT = {"input": None}
PICTURE = dict.fromkeys(("style", "shade", "direction", "depth", "at", "width", "format"))
CALLS = {
    "stack": (cnncalc.stack, [TEXT], {**INPUT, **BESIDE}),
    "check": (cnncalc.check, [TEXT, "params=3"], {**INPUT, **BESIDE, "accept": 0, "follow": 0}),
    "compare": (cnncalc.compare, [TEXT, TEXT], {**INPUT, **BESIDE}),
    "sweep": (
        lambda *nets, **named: cnncalc.compare(*nets, **{"sweep": "W=1..3", **named}),
        [LETTERS.replace("N", "9")],
        {**INPUT, **BESIDE, **dict.fromkeys(("sweep", "columns", "sort", "top"))},
    ),
    "solve": (
        cnncalc.solve,
        ["9x9x1 -> conv 2 k?", "size=7"],
        {**INPUT, **BESIDE, **dict.fromkeys(("ranges", "min", "max"))},
    ),
    "fits": (cnncalc.fits, [TEXT, "8MiB"], {**INPUT, **BESIDE}),
    "formula": (cnncalc.formula, [LETTERS, "macs"], {**INPUT, **BESIDE}),
    "rf": (
        cnncalc.rf,
        [TEXT],
        {**INPUT, **dict.fromkeys(SEEN)}
        | dict.fromkeys(("at", "unit", "draw", "effective", "depth", "outputs")),
    ),
    "motion": (
        cnncalc.motion,
        ["9x9x1 -> conv 1 k3"],
        {**INPUT, **dict.fromkeys(("still", "frames", "channels_first", "format"))},
    ),
    "read": (
        cnncalc.read,
        [TEXT],
        {**INPUT, **dict.fromkeys(("channels_first", "entry", "arguments", "variables", "train"))},
    ),
    "mark": (
        cnncalc.mark,
        ["nowhere.toml", "nowhere.csv"],
        {**INPUT, **BESIDE, **dict.fromkeys(("accept", "follow"))},
    ),
    "report": (cnncalc.read(LETTERS).report, [], {**INPUT, **dict.fromkeys((*COSTS, "W", "N"))}),
    "draw": (cnncalc.stack(TEXT).draw, [], PICTURE),
    "fields": (cnncalc.rf(TEXT).draw, [], {"format": None}),
    "call": (cnncalc.formula(LETTERS), [9, 3], {}),
    "map": (cnncalc.formula(LETTERS).map, [[(9, 3)]], {}),
}
"""Functions, what they are called with by place, and the names that they take beside it."""


def called(function, *given, **named):
    """Call a function; return its refusal, None where it answers."""
    try:
        found = function(*given, **named)
        if isinstance(found, cnncalc.Batches | cnncalc.Report | cnncalc.Verdicts):
            str(found)
    except cnncalc.Problem as problem:
        return problem
    return None


def test_all_that_is_public_is_called_here():
    """A function that is added is added here."""
    public = {name for name in cnncalc.__all__ if name[0].islower()}
    assert public <= CALLS.keys()
    for name in public:
        taken = signature(getattr(cnncalc, name)).parameters.values()
        named = {each.name for each in taken if each.kind is each.KEYWORD_ONLY}
        assert named <= {*CALLS[name][2], *(CALLS["sweep"][2] if name == "compare" else ())}


@pytest.mark.filterwarnings("ignore::cnncalc.NetworkWarning")
@given(st.data())
@variations("name", CALLS, 8)
def test_odd_arguments_are_taken_or_refused(name, data):
    """No call ends in another fault than a `Problem`, and one of misuse names the argument."""
    function, places, names = CALLS[name]
    value = data.draw(st.sampled_from(ODD))
    at = data.draw(st.sampled_from([*range(len(places)), *names]))
    if isinstance(at, int):
        problem = called(function, *places[:at], value, *places[at + 1 :])
    else:
        problem = called(function, *places, **{at: value})
    if isinstance(problem, Misused) and isinstance(at, str):
        assert problem.labels[0].span.source.name == at


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::cnncalc.NetworkWarning")
@pytest.mark.parametrize("name", CALLS)
def test_each_odd_argument(name):
    """Each argument of each function given each odd value: an answer, or a `Problem`."""
    function, places, names = CALLS[name]
    for value in ODD:
        for at in range(len(places)):
            called(function, *places[:at], value, *places[at + 1 :])
        for each in names:
            called(function, *places, **{each: value})


@pytest.mark.parametrize("value", [b"x", 2.5, object(), Odd(), len, [[]]])
def test_what_no_argument_is_is_misuse(value):
    """What no argument of any function may be is refused by all, with the argument's name."""
    for function, places, names in CALLS.values():
        for at in names:
            if at not in ("arguments", "W", "N"):
                problem = called(function, *places, **{at: value})
                assert isinstance(problem, TypeError), at
                assert problem.labels[0].span.source.name == at


def test_arguments_that_no_function_has():
    """A name that a function does not know is refused with those that it does."""
    for name in ("stack", "check", "compare", "fits", "rf"):
        function, places, _names = CALLS[name]
        with pytest.raises(TypeError, match=f"{name} takes no 'folds'") as caught:
            function(*places, folds=True)
        assert "fold" in caught.value.helps[0]
    with pytest.raises(Misused, match="takes no 'batch'"):
        cnncalc.rf(TEXT, batch=2)


def test_a_volume_of_whole_numbers():
    """A volume is a text or whole numbers, wherever one is asked for."""
    net = "conv 4 k3 -> fc 2"
    expected = cnncalc.stack(f"32x32x3 -> {net}").params
    for volume in ((32, 32, 3), [32, 32, 3], "32x32x3"):
        assert cnncalc.stack(net, input=volume).params == expected
        assert cnncalc.read(net).report(input=volume).params == expected
        assert cnncalc.check(net, f"params={expected}", input=volume).right
    turned = cnncalc.stack(net, input=(3, 32, 32), channels_first=True)
    assert turned.params == expected
    two = "a: 8x8x3 -> conv 2 k3 -> x: relu -> b: 8x8x3 -> conv 2 k3 -> add[@x | identity]"
    named = cnncalc.stack(two, input={"a": (9, 9, 1), "b": "9x9x1"})
    assert [row.output for row in named.inputs] == [(9, 9, 1), (9, 9, 1)]


def test_a_network_keeps_its_layout():
    """One that is read with channels first takes volumes so; another layout is refused."""
    net = cnncalc.read("3x32x32 -> conv 4 k3", channels_first=True)
    assert cnncalc.stack(net, input="3x9x9").output == (7, 7, 4)
    with pytest.raises(Misused, match="channels_first"):
        cnncalc.stack(net, channels_first=False)
