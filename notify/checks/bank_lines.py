"""BIC and holder of an account that are typed into a text, beside the account itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from notify.checks.banks import mismatch
from notify.checks.facts import Facts
from notify.checks.remark import Remark
from notify.core.iban import Iban
from notify.core.late_pattern import late_pattern
from notify.core.rendered import GAP

_BIC = late_pattern(r"\b(?:BIC|SWIFT)\b[^\w\n]{1,4}([A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)\b")
_HOLDER = late_pattern(
    r"\b(?:kontoinhaber(?:in)?|account holder|titulaire(?: du compte)?)\b[ :=–-]{1,4}"
    rf"([^\W\d_{GAP}][^\n,.;|(){GAP}]{{2,60}})",
    re.IGNORECASE,
)
_BANK = late_pattern(rf"\bbank(?:institut|name)?\s?: ?([^\W\d_{GAP}][^\n,.;|(){GAP}]{{2,60}})", re.IGNORECASE)
_MEND = "Mend the text, or [change] in notify.toml; better, print it: {{{{ new.{} }}}}."


def bank_lines(typed: str, facts: Facts) -> Iterator[Remark]:
    """Yield a BIC or a holder that is not that of the announced account."""
    change = facts.campaign.change
    known = {_bare(bic) for bic in (change.old.bic, change.new.bic) if bic}
    for bic in dict.fromkeys(_BIC.findall(typed)):
        short = bic.removesuffix("XXX")
        if any(short == one.removesuffix("XXX") for one in known):
            continue
        wrong = mismatch(Iban(change.new.iban)[:], bic, "") if change.new.iban and not change.new.bic else ""
        if change.new.bic or wrong:
            place = facts.place("change.new.bic" if change.new.bic else "change.new.iban")
            what = f"the BIC {bic} is typed here, and does not belong to the account in {place}"
            yield Remark("contradicts-change", what, _MEND.format("bic"), bic)
    for bank in map(str.strip, _BANK.findall(typed) if change.new.bank and change.new.iban else ()):
        banks = [name for name in (change.new.bank, change.old.bank) if name]
        if not any(_bare(bank) in _bare(name) or _bare(name) in _bare(bank) for name in banks):
            what = f'"{bank}" is typed here as the bank, and {facts.place("change.new.bank")} says {change.new.bank}'
            yield Remark("contradicts-change", what, _MEND.format("bank"), bank)
    holders = [holder for holder in (change.new.account_holder, change.old.account_holder) if holder]
    for holder in map(str.strip, _HOLDER.findall(typed) if holders else ()):
        if _bare(holder) not in map(_bare, holders) and holder[0].isupper():
            place = facts.place("change.new.account_holder")
            what = f'"{holder}" is typed here as the holder, and {place} says {holders[0]}'
            yield Remark("contradicts-change", what, _MEND.format("account_holder"), holder)


def _bare(text: str) -> str:
    return "".join(text.split()).upper()
