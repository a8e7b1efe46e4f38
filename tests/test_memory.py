"""Memory: worked out by hand, as lectures list it, and as people write it."""

import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from variations import variations

from cnncalc import stack
from cnncalc.importing.sources import read_network
from cnncalc.numbers.figures import size_of
from cnncalc.report.report import Report
from cnncalc.trace.fits import fits
from cnncalc.trace.memory import written
from cnncalc.trace.memory_rules import MEMORY_RULES

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "memory.jsonl").read_text().splitlines()
]


def test_residual_block():
    """What a residual block holds, by hand; T is a map of 56*56*64 = 200,704 values.

    row                    holds               values
    0  input               x                   T
    1  conv 64 k3 p1       x, a                2T
    2  relu, in place      x, a                2T
    3  conv 64 k3 p1       x, a, b             3T
    4  identity: x itself  x, b                2T
    5  add                 x, b, x + b         3T
    6  relu, in place      x + b               T
    """
    report = stack("56x56x64 -> add[conv 64 k3 p1 -> relu -> conv 64 k3 p1 | identity] -> relu")
    assert [row.peak // (4 * 200_704) for row in report.rows] == [1, 2, 2, 3, 2, 3, 1]
    assert report.peak == 3 * 200_704 * 4
    assert report.forward.fullest == 3


def test_preactivation():
    """In place over what the shortcut still needs, a norm takes memory of its own.

    x is read again at the end: bn writes y beside it; relu writes over y; conv reads y, writes z.
    """
    report = stack("8x8x4 -> add[bn -> relu -> conv 4 k1 | identity]")
    assert [row.peak // (4 * 256) for row in report.rows] == [1, 2, 2, 3, 2, 3]


def test_inception_module():
    """What GoogLeNet's module 3a holds, by hand, in maps of 28*28 = 784 values.

    row                  holds beside what it writes                        maps
    0  input                                                                192
    1  conv 64 k1        x 192                                              256
    2  conv 96 k1        x 192, 64                                          352
    3  conv 128 k3 p1    x 192, 64, 96                                      480
    4  conv 16 k1        x 192, 64, 128                                     400
    5  conv 32 k5 p2     x 192, 64, 128, 16                                 432
    6  maxpool 3 s1 p1   x 192, 64, 128, 32; it writes 192                  608
    7  conv 32 k1        64, 128, 32, 192; x is not read again              448
    8  concat            64, 128, 32, 32; it writes 256                     512
    """
    report = stack(
        "28x28x192 -> concat[conv 64 k1 | conv 96 k1 -> conv 128 k3 p1"
        " | conv 16 k1 -> conv 32 k5 p2 | maxpool 3 s1 p1 -> conv 32 k1]"
    )
    maps = [192, 256, 352, 480, 400, 432, 608, 448, 512]
    assert [row.peak for row in report.rows] == [4 * 784 * each for each in maps]
    assert report.peak == 608 * 784 * 4


def test_labels_and_outputs_are_kept():
    """What a label names is held until it is read; what is marked as an output, to the end."""
    kept = stack("8x8x1 -> a: conv 1 k1 -> conv 1 k1 -> conv 1 k1 -> concat[identity | @a]")
    assert [row.peak // 256 for row in kept.rows] == [1, 2, 2, 3, 2, 2, 4]
    lost = stack("8x8x1 -> a: conv 1 k1 -> conv 1 k1 -> conv 1 k1 -> concat[identity | identity]")
    assert [row.peak // 256 for row in lost.rows] == [1, 2, 2, 2, 1, 1, 3]
    marked = stack("8x8x1 -> conv 1 k1 -> output -> conv 1 k1 -> conv 1 k1")
    assert [row.peak // 256 for row in marked.rows] == [1, 2, 1, 2, 3]


def test_auxiliary_classifiers_are_left_out():
    """At inference they do not run: neither do they hold anything, nor is their peak the peak."""
    with_aux = stack("8x8x1 -> conv 1 k1 -> aux[conv 99 k1 -> fc 10] -> conv 1 k1")
    without = stack("8x8x1 -> conv 1 k1 -> conv 1 k1")
    assert with_aux.peak == without.peak
    assert [row.peak for row in with_aux.rows if row.aux] == [0, 0]
    assert with_aux.aux["memory"] == 4 * (64 * 99 + 10)


# CS231n's listing of VGG-16 (cs231n.github.io/convolutional-networks, "VGGNet in detail"): the
# values of each of its rows, as they work out; its own page rounds them and adds them up to 24M.
CS231N = [
    *(224 * 224 * 3, 224 * 224 * 64, 224 * 224 * 64, 112 * 112 * 64),
    *(112 * 112 * 128, 112 * 112 * 128, 56 * 56 * 128),
    *(56 * 56 * 256, 56 * 56 * 256, 56 * 56 * 256, 28 * 28 * 256),
    *(28 * 28 * 512, 28 * 28 * 512, 28 * 28 * 512, 14 * 14 * 512),
    *(14 * 14 * 512, 14 * 14 * 512, 14 * 14 * 512, 7 * 7 * 512),
    *(4096, 4096, 1000),
]


def test_vgg16_as_cs231n_lists_it():
    """Row for row: 150,528; 3,211,264; ...; 15,237,608 values = 60.95 MB = 58.13 MiB."""
    report = stack("vgg16")
    assert [row.activations for row in report.rows if row.activations] == CS231N
    assert report.activations == sum(CS231N) == 15_237_608
    assert report.memory == 60_950_432
    assert written(report.memory) == "60.95 MB = 58.13 MiB"
    assert written(1) == "1 byte"
    assert report.peak == 2 * 224 * 224 * 64 * 4


def test_training():
    """Activations twice, parameters 2, 3 and 4 times, each of the bytes of its type."""
    report = stack("32x32x3 -> conv 10 k5 p2", batch=16, dtype="float16")
    activations, params = 2 * 16 * (32 * 32 * 3 + 32 * 32 * 10), 2 * 760
    assert report.memory == activations
    assert report.training_sgd == 2 * activations + 2 * params
    assert report.training_momentum == 2 * activations + 3 * params
    assert report.training_adam == 2 * activations + 4 * params


@given(
    budget=st.integers(1, 10**8), n=st.integers(3, 40), dtype=st.sampled_from(["float32", "int8"])
)
def test_the_largest_batch_fits_and_no_larger_one(budget, n, dtype):
    """What `--fits` answers is held to the quantities of that batch, and of one input more."""
    text = f"{n}x{n}x3 -> conv 8 k3 -> add[relu -> conv 8 k1 | identity] -> fc 10"
    one = stack(text, dtype=dtype)

    def held(use, batch):
        report = stack(text, batch=batch, dtype=dtype)
        if use == "inference":
            return report.params_memory + report.peak
        return report.total(use)

    totals = (one.params_memory, one.peak, one.training_sgd, one.training_momentum)
    found = fits(budget, *totals)
    assert [each.use for each in found] == [
        *("inference", "training-sgd", "training-momentum", "training-adam"),
    ]
    for each in found:
        assert each.batch == 0 or held(each.use, each.batch) <= budget
        assert held(each.use, each.batch + 1) > budget


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("8GiB", 8 * 2**30),
        ("8gib", 8 * 2**30),
        ("8 GB", 8 * 10**9),
        ("512MB", 512 * 10**6),
        ("1.5 MiB", 3 * 2**19),
        ("1,024 KB", 1_024_000),
        ("12 bytes", 12),
        ("2 terabytes", 2 * 10**12),
        ("3 mebibytes", 3 * 2**20),
        ("0.5KiB", 512),
        ("8G", None),
        ("8", None),
        ("GB", None),
        ("-8GB", None),
        ("8iB", None),
        ("8GBB", None),
        ("9" * 5000 + "GB", None),
    ],
)
def test_sizes(text, size):
    """Powers of 1000 and of 1024 are told apart, and a size without its unit is none."""
    assert size_of(text) == size


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.00 KB = 0.98 KiB"),
        (1024, "1.02 KB = 1.00 KiB"),
        (4_385_000, "4.39 MB = 4.18 MiB"),
        (2**40, "1.10 TB = 1.00 TiB"),
        (5 * 10**18, "5,000,000.00 TB = 4,547,473.51 TiB"),
    ],
)
def test_the_unit_printed_is_the_one_computed(size, text):
    """MB is 10^6 bytes and MiB 2^20, in whole-number arithmetic."""
    assert written(size) == text


@pytest.mark.long
def test_a_million_layers():
    """The peak of a million rows takes lists of them, and no more than seconds."""
    report = stack("8x8x3 -> [conv 8 k3 p1 -> relu]*200000")
    assert report.peak == 2 * 8 * 8 * 8 * 4
    assert report.forward.fullest == 3


def held_by(rule, network, **settings):
    """Return the bytes of each row of a network by a rule."""
    return MEMORY_RULES[rule].of(list(stack(network, **settings).rows))


@pytest.mark.filterwarnings("ignore::cnncalc.NetworkWarning")
@variations("case", CASES, 6, ids=lambda c: f"{c['network']}-{c['tool']}")
def test_what_tools_print(case):
    """To the byte; but MobileNet-v2 has blocks without a sum, which torchsummary counts as well."""
    found = sum(held_by(f"{case['tool']}-memory", case["network"]))
    if (case["network"], case["tool"]) == ("mobilenet_v2", "torchsummary"):
        assert 0.98 * case["bytes"] < found < case["bytes"]
        return
    assert found == case["bytes"]
    unit = 2**20 if case["tool"] == "torchsummary" else 10**6
    assert f"{found / unit:.2f}" == case["printed"]


def test_sums_and_depthwise_convs_in_place():
    """As ResNet-50 and MobileNet-v2 (in int8) were published, and by hand, in maps of 64*4 = 256.

    Of the sum one branch is overwritten, the one that nothing reads later.
    """
    assert max(held_by("inplace-add", "resnet50")) == (200_704 + 802_816 + 802_816) * 4
    assert max(held_by("inplace-depthwise", "mobilenet_v2", dtype="int8")) == 112**2 * (16 + 96)
    line = "8x8x4 -> add[conv 4 k1 | identity]"
    assert held_by("inplace-add", line) == [1024, 2048, 1024 * 2, 2048]
    assert [row.peak for row in stack(line).rows] == [1024, 2048, 2048, 3072]
    kept = "8x8x4 -> add[a: conv 4 k1 | identity] -> concat[@a | identity]"
    assert held_by("inplace-add", kept)[3] == 2048
    grows = "8x8x4 -> dwconv 8 k3 p1"
    assert held_by("inplace-depthwise", grows) == [row.peak for row in stack(grows).rows]


@pytest.mark.parametrize("layer", ["relu", "conv 3 k1"])
def test_a_layer_holds_a_few_bytes(layer):
    """What a pass keeps of each row of a long network is 8 bytes at most, learned or not."""

    def most(count):
        network = read_network(f"8x8x3 -> [[{layer}]*(1+0*i)]*{count}")  # each round is walked
        tracemalloc.start()
        Report(network, keep_rows=False)
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return held

    most(10)  # what is kept for networks to come
    assert (most(1_500) - most(500)) / 1_000 < 8
