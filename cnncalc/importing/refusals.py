"""What is wrong with a file that holds a network, whatever framework wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.kinds.joins import JOIN_KINDS
from cnncalc.kinds.volumes import times, write_volume
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.kinds.volumes import Volume

MOST_NODES = BUDGET.nodes


def circle(source: Source, words: str) -> Problem:
    """Return the problem of nodes that read one another in a circle."""
    return Problem(
        "graph-has-a-circle",
        _("the nodes of this file read one another in a circle"),
        [label_in(source, words)],
        helps=[_("export the network once more")],
    )


def made_twice(source: Source, words: str, tensor: str) -> Problem:
    """Return the problem of a tensor that two nodes make."""
    return Problem(
        "tensor-made-twice",
        _("two nodes of this file make one tensor"),
        [label_in(source, words, _("{tensor} is made before", tensor=quoted(tensor)))],
        helps=[_("export the network once more")],
    )


def nothing_to_read(source: Source, words: str, *, is_open: bool = False) -> Problem:
    """Return the problem of a file from which nothing can be read: what stands first in it.

    What that puts out is not known where it `is_open`.
    """
    about = _("this is no layer here") if words else ""
    if is_open:
        about = _("this is no layer here, and nothing says what it puts out")
    return Problem(
        "nothing-to-read",
        _("no layer of the notation can be read from this file"),
        [label_in(source, words, about)],
        helps=[_("'cnncalc layers' lists what is one")],
    )


def size_left_open(
    source: Source,
    words: str,
    *,
    is_tried: bool = False,
    name: str = "",
    about: str = "",
    like: Sequence[object] = (None, None, 3),
) -> Problem:
    """Return the problem of a file that does not say how large its input is.

    What fits it is offered apart where that `is_tried`. `name` is that of one of several inputs,
    `like` its sizes, some of them open.
    """
    open_size = 224 if len(like) > _SEQUENCE else 128
    sample = times(tuple(size if type(size) is int else open_size for size in like))
    return Problem(
        "size-left-open",
        _("this file leaves the size of its input open"),
        [label_in(source, words, about)],
        helps=[
            _("say what comes in, with '--input'")
            if is_tried
            else _(
                "say what comes in, as in '{sample}'",
                sample=f"--input {name}{'=' if name else ''}{sample}",
            )
        ],
    )


_SEQUENCE = 2
"""Length and channels: what has more sizes is a map."""


def option_not_read(span: Span, about: str = "") -> Problem:
    """Return the problem of a line of a file that gives a layer what it does not take."""
    return Problem(
        "option-not-read",
        _("a layer of this file cannot be made"),
        [Label(span, about or _("a whole number stands here"))],
        helps=[_("mend that line of the file, or take the file as it was published")],
    )


def not_joined(how: str, volumes: Sequence[Volume], span: Span) -> Problem:
    """Return the problem of a join in a file whose inputs do not fit together."""
    kind = JOIN_KINDS[how]
    about = _("it reads {volumes}", volumes=", ".join(map(write_volume, volumes)))
    return Problem(kind.code, _(kind.message), [Label(span, about)], helps=[_(kind.help)])


def label_in(source: Source, words: str, about: str = "") -> Label:
    """Return a label at words of a file; where it has no text, they stand in for it."""
    start = source.text.find(words)
    if not source.text or start < 0:
        source, start = Source(source.name, words), 0
    return Label(Span(source, start, start + len(words)), about)


def too_nested(label: Label, most: int) -> Problem:
    """Return the problem of modules that stand deeper in one another than they are read."""
    return Problem(
        "modules-too-deep",
        _("modules stand at most {most} deep in one another", most=most),
        [label],
        helps=[_("print or export an inner module by itself")],
    )


def too_many_nodes(span: Span, count: int) -> Problem:
    """Return the problem of a file with more nodes than are read."""
    return Problem(
        "too-many-nodes",
        _("a file of a network has at most {most:,} nodes", most=MOST_NODES),
        [Label(span, _("{count:,} nodes", count=count))],
        helps=[_("print or export a part of the model by itself")],
    )


def too_many_parts(where: Span | str, most: int = BUDGET.joined) -> Problem:
    """Return the problem of a file of which more layers and inputs of layers are made than that."""
    said = _("layers of a file, and what they read, are {most:,} at most", most=most)
    return _too_many(where, said)


def too_many_branches(where: Span | str) -> Problem:
    """Return the problem of a file whose layers read too many tensors beside their first."""
    return _too_many(
        where, _("joins of a file have {most:,} branches at most", most=BUDGET.branches)
    )


def _too_many(where: Span | str, said: str) -> Problem:
    span = Span(Source("<file>", where), 0, len(where)) if isinstance(where, str) else where
    helps = [_("print or export a part of the model by itself")]
    return Problem("too-many-nodes", said, [Label(span)], helps=helps)
