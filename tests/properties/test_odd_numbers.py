"""Numbers as nobody should write them, wherever one can be typed: an answer or a fault, at once."""

import csv
from functools import partial

import click
import clock
import pytest
from command import printed
from fuzz import told

from cnncalc.cli.commands import COMMANDS, cnncalc
from cnncalc.notation.tokens import rule
from cnncalc.report.claim_names import NAMES

ODD = (
    "²",
    "５",
    "٣",
    "5" * 5000,
    "0x10",
    "-0",
    "+5",
    "1e9",
    "1_000",
    "",
    " ",
    "9" * 19,
    "-5" * 900,
)
STACK = "8x8x3 -> a: conv 4 k3 p1 -> relu"
ARGUMENTS = {
    "check": [STACK, "params=112"],
    "compare": [STACK],
    "export": [STACK],
    "import": ["-"],
    "rf": [STACK],
    "solve": ["8x8x3 -> conv ?n k3", "params=112"],
    "stack": [STACK],
    "conv": ["8x8x3", "--filters", "4", "--k", "3"],
    "fc": ["48", "10"],
    "maxpool": ["8x8x3"],
}
LINES = [
    (name, option.opts[-1])
    for name in (*COMMANDS, "conv", "fc", "maxpool")
    for option in cnncalc.get_command(None, name).params
    if isinstance(option, click.Option) and not option.is_flag
    if option.opts[-1] not in ("--output", "--lang")
]


FORMS = ("{0}", "n={0}", "params={0}", "{0}x{0}x3")


@pytest.mark.parametrize(("name", "option"), LINES, ids=lambda each: each.lstrip("-"))
@pytest.mark.parametrize("step", [52, pytest.param(1, marks=pytest.mark.long)])
def test_options(name, option, step):
    """Every option of every command: one number in one form, the next for the next, or each."""
    odd = [form.format(number) for number in ODD for form in FORMS]
    for value in odd[LINES.index((name, option)) % step :: step]:
        told([name, *ARGUMENTS.get(name, []), option, value], b"")


@pytest.mark.parametrize("name", NAMES)
def test_claims(name):
    """Every claim, and every place of one."""
    claims = [f"{name}{sign}{number}" for number in ODD for sign in ("=", "<=")]
    claims += [f"{number}.{name}=1" for number in ODD]
    claims += [f"{name}={number}x{number}" for number in ODD]
    claims += [
        f"{name}={number}{unit}" for number in ODD for unit in ("*2", "^2", "K", " MiB", ".5", "C")
    ]
    told(["check", STACK, *claims], b"")


def test_notation():
    """Every place of a network where a number stands."""
    for number in ODD:
        for text in (
            f"{number}x8x3 -> relu",
            f"8x8x3 -> conv {number} k3",
            f"8x8x3 -> conv 4 k{number}",
            f"8x8x3 -> conv 4 k=3 p={number}",
            f"8x8x3 -> [relu]*{number}",
            f"8x8x3 -> dropout {number}",
            f"8x8x3 -> lrn {number}",
            f"def a(n={number}) {{ conv n k1 }} 8x8x3 -> a",
            f"8x8x3 -> conv (2*{number}) k3",
        ):
            told(["stack", text], b"")


def test_cells(tmp_path):
    """A cell of a class, and a number of a sheet: the others are marked."""
    sheet, answers = tmp_path / "a.toml", tmp_path / "a.csv"
    sheet.write_text(f'[[question]]\nname = "q"\nnetwork = "{STACK}"\nask = "params"\n')
    rows = [["name", "q"], *([str(at), number] for at, number in enumerate(ODD)), ["last", "112"]]
    with answers.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    _status, out, _err = printed(["check", str(sheet), str(answers), "--format", "csv"])
    assert out.endswith("\nlast,1,right\n")
    assert out.count("\n") == len(ODD) + 2
    for number in ("5" * 5000, "0x10", "1e999", "²"):
        for field in ("name", "network", "claims", "ask", "accept", "nosuch"):
            lines = {"name": '"q"', "network": f'"{STACK}"', "claims": '["params=112"]'}
            lines[field] = number
            text = "\n".join(f"{key} = {value}" for key, value in lines.items())
            for each in (text, text.replace(number, f"[{number}]")):
                sheet.write_text(f"[[question]]\n{each}\n")
                assert printed(["check", str(sheet)])[0] in (0, 1, 2)
                assert printed(["check", str(sheet), str(answers)])[0] in (0, 1, 2)
        sheet.write_text(f"accept = [{number}]\n[[question]]\n{text}\n")
        assert printed(["check", str(sheet)])[0] in (0, 1, 2)


def test_decimals_in_time():
    """A decimal of eight times the digits takes no sixty-four times as long to refuse."""
    refuse = rule("DECIMALS").match
    assert refuse("0" * 9 + "\0") is None
    assert clock.in_proportion(
        lambda digits: partial(refuse, "0" * digits + "\0"), 20_000, 160_000, 24
    )
