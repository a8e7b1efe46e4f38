"""Models' sources, read and never run: against PyTorch, which runs them, and by themselves."""

import ast
import copy
import json
import os
import re
import shlex
import sys
import warnings
from pathlib import Path

import pytest
from command import printed
from hypothesis import given
from hypothesis import strategies as st
from variations import variations

import cnncalc
from cnncalc.importing.files import Choice
from cnncalc.importing.python import machine, reading
from cnncalc.notation.parser import parse
from cnncalc.speech.problem import Problem, Source

DATA = Path(__file__).parent / "data"
FIGURES = DATA / "sources.jsonl"


def sections():
    """Yield each source: its name, what it is called with, and its text."""
    for part in re.split(r"^#: ", (DATA / "sources.txt").read_text(), flags=re.MULTILINE)[1:]:
        head, text = part.split("\n", 1)
        name, volume, *options = shlex.split(head)
        fed = [each[4:] for each in options if each.startswith("fed=")]
        options = [each for each in options if not each.startswith("fed=")]
        pairs = list(zip(options[::2], options[1::2], strict=True))
        chosen = "".join(value for option, value in pairs if option == "--class")
        arguments = tuple(value for option, value in pairs if option == "--arg")
        yield name, volume, chosen, arguments, fed, text


SOURCES = {each[0]: each for each in sections()}
IDLE = {"records": (68, 16_384)}
"""What a source calls for nothing: numbers that are learned, and MACs."""
KNOWN = {each["name"]: each for each in map(json.loads, FIGURES.read_text().splitlines())}


def read(name, text=None, volume=None, choice=None):
    """Return a source's network in notation, and the codes of its warnings."""
    _name, own, chosen, arguments, _fed, source = SOURCES[name]
    sizes = tuple(map(int, (volume or own).split("x")))
    choice = choice or Choice(chosen, arguments)
    made, said = reading.translate(Source(f"{name}.py", text or source), sizes, choice)
    return made.text, [each.code for each in said]


def counted(text):
    """Return what a network in notation learns, costs and puts out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = cnncalc.stack(text)
    outputs = [row.output for row in report.rows if row.layer == "output"] or [report.output]
    return report.params, report.macs, sorted(map(sorted, outputs))


@pytest.mark.long
@pytest.mark.filterwarnings("ignore:TF32")  # of PyTorch itself
@pytest.mark.parametrize("name", SOURCES)
def test_figures_are_pytorchs(name):
    """The figures that are kept are what PyTorch measures."""
    pytest.importorskip("torch")
    if name.startswith("keras"):
        pytest.importorskip("keras")
    assert measured(name) == KNOWN[name]


@variations("name", SOURCES, 8)
def test_sources_are_what_pytorch_makes_of_them(name):
    """Parameters, MACs and outputs are those that PyTorch measured of the same source."""
    text, _said = read(name)
    figures = KNOWN[name]
    idle = IDLE.get(name, (0, 0))
    assert counted(text) == (
        figures["params"] - figures["never_called"] - idle[0],
        figures["macs"] - idle[1],
        sorted(map(sorted, figures["outputs"])),
    )


def measured(name):
    """Return what PyTorch, or Keras on it, makes of a source: it is run, in evaluation."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    if name.startswith("keras"):
        return measured_by_keras(name)
    _name, volume, chosen, arguments, fed, text = SOURCES[name]
    space = {"__name__": name, "__file__": f"{name}.py"}
    sys.modules[name] = type(sys)(name)  # dataclasses look their module up
    exec(compile(text, f"{name}.py", "exec"), space)  # noqa: S102 - our own sources
    first, *rest = chosen.split(".") if chosen else [""]
    entry = space[first] if first else _outermost(space, torch.nn.Module)
    for part in rest:
        entry = getattr(entry, part)
    places, names = [], {}
    for each in arguments:
        key, sign, value = each.partition("=")
        if sign and key.isidentifier():
            names[key] = _value(value, space)
        else:
            places.append(_value(each, space))
    torch.manual_seed(0)
    model = entry(*places, **names).eval()
    *sizes, channels = map(int, volume.split("x"))
    shape = (2, channels, *sizes)
    xs = [torch.rand(shape)]
    if fed:
        shapes = [each.partition(":") for each in fed[0].split(";")]
        xs = [
            (torch.randint(0, 9, sizes) if kind else torch.rand(sizes))
            for words, _colon, kind in shapes
            if (sizes := tuple(map(int, words.split(","))))
        ]
    called = set()
    for module in model.modules():
        module.register_forward_hook(lambda module, *_more: called.add(id(module)))
    from torch.nn.attention import SDPBackend, sdpa_kernel

    torch.backends.mha.set_fastpath_enabled(False)
    plain = (sdpa_kernel(SDPBackend.MATH), torch.backends.mkldnn.flags(enabled=False))
    with torch.no_grad(), plain[0], plain[1], FlopCounterMode(display=False) as flops:
        outputs = model(*xs)
    several = outputs.values() if isinstance(outputs, dict) else outputs
    several = [several] if isinstance(several, torch.Tensor) else list(several)
    own = {
        id(parameter)
        for each in model.modules()
        if id(each) not in called and "NonDyn" not in type(each).__name__  # attention's own
        for parameter in each.parameters(recurse=False)
    }
    return {
        "name": name,
        "params": sum(each.numel() for each in model.parameters()),
        "never_called": sum(each.numel() for each in model.parameters() if id(each) in own),
        "macs": flops.get_total_flops() // 4,
        "outputs": [one_of(each.shape) for each in several],
    }


def one_of(shape):
    """Return the shape of one of a batch of two, wherever the batch stands."""
    place = list(shape).index(2)
    return [size for at, size in enumerate(shape) if at != place]


def measured_by_keras(name):
    """Return what Keras makes of a source on PyTorch: numbers that are trained, MACs, outputs."""
    import os
    from math import prod

    os.environ["KERAS_BACKEND"] = "torch"
    import keras
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    _name, volume, chosen, _arguments, fed, text = SOURCES[name]
    space = {"__name__": name}
    exec(compile(text, f"{name}.py", "exec"), space)  # noqa: S102 - our own sources
    entry = space.get(chosen) or space.get("build_model") or space.get("ResNet")
    model = entry() if entry else space["model"]
    x = torch.zeros((2, *map(int, volume.split("x"))))
    if fed:
        x = torch.zeros(tuple(map(int, fed[0].partition(":")[0].split(","))), dtype=torch.int32)
    model(x)
    plain = torch.backends.mkldnn.flags(enabled=False)
    with torch.no_grad(), plain, FlopCounterMode(display=False) as flops:
        outputs = model(x)
    assert isinstance(model, keras.Model)
    several = outputs if isinstance(outputs, list | tuple) else [outputs]
    return {
        "name": name,
        "params": sum(prod(each.shape) for each in model.trainable_weights),
        "never_called": 0,
        "macs": flops.get_total_flops() // 4,
        "outputs": [list(each.shape[1:]) for each in several],
    }


def _outermost(space, base):
    """Return the class of modules that stands last in a source."""
    found = [each for each in space.values() if isinstance(each, type) and issubclass(each, base)]
    return [each for each in found if each.__module__ == space["__name__"]][-1]


def _value(text, space):
    try:
        return eval(text, dict(space))
    except NameError:
        return text


def refused(text, volume="8x8x3", path="net.py", **choice):
    """Return the code of what refuses a source, the line that it is at, and its words."""
    with pytest.raises(Problem) as caught:
        read_text(text, volume, path, **choice)
    label = caught.value.labels[0]
    return caught.value.code, label.span.line, label.span.text


def read_text(text, volume="8x8x3", path="net.py", **choice):
    """Return a source in notation."""
    sizes = tuple(map(int, volume.split("x")))
    return reading.translate(Source(str(path), text), sizes, Choice(**choice))[0].text


def test_keras_1_is_read():
    """Rows and columns of a kernel are two arguments there; the sums are by hand."""
    text = """
from keras.layers import Input, Convolution2D, Conv2D, MaxPooling2D, Flatten, Dense, merge
from keras.models import Model
i = Input(shape=(8, 8, 3))
x = Convolution2D(8, 3, 3, border_mode='same', subsample=(2, 2), init='he_normal', bias=False)(i)
y = merge([x, Conv2D(4, 1, 1)(x)], mode='concat', concat_axis=-1)
y = Conv2D(nb_filter=2, nb_row=3, nb_col=1)(y)
model = Model(input=i, output=Dense(output_dim=5)(Flatten()(y)))
"""
    params = 27 * 8 + (8 * 4 + 4) + (12 * 3 * 2 + 2) + (2 * 4 * 2 * 5 + 5)
    assert counted(read_text(text))[0] == params


def test_weights_that_are_set_are_not_counted_twice():
    """A bias that is taken away is not learned; a layer with another's weights is refused."""
    text = """
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(6, 4), nn.Linear(4, 6)
        self.a.bias = None
        # here
    def forward(self, x):
        return self.b(self.a(x))
"""
    assert counted(read_text(text, "6"))[0] == 6 * 4 + 4 * 6 + 6
    code, line, _words = refused(text.replace("# here", "self.b.weight = self.a.weight"), "6")
    assert (code, line) == ("source-not-followed", 8)


def test_a_package_is_read_and_nothing_else(tmp_path):
    """Modules beside and below are followed, those above in a package; none behind a link."""
    folder = tmp_path / "nets"
    (folder / "low" / "lower").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    parts = "from torch import nn\ndef cell(n):\n    return nn.Conv2d(3, n, 3)\n"
    (folder / "parts.py").write_text(parts)
    (folder / "low" / "__init__.py").write_text("from ..parts import cell\n")
    (folder / "low" / "lower" / "deep.py").write_text("from nets.low import cell as made\n")
    (tmp_path / "far.py").write_text(parts)
    (folder / "linked.py").symlink_to(tmp_path / "far.py")
    (folder / "link").symlink_to(folder / "low")
    for line, words in (
        ("from .parts import cell", "cell(4)"),
        ("from parts import *", "cell(4)"),
        ("from nets.parts import cell as c", "c(4)"),
        ("import nets.parts as p", "p.cell(4)"),
        ("import nets.parts", "nets.parts.cell(4)"),
        ("from . import parts", "parts.cell(4)"),
        ("from .low import cell", "cell(4)"),
        ("from .low.lower.deep import made", "made(4)"),
        ("from low.lower import deep", "deep.made(4)"),
    ):
        text = f"{line}\ndef net(x):\n    return {words}(x)\n"
        assert "conv 4 k3" in read_text(text, path=folder / "net.py"), line
    text = "from ..parts import cell\ndef net(x):\n    return cell(4)(x)\n"
    assert "conv 4 k3" in read_text(text, path=folder / "low" / "net.py")
    for line in (
        *("from linked import cell", "from ..far import cell", "from far import cell"),
        *("from .link import cell", "from ...far import cell", "from . import cell"),
    ):
        text = f"{line}\ndef net(x):\n    return cell(4)(x)\n"
        code, at, _words = refused(text, path=folder / "net.py")
        assert code == "source-not-followed", line
        assert at in (1, 3)


@pytest.mark.parametrize("name", ["nn.py", "__init__.py"])
def test_a_folder_that_is_called_as_a_framework_hides_none(name, tmp_path):
    """PyTorch's modules are PyTorch's beside a `torch/nn.py`, in its folder, and in a package."""
    (tmp_path / "torch").mkdir()
    (tmp_path / "torch" / name).write_text("")
    text = "import torch, torch.nn as nn\nfrom torch.nn import Conv2d\ndef net(x):\n"
    text += "    return torch.nn.ReLU()(Conv2d(4, 5, 1)(nn.Conv2d(3, 4, 3)(x)))\n"
    for folder in (tmp_path / "torch", *([tmp_path] if name == "nn.py" else [])):
        assert "conv 4 k3 -> conv 5 k1 -> relu" in read_text(text, path=folder / "net.py")


def test_what_a_framework_has_above_is_known_and_not_followed(tmp_path):
    """A network in a copy of torchvision, whose `utils.py` is too much to follow."""
    folder = tmp_path / "torchvision" / "models"
    folder.mkdir(parents=True)
    for each in (tmp_path / "torchvision", folder):
        (each / "__init__.py").write_text("")
    (folder.parent / "utils.py").write_text("def log(x):\n    return x.unknown\n")
    (folder.parent / "ops.py").write_text("Conv2dNormActivation = None\n")
    text = "from ..ops import Conv2dNormActivation as C\nfrom torchvision.ops import MLP\n"
    text += "def net(x):\n    return C(3, 4, 3)(x)\n"
    assert "conv 4 k3 p1 nobias -> bn -> relu" in read_text(text, path=folder / "net.py")


def test_a_module_that_is_imported_again_is_looked_for_once(tmp_path, monkeypatch):
    """However often a loop imports it."""
    (tmp_path / "parts.py").write_text("width = 4\n")
    sought = []
    realpath = os.path.realpath
    monkeypatch.setattr(os.path, "realpath", lambda path: sought.append(path) or realpath(path))
    text = "from torch import nn\nfor _ in range(99):\n    from parts import width\n"
    text += "def net(x):\n    return nn.Conv2d(3, width, 3)(x)\n"
    assert "conv 4 k3" in read_text(text, path=tmp_path / "net.py")
    assert len(sought) < 20


HOSTILE = (
    ("import os\ndef net(x):\n    return os.system('touch /tmp/x')\n", 3),
    ("def net(x):\n    return __import__('os').getcwd()\n", 2),
    ("def net(x):\n    return eval('x')\n", 2),
    ("def net(x):\n    return open('/etc/passwd').read()\n", 2),
    ("def net(x):\n    return ().__class__.__bases__[0].__subclasses__()\n", 2),
    ("def net(x):\n    return '{0.__class__}'.format(x)\n", 2),
    ("def net(x):\n    return '%99999999d' % 3\n", 2),
    ("def net(x):\n    return [0] * 10**12\n", 2),
    ("def net(x):\n    return sum(range(10**12))\n", 2),
    ("def net(x):\n    return 2 ** 10 ** 10\n", 2),
    ("def net(x):\n    return 1 << 10 ** 10\n", 2),
    ("def net(x):\n    a = [x]\n    for i in range(99):\n        a = a + a\n    return a\n", 4),
    ("def net(x):\n    a = 'a'\n    while True:\n        a += a\n    return a\n", 4),
    ("def net(x):\n    return [[i for i in range(9999)] for j in range(9999)]\n", 2),
    ("net = lambda x: net(net)\ndef f(x):\n    return net(x)\n", 1),
    ("def net(x):\n    x.view(-1, 7)\n    return x.view(7, 7)\n", 2),
    ("import re\ndef net(x):\n    return re.split('(a+)+$', 'a' * 99)\n", 3),
)


@pytest.mark.parametrize(("text", "line"), HOSTILE)
def test_hostile_sources_end_at_their_line(text, line, monkeypatch):
    """What would run something, or not end, is refused at its line, in bounded time."""
    monkeypatch.setattr(machine, "MOST_STEPS", 100_000)
    code, at, _words = refused(text)
    assert code.startswith("source-")
    assert at == line


def changed(data, text):
    """Return a source with some of its expressions and statements in other places."""
    tree = ast.parse(text)
    odd = [ast.parse(each, mode="eval").body for each in ODD]
    for _turn in range(data.draw(st.integers(1, 4))):
        spots = [
            (node, field)
            for node in ast.walk(tree)
            for field, value in ast.iter_fields(node)
            if isinstance(value, ast.expr)
            and not isinstance(getattr(value, "ctx", None), ast.Store)
        ]
        if not spots:
            break
        node, field = data.draw(st.sampled_from(spots))
        other, of = data.draw(st.sampled_from(spots))
        new = data.draw(st.sampled_from([*odd, getattr(other, of)]))
        setattr(node, field, copy.deepcopy(new))
        bodies = [each for each in ast.walk(tree) if isinstance(getattr(each, "body", None), list)]
        body = data.draw(st.sampled_from(bodies)).body
        if len(body) > 1 and data.draw(st.booleans()):
            del body[data.draw(st.integers(0, len(body) - 1))]
    return ast.unparse(ast.fix_missing_locations(tree))


ODD = (
    *(
        "0",
        "-1",
        "None",
        "x",
        "10**9",
        "range(10**9)",
        "()",
        "{}",
        "lambda: 0",
        "x.size(0)",
        "x[0]",
    ),
    *("[x] * 10**6", "self.__class__", "globals()", "getattr(self, 'conv1')", "torch.cat([x, x])"),
    *("nn.Sequential()", "nn.Conv2d", "nn.Linear(3, 3)", "x.mean()", "sum([x, x])", "~x", "x @ x"),
)


@given(st.data())
def test_changed_sources_are_read_or_refused(data):
    """Whatever a source holds, it is read into notation or refused in words."""
    name = data.draw(st.sampled_from(sorted(SOURCES)))
    _name, volume, chosen, arguments, _fed, text = SOURCES[name]
    try:
        text = read_text(changed(data, text), volume, arguments=arguments, name=chosen)
    except Problem as problem:
        assert problem.draw()
    else:
        parse(Source("<made>", text))


if __name__ == "__main__":  # writes the figures anew, by PyTorch
    wanted = sys.argv[1:] or SOURCES
    KNOWN.update((name, measured(name)) for name in wanted)
    FIGURES.write_text("".join(json.dumps(KNOWN[name]) + "\n" for name in SOURCES if name in KNOWN))


@pytest.mark.parametrize(
    ("word", "params"), [("false", 224), ("False", 224), ("0", 224), ("true", 240), ("True", 240)]
)
def test_words_of_shells(tmp_path, word, params):
    """A flag is on or off in whichever way it is written: 3*3*3*8 + 8 numbers, and 16 of a norm."""
    (tmp_path / "net.py").write_text(
        "from torch import nn\n\n"
        "class Net(nn.Module):\n"
        "    def __init__(self, bn=True):\n"
        "        super().__init__()\n"
        "        self.conv = nn.Conv2d(3, 8, 3)\n"
        "        self.norm = nn.BatchNorm2d(8) if bn else nn.Identity()\n\n"
        "    def forward(self, x):\n"
        "        return self.norm(self.conv(x))\n"
    )
    words = ["stack", "net.py", "--input", "8x8x3", "--arg", f"bn={word}", "--get", "params"]
    assert printed(words, tmp_path)[1] == f"{params}\n"


WIDE = """
from torch import nn
WIDTH = 8
class Net(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.stem = nn.Conv2d(3, WIDTH, 3)
        self.head = nn.Linear(WIDTH * 30 * 30, classes)
    def forward(self, x):
        return self.head(self.stem(x).flatten(1))
class Other(nn.Module):
    pass
def other():
    return Other()
"""
SAME = "32x32x3 -> stem: conv 4 k3 -> flatten -> head: fc 5"
CHOSEN = ["--class", "Net", "--arg", "5", "--set", "WIDTH=4", "--input", "32x32x3"]


@pytest.mark.parametrize(
    "words",
    [
        *(["stack"], ["rf"], ["check", "params=18117"], ["draw"], ["counts"], ["export"]),
        *(
            ["quiz", "--count", "3"],
            ["solve", "output=?"],
            ["compare", SAME],
            ["stack", "--at", "stem"],
        ),
    ],
    ids=" ".join,
)
def test_every_command_takes_the_options_of_a_source(words, tmp_path):
    """What is asked of a source by its options is what its network as a text is."""
    (tmp_path / "net.py").write_text(WIDE)
    (tmp_path / "same.cnn").write_text(SAME)
    command, *more = words
    status, out, said = printed([command, "net.py", *more, *CHOSEN], tmp_path)
    assert status == 0, said
    assert out.replace("net.py", "same.cnn") == printed([command, "same.cnn", *more], tmp_path)[1]


@pytest.mark.parametrize(
    "words",
    [
        *(["stack", "vgg16"], ["rf", "vgg16"], ["check", "vgg16", "params=1"], ["draw", "vgg16"]),
        *(["counts", "vgg16"], ["export", "vgg16"], ["quiz", "vgg16"], ["quiz", "--count", "1"]),
        *(["solve", "8x8x3 -> conv ? k3", "rf=3"], ["compare", "vgg16", "alexnet"]),
        ["compare", "vgg16", "--sweep", "input=224..224"],
    ],
    ids=" ".join,
)
def test_options_of_a_source_are_of_sources(words):
    """Beside what is no source they are refused, and none is passed over."""
    for option in (["--class", "X"], ["--arg", "3"], ["--set", "a=3"], ["--train"]):
        status, _out, said = printed([*words, *option])
        assert status == 2
        assert f"{option[0]} is of a model's source" in said


TYPED = """
from torch import nn
class Block(nn.Module):
    expansion = 2
    def __init__(self, cin, cout):
        super().__init__()
        self.conv = nn.Conv2d(cin, cout, 3)
    def forward(self, x):
        return self.conv(x)
class Net(nn.Module):
    def __init__(self, block, *, width=8):
        super().__init__()
        self.stem = block(3, width)
        self.tail = block(width, width * block.expansion)
    def forward(self, x):
        return self.tail(self.stem(x))
net = Net(Block)
"""


@pytest.mark.parametrize(
    ("words", "place", "about"),
    [
        ("--class Net --arg Block", "", ""),
        ("--class Net --arg Blokc", "--arg:1:1", "--arg Block"),
        ("--class Net --arg block=Blok", "--arg:1:7", "--arg block=Block"),
        ("--class Net --arg Other", "--arg:1:1", "it has Block, Net"),
        ("--class Net --arg Block --arg 3", "--arg:1:1", "'Net' takes fewer arguments"),
        ("--class Net --arg Block --arg widht=3", "--arg:1:1", "did you mean 'width'?"),
        ("--class Nett --arg Block", "--class:1:1", "--class Net --arg Block"),
        ("--class net --arg 3", "--arg:1:1", "'net' is made, and takes no argument"),
    ],
)
def test_what_is_mistyped_is_told_where_it_is_typed(words, place, about, tmp_path):
    """A name that the source does not have, and an argument that its entry does not take."""
    (tmp_path / "net.py").write_text(TYPED)
    words = ["import", "net.py", "--input", "8x8x3", *words.split()]
    status, _out, said = printed(words, tmp_path)
    assert bool(status) == bool(place)
    assert place in said
    assert re.sub(r"\s+", " ", about) in re.sub(r"\s+", " ", said)


OPEN = """
from easydict import EasyDict as edict
from omegaconf import OmegaConf
from yacs.config import CfgNode as CN
import pytorch_lightning as pl
from torch import nn
cfg = edict()
cfg.NET = edict({'WIDTH': 4, 'KERNELS': [3, 5]})
conf = OmegaConf.merge(OmegaConf.create({'net': {'width': 1, 'bias': True}}), {'net': {'width': 4}})
_C = CN()
_C.NET = CN({'GROUPS': 1})
class Net(pl.LightningModule):
    def __init__(self, width=4, rate=0.1, deep=2, **kwargs):
        super().__init__()
        self.save_hyperparameters(ignore=['rate'])
        assert 'rate' not in self.hparams and self.hparams['width'] == width
        layers = [nn.Conv2d(3, WIDTH, k) for k in cfg.NET.KERNELS[:1]]
        self.net = nn.Sequential(*layers)
    def forward(self, x):
        return self.net(x)
"""


@pytest.mark.parametrize(
    "width",
    [
        *("cfg.NET.WIDTH", "cfg['NET'].WIDTH", "conf.net.width", "conf['net']['width']"),
        *("_C.clone().NET.GROUPS * 4", "self.hparams.width", "self.hparams.deep + 2"),
        *("cfg.NET.get('WIDTH')", "dict(**conf.net)['width']", "vars(cfg)['NET'].WIDTH"),
    ],
)
def test_records_of_packages_have_their_items_as_attributes(width):
    """Dictionaries of packages of settings, and what a Lightning module keeps of its arguments."""
    text = OPEN.replace("WIDTH, k", f"{width}, k")
    assert read_text(text) == "8x8x3\n-> net_0: conv 4 k3\n"


def test_records_that_a_file_changes_are_not_followed():
    """What another file puts into a record cannot be known: the line that reads it is refused."""
    text = OPEN.replace("class Net", "_C.merge_from_file('a.yaml')\nclass Net")
    assert refused(text.replace("WIDTH, k", "_C.NET.GROUPS, k"))[1] == 12


def test_one_number_for_each_input_stands_beside_a_map():
    """Steps and classes come as one number each; the sums are by hand."""
    text = (
        "import torch\nfrom torch import nn\nclass Net(nn.Module):\n def __init__(self):\n"
        "  super().__init__()\n  self.conv = nn.Conv2d(3, 8, 1)\n"
        "  self.time = nn.Linear(6, 8)\n  self.label = nn.Embedding(10, 8)\n"
        " def forward(self, x, t, y):\n  waves = t[:, None] * torch.arange(3)[None, :]\n"
        "  t = self.time(torch.cat([waves.sin(), waves.cos()], dim=-1)) + self.label(y)\n"
        "  return self.conv(x) + t[:, :, None, None]\n"
    )
    choice = Choice(inputs=(("t", (1,)), ("y", (1,))))
    made, said = reading.translate(Source("net.py", text), (4, 4, 3), choice)
    assert counted(made.text)[0] == (3 * 8 + 8) + (6 * 8 + 8) + 10 * 8
    assert {each.code for each in said} == {"stands-for-another"}


def test_what_is_called_for_nothing_is_named():
    """A layer whose output no output needs is not counted, and told with what it would cost."""
    text = SOURCES["records"][-1]
    made, said = reading.translate(Source("net.py", text), (16, 16, 3), Choice())
    assert "idle: 68 learned numbers, 16,384 MACs" in said[-1].notes  # 4 * (16 + 1), 4 * 16 * 16^2
    figures = KNOWN["records"]
    learned, macs = IDLE["records"]
    assert counted(made.text)[:2] == (figures["params"] - learned, figures["macs"] - macs)


TORCHVISION = {
    line["name"]: line
    for line in map(json.loads, (DATA / "networks.jsonl").read_text().splitlines())
}


@variations(
    "name",
    ["alexnet", "densenet121", "vgg11_bn", "resnet18", "resnext50_32x4d", "mobilenet_v2"],
    3,
)
def test_networks_of_torchvision_are_known(name):
    """What a source builds on is what torchvision measures, and its parts have their names."""
    text = f"from torchvision import models\nmodel = models.{name}(pretrained=True)\n"
    figures = TORCHVISION[name]
    made = counted(read_text(text, "224x224x3"))
    assert made[:2] == (figures["params"], figures["macs"])


def test_a_network_of_torchvision_is_built_upon():
    """Parts of a known network are taken, and put in another's place: sums of numbers by hand."""
    head = (
        "import torch\nfrom torch import nn\nimport torchvision\n"
        "class Net(nn.Module):\n def __init__(self, width=7):\n  super().__init__()\n"
    )
    whole = (
        "  self.net = torchvision.models.resnet18(weights='DEFAULT')\n"
        "  for p in self.net.parameters():\n   p.requires_grad = False\n"
        "  self.net.fc = nn.Linear(self.net.fc.in_features, width)\n"
        " def forward(self, x):\n  return self.net(x)\n"
    )
    trunk = (
        "  net = torchvision.models.resnet18(pretrained=True)\n"
        "  self.net = nn.Sequential(*list(net.children())[:-2])\n"
        " def forward(self, x):\n  return self.net(x)\n"
    )
    params = TORCHVISION["resnet18"]["params"] - 512 * 1000 - 1000
    assert counted(read_text(head + whole, "64x64x3"))[0] == params + 512 * 7 + 7
    assert counted(read_text(head + trunk, "64x64x3"))[::2] == (params, [[2, 2, 512]])


APPLICATIONS = {
    "VGG16": (14_714_688, (4, 4, 512)),
    "ResNet50": (23_534_592, (5, 5, 2048)),
    "MobileNet": (3_206_976, (4, 4, 1024)),
    "MobileNetV2": (2_223_872, (5, 5, 1280)),
    "Xception": (20_806_952, (4, 4, 2048)),
    "InceptionV3": (21_768_352, (2, 2, 2048)),
    "DenseNet121": (6_953_856, (4, 4, 1024)),
    "EfficientNetB3": (10_696_232, (5, 5, 1536)),
}
"""What Keras 3.15.1 has without their tops: trained numbers, and what they make of 131x131x3."""


@variations("name", APPLICATIONS, 1)
def test_applications_of_keras_are_known(name):
    """What a source builds on is what Keras measures; it stands behind another input as well."""
    made = f"keras.applications.{name}(include_top=False, input_shape=(131, 131, 3))"
    alone = counted(read_text(f"import keras\nmodel = {made}\n", "131x131x3"))
    params, output = APPLICATIONS[name]
    assert alone[::2] == (params, [sorted(output)])
    text = (
        f"from tensorflow import keras\nbase = {made}\nbase.trainable = False\n"
        "start = x = keras.Input((131, 131, 3))\n"
        f"x = base(keras.applications.{name.lower()}.preprocess_input(x), training=False)\n"
        "x = keras.layers.GlobalAveragePooling2D()(x)\n"
        "model = keras.Model(start, keras.layers.Dense(3)(x))\n"
    )
    head = 3 * output[-1]
    assert counted(read_text(text, "131x131x3"))[:2] == (params + head + 3, alone[1] + head)


def test_a_layer_of_an_application_is_found_by_its_name():
    """VGG16 has 138,357,544 parameters; a Sequential holds one, another ends at a layer of it."""
    base = "from keras import *\nfrom keras.applications import VGG16, ResNet50\n"
    assert counted(read_text(base + "model = VGG16()\n", "224x224x3"))[0] == 138_357_544
    text = base + "base = ResNet50(False, input_shape=(64, 64, 3))\n"
    ends = "model = Model(base.input, base.get_layer('conv2_block3_out').output)\n"
    assert counted(read_text(text + ends, "64x64x3"))[2] == [[16, 16, 256]]
    text = base + "base = VGG16(include_top=False)\nmodel = Sequential()\nmodel.add(base)\n"
    text += "model.add(layers.Flatten())\nmodel.add(layers.Dense(2))\n"
    text += "for layer in base.layers:\n    layer.trainable = False\n"
    assert counted(read_text(text, "64x64x3"))[0] == 14_714_688 + 2048 * 2 + 2


@pytest.mark.parametrize("held", ["nn.ModuleList", "list"])
def test_layers_that_no_module_holds_are_told(held):
    """PyTorch knows of no layers in a plain list, nor of those that are made in forward."""
    text = f"""
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = {held}([nn.Linear(6, 6), nn.Linear(6, 6)])
        self.head = nn.Linear(6, 2)
    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return self.head(nn.Linear(6, 6)(x) if {held == "list"} else x)
"""
    _made, said = reading.translate(Source("net.py", text), (6,), Choice())
    notes = [each.notes for each in said if each.code == "not-registered"]
    assert notes == ([("line 6, 11: 126 learned numbers",)] if held == "list" else [])


def test_a_class_is_made_as_its_file_makes_it():
    """Arguments that are not given are those of the one line that makes the network."""
    text = """
from torch import nn
width = 5
class Net(nn.Module):
    def __init__(self, width, depth):
        super().__init__()
        sizes = [3, *[width] * depth]
        self.body = nn.Sequential(*[nn.Linear(*sizes[at : at + 2]) for at in range(depth)])
    def forward(self, x):
        return self.body(x)
net = Net(width, depth=2).to("cuda")
"""
    made, _said = reading.translate(Source("net.py", text), (3,), Choice("Net"))
    assert counted(made.text)[0] == 3 * 5 + 5 + 5 * 5 + 5


def test_other_frameworks_are_refused_where_they_are_imported():
    """Modules of flax are not read, and PyTorch's and Keras' are."""
    text = (
        "import jax\nimport flax.linen as nn\nclass Net(nn.Module):\n @nn.compact\n"
        " def __call__(self, x):\n  return nn.Dense(4)(x)\n"
    )
    with pytest.raises(Problem, match="modules of 'flax' are not read") as caught:
        read_text(text)
    assert caught.value.labels[0].span.line == 2


@pytest.mark.parametrize(
    ("line", "sizes"),
    [
        ("torch.arange(0, 8, step=2)", (4,)),
        ("torch.arange(6, step=4)", (2,)),
        ("torch.arange(start=1, end=8)", (7,)),
        ("nn.functional.pad(torch.zeros(4, 5), (1, 2, 0, 3))", (7, 8)),
        ("rearrange(torch.zeros(2, 6), 'a (b c) -> a b c', b=3)", (2, 3, 2)),
    ],
)
def test_sizes_of_constants(line, sizes):
    """A constant has the shape that PyTorch gives it; the sizes are by hand."""
    text = (
        "import torch\nfrom torch import nn\nfrom einops import rearrange\n"
        f"class Net(nn.Module):\n def forward(self, x):\n  made = {line}\n"
        f"  assert made.shape == {sizes}, made.shape\n  return x.relu()\n"
    )
    assert read_text(text) == "8x8x3\n-> relu\n"


def test_what_is_not_known_is_refused_where_it_arises():
    """A value of another package that a tensor is made with, not the next line that takes it."""
    text = (
        "from torch import nn\nfrom einops import rearrange\nimport scale\n"
        "class Net(nn.Module):\n def forward(self, x):\n"
        "  x = x.mul(scale.of(x))\n  return rearrange(x, 'b c h w -> b h w c')\n"
    )
    assert refused(text)[:2] == ("source-not-followed", 6)


OUTPUTS = """
from collections import namedtuple
from torch import nn
Out = namedtuple('Out', ['boxes', 'scores'])
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.head, self.box = nn.Conv2d(3, 4, 1), nn.Conv2d(3, 5, 1)
    def forward(self, x):
        a, b = self.head(x), self.box(x)
        outs = many, few = (a, b)
        return """


@pytest.mark.parametrize(
    ("returns", "names"),
    [
        ("a, b", ["out1", "out2"]),
        ("many, few", ["many", "few"]),
        ("[self.head(x), self.box(x)]", ["head_out", "box_out"]),
        ("{'logits': a, 'map': b}", ["logits", "map"]),
        ("Out(b, a)", ["boxes", "scores"]),
        ("[a, b, x]", ["out1", "out2", "out3"]),
        ("outs", ["outs1", "outs2"]),
    ],
)
def test_outputs_have_the_names_that_they_are_returned_by(returns, names):
    """Variables, modules that are called, keys and fields; where these say nothing, numbers."""
    made, _said = reading.translate(Source("net.py", OUTPUTS + returns), (8, 8, 3), Choice())
    assert re.findall(r"(\w+): output", made.text) == names


LEARNED = """
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 1)
        self.query = nn.Parameter(torch.zeros(1, 4))
        self.mlp = nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 4))
    def forward(self, x):
        x = self.conv(x).mean((2, 3))
        return x + self.mlp(self.query)
"""


def test_what_is_learned_by_layers_on_learned_numbers_is_told():
    """The layers that a query goes through are no part of the path of what comes in."""
    made, (said,) = reading.translate(Source("net.py", LEARNED), (8, 8, 3), Choice())
    assert said.code == "not-counted"
    assert "it holds 62 learned numbers" in said.notes  # 4 + 4*6 + 6 + 6*4 + 4
    assert counted(made.text)[0] == 3 * 4 + 4
    both = LEARNED.replace("return x +", "return self.mlp(x) +")
    with pytest.raises(Problem, match="weights of another layer"):
        reading.translate(Source("net.py", both), (8, 8, 3), Choice())


def test_what_a_file_makes_before_what_is_asked_for_is_no_part_of_it():
    """A model that the file makes for itself is not told of, where its function is asked for."""
    text = (
        "from keras import Input, Model, layers\n"
        "def build(reps=3):\n    x = inp = Input((9, 9, 3))\n"
        "    for _ in range(reps):\n        x = layers.Conv2D(8, 3)(x)\n"
        "    return Model(inp, x)\nmodel = build()\nmodel.summary()\n"
    )
    choice = Choice("build", ("reps=1",))
    made, said = reading.translate(Source("net.py", text), None, choice)
    assert (counted(made.text)[0], said) == (3 * 8 * 9 + 8, [])


def test_warnings_stand_at_the_line_of_the_source():
    """What stands for another is told where the source has it."""
    text = (
        "from torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n"
        "        super().__init__()\n        self.conv = nn.Conv2d(3, 4, 3)\n"
        "    def forward(self, x):\n        x = self.conv(x)\n"
        "        return x.permute(0, 1, 3, 2).contiguous()\n"
    )
    _made, (said,) = reading.translate(Source("net.py", text), (8, 8, 3), Choice())
    assert said.code == "stands-for-another"
    assert said.labels[0].span.place.startswith("net.py:8:")


def test_python_takes_the_options_of_a_source(tmp_path):
    """In Python they are arguments of `read`; a str is as it is typed."""
    path = tmp_path / "net.py"
    path.write_text(WIDE)
    for arguments in ([5], ["5"], {"classes": 5}):
        net = cnncalc.read(
            path, input="32x32x3", entry="Net", arguments=arguments, variables={"WIDTH": 4}
        )
        assert net.report().params == cnncalc.stack(SAME).params
    with pytest.raises(cnncalc.Problem, match="--class"):
        cnncalc.read("8x8x3 -> relu", entry="Net")
    with pytest.raises(cnncalc.Problem, match="WIDHT"):
        cnncalc.read(path, entry="Net", arguments=[5], variables={"WIDHT": 4})
    with pytest.raises(cnncalc.Problem, match="no variable 'classes'"):  # it is an argument
        cnncalc.read(path, entry="Net", arguments=[5], variables={"classes": 4})
    for text in ("", "8+", "classes=)"):
        with pytest.raises(cnncalc.Problem, match=r"this value(.|\n)*'--arg depth=40'"):
            cnncalc.read(path, entry="Net", arguments=[text])


@pytest.mark.parametrize("given", [(), ("--input", "28x28x3"), ("--input", "32x32x1")])
def test_an_input_that_fits_is_offered(given, tmp_path):
    """Where the input is not said, or is another, the one that the source takes is offered."""
    words = ["stack", "net.py", "--class", "Net", "--arg", "5"]
    (tmp_path / "net.py").write_text(WIDE)
    status, _out, said = printed([*words, *given], tmp_path)
    assert status == 1
    assert f"cnncalc {shlex.join(words)} --input 32x32x3" in said
    (tmp_path / "net.py").write_text(WIDE.replace("30 * 30", "21 * 41") + "# 4\nX = (3, 23, 43)\n")
    assert "--input 23x43x3" in printed([*words, *given], tmp_path)[2]


PLACES = [
    ("nn.Sequential(\n nn.Conv2d(3, 8, 3),\n nn.Conv2d(4, 8, 3),\n)", 4, "takes 4, and 8 arrive"),
    ("nn.Sequential(\n nn.Conv2d(3, 8, 3),\n nn.MaxPool2d(90),\n)", 4, "90x90 kernel on a 30x30"),
    ("nn.Sequential(\n nn.Conv2d(3, 8),\n)", 3, "'kernel_size'"),
    ("nn.Sequential(\n nn.ReLU(),\n MyLayer(3),\n)", 4, "'MyLayer' is not defined"),
    ("{nn.ELU: 1}[nn.ReLU]", 2, "<ReLU>"),
    ("{1: 2}[1, 'a', nn.ReLU, nn.Sequential()]", 2, "(1, 'a', <ReLU>, <Sequential>)"),
    ("nn.Sequential(\n nn.Sequential(\n  nn.Conv2d(3, 4, 1)),\n nn.Conv2d(5, 2, 1))", 5, "takes 5"),
]


@pytest.mark.parametrize(("text", "line", "about"), PLACES)
def test_faults_of_a_model_of_a_module_stand_at_its_layers(text, line, about):
    """Where no line calls the layer at fault, the line that makes it is the place."""
    source = Source("net.py", f"from torch import nn\nmodel = {text}\n")
    with pytest.raises(Problem) as caught:
        reading.translate(source, (32, 32, 3), Choice())
    assert caught.value.labels[0].span.line == line
    assert about in caught.value.draw()


def test_keras_inputs_in_a_list():
    """An Input among the layers of a Sequential is what comes in."""
    text = (
        "import keras\nfrom keras import layers as L\nm = keras.Sequential("
        "[keras.Input((9, 9, 3)), L.Conv2D(4, 3), L.Flatten(), L.Dense(2)])\n"
    )
    made, said = reading.translate(Source("net.py", text), None, Choice())
    assert made.text == "9x9x3\n-> conv 4 k3 -> flatten -> fc 2\n"
    assert said == []


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("x * self.pool(x).expand_as(x)", "mul[identity | gap]"),
        ("self.pool(x).expand(-1, -1, 8, 8) * x", "mul[gap | identity]"),
        ("x + self.pool(x).expand_as(x)", "add[identity | gap -> resize 8x8]"),
        ("self.pool(x).expand_as(x) * self.pool(x).expand_as(x)", "resize"),
    ],
)
def test_what_is_made_wider(line, text):
    """A product makes wide by itself what is 1 wide: nothing is written for it."""
    source = (
        "from torch import nn\nclass Net(nn.Module):\n def __init__(self):\n  super().__init__()\n"
        f"  self.pool = nn.AdaptiveAvgPool2d(1)\n def forward(self, x):\n  return {line}\n"
    )
    made, _said = reading.translate(Source("net.py", source), (8, 8, 4), Choice())
    assert text in made.text


def test_the_first_argument_that_is_missing_is_named():
    """Of several arguments that a call leaves out the first is named, whatever they are called."""
    text = (
        "from torch import nn\nclass Part(nn.Module):\n"
        "    def __init__(self, depth, rows, wide, high, *, bias):\n        super().__init__()\n"
        "class Net(nn.Module):\n    def __init__(self):\n"
        "        super().__init__()\n        self.part = Part()\n"
        "    def forward(self, x):\n        return self.part(x)\n"
    )
    with pytest.raises(Problem) as raised:
        reading.translate(Source("net.py", text), (8, 8, 3), Choice())
    (place,) = raised.value.labels
    assert place.text == "'Part' needs its depth"


def test_an_argument_of_a_source_is_swept(tmp_path):
    """`compare --sweep` puts the numbers of an argument in it, and reads the source for each."""
    (tmp_path / "net.py").write_text(WIDE)
    words = ["compare", "net.py", "--class", "Net", "--input", "32x32x3"]
    status, out, said = printed([*words, "--sweep", "classes=5,7", "--format", "csv"], tmp_path)
    assert status == 0, said
    params = [cnncalc.stack(f"32x32x3 -> conv 8 k3 -> fc {n}").params for n in (5, 7)]
    assert [int(line.split(",")[4]) for line in out.splitlines()[1:]] == params
    status, _out, said = printed([*words, "--sweep", "clases=5"], tmp_path)
    assert status == 2 or "unknown-sweep" in said or "'Net' needs its classes" in said


@variations("name", ["mixer", "densenet", "pyramid", "plain", "keras_subclass"], 3)
def test_letters_are_the_sizes_that_a_source_takes(name):
    """With numbers in place of its letters a source is what it is with the numbers."""
    source = Source(f"{name}.py", SOURCES[name][-1])
    channels = int(SOURCES[name][1].split("x")[-1])
    try:
        made, _said = reading.translate_open(source, (None, None, channels), Choice())
    except Problem as problem:
        assert problem.code == "source-by-size"
        assert name in ("densenet", "pyramid", "plain")
        return
    for size in (64, 96):
        direct, _said = reading.translate(source, (size, size, channels), Choice())
        put = re.sub(r"^[0-9]+x[0-9]+x", f"{size}x{size}x", made.text, flags=re.MULTILINE)
        assert counted(direct.text) == counted(put)
