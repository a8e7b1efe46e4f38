"""What people have, to notation: ONNX, Keras' JSON, printed PyTorch models. Nothing is run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cnncalc.kinds.volumes import Volume
    from cnncalc.speech.problem import Problem, Source

BINARY = ".onnx"
ENDINGS = (BINARY, ".json", ".txt")
"""How the names of files end that are read here; of text, its beginning says what it is."""

_PRINT = r"\s*[A-Za-z_][\w.]*\(\s*\n"
_JSON = r"\s*\{\s*\""


class Imported(NamedTuple):
    """A network in notation, what was noticed as it was read, and whether it was made of a file."""

    source: Source
    warnings: tuple[Problem, ...] = ()
    made: bool = False


def from_file(path: str, given: Volume | None = None) -> Imported:
    """Return the network of an ONNX file; OSError or ValueError where it cannot be opened."""
    from cnncalc.importing import translation
    from cnncalc.importing.pages import Pages
    from cnncalc.speech.language import _

    with open(path, "rb") as file:  # noqa: PTH123 - pathlib costs more than the rest
        data = Pages(file)
        if not len(data):
            raise ValueError(_("it is empty"))
        source, warnings = translation.translate(path, data, given)
    return Imported(source, tuple(warnings), made=True)


def from_text(source: Source, given: Volume | None = None) -> Imported | None:
    """Return the network of Keras' JSON or of a printed model; None for all other text."""
    if re.match(_JSON, source.text):
        from cnncalc.importing import keras

        found = keras.translate(source, given)
    elif re.match(_PRINT, source.text):
        from cnncalc.importing import pytorch

        found = pytorch.translate(source, given)
    else:
        return None
    return Imported(found[0], tuple(found[1]), made=True)
