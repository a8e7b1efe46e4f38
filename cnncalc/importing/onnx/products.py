"""Products of ONNX: a tensor times weights mixes its channels; one times another is an attention's.

Dimensions go by letters, as in Einsum: those that both have and the output too are a stack of
products, those that the output lacks are summed over.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from cnncalc.importing.layers import make
from cnncalc.importing.onnx import views
from cnncalc.importing.onnx.model import Constant
from cnncalc.importing.onnx.reading import Carried
from cnncalc.importing.onnx.views import CHANNELS, whole
from cnncalc.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from cnncalc.importing.onnx.model import Operation
    from cnncalc.importing.onnx.reading import Reading, Value
    from cnncalc.importing.onnx.views import Part

_LETTERS = "abcdefghijklmnopqrstuvwxyz"

_PAIR = 2


class Product(NamedTuple):
    """A product of two flows: what it multiplies, how often, and how its sums are long."""

    one: Carried
    other: Carried
    macs: int
    stacks: int
    summed: int


def matmul(reading: Reading, operation: Operation, _flow: Carried) -> Carried | None:
    """Return a product of matrices, or of stacks of them."""
    one, other = (reading.values.get(tensor) for tensor in operation.inputs)
    ranks = [
        len(each.view) if isinstance(each, Carried) else len(each.dims or ()) if each else 0
        for each in (one, other)
    ]
    if min(ranks) < 1 or max(ranks) > len(_LETTERS) - 3:
        return None
    stack = _LETTERS[: max(ranks) - 2]
    first = (stack + "yz")[-ranks[0] :] if ranks[0] > 1 else "z"
    second = (stack + "zx")[-ranks[1] :] if ranks[1] > 1 else "z"
    out = stack + ("y" if ranks[0] > 1 else "") + ("x" if ranks[1] > 1 else "")
    return _multiplied(reading, operation, first, second, out)


def einsum(reading: Reading, operation: Operation, _flow: Carried) -> Carried | None:
    """Return an Einsum of two tensors, or of one whose letters only change their order."""
    text = str(operation.attributes.get("equation", "")).replace(" ", "").lower()
    given, arrow, out = text.partition("->")
    terms = given.split(",")
    if "." in text or len(terms) != len(operation.inputs):
        return None
    if not arrow:
        out = "".join(sorted(each for each in set(given) - {","} if given.count(each) == 1))
    if any(len(set(each)) < len(each) for each in (*terms, out)) or set(out) - set(given):
        return None
    if len(terms) == 1 and set(out) == set(given):
        flow = reading.values.get(operation.inputs[0])
        if isinstance(flow, Carried):
            view = tuple(flow.view[given.index(each)] for each in out)
            return reading.recognise_reshape(operation, Carried(flow.node, view))
    if len(terms) != _PAIR:
        return None
    return _multiplied(reading, operation, terms[0], terms[1], out)


def _multiplied(
    reading: Reading, operation: Operation, first: str, second: str, out: str
) -> Carried | None:
    one, other = (reading.values.get(tensor) for tensor in operation.inputs)
    if isinstance(one, Carried) and isinstance(other, Carried):
        return _of_two(reading, operation, (one, first), (other, second), out)
    if isinstance(one, Carried) and isinstance(other, Constant):
        return _mixed(reading, operation, (one, first), (other, second), out, 1)
    if isinstance(one, Constant) and isinstance(other, Carried):
        return _mixed(reading, operation, (other, second), (one, first), out, 0)
    return None


# ---------------------------------------------------------------- by weights


def _mixed(
    reading: Reading,
    operation: Operation,
    given: tuple[Carried, str],
    weights: tuple[Constant, str],
    out: str,
    place: int,
) -> Carried | None:
    """Return a flow times weights: a layer that mixes what is summed over, at each place."""
    (flow, letters), (constant, names) = given, weights
    dims = constant.dims
    if dims is None or len(dims) != len(names) or len(letters) != len(flow.view):
        return None
    size = dict(zip(letters, views.sizes(flow.view), strict=True))
    of = {name: n for name, n in zip(names, dims, strict=True) if n > 1 or name not in size}
    stack = [name for name in of if name in size and name in out]
    summed = [name for name in of if name in size and name not in out]
    new = [name for name in of if name not in size]
    if any(of[name] != size[name] for name in (*stack, *summed)) or set(new) - set(out):
        return None
    if set(letters) - set(out) - set(summed) - {name for name in size if size[name] == 1}:
        return None
    kept = [name for name in letters if name not in stack and name not in summed]
    parts = {name: flow.view[at] for at, name in enumerate(letters)}
    mixed = tuple(part for name in (*stack, *summed) for part in parts[name])
    channels = prod(of[name] for name in (*stack, *summed))
    turned = Carried(flow.node, (*(parts[name] for name in kept), mixed))
    if turned.view[-1] != whole(CHANNELS, reading.volume(flow)[-1]):
        turned = reading.laid_out(operation, turned, -1)
    volume = reading.volume(turned)
    if volume[-1] != channels:
        return None
    groups, filters = prod(of[name] for name in stack), prod(of[name] for name in (*stack, *new))
    layer = make("fc", units=filters, nobias=True)
    if len(volume) > 1 or groups > 1:
        layer = make("conv", filters=filters, kernel=(1,), groups=groups, nobias=True)
    if len(volume) == 1 < groups:
        return None
    made = reading.behind(turned, layer, operation, weights=operation.inputs[place])
    steps = {}
    left = filters
    for name in (*stack, *new):
        left //= of[name]
        steps[name] = ((CHANNELS, left, of[name]),) if of[name] > 1 else ()
    after = dict(zip(kept, turned.view[:-1], strict=True)) | steps
    return reading.recognise_reshape(
        operation, Carried(made.node, tuple(after.get(name, ()) for name in out))
    )


# ---------------------------------------------------------------- by one another


def _of_two(
    reading: Reading,
    operation: Operation,
    first: tuple[Carried, str],
    second: tuple[Carried, str],
    out: str,
) -> Carried | None:
    """Return a product of two flows: it learns nothing, and what it costs is told."""
    (one, letters), (other, names) = first, second
    if len(letters) != len(one.view) or len(names) != len(other.view):
        return None
    mine = dict(zip(letters, one.view, strict=True))
    theirs = dict(zip(names, other.view, strict=True))
    sizes = [{name: prod(p[2] for p in each[name]) for name in each} for each in (mine, theirs)]
    size = {name: max(each.get(name, 1) for each in sizes) for name in (*letters, *names)}
    if any(each[name] not in (1, size[name]) for each in sizes for name in each):
        return None
    alone = [name for name in out if name in theirs and sizes[0].get(name, 1) == 1]
    deep = any(part[0] == CHANNELS for name in alone for part in theirs[name])
    dims = [_joined(mine.get(name, ()), theirs.get(name, ()), from_other=deep) for name in out]
    volume, view = views.packed(dims, (int(deep), CHANNELS))
    macs = prod(size.values())
    sources = list(dict.fromkeys((one.node, other.node)))
    title = reading.title(operation)
    node = reading.graph.opaque(operation.kind, sources, volume, title, 0, macs)
    stacks = prod(size[name] for name in size if name in letters and name in names and name in out)
    summed = prod(size[name] for name in size if name not in out)
    reading.products[node] = Product(one, other, macs, stacks, summed)
    return Carried(node, view)


def _joined(
    mine: Sequence[Part], theirs: Sequence[Part], *, from_other: bool
) -> list[tuple[Hashable, int, int]]:
    """Return the parts of a dimension of a product, each by the flow that it comes from."""
    alike = [part[2] for part in mine] == [part[2] for part in theirs]
    if not alike:
        chosen = [(0, part) for part in mine] or [(1, part) for part in theirs]
    else:
        chosen = [
            (1, b) if from_other and b[0] == CHANNELS else (0, a)
            for a, b in zip(mine, theirs, strict=True)
        ]
    return [((flow, axis), step, size) for flow, (axis, step, size) in chosen]


def attention(reading: Reading, operation: Operation, _flow: Carried) -> list[Value] | None:
    """Return what ONNX's Attention makes of queries, keys and values that are projected before."""
    flows = [reading.values.get(tensor) for tensor in operation.inputs[:3]]
    counts = [operation.attributes.get(name) for name in ("q_num_heads", *["kv_num_heads"] * 2)]
    split: list[Carried] = []
    flat = False
    for flow, heads in zip(flows, counts, strict=True):
        if not isinstance(flow, Carried):
            return None
        view = flow.view
        if flat := len(view) == _SEQUENCE:
            batch, length, channels = views.sizes(view)
            found = heads and views.reshaped(view, (batch, length, heads, channels // heads))
            if not found:
                return None
            view = (found[0], found[2], found[1], found[3])
        split.append(Carried(flow.node, view))
    if len({views.sizes(flow.view)[1] for flow in split}) > 1:
        return None
    query, key, value = split
    scores = _of_two(reading, operation, (query, "abyz"), (key, "abxz"), "abyx")
    weighed = scores and reading.behind(scores, make("softmax"), operation)
    made = weighed and _of_two(reading, operation, (weighed, "abyx"), (value, "abxz"), "abyz")
    if made is None or not flat:
        return made and [made]
    first, heads, places, each = made.view
    merged = (first, places, views.merged((*heads, *each)))
    return [Carried(made.node, merged)]


_SEQUENCE = 3
