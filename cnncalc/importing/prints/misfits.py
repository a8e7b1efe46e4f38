"""What is wrong with a print, or is left out of it."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from cnncalc.importing.prints.modules import numbers_of
from cnncalc.kinds.volumes import times
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, plural, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.prints.text import PrintedModule
    from cnncalc.kinds.volumes import Volume


class Gaps:
    """The modules of a print whose order, pools or costs are not known."""

    def __init__(self) -> None:
        self.stopped: PrintedModule | None = None  # it changes the shape and is no layer here
        self.left_out = 0
        self.unpooled: list[PrintedModule] = []
        self.unordered: dict[str, list[PrintedModule]] = {}
        self.uncounted: dict[str, list[PrintedModule]] = {}

    def warnings(self) -> list[Problem]:
        """Return what is to be said of them."""
        found = []
        for kind, printed in self.unordered.items():
            message = _("the order inside {kind} is not printed", kind=quoted(kind))
            notes = [
                _("they are read one after another, as printed"),
                _("joins, and numbers that it learns itself, are not printed"),
            ]
            found.append(_warning("order-not-printed", message, printed, notes))
        if self.unpooled:
            message = _("the pool before this layer is not printed")
            notes = [_("it takes the channels of a map alone: 'gap' stands before it")]
            found.append(_warning("pool-not-printed", message, self.unpooled, notes))
        if self.stopped:
            kind = quoted(self.stopped.kind)
            message = _("the network is read up to {kind}, no layer here", kind=kind)
            notes = [_("{modules} left out", modules=plural(self.left_out, "module"))]
            found.append(_warning("read-in-part", message, [self.stopped], notes))
        for kind, passed in self.uncounted.items():
            message = _("{kind} is no layer here: its cost is not counted", kind=quoted(kind))
            notes = [_("it is passed over, as if it kept the shape of its input")]
            counts = [found[0] for found in map(numbers_of, passed) if found]
            held = sum(counts)
            if len(counts) == len(passed) and held:
                notes.append(_("it holds {numbers}", numbers=plural(held, "learned number")))
            found.append(_warning("not-counted", message, passed, notes))
        return found


def _warning(
    code: str, message: str, printed: Sequence[PrintedModule], notes: Sequence[str]
) -> Problem:
    """Return a warning of modules: it points at the first of them."""
    several = _("the first of {modules}", modules=plural(len(printed), "module"))
    label = Label(printed[0].span, several if len(printed) > 1 else "")
    return Problem(code, message, [label], notes=notes, severity="warning")


def misfit(
    module: PrintedModule,
    takes: int,
    arrives: int,
    volume: Volume | None,
    *,
    multiple: bool,
    ordered: bool,
) -> Problem:
    """Return the problem of a module that does not take what comes before it in the print.

    `volume` is what comes, where all of its values are taken; `multiple` says that they are some
    number of channels each; `ordered`, that all before it runs in the order printed.
    """
    about = _("takes {takes:,}, and {count:,} arrive", takes=takes, count=arrives)
    notes, helps = [], []
    if volume and len(volume) > 1:
        count = prod(volume)
        arrive = {"takes": takes, "channels": volume[-1], "count": count}
        about = _("takes {takes:,}, and {channels:,} channels arrive, {count:,} values", **arrive)
        notes.append(f"{'*'.join(map(str, volume))} = {count:,}")
        flat = {"volume": times(volume), "count": count}
        helps.append(_("behind a flatten of {volume} write 'in_features={count}'", **flat))
    elif multiple:
        arrive = {"takes": takes, "count": arrives}
        about = _("takes {takes:,}, no multiple of the {count:,} channels that arrive", **arrive)
    if ordered:
        helps.append(_("make the two agree: what comes before runs in the order printed"))
        return _misfit([Label(module.span, about)], notes, helps)
    return _not_the_order([Label(module.span, about)], notes, helps)


def gate_alone(module: PrintedModule) -> Problem:
    """Return the problem of a gate, whose print does not say what it is a gate of."""
    about = _("what it does beside its layers is not printed")
    return _not_the_order([Label(module.span, about)])


def gated(gate: PrintedModule, module: PrintedModule) -> Problem:
    """Return the problem of a module that pools its map away before a layer that needs it."""
    pools, works = _("pools the map to one"), _("works on a map")
    return _not_the_order([Label(gate.span, pools), Label(module.span, works)])


def _not_the_order(
    labels: list[Label], notes: Sequence[str] = (), helps: Sequence[str] = ()
) -> Problem:
    """Return the problem of a print that leaves out how its modules are joined."""
    left_out = _("the print is not the order: it leaves out how a module joins branches")
    export = _("export the model to ONNX, which holds the order, and read that file")
    return _misfit(labels, [*notes, left_out], [*helps, export])


def _misfit(labels: list[Label], notes: Sequence[str], helps: Sequence[str]) -> Problem:
    message = _("what arrives is not what this module takes")
    return Problem("print-does-not-fit", message, labels, notes=notes, helps=helps)
