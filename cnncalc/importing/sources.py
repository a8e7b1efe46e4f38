"""Where a network's text comes from: a file, standard input, or the command line itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import IO, TYPE_CHECKING

from cnncalc.importing import files
from cnncalc.kinds.table import NAMES
from cnncalc.notation import library
from cnncalc.notation.inputs import NO_VOLUMES, Volumes
from cnncalc.notation.parser import parse, parse_volume
from cnncalc.notation.tokens import MOST_TEXT
from cnncalc.notation.tree import Network, Sequence
from cnncalc.notation.writer import lay_out
from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem, Source, Span, quoted

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable

    from cnncalc.importing.files import Choice
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Given

    Decode = Callable[[bytes], str]

_NOT_TEXT = "[\0\udc80-\udcff]"  # what no text holds, and bytes that are not UTF-8


def read_network(
    word: str,
    *,
    given: Volumes = NO_VOLUMES,
    channels_first: bool = False,
    choice: Choice | None = None,
) -> Network:
    """Return the network that an argument names, with the volumes that --input says.

    `-` is standard input; a word that ends in .cnn or in one of `files.ENDINGS`, or that holds a /
    and no space, is a file; a word that names a model is that model; all else is notation. `choice`
    says which network of a model's source.
    """
    if not is_outside(word):
        _refuse_other_file(word)
        refuse_choice(choice)
        return given.put_in(read_text(word, channels_first=channels_first))
    found = _found(word, given.head, _with_inputs(choice, given))
    return given.put_in(_parsed(found, channels_first=channels_first))


_OTHER = (".ipynb", ".caffemodel", ".pt", ".pth", ".safetensors", ".weights", ".pb")


def _refuse_other_file(word: str) -> None:
    """Refuse a file whose ending is that of what is not read, and say what is.

    Those of other files are not known: what has an ending and stands there is one.
    """
    if "." not in word or not re.fullmatch(r"[^\s()\[\]|,>]*[^\s()\[\]|,>.]\.[^\W\d]\w*", word):
        return
    import os

    if word.lower().endswith(_OTHER) or os.path.isfile(word):  # noqa: PTH113 - pathlib costs more
        raise Problem(
            "file-not-read",
            _("files of this kind are not read"),
            [Label(Span(Source("<stack>", word), 0, len(word)))],
            notes=[
                _(
                    "read are {endings}, and as .txt what print(model) or summary() shows",
                    endings=", ".join((".cnn", *files.ENDINGS)),
                )
            ],
            helps=[_("save one of these: torch.onnx.export, model.to_json(), or a print as .txt")],
        )


def read_path(
    path: str | os.PathLike[str],
    *,
    given: Volumes = NO_VOLUMES,
    channels_first: bool = False,
    choice: Choice | None = None,
) -> Network:
    """Return the network of a file: notation, or what is read as such."""
    found = _in_file(str(path), given.head, _with_inputs(choice, given))
    return given.put_in(_parsed(found, channels_first=channels_first))


def is_outside(word: str) -> bool:
    """Return whether an argument names a file or standard input."""
    ends = (".cnn", *files.ENDINGS)
    return (
        word == "-"
        or word.lower().endswith(ends)
        or ("/" in word and not any(map(str.isspace, word)))
    )


def read_imported(
    word: str, *, given: Volumes = NO_VOLUMES, choice: Choice | None = None
) -> files.Imported:
    """Return what a file holds in notation, over several lines, with what is to be said of it."""
    found = _found(word, given.head, _with_inputs(choice, given))
    if found.lines and found.lines.misfit:
        raise found.lines.misfit
    if found.made:
        return found
    source = Source(found.source.name, lay_out(parse(found.source)))
    return found._replace(source=source)


def _with_inputs(choice: Choice | None, given: Volumes) -> files.Choice | None:
    """Return what is asked for of a source, with the volumes of inputs by their names."""
    if not given.named:
        return choice
    sizes = ((name, _sizes(each)) for name, each in given.named)
    known = tuple((name, volume) for name, volume in sizes if volume is not None)
    return (choice or files.Choice())._replace(inputs=known)


def _found(word: str, given: Given | None, choice: Choice | None) -> files.Imported:
    """Return what an argument names outside the command line."""
    if word != "-":
        return _in_file(word, given, choice)
    source = read_stdin()
    if files.is_source(source.text):
        return _in_source(source, given, choice)
    refuse_choice(choice)
    return _in_text(source, given, choice)


def _in_file(path: str, given: Given | None, choice: Choice | None) -> files.Imported:
    """Return what a file holds in notation."""
    if path.lower().endswith(files.PYTHON):
        return _in_source(read_file(path), given, choice)
    refuse_choice(choice)
    if not path.lower().endswith(files.BINARY):
        return _in_text(read_file(path), given, choice)
    try:
        return files.from_file(path, _sizes(given), dict(choice.inputs) if choice else None)
    except (OSError, ValueError) as error:
        raise _not_read(path, error) from None


def _in_source(source: Source, given: Given | None, choice: Choice | None) -> files.Imported:
    """Return the network of a model's source; sizes that are letters are left open."""
    from cnncalc.importing.python import reading

    sizes, asked = _numbers(given), choice or files.Choice()
    if sizes is not None and None in sizes:
        return files.made_of(reading.translate_open(source, sizes, asked))
    return files.made_of(reading.translate(source, _sizes(given) or None, asked))


def refuse_choice(choice: Choice | None) -> None:
    """Refuse what is asked for of a model's source, where the network is none."""
    asked = choice or files.Choice()
    options = (
        ("--class", asked.name),
        ("--arg", *asked.arguments),
        ("--set", *asked.names),
        ("--train", "--train" if asked.train else ""),
    )
    for option, *texts in options:
        if any(texts):
            raise Problem(
                "misuse",
                _("{option} is of a model's source, and this network is none", option=option),
                [Label(Span(Source(option, texts[0]), 0, len(texts[0])))],
                helps=[_("name a file of Python, or leave it out")],
                status=2,
            )


def _in_text(source: Source, given: Given | None, choice: Choice | None) -> files.Imported:
    """Return a text in notation: as it is, or as what it is the JSON or the print of."""
    named = dict(choice.inputs) if choice else None
    return files.from_text(source, _sizes(given), named) or files.Imported(source)


def _sizes(given: Given | None) -> Volume | None:
    """Return the sizes of a volume that are all numbers."""
    known = given is not None and all(isinstance(size, int) for size in given.sizes)
    return given.sizes if given is not None and known else None


def _numbers(given: Given | None) -> tuple[int | None, ...] | None:
    """Return the sizes of a volume, None for those that are letters or unknown.

    Channels that are no number are not stood in for: then nothing is given.
    """
    if given is None or not given.sizes or type(given.sizes[-1]) is not int:
        return None
    return tuple(size if type(size) is int else None for size in given.sizes)


def _parsed(found: files.Imported, *, channels_first: bool) -> Network:
    """Return the network of a text; what was made of a file is channels last."""
    if found.lines and found.lines.misfit:
        span = found.lines.misfit.labels[0].span
        empty = Sequence((), span)
        return Network((), None, empty, span, found.warnings, lines=found.lines)
    network = parse(found.source, channels_first=channels_first and not found.made)
    warnings = (*network.warnings, *found.warnings)
    return network._replace(warnings=warnings, lines=found.lines, name=found.name, held=found.held)


def read_text(text: str, *, channels_first: bool = False, recalls: bool = False) -> Network:
    """Return the network that a text is: a model's name, or notation.

    What it `recalls` is as `parse` says.
    """
    source = Source("<stack>", text)
    if library.is_name(text) and text.lower() not in NAMES:
        if model := library.read(text):
            return parse(model, recalls=recalls)  # written channels last, whatever the option says
        close = file_beside(text) or library.closest(text)
        if close or library.begins_names(text):
            raise unknown_model(text, source, close)
    return parse(source, channels_first=channels_first, recalls=recalls)


_NAMED = r"\s*([A-Za-z_]\w*)\s*="


def read_input(
    texts: str | Iterable[str] | Mapping[str, str] | None, *, channels_first: bool = False
) -> Volumes:
    """Return the volumes that --input gives: a bare one that of the head, `NAME=...` by name."""
    if isinstance(texts, str):
        texts = [texts]
    elif isinstance(texts, Mapping):
        texts = [f"{name}={text}" for name, text in texts.items()]
    found = Volumes()
    for text in texts or ():
        named = re.match(_NAMED, text)
        name, start = (named[1], named.end()) if named else ("", 0)
        source = Source("--input", text)
        given = parse_volume(source, channels_first=channels_first, start=start)
        if name in dict(found.named) or (not name and found.head):
            raise Problem(
                "input-twice",
                _("two volumes are given to one input"),
                [Label(given.span)],
                helps=[_("name the other one, as in '{sample}'", sample=f"--input input2={text}")],
                status=2,
            )
        if name:
            found = found._replace(named=(*found.named, (name, given)))
        else:
            found = found._replace(head=given)
    return found


def unknown_model(word: str, source: Source, close: str | None) -> Problem:
    """Return the problem of a name that no model has, at the end of a source."""
    from cnncalc.speech.spelling import meant

    end = len(source.text)
    span = Span(source, end - len(word), end)
    return Problem(
        "unknown-model",
        _("no model is called {name}", name=quoted(word)),
        [Label(span)],
        helps=[meant(close, _("'cnncalc models' lists them all"))],
        fix=Fix(span, close) if close else None,
    )


def read_file(path: str | os.PathLike[str], decode: Decode | None = None) -> Source:
    """Return the text of a file of at most 4 MiB, which is UTF-8 unless it is decoded otherwise."""
    name = str(path)
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - pathlib costs more than the rest
            return _decoded(name, file, decode)
    except (OSError, ValueError) as error:
        raise _not_read(name, error) from None


def file_beside(name: str) -> str | None:
    """Return the file of a name whose ending was left out, if there is one."""
    import os

    paths = (f"{name}{ending}" for ending in (".cnn", *files.ENDINGS))
    return next(filter(os.path.isfile, paths), None)


def _with_ending(name: str) -> Fix | None:
    """Return the fix of a path whose ending was left out."""
    file = file_beside(name)
    return Fix(Span(Source("<stack>", name), 0, len(name)), file) if file else None


def _not_read(name: str, error: Exception) -> Problem:
    """Return the problem of a file that cannot be opened, or does not hold what its name says."""
    import os

    from cnncalc.speech.system import reason_of

    is_damaged = (
        isinstance(error, ValueError) and "\0" not in name and os.path.isfile(name)  # noqa: PTH113 - pathlib costs more
    )
    return Problem(
        "file-not-read",
        _("this word is a file, and it cannot be read"),
        [Label(Span(Source("<stack>", name), 0, len(name)), reason_of(error))],
        helps=[
            _("save or download it once more, all of it")
            if is_damaged
            else _("check the path; in notation, put spaces around what a / divides")
        ],
        fix=_with_ending(name),
    )


def read_stdin() -> Source:
    """Return the text on standard input."""
    from cnncalc.importing.standard_input import opened

    return _decoded("<stdin>", opened(MOST_TEXT * 4 + 1))


def _decoded(name: str, file: IO[bytes], decode: Decode | None = None) -> Source:
    """Return what a file holds, as text."""
    content = file.read(MOST_TEXT * 4 + 1)
    text = decode(content) if decode else content.decode("utf-8-sig", "surrogateescape")
    if found := re.search(_NOT_TEXT, text):
        from cnncalc.importing.signatures import kind_of

        place, known = found.start(), kind_of(content)
        source = Source(name, text[:place])
        raise Problem(
            "file-not-text",
            _("this is not text in UTF-8"),
            [Label(Span(source, place, place), known.what if known else _("from here on"))],
            helps=[known.cure() if known else _("save the network as plain text")],
        )
    return Source(name, text.replace("\r\n", "\n"))
