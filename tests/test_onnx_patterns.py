"""Families of nodes that ONNX files spell layers out in: each as a person would write it, exact.

A case is a graph of a few nodes, one a line: what it makes, its operator, what it reads, `|` and
its attributes. Whole numbers in brackets are a tensor of their own, and so is a number with a
point. Parameters and MACs are worked out by hand.
"""

from __future__ import annotations

import json
import re
from math import prod
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx_files import model, node, onnx_floats, tensor

from cnncalc.importing.onnx.translation import translate
from cnncalc.notation.parser import parse
from cnncalc.report.report import Report
from cnncalc.speech.problem import Problem
from cnncalc.tuples import NamedTuple


class Case(NamedTuple):
    """A graph with the sizes of its weights, what it learns and costs, and the layers it is."""

    dims: tuple[int, ...]
    lines: str
    weights: dict[str, tuple[int, ...]]
    params: int
    macs: int
    text: str


def _value(text: str) -> Any:
    return json.loads(text) if text[0] in "[-0123456789" else text


def _translated(case: Case) -> tuple[Any, list[Any]]:
    """Return a case's network in notation, and its warnings."""
    tensors = [
        tensor(name, dims, range(prod(dims)) if name == "places" else None)
        for name, dims in case.weights.items()
    ]
    nodes = []
    for line in filter(None, map(str.strip, case.lines.splitlines())):
        outputs, _, rest = line.partition(" = ")
        words, _, attributes = rest.partition(" | ")
        kind, *inputs = words.split()
        for place, each in enumerate(inputs):
            if each[0] == "[":
                values = json.loads(each)
                tensors.append(tensor(f"k_{len(tensors)}", (len(values),), values))
                inputs[place] = f"k_{len(tensors) - 1}"
            elif each.replace(".", "").isdigit():
                tensors.append(onnx_floats(f"k_{len(tensors)}", (), [float(each)]))
                inputs[place] = f"k_{len(tensors) - 1}"
        said = dict(pair.split("=") for pair in attributes.split())
        found = {name: _value(value) for name, value in said.items()}
        nodes.append(node(kind, " ".join(inputs), outputs, **found))
    return translate("f.onnx", model(case.dims, nodes, tensors))


_QKV = {"wq": (12, 12), "wk": (12, 12), "wv": (12, 12), "wo": (12, 12)}
_BIASES = {"bq": (12,), "bk": (12,), "bv": (12,), "bo": (12,)}
_HEADS = """
    {0} = Reshape {0}b [1,10,3,4]
    {0}h = Transpose {0} | perm=[0,2,1,3]
"""
_PROJECTED = "\n".join(
    f"{each}a = MatMul x w{each}\n{each}b = Add {each}a b{each}" + _HEADS.format(each)
    for each in "qkv"
)
_ATTEND = """
    kt = Transpose k | perm=[0,2,3,1]
    s = MatMul qh kt
    s2 = Mul s 0.5
    p = Softmax s2 | axis=-1
    c = MatMul p vh
    c2 = Transpose c | perm=[0,2,1,3]
    c3 = Reshape c2 [1,10,12]
    o = MatMul c3 wo
"""
_ATTENTION = 4 * 10 * 12 * 12 + 2 * 10 * 10 * 12

_WINDOWS = """
    n = Transpose x | perm=[0,2,3,1]
    a = Reshape n [1,2,4,2,4,12]
    b = Transpose a | perm=[0,1,3,2,4,5]
    c = Reshape b [4,16,12]
    qkv = MatMul c w
    qkv2 = Add qkv b0
    d = Reshape qkv2 [4,16,3,3,4]
    e = Transpose d | perm=[2,0,3,1,4]
    q k v = Split e | axis=0
    q2 = Squeeze q [0]
    k2 = Squeeze k [0]
    v2 = Squeeze v [0]
    kt = Transpose k2 | perm=[0,1,3,2]
    s = MatMul q2 kt
    t = Gather table places | axis=0
    t2 = Reshape t [16,16,3]
    t3 = Transpose t2 | perm=[2,0,1]
    s2 = Add s t3
    p = Softmax s2 | axis=-1
    c1 = MatMul p v2
    c2 = Transpose c1 | perm=[0,2,1,3]
    c3 = Reshape c2 [4,16,12]
    o = MatMul c3 wo
    o2 = Add o bo
    r = Reshape o2 [1,2,2,4,4,12]
    r2 = Transpose r | perm=[0,1,3,2,4,5]
    y = Reshape r2 [1,8,8,12]
"""

CASES = {
    "attention, three projections": Case(
        (1, 10, 12),
        _PROJECTED + _ATTEND + "y = Add o bo",
        {**_QKV, **_BIASES},
        4 * 12 * 12 + 4 * 12,
        _ATTENTION,
        "10x12 -> attention 3",
    ),
    "attention, no biases": Case(
        (1, 10, 12),
        _PROJECTED.replace("Add", "Identity") + _ATTEND + "y = Identity o",
        _QKV,
        4 * 12 * 12,
        _ATTENTION,
        "10x12 -> attention 3 nobias",
    ),
    "attention, a bias at its end": Case(
        (1, 10, 12),
        _PROJECTED.replace("Add", "Identity") + _ATTEND + "y = Add o bo",
        {**_QKV, "bo": (12,)},
        4 * 12 * 12 + 12,
        _ATTENTION,
        "10x12 -> attention 3 nobias -> bn noscale",
    ),
    "attention in windows, with its biases of offsets": Case(
        (1, 12, 8, 8),
        _WINDOWS,
        {
            "w": (12, 36),
            "b0": (36,),
            "wo": (12, 12),
            "bo": (12,),
            "table": (49, 3),
            "places": (256,),
        },
        4 * 12 * 12 + 4 * 12 + 7 * 7 * 3,
        4 * 64 * 12 * 12 + 2 * 64 * 16 * 12,
        "8x8x12 -> attention 3 w4",
    ),
    "a class token and positions": Case(
        (1, 10, 12),
        "c = Concat t x | axis=1\ny = Add c p",
        {"t": (1, 1, 12), "p": (1, 11, 12)},
        12 + 11 * 12,
        0,
        "10x12 -> token 1 -> position",
    ),
    "a product along tokens": Case(
        (1, 10, 12),
        "t = Transpose x | perm=[0,2,1]\nm = MatMul t w\ny = Transpose m | perm=[0,2,1]",
        {"w": (10, 7)},
        70,
        12 * 70,
        "12x10 -> conv 7 k1 nobias",
    ),
    "weights and biases of two layers in one": Case(
        (1, 10, 12),
        """
            wa wb = Split w [12,24] | axis=0
            ba bb = Split b [12,24] | axis=0
            ta = Transpose wa | perm=[1,0]
            tb = Transpose wb | perm=[1,0]
            p = MatMul x ta
            p2 = Add p ba
            p3 = Relu p2
            q = MatMul p3 tb
            y = Add q bb
        """,
        {"w": (36, 12), "b": (36,)},
        36 * 12 + 36,
        10 * 12 * 36,
        "10x12 -> conv 12 k1 -> relu -> conv 24 k1",
    ),
    "a bias that is filled in": Case(
        (1, 3, 6, 6),
        """
            zero = CastLike 0.0 x
            b = Expand zero [4]
            y = Conv x w b
        """,
        {"w": (4, 3, 3, 3)},
        108,
        108 * 16,
        "6x6x3 -> conv 4 k3 nobias",
    ),
    "a sequence of parts": Case(
        (1, 6, 5, 5),
        """
            s = SplitToSequence x [2,4] | axis=1
            a = SequenceAt s [0]
            b = SequenceAt s [1]
            c = Conv a w
            y = Add c b
        """,
        {"w": (4, 2, 1, 1)},
        8,
        8 * 25,
        "5x5x6 -> add[slice 0 2 -> conv 4 k1 nobias | slice 2 6]",
    ),
    "weights on the left": Case(
        (1, 10, 12),
        "y = MatMul w x",
        {"w": (7, 10)},
        70,
        12 * 70,
        "12x10 -> conv 7 k1 nobias",
    ),
    "einsum by weights": Case(
        (1, 12, 4, 5),
        "y = Einsum x w | equation=bchw,cd->bdhw",
        {"w": (12, 7)},
        84,
        20 * 84,
        "4x5x12 -> conv 7 k1 nobias",
    ),
    "einsum by weights of each head": Case(
        (1, 10, 3, 4),
        "r = Reshape x [1,10,3,4]\ny = Einsum r w | equation=blhd,hde->blhe",
        {"w": (3, 4, 5)},
        60,
        10 * 60,
        '3x4x10 -> opaque "Transpose" 10x12 -> conv 15 k1 g3 nobias -> opaque "Transpose" 3x5x10',
    ),
    "a group norm of three nodes": Case(
        (1, 12, 4, 5),
        """
        r = Reshape x [1,3,-1]
        n = InstanceNormalization r one zero
        m = Reshape n [1,12,4,5]
        g = Mul m w
        y = Add g b
        """,
        {"one": (3,), "zero": (3,), "w": (12, 1, 1), "b": (12, 1, 1)},
        24,
        0,
        "4x5x12 -> gn 3",
    ),
    "stacked branches, weighed and summed": Case(
        (1, 3, 8, 8),
        """
        a = Conv x w1
        b = Conv x w2 | pads=[1,1,1,1]
        a2 = Unsqueeze a [1]
        b2 = Unsqueeze b [1]
        s = Concat a2 b2 | axis=1
        y = ReduceSum s [1] | keepdims=0
        """,
        {"w1": (4, 3, 1, 1), "w2": (4, 3, 3, 3)},
        12 + 108,
        64 * 120,
        "8x8x3 -> add[conv 4 k1 nobias | conv 4 k3 p1 nobias]",
    ),
    "heads one behind another": Case(
        (1, 3, 8, 8),
        """
        a = Conv x w
        b = MaxPool a | kernel_shape=[2,2] strides=[2,2]
        a2 = Reshape a [1,4,-1]
        b2 = Reshape b [1,4,-1]
        y = Concat a2 b2 | axis=2
        """,
        {"w": (4, 3, 1, 1)},
        12,
        64 * 12,
        "8x8x3 -> conv 4 k1 nobias -> concat axis=1 [tokens | maxpool 2 -> tokens]",
    ),
    "maps side by side": Case(
        (1, 3, 8, 8),
        "a = Conv x w\nb = Relu x\ny = Concat a b | axis=3",
        {"w": (3, 3, 1, 1)},
        9,
        64 * 9,
        "8x8x3 -> concat axis=2 [conv 3 k1 nobias | relu]",
    ),
    "rows rolled round": Case(
        (1, 3, 8, 8),
        """
        a = Slice x [3] [100] [2]
        b = Slice x [0] [3] [2]
        c = Concat a b | axis=2
        y = Conv c w
        """,
        {"w": (4, 3, 1, 1)},
        12,
        64 * 12,
        "8x8x3 -> conv 4 k1 nobias",
    ),
    "a conv over channels": Case(
        (1, 8, 6, 6),
        """
        g = GlobalAveragePool x
        r = Reshape g [1,1,8]
        c = Conv r w | pads=[1,1]
        s = Sigmoid c
        u = Reshape s [1,8,1,1]
        y = Mul x u
        """,
        {"w": (1, 1, 3)},
        3,
        8 * 3,
        "6x6x8 -> mul[identity | gap -> reshape 8x1 -> conv 1 k3 p1 nobias -> sigmoid"
        " -> reshape 1x1x8]",
    ),
    "a scale of places": Case(
        (1, 3, 8, 8),
        "r = Reshape x [1,3,64]\nt = Mul r w\ny = Reshape t [1,3,8,8]",
        {"w": (1, 64)},
        64,
        0,
        '8x8x3 -> opaque "Transpose" 3x64 -> layerscale -> opaque "Transpose" 8x8x3',
    ),
    "a shift of channels by itself": Case(
        (1, 3, 8, 8),
        "c = Conv x v\nr = Relu c\ny = Add r w",
        {"v": (4, 3, 1, 1), "w": (4, 1, 1)},
        16,
        64 * 12,
        "8x8x3 -> conv 4 k1 nobias -> relu -> bn noscale",
    ),
    "channels to places, and back": Case(
        (1, 12, 4, 5),
        """
        a = Reshape x [1,3,2,2,4,5]
        b = Transpose a | perm=[0,1,4,2,5,3]
        c = Reshape b [1,3,8,10]
        d = Reshape c [1,3,4,2,5,2]
        e = Transpose d | perm=[0,1,3,5,2,4]
        y = Reshape e [1,12,4,5]
        """,
        {},
        0,
        0,
        "4x5x12 -> pixelshuffle 2 -> pixelunshuffle 2",
    ),
    "depth to space": Case(
        (1, 12, 4, 5),
        "y = DepthToSpace x | blocksize=2 mode=CRD",
        {},
        0,
        0,
        "4x5x12 -> pixelshuffle 2",
    ),
    "attention of one node": Case(
        (1, 10, 12),
        """
        q = MatMul x wq
        k = MatMul x wk
        v = MatMul x wv
        a = Attention q k v | q_num_heads=3 kv_num_heads=3
        y = MatMul a wo
        """,
        _QKV,
        4 * 12 * 12,
        _ATTENTION,
        "10x12 -> attention 3 nobias",
    ),
    "one weight for two layers": Case(
        (1, 4, 8, 8),
        """
        a = Conv x w | pads=[1,1,1,1]
        n = BatchNormalization a s b m v
        r = Relu n
        c = Conv r w | pads=[1,1,1,1]
        o = BatchNormalization c s b m v
        y = Relu o
        """,
        {"w": (4, 4, 3, 3), **dict.fromkeys("sbmv", (4,))},
        144 + 8,
        2 * 64 * 144,
        "8x8x4 -> conv 4 k3 p1 nobias -> bn -> relu -> again n_a -> again n_n -> relu",
    ),
    "a cell that is unrolled": Case(
        (1, 12),
        "a = MatMul x w\nb = Tanh a\nc = MatMul b w\nd = Tanh c\nf = MatMul d w\ny = Tanh f",
        {"w": (12, 12)},
        144,
        3 * 144,
        "12 -> fc 12 nobias -> tanh -> again n_a -> tanh -> again n_a -> tanh",
    ),
    "a prelu of one number": Case(
        (1, 3, 8, 8), "y = PRelu x a", {"a": (1,)}, 1, 0, "8x8x3 -> prelu 1"
    ),
    "an average of windows with gaps": Case(
        (1, 3, 9, 9),
        "y = AveragePool x | kernel_shape=[3,3] dilations=[2,2]",
        {},
        0,
        0,
        "9x9x3 -> avgpool 3 s1 d2",
    ),
    "values that several places share": Case(
        (1, 4, 6, 6),
        "c = Conv x w\ng = Gather t places | axis=1\ny = Add c g",
        {"w": (4, 4, 1, 1), "t": (4, 7, 1), "places": (6,)},
        16 + 28,
        36 * 16,
        "6x6x4 -> conv 4 k1 nobias -> position 28",
    ),
    "an instance norm over one axis": Case(
        (1, 5, 11),
        "y = InstanceNormalization x norm.weight norm.bias",
        {"norm.weight": (5,), "norm.bias": (5,)},
        5 + 5,
        0,
        "11x5 -> in affine",
    ),
    "a group norm of one channel": Case(
        (1, 3, 4, 5),
        """
        c = Conv x w
        r = Reshape c [1,1,-1]
        n = InstanceNormalization r one_1 zero_2
        m = Reshape n [1,1,4,5]
        w2 = Unsqueeze norm.weight [1,2]
        b2 = Unsqueeze norm.bias [1,2]
        g = Mul m w2
        y = Add g b2
        """,
        {"w": (1, 3, 1, 1), "one_1": (1,), "zero_2": (1,), "norm.weight": (1,), "norm.bias": (1,)},
        3 + 1 + 1,
        20 * 3,
        "4x5x3 -> conv 1 k1 nobias -> gn 1",
    ),
    "a batch norm by what comes in": Case(
        (1, 4, 19),
        """
        t = Transpose x | perm=[0,2,1]
        mean = ReduceMean t | axes=[0,1] keepdims=0
        m = ReduceMean t | axes=[0,1] keepdims=1
        d = Sub t m
        s = Mul d d
        var = ReduceMean s | axes=[0,1] keepdims=0
        n = BatchNormalization x bn.weight bn.bias mean var
        y = Conv n w
        """,
        {"bn.weight": (4,), "bn.bias": (4,), "w": (2, 4, 3)},
        4 + 4 + 24,
        17 * 24,
        "19x4 -> bn -> conv 2 k3 nobias",
    ),
    "weights that a map and a sequence share": Case(
        (1, 6, 4, 4),
        """
        t = Transpose x | perm=[0,2,3,1]
        a = MatMul t w
        r = Reshape a [1,16,6]
        u = Transpose r | perm=[0,2,1]
        c = Conv u v | pads=[1,1]
        z = Transpose c | perm=[0,2,1]
        y = MatMul z w
        """,
        {"w": (6, 6), "v": (6, 6, 3)},
        36 + 108,
        16 * (36 + 108 + 36),
        "4x4x6 -> conv 6 k1 nobias -> tokens -> conv 6 k3 p1 nobias -> reshape 16x1x6 -> again n_a",
    ),
    "one unit and its bias": Case(
        (1, 8),
        "m = MatMul x dense/MatMul\ny = Add m dense/BiasAdd",
        {"dense/MatMul": (8, 1), "dense/BiasAdd": (1,)},
        8 + 1,
        8,
        "8 -> fc 1",
    ),
    "a scale and a shift of each value": Case(
        (1, 3, 4, 5),
        "c = Conv x w\nm = Mul c ln.weight\ny = Add m ln.bias",
        {"w": (2, 3, 1, 1), "ln.weight": (2, 4, 5), "ln.bias": (2, 4, 5)},
        6 + 40 + 40,
        20 * 6,
        "4x5x3 -> conv 2 k1 nobias -> position -> position",
    ),
    "a gain in standardized weights": Case(
        (1, 3, 8, 8),
        """
        r = Reshape layer.weight [1,4,27]
        n = InstanceNormalization r k_one k_zero
        m = Mul n layer.gain
        w = Reshape m [4,3,3,3]
        y = Conv x w
        """,
        {"layer.weight": (4, 3, 3, 3), "layer.gain": (4, 1)},
        108 + 4,
        36 * 108,
        "8x8x3 -> conv 4 k3 nobias -> layerscale",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_families(name):
    """A family is whole, with the parameters and MACs worked out by hand, as a person writes it."""
    case = CASES[name]
    source, warnings = _translated(case)
    report = Report(parse(source))
    assert (report.total("params"), report.total("macs")) == (case.params, case.macs)
    assert report.is_whole
    assert not {each.code for each in warnings} - {"stands-for-another"}
    assert re.sub(r"\b(n_\w+|layer): ", "", report.text) == case.text


def test_what_is_named_holds_what_is_missing():
    """What a tensor learns is told in a warning; a product of two maps before it is counted."""
    lines = (
        "r = Conv x v\nt = Transpose r | perm=[0,1,3,2]\nm = MatMul r t\nn = Mul m w\ny = Relu n"
    )
    source, warnings = _translated(
        Case((1, 4, 6, 6), lines, {"v": (4, 4, 1, 1), "w": (4, 6, 1)}, 0, 0, "")
    )
    report = Report(parse(source))
    told = " ".join(note for each in warnings for note in each.notes)  # in any language
    assert not report.is_whole
    assert "24" in told
    assert report.total("macs") == prod((4, 6, 6, 6)) + prod((4, 4, 6, 6))
    assert sorted(report.rows[-1].output) == [4, 6, 6]


@pytest.mark.parametrize(("batch", "times"), [(1, 2), (2, 2), (2, 1), (3, 5)])
def test_a_batch_that_is_repeated(batch, times):
    """What is repeated along the batch is worked on as often, all of it where that is put out."""
    lines = f"t = Tile x [{times},1,1,1]\ny = Conv t w"
    case = Case((batch, 3, 6, 6), lines, {"w": (4, 3, 1, 1)}, 0, 0, "")
    report = Report(parse(_translated(case)[0]))
    assert report.total("macs") == times * (batch if times > 1 else 1) * 36 * 12


def test_heads_that_share_keys():
    """Several heads of queries may meet one of keys and values: each meets all its places."""
    lines = """
    q = MatMul x a
    k = MatMul x b
    v = MatMul x c
    y = Attention q k v | q_num_heads=4 kv_num_heads=2
    """
    case = Case((1, 6, 8), lines, {"a": (8, 8), "b": (8, 4), "c": (8, 6)}, 0, 0, "")
    report = Report(parse(_translated(case)[0]))
    assert report.is_whole
    assert report.rows[-1].output in ((6, 12), (6, 4, 3), (2, 12, 3), (4, 6, 3))
    products = 4 * 6 * 6 * 2 + 4 * 6 * 6 * 3
    assert report.total("macs") == 6 * 8 * (8 + 4 + 6) + products
    assert report.total("products") == products


def test_numbers_that_nothing_reads_are_told():
    """Learned numbers that no operator reads are named, and the totals are marked."""
    case = Case((1, 3, 6, 6), "y = Conv x w", {"w": (4, 3, 1, 1), "aux": (7, 11)}, 0, 0, "")
    source, (warning,) = _translated(case)
    assert warning.code == "not-counted"
    assert "77" in " ".join(warning.notes)
    assert Report(parse(source)).total("params") == 12


def test_single_numbers_that_a_module_holds():
    """A scale and a shift of all values are learned where a file stores them by their path."""
    lines = "c = Conv x w\nm = Mul c block.scale\ny = Add m block.shift"
    weights = {"w": (4, 3, 1, 1), "block.scale": (1,), "block.shift": (1,)}
    report = Report(parse(_translated(Case((1, 3, 6, 6), lines, weights, 0, 0, ""))[0]))
    assert report.total("params") == 12 + 2
    assert report.is_whole


@given(
    st.lists(st.sampled_from("stpqzw"), unique=True, min_size=2, max_size=5),
    st.lists(st.sampled_from("stpqzw"), unique=True, min_size=2, max_size=5),
    st.lists(st.integers(1, 4), min_size=6, max_size=6),
    st.randoms(use_true_random=False),
)
def test_products_of_two_maps(one, other, numbers, chance):
    """Any product of two maps, whatever its axes: its size, and a MAC for each of all."""
    size = dict(zip("stpqzw", numbers, strict=True))
    summed = [name for name in one if name in other and chance.random() < 0.5]
    out = [name for name in dict.fromkeys(one + other) if name not in summed]
    chance.shuffle(out)
    if not out:
        return
    equation = f"b{''.join(one)},b{''.join(other)}->b{''.join(out)}"
    shapes = [(1, *(size[name] for name in names)) for names in (one, other)]
    lines = f"""
    f = Flatten x
    p = Reshape f {list(shapes[0])}
    g = Gemm f w
    q = Reshape g {list(shapes[1])}
    y = Einsum p q | equation={equation}
    """.replace(", ", ",")
    counts = [prod(shape) for shape in shapes]
    case = Case((1, counts[0]), lines, {"w": (counts[0], counts[1])}, 0, 0, "")
    report = Report(parse(_translated(case)[0]))
    last = report.rows[-1].output
    assert sorted(n for n in last if n > 1) == sorted(size[n] for n in out if size[n] > 1)
    assert report.is_whole
    products = prod(size[name] for name in {*one, *other})
    assert report.total("macs") == counts[0] * counts[1] + products
    assert report.total("products") == products


@pytest.mark.parametrize(
    "line", ["y = LRN x", "y = Unsqueeze x [1,1]", "y = Unsqueeze x [9]", "y = DepthToSpace x"]
)
@pytest.mark.parametrize("dims", [(1, 4, 6, 6), (), (1,)])
def test_operators_without_what_they_need(line, dims):
    """An operator whose attributes are none of its own is opaque, or a fault of the file."""
    try:
        source, _warnings = _translated(Case(dims, line, {}, 0, 0, ""))
    except Problem as problem:
        assert problem.code in ("nothing-to-read", "size-left-open")
    else:
        assert not Report(parse(source)).total("params")


def test_a_sequence_that_two_layers_read_in_two_ways():
    """Steps first for one, the batch first for the other: there is an end, whatever it is."""
    lines = "a b = LSTM x w r\nc d = LSTM x w r | layout=1\ne = Relu a\ny = Relu c"
    for dims in ((5, 1, 8), (1, 5, 8), (5, 5, 8)):
        case = Case(dims, lines, {"w": (1, 16, 8), "r": (1, 16, 4)}, 0, 0, "")
        try:
            assert Report(parse(_translated(case)[0])).rows
        except Problem as problem:
            assert problem.code == "nothing-to-read"


@pytest.mark.parametrize(
    ("name", "value", "params"),
    [("onnx::Add_3", 0.0, 4), ("norm.bias", 0.0, 8), ("onnx::Add_3", 0.5, 8)],
)
def test_a_shift_of_zeros_that_nobody_named(name, value, params):
    """A norm without a shift is written with one of zeros, under a name that is made up."""
    tensors = [tensor("norm.weight", (4,)), onnx_floats(name, (4,), [value] * 4)]
    nodes = [node("LayerNormalization", f"x norm.weight {name}", "y", axis=-1)]
    made, _warnings = translate("f.onnx", model((1, 10, 4), nodes, tensors))
    assert Report(parse(made)).total("params") == params
