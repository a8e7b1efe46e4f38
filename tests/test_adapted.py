"""Networks as they are deployed, norms folded, and trained in part: by hand, and as in PyTorch."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from variations import variations

from cnncalc import check, compare, fits, rf, solve, stack
from cnncalc.speech.problem import Problem


def test_resnet50_as_deployed():
    """Each of its 53 convs gains a bias for each filter, 26,560 in all; 53,120 numbers are gone."""
    plain, folded = stack("resnet50"), stack("resnet50", fold=True)
    assert folded.params == 25_557_032 - 53_120 + 26_560 == 25_530_472
    assert folded.macs == plain.macs
    assert len(plain.rows) - len(folded.rows) == 53
    assert [row.index for row in folded.rows] == list(range(len(folded.rows)))
    assert not [row for row in folded.rows if row.kind == "bn"]
    assert compare("resnet50", "resnet18", fold=True).reports[0].params == 25_530_472
    assert not fits("resnet50", "flash=102.2MB").right
    assert fits("resnet50", "flash=102.2MB", fold=True).right
    assert stack("resnet50", fold=True, planner="tflm", dtype="int8").peak == 2_408_448


@pytest.mark.parametrize(
    ("network", "as_written"),
    [
        ("conv 4 k3 nobias -> bn -> relu", "conv 4 k3 -> relu"),
        ("conv 4 k3 -> bn -> relu", "conv 4 k3 -> relu"),
        ("fc 4 nobias -> bn", "fc 4"),
        ("dwconv k3 nobias -> bn -> conv 4 k1 nobias -> bn", "dwconv k3 -> conv 4 k1"),
        ("bn -> conv 4 k3 nobias", "bn -> conv 4 k3 nobias"),
        ("conv 4 k3 nobias -> relu -> bn", "conv 4 k3 nobias -> relu -> bn"),
        ("conv 4 k3 nobias -> ln", "conv 4 k3 nobias -> ln"),
        (  # read by another too
            "conv 4 k3 nobias -> add[bn | identity]",
            "conv 4 k3 nobias -> add[bn | identity]",
        ),
        ("add[conv 3 k1 nobias -> bn | identity]", "add[conv 3 k1 | identity]"),
        ("a: [conv 3 k1 nobias -> bn] -> again a", "a: conv 3 k1 -> again a"),
        ("[conv 3 k1 nobias -> bn -> relu]*3 shared", "[conv 3 k1 -> relu]*3 shared"),
        (  # one conv with two norms: it would have to be two
            "a: conv 3 k1 nobias -> bn -> again a -> bn",
            "a: conv 3 k1 nobias -> bn -> again a -> bn",
        ),
        ("a: conv 3 k1 nobias -> bn -> again a", "a: conv 3 k1 nobias -> bn -> again a"),
        ("conv 4 k3 nobias -> a: bn -> conv 4 k1 -> again a", "conv 4 k3 -> conv 4 k1"),
    ],
)
def test_what_is_folded(network, as_written):
    """The rows are those of the network as it would be written without the norms."""
    found, other = stack(f"8x8x3 -> {network}", fold=True), stack(f"8x8x3 -> {as_written}")
    assert [(row.layer, row.params, row.inputs, row.shared, row.peak) for row in found.rows] == [
        (row.layer, row.params, row.inputs, row.shared, row.peak) for row in other.rows
    ]
    assert (found.params, found.macs, found.peak) == (other.params, other.macs, other.peak)
    assert found.rf == other.rf


PARTS = st.lists(
    st.sampled_from(
        [
            ("conv 4 k3 p1 nobias -> bn", "conv 4 k3 p1"),
            ("dwconv k3 p1 -> bn -> relu", "dwconv k3 p1 -> relu"),
            ("add[conv 4 k1 nobias -> bn | identity]", "add[conv 4 k1 | identity]"),
            ("[conv 4 k1 nobias -> bn -> relu]*2 shared", "[conv 4 k1 -> relu]*2 shared"),
            ("relu -> bn", "relu -> bn"),
            ("a{n}: [conv 4 k1 nobias -> bn] -> again a{n}", "a{n}: conv 4 k1 -> again a{n}"),
            ("def d{n}(n) { conv n k1 -> bn }", "def d{n}(n) { conv n k1 }"),
        ]
    ),
    min_size=1,
    max_size=5,
)


def written(parts, at):
    """Return a network of parts, with norms or as it would be written without them."""
    definitions, steps = "", ["8x8x4"]
    for number, part in enumerate(parts):
        text = part[at].replace("{n}", str(number))
        if text.startswith("def "):
            definitions += f"{text} "
            text = f"d{number} 4 -> relu -> d{number} 4"
        steps.append(text)
    return definitions + " -> ".join([*steps, "fc 3"])


SHORTCUT = (
    "def part(n, s=1, keep=(s==1)*(cin==n)) { add[ conv n k3 p1 s=s nobias -> bn -> relu -> "
    "conv n k3 p1 nobias -> bn | [conv n k1 s=s nobias -> bn]*(1-keep) ] -> relu } "
    "8x8x3 -> conv 4 k3 p1 nobias -> bn -> relu -> [part 4]*2 -> part 6 s2 -> fc 10"
)


@variations("claim", ["params=1", "macs=5", "peak=5", "output=5"], 1)
def test_a_wrong_claim_of_blocks_whose_shortcut_projects(claim):
    """Slips on other sizes have other rows, whose norms are other ones."""
    assert not check(SHORTCUT, claim, fold=True).right


def test_the_figure_of_a_network_that_is_not_folded_is_a_convention():
    """What the network has without --fold is told as such, for all of it."""
    claim = f"params={stack(SHORTCUT).params}"
    (verdict,) = check(SHORTCUT, claim, fold=True).to_dict()["verdicts"]
    assert (verdict["verdict"], verdict["reasons"][0]["name"]) == ("convention", "bn-not-folded")


@given(parts=PARTS)
def test_every_road_folds_alike(parts):
    """Rows, claims, solutions, fields and what fits are those of the network without its norms."""
    net, other = written(parts, 0), written(parts, 1)
    names = ("params", "macs", "peak", "activations")
    found, bare = stack(net, fold=True), stack(other)
    assert [(row.layer, row.inputs) for row in found.rows] == [
        (row.layer, row.inputs) for row in bare.rows
    ]
    claims = [f"{name}={bare.total(name)}" for name in names]
    claims += [f"{row.index}.params={row.params}" for row in bare.rows]
    assert check(net, *claims, fold=True).right
    assert [row.rf for row in rf(net, fold=True).rows] == [row.rf for row in rf(other).rows]
    lines = compare(net, net, fold=True).lines
    assert {line.quantity.name: line.values[1] for line in lines}["peak"] == bare.peak
    assert fits(net, "9MB", fold=True).batches == fits(other, "9MB").batches
    unknown = f"{net} -> fc ?"
    wanted = bare.params + 4 * 17
    assert solve(unknown, f"params={wanted}", fold=True).numbers == [{"N": 17}]


def test_a_norm_that_is_used_again_is_folded_always_or_never():
    """Weights of a norm that another row needs too stay where they are."""
    report = stack("8x8x4 -> conv 4 k1 nobias -> n: bn -> relu -> again n", fold=True)
    assert [row.kind for row in report.rows] == ["input", "conv", "bn", "relu", "bn"]
    assert report.params == 16 + 8


def test_labels_of_folded_norms():
    """What names a norm names what it is folded into; totals alone are the same."""
    found = stack("8x8x3 -> conv 4 k3 nobias -> n: bn -> relu", fold=True)
    assert [row.label for row in found.rows] == [None, "n", None]
    letters = stack("HxWxC -> conv N k3 nobias -> bn", fold=True)
    assert str(letters.params) == "(9*C + 1)*N"


# ---------------------------------------------------------------- trained in part

LAYERS = st.lists(
    st.tuples(st.sampled_from(["conv", "bn", "relu", "pool", "residual"]), st.booleans()),
    min_size=1,
    max_size=6,
)


def noted(layers):
    """Return a network in notation, and the labels of its layers that are frozen."""
    words = {
        "conv": "{label}: conv 4 k3 p1",
        "bn": "{label}: bn",
        "relu": "{label}: relu",
        "pool": "{label}: avgpool 3 s1 p1",
        "residual": "add[ {label}: conv 4 k3 p1 | identity ]",
    }
    steps = [words[kind].format(label=f"l{number}") for number, (kind, _) in enumerate(layers)]
    frozen = [f"l{number}" for number, (_, is_frozen) in enumerate(layers) if is_frozen]
    return " -> ".join(["8x8x4", *steps, "last: fc 3"]), frozen


def built(layers):
    """Return the same, and the network as a module of PyTorch."""
    nn = pytest.importorskip("torch").nn

    class Residual(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(4, 4, 3, padding=1)

        def forward(self, x):
            return self.conv(x) + x

    modules = []
    for kind, is_frozen in layers:
        module = {
            "conv": lambda: nn.Conv2d(4, 4, 3, padding=1),
            "bn": lambda: nn.BatchNorm2d(4),
            "relu": nn.ReLU,
            "pool": lambda: nn.AvgPool2d(3, 1, 1),
            "residual": Residual,
        }[kind]()
        modules.append(module.requires_grad_(not is_frozen))
    modules += [nn.Flatten(), nn.Linear(256, 3)]
    text, frozen = noted(layers)
    return text, nn.Sequential(*modules), frozen


@given(layers=LAYERS)
@example(layers=[("bn", False)])
def test_a_gradient_has_a_place_where_it_goes(layers):
    """A map is held twice where a gradient goes to it, or to what is written in its place."""
    layers = [("conv", True), *layers]
    places, goes = [], False
    for kind, is_frozen in layers:
        learns = kind in ("conv", "bn", "residual") and not is_frozen
        if kind == "residual":
            places.append(learns or goes)  # what its conv writes
        goes = goes or learns
        if kind in ("bn", "relu"):
            places[-1] = places[-1] or goes
        else:
            places.append(goes)
    text, frozen = noted(layers)
    report = stack(text, freeze=frozen)
    twice = [row.memory for row in report.rows if report.forward.kept[row.index] == 2]
    assert sum(twice) == sum(places) * 8 * 8 * 4 * 4 + 3 * 4


@settings(deadline=None)
@given(layers=LAYERS)
def test_frozen_as_pytorch_trains(layers):
    """Trainable numbers, and the MACs of a step, are those of PyTorch's FlopCounterMode."""
    torch = pytest.importorskip("torch")
    from torch.utils.flop_counter import FlopCounterMode

    text, net, frozen = built(layers)
    report = stack(text, freeze=frozen)
    assert report.trainable == sum(p.numel() for p in net.parameters() if p.requires_grad)
    assert report.frozen == sum(p.numel() for p in net.parameters() if not p.requires_grad)
    with FlopCounterMode(display=False) as counter:
        net(torch.zeros(1, 4, 8, 8)).sum().backward()
    assert 2 * report.training_macs == counter.get_total_flops()
    assert sum(row.training_macs for row in report.rows) == report.training_macs


@settings(deadline=None)
@given(layers=LAYERS)
def test_what_no_gradient_reaches_is_kept_as_by_pytorch(layers):
    """Of maps behind frozen layers alone training holds those that PyTorch saves, once."""
    torch = pytest.importorskip("torch")
    text, net, frozen = built([("conv", True), *layers])  # what works in place needs a map before
    report = stack(text, freeze=frozen)
    saved, x = {}, torch.zeros(1, 4, 8, 8)
    net.eval()  # norms in training save more of their own

    def pack(tensor):
        if tensor.grad_fn is None and not isinstance(tensor, torch.nn.Parameter):
            saved[tensor.data_ptr()] = tensor.numel()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        net(x)
    saved.pop(x.data_ptr(), None)
    buffers = {each.data_ptr() for each in net.buffers()}
    expected = sum(size for place, size in saved.items() if place not in buffers)
    held = [row.memory for row in report.rows if report.forward.kept[row.index] == 1]
    assert sum(held) == 4 * expected
    twice = [row.memory for row in report.rows if report.forward.kept[row.index] == 2]
    learned = 4 * 4 * report.trainable + 4 * report.frozen
    assert report.training_adam == 2 * sum(twice) + sum(held) + learned


def test_blocks_that_are_frozen():
    """A label, a definition's name or a number; VGG's first blocks by hand, ResNet's as a share."""
    vgg = stack("vgg16", freeze=("conv1", "conv2"))
    assert vgg.frozen == 1_792 + 36_928 + 73_856 + 147_584
    assert vgg.trainable + vgg.frozen == vgg.params
    assert stack("8x8x3 -> conv 4 k3 -> fc 2", freeze="1").frozen == 112
    text = "def b(n) { conv n k3 -> relu } 8x8x3 -> b 4 -> b 4 -> fc 2"
    assert stack(text, freeze="b").frozen == 112 + 148
    shared = stack("8x8x3 -> a: conv 3 k3 p1 -> again a -> fc 2", freeze="2")
    assert [row.trainable for row in shared.rows] == [0, 0, 0, 386]
    with pytest.raises(Problem, match="no row has the label"):
        stack(text, freeze="c")


@pytest.mark.parametrize(
    "how", [{"fold": True}, {"freeze": ("a",)}, {"dtype": "weights=int4,activations=int8"}]
)
def test_texts_that_are_alike_are_answered_alike(how):
    """What is answered without a trace, for the last of many texts, is what its rows add up to."""
    names = ("params", "params_memory", "memory", "trainable", "frozen", "training_adam", "flash")
    for width in range(3, 45):
        text = (
            f"9x9x3 -> a: [conv {width} k3 nobias -> bn] -> relu -> conv {width} k3 -> bn -> fc 7"
        )
        report = stack(text, **how)
        totals = [report.total(name.replace("_", "-")) for name in names]
        assert totals == [sum(getattr(row, name) for row in report.rows) for name in names]
