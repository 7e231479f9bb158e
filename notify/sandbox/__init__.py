"""The sandbox: a real SMTP server inside the command that keeps every message and forwards none."""

from notify.sandbox.outbox import Outbox
from notify.sandbox.server import Sandbox

__all__ = ["Outbox", "Sandbox"]
