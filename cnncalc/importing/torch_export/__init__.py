"""PyTorch's .pt2, which torch.export saves, in ONNX's operators.

entries.py   what is kept of the objects in its JSON
program.py   the program: its parameters, its nodes and their arguments
nodes.py     a node, and what is known of its tensors
operators.py the one table of PyTorch's operators
windows.py   convolutions and pools
moves.py     those that move values about
recurrent.py LSTM, GRU and RNN, and their cells
"""
