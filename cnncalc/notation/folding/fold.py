"""A network folded, pass by pass: runs to repeats, then the block that saves most, and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.notation.folding.blocks import fold_blocks
from cnncalc.notation.folding.items import define, sequence_of
from cnncalc.notation.folding.naming import BlockNames, is_needed
from cnncalc.notation.folding.parts import parts_of
from cnncalc.notation.folding.runs import fold_runs
from cnncalc.notation.folding.survey import Survey
from cnncalc.notation.tree import Group, Network, items_in
from cnncalc.speech.budget import BUDGET

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from cnncalc.notation.folding.blocks import Draft
    from cnncalc.notation.folding.parts import Part
    from cnncalc.notation.tree import Definition

_MOST_PASSES = 60
_MOST_SEEN = BUDGET.refolded  # parts, in all passes but the first three


def fold(
    network: Network, kept: Collection[str] = (), classes: Mapping[str, str] | None = None
) -> Network:
    """Return a network, to be written, with repeats for equal runs, and definitions for blocks.

    Labels in `kept` stay as they are; `classes` says what blocks are made of, by the label that
    those in them begin with. A network that has definitions or repeats is as it is.
    """
    groups = (each for each in items_in(network.sequence) if isinstance(each, Group))
    if network.definitions or any(group.times is not None for group in groups):
        return network
    root = parts_of(network.sequence)
    survey = Survey()
    blocks: list[Draft] = []
    names: BlockNames | None = None
    seen = 0
    for turn in range(_MOST_PASSES):
        seen += survey.measure([root, *(block.parts for block in blocks)])
        if names is None:
            labels = {part.label for each in survey.sequences for part in each if part.label}
            names = BlockNames(labels, classes or {})
            for part in (part for each in survey.sequences for part in each):
                part.kept = part.label in kept
        if turn > 2 and seen > _MOST_SEEN:
            break
        folded = [fold_runs(parts, names) for parts in reversed(survey.sequences)]
        if any(folded):
            continue
        block = fold_blocks(survey.sequences, [each.parts for each in blocks], names)
        if block is None:
            break
        blocks.append(block)
    for parts in (root, *(block.parts for block in blocks)):
        _open_groups(parts)
    head = {network.volume.label} if network.volume and network.volume.label else set()
    _make_unique(root, set(head))
    for block in blocks:
        _make_unique(block.parts, set())
    made: dict[Draft, Definition] = {}
    for block in blocks:
        define(block, made)
    sequence = sequence_of(root, made)
    return Network(tuple(made.values()), network.volume, sequence, network.span)


def _open_groups(parts: list[Part]) -> None:
    """Put what is in a group without a count and a label in its place.

    What alone stands in a repeat goes by the repeat's label.
    """
    for part in parts:
        if part.label and part.is_repeat and len(part.branches[0]) == 1:
            (only,) = part.branches[0]
            only.label = only.label if is_needed(only) or only.kept else ""
        for branch in part.branches:
            _open_groups(branch)
    for place in reversed(range(len(parts))):
        if parts[place].is_plain and not parts[place].label:
            parts[place : place + 1] = parts[place].branches[0]


def _make_unique(parts: list[Part], taken: set[str]) -> None:
    """Give each label of a scope a name of its own; a repeat is a scope that sees those around."""
    for part in parts:
        if part.label:
            made, number = part.label, 2
            while made in taken:
                made, number = f"{part.label}_{number}", number + 1
            part.label = made
            taken.add(made)
        for branch in part.branches:
            _make_unique(branch, set(taken) if part.is_repeat else taken)
