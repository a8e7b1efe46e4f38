"""What the lines of a print hold, whatever their order: layers and their learned numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.labels import label_of
from cnncalc.importing.layers import from_module
from cnncalc.importing.prints.modules import LEARNING, entry_of, layers_of, numbers_of
from cnncalc.importing.prints.text import second_model
from cnncalc.importing.remarks import few
from cnncalc.kinds.modules import ModuleError, is_size
from cnncalc.notation.tree import PrintedLine, PrintedLines
from cnncalc.notation.writer import write_layer
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.importing.prints.text import PrintedModule

_EMPTY = ("Sequential", "ModuleList", "ModuleDict", "Permute")
"""Containers with nothing in them, and what turns axes."""

TRANSFORMERS = (
    "Transformer",
    *(f"Transformer{name}" for name in ("Encoder", "Decoder", "EncoderLayer", "DecoderLayer")),
)
ATTENTION = "MultiheadAttention"
_LARGE = 10**6
_OF_STEPS = ("lstm", "gru", "rnn")
"""Kinds of layers that read a sequence alone."""


def lines_of(
    root: PrintedModule, others: tuple[Label, ...] = (), misfit: Problem | None = None
) -> PrintedLines:
    """Return the lines of a print; `misfit` says why their order cannot be followed, if so.

    The sum of a print is whole where all that stands in it is known and runs in order: a module
    of one's own may learn numbers itself, and does not print them.
    """
    lines = tuple(_lines(root, "", 1))
    unknown = sorted({line.kind for line in lines if line.params is None})
    whole = not unknown and is_complete(root)
    notes = [each.message for each in (misfit,) if each]
    notes += [f"{label.span.text}: {label.text}" for label in (misfit.labels if misfit else ())]
    if unknown:
        kinds = few([*map(quoted, unknown)])
        notes.append(_("what {kinds} learn is not printed", kinds=kinds))
    if not whole:
        notes.append(
            _("numbers that a module learns itself are not printed: it is at least the sum")
        )
    warning = Problem(
        "lines-added-up",
        _("the order of this print cannot be followed: its lines are added up")
        if misfit
        else _("a print has no shapes: its lines are added up"),
        [Label(root.span)],
        notes=notes,
        helps=[
            _("export the model to ONNX, which holds the order, and read that file")
            if misfit
            else _("say what comes in, as in '--input 224x224x3'")
        ],
        severity="warning",
    )
    said = (second_model(others),) if others else ()
    return PrintedLines(lines, (warning, *said), misfit, whole)


def is_complete(module: PrintedModule, *, is_known: bool = False) -> bool:
    """Return whether a module and all in it print all that they learn.

    Those of PyTorch's transformers do, in an order of their own; so does an attention inside one.
    """
    kind = module.kind.rpartition(".")[2]
    known = kind in TRANSFORMERS or (is_known and kind in ("ModuleList", ATTENTION))
    if module.children and not (known or module.runs_in_order):
        return False
    return all(is_complete(child, is_known=known) for child in module.children)


def runs_in_order(module: PrintedModule) -> bool:
    """Return whether a module and all in it run their children one after another."""
    if not module.children:
        return True
    return module.runs_in_order and all(map(runs_in_order, module.children))


def _lines(module: PrintedModule, path: str, times: int) -> Iterator[PrintedLine]:
    """Yield the lines of a module: what it is itself, and those in it."""
    name = f"{path}_{module.name}" if path and module.name else module.name or path
    times *= module.times
    if not module.children or module.rest.strip():
        yield _line(module, name, times)
    if module.kind.rpartition(".")[2] in TRANSFORMERS:
        yield from _projections(module, name, times)
    for child in module.children:
        yield from _lines(child, name, times)


def _projections(module: PrintedModule, path: str, times: int) -> Iterator[PrintedLine]:
    """Yield what the attentions in a transformer's block learn beside their last projection.

    They print it alone: the three before it are as wide, and have a bias where it has one.
    """
    for child in module.children:
        last = next(iter(child.children), None)
        if child.kind != ATTENTION or last is None:
            continue
        _places, names = last.arguments()
        wide = names.get("in_features")
        if wide is not None and is_size(wide):
            weights, biases = 3 * wide * wide, 3 * wide * bool(names.get("bias", True))
            label = label_of(f"{path}_{child.name}".strip("_"))
            yield PrintedLine(
                label, ATTENTION, ATTENTION, times * (weights + biases), times * weights
            )


def _line(module: PrintedModule, name: str, times: int) -> PrintedLine:
    """Return a line, with the numbers that it has learned; None where they are not known."""
    kind = module.kind.rpartition(".")[2]
    again = f"*{times}" if times > 1 else ""
    known = (0, 0) if kind in _EMPTY else numbers_of(module)
    if known is not None:
        params, weights = (times * count for count in known)
        return PrintedLine(label_of(name), f"{kind}{again}", kind, params, weights)
    entry = entry_of(module)
    try:
        made, takes = layers_of(entry, module) if entry else ((), None)
        channels = takes or 1
        weights = biases = 0
        words = []
        for wanted in made:
            flat = wanted.kind == "linear"
            one = wanted._replace(kind="fc") if flat else wanted
            if wanted.kind == "prelu" and "count" in wanted.arguments:
                weights += wanted.arguments["count"]
                words.append("prelu")
                continue
            layer = from_module(one, channels)
            if layer.kind.name not in LEARNING:
                words.append(write_layer(layer))
                continue
            rank = (entry.rank if entry else None) or (1 if layer.kind.name in _OF_STEPS else 2)
            is_vector = flat or layer.kind.name == "embedding"
            found = layer.measure((channels,) if is_vector else (*(_LARGE,) * rank, channels))
            weights, biases = weights + int(found.weights), biases + int(found.biases)
            channels = found.output[-1]
            words.append(write_layer(layer))
    except (ModuleError, Problem):
        entry = None
    if entry is None:
        return PrintedLine(label_of(name), f"{kind}{again}", kind, None)
    text = " -> ".join(words) or kind
    shown = f"[{text}]{again}" if again else text
    return PrintedLine(label_of(name), shown, kind, times * (weights + biases), times * weights)
