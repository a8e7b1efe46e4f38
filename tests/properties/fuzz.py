"""Random and mutated texts, read and traced: whatever is typed ends in an answer or a fault.

Run as a script for as many as are asked for: `python tests/properties/fuzz.py 1000000 [SEED]`.
"""

import random
import re
import sys
import time

from cnncalc import Problem
from cnncalc.expansion import MOST_LAYERS
from cnncalc.notation import parse
from cnncalc.problem import Source
from cnncalc.report import Report

SEEDS = (
    """
32x32x3 -> conv 10 k5 s1 p2 -> relu -> maxpool 2 -> flatten -> fc 10
16x112x112x3 -> conv3d 64 k3 p1x0:1x2 nobias, bn, gelu -> maxpool k1x2x2 ceil
def se(r=16, c=cin) { mul[ gap -> fc c/r -> relu -> fc c | identity ] } 8x8x32 -> se
def cb(...) { conv ... nobias -> bn } 28x28x3 -> cb 64 k7 s2 p3 -> [cb 64 k3 p1]*2 -> relu
def b(n, s=1, keep=(s==1)*(cin==n)) { add[ conv n k3 p1 s=s | [conv n k1 s=s]*(1-keep) ] } \
 56x56x64 -> [b 64]*3 -> b 8 s2
28x28x192 -> concat[ conv 64 k1 | conv 96 k1 -> conv 128 k3 p1 | maxpool 3 s1 p1 ] -> dropout .4
16x16x8 -> a: conv 8 k3 s2 p1 -> b: conv 16 k3 s2 p1 -> upsample 2 -> concat[@a | identity]
1000x16 -> deconv 8 k4 s2 p1 op1 -> aux[gap -> fc 10] -> slice 0 4 -> crop 1:2 -> pad 0:3
HxWxC -> conv N k3 s2 -> [dwconv k3 p1 -> conv 2*N kK g2]*2 -> concat[conv C/2 k1 | bn] -> fc M
?nx?nx3 -> conv N k? s2 -> [dwconv k3 same m2 -> lrn 5 1e-4 0.75]*?k # comment
64x64x3 → conv 8 k3x5 d2 full → local 4 k1 → gn 4 → adaptiveavgpool 6x7 → output
""".replace("\\\n", "")
    .strip()
    .splitlines()
)

PIECES = [
    *(
        "->",
        "→",
        ",",
        "|",
        "[",
        "]",
        "(",
        ")",
        "{",
        "}",
        "*",
        "×",
        "x",
        ":",
        "=",
        "==",
        "@",
        "#",
        "...",
    ),
    *(
        "\n",
        "\t",
        " ",
        "\0",
        "\ud800",
        "\u202e",
        "\uff11",
        "\u0663",
        "한",
        "é",
        "\U0001f600",
        "'",
        '"',
    ),
    *("def", "conv", "deconv", "maxpool", "gap", "fc", "upsample", "concat", "add", "mul", "aux"),
    *(
        "k3",
        "s2",
        "p1",
        "d2",
        "g4",
        "m2",
        "op1",
        "same",
        "nobias",
        "ceil",
        "cin",
        "n",
        "N",
        "?",
        "?n",
    ),
    *("0", "1", "7", "64", "999999999999999999", "1234567890123456789", "1.5", "-1", "1/0", "3-4"),
    *(
        "32x32x3",
        "4096",
        "*1000000",
        "*100000",
        "[relu]*99999",
        "[" * 60,
        "(" * 60,
        "a:",
        "@a",
        ";",
        "=>",
    ),
]


def mutated(chance):
    """Return a text: a seed with some changes, or pieces at random."""
    if chance.random() < 0.15:
        return " ".join(chance.choice(PIECES) for _ in range(chance.randint(0, 24)))
    text = chance.choice(SEEDS)
    if chance.random() < 0.5:
        return gently(chance, text)
    for _ in range(chance.randint(1, 4)):
        place = chance.randint(0, len(text))
        end = min(len(text), place + chance.choice([0, 0, 1, 1, 2, 5, 12]))
        kind = chance.random()
        if kind < 0.5:
            piece = chance.choice(PIECES)
        elif kind < 0.7:
            piece = chr(chance.choice([chance.randint(0, 127), chance.randint(0, 0xFFFF)]))
        elif kind < 0.85:
            other = chance.choice(SEEDS)
            start = chance.randint(0, len(other))
            piece = other[start : start + chance.randint(0, 20)]
        else:
            piece = ""
        text = text[:place] + piece + text[end:]
    return text


def gently(chance, text):
    """Return a text with some numbers and items changed for others: most of it still reads."""
    for _ in range(chance.randint(1, 3)):
        if chance.random() < 0.7:
            numbers = list(re.finditer(r"[0-9]+", text))
            found = chance.choice(numbers)
            new = str(chance.choice([0, 1, 2, 3, 4, 7, 8, 32, 100, 10**6, 10**9, 10**17]))
        else:
            items = list(re.finditer(r"(?<=-> )[a-z0-9 ]+?(?= ->)", text)) or [re.match("", text)]
            found = chance.choice(items)
            other = chance.choice(SEEDS)
            new = chance.choice(re.findall(r"(?<=-> )[a-z0-9 ]+?(?= ->)", other) or ["relu"])
        text = text[: found.start()] + new + text[found.end() :]
    return text


def answer(text):
    """Read and trace a text; draw its fault, if it has one. Return 'answer' or the code."""
    try:
        report = Report(parse(Source("<stack>", text)), keep_rows=False)
    except Problem as problem:
        drawn = problem.draw(60)
        assert drawn.startswith(f"error[{problem.code}]: "), drawn
        assert drawn.isprintable() or "\n" in drawn
        problem.as_data()
        return problem.code
    for warning in report.warnings:
        warning.draw(60)
    repr(report)
    return "answer"


def run(count, seed=0):
    """Fuzz; return how often each outcome came, and the slowest text with its seconds."""
    chance = random.Random(seed)
    outcomes: dict[str, int] = {}
    slowest = (0.0, "")
    for _ in range(count):
        text = mutated(chance)
        start = time.perf_counter()
        try:
            outcome = answer(text)
        except Exception:
            sys.stderr.write(f"{text!r}\n")
            raise
        slowest = max(slowest, (time.perf_counter() - start, text))
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    return outcomes, slowest


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    found, (seconds, text) = run(asked, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    for code, times in sorted(found.items(), key=lambda each: -each[1]):
        print(f"{times:>9,}  {code}")
    print(f"slowest: {seconds:.2f} s, {text!r}; a network has at most {MOST_LAYERS:,} layers")
