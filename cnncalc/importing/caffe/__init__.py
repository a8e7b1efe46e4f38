"""Caffe's .prototxt, to notation.

text.py    the text format of protocol buffers
network.py layers that read and make blobs by name, as a graph
layers.py  the one table of its layers
"""
