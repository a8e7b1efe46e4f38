"""Verdicts on claims: right, right under a convention, wrong and why, or unreadable.

For a value that does not hold, every variation of the table is put through the trace, singly and
then two at once; those that give exactly this value are named, the simplest first.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.homework.claims import Claim, answer, holds, read_claim
from cnncalc.homework.conventions import CONVENTIONS
from cnncalc.homework.namesakes import variants
from cnncalc.homework.slips import SLIPS
from cnncalc.homework.variations import COSTS, COUNTS, Variation, text_of
from cnncalc.kinds.volumes import write_volume
from cnncalc.notation.tree import Layer, given_volume, settled, volume_missing
from cnncalc.numbers.figures import span_of
from cnncalc.numbers.terms import letters_in
from cnncalc.numbers.working import are_numbers, product, spoken
from cnncalc.report.folds import TOTALS, Folded, find, labels
from cnncalc.report.quantities import BYTES, QUANTITIES, memory_working
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem, Source, meant, nearest, quoted
from cnncalc.trace.counters import COUNTERS
from cnncalc.trace.rows import last_finite
from cnncalc.trace.trace import Trace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cnncalc.notation.library import Published
    from cnncalc.notation.tree import Given, Network
    from cnncalc.trace.counters import Counter
    from cnncalc.trace.rows import Row

MOST_REASONS = 3
MOST_ROWS_FOR_PAIRS = 60  # of a network in which two slips at once are looked for


class Reason(NamedTuple):
    """A variation that gives the claimed value, with its arithmetic."""

    name: str
    says: str
    value: str
    working: str
    is_convention: bool


class Verdict(NamedTuple):
    """What became of a claim: `kind` is right, convention, wrong or unreadable."""

    text: str
    kind: str
    answer: str = ""
    working: str = ""
    reasons: tuple[Reason, ...] = ()
    note: str = ""
    problem: Problem | None = None


def target_of(place: str | None, rows: Sequence[Row]) -> Any:
    """Return the row that a claim is about; what stands for all rows where it is of all."""
    if place is not None:
        found = find(rows, place)
        if not found:
            return None
        return found[0] if len(found) == 1 else Folded(found, "", place, place, ())
    main = [row for row in rows if not row.aux]
    if len(main) == 2:
        return main[1]
    return Folded(main, "", "", None, ())


def answer_of(place: str | None, quantity: str, rows: Sequence[Row]) -> Any:
    """Return what rows have of a quantity at a place; None where there is no such place."""
    target = subject_of(place, quantity, rows)
    return None if target is None else answer(quantity, target)


def subject_of(place: str | None, quantity: str, rows: Sequence[Row]) -> Any:
    """Return the row that an answer comes from; what stands for all rows where it is of all.

    Of a network, the field is that of the last row that does not see all, and `in_features`
    those of its first fc, or of one that would stand behind it.
    """
    target = target_of(place, rows)
    if place is None and quantity == "in_features":
        main = [row for row in rows if not row.aux]
        return next((row for row in main if row.kind == "fc"), main[-1])
    if place is None and target is not None and answer(quantity, target) == "all":
        return last_finite(rows) or rows[0]
    return target


class Judge:
    """Judges claims about one network; what its variations give is worked out once."""

    def __init__(
        self,
        network: Network,
        *,
        given: Given | None = None,
        channels_first: bool = False,
        accept: Iterable[str] = (),
        others: Sequence[tuple[str, Network]] = (),
        like: Counter | None = None,
        published: Sequence[Published] = (),
        batch: int = 1,
        dtype: str = "float32",
    ) -> None:
        self.network = network
        self.given = given or given_volume(network)
        self.channels_first = channels_first
        self.accept = frozenset(accept)
        self.others = others
        self.like = like
        self.published = [each for each in published if each.remark]
        self.batch = batch
        self.dtype = dtype
        self.rows, self.fault = self._trace(network, None)
        self.strict_fault = self._trace(network, None, strict=True)[1]
        self._varied: dict[str, list[Row] | None] = {}
        self._of_variants: list[tuple[Variation, list[Row]]] | None = None
        self._found: dict[tuple[str | None, str], list[tuple[Any, Variation, str]]] = {}
        if not self.rows:
            raise self.fault or volume_missing(network)

    def _trace(
        self,
        network: Network,
        way: Variation | None,
        *,
        given: Given | None = None,
        strict: bool = False,
    ) -> tuple[list[Row], Problem | None]:
        """Return the rows of a network, measured in a way, up to the fault that ends them."""
        rows: list[Row] = []
        given = given or self.given
        if given is None:
            return rows, None
        trace = Trace(
            rows.append,
            strict=strict,
            measure=way.measure if way else None,
            like=self.like,
            batch=self.batch,
            dtype=self.dtype,
        )
        try:
            trace.run(network, settled(given), given.span)
        except Problem as problem:
            return rows, problem
        return rows, None

    @cached_property
    def letters(self) -> set[str]:
        """The letters that the network has."""
        numbers: list[Any] = []
        for row in self.rows:
            numbers += [*row.output, row.params, row.macs]
            numbers += [each for axes in (row.rf, row.jump, row.start) if axes for each in axes]
        return set(letters_in(numbers))

    # ------------------------------------------------------------ one claim

    def judge(self, source: Source) -> Verdict:
        """Return the verdict on the claim that a text makes."""
        try:
            claim = read_claim(source, channels_first=self.channels_first, letters=self.letters)
        except Problem as problem:
            return Verdict(source.text.strip(), "unreadable", problem=problem)
        if strange := set(letters_in(claim.value or ())) - self.letters:
            return Verdict(claim.text, "unreadable", problem=_no_such_letter(claim, min(strange)))
        target = target_of(claim.place, self.rows)
        if target is None and not self.fault:
            return Verdict(claim.text, "unreadable", problem=self._no_such_row(claim))
        if claim.value is None:
            return self._judge_none(claim)
        if target is None or (self.fault and claim.place is None):
            fault = self.fault
            note = fault.message if fault else ""
            return Verdict(claim.text, "wrong", "none", note=note)
        target = subject_of(claim.place, claim.quantity, self.rows)
        found = answer(claim.quantity, target) if target else None
        said = self._said(found, claim.quantity)
        if holds(claim, found):
            return Verdict(claim.text, "right", said)
        working = self._working(target, claim.quantity)
        reasons = tuple(self._reasons(claim, found))
        named = [each for each in reasons if each.is_convention]
        if named:
            accepted = [each.name for each in named if each.name in self.accept]
            kind = "right" if accepted else "convention"
            note = ""
            if accepted:
                note = _("under {convention}, which is accepted", convention=accepted[0])
            first = sorted(reasons, key=lambda each: not each.is_convention)
            return Verdict(claim.text, kind, said, working, tuple(first), note)
        if not reasons and claim.is_figure and found is not None and are_numbers(found):
            reasons = tuple(_written_wrong(claim, int(found)))
        note = "" if reasons else self._remark(claim) or _("no known slip gives this value")
        return Verdict(claim.text, "wrong", said, working, reasons, note)

    def _remark(self, claim: Claim) -> str:
        """Return what is wrong with the figure that was published, where the claim is that."""
        for each in self.published:
            if each.quantity == claim.quantity and span_of(each.figure) == claim.value:
                return f"{each.source}: {each.remark}"
        return ""

    def right(self, quantity: str) -> Any:
        """Return the right answer about the whole network."""
        return answer(quantity, target_of(None, self.rows))

    def _judge_none(self, claim: Claim) -> Verdict:
        """Judge the claim that there is no answer."""
        if self.fault:
            return Verdict(claim.text, "right", "none", note=self.fault.message)
        if self.strict_fault:
            note = _("by CS231n's rule, its windows do not tile the map; frameworks round down")
            return Verdict(claim.text, "right", "none", note=note)
        target = target_of(claim.place, self.rows)
        found = answer(claim.quantity, target) if target else None
        said = self._said(found, claim.quantity)
        return Verdict(claim.text, "wrong", said, note=_("the windows fit, and tile the map"))

    def _said(self, found: Any, quantity: str) -> str:
        if found is None or found == ():  # a vector has no size
            return "none"
        if isinstance(found, str):
            return found
        if quantity == "output":
            return write_volume(found, channels_first=self.channels_first, for_people=True)
        return text_of(found)

    def _no_such_row(self, claim: Claim) -> Problem:
        place = claim.place or ""
        close = nearest(place, labels(self.rows))
        return Problem(
            "claim-unreadable",
            _("no row has the label or number {place}", place=quoted(place)),
            [Label(claim.span)],
            helps=[meant(close, _("rows go up to {last}", last=len(self.rows) - 1))],
        )

    # ------------------------------------------------------------ what is claimed of what

    def _working(self, target: Any, quantity: str, way: Variation | None = None) -> str:
        """Return the arithmetic of a row's quantity, in the user's numbers, measured in a way."""
        node = getattr(target, "node", None)
        if quantity in BYTES:
            return memory_working(quantity, target)
        if isinstance(target, Folded):
            costly = [row for row in target.rows if row.params or row.macs]
            if quantity not in COUNTS | COSTS or len(costly) != 1:
                return ""
            target, node = costly[0], costly[0].node
        if not isinstance(node, Layer):
            return ""
        layer = node._replace(values=tuple(spoken(value) for value in node.values))
        volume = tuple(spoken(size) for size in target.input)
        try:
            measure = (way.measure if way else _measured)(layer, volume)
        except Problem:
            return ""
        if quantity in ("output", "size"):
            sizes = [f"{size}" for size in measure.output[:-1] if getattr(size, "parts", ())]
            return _(" and ").join(dict.fromkeys(sizes))
        if quantity == "flops":
            return f"2 * {target.forward.of_all(measure.macs)}"
        if quantity == "macs":
            return str(target.forward.of_all(measure.macs))
        if quantity == "activations":
            return str(target.forward.of_all(product(measure.output)))
        number = getattr(measure, quantity, None)
        return str(number) if getattr(number, "parts", ()) else ""

    # ------------------------------------------------------------ why it is wrong

    def _reasons(self, claim: Claim, right: Any) -> Iterator[Reason]:
        """Yield the variations that give the claimed value, the simplest first, at most three."""
        count = 0
        seen: set[str] = set()
        for value, way, working in self.alternatives(claim.place, claim.quantity):
            if value != right and holds(claim, value) and way.name not in seen:
                if "," in way.name and count:
                    return
                seen.add(way.name)
                yield Reason(
                    way.name,
                    way.says,
                    self._said(value, claim.quantity),
                    working,
                    way.is_convention,
                )
                count += 1
                if count == MOST_REASONS:
                    return

    def alternatives(
        self, place: str | None, quantity: str
    ) -> Iterator[tuple[Any, Variation, str]]:
        """Yield what other ways give for a quantity; worked out once, and kept."""
        key = (place, quantity)
        kept = self._found.setdefault(key, [])
        if not kept:
            kept.extend(self._work_out(place, quantity))
        return iter(kept)

    def _work_out(self, place: str | None, quantity: str) -> Iterator[tuple[Any, Variation, str]]:
        target = target_of(place, self.rows)
        yield from self._earlier(place, quantity)
        yield from self._other_networks(place, quantity)
        bearing = [way for way in (*CONVENTIONS, *SLIPS) if quantity in way.of]
        for way in bearing:
            found: tuple[Any, str] | None
            if way.scale:
                found = _scaled(way.scale, answer(quantity, target))
            elif way.value:
                found = self._valued(way, target, quantity)
            else:
                found = self._measured_in(way, place, quantity)
            counts_no_more = (
                way.name in COUNTERS and found and found[0] in (target.macs, target.flops)
            )
            if found is not None and not counts_no_more:
                yield found[0], way, found[1]
        yield from self._variants_counted(place, quantity)
        if len(self.rows) > MOST_ROWS_FOR_PAIRS:
            return
        pairs = [way for way in bearing if way.value is None and way.scale is None]
        for first in pairs:
            for second in pairs:
                if first is not second:
                    both = first.then(second)
                    found = self._measured_in(both, place, quantity)
                    if found is not None:
                        yield found[0], both, found[1]

    def _measured_in(
        self, way: Variation, place: str | None, quantity: str
    ) -> tuple[Any, str] | None:
        """Return a quantity and its arithmetic, with every layer measured in a way."""
        rows = self._varied.get(way.name)
        if way.name not in self._varied:
            traced, fault = self._trace(self.network, way)
            rows = None if fault else traced
            self._varied[way.name] = rows
        target = target_of(place, rows) if rows else None
        if target is None:
            return None
        original = target_of(place, self.rows)
        return answer(quantity, target), self._working(original, quantity, way)

    def _valued(self, way: Variation, target: Any, quantity: str) -> tuple[Any, str] | None:
        """Return what a way gives for a row; for several rows, counts are added up."""
        if way.value is None:
            return None
        if not isinstance(target, Folded):
            return way.value(target, quantity, self.rows)
        total = TOTALS.get(getattr(QUANTITIES.get(quantity), "total", "last"))
        if total is None:
            return way.value(target.rows[-1], quantity, self.rows)
        found = [way.value(row, quantity, self.rows) for row in target.rows]
        if not any(found):
            return None
        pairs = zip(found, target.rows, strict=True)
        return total([each[0] if each else answer(quantity, row) for each, row in pairs]), ""

    def _variants(self, quantity: str) -> Iterator[tuple[Variation, list[Row]]]:
        """Yield the variants of the network that bear on a quantity, with their rows."""
        if self.given is None or not self.rows:
            return
        if self._of_variants is None:
            self._of_variants = []
            for each in variants(self.network, self.given, self.rows, self.others):
                rows, fault = self._trace(each.network, each.moved, given=each.given)
                if not fault and rows:
                    self._of_variants.append((each.way, rows))
        for way, rows in self._of_variants:
            if not way.of or quantity in way.of:
                yield way, rows

    def _other_networks(
        self, place: str | None, quantity: str
    ) -> Iterator[tuple[Any, Variation, str]]:
        """Yield what variants of the network have: each is a convention."""
        seen = set()
        for way, rows in self._variants(quantity):
            target = target_of(place, rows)
            if place is None and quantity in ("rf", "jump", "start"):
                target = last_finite(rows) or rows[0]
            found = None if target is None else answer(quantity, target)
            if found is not None and found not in seen:
                seen.add(found)
                yield found, way, ""

    def _variants_counted(
        self, place: str | None, quantity: str
    ) -> Iterator[tuple[Any, Variation, str]]:
        """Yield what variants of the network have as others count."""
        ways = [way for way in CONVENTIONS if way.name in COUNTERS and quantity in way.of]
        for variant, rows in self._variants(quantity) if ways else ():
            target = target_of(place, rows)
            for way in ways if target is not None else ():
                found = self._valued(way, target, quantity)
                if found:
                    yield found[0], variant.then(way)._replace(is_convention=True), ""

    def _earlier(self, place: str | None, quantity: str) -> Iterator[tuple[Any, Variation, str]]:
        """Yield what stands at earlier rows: a layer or more was left out."""
        if quantity not in ("output", "size"):
            return
        target = target_of(place, self.rows)
        last = target.rows[-1].index if isinstance(target, Folded) else target.index
        main = [row for row in self.rows if not row.aux and row.index <= last]
        layers = [row for row in main if row.index and row.output != row.input]
        for count in range(len(layers) - 1, 0, -1):
            row = layers[count - 1]
            way = Variation(
                "layers-left-out",
                _(
                    "the output of {count} of the {total} layers that change it",
                    count=count,
                    total=len(layers),
                ),
                frozenset(),
            )
            where = _("row {number}: {layer}", number=row.index, layer=row.layer)
            yield answer(quantity, row), way, where


def _written_wrong(claim: Claim, right: int) -> Iterator[Reason]:
    """Yield what went wrong with the digits of an exact number, where nothing else did."""
    least, below, unit = claim.value or (0, 0, 0)
    if unit != 1 or below != least + 1 or right < 100:
        return
    digits, wanted = str(least), str(right)
    says = None
    if least in (10 * right, right // 10):
        says = "a zero too many" if least > right else "a zero too few"
    elif len(digits) == len(wanted) and sum(map(str.__ne__, digits, wanted)) == 1:
        says = "one digit is another"
    elif len(digits) + 1 == len(wanted) and any(
        digits == wanted[:i] + wanted[i + 1 :] for i in range(len(wanted))
    ):
        says = "a digit is lost"
    if says:
        yield Reason("written-wrong", says, f"{least:,}", "", is_convention=False)


def _no_such_letter(claim: Claim, name: str) -> Problem:
    return Problem(
        "claim-unreadable",
        _("the network has no letter {name}", name=quoted(name)),
        [Label(claim.span)],
        helps=[_("write a number, or a letter that stands in the network")],
    )


def _scaled(scale: tuple[int, int], right: Any) -> tuple[Any, str] | None:
    """Return a multiple of the right answer, rounded half up."""
    if not are_numbers(right):
        return None
    times, over = scale
    return (2 * right * times + over) // (2 * over), ""


def _measured(layer: Layer, volume: Any) -> Any:
    return layer.kind.measure(volume, *layer.values)


def conventions() -> list[str]:
    """Return the names of the conventions that can be accepted."""
    return [each.name for each in CONVENTIONS]
