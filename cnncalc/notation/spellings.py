"""What people type from habit, and the right spelling of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.kinds.table import LETTERS, Kind
from cnncalc.notation import library
from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem, meant, nearest, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from cnncalc.notation.reader import Reader
    from cnncalc.notation.tree import Definition
    from cnncalc.speech.problem import Span

_SPACED_BY = re.compile(r"[ \t]*[xX×*][ \t]*(?=[0-9?A-Z])|[ \t]+[xX×]")
_SPACED_VOLUME = re.compile(r"[0-9?A-Z]\w*(?:[ \t]*[xX×*][ \t]*[0-9?A-Z]\w*?(?=[\s,xX×*\]-]|\Z))+")
_CALL = re.compile(r"\(([^()\[\]{}|]*)\)")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CHUNK_END = re.compile(r"[\s,\]|})#]|->|→|\Z")
_TIMES = re.compile(r"\s*[*×]\s*\w+")
_SPACED_KEYWORD = re.compile(r"([A-Za-z_]\w*)\s*=\s*([^\s,\]|}=>]+)")


def problem(
    code: str, message: str, span: Span, helps: str = "", right: str | None = None
) -> Problem:
    """Return a problem of one place, with a help and, if given, what to put in that place."""
    fix = Fix(span, right) if right is not None else None
    return Problem(code, message, [Label(span)], helps=[helps] if helps else [], fix=fix)


def chunk(reader: Reader, start: int) -> Span:
    """Return the span from a position to the end of the word that is being read."""
    end = _CHUNK_END.search(reader.text, max(reader.position, start + 1))
    return reader.span(start, end.start() if end else len(reader.text))


# ---------------------------------------------------------------- volumes


def refuse_wrong_volume(reader: Reader, start: int) -> None:
    """Refuse `8 x 8 x 4`, `8X8X4`, `8*8*4`, and a sign behind a volume meant as an arrow."""
    if wrong := _wrong_arrow(reader):
        raise wrong
    if not reader.look(_SPACED_BY):
        return
    whole = _SPACED_VOLUME.match(reader.text, start)
    span = reader.span(start, whole.end()) if whole else chunk(reader, start)
    right = re.sub(r"[ \t]*[xX×*][ \t]*", "x", span.text)
    raise problem(
        "volume-malformed",
        _("a volume is one word, its sizes with a small x between them"),
        span,
        _("write '{text}'", text=right),
        right,
    )


def after_volume(reader: Reader, start: int) -> Problem:
    """Return the problem of something behind a volume that is not an arrow."""
    here = reader.here()
    if wrong := _wrong_arrow(reader):
        return wrong
    volume = reader.text[start : reader.position].strip()
    return problem(
        "arrow-missing",
        _("an arrow is missing between the volume and what follows"),
        here,
        _("write '{text}'", text=f"{volume} -> {here.text}"),
        f"-> {here.text}",
    )


# ---------------------------------------------------------------- items


def _wrong_arrow(reader: Reader) -> Problem | None:
    """Return the problem of a sign that is meant as an arrow."""
    for sign in ("=>", ";", "-->", "=", ">", "|>"):
        if reader.at(sign):
            span = reader.span(reader.position, reader.position + len(sign))
            return problem(
                "not-an-arrow",
                _("'{sign}' is not an arrow", sign=sign),
                span,
                _("write '->' or ','"),
                "->",
            )
    return None


def no_item(reader: Reader, start: int) -> Problem:
    """Return the problem of something that no item begins with."""
    here = reader.here()
    if wrong := _wrong_arrow(reader):
        return wrong
    if reader.next().isdigit() and reader.next().isascii():
        before = reader.text[:start].rstrip()
        digits = re.compile(r"\d{3}(?!\d)").match(reader.text, start)
        if digits and before.endswith(",") and before[:-1][-1:].isdigit() and start == len(before):
            left = len(before) - 1
            while left and before[left - 1].isdigit():
                left -= 1
            whole = re.compile(r"\d+(?:,\d{3})+").match(reader.text, left)
            span = reader.span(left, whole.end() if whole else digits.end())
            right = span.text.replace(",", "")
            return problem(
                "number-with-commas",
                _("a comma is an arrow here, not a part of a number"),
                span,
                _("write '{text}'", text=right),
                right,
            )
        return problem(
            "volume-not-first",
            _("a volume or a number stands where a layer should"),
            here,
            _("a volume stands once, at the beginning; after an arrow write a layer"),
        )
    if reader.at("->") or reader.next() in (",", "→"):
        return problem(
            "nothing-before-arrow",
            _("nothing stands before this arrow"),
            here,
            _("take it away, or begin with a volume"),
            "",
        )
    if not reader.next():
        return problem(
            "something-expected",
            _("a layer is expected here"),
            here,
            _("as in '{sample}'", sample="relu"),
        )
    return after_item(
        reader,
        closes=False,
        misplaced=_("{sign} cannot stand here, a layer can", sign=quoted(reader.next())),
    )


def unknown_layer(reader: Reader, word: str, start: int, names: Collection[str]) -> Problem:
    """Return the problem of a name that no layer and no definition has."""
    span = reader.span(start, start + len(word))
    lower = word.lower()
    if lower == "input":
        volume = re.compile(r"INPUT\s+(?=[0-9])", re.IGNORECASE).match(reader.text, start)
        return problem(
            "input-is-a-volume",
            _("the input is written as its volume"),
            reader.span(start, volume.end()) if volume else span,
            _("write the volume itself, as in '32x32x3 -> conv 10 k5'"),
            "" if volume else "32x32x3",
        )
    if lower == "def":
        return problem(
            "definition-not-first",
            _("definitions stand before the network"),
            span,
            _("move it to the beginning of the text"),
        )
    stem = lower.rstrip("0123456789")
    if stem != lower and stem in names:
        right = f"{stem} {lower[len(stem) :]}"
        return problem(
            "unknown-layer",
            _("no layer is called {name}", name=quoted(word)),
            span,
            _("write '{text}'", text=right),
            right,
        )
    if re.search(rf"\bdef\s+{word}\b", reader.text, re.IGNORECASE):
        return problem(
            "unknown-layer",
            _("{name} is not defined above this place", name=quoted(word)),
            span,
            _("a definition calls those that stand above it, and not itself"),
        )
    if library.read(word):
        return problem(
            "unknown-layer",
            _("{name} is a model, and no layer", name=quoted(word)),
            span,
            _("a model's name stands alone; 'cnncalc models {name}' prints it", name=word),
        )
    close = nearest(word, names)
    return problem(
        "unknown-layer",
        _("no layer is called {name}", name=quoted(word)),
        span,
        meant(close, _("'cnncalc layers' lists them; a definition stands above what calls it")),
        close,
    )


def not_a_join(reader: Reader, word: str, start: int) -> Problem:
    """Return the problem of a word before [ that is not a join."""
    span = reader.span(start, start + len(word))
    close = nearest(word, ("concat", "add", "mul", "aux"))
    return problem(
        "unknown-join",
        _("{word} does not join branches", word=quoted(word)),
        span,
        meant(close, _("the joins are concat, add, mul and aux")),
        close,
    )


def branches_without_join(reader: Reader, opening: int) -> Problem:
    """Return the problem of branches in plain brackets."""
    span = reader.span(opening, opening + 1)
    return problem(
        "join-missing",
        _("branches need a word that says how they join"),
        span,
        _("write concat[ ... | ... ], add[ ... | ... ] or mul[ ... | ... ]"),
        "concat[",
    )


def after_head(reader: Reader, word: str, start: int, known: bool) -> Problem:
    """Return the problem of a sign that is stuck to a layer's name."""
    head = reader.span(start)
    sign = reader.next()
    if sign == "(":
        call = _CALL.match(reader.text, reader.position)
        if call:
            span = reader.span(start, call.end())
            inner = re.sub(r"\s*=\s*", "=", call[1])
            right = " ".join([word, *re.split(r"[\s,]+", inner.strip())]).strip()
            return problem(
                "call-with-parentheses",
                _("a layer's arguments stand behind its name, without parentheses"),
                span,
                _("write {text}", text=quoted(right)),
                right,
            )
        return problem(
            "call-with-parentheses",
            _("a layer's arguments stand behind its name, without parentheses"),
            head,
            _("write '{word} ...' with a space between the arguments", word=word),
        )
    if sign in ("*", "×"):
        count = _TIMES.match(reader.text, reader.position)
        span = reader.span(start, count.end() if count else reader.position + 1)
        times = count[0].strip().lstrip("*×").strip() if count else "2"
        right = f"[{word}]*{times}"
        return problem(
            "repeat-without-brackets",
            _("what repeats stands in brackets"),
            span,
            _("write '{text}'", text=right),
            right,
        )
    if sign == "?":
        span = reader.span(start, reader.position + 1)
        return problem(
            "space-missing",
            _("a space stands between a layer and its arguments"),
            span,
            _("write '{text}'", text=f"{word} ?"),
            f"{word} ?",
        )
    if (wrong := _wrong_arrow(reader)) and known:
        return wrong
    return problem(
        "sign-not-expected",
        _("{sign} cannot stand here", sign=quoted(sign)),
        reader.span(reader.position, reader.position + 1),
        _("a name has letters a to z, digits and _") if sign.isalnum() else _("take it away"),
    )


def after_bracket(reader: Reader) -> Problem:
    """Return the problem of something that is stuck to a closing bracket."""
    found = re.compile(r"[xX]?(\d+)").match(reader.text, reader.position)
    if found:
        return problem(
            "repeat-without-star",
            _("a repeat is written with a *"),
            reader.span(reader.position, found.end()),
            _("write '{text}'", text=f"[...]*{found[1]}"),
            f"*{found[1]}",
        )
    return after_item(reader, closes=reader.depth > 0)


def after_item(reader: Reader, *, closes: bool, misplaced: str = "") -> Problem:
    """Return the problem of something that cannot follow, or begin, an item."""
    here = reader.here()
    if wrong := _wrong_arrow(reader):
        return wrong
    sign = reader.next()
    if sign in "]|})":
        if closes:
            message = _("{sign} does not close what is open here", sign=quoted(sign))
        elif sign == "|":
            message = _("'|' stands between the branches of a join")
        else:
            message = _("this {sign} closes nothing", sign=quoted(sign))
        return problem(
            "bracket-not-opened",
            message,
            reader.span(reader.position, reader.position + 1),
            _("take it away, or open it first"),
        )
    if _WORD.match(sign):
        return problem(
            "arrow-missing",
            _("an arrow is missing before this"),
            here,
            _("write '{text}'", text=f"-> {here.text}"),
            f"-> {here.text}",
        )
    return problem(
        "sign-not-expected",
        misplaced or _("{sign} cannot stand here, an arrow can", sign=quoted(sign)),
        here,
        _("names have letters a to z, digits and _") if sign.isalnum() else _("take it away"),
    )


# ---------------------------------------------------------------- arguments


def no_argument(reader: Reader, word: str) -> Problem:
    """Return the problem of a sign that no argument begins with."""
    start = reader.position
    sign = reader.next()
    if sign in ("*", "×"):
        count = _TIMES.match(reader.text, start)
        head = reader.text.rfind(word, 0, start)
        span = reader.span(head, count.end() if count else start + 1)
        body = reader.text[head:start].strip()
        times = count[0].strip().lstrip("*×").strip() if count else "2"
        right = f"[{body}]*{times}"
        return problem(
            "repeat-without-brackets",
            _("what repeats stands in brackets"),
            span,
            _("write {text}", text=quoted(right, 60)),
            right,
        )
    if sign in ("-", "+"):
        return problem(
            "negative-number" if sign == "-" else "sign-not-expected",
            _("a number here is never negative")
            if sign == "-"
            else _("an argument is one word: a space ends it, except inside ( )"),
            chunk(reader, start),
            _("write the number without a sign, or the sum without spaces, as in 'n-1'"),
        )
    if sign == "[":
        return problem(
            "arrow-missing",
            _("an arrow is missing before this bracket"),
            reader.span(start, start + 1),
            _("write '{text}'", text="-> ["),
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
    if wrong := _wrong_arrow(reader):
        return wrong
    return after_item(
        reader,
        closes=False,
        misplaced=_("{sign} cannot stand here, an argument or an arrow can", sign=quoted(sign)),
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
    start = reader.position
    span = reader.span(start, found.end())
    if is_layer:
        return problem(
            "arrow-missing",
            _("an arrow is missing before {name}, which is a layer", name=quoted(found[0])),
            span,
            _("write '{text}'", text=f"-> {found[0]}"),
            f"-> {found[0]}",
        )
    if _SPACED_KEYWORD.match(reader.text, start):
        return spaces_in_argument(reader, start)
    follows = reader.text[found.end() : found.end() + 1]
    if follows and not _CHUNK_END.match(reader.text, found.end()) and not follows.isascii():
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
            span,
            _("write '{text}'", text=f"-> {found[0]}:"),
            f"-> {found[0]}",
        )
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
    return problem(
        "unknown-name",
        _(
            "{word} is not an option of {name}, a flag or a parameter",
            word=quoted(found[0]),
            name=quoted(word),
        ),
        span,
        meant(close, _("it takes {options}", options=", ".join(takes)))
        if takes
        else _("leave it out, or put an arrow before it if it is a layer"),
        close,
    )


def spaces_in_argument(reader: Reader, start: int) -> Problem:
    """Return the problem of `k = 3`, or of `k=` with nothing behind it."""
    found = _SPACED_KEYWORD.match(reader.text, start)
    if found:
        right = f"{found[1]}={found[2]}"
        return problem(
            "argument-with-spaces",
            _("an argument is one word: no space stands around its ="),
            reader.span(start, found.end()),
            _("write '{text}'", text=right),
            right,
        )
    return problem(
        "something-expected",
        _("a number is expected after the ="),
        chunk(reader, start),
        _("as in '{sample}'", sample="k=3"),
    )


def after_value(reader: Reader, start: int) -> Problem:
    """Return the problem of something that is stuck to the end of a value."""
    text, here = reader.text, reader.position
    span = chunk(reader, start)
    if reader.next() == "." and text[here + 1 : here + 2].isdigit():
        return problem(
            "number-not-whole", _("a number here is whole"), span, _("write a whole number")
        )
    by = re.compile(r"[xX×*]").match(text, here)
    if by and text[here] == "X":
        right = span.text.replace("X", "x")
        return problem(
            "argument-malformed",
            _("a small x stands between the numbers of the axes"),
            span,
            _("write '{text}'", text=right),
            right,
        )
    if by:
        name = _WORD.match(text, here + 1)
        return problem(
            "argument-malformed",
            _("x stands between numbers; a name beside it needs parentheses"),
            span,
            _("write '{text}'", text=f"{text[start:here]}x({name[0]})")
            if name
            else _("write a number after the x"),
        )
    letters = _WORD.match(text, here)
    if letters and text[start:here].isdigit() and letters[0].lower() in LETTERS:
        right = f"{letters[0]}{text[start:here]}"
        return problem(
            "argument-malformed",
            _("the letter of an option stands before its number"),
            span,
            _("write '{text}'", text=right),
            right,
        )
    if wrong := _wrong_arrow(reader):
        return wrong
    if text[here] == "[":
        return problem(
            "arrow-missing",
            _("an arrow is missing before this bracket"),
            reader.span(here, here + 1),
            _("write '{text}'", text=" -> ["),
            " -> [",
        )
    return problem(
        "argument-malformed",
        _("{text} cannot stand inside an argument", text=quoted(reader.here().text)),
        reader.here(),
        _("a space or an arrow ends an argument"),
    )


def no_number(
    reader: Reader, start: int, word: re.Match[str] | None, formals: Iterable[str]
) -> Problem:
    """Return the problem of something in an expression that is not a number."""
    if word:
        close = nearest(word[0], [*formals, "cin"])
        return problem(
            "unknown-name",
            _("{name} stands for no number here", name=quoted(word[0])),
            reader.span(start, word.end()),
            meant(close, _("write a number, a parameter or 'cin'")),
            close,
        )
    if reader.next() == "-" and reader.text[start + 1 : start + 2].isdigit():
        return problem(
            "negative-number",
            _("a number here is never negative"),
            chunk(reader, start),
            _("write the number without a sign"),
        )
    return problem(
        "something-expected",
        _("a number is expected here"),
        reader.here(),
        _("as in 'k3' or 'n+1'"),
    )


def negative(span: Span, number: int) -> Problem:
    """Return the problem of a sum that comes to less than 0."""
    return Problem(
        "negative-number",
        _("a number here is never negative"),
        [Label(span, str(number))],
        helps=[_("write it so that it comes to 0 or more")],
    )
