"""Code out: each kind has its module; the library compiles, is formatted, and runs as counted."""

import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from running import NO_MODULE, RUNS_AS
from variations import variations

from cnncalc import Problem, stack
from cnncalc.codegen.layout import WIDTH
from cnncalc.codegen.numbers import NotAlike
from cnncalc.codegen.pytorch.modules import MODULES
from cnncalc.codegen.pytorch.names import TAKEN
from cnncalc.codegen.pytorch.writer import write_pytorch
from cnncalc.importing.sources import read_network
from cnncalc.kinds.table import KINDS
from cnncalc.notation import library

DATA = Path(__file__).parent / "data"
IMPORTED = sorted(str(p) for p in (DATA / "imports").iterdir() if p.suffix in (".onnx", ".json"))
WRITTEN = [name for name in library.names() if name != "swin_t"]
"""The models that PyTorch has modules for: its attention knows no windows."""

SOME = 3
"""How many of the models are written by default: each of those that are formatted."""

HARD = (DATA / "hard_to_write.txt").read_text().splitlines()

LACKS = {"deformconv"}
"""Kinds that PyTorch has no module for; torchvision's is another library."""


@cache
def code_of(text):
    """Return the code of a network."""
    return write_pytorch(read_network(text))[0]


def test_each_kind_has_its_module():
    """The table of modules has an entry for each kind of layer, and no other; so has its check."""
    assert list(MODULES) == list(KINDS)
    assert {*RUNS_AS, *NO_MODULE, *LACKS} >= {*KINDS}


@variations("models", [WRITTEN[:: len(WRITTEN) // SOME], WRITTEN], 1)
def test_library_compiles(models):
    """Each model is a Python module, in lines that are short."""
    for name in models:
        code = code_of(name)
        compile(code, name, "exec")
        assert max(map(len, code.splitlines())) <= WIDTH, name


@variations("models", [WRITTEN[:: len(WRITTEN) // SOME], WRITTEN], 1)
def test_code_is_formatted(tmp_path, models):
    """A formatter leaves the code of the library as it is, and that of what is imported or hard."""
    for number, text in enumerate([*models, *IMPORTED[:: len(WRITTEN) // len(models)], *HARD]):
        (tmp_path / f"net{number}.py").write_text(code_of(text))
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--diff", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_hard_ones_compile():
    """What is hard to write is written, and is Python."""
    for text in HARD:
        compile(code_of(text), text, "exec")


@pytest.mark.parametrize(
    "text",
    [
        "8x8x8x8x3 -> relu -> conv 3 k1",
        "8x8x4 -> shuffle",
        "8x8x4 -> shuffle 3",
        "4 -> lrn",
        "4 -> in",
        "1x1x3 -> in",
        "8x8x3 -> avgpool k3 p2:1 s3 ceil",
        "8x8x3 -> relu 0.5",
        "8x8x3 -> dropout 2",
        "8x8x3 -> elu 1e999",
        "8x8x3 -> lrn 2.5",
        "8x8x3 -> lrn 5 k2",
    ],
)
def test_no_counterpart(text):
    """What PyTorch has nothing for is refused, at its place."""
    with pytest.raises(Problem) as refused:
        code_of(text)
    problem = refused.value
    assert problem.code == "no-counterpart"
    assert problem.labels[0].span.text == text.rsplit(" -> ", maxsplit=1)[-1]
    assert problem.helps


def test_what_cannot_be_said_is_refused(monkeypatch):
    """Where no class can say a network, that is said in a sentence."""

    def refuse(*_):
        raise NotAlike

    monkeypatch.setattr("cnncalc.codegen.flow.hold", refuse)
    monkeypatch.setattr("cnncalc.codegen.walk.hold", refuse)
    with pytest.raises(Problem, match="no counterpart in PyTorch that can be written") as refused:
        code_of("def f(n) { conv n k1 } 8x8x4 -> f 3 -> f 5")
    assert refused.value.labels[0].span.text == "f 3 -> f 5"


def test_norms_are_folded_where_they_stand():
    """A label that is read stays; a norm apart from its conv leaves nothing that learns."""
    kept = "8x8x3 -> c: conv 4 k3 nobias -> n: bn -> add[@n | identity]"
    apart = "def c(...) { conv 8 ... nobias } 8x8x3 -> c k3 -> bn -> relu"
    again = "9x9x3 -> t: [conv 3 k3 p1 nobias -> bn] -> again t"
    for text, lines in (
        (kept, ["self.n = nn.Conv2d(3, 4, 3)"]),
        (apart, ["nn.Identity()"]),
        (again, []),
    ):
        code, _warnings = write_pytorch(read_network(text), fold=True)
        assert "BatchNorm" not in code
        assert "bias=False" not in code
        assert all(each in code for each in lines)
    for text in (
        "def c(...) { conv 8 ... -> bn } 8x8x3 -> c k3 nobias",
        "8x8x4 -> a: conv 4 k3 p1 -> bn -> again a -> bn",
    ):
        with pytest.raises(Problem, match=r"no counterpart"):
            write_pytorch(read_network(text), fold=True)


def test_numbers_grow_in_a_loop():
    """Rounds whose channels grow by the same step are one loop."""
    code = code_of("def layer(g) { concat[identity | conv g k1] } 8x8x64 -> [layer 32]*6")
    assert "*[Layer(64 + 32 * i, 32) for i in range(6)]" in code


@pytest.mark.long
def test_endless_code_is_refused():
    """A network of more layers than are written is refused before it takes its time."""
    with pytest.raises(Problem, match="code is written for at most"):
        code_of(f"{10**12}x{10**12}x3 -> [conv 8 k3]*60000")


def to_run(values):
    """Return what PyTorch is to run; where it is not there one, which is said to be skipped."""
    return list(values) if find_spec("torch") else list(values)[:1]


class TestRun:
    """The code, run by PyTorch."""

    @pytest.fixture(autouse=True)
    def _torch(self):
        pytest.importorskip("torch", reason="the extra 'torch' is not installed")

    def test_names_that_modules_have(self):
        """No label takes the name of what a module has already."""
        from torch import nn

        assert not {name for name in dir(nn.Sequential()) if name[0] != "_"} - TAKEN

    @variations("name", WRITTEN, SOME)
    def test_library(self, name):
        """Each layer of each model gives the shape, and has the parameters, of its row."""
        from running import run

        run(name)

    @variations("name", ["resnet18", "densenet121", "yolov8n", *WRITTEN], 3)
    def test_folded(self, name):
        """With its norms folded a model learns what is counted, and has the norms that stay."""
        import torch
        from running import network_of

        code, _warnings = write_pytorch(read_network(name), fold=True)
        with torch.device("meta"):
            module = network_of(code)()
        rows = stack(name, fold=True).rows
        assert sum(each.numel() for each in module.parameters()) == sum(row.params for row in rows)
        norms = [each for each in module.modules() if isinstance(each, torch.nn.BatchNorm2d)]
        assert len(norms) == sum(row.kind == "bn" for row in rows)

    @pytest.mark.parametrize("path", to_run(IMPORTED), ids=lambda path: Path(path).name)
    def test_imported_ones(self, path):
        """So do the layers of what was read from a file."""
        from running import run

        run(path)

    @pytest.mark.parametrize("text", to_run(HARD))
    def test_hard_ones(self, text):
        """So do the layers of what is hard to write."""
        from running import run

        run(text)

    @pytest.mark.parametrize("kind", to_run(KINDS.values()), ids=lambda kind: kind.name)
    def test_each_kind(self, kind):
        """So does the example of each kind of layer that PyTorch has."""
        from running import run

        if kind.name in LACKS:
            with pytest.raises(Problem, match="has no counterpart in PyTorch"):
                run(kind.example)
        else:
            run(kind.example)

    def test_same_paddings_are_not_read(self):
        """A pool pads with what it does not count: ones stay ones, and minus ones too."""
        import torch
        from running import network_of

        for text, value in (("7x6x2 -> avgpool 3 s2 same", 1), ("7x6x2 -> maxpool 3 s2 same", -1)):
            given = network_of(code_of(text))()(torch.full((1, 2, 7, 6), float(value)))
            assert torch.equal(given, torch.full((1, 2, 4, 3), float(value)))

    def test_paddings_stand_on_their_sides(self):
        """A padding before moves what is seen: the first pixel lands where it must."""
        import torch
        from running import network_of

        network = network_of(code_of("4x5x1 -> conv 1 k3 p1:0x0:2 nobias"))()
        weight = torch.arange(9.0).reshape(1, 1, 3, 3)
        network[1].weight.data = weight
        x = torch.zeros(1, 1, 4, 5)
        x[0, 0, 0, 0] = 1
        given = network(x)
        assert given.shape == (1, 1, 3, 5)
        assert given[0, 0, 0, 0] == weight[0, 0, 1, 0]  # one row of padding above, none at the left

    def test_local_is_a_conv_with_its_filters_alike(self):
        """Where all positions have the same filters, a locally connected layer is a conv."""
        import torch
        from running import network_of

        network = network_of(code_of("7x6x3 -> local 4 k3x2 s2 p1 nobias"))()
        weight = torch.randn(4, 3, 3, 2)
        local = network[1]
        local.weight.data = weight[:, :, None, None].expand(local.weight.shape).clone()
        x = torch.randn(2, 3, 7, 6)
        conv = torch.nn.functional.conv2d(x, weight, stride=2, padding=1)
        assert torch.allclose(network(x), conv, atol=1e-5)

    def test_gate_scales_channels(self):
        """A gate that is a vector scales each channel of the map."""
        import torch
        from running import network_of

        network = network_of(code_of("2x2x3 -> mul[gap -> flatten | identity]"))()
        x = torch.arange(12.0).reshape(1, 3, 2, 2)
        means = x.mean((2, 3), keepdim=True)
        assert torch.equal(network(x), x * means)

    def test_auxiliary_outputs_are_for_training(self):
        """What auxiliary classifiers give comes out in training alone."""
        import torch
        from running import network_of

        network = network_of(code_of("4x4x3 -> a: aux[gap -> fc 5] -> conv 2 k1"))()
        x = torch.zeros(1, 3, 4, 4)
        main, aux = network(x)
        assert (main.shape, aux.shape) == ((1, 2, 4, 4), (1, 5))
        assert network.eval()(x).shape == (1, 2, 4, 4)

    def test_outputs_come_in_order(self):
        """A network with several outputs gives them all, in their order."""
        import torch
        from running import network_of

        network = network_of(code_of("fpn_resnet50"))()
        with torch.no_grad():
            given = network.eval()(torch.zeros(1, 3, 64, 64))
        assert [tuple(each.shape[1:]) for each in given] == [
            (256, size, size) for size in (2, 4, 8, 16, 1)
        ]
