"""What is wrong with a source, or cannot be followed in it: each at its line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from cnncalc.kinds.volumes import write_volume
from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem, Source, Span, quoted
from cnncalc.speech.spelling import nearest

if TYPE_CHECKING:
    import ast
    from collections.abc import Collection, Iterable, Sequence

    from cnncalc.kinds.volumes import Volume


_MOST_NAMED = 12  # variables of a source


class Spanned(Protocol):
    """A text of Python, the lines of which it knows."""

    def span(self, line: int, column: int, end: int | None) -> Span:
        """Return a stretch of a line, from 1, by its columns in bytes; to its end without one."""


def span_of(file: Spanned, node: ast.AST) -> Span:
    """Return where a node stands, its first line alone."""
    line = getattr(node, "lineno", 1)
    column = getattr(node, "col_offset", 0)
    last = getattr(node, "end_lineno", line)
    end = getattr(node, "end_col_offset", column) if last == line else None
    return file.span(line, column, end)


def not_followed(file: Spanned, node: ast.AST, why: str, notes: Iterable[str] = ()) -> Problem:
    """Return the problem of what is not known without running the source."""
    return Problem(
        "source-not-followed",
        _("this cannot be followed without running it"),
        [Label(span_of(file, node), why)],
        notes=notes,
        helps=[_("followed are modules, shapes and known values, of this file and its package")],
    )


def not_of_here(file: Spanned, node: ast.AST, package: str) -> Problem:
    """Return the problem of a source of a framework whose modules are not read."""
    about = _("modules of {name} are not read", name=quoted(package))
    found = not_followed(file, node, about)
    found.helps = (_("modules of PyTorch and layers of Keras are read"),)
    return found


def move(problem: Problem, file: Spanned, node: ast.AST) -> None:
    """Put a problem where a node stands."""
    about = problem.labels[0].text if problem.labels else ""
    problem.labels = (Label(span_of(file, node), about), *problem.labels[1:])


def raises(file: Spanned, node: ast.AST, kind: str, why: str) -> Problem:
    """Return the problem of a source that raises an exception."""
    return Problem(
        "source-raises",
        _("the source raises {kind} here", kind=kind),
        [Label(span_of(file, node), why)],
        helps=[
            _("define it, or give it a value: '--set NAME=VALUE'")
            if kind == "NameError"
            else _("give other arguments: '--arg VALUE', '--arg NAME=VALUE' or '--set NAME=VALUE'")
        ],
    )


def too_long(file: Spanned, node: ast.AST, most: int) -> Problem:
    """Return the problem of a source that takes too many steps."""
    return Problem(
        "source-too-long",
        _("a source is followed for {most:,} steps", most=most),
        [Label(span_of(file, node), _("they end here"))],
        helps=[_("name a class or a function that takes fewer: '--class NAME'")],
    )


def too_many_words(span: Span, most: int) -> Problem:
    """Return the problem of a source whose tree would take too much memory."""
    return Problem(
        "source-too-long",
        _("a source has at most {most:,} words and signs", most=most),
        [Label(span)],
        helps=[_("put the network into a file of its own")],
    )


def too_deep(file: Spanned, node: ast.AST, most: int) -> Problem:
    """Return the problem of calls that stand too deep in one another."""
    return Problem(
        "source-too-deep",
        _("calls stand at most {most} deep in one another", most=most),
        [Label(span_of(file, node))],
        helps=[_("name a class or a function inside: '--class NAME'")],
    )


def too_large(file: Spanned, node: ast.AST) -> Problem:
    """Return the problem of a value that is too large."""
    return Problem(
        "source-too-large",
        _("a value this large is not followed"),
        [Label(span_of(file, node))],
        helps=[_("give other arguments: '--arg VALUE', '--arg NAME=VALUE' or '--set NAME=VALUE'")],
    )


def not_python(span: Span, why: str) -> Problem:
    """Return the problem of a text that is no Python: of a file, or of an option's value."""
    fact = _("this file cannot be read as Python 3")
    cure = _("mend it, or save what builds the model in a file by itself")
    if (option := span.source.name).startswith("--"):
        fact = _("this value cannot be read as Python 3")
        cure = _("write a number, a text or a list, as in '{option} depth=40'", option=option)
    return Problem("source-not-python", fact, [Label(span, why)], helps=[cure])


def does_not_fit(
    file: Spanned,
    node: ast.AST,
    takes: str,
    arrives: str,
    made: tuple[Spanned, ast.AST] | None = None,
) -> Problem:
    """Return the problem of a layer that does not take what comes in, and where it was made."""
    where = span_of(*made) if made and made[0] is file and made[1] is not node else None
    return Problem(
        "source-does-not-fit",
        _("what arrives is not what this layer takes"),
        [
            Label(
                span_of(file, node),
                _("takes {takes}, and {count} arrive", takes=takes, count=arrives),
            )
        ],
        notes=[_("line {line} makes it: {text}", line=where.line, text=where.text)]
        if where
        else [],
        helps=[_("make the two agree, or give another input")],
    )


def not_chosen(file: Spanned, nodes: Sequence[ast.AST], candidates: Sequence[str]) -> Problem:
    """Return the problem of a file with several networks, or none, of which none was named."""
    if not candidates:
        return Problem(
            "entry-not-found",
            _("no network is found in this source"),
            [Label(file.span(1, 0, 0))],
            notes=[_("a network is a class of PyTorch or Keras, or a function that returns one")],
            helps=[_("name what makes it: '--class NAME'")],
        )
    return Problem(
        "entry-not-named",
        _("this source does not say which of its networks is meant"),
        [Label(span_of(file, nodes[0]))],
        notes=[_("it has {names}", names=", ".join(candidates))],
        helps=[_("name one: '--class {name}'", name=candidates[0].partition("(")[0])],
    )


def no_such_entry(
    name: str, first: str, known: Collection[str], candidates: Sequence[str]
) -> Problem:
    """Return the problem of a name whose first part no class or function of the source has."""
    fact = _("this source has no class or function {name}", name=quoted(name))
    span = Span(Source("--class", name), 0, len(first))
    return _no_such("entry-not-found", fact, span, ", ".join(candidates), nearest(first, known))


def no_such_variable(text: str, name: str, has: Sequence[str]) -> Problem:
    """Return the problem of a name that is given a value and that the source does not have."""
    fact = _("the source has no variable {name}", name=quoted(name))
    span = Span(Source("--set", text), 0, len(text.partition("=")[0]))
    found = _no_such("unknown-variable", fact, span, _some(has), nearest(name, has), status=2)
    found.fix = None
    return found


def no_such_name(span: Span, has: Sequence[str]) -> Problem:
    """Return the problem of a word that is given and called, and that is no name of the source."""
    fact = _("the source has no class or function {name}", name=quoted(span.text))
    return _no_such("unknown-variable", fact, span, _some(has), nearest(span.text, has), status=2)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_MOST_NAMED]) + (", ..." if len(names) > _MOST_NAMED else "")


def _no_such(
    code: str, fact: str, span: Span, has: str, close: str | None, status: int = 1
) -> Problem:
    """Return the problem of a name that nothing has; what there is, and what may be meant."""
    return Problem(
        code,
        fact,
        [Label(span)],
        notes=[_("it has {names}", names=has)] if has else [],
        helps=_meant(close),
        fix=Fix(span, close) if close else None,
        status=status,
    )


def _meant(close: str | None) -> list[str]:
    return [_("did you mean '{name}'?", name=close)] if close else []


def argument_not_taken(text: str, name: str, signature: str, takes: Sequence[str]) -> Problem:
    """Return the problem of an argument that the entry does not take: a name, or one too many."""
    close = nearest(name, takes) if name else None
    what = quoted(signature.partition("(")[0])
    fact = _("{name} takes no {argument}", name=what, argument=quoted(name))
    if not name:
        fact = _("{name} takes fewer arguments", name=what)
    if "(" not in signature:
        fact = _("{name} is made, and takes no argument", name=what)
    return Problem(
        "argument-not-taken",
        fact,
        [Label(Span(Source("--arg", text), 0, len(name) or len(text)))],
        notes=[_("it is {signature}", signature=signature)] if "(" in signature else [],
        helps=_meant(close),
        status=2,
    )


def depends_on_size(source: Source, fits: Sequence[Volume]) -> Problem:
    """Return the problem of a source that is another network for another input, or takes one."""
    fact = _("this source is another network for inputs of other sizes")
    if len(fits) < 2:
        fact = _("of the usual inputs this source takes one, or none")
    return Problem(
        "source-by-size",
        fact,
        [Label(Span(source, 0, len(source.text.partition("\n")[0])))],
        helps=[
            _("give numbers: '--input {volume}'", volume=write_volume(each)) for each in fits[:1]
        ],
    )


def arguments_missing(file: Spanned, node: ast.AST, signature: str, missing: str) -> Problem:
    """Return the problem of an entry that needs arguments which are not given."""
    return Problem(
        "source-needs-arguments",
        _(
            "{name} needs its {argument}",
            name=quoted(signature.partition("(")[0]),
            argument=missing,
        ),
        [Label(span_of(file, node), _("takes {signature}", signature=signature))],
        helps=[_("give it: '--arg {name}=VALUE'", name=missing)],
    )
