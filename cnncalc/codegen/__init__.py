"""Code out: a network as the Python module that a person would have written."""

from cnncalc.codegen.writer import write_pytorch

__all__ = ["write_pytorch"]
