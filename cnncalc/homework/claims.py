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
from typing import TYPE_CHECKING, Any

from cnncalc.homework.written import bare, powered
from cnncalc.notation.evaluation import Scope, number_of
from cnncalc.notation.printed import UnreadableError, read_printed
from cnncalc.notation.tree import Layer
from cnncalc.numbers.certainty import ANY
from cnncalc.numbers.digits import read_whole
from cnncalc.numbers.figures import span_of_figure, span_of_size
from cnncalc.numbers.letters import Polynomial
from cnncalc.numbers.terms import letters_in
from cnncalc.numbers.working import product
from cnncalc.report.quantities import BYTES, QUANTITIES
from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem, Span, quoted
from cnncalc.speech.spelling import meant, nearest
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from cnncalc.numbers.certainty import Domain
    from cnncalc.numbers.working import Number
    from cnncalc.speech.problem import Source
    from cnncalc.trace.rows import Row

NAMES = {
    "output": ("shape", "out", "output-shape", "output-volume"),
    "size": ("side", "output-size", "map-size"),
    "height": (),
    "width": (),
    "channels": ("depth", "filters", "feature-maps"),
    "in_features": ("infeatures",),
    "params": ("parameters", "param", "number-of-parameters", "parameter-count", "num-params"),
    "weights": ("weight",),
    "biases": ("bias",),
    "macs": ("mac", "madds", "multadds", "mult-adds"),
    "flops": ("flop",),
    "rf": ("receptive-field", "receptivefield", "field"),
    "jump": (),
    "start": (),
    "last-field": ("finite-field",),
    "activations": ("values",),
    "memory": ("activations-memory", "activation-memory", "mem"),
    "params-memory": ("parameter-memory", "parameters-memory", "weights-memory", "weight-memory"),
    "peak": ("peak-memory", "live"),
    "training-sgd": (),
    "training-momentum": (),
    "training-adam": (),
}
"""What can be claimed, with other names for it."""

_KOREAN = {
    "output": ("출력", "출력-형태", "출력-모양"),
    "size": ("크기", "출력-크기"),
    "height": ("높이",),
    "width": ("너비", "폭"),
    "channels": ("채널", "채널-수", "깊이", "필터-수"),
    "in_features": ("입력-특징-수", "입력-수"),
    "params": ("파라미터", "파라미터-수", "매개변수", "매개변수-수", "모수", "모수-수"),
    "weights": ("가중치", "가중치-수"),
    "biases": ("편향", "편향-수", "바이어스"),
    "macs": ("곱셈-수", "곱셈-누산-수"),
    "flops": ("연산량", "연산-수"),
    "rf": ("수용-영역", "수용영역", "수용장"),
    "jump": ("점프",),
    "activations": ("활성값", "활성값-수"),
    "memory": ("메모리",),
    "params-memory": ("파라미터-메모리",),
    "kernel": ("커널", "커널-크기"),
    "stride": ("스트라이드",),
    "padding": ("패딩",),
    "dilation": ("확장",),
}
"""Names in Korean, which are read in any language."""

_ARGUMENTS = {
    "kernel": ("kernel-size", "filter-size"),
    "stride": ("strides",),
    "padding": (),
    "dilation": (),
}
"""What a layer's own arguments are called: in a claim they are those of a row."""

NAMES.update(_ARGUMENTS)
_NAMED = {
    name.replace("_", "-"): first
    for first, others in NAMES.items()
    for name in (first, *others, *_KOREAN.get(first, ()))
}
_FIELDS = frozenset({"rf", "jump", "start", "last-field"})
_AXES = {"height": 0, "width": 1}
_VOLUMES = frozenset({"output", "size", *_AXES, *_FIELDS, *_ARGUMENTS})
_ALL = ("all",)
_SIGN = re.compile("<=|>=|[=~≈≤≥:]")
_PLACE = re.compile(r"[A-Za-z_]\w*|[0-9]+")
_NAME = re.compile(r"[^\W\d]+(?:[ -][^\W\d]+)*")
_OPERATORS = {"≈": "~", "≤": "<=", "≥": ">=", ":": "="}
_BY = re.compile(" ?[x×*✕,] ?", re.IGNORECASE)
_SIZE = r"-?[0-9]+(?:\.[0-9]+)?"
_SIZES = re.compile(rf"[\[(]? ?({_SIZE}(?: ?[x×*✕,] ?{_SIZE})*)(?: ?,)? ?[\])]?", re.IGNORECASE)
_NUMBER = re.compile(
    r"([0-9]{1,3}(?:[,_ '][0-9]{3})+|[0-9]+)(\.[0-9]+)?"
    r"(?: ?([kKMGBT])(?=(?i:mac|flop|madd|op|param|value)|[^A-Za-z]|$))?"
    r"(?: ?([^\W\d_a-zA-Z][^\d]*|[a-zA-Z]{2}[^\d]*)| [a-zA-Z][^\d]*)?"
)
_BYTE_UNIT = re.compile(r"[0-9] ?((?:[kKMGT]i?)B|bytes?)$")
_UNIT = re.compile(r"[0-9., _']*[kKMGBT]? ?(?:MAC|FLOP|MADD|OP|PARAM|VALUE)S?")
MOST_SIGNS = 20_000  # of a value
MOST_DIGITS = 200  # of a number, which may have been worked out
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


def read_claim(
    source: Source, *, channels_first: bool = False, letters: Collection[str] = ()
) -> Claim:
    """Return the claim that a text makes; a `Problem` where it cannot be read.

    With `channels_first` an output is written with its channels first. Of the network's `letters`
    products may be written without a sign: CN is C*N where there is no letter CN.
    """
    text = source.text
    whole = Span(source, 0, len(text))
    sign = _SIGN.search(text)
    head = text[: sign.start()] if sign else ""
    place, dot, said = head.rpartition(".")
    if (
        not sign
        or not _NAME.fullmatch(said.strip())
        or (dot and not _PLACE.fullmatch(place.strip()))
    ):
        fact = _("a claim is a quantity, a sign and a value")
        raise _unreadable(whole, fact, _("as in 'params=760'"))
    name = re.sub("[_ ]", "-", said.strip().lower())
    if name not in _NAMED:
        close = nearest(name, _NAMED)
        start = len(head) - len(said.lstrip())
        span = Span(source, start, start + len(said.strip()))
        raise Problem(
            "claim-unreadable",
            _("no quantity is called {name}", name=quoted(said.strip())),
            [Label(span)],
            helps=[meant(close, _("there are {names}", names=", ".join(NAMES)))],
            fix=Fix(span, close) if close else None,
        )
    quantity = _NAMED[name]
    operator = _OPERATORS.get(sign[0], sign[0])
    at = Span(source, sign.end(), len(text))
    claim = Claim(text.strip(), place.strip() or None, quantity, operator, None, False, whole)
    value, working = bare(" ".join(at.text.split()))
    if working:
        claim = claim._replace(worked=_worked_out(working, at))
        if not isinstance(claim.worked, int):
            raise _unreadable(at, _no_number(working), _("as in '760'"))
    if value.lower() in ("none", "no answer", "does not fit", "없음"):
        return claim
    if quantity in _FIELDS and value.lower() in ("all", "전체"):
        return claim._replace(value=_ALL)
    is_volume = quantity in _VOLUMES
    sizes = (_volume(value, at) if is_volume else None) or _lettered(
        value, at, letters, is_volume=is_volume
    )
    if sizes is not None:
        if channels_first and quantity == "output":
            sizes = (*sizes[1:], sizes[0])
        return claim._replace(value=sizes)
    figure = _bytes(value, at) if quantity in BYTES else _figure(value, at)
    if quantity not in BYTES and _BYTE_UNIT.search(value):
        figure = None
    if figure is None or (is_volume and figure[2] != 1):
        fact = _no_number(value)
        if unit := _BYTE_UNIT.search(value):
            fact = _("{unit} is a unit of bytes", unit=quoted(unit[1]))
        if quantity == "output":
            fact = _("{value} is not a volume that can be read", value=quoted(value))
            raise _unreadable(at, fact, _("as in '32x32x10'"))
        raise _unreadable(at, fact, _("as in '760'"))
    if is_volume:
        return claim._replace(value=figure[:1])
    return claim._replace(value=figure, is_figure=True)


def _no_number(value: str) -> str:
    return _("{value} is not a number that can be read", value=quoted(value))


def _unreadable(span: Span, fact: str, sample: str) -> Problem:
    return Problem("claim-unreadable", fact, [Label(span)], helps=[sample])


def _volume(text: str, span: Span) -> tuple[Any, ...] | None:
    """Return the sizes of a volume, however it is written."""
    found = _SIZES.fullmatch(text)
    if not found:
        return None
    sizes = _BY.split(found[1])
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
    if (figure := powered(text)) is not None:
        return figure
    found = _NUMBER.fullmatch(text) if len(text) <= _LIMIT or text.isdigit() else None
    if found:
        digits = re.sub(r"[,_ ']", "", found[1])
        read_whole(digits, span, MOST_DIGITS)
        return span_of_figure(f"{digits}{found[2] or ''}{found[3] or ''}")
    number = _worked_out(text, span)
    return (number, number + 1, 1) if isinstance(number, int) and number >= 0 else None


def _lettered(
    text: str, span: Span, letters: Collection[str], *, is_volume: bool
) -> tuple[Number, ...] | None:
    """Return the formulas that a text with letters in it is: one, or the sizes of a volume."""
    if not re.search("[A-Z]", text) or _UNIT.fullmatch(text):
        return None
    names = set(re.findall("[A-Z]", text))
    if len(text) <= _LIMIT and _NUMBER.fullmatch(text) and not names & set("".join(letters)):
        return None
    parts = re.split(r"[x×✕,](?![^(⌊⌈]*[)⌋⌉])", text) if is_volume else [text]
    sizes = tuple(_worked_out(part, span, letters) for part in parts)
    return None if None in sizes or not letters_in(sizes) else sizes


def _bytes(text: str, span: Span) -> tuple[int, int, int] | None:
    """Return what is claimed of bytes: in a unit of them, or bare."""
    found = span_of_size(text)
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


# ---------------------------------------------------------------- what holds


def answer(quantity: str, row: Row) -> Any:
    """Return what a row, or what stands for one, has of a quantity that can be claimed."""
    if quantity in _ARGUMENTS:
        return _argument(quantity, row)
    if quantity in QUANTITIES:
        return QUANTITIES[quantity].of(row)
    output = QUANTITIES["output"].of(row)
    if quantity == "in_features":
        return product(row.input if row.kind == "fc" else output)  # what a fc here would see
    if quantity in _AXES:
        return output[_AXES[quantity]] if len(output) == 3 else None
    return output[:-1] if quantity == "size" else output[-1]


def _argument(name: str, row: Row) -> Any:
    """Return what a layer's argument is; of several rows, where those that have it agree.

    The padding of `same` is what it comes to before the first pixel.
    """
    found = set()
    for each in row.rows:
        if isinstance(each.node, Layer) and name in each.node.named:
            value = each.node.named[name]
            reach = each.measure.reach
            if name == "padding" and isinstance(reach, tuple) and reach:
                value = tuple(-axis.first for axis in reach) if each.kind != "deconv" else value
            found.add(value if len(set(value)) > 1 else value[:1])
    return found.pop() if len(found) == 1 else None


def seen_by(claim: Claim, found: Any, rows: Sequence[Row]) -> Any:
    """Return what was found; the input's size for a field of all of it, where a size is claimed."""
    is_all = found == "all" and claim.quantity == "rf" and claim.value != _ALL
    return rows[0].output[:-1] if is_all else found


def holds(claim: Claim, found: Any, domain: Domain = ANY) -> bool:
    """Return whether a claim is true of what was found, whatever the letters are."""
    return judged(claim, found, domain) is True


def claim_text(ask: str, text: str) -> str:
    """Return the claim that an answer to a question makes; itself where it names what it says."""
    head = _SIGN.split(text, maxsplit=1)
    named = head[0].rpartition(".")[2].strip().lower()
    is_claim = len(head) > 1 and re.sub("[_ ]", "-", named) in _NAMED
    return text if is_claim or not ask else f"{ask}={text}"


def judged(claim: Claim, found: Any, domain: Domain = ANY) -> bool | None:
    """Return whether a claim is true of what was found; None where that depends on the letters.

    A formula with letters is claimed to be equal whatever they are: 27*C is not 27*C^2 for C = 1.
    """
    needs = _needs(claim, found)
    if needs is None:
        return False
    if not letters_in(needs):
        return all(each >= 0 for each in needs)
    if all(domain.holds_at_least(each, 0) for each in needs):
        return True
    is_formula = claim.operator == "=" and bool(letters_in(claim.value or ()))
    if is_formula or any(domain.holds_at_least(-each, 1) for each in needs):
        return False
    where = domain.where(needs)
    return False if where is not None and not where[1] else None


def condition(claim: Claim, found: Any, domain: Domain) -> str:
    """Return for which numbers a claim is true that depends on the letters."""
    ranges = domain.ranges(_needs(claim, found) or ())
    if ranges:
        return _("true for {numbers}", numbers=ranges)
    value = _SIGN.split(claim.text, maxsplit=1)[-1].strip()
    return _("true where {formula}", formula=f"{_written(found)} {claim.operator} {value}")


def _written(found: Any) -> str:
    """Return what was found as people write it."""
    sizes = found if isinstance(found, tuple) else (found,)
    return "x".join(f"{size:,}" for size in sizes)


def _needs(claim: Claim, found: Any) -> list[Number] | None:
    """Return the numbers that are at least 0 where a claim is true; None where it never is."""
    if claim.value == _ALL:
        return [] if found == "all" else None
    if claim.value is None or found is None or isinstance(found, str):
        return None
    if claim.is_figure:
        low, high, scale = _bounds(claim.operator, claim.value)
        sides = [] if claim.worked is None else [found - claim.worked, claim.worked - found]
        number = found * scale if isinstance(found, Polynomial) else int(found) * scale
        return [
            *([number - low] if low is not None else []),
            *([high - number] if high is not None else []),
            *sides,
        ]
    sizes = tuple(found) if isinstance(found, tuple) else (found,)
    wanted: tuple[Number, ...] = claim.value
    if claim.quantity == "output" and claim.operator not in ("<=", ">="):
        sizes, wanted = _without_ones(sizes), _without_ones(wanted)
    elif len(wanted) == 1:
        wanted *= len(sizes)
    if len(wanted) != len(sizes) or not sizes:
        return None
    pairs = list(zip(sizes, wanted, strict=True))
    if claim.operator == "~" and letters_in(wanted):
        return [each for a, b in pairs for each in (100 * a - 99 * b, 101 * b - 100 * a)]
    over = [a - b for a, b in pairs] if claim.operator != "<=" else []
    under = [b - a for a, b in pairs] if claim.operator != ">=" else []
    return [*over, *under]


def _bounds(operator: str, figure: tuple[int, int, int]) -> tuple[int | None, int | None, int]:
    """Return what a claim of a figure says: how often a number is at least, and at most, what.

    A bound is the number that is written; `=` is of the digits that are, `~` of one percent.
    """
    least, below, unit = figure
    if operator == "=":
        return least, below - 1, unit
    twice = least + below - 1 if below == least + 1 else least + below
    if operator == "~":
        return 99 * twice, 101 * twice, 200 * unit
    return (None, twice, 2 * unit) if operator == "<=" else (twice, None, 2 * unit)


def may_be(claim: Claim, found: Any) -> bool:
    """Return whether a claim may have been read off a number: it holds, or was cut off."""
    if holds(claim, found):
        return True
    if not claim.is_figure or claim.operator != "=" or type(found) is not int or not claim.value:
        return False
    least, below, unit = claim.value
    half = (below - least) // 2
    return bool(half > 0 and least + half <= found * unit < below + half)


def misses(claim: Claim, found: Any) -> tuple[bool, bool]:
    """Return whether what was found is too small for a claim, and whether it is too large.

    A volume may be both, along different axes; neither can be said where the axes do not match.
    """
    if claim.value in (None, _ALL) or found is None or isinstance(found, str):
        return False, False
    sizes = tuple(found) if isinstance(found, tuple) else (found,)
    if letters_in((*sizes, *claim.value)):
        return False, False
    if claim.is_figure:
        if holds(claim, found):
            return False, False
        number = 2 * int(found) * claim.value[2]
        small = number < claim.value[0] + claim.value[1]
        return small, not small
    wanted = claim.value * len(sizes) if len(claim.value) == 1 else claim.value
    if len(sizes) != len(wanted):
        return False, False
    pairs = list(zip(sizes, wanted, strict=True))
    return (
        claim.operator != "<=" and any(a < b for a, b in pairs),
        claim.operator != ">=" and any(a > b for a, b in pairs),
    )


def _without_ones(sizes: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(size for size in sizes if size != 1) or (1,)
