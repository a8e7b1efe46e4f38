"""Answers judged: right, or which slip leads to them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from cnncalc.api.answer import Answer, warned
from cnncalc.api.misuse import Misused, choose, read_names, read_texts, read_word
from cnncalc.api.network import read
from cnncalc.api.options import read_settings
from cnncalc.homework.claims import quantities_of
from cnncalc.homework.judge import Judge
from cnncalc.homework.listings import VERDICT, VERDICTS, as_data
from cnncalc.homework.verdicts import POINTS
from cnncalc.report.asked import ROWS_ALONE, Asked
from cnncalc.report.report import Report
from cnncalc.report.view import whole
from cnncalc.speech.language import _
from cnncalc.speech.problem import Problem, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Unpack

    from cnncalc.api.network import Input, Named
    from cnncalc.api.options import Beside
    from cnncalc.notation.tree import Given, Network
    from cnncalc.output.layout import Style
    from cnncalc.report.listing import Listing
    from cnncalc.report.view import View
    from cnncalc.trace.settings import Settings


class Verdicts(Answer):
    """Claims about one network, and the `verdicts` on them, in their order."""

    def __init__(
        self,
        network: Network,
        claims: Iterable[str],
        settings: Settings,
        *,
        name: str = "",
        given: Given | None = None,
        accept: Iterable[str] = (),
        follow: str = "full",
    ) -> None:
        judge = Judge(network, settings, given=given, accept=accept, name=name)
        self.settings = judge.settings
        self._follow, self._about = follow, (network, settings, given)
        self._kinds: set[str] = set()
        if settings.like:
            from cnncalc.trace.counters import kind_of

            self._kinds = {*map(kind_of, judge.rows)}
        self.warnings = [*judge.warnings, *judge.misfit()]
        self.verdicts = judge.judge_all([Source("<claim>", claim) for claim in claims])

    @property
    def right(self) -> bool:
        """Whether all are right."""
        return all(each.kind == "right" for each in self.verdicts)

    def asked(self) -> Asked:
        """Return what was asked: in rows alone of the quantities that are claimed."""
        is_followed = any(each.kind == "follows" for each in self.verdicts)
        return Asked(
            self.settings,
            ["follow"] if self._follow != "full" else [],
            ["verdicts, which are the same: points are for people"]
            if is_followed
            else ["claims of which none follows from a wrong one"],
            quantities_of(each.text for each in self.verdicts),
            ROWS_ALONE,
        )

    def listing(self, *, for_people: bool = False) -> Listing:  # noqa: ARG002 - all fit
        """Return a row for each claim."""
        from cnncalc.output.verdicts import summary

        below = list(summary(self.verdicts, self.settings, self._follow))
        rows = map(as_data, self.verdicts)
        return VERDICTS.listing(VERDICT, [*rows], self, below=below, networks=self._networks)

    def kinds(self) -> set[str]:
        """Return the kinds of the network's rows, where a counter counts them."""
        return self._kinds

    def _networks(self) -> list[View]:
        """Return the network that claims are about; none where it does not fit."""
        network, settings, given = self._about
        with suppress(Problem):
            return [whole(Report(network, settings, given=given))]
        return []

    def lay_out(self, style: Style) -> str:
        """Return the verdicts, with what went wrong."""
        from cnncalc.output.verdicts import draw_verdicts

        return draw_verdicts(self.verdicts, self.settings, self._follow, style)

    def __repr__(self) -> str:
        said = ", ".join(f"{each.text} {each.kind}" for each in self.verdicts)
        return f"<Verdicts {said}>"


def check(
    network: Named,
    *claims: str,
    input: Input = None,  # noqa: A002 - the option's name
    accept: str | Sequence[str] = (),
    follow: str = "full",
    **options: Unpack[Beside],
) -> Verdicts:
    """Return verdicts on claims about a network; `accept` names conventions that are right too.

    `follow` says what is right for wrong numbers before it: full points, half or none. Options are
    those of `stack`.

    >>> found = check("32x32x3 -> conv 10 k5 p2", "params=760", "params=750")
    >>> [each.kind for each in found.verdicts], found.verdicts[1].reasons[0].name
    (['right', 'convention'], 'no-bias')
    """
    from cnncalc.homework.conventions import read_accepted

    sample = "check('vgg16', 'params=138M', 'macs~15.5G')"
    settings = read_settings("check", options)
    choose("follow", read_word("follow", follow, "follow='half'"), POINTS)
    accepted = read_accepted(read_names("accept", accept, "accept=['no-bias']"))
    texts = read_texts("claims", claims, sample)
    found = read(network, input=input, channels_first=options.get("channels_first"))
    if not texts:
        raise Misused(_("check takes a network and claims"), "claims", claims, sample)
    judged = Verdicts(
        found.tree,
        texts,
        settings._replace(channels_first=found.channels_first),
        name=found.name,
        given=found.given,
        accept=accepted,
        follow=follow,
    )
    return warned(judged)
