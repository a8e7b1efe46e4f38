"""TensorFlow Lite's .tflite, in ONNX's operators.

file.py      the file: its tensors, its operators and their options
operators.py the one table of its operators
gaps.py      convolutions with gaps, which it writes in three operators
sequences.py recurrent layers, and the look-up of words
"""
