"""Code out: a network as the Python module that a person would have written."""

from cnncalc.codegen.modules import export

__all__ = ["export"]
