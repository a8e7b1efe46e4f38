"""Slips that are measured along the rows that they change are as the network traced anew has them.

The oracle is the trace itself, in which every layer is measured in the way, from the first row.
"""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import few, networks
from test_alike_rounds import ITEMS
from variations import variations

from cnncalc import Problem
from cnncalc.homework.alternatives import Alternatives
from cnncalc.homework.answers import Query
from cnncalc.homework.judge import Judge
from cnncalc.homework.namesakes import family
from cnncalc.homework.own_numbers import OwnNumbers
from cnncalc.homework.remeasure import AlikeLayers, InWays
from cnncalc.homework.ways import WAYS
from cnncalc.importing.sources import read_text
from cnncalc.speech.budget import BUDGET
from cnncalc.trace.course import Course
from cnncalc.trace.settings import Settings

QUANTITIES = (
    *("output", "size", "channels", "in_features", "params", "weights", "biases", "macs", "flops"),
    *("activations", "rf", "jump", "start", "memory", "params-memory", "peak", "training-macs"),
    *("training-sgd", "last-field", "bytes", "kernel", "stride", "depth"),
)
HEAD = (
    "def part(n, g=1) { add[ conv n k3 p1 g=g -> bn -> relu | [conv n k1]*(1-(cin==n)) ]"
    " -> mul[gap -> conv cin/2 k1 -> conv cin*2 k1 | identity] } "
)
FITTING = st.builds(
    "{}12x12x4 -> head: identity -> {} -> gap -> fc 10".format,
    st.just(HEAD),
    st.lists(ITEMS, min_size=2, max_size=7).map(" -> ".join),
)
SETTINGS = st.builds(
    Settings,
    batch=st.sampled_from([1, 3]),
    strict=st.sampled_from([False, False, True]),
    fold=st.booleans(),
    planner=st.sampled_from(["ours", "inplace-add"]),
)


def told(alternatives, place, quantity):
    """Return all that other ways give, in their order, with their workings."""
    found = [each._replace(work=each.work()) for each in alternatives.of(Query(place, quantity))]
    return found, alternatives.is_cut


def told_twice(text, asked, claimed=None, settings=Settings(), others=(), most=80):  # noqa: B008
    """Return what is told along the rows, and by traces; nothing of a network with a fault."""
    settings = settings._replace(budget=BUDGET._replace(retraced=10**7))
    try:
        judge = Judge(read_text(text), settings)
    except Problem:
        return [], []
    instead = None
    if claimed:
        at = claimed[0] % len(judge.rows)
        own = tuple(size + by for size, by in zip(judge.rows[at].output, claimed[1], strict=False))
        if at and all(type(size) is int and size > 0 for size in own):
            instead = OwnNumbers({(at, "output"): own}).instead
    course = Course()
    rows, fault = judge.retrace(instead=instead, course=course)
    if fault or len(rows) > most:
        return [], []
    quick = Alternatives(judge.retrace, rows, others, instead, course=course)
    whole = Alternatives(judge.retrace, rows, others, instead)
    places = [(place if place is None else str(place % len(rows)), what) for place, what in asked]
    return [[told(each, *one) for one in places] for each in (quick, whole)]


ASKED = st.lists(
    st.tuples(st.sampled_from([None, None, 3, 7, 12]), st.sampled_from(QUANTITIES)),
    min_size=1,
    max_size=3,
)


@few
@given(
    st.one_of(FITTING, networks()),
    ASKED,
    st.one_of(st.none(), st.tuples(st.integers(1, 9), st.tuples(*[st.integers(-1, 1)] * 3))),
    SETTINGS,
)
@example(f"{HEAD}12x12x4 -> part 8 -> part 8", [(None, "params")], None, Settings())
@example(
    "12x12x4 -> a: conv 4 k3 -> maxpool 2 -> resize like=a", [(None, "output")], None, Settings()
)
@example("12x12x4 -> conv 4 k3 d2 -> conv 4 k3", [(None, "peak"), (None, "rf")], None, Settings())
@example("9x9x4 -> [conv 4 k3 p1]*2 shared -> fc 3", [(None, "macs")], None, Settings())
def test_rows_gone_through_again_are_as_traced(text, asked, claimed, how):
    """Every figure, its slip, its working and its order: on own numbers, norms folded or not."""
    quick, whole = told_twice(text, asked, claimed, how)
    assert quick == whole


def test_a_layer_that_is_gone_is_no_other():
    """What was measured of a layer that was made on the way is not taken for that of another."""
    rows = Judge(read_text("9x9x4 -> conv 4 k3 p1")).rows
    ways = InWays(WAYS["no-bias"].alone, AlikeLayers(rows))
    for filters in range(1, 20):  # the memory of one is the next one's but one
        row = rows[1]._replace(node=rows[1].node.having(filters=filters))
        assert ways.change(row, row.field).params == 4 * 9 * filters


MODELS = ("lenet5", "alexnet", "vgg16", "resnet18", "squeezenet1_1", "googlenet", "mobilenet_v2")


@variations("name", MODELS, 1)
def test_models_gone_through_again_are_as_traced(name):
    """The same of models, and of their namesakes."""
    asked = [(None, "params"), (7, "output")]
    quick, whole = told_twice(name, asked, others=family(name), most=200)
    assert quick == whole != []


@pytest.mark.long
@pytest.mark.parametrize("name", ["alexnet", "resnet18", "shufflenet_v2_x1_0"])
def test_more_of_models_gone_through_again_is_as_traced(name):
    """What is held, seen and folded."""
    asked = [(None, "rf"), (None, "peak")]
    quick, whole = told_twice(name, asked, settings=Settings(fold=True), most=200)
    assert quick == whole != []
