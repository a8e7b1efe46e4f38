"""A join where it stands: what its branches come to, and what it sees."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cnncalc.kinds.joins import JOIN_KINDS, joined
from cnncalc.kinds.measure import Measure
from cnncalc.kinds.receptive_field import OWN
from cnncalc.kinds.volumes import write_volume
from cnncalc.trace.disagreement import refuse_misfits
from cnncalc.trace.layers import refuse_large

if TYPE_CHECKING:
    from cnncalc.kinds.receptive_field import Field
    from cnncalc.kinds.volumes import Volume
    from cnncalc.notation.tree import Join
    from cnncalc.trace.fields import FieldTrace
    from cnncalc.trace.flow import Flow
    from cnncalc.trace.ledger import Ledger


def measured_join(
    item: Join, outs: list[Flow], firsts: list[int], fields: FieldTrace, ledger: Ledger
) -> tuple[Measure, Field]:
    """Return what a join does to what comes out of its branches, and what it sees.

    `firsts` are the numbers of their first rows.
    """
    measure = volumes_joined(
        item, [out.volume for out in outs], channels_first=ledger.channels_first
    )
    if item.layer is None:
        return measure, fields.joined(item, outs, measure.output, firsts)
    from cnncalc.trace.field_faults import no_field

    ledger.warn(no_field(item.layer))
    return measure, None


def volumes_joined(item: Join, volumes: list[Volume], *, channels_first: bool) -> Measure:
    """Return what a join does to the volumes of its branches."""
    if item.layer is None:
        refuse_misfits(item, volumes, partial(write_volume, channels_first=channels_first))
        output = joined(item.how, volumes, item.axis)
        products = JOIN_KINDS[item.how].products(volumes)
    else:
        output, products = item.layer.named["volume"], 0
    measure = Measure(output, OWN, macs=products, products=products)
    refuse_large(measure, item.span)
    return measure
