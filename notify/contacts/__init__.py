"""Reads contact files, whatever program exported them. The only room that knows pandas."""

from notify.contacts.columns import check_assigned
from notify.contacts.table import Table

__all__ = ["Table", "check_assigned"]
