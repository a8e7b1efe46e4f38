"""What fits where a network is to run, against every size tried one by one."""

import json

import pytest
from command import printed
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc import fits, stack
from cnncalc.report.targets import MOST_SIDE
from cnncalc.speech.problem import Problem

NETWORKS = [
    "conv 4 k3 s2 p1 -> relu -> conv 8 k3 p1 -> gap -> fc 3",  # pads of its own at even sizes
    "conv 4 k5 s3 -> add[conv 4 k3 p1 | identity] -> maxpool 2 -> fc 3",
    "conv 6 k3 same -> [conv 6 k3 s2 p1 -> bn -> relu6]*2 -> gap -> fc 3",
    "maxpool 2 -> concat[conv 4 k1 | upsample 2 -> conv 2 k3 s2 p1] -> flatten -> fc 4",
    "a: conv 4 k3 p1 -> maxpool 2 -> conv 4 k3 p1 -> upsample 2 -> concat[identity | @a]",  # even
    "adaptiveavgpool 9 -> conv 4 k3 -> sigmoid",
    "conv 2 k1 -> adaptiveavgpool 7 -> fc 3",
    "reshape 7x7x2 -> conv 4 k3",  # one size alone
]
MOST = 26


def needed(text, how):
    """Return the bytes of ram and flash of a network, None where it does not fit its input."""
    try:
        report = stack(text, **how)
    except Problem:
        return None
    ram = report.peak if how["planner"] != "tflm" else report.arena_head + report.arena_tail
    width = 1 if how["dtype"] == "int8" else 4
    return ram, width * report.weights + 4 * report.biases


@settings(max_examples=4)
@given(
    body=st.sampled_from(NETWORKS),
    how=st.sampled_from([("ours", "float32"), ("inplace-add", "int8"), ("tflm", "int8")]),
    share=st.integers(1, 100),
    side=st.integers(5, 20),
)
@pytest.mark.filterwarnings("ignore::cnncalc.NetworkWarning")
def test_the_largest_square_is_the_last_that_fits(body, how, share, side):
    """Every side is tried; parts are what a size in the middle needs, more or less of it."""
    how = dict(zip(("planner", "dtype"), how, strict=True))
    all_needs = {
        each: found
        for each in range(1, MOST + 1)
        if (found := needed(f"{each}x{each}x2 -> {body}", how))
    }
    own = side if side in all_needs else min(all_needs)
    ram, flash = all_needs[own]
    ram = max(ram * (50 + share) // 100, 1)
    fitting = [
        each for each, (one, other) in all_needs.items() if one <= ram and other <= 2 * flash
    ]
    found = fits(f"{own}x{own}x2 -> {body}", f"ram={ram}B,flash={2 * flash} bytes", **how)
    assert [need.bytes for need in found.needs] == list(all_needs[own])
    assert found.right == (own in fitting)
    if max(fitting, default=0) < MOST - 1:  # else it may lie beyond
        assert found.largest == ((max(fitting),) * 2 + (2,) if fitting else None)


def test_published_boards():
    """MobileNet-v2 in 256 KiB: MCUNetV2's 1,372 KiB are over by 1,116 KiB."""
    how = {"dtype": "int8", "planner": "inplace-depthwise"}
    found = fits("mobilenet_v2", "ram=256KiB", **how)
    assert found.needs[0].over == (1372 - 256) * 1024
    assert not found.right
    side = found.largest[0]
    assert stack("mobilenet_v2", input=f"{side}x{side}x3", **how).peak <= 256 * 1024
    assert stack("mobilenet_v2", input=f"{side + 1}x{side + 1}x3", **how).peak > 256 * 1024


def test_what_does_not_grow_is_open():
    """Flash that holds a network with a global pool holds it at any size."""
    found = fits("resnet18", "flash=100MB")
    assert found.right
    assert found.found.is_open
    assert found.largest == (MOST_SIDE, MOST_SIDE, 3)
    assert fits("32 -> fc 10", "flash=1KB").largest is None


def test_biases_beside_integers():
    """In TensorFlow Lite a bias has 32 bits, and 64 beside maps of int16."""
    text = "8x8x3 -> conv 5 k3 -> prelu"  # 135 weights, 5 biases; 5 weights
    assert stack(text, dtype="int8").flash == 140 + 4 * 5
    assert stack(text, dtype="weights=int8,activations=int16").flash == 140 + 8 * 5
    assert stack(text, dtype="weights=int4,activations=int8").flash == 68 + 3 + 4 * 5
    assert stack(text, dtype="float16").flash == 2 * 145


def test_the_command_answers_alike():
    """JSON is what Python has; the status says whether it fits."""
    text = "28x28x1 -> conv 8 k3 -> gap -> fc 10"
    line = ["stack", text, "--fits", "ram=4KiB,flash=1KiB", "--dtype", "int8", "--json"]
    found = fits(text, "ram=4KiB,flash=1KiB", dtype="int8")
    status, out, _err = printed(line)
    assert (status, json.loads(out)) == (1, found.to_dict())
    assert "It does not fit: over in ram." in str(found)
    line[3] = "8KiB"
    status, out, _err = printed(line)
    assert (status, json.loads(out)) == (0, fits(text, "8KiB", dtype="int8").to_dict())


@pytest.mark.parametrize(
    ("budget", "how", "code"),
    [
        ("ram=1", {}, "size-unreadable"),
        ("ram=", {}, "size-unreadable"),
        ("rom=1KB", {}, "unknown-part"),
        ("ram=1KB,ram=2KB", {}, "unknown-part"),
        ("ram=1KB,2KB", {}, "unknown-part"),
        ("8GiB", {"batch": 2}, "batch-given"),
        ("ram=1KB", {"planner": "tflm"}, "planner-needs-int8"),
        ("1MiB", {"planner": "tflm", "dtype": "int8"}, "planner-needs-int8"),
    ],
)
def test_what_says_no_memory(budget, how, code):
    """What cannot be read, or does not go together, is a fault of the question."""
    with pytest.raises(Problem) as caught:
        fits("8x8x3 -> conv 4 k3", budget, **how)
    assert caught.value.code == code


def test_batches_of_what_is_trained_in_part():
    """What --freeze leaves to be trained has states; no batch is larger than one of inference."""
    text = "32x32x3 -> a: conv 8 k3 p1 -> b: conv 8 k3 p1 -> fc 10"
    frozen, free = fits(text, "8MiB", freeze="a"), fits(text, "8MiB")
    report = stack(text, freeze="a")
    held = {each.use: (each.fixed, each.each) for each in frozen.found}
    maps = 4 * (8192 + 2 * 8192 + 2 * 10)  # a's output once, b's and the scores twice
    assert held["training-adam"] == (4 * (4 * report.trainable + report.frozen), maps)
    assert all(frozen.batches[use] >= free.batches[use] for use in free.batches)
    head = fits(text, "8MiB", freeze=("a", "b"))
    assert max(head.batches.values()) == head.batches["inference"]
