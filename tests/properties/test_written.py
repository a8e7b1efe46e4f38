"""Numbers written in many ways that mean one, and classes saved as spreadsheets save them."""

import json
import random
import re

import pytest
from command import printed
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import few, networks

from cnncalc.cli import main
from cnncalc.homework.claims import read_claim
from cnncalc.homework.judge import Judge
from cnncalc.homework.truth import holds
from cnncalc.notation.parser import parse
from cnncalc.speech.problem import Problem, Source

ONE = st.integers(100, 10**9)


def ways(number, chance):
    """Return a number in ways that mean exactly it."""
    a, b = chance.randint(1, 99), chance.randint(2, 9)
    rest = number - a
    return [
        str(number),
        f"{number:,}",
        f"= {number}",
        f"~{number}",
        f"≈ {number}",
        f"{number}.",
        f"{rest}+{a}",
        f"{rest}+{a}={number}",
        f"{rest} + {a} = {number:,}",
        f"{number} ({rest}+{a})",
        f"{number:,} ({rest}+{a})",
        f"{number * b}/{b}",
        f"{number}개",
        f"{number} params",
        in_myriads(number),
    ]


def in_myriads(number):
    """Return a number as Korean writes it: 1억 3,835만 7,544; itself where it has one part."""
    parts = number // 10**8, number // 10**4 % 10**4, number % 10**4
    said = [f"{part:,}{unit}" for part, unit in zip(parts, ("억", "만", ""), strict=True) if part]
    return " ".join(said) if len(said) > 1 else str(number)


def figures(number):
    """Return a number in ways that claim its first digits."""
    return [
        f"{number:.3e}",
        f"{number:.3e}".replace("e+", "E"),
        f"{number:.3e}".replace("e+0", "×10^").replace("e+", "x10^"),
        f"{number / 10**6:.4f} million",
        f"{number / 10**4:.3f}만",
        f"{number / 10**3:.2f} thousand",
        f"{number / 10**6:.4f}M".replace(".", ","),
        f"{number / 10**8:.6f}억".replace(".", ","),
    ]


def is_right(text, number):
    """Return whether a claim of parameters is true of a number."""
    return holds(read_claim(Source("<claim>", f"params={text}")), number)


@given(number=ONE, seed=st.integers(0, 10**6))
def test_one_number(number, seed):
    """Each way is right of the number, and of no other; a figure of its digits."""
    for text in ways(number, random.Random(seed)):
        assert is_right(text, number), text
        assert not is_right(text, number + 1), text
    for text in figures(number):
        assert is_right(text, number) or is_right(text, number - 1), text  # half to even
        assert not is_right(text, 2 * number), text


@given(number=ONE, more=st.integers(1, 50))
def test_both_sides(number, more):
    """A working beside a number that comes to another is right of neither."""
    for text in (f"{number}+{more}={number}", f"{number} ({number}+{more})"):
        assert not is_right(text, number)
        assert not is_right(text, number + more)


@pytest.mark.parametrize("unit", ["MB", "MiB", "kB", "bytes"])
def test_bytes_are_no_count(unit):
    """A count is not in bytes."""
    with pytest.raises(Problem, match="unit of bytes"):
        read_claim(Source("<claim>", f"params=760 {unit}"))


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("출력", "output"),
        ("파라미터 수", "params"),
        ("수용 영역", "rf"),
        ("Number of parameters", "params"),
        ("Receptive field", "rf"),
        ("filters", "channels"),
        ("Output shape", "output"),
    ],
)
def test_names(name, first):
    """Quantities have their names in both languages, in any case."""
    assert read_claim(Source("<claim>", f"{name} = 5")).quantity == first
    assert read_claim(Source("<claim>", f"2.{name}: 5")).place == "2"


KEY = """
[[question]]
name = "Q1"
network = "32x32x3 -> conv 10 k5 p2"
ask = "output"
[[question]]
name = "Q2"
network = "32x32x3 -> conv 10 k5 p2"
ask = "params"
"""


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_a_class_is_read_as_it_was_saved(tmp_path, monkeypatch, capsys, sign, coding):
    """The same marks whatever stands between cells, in any encoding, with headings in any case."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "key.toml").write_text(KEY)
    lines = [
        ["이름", "q1", "Q2"],
        ["김민아", "32x32x10", "(5*5*3+1)*10 = 760"],
        ["이준", "10@32x32", "750+10"],
        ["박소라", "모름", "N/A"],
    ]
    text = "\r\n".join(sign.join(line) for line in lines)
    (tmp_path / "class.csv").write_bytes(text.encode(coding))
    with pytest.raises(SystemExit):
        main(["check", "key.toml", "class.csv", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert [each["score"] for each in found["students"]] == [2, 2, 0]
    assert [each["student"] for each in found["students"]] == ["김민아", "이준", "박소라"]
    assert found["students"][2]["Q1"] == found["students"][2]["Q2"] == "blank"
    assert not found["warnings"]


def test_a_bare_value_where_one_quantity_is_asked(tmp_path, monkeypatch, capsys):
    """It is an answer to what is asked; where nothing is, it cannot be read."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sheet.toml").write_text(
        '[[question]]\nnetwork = "32x32x3 -> conv 10 k5 p2"\nask = "params"\nclaims = ["760"]\n'
        '[[question]]\nnetwork = "32x32x3 -> conv 10 k5 p2"\nclaims = ["760"]\n'
    )
    with pytest.raises(SystemExit):
        main(["check", "sheet.toml", "--json"])
    found = json.loads(capsys.readouterr().out)["verdicts"]
    assert [each["verdict"] for each in found] == ["right", "unreadable"]


@settings(max_examples=max(few.max_examples // 2, 8))
@given(networks(), st.integers(0, 10**6))
def test_full_width_signs_are_told(text, seed):
    """Typed in full width, in part or whole, a network is told of, and the line offered is it."""
    chance = random.Random(seed)
    part = chance.choice([1, 0.5, 0.1])
    wide = "".join(
        chr(ord(e) + 0xFEE0) if "!" <= e <= "~" and chance.random() < part else e for e in text
    )
    if wide == text or "[" in text:
        return
    with pytest.raises(Problem) as found:
        parse(Source("<stack>", wide))
    assert found.value.code == "full-width"
    assert found.value.fix.apply() == text


def test_full_width_claims_and_cells(tmp_path):
    """A claim is told of, and the cell of a class read as what it is in ASCII."""
    judge = Judge(parse(Source("<stack>", "32x32x3 -> conv 10 k5 p2")))
    for claim in ("params＝760", "params=７６０", "ｐａｒａｍｓ：760", "output=３２，32，10"):
        verdict = judge.judge(Source("<claim>", claim))
        assert verdict.kind == "unreadable"
        (told,) = verdict.problem.helps
        plain = re.search("'(.*)'", told)[1]
        assert judge.judge(Source("<claim>", plain)).kind == "right"
    (tmp_path / "a.toml").write_text(
        "[[question]]\nname='1'\nnetwork='32x32x3 -> conv 10 k5 p2'\nask='params'\n"
    )
    (tmp_path / "a.csv").write_text("name,1\nMina,７６０\nJi,＝７６０\nHo,－\n")
    words = ["check", str(tmp_path / "a.toml"), str(tmp_path / "a.csv"), "--format", "csv"]
    _status, out, _err = printed(words)
    assert out.splitlines()[1:] == ["Mina,1,right", "Ji,1,right", "Ho,0,blank"]
