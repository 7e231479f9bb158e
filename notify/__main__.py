"""``python -m notify`` is the same as ``notify``."""

from notify.cli import main

main()
