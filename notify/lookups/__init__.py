"""What the net says: of a domain, by DNS and by autoconfig, and of sites. Asked only by commands that say so."""

from notify.lookups.autoconfig import autoconfig_addresses, submission_by_autoconfig
from notify.lookups.names import Names
from notify.lookups.resolver import NoAnswerError, Resolver
from notify.lookups.sites import Visit, visit
from notify.lookups.submission import Submission, submission_by_dns

__all__ = [
    "Names",
    "NoAnswerError",
    "Resolver",
    "Submission",
    "Visit",
    "autoconfig_addresses",
    "submission_by_autoconfig",
    "submission_by_dns",
    "visit",
]
