"""What the ledger has given to a recipient alone, for the preview: the call-back code, and the token to unsubscribe."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from notify.actions.ledgers import ledger_in_use, opened_if_there
from notify.actions.prepare import Prepared
from notify.core.address import identity
from notify.core.codes import SAMPLE_CODES
from notify.core.contact import Recipient
from notify.core.record import record
from notify.core.unsubscribing import unsubscribe_token
from notify.ledger import CampaignRecord, Codes, Versions


@record(frozen=True, slots=True)
class Issued:
    """Reads from the campaign's ledger; without one, and before the first run, nothing was given yet."""

    codes: Codes | None = None
    record: CampaignRecord | None = None

    def code(self, recipient: Recipient) -> str:
        """Return the code of a recipient; empty where it is given when the message is sent."""
        if self.codes is None or self.record is None:
            return ""
        return self.codes.of(self.record, identity(recipient.address))

    def variables(self, recipient: Recipient) -> dict[str, str]:
        """Return what the template is rendered with; a sample stands for a code that was not given yet."""
        given = {"code": self.code(recipient) or SAMPLE_CODES[recipient.language]}
        if self.record is not None:
            given["token"] = unsubscribe_token(self.record.secret, self.record.id, identity(recipient.address))
        return given


@contextmanager
def issued(prepared: Prepared) -> Iterator[Issued]:
    """Give what the ledger has given out, inside this ``with``."""
    with opened_if_there(ledger_in_use(prepared.settings)) as store:
        if store is None:
            yield Issued()
        else:
            yield Issued(Codes(store), Versions(store).find(prepared.campaign.id))
