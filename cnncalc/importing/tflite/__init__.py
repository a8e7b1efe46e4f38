"""TensorFlow Lite's .tflite, in ONNX's operators.

file.py      the file: its tensors, its operators and their options
codes.py     the codes of its operators
operators.py the one table of its operators
windows.py   convolutions, with gaps as it writes them, pools and dense layers
moves.py     what moves values about
sequences.py recurrent layers, and the look-up of words
"""
