"""Keras' layers that merge several inputs, value by value."""

from __future__ import annotations

MERGES = {
    **dict.fromkeys(("Add", "Subtract", "Average"), "add"),
    **dict.fromkeys(("Maximum", "Minimum"), "max"),
    "Multiply": "mul",
}
"""Each of them, and the join that stands for it."""

EXACT = ("Add", "Maximum", "Multiply")
"""Those that are this join."""
