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
            found.append(
                Problem(
                    "order-not-printed",
                    _(
                        "the order inside {kind} is not printed",
                        kind=quoted(kind),
                    ),
                    [Label(printed[0].span, _first_of(printed))],
                    notes=[
                        _("they are read one after another, as printed"),
                        _("joins, and numbers that it learns itself, are not printed"),
                    ],
                    severity="warning",
                )
            )
        if self.unpooled:
            found.append(
                Problem(
                    "pool-not-printed",
                    _("the pool before this layer is not printed"),
                    [Label(self.unpooled[0].span, _first_of(self.unpooled))],
                    notes=[_("it takes the channels of a map alone: 'gap' stands before it")],
                    severity="warning",
                )
            )
        if self.stopped:
            found.append(
                Problem(
                    "read-in-part",
                    _(
                        "the network is read up to {kind}, no layer here",
                        kind=quoted(self.stopped.kind),
                    ),
                    [Label(self.stopped.span)],
                    notes=[
                        _("{modules} left out", modules=plural(self.left_out, "module")),
                    ],
                    severity="warning",
                )
            )
        for kind, passed in self.uncounted.items():
            notes = [_("it is passed over, as if it kept the shape of its input")]
            counts = [found[0] for found in map(numbers_of, passed) if found]
            held = sum(counts)
            if len(counts) == len(passed) and held:
                notes.append(_("it holds {numbers}", numbers=plural(held, "learned number")))
            found.append(
                Problem(
                    "not-counted",
                    _(
                        "{kind} is no layer here: its cost is not counted",
                        kind=quoted(kind),
                    ),
                    [Label(passed[0].span, _first_of(passed))],
                    notes=notes,
                    severity="warning",
                )
            )
        return found


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
        about = _(
            "takes {takes:,}, and {channels:,} channels arrive, {count:,} values",
            takes=takes,
            channels=volume[-1],
            count=count,
        )
        notes.append(f"{'*'.join(map(str, volume))} = {count:,}")
        helps.append(
            _(
                "behind a flatten of {volume} write 'in_features={count}'",
                volume=times(volume),
                count=count,
            )
        )
    elif multiple:
        about = _(
            "takes {takes:,}, no multiple of the {count:,} channels that arrive",
            takes=takes,
            count=arrives,
        )
    if ordered:
        helps.append(_("make the two agree: what comes before runs in the order printed"))
    else:
        notes.append(_("the print is not the order: it leaves out how a module joins branches"))
        helps.append(_("export the model to ONNX, which holds the order, and read that file"))
    return Problem(
        "print-does-not-fit",
        _("what arrives is not what this module takes"),
        [Label(module.span, about)],
        notes=notes,
        helps=helps,
    )


def gate_alone(module: PrintedModule) -> Problem:
    """Return the problem of a gate, whose print does not say what it is a gate of."""
    about = _("what it does beside its layers is not printed")
    return _not_the_order([Label(module.span, about)])


def gated(gate: PrintedModule, module: PrintedModule) -> Problem:
    """Return the problem of a module that pools its map away before a layer that needs it."""
    return _not_the_order(
        [
            Label(gate.span, _("pools the map to one")),
            Label(module.span, _("works on a map")),
        ]
    )


def _not_the_order(labels: list[Label]) -> Problem:
    """Return the problem of a print that leaves out how its modules are joined."""
    return Problem(
        "print-does-not-fit",
        _("what arrives is not what this module takes"),
        labels,
        notes=[_("the print is not the order: it leaves out how a module joins branches")],
        helps=[_("export the model to ONNX, which holds the order, and read that file")],
    )


def _first_of(printed: Sequence[PrintedModule]) -> str:
    if len(printed) == 1:
        return ""
    return _("the first of {modules}", modules=plural(len(printed), "module"))
