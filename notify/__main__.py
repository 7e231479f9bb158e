"""Where the program begins and ends: ``notify``, and ``python -m notify``."""

from __future__ import annotations

import atexit
import gc
import os
import sys


def main() -> None:
    """Run notify."""
    # hardly any circles come up, and to look for them among all that is loaded takes a twentieth of a start
    gc.set_threshold(100_000)
    end = SystemExit()
    # what is registered first is called last: all threads have ended by then, and nothing else is left to be done
    atexit.register(_leave, end)
    from notify.cli import main as run

    try:
        run()
    except SystemExit as raised:
        end.code = raised.code
        raise


def _leave(end: SystemExit) -> None:
    """End the process here: the interpreter would take apart all that is loaded, which takes a twentieth of a run."""
    if not isinstance(end.code, int):
        return
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except (OSError, ValueError):
        # nobody reads it any more, or it is closed: what becomes of that is for the interpreter to say
        return
    os._exit(end.code)


if __name__ == "__main__":
    main()
