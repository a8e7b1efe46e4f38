"""The same weights again: held to the text written out, and to modules that are really reused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.api.report import Report
from cnncalc.importing.sources import read_network
from cnncalc.notation.writer import write
from cnncalc.report.quantities import QUANTITIES
from cnncalc.speech.problem import Problem
from tests.running import network_of

# Parts that keep 8 channels, each with what PyTorch has for it.
PARTS = {
    "conv 8 k3 p1": "nn.Conv2d(8, 8, 3, padding=1)",
    "conv 8 k3 p1 g2 nobias": "nn.Conv2d(8, 8, 3, padding=1, groups=2, bias=False)",
    "dwconv k5 p2": "nn.Conv2d(8, 8, 5, padding=2, groups=8)",
    "bn": "nn.BatchNorm2d(8)",
    "relu": "nn.ReLU()",
    "prelu": "nn.PReLU(8)",
    "conv cin*2 k1 -> gn 4 -> conv cin/2 k1": (
        "nn.Sequential(nn.Conv2d(8, 16, 1), nn.GroupNorm(4, 16), nn.Conv2d(16, 8, 1))"
    ),
    "maxpool 3 s1 p1": "nn.MaxPool2d(3, 1, 1)",
    "def": "nn.Sequential(nn.Conv2d(8, 4, 1), nn.ReLU(), nn.Conv2d(4, 8, 3, padding=1))",
}
DEFINITION = "def narrow(n, c=cin) { conv n k1 -> relu -> conv c k3 p1 } "
parts = st.lists(st.sampled_from([*PARTS]), min_size=1, max_size=4)


def rows_of(report):
    """Return what rows have whether or not their weights are those of others."""
    moved = QUANTITIES["bytes"].of
    return [(row.kind, row.output, row.macs, row.rf, row.peak, moved(row)) for row in report.rows]


def spelled(chosen):
    """Return parts in the notation."""
    return " -> ".join("narrow 4" if part == "def" else part for part in chosen)


def texts(chosen, uses):
    """Yield ways to write parts that are used so often, a pool between them or not."""
    body = spelled(chosen)
    yield f"16x16x8 -> [{body}]*{uses} shared", f"16x16x8 -> [{body}]*{uses}"
    for pool in ("", " -> maxpool 2"):
        again = f"{pool} -> again t" * (uses - 1)
        yield (
            f"16x16x8 -> t: [{body}]{again}",
            f"16x16x8 -> [{body}]{again}".replace("again t", f"[{body}]"),
        )


@given(parts, st.integers(1, 4))
def test_rows_are_those_of_the_text_written_out(chosen, uses):
    """All but the parameters is as if it were written again; these are counted once."""
    for text, out in texts(chosen, uses):
        shared, anew = (
            Report(read_network(DEFINITION + text)),
            Report(read_network(DEFINITION + out)),
        )
        assert rows_of(shared) == rows_of(anew)
        assert shared.total("macs") == anew.total("macs")
        assert uses * shared.total("params") == anew.total("params")
        for row in shared.rows:
            if row.shared is not None:
                first = shared.rows[row.shared]
                assert first.shared is None
                assert (row.kind, row.params) == (first.kind, 0)
        printed = write(read_network(DEFINITION + text))
        assert write(read_network(printed)) == printed
        assert rows_of(Report(read_network(printed))) == rows_of(shared)


@given(parts, st.integers(1, 4))
def test_it_is_what_a_reused_module_has(chosen, uses):
    """Parameters and FLOPs are PyTorch's of one module called so often, and so are the code's."""
    torch = pytest.importorskip("torch")
    from torch.utils.flop_counter import FlopCounterMode

    from cnncalc.codegen.pytorch.writer import write_pytorch

    module = torch.nn.Sequential(*(eval(PARTS[part], {"nn": torch.nn}) for part in chosen))
    params = sum(each.numel() for each in module.parameters())
    for text, _out in texts(chosen, uses):
        x = torch.randn(2, 8, 16, 16)
        pooled = "maxpool 2 ->" in text
        with FlopCounterMode(display=False) as counter:
            for turn in range(uses):
                x = torch.nn.functional.max_pool2d(x, 2) if pooled and turn else x
                x = module(x)
        report = Report(read_network(DEFINITION + text))
        assert report.total("params") == params
        assert 2 * 2 * report.total("macs") == counter.get_total_flops()
        network = network_of(write_pytorch(read_network(DEFINITION + text))[0])()
        assert sum(each.numel() for each in network.parameters()) == params
        with FlopCounterMode(display=False) as ours:
            assert network(torch.randn(2, 8, 16, 16)).shape == x.shape
        assert ours.get_total_flops() == counter.get_total_flops()


@pytest.mark.parametrize(
    ("text", "params", "macs"),
    [  # by hand: a 3x3 of 8 on 16x16x8 is 584 parameters and 147,456 MACs, 36,864 on 8x8
        ("16x16x8 -> [a: conv 8 k3 p1 -> again a]*3 shared", 584, 6 * 147456),
        ("16x16x8 -> b: [a: conv 8 k3 p1 -> again a] -> maxpool 2 -> again b", 584, 2 * 184320),
        ("16x16x8 -> a: conv 8 k3 p1 -> [again a]*3", 584, 4 * 147456),
        ("16x16x8 -> a: conv 8 k3 p1 -> b: again a -> again b", 584, 3 * 147456),
        ("16x16x8 -> b: [conv 8 k3 p1]*2 -> again b", 1168, 4 * 147456),
        ("16x16x8 -> [[conv 8 k3 p1]*2 shared]*2", 1168, 4 * 147456),
        ("16x16x8 -> [[conv 8 k3 p1]*2 shared]*2 shared", 584, 4 * 147456),
        ("16x16x8 -> t: add[conv 8 k3 p1 | identity] -> maxpool 2 -> again t", 584, 184320),
        ("16x16x8 -> b: [conv 8 k3 p1]*(cin/8) -> slice 0 8 -> again b", 584, 2 * 147456),
        ("def f(n) { conv n k3 p1 } 16x16x8 -> t: f 8 -> again t", 584, 2 * 147456),
        ("def f { a: conv 8 k3 p1 -> again a } 16x16x8 -> f -> f", 1168, 4 * 147456),
        ("HxWxC -> a: conv C k3 p1 nobias -> again a", "9*C^2", "18*C^2*H*W"),
        ("8 -> a: fc 8 -> relu -> again a", 72, 128),
    ],
)
def test_by_hand(text, params, macs):
    """Uses inside of uses count their weights once."""
    report = Report(read_network(text))
    assert str(report.total("params")) == str(params)
    assert str(report.total("macs")).replace("*", "") == str(macs).replace("*", "")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("16x16x8 -> a: conv 8 k3 -> conv 9 k1 -> again a", "weights-differ"),
        ("16x16x8 -> a: fc 8 -> again a", "weights-differ"),
        ("16x16x8 -> a: bn -> slice 0 4 -> again a", "weights-differ"),
        ("8x4x3 -> a: position -> reshape 4x8x3 -> again a", "weights-differ"),
        ("9x9x3 -> [conv 8*(i+1) k1]*5 shared", "weights-differ"),
        ("9x9x3 -> [[conv 3 k1]*(i+1)]*2 shared", "weights-differ"),
        ("9x9x3 -> [[conv 3 k1]*(2-i)]*2 shared", "weights-differ"),
        ("9x9x3 -> again a", "unknown-label"),
        ("9x9x3 -> a: [relu -> again a]", "unknown-label"),
        ("def again { relu } 9x9x3 -> relu", "name-taken"),
        ("def f { again a } 9x9x3 -> a: relu -> f", "unknown-label"),
    ],
)
def test_what_cannot_be_used_again(text, code):
    """Weights of another shape, and labels that are not set, are faults."""
    with pytest.raises(Problem) as caught:
        Report(read_network(text))
    assert caught.value.code == code


@given(
    st.integers(5, 40), st.integers(5, 40), st.integers(1, 3), st.sampled_from(["", " bilinear"])
)
def test_a_size_like_a_labels_is_that_size(height, width, rounds, how):
    """A size that is taken from a label is as if it were typed; the map is not held for it."""
    down = "conv 4 k3 s2 p1 -> relu"
    like = f"{height}x{width}x3 -> a: relu -> {down} -> resize like=a{how} -> [{down}]*{rounds}"
    typed = like.replace("like=a", f"{height}x{width}")
    one, other = Report(read_network(like)), Report(read_network(typed))
    assert rows_of(one) == rows_of(other)
    printed = write(read_network(like))
    assert rows_of(Report(read_network(printed))) == rows_of(other)


def test_sizes_of_labels_in_rounds_and_calls():
    """A label that is set afresh in each round or call gives the size that it has there."""
    body = "a: conv 4 k3 -> maxpool 2 -> resize like=a"
    text = f"def f {{ {body} }} 33x33x4 -> [f]*2 -> [{body}]*2"
    outputs = [row.output[0] for row in Report(read_network(text)).rows if row.kind == "resize"]
    assert outputs == [31, 29, 27, 25]
