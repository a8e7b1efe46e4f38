"""A network that is folded is the network: rows, totals and what labels name, on random trees."""

import clock
import pytest
from hypothesis import given
from hypothesis import strategies as st
from variations import variations

from cnncalc.importing.files import from_text as read_prints
from cnncalc.importing.graph import Graph
from cnncalc.importing.layers import make
from cnncalc.importing.sources import read_text
from cnncalc.notation import library
from cnncalc.notation.folding.fold import fold
from cnncalc.notation.parser import parse
from cnncalc.notation.tree import Join
from cnncalc.notation.writer import lay_out, write
from cnncalc.report.places import find
from cnncalc.report.report import Report
from cnncalc.speech.problem import Source

CHANNELS = 4


class Text:
    """Writes random networks in which blocks come again, with other numbers or the same."""

    def __init__(self, chance):
        self.chance = chance
        self.serial = 0
        self.labels = []
        self.units = ["relu", "bn", "conv {n} k{k} nobias -> bn -> relu", "conv {n} k{k} -> relu"]
        self.units += ["maxpool k3 s1 p1", "dwconv k3 s1 p1", "conv {n} k{k} g{g}", "dropout 0.5"]

    def unit(self, end=None):
        """Return a layer with what follows it; one that ends a branch gives the channels."""
        text = self.chance.choice(self.units[2:4] if end else self.units)
        kernel = self.chance.choice([1, 3])
        made = text.format(
            n=end or self.chance.choice([4, 8, 12]), k=f"{kernel} p{kernel // 2}", g=4
        )
        if self.chance.random() < 0.3:
            self.serial += 1
            label = f"m{self.serial // 3}_{self.chance.choice('ab')}{self.serial}"
            self.labels.append(label)
            made = f"{label}: {made}"
        return made

    def block(self, depth=0):
        """Return a block as a pattern: items, some of them joins."""
        items = [self.unit() for _ in range(self.chance.randint(1, 3))]
        if depth < 2 and self.chance.random() < 0.6:
            inner = self.block(depth + 1)
            how = self.chance.choice(["add[{b} -> {e} | {e2}]", "concat[{b} | identity]"])
            if self.chance.random() < 0.4:
                how = "s{n}: relu -> {b} -> concat[identity | @s{n}]"
            if self.chance.random() < 0.2:
                how = "t{n}: conv 8 k1 -> conv {c} k1 -> conv {c} k1 -> @t{n} -> {b}"
            self.serial += 1
            items.append(
                how.format(
                    n=f"{self.serial}_",
                    b=inner,
                    c=self.chance.choice([4, 8]),
                    e=self.unit(CHANNELS),
                    e2=self.unit(CHANNELS),
                )
            )
        return " -> ".join(items)

    def network(self):
        """Return blocks one after another, some of which came before."""
        made = [self.block()]
        for _ in range(self.chance.randint(1, 8)):
            text = self.chance.choice(made) if self.chance.random() < 0.7 else self.block()
            made.append(self.again(text))
        return f"8x8x{CHANNELS} -> " + " -> ".join(made)

    def again(self, text):
        """Return a block once more: its labels are others, and perhaps its numbers."""
        self.serial += 1
        wide = self.chance.choice([4, 8, 12])
        return " ".join(self.other(word, str(wide)) for word in text.split(" "))

    def other(self, word, wide):
        """Return a word of a block as it stands in the next: a label, or perhaps a width."""
        if word.endswith("_:") or word.rstrip("]").endswith("_"):
            return word.replace("_", f"{self.serial}_")
        if word.endswith(":"):
            return f"{word[:-1]}_{self.serial}:"
        return wide if word in ("8", "12") and self.chance.random() < 0.5 else word


def rows_of(network):
    """Return what a network's rows are, but for their labels."""
    return [
        (row.layer, row.input, row.output, row.params, row.macs, row.rf, row.shared, row.peak)
        for row in Report(network).rows
        if row.kind != "reference"
    ]


def names_of(network):
    """Return what each row is called: the labels around it and its own."""
    return [
        [place.label for place in row.places if place.label] + ([row.label] * bool(row.label))
        for row in Report(network).rows
        if row.kind != "reference"
    ]


def folded(network):
    """Return a network folded, as text; the text is as it would be laid out."""
    text = lay_out(fold(network))
    assert lay_out(parse(Source("", text))) == text
    return text


@given(st.randoms(use_true_random=False))
def test_folded_is_unfolded(chance):
    """Rows, what they cost and see, and the peak, are those of the flat tree."""
    made = Text(chance)
    network = parse(Source("", made.network()))
    text = folded(network)
    again = parse(Source("", text))
    assert rows_of(again) == rows_of(network)
    assert folded(again) == text


@given(st.randoms(use_true_random=False))
def test_labels_stay_what_they_were(chance):
    """A label around a row begins the labels that were in it, and its own ends what it was."""
    made = Text(chance)
    network = parse(Source("", made.network()))
    again = parse(Source("", folded(network)))
    inside = {}
    for number, ((*_around, was), now) in enumerate(
        zip([each or [""] for each in names_of(network)], names_of(again), strict=True)
    ):
        for name in now:
            inside.setdefault(name, []).append((number, was))
    was_there = {name for each in names_of(network) for name in each}
    for name, rows in inside.items():
        first = name.partition("_to_")[0]
        known = any(was and (was.startswith(first) or was.endswith(name)) for _row, was in rows)
        assert name in was_there or known, (name, rows)


def flat(report):
    """Return the rows of a network as a graph; None for what graphs of files do not have."""
    made = Graph(report.rows[0].output)
    at = {0: 0}
    for row in report.rows[1:]:
        sources = [at[each] for each in row.inputs]
        if row.aux or row.kind == "input" or (isinstance(row.node, Join) and row.node.layer):
            return None
        if row.kind == "reference":
            at[row.index] = sources[0]
        elif isinstance(row.node, Join):
            at[row.index] = made.join(row.node.how, sources, "", row.node.axis)
        else:
            name = "_".join(filter(None, [*(each.label for each in row.places), row.label]))
            weights = str(row.index if row.shared is None else row.shared)
            at[row.index] = made.layer(row.node, sources[0], name, weights)
    ends = [row.inputs[0] for row in report.rows if row.kind == "output"]
    made.outputs = [at[each] for each in ends or [report.rows[-1].index]]
    return made


SHORT = {"resnet50": 25, "mobilenet_v2": 32, "densenet121": 16, "googlenet": 24, "vit_b_16": 8}
"""Models, and the lines that they fold to at most."""


def models():
    """Return the names of all models, a dozen of them by default."""
    first = {"efficientnet_b0", "shufflenet_v2_x1_0", "unet", "yolov8n", "crnn", "wavenet", *SHORT}
    marks = [pytest.mark.long]
    return [pytest.param(name, marks=() if name in first else marks) for name in library.names()]


@variations("name", models(), 5)
def test_models_fold_back(name):
    """A model of the library, written out row by row and folded, has the rows that it had."""
    graph = flat(Report(read_text(name)))
    if graph is None:
        pytest.skip("it has auxiliary parts or several inputs")
    before = parse(Source("", write(flat(Report(read_text(name))).as_network())))
    text = graph.written(Source("g", ""))[0].text
    assert rows_of(parse(Source("", text))) == rows_of(before)
    assert len(text.splitlines()) <= SHORT.get(name, 400)


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("8x8x3 -> relu -> relu", "8x8x3\n-> relu -> relu\n"),
        (
            "8x8x3 -> c1: conv 64 k3 p1 -> relu -> c2: conv 64 k3 p1 -> relu -> fc 3",
            "8x8x3\n-> c1_to_c2: [conv 64 k3 p1 -> relu]*2 -> fc 3\n",
        ),
        (
            "8x8x3 -> c1: conv 8 k3 -> c2: conv 8 k3 -> fc 3",
            "8x8x3\n-> c1: conv 8 k3 -> c2: conv 8 k3 -> fc 3\n",
        ),
        (
            "8x8x3 -> a: conv 6 k3 p1 -> bn -> relu -> conv 6 k3 p1 -> bn -> x: relu -> @x -> gap",
            "8x8x3\n-> x: [conv 6 k3 p1 -> bn -> relu]*2 -> @x -> gap\n",
        ),
    ],
)
def test_small_networks(text, short):
    """What is short stays as it is; a label that is read stays, and others are told by both."""
    assert folded(parse(Source("", text))) == short


def test_labels_are_found_by_their_paths():
    """A row in a call is named by the labels around it and its own, as its file has them."""
    text = "def b { conv1: conv 8 k1 -> conv2: conv 9 k1 } 8x8x3 -> x_0: b -> x_1: b"
    rows = Report(parse(Source("", text))).rows
    for name, number in (("x_1/conv2", 4), ("x_1_conv1", 3), ("x_0.conv2", 2), ("conv1", 1)):
        assert [row.index for row in find(rows, name)] == [number]
    assert find(rows, "x_2_conv1") == []


@pytest.mark.long
def test_long_networks_take_no_longer_than_long():
    """Twenty thousand layers that are all different, or all the same, fold in seconds."""
    for alike in (False, True):
        made = Graph((4, 4, 1))
        last = 0
        for index in range(20_000):
            filters = 1 if alike else 1 + index * index * 7919 % 1009
            layer = make("relu") if index % 2 else make("conv", filters=filters, kernel=(1,))
            last = made.layer(layer, last)
        made.outputs = [last]
        network = made.as_network()
        text = clock.within(20, lambda read: lay_out(fold(read)), network)
        assert (len(text) < 200) == alike


def test_prints_fold():
    """Groups of a print are blocks, by their names; rows are those of the print as it stands."""
    block = "({n}): Block((conv): Conv2d({a}, {b}, kernel_size=(3, 3), padding=(1, 1), bias=False)"
    block = (
        block.replace("Block((", "Block(\n  (") + "\n  (bn): BatchNorm2d({b})\n  (act): ReLU()\n)"
    )
    widths = [3, 16, 16, 16, 32, 32, 32]
    lines = [block.format(n=n, a=widths[n], b=widths[n + 1]) for n in range(6)]
    text = "Sequential(\n" + "\n".join(lines) + "\n)"
    found = read_prints(Source("net.txt", text), (8, 8, 3))
    assert found is not None
    made = found.source.text
    assert made.count("conv ") == 2, made
    flat_text = "8x8x3 -> " + " -> ".join(
        f"conv {width} k3 p1 nobias -> bn -> relu" for width in widths[1:]
    )
    assert rows_of(parse(Source("", made))) == rows_of(parse(Source("", flat_text)))
