"""The least time on a device: rows and their sum by hand, and datasheets as they are printed."""

import json
from fractions import Fraction

import pytest
from command import printed
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc import check, compare, stack
from cnncalc.speech.problem import Problem
from cnncalc.trace.devices import DEVICES
from cnncalc.trace.dtypes import BITS

PRINTED = {  # TFLOP/s or TOP/s, dense, and GB/s, as their makers print them
    "t4": ({"float32": "8.1", "float16": "65", "int8": "130", "int4": "260"}, "320"),
    "a100": ({"float32": "19.5", "float16": "312", "int8": "624", "int4": "1248"}, "2039"),
    "h100": ({"float32": "67", "float16": "989.5", "int8": "1979"}, "3350"),
    "rtx4090": ({"float32": "82.6", "float16": "165.2", "int8": "660.6"}, "1008"),
    "orin-nano": ({"float32": "1.28", "int8": "20"}, "68"),
    "pi5": ({"float32": "0.1536", "int8": "0.6144"}, "17.068"),  # 4 * 2.4 * 2 * 4 * 2; 4267 * 4
    "stm32h7": ({"float32": "0.00096", "int8": "0.00192"}, "1.92"),  # 0.48 * 2; 0.24 * 8
}


def test_devices_are_as_printed():
    """Each device, by its own maker's figures; halves of what is sparse alone."""
    assert set(PRINTED) == set(DEVICES)
    for name, (peaks, bandwidth) in PRINTED.items():
        device = DEVICES[name]
        assert device.bandwidth == Fraction(bandwidth) * 10**9
        for dtype, peak in peaks.items():
            assert device.peaks[dtype] == Fraction(peak) * 10**12, (name, dtype)
        assert set(device.peaks) <= set(BITS)
        assert device.source


BODIES = [
    "conv 8 k3 p1 -> relu -> add[conv 8 k3 p1 -> bn | identity] -> relu -> gap -> fc 5",
    "conv 4 k3 s2 -> concat[conv 4 k1 | maxpool 3 s1 p1 | dwconv k3 p1] -> flatten -> fc 7",
    "fc 4096 -> fc 10",
]
HELD = ("input", "reference", "flatten", "identity")  # what comes in, and views


@settings(deadline=None)
@given(
    body=st.sampled_from(BODIES),
    side=st.integers(4, 40),
    batch=st.integers(1, 4),
    device=st.sampled_from(sorted(DEVICES)),
    dtype=st.sampled_from(["float32", "float16", "int8"]),
)
def test_times_are_those_of_layers_one_by_one(body, side, batch, device, dtype):
    """Each row by its own volumes and numbers, in exact fractions; the whole is their sum."""
    text = f"{side}x{side}x3 -> {body}"
    if dtype not in DEVICES[device].peaks:
        with pytest.raises(Problem) as caught:
            stack(text, device=device, dtype=dtype)
        assert caught.value.code == "device-lacks-type"
        assert ", ".join(DEVICES[device].peaks) in caught.value.helps[0]
        return
    report = stack(text, device=device, dtype=dtype, batch=batch)
    outputs = [row.output for row in report.rows]
    total, in_memory, all_moved = Fraction(0), Fraction(0), 0

    def values(volume):
        found = 1
        for size in volume:
            found *= size
        return found

    for row in report.rows:
        read = sum(values(outputs[each]) for each in row.inputs)
        moved = batch * (read + values(row.output)) + row.params
        moved = 0 if row.kind in HELD else moved * BITS[dtype] // 8
        by_operations = Fraction(2 * row.macs, DEVICES[device].peaks[dtype])
        by_bytes = Fraction(moved, DEVICES[device].bandwidth)
        time = max(by_operations, by_bytes)
        assert abs(report.value(quantity("roofline"), row) - float(10**6 * time)) < 0.0051
        bound = "memory" if by_bytes > by_operations else "compute"
        assert report.value(quantity("bound"), row) == (bound if time else None)
        total += time
        in_memory += by_bytes if by_bytes > by_operations else 0
        all_moved += moved
    assert report.bytes == all_moved
    assert abs(report.roofline - float(10**6 * total)) < 0.0051
    assert report.bound == ("memory" if 2 * in_memory > total else "compute")
    rounded = (2 * 10**12 * total + 1) // 2  # millionths, half up
    assert check(
        text,
        f"roofline={rounded // 10**6}.{rounded % 10**6:06}",
        device=device,
        dtype=dtype,
        batch=batch,
    ).right


def quantity(name):
    """Return a quantity by its name."""
    from cnncalc.report.quantities import QUANTITIES

    return QUANTITIES[name]


def test_a_conv_and_a_fc_by_hand():
    """On a T4 in float32: a conv of 231,211,008 operations, a fc of 4,096,000 weights."""
    conv = stack("56x56x64 -> conv 64 k3 p1", device="T4").rows[1]
    assert quantity("roofline").of(conv) == 28.54  # 231,211,008 / 8.1e12 s
    assert quantity("bound").of(conv) == "compute"
    fc = stack("4096 -> fc 1000 nobias", device="t4").rows[1]
    assert quantity("roofline").of(fc) == 51.26  # 4 * (4096 + 4,096,000 + 1000) / 320e9 s
    assert quantity("bound").of(fc) == "memory"


def test_the_wider_type_is_multiplied_in():
    """Weights of int4 beside maps of float16 take the peak of float16 and their own bytes."""
    how = {"dtype": "weights=int4,activations=float16", "device": "t4"}
    fc = stack("4096 -> fc 1000 nobias", **how)
    assert fc.roofline == 6.43  # (4,096,000 / 2 + 2 * 5096) / 320e9 s
    conv = stack("56x56x64 -> conv 64 k3 p1", **how)
    assert conv.roofline == 3.56  # 231,211,008 / 65e12 s


def test_every_output_has_it():
    """Columns, --get, --sort, JSON, sweeps, compare and claims; an error without a device."""
    text = "56x56x64 -> conv 64 k3 p1 -> fc 10"
    line = ["stack", text, "--device", "t4"]
    report = stack(text, device="t4")
    _status, out, _err = printed([*line, "--get", "roofline,bound"])
    assert out.split() == [f"{report.roofline}", report.bound]
    _status, out, _err = printed([*line, "--json"])
    found = json.loads(out)
    assert found["device"] == "t4"
    assert found["totals"]["roofline"] == report.roofline
    assert [row["bound"] for row in found["rows"]] == [None, "compute", "memory"]
    _status, out, _err = printed([*line, "--sort", "roofline", "--format", "csv"])
    assert out.splitlines()[1].split(",")[0] == "1"
    two = compare("resnet18", "mobilenet_v2", device="a100", dtype="float16")
    assert [each["roofline"] for each in two.to_dict()["networks"]] == [31.31, 42.41]
    sweep = ["compare", "resnet18", "--sweep", "input=64..128:64", "--columns", "roofline"]
    _status, out, _err = printed([*sweep, "--device", "t4", "--json"])
    assert [each["roofline"] for each in json.loads(out)["points"]] == [
        stack("resnet18", input=f"{side}x{side}x3", device="t4").roofline for side in (64, 128)
    ]
    for words in ([*line[:2], "--get", "roofline"], sweep, [*line[:2], "--sort", "bound"]):
        status, _out, err = printed(words)
        assert (status, "device-needed" in err) == (2, True)
    assert stack(text).roofline is None
    letters = stack("HxWx3 -> conv C k3", device="t4")
    assert (letters.roofline, letters.bound) == (None, None)
    assert check("4096 -> fc 1000", "intensity=0.49926", "bytes=16.41MB").right


@pytest.mark.parametrize("like", ["fvcore", "thop", "ptflops", "torchinfo"])
def test_time_is_of_two_operations_a_mac(like):
    """A device multiplies and adds, whatever another tool calls a FLOP; by hand, 960 GFLOP/s."""
    report = stack("32x32x3 -> [conv 64 k3 p1]*3", device="stm32h7", like=like)
    macs = 32 * 32 * 64 * 9 * (3 + 64 + 64)
    assert report.roofline == round(2 * macs / 0.96e9 * 1e6, 2)
