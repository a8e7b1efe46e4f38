"""Texts that are alike but for their numbers, as a search writes them: many are read as one.

Once some of a kind were traced, the numbers that differ stand as unknowns in one network, whose
closed form answers for the texts to come. One that is not as the others were is traced.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from cnncalc.api.closed_form_cache import TURNS, CachedForm
from cnncalc.importing.sources import read_text
from cnncalc.notation.expressions import Symbol
from cnncalc.notation.inputs import given_volume
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.problem import Problem, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from cnncalc.solving.closed_forms import ClosedForm
    from cnncalc.trace.settings import Settings

    Pattern: TypeAlias = list[tuple[int, str | None]]

MOST_TEXT = BUDGET.alike_text  # characters of a text that is looked at
MOST_KINDS = 64
MOST_LEARNED = 3  # times that a closed form is made for texts of one kind

_NUMBERS = re.compile(r"(?<!\]\*)(?<!\]×)(?<![\d._])(\d{1,18})(?![\d._])")  # no count of rounds

_KINDS: dict[tuple[object, ...], _Template] = {}


def known(text: str, settings: Settings) -> Callable[[str], Any] | None:
    """Return what gives totals of a text's network by names; None where it is to be traced."""
    if len(text) > MOST_TEXT:
        return None
    parts = _NUMBERS.split(text)
    key = (settings, *parts[::2])
    kind = _KINDS.get(key)
    if kind is None:
        if len(_KINDS) >= MOST_KINDS:
            _KINDS.clear()
        kind = _KINDS[key] = _Template(parts[::2], settings)
    return kind.known(parts[1::2])


def forget() -> None:
    """Trace the texts to come, as if there were none before."""
    _KINDS.clear()


class _Template:
    """Texts with the same words between their numbers.

    A pattern has of each number the first that is always as it is, and its text if that never
    differs. It is known with its form alone: threads may ask for texts of one kind.
    """

    def __init__(self, words: Sequence[str], settings: Settings) -> None:
        self._words, self._settings = words, settings
        self._seen: list[list[str]] = []
        self._learned = 0
        self._known: tuple[Pattern, CachedForm] | None = None

    def known(self, numbers: list[str]) -> Callable[[str], Any] | None:
        """Return what gives totals by names, where these numbers are as those before were."""
        if (found := self._known) is not None:
            pattern, form = found
            as_before = [numbers[first] if text is None else text for first, text in pattern]
            if as_before == numbers:
                return form.known(
                    [
                        int(numbers[place])
                        for place, (first, text) in enumerate(pattern)
                        if place == first and text is None
                    ]
                )
        self._seen.append(numbers)
        if len(self._seen) >= TURNS:
            seen, self._seen = self._seen, []
            if self._learned < MOST_LEARNED:
                self._learned += 1
                self._learn(seen)
        return None

    def _learn(self, seen: list[list[str]]) -> None:
        """Make the closed form of the texts that were seen, in the numbers that differ."""
        columns = [*zip(*seen, strict=True)]
        pattern = [
            (columns.index(column), column[0] if len({*column}) == 1 else None)
            for column in columns
        ]
        self._known = None
        with suppress(Problem):
            if (form := self._closed(pattern, seen[-1])) is not None:
                self._known = pattern, CachedForm(form)

    def _closed(self, pattern: Pattern, last: list[str]) -> ClosedForm | None:
        """Return the closed form; None where it is not what the last text is, traced."""
        from cnncalc.report.report import Report
        from cnncalc.solving.closed_forms import CLOSED, ClosedForm
        from cnncalc.solving.unknowns import filled, unknowns

        first = self._settings.channels_first
        opened = [f"?n{place}" if text is None else text for place, text in pattern]
        network = read_text(self._text(opened), channels_first=first)
        given = given_volume(network)
        found = unknowns((*((given,) if given else ()), *network.sequence.items))
        letters = [each for each in dict.fromkeys(opened) if each[0] == "?"]
        if network.calls or given is None or {f"?{each.name}" for each in found} != {*letters}:
            return None
        put = {each.key: Symbol(each.name, Span(network.span.source, 0, 0)) for each in found}
        names = [each[1:] for each in letters]
        numbers = [int(last[int(each[1:])]) for each in names]
        form = ClosedForm(
            filled(network, put),
            names,
            self._settings,
            given=filled(given, put),
            is_quiet=True,
            sample=numbers,
        )
        text = read_text(self._text(last), channels_first=first)
        traced = Report(text, self._settings, keep_rows=False)
        is_same = form.holds(numbers) and all(
            form.total(numbers, name) == traced.total(name) for name in CLOSED - {"peak"}
        )
        return form if is_same else None

    def _text(self, numbers: Sequence[str]) -> str:
        """Return the text of a kind with numbers between its words."""
        pieces = [*self._words]
        for place, number in reversed([*enumerate(numbers, 1)]):
            pieces.insert(place, number)
        return "".join(pieces)
