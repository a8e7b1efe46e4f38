"""The one table of the options beside a network: what each takes, says in help, and bears on.

The command line makes its options of it, and JSON the fields that say what was asked; which
options bear on nothing in an answer follows from it, in `asked`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cnncalc.report.quantity import Quantity
    from cnncalc.trace.settings import Settings


class NetworkOption(NamedTuple):
    """An option beside a network, and what it `bears_on`: a quantity under some settings, or not.

    `takes` is what stands behind it in help, with a * where it may be given several times; a flag
    takes nothing. `form` is that of its value in JSON, where that says it.
    """

    takes: str
    says: str
    bears_on: Callable[[Quantity, Settings], bool]
    form: str = ""


def _on_any(_quantity: Quantity, _settings: Settings) -> bool:
    return True


def _on_what_is_counted(quantity: Quantity, settings: Settings) -> bool:
    """Return whether a counter counts a quantity; FLOPs follow from MACs."""
    name, counted = _base(quantity), settings.like.quantity if settings.like else ""
    return name == counted or (name, counted) == ("flops", "macs")


def _on_what_has_norms(quantity: Quantity, settings: Settings) -> bool:
    """Return whether a quantity is another where norms are folded, or counted by another tool."""
    is_field = quantity.form == "axes" or quantity.share_of == "input"
    return bool(settings.like) or not (is_field or _base(quantity) in _UNFOLDED)


_UNFOLDED = (
    *("output", "macs", "flops", "products", "activations", "memory", "peak", "depth"),
    "nonlinearities",
)
"""What a network has whether its norms are folded or not; so it has its fields."""

_TIMES = ("intensity", "roofline", "bound")


def _base(quantity: Quantity) -> str:
    """Return the name of what a quantity is a share of, or its own."""
    return quantity.name if quantity.share_of == "input" else quantity.share_of or quantity.name


OPTIONS = {
    "like": NetworkOption(
        "COUNTER",
        "Count params, MACs and FLOPs as another tool does, as fvcore; 'cnncalc counts' shows all.",
        _on_what_is_counted,
        "like",
    ),
    "batch": NetworkOption(
        "N",
        "Count MACs, FLOPs, activations and their memory for N inputs.",
        lambda each, _settings: each.batched or each.name == "bound",
        "integer",
    ),
    "dtype": NetworkOption(
        "TYPE",
        "Take values of this type, for memory: {names}; or of two, as "
        "weights=int4,activations=int8.",
        lambda each, _settings: each.unit == "bytes" or each.name in _TIMES,
        "string",
    ),
    "planner": NetworkOption(
        "NAME",
        "Plan the memory of a pass as another does: inplace-add, inplace-depthwise, inplace-both "
        "or tflm.",
        lambda each, _settings: each.name == "peak" or each.needs == "planner",
        "string",
    ),
    "device": NetworkOption(
        "NAME",
        "Show the least time on a device, layers one by one, as t4; 'cnncalc devices' lists them.",
        lambda each, _settings: each.needs == "device",
        "string",
    ),
    "fold": NetworkOption(
        "", "Count batch norms folded into the convs before them.", _on_what_has_norms, "true"
    ),
    "freeze": NetworkOption(
        "NAME*",
        "Do not train a label's or a block's layers, for trainable and training.",
        lambda each, _settings: each.name.startswith(("trainable", "frozen", "training-")),
        "words",
    ),
    "strict": NetworkOption("", "Refuse windows that do not tile, as in CS231n.", _on_any),
    "channels_first": NetworkOption("", "Read and print volumes as CxHxW.", _on_any),
}
"""By the names of settings, in the order of help."""

SEEN = ("strict", "channels_first", "fold")
"""Those that bear on what rows see, too."""


def given(settings: Settings) -> list[str]:
    """Return the names of the options that are not as usual, in their order."""
    usual = type(settings)()
    return [name for name in OPTIONS if getattr(settings, name) != getattr(usual, name)]


def bears_on(name: str, shown: Iterable[Quantity], settings: Settings) -> bool:
    """Return whether an option bears on any of the quantities that are shown."""
    return any(OPTIONS[name].bears_on(each, settings) for each in shown)


def quantities_about(settings: Settings) -> list[str]:
    """Return the quantities that options are about, to be shown beside the usual ones."""
    names = ["roofline"] if settings.device else []  # which tells the type by itself
    names += ["memory"] if settings.dtype != "float32" and not settings.device else []
    names += ["peak"] if settings.planner != "ours" else []
    names += [settings.like.quantity] if settings.like else []
    return [*names, *(("trainable",) if settings.freeze else ())]
