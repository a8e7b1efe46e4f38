"""What people type among a layer's arguments from habit, and the right spelling of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.kinds.table import LETTERS, NAMES, Kind
from cnncalc.notation import vocabulary
from cnncalc.notation.tokens import ARGUMENT_END, rule
from cnncalc.notation.wrong_items import TIMES, after_item, from_habit, wrong_arrow
from cnncalc.notation.wrong_places import mend, problem, word_span
from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem, quoted
from cnncalc.speech.spelling import meant, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.notation.reader import Reader
    from cnncalc.notation.tree import Definition
    from cnncalc.speech.problem import Span

_NEGATIVE = re.compile(r"(?:[kspdgmKSPDGM]|op)-[0-9]+(?![\w>])")
"""How an option is written with a number below 0: p-1."""


def no_argument(reader: Reader, word: str) -> Problem:
    """Return the problem of a sign that no argument begins with."""
    start = reader.position
    sign = reader.next()
    if sign in ("*", "×"):
        count = TIMES.match(reader.text, start)
        times = count[0].strip().lstrip("*×").strip() if count else "2"
        return _repeated(reader, word, count.end() if count else start + 1, times)
    if wrong := (wrong_arrow(reader) if sign == "+" else None):
        return wrong
    if sign in ("-", "+"):
        return problem(
            "negative-number" if sign == "-" else "sign-not-expected",
            _("a number here is never negative")
            if sign == "-"
            else _("an argument is one word: a space ends it, except inside ( )"),
            word_span(reader, start),
            _("write the number without a sign, or the sum without spaces, as in 'n-1'"),
        )
    if sign == "[":
        return mend(
            "arrow-missing",
            _("an arrow is missing before this bracket"),
            reader.span(start, start + 1),
            "-> [",
        )
    if sign == "@":
        return problem(
            "arrow-missing",
            _("an arrow is missing before this label"),
            reader.here(),
            _("write '{text}'", text="-> @"),
            f"-> {reader.here().text}",
        )
    if wrong := wrong_arrow(reader):
        return wrong
    return after_item(
        reader,
        closes=False,
        misplaced=_(
            "{sign} cannot stand here, an argument or an arrow can",
            sign=quoted(reader.here().text if sign.isalnum() else sign),
        ),
    )


def _repeated(reader: Reader, word: str, end: int, times: str) -> Problem:
    """Return the problem of `conv 8 k3 *3`: the layer before this place repeats.

    `upsample x2` says by how much.
    """
    head = reader.text.rfind(word, 0, reader.position)
    right = f"[{reader.text[head : reader.position].strip()}]*{times}"
    kind = NAMES.get(word.lower())
    if kind and kind.places and kind.places[0].name == "factor":
        span, fact = reader.span(head, end), _("a layer is written otherwise here")
        return mend("said-otherwise", fact, span, f"{word} {times}")
    return problem(
        "repeat-without-brackets",
        _("what repeats stands in brackets"),
        reader.span(head, end),
        _("write {text}", text=quoted(right, 60)),
        right,
    )


def unknown_argument(
    reader: Reader,
    found: re.Match[str],
    word: str,
    owner: Kind | Definition,
    is_layer: bool,
    formals: Iterable[str],
) -> Problem:
    """Return the problem of a word among the arguments that says nothing to the layer."""
    if is_layer:
        return _layer_among(reader, found, word, owner)
    if times := re.fullmatch(r"x(\d+)", found[0]):
        return _repeated(reader, word, found.end(), times[1])
    said = _number_before_name(reader, found, owner) or _sign_in_word(reader, found)
    return said or _no_option(reader, found, word, owner, formals)


def _layer_among(
    reader: Reader, found: re.Match[str], word: str, owner: Kind | Definition
) -> Problem:
    """Return the problem of a layer among the arguments of another: of its arrow, or a habit."""
    has_colon = re.compile(r"\s*:\s*\d").match(reader.text, found.end()) is not None
    is_named = has_colon and isinstance(owner, Kind) and owner.parameter(found[0])
    if is_named or vocabulary.kind_named(f"{word} {found[0]}"):
        head = reader.text.rfind(word, 0, reader.position)
        if said := from_habit(reader, head):
            return said
    return mend(
        "arrow-missing",
        _("an arrow is missing before {name}, which is a layer", name=quoted(found[0])),
        reader.span(reader.position, found.end()),
        f"-> {found[0]}",
    )


def _sign_in_word(reader: Reader, found: re.Match[str]) -> Problem | None:
    """Return the problem of a sign in or behind a word: a minus, a letter of no name, a colon."""
    follows = reader.text[found.end() : found.end() + 1]
    if less := _NEGATIVE.match(reader.text, found.start()):
        return problem(
            "negative-number",
            _("a number here is never negative"),
            reader.span(found.start(), less.end()),
            _("write what is left so that it is 0 or more"),
        )
    if not reader.ends(ARGUMENT_END, found.end()) and not follows.isascii():
        return problem(
            "sign-not-expected",
            _("{sign} cannot stand here", sign=quoted(follows)),
            reader.span(found.end(), found.end() + 1),
            _("names have letters a to z, digits and _"),
        )
    if re.compile(r"\s*:").match(reader.text, found.end()):
        return problem(
            "arrow-missing",
            _("an arrow is missing before the label {label}", label=quoted(found[0])),
            reader.span(reader.position, found.end()),
            _("write '{text}'", text=f"-> {found[0]}:"),
            f"-> {found[0]}",
        )
    return None


def _no_option(
    reader: Reader,
    found: re.Match[str],
    word: str,
    owner: Kind | Definition,
    formals: Iterable[str],
) -> Problem:
    """Return the problem of an option or a name that the layer does not take."""
    span = reader.span(reader.position, found.end())
    letters = re.match(r"[A-Za-z]+", found[0])
    option = letters[0].lower() if letters else ""
    takes = (
        [
            parameter.letter or parameter.name
            for parameter in owner.parameters
            if parameter.form not in ("rank", "words") and not parameter.place
        ]
        if isinstance(owner, Kind)
        else [formal.name for formal in owner.formals]
    )
    if option in LETTERS and found[0] != letters[0] if letters else False:
        return problem(
            "unknown-argument",
            _("{name} has no option {option}", name=quoted(word), option=quoted(option)),
            span,
            _("it takes {options}", options=", ".join(takes))
            if takes
            else _("it takes none: leave it out"),
        )
    close = nearest(found[0], [*takes, *formals])
    known = _("it takes {options}", options=", ".join(takes))
    return problem(
        "unknown-name",
        _(
            "{word} is not an option of {name}, a flag or a parameter",
            word=quoted(found[0]),
            name=quoted(word),
        ),
        span,
        meant(close, known)
        if takes
        else _("leave it out, or put an arrow before it if it is a layer"),
        close,
        known if takes else "",
    )


def warn_of_step(reader: Reader, start: int) -> None:
    """Warn of `2x2/2`, where the / divides and may be meant as a stride."""
    span = reader.span(start)
    found = re.fullmatch(r"(\d+(?:x\d+)*x(\d+))/(\d+)", span.text)
    if not found or int(found[3]) == 0:
        return
    last = int(found[2]) // int(found[3])
    reader.warnings.append(
        Problem(
            "slash-divides",
            _("a / divides here, and is no stride"),
            [Label(span, _("the last number is {number}", number=last))],
            helps=[_("write '{text}' for a stride", text=f"{found[1]} s{found[3]}")],
            fix=Fix(span, f"{found[1]} s{found[3]}"),
            severity="warning",
        )
    )


def parameter_and_option(reader: Reader, name: str, value: str, end: int) -> Problem:
    """Return the problem of `k 5` where k is a parameter, and an option of the layer."""
    span = reader.span(reader.position, end)
    found = Problem(
        "parameter-or-option",
        _("{name} is a parameter here, and an option of the layer", name=quoted(name)),
        [Label(span)],
        helps=[_("write '{text}' or '{other}'", text=f"{name}={value}", other=f"{name}={name}")],
        fix=Fix(span, f"{name}={value}"),
    )
    found.also = (Fix(span, f"{name}={name}"),)
    return found


def _number_before_name(
    reader: Reader, found: re.Match[str], owner: Kind | Definition
) -> Problem | None:
    """Return the problem of `12 heads`: a name stands before its number."""
    before = re.search(r"(?<![\w=])([0-9][0-9x]*)[ \t]+$", reader.text[: found.start()])
    if not before or not isinstance(owner, Kind):
        return None
    name = found[0].lower()
    parameter = owner.parameter(name) or owner.parameter(name.removesuffix("s"))
    if parameter is None or parameter.form == "flag":
        return None
    right = f"{parameter.name.replace('-', '_')}={before[1]}"
    return mend(
        "name-after-number",
        _("the name of an argument stands before its number"),
        reader.span(before.start(1), found.end()),
        right,
    )


def nothing_after_equals(reader: Reader, start: int) -> Problem:
    """Return the problem of `k=` with nothing behind it."""
    return problem(
        "something-expected",
        _("a number is expected after the ="),
        word_span(reader, start),
        _("as in '{sample}'", sample="k=3"),
    )


def _by_after_value(reader: Reader, start: int, span: Span) -> Problem:
    """Return the problem of an x behind a value: of a capital one, or of no number behind it."""
    text, here = reader.text, reader.position
    if text[here] == "X":
        right = span.text.replace("X", "x")
        return mend(
            "argument-malformed", _("a small x stands between the numbers of the axes"), span, right
        )
    name = rule("NAME").match(text, here + 1)
    return problem(
        "argument-malformed",
        _("x stands between numbers; a name beside it needs parentheses"),
        span,
        _("write '{text}'", text=f"{text[start:here]}x({name[0]})")
        if name
        else _("write a number after the x"),
    )


def after_value(reader: Reader, start: int) -> Problem:
    """Return the problem of something that is stuck to the end of a value."""
    text, here = reader.text, reader.position
    span = word_span(reader, start)
    if reader.next() == "." and text[here + 1 : here + 2].isdigit():
        whole = re.fullmatch(r"(.*?)\.0+", span.text)
        return problem(
            *("number-not-whole", _("a number here is whole"), span, _("write a whole number")),
            whole[1] if whole else None,
        )
    by = re.compile(r"[xX×*]").match(text, here)
    if by:
        return _by_after_value(reader, start, span)
    letters = rule("NAME").match(text, here)
    if letters and text[start:here].isdigit() and letters[0].lower() in LETTERS:
        right = f"{letters[0]}{text[start:here]}"
        return mend(
            "argument-malformed", _("the letter of an option stands before its number"), span, right
        )
    if wrong := wrong_arrow(reader):
        return wrong
    if text[here] == "^":
        return problem(
            "argument-malformed",
            _("a power of a power needs parentheses"),
            reader.here(),
            _("write which comes first, as in '{sample}'", sample="2^(3^2)"),
        )
    if text[here] == "[":
        return mend(
            "arrow-missing",
            _("an arrow is missing before this bracket"),
            reader.span(here, here + 1),
            " -> [",
        )
    return problem(
        "argument-malformed",
        _("{text} cannot stand inside an argument", text=quoted(reader.here().text)),
        reader.here(),
        _("a space or an arrow ends an argument"),
    )
