"""Command lines from the program's own parameters.

Each option and argument that a command declares is given values of its type, likely and odd ones,
in every kind of answer and in every format.
"""

import random
import shlex
from functools import cache
from pathlib import Path

import click
from test_options import MANY, OTHERS, SHAPES, SHEET, SOURCE

from cnncalc.cli.commands import COMMANDS, cnncalc
from cnncalc.homework.conventions import CONVENTIONS
from cnncalc.kinds.table import KINDS
from cnncalc.output.formats import ENDINGS
from cnncalc.report.quantities import QUANTITIES
from cnncalc.trace.counters import COUNTERS
from cnncalc.trace.devices import DEVICES
from cnncalc.trace.dtypes import BITS
from cnncalc.trace.planners import PLANNERS
from cnncalc.tuples import NamedTuple

IMPORTS = Path(__file__).parent.parent / "data" / "imports"
KINDS_OF_FILES = (
    *("alexnet.onnx", "keras3_1d.json", "alexnet.txt", "alexnet.prototxt", "yolov3-tiny.cfg"),
    "keras.jsonl",
)
NET = "16x16x3 -> a: [conv 8 k3 p1 -> bn -> relu]*2 -> maxpool 2 -> b: fc 5"
LETTERS = "HxWxC -> conv N k3 s2 -> relu -> conv C/2 k1 -> gap -> fc M"

WORDS = {
    "input": ["12x12x3", "3x12x12", "a=12x12x3", "4096", "HxWx3", "0x8x3", "8x8x3 -> relu"],
    "class_": ["Net", "Other", "nn.Module", "net"],
    "arguments": ["width=5", "5", "width=", "nosuch=1", "width=[1,2]"],
    "names": ["N=7", "N", "M=1", "N='x'"],
    "at": ["1", "a", "b", "b1", "99", "conv", "a[0]"],
    "sort": [*QUANTITIES],
    "fits": ["9MB", "80KB", "ram=1KiB,flash=1KiB", "flash=1GB", "0B", "8", "ram=1GB,ram=2GB"],
    "get": [*QUANTITIES, "params,macs"],
    "explain": ["params", "output,macs", "memory", "peak", "rf", "nosuch"],
    "columns": [*QUANTITIES, "params,macs,rf", "all", "output,output", "params,,macs"],
    "check": [
        "params=2",
        "output=16x16x8",
        "macs~1k",
        "rf=?",
        "a.params=3",
        "params=1/0",
        "nosuch=1",
    ],
    "like": [*COUNTERS],
    "batch": ["1", "3", "1,000", "0"],
    "dtype": [*BITS, "weights=int4,activations=int8", "weights=", "float"],
    "planner": [*PLANNERS],
    "device": [*DEVICES],
    "freeze": ["a", "b", "1", "nosuch"],
    "accept": [*CONVENTIONS, "all", "no-bias,same"],
    "kind": ["params", "output", "rf,macs", "table", "compare"],
    "sweep": ["N=1..3", "input=16..48:16", "N=9..1", "N=1..9999999", "batch=1..4", "k=1..3"],
    "range": ["?=1..9", "N=1..3", "?=3..1", "?=", "k=1..5"],
    "min": [*QUANTITIES],
    "max": [*QUANTITIES],
    "unit": ["0,1", "0,0", "9999,1", "1", "1x2", "a,b"],
    "width": ["3in", "7in", "8cm", "0in", "3", "1e9in"],
    "still": ["0", "2", "1,1", "999", "1x1"],
    "output": [*(f"out{each}" for each in ENDINGS), "out", "out.png", "no/such.json", "-", "dir"],
    "runtime": ["nosuch/"],
    # arguments
    "words": [NET, LETTERS, "lenet5", "8x8x3", "net.py", "3", "k3"],
    "network": [NET, LETTERS, "lenet5", "8x8x3", "net.py", "key.toml"],
    "networks": [NET, LETTERS, "lenet5", "8x8x3"],
    "claims": ["params=2", "output=16x16x8", "macs~1k", "class.csv", "nosuch=1"],
    "goals": ["params<=2000", "output=7x7x4", "macs=?", "rf>=3"],
    "file": ["net.py", "net.cnn", *KINDS_OF_FILES],
    "name": [*KINDS, "lenet5", "nosuch"],
}
"""What is likely to be meant, for each parameter that is a text, by its name."""

NUMBERS = ["1", "2", "3", "0", "3x5", "1:2", "N", "1/2", "64", "1.5"]
"""What an argument of a layer is given."""

ODD = (
    *("", " ", "0", "-1", "-0", "1.5", "9" * 5000, "1e400", "inf", "nan", "1/0", "9**9**9", "0x10"),
    *("²", "٣", "３", "é→", "한글", "\u202e3", "a\x1b[31mb\x07", "\x85", "\udcff", "\U0001f600"),
    *("x" * 10_000, "x " * 5000, ",", "a,b", "a=b", "=1", "a==b", "-", "--", "->", "params,params"),
    *(".", "dir", "dir/", "nosuch.cnn", "new\nline.cnn", "a\nb", "empty.cnn", "/dev/null"),
    *("/dev/full", "/dev/fd/999", "../../nosuch", "~", "None", "nosuch", "PARAMS", "Params "),
    *(
        "{0}",
        "{name}",
        "%s",
        "%(a)d",
        "'",
        '"',
        "\\",
        "<b>&amp;</b>",
        "a|b",
        "$x_1$",
        "#",
        "?",
        "*",
    ),
    *("@a", "a[0]", "a.b", "a:b", "(", "[[", "8x8x3 -> covn 4", "\t", "\r", "1,000", "+3", "=3"),
)
"""What nobody means, for any parameter."""

BASES = {
    **SHAPES,
    **OTHERS,
    "letters": ["stack", LETTERS],
    "letters, in full": ["stack", LETTERS, "--explain"],
    "letters, checked": ["check", LETTERS, "macs=3"],
    "letters, counted": ["counts", LETTERS],
    "letters, compared": ["compare", LETTERS, NET],
    "letters, fields": ["rf", LETTERS],
    "warned": ["stack", "8x8x4 -> deconv 4 k3 s2 -> conv 4 k3"],
    "opaque": ["stack", '8x8x3 -> opaque "Thing" 6x6x4 -> gap'],
    "nothing": ["stack", ""],
    "a volume": ["stack", "8x8x3"],
    "a model": ["stack", "lenet5"],
    "misfit": ["stack", "8x8x3 -> conv 4 k9"],
    "misspelt": ["stack", "8x8x3 -> covn 4"],
    "misfit, checked": ["check", "8x8x3 -> conv 4 k9", "output=none", "params=3"],
    "misfit, compared": ["compare", NET, "8x8x3 -> conv 4 k9"],
    "two inputs": ["stack", "a: 8x8x3 -> conv 2 k3 -> x: relu -> b: 6x6x2 -> add[@x | identity]"],
    "notation": ["stack", "net.cnn"],
    **{name: ["stack", name] for name in KINDS_OF_FILES},
    "no file": ["stack", "nosuch.cnn"],
    "an empty file": ["stack", "empty.cnn"],
    "a name of two lines": ["stack", "./new\nline.cnn"],
    "standard input": ["stack", "-"],
    "a sheet": ["check", "sheet.toml"],
    "a class": ["check", "key.toml", "class.csv"],
    "right": ["check", NET, "params=3557"],
    "unreadable": ["check", NET, "params==", "nosuch=1"],
    "no solution": ["solve", "8x8x3 -> conv ? k3", "params=1"],
    "a sweep of a fault": ["compare", "9x9xC -> conv 1 k3 g2", "--sweep", "C=1..3"],
    "a table of exercises": ["quiz", "--kind", "table", "--answers"],
    "a key": ["quiz", "--seed", "3", "--format", "toml"],
    "all layers": ["layers"],
    "a kind": ["layers", "conv"],
    "a model's source": ["models", "lenet5"],
    "quantities": ["quantities"],
    "devices": ["devices"],
    "schema": ["schema"],
    "code in letters": ["export", LETTERS],
    "notation again": ["import", "alexnet.onnx"],
    "a quantity": ["params", NET],
    "help": ["stack", "--help"],
}
"""Command lines by the kind of answer: more are the examples of commands."""

LAYERS = [kind.name for kind in KINDS.values() if kind.listed or kind.command]


def fill(folder):
    """Write the files that command lines name into a folder."""
    texts = {
        "net.py": SOURCE,
        "net.cnn": f"# a network\n{NET}\n",
        "new\nline.cnn": NET,
        "empty.cnn": "",
        "key.toml": SHEET + "ask = 'params'",
        "sheet.toml": f"{SHEET}claims = ['params=108', 'macs=1']\n{SHEET}claims = ['x=1']\n",
        "class.csv": "name,1\nMina,112\n=Jun,108\nSora,\n",
        **{name: (IMPORTS / name).read_bytes() for name in KINDS_OF_FILES},
    }
    for name, text in texts.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    (folder / "dir").mkdir(exist_ok=True)


# ---------------------------------------------------------------- command lines


@cache
def command_of(name):
    """Return a command; that of a quantity is `stack`."""
    return cnncalc.get_command(None, name) or cnncalc.get_command(None, "stack")


@cache
def bases_of(name):
    """Return the command lines of a command: of each kind of its answers, and its example."""
    command = command_of(name)
    found = [base for base in BASES.values() if base[0] == name]
    if hasattr(command, "example") and not found:
        found = [shlex.split(command.example)[1:]]
    return [base for base in found if base[0] == name or command.name == name] or [[name]]


def is_option(parameter):
    """Return whether a parameter is an option."""
    return isinstance(parameter, click.Option)


def good(parameter, of_layer=False):
    """Return values that a parameter may well be given, from its own declaration."""
    kind = parameter.type
    if getattr(parameter, "is_flag", False):
        return [""]
    if isinstance(kind, click.Choice):
        return [*kind.choices]
    if isinstance(kind, click.IntRange):
        ends = [kind.min, kind.max if kind.max is not None else 7]
        return [str(end + more) for end in ends for more in (-1, 0, 1)]
    if parameter.name in WORDS:
        return [*([MANY[parameter.name]] if parameter.name in MANY else []), *WORDS[parameter.name]]
    assert of_layer, parameter.name
    return NUMBERS


def flat(values):
    """Return texts, of those that stand in a list by themselves."""
    return [each[0] if isinstance(each, list) else each for each in values]


class Line(NamedTuple):
    """A command line, and what it asks for."""

    words: list[str]

    @property
    def command(self):
        """The name of its command."""
        return self.words[0]

    @property
    def file(self):
        """What -o names."""
        return self.after("-o", "--output")

    @property
    def format(self):
        """The format that is asked for; '' for a command's own."""
        if "--json" in self.words:
            return "json"
        ending = Path(self.file or "").suffix
        return self.after("--format") or ENDINGS.get(ending, "")

    def after(self, *options):
        """Return the value of an option, the last."""
        found = None
        for word, value in zip(self.words, [*self.words[1:], None], strict=True):
            name, equals, own = word.partition("=")
            if name in options:
                found = own if equals else value
        return found


def spelt(chance, option, value):
    """Return an option and its value in one of the ways in which it can be typed."""
    name = chance.choice([*option.opts, *option.secondary_opts])
    if option.is_flag:
        return [name]
    return [f"{name}={value}"] if name[:2] == "--" and chance.random() < 0.3 else [name, value]


def value_of(chance, parameter, of_layer):
    """Return a value for a parameter, likely more often than odd."""
    values = flat(good(parameter, of_layer))
    return chance.choice(values if values == [""] or chance.random() < 0.7 else ODD)


def lines(count, seed=0):
    """Return command lines: each parameter of each command in turn, those of layers more seldom."""
    chance = random.Random(seed)
    keys = [(name, each) for name in [*COMMANDS, *LAYERS] for each in command_of(name).params]
    of_commands = [key for key in keys if key[0] in COMMANDS]
    of_layers = [key for key in keys if key[0] not in COMMANDS]
    made = []
    while len(made) < count:
        some = [*of_commands, *chance.sample(of_layers, len(of_commands) // 2)]
        chance.shuffle(some)
        made += [line(chance, *key) for key in some[: count - len(made)]]
    return made


def line(chance, name, parameter):
    """Return a command line with a value of a parameter in it, and of others at times."""
    of_layer = name not in COMMANDS
    words = list(chance.choice(bases_of(name)))
    options = [each for each in command_of(name).params if is_option(each)]
    left = [each for each in options if not {*each.opts} & {word.split("=")[0] for word in words}]
    value = value_of(chance, parameter, of_layer)
    if parameter.name in ("class_", "arguments", "names", "train") and chance.random() < 0.7:
        words = {"import": ["import", "net.py"], "quiz": ["quiz", "net.py"]}.get(name) or [
            "net.py" if at == 1 else word for at, word in enumerate(words)
        ]
        words += [] if "--input" in words or chance.random() < 0.2 else ["--input=16x16x3"]
    if is_option(parameter):
        chosen = [parameter]
        left = [each for each in left if each is not parameter]
    else:
        chosen = []
        places = [at for at, word in enumerate(words) if at and not word.startswith("-")]
        if places and chance.random() < 0.8:
            words[chance.choice(places)] = value
        else:
            words.append(value)
    forms = [each for each in left if each.name in ("format", "json", "output")]
    if forms and chance.random() < 0.5:
        form = forms[-1] if chance.random() < 0.2 else forms[len(forms) // 2]  # mostly --format
        left.remove(form)
        words += spelt(chance, form, chance.choice(flat(good(form))))
    chosen += chance.sample(left, min(chance.choice([0, 0, 0, 0, 0, 1, 1, 2]), len(left)))
    if chance.random() < 0.03:
        chosen += chosen[:1]
    for each in chosen:
        own = value if each is parameter else value_of(chance, each, of_layer)
        words += spelt(chance, each, own)
    return Line(words)
