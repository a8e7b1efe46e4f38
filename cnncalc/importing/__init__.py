"""What people have, to notation: ONNX, Keras' JSON, prints, sources. Nothing is run.

onnx/ reads ONNX's files, keras/ Keras', prints/ what print(model) and summary() show, python/
models' sources, torch_export/ PyTorch's .pt2, tflite/ TensorFlow Lite's files, caffe/ Caffe's.

sources.py     where a text comes from: a file, standard input, the command line
standard_input.py what stands on standard input, all of it
files.py       which reader reads a file or a text
signatures.py  what a file is by its first bytes
darknet.py     Darknet's .cfg
as_onnx.py     the graph of a file of another kind, in ONNX's operators
protobuf.py    the wire format of files in protocol buffers
flatbuffers.py the wire format of FlatBuffers
zips.py        the texts in a zip
json_text.py   JSON as values
pages.py       the bytes of a file, a page at a time
labels.py      what a file calls things, as labels
layers.py      layers of ours as readers make them
ordering.py    nodes behind what they read
graph.py       layers and where their outputs go
nesting.py     a graph's nodes as a tree: joins, labels and references
remarks.py     what is to be said of a graph
refusals.py    what is wrong with a file
"""
