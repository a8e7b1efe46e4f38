"""Newer kinds of layer against PyTorch and Keras, measured by running them."""

import json
from collections import Counter
from math import floor
from pathlib import Path

import pytest
from variations import variations

import cnncalc

DATA = Path(__file__).parent / "data"
CASES = [json.loads(line) for line in (DATA / "layers_newer.jsonl").read_text().splitlines()]
KERAS = [json.loads(line) for line in (DATA / "layers_keras.jsonl").read_text().splitlines()]

NOT_SAYABLE = {
    "align_corners": "an argument that changes nothing here",
    "only one of size": "a call, no layer",
    "Got 3D input": "the rank of a mode",
    "mat1 and mat2": "a channel count that the notation cannot say",
    "input.size(-1) must": "a channel count that the notation cannot say",
    "Given normalized_shape": "a channel count that the notation cannot say",
    "proj_size": "no argument of ours",
}
"""Refusals of what the notation has no words for."""


def sizes(value):
    """Write sizes as the notation has them."""
    return "x".join(map(str, value if isinstance(value, list) else [value]))


def around(case):
    """Write a padding of PyTorch's, the last axis first; None where it crops."""
    rank = len(case["in_cl"]) - 1
    pads = case["args"]["padding"]
    pads = pads if isinstance(pads, list) else [pads] * (2 * rank)
    if min(pads) < 0:
        return None
    pairs = [f"{pads[at]}:{pads[at + 1]}" for at in range(0, 2 * rank, 2)]
    return "pad " + "x".join(pairs[::-1])


def resized(case):
    """Write a resampling; to the size that a factor gives, as PyTorch rounds it down."""
    args, volume = case["args"], case["in_cl"]
    size = args.get("size")
    if size is None:
        factors = args["scale_factor"]
        factors = factors if isinstance(factors, list) else [factors] * (len(volume) - 1)
        size = [floor(n * each) for n, each in zip(volume, factors, strict=False)]
    return f"resize {sizes(size)}" + (" bilinear" if "linear" in args["mode"] else "")


def flags(args, *names):
    """Return those flags that are set, and `nobias` where there is none."""
    found = [flag for name, flag in names if args.get(name)]
    return [*found, *([] if args.get("bias", args.get("use_bias", True)) else ["nobias"])]


def recurrent(case):
    """Write a recurrent layer of PyTorch's."""
    args = case["args"]
    if args.get("proj_size"):
        return None
    words = [case["kind"].lower(), str(args["hidden_size"]), f"layers{args['num_layers']}"]
    return " ".join([*words, *flags(args, ("bidirectional", "bi"))])


def attention(case):
    """Write an attention of PyTorch's, where it attends to itself."""
    args = case["args"]
    if {"kdim", "vdim", "add_bias_kv", "add_zero_attn"} & set(args) or "key_value" in case:
        return None
    return " ".join([f"attention {args['num_heads']}", *flags(args)])


def deformed(case):
    """Write a deformable convolution with the conv of its offsets."""
    args = case["args"]
    words = ["deformconv", str(args["out_channels"]), f"k{sizes(args['kernel_size'])}"]
    words += [f"{name[0]}{sizes(args[name])}" for name in ("stride", "padding", "dilation")]
    words += [f"g{args['groups']}", f"dg{case['deformable_groups']}"]
    return " ".join([*words, *(["mask"] if case["mask"] else []), *flags(args)])


def causal(case):
    """Write a causal convolution."""
    args = case["args"]
    words = ["conv", str(args["out_channels"]), "causal"]
    for letter, name in (("k", "kernel_size"), ("s", "stride"), ("d", "dilation"), ("g", "groups")):
        words.append(f"{letter}{args[name]}")
    return " ".join([*words, *flags(args)])


def unflattened(case):
    """Write a reshape: PyTorch's sizes have the channels first, and -1 is what is left."""
    wanted, known = case["args"]["unflattened_size"], 1
    for size in wanted:
        known *= size if size > 0 else 1
    first, *rest = [size if size > 0 else max(case["in_cl"][-1] // known, 1) for size in wanted]
    return f"reshape {sizes([*rest, first])}"


WRITTEN = {
    "interpolate": resized,
    "interpolate1d": resized,
    "PixelShuffle": lambda case: f"pixelshuffle {case['args']['upscale_factor']}",
    "PixelUnshuffle": lambda case: f"pixelunshuffle {case['args']['downscale_factor']}",
    "Embedding": lambda case: "embedding {num_embeddings} {embedding_dim}".format(**case["args"]),
    "LSTM": recurrent,
    "GRU": recurrent,
    "RNN": recurrent,
    "MultiheadAttention": attention,
    "CausalConv1d": causal,
    "DeformConv2d": deformed,
    "Unflatten": unflattened,
    "channel_mean": lambda _case: "channelmean",
    "channel_max": lambda _case: "channelmax",
    "channel_mean+max": lambda _case: "concat[channelmean | channelmax]",
    "cbam_spatial_gate": lambda case: (
        "mul[identity | concat[channelmean | channelmax]"
        f" -> conv 1 k{case['args']['kernel_size']} same nobias -> sigmoid]"
    ),
    **dict.fromkeys(("ZeroPad2d",), around),
    **{
        f"{name}{rank}d": lambda case, flag=flag: (text := around(case)) and f"{text} {flag}"
        for name, flag in (
            ("ReflectionPad", "reflect"),
            ("ReplicationPad", "replicate"),
            ("CircularPad", "circular"),
        )
        for rank in (1, 2)
    },
}
"""What each kind of case is in the notation; None: not sayable."""

LATER = {"Linear(sequence)", "Linear(map)", "GroupNorm", "LayerNorm(channels)"}
"""Kinds that other tests hold."""

LEAST = {
    "interpolate": 40,
    "PixelShuffle": 20,
    "PixelUnshuffle": 20,
    "Embedding": 20,
    "LSTM": 15,
    "GRU": 15,
    "RNN": 15,
    "MultiheadAttention": 15,
    "CausalConv1d": 12,
    "DeformConv2d": 20,
    "Unflatten": 20,
    "ReflectionPad2d": 12,
}
"""How many cases of a kind are compared at least, where they are many."""


def compare(case):
    """Compare a case with its notation; return whether it could be said."""
    text = WRITTEN[case["kind"]](case)
    if text is None or any(part in case.get("error", "") for part in NOT_SAYABLE):
        return False
    network = f"{sizes(case['in_cl'])} -> {text}"
    if "error" in case:
        with pytest.raises(cnncalc.Problem):
            cnncalc.stack(network)
        return True
    report = cnncalc.stack(network)
    assert list(report.output) == case["out_cl"], network
    assert report.params == case.get("params_with_offset_conv", case["params"]), network
    assert report.macs == case.get("macs_with_offset_conv", case["macs"]), network
    if "last_step" in case:
        assert list(cnncalc.stack(f"{network} last").output) == case["last_step"]
    return True


@variations("kind", sorted({case["kind"] for case in CASES} - LATER), 8)
def test_newer_layers(kind):
    """Output, parameters and MACs of each case are PyTorch's, and so are its refusals."""
    count = sum(compare(case) for case in CASES if case["kind"] == kind)
    assert count >= LEAST.get(kind, 5)


def test_products():
    """The products of two maps are a class of their own among the MACs."""
    for case in CASES:
        if case.get("macs_products") and (text := attention(case)):
            row = cnncalc.stack(f"{sizes(case['in_cl'])} -> {text}").rows[-1]
            assert row.measure.products == case["macs_products"]


def keras_words(case):
    """Write a layer of Keras'; None for those that are no newer kind."""
    kind, args = case["kind"], case["args"]
    inner = kind.removeprefix("Bidirectional(").removesuffix(")")
    name = {"LSTM": "lstm", "GRU": "gru", "SimpleRNN": "rnn"}.get(inner)
    if name and args.get("merge_mode", "concat") == "concat":
        two = name == "gru" and args.get("reset_after", True)
        one = [] if two or not args.get("use_bias", True) else ["onebias"]
        last = [] if args["return_sequences"] else ["last"]
        both = ["bi"] if inner != kind else []
        return " ".join([name, str(args["units"]), *both, *last, *one, *flags(args)])
    if kind == "MultiHeadAttention" and "output_shape" not in args and "value_dim" not in args:
        return " ".join([f"attention {args['num_heads']} d{args['key_dim']}", *flags(args)])
    if kind == "Embedding":
        return f"embedding {args['input_dim']} {args['output_dim']}"
    if kind == "Conv2DTranspose" and args["padding"] == "same":
        end = args.get("output_padding")
        words = [f"deconv {args['filters']} k{args['kernel_size']} s{args['strides']} same"]
        return " ".join([*words, *([] if end is None else [f"op{end}"]), *flags(args)])
    if kind == "Conv1D" and args["padding"] == "causal":
        words = [f"conv {args['filters']} k{args['kernel_size']} causal"]
        words.append(f"d{args.get('dilation_rate', 1)} s{args.get('strides', 1)}")
        return " ".join([*words, *flags(args)])
    return None


def test_keras():
    """Sizes and parameters are Keras' where it has its own conventions."""
    counts = Counter()
    for case in KERAS:
        text = keras_words(case)
        if text is None or "error" in case:
            continue
        report = cnncalc.stack(f"{sizes(case['in'])} -> {text}")
        assert list(report.output) == case["out"], (case, text)
        assert report.params == case["params"], (case, text)
        counts[case["kind"]] += 1
    assert counts["MultiHeadAttention"] == 13
    assert counts["Conv2DTranspose"] == 17
    assert counts.total() == 109


def test_attention_as_others_count_it():
    """One ViT-B block's attention is, twice, what FlopCounterMode counts with the math kernel."""
    report = cnncalc.stack("197x768 -> attention 12")
    assert report.total("products") == 59_610_624
    assert report.macs == 464_781_312 + 59_610_624
    assert cnncalc.stack("197x768 -> fc 10").total("products") == 0


@pytest.mark.parametrize(
    ("volume", "heads", "keys"),
    [("50x96", 4, None), ("7x9x64", 2, 12), ("30x256", 2, 32), ("5x4x3x24", 1, 5)],
)
def test_products_of_given_heads(volume, heads, keys):
    """Queries, keys and values that come in stacked cost what FlopCounterMode counts of them."""
    torch = pytest.importorskip("torch")
    from torch.utils.flop_counter import FlopCounterMode

    report = cnncalc.stack(f"{volume} -> sdpa {heads}" + (f" d{keys}" if keys else ""))
    *axes, channels = map(int, volume.split("x"))
    keys = keys or channels // (3 * heads)
    places = torch.randn(1, heads, torch.Size(axes).numel(), keys)
    values = torch.randn(1, heads, places.shape[2], channels // heads - 2 * keys)
    with FlopCounterMode(display=False) as counter:
        found = torch.softmax(places @ places.transpose(2, 3), 3) @ values
    assert report.output == (*axes, found.shape[1] * found.shape[3])
    assert 2 * report.macs == 2 * report.products == counter.get_total_flops()
    assert report.params == 0


def test_no_channels_for_values():
    """Queries and keys that take all channels are refused."""
    with pytest.raises(cnncalc.Problem) as found:
        cnncalc.stack("10x64 -> sdpa 2 d16")
    assert found.value.code == "queries-do-not-fit"


@pytest.mark.parametrize(
    ("call", "output", "params"),
    [
        ("Bidirectional(LSTM(8))", (16,), 2 * 4 * 8 * (16 + 8 + 1)),
        ("Bidirectional(layer=GRU(4, return_sequences=True))", (20, 8), 2 * 3 * 4 * (16 + 4 + 2)),
        ("layers.Bidirectional(keras.layers.SimpleRNN(3))", (6,), 2 * 3 * (16 + 3 + 1)),
        ("TimeDistributed(Dense(3, activation='relu'))", (20, 3), 16 * 3 + 3),
        ("TimeDistributed(TimeDistributed(Dense(3)))", (20, 3), 16 * 3 + 3),
        ("Bidirectional(LSTM(8), merge_mode='sum')", (8,), 2 * 4 * 8 * (16 + 8 + 1)),
        ("Dense(3, activation=layers.ReLU())", (20, 3), 16 * 3 + 3),
        ("Bidirectional(LSTM(8), merge_mode=None)", None, 0),
        ("Bidirectional(LSTM(8), backward_layer=LSTM(9))", None, 0),
        ("TimeDistributed(Flatten())", None, 0),
        ("TimeDistributed('x')", None, 0),
        ("Bidirectional(5)", None, 0),
        ("TimeDistributed([Dense(3)])", None, 0),
        ("Bidirectional(Dense(3))", None, 0),
    ],
)
@pytest.mark.filterwarnings("ignore::cnncalc.NetworkWarning")
def test_calls_that_wrap_a_call(call, output, params):
    """A pasted call of Keras with a layer in it is that layer, as Keras counts it, or refused."""
    if output is None:
        with pytest.raises(cnncalc.Problem) as refused:
            cnncalc.stack(f"20x16 -> {call}")
        assert refused.value.code == "call-not-read"
        return
    report = cnncalc.stack(f"20x16 -> {call}")
    assert (report.output, report.params) == (output, params)
