"""Code out for PyTorch: what is its own.

writer.py       a network to the text of a module
modules.py      the one table of PyTorch's modules
convolutions.py layers that have filters
pools.py        pools
shapes.py       other sizes, other shapes
sequences.py    layers over sequences
paddings.py     paddings that modules take, and modules that pad
counterpart.py  what PyTorch has for a layer, or nothing
additions.py    modules of ours that PyTorch lacks
sequential.py   modules one after another
classes.py      classes as text
names.py        names that are not free
"""
