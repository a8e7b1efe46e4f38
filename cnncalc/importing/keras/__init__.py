"""Keras' JSON: its models, the calls of their layers, and each layer as ours.

model.py  models, nested in one another, and their calls
shapes.py the shapes that the JSON is held to before it is read
calls.py  which layer is called, and which tensors it reads
layers.py a layer as the nodes that it makes
merges.py  sums, products and the like of several inputs
norms.py  norms, of channels and of places
operations.py functions on tensors among the layers
moves.py  values in other places: axes in another order, other shapes
attention.py attentions of several inputs, or of other widths
steps.py  layers around others: at each step, in both directions, cells in a loop
products.py products of maps, and of a map by learned numbers along any axes
hdf5.py   the attribute of an .h5 file that holds the JSON
"""
