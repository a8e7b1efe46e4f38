"""A network that is read and reported: at once, or many times with other numbers in it."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.api.answer import warned
from cnncalc.api.closed_form_cache import ClosedFormCache
from cnncalc.api.misuse import (
    Misused,
    is_path,
    read_flag,
    read_volumes,
    read_word,
    shown,
    too_long,
)
from cnncalc.importing.files import Choice
from cnncalc.importing.sources import is_outside, read_input, read_path, read_text, refuse_choice
from cnncalc.notation.expressions import Symbol
from cnncalc.notation.inputs import NO_VOLUMES, Volumes, given_volume, volume_missing
from cnncalc.notation.parser import parse
from cnncalc.solving.unknowns import filled
from cnncalc.speech.budget import BUDGET
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, Span, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Unpack

    from cnncalc.api.options import Beside
    from cnncalc.api.report import Report
    from cnncalc.notation import tree
    from cnncalc.notation.tree import Given
    from cnncalc.trace.settings import Settings


Named: TypeAlias = "str | os.PathLike[str] | Network"
"""A network as a function takes it: notation or a model's name, a file by its path, or read."""

Size: TypeAlias = "str | Sequence[int]"
Input: TypeAlias = "Size | Mapping[str, Size] | None"
"""The volume of an input, or of each by its name: '32x32x3' or (32, 32, 3)."""


class Network:
    """A network that was read: its name or text, its tree, and the volume that it is given.

    It is read once and reported as often as one likes, with other volumes and other numbers.
    """

    def __init__(
        self, name: str, tree: tree.Network, volumes: Volumes, *, channels_first: bool
    ) -> None:
        self.name, self.tree, self.volumes = name, volumes.put_in(tree), volumes
        self.given = volumes.head
        self.channels_first = channels_first
        self._opened: dict[tuple[str, ...], tuple[Any, ...]] = {}

    def __repr__(self) -> str:
        return f"<Network {self.name!r}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (self.name, self.tree.span.source, self.volumes, self.channels_first)

    def report(
        self,
        *,
        input: Input = None,  # noqa: A002 - the option's name
        **given: Any,
    ) -> Report:
        """Return the report of the network; what `stack` takes is meant as there.

        All else is a number in place of an unknown (`?w`), of a letter (`W`) or of a parameter of
        a definition that has a default, by its name.

        >>> net = read("?nx?nx3 -> conv C k3 p1")
        >>> [net.report(n=8, C=width).macs for width in (4, 8)]
        [6912, 13824]
        """
        from cnncalc.api.options import COSTS, read_settings

        first = self.channels_first
        options = {name: given.pop(name) for name in COSTS if name in given}
        settings = read_settings("report", options)._replace(channels_first=first)
        volumes = read_input(read_volumes(input), channels_first=first)
        return warned(self.answer(settings, volumes, given))

    def answer(
        self,
        settings: Settings,
        volumes: Volumes,
        numbers: Mapping[str, float],
        *,
        is_traced: bool = False,
    ) -> Report:
        """Return the report with volumes and numbers, by its closed form where that is quicker.

        One that `is_traced` is as it would be without a closed form.
        """
        from cnncalc.api.report import Report

        def put() -> tuple[tree.Network, Given | None]:
            return self.put(volumes.put_in(self.tree), numbers, volumes.head or self.given)

        known = None if is_traced else self._forms.known(settings, volumes, numbers)
        if known is not None:
            return Report.later(put, settings, known)
        network, given = put()
        return Report(network, settings, given=given)

    @cached_property
    def _forms(self) -> ClosedFormCache:
        """What is known of it by closed forms, once it was asked often."""
        return ClosedFormCache(self.put, self.tree, self.given)

    def put(
        self, network: tree.Network, numbers: Mapping[str, float | Symbol], given: Given | None
    ) -> tuple[tree.Network, Given | None]:
        """Return the network and what it is given with numbers in them, or letters."""
        from cnncalc.solving.sweeps import is_parameter, opened

        exact = {name: _exact(name, number) for name, number in numbers.items()}
        for name, number in exact.items():
            if type(number) not in (int, Symbol) and not is_parameter(network, name):
                raise Misused(_("{name} is a whole number", name=name), name, numbers[name])
        if not numbers:
            return network, given
        names = tuple(numbers)
        volume = given_volume(network, given)
        if volume is None:
            raise volume_missing(network)
        is_own = network is self.tree and given is self.given
        if not is_own or names not in self._opened:
            keys = []
            for name, number in exact.items():
                source = Source("<numbers>", f"{name}={shown(number)}")
                network, volume, key = opened(network, volume, name, Span(source, 0, len(name)))
                keys.append(key)
            found = network, volume, keys
            if is_own:
                self._opened[names] = found
        else:
            found = self._opened[names]
        network, volume, keys = found
        put = dict(zip(keys, exact.values(), strict=True))
        return filled(network, put), filled(volume, put)


def _exact(name: str, number: object) -> Any:
    """Return a number as what its digits say: 0.75 is 3/4."""
    if type(number) is int and abs(number) >= 10**BUDGET.digits_derived:
        raise too_long(name, number, BUDGET.digits_derived)
    if type(number) in (int, Symbol):
        return number
    from fractions import Fraction

    if isinstance(number, float | Fraction) and 0 <= number < 10**18:
        found = Fraction(str(number))
        return int(found) if found.denominator == 1 else found
    raise Misused(_("{name} is a number, 0 or more", name=name), name, number)


def _unpickled(name: str, source: Source, volumes: Volumes, channels_first: bool) -> Network:
    """Return a network that was pickled as its text."""
    parsed = parse(source, channels_first=channels_first)
    return Network(name, parsed, volumes, channels_first=channels_first)


def read(
    network: Named,
    *,
    input: Input = None,  # noqa: A002 - the option's name
    channels_first: bool | None = None,
    entry: str = "",
    arguments: Iterable[Any] | Mapping[str, Any] = (),
    variables: Mapping[str, Any] | None = None,
    train: bool = False,
) -> Network:
    """Return a network: notation or a model's name as a str, or a file as a path.

    `input` is a volume that replaces the network's own, '32x32x3' or (32, 32, 3), or one for each
    name of an input; volumes are `channels_first` where that is said, as CxHxW. Of a model's source
    `entry` names the class or function, `arguments` are what it is given, in order or by name,
    `variables` values of the file's own; one that is a str is as it is typed behind `--arg` and
    `--set`.
    """
    first = False if channels_first is None else read_flag("channels_first", channels_first)
    choice = Choice(
        read_word("entry", entry, "entry='Net'"),
        _typed("arguments", arguments),
        _typed("variables", variables or {}),
        read_flag("train", train),
    )
    if isinstance(network, str | Network):
        refuse_choice(choice)
    if isinstance(network, Network):
        if channels_first is not None and first != network.channels_first:
            fact = _("channels_first is said where a network is read, and this one is read")
            raise Misused(fact, "channels_first", channels_first)
        first = network.channels_first
    volumes = read_input(read_volumes(input), channels_first=first)
    if isinstance(network, Network):
        if volumes == NO_VOLUMES:
            return network
        if volumes.head is None:
            volumes = volumes._replace(head=network.given)
        return Network(network.name, network.tree, volumes, channels_first=first)
    if isinstance(network, str):
        _refuse_path(network)
        parsed = read_text(network, channels_first=first)
    elif is_path(network):
        parsed = read_path(network, given=volumes, channels_first=first, choice=choice)
    else:
        fact = _("a network is a text, a path, or what read returns")
        raise Misused(fact, "network", network, "'vgg16', '32x32x3 -> conv 8 k3'")
    return Network(os.fspath(network), parsed, volumes, channels_first=first)


def stack(
    network: Named,
    *,
    input: Input = None,  # noqa: A002 - the option's name
    **options: Unpack[Beside],
) -> Report:
    """Return the report of a network: notation or a model's name as a str, or a file as a path.

    `input` is a volume that replaces the network's own, '32x32x3' or (32, 32, 3). Options are:
    `strict` refuses windows that do not tile their input; `channels_first` reads and writes volumes
    as CxHxW; `like` names the counter that counts, as 'fvcore'; `batch` and `dtype` say how many
    inputs go through at once, and of what type values are, as 'int8'; `planner` plans their memory,
    as 'tflm'; to `fold` is to count batch norms in the convs before them, and what `freeze` names,
    labels or blocks, is not trained; a `device`, as 't4', gives the least time. A fault of the
    input raises `Problem`; what is warned of comes as a `NetworkWarning`.

    >>> stack("32x32x3 -> conv 10 k5 p2").params
    760
    """
    from cnncalc.api import text_templates
    from cnncalc.api.options import read_settings
    from cnncalc.api.report import Report

    settings = read_settings("stack", options)
    first = options.get("channels_first")
    is_text = isinstance(network, str) and input is None
    totals = None
    if is_text:
        text = str(network)
        totals = text_templates.known(text, settings) or _outlined(text, settings)
    if totals is not None:

        def again() -> tuple[tree.Network, None]:
            return read(network, channels_first=first).tree, None

        return Report.later(again, settings, totals)
    found = read(network, input=input, channels_first=first)
    settings = settings._replace(channels_first=found.channels_first)
    return warned(Report(found.tree, settings, given=found.given))


def _outlined(text: str, settings: Settings) -> Callable[[str], Any] | None:
    """Return what gives totals of a text's network by names; None where it is to be traced."""
    from cnncalc.report.outlined import outlined

    _refuse_path(text)
    try:
        tree = read_text(text, channels_first=settings.channels_first, recalls=True)
    except Problem:
        return None
    return outlined(tree, settings)


def _typed(name: str, values: Iterable[Any] | Mapping[str, Any]) -> tuple[str, ...]:
    """Return values as they are typed: `10`, `depth=40`."""
    from collections.abc import Mapping as Named

    def word(value: object) -> str:
        try:
            return value if isinstance(value, str) else repr(value)
        except ValueError:  # a number of more digits than Python writes
            raise too_long(name, value) from None

    if isinstance(values, Named):
        return tuple(f"{key}={word(value)}" for key, value in values.items())
    if name == "variables" or not isinstance(values, list | tuple):
        fact = _("{name} are values by their names, or in order", name=name)
        raise Misused(fact, name, values, f"{name}={{'depth': 40}}")
    return tuple(map(word, values))


def _refuse_path(text: str) -> None:
    """Refuse a str that is the path of a file which is there."""
    if is_outside(text) and os.path.exists(text):  # noqa: PTH110 - pathlib is slow to import
        raise Problem(
            "path-as-text",
            _("a str is notation or the name of a model, and this one names a file"),
            [Label(Span(Source("<stack>", text), 0, len(text)))],
            helps=[_("give it as a path: pathlib.Path({path})", path=quoted(text))],
        )
