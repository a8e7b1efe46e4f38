"""What stands in a command's place and is none: a network, or a quantity of one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.cli import stack
from cnncalc.notation import library
from cnncalc.report.claim_names import named
from cnncalc.report.quantities import QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import click

_NETWORK = r"\s*[0-9(\[]|.*(?:->|→|/)|.*\.(?:cnn|onnx|json|txt)$"
"""How a word begins, holds or ends that is a network for certain."""


def names_network(words: Sequence[str]) -> bool:
    """Return whether a word that is no option is a network for certain, or a model."""
    return any(
        re.match(_NETWORK, word, re.DOTALL) or library.model(word)
        for word in words
        if not word.startswith("-")
    )


def command(word: str) -> click.Command | None:
    """Return the command that answers for a word; None where it is neither.

    `cnncalc vgg16` is `cnncalc stack vgg16`; `cnncalc params vgg16` prints the number before it.
    """
    if re.match(_NETWORK, word, re.DOTALL) or library.model(word):
        return stack.command()
    if word.lower() in ("summary", "show"):
        return stack.command("summary")
    name = word.lower().replace("_", "-")
    quantity = QUANTITIES.get(name) or QUANTITIES.get(named(word) or "")
    return stack.command(name, quantity) if quantity else None
