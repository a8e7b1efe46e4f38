"""What people have, to notation: ONNX, Keras' JSON, prints, sources. Nothing is run.

onnx/ reads ONNX's files, keras/ Keras' JSON, prints/ what print(model) and summary() show, python/
models' sources.

sources.py     where a text comes from: a file, standard input, the command line
files.py       which reader reads a file or a text
darknet.py     Darknet's .cfg
caffe.py       Caffe's .prototxt
torch_export.py PyTorch's .pt2, in ONNX's operators
protobuf.py    the wire format of files in protocol buffers
pages.py       the bytes of a file, a page at a time
labels.py      what a file calls things, as labels
layers.py      layers of ours as readers make them
ordering.py    nodes behind what they read
graph.py       layers and where their outputs go
nesting.py     a graph's nodes as a tree: joins, labels and references
remarks.py     what is to be said of a graph
refusals.py    what is wrong with a file
"""
