"""What a walk over all recipients notices, of those too whose messages nobody is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from notify.actions.check import begin_inspection
from notify.actions.form_notes import FormNotes
from notify.actions.forms import MissingTexts
from notify.actions.html_check import HtmlCheck
from notify.actions.own_files import Counted
from notify.actions.prepare import Prepared
from notify.actions.previewed import Previewed
from notify.actions.survey import Fate, Survey
from notify.actions.watch import Watch, unwatched
from notify.actions.withheld import Withheld
from notify.core.address import identity
from notify.core.contact import Recipient
from notify.core.rendered import Proved


class Noticed:
    """What a preview finds out of all whom it goes past, also of those whom it does not show."""

    def __init__(
        self, prepared: Prepared, also: Callable[[Recipient], object] | None = None, watch: Watch = unwatched
    ) -> None:
        """Begin with nobody seen.

        :param also: is given everybody for whom there is a text, too.
        :param watch: is given the rows of all files, then all who are written to, and passes them on.
        """
        self._also = also
        self.watch = watch
        #: Who was shown before all rows were read, and is not written to, or comes later.
        self.taken_back: tuple[Previewed, ...] = ()
        #: Whether messages are still wanted; without, the rest are only looked at.
        self.shows = True
        #: Who has no text in the own form.
        self.missing = MissingTexts(prepared.settings, prepared.template)
        self.forms = FormNotes()
        self.html = HtmlCheck(prepared.template, prepared.settings.checks.silence)
        self.words = begin_inspection(prepared)
        self.own_files = Counted()
        #: Whose message would tell what they may not see.
        self.withheld = Withheld()

    def counted(self, recipients: Iterator[Recipient]) -> Iterator[Recipient]:
        """Count all who are written to: what their mail programs drop is weighed by them."""
        for recipient in self.watch(recipients):
            self.html.count(recipient.address)
            yield recipient

    def has_text(self, recipient: Recipient) -> bool:
        """Look at a recipient; tell whether there is a text."""
        self.forms.add(recipient)
        if self.missing.lacks(recipient):
            return False
        if self._also:
            self._also(recipient)
        return True

    def refuse(self) -> None:
        """Refuse what keeps the messages of some from being made.

        :raises InputError: files of theirs cannot be attached, or their messages would tell what they may not see.
        """
        self.own_files.refuse_problems()
        self.withheld.refuse()

    def look(self, recipient: Recipient, proved: Proved) -> None:  # noqa: ARG002  # checkup.py looks at them
        """Look at a message besides its words."""
        self.html.look(proved)

    def look_again(self, surveyed: Survey) -> None:
        """Look at everybody once more where that is needed to tell whose name stands in whose message."""
        if self.words.wants_all_again:
            for recipient in recipients_of(surveyed):
                self.words.look_again(identity(recipient.address), str(recipient.origin))


def recipients_of(surveyed: Survey) -> Iterator[Recipient]:
    """Yield everybody who is written to; all files must have been read."""
    for row in surveyed.taken_in():
        if row.fate is Fate.ADMITTED and isinstance(row.row, Recipient):
            yield row.row
