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


_ASKING = frozenset(
    (
        *("how", "many", "much", "what", "which", "is", "are", "there", "does", "do", "has"),
        *("have", "gives", "give", "get", "for", "in", "on", "to", "i"),
        *("parameters", "parameter", "params", "weights", "output", "size", "shape", "macs"),
        *("flops", "input", "image"),
    )
)
"""Words of a question that say nothing of a network."""


def lines_in(words: Sequence[str]) -> list[list[str]]:
    """Return the command lines that a question may mean: of the model or the layer that it names.

    >>> lines_in("how many params in resnet18".split())
    [['stack', 'resnet18']]
    >>> lines_in("what does conv 64 k3 on 32x32x3 give?".split())
    [['stack', '32x32x3 -> conv 64 k3']]
    """
    typed = " ".join(word for word in words if not word.startswith("-"))
    plain = [each.strip("?.,!") for each in typed.split()]
    if len(plain) < 3 or plain[0].lower() not in _ASKING:
        return []
    volumes = [word for word in plain if re.fullmatch(r"\d+([xX×*]\d+)+", word)]
    left = [word for word in plain if word.lower() not in _ASKING]
    if volumes:
        from cnncalc.notation.phrases import in_words

        volume = max(volumes, key=len)
        left.remove(volume)
        rest = " ".join(left)
        return [["stack", f"{volume} -> {in_words(rest) or rest}"]]
    spans = [" ".join(left[at : at + count]) for count in (2, 1) for at in range(len(left))]
    return [["stack", word] for word in spans if word and library.model(word)][:1]


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
