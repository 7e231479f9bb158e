"""Handing messages over: the SMTP dialogue, the wire it runs over, and channels that join the two.

The dialogue (:mod:`~notify.relays.dialogue`) does no input or output: it says in steps (:mod:`~notify.relays.steps`)
what to write and takes replies. The wire (:mod:`~notify.relays.wire`) owns a connected socket and never blocks. A
channel (:mod:`~notify.relays.channel`) is one dialogue on one wire; one thread drives all of them
(:mod:`~notify.relays.event_loop`).
"""

from notify.relays.channel import Channel
from notify.relays.event_loop import Dispatcher, EventLoop, Later, run_channel
from notify.relays.steps import End, Ended
from notify.relays.wire import Timeouts, Wire

__all__ = ["Channel", "Dispatcher", "End", "Ended", "EventLoop", "Later", "Timeouts", "Wire", "run_channel"]
