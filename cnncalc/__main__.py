"""`python -m cnncalc`, and the command `cnncalc`."""

from __future__ import annotations

import gc
import os
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
    try:
        from cnncalc import cli

        if is_ours:
            signal(SIGINT, default_int_handler)
        cli.main()
    except KeyboardInterrupt:
        sys.exit(130)
    except ModuleNotFoundError as error:  # click
        sys.exit(_without(error))
    except MemoryError:
        os.write(2, b"error[not-enough-memory]: this takes more memory than there is\n")
        sys.exit(1)
    finally:
        if is_ours:
            signal(SIGINT, SIG_DFL)
        gc.freeze()  # Python would look through all there is on the way out


def _without(error: ModuleNotFoundError) -> int:
    """Tell what Python lacks, and return the status."""
    from cnncalc.speech import language
    from cnncalc.speech.system import not_installed

    language.use(language.from_locale())
    problem = not_installed(error)
    sys.stderr.write(f"{problem.draw()}\n")
    return problem.status


if __name__ == "__main__":
    main()
