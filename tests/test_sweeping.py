"""Sweeps: each point is the network with its number written in."""

import pytest
from variations import variations

from cnncalc import Problem, stack
from cnncalc.importing.sources import read_network
from cnncalc.numbers.ranges import read_range
from cnncalc.report.quantities import QUANTITIES
from cnncalc.solving import sweeps
from cnncalc.solving.sweeps import Sweep
from cnncalc.speech.problem import Source

RESNET = "def block(n, w=n/4) { add[conv w k1 -> relu -> conv n k3 p1 | identity] }"


@pytest.fixture(autouse=True, params=[1, sweeps.FEW_POINTS], ids=["closed", "traced"])
def _few(request, monkeypatch):
    """Every sweep is worked out by its closed form, and then point by point."""
    monkeypatch.setattr(sweeps, "FEW_POINTS", request.param)


def totals(report):
    """Return what a network has of each quantity."""
    return {name: report.total(name) for name in QUANTITIES}


def points(network, text):
    """Return the points of a sweep."""
    return list(Sweep(read_network(network), read_range(Source("--sweep", text))).points())


@pytest.mark.parametrize(
    ("network", "text", "written"),
    [
        ("224x224x3 -> conv 8 k3 -> gap -> fc 10", "input=32..96:32", "{0}x{0}x3 -> {1}"),
        ("1000x16 -> conv 8 k3 -> gap -> fc 10", "input=8,10,12..14", "{0}x16 -> {1}"),
        ("?nx?nx3 -> conv 8 k3 -> gap -> fc 10", "n=5..9", "{0}x{0}x3 -> {1}"),
    ],
)
def test_inputs(network, text, written):
    """The input's spatial size is swept, whatever it is."""
    rest = network.partition(" -> ")[2]
    for point in points(network, text):
        assert totals(point.report) == totals(stack(written.format(point.number, rest)))


@variations(
    ("network", "text", "old"),
    [
        ("32x32x3 -> conv ?w k3 p1 -> conv 2*?w k3", "w=1..8", "?w"),
        ("32x32x3 -> conv 8 k? p1", "k=1..7:2", "?"),
        (f"{RESNET} 32x32x64 -> block 64 -> block 64", "w=1..8", "n/4"),
        (f"{RESNET} 32x32x64 -> block 64 -> block 64 w=5", "block.w=1..8", "n/4"),
        ("def net(w=8) { 32x32x3 -> conv w k3 -> fc 10 } net", "w=1..8", "8"),
        ("32x32x3 -> [conv 8 k3]*?d", "d=0..4", "?d"),
        ("28x28xA -> conv A k3 p1 -> conv A/2 k1", "A=2..8:2", "A"),
        ("HxHx3 -> conv 8 k3 s2 -> fc 10", "H=5..9", "H"),
        ("8x8x3 -> conv 8 kK p1", "K=1..4", "K"),
    ],
    4,
)
def test_parameters(network, text, old):
    """An unknown, or the default of a parameter, is swept."""
    swept = points(network, text)
    assert len(swept) >= 4
    for point in swept:
        assert totals(point.report) == totals(stack(network.replace(old, str(point.number))))


def test_a_model():
    """The input of a model of the library is swept: MACs grow with its area."""
    macs = {
        point.number: point.report.total("macs")
        for point in points("resnet50", "input=112,224,448")
    }
    assert macs[224] == 4_089_184_256
    assert macs[448] > 3.9 * macs[224]
    assert macs[224] > 3.7 * macs[112]


def test_a_point_that_does_not_fit_is_a_point():
    """Its fault stands in its place, and the others go on."""
    swept = points("32x32x3 -> conv 8 k7 -> conv 8 k7", "input=0,5..14")
    codes = [point.fault and point.fault.code for point in swept]
    assert codes == ["size-too-small", *["kernel-does-not-fit"] * 8, None, None]
    assert [point.report and point.report.total("output") for point in swept][-2:] == [
        (1, 1, 8),
        (2, 2, 8),
    ]


@pytest.mark.parametrize(
    ("network", "text", "code"),
    [
        ("8x8x3 -> relu", "inptu=1..8", "unknown-sweep"),
        ("8x8x3 -> relu", "input=1..8..9", "range-unreadable"),
        ("8x8x3 -> relu", "input", "range-unreadable"),
        ("8x8x3 -> relu", "input=1..100001", "too-many-points"),
        ("8x9x3 -> relu", "input=1..8", "sides-differ"),
        ("relu", "input=1..8", "volume-missing"),
        ("def f(w=1) { relu } def g(w=1) { f w } 8x8x3 -> g", "w=1..8", "sweep-ambiguous"),
        ("def f(w=1) { conv w k1 } 8x8x3 -> f 4", "w=1..8", "sweep-without-effect"),
        ("def f(w) { conv w k1 } 8x8x3 -> f 4", "w=1..8", "sweep-without-effect"),
    ],
)
def test_faults(network, text, code):
    """What cannot be swept is a fault with a code and a help."""
    with pytest.raises(Problem) as problem:
        points(network, text)
    assert problem.value.code == code
    assert problem.value.helps


def test_a_hundred_thousand_points():
    """A sweep may have a hundred thousand points; they come one by one."""
    made = Sweep(
        read_network("8x8x3 -> relu"), read_range(Source("--sweep", "input=1..100000"))
    ).points()
    assert next(made).report.total("output") == (1, 1, 3)
    assert sweeps.MOST_POINTS == 100_000
