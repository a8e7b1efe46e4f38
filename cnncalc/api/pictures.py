"""Figures as Python has them: texts in SVG or TikZ, which notebooks show; windows in motion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.api.misuse import Misused, read_axes, read_count, read_flag, read_word
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cnncalc.api.network import Input, Named
    from cnncalc.drawing.shapes import Figure

LANGUAGES = {"svg": "svg", "tex": "tikz"}
"""The languages of figures by the endings of their files, and the writer of each."""


class Picture(str):
    """A figure, as the text of its file."""

    __slots__ = ()

    def _repr_svg_(self) -> str | None:
        """Return it for a notebook, which shows SVG."""
        return str(self) if self.startswith("<svg") else None


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
    from cnncalc.api.network import read
    from cnncalc.api.report import Report
    from cnncalc.drawing import windows
    from cnncalc.notation.inputs import given_volume
    from cnncalc.trace.settings import Settings

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


def write(figure: Figure, form: str) -> Picture:
    """Return a figure as the text of a file that ends in svg or tex."""
    from importlib import import_module

    choose("format", read_word("format", form, "format='svg'"), LANGUAGES)
    lines: Iterable[str] = import_module(f"cnncalc.drawing.{LANGUAGES[form]}").write(figure)
    return Picture("".join(f"{line}\n" for line in lines))


def choose(name: str, value: object, choices: Iterable[str]) -> None:
    """Refuse an argument that is none of its choices."""
    if value is not None and not isinstance(value, str):
        raise Misused(_("{name} is a text", name=name), name, value, quoted(next(iter(choices))))
    if value is not None and value not in choices:
        fact = _("{option} is one of {choices}", option=name, choices=", ".join(choices))
        place = Label(Span(Source(name, value), 0, len(value)))
        raise Problem("unknown-choice", fact, [place])
