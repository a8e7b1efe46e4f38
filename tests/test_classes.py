"""Sheets and classes: no verdict, no column and no cell is lost, and a large class is streamed."""

import csv
import json
import random
import re
import resource
import subprocess
import sys
from io import StringIO

import pytest
from command import WEIGHED, printed

from cnncalc import Problem, mark
from cnncalc.homework import classes, marking
from cnncalc.homework.alternatives import Alternatives
from cnncalc.homework.sheets import read_sheet

NETWORKS = ("8x8x3 -> conv 4 k3", "8x8x3 -> fc 7", "16x16x1 -> conv 2 k5 p2", "9x9x2 -> maxpool 3")
NAMES = ("1", "1", "score", "student", "score (3)", "q", "=q", "q,r", "2", "")


def sheet(path, questions):
    """Write a sheet of questions: name, network, and what else it has."""
    lines = []
    for question in questions:
        lines.append("[[question]]")
        lines += [f"{key} = {json.dumps(value)}" for key, value in question.items()]
    path.write_text("\n".join(lines))


def test_no_verdict_is_lost(tmp_path):
    """Each claim of each question has its verdict, whatever questions are called."""
    chance = random.Random(1)
    for _ in range(5):
        expected = []
        questions = []
        for _ in range(chance.randint(1, 5)):
            network = chance.choice(NETWORKS)
            name = chance.choice(NAMES)
            params = int(printed(["stack", network, "--get", "params"])[1])
            are_right = [chance.random() < 0.5 for _ in range(chance.randint(0, 3))]
            claims = [f"params={params if right else params + 1234567}" for right in are_right]
            questions.append({"name": name, "network": network, "claims": claims})
            kinds = ["right" if right else "wrong" for right in are_right]
            found = [(name, *pair) for pair in zip(claims, kinds, strict=True)]
            if chance.random() < 0.2:
                questions[-1]["claims"].append("  ")
                found.append((name, "", "blank"))
            expected += found or [(name, "", "blank")]
        sheet(tmp_path / "a.toml", questions)
        status, out, _err = printed(["check", str(tmp_path / "a.toml"), "--json"])
        found = [(e["question"], e["claim"], e["verdict"]) for e in json.loads(out)["verdicts"]]
        assert found == expected
        assert status == any(kind != "right" for *_rest, kind in expected)
        _status, out, _err = printed(["check", str(tmp_path / "a.toml")])
        right = sum(kind == "right" for *_rest, kind in expected)
        assert out.endswith(f"{right} of {len(expected)} right\n")


def test_no_column_is_lost(tmp_path):
    """The marks of each question have a column of their own, in each format."""
    chance = random.Random(2)
    for _ in range(6):
        names = chance.sample(NAMES, chance.randint(1, len(NAMES)))
        questions = [{"name": name, "network": NETWORKS[0], "ask": "params"} for name in names]
        sheet(tmp_path / "a.toml", questions)
        marks = [[chance.random() < 0.5 for _name in names] for _student in range(3)]
        with (tmp_path / "a.csv").open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["name", *names])
            rows.writerows(
                [f"s{at}", *(112 if m else 9 for m in row)] for at, row in enumerate(marks)
            )
        words = ["check", str(tmp_path / "a.toml"), str(tmp_path / "a.csv")]
        status, out, err = printed([*words, "--format", "csv"])
        assert (status, err) == (0, "")
        head, *lines = csv.reader(StringIO(out))
        assert len(set(head)) == len(names) + 2
        assert [[cell == "right" for cell in line[2:]] for line in lines] == marks
        assert [int(line[1]) for line in lines] == [sum(row) for row in marks]
        students = json.loads(printed([*words, "--json"])[1])["students"]
        assert [[cell == "right" for cell in list(s.values())[2:]] for s in students] == marks


def test_what_is_not_read_is_told(tmp_path):
    """A column too many, a cell too many, a question without what it asks: each is said."""
    questions = [{"name": name, "network": NETWORKS[0], "ask": "params"} for name in "qr"]
    words = ["check", str(tmp_path / "a.toml"), str(tmp_path / "a.csv")]
    for text, code, asked in (
        ("name,q,q\na,112,112\n", "column-not-read", 1),
        ("name,q\na,1,234\nb,112\n", "cells-without-column", 1),
        ("name,r\na,112\n", "column-missing", 2),
        ("name,r,qq\na,112,112\n", "column-missing", 2),
    ):
        sheet(tmp_path / "a.toml", questions[:asked])
        (tmp_path / "a.csv").write_text(text)
        for more in ([], ["--format", "csv"], ["--format", "markdown"]):
            status, _out, err = printed([*words, *more])
            assert (status, err.count("warning[")) == (0, 1)
            assert f"warning[{code}]" in err
            assert ("no question takes 'qq'" in err) is ("qq" in text)
        told = json.loads(printed([*words, "--json"])[1])["warnings"]
        assert [each["code"] for each in told] == [code]
    swallowed = ('name,q\na,"112\nb,9\nc,112\n', 'name,q\na,"112\nb,"9\nc,112\n')
    long = 'name,q\n"' + "x" * 200_000
    for text in ("", "\n \n", long, "name|q|r\na|112|9\n", "name,s\na,1\n", *swallowed):
        (tmp_path / "a.csv").write_text(text)
        status, _out, err = printed(words)
        assert status == 1
        assert err.startswith("error[sheet-not-read]")
        status, out, err = printed([*words, "--json"])
        assert (status, out) == (1, "")
        assert json.loads(err)["error"]["code"] == "sheet-not-read"
    sheet(tmp_path / "a.toml", [{"name": "q", "network": NETWORKS[0]}])
    (tmp_path / "a.csv").write_text("name,q\na,112\n")
    status, out, err = printed([*words, "--format", "csv"])
    assert (status, out) == (1, "student,score,q\na,0,fault\n")
    assert "does not say what its column is about" in err
    sheet(tmp_path / "a.toml", [{"name": "q", "network": "8x8x3 -> covn 4 k3", "ask": "params"}])
    status, out, err = printed(words[:2])
    assert (status, out.splitlines()[-1]) == (1, "  params = ?")


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("\u00e9", "e\u0301"),
        ("\ubb38\uc81c1", "\u1106\u116e\u11ab\u110c\u1166 1".replace(" ", "")),
        ("q 1", "Q\xa01"),
        ("Q 1", '"q\n1"'),
        ("1", "\uff11"),
        ("1", "\u200b1\ufeff"),
        ("\t=1", "=1"),
    ],
)
def test_headings_are_read_as_they_look(name, heading, tmp_path):
    """However a program composes signs and blanks, a column is that of the question it names."""
    sheet(tmp_path / "a.toml", [{"name": name, "network": NETWORKS[0], "ask": "params"}])
    (tmp_path / "a.csv").write_text(f"name,{heading}\na,112\n")
    status, out, err = printed(["check", str(tmp_path / "a.toml"), str(tmp_path / "a.csv")])
    assert (status, err, "1/1" in out) == (0, "", True)


def test_judges_of_many_columns_forget(tmp_path, monkeypatch):
    """Few networks of a class keep what other ways give, and few verdicts; all are as they were."""
    chance = random.Random(7)
    networks = [f"8x8x{depth} -> conv 4 k3 -> fc 7" for depth in range(1, 6)]
    sheet(
        tmp_path / "a.toml",
        [{"name": f"q{at}", "network": each, "ask": "params"} for at, each in enumerate(networks)],
    )
    values = [
        printed(["stack", each, "--get", "params", "--like", "torchinfo"])[1] for each in networks
    ]
    lines = ["name,q0,q1,q2,q3,q4"]
    for student in range(6):
        wrong = (int(value) + chance.choice((0, 0, 4, -4, 7, -7, 36)) for value in values)
        lines.append(",".join((f"s{student}", *map(str, wrong))))
    (tmp_path / "a.csv").write_text("\n".join(lines))

    def judged():
        found = classes.ClassAnswers(read_sheet(tmp_path / "a.toml"), tmp_path / "a.csv")
        said = []
        for student in found.students():
            said += [str(each.verdict) for each in student.answers]
            judges = {id(each.judge): each.judge for each in found.questions}
            holding = [each for each in judges.values() if "alternatives" in vars(each)]
            assert len(holding) <= marking.MOST_ASKED
            verdicts = sum(len(vars(each)["_kept"]) for each in judges.values())
            assert verdicts <= marking.KEPT_IN_ALL + len(judges)
        return said

    all_kept = judged()
    assert "slip" in " ".join(all_kept) or "bias" in " ".join(all_kept)
    monkeypatch.setattr(marking, "MOST_ASKED", 2)
    made, own = [], Alternatives.__init__
    monkeypatch.setattr(
        Alternatives, "__init__", lambda *given, **how: made.append(1) or own(*given, **how)
    )
    assert judged() == all_kept
    assert len(made) <= len(networks)
    monkeypatch.setattr(marking, "AT_ONCE", 3 * len(networks))
    assert judged() == all_kept
    monkeypatch.setattr(marking, "MOST_ASKED", len(networks))
    monkeypatch.setattr(marking, "KEPT_IN_ALL", len(networks))
    assert judged() == all_kept


def test_what_is_asked_beside_a_sheet(tmp_path):
    """Its key, its marks and a class's say it in each format."""
    question = {"name": "q", "network": NETWORKS[0], "ask": "params"}
    (tmp_path / "a.csv").write_text("name,q\na,112\n")
    answers = str(tmp_path / "a.csv")
    for claims, more in (([], []), (["112"], []), ([], [answers])):
        sheet(tmp_path / "a.toml", [{**question, **({"claims": claims} if claims else {})}])
        for form in ("table", "json", "jsonl", "csv", "markdown", "latex", "html"):
            for beside in (["--like", "fvcore"], ["--batch", "7"], ["--dtype", "int8"]):
                words = ["check", str(tmp_path / "a.toml"), *more, "--format", form, *beside]
                status, out, err = printed(words)
                assert status == 0
                assert not err or f"{beside[0]} has no bearing on params" in err
                if form == "json":
                    assert json.loads(out)[beside[0][2:]]
    assert "weight (conv)" in printed(["check", *words[1:3], "--json", "--like", "fvcore"])[1]


FAULTS = {
    "unknown-layer": {"network": "8x8x3 -> covn 4 k3"},
    "claim-unreadable": {"ask": "prams"},
    "sheet-not-read": {"asks": "params"},
    "unknown-convention": {"accept": ["no-bais"]},
    "kernel-does-not-fit": {"network": "8x8x3 -> conv 4 k30"},
}
"""What can be wrong with a question, by the code of the fault."""


def test_faults_stand_in_their_question(tmp_path):
    """The fault of a question points at the line that is wrong, whatever stands in the others."""
    chance = random.Random(4)
    for _ in range(8):
        count = chance.randint(1, 6)
        wrong = {at: chance.choice(list(FAULTS)) for at in range(count) if chance.random() < 0.5}
        questions = [
            {"name": chance.choice(NAMES), "network": NETWORKS[0], "ask": "params"}
            | FAULTS.get(wrong.get(at, ""), {})
            for at in range(count)
        ]
        sheet(tmp_path / "a.toml", questions)
        lines = (tmp_path / "a.toml").read_text().splitlines()
        heads = [number for number, line in enumerate(lines, 1) if line == "[[question]]"]
        _status, _out, err = printed(["check", str(tmp_path / "a.toml")])
        found = re.findall(r"error\[(.*)\].*\n *--> .*a.toml:(\d+):", err)
        assert [code for code, _line in found] == list(wrong.values())
        for (code, line), at in zip(found, wrong, strict=True):
            (field,) = FAULTS[code]
            assert lines[int(line) - 1].startswith(f"{field} = ")
            assert max(each for each in heads if each <= int(line)) == heads[at]


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        ("params, macs", ""),
        ("a.output; a.params, rf", ""),
        ("output and params", ""),
        (["params", "macs"], ""),
        (["params", "mcs"], "no quantity is called 'mcs'"),
        ([], "is a text in quotes"),
        ("output, prams", "'output, prams' is no quantity alone"),
        ("", "asks for nothing"),
        ("params=760", "'params=760' is no quantity alone"),
        ("how many params?", "'how many params?' is no quantity alone"),
        ("params,", ""),
        ("the params", "no quantity is called 'the params'"),
        ("receptive field", ""),
        ("a.output size", ""),
        ("파라미터 수", ""),
    ],
)
def test_what_a_question_asks(tmp_path, ask, words):
    """One quantity or several: of a claim and of nothing it is said what they are."""
    question = {"name": "1", "network": "8x8x3 -> a: conv 4 k3 -> fc 2", "ask": ask}
    sheet(tmp_path / "a.toml", [question])
    status, _out, err = printed(["check", str(tmp_path / "a.toml")])
    assert (status, bool(err)) == (int(bool(words)), bool(words))
    assert words in err


def test_a_question_that_asks_for_several(tmp_path):
    """It is a question for each: in a key, with claims, and in the columns of a class."""
    several = {"name": "1", "network": "8x8x3 -> conv 4 k3", "ask": ["output", "params"]}
    sheet(tmp_path / "a.toml", [several])
    words = ["check", str(tmp_path / "a.toml")]
    _status, out, _err = printed([*words, "--format", "csv"])
    assert [line.split(",")[2:4] for line in out.splitlines()[1:]] == [
        ["output", "6x6x4"],
        ["params", "112"],
    ]
    (tmp_path / "a.csv").write_text("name,1,1\nMina,6x6x4,999\n")
    _status, out, _err = printed([*words, str(tmp_path / "a.csv"), "--format", "csv"])
    assert out.splitlines()[1].startswith("Mina,1,right,")
    for claims in (["6x6x4", "112"], ["output=6x6x4", "params=112"], ["params=112"]):
        sheet(tmp_path / "a.toml", [{**several, "claims": claims}])
        _status, out, _err = printed(words)
        assert out.endswith(f"{len(claims)} of {len(claims)} right\n"), out


@pytest.mark.long
@pytest.mark.parametrize("form", ["csv", "json", "table", "markdown"])
def test_large_classes(tmp_path, form):
    """A class of 40,000 is marked in proportion to one of 4,000, in less than 300 MB."""
    sheet(
        tmp_path / "a.toml",
        [{"name": str(at), "network": n, "ask": "params"} for at, n in enumerate(NETWORKS)],
    )
    spent = []
    for count in (4_000, 40_000):
        chance = random.Random(3)
        with (tmp_path / "a.csv").open("w") as file:
            file.write("name,0,1,2,3\n")
            for at in range(count):
                cells = (chance.choice((112, 9, "abc", chance.randint(0, 9999))) for _ in NETWORKS)
                file.write(f"student {at},{','.join(map(str, cells))}\n")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        words = ["check", str(tmp_path / "a.toml"), str(tmp_path / "a.csv"), "--format", form]
        done = subprocess.run(
            [sys.executable, "-c", WEIGHED, *words], capture_output=True, text=True, check=True
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert len(done.stdout.splitlines()) > count
        assert int(done.stderr) < 300_000
        spent.append(after.ru_utime - before.ru_utime)
    assert spent[1] < 15 * spent[0]


TABLE = [
    ["name", "Q1", "q2", " Q3 "],
    ["김", "760", "30x30x8", "15x15x8"],
    ["lee", "(5*5*3+1)*10=760", "8@32x32", "output: 16x16x8"],
    ["none", "-", "N/A", "모름"],
    ["both", "= 760", "[32, 32, 8]", "~16x16x8"],
]
SCORES = ["2", "3", "0", "3"]  # 15x15x8 follows from 30x30x8


def joined(sign):
    """Return the table with a sign between its cells."""
    text = StringIO()
    csv.writer(text, delimiter=sign).writerows(TABLE)
    return text.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        joined(",").encode(),
        joined(",").encode("utf-8-sig"),
        joined(";").encode("cp949"),
        joined("\t").encode("utf-16"),
        joined("\t").encode("utf-16-le"),
        b"sep=;\r\n" + joined(";").encode(),
        b"sep=\t\r\n" + joined("\t").encode(),
        b'"sep=;"\r' + joined(";").replace("\r\n", "\r").encode(),
        joined(",").replace("\r\n", "\r").encode(),
    ],
    ids=[
        *("comma", "mark", "cp949", "utf-16", "without-mark", "sep", "tab", "sep-return"),
        "carriage-return",
    ],
)
def test_tables_as_programs_save_them(tmp_path, content):
    """However a spreadsheet saves a table, whatever the case of its head, scores are equal."""
    chain = "32x32x3 -> conv 8 k3 p1 -> maxpool 2"
    asked = {"Q1": ("32x32x3 -> conv 10 k5 p2", "params"), "Q2": (chain, "1.output")}
    asked["Q3"] = (chain, "2.output")
    questions = [{"name": n, "network": w, "ask": a} for n, (w, a) in asked.items()]
    sheet(tmp_path / "key.toml", questions)
    (tmp_path / "answers.csv").write_bytes(content)
    words = ["check", str(tmp_path / "key.toml"), str(tmp_path / "answers.csv"), "--format", "csv"]
    rows = list(csv.DictReader(StringIO(printed(words)[1])))
    assert [row["score"] for row in rows] == SCORES


def test_the_first_column_is_the_students(tmp_path):
    """Where the first column is a question nobody is marked: whose answers they are is not said."""
    sheet, answers = tmp_path / "sheet.toml", tmp_path / "answers.csv"
    network = "32x32x3 -> conv 10 k5 p2"
    sheet.write_text(f'[[question]]\nname = "q1"\nnetwork = "{network}"\nask = "params"\n')
    answers.write_text("q1,name\n760,Ann\n")
    with pytest.raises(Problem, match="and 'q1' is a question"):
        mark(sheet, answers)


@pytest.mark.parametrize("field", ["accpet", "accepts", "Accept", "acept"])
def test_a_sheet_whose_own_field_is_mistyped(field, tmp_path):
    """A convention that a sheet accepts by a mistyped field is not lost in silence."""
    question = '[[question]]\nnetwork = "8x8x3 -> conv 2 k1"\nclaims = ["params=6"]\n'
    cases = (field, "did you mean 'accept'?"), ("title", "convention"), ("accept", "right")
    for own, said in cases:
        (tmp_path / "sheet.toml").write_text(f'{own} = ["no-bias"]\n{question}')
        _status, out, err = printed(["check", "sheet.toml"], tmp_path)
        assert said in (err or out)


def test_names_over_lines(tmp_path):
    """A name that holds the end of a line, or a line of its own, is one cell of one row."""
    names = ["a\nb", "a\rb", "\n", "x\nMina,1,right", 'a"\nb', "a\r\n,b", "=1\n+1", "a\u2028b"]
    asked = [{"name": each, "network": NETWORKS[0], "ask": "params"} for each in names]
    sheet(tmp_path / "k.toml", asked)
    with (tmp_path / "c.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["who", *names])
        table.writerows([name, *["112"] * len(names)] for name in names)
    status, out, _err = printed(["check", "k.toml", "c.csv", "--format", "csv"], tmp_path)
    head, *rows = csv.reader(StringIO(out, newline=""))
    assert status == 0
    assert len(head) == 2 + len(names)
    assert [row[1:] for row in rows] == [[str(len(names)), *["right"] * len(names)]] * len(names)


@pytest.mark.parametrize("line", ['"ann,112', '"ann,112\n', 'ann,"112', 'ann,"112\n'])
def test_a_quote_that_is_left_open_in_the_last_line(line, tmp_path):
    """It is told: the answer behind it would be none of the student's."""
    sheet(tmp_path / "s.toml", [{"name": "q", "network": NETWORKS[0], "claims": ["params=112"]}])
    (tmp_path / "a.csv").write_text(f"student,q\nbob,112\n{line}")
    with pytest.raises(Problem, match="this is not CSV"):
        mark(tmp_path / "s.toml", tmp_path / "a.csv")
    (tmp_path / "a.csv").write_text('student,q\nbob 6" tall,112\nann,112')
    assert mark(tmp_path / "s.toml", tmp_path / "a.csv")
