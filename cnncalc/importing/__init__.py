"""What people have, to notation: ONNX, Keras' JSON, printed models. Nothing is run.

sources.py     where a text comes from: a file, standard input, the command line
files.py       which reader reads a file or a text
onnx.py        an ONNX file as a graph
protobuf.py    its wire format
pages.py       the bytes of a file, a page at a time
constants.py   what it computes from constants
labels.py      what a file calls things, as labels
layers.py      layers of ours as readers make them
reading.py     what an ONNX graph's tensors are as it is read
quantized.py   quantized operators as plain ones
recurrent.py   LSTM, GRU and RNN
windows.py     convolutions and pools
operators.py   the one table of ONNX operators
moves.py       operators that move values about
unread.py      what stands for what is no layer
patterns.py    several nodes that are one layer
views.py       reshapes that are flatten or shuffle
translation.py the graph as layers
keras.py       Keras' JSON
keras_calls.py the calls of layers in it
prints.py      the text of a printed PyTorch model as modules
modules.py     printed modules by the one table
pytorch.py     printed modules as layers in their order
summaries.py   tables that summary() prints
lines.py       what the lines of a print hold, whatever their order
refusals.py    what is wrong with a file
nesting.py     a graph's nodes as a tree: joins, labels and references
graph.py       layers and where their outputs go
"""
