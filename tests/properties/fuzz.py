"""Random and mutated texts and command lines: whatever is typed ends in an answer or a fault.

Run as a script for as many as are asked for, of texts that are read and traced or of command lines:
`python tests/properties/fuzz.py 1000000 [SEED]`, `python tests/properties/fuzz.py lines 10000`.
"""

import io
import json
import os
import random
import re
import signal
import sys
import tempfile
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from cnncalc import Problem
from cnncalc.api.report import Report
from cnncalc.cli import main
from cnncalc.cli.commands import COMMANDS, cnncalc
from cnncalc.kinds.table import NAMES
from cnncalc.notation.parser import parse
from cnncalc.output.formats import ENDINGS, FORMATS
from cnncalc.report.quantities import QUANTITIES
from cnncalc.speech.problem import Source
from cnncalc.trace.counters import COUNTERS
from cnncalc.trace.devices import DEVICES
from cnncalc.trace.dtypes import BITS
from cnncalc.trace.expansion import MOST_LAYERS

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


IMPORTS = Path(__file__).parent.parent / "data" / "imports"
FILES = [path for path in sorted(IMPORTS.glob("*.*")) if path.stat().st_size < 40_000]
MOST_SECONDS = 60  # of the processor
MODELS = ("vgg16", "resnet18", "googlenet", "unet", "fpn", "mobilenetv2", "lenet5", "densenet121")
NUMBERS = (
    "0",
    "1",
    "2",
    "7",
    "32",
    "-1",
    "1.5",
    "x",
    "",
    "1,000",
    "9" * 18,
    "9" * 30,
    "9" * 5000,
    "²",
)
VOLUMES = ("32x32x3", "HxWx3", "224x224x3", "4096", "3x8x8", "?x?x3", "8x8x3 -> relu", "1000x2")
CLAIMS = (
    *("params=750", "output=32x32x10", "1.macs=3", "rf=3", "start=-1", "rf>=31", "macs<=2G"),
    *("a.params=N", "in_features=?", "params=?", "size=16", "peak=8MiB", "macs=15.5G", "depth=?"),
    *("cost=params/macs", "params=9*9*9", "2.rf=1x2", "rf-share=50%", "output=?", "jump=1/2"),
)
SWEEPS = (
    *("input=32..512:32", "k=1..9", "n=1..3", "N=1..64:8", "input=1..999999999", "s=9..1", "k=1"),
    *("input=8x8..32x32:8", "?=1..3", "bottleneck=1..2", "input=224", "nosuch=1..2", "a=1..2:0"),
)
COLUMNS = ("params,macs", "peak,training-adam", "output,rf,start", "all", "rf-share,macs-share", "")


def value(chance, option):
    """Return something to type behind an option."""
    if chance.random() < 0.05:
        return chance.choice(PIECES)
    likely = {
        "--input": VOLUMES,
        "--format": ["table", *FORMATS, "text", "toml"],
        "--output": [f"out{chance.choice(['', *ENDINGS, '.py', '.cnn', '.toml'])}", "/", "no/x.md"],
        "--columns": [*COLUMNS, *QUANTITIES],
        "--get": [*QUANTITIES],
        "--like": [*COUNTERS],
        "--dtype": [*BITS, "weights=int4,activations=int8", "weights=int4", "weights="],
        "--device": [*DEVICES, "t5", ""],
        "--freeze": ["1", "a", "layer1", "b", ""],
        "--check": CLAIMS,
        "--sweep": SWEEPS,
        "--range": SWEEPS,
        "--min": [*QUANTITIES, "k", "padding"],
        "--max": [*QUANTITIES, "k", "padding"],
        "--fits": [
            *("8GiB", "512MB", "0B", "8", "1e9GB", "999999999999999999TiB", "ram=1KB", "flash=1"),
            *("ram=64KiB,flash=1MiB", "rom=1KB", "ram=,flash=1KB", "ram=1GB,ram=2GB"),
        ],
        "--unit": ["0", "0,0", "3,4", "9,9,9", "-1,2", "100000000,1", "1x2", "a"],
        "--at": ["1", "2", "conv1", "a", "b", "conv4_3", "99"],
        "--accept": ["macs", "no-bias", "torch", "all", "half"],
        "--to": ["pytorch"],
        "--by": ["kind", "label", "size"],
        "--lang": ["en", "ko"],
        "--type": ["max", "avg"],
    }.get(option, NUMBERS)
    return chance.choice(likely)


def network(chance):
    """Return something to type where a network is asked for."""
    draw = chance.random()
    if draw < 0.2:
        return chance.choice(MODELS)
    if draw < 0.25:
        return chance.choice(["net.cnn", "net.onnx", "net.json", "net.txt", "-", "no.cnn", "./net"])
    if draw < 0.5:
        return chance.choice(SEEDS)
    return mutated(chance)


def bent(chance):
    """Return the bytes of a file that can be imported, with some changes."""
    file = chance.choice(FILES)
    data = bytearray(file.read_bytes())
    for _ in range(chance.choice([0, 1, 1, 2, 5, 30])):
        place = chance.randrange(len(data) or 1)
        end = place + chance.choice([0, 1, 1, 4, 200])
        if chance.random() < 0.5:
            data[place:end] = bytes(chance.choices(range(256), k=chance.choice([0, 1, 1, 4, 9])))
        elif chance.random() < 0.5:
            digits = chance.choice(
                [b"0", b"-1", b"999999999", b"null", b"[]", b"{}", b'""', b"3.5"]
            )
            numbers = list(re.finditer(rb"[0-9]+", data[place : place + 400])) or [
                re.match(b"", b"")
            ]
            found = chance.choice(numbers)
            data[place + found.start() : place + found.end()] = digits
        else:
            start = chance.randrange(len(data) or 1)
            data[place:end] = data[start : start + chance.choice([1, 20, 400])]
    return file.suffix, bytes(data)


def line(chance):
    """Return a command line of any command, with options that it has, most of them likely."""
    names = [*COMMANDS, *COMMANDS, "conv", "pool", *chance.sample(sorted(NAMES), 3)]
    name = chance.choice(names)
    command = cnncalc.get_command(None, name)
    words = [name]
    arguments = [each for each in command.params if not each.opts[0].startswith("-")]
    for argument in arguments:
        if name in ("layers", "models"):
            words += chance.choice([[], [chance.choice([*NAMES, *MODELS, *PIECES])]])
        elif argument.name == "file":
            words.append(chance.choice(["net.onnx", "net.json", "net.txt", "-"]))
        elif argument.name == "volume":
            words.append(chance.choice(VOLUMES))
        elif argument.name in {"goals", "claims"}:
            words += chance.choices(CLAIMS, k=chance.randint(1, 3))
        elif argument.name == "numbers":
            words += chance.choices(NUMBERS, k=chance.randint(0, 2))
        else:
            words += [network(chance) for _ in range(chance.choice([1, 1, 2]))]
            words = words if name == "compare" or len(words) < 3 else words[:2]
    options = [each for each in command.params if each.opts[0].startswith("-")]
    chosen = chance.sample(options, min(len(options), chance.choice([0, 1, 1, 2, 2, 3, 4, 6])))
    chosen += [each for each in options if each.required and each not in chosen]
    for option in chosen:
        longest = max(option.opts, key=len)
        words.append(longest)
        if not option.is_flag:
            words.append(value(chance, longest))
    if chance.random() < 0.02:
        chance.shuffle(words)
    return words


class Slow(BaseException):
    """A command line that takes too long."""


def told(words, stdin):
    """Run a command line; return 'answer', or what it was refused for."""

    def stop(_number, _frame):
        raise Slow

    out, err = io.StringIO(), io.StringIO()
    before, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(stdin))
    old = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            main(words)
    except SystemExit as end:
        status = end.code or 0
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, old)
        sys.stdin = before
    printed, said = out.getvalue(), err.getvalue()
    assert status in (0, 1, 2), (status, said)
    assert "Traceback" not in said
    asked = [word for word in words if not word.startswith("-o")]
    if status and not printed:
        found = re.search(r"(?:error|오류)\[([a-z0-9-]+)\]|\"code\": ?\"([a-z0-9-]+)\"", said)
        is_elsewhere = {"-o", "--output"} & set(words)  # the verdicts, and warnings are said
        assert found or not said or words[0] == "solve" or is_elsewhere, said
        return next(filter(None, found.groups())) if found else "verdict"
    is_sheet = words[0] == "check" and words[1].endswith(".toml")  # its bad items are rows
    assert is_sheet or not re.search(r"(?:error|오류)\[", said), (printed[:200], said)
    if printed and "--json" in asked and not {"--help", "--version"} & set(asked):
        json.loads(printed)
    return "verdict" if status else "answer"


def run_lines(count, seed=0):
    """Fuzz command lines in a folder that goes away; return what `run` returns.

    What fails is told of at the end, with the folder in which its files are kept.
    """
    chance = random.Random(seed)
    outcomes: dict[str, int] = {}
    failed = []
    slowest = (0.0, "")
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            for _ in range(count):
                words = line(chance)
                suffix, data = bent(chance)
                for name in (f"net{suffix}", "net"):
                    Path(name).write_bytes(data)
                text = mutated(chance).encode("utf-8", "surrogatepass")
                Path("net.cnn").write_bytes(text)
                start = time.process_time()
                try:
                    outcome = told(words, chance.choice([text, data]))
                except (Exception, Slow) as error:  # noqa: BLE001 - the others are run, too
                    kept = Path(tempfile.mkdtemp(prefix="fuzz"))
                    for name in (f"net{suffix}", "net.cnn"):
                        (kept / name).write_bytes(Path(name).read_bytes())
                    failed.append(f"{words!r} beside {kept}: {error!r:.2000}")
                    continue
                slowest = max(slowest, (time.process_time() - start, repr(words)))
                outcomes[outcome] = outcomes.get(outcome, 0) + 1
        finally:
            os.chdir(here)
    assert not failed, "\n".join(failed)
    return outcomes, slowest


def run(count, seed=0):
    """Fuzz; return how often each outcome came, and the slowest text with its seconds."""
    chance = random.Random(seed)
    outcomes: dict[str, int] = {}
    slowest = (0.0, "")
    for _ in range(count):
        text = mutated(chance)
        start = time.process_time()
        try:
            outcome = answer(text)
        except Exception:
            sys.stderr.write(f"{text!r}\n")
            raise
        slowest = max(slowest, (time.process_time() - start, text))
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    return outcomes, slowest


if __name__ == "__main__":
    fuzz = run_lines if "lines" in sys.argv else run
    numbers = [int(word) for word in sys.argv[1:] if word != "lines"]
    found, (seconds, text) = fuzz(*(numbers or [1_000_000]))
    for code, times in sorted(found.items(), key=lambda each: -each[1]):
        print(f"{times:>9,}  {code}")
    print(f"slowest: {seconds:.2f} s, {text!r}; a network has at most {MOST_LAYERS:,} layers")
