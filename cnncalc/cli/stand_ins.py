"""What stands in a command's place and is none: a network, or a quantity of one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.cli import stack
from cnncalc.importing.sources import file_beside
from cnncalc.notation import library
from cnncalc.report.claim_names import named
from cnncalc.report.quantities import QUANTITIES
from cnncalc.speech.spelling import nearest

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


def meant_by(args: Sequence[str], names: Sequence[str]) -> tuple[str | None, list[list[str]]]:
    """Return which of the names of commands may be meant, and the command lines that may be.

    Where a network, a model or a file is meant for certain, no name is.
    """
    word, others = args[0], args[1:]
    volume, *rest = [each for each in others if not each.startswith("-")] or [""]
    flags = [each for each in others if each.startswith("-")]
    close = nearest(word, names) or library.closest(word)
    lines = [["stack", *others]] if names_network(others) else []
    if word in library.block_names() and volume:  # a block stands in a network
        close, lines = None, [["stack", " ".join((volume, "->", word, *rest)), *flags]]
    if volume.isdigit() and names_network([model := f"{word}{volume}"]):  # resnet 50
        close, lines = None, [["stack", model, *(each for each in others if each != volume)]]
    if file := file_beside(word):
        close, lines = None, [[file, *others]]
    return close, [*lines, *lines_in(args)]


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
