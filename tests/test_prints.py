"""Printed models whose order is not known hold what their lines say, line by line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import printed
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.api.report import stack
from cnncalc.importing.files import from_text
from cnncalc.importing.prints.lines import lines_of
from cnncalc.importing.prints.text import read_modules
from cnncalc.report.lines import totals
from cnncalc.speech.problem import Source

PRINTS = Path(__file__).parent / "data" / "prints"
TRUTH = {
    row["file"]: row for row in map(json.loads, (PRINTS / "truth.jsonl").read_text().splitlines())
}
UNPRINTED = {"timm_resmlp_12_224.txt": 28_416, "tv_convnext_tiny.txt": 6_624}
"""Numbers that modules learn themselves and do not print, by the frameworks' own count."""


@pytest.mark.parametrize("name", sorted(TRUTH))
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
