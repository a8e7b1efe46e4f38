"""What is said of units of which it is not known, or not alike in all branches, what they see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.kinds.alignment import first_apart
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem

if TYPE_CHECKING:
    from cnncalc.kinds.receptive_field import Axis
    from cnncalc.notation.tree import Join, Layer
    from cnncalc.speech.problem import Span


def untraced(span: Span) -> Problem:
    """Return the warning of units that differ too much for their fields to be traced."""
    return Problem(
        "receptive-field-not-traced",
        _("the units differ here in too many ways for their receptive fields to be traced"),
        [Label(span)],
        severity="warning",
    )


def no_field(layer: Layer) -> Problem:
    """Return the note of a layer behind which there is no receptive field."""
    return Problem(
        "no-receptive-field",
        _("there is no receptive field behind this layer, until a layer sees all"),
        [Label(layer.span, _("what its units see are no windows of one size and step"))],
        severity="note",
    )


def sees_several(item: Join) -> Problem:
    """Return the note of a join of what different inputs bring."""
    return Problem(
        "several-inputs-seen",
        _("there is no receptive field behind this join: its branches see different inputs"),
        [Label(item.span)],
        severity="note",
    )


def no_one_field(item: Join, why: str) -> Problem:
    """Return the warning of a join behind which there is no one receptive field."""
    return Problem(
        "no-one-receptive-field",
        _("there is no one receptive field behind this join"),
        [Label(item.span, why)],
        severity="warning",
    )


def misaligned(item: Join, axes: tuple[Axis, ...], paths: list[tuple[int, int]]) -> Problem:
    """Return the note of branches that see their input about different centres.

    `paths` are the numbers of each branch's first and last rows.
    """
    unit, centres = first_apart(axes)
    first = next(index for index, centre in enumerate(centres) if centre is not None)
    other = next(i for i, c in enumerate(centres) if c not in (None, centres[first]))
    labels = [
        Label(
            item.branches[i].span,
            _(
                "{path}: unit {unit} is centred on pixel {pixel}",
                path=_path(*paths[i]),
                unit=unit,
                pixel=centres[i],
            ),
        )
        for i in (first, other)
    ]
    return Problem(
        "branches-misaligned",
        _("the branches see their input about different centres"),
        labels,
        notes=[_("the receptive field is the hull of both")],
        severity="note",
    )


def _path(first: int, last: int) -> str:
    """Return the name of a branch: its rows, by number."""
    if first >= last:  # one row; or none, where the branch is a group *0 or goes back to a label
        return _("row {number}", number=last)
    return _("rows {first}-{last}", first=first, last=last)
