"""Folding and gathering: nothing is lost, nothing is renumbered."""

from operator import attrgetter

import pytest

from cnncalc import Problem, stack
from cnncalc.numbers.lettered import share
from cnncalc.report.diagram import indices_of, inputs_of
from cnncalc.report.folds import KEYS, fold, gather
from cnncalc.report.places import find
from cnncalc.report.quantities import QUANTITIES, SUMMED
from cnncalc.trace.rows import Row

NETWORKS = [
    "resnet50",
    "vgg16",
    "def f(n) { conv n k3 p1 -> relu } 8x8x3 -> [f 4]*2 -> a: [f 8 -> b: f 2] -> x: aux[gap]",
    "8x8x3 -> add[a: [conv 3 k1 -> relu] | identity] -> [b: conv 4 k3 -> aux[gap]]*2",
]


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("depth", [0, 1, 2, 9, None])
def test_sums_survive(network, depth):
    """At every depth the columns add up to the totals, and the numbers are those of the rows."""
    report = stack(network)
    folded = fold(report.rows, depth)
    for quantity in SUMMED:
        for aux, total in ((False, report.whole.several.sums), (True, report.aux)):
            found = sum(quantity.of(row) for row in folded if row.aux == aux)
            assert found == total[quantity.name]
    numbers = []
    for row in folded:
        first, _, last = str(row.number).partition("-")
        numbers += range(int(first), int(last or first) + 1)
    assert sorted(numbers) == [row.index for row in report.rows]
    assert folded[-1].rows[-1].output == report.rows[-1].output


BESIDE = "8x8x4 -> b: [concat[aux[gap] | a: conv 4 k1 -> aux[fc 10]] -> c: conv 4 k1]*1 -> relu"


@pytest.mark.parametrize("network", [*NETWORKS, "googlenet_paper", BESIDE])
@pytest.mark.parametrize("depth", [0, 1, 2])
def test_what_is_read_stands_before(network, depth):
    """A folded row reads rows before it alone, though a fold begins with what is beside it."""
    known = set()
    for row in fold(stack(network).rows, depth):
        own = set(indices_of(row))
        assert set(inputs_of(row)) <= known
        known |= own


@pytest.mark.parametrize("network", NETWORKS)
def test_several_rows_refuse_what_one_has(network):
    """What several rows have is asked of a quantity: none hands out what one of them has."""
    report = stack(network)
    for row in (report.whole, *(each for each in fold(report.rows, 0) if each.several)):
        for name in ("measure.macs", *QUANTITIES):
            if hasattr(Row, attribute := name.replace("-", "_")) or "." in name:
                with pytest.raises(TypeError, match="ask a quantity of them"):
                    attrgetter(attribute)(row)


@pytest.mark.parametrize("by", KEYS)
@pytest.mark.parametrize("network", NETWORKS)
def test_gathered_rows_add_up(by, network):
    """Gathered by anything, the columns add up, and each row is counted once."""
    report = stack(network)
    groups = gather(report.rows, by)
    assert sum(int(group.number) for group in groups) == len(report.rows)
    for quantity in SUMMED:
        assert sum(quantity.of(g) for g in groups if not g.aux) == report.total(quantity.name)


def test_deeper_means_more_rows():
    """Each depth shows at least as many rows as the one above; deep enough, all of them."""
    rows = stack("resnet50").rows
    counts = [len(fold(rows, depth)) for depth in range(6)]
    assert counts == sorted(counts)
    assert counts[0] < 10
    assert counts[-1] == len(rows)


def test_find():
    """A label or a number finds its row; a label that holds several finds them all."""
    rows = stack("vgg16").rows
    (row,) = find(rows, "conv4_3")
    assert (row.layer, row.output) == ("conv 512 k3 p1", (28, 28, 512))
    assert find(rows, str(row.index)) == [row]
    assert [each.kind for each in find(rows, "conv1")] == ["conv", "relu"] * 2
    assert find(rows, "conv9") == find(rows, "999") == []


def test_lectures_claims():
    """VGG-16's activations sit early and its parameters late; GoogLeNet has 8.7 times fewer."""
    vgg = stack("vgg16")
    values = QUANTITIES["activations"].of
    labels = {group.layer: values(group) for group in gather(vgg.rows, "label")}
    early = labels["conv1"] + labels["conv2"]
    pools = labels["pool1"] + labels["pool2"]
    assert share(early, vgg.activations) == 63.2
    assert share(early + pools, vgg.activations) == 71.1
    kinds = {group.layer: group for group in gather(vgg.rows, "kind")}
    assert share(QUANTITIES["params"].of(kinds["fc"]), vgg.params) == 89.4
    assert vgg.activations == 15_237_608
    google, alex = stack("googlenet_paper"), stack("alexnet_2012")
    assert (google.params, alex.params) == (6_998_552, 60_965_224)
    fcs = {group.layer: group.number for group in gather(google.rows, "kind")}
    assert (fcs["fc"], fcs["fc (auxiliary)"]) == ("1", "4")
    (incepted,) = [g for g in gather(google.rows, "label") if g.layer == "inception3a"]
    assert QUANTITIES["macs"].of(incepted) == 128_049_152


def test_one_name_in_two_spellings():
    """A model goes by its name however it is hyphenated; a str names no file."""
    assert stack("ResNet-50").params == stack("resnet50").params == 25_557_032
    with pytest.raises(Problem) as problem:
        stack("vgg61")
    assert problem.value.code == "unknown-model"
    assert "vgg16" in problem.value.helps[0]
