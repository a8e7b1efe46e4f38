"""Answers judged: right, or which slip leads to them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from cnncalc.api.answer import Answer, warned
from cnncalc.api.misuse import read_names, read_texts
from cnncalc.api.network import read
from cnncalc.api.report import settings_of
from cnncalc.homework.conventions import read_accepted
from cnncalc.homework.judge import Judge
from cnncalc.homework.listings import list_verdicts
from cnncalc.homework.namesakes import family, published
from cnncalc.report.report import Report
from cnncalc.report.view import whole
from cnncalc.speech.problem import Problem, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cnncalc.api.network import Named
    from cnncalc.notation.tree import Given, Network
    from cnncalc.output.table import Style
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
        self._judge = Judge(
            network,
            settings,
            given=given,
            accept=accept,
            others=family(name),
            published=published(name),
        )
        self._follow, self._asked = follow, (network, settings, given)
        self.warnings = [*self._judge.warnings, *self._judge.misfit()]
        self.verdicts = self._judge.judge_all([Source("<claim>", claim) for claim in claims])

    @property
    def right(self) -> bool:
        """Whether all are right."""
        return all(each.kind == "right" for each in self.verdicts)

    def listing(self, *, for_people: bool = False) -> Listing:  # noqa: ARG002 - all fit
        """Return a row for each claim."""
        from cnncalc.output.verdicts import summary

        listing = list_verdicts(self.verdicts, self.warnings)
        below = list(summary(self.verdicts, self._judge.settings, self._follow))
        return listing._replace(below=below, networks=self._networks)

    def _networks(self) -> list[View]:
        """Return the network that claims are about; none where it does not fit."""
        network, settings, given = self._asked
        with suppress(Problem):
            return [whole(Report(network, settings, given=given))]
        return []

    def lay_out(self, style: Style) -> str:
        """Return the verdicts, with what went wrong."""
        from cnncalc.output.verdicts import draw_verdicts

        return draw_verdicts(self.verdicts, self._judge.settings, self._follow, style)

    def __repr__(self) -> str:
        said = ", ".join(f"{each.text} {each.kind}" for each in self.verdicts)
        return f"<Verdicts {said}>"


def check(
    network: Named,
    *claims: str,
    input: str | Mapping[str, str] | None = None,  # noqa: A002 - the option's name
    accept: Sequence[str] = (),
    follow: str = "full",
    channels_first: bool = False,
    batch: int = 1,
    dtype: str = "float32",
    planner: str = "ours",
    device: str | None = None,
) -> Verdicts:
    """Return verdicts on claims about a network; `accept` names conventions that are right too.

    `follow` says what is right for wrong numbers before it: full points, half or none.

    >>> found = check("32x32x3 -> conv 10 k5 p2", "params=760", "params=750")
    >>> [each.kind for each in found.verdicts], found.verdicts[1].reasons[0].name
    (['right', 'convention'], 'no-bias')
    """
    claims = tuple(read_texts("check", claims, "check('vgg16', 'params=138M', 'macs~15.5G')"))
    read_in = read(network, input=input, channels_first=channels_first)
    settings = settings_of(
        False, read_in.channels_first, None, batch, dtype, planner, device=device
    )
    return warned(
        Verdicts(
            read_in.tree,
            claims,
            settings,
            name=read_in.name,
            given=read_in.given,
            accept=read_accepted(read_names("accept", accept, "accept=['no-bias']")),
            follow=follow,
        )
    )
