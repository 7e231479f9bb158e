"""The sandbox: a real SMTP server inside the command that keeps every message and forwards none."""

from notify.sandbox.kept import Kept, kept, kept_files
from notify.sandbox.outbox import Outbox
from notify.sandbox.server import Sandbox

__all__ = ["Kept", "Outbox", "Sandbox", "kept", "kept_files"]
