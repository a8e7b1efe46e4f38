"""The models: networks in the notation, a family a file, each under a comment that describes it.

A model is a definition that begins with a volume; a block, in blocks.cnn, is one that does not, and
can be called wherever a network is read. A comment says in the first line what it is,
then a fact a line: `# paper: ...`, `# params: 138M, Table 2 of the paper`. Behind ` -- ` stands a
plain word where the published figure is wrong or means another thing.
"""

from __future__ import annotations

import os
import re
from functools import cache
from typing import TYPE_CHECKING

from cnncalc.speech.problem import Source
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.notation.tree import Definition

FOLDER = os.path.join(os.path.dirname(__file__), "models")  # noqa: PTH118, PTH120 - see sources

# Compiled when they are first used, by re itself: start-up needs none of them.
_DEFINITION = r"(?m)^((?:#[^\n]*\n)*+)(?:def\s+(\w++)[^{]*+\{[^}]*\})?"
_WORD = r"[A-Za-z_]\w*"
_NAME = r"(?a)[A-Za-z][\w.-]*"
_CODE = r"(?:\w+\.)*(?:models\.)?(\w+)\([^()]*\)|(?:\w+\.)*models\.(\w+)"
_COMMENT = r"#[^\n]*"
_FACT = r"# (\w+): (.+)"
_FIGURE = r"([0-9][0-9.,]*[0-9][KMG]?B?|[0-9][KMG]?B?), (.*?)(?: -- (.*))?"


class Published(NamedTuple):
    """A figure as it was published, where, and what is wrong with it, if anything."""

    quantity: str
    figure: str
    source: str
    remark: str


class Model(NamedTuple):
    """A network of the library: its name, its family's file, and what its comment says."""

    name: str
    family: str
    title: str
    paper: str
    published: tuple[Published, ...]


class Block(NamedTuple):
    """A part of networks: its name, how it is called, what it is, a network with it, its text."""

    name: str
    usage: str
    title: str
    paper: str
    example: str
    published: tuple[Published, ...]
    text: str


class _DefinitionText(NamedTuple):
    """A definition of a family: its name, how that is heard, its comment and itself, as written."""

    name: str
    heard: str
    comment: str
    text: str

    @property
    def is_model(self) -> bool:
        """Whether it begins with a volume."""
        return _begins_with_volume(self.text)


@cache
def _begins_with_volume(definition: str) -> bool:
    """Return whether the text of a definition begins with a volume."""
    body = re.sub(_COMMENT, "", definition).split("{", 1)[1].lstrip()
    return body[:1].isdigit()


def spelled(name: str) -> str:
    """Return a name without what is not heard: `resnet-50` is `resnet50`, and so is code's.

    Between two digits a sign is heard: 3_2 is not 32.

    >>> spelled("ResNet-50"), spelled("RegNet_Y-3.2GF"), spelled("models.vgg16(weights=None)")
    ('resnet50', 'regnety3_2gf', 'vgg16')
    """
    if name.isalnum():
        return name.lower()
    code = re.fullmatch(_CODE, name.strip())
    name = (code[1] or code[2]) if code else name
    name = re.sub(r"(?<=[0-9])[-_. ](?=[0-9])", "\0", name.lower())
    return re.sub(r"[-_. ]", "", name).replace("\0", "_")


@cache
def _files() -> list[str]:
    """Return the names of the families' files."""
    from cnncalc.speech import own_files

    return [each for each in own_files.names_in(FOLDER) if each.endswith(".cnn")]


@cache
def _text(file: str) -> str:
    """Return the text of a family's file."""
    from cnncalc.speech import own_files

    return own_files.read(os.path.join(FOLDER, file)).decode()  # noqa: PTH118


@cache
def _family(file: str) -> list[_DefinitionText]:
    """Return the definitions of a family's file."""
    return [
        _DefinitionText(found[2], spelled(found[2]), found[1], found[0][len(found[1]) :])
        for found in re.finditer(_DEFINITION, _text(file))
        if found[2]
    ]


def _families() -> Iterator[tuple[str, list[_DefinitionText]]]:
    """Yield each family's file and its definitions; none is read before it is looked at."""
    for file in _files():
        yield file, _family(file)


BLOCKS = "blocks.cnn"


def read_blocks() -> Source:
    """Return the text of the blocks."""
    return Source(BLOCKS, _text(BLOCKS))


def is_block(definition: Definition) -> bool:
    """Return whether a definition is one of the library's blocks, or inside of one."""
    return definition.span.source.name == BLOCKS


@cache
def block_names() -> tuple[str, ...]:
    """Return the names of the blocks; what begins with _ is inside of others."""
    return tuple(each.name for each in blocks())


@cache
def blocks() -> tuple[Block, ...]:
    """Return the blocks in their order."""
    found = _family(BLOCKS)
    return tuple(_block(each, found) for each in found if each.name[:1] != "_")


def _block(definition: _DefinitionText, family: list[_DefinitionText]) -> Block:
    """Return a block, its text with what it calls."""
    said = _described(BLOCKS, definition)
    found = re.search(r"# example: (.+)", definition.comment)
    formals = re.match(r"def \w+\(([^{]*)\)\s*{", definition.text)
    words = []
    for each in (formals[1] if formals else "").split(","):
        name, _equals, default = each.strip().partition("=")
        if default.isdigit():
            name = f"{name}{default}" if len(name) == 1 else f"{name}={default}"
        elif default:
            name = f"{name}={default}"
        if name and not name.startswith(("c=", "keep=(")):  # what a call need not say
            words.append(f"[{name}]" if default or name == "..." else name)
    return Block(
        definition.name,
        " ".join([definition.name, *words]),
        said.title,
        said.paper,
        found[1] if found else "",
        said.published,
        "\n\n".join(each.comment + each.text for each in _called(definition, family)),
    )


def is_name(text: str) -> bool:
    """Return whether a text could be the name of a model: one word, in ASCII."""
    if ">" in text and "(" not in text:
        return False
    if text.isalnum() and text.isascii():
        return text[0].isalpha()
    return re.fullmatch(f"{_NAME}(?: [vVbB]?[0-9]+)?|{_CODE}", text.strip()) is not None


def names() -> list[str]:
    """Return the names of all models, a family after another."""
    return [each.name for _, family in _families() for each in family if each.is_model]


def models() -> list[Model]:
    """Return all models, a family after another."""
    return [
        _described(file, each) for file, family in _families() for each in family if each.is_model
    ]


def model(name: str) -> Model | None:
    """Return a model by its name, however it is spelled."""
    wanted = spelled(name)
    for file, family in _families():
        for each in family:
            if each.heard == wanted and each.is_model:
                return _described(file, each)
    return None


def closest(name: str) -> str | None:
    """Return the name of the model that was probably meant."""
    from cnncalc.speech.spelling import nearest

    return nearest(name, names())


def begins_names(name: str) -> bool:
    """Return whether a name is how those of a family of models begin."""
    start = spelled(name)
    return len(start) > 2 and any(
        each.heard.startswith(start)
        for _, family in _families()
        for each in family
        if each.is_model
    )


def read(name: str) -> Source | None:
    """Return a model as a text of its own: what it calls, its comment, itself and its name."""
    wanted = spelled(name)
    for file, family in _families():
        found = next((each for each in family if each.heard == wanted and each.is_model), None)
        if found:
            parts = [each.comment + each.text for each in _called(found, family)]
            return Source(f"{file}", "\n\n".join([*parts, found.name]) + "\n")
    return None


def _called(model: _DefinitionText, family: list[_DefinitionText]) -> list[_DefinitionText]:
    """Return a model with the definitions that it needs, in their order."""
    by_name = {each.name.lower(): each for each in family}
    needed = {model.name.lower()}
    waiting = [model]
    while waiting:
        text = re.sub(_COMMENT, "", waiting.pop().text).lower()
        for word in re.findall(_WORD, text):
            if word in by_name and word not in needed:
                needed.add(word)
                waiting.append(by_name[word])
    return [each for each in family if each.name.lower() in needed]


def _described(file: str, definition: _DefinitionText) -> Model:
    """Return what the comment of a model says of it."""
    lines = definition.comment.splitlines()
    title = lines[0].removeprefix("# ") if lines else ""
    paper, published = "", []
    for line in lines[1:]:
        fact = re.fullmatch(_FACT, line)
        if fact and fact[1] == "paper":
            paper = fact[2]
        elif fact and (figure := re.fullmatch(_FIGURE, fact[2])):
            published.append(Published(fact[1], figure[1], figure[2], figure[3] or ""))
    return Model(definition.name, file, title, paper, tuple(published))
