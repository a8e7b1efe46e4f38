"""Keras' and TensorFlow's functions on tensors, as a model has them among its layers.

They learn nothing. Those that keep the shape are passed over; those that move or sum up values are
free under ONNX's names; products are joins.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.importing.as_onnx import EACH_VALUE, REDUCTIONS, as_kind, pairs
from cnncalc.importing.keras.merges import EXACT, MERGES
from cnncalc.importing.keras.moves import joined, permuted, reshaped
from cnncalc.importing.keras.products import einsum, matmul
from cnncalc.importing.layers import channels_from, each_axis, make, side
from cnncalc.importing.onnx.rearrangements import resolved
from cnncalc.speech.budget import BUDGET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.importing.graph import Graph
    from cnncalc.importing.keras.calls import LayerCall
    from cnncalc.kinds.volumes import Volume

_TENSORFLOW = pairs(
    """
    reduce_mean=Mean mean=Mean reduce_max=Max amax=Max reduce_sum=Sum reduce_min=Min
    reduce_prod=Prod concat=Concatenate truediv=TrueDivide sub=Subtract mul=Multiply
    getitem=GetItem batch_matmul=Matmul
    """
)
"""Functions of TensorFlow, and Keras' of other names; others go by their words: expand_dims."""

_ADDED = MERGES | pairs(
    "LogAddExp=add Divide=mul TrueDivide=mul FloorDivide=mul Power=mul Mod=mul Where=mul"
)
"""Functions of two tensors, value by value, and the join that stands for each."""

_SUMS = {as_kind(word): kind for word, kind in REDUCTIONS.items()} | pairs(
    """
    Amax=ReduceMax Amin=ReduceMin Logsumexp=ReduceLogSumExp Norm=ReduceL2 Std=ReduceL2
    Var=ReduceSumSquare Argmax=ArgMax Argmin=ArgMin All=ReduceMin Any=ReduceMax
    """
)
_FREE = pairs(
    """
    GetItem=Slice Stack=Concat Repeat=Tile Tile=Tile Split=Split BroadcastTo=Expand Take=Gather
    TakeAlongAxis=GatherElements Pad=Pad Unstack=Split OneHot=OneHot TopK=TopK Resize=Resize
    Slice=Slice Concatenate=Concat AffineTransform=GridSample ExtractPatches=Col2Im
    SegmentSum=ScatterND SpaceToBatch=SpaceToDepth DepthToSpace=DepthToSpace
    SpaceToDepth=SpaceToDepth MultiHot=OneHot Gather=Gather StridedSlice=Slice Roll=Gather
    Flip=Gather Diff=Slice Tril=Where Triu=Where CropImages=Slice
    """
)
"""Functions that move values or sum them up, and what they are called where they are free."""


def operation_of(entry: dict[str, Any]) -> str:
    """Return the function that an entry is, by Keras' name for it; '' for a layer."""
    config = entry.get("config")
    if entry.get("class_name") in ("TFOpLambda", "SlicingOpLambda") and isinstance(config, dict):
        word = str(config.get("function")).rpartition(".")[2]
        return _TENSORFLOW.get(word) or as_kind(word)
    module = str(entry.get("module"))
    return str(entry.get("class_name")) if module.startswith(("keras.src.ops", "keras.ops")) else ""


class KerasFunction:
    """A function on tensors: its arguments, what it reads, and what its file says it puts out."""

    def __init__(
        self,
        graph: Graph,
        call: LayerCall,
        told: Sequence[Volume | None],
        is_told_alone: bool,  # its axes are not those of the graph
    ) -> None:
        self.graph = graph
        self.kind, self.config, self.nodes, self.name, *_more = call
        self.told = told
        self.is_told_alone = is_told_alone
        self.volume = graph.volume(self.nodes[0])
        self.rank = len(self.volume)

    def outputs(self) -> list[int | None] | None:
        """Return what it puts out; None where its shape is not known."""
        graph, kind, nodes = self.graph, self.kind, self.nodes
        if len(nodes) > 1 and kind in _ADDED:
            made = joined(graph, _ADDED[kind], nodes, self.name)
            if made is not None and kind not in EXACT:
                graph.tell_stand_in(kind, made)
            return [made]
        if kind in ("Matmul", "Dot") and len(nodes) > 1:
            return [matmul(graph, nodes, self.name)]
        if kind == "Einsum":
            equation = self.config.get("subscripts", self.config.get("equation"))
            return [einsum(graph, str(equation), nodes, self.name)]
        if len(nodes) == 1 and not (self.is_told_alone and self.rank > 1):
            found = self._sums() if kind in _SUMS else self._moves()
            if found is not None:
                return found
        if len(self.told) > 1 or kind in ("Split", "Unstack"):
            return [None if each is None else self._free(each) for each in self.told]
        if self.told and self.told[0] is not None:
            if kind in _FREE or kind in _SUMS:
                return [self._free(self.told[0])]
            if len(nodes) == 1 and self.told[0] == self.volume:
                return [graph.skip_as_identity(nodes[0], kind, self.name)]
            return None
        if len(nodes) == 1 and kind in _EACH_VALUE:
            return [graph.skip_as_identity(nodes[0], kind, self.name)]
        return None

    def _free(self, volume: Volume) -> int:
        kind = _SUMS.get(self.kind) or _FREE.get(self.kind, self.kind)
        return self.graph.opaque(kind, self.nodes, volume, self.name, 0)

    def _axes(self, names: Sequence[str], rank: int) -> list[int] | None:
        """Return axes that are given, counted from the first behind the batch."""
        found = next((self.config[name] for name in names if self.config.get(name) is not None), ())
        axes = [found] if isinstance(found, int) else found
        if not isinstance(axes, list | tuple) or any(type(axis) is not int for axis in axes):
            return None
        places = [axis % rank - 1 for axis in axes]
        return None if min(places, default=0) < 0 else places

    def _sums(self) -> list[int | None] | None:
        """Return a mean, a largest ... along axes: a pool of the whole map where it is one."""
        graph, axes = self.graph, self._axes(("axis", "dim"), self.rank + 1)
        if not axes:
            return None
        keeps = bool(self.config.get("keepdims"))
        pools = {"Mean": "gap", "Max": "gmp"}
        if self.kind in pools and set(axes) == {*range(self.rank - 1)}:
            node = graph.layer(make(pools[self.kind]), self.nodes[0], self.name)
            return [node if keeps else graph.layer(make("flatten"), node)]
        if self.kind in pools and axes == [self.rank - 1] and self.rank > 1:
            kind = {"Mean": "channelmean", "Max": "channelmax"}[self.kind]
            node = graph.layer(make(kind), self.nodes[0], self.name)
            return [node if keeps else reshaped(graph, node, self.volume[:-1])]
        kept = (1 if axis in axes else n for axis, n in enumerate(self.volume))
        left = (n for axis, n in enumerate(self.volume) if axis not in axes)
        return [self._free(tuple(kept) if keeps else tuple(left) or (1,))]

    def _moves(self) -> list[int | None] | None:
        """Return the values in other places; None for what is not worked out here."""
        graph, (node,), config, kind = self.graph, self.nodes, self.config, self.kind
        if kind == "Transpose":
            order = config.get("axes", config.get("perm"))
            if (
                isinstance(order, list)
                and all(type(axis) is int for axis in order)
                and sorted(order) == [*range(self.rank + 1)]
                and not order[0]
            ):
                return [permuted(graph, node, [axis - 1 for axis in order[1:]], self.name)]
        if kind == "Reshape":
            wanted = config.get("newshape", config.get("shape"))
            if isinstance(wanted, list) and wanted and all(type(n) is int for n in wanted):
                sizes = resolved(wanted[1:], (), prod(self.volume))
                return None if sizes is None else [reshaped(graph, node, sizes)]
        if kind == "ExpandDims":
            axes = self._axes(("axis",), self.rank + 2)
            if axes and len(axes) == 1:
                sizes = (*self.volume[: axes[0]], 1, *self.volume[axes[0] :])
                return [reshaped(graph, node, sizes)]
        if kind == "Squeeze":
            axes = self._axes(("axis",), self.rank + 1)
            if axes and all(self.volume[axis] == 1 for axis in axes):
                left = [n for axis, n in enumerate(self.volume) if axis not in axes]
                return [reshaped(graph, node, left or (1,))]
        if kind == "Pad":
            return self._padded()
        if kind == "Split":
            return self._split()
        return self._picked() if kind == "GetItem" else None

    def _picked(self) -> list[int | None] | None:
        """Return some of the values along each axis: [:, ::2, 1:5]; one of them has no axis."""
        wanted = self.config.get("args", [None])[:1] or [None]
        items = self.config.get("slice_spec", wanted[0])
        items = items if isinstance(items, list) else [items]
        sizes = [*self.volume]
        ranges: list[range | None] = []
        if len(items) > len(sizes) + 1 or not items or _range_of(items[0], 1) != range(1):
            return None
        for axis, item in enumerate(items[1:]):
            if type(item) is int and -sizes[axis] <= item < sizes[axis]:
                ranges.append(None)
            elif (found := _range_of(item, sizes[axis])) is not None and len(found):
                ranges.append(found)
            else:
                return None
        whole = [
            size if at >= len(ranges) else len(found) if (found := ranges[at]) else 0
            for at, size in enumerate(sizes)
        ]
        left = [size for size in whole if size]
        last = ranges[-1] if len(ranges) == len(sizes) else None
        if last and last.step == 1 and whole[:-1] == sizes[:-1]:
            layer = channels_from(last.start, last.stop)
            return [self.graph.layer(layer, self.nodes[0], self.name)]
        return [self._free(tuple(left) or (1,))]

    def _padded(self) -> list[int | None] | None:
        sides = self.config.get("pad_width", self.config.get("paddings"))
        if not isinstance(sides, list) or len(sides) != self.rank + 1 or self.rank < 2:
            return None
        pairs = [tuple(each) for each in sides if isinstance(each, list) and len(each) == 2]
        plain = all(type(n) is int and n >= 0 for pair in pairs for n in pair)
        if len(pairs) != len(sides) or not plain or any(pairs[0] + pairs[-1]):
            return None
        around = each_axis(side(*pair) for pair in pairs[1:-1])
        return [self.graph.layer(make("pad", size=around), self.nodes[0], self.name)]

    def _split(self) -> list[int | None] | None:
        """Return parts of the channels."""
        axes = self._axes(("axis",), self.rank + 1)
        parts = self.config.get("indices_or_sections", self.config.get("num_or_size_splits"))
        channels = self.volume[-1]
        if axes != [self.rank - 1]:
            return None
        if type(parts) is int and 0 < parts <= channels and channels % parts == 0:
            ends = [channels // parts * n for n in range(1, parts + 1)]
        elif isinstance(parts, list) and "indices_or_sections" in self.config:
            ends = [*parts, channels]
        elif isinstance(parts, list):
            ends = [sum(parts[: n + 1]) for n in range(len(parts)) if type(parts[n]) is int]
        else:
            return None
        begins = [0, *ends[:-1]]
        if any(type(n) is not int for n in ends) or len(ends) > BUDGET.slices:
            return None
        if any(not 0 <= a < b <= channels for a, b in zip(begins, ends, strict=True)):
            return None
        slices = map(channels_from, begins, ends)
        return [self.graph.layer(each, self.nodes[0], self.name) for each in slices]


def _range_of(item: Any, size: int) -> range | None:
    """Return which places of an axis a slice is, as it is written in a file."""
    config = item.get("config", item) if isinstance(item, dict) else None
    if not isinstance(config, dict):
        return None
    ends = [config.get(name) for name in ("start", "stop", "step")]
    if any(end is not None and type(end) is not int for end in ends) or ends[2] == 0:
        return None
    return range(size)[slice(*ends)]


_EACH_VALUE = {
    *EACH_VALUE.values(),
    *"""
    Add Cast Clip ClipByValue Divide Dropout Expm1 Identity L2Normalize Log1p Maximum Minimum
    Multiply Negative Normalize Pow Power Rsqrt Square StopGradient Subtract TrueDivide
    """.split(),
}
"""Functions of one tensor that keep its shape, whatever else they are given."""
