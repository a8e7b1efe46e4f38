"""Single layers against PyTorch: output, parameters and MACs, measured by running it."""

import json
from collections import Counter
from pathlib import Path

import pytest

import cnncalc

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "layers.jsonl").read_text().splitlines()
]

NOT_SAYABLE = {
    "LayerNorm": "normalises over trailing axes, ours over the channels",
    "LPPool2d": "no layer of ours",
    "Unfold": "no layer of ours",
}

NOT_GEOMETRY = {
    "pad should be at most half": "a pool's padding above half the kernel",
    "max_poolNd() padding should be at most half": "a pool's padding above half the kernel",
    "max_pool1d() padding should be at most half": "a pool's padding above half the kernel",
    "pad should be smaller than or equal to half": "a pool's padding above half the kernel",
    "input image (T:": "AvgPool3d alone compares its kernel with the input before padding",
    "padding='same' is not supported for strided": "same with a stride: ours is TensorFlow's",
    "expected input": "a channel count that the notation cannot say",
    "Given groups=": "a channel count that the notation cannot say",
    "running_mean should contain": "a channel count that the notation cannot say",
    "expected input's size at dim=": "a channel count that the notation cannot say",
    "Expected more than": "a batch of one value in training",
    "expected 5D input": "the rank of the input",
    "expected 4D input": "the rank of the input",
    "could not construct a memory descriptor": "an output of size 0",
    "flatten() has": "axes that the notation cannot say",
}


def option(letter, value):
    """Write a PyTorch argument as an option."""
    sides = value if isinstance(value, list) else [value]
    return letter + "x".join(map(str, sides))


def notation(case):
    """Write a case in the notation; None where it cannot be said."""
    kind, args = case["type"], case["args"]
    volume = [*case["in"][1:], case["in"][0]]
    rank = len(volume) - 1
    words = None
    if kind.startswith("Conv") or kind == "DepthwiseSeparable2d":
        pad = args["padding"]
        words = [
            option("k", args["kernel_size"]),
            option("s", args["stride"]),
            pad if isinstance(pad, str) else option("p", pad),
            option("d", args["dilation"]),
        ]
        if not args["bias"]:
            words.append("nobias")
        if kind == "DepthwiseSeparable2d":
            multiple = args["depth_multiplier"]
            bias = "" if args["bias"] else " nobias"
            words = ["dwconv", *words, f"m{multiple} -> conv {args['out_channels']} k1{bias}"]
        else:
            words.append(option("g", args["groups"]))
            name = "conv"
            if kind.startswith("ConvTranspose"):
                name = "deconv"
                words.append(option("op", args["output_padding"]))
            words = [name, str(args["out_channels"]), *words]
    elif kind.startswith(("MaxPool", "AvgPool")):
        words = [kind[:3].lower() + "pool", option("k", args["kernel_size"])]
        if args["stride"] not in (None, []):
            words.append(option("s", args["stride"]))
        words.append(option("p", args["padding"]))
        if "dilation" in args:
            words.append(option("d", args["dilation"]))
        if args["ceil_mode"]:
            words.append("ceil")
    elif kind.startswith("Adaptive"):
        size = args["output_size"]
        if isinstance(size, list):
            size = [n if each is None else each for n, each in zip(volume, size, strict=False)]
        words = [kind[:-2].lower(), option("", size)]
    elif kind == "Linear":
        if rank:
            return None
        words = ["fc", str(args["out_features"]), *([] if args["bias"] else ["nobias"])]
    elif kind.startswith("BatchNorm"):
        words = ["bn"] if args.get("affine", True) else None
    elif kind == "InstanceNorm2d":
        words = None if args.get("affine") else ["in"]
    elif kind == "GroupNorm":
        words = ["gn", str(args["num_groups"])] if args.get("affine", True) else None
    elif kind == "ReLU":
        words = ["relu"]
    elif kind == "Dropout":
        words = ["dropout", "0.5"]
    elif kind == "PReLU":
        words = ["prelu"] if args["num_parameters"] == volume[-1] else None
    elif kind == "ZeroPad2d":
        pads = args["padding"]
        left, right, top, bottom = pads if isinstance(pads, list) else [pads] * 4
        if min(left, right, top, bottom) < 0:
            return None
        words = ["pad", f"{top}:{bottom}x{left}:{right}"]
    elif kind == "Upsample":
        factor = args.get("scale_factor")
        factors = factor if isinstance(factor, list) else [factor]
        if not all(isinstance(each, int) for each in factors):
            return None
        words = ["upsample", option("", factor)]
    elif kind == "Flatten":
        words = (
            ["flatten"] if (args.get("start_dim", 1), args.get("end_dim", -1)) == (1, -1) else None
        )
    if words is None:
        return None
    return f"{'x'.join(map(str, volume))} -> {' '.join(words)}"


def sort(case):
    """Say whether a case counts, and if not, why."""
    if case["type"] in NOT_SAYABLE:
        return NOT_SAYABLE[case["type"]]
    if "error" in case:
        for words, why in NOT_GEOMETRY.items():
            if words in case["error"]:
                return why
    elif 0 in case["out"]:
        return "a transposed conv's output of size 0, which we refuse"
    if notation(case) is None:
        return f"arguments of {case['type']} that the notation cannot say"
    return "counted"


SORTED = {case["id"]: sort(case) for case in CASES}
COUNTED = [case for case in CASES if SORTED[case["id"]] == "counted"]


def test_how_many_are_counted():
    """Nearly all the measured cases can be said; the rest is left out for a known reason."""
    why = Counter(SORTED.values())
    assert why["counted"] == 1597, why.most_common()


@pytest.mark.parametrize("refused", [False, True])
@pytest.mark.parametrize("step", [4, pytest.param(1, marks=pytest.mark.long)])
def test_layers_equal_pytorch(refused, step):
    """Each layer has PyTorch's output, parameters and MACs, or is refused as PyTorch refuses it."""
    wrong = []
    cases = [case for case in COUNTED if ("error" in case) == refused][::step]
    for case in cases:
        text = notation(case)
        try:
            report = cnncalc.stack(text)
        except cnncalc.Problem as problem:
            if not refused:
                wrong.append((case["id"], text, problem.code))
            continue
        found = [report.output[-1], *report.output[:-1]], report.params, report.macs
        if refused or found != (case["out"], case["params"], case["macs"]):
            wrong.append((case["id"], text, found, case))
    assert len(cases) > 100 // step
    assert not wrong, wrong[:5]
