"""ONNX: a file as a graph, what it computes from sizes, and its operators as layers.

model.py       a file as a graph: nodes, constants, inputs and outputs
functions.py   nodes, and local functions in the place of their calls
translation.py a file to notation
walk.py        the walk over its nodes
batches.py     where the batch stands, and what works along it
entries.py     what comes in
reading.py     what its tensors are as it is read
views.py       which axes of a volume a tensor's dimensions hold
constants.py   the one table of what is computed from constants
tensors.py     small tensors, their values and types
elementwise.py what works on tensors value by value
rearrangements.py what moves the values of tensors about
operators.py   the one table of operators that are layers
windows.py     convolutions and pools
moves.py       operators that move values about
parts.py       operators that take parts of a tensor
joins.py       operators of several tensors
constant_terms.py what a constant does to what it is added to or multiplied with
products.py    products by weights, and of two maps
queries.py     attention from queries, keys and values
attention.py   products and projections put together as attention
learned.py     which learned numbers an operator reads
recurrent.py   LSTM, GRU and RNN
patterns.py    several nodes that are one layer
quantized.py   quantized operators as plain ones
telling.py     what is said of a file as a whole
stand_ins.py   what stands for what is no layer
"""
