"""Whether programs with windows can be started from here."""

from __future__ import annotations

import os
import sys

#: X11's and Wayland's.
_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")


def has_desktop() -> bool:
    """Tell whether there is one; without, a program for the terminal would take that away."""
    return sys.platform in {"darwin", "win32"} or any(map(os.environ.get, _DISPLAYS))
