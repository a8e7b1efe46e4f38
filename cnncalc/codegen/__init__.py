"""Code out: a network as the Python module that a person would have written.

writer.py     a network to the text of a module
forward.py    the forward pass
classes.py    the classes for what PyTorch lacks
structure.py  which parts of the tree are written once and called
flow.py       the volumes on the way, with parameters
numbers.py    expressions as Python writes them
pieces.py     pieces of code that are joined into lines
pytorch.py    the one table of PyTorch's modules
additions.py  modules of ours that PyTorch lacks
layout.py     lines, as a formatter would break them
"""
