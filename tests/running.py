"""Exported code, run: each layer's output and parameters, as PyTorch has them."""

from functools import cache

from cnncalc.api.report import Report
from cnncalc.codegen.pytorch.writer import write_pytorch
from cnncalc.importing.sources import read_network

# What each kind of layer may run as, written by hand; {d} is the number of axes.
RUNS_AS = {
    "conv": "Conv{d}d",
    "dwconv": "Conv{d}d",
    "deconv": "ConvTranspose{d}d",
    "local": "Local{d}d",
    "fc": "Linear",
    "linear": "Conv{d}d Linear",
    "maxpool": "MaxPool{d}d",
    "avgpool": "AvgPool{d}d SameAvgPool{d}d",
    "gap": "AdaptiveAvgPool{d}d",
    "gmp": "AdaptiveMaxPool{d}d",
    "adaptiveavgpool": "AdaptiveAvgPool{d}d",
    "adaptivemaxpool": "AdaptiveMaxPool{d}d",
    "flatten": "Flatten",
    "bn": "BatchNorm{d}d BatchNorm1d",
    "ln": "ChannelNorm LayerNorm",
    "gn": "GroupNorm",
    "in": "InstanceNorm{d}d",
    "layerscale": "LayerScale",
    "relu": "ReLU",
    "relu6": "ReLU6",
    "leakyrelu": "LeakyReLU",
    "elu": "ELU",
    "gelu": "GELU",
    "silu": "SiLU",
    "mish": "Mish",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "softmax": "Softmax",
    "hardswish": "Hardswish",
    "hardsigmoid": "Hardsigmoid",
    "prelu": "PReLU",
    "dropout": "Dropout",
    "lrn": "LocalResponseNorm",
    "shuffle": "ChannelShuffle",
    "pad": "ZeroPad{d}d ReflectionPad{d}d ReplicationPad{d}d CircularPad{d}d",
    "crop": "ZeroPad{d}d",
    "slice": "Slice",
    "upsample": "Upsample",
    "resize": "Upsample",
    "reshape": "Unflatten Flatten",
    "tokens": "Flatten",
    "pixelshuffle": "PixelShuffle",
    "pixelunshuffle": "PixelUnshuffle",
    "channelmean": "ChannelMean",
    "channelmax": "ChannelMax",
    "embedding": "Embedding",
    "token": "Token",
    "position": "Position",
    "attention": "Attention",
    "sdpa": "Attend",
    "transpose": "Transpose",
    "lstm": "LSTM LastLSTM",
    "gru": "GRU LastGRU",
    "rnn": "RNN LastRNN",
}
NO_MODULE = {"input", "add", "mul", "max", "product", "concat", "reference", "identity", "output"}
BESIDE = {"Flatten", "Unflatten", "SamePad", "Identity"} | {
    f"{name}Pad{rank}d" for name in ("Zero", "Constant") for rank in (1, 2, 3)
}
"""What stands beside a layer to pad or to flatten for it."""

WHOLE = {"Attention", *(f"SameAvgPool{rank}d" for rank in (1, 2, 3))}
"""Modules of ours that are one layer, though they hold another."""


def network_of(code):
    """Return the class of the network that a module defines: its last."""
    names = {"__name__": "exported"}
    exec(compile(code, "exported", "exec"), names)  # noqa: S102 - the code is ours
    return [each for each in names.values() if getattr(each, "__module__", "") == "exported"][-1]


@cache
def code_of(text):
    """Return the code of a network, which several tests look at."""
    return write_pytorch(read_network(text))[0]


def run(text):
    """Run a network's code without numbers; compare each layer with its row, and the totals."""
    from torch import device, empty, nn  # it may not be there, and is asked for first

    report = Report(read_network(text))
    seen = []

    def hook(module, _inputs, output):
        params = sum(each.numel() for each in module.parameters())
        seen.append((type(module).__name__, tuple(output.shape[1:]), params))

    with device("meta"):
        network = network_of(code_of(text))()
        inputs = [empty(2, each.output[-1], *each.output[:-1]) for each in report.inputs]
    for module in network.modules():
        alone = not list(module.children()) and not isinstance(module, nn.Sequential)
        if module is not network and (alone or type(module).__name__ in WHOLE):
            module.register_forward_hook(hook)
    given = network(*inputs)
    whole = sum(each.numel() for each in network.parameters())
    assert whole == report.params + report.aux["params"]
    rest = iter(seen)
    for row in report.rows:
        if row.kind in NO_MODULE:
            continue
        names = RUNS_AS[row.kind].format(d=max(len(row.input) - 1, 1)).split()
        own = row if row.shared is None else report.rows[row.shared]
        wanted = ((row.output[-1], *row.output[:-1]), own.params)
        name, shape, params = next(rest)
        while name not in names or (name in BESIDE and (shape, params) != wanted):
            assert name in BESIDE, (row.layer, name)
            name, shape, params = next(rest)
        if (shape, params) != wanted and row.kind == "deconv":  # cropped behind it
            assert params == row.params
            name, shape, _ = next(rest)
            assert (name in BESIDE, shape) == (True, wanted[0]), row.layer
            continue
        assert (shape, params) == wanted, row.layer
    assert all(name in BESIDE for name, _shape, _params in rest)
    if not isinstance(given, tuple):
        assert tuple(given.shape[1:]) == (report.output[-1], *report.output[:-1])
