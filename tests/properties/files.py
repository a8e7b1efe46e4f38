"""Mutated files of every kind that is read: each ends in an answer or a fault with a code.

As a script, so many of a kind, or of each: `python tests/properties/files.py 2000 [KIND] [SEED]`.
"""

import copy
import io
import json
import os
import random
import re
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path

from fuzz import CLAIMS, IMPORTS, NUMBERS, PIECES, SEEDS, Slow, mutated, told

DATA = IMPORTS.parent
USUAL = ("0", "1", "2", "3", "8", "32", "100")
MOST_BYTES = 40_000  # of a file that is mutated
WEIRD = (
    *(
        None,
        True,
        False,
        0,
        -1,
        1,
        3.5,
        10**9,
        10**18,
        10**40,
        "",
        "x",
        [],
        {},
        [[]],
        [{}],
        {"": 1},
    ),
    *([None], [0], [-1, 3], [1, 2, 3], ["a", 0, 0], ["a", 0, 0, {}], {"layers": True}, "same"),
    *({"config": None}, {"class_name": "Add"}, [1e308], "\u202e", "\x1b]0;x\x07", "channels_first"),
    *(float("nan"), float("inf"), [[["a", 0, 0, {}]]], {"class_name": "__tensor__"}, "a" * 5000),
)
SHEET = """\
accept = ["no-bias"]

[[question]]
name = "1"
network = "32x32x3 -> conv 10 k5 p2 -> relu -> fc 10"
ask = "params"
claims = ["760", "750"]

[[question]]
name = "score"
network = "lenet5"
claims = ["params=61706", "rf~14", "1.output=28x28x6"]

[[question]]
network = "8x8x3 -> conv 4 k3"
ask = "output"
"""
CLASS = """\
name,1,score,3
Mina,260,61706,6x6x4
"Jun, K",750,none,"6,6,4"
=1+1,(5*5*3+1)*10 = 760,?,8x8x4
"""


def nudged(chance, data):
    """Return bytes of which some are others; what says how long a part is mostly stays true."""
    data = bytearray(data)
    for _ in range(chance.choice([0, 1, 1, 2, 3, 8])):
        place = chance.randrange(len(data))
        near = (data[place] ^ 1, (data[place] + 1) % 256, chance.randrange(256))
        data[place] = chance.choice([0, 1, 2, 3, 7, 127, 128, 255, *near])
    return bytes(data)


def spoiled(chance, data, pieces):
    """Return bytes with some changes: pieces put in, bytes at random, parts from elsewhere."""
    data = bytearray(data)
    for _ in range(chance.choice([0, 1, 1, 2, 5, 30])):
        place = chance.randrange(len(data) + 1)
        end = place + chance.choice([0, 1, 1, 4, 200])
        if chance.random() < 0.5:
            new = chance.choice(pieces).encode("utf-8", "surrogatepass")
        elif chance.random() < 0.5:
            new = bytes(chance.choices(range(256), k=chance.choice([0, 1, 1, 4, 9])))
        else:
            start = chance.randrange(len(data) + 1)
            new = bytes(data[start : start + chance.choice([1, 20, 400])])
        data[place:end] = new
    return bytes(data)


def bent_tree(chance, tree):
    """Return JSON's data with some parts changed for others, taken away, or said twice."""
    tree = copy.deepcopy(tree)
    for _ in range(chance.choice([1, 1, 2, 3, 6])):
        places = []
        waiting = [tree]
        while waiting:
            node = waiting.pop()
            keys = list(node) if isinstance(node, dict) else range(len(node))
            places += [(node, key) for key in keys]
            waiting += [node[key] for key in keys if isinstance(node[key], dict | list)]
        if not places:
            break
        node, key = chance.choice(places)
        draw = chance.random()
        if draw < 0.5:
            node[key] = copy.deepcopy(chance.choice(WEIRD))
        elif draw < 0.65:
            other, place = chance.choice(places)
            node[key] = copy.deepcopy(other[place])
        elif draw < 0.85:
            del node[key]
        elif isinstance(node, list):
            node.insert(key, copy.deepcopy(node[key]))
        else:
            node[chance.choice(["name", "config", "class_name", "layers", ""])] = node.pop(key)
    return tree


def _json(chance):
    paths = sorted([*IMPORTS.glob("*.json"), *(DATA / "keras").glob("*.json")])
    text = chance.choice(paths).read_text()
    if chance.random() < 0.5:
        lines = (DATA / "keras" / "each_layer.jsonl").read_text().splitlines()
        text = json.dumps(json.loads(chance.choice(lines))["model"])
    if chance.random() < 0.2:
        return spoiled(chance, text.encode(), [*PIECES, "{", "}", "[", "]", '"', ":"])
    return json.dumps(bent_tree(chance, json.loads(text))).encode()


def _keras(chance):
    out = io.BytesIO()
    how = chance.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
    with zipfile.ZipFile(out, "w", how) as file:
        for name in chance.sample(["config.json", "metadata.json"], chance.choice([1, 2, 2])):
            file.writestr(name, _json(chance) if name == "config.json" else "{}")
    return out.getvalue() if chance.random() < 0.7 else spoiled(chance, out.getvalue(), ["PK"])


def shuffled(chance, text):
    """Return a text of which numbers, words or lines are others; most of it can still be read."""
    lines = text.splitlines(keepends=True)
    for _ in range(chance.choice([1, 1, 2, 3])):
        at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        draw = chance.random()
        if draw < 0.8:
            sign = "[0-9]+" if draw < 0.5 else "[A-Za-z_]+"
            start, end = chance.choice(
                [each.span() for each in re.finditer(sign, lines[at])] or [(0, 0)]
            )
            words = (
                NUMBERS if draw < 0.1 else USUAL if draw < 0.5 else re.findall(sign, lines[other])
            )
            lines[at] = lines[at][:start] + chance.choice(words or [""]) + lines[at][end:]
        elif draw < 0.87:
            lines[at], lines[other] = lines[other], lines[at]
        elif draw < 0.94:
            lines.insert(at, lines[other])
        else:
            lines[at] = ""
    return "".join(lines).encode()


def _of_text(texts, pieces, roughly=0.5):
    def made(chance):
        text = chance.choice(texts)
        if chance.random() < roughly:
            return spoiled(chance, text.encode(), pieces)
        return shuffled(chance, text)

    return made


def _texts(ending):
    paths = sorted(DATA.glob(f"*/*.{ending}"))
    return [path.read_text() for path in paths if path.stat().st_size < MOST_BYTES]


def _tables():
    lines = (DATA / "prints" / "tables.jsonl").read_text().splitlines()
    return [json.loads(line)["text"] for line in lines if len(line) < MOST_BYTES]


def _binary(ending, pieces):
    paths = [
        path for path in sorted(DATA.glob(f"*/*.{ending}")) if path.stat().st_size < MOST_BYTES
    ]

    def made(chance):
        data = chance.choice(paths).read_bytes()
        if chance.random() < 0.8:
            return nudged(chance, data)
        return spoiled(chance, data, pieces)

    return made


def _tflite(chance):
    from tflite_files import LAYERS, tflite  # it stands one folder up

    made = [
        tflite(tensors, operators, [0], [len(tensors) - 1])
        for tensors, operators, _truth in LAYERS.values()
    ]
    return nudged(chance, chance.choice(made))


def _pt2(chance):
    tree = json.loads((DATA / "files" / "exported.json").read_text())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("m/models/model.json", json.dumps(bent_tree(chance, tree)))
    return out.getvalue()


MARKS = [*PIECES, "\n", "  ", "(0): ", "Conv2d(3, 8, kernel_size=3)", "inf", "-", *NUMBERS, "[["]
MAKERS = {
    "cnn": lambda chance: mutated(chance).encode("utf-8", "surrogatepass"),
    "onnx": _binary("onnx", ["\x00", "\x08\x7f", "Conv", "\x0a\xff", "Reshape"]),
    "json": _json,
    "keras": _keras,
    "h5": _binary("h5", ["\x00", "\xff", "GCOL", "OHDR"]),
    "pt2": _pt2,
    "tflite": _tflite,
    "txt": lambda chance: _of_text(chance.choice((_texts("txt"), _tables())), MARKS)(chance),
    "cfg": _of_text(_texts("cfg"), [*MARKS, "[route]", "layers=", "[shortcut]\nfrom=-3\n", "="]),
    "prototxt": _of_text(_texts("prototxt"), [*MARKS, "layer {", "}", "dim:", "bottom:", '"']),
    "py": _of_text(
        re.split(r"^#: .*\n", (DATA / "sources.txt").read_text(), flags=re.MULTILINE)[1:],
        [*MARKS, "self.", "x", "None", "def f(x):", "lambda x: x", "**", "//", "for i in range(9)"],
        roughly=0.1,
    ),
    "toml": lambda chance: spoiled(
        chance, SHEET.encode(), [*PIECES, *SEEDS, *CLAIMS, "\n[[question]]\n", "name", "ask", '""']
    ),
    "csv": lambda chance: spoiled(
        chance, CLASS.encode(), [*PIECES, *CLAIMS, *NUMBERS, "\n", ";", '"', "\x1b[2J", "=SUM(A1)"]
    ),
}


def line(chance, kind):
    """Return a command line that reads a file of a kind."""
    more = chance.choice([[], [], ["--json"], ["--lang", "ko"], ["--format", "csv"]])
    if kind == "toml":
        return ["check", "net.toml", *more]
    if kind == "csv":
        return ["check", "key.toml", "net.csv", *more, *chance.choice([[], ["--follow", "none"]])]
    if kind != "cnn" and chance.random() < 0.3:
        return ["import", f"net.{kind}", *chance.choice([[], ["--input", "32x32x3"]])]
    command = chance.choice(["stack", "stack", "rf", "counts", "export", "draw", "compare"])
    more = more if command in ("stack", "rf") else []
    size = chance.choice(["32x32x3", "28x28x1"] if kind == "py" else ["", "", "64x64x3"])
    return [command, f"net.{kind}", *more, *(["--input", size] if size else [])]


def run(count, kind, seed=0):
    """Run so many files of a kind; return how often each outcome came, and the slowest line.

    What fails is kept in a folder that is named, with its command line, and told of at the end.
    """
    chance = random.Random(f"{kind} {seed}")
    outcomes, failed = Counter(), []
    slowest = (0.0, "")
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            Path("key.toml").write_text(SHEET)
            for number in range(count):
                data = MAKERS[kind](chance)
                Path(f"net.{kind}").write_bytes(data)
                words = line(chance, kind)
                start = time.process_time()
                try:
                    outcomes[told(words, b"")] += 1
                except (Exception, Slow) as error:  # noqa: BLE001 - the others are run, too
                    kept = Path(tempfile.mkdtemp(prefix="fuzz")) / f"net.{kind}"
                    kept.write_bytes(data)
                    failed.append(f"{words!r} of {kept}, number {number}: {error!r:.2000}")
                slowest = max(slowest, (time.process_time() - start, repr(words)))
        finally:
            os.chdir(here)
    assert not failed, "\n".join(failed)
    return outcomes, slowest


if __name__ == "__main__":
    sys.path.append(str(Path(__file__).parents[1]))
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    for kind in [word for word in sys.argv[1:] if not word.isdigit()] or MAKERS:
        found, (seconds, words) = run(numbers[0] if numbers else 2000, kind, *numbers[1:])
        answers = found["answer"] + found["verdict"]
        print(f"{kind}: {found.total():,} files, {answers:,} answers, {len(found)} outcomes")
        print(f"slowest: {seconds:.2f} s, {words}", flush=True)
