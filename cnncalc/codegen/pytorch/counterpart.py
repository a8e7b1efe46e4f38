"""What PyTorch has for a layer: modules by the number of axes, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.codegen.layout import Keyword, Node
from cnncalc.codegen.numbers import agree
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, article, quoted

if TYPE_CHECKING:
    from cnncalc.codegen.numbers import PythonArgument
    from cnncalc.codegen.uses import LayerUse


def sized(use: LayerUse, name: str) -> str:
    """Return a module's name with the number of axes that it works on: nn.Conv2d."""
    if use.rank > 3:
        raise no_counterpart(
            use,
            _("its input is {rank} map", rank=article(f"{use.rank}-D")),
            _("PyTorch's layers work on 1, 2 or 3 axes"),
            _("use a volume of at most 3 spatial axes"),
        )
    return f"nn.{name}{use.rank}d"


def refuse_vector(use: LayerUse, name: str) -> None:
    """Refuse a vector."""
    if not use.rank:
        raise no_counterpart(
            use,
            _("its input is a vector of {size}", size=use.some_volume[-1]),
            _("PyTorch's {name} works on a map", name=name),
            _("put it before 'flatten' or 'fc'"),
        )


def no_counterpart(use: LayerUse, about: str, note: str, help: str) -> Problem:  # noqa: A002
    """Return the problem of a layer that PyTorch has nothing for."""
    name = use.layer.kind.name
    return Problem(
        "no-counterpart",
        _("{name} as it stands here has no counterpart in PyTorch", name=quoted(name)),
        [Label(use.layer.span, about)],
        notes=[note],
        helps=[help],
    )


def given(name: str, argument: PythonArgument, default: str) -> list[Node]:
    """Return a named argument, where it differs from its default."""
    return [] if argument.text == default else [Keyword(name, argument.text)]


def written_numbers(
    use: LayerUse, names: tuple[str, ...], defaults: tuple[float, ...]
) -> list[str]:
    """Return the numbers of a layer whose words are not counted with, as PyTorch takes them."""
    import re

    layers = [layer for layer in use.layers if layer is not None]
    words = agree(tuple(layer.values[0] for layer in layers))
    found: list[str] = []
    for place, word in enumerate(words):
        name, number = re.fullmatch(r"([A-Za-z_]*)=?(.*)", word).groups()  # type: ignore[union-attr]
        if place >= len(names) or name.lower() not in ("", names[place], names[place][0]):
            takes = ", ".join(names)
            raise no_counterpart(
                use,
                word,
                _("PyTorch's layer takes {names}, in this order", names=takes)
                if names
                else _("PyTorch's layer takes no number"),
                _("leave the rest out") if names else _("leave it out"),
            )
        value = float(number)
        if abs(value) > 1e300:
            raise no_counterpart(
                use, word, _("a computer's numbers end at about 1e308"), _("write a smaller one")
            )
        found.append(str(int(number)) if number.isdigit() else repr(value))
    while found and float(found[-1]) == defaults[len(found) - 1]:
        found.pop()
    return found
