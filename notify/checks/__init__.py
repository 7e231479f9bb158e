"""Looks for what is wrong in the words of a mailing before anything is sent. Knows the core alone."""

from notify.checks.facts import Facts
from notify.checks.inspection import Found, Inspection, Reader

__all__ = ["Facts", "Found", "Inspection", "Reader"]
