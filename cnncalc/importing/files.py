"""Which reader reads a file or a text: by how its name ends, or by what stands in it."""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING

from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem, Source
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cnncalc.importing.keras.model import Translated
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import PrintedLines

KERAS_ZIP = ".keras"
KERAS_HDF5 = (".h5", ".hdf5")
EXPORTED = ".pt2"
TFLITE = ".tflite"
DARKNET = ".cfg"
IN_ZIP = {
    KERAS_ZIP: ("config.json",),
    EXPORTED: ("models/model.json", "serialized_exported_program.json"),
}
"""How the file in a zip is called that holds the model, by the ending of the zip's own name."""
BINARY = (".onnx", KERAS_ZIP, *KERAS_HDF5, EXPORTED, TFLITE)
PYTHON = ".py"
ENDINGS = (*BINARY, ".json", ".txt", DARKNET, ".prototxt", PYTHON)
"""How the names of files end that are read here; of text, its beginning says what it is."""

_JSON = r"\s*\{\s*\""
_DARKNET = r"(?:[#;][^\n]*\n|\s)*+\[net(?:work)?\][^\S\n]*+\n"
_CAFFE = r"(?m)^[ \t]*(?:layers?|input_shape)[ \t]*+(?::[ \t]*+)?\{|^[ \t]*input_dim[ \t]*:"


class Choice(NamedTuple):
    """What is asked for of a model's source: a class or function, its arguments, names in it.

    `arguments` and `names` are as they are typed: `10`, `depth=40`. `train` is PyTorch's mode;
    `inputs` are volumes by the names of what takes them.
    """

    name: str = ""
    arguments: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    train: bool = False
    inputs: tuple[tuple[str, Volume], ...] = ()


def choice_of(word: str, words: Iterable[str], choice: Choice | None) -> Choice | None:
    """Return what is asked for of a network among several: of sources, where there are any."""

    def may_be_source(each: str) -> bool:
        return each == "-" or each.lower().endswith(PYTHON)

    return choice if may_be_source(word) or not any(map(may_be_source, words)) else None


class Imported(NamedTuple):
    """A network in notation, what was noticed as it was read, and whether it was made of a file.

    `name` is what a file of Keras calls its model, `held` how many numbers its layers hold that are
    not learned and no batch norm's.

    Of a print there are its `lines` too, and no notation where its order cannot be followed.
    """

    source: Source
    warnings: tuple[Problem, ...] = ()
    made: bool = False
    lines: PrintedLines | None = None
    name: str = ""
    held: int = 0


def made_of(found: tuple[Source, Sequence[Problem]], lines: PrintedLines | None = None) -> Imported:
    """Return what was made of a file: a network in notation, and what is to be said of it."""
    source, warnings = found
    return Imported(source, tuple(warnings), made=True, lines=lines)


def from_file(
    path: str, given: Volume | None = None, named: Mapping[str, Volume] | None = None
) -> Imported:
    """Return the network of a file that is no text; OSError or ValueError where it is not read.

    `given` is what comes in first, `named` what does by the names of inputs. What is wrong with a
    file that is another than its name says is that; a pipe or a device gives its bytes once, in
    their order, and is none to look places up in.
    """
    if stat.S_IFMT(os.stat(path).st_mode) not in (stat.S_IFREG, stat.S_IFDIR):  # noqa: PTH116
        raise OSError(_("it is a pipe or a device, and this is read from a file"))
    try:
        return _from_binary(path, given, named)
    except (ValueError, Problem) as error:
        if isinstance(error, Problem) and error.code not in ("file-not-onnx", "file-not-keras"):
            raise
        from cnncalc.importing.signatures import mistaken

        format_ = next(what for end, what in _formats() if path.lower().endswith(end))
        if found := mistaken(path, format_, IN_ZIP):
            raise found from None
        raise


def _formats() -> Iterator[tuple[str | tuple[str, ...], str]]:
    """Yield what files hold that end so."""
    yield ".onnx", _("ONNX model")
    yield (KERAS_ZIP, *KERAS_HDF5), _("model of Keras")
    yield EXPORTED, _("model of torch.export")
    yield TFLITE, _("model of TensorFlow Lite")


def _from_binary(path: str, given: Volume | None, named: Mapping[str, Volume] | None) -> Imported:
    if path.lower().endswith(KERAS_ZIP):
        from cnncalc.importing.zips import texts_in

        (text,) = texts_in(path, IN_ZIP[KERAS_ZIP])
        return _from_saved(path, text, given, named)
    if path.lower().endswith(EXPORTED):
        return _from_exported(path, given)
    if path.lower().endswith(KERAS_HDF5):
        return _from_saved(path, _in_hdf5(path), given, named)
    from cnncalc.importing.onnx import translation
    from cnncalc.importing.pages import Pages

    with open(path, "rb") as file:  # noqa: PTH123 - pathlib costs more than the rest
        data = Pages(file)
        if not len(data):
            raise ValueError(_("it is empty"))
        if path.lower().endswith(TFLITE):
            from cnncalc.importing.tflite.file import read_model

            return made_of(translation.translate_model(path, read_model(path, data), given))
        return made_of(translation.translate(path, data, given))


def _in_hdf5(path: str) -> str | None:
    """Return the JSON in an older file of Keras: an attribute of it; None where there is none."""
    from cnncalc.importing.keras.hdf5 import read_attribute
    from cnncalc.importing.pages import Pages

    with open(path, "rb") as file:  # noqa: PTH123 - pathlib costs more than the rest
        try:
            found = read_attribute(Pages(file), "model_config")
        except ValueError:
            return None
    if found is None:
        raise ValueError(_("it holds numbers, and no model: 'model.save' writes both"))
    return found


def _from_saved(
    path: str, text: str | None, given: Volume | None, named: Mapping[str, Volume] | None
) -> Imported:
    """Return the network of the JSON that a file of Keras holds."""
    from cnncalc.importing.keras import model as keras

    if text is None:
        raise ValueError(_("no model that Keras saved stands in it"))
    return _of_keras(keras.translate(Source(path, text), given, named))


def _of_keras(found: Translated) -> Imported:
    made, warnings, name, held = found
    return Imported(made, tuple(warnings), made=True, name=name, held=held)


def _from_exported(path: str, given: Volume | None) -> Imported:
    """Return the network of a file of torch.export: the model.json in it has every operator."""
    from json import JSONDecodeError

    from cnncalc.importing.json_text import read_json
    from cnncalc.importing.onnx import translation
    from cnncalc.importing.torch_export.entries import keeper
    from cnncalc.importing.torch_export.program import read_model
    from cnncalc.importing.zips import texts_in

    keep = keeper()
    text, stored = texts_in(path, IN_ZIP[EXPORTED], ("weights/model_weights_config.json",))
    try:
        content, weights = read_json(text or "", keep), read_json(stored or "{}", keep)
    except JSONDecodeError:
        raise ValueError(_("no model that torch.export saved stands in it")) from None
    model = read_model(path, content, weights)
    return made_of(translation.translate_model(path, model, given))


_CLASS = r"(?m)^class \w+\(.*\):\s*$"
_METHOD = r"(?m)^[ \t]+def (?:forward|call)\("


def is_source(text: str) -> bool:
    """Return whether a text is a model's source: a class that says what it does with an input."""
    return bool(re.search(_CLASS, text) and re.search(_METHOD, text))


def from_text(
    source: Source, given: Volume | None = None, named: Mapping[str, Volume] | None = None
) -> Imported | None:
    """Return the network of Keras' JSON or of a printed model; None for all other text."""
    from cnncalc.importing.prints.summaries import find_summary
    from cnncalc.importing.prints.text import find_print

    if re.match(_JSON, source.text):
        from cnncalc.importing.keras import model as keras

        return _of_keras(keras.translate(source, given, named))
    if source.name.lower().endswith(DARKNET) or re.match(_DARKNET, source.text):
        from cnncalc.importing import darknet

        return made_of(darknet.translate(source, given))
    if re.search(_CAFFE, source.text):
        from cnncalc.importing.caffe import network

        return made_of(network.translate(source, given))
    if find_print(source.text):
        return _from_print(source, given)
    if find_summary(source.text):
        return _from_summary(source, given)
    from cnncalc.importing.signatures import mistaken_source

    if problem := mistaken_source(source):
        raise problem
    return None


def _from_summary(source: Source, given: Volume | None) -> Imported:
    """Return a summary: a network where its rows are one behind the other, or its lines alone."""
    from cnncalc.importing.prints.summaries import lines_of_summary, network_of_summary

    if found := network_of_summary(source, given):
        return made_of(found)
    return Imported(source, made=True, lines=lines_of_summary(source, given))


def _from_print(source: Source, given: Volume | None) -> Imported:
    """Return a printed model; one whose order cannot be followed has its lines alone."""
    from cnncalc.importing.prints import order as pytorch
    from cnncalc.importing.prints.lines import lines_of, runs_in_order
    from cnncalc.importing.prints.text import read_modules

    root, others = read_modules(source)
    try:
        made = pytorch.translate(source, given)
    except Problem as problem:
        lines = lines_of(root, others, problem)
        learns = problem.code == "nothing-to-read" and any(line.params for line in lines.lines)
        if runs_in_order(root) and not learns:
            raise
        return Imported(source, made=True, lines=lines)
    return made_of(made, lines_of(root, others))
