"""Quizzes: the same seed, the same sheet; every key is confirmed, by check and by brute force."""

import re
import shutil
import subprocess
from collections import Counter
from functools import cache
from math import prod

import pytest
from command import printed

from cnncalc.homework import alternatives, exercises, ways
from cnncalc.homework.answers import Query
from cnncalc.homework.conventions import CONVENTIONS
from cnncalc.homework.judge import Judge
from cnncalc.homework.quizzes import EXERCISES, LEVELS, ON_OWN, draw_exercises, exercises_on
from cnncalc.homework.sheets import judge_question, read_sheet
from cnncalc.homework.slips import SLIPS
from cnncalc.homework.variations import EVERY_KIND, SHAPES, Variation, closed
from cnncalc.homework.ways import WAYS
from cnncalc.homework.wrong_choices import WRONG
from cnncalc.importing.sources import read_network
from cnncalc.notation.parser import parse
from cnncalc.notation.tree import Layer
from cnncalc.numbers.working import plain
from cnncalc.output.papers import FORMATS, write_paper
from cnncalc.speech.lines import cells
from cnncalc.speech.problem import Source

PDFLATEX = shutil.which("pdflatex")
SEEDS = range(1)


@cache
def sheet(seed, level, kinds=(), count=10):
    """Return the exercises of a sheet."""
    return tuple(draw_exercises(seed, count, level, kinds))


def own(name, count=8, kinds=(), seed=1):
    """Return exercises on a network that is given."""
    return list(exercises_on(name, Judge(read_network(name)), seed, count, kinds))


def all_sheets():
    """Return the exercises of some seeds, of all levels and kinds."""
    made = [each for level in LEVELS for seed in SEEDS for each in sheet(seed, level)]
    made += [each for level in LEVELS for each in sheet(1, level, EXERCISES, 2 * len(EXERCISES))]
    return made


@pytest.mark.parametrize("level", LEVELS)
def test_sheets(level):
    """A sheet is the same again; choices differ, one is right, the others are slips."""
    assert list(draw_exercises(3, 4, level)) == [*sheet(3, level, count=4)]
    assert sheet(2, level, count=4) != sheet(3, level, count=4)
    for each in (each for seed in SEEDS for each in sheet(seed, level)):
        texts = [choice.text for choice in each.choices]
        assert len(set(texts)) == len(texts)
        assert texts == [] or 3 <= len(texts) <= 4
        assert [choice.is_right for choice in each.choices].count(True) == bool(texts)
        assert all(choice.says for choice in each.choices if not choice.is_right)
        assert each.working
        assert each.kind in LEVELS[level]


def test_keys_are_right(tmp_path):
    """`check` says of every claim of every key that it is right: it reads the sheet in TOML."""
    made = [*all_sheets(), *own("vgg16"), *own("resnet18"), *own("lenet5", 3, ["table"])]
    (tmp_path / "key.toml").write_text(write_paper(made, "toml", answers=True))
    answers = [a for each in read_sheet(str(tmp_path / "key.toml")) for a in judge_question(each)]
    assert len(answers) > 100
    assert [each for each in answers if each.kind != "right"] == []


WINDOWS = re.compile(
    r"(conv|dwconv|maxpool|avgpool)(?: (\d+))?((?: [a-z]+\d\S*)*)"
    r"|fc (\d+)|relu|flatten"
)


def by_brute_force(text):
    """Return the output and the parameters of a chain of windows, counted one by one; or None."""
    head, *layers = text.split(" -> ")
    volume, params = tuple(map(int, head.split("x"))), 0
    for layer in layers:
        found = WINDOWS.fullmatch(layer)
        if not found:
            return None
        kind, number, options, units = found.groups()
        if units:
            params += sum(len(range(prod(volume))) + 1 for _unit in range(int(units)))
            volume = (int(units),)
        elif layer == "flatten":
            volume = (prod(volume),)
        elif kind:
            given = dict(re.findall(r" ([a-z]+)([\dx]+)", options))
            is_pool = kind.endswith("pool")
            k = axes(given.get("k", number), volume)
            s = axes(given.get("s", given.get("k", number) if is_pool else "1"), volume)
            p, d = axes(given.get("p", "0"), volume), axes(given.get("d", "1"), volume)
            sizes = tuple(starts(*each) for each in zip(volume, k, s, p, d, strict=False))
            depth = int(number) if number and not is_pool else volume[-1]
            groups = volume[-1] if kind == "dwconv" else int(given.get("g", 1))
            if not is_pool:
                params += depth * (prod(k) * (volume[-1] // groups) + 1)
            volume = (*sizes, depth)
    return volume, params


def axes(text, volume):
    """Return a number for each spatial axis."""
    numbers = tuple(map(int, text.split("x")))
    return numbers * (len(volume) - 1) if len(numbers) == 1 else numbers


def starts(n, k, s, p, d):
    """Return how many windows fit, by trying every place where one may start."""
    taps = [tap * d for tap in range(k)]
    return sum(start + taps[-1] < n + p for start in range(-p, n + p, s))


def test_outputs_and_parameters_by_brute_force():
    """The answers are those of windows and weights that are counted one by one."""
    count = 0
    for each in all_sheets():
        if each.kind not in ("output", "params") or not (found := by_brute_force(each.networks[0])):
            continue
        output, params = found
        sizes = "x".join(map(str, output)) if len(output) > 1 else f"{output[0]:,}"
        assert each.answer == (sizes if each.kind == "output" else f"{params:,}"), each
        count += 1
    assert count > 10


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long)])
def test_what_is_sought_is_one_number(seed):
    """No other number gives what is given, though windows may leave pixels over."""
    for each in sheet(seed, 3, ("inverse", "padding"), 12):
        (network,), goal = each.networks, re.search(": (.*)\\?", each.question)[1]
        at = "params" if "parameters" in each.question else "output"
        found = []
        for number in range(max(int(each.answer) - 6, 1), int(each.answer) + 7):
            text = network.replace("?n", str(number)).replace("?", str(number))
            output, params = by_brute_force(text) or ((0,), 0)
            said = {"output": "x".join(map(str, output)), "params": f"{params:,}"}[at]
            found += [number] if said == goal and min(output) > 0 else []
        assert [str(number) for number in found] in ([each.answer], []), (network, goal, found)


@pytest.mark.parametrize("level", LEVELS)
def test_variety(level):
    """At most 5 exercises in 100 are repeated over sheets, and no pattern makes a fifth of them."""
    made = [each for seed in SEEDS for each in sheet(seed, level)]
    asked = Counter((each.networks, each.question) for each in made)
    assert sum(number - 1 for number in asked.values()) <= 0.05 * len(made)
    patterns = Counter((re.sub(r"\d+", "#", " ".join(e.networks)), e.question[:20]) for e in made)
    assert max(patterns.values()) <= 0.2 * len(made)


def test_no_senseless_layers():
    """No 1x1 conv is padded or strides, no window is padded by more than half, nor leaves gaps."""
    for each in all_sheets():
        for row in Judge(parse(Source("", each.keys[0].network))).rows:
            if not isinstance(row.node, Layer) or "kernel" not in row.node.named:
                continue
            given = {name: value for name, value in row.node.named.items() if value is not None}
            for axis, k in enumerate(given["kernel"]):
                s, p, d = (
                    (given.get(name) or (none,))
                    for name, none in (("stride", 1), ("padding", 0), ("dilation", 1))
                )
                s, p, d = (value[min(axis, len(value) - 1)] for value in (s, p, d))
                assert p <= d * k // 2, each
                assert s <= k, each


def test_working_comes_to_the_answer():
    """The last line of a working is the answer, the sum of the lines above it where it is one."""
    for each in all_sheets():
        last = plain(each.working[-1].numbers)
        if each.kind in ("params", "macs", "in-features"):
            assert f"{last:,}" == each.answer
        if each.kind in ("memory", "compare"):
            assert f"{last:,}" in each.answer
        if each.kind in ("params", "macs") and len(each.working) > 1:
            *parts, total = (plain(line.numbers) for line in each.working)
            assert sum(parts) == total


def test_more_than_there_are():
    """A sheet that asks for more exercises than there are ends all the same."""
    assert 0 < len(own("8x8x3 -> conv 4 k3", 50)) < 10


def test_on_own_network():
    """Exercises on a network are about it and its rows, each once."""
    made = own("vgg16", 12)
    assert len(made) == 12
    assert {key.network for each in made for key in each.keys} == {"vgg16"}
    assert {each.kind for each in made} <= set(ON_OWN)
    assert any(each.networks[0].startswith("conv") for each in made)


def test_on_what_is_written_in_lines(tmp_path):
    """The key of a network with definitions, and of one with letters, is read as it is written."""
    text = "def block(n) { conv n k3 p1 -> relu }\n32x32x3 -> block(8) -> maxpool 2 -> fc 10"
    made = [*own("lenet5", 3, ["rf"]), *own("HxWx3 -> conv 8 k3 s2 p1 -> conv 4 k3 -> fc 10", 4)]
    made += exercises_on(text, Judge(parse(Source("", text))), 1, 6)
    assert len(made) >= 10
    (tmp_path / "key.toml").write_text(write_paper(made, "toml", answers=True))
    answers = [a for each in read_sheet(str(tmp_path / "key.toml")) for a in judge_question(each)]
    assert [each for each in answers if each.kind != "right"] == []


@pytest.mark.parametrize("form", FORMATS)
def test_written(form):
    """A sheet holds what is asked and no answer; with answers, what is right and why."""
    made = sheet(3, 2)
    bare, whole = (write_paper(made, form, answers=answers) for answers in (False, True))
    if form == "toml":
        assert bare == whole
        return
    assert whole.startswith(bare.partition("\\end{document}")[0].rstrip())
    assert "Answers" not in bare
    assert "Answers" in whole
    assert made[0].working[0].name.split()[0] in whole


@pytest.mark.parametrize("level", LEVELS)
def test_text_is_folded(level):
    """No line of a sheet is wider than it may be, but for a word that is."""
    made = sheet(3, level)
    for width in (30, 40, 60):
        for line in write_paper(made, "text", answers=True, width=width).splitlines():
            assert cells(line) <= width or " " not in line.strip()


def test_network_of_words():
    """A network is asked about as it is typed, in several words, and on the input that is given."""
    for words, network in (
        (("mobilenet_v2", "w=3/4"), "mobilenet_v2 w=3/4"),
        (("conv", "8", "k3", "->", "fc", "10", "--input", "9x9x3"), "9x9x3 -> conv 8 k3 -> fc 10"),
        (("lenet5", "--input", "40x40x1"), "40x40x1 -> lenet5"),
        (("8x8x3 -> conv 8 k3", "--input", "9x9x3"), "9x9x3 -> conv 8 k3"),
    ):
        status, out, _err = printed(["quiz", *words, "--count", "2", "--format", "toml"])
        assert (status, out.count(f'network = "{network}"')) == (0, 2)
        params = printed(["stack", network, "--get", "params"])[1].strip()
        assert printed(["check", *network.split(), f"params={params}"])[0] == 0
        assert printed(["counts", *words])[0] == 0


def test_a_table_is_filled_in():
    """A table has a row for each layer: blank on the sheet, filled in among the answers."""
    (made,) = own("lenet5", 1, ["table"])
    bare, whole = (write_paper([made], "text", answers=answers) for answers in (False, True))
    assert len(made.table) == 8
    assert "28x28x6" not in bare
    assert "28x28x6" in whole
    assert "61,706" in whole


@pytest.mark.skipif(PDFLATEX is None, reason="no TeX")
def test_latex_compiles(tmp_path):
    """The paper in LaTeX is a whole document."""
    made = [
        *sheet(1, 3, EXERCISES, 2 * len(EXERCISES)),
        *own("vgg16", 2),
        *own("lenet5", 1, ["table"]),
    ]
    (tmp_path / "quiz.tex").write_text(write_paper(made, "latex", answers=True))
    command = [PDFLATEX, "-interaction=nonstopmode", "-halt-on-error", "quiz.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:].decode(errors="replace")


def test_another_slip_changes_no_sheet(monkeypatch):
    """What a seed gives does not depend on how many slips the table holds, nor on their order."""
    sheets = {level: list(draw_exercises(7, 4, level)) for level in LEVELS}
    more = Variation(
        "of-this-test",
        "a value that nobody gives",
        frozenset({"params", "macs", "output", "rf", "memory", "in_features", "padding"}),
        EVERY_KIND,
        answer=lambda _row, quantity, _rows: (3, 1, 4) if quantity == "output" else 31_415,
    )
    table = {**CONVENTIONS, more.name: more, **dict(reversed(SLIPS.items()))}
    for room in (alternatives, ways):
        monkeypatch.setattr(room, "WAYS", table)
    monkeypatch.setattr(alternatives, "ways_to", ways.ways_to.__wrapped__)  # what it kept is old
    judge = Judge(parse(Source("", "8x8x1 -> conv 1 k3")))
    assert 31_415 in [each.value for each in judge.alternatives.of(Query(None, "macs"))]
    for level in LEVELS:
        assert list(draw_exercises(7, 4, level)) == sheets[level]


def test_wrong_choices_are_in_the_tables():
    """Each way that wrong choices come from is one of the tables, or an earlier row."""
    known = {*WAYS, "layers-left-out"}
    named = {name for names in WRONG.values() for name in names}
    assert not (named | set(exercises.BACKWARDS)) - known


OWN = {"factor": (2, 1)}


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("none", Variation("", "says", SHAPES, EVERY_KIND)),
        ("two", Variation("", "says", SHAPES, EVERY_KIND, **OWN, change_layer=lambda layer: layer)),
        ("silent", Variation("", "", SHAPES, EVERY_KIND, **OWN)),
        ("idle", Variation("", "says", frozenset(), EVERY_KIND, **OWN)),
        ("a, b", Variation("", "says", SHAPES, EVERY_KIND, **OWN)),
        ("strange", Variation("", "says", SHAPES, frozenset({"covn"}), **OWN)),
    ],
)
def test_an_entry_that_is_not_whole_does_not_load(name, entry):
    """It has a name, a sentence, what it bears on, kinds, and exactly one way to the answer."""
    with pytest.raises(ValueError, match="must be set"):
        closed({name: entry})


def test_a_way_without_kinds_is_none():
    """A way says at the rows of which kinds it is gone, and be it at those of all."""
    with pytest.raises(TypeError):
        Variation("", "says", SHAPES, **OWN)
