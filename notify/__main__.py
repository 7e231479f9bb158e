"""Where the program begins: ``notify``, and ``python -m notify``."""

from __future__ import annotations

import gc


def main() -> None:
    """Run notify."""
    # hardly any circles come up, and to look for them among all that is loaded takes a twentieth of a start
    gc.set_threshold(100_000)
    from notify.cli import main as run

    run()


if __name__ == "__main__":
    main()
