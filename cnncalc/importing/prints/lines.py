"""What the lines of a print hold, whatever their order: layers and their learned numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.labels import label_of
from cnncalc.importing.layers import from_module, measure
from cnncalc.importing.prints.modules import entry_of, layers_of
from cnncalc.importing.prints.text import second_model
from cnncalc.kinds.modules import ModuleError
from cnncalc.notation.tree import PrintedLine, PrintedLines
from cnncalc.notation.writer import write_layer
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.importing.prints.text import PrintedModule

_EMPTY = ("Sequential", "ModuleList", "ModuleDict", "Permute")
"""Containers with nothing in them, and what turns axes."""

_LARGE = 10**6


def lines_of(
    root: PrintedModule, others: tuple[Label, ...] = (), misfit: Problem | None = None
) -> PrintedLines:
    """Return the lines of a print; `misfit` says why their order cannot be followed, if so.

    The sum of a print is whole where all that stands in it is known and runs in order: a module
    of one's own may learn numbers itself, and does not print them.
    """
    lines = tuple(_lines(root, "", 1))
    unknown = sorted({line.kind for line in lines if line.params is None})
    whole = not unknown and runs_in_order(root)
    notes = [each.message for each in (misfit,) if each]
    notes += [f"{label.span.text}: {label.text}" for label in (misfit.labels if misfit else ())]
    if unknown:
        kinds = ", ".join(map(quoted, unknown[:3])) + (", ..." if len(unknown) > 3 else "")
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
    for child in module.children:
        yield from _lines(child, name, times)


def _line(module: PrintedModule, name: str, times: int) -> PrintedLine:
    """Return a line, with the numbers that it has learned; None where they are not known."""
    kind = module.kind.rpartition(".")[2]
    again = f"*{times}" if times > 1 else ""
    if kind in _EMPTY:
        return PrintedLine(label_of(name), f"{kind}{again}", kind, 0, 0)
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
            rank = (entry.rank if entry else None) or 2
            found = measure(layer, (channels,) if flat else (*(_LARGE,) * rank, channels))
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
