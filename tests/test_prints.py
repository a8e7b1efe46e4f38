"""Printed models whose order is not known hold what their lines say, line by line."""

from __future__ import annotations

import contextlib
import inspect
import json
import random
from pathlib import Path

import pytest
from command import printed
from hypothesis import given
from hypothesis import strategies as st
from variations import variations

from cnncalc.api.network import stack
from cnncalc.importing.files import from_text
from cnncalc.importing.prints.lines import lines_of
from cnncalc.importing.prints.text import read_modules
from cnncalc.notation.parser import parse
from cnncalc.report.lines import totals
from cnncalc.report.report import Report
from cnncalc.speech.problem import Source

PRINTS = Path(__file__).parent / "data" / "prints"
TRUTH = {
    row["file"]: row for row in map(json.loads, (PRINTS / "truth.jsonl").read_text().splitlines())
}
UNPRINTED = {"timm_resmlp_12_224.txt": 28_416, "tv_convnext_tiny.txt": 6_624}
"""Numbers that modules learn themselves and do not print, by the frameworks' own count."""


@variations("name", sorted(TRUTH), 3)
def test_lines_of_real_prints(name):
    """The lines of a real print add up to what is measured, less what is not printed."""
    found = from_text(Source(name, (PRINTS / name).read_text()))
    told = totals(found.lines)
    assert told["params"] == TRUTH[name]["params"] - UNPRINTED.get(name, 0)
    assert told["weights"] + told["biases"] == told["params"]
    assert not found.lines.whole
    assert printed(["stack", str(PRINTS / name), "--get", "params"])[1] == f"{told['params']}\n"
    table = printed(["stack", str(PRINTS / name), "--format", "markdown"])[1]
    assert f" {told['params']:,}+ |" in table


@given(st.randoms(use_true_random=False))
def test_lines_of_random_modules(chance):
    """The lines of random modules in random containers add up to what PyTorch counts."""
    nn = pytest.importorskip("torch").nn

    def module(depth):
        if depth and chance.random() < 0.4:
            children = [module(depth - 1) for _ in range(chance.randint(1, 4))]
            kind = chance.choice([nn.Sequential, nn.ModuleList])
            return kind(*children) if kind is nn.Sequential else kind(children)
        n, m, k = chance.randint(1, 9), chance.randint(1, 9), chance.randint(1, 5)
        bias = chance.random() < 0.5
        return chance.choice(
            [
                lambda: nn.Conv2d(n, m, (k, chance.randint(1, 3)), bias=bias),
                lambda: nn.Conv2d(2 * n, 2 * m, k, stride=2, groups=2, dilation=2, bias=bias),
                lambda: nn.ConvTranspose2d(n, m, k, bias=bias),
                lambda: nn.Conv1d(n, m, k, bias=bias),
                lambda: nn.Conv3d(n, n, k, groups=n, bias=bias),
                lambda: nn.Linear(n, m, bias=bias),
                lambda: nn.BatchNorm2d(n, affine=bias),
                lambda: nn.LayerNorm(n, elementwise_affine=bias),
                lambda: nn.GroupNorm(n, 2 * n, affine=bias),
                lambda: nn.InstanceNorm2d(n, affine=bias),
                lambda: nn.PReLU(m),
                lambda: chance.choice([nn.LSTM, nn.GRU, nn.RNN])(
                    n, m, num_layers=k, bias=bias, bidirectional=chance.random() < 0.5
                ),
                lambda: nn.MaxPool2d(k),
                lambda: nn.Dropout(0.5),
                nn.ReLU,
            ]
        )()

    model = nn.Sequential(*(module(3) for _ in range(chance.randint(1, 5))))
    text = "loading 3 things (x)...\n" * chance.randint(0, 1) + str(model)
    if chance.random() < 0.3:
        text = f"```\n{text}\n```\n"
    lines = lines_of(read_modules(Source("", text))[0])
    assert totals(lines)["params"] == sum(each.numel() for each in model.parameters())


def test_both_directions_arrive():
    """A recurrent layer that goes both ways gives twice its units; numbers worked out by hand."""
    text = """Sequential(
      (0): LSTM(6, 4, batch_first=True, bidirectional=True)
      (1): GRU(8, 5, batch_first=True)
    )"""
    found = from_text(Source("p", text), (7, 6))
    assert Report(parse(found.source)).total("params") == 2 * 4 * 48 + 3 * (8 * 5 + 5 * 5 + 10)


GIVEN = {
    **{name: [8] for name in ("in_channels", "num_features", "num_channels", "input_size")},
    **{name: [8] for name in ("embed_dim", "d_model", "num_embeddings", "embedding_dim")},
    **{name: [8, 16] for name in ("out_channels", "in_features", "out_features", "hidden_size")},
    **{name: [4] for name in ("in1_features", "in2_features")},
    **{name: [2] for name in ("num_groups", "num_heads", "nhead", "upscale_factor")},
    **{name: [2] for name in ("downscale_factor", "size", "norm_type", "output_size", "padding")},
    **{name: [1] for name in ("dim", "value", "threshold", "groups")},
    "kernel_size": [1, 3],
    "normalized_shape": [8, (8,), (4, 8)],
    "unflattened_size": [(2, 4)],
}
CHOSEN = {
    **{name: [True, False] for name in ("bias", "affine", "elementwise_affine", "batch_first")},
    **{name: [True, False] for name in ("track_running_stats", "bidirectional", "ceil_mode")},
    **{name: [1, 2] for name in ("stride", "dilation", "groups", "num_layers", "start_dim")},
    **{name: [2] for name in ("num_encoder_layers", "num_decoder_layers")},
    "dim_feedforward": [16],
    "num_parameters": [1, 8],
    "scale_factor": [2, 1.5],
}
NOT_ALONE = {
    "Module",
    "Container",
    "RNNBase",
    "MultiheadAttention",
    "ParameterDict",
    "ParameterList",
}
"""Bases, containers, and an attention, whose projections of other widths no print shows."""


def made_at_random(nn, chance):
    """Yield one of each of PyTorch's modules with random arguments, of those that are made so."""
    for name, kind in sorted(vars(nn).items()):
        if not isinstance(kind, type) or not issubclass(kind, nn.Module) or name in NOT_ALONE:
            continue
        given = {}
        for each in list(inspect.signature(kind).parameters.values()):
            if each.default is each.empty and each.name in GIVEN:
                given[each.name] = chance.choice(GIVEN[each.name])
            elif each.default is not each.empty and each.name in CHOSEN and chance.random() < 0.7:
                given[each.name] = chance.choice(CHOSEN[each.name])
        if not ("Lazy" in name or "Loss" in name):
            with contextlib.suppress(TypeError, ValueError, AssertionError):
                yield kind(**given)


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("seed", range(10))
def test_each_module_of_pytorch(seed):
    """Each module's print holds exactly what it learns, whatever its arguments are."""
    nn = pytest.importorskip("torch").nn
    wrong, seen = [], 0
    for module in made_at_random(nn, random.Random(seed)):
        lines = lines_of(read_modules(Source("", str(nn.Sequential(module, nn.ReLU()))))[0])
        true = sum(each.numel() for each in module.parameters())
        seen += 1
        if (totals(lines)["params"], lines.whole) != (true, True):
            wrong.append((str(module), totals(lines)["params"], true, lines.whole))
    assert seen > 100
    assert not wrong


def test_modules_that_are_no_layers_here():
    """What a print holds of modules that are no layers here is counted; a fraction is a size."""
    text = """Sequential(
  (0): Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
  (1): Upsample(scale_factor=1.5, mode='bilinear')
  (2): LayerNorm((8, 48, 48), eps=1e-05, elementwise_affine=True)
  (3): Bilinear(in1_features=4, in2_features=6, out_features=5, bias=True)
  (4): ParameterList(
    (0): Parameter containing: [torch.float32 of size 8x4]
    (1): Parameter containing: [torch.float32 of size 3]
  )
)
"""
    found = from_text(Source("", text))
    assert (totals(found.lines)["params"], found.lines.whole) == (224 + 36_864 + 125 + 35, True)
    found = from_text(Source("", text), (32, 32, 3))
    assert "resize 48 bilinear -> position 36864" in found.source.text
    assert {each.code for each in found.warnings} == {"not-counted"}
    assert [each.notes[1].split()[2] for each in found.warnings] == ["125", "35"]


@pytest.mark.parametrize(
    ("module", "params"),
    [
        ("LSTM(5, 6, proj_size=2)", 228),
        ("LSTM(5, 6, proj_size=2, num_layers=2)", 384),
        ("LSTM(8, 6, proj_size=4, num_layers=3, bidirectional=True)", 2160),
        ("LSTM(8, 6, proj_size=5, num_layers=3, bias=False, bidirectional=True)", 2244),
        ("LSTM(8, 6, proj_size=5, num_layers=2, bias=False, batch_first=True)", 612),
    ],
)
def test_states_that_are_projected(module, params):
    """An LSTM whose states are projected learns what PyTorch 2.13 says of it."""
    found = from_text(Source("net.txt", f"Sequential(\n  (0): {module}\n)"))
    (line,) = found.lines.lines
    assert (line.params, line.weights) == (params, params if "bias=F" in module else line.weights)


def test_a_print_of_modules_in_order_is_whole():
    """In a Sequential nothing is left out: the sum is no bound, and with an input all is there."""
    text = """Sequential(
  (0): Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1))
  (1): PReLU(num_parameters=1)
)
"""
    found = from_text(Source("", text))
    assert (totals(found.lines)["params"], found.lines.whole) == (225, True)


def test_numbers_that_are_not_printed_are_a_bound(tmp_path):
    """A print that can be followed and may leave numbers out says 'at least' in every format."""
    report = stack(PRINTS / "tv_convnext_tiny.txt", input="224x224x3")
    assert (report.params, report.is_whole) == (28_582_504, False)
    words = ["stack", str(PRINTS / "tv_convnext_tiny.txt"), "--input", "224x224x3"]
    assert json.loads(printed([*words, "--json"])[1])["whole"] is False
    assert printed([*words, "--strict"], tmp_path)[0] == 1


@pytest.mark.parametrize("kind", ["SqueezeExcite", "SEModule", "ChannelAttn", "Se", "EcaGate"])
def test_gates_are_not_chains(kind):
    """A gate whose pool is not printed is no chain of convolutions on the whole map."""
    text = f"""Net(
  (conv): Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1))
  (se): {kind}(
    (reduce): Conv2d(8, 2, kernel_size=(1, 1), stride=(1, 1))
    (expand): Conv2d(2, 8, kernel_size=(1, 1), stride=(1, 1))
  )
)
"""
    lines = from_text(Source("", text), (8, 8, 3)).lines
    assert (lines.misfit.code, totals(lines)["params"]) == ("print-does-not-fit", 224 + 18 + 24)
