"""ONNX's Attention, from queries, keys and values that are projected before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.layers import make
from cnncalc.importing.onnx import views
from cnncalc.importing.onnx.constant_terms import with_constant
from cnncalc.importing.onnx.joins import concat
from cnncalc.importing.onnx.learned import learned_by
from cnncalc.importing.onnx.model import Constant
from cnncalc.importing.onnx.products import multiplied
from cnncalc.importing.onnx.reading import Carried
from cnncalc.importing.onnx.views import SEQUENCE

if TYPE_CHECKING:
    from cnncalc.importing.onnx.reading import OnnxOperator, Value
    from cnncalc.importing.onnx.views import View


def attention(op: OnnxOperator, _flow: Carried) -> list[Value] | None:
    """Return what ONNX's Attention makes of queries, keys and values that are projected before.

    Keys and values that are stored are weights, and so are those that stand before them; a mask
    that is learned is added to the scores.
    """
    names = [*op.inputs, *[""] * 6][:6]
    given = [op.values.get(name) if name else None for name in names]
    counts = [op.get(name) for name in ("q_num_heads", *["kv_num_heads"] * 2)]
    flat = isinstance(given[0], Carried) and len(given[0].view) == SEQUENCE
    query, *kept = [_heads(*each) for each in zip(given[:3], counts, strict=True)]
    key, value = (_one_behind(op, past, each) for past, each in zip(given[4:], kept, strict=True))
    if not isinstance(query, Carried) or key is None or value is None:
        return None
    heads, shared = (_sizes_of(each)[1] for each in (query, key))
    if _sizes_of(value)[1] != shared or heads % shared:
        return None
    group = "g" if heads != shared else ""
    if group:  # several heads of the queries meet one of the keys and values
        first, _heads_of, *rest = views.sizes(query.view)
        parted = views.reshaped(query.view, (first, shared, heads // shared, *rest))
        if parted is None:
            return None
        query = Carried(query.node, parted)
    asked, weighted = f"ab{group}yz", f"ab{group}yx"
    scores = multiplied(op, (query, key), (asked, "abxz"), weighted)
    mask = given[3] if isinstance(given[3], Constant) else None
    own = heads == 1 or _sizes_of(mask)[-3:-2] == (heads,)  # else it is the same for all heads
    if scores and mask and own and op.reading.stored(names[3]):
        masked = op.having(kind="Add", inputs=("", names[3]))
        plain = scores
        scores = with_constant(masked, "add", scores, mask)
        if scores is None:  # it is shorter, or in another order
            learned, volume = learned_by(masked), op.volume(plain)
            node = op.graph.opaque("Add", [plain.node], volume, "", learned)
            scores = Carried(node, plain.view)
    weighed = scores and op.behind(scores, make("softmax"))
    made = weighed and multiplied(op, (weighed, value), (weighted, "abxz"), asked)
    if made is None or scores is None:
        return None
    first_of, all_heads, places, each = _parted(made.view)
    whole_map = Carried(made.node, (first_of, all_heads, places, each))
    if flat:
        whole_map = Carried(made.node, (first_of, places, views.merged((*all_heads, *each))))
    return [whole_map, key, value, Carried(scores.node, _parted(scores.view))]


def _parted(view: View) -> View:
    """Return the view of a stack of matrices with its heads as one dimension."""
    first, *heads, places, each = view
    return (first, views.merged([part for parts in heads for part in parts]), places, each)


def _heads(value: Value, heads: int | None) -> Value:
    """Return queries, keys or values as batch x heads x places x numbers; None if they are not."""
    dims = _sizes_of(value) if value else ()
    if len(dims) == SEQUENCE and heads and dims[-1] % heads == 0:
        batch, length, channels = dims
        if isinstance(value, Constant):
            return value._replace(dims=(batch, heads, length, channels // heads), values=None)
        wanted = (batch, length, heads, channels // heads)
        found = isinstance(value, Carried) and views.reshaped(value.view, wanted)
        if not found or not isinstance(value, Carried):
            return None
        return Carried(value.node, (found[0], found[2], found[1], found[3]))
    return value if len(dims) == SEQUENCE + 1 else None


def _sizes_of(value: Value) -> tuple[int, ...]:
    """Return the dimensions of a tensor, as far as they are known."""
    return views.sizes(value.view) if isinstance(value, Carried) else (value and value.dims) or ()


def _one_behind(op: OnnxOperator, past: Value, value: Value) -> Value:
    """Return keys or values with those that stand before them."""
    if past is None or value is None:
        return value
    if isinstance(past, Constant) and isinstance(value, Constant):
        (*stack, before, each), dims = _sizes_of(past), _sizes_of(value)
        return value._replace(dims=(*stack, before + dims[-2], each))
    if isinstance(past, Carried) and isinstance(value, Carried):
        joined = op.having(kind="Concat", inputs=("", ""), attributes={"axis": 2})
        return concat(joined, [past, value])
    return None
