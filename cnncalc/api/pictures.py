"""Figures as Python has them: texts in SVG or TikZ, which notebooks show; windows in motion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cnncalc.api.network import Named
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
    input: str | Mapping[str, str] | None = None,  # noqa: A002 - the option's name
    channels_first: bool = False,
    format: str = "svg",  # noqa: A002 - what the format of a file is called
) -> Picture:
    """Return how the windows of a network's last layer go over its map, as a layer's command does.

    `still` is one step, by its number or by the place of the output that it makes; with `frames`
    steps stand side by side. `format` is 'svg', in which they move, or 'tex', for TikZ.

    >>> motion("5x5x1 -> conv 1 k3 s2 p1").count("<animateTransform")
    6
    """
    from cnncalc.api.network import read
    from cnncalc.api.report import Report, settings_of
    from cnncalc.drawing import windows
    from cnncalc.notation.inputs import given_volume

    if frames and still is not None:
        fact = _("'still' draws one step, and 'frames' draws them all")
        raise Problem("unknown-choice", fact, [Label(Span(Source("still", f"{still}"), 0, 1))])
    found = read(network, input=input, channels_first=channels_first)
    settings = settings_of(False, found.channels_first, None, 1, "float32")
    report = Report(found.tree, settings, given=given_volume(found.tree, found.given))
    at = still if still is None or isinstance(still, str | int) else ",".join(map(str, still))
    figure = windows.draw(report, at=None if at is None else str(at), frames=frames)
    return write(figure, format)


def write(figure: Figure, form: str) -> Picture:
    """Return a figure as the text of a file that ends in svg or tex."""
    from importlib import import_module

    choose("format", form, LANGUAGES)
    lines: Iterable[str] = import_module(f"cnncalc.drawing.{LANGUAGES[form]}").write(figure)
    return Picture("".join(f"{line}\n" for line in lines))


def choose(name: str, value: str | None, choices: Iterable[str]) -> None:
    """Refuse an argument that is none of its choices."""
    if value is not None and value not in choices:
        fact = _("{option} is one of {choices}", option=name, choices=", ".join(choices))
        text = str(value)
        raise Problem("unknown-choice", fact, [Label(Span(Source(name, text), 0, len(text)))])
