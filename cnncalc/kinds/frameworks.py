"""Every module of PyTorch and Keras, by its name as it is spelled there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.kinds.modules import KERAS, PYTORCH

if TYPE_CHECKING:
    from cnncalc.kinds.modules import Module


def find(name: str, framework: str = "") -> Module | None:
    """Return the module of a name as it is spelled; of PyTorch first, where both have it.

    >>> find("Conv2d").framework, find("Conv2D").framework, find("Flatten", KERAS).framework
    ('pytorch', 'keras', 'keras')
    """
    if framework in ("", PYTORCH):
        from cnncalc.kinds import pytorch

        if found := pytorch.MODULES.get(name):
            return found
    if framework in ("", KERAS):
        from cnncalc.kinds import keras

        return keras.MODULES.get(name)
    return None
