"""`python -m cnncalc`, and the command `cnncalc`."""

from __future__ import annotations

import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line; an interruption while it is being imported ends as any other."""
    try:
        from cnncalc import cli
    except KeyboardInterrupt:
        sys.exit(130)
    cli.main()


if __name__ == "__main__":
    main()
