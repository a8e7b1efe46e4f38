"""`python -m cnncalc`, and the command `cnncalc`."""

from __future__ import annotations

import gc
import sys

TYPE_CHECKING = False  # typing takes longer than all the rest
if TYPE_CHECKING:
    from signal import SIG_DFL, SIGINT, default_int_handler, getsignal, signal
    from typing import NoReturn
else:
    from _signal import SIG_DFL, SIGINT, default_int_handler, getsignal, signal


def main() -> NoReturn:
    """Run the command line; while it is imported, and once it is done, Ctrl-C ends it at once."""
    is_ours = getsignal(SIGINT) is default_int_handler  # and not passed over, as by nohup
    if is_ours:
        signal(SIGINT, SIG_DFL)
    from cnncalc import cli

    try:
        if is_ours:
            signal(SIGINT, default_int_handler)
        cli.main()
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        if is_ours:
            signal(SIGINT, SIG_DFL)
        gc.freeze()  # Python would look through all there is on the way out


if __name__ == "__main__":
    main()
