"""Models' sources, read and never run: against PyTorch, which runs them, and by themselves."""

import json
import re
import shlex
import sys
import warnings
from pathlib import Path

import pytest

import cnncalc
from cnncalc.importing.files import Choice
from cnncalc.importing.python import reading
from cnncalc.speech.problem import Source

DATA = Path(__file__).parent / "data"
FIGURES = DATA / "sources.jsonl"


def sections():
    """Yield each source: its name, what it is called with, and its text."""
    for part in re.split(r"^#: ", (DATA / "sources.txt").read_text(), flags=re.MULTILINE)[1:]:
        head, text = part.split("\n", 1)
        name, volume, *options = shlex.split(head)
        fed = [each[4:] for each in options if each.startswith("fed=")]
        options = [each for each in options if not each.startswith("fed=")]
        pairs = list(zip(options[::2], options[1::2], strict=True))
        chosen = "".join(value for option, value in pairs if option == "--class")
        arguments = tuple(value for option, value in pairs if option == "--arg")
        yield name, volume, chosen, arguments, fed, text


SOURCES = {each[0]: each for each in sections()}
KNOWN = {each["name"]: each for each in map(json.loads, FIGURES.read_text().splitlines())}


def read(name, text=None, volume=None, choice=None):
    """Return a source's network in notation, and the codes of its warnings."""
    _name, own, chosen, arguments, _fed, source = SOURCES[name]
    sizes = tuple(map(int, (volume or own).split("x")))
    choice = choice or Choice(chosen, arguments)
    made, said = reading.translate(Source(f"{name}.py", text or source), sizes, choice)
    return made.text, [each.code for each in said]


def counted(text):
    """Return what a network in notation learns, costs and puts out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = cnncalc.stack(text)
    outputs = [row.output for row in report.rows if row.layer == "output"] or [report.output]
    return report.params, report.macs, sorted(map(sorted, outputs))


@pytest.mark.long
@pytest.mark.parametrize("name", SOURCES)
def test_figures_are_pytorchs(name):
    """The figures that are kept are what PyTorch measures."""
    pytest.importorskip("torch")
    if name.startswith("keras"):
        pytest.importorskip("keras")
    assert measured(name) == KNOWN[name]


@pytest.mark.parametrize("name", SOURCES)
def test_sources_are_what_pytorch_makes_of_them(name):
    """Parameters, MACs and outputs are those that PyTorch measured of the same source."""
    text, _said = read(name)
    figures = KNOWN[name]
    assert counted(text) == (
        figures["params"] - figures["never_called"],
        figures["macs"],
        sorted(map(sorted, figures["outputs"])),
    )


def measured(name):
    """Return what PyTorch, or Keras on it, makes of a source: it is run, in evaluation."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    if name.startswith("keras"):
        return measured_by_keras(name)
    _name, volume, chosen, arguments, fed, text = SOURCES[name]
    space = {"__name__": name, "__file__": f"{name}.py"}
    sys.modules[name] = type(sys)(name)  # dataclasses look their module up
    exec(compile(text, f"{name}.py", "exec"), space)  # noqa: S102 - our own sources
    made = [value for key, value in space.items() if key == chosen]
    entry = made[0] if made else _outermost(space, torch.nn.Module)
    places, names = [], {}
    for each in arguments:
        key, sign, value = each.partition("=")
        if sign and key.isidentifier():
            names[key] = _value(value, space)
        else:
            places.append(_value(each, space))
    torch.manual_seed(0)
    model = entry(*places, **names).eval()
    *sizes, channels = map(int, volume.split("x"))
    shape = (2, channels, *sizes)
    xs = [torch.rand(shape)]
    if fed:
        shapes = [each.partition(":") for each in fed[0].split(";")]
        xs = [
            (torch.randint(0, 9, sizes) if kind else torch.rand(sizes))
            for words, _colon, kind in shapes
            if (sizes := tuple(map(int, words.split(","))))
        ]
    called = set()
    for module in model.modules():
        module.register_forward_hook(lambda module, *_more: called.add(id(module)))
    from torch.nn.attention import SDPBackend, sdpa_kernel

    torch.backends.mha.set_fastpath_enabled(False)
    plain = (sdpa_kernel(SDPBackend.MATH), torch.backends.mkldnn.flags(enabled=False))
    with torch.no_grad(), plain[0], plain[1], FlopCounterMode(display=False) as flops:
        outputs = model(*xs)
    several = outputs.values() if isinstance(outputs, dict) else outputs
    several = [several] if isinstance(several, torch.Tensor) else list(several)
    own = {
        id(parameter)
        for each in model.modules()
        if id(each) not in called and "NonDyn" not in type(each).__name__  # attention's own
        for parameter in each.parameters(recurse=False)
    }
    return {
        "name": name,
        "params": sum(each.numel() for each in model.parameters()),
        "never_called": sum(each.numel() for each in model.parameters() if id(each) in own),
        "macs": flops.get_total_flops() // 4,
        "outputs": [list(each.shape[1:]) for each in several],
    }


def measured_by_keras(name):
    """Return what Keras makes of a source on PyTorch: numbers that are trained, MACs, outputs."""
    import os
    from math import prod

    os.environ["KERAS_BACKEND"] = "torch"
    import keras
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    _name, volume, chosen, _arguments, fed, text = SOURCES[name]
    space = {"__name__": name}
    exec(compile(text, f"{name}.py", "exec"), space)  # noqa: S102 - our own sources
    entry = space.get(chosen) or space.get("build_model") or space.get("ResNet")
    model = entry() if entry else space["model"]
    x = torch.zeros((2, *map(int, volume.split("x"))))
    if fed:
        x = torch.zeros(tuple(map(int, fed[0].partition(":")[0].split(","))), dtype=torch.int32)
    model(x)
    plain = torch.backends.mkldnn.flags(enabled=False)
    with torch.no_grad(), plain, FlopCounterMode(display=False) as flops:
        outputs = model(x)
    assert isinstance(model, keras.Model)
    several = outputs if isinstance(outputs, list | tuple) else [outputs]
    return {
        "name": name,
        "params": sum(prod(each.shape) for each in model.trainable_weights),
        "never_called": 0,
        "macs": flops.get_total_flops() // 4,
        "outputs": [list(each.shape[1:]) for each in several],
    }


def _outermost(space, base):
    """Return the class of modules that stands last in a source."""
    found = [each for each in space.values() if isinstance(each, type) and issubclass(each, base)]
    return [each for each in found if each.__module__ == space["__name__"]][-1]


def _value(text, space):
    try:
        return eval(text, dict(space))
    except NameError:
        return text


if __name__ == "__main__":  # writes the figures anew, by PyTorch
    wanted = sys.argv[1:] or SOURCES
    KNOWN.update((name, measured(name)) for name in wanted)
    FIGURES.write_text("".join(json.dumps(KNOWN[name]) + "\n" for name in SOURCES if name in KNOWN))
