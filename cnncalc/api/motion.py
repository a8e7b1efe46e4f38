"""How the windows of a layer go over its map: a figure that moves, or its steps side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.api.misuse import Misused, read_axes, read_count, read_flag
from cnncalc.api.network import read
from cnncalc.api.pictures import write
from cnncalc.drawing import windows
from cnncalc.notation.inputs import given_volume
from cnncalc.report.report import Report
from cnncalc.speech.language import _
from cnncalc.trace.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.api.network import Input, Named
    from cnncalc.api.pictures import Picture


def motion(
    network: Named,
    *,
    still: int | str | Sequence[int] | None = None,
    frames: bool = False,
    input: Input = None,  # noqa: A002 - the option's name
    channels_first: bool | None = None,
    format: str = "svg",  # noqa: A002 - what the format of a file is called
) -> Picture:
    """Return how the windows of a network's last layer go over its map, as a layer's command does.

    `still` is one step, by its number or by the place of the output that it makes; with `frames`
    steps stand side by side. `format` is 'svg', in which they move, or 'tex', for TikZ.

    >>> motion("5x5x1 -> conv 1 k3 s2 p1").count("<animateTransform")
    6
    """
    are_many = read_flag("frames", frames)
    if are_many and still is not None:
        raise Misused(_("'still' draws one step, and 'frames' draws them all"), "still", still)
    step = str(read_count("still", still)) if hasattr(still, "__index__") else still
    at = read_axes("still", step)
    found = read(network, input=input, channels_first=channels_first)
    settings = Settings(channels_first=found.channels_first)
    report = Report(found.tree, settings, given=given_volume(found.tree, found.given))
    figure = windows.draw(report, at=at, frames=are_many)
    return write(figure, format)
