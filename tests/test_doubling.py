"""Time in proportion: what is twice as long takes about twice the time, however it is written."""

import json
import time

import pytest

from cnncalc.importing.graph import Graph
from cnncalc.importing.keras import model as keras
from cnncalc.importing.keras.steps import _cells as cells_of
from cnncalc.importing.layers import make
from cnncalc.importing.prints.summaries import find_summary
from cnncalc.importing.prints.tables import Table
from cnncalc.speech.problem import Source


def layer(kind, name, reads=None, **config):
    """Return a layer of Keras' JSON; where it `reads` layers, one of a Functional."""
    entry = {"class_name": kind, "name": name, "config": {"name": name, **config}}
    if reads is not None:
        entry["inbound_nodes"] = [[[*each, {}] for each in reads]] if reads else []
    return entry


def model(layers, shape, output=None):
    """Return the JSON of a Sequential, or of a Functional of one output."""
    inputs = layer("InputLayer", "x", None if output is None else [], batch_shape=[None, *shape])
    ends = {} if output is None else {"input_layers": [["x", 0, 0]], "output_layers": [output]}
    kind = "Sequential" if output is None else "Functional"
    return json.dumps({"class_name": kind, "config": {"layers": [inputs, *layers], **ends}})


def odd_layers(count):
    """Return layers that are none of ours, each with a warning that points at its name."""
    built = {"build_config": {"input_shape": [None, 8, 8, 3]}}
    names = ("n" * 400 + str(number) for number in range(count))
    text = model([{**layer(f"L{name[400:]}", name), **built} for name in names], (8, 8, 3))
    return lambda: keras.translate(Source("m.json", text))


def cells_of_nothing(count):
    """Return a recurrent layer whose cells are lists of none."""
    cells = {"class_name": "StackedRNNCells", "config": {"cells": [[]] * count}}
    return lambda: cells_of("RNN", {"cell": cells})


def rows_gone_on(count):
    """Return a row of a summary that reads a tensor in each of many lines."""
    head = " Layer (type)      Output Shape   Param #   Connected to\n"
    row = " a (Add)           (None, 3)      3         b[0][0],\n"
    text = head + row + f"{'b[0][0],':>54}\n" * count
    return lambda: Table(text, find_summary(text))


def moves_that_are_asked_about(count):
    """Return a chain of what stands in for others, asked at each whether more is before it."""
    graph = Graph((8, 8, 3))
    for node in range(count):
        graph.layer(make("identity"), node)
    return lambda: [*map(graph.learns_before, range(count))]


@pytest.mark.parametrize(
    ("work", "count"),
    [
        pytest.param(odd_layers, 1_600, marks=pytest.mark.long, id="warnings"),
        pytest.param(cells_of_nothing, 10_000, id="cells"),
        pytest.param(moves_that_are_asked_about, 1_500, id="moves"),
        pytest.param(rows_gone_on, 20_000, marks=pytest.mark.long, id="lines"),
    ],
)
def test_twice_as_much_takes_twice_as_long(work, count):
    """Processor time grows in proportion, but for 50 ms of noise."""
    times = []
    for length in (count, 2 * count):
        run = work(length)
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    assert times[1] < 3 * times[0] + 0.05


def test_states_are_looked_behind_once(monkeypatch):
    """What leads to a recurrent layer's states is gone through once, however many read it."""
    count, asked = 60, []
    own = Graph.learned
    monkeypatch.setattr(Graph, "learned", lambda *given: asked.append(1) or own(*given))
    before = [layer("ReLU", f"m{n}", [(f"m{n - 1}" if n else "x", 0, 0)]) for n in range(count)]
    state = f"m{count - 1}", 0, 0
    after = [
        layer("GRU", f"l{n}", [("x", 0, 0), state], units=3, return_sequences=True)
        for n in range(count)
    ]
    ends = layer("Add", "a", [(f"l{n}", 0, 0) for n in range(count)])
    made, *_rest = keras.translate(
        Source("m.json", model([*before, *after, ends], (9, 3), ("a", 0, 0)))
    )
    assert made.text.count("gru") >= 1
    assert len(asked) < 4 * count
