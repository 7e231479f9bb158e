"""Reads contact files, whatever program exported them. The only room that knows pandas, calamine and chardet."""

from notify.contacts.columns import check_assigned
from notify.contacts.source import Source, open_source, read_rows

__all__ = ["Source", "check_assigned", "open_source", "read_rows"]
