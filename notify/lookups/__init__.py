"""What the net says of a domain: its servers, by DNS and by autoconfig. Asked only when somebody has allowed it."""

from notify.lookups.autoconfig import autoconfig_addresses, submission_by_autoconfig
from notify.lookups.resolver import NoAnswerError, Resolver
from notify.lookups.submission import Submission, submission_by_dns

__all__ = [
    "NoAnswerError",
    "Resolver",
    "Submission",
    "autoconfig_addresses",
    "submission_by_autoconfig",
    "submission_by_dns",
]
