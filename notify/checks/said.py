"""Whether every text says all that is announced: one language must not lack what the others tell."""

from __future__ import annotations

from collections.abc import Iterator

from notify.checks.facts import Facts
from notify.checks.remark import Remark
from notify.checks.typed_values import as_announced
from notify.core.rendered import Wording

#: What is of no use to a reader unless it is told in full.
_TOLD = ("email", "phone", "mobile", "fax", "website", "street", "postcode", "city", "iban")


class Said:
    """Notes of each text of a mailing what it says; a text is one file, whatever branches it has."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._values = facts.campaign.change.new.given()
        self._wanted = [name for name in _TOLD if name in facts.new_only] if facts.is_notice else []
        # the payer's bank compares it with the account (Regulation (EU) 2024/886), whether it is a new one or not
        if "iban" in self._wanted and "account_holder" in self._values:
            self._wanted.append("account_holder")
        self._texts: dict[str, set[str]] = {}

    def note(self, wording: Wording) -> None:
        """Look at a wording."""
        said = self._texts.setdefault(wording.label, set())
        missing = [name for name in self._wanted if name not in said]
        if missing:
            read = _bare(as_announced(f"{wording.read.subject} {wording.read.text}", self._facts))
            said.update(name for name in missing if _bare(self._values[name]) in read)

    def remarks(self) -> Iterator[Remark]:
        """Yield what is announced and not told, after all messages."""
        for name in self._wanted:
            lacking = [label for label, said in self._texts.items() if name not in said]
            value, place = self._values[name], self._facts.place(f"change.new.{name}")
            mend = f"Print it: {{{{ new.{name} }}}}."
            if lacking and len(lacking) == len(self._texts):
                what = f"the new {name}, {value}, is announced, and no text says it"
                yield Remark("detail-missing", what, f"{mend} Or leave it out of [change].", where=place)
                continue
            for label in lacking:
                what = f"the new {name}, {value} ({place}), is not said here, though another text says it"
                yield Remark("detail-missing", what, mend, where=label)


def _bare(text: str) -> str:
    """Return a text as it is compared: a site may be told without https://, an IBAN in groups."""
    return "".join(text.split()).casefold().removeprefix("https://").removeprefix("http://").rstrip("/")
