"""Batch norms folded into the layers before them, in the tree: a network as it is deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from cnncalc.codegen.numbers import NotAlike
from cnncalc.kinds.table import KINDS
from cnncalc.notation.changes import parts, with_items
from cnncalc.notation.tree import Again, Labelled, Layer, Pending, Reference, unlabel
from cnncalc.speech.language import _
from cnncalc.speech.problem import Label, Problem
from cnncalc.trace.adapted import TAKES_NORMS, with_bias
from cnncalc.trace.deployed import folded_norms

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from cnncalc.notation.tree import Item, Network
    from cnncalc.speech.problem import Span
    from cnncalc.trace.rows import Row

IDENTITY = KINDS["identity"]
_AS_IT_IS = tuple(each.default for each in IDENTITY.parameters)
Place: TypeAlias = tuple[int, int, int]
"""A source, and where in it."""


def folded(network: Network, rows: Sequence[Row]) -> Network:
    """Return a network without the norms that its rows fold; refuse one that some calls keep."""
    into = folded_norms(rows)
    norms = _places(rows, into, ("bn",))
    biased = _places(rows, into.values(), TAKES_NORMS)
    read = {each.label for each in parts(network) if isinstance(each, Reference)}
    used_again = (each.target for each in parts(network) if isinstance(each, Again))

    if any(_layer(each, ("bn", *TAKES_NORMS)) for each in used_again):
        raise NotAlike

    def change(items: tuple[Item, ...]) -> list[Item]:
        found: list[Item] = []
        for each in items:
            layer = _layer(each, ("bn", *TAKES_NORMS))
            before = _layer(found[-1], TAKES_NORMS) if found else None
            if layer and _place(layer.span) in biased:
                found.append(_put(each, _biased(layer)))
            elif not layer or _place(layer.span) not in norms:
                found.append(each)
            elif before and _place(before.span) in biased:
                found[-1] = _under_labels(each, found[-1], read)
            else:
                found.append(_put(each, Layer(IDENTITY, _AS_IT_IS, layer.span)))
        return found

    return with_items(network, change)


def _places(rows: Sequence[Row], chosen: Collection[int], kinds: Sequence[str]) -> set[Place]:
    """Return where the layers of some rows stand, which no other row of these kinds may do."""
    spans = {row.index: row.node.span for row in rows if row.node and row.kind in kinds}
    places = {_place(spans[index]) for index in chosen}
    for index, span in spans.items():
        if _place(span) in places and index not in chosen:
            raise Problem(
                "fold-differs",
                _("a norm is folded at one use of this layer, and not at another"),
                [Label(span)],
                helps=[_("write the two uses as layers of their own, or leave '--fold' out")],
            )
    return places


def _place(span: Span) -> Place:
    return id(span.source), span.start, span.end


def _layer(item: Item, kinds: Sequence[str]) -> Layer | Pending | None:
    """Return the layer that an item is, if it is one of these kinds."""
    inner = unlabel(item)
    is_one = isinstance(inner, Layer | Pending) and inner.kind.name in kinds
    return inner if is_one else None  # type: ignore[return-value] # a layer


def _biased(layer: Layer | Pending) -> Item:
    """Return a layer, or one that waits for names, with a bias."""
    if isinstance(layer, Layer):
        return with_bias(layer)
    given = tuple(each for each in layer.arguments if each.name != "nobias")
    preset = {name: value for name, value in layer.preset.items() if name != "nobias"}
    return layer._replace(preset=preset, arguments=given)


def _put(item: Item, inner: Item) -> Item:
    """Return an item with another in its labels."""
    return item._replace(item=_put(item.item, inner)) if isinstance(item, Labelled) else inner


def _under_labels(norm: Item, before: Item, read: Collection[str]) -> Item:
    """Return the layer before a norm under its labels: those that are read, or its only one."""
    while isinstance(norm, Labelled):
        if norm.label in read or not isinstance(before, Labelled):
            before = norm._replace(item=before)
        norm = norm.item
    return before
