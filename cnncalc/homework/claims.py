"""Claims: what somebody says a network has, in the ways in which people write it.

    claim    = [ place "." ] quantity ( "=" | ":" | "~" | "<=" | ">=" ) value
    place    = a label, or the number of a row
    value    = number | volume | expression over whole numbers | "none"

A bare whole number is exact; a suffix or a decimal point claims the digits that are written; `~`
allows one percent. Memory is in bytes, or in units of them: 61 MB is not 61 MiB. Other units and
separators do not matter; axes of 1 do not in an output. `<=` and `>=` are of the number that is
written. Letters stand in expressions as in networks, 27*C^2, 27C² or 27CC, and a claim is true
where it is for all numbers for which every window fits.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from cnncalc.homework.answers import Query
from cnncalc.homework.written import bare, composed, pointed, powered
from cnncalc.notation.evaluation import Scope, number_of
from cnncalc.notation.printed import UnreadableError, read_printed
from cnncalc.numbers.digits import is_digits, read_whole
from cnncalc.numbers.figures import interval_of_figure, interval_of_size, interval_of_time
from cnncalc.numbers.lettered import letters_in
from cnncalc.report.claim_names import FIELDS, NAMED, NAMES, VOLUMES, named
from cnncalc.report.quantities import BYTES, in_table
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.full_width import in_ascii
from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem, Source, Span, quoted
from cnncalc.speech.spelling import meant, nearest
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from cnncalc.numbers.working import Number
    from cnncalc.report.quantity import Quantity

ALL = ("all",)
SIGN = re.compile("<=|>=|[=~≈≤≥:]")
_PLACE = r"[A-Za-z_]\w*|[0-9]+"
NAME = re.compile(r"[^\W\d]+(?:[ -][^\W\d]+)*")
_OPERATORS = {"≈": "~", "≤": "<=", "≥": ">=", ":": "="}
_BY = "(?i) ?[x×*✕,] ?"
_SIZE = r"-?[0-9]+(?:\.[0-9]+)?"
_SIZES = rf"(?i)[\[(]? ?({_SIZE}(?: ?[x×*✕,] ?{_SIZE})*)(?: ?,)? ?[\])]?"
_NUMBER = (
    r"([0-9]{1,3}(?:[,_ '][0-9]{3})+|[0-9]+)(\.[0-9]+)?"
    r"(?: ?([kKMGBT])(?=(?i:mac|flop|madd|op|param|value)|[^A-Za-z]|$))?"
    r"(?: ?([^\W\d_a-zA-Z][^\d]*|[a-zA-Z]{2}[^\d]*)| [a-zA-Z][^\d]*)?"
)
_BYTE_UNIT = r"[0-9] ?((?:[kKMGT]i?)B|bytes?)$"
_UNIT = r"[0-9., _']*[kKMGBT]? ?(?:MAC|FLOP|MADD|OP|PARAM|VALUE)S?"
MOST_SIGNS = BUDGET.claim  # of a value
MOST_DIGITS = BUDGET.digits_derived  # of a number, which may have been worked out
_LIMIT = 200  # signs of a number with its units


class Claim(NamedTuple):
    """A quantity at a place (None: of the whole network) and what it is said to be.

    `value` is `None` for "there is no answer", 'all' for all of the input; a number's value is its
    figure, as (least, below, unit) in `figures`; a volume's its sizes; that of a formula in letters
    is one size. `worked` is what a working beside a number comes to: both must be right.
    """

    text: str
    place: str | None
    quantity: str
    operator: str
    value: tuple[Number, ...] | None
    is_figure: bool
    span: Span
    worked: Number | None = None

    @property
    def query(self) -> Query:
        """What it is an answer to."""
        return Query(self.place, self.quantity)


def read_claim(
    source: Source, *, channels_first: bool = False, letters: Collection[str] = ()
) -> Claim:
    """Return the claim that a text makes; a `Problem` where it cannot be read.

    With `channels_first` an output is written with its channels first. Of the network's `letters`
    products may be written without a sign: CN is C*N where there is no letter CN.
    """
    try:
        return _read_claim(source, letters, channels_first=channels_first)
    except Problem:
        text = in_ascii(source.text)
        if text == source.text:
            raise
        _read_claim(source._replace(text=text), letters, channels_first=channels_first)
        fact = _("full-width signs stand in it, as a Korean keyboard types them")
        whole = Span(source, 0, len(source.text))
        raise _unreadable(whole, fact, meant(text, "")) from None


def quantities_of(texts: Iterable[str]) -> list[Quantity]:
    """Return the quantities that claims are about; none where one is of none of the table."""
    return in_table([each.quantity for each in readable(texts)])


def readable(texts: Iterable[str]) -> list[Claim]:
    """Return the claims that can be read; what cannot be has its verdict."""
    found = []
    for text in texts:
        with suppress(Problem):
            found.append(read_claim(Source("<claim>", text)))
    return found


def _read_claim(source: Source, letters: Collection[str], *, channels_first: bool) -> Claim:
    text = source.text
    whole = Span(source, 0, len(text))
    sign = SIGN.search(text)
    head = text[: sign.start()] if sign else ""
    place, dot, said = head.rpartition(".")
    if (
        not sign
        or not NAME.fullmatch(said.strip())
        or (dot and not re.fullmatch(_PLACE, place.strip()))
    ):
        fact = _("a claim is a quantity, a sign and a value")
        raise _unreadable(whole, fact, _("as in 'params=760'"))
    quantity = _quantity(source, len(head) - len(said.lstrip()), said.strip())
    operator = _OPERATORS.get(sign[0], sign[0])
    at = Span(source, sign.end(), len(text))
    claim = Claim(text.strip(), place.strip() or None, quantity, operator, None, False, whole)
    value, working = bare(" ".join(at.text.split()))
    if working:
        claim = claim._replace(worked=_worked_out(working, at))
        if not isinstance(claim.worked, int):
            raise _unreadable(at, _no_number(working), _("as in '760'"))
    if value.lower() in ("none", "no answer", "does not fit", "없음"):
        return claim._replace(value=(0,)) if quantity == "padding" else claim
    if quantity in FIELDS and value.lower() in ("all", "전체"):
        return claim._replace(value=ALL)
    is_volume = quantity in VOLUMES
    value = value if is_volume else pointed(value)
    sizes = (_volume(value, at) if is_volume else None) or _lettered(
        value, at, letters, is_volume=is_volume
    )
    if sizes is not None:
        if channels_first and quantity == "output":
            sizes = (*sizes[1:], sizes[0])
        return claim._replace(value=sizes)
    figure = _number_of(quantity, value, at)
    if is_volume:
        return claim._replace(value=figure[:1])
    return claim._replace(value=figure, is_figure=True)


def _quantity(source: Source, start: int, said: str) -> str:
    """Return the quantity that is called so, in a text from a place on."""
    if found := named(said):
        return found
    close = nearest(re.sub("[_ ]", "-", said.lower()), NAMED)
    span = Span(source, start, start + len(said))
    raise Problem(
        "claim-unreadable",
        _("no quantity is called {name}", name=quoted(said)),
        [Label(span)],
        helps=[meant(close, _("there are {names}", names=", ".join(NAMES)))],
        fix=Fix(span, close) if close else None,
    )


def _number_of(quantity: str, value: str, at: Span) -> tuple[Number, ...]:
    """Return a figure that is claimed of a quantity, in its units; a size of a volume is exact."""
    units = (
        interval_of_size
        if quantity in BYTES
        else interval_of_time
        if quantity == "roofline"
        else None
    )
    figure = _in_units(value, at, units) if units else _figure(value, at)
    unit = None if is_digits(value) else re.search(_BYTE_UNIT, value)
    is_wrong = unit and quantity not in BYTES
    if figure is not None and not is_wrong and not (quantity in VOLUMES and figure[2] != 1):
        return figure
    if quantity == "output":
        fact = _("{value} is not a volume that can be read", value=quoted(value))
        raise _unreadable(at, fact, _("as in '32x32x10'"))
    fact = _("{unit} is a unit of bytes", unit=quoted(unit[1])) if unit else _no_number(value)
    raise _unreadable(at, fact, _("as in '760'"))


def _no_number(value: str) -> str:
    return _("{value} is not a number that can be read", value=quoted(value))


def _unreadable(span: Span, fact: str, sample: str) -> Problem:
    return Problem("claim-unreadable", fact, [Label(span)], helps=[sample])


def _volume(text: str, span: Span) -> tuple[Any, ...] | None:
    """Return the sizes of a volume, however it is written."""
    found = re.fullmatch(_SIZES, text)
    if not found:
        return None
    sizes = re.split(_BY, found[1])
    separated = "," in found[1] and not re.search(r"[x×*✕(\[]", text, re.IGNORECASE)
    if separated and re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+", found[1]):
        return (read_whole(found[1].replace(",", ""), span),)
    return tuple(_size(size, span) for size in sizes)


def _size(text: str, span: Span) -> Any:
    """Return a size as it is written; a fraction, which none is, where the floor was forgotten."""
    if "." in text:
        from fractions import Fraction

        return Fraction(text)
    return -read_whole(text[1:], span) if text.startswith("-") else read_whole(text, span)


def _figure(text: str, span: Span) -> tuple[int, int, int] | None:
    """Return what a number claims: a figure with units, or an expression worked out."""
    if is_digits(text):
        number = read_whole(text, span, MOST_DIGITS)
        return number, number + 1, 1
    if (figure := powered(text) or composed(text)) is not None:
        return figure
    found = re.fullmatch(_NUMBER, text) if len(text) <= _LIMIT else None
    if found:
        digits = re.sub(r"[,_ ']", "", found[1])
        read_whole(digits, span, MOST_DIGITS)
        return interval_of_figure(f"{digits}{found[2] or ''}{found[3] or ''}")
    worked = _worked_out(text, span)
    return (worked, worked + 1, 1) if isinstance(worked, int) and worked >= 0 else None


def _lettered(
    text: str, span: Span, letters: Collection[str], *, is_volume: bool
) -> tuple[Number, ...] | None:
    """Return the formulas that a text with letters in it is: one, or the sizes of a volume."""
    if not re.search("[A-Z]", text) or re.fullmatch(_UNIT, text):
        return None
    names = set(re.findall("[A-Z]", text))
    if len(text) <= _LIMIT and re.fullmatch(_NUMBER, text) and not names & set("".join(letters)):
        return None
    parts = _sizes_in(text) if is_volume else [text]
    sizes = tuple(_worked_out(part, span, letters) for part in parts)
    return None if None in sizes or not letters_in(sizes) else sizes


def _sizes_in(text: str) -> list[str]:
    """Return what stands between the signs of a volume that are in no bracket.

    >>> _sizes_in("⌊(H-1)/2⌋x(a,b)x3")
    ['⌊(H-1)/2⌋', '(a,b)', '3']
    """
    parts, end, is_inside = [], len(text), False
    for place in range(len(text) - 1, -1, -1):
        if text[place] in ")⌋⌉(⌊⌈":
            is_inside = text[place] in ")⌋⌉"
        elif text[place] in "x×✕," and not is_inside:
            parts.append(text[place + 1 : end])
            end = place
    return [*reversed([*parts, text[:end]])]


def _in_units(
    text: str, span: Span, units: Callable[[str], tuple[int, int, int] | None]
) -> tuple[int, int, int] | None:
    """Return what is claimed of bytes or of a time: in a unit of them, or bare."""
    found = units(text)
    is_bare = found is None and re.search("[A-Za-z]{2}", text.replace("max", "")) is None
    return _figure(text, span) if is_bare else found


def _worked_out(text: str, span: Span, letters: Collection[str] = ()) -> Number | None:
    """Return the number that an expression comes to; None where it does not."""
    if len(text) > MOST_SIGNS:
        return None
    try:
        return number_of(read_printed(text, span, letters), Scope({}, None))
    except (UnreadableError, Problem):
        return None


def claim_text(ask: str, text: str) -> str:
    """Return the claim that an answer to a question makes; itself where it names what it says."""
    head = SIGN.split(text, maxsplit=1)
    is_claim = len(head) > 1 and named(head[0].rpartition(".")[2].strip())
    return text if is_claim or not ask else f"{ask}={text}"
