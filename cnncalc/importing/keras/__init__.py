"""Keras' JSON: its models, the calls of their layers, and each layer as ours.

model.py  models, nested in one another, and their calls
shapes.py the shapes that the JSON is held to before it is read
calls.py  which layer is called, and which tensors it reads
layers.py a layer as the nodes that it makes
steps.py  layers around others: at each step, in both directions, cells in a loop
products.py layers that multiply maps by one another
hdf5.py   the attribute of an .h5 file that holds the JSON
"""
