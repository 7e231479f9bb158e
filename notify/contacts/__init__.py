"""Reads contact files, whatever program exported them. The only room that knows pandas, calamine and chardet."""

from notify.contacts.columns import check_assigned
from notify.contacts.source import Source, open_source, read_rows
from notify.contacts.table import Table

__all__ = ["Source", "Table", "check_assigned", "open_source", "read_rows"]
