"""Modules of PyTorch and Keras take what their frameworks say, and are what those measure."""

import ast
import json
from contextlib import suppress
from pathlib import Path

import pytest
from variations import variations

from cnncalc.importing.sources import read_text
from cnncalc.kinds import filled, keras, modules, pytorch
from cnncalc.kinds.frameworks import find
from cnncalc.kinds.modules import (
    ACTIVATION,
    CHANNELS,
    KERAS,
    LAYER,
    PYTORCH,
    SHAPE,
    STEPPED,
    ModuleError,
)
from cnncalc.kinds.table import KINDS, NAMES, REQUIRED
from cnncalc.report.report import Report
from cnncalc.speech.problem import Problem

DATA = Path(__file__).parent / "data"
SIGNATURES = json.loads((DATA / "signatures.json").read_text())
ALL = [*pytorch.MODULES.values(), *keras.MODULES.values()]
IN_RULES = {"multiplier", "causal"}


def literal(text):
    """Return a default as it is written, one for all axes where they agree."""
    try:
        value = ast.literal_eval(text)
    except ValueError:
        return text
    while isinstance(value, tuple) and value and len(set(value)) == 1:
        value = value[0]
    return value


@pytest.mark.parametrize("framework", SIGNATURES)
def test_arguments_are_the_frameworks(framework):
    """Each argument of a signature is known, in its place and with its default."""
    for name, signature in SIGNATURES[framework].items():
        module = find(name, framework)
        for argument, default, *_named in signature:
            takes = module.argument(argument)
            assert takes, (name, argument)
            if default is not None and not (takes.named and framework == KERAS):
                assert literal(repr(takes.default)) == literal(default), (name, argument)
        placed = [each.name for each in module.takes if not each.named]
        order = [argument for argument, _default, *named in signature if named != [True]]
        assert placed == (order if framework == PYTORCH else order[: len(placed)]), name


ODD = ("0", "[[0]]", "0.5", "(0, 1)", "{}", "None", "-1", "...", "''", "10**40", "nn.ReLU()")


@variations("odd", ODD, 1)
def test_arguments_that_no_layer_takes(odd):
    """A number too small, or a value of another kind, is a fault, whichever argument it is of."""
    for module in ALL:
        prefix = "nn" if module.framework == PYTORCH else "layers"
        needed = {each.name: "4" for each in module.takes or () if each.default is REQUIRED}
        needed |= {each: "nn.LSTM(3, 4)" for each in needed if module.argument(each).ours == LAYER}
        for takes in module.takes or () if module.rank in (2, None) else ():
            given = ", ".join(
                f"{name}={text}" for name, text in {**needed, takes.name: odd}.items()
            )
            with suppress(Problem):
                Report(read_text(f"8x8x4 -> {prefix}.{module.name}({given})"))


@pytest.mark.parametrize(
    ("call", "fact"),
    [
        ("nn.Conv2d(4, 3, 1, 000)", "the stride of 'conv' must be at least 1"),
        ("layers.MaxPooling2D(0)", "the kernel of 'maxpool' must be at least 1"),
        ("nn.Upsample(scale_factor=0)", "the factor of 'upsample' must be at least 1"),
    ],
)
def test_numbers_too_small_in_calls(call, fact):
    """It is said which number is too small, as of the notation."""
    with pytest.raises(Problem) as found:
        Report(read_text(f"8x8x4 -> {call}"))
    assert found.value.message == fact


def test_each_module_is_whole():
    """What an argument gives is an argument of a kind of ours, or one that is known to come."""
    for module in ALL:
        kind = NAMES.get(module.kind)
        assert kind or not module.kind, module
        for takes in module.takes or ():
            if kind and takes.ours not in ("", CHANNELS, ACTIVATION, SHAPE, LAYER, STEPPED):
                ours = modules.REVERSED.get(takes.ours, takes.ours)
                known = {each.name for each in kind.parameters}
                assert ours in known | IN_RULES, (module, takes)
        if kind and module.rule is None and kind.name != "identity":
            given = {modules.REVERSED.get(each.ours, each.ours) for each in module.takes or ()}
            for parameter in kind.parameters:
                has = parameter.default is not REQUIRED or parameter.name in given
                assert has, (module, parameter)


def rows(name):
    """Yield the rows of a file of measured layers."""
    yield from map(json.loads, (DATA / name).read_text().splitlines())


def read(module, arguments, volume):
    """Return the output and the parameters that a module has on a volume."""
    values = modules.bind(module, [], arguments)
    said = modules.incoming(module, values)
    if said and said[1] != volume[-1] and module.kind != "ln":
        raise ModuleError(said[0])
    params = 0
    for wanted in modules.translate(module, values, len(volume) - 1):
        kind, numbers = filled.fill(wanted)
        measure = kind.measure(volume, *numbers)
        volume, params = measure.output, params + measure.params
    return [int(size) for size in volume], int(params)


def judge(framework, name, row, turn):
    """Return how a measured layer is read: 'right', 'refused' or 'wrong'."""
    module, volume = find(name, framework), turn(row["in"])
    try:
        found = read(module, row["args"], tuple(volume))
    except (ModuleError, Problem):
        return "refused"
    if "out" not in row:
        return "wrong"
    return "right" if found == (turn(row["out"]), row.get("trainable", row["params"])) else "wrong"


def test_pytorch_layers():
    """A module of PyTorch has the output and the parameters that PyTorch measures, or is refused.

    A LayerNorm or a Linear over what is not the channels, and a batch of one value, apart.
    """
    count = {"right": 0, "refused": 0, "wrong": 0}
    for row in rows("layers.jsonl"):
        name = row["type"]
        if find(name, PYTORCH) is None or name in ("LayerNorm", "BatchNorm1d", "BatchNorm3d"):
            continue
        if name == "Linear" and len(row["in"]) > 1:
            continue
        if "Norm" in name and find(name, PYTORCH).rank not in (None, len(row["in"]) - 1):
            continue  # it refuses maps of another rank than its name says
        if "smaller than kernel size" in row.get("error", ""):
            continue  # it refuses an average pool over a map that its padding makes large enough
        verdict = judge(PYTORCH, name, row, lambda sizes: [*sizes[1:], sizes[0]])
        assert verdict != "wrong", row
        assert verdict == "refused" or "out" in row
        count[verdict] += 1
    assert count["right"] >= 1300


def test_keras_layers():
    """A layer of Keras has the output and the parameters that Keras measures, or is refused."""
    count = {"right": 0, "refused": 0, "wrong": 0}
    for row in rows("layers_keras.jsonl"):
        name = row["kind"]
        if find(name, KERAS) is None or (name == "Dense" and len(row["in"]) > 1):
            continue
        verdict = judge(KERAS, name, row, list)
        assert verdict != "wrong", row
        count[verdict] += 1
    assert count["right"] >= 205


@pytest.mark.parametrize(
    ("name", "places", "names", "message"),
    [
        ("Conv2d", (3, 8), {}, "'Conv2d' needs its 'kernel_size'"),
        ("Conv2d", (3, 8, 3), {"strides": 2}, "'Conv2d' takes no argument 'strides'"),
        ("Conv2d", (3, 8, 3), {"in_channels": 3}, "'in_channels' is given twice"),
        ("ReLU", (1, 2), {}, "'ReLU' takes at most 1 arguments without a name"),
        ("Conv2d", (3, 8, (3, 3, 3)), {}, "'kernel_size=(3, 3, 3)' has no spelling here"),
        ("Conv2d", (3, 8, 3), {"padding": "full"}, "'padding='full'' has no spelling here"),
        ("Conv2d", (3, 8, 3), {"padding": object()}, "'padding' has no spelling here"),
        ("Flatten", (), {"start_dim": 3}, "'start_dim=3' has no spelling here"),
        ("MultiheadAttention", (8, 2), {"kdim": 4}, "'kdim=4' has no spelling here"),
    ],
)
def test_what_is_refused(name, places, names, message):
    """An argument that is missing, unknown, twice there or without a spelling is named."""
    module = find(name)
    with pytest.raises(ModuleError) as caught:
        modules.translate(module, modules.bind(module, places, names))
    assert caught.value.message == message


IN_RULES_KINDS = {
    PYTORCH: {"crop", "dwconv", "fc", "gap", "gmp", "resize", "tokens"},
    KERAS: {"fc", "in", *modules.ACTIVATIONS.values()},
}
"""Kinds that a module is by its arguments; fc is linear on a vector."""


WITHOUT = {
    PYTORCH: {
        *("channelmax", "channelmean", "deformconv", "layerscale", "local", "output"),
        *("position", "sdpa", "slice", "token", "transpose"),
    },
    KERAS: {
        *("channelmax", "channelmean", "deformconv", "lrn", "output", "pixelshuffle"),
        *("pixelunshuffle", "position", "sdpa", "shuffle", "slice", "token", "tokens"),
    },
}
"""Kinds of layer that no module of a framework is: a call or a class of one's own stands there."""


@pytest.mark.parametrize("framework", [PYTORCH, KERAS])
def test_each_kind_has_a_module_or_none(framework):
    """A kind of ours is a module of each framework, or is said to be none."""
    found = {NAMES[each.kind].name for each in ALL if each.framework == framework and each.kind}
    found |= IN_RULES_KINDS[framework]
    assert found | WITHOUT[framework] == set(KINDS)
    assert not found & WITHOUT[framework]
