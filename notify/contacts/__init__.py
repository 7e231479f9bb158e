"""Reads contact files, whatever program exported them. The only room that knows pandas and chardet."""

from notify.contacts.columns import check_assigned
from notify.contacts.kinds import FORMATS, open_source, read_rows
from notify.contacts.source import Source

__all__ = ["FORMATS", "Source", "check_assigned", "open_source", "read_rows"]
