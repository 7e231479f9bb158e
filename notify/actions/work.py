"""A worker: it takes portions of the campaigns that others have placed in the ledger, and hands them over from here.

It needs no campaign folder: what a campaign is made of comes from the ledger, and relays and passwords are this
machine's. Whatever it is doing when it dies, others go on; nobody is sent to twice by guessing.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
import socket
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import ExitStack

from notify.actions.work_beat import Beat, Turn
from notify.actions.work_campaign import ORDERS, Machine, Opened, opened
from notify.actions.work_events import Aside, Away, Back, Began, Ended, Fenced, Holding, WorkEvent
from notify.core.outcome import Phase
from notify.core.record import record
from notify.core.status import Status
from notify.delivery.clock import Clock
from notify.delivery.events import Over, Reason, Tried
from notify.delivery.failover import Failover, is_its_own
from notify.delivery.routes import Route
from notify.errors import BusyError, ConfigError, FencedError, LoginError, NotifyError, VersionError, WriteError
from notify.ledger import CampaignRecord, Database, open_store
