"""Who may see bank details, for campaigns in which everybody may."""

from __future__ import annotations

from notify.core.campaign import BANK_DETAILS, Audience, Disclosure

#: Everybody sees everything.
TO_EVERYBODY = Disclosure((Audience("everybody", frozenset(BANK_DETAILS), is_everybody=True),))

#: The same, as notify.toml says it.
AUDIENCE_OF_ALL = """
[[audience]]
name = "everybody"
sees = ["iban", "bic", "bank", "account_holder"]
everybody = true
"""
