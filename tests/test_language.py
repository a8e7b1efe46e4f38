"""Korean: no message is missing, none loses a value, and columns stay aligned."""

import ast
import re
from pathlib import Path

import click
import pytest

from cnncalc import Problem, stack
from cnncalc.cli.commands import COMMANDS, cnncalc
from cnncalc.cli.faults import misuse
from cnncalc.drawing.figures import STYLES
from cnncalc.homework.conventions import CONVENTIONS
from cnncalc.homework.exercises import ASKED, FEWER, SOUGHT
from cnncalc.homework.judge import Judge
from cnncalc.homework.quizzes import UNKNOWN_KIND
from cnncalc.homework.slips import SLIPS
from cnncalc.kinds.joins import JOIN_KINDS
from cnncalc.kinds.table import KINDS
from cnncalc.notation import library
from cnncalc.notation.parser import parse
from cnncalc.notation.tree import JOINS
from cnncalc.output.table import Style
from cnncalc.report.legend import LETTERS
from cnncalc.report.quantities import QUANTITIES
from cnncalc.report.steps import UNEXPLAINED
from cnncalc.report.view import GATHERED, NUMBERED
from cnncalc.speech import language
from cnncalc.speech.lines import cells
from cnncalc.speech.problem import Source
from cnncalc.speech.system import REASONS
from cnncalc.trace.counters import CLASSES, COUNTERS, NOTHING, WEIGHTED

ROOT = Path(__file__).parent.parent / "cnncalc"
CATALOGUE = ROOT / "speech" / "locale" / "ko" / "LC_MESSAGES" / "cnncalc.po"
FIELD = re.compile(r"(?<!\{)\{(\w+)[^{}]*\}(?!\})")


def templates():
    """Yield every message of the source: in _(), the nouns of plural(), the tables' sentences."""
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            place = {"_": 0, "plural": 1}.get(node.func.id)
            if place is not None and len(node.args) > place:
                argument = node.args[place]
                for each in ast.walk(argument):
                    if isinstance(each, ast.Constant) and isinstance(each.value, str):
                        yield each.value
    for way in (*CONVENTIONS, *SLIPS, *CLASSES.values()):
        yield way.says
    for counter in COUNTERS.values():
        yield from (fault.says for fault in counter.faults)
        yield from [counter.tool] if counter.tool != counter.name else []
    yield WEIGHTED
    yield NOTHING
    yield from JOINS.values()
    for join in JOIN_KINDS.values():
        yield from (join.message, join.help)
    for column in (*NUMBERED, *GATHERED):
        yield column.heading
    for quantity in QUANTITIES.values():
        yield from (quantity.heading, quantity.heading.removesuffix(" (bytes)"))
        yield from [quantity.caption] if quantity.caption else []
    yield from REASONS
    for model in library.models():
        for each in model.published:
            yield from [each.source, each.remark] if each.remark else []
    for name in COMMANDS:
        yield COMMANDS[name]
        command = cnncalc.get_command(None, name)
        yield from (command.help or "").split("\n\n")
        for option in command.params:
            is_made = option.name in ("format", "output", "dtype", "style")
            yield from [option.help] if isinstance(option, click.Option) and not is_made else []
    yield from (cnncalc.help, cnncalc.epilog, cnncalc.params[0].help, *STYLES.values())
    yield from ("Show this message and exit.", "[OPTIONS]", "[ARGUMENTS]...")
    yield from (*LETTERS.values(), UNEXPLAINED)
    yield from (*ASKED.values(), *FEWER.values(), *SOUGHT.values(), UNKNOWN_KIND)
    for kind in KINDS.values():
        yield from (kind.says, *(each.says for each in kind.parameters))


def catalogue():
    """Return the Korean of each English template, read from the catalogue's source."""
    found = {}
    pattern = re.compile(r'^msgid ((?:".*"\n?)+)msgstr ((?:".*"\n?)+)', re.MULTILINE)
    for english, korean in pattern.findall(CATALOGUE.read_text()):
        text, said = (
            "".join(ast.literal_eval(line) for line in part.strip().split("\n"))
            for part in (english, korean)
        )
        found[text] = said
    return found


KOREAN = catalogue()


def test_no_message_is_missing():
    """Each message has its Korean, with the same values in it; none is there for nothing."""
    wanted = set(templates())
    assert len(wanted) > 150
    missing = sorted(text for text in wanted if not KOREAN.get(text))
    assert not missing, missing
    for text in wanted:
        assert set(FIELD.findall(text)) == set(FIELD.findall(KOREAN[text])), text


def test_compiled():
    """The compiled catalogue is that of its source."""
    from gettext import translation

    compiled = translation("cnncalc", ROOT / "speech" / "locale", ["ko"])
    for text, said in KOREAN.items():
        assert not text or compiled.gettext(text) == said


@pytest.fixture
def korean():
    """Speak Korean for the length of a test."""
    language.use("ko")
    yield
    language.use("en")


@pytest.mark.usefixtures("korean")
def test_faults_in_korean():
    """A fault speaks Korean, keeps its code, and lines up under wide letters."""
    with pytest.raises(Problem) as caught:
        stack("3x3x8 -> conv 16 k7")
    drawn = caught.value.draw().splitlines()
    assert "kernel-does-not-fit" in drawn[0]
    assert re.search("[가-힣]", drawn[0])
    assert any("floor((3 + 2*0 - 7) / 1) + 1 = -3" in line for line in drawn)


@pytest.mark.usefixtures("korean")
def test_verdicts_in_korean():
    """Verdicts are drawn in Korean, in columns that line up; their data stay English."""
    from cnncalc.homework.listings import as_data
    from cnncalc.output.verdicts import draw

    judge = Judge(parse(Source("<stack>", "32x32x3 -> conv 10 k5 p2")))
    verdict = judge.judge(Source("<claim>", "params=260"))
    lines = list(draw(verdict, Style(None, color=False, unicode=True)))
    assert all(re.search("[가-힣]", line) for line in lines)
    starts = {cells(line) - cells(line.lstrip()) for line in lines[1:]}
    assert len(starts) == 1
    assert as_data(verdict)["verdict"] == "wrong"


def test_from_the_locale(monkeypatch):
    """The locale chooses the language; LC_ALL goes first."""
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")
    assert language.from_locale() == "ko"
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert language.from_locale() == "en"


@pytest.mark.usefixtures("korean")
def test_tables_in_korean():
    """Headings, totals and what was counted are Korean, in columns that line up; data is not."""
    from cnncalc.output import table
    from cnncalc.output.formats import export
    from cnncalc.report.quantities import COLUMNS
    from cnncalc.report.view import View, listed

    report = stack("8x8x3 -> conv 4 k3 -> aux[fc 2] -> fc 10")
    listing = listed(View(report, report.rows, COLUMNS))
    drawn = table.draw(listing, table.Style(80, color=False, unicode=True)).splitlines()
    heads, *rows, total, _aux = drawn[:8]
    assert heads.split() == ["#", "레이어", "출력", "파라미터", "MAC", "수용", "영역", "활성값"]
    assert total.split()[0] == "합계"
    assert {cells(line) for line in (heads, *rows, total)} == {cells(heads)}
    assert all(re.search("[가-힣]", line) for line in drawn[9:])
    for name in ("json", "jsonl", "csv"):
        assert not re.search("[가-힣]", "".join(export(listing, name)))


@pytest.mark.usefixtures("korean")
@pytest.mark.parametrize("name", [*COMMANDS, "conv", "pool"])
def test_help_in_korean(name):
    """Each paragraph and option of a help page is Korean, in lines that fit a terminal."""
    command = cnncalc.get_command(None, name)
    with command.make_context(name, ["--help"], resilient_parsing=True) as context:
        page = command.get_help(context)
        options = [each for each in command.get_params(context) if isinstance(each, click.Option)]
    assert page.startswith("사용법: ")
    assert all(re.search("[가-힣]", part) for part in command.help.split("\n\n"))
    assert all(re.search("[가-힣]", each.help) for each in options)
    assert max(map(cells, page.splitlines())) <= 80 or name == "conv"


@pytest.mark.usefixtures("korean")
@pytest.mark.parametrize(
    "words",
    [
        ["quiz", "--seed"],
        ["quiz", "--seed", "x"],
        ["quiz", "--level", "7"],
        ["quiz", "--format", "pdf"],
        ["schema", "more"],
        ["check", "vgg16"],
        ["solve"],
        ["stack", "vgg16", "--totals", "--explain"],
        ["stack", "vgg16", "--get", "params", "--json"],
        ["stack", "there_is_none.cnn"],
        ["quiz", "vgg16", "--kind", "compare"],
        ["quiz", "-o", "/nowhere/at/all.md"],
    ],
    ids=" ".join,
)
def test_misuse_in_korean(words):
    """Whatever is wrong with a command line is said in Korean, click's own messages too."""
    with (
        pytest.raises((Problem, click.UsageError)) as caught,
        cnncalc.make_context("cnncalc", words) as context,
    ):
        cnncalc.invoke(context)
    problem = caught.value
    if isinstance(problem, click.UsageError):
        problem = misuse(problem, words)
    said = [problem.message, *problem.helps, *(label.text for label in problem.labels)]
    assert all(re.search("[가-힣]", each) for each in said if each), said
