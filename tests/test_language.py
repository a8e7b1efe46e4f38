"""Korean: no message is missing, none loses a value, and columns stay aligned."""

import ast
import re
from pathlib import Path

import click
import pytest
from command import printed
from hypothesis import given
from hypothesis import strategies as st
from source import FILES, MESSAGES, parsed

from cnncalc import Problem, stack
from cnncalc.cli.commands import COMMANDS, cnncalc
from cnncalc.cli.misuse import misuse
from cnncalc.drawing.figures import STYLES
from cnncalc.homework.answers import Query
from cnncalc.homework.exercises import ASKED, FEWER, SOUGHT
from cnncalc.homework.judge import Judge
from cnncalc.homework.quizzes import UNKNOWN_KIND
from cnncalc.homework.ways import OF_ROWS, WAYS
from cnncalc.kinds.joins import JOIN_KINDS
from cnncalc.kinds.table import KINDS
from cnncalc.notation import library
from cnncalc.notation.parser import parse
from cnncalc.notation.tree import JOINS
from cnncalc.output.layout import Style
from cnncalc.report.asked import DEAF
from cnncalc.report.legend import LETTERS
from cnncalc.report.options import OPTIONS
from cnncalc.report.quantities import QUANTITIES
from cnncalc.report.remarks import JOINED
from cnncalc.report.stack import GATHERED, NUMBERED
from cnncalc.report.steps import UNEXPLAINED
from cnncalc.speech import language
from cnncalc.speech.lines import cells
from cnncalc.speech.particles import settle
from cnncalc.speech.problem import Source
from cnncalc.speech.system import REASONS
from cnncalc.trace.counters import CLASSES, COUNTERS, NOTHING, WEIGHTED

ROOT = Path(__file__).parent.parent / "cnncalc"
CATALOGUE = ROOT / "speech" / "locale" / "ko" / "LC_MESSAGES" / "cnncalc.po"
FIELD = re.compile(r"(?<!\{)\{(\w+)[^{}]*\}(?!\})")


def templates():
    """Yield every message of the source: in _(), the nouns of plural(), the tables' sentences."""
    for path in FILES:
        for node in parsed(path).calls:
            place = MESSAGES.get(getattr(node.func, "id", ""))
            if place is not None and len(node.args) > place:
                argument = node.args[place]
                for each in ast.walk(argument):
                    if isinstance(each, ast.Constant) and isinstance(each.value, str):
                        yield each.value
    yield from OF_ROWS.values()
    yield from (quantity.counts for quantity in QUANTITIES.values())
    yield from (way.says.template for way in WAYS.values())
    yield from (each.says for each in CLASSES.values())
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
    yield from (*LETTERS.values(), UNEXPLAINED, *DEAF, *JOINED.values())
    yield from (option.says for option in OPTIONS.values())
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
    source = "".join(path.read_text() for path in FILES)  # where some are put together
    assert not [text for text in KOREAN if text not in wanted and text not in source]
    for text in wanted:
        assert set(FIELD.findall(text)) == set(FIELD.findall(KOREAN[text])), text


FORMAL = "".join(chr(place) for place in range(0xAC00 + 17, 0xD7A4, 28))  # what ends in ㅂ
WRONG_WORDS = {
    r"(?<![가-힣])층": "레이어",
    r"(?<![가-힣])창(?=[이의을은 ])": "윈도우",
    r"갈래|(?<![가-힣])가지(?=[가는의들])": "분기",
    r"인수": "인자",
    r"레이블": "라벨",
    r"실수": "오답 원인",
    r"훑": "스윕",
    r"지름길": "숏컷",
    r"배율과 이동": "스케일과 시프트",
    r"센 것:": "집계 기준",
    r"이름이 \{\w+\}인 (레이어|모델|명령|라벨|관례)": "'covn': 없는 레이어이다",
    r"MAC는": "MAC은",
    f"[{FORMAL}]니다": "한다, 하세요",
    r"개다(?![가-힣])": "개이다",
    r"\}['\"]? (?:은|는|을|를|이|가)(?![가-힣])": "no space before a particle",
    r"\}['\"]?(?:은|는|을|를|으로)(?![가-힣(])": "은(는), 을(를) after a value",
}
"""What no message says, and what it says in its place: one word for a thing throughout."""


@pytest.mark.parametrize(("pattern", "instead"), WRONG_WORDS.items(), ids=WRONG_WORDS.values())
def test_terms(pattern, instead):
    """Terms are one word throughout; faults end in 한다, helps in 하세요, nothing in 합니다."""
    found = [said for said in KOREAN.values() if re.search(pattern, said)]
    assert not found, (instead, found)


def read_aloud(number):
    """Return a whole number as Koreans read it: 십이, 천삼백, 이만."""
    digits, small, large = (
        "영일이삼사오육칠팔구",
        ("", "십", "백", "천"),
        ("", "만", "억", "조", "경"),
    )
    if number < 10:
        return digits[number]
    said = ""
    for place, digit in enumerate(reversed(str(number))):
        if place % 4 == 0 and int(str(number)[: len(str(number)) - place]) % 10_000:
            said = large[place // 4] + said
        if digit != "0":
            said = (digits[int(digit)] if digit != "1" or place % 4 == 0 else "") + (
                small[place % 4] + said
            )
    return said


@given(st.integers(0, 10**19) | st.integers(0, 30) | st.integers(1, 19).map(lambda n: 10**n))
def test_particles_after_numbers(number):
    """A particle after a number follows its last syllable as it is read aloud."""
    last = (ord(read_aloud(number)[-1]) - 0xAC00) % 28
    for text in (f"{number}", f"{number:,}", f"'{number}'", f"8x{number}"):
        said = settle(f"{text}은(는) {text}을(를) {text}(으)로")
        ends = ("은", "을", "으로") if last else ("는", "를", "로")
        wanted = [text + end for end in ends]
        if last == 8:  # ㄹ
            wanted[2] = f"{text}로"
        assert said == " ".join(wanted)


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        *(("conv", "콘브"), ("maxpool", "맥스풀"), ("fc", "에프씨"), ("same", "세임"), ("N", "엔")),
        *(("stride", "스트라이드"), ("kernel", "커널"), ("concat", "콘캣"), ("add", "애드")),
        *(
            ("MAC", "맥"),
            ("FLOPs", "플롭스"),
            ("relu", "렐루"),
            ("Linear", "리니어"),
            ("H", "에이치"),
        ),
        *(("flatten", "플래튼"), ("dilation", "딜레이션"), ("output", "아웃풋"), ("L", "엘")),
        *(("vgg16", "십육"), ("float32", "이"), ("필터", "필터"), ("3x3", "삼"), ("1.50", "영")),
        *(("padding", "패딩"), ("stack", "스택"), ("params", "파람스"), ("mul", "멀"), ("R", "알")),
    ],
)
def test_particles_after_names(name, reading):
    """A particle after a name follows how the name is borrowed."""
    last = (ord(reading[-1]) - 0xAC00) % 28
    ends = ("은", "이", "으로") if last else ("는", "가", "로")
    wanted = f"{name}{ends[0]} '{name}'{ends[1]} {name}{'로' if last == 8 else ends[2]}"
    assert settle(f"{name}은(는) '{name}'이(가) {name}(으)로") == wanted


def test_compiled():
    """The compiled catalogue is that of its source."""
    from gettext import translation

    compiled = translation("cnncalc", ROOT / "speech" / "locale", ["ko"])
    for text, said in KOREAN.items():
        assert not text or compiled.gettext(text) == said


@pytest.fixture
def korean():
    """Speak Korean for the length of a test."""
    with language.speaking("ko"):
        yield


@pytest.mark.usefixtures("korean")
def test_faults_in_korean():
    """A fault speaks Korean, keeps its code, and lines up under wide letters."""
    with pytest.raises(Problem) as caught:
        stack("3x3x8 -> conv 16 k7")
    drawn = caught.value.draw().splitlines()
    assert "kernel-does-not-fit" in drawn[0]
    assert re.search("[가-힣]", drawn[0])
    assert any("floor((3 + 2*0 - 7) / 1) + 1 = -3" in line for line in drawn)


def test_a_command_leaves_the_language_as_it_was():
    """What Python asks after a Korean command is answered as it was before."""
    assert re.search("[가-힣]", printed(["stack", "3x3x8 -> conv 16 k7", "--lang", "ko"])[2])
    assert language.code() == "en"


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
    from cnncalc.report.stack import listed
    from cnncalc.report.view import View

    report = stack("8x8x3 -> conv 4 k3 -> aux[fc 2] -> fc 10")
    listing = listed(View(report, report.rows, COLUMNS))
    drawn = table.draw(listing, Style(80, color=False, unicode=True)).splitlines()
    heads, *rows, total, _aux = drawn[:8]
    assert heads.split() == ["#", "레이어", "출력", "파라미터", "MACs", "수용", "영역", "활성값"]
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


@pytest.mark.usefixtures("korean")
def test_ways_are_in_english_for_programs_and_in_korean_for_people():
    """What each way says to an answer is English in data, and all of it Korean for people."""
    judge = Judge(parse(Source("", "16x16x3 -> a: [conv 8 k3 p1 -> bn -> relu]*2 -> gap -> fc 10")))
    ways = [
        each
        for place in (None, "2", "a")
        for quantity in ("output", "params", "macs", "rf", "memory", "activations")
        for each in judge.alternatives.of(Query(place, quantity))
    ]
    assert len({each.name for each in ways}) > 60
    for each in ways:
        said = language.localize(each.says)
        assert each.says.isascii(), each.says
        assert re.search("[가-힣]", said), said
        assert not re.search(r"\b(the|and|of|a)\b", said), said
