"""Handing messages over: the SMTP dialogue, the wire it runs over, and a lane that joins the two.

The dialogue (:mod:`~notify.relays.dialogue`) does no input or output: it says what to write and takes replies. The wire
(:mod:`~notify.relays.wire`) owns a connected socket. A lane (:mod:`~notify.relays.lane`) is one connection, driven by
the thread that calls it.
"""

from notify.relays.dialogue import End, Ended
from notify.relays.lane import Desk, DeskAhead, run_lane
from notify.relays.wire import Timeouts, Wire

__all__ = ["Desk", "DeskAhead", "End", "Ended", "Timeouts", "Wire", "run_lane"]
