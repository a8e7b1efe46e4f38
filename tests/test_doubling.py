"""Time in proportion: what is twice as long takes about twice the time, however it is written."""

import json
import tempfile
from pathlib import Path

import clock
import pytest

from cnncalc import cli
from cnncalc.codegen.pytorch.writer import write_pytorch
from cnncalc.homework.judge import Judge
from cnncalc.homework.variations import Together
from cnncalc.importing.graph import Graph
from cnncalc.importing.keras import model as keras
from cnncalc.importing.keras.steps import _cells as cells_of
from cnncalc.importing.layers import make
from cnncalc.importing.prints.summaries import find_summary
from cnncalc.importing.prints.tables import Table
from cnncalc.importing.standard_input import _awaited as awaited
from cnncalc.importing.torch_export import program
from cnncalc.importing.torch_export.program import _renamed as own
from cnncalc.kinds.table import Kind
from cnncalc.notation.parser import parse
from cnncalc.speech.problem import Problem, Source


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


def parts_that_come_late(count):
    """Return what reads a standard input that never blocks, in so many parts."""

    def read():
        with tempfile.TemporaryFile() as file:
            file.truncate(count << 16)
            return awaited(file.fileno(), 1 << 30)

    return read


@pytest.mark.parametrize(
    ("work", "count"),
    [
        pytest.param(parts_that_come_late, 200, id="parts"),
        pytest.param(odd_layers, 800, marks=pytest.mark.long, id="warnings"),
        pytest.param(cells_of_nothing, 10_000, id="cells"),
        pytest.param(moves_that_are_asked_about, 1_500, id="moves"),
        pytest.param(rows_gone_on, 20_000, marks=pytest.mark.long, id="lines"),
    ],
)
def test_twice_as_much_takes_twice_as_long(work, count):
    """Processor time grows in proportion."""
    assert clock.in_proportion(work, count, 2 * count, 3)


def joined(pattern, count, sign=" -> "):
    """Return so many items of a pattern, each with its number."""
    return sign.join(pattern.format(number, number + 8) for number in range(count))


def sheet(network, claims):
    """Return what makes a sheet of so many questions, each of a network and with claims."""
    question = f"[[question]]\nnetwork = '{network}'\nclaims = {claims}\n"
    return lambda count: {"a.toml": joined(question, count, "")}


def class_of(answers, questions=lambda _count: 2):
    """Return what makes the answers of so many students, to as many questions as asked."""

    def make(count):
        asked = questions(count)
        key = "[[question]]\nname = 'q{0}'\nnetwork = '9x9x3 -> conv {1} k3'\nask = 'params'\n"
        head = joined("q{0}", asked, ",")
        rows = "".join(
            f"s{each},{joined(str(each), asked, ',')}\n" for each in range(answers(count))
        )
        return {"a.toml": joined(key, asked, ""), "a.csv": f"name,{head}\n{rows}"}

    return make


CHAIN = "32x32x3 -> [conv 8 k3 p1 -> relu]*{}"
ROUNDS = "32x32x3 -> [conv 8+i k3 p1 -> relu]*{}"
LINES = "32x32x3 -> ", "conv {1} k3 p1 -> relu", " -> "
CALLS = (
    "def f(n) { add[ conv n k1 -> conv n k3 p1 | conv n k1 ] } def g(n) { f n -> f n+1 } 9x9x3 -> ",
    *("g {1}", " -> "),
)
BRANCHES = "32x32x3 -> concat[ relu | ", "conv {1} k1", " | "
SKIPS = "32x32x3 -> ", "a{0}: conv 8 k3 p1 -> b{0}: relu -> add[identity | @a{0}]", " -> "
WRITTEN = {"lines": LINES, "calls": CALLS, "branches": BRANCHES, "skips": SKIPS}
SWEPT = "?nx?nx3 -> [conv 8 k3 p1]*3 -> fc 10"
ON_NETWORKS = [
    *([*words, each] for words in (["stack"], ["stack", "--json"]) for each in WRITTEN),
    *(["stack", *words, "lines"] for words in (["--totals"], ["--by", "kind"], ["--explain"])),
    ["stack", "--format", "latex", "lines"],
    *([each, "lines"] for each in ("rf", "counts")),
    *([each, "calls"] for each in ("export", "draw")),
    *(["check", each, "params=77777"] for each in WRITTEN),
    *(["check", "lines", each] for each in ("output=4x4x4", "rf=33", "peak=777777")),
    ["check", "calls", "1.output=9x9x9", "params=77777"],
    ["compare", "lines", "calls"],
]
FILES = {
    "questions": (sheet("8x8x3 -> conv {1} k3", "['params=77777{0}']"), 40, ["check", "a.toml"]),
    "right": (sheet("8x8x3 -> conv {1} k3", "['channels={1}']"), 150, ["check", "a.toml"]),
    "of one": (sheet("8x8x3 -> conv 9 k3", "['params=777{0}']"), 150, ["check", "a.toml"]),
    "students": (class_of(lambda count: count), 200, ["check", "a.toml", "a.csv"]),
    "boxes": (lambda count: lines_of(["skips"], count)[1], 2_000, ["draw", "skips.cnn"]),
    "columns": (class_of(lambda _count: 9, lambda count: count), 40, ["check", "a.toml", "a.csv"]),
}
NUMBERS = {
    "rounds": (["stack", ROUNDS], 400),
    "a chain": (["stack", "--json", CHAIN], 4_000),
    "code": (["export", ROUNDS], 200),
    "a sweep": (["compare", SWEPT, "--yes", "--sweep", "n=8..{}"], 200),
    "a search": (
        ["solve", "9x9x3 -> conv ?n k3 -> fc 9", "params=7777777", "--range", "n=1..{}"],
        900,
    ),
    "exercises": (["quiz", "--seed", "3", "--count", "{}"], 12),
}


def lines_of(words, count):
    """Return the command line of so many lines, and the files that it reads."""
    files = {}
    for each in {*words} & {*WRITTEN}:
        head, pattern, sign = WRITTEN[each]
        files[f"{each}.cnn"] = head + joined(pattern, count, sign) + " ]" * (each == "branches")
    return [f"{each}.cnn" if each in WRITTEN else each for each in words], files


WORKS = {
    **{" ".join(words): (lambda n, words=words: lines_of(words, n), 120) for words in ON_NETWORKS},
    **{
        name: (lambda n, make=make, words=words: (words, make(n)), count)
        for name, (make, count, words) in FILES.items()
    },
    **{
        name: (lambda n, words=words: ([each.replace("{}", str(n)) for each in words], {}), count)
        for name, (words, count) in NUMBERS.items()
    },
}
"""What is asked of so many layers, students or points, by its name."""


@pytest.mark.long
@pytest.mark.parametrize("name", WORKS)
def test_twice_as_many_take_twice_as_long(name, tmp_path, monkeypatch, capsys):
    """Processor time grows in proportion with layers and students."""
    monkeypatch.chdir(tmp_path)
    make, count = WORKS[name]

    def ready(number):
        words, files = make(number)
        for file, text in files.items():
            Path(file).write_text(text)
        return lambda: run(words)

    def run(words):
        with pytest.raises(SystemExit) as end:
            cli.main(words)
        assert (end.value.code or 0) < 2, capsys.readouterr().err
        capsys.readouterr()

    ready(9)()  # what is imported and kept
    assert clock.in_proportion(ready, count, 2 * count, 2.8)


def test_ways_gone_at_once_are_made_once(monkeypatch):
    """What a way or a pair of them says is put together once for all networks of some kinds."""
    made, own = [], Together.__init__
    monkeypatch.setattr(Together, "__init__", lambda *given: made.append(1) or own(*given))
    times = []
    for number in range(3):
        made.clear()
        judge = Judge(parse(Source("", f"9x9x3 -> conv {number + 5} k3 -> relu -> fc 7")))
        judge.judge(Source("", "params=7777777"))
        times.append(len(made))
    assert times[1:] == [0, 0]


def test_layers_are_measured_once_for_code(monkeypatch):
    """To write code of layers that are all different, each is measured once, in its trace."""
    asked, own = [], Kind.measure
    monkeypatch.setattr(Kind, "measure", lambda *given: asked.append(1) or own(*given))
    write_pytorch(parse(Source("", f"37x41x3 -> {joined('conv {1} k3 p1', 60)}")))
    assert len(asked) == 60


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


def program_in_programs(depth, count):
    """Return a program of torch.export that is a chain of nodes in graphs, one in another."""

    def tensor(name):
        return {"as_tensor": {"name": name}}

    def node(target, made, **given):
        inputs = [{"name": name, "arg": each} for name, each in given.items()]
        return {"target": target, "inputs": inputs, "outputs": [tensor(made)], "metadata": {}}

    def graph(nodes, *names):
        sizes = {"sizes": [{"as_int": size} for size in (1, 3, 8, 8)]}
        ends = {"inputs": [tensor("n0")], "outputs": [tensor(names[-1])]}
        return {**ends, "nodes": nodes, "tensor_values": dict.fromkeys(["n0", *names], sizes)}

    names = [f"n{number}" for number in range(1, count + 1)]
    pairs = zip(["n0", *names], names, strict=False)
    made = graph([node("aten.relu.default", to, self=tensor(of)) for of, to in pairs], *names)
    for _level in range(depth):
        inner = {"as_graph": {"name": "g", "graph": made}}
        made = graph([node("wrap", "end", g=inner, x=tensor("n0"))], "end")
    signature = {"input_specs": [{"user_input": {"arg": tensor("n0")}}]}
    return {"graph_module": {"graph": made, "signature": signature}}


def test_graphs_in_graphs_are_renamed_once(monkeypatch):
    """The nodes of a graph get names of their own once, however deep it stands in others."""
    renamed = []
    monkeypatch.setattr(program, "_renamed", lambda *given: renamed.append(1) or own(*given))
    times = []
    for depth in (1, 9):
        renamed.clear()
        model = program.read_model("m.pt2", program_in_programs(depth, 90))
        assert len({name for each in model.operations for name in each.outputs}) == 90 + 2 * depth
        times.append(len(renamed))
    assert times[1] < 2 * times[0]


def test_operators_of_one_node_are_counted(monkeypatch):
    """What the last node of a program is may be one operator too many, as any before it."""
    monkeypatch.setattr(program, "MOST_NODES", 90)
    with pytest.raises(Problem) as fault:
        program.read_model("m.pt2", program_in_programs(0, 91))
    assert fault.value.code == "too-many-nodes"
    assert len(program.read_model("m.pt2", program_in_programs(0, 90)).operations) == 90
