"""Every working that check prints comes to the value beside it, by an evaluator of this test's own.

What is claimed are values that ways of the tables give, so that slips are found, and wild ones.
"""

import ast
import json
import random
import re
from fractions import Fraction
from itertools import islice

import pytest

from cnncalc import Problem
from cnncalc.cli import main
from cnncalc.homework.answers import Query
from cnncalc.homework.judge import Judge
from cnncalc.importing.sources import read_text
from cnncalc.speech.problem import Source
from cnncalc.trace.settings import Settings

QUANTITIES = (
    *("output", "size", "channels", "in_features", "params", "weights", "biases", "macs", "flops"),
    *("activations", "rf", "memory", "params-memory", "peak", "training-adam"),
)


def evaluated(text):
    """Return what an expression of whole numbers, quotients, floor and ceil comes to."""
    return _value(ast.parse(re.sub(r"(?<=\d),(?=\d{3})", "", text), mode="eval").body)


def _value(node):
    if isinstance(node, ast.Constant):
        assert type(node.value) is int
        return node.value
    if isinstance(node, ast.Call):
        above, below = _value(node.args[0].left), _value(node.args[0].right)
        assert isinstance(node.args[0].op, ast.Div)
        return above // below if node.func.id == "floor" else -(-above // below)
    left, right = _value(node.left), _value(node.right)
    if isinstance(node.op, ast.Div):
        return Fraction(left) / right
    return {
        ast.Add: lambda: left + right,
        ast.Sub: lambda: left - right,
        ast.Mult: lambda: left * right,
    }[type(node.op)]()


def holds(value, working):
    """Return whether a working comes to a value: each of its parts to an axis of it."""
    first = working.split(" = ")[0]  # behind it, bytes in other units
    sizes = [int(size) for size in value.replace(",", "").split("x")]
    found = [evaluated(part) for part in first.split(" and ")]
    return all(size in sizes for size in found) and "0 + 0" not in first


def network(chance):
    """Return a random chain, with a join in it or not."""
    side, depth = chance.choice([7, 8, 13, 16, 28, 32]), chance.choice([1, 3, 4, 8])
    layers = [_layer(chance) for _ in range(chance.randint(1, 4))]
    if chance.random() < 0.2:
        layers.insert(chance.randint(0, len(layers)), "concat[conv 2 k1 | conv 3 k3 p1 -> relu]")
    if chance.random() < 0.3:
        layers.append(chance.choice(["fc 10", "gap -> fc 5", "flatten -> fc 3 nobias", "gap"]))
    return f"{side}x{chance.choice([side, side, side + 3])}x{depth} -> {' -> '.join(layers)}"


def _layer(chance):
    k, s, p = chance.randint(1, 5), chance.choice([1, 1, 2, 3]), chance.randint(0, 3)
    padding = chance.choice(["", f"p{p}", f"p{p}", f"p{p}:{p + 1}", "same", "valid", "p0x1"])
    window = f"k{k} s{s} {padding}".strip()
    return chance.choice(
        [
            f"conv {chance.randint(1, 9)} {window}",
            f"conv {chance.randint(1, 9)} {window}",
            f"conv {chance.choice([4, 8])} {window} {chance.choice(['nobias', 'd2', 'g1'])}",
            f"dwconv {window}",
            f"maxpool k{chance.choice([2, 3])} s{s}{chance.choice(['', ' ceil'])}",
            f"avgpool {chance.choice([2, 3])}",
            f"deconv {chance.randint(1, 9)} k{k} s{s}",
            f"pad {p}",
            *("relu", "bn", "upsample 2", "adaptiveavgpool 3", f"local 2 k{k}"),
        ]
    )


def claims(chance, judge, texts):
    """Yield claims about places of a network: values that other ways give, and wild ones."""
    for _ in range(3):
        place = chance.choice([None, str(chance.randrange(len(judge.rows)))])
        quantity = chance.choice(QUANTITIES)
        head = f"{place}.{quantity}" if place else quantity
        found = list(
            islice(judge.alternatives.of(Query(place, quantity)), chance.choice([60, 60, 200]))
        )
        for each in chance.sample(found, min(len(found), 4)):
            yield f"{head}={texts(each.value)}"
        yield f"{head}={chance.choice([1, 4, 5, 760, 768000])}"


def run(count, seed):
    """Judge claims about random networks; return how many workings were printed, and the false."""
    chance = random.Random(seed)
    printed, false = 0, []

    def text(value):
        return "x".join(map(str, value)) if isinstance(value, tuple) else str(value)

    for _ in range(count):
        line = network(chance)
        try:
            judge = Judge(read_text(line), Settings(batch=chance.choice([1, 1, 2])))
        except Problem:
            continue
        for claim in claims(chance, judge, text):
            verdict = judge.judge(Source("<claim>", claim))
            pairs = [(verdict.answer, verdict.working)]
            pairs += [(each.value, each.working) for each in verdict.reasons]
            for value, working in pairs:
                if working:
                    printed += 1
                    if not holds(value, working):
                        false.append((line, claim, value, working))
    return printed, false


def test_every_working_comes_to_the_value_beside_it():
    """Of 8 random networks: claims that slips and conventions lead to, and wild ones."""
    printed, false = run(8, 12)
    assert printed > 40
    assert not false, false[:5]


@pytest.mark.long
def test_many_workings():
    """The same of 300 networks more."""
    printed, false = run(300, 13)
    assert printed > 1_500
    assert not false, false[:5]


@pytest.mark.parametrize(
    ("line", "claim"),
    [
        ("32x32x3 -> conv 8 k5 -> maxpool 2", "2.output=16x16x8"),
        ("8x8x1 -> conv 2 k3", "flops=1440"),
        ("8x8x1 -> conv 2 k3", "flops=2304"),
        ("16x16x8 -> relu", "activations=5"),
    ],
)
def test_as_it_is_printed(capsys, line, claim):
    """What the command prints as JSON: no working that comes to another value."""
    with pytest.raises(SystemExit):
        main(["check", line, claim, "--json"])
    (verdict,) = json.loads(capsys.readouterr().out)["verdicts"]
    pairs = [(verdict["answer"], verdict["working"])]
    pairs += [(each["value"], each["working"]) for each in verdict["reasons"]]
    assert all(holds(*pair) for pair in pairs if pair[1])
