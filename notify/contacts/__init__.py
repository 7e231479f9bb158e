"""Reads contact files, whatever program exported them. The only room that knows pandas."""

from notify.contacts.table import Table

__all__ = ["Table"]
