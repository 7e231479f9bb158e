"""The placing of work: which of several workers is given which portion. The only room that knows procrastinate.

It carries numbers of portions and nothing else, and it is believed in nothing: what a portion is, who may deliver it
and who was sent to stands in the ledger, which also knows what is to be placed anew when a number was lost on the way.
So whatever is in the queue may be thrown away at any time.

:mod:`server` says where the queue is, :mod:`app` what a job is, :mod:`queue` puts portions in, :mod:`arrivals` takes
them out on the side of a worker, and :mod:`schema` makes the tables.
"""

from notify.placing.app import Placed
from notify.placing.arrivals import Arrivals
from notify.placing.queue import Queue
from notify.placing.server import Server

__all__ = ["Arrivals", "Placed", "Queue", "Server"]
