"""Products of ONNX: a tensor times weights mixes its channels; one times another is an attention's.

Dimensions go by letters, as in Einsum: those that both have and the output too are a stack of
products, those that the output lacks are summed over.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from cnncalc.importing.layers import make
from cnncalc.importing.onnx import views
from cnncalc.importing.onnx.learned import is_spread
from cnncalc.importing.onnx.model import Constant
from cnncalc.importing.onnx.reading import Carried, OnnxProduct
from cnncalc.importing.onnx.views import CHANNELS, whole

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from cnncalc.importing.onnx.reading import OnnxOperator, Value
    from cnncalc.importing.onnx.views import Part

_LETTERS = "abcdefghijklmnopqrstuvwxyz"

_PAIR = 2


def matmul(op: OnnxOperator, _flow: Carried) -> Carried | None:
    """Return a product of matrices, or of stacks of them."""
    one, other = op.reads()
    ranks = _ranks((one, other))
    if min(ranks) < 1 or max(ranks) > len(_LETTERS) - 3:
        return None
    stack = _LETTERS[: max(ranks) - 2]
    first = (stack + "yz")[-ranks[0] :] if ranks[0] > 1 else "z"
    second = (stack + "zx")[-ranks[1] :] if ranks[1] > 1 else "z"
    out = stack + ("y" if ranks[0] > 1 else "") + ("x" if ranks[1] > 1 else "")
    return multiplied(op, (one, other), (first, second), out)


def einsum(op: OnnxOperator, _flow: Carried) -> Carried | None:
    """Return an Einsum of two tensors, or of one whose letters only change their order."""
    given = op.reads()
    found = lettered(str(op.get("equation", "")), _ranks(given))
    if found is None or any(len(set(each)) < len(each) for each in (*found[0], found[1])):
        return None
    terms, out = found
    if set(out) - set("".join(terms)):
        return None
    if len(terms) == 1 and set(out) == set(terms[0]) and isinstance(given[0], Carried):
        view = tuple(given[0].view[terms[0].index(each)] for each in out)
        return op.recognise_reshape(Carried(given[0].node, view))
    while len(terms) > _PAIR:  # two by two, from what comes in on
        first = next((at for at, each in enumerate(given) if isinstance(each, Carried)), 0)
        second = 0 if first else 1
        pair, names = [given[first], given[second]], [terms[first], terms[second]]
        rest = [at for at in range(len(terms)) if at not in (first, second)]
        left = {*out, *(letter for at in rest for letter in terms[at])}
        kept = "".join(letter for letter in dict.fromkeys(names[0] + names[1]) if letter in left)
        made = multiplied(op, pair, names, kept)
        given = [made, *(given[at] for at in rest)]
        terms = [kept, *(terms[at] for at in rest)]
    return multiplied(op, given, terms, out) if len(terms) == _PAIR else None


def _ranks(given: Sequence[Value]) -> list[int]:
    """Return how many dimensions tensors have; 0 where that is not known."""
    return [
        len(each.view) if isinstance(each, Carried) else len((each and each.dims) or ())
        for each in given
    ]


def lettered(equation: str, ranks: Sequence[int]) -> tuple[list[str], str] | None:
    """Return the letters of an equation's terms, and of what it makes; dots are digits.

    >>> lettered("...ij,jk", [4, 2])
    (['01ij', 'jk'], '01ik')
    """
    text, arrow, out = equation.replace(" ", "").partition("->")
    terms = text.split(",")
    more = [rank - len(term.replace("...", "")) for term, rank in zip(terms, ranks, strict=False)]
    if len(terms) != len(ranks) or not 0 <= min(more) <= max(more) <= _DIGITS:
        return None
    if not arrow:
        once = sorted(each for each in set(text) - {",", "."} if text.count(each) == 1)
        out = "".join(("..." if "..." in text else "", *once))
    digits = "0123456789"[: max(more)]
    found = [
        term.replace("...", digits[len(digits) - count :])
        for term, count in zip(terms, more, strict=True)
    ]
    whole = all(len(term) == rank for term, rank in zip(found, ranks, strict=True))
    return (found, out.replace("...", digits)) if whole else None


_DIGITS = 10


def multiplied(
    op: OnnxOperator, given: Sequence[Value], terms: Sequence[str], out: str
) -> Carried | None:
    """Return a product of two tensors, of which one may be stored."""
    (one, other), (first, second) = given, terms
    if isinstance(one, Carried) and isinstance(other, Carried):
        return _of_two(op, (one, first), (other, second), out)
    if isinstance(one, Carried) and isinstance(other, Constant):
        return _mixed(op, (one, first), (other, second), out)
    if isinstance(one, Constant) and isinstance(other, Carried):
        return _mixed(op, (other, second), (one, first), out)
    return None


# ---------------------------------------------------------------- by weights


def _mixed(
    op: OnnxOperator, given: tuple[Carried, str], weights: tuple[Constant, str], out: str
) -> Carried | None:
    """Return a flow times weights: a layer that mixes what is summed over, at each place."""
    (flow, letters), (constant, names) = given, weights
    dims = constant.dims
    if dims is None or len(dims) != len(names) or len(letters) != len(flow.view):
        return None
    size = dict(zip(letters, views.sizes(flow.view), strict=True))
    of = {name: n for name, n in zip(names, dims, strict=True) if n > 1 or name not in size}
    stack = [name for name in of if size.get(name, 1) > 1 and name in out]
    summed = [name for name in of if name in size and name not in out]
    new = [name for name in of if name not in summed and name not in stack]
    if any(of[name] != size[name] for name in (*stack, *summed)) or set(new) - set(out):
        return None
    if set(letters) - set(out) - set(summed) - {name for name in size if size[name] == 1}:
        return None
    kept = [name for name in letters if name not in stack and name not in summed]
    parts = {name: flow.view[at] for at, name in enumerate(letters)}
    mixed = tuple(part for name in (*stack, *summed) for part in parts[name])
    channels = prod(of[name] for name in (*stack, *summed))
    turned = Carried(flow.node, (*(parts[name] for name in kept), mixed))
    if turned.view[-1] != whole(CHANNELS, op.volume(flow)[-1]):
        turned = op.laid_out(turned, -1)
    tensors = [each for each in op.inputs if op.values.get(each) is constant]
    turned = in_axes_of(op, turned, "".join(tensors[:1]))
    volume = op.volume(turned)
    if volume[-1] != channels:
        return None
    groups, filters = prod(of[name] for name in stack), prod(of[name] for name in (*stack, *new))
    layer = make("fc", units=filters, nobias=True)
    if len(volume) > 1 or groups > 1:
        layer = make("conv", filters=filters, kernel=(1,), groups=groups, nobias=True)
    if len(volume) == 1 < groups:
        return None
    learned = sum(sum(op.reading.stored(each).values()) for each in tensors[:1])
    if learned < (constant.size or 0) and any(is_spread(op.reading, each) for each in tensors[:1]):
        out_volume = (*volume[:-1], filters)  # its numbers stand in several places of the weights
        macs = prod(out_volume) * (channels // groups)
        made = op.opaque(op.kind, [turned.node], out_volume, turned.view, learned, macs)
    else:
        made = op.behind(turned, layer, weights="".join(tensors[:1]))
    steps = {}
    left = filters
    for name in (*stack, *new):
        left //= of[name]
        steps[name] = ((CHANNELS, left, of[name]),) if of[name] > 1 else ()
    after = dict(zip(kept, turned.view[:-1], strict=True)) | steps
    return op.recognise_reshape(Carried(made.node, tuple(after.get(name, ()) for name in out)))


def in_axes_of(op: OnnxOperator, flow: Carried, weights: str) -> Carried:
    """Return a flow in as many axes as what the same weights have read before, if on maps.

    Its places stand in a row on the first axis: what mixes channels is one layer at both.
    """
    rank, volume = op.graph.ranks.get(op.served_by(weights), 0), op.volume(flow)
    if rank < 2 or rank == len(volume):
        return flow
    steps = [prod(volume[axis + 1 : -1]) for axis in range(len(volume) - 1)]
    view = tuple(
        tuple(
            part if part[0] == CHANNELS else (0, part[1] * steps[part[0]], part[2])
            for part in parts
        )
        for parts in flow.view
    )
    row = (prod(volume[:-1]), *(1,) * (rank - 2), volume[-1])
    return op.behind(flow, make("reshape", volume=row), view)


# ---------------------------------------------------------------- by one another


def _of_two(
    op: OnnxOperator, first: tuple[Carried, str], second: tuple[Carried, str], out: str
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
    macs = prod(size.values())
    made = _as_matrices(op, first, second, out)
    if made is None:
        volume, view = views.packed(dims, (int(deep), CHANNELS))
        sources = list(dict.fromkeys((one.node, other.node)))
        made = op.opaque(op.kind, sources, volume, view, 0, macs)
    held = [part for dim in dims for part in dim if part[0] == (int(deep), CHANNELS)]
    summed = prod(size[name] for name in size if name not in out)
    heads = prod(part[2] for part in held)
    op.reading.products[made.node] = OnnxProduct(one, other, macs, summed, heads)
    return made


def _as_matrices(
    op: OnnxOperator, first: tuple[Carried, str], second: tuple[Carried, str], out: str
) -> Carried | None:
    """Return a product of two flows as one of stacks of matrices; None where it is none.

    Each is laid out as its stack, what is its own and what is summed over, the one or the other
    last: so that as few as can be are turned, which no layer of ours does.
    """
    flows = [first[0], second[0]]
    parts = [dict(zip(names, flow.view, strict=True)) for flow, names in (first, second)]
    sizes = [{name: prod(p[2] for p in each[name]) for name in each} for each in parts]
    both = [name for name in parts[0] if name in parts[1]]
    wide = {name: max(each[name] for each in sizes) for name in both}
    stack = [name for name in both if name in out and wide[name] > 1]
    summed = [name for name in both if name not in out]
    own = [[name for name in each if name not in both] for each in parts]
    if any(sizes[0][name] != sizes[1][name] for name in summed) or set(own[0] + own[1]) - set(out):
        return None

    def matrix(at: int, last: Sequence[str], other: Sequence[str]) -> Carried:
        """Return a flow as a stack of matrices whose columns are dimensions of it."""
        each = parts[at]
        two = (tuple(part for name in names for part in each[name]) for names in (other, last))
        return Carried(flows[at].node, ((), *(each[name] for name in stack), *two))

    def turns(flow: Carried) -> bool:
        """Return whether a flow's values would stand in another order."""
        return not views.laid_out(flow.view, op.volume(flow), -1)[2]

    plans = []
    for at in (0, 1):
        one, theirs = matrix(at, summed, own[at]), own[1 - at]
        plans += [
            (one, matrix(1 - at, theirs, summed), False, at),
            (one, matrix(1 - at, summed, theirs), True, at),
        ]
    plans.sort(key=lambda plan: 2 * (turns(plan[0]) + turns(plan[1])) + plan[2])
    one, other, is_turned, at = plans[0]
    one, other = (op.laid_out(each, -1) for each in (one, other))
    if is_turned:
        other = op.behind(other, make("transpose"))
    node = op.graph.join("product", [one.node, other.node], op.title)
    if node is None:
        return None
    volume = op.graph.volume(node)
    size = {**sizes[0], **sizes[1]}
    view = {name: whole(axis, wide[name]) for axis, name in enumerate(stack)}
    for axis, names in ((len(stack), own[at]), (CHANNELS, own[1 - at])):
        step = volume[axis]
        for name in names:
            step //= size[name]
            view[name] = ((axis, step, size[name]),) if size[name] > 1 else ()
    return Carried(node, tuple(view.get(name, ()) for name in out))


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
