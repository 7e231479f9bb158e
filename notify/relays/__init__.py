"""Handing messages over: the SMTP dialogue, the wire it runs over, a lane that joins the two, and many lanes at once.

The dialogue (:mod:`~notify.relays.dialogue`) does no input or output: it says in steps (:mod:`~notify.relays.steps`)
what to write and takes replies. The wire (:mod:`~notify.relays.wire`) owns a connected socket and never blocks. A lane
(:mod:`~notify.relays.channel`) is one dialogue on one wire; one thread drives them all
(:mod:`~notify.relays.event_loop`).
"""

from notify.relays.channel import Lane
from notify.relays.event_loop import Desk, Lanes, Later, run_lane
from notify.relays.steps import End, Ended
from notify.relays.wire import Timeouts, Wire

__all__ = ["Desk", "End", "Ended", "Lane", "Lanes", "Later", "Timeouts", "Wire", "run_lane"]
