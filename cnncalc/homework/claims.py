"""Claims: what somebody says a network has, in the ways in which people write it.

    claim    = [ place "." ] quantity ( "=" | "~" | "<=" | ">=" ) value
    place    = a label, or the number of a row
    value    = number | volume | expression over whole numbers | "none"

A bare whole number is exact; a suffix or a decimal point claims the digits that are written; `~`
allows one percent. Memory is in bytes, or in units of them: 61 MB is not 61 MiB. Other units and
separators do not matter; axes of 1 do not in an output. Letters stand in expressions as in
networks, 27*C^2, 27C² or 27CC; then `<=` and `>=` hold where letters are large.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.numbers.figures import span_of_figure, span_of_size
from cnncalc.numbers.letters import Polynomial, is_large, letter
from cnncalc.numbers.terms import letters_in, ratio
from cnncalc.numbers.working import are_numbers, ceiling, exact, product
from cnncalc.report.quantities import BYTES, QUANTITIES
from cnncalc.speech.language import _
from cnncalc.speech.problem import Fix, Label, Problem, Span, meant, nearest, quoted

if TYPE_CHECKING:
    from collections.abc import Collection

    from cnncalc.numbers.working import Number
    from cnncalc.speech.problem import Source
    from cnncalc.trace.rows import Row

NAMES = {
    "output": ("shape", "out"),
    "size": ("side",),
    "channels": ("depth",),
    "in_features": ("infeatures",),
    "params": ("parameters", "param"),
    "weights": ("weight",),
    "biases": ("bias",),
    "macs": ("mac", "madds", "multadds"),
    "flops": ("flop",),
    "rf": ("receptive-field", "receptivefield", "field"),
    "jump": (),
    "start": (),
    "activations": ("values",),
    "memory": ("activations-memory", "activation-memory", "mem"),
    "params-memory": ("parameter-memory", "parameters-memory", "weights-memory", "weight-memory"),
    "peak": ("peak-memory", "live"),
    "training-sgd": (),
    "training-momentum": (),
    "training-adam": (),
}
"""What can be claimed, with other names for it."""

_NAMED = {
    name.replace("_", "-"): first for first, others in NAMES.items() for name in (first, *others)
}
_VOLUMES = frozenset({"output", "size", "rf", "jump", "start"})
_CLAIM = re.compile(
    r"\s*(?:([A-Za-z_]\w*|[0-9]+)\s*\.\s*)?([A-Za-z_-]+)\s*(<=|>=|=|~|≈|≤|≥)\s*(.*)", re.DOTALL
)
_OPERATORS = {"≈": "~", "≤": "<=", "≥": ">="}
_BY = re.compile(r"\s*[x×*✕,]\s*", re.IGNORECASE)
_SIZES = re.compile(r"[\[(]?\s*(-?[0-9]+(?:\s*[x×*✕,]\s*-?[0-9]+)*)\s*,?\s*[\])]?", re.IGNORECASE)
_NUMBER = re.compile(
    r"([0-9]{1,3}(?:[,_ '][0-9]{3})+|[0-9]+)(\.[0-9]+)?"
    r"\s*([kKMGBT](?=(?i:mac|flop|madd|op|param|value)|[^A-Za-z]|$))?"
    r"(?:\s*([^\W\d_a-zA-Z][^\d]*|[a-zA-Z]{2}[^\d]*)|\s+[a-zA-Z][^\d]*)?"
)
_EXPRESSION = re.compile(r"(?:[0-9A-Z+\-*/^()\s·×−⌊⌋⌈⌉⁰¹²³⁴⁵⁶⁷⁸⁹]|floor|ceil)+")
_TOKENS = re.compile(r"[0-9]+|[A-Z][A-Z0-9]*|floor|ceil|[-+*/^()⌊⌋⌈⌉]|[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_CAPITALS = re.compile(r"[A-Z][A-Z0-9]*")
_UNIT = re.compile(r"[0-9., _']*[kKMGBT]?\s*(?:MAC|FLOP|MADD|OP|PARAM|VALUE)S?")
_SIGNS = str.maketrans("·×−", "**-")
_POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_CLOSING = {"(": ")", "floor": ")", "ceil": ")", "⌊": "⌋", "⌈": "⌉"}


class Claim(NamedTuple):
    """A quantity at a place (None: of the whole network) and what it is said to be.

    `value` is `None` for "there is no answer"; a number's value is its figure, as (least, below,
    unit) in `figures`; a volume's its sizes; that of a formula in letters is one size.
    """

    text: str
    place: str | None
    quantity: str
    operator: str
    value: tuple[Number, ...] | None
    is_figure: bool
    span: Span


def read_claim(
    source: Source, *, channels_first: bool = False, letters: Collection[str] = ()
) -> Claim:
    """Return the claim that a text makes; a `Problem` where it cannot be read.

    With `channels_first` an output is written with its channels first. Of the network's `letters`
    products may be written without a sign: CN is C*N where there is no letter CN.
    """
    text = source.text
    whole = Span(source, 0, len(text))
    found = _CLAIM.fullmatch(text)
    if not found:
        fact = _("a claim is a quantity, a sign and a value")
        raise _unreadable(whole, fact, _("as in 'params=760'"))
    name = found[2].lower().replace("_", "-")
    if name not in _NAMED:
        close = nearest(name, _NAMED)
        span = Span(source, found.start(2), found.end(2))
        raise Problem(
            "claim-unreadable",
            _("no quantity is called {name}", name=quoted(found[2])),
            [Label(span)],
            helps=[meant(close, _("there are {names}", names=", ".join(NAMES)))],
            fix=Fix(span, close) if close else None,
        )
    quantity = _NAMED[name]
    operator = _OPERATORS.get(found[3], found[3])
    value = found[4].strip()
    at = Span(source, found.start(4), len(text))
    if value.lower() in ("none", "no answer", "does not fit", "없음"):
        return Claim(text.strip(), found[1], quantity, operator, None, False, whole)
    read = _volume(value) if quantity in _VOLUMES else None
    if read is not None:
        if channels_first and quantity == "output":
            read = (*read[1:], read[0])
        return Claim(text.strip(), found[1], quantity, operator, read, False, whole)
    lettered = _lettered(value, letters, is_volume=quantity in _VOLUMES)
    if lettered is not None and channels_first and quantity == "output":
        lettered = (*lettered[1:], lettered[0])
    if lettered is not None:
        return Claim(text.strip(), found[1], quantity, operator, lettered, False, whole)
    figure = _bytes(value) if quantity in BYTES else _figure(value)
    if figure is None or (quantity in _VOLUMES and figure[2] != 1):
        fact = _("{value} is not a number that can be read", value=quoted(value))
        if quantity == "output":
            fact = _("{value} is not a volume that can be read", value=quoted(value))
            raise _unreadable(at, fact, _("as in '32x32x10'"))
        raise _unreadable(at, fact, _("as in '760'"))
    if quantity in _VOLUMES:
        return Claim(text.strip(), found[1], quantity, operator, (figure[0],), False, whole)
    return Claim(text.strip(), found[1], quantity, operator, figure, True, whole)


def _unreadable(span: Span, fact: str, sample: str) -> Problem:
    return Problem("claim-unreadable", fact, [Label(span)], helps=[sample])


def _volume(text: str) -> tuple[int, ...] | None:
    """Return the sizes of a volume, however it is written."""
    found = _SIZES.fullmatch(text)
    if not found:
        return None
    sizes = tuple(int(size) for size in _BY.split(found[1]))
    separated = "," in found[1] and not re.search(r"[x×*✕(\[]", text, re.IGNORECASE)
    if separated and re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+", found[1]):
        return (int(found[1].replace(",", "")),)
    return sizes if all(len(str(size)) <= 18 for size in sizes) else None


def _figure(text: str) -> tuple[int, int, int] | None:
    """Return what a number claims: a figure with units, or an expression worked out."""
    if len(text) > 200:
        return None
    found = _NUMBER.fullmatch(text)
    if found:
        digits = re.sub(r"[,_ ']", "", found[1])
        return span_of_figure(f"{digits}{found[2] or ''}{found[3] or ''}")
    if _EXPRESSION.fullmatch(text):
        number = _worked_out(text)
        return None if number is None else (number, number + 1, 1)
    return None


def _lettered(text: str, letters: Collection[str], *, is_volume: bool) -> tuple[Number, ...] | None:
    """Return the formulas that a text with letters in it is: one, or the sizes of a volume."""
    if not re.search("[A-Z]", text) or len(text) > 200:
        return None
    text = _CAPITALS.sub(lambda found: _apart(found[0], letters), text)
    if _UNIT.fullmatch(text) or (_NUMBER.fullmatch(text) and not _EXPRESSION.fullmatch(text)):
        return None
    if _NUMBER.fullmatch(text) and not set(_CAPITALS.findall(text)) & set(letters):
        return None
    sizes = []
    for part in re.split(r"[x×✕,](?![^(⌊⌈]*[)⌋⌉])", text) if is_volume else [text]:
        number = _worked_out(part) if _EXPRESSION.fullmatch(part) else None
        if number is None:
            return None
        sizes.append(number)
    return tuple(sizes) if letters_in(sizes) else None


def _apart(name: str, letters: Collection[str]) -> str:
    """Return a name as the product of the letters in it, where it is none of the letters.

    >>> _apart("CN", {"C", "N"}), _apart("CN", {"C", "CN"})
    ('C*N', 'CN')
    """
    is_product = name not in letters and set(name) <= set(letters)
    return "*".join(name) if is_product else name


def _bytes(text: str) -> tuple[int, int, int] | None:
    """Return what is claimed of bytes: in a unit of them, or bare."""
    found = span_of_size(text)
    return _figure(text) if found is None and re.search("[A-Za-z]{2}", text) is None else found


def _worked_out(text: str) -> Number | None:
    """Return the number that an expression comes to; None where it does not."""
    tokens = _TOKENS.findall(text.translate(_SIGNS).replace("**", "^"))
    try:
        number, rest = _sum(tokens)
    except (ValueError, IndexError, ZeroDivisionError, RecursionError, Problem):
        return None
    return None if rest or number < 0 or is_large(number) else number


def _sum(tokens: list[str]) -> tuple[Number, list[str]]:
    number, tokens = _product(tokens)
    while tokens and tokens[0] in "+-":
        sign, (right, tokens) = tokens[0], _product(tokens[1:])
        number = number + right if sign == "+" else number - right
    return number, tokens


def _product(tokens: list[str]) -> tuple[Number, list[str]]:
    number, tokens = _power(tokens)
    while tokens and (tokens[0] in "*/" or tokens[0][0].isupper()):
        sign = tokens[0] if tokens[0] in "*/" else ""  # 27C is 27*C
        right, tokens = _power(tokens[len(sign) :])
        if sign != "/":
            number = number * right
        elif are_numbers(number, right) and number % right:
            raise ValueError
        else:
            number = exact(number, right)
    return number, tokens


def _power(tokens: list[str]) -> tuple[Number, list[str]]:
    number, tokens = _atom(tokens)
    if tokens and (tokens[0] == "^" or tokens[0][0] in "⁰¹²³⁴⁵⁶⁷⁸⁹"):
        if tokens[0] == "^":
            right, tokens = _power(tokens[1:])
        else:
            right, tokens = int(tokens[0].translate(_POWERS)), tokens[1:]
        if not are_numbers(right) or not 0 <= right <= 200 or is_large(number * 10**182):
            raise ValueError
        number = number**right
    return number, tokens


def _atom(tokens: list[str]) -> tuple[Number, list[str]]:
    head, *rest = tokens
    if head == "-":
        number, rest = _product(rest)
        return -number, rest
    if head in _CLOSING:
        if head in ("floor", "ceil"):
            rest = rest[1:]  # its bracket
        number, rest = _sum(rest) if head == "(" else _rounded(head, rest)
        if rest[0] != _CLOSING[head]:
            raise ValueError
        return number, rest[1:]
    if len(head) > 18:
        raise ValueError
    return letter(head) if head[0].isupper() else int(head), rest


def _rounded(head: str, tokens: list[str]) -> tuple[Number, list[str]]:
    """Return a quotient rounded down or up: both sides of its last division."""
    above, tokens = _power(tokens)
    while tokens and tokens[0] == "*":
        more, tokens = _power(tokens[1:])
        above = above * more
    if not tokens or tokens[0] != "/":
        raise ValueError
    below, tokens = _power(tokens[1:])
    return (above // below if head in ("floor", "⌊") else ceiling(above, below)), tokens


# ---------------------------------------------------------------- what holds


def answer(quantity: str, row: Row) -> Any:
    """Return what a row, or what stands for one, has of a quantity that can be claimed."""
    if quantity == "size":
        return row.output[:-1]
    if quantity == "channels":
        return row.output[-1]
    if quantity == "in_features":
        return product(row.input if row.kind == "fc" else row.output)  # what a fc here would see
    return QUANTITIES[quantity].of(row)


def holds(claim: Claim, found: Any) -> bool:
    """Return whether a claim is true of what was found."""
    if claim.value is None or found is None or isinstance(found, str):
        return False
    if claim.is_figure:
        if isinstance(found, Polynomial):
            return False
        least, below, unit = claim.value
        number = int(found) * unit
        if claim.operator == "=":
            return bool(least <= number < below)
        middle = least + below - 1 if unit == 1 else least + below
        if claim.operator == "~":
            return bool(abs(2 * number - middle) * 100 <= middle)
        if claim.quantity in BYTES:  # a limit is where it is written
            within = 2 * number <= middle if claim.operator == "<=" else 2 * number >= middle
            return bool(within)
        return bool(number < below if claim.operator == "<=" else number >= least)
    sizes = tuple(found) if isinstance(found, tuple) else (found,)
    if claim.operator == "~" and letters_in(claim.value):
        found = [ratio(*pair) for pair in zip(sizes, claim.value, strict=False)]
        return all(each is not None and 99 <= 100 * each <= 101 for each in found)
    if claim.operator in ("<=", ">="):
        wanted = claim.value * len(sizes) if len(claim.value) == 1 else claim.value
        pairs = zip(sizes, wanted, strict=False)
        if len(wanted) != len(sizes):
            return False
        return all(a <= b if claim.operator == "<=" else a >= b for a, b in pairs)
    if claim.quantity == "output":
        return _without_ones(sizes) == _without_ones(claim.value)
    if len(claim.value) == 1:
        return set(sizes) == set(claim.value)
    return sizes == claim.value


def misses(claim: Claim, found: Any) -> tuple[bool, bool]:
    """Return whether what was found is too small for a claim, and whether it is too large.

    A volume may be both, along different axes; neither can be said where the axes do not match.
    """
    if claim.value is None or found is None or isinstance(found, str):
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
