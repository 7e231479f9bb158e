"""Looks for what is wrong in the words of a mailing before anything is sent. Knows the core alone."""

from notify.checks.facts import Facts
from notify.checks.inspection import Found, Inspection, Reader
from notify.checks.remark import Remark
from notify.checks.submission import Party, Submission
from notify.checks.whole import campaign_today

__all__ = ["Facts", "Found", "Inspection", "Party", "Reader", "Remark", "Submission", "campaign_today"]
