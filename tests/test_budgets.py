"""Budgets: work and memory are bounded, whatever is asked for, and it is said where they end."""

import re
import struct
from io import BytesIO
from itertools import islice
from pathlib import Path

import clock
import pytest
from onnx_files import model, node
from tflite_files import tflite

from cnncalc import cli
from cnncalc.api.sheets import Marks
from cnncalc.cli import output
from cnncalc.homework import sheet_faults
from cnncalc.homework.answers import Query
from cnncalc.homework.judge import Judge
from cnncalc.homework.sheet_faults import place_in
from cnncalc.homework.sheets import judge_question, read_sheet
from cnncalc.importing import flatbuffers, graph
from cnncalc.importing.caffe import text as caffe_text
from cnncalc.importing.keras import hdf5
from cnncalc.importing.layers import make
from cnncalc.importing.onnx import walk
from cnncalc.importing.pages import Pages
from cnncalc.importing.prints.summaries import find_summary
from cnncalc.importing.prints.tables import Table
from cnncalc.importing.python import calls, files, machine
from cnncalc.importing.sources import read_network
from cnncalc.numbers import lettered, letters
from cnncalc.report.report import Report
from cnncalc.solving.goals import read_goal
from cnncalc.solving.search import Search
from cnncalc.speech.budget import BUDGET, Budget
from cnncalc.speech.picture import MOST_WARNINGS
from cnncalc.speech.problem import Problem, Source
from cnncalc.trace.rewalk import Rewalk
from cnncalc.trace.settings import Settings

ROOT = Path(__file__).parent.parent
OPEN = "32x32x3 -> conv ? k? -> conv ? k? -> fc ?"


def run(*words):
    """Run a command line; return its status."""
    with pytest.raises(SystemExit) as end:
        cli.main([*words])
    return end.value.code or 0


@pytest.mark.parametrize(
    ("options", "keeps"),
    [
        (["--totals"], False),
        (["--get", "params,peak,rf,last-field,depth"], False),
        (["--get", "params", "--at", "1"], True),
        (["--columns", "params"], True),
    ],
)
def test_totals_keep_no_rows(options, keeps, monkeypatch, capsys):
    """What is told of all rows together holds none of them."""
    made = []

    def kept(*given, **how):
        made.append(Report(*given, **how))
        return made[-1]

    text = "8x8x3 -> [conv 4 k3 p1 -> relu]*9"
    wanted = run("stack", text, *options), capsys.readouterr()
    monkeypatch.setattr(output, "Report", kept)
    assert (run("stack", text, *options), capsys.readouterr()) == wanted
    assert bool(made[0].rows) is keeps


@pytest.mark.parametrize("goal", ["nosuch.params=3", "7.output=3x3x3"])
def test_missing_rows_are_refused_first(goal):
    """A goal of a row that no network has is refused once one network was traced."""
    search = Search(read_network(OPEN), [read_goal(Source("<goal>", goal))])
    with pytest.raises(Problem) as fault:
        list(search.solutions())
    assert fault.value.code == "claim-unreadable"
    assert search.findings.turns == 1


def test_rows_that_some_numbers_have():
    """Where a count is open, a row that the first network lacks is looked for in all."""
    network = read_network("8x8x3 -> [conv 4 k3 p1]*?n -> relu")
    search = Search(network, [read_goal(Source("<goal>", "5.output=8x8x4"))])
    assert min(each.numbers for each in search.solutions()) == (4,)


def test_large_networks_are_traced_a_few_times(monkeypatch):
    """Slips are tried on so many rows, and it is said where those are not all slips."""
    claim = Source("<claim>", "params=1234567")
    network = read_network("8x8x3 -> [conv 4 k3 p1]*12")
    judge = Judge(network, settings=Settings(budget=BUDGET._replace(retraced=100)))
    others = []

    def gone_through(walk, how, own=Rewalk.others, **more):
        found = own(walk, how, **more)
        others.extend(found.rows)
        return found

    assert "too large" not in Judge(network).judge(claim).note
    monkeypatch.setattr(Rewalk, "others", gone_through)
    assert "too large" in judge.judge(claim).note
    assert 0 < len(others) <= 100


def test_largest_of_formulas_in_letters():
    """The most of many formulas is worked out in so many other ways as there is time for."""
    network = read_network("HxWxC -> [conv N kK -> relu -> maxpool 2]*2")
    whole = list(islice(Judge(network).alternatives.of(Query(None, "peak")), 30))
    judge = Judge(network, settings=Settings(budget=BUDGET._replace(retraced=1_500)))
    found = list(judge.alternatives.of(Query(None, "peak")))
    assert judge.alternatives.is_cut
    assert 0 < len(found) < min(len(whole), 1_500 // 9**2)


FORMULAS = [
    *(("stack", "HxWxN -> [maxpool 2*K s2]*300", "--totals"),),
    *(("stack", "HxWxC -> [conv cin/2 k5 p1000000 dK]*3000"),),
    *(("counts", "HxWxC -> [dwconv k3 p1000000 -> conv 2*N kK g2]*100"),),
    *(("check", "HxWxC -> [conv K k3]*900", "params=H*W*9", "macs=12*N"),),
    *(("stack", "CxHxW -> [conv cin+1 k3 s2 p1 -> concat[maxpool 3 s1 p1 | conv X k1]]*3000"),),
    *(("stack", "HxWxC -> [conv K k3]*990", "--explain"),),
    *(("stack", "HxWxC -> [conv K k3]*9000", "--json"),),
]


@pytest.mark.long
@pytest.mark.parametrize("line", FORMULAS, ids=" ".join)
def test_hostile_formulas(line, capsys):
    """Networks of less than 10,000 layers in letters take less than 5 seconds."""
    clock.within(5, run, *line)
    capsys.readouterr()


def test_formulas_are_gathered_once(monkeypatch):
    """A total of many formulas is added up at once, and not copied for each."""
    added = []
    monkeypatch.setattr(
        letters, "add", lambda *each, own=letters.add: added.append(1) or own(*each)
    )
    names = [letters.letter(f"N{number}") for number in range(900)]
    total = lettered.add_up(names)
    assert not added
    assert total - names[0] == lettered.add_up(names[1:])
    with pytest.raises(Problem, match="too long"):
        lettered.add_up(letters.letter(f"N{number}") for number in range(1100))


def test_formulas_for_people_are_short():
    """People read 50 terms of a sum, and how many more there are; what is typed has them all."""
    names = [letters.letter(f"N{number}") for number in range(60)]
    for number in (lettered.add_up(names), lettered.largest(names)):
        assert "(10 more)" in f"{number:,}"
        assert f"{number:,}".count("N") == 50
        assert str(number).count("N") == 60


def test_halves_of_halves_end():
    """What is divided again and again is as long as what is multiplied."""
    number = letters.letter("C")
    for _turn in range(700):
        number = number / 2
    assert number.is_large


def test_sweeps_of_minutes(monkeypatch, capsys):
    """A table of too much work is refused before any is done; --yes and streams go on."""
    line = ["compare", "8x8x3 -> [relu]*8", "--sweep", "input=1..13"]
    assert run(*line) == 0
    monkeypatch.setattr(Settings, "budget", BUDGET._replace(swept=100))
    capsys.readouterr()
    assert run(*line) == 1
    assert "sweep-too-long" in capsys.readouterr().err
    assert run(*line, "--yes") == 0
    assert run(*line, "--json") == 0
    assert run("compare", "vgg16", "resnet18", "--yes") == 2


def test_warnings_of_solutions(capsys):
    """Beside a solution too the first warnings stand, and how many more there are."""
    text = "65x65x1 -> [maxpool ? -> upsample 2 -> pad 0:1]*2" + " -> maxpool 2 -> pad 32:33" * 30
    assert run("solve", text, "output=65x65x1", "--range", "k=2..2") in (0, 1)
    said = capsys.readouterr().out
    assert said.count("left over") == MOST_WARNINGS
    assert "more like these" in said


@pytest.mark.parametrize("pattern", ["a{1,99}" * 5 + "b", "a?" * 40 + "a" * 20 + "b", "(a*)*b"])
def test_regular_expressions_of_a_source(pattern, tmp_path):
    """A pattern in a model's source whose time multiplies is not followed."""
    (tmp_path / "net.py").write_text(
        "import re\nfrom torch import nn\n\n\ndef make():\n"
        f"    found = re.findall({pattern!r}, 'a' * 99)\n"
        "    return nn.Sequential(nn.Conv2d(3, 8 + len(found), 3))\n"
    )
    words = "stack", str(tmp_path / "net.py"), "--input", "9x9x3", "--class", "make"
    assert clock.within(2, run, *words) == 1


@pytest.mark.parametrize(("most", "is_read"), [(120, True), (60, False)])
def test_what_is_read_of_flatbuffers_is_counted(most, is_read, tmp_path, monkeypatch, capsys):
    """Tables and lists that many others lead to cost each time, so none multiplies."""
    monkeypatch.setattr(flatbuffers, "BUDGET", BUDGET._replace(fields=most))
    content = tflite([(1, 8, 8, 3)] * 6, [("ADD", [0, 0], [1], {})], [0], [1])
    (tmp_path / "net.tflite").write_bytes(content)
    assert run("import", str(tmp_path / "net.tflite")) == (0 if is_read else 1)
    assert ("file-not-read" in capsys.readouterr().err) is not is_read


@pytest.mark.parametrize("name", ["tensors", "joined"])
def test_what_a_node_reads_is_counted(name, tmp_path, monkeypatch, capsys):
    """A node that reads a million tensors is as much as many nodes, and is refused as they are."""
    path = tmp_path / "net.onnx"
    content = model([1, 3, 8, 8], [node("Concat", "x " * 9, "y", axis=1)])
    path.write_bytes(content)
    for most in (10, 9):
        for room in (walk, graph):
            monkeypatch.setattr(room, "BUDGET", BUDGET._replace(**{name: most}))
        assert run("import", str(path)) == (0 if most == 10 else 1)
    assert "too-many-nodes" in capsys.readouterr().err


def test_headings_of_one_line():
    """A line that begins as the heading of a table again and again is looked through once."""
    assert clock.within(0.5, find_summary, "Layer (type" * 20_000) is None


def test_rows_that_go_on_for_ever():
    """A row of a summary goes on in other lines up to so many characters."""
    head = " Layer (type)      Output Shape   Param #   Connected to\n"
    text = head + " a (Conv2D)        (None, 3)      3         b\n" + " aaaaaaaaaa        3\n" * 900
    (row,) = Table(text, find_summary(text)).rows
    assert len(row.name) + len(row.output) < 2 * BUDGET.name + 20


def test_messages_of_caffe_are_counted(tmp_path, monkeypatch, capsys):
    """Braces with nothing in them are messages too, of which there may be so many."""
    (tmp_path / "net.prototxt").write_text("layer {}\n" + "{}" * 9)
    monkeypatch.setattr(caffe_text, "BUDGET", BUDGET._replace(joined=9))
    assert run("stack", str(tmp_path / "net.prototxt")) == 1
    assert "error[too-many-nodes]" in capsys.readouterr().err


def test_branches_are_counted(monkeypatch):
    """What the layers of a file read beside their first tensors is bounded: each is a row."""
    monkeypatch.setattr(graph, "BUDGET", BUDGET._replace(branches=9))
    made = graph.Graph((8, 8, 3))
    assert made.join("concat", [0] * 9) == 1
    assert made.join("add", [0, 0]) == 2
    assert made.layer(make("relu"), 2) == 3
    with pytest.raises(Problem) as fault:
        made.join("add", [0, 0])
    assert fault.value.code == "too-many-nodes"


def test_heaps_of_many_names():
    """An HDF5 file may name what is sought so many times, each with nothing behind it."""
    wide = struct.pack("<4Q", 0, 2**64 - 1, 2**64 - 1, 48)
    dense = b"\x15" + struct.pack("<HBBBQQ", 18, 0, 0, 0, 128, 2**64 - 1)
    header = b"OHDR\2\2" + struct.pack("<I", len(dense)) + dense
    words = (b"\3" + bytes(8) + b"model_config\0") * 12_000
    heap = b"FRHP" + bytes(106) + struct.pack("<HQQHHQH", 4, len(words), 2**40, 40, 0, 512, 0)
    start = b"\x89HDF\r\n\x1a\n\2\x08\x08\0" + wide + bytes(4) + header
    data = (start.ljust(128, b"\0") + heap).ljust(512, b"\0") + words + bytes(99)
    with pytest.raises(ValueError, match=r"^$"):
        hdf5.read_attribute(Pages(BytesIO(data)), "model_config")
    assert hdf5.read_attribute(Pages(BytesIO(data)), "other") is None


def write_source(folder, *lines, top=()):
    """Write a model that follows these lines as it is made; return its path."""
    text = "\n".join(["import copy", "from torch import nn", *top, "def make():"])
    text += "".join(f"\n    {line}" for line in (*lines, "return nn.Conv2d(3, 8, 3)"))
    (folder / "net.py").write_text(text + "\n")
    return str(folder / "net.py")


SHARED = [
    *(
        "a == b",
        "{a, b}",
        "{a: 1}[a]",
        "sorted([a, b])",
        "max(a, b)",
        "b in [a]",
        "copy.deepcopy(a)",
    ),
    *("str(a)", "f'{a}'", "'%s' % (a,)", "'{}'.format(a)", "[b].index(a)", "return a"),
]


@pytest.mark.parametrize("line", SHARED)
def test_lists_that_hold_others_twice(line, tmp_path, monkeypatch, capsys):
    """What goes through a list of 2**26 items, a few in all, ends soon."""
    monkeypatch.setattr(machine, "MOST_STEPS", 20_000)
    twice = "for each in range(26): a, b = (a, a), (b, b)"
    path = write_source(tmp_path, "a, b = (1,), (1,)", twice, line)
    words = "stack", path, "--input", "9x9x3", "--class", "make"
    assert clock.within(1, run, *words) in (0, 1)
    assert "internal-error" not in capsys.readouterr().err


INSIDE = ["a == b", "a < b", "{a: 1}", "'b' in c", "c.find('b')", "s.isdisjoint(s)", "s == t"]


@pytest.mark.parametrize("line", [*INSIDE, "-1.5 in range(10**6)", "class D(D): pass"])
def test_what_goes_on_inside_a_step_is_counted(line, tmp_path, monkeypatch, capsys):
    """Python's own loops cost as many steps as they take."""
    monkeypatch.setattr(machine, "MOST_STEPS", 100_000)
    path = write_source(
        tmp_path,
        *("a, b, c = (0,) * 9_000, (0,) * 9_000, 'a' * 9_000", "D = nn.Module"),
        *("s, t = set(range(9_000)), set(range(9_000))", "for each in range(900):", f"    {line}"),
    )
    assert run("stack", path, "--input", "9x9x3", "--class", "make") == 1
    assert "error[source-too-l" in capsys.readouterr().err


def test_functions_are_looked_through_once(tmp_path, monkeypatch):
    """Whether a function yields is asked of its lines once, however often it is called."""
    asked, own = [], calls.function_yields
    monkeypatch.setattr(calls, "function_yields", lambda node: asked.append(node) or own(node))
    top = ["def f(n):", "    return n"]
    path = write_source(tmp_path, "for each in range(9): f(each)", top=top)
    assert run("stack", path, "--input", "9x9x3", "--class", "make") == 0
    assert len(asked) == len(set(asked))


def test_words_of_a_source(tmp_path, monkeypatch, capsys):
    """A source of more words than its tree may have is not parsed."""
    path = write_source(tmp_path, *["n = 1"] * 20)
    assert run("stack", path, "--input", "9x9x3", "--class", "make") == 0
    monkeypatch.setattr(files, "MOST_TOKENS", 60)
    assert run("stack", path, "--input", "9x9x3", "--class", "make") == 1
    assert "source-too-long" in capsys.readouterr().err


SOURCES = [path.read_text() for path in sorted((ROOT / "cnncalc").rglob("*.py"))]


def test_the_budget_is_whole():
    """Each limit is said to be of something, is used, and names a code that is told."""
    text = (ROOT / "cnncalc" / "speech" / "budget.py").read_text()
    said = re.findall(r"(?m)((?:^    # (?!---).+\n)*)^    (\w+): int = [^#\n]+(?:  # (.+))?$", text)
    assert [name for _above, name, _behind in said] == [*Budget._fields]
    used = {name for text in SOURCES for name in re.findall(r"(?:budget|BUDGET)\.(\w+)", text)}
    for above, name, behind in said:
        of = behind or above
        assert of, name
        assert name in used
        codes = re.findall(r"\[([a-z-]+)\]", of)
        assert all(any(f'"{code}"' in text for text in SOURCES) for code in codes), name


QUESTION = "[[question]]\nname = '1'\nnetwork = '8x8x3 -> conv 4 k3'\nclaims = ['params=3']\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a" + ".a" * 200 + " = 1", "a key has too many parts"),
        ("[a" + ".a" * 200 + "]", "a key has too many parts"),
        ("a = " + "9" * 200_000, "too many digits"),
        ("a = 0x" + "f" * 200_000, "too many digits"),
        ("a = 1." + "9_9" * 100_000, "too many digits"),
        (QUESTION.replace("8x8x3", "8x8x3" + " -> [relu]*200000"), "this answer holds its rows"),
    ],
)
def test_sheets_that_would_take_long(text, words, tmp_path, capsys):
    """Keys in keys, numbers of millions of digits and very long networks are told of."""
    (tmp_path / "a.toml").write_text(text)
    assert run("check", f"{tmp_path}/a.toml") == 1
    assert words in capsys.readouterr().err


def test_columns_of_a_class(tmp_path, capsys):
    """Answers have as many columns as a class may have questions."""
    (tmp_path / "a.toml").write_text(QUESTION)
    (tmp_path / "a.csv").write_text("name," + "1," * BUDGET.cells + "\na,112\n")
    assert run("check", f"{tmp_path}/a.toml", f"{tmp_path}/a.csv") == 1
    assert "20,000 columns" in capsys.readouterr().err


def test_places_of_faults_are_found_in_their_question(monkeypatch):
    """Of many questions, each is looked through once: the heads are found once for all."""
    found = []
    heads = sheet_faults.re.finditer
    monkeypatch.setattr(sheet_faults.re, "finditer", lambda *a: found.append(a) or heads(*a))
    source = Source("a.toml", QUESTION * 50)
    spans = [place_in(source, number, "claims") for number in range(1, 51)]
    assert [each.start for each in spans] == [
        each.start() for each in re.finditer("claims", source.text)
    ]
    assert len([each for each in found if "question" in each[0]]) == 1


def test_what_a_question_was_judged_by_goes(tmp_path):
    """Beside the marks of many questions, what other ways give for each is not kept."""
    text = "".join(QUESTION.replace("conv 4", f"conv {count}") for count in range(1, 9))
    (tmp_path / "a.toml").write_text(text)
    questions = read_sheet(f"{tmp_path}/a.toml")
    marks = Marks(questions)
    assert not marks.right
    assert all(not vars(each.judge.alternatives)["_found"] for each in questions)
    before = [verdict.verdict for (verdict,) in marks.answers]
    again = [verdict.verdict for each in questions for verdict in judge_question(each)]
    assert before == again


def test_helps_are_tried_for_little(capsys):
    """A help that would go through thousands of formulas, or a million layers, is not offered."""
    for text in ("HxWxC -> concat[conv C/2 k1 | bn]4096", "8x8x3 -> [relu]999999"):
        assert clock.within(4, run, "stack", text) == 1
    assert "error[" in capsys.readouterr().err


def test_limits_stand_in_the_budget():
    """No other file has a most of its own that is a thousand or more."""
    own = r"(?m)^_?[A-Z_]*(?:MOST|LONGEST|LARGEST|LIMIT)[A-Z_]* = ([0-9][ *0-9_]*)(?= *#|$)"
    found = {each[0]: eval(each[1]) for text in SOURCES for each in re.finditer(own, text)}
    assert len(found) > 20
    assert not [line for line, most in found.items() if 1000 <= most < 2**62]  # those are types
