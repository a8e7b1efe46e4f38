"""A .tflite file as a graph: its tensors, and its operators with their options.

The numbers of the fields are those of TensorFlow Lite's schema.fbs. Of small tensors of whole
numbers the values are read, for they may be sizes; weights are passed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.flatbuffers import FlatTable
from cnncalc.importing.refusals import MOST_NODES, too_many_nodes
from cnncalc.importing.tflite.nodes import TfliteFile, TfliteNode
from cnncalc.importing.tflite.operators import OPERATORS
from cnncalc.speech.language import _
from cnncalc.speech.problem import Source, Span

if TYPE_CHECKING:
    from cnncalc.importing.onnx.model import OnnxModel
    from cnncalc.importing.protobuf import Bytes

_NAMES = (
    "ADD AVERAGE_POOL_2D CONCATENATION CONV_2D DEPTHWISE_CONV_2D DEPTH_TO_SPACE DEQUANTIZE "
    "EMBEDDING_LOOKUP FLOOR FULLY_CONNECTED HASHTABLE_LOOKUP L2_NORMALIZATION L2_POOL_2D "
    "LOCAL_RESPONSE_NORMALIZATION LOGISTIC LSH_PROJECTION LSTM MAX_POOL_2D MUL RELU "
    "RELU_N1_TO_1 RELU6 RESHAPE RESIZE_BILINEAR RNN SOFTMAX SPACE_TO_DEPTH SVDF TANH "
    "CONCAT_EMBEDDINGS SKIP_GRAM CALL CUSTOM EMBEDDING_LOOKUP_SPARSE PAD "
    "UNIDIRECTIONAL_SEQUENCE_RNN GATHER BATCH_TO_SPACE_ND SPACE_TO_BATCH_ND TRANSPOSE MEAN "
    "SUB DIV SQUEEZE UNIDIRECTIONAL_SEQUENCE_LSTM STRIDED_SLICE BIDIRECTIONAL_SEQUENCE_RNN "
    "EXP TOPK_V2 SPLIT LOG_SOFTMAX DELEGATE BIDIRECTIONAL_SEQUENCE_LSTM CAST PRELU MAXIMUM "
    "ARG_MAX MINIMUM LESS NEG PADV2 GREATER GREATER_EQUAL LESS_EQUAL SELECT SLICE SIN "
    "TRANSPOSE_CONV SPARSE_TO_DENSE TILE EXPAND_DIMS EQUAL NOT_EQUAL LOG SUM SQRT RSQRT SHAPE "
    "POW ARG_MIN FAKE_QUANT REDUCE_PROD REDUCE_MAX PACK LOGICAL_OR ONE_HOT LOGICAL_AND "
    "LOGICAL_NOT UNPACK REDUCE_MIN FLOOR_DIV REDUCE_ANY SQUARE ZEROS_LIKE FILL FLOOR_MOD "
    "RANGE RESIZE_NEAREST_NEIGHBOR LEAKY_RELU SQUARED_DIFFERENCE MIRROR_PAD ABS SPLIT_V "
    "UNIQUE CEIL REVERSE_V2 ADD_N GATHER_ND COS WHERE RANK ELU REVERSE_SEQUENCE MATRIX_DIAG "
    "QUANTIZE MATRIX_SET_DIAG ROUND HARD_SWISH IF WHILE NON_MAX_SUPPRESSION_V4 "
    "NON_MAX_SUPPRESSION_V5 SCATTER_ND SELECT_V2 DENSIFY SEGMENT_SUM BATCH_MATMUL PLACEHOLDER "
    "CUMSUM CALL_ONCE BROADCAST_TO RFFT2D CONV_3D IMAG REAL COMPLEX_ABS HASHTABLE "
    "HASHTABLE_FIND HASHTABLE_IMPORT HASHTABLE_SIZE REDUCE_ALL CONV_3D_TRANSPOSE VAR_HANDLE "
    "READ_VARIABLE ASSIGN_VARIABLE BROADCAST_ARGS RANDOM_STANDARD_NORMAL BUCKETIZE "
    "RANDOM_UNIFORM MULTINOMIAL GELU "
)
_BUILTIN = dict(enumerate(_NAMES.split()))
"""The operators by their codes, as schema.fbs counts them."""

_CUSTOM = 32
_KEPT = ("DENSIFY", "DEQUANTIZE", "FAKE_QUANT", "QUANTIZE")
"""Operators that write the same tensor in another way."""


def read_model(name: str, data: Bytes) -> OnnxModel:
    """Return the graph of a .tflite, in ONNX's operators."""
    try:
        root = FlatTable.root(data, b"TFL3")
        return _OperatorReader(name, root).model()
    except (ArithmeticError, IndexError, KeyError, StopIteration, TypeError, ValueError):
        raise ValueError(_("no model of TensorFlow Lite stands in it")) from None


class _OperatorReader:
    """One walk over the operators of a file's first graph."""

    def __init__(self, name: str, root: FlatTable) -> None:
        self.name = name
        codes = [_named(each) for each in root.tables(1)]
        self.graph = next(root.tables(2))
        self.file = TfliteFile(self.graph, list(root.tables(4)))
        self.codes = codes

    def model(self) -> OnnxModel:
        """Return the graph."""
        file, model = self.file, self.file.made.model
        for index in self.graph.integers(1):
            tensor = file.names[index]
            model.inputs[tensor] = list(file.shapes[tensor])
        _start, count = self.graph.stretch(3)
        if count > MOST_NODES:
            raise too_many_nodes(Span(Source(self.name, ""), 0, 0), count)
        nodes = [self._node(each) for each in self.graph.tables(3)]
        for node in nodes:
            for tensor in filter(None, node.reads):
                file.readers.setdefault(tensor, []).append(node.kind)
        for node in nodes:
            self._add(node)
        model.outputs.extend(file.names[index] for index in self.graph.integers(2))
        used = {tensor for operation in model.operations for tensor in operation.inputs}
        for tensor in [*model.constants]:
            if tensor not in used and f"{tensor}/turned" in used:
                del model.constants[tensor]
        return model

    def _node(self, operator: FlatTable) -> TfliteNode:
        names = self.file.names
        reads, makes = (
            [names[index] if index >= 0 else "" for index in operator.integers(field)]
            for field in (1, 2)
        )
        kind = self.codes[operator.integer(0, 4)]
        title = makes[0].rpartition("#")[0].partition(";")[0] if makes else ""
        return TfliteNode(kind, reads, makes, operator.table(4), title, self.file)

    def _add(self, node: TfliteNode) -> None:
        kind, reads, makes, _options, _title, file = node
        if kind in _KEPT and reads and file.constant(reads[0]):
            file.same[makes[0]] = file.same.get(reads[0], reads[0])
        node = node._replace(reads=[file.same.get(each, each) for each in reads])
        of = OPERATORS.get(kind)
        if kind in _KEPT and makes[0] in file.same:
            return
        if of is None:
            node.add(kind)
        else:
            of(node)


def _named(code: FlatTable) -> str:
    """Return what an operator's code means; a newer field holds what is too large for the older."""
    builtin = max(code.integer(0, 1), code.integer(3, 4))
    if builtin == _CUSTOM:
        return code.text(1) or "CUSTOM"
    return _BUILTIN.get(builtin, f"operator {builtin}")
