"""What the net says: of names, by DNS, and of sites. Asked only by commands that say so."""

from notify.lookups.names import Names
from notify.lookups.sites import Visit, visit

__all__ = ["Names", "Visit", "visit"]
