"""TensorFlow Lite's .tflite, in ONNX's operators.

file.py      the file as a graph: its operators by their codes, one after another
nodes.py     an operator with its options, and what is known of tensors
operators.py the one table of its operators
windows.py   convolutions, with gaps as it writes them, pools and dense layers
moves.py     what moves values about
sequences.py recurrent layers, and the look-up of words
"""
