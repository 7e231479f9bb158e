"""Exactly what each recipient gets: the same rendering and composing as in a run that sends."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, islice
from typing import TypeVar

from notify.actions.addresses import address_of
from notify.actions.forms import MissingTexts
from notify.actions.issued import Issued, issued
from notify.actions.message_size import findings_on_size
from notify.actions.noticed import Noticed, recipients_of
from notify.actions.prepare import Prepared
from notify.actions.previewed import Previewed
from notify.actions.survey import Survey, survey
from notify.actions.watch import Watch
from notify.checks import Reader
from notify.composing import Composer
from notify.core.address import identity
from notify.core.codes import SAMPLE_CODES
from notify.core.contact import Contact, Recipient, Rejected
from notify.core.finding import Finding
from notify.core.message import Content, Mailbox
from notify.core.record import record
from notify.core.rendered import Proved
from notify.delivery.routes import routes_of
from notify.errors import InputError, WithheldError
from notify.recipients.findings import (
    DOUBTFUL_GREETING,
    NEUTRAL_GREETING,
    OTHER_LANGUAGE,
    UNCLEAR_FORM,
    findings_on,
)

T = TypeVar("T")

#: From so many octets on it takes a while to read all rows; so many of them are looked at first then.
_LARGE = 500_000
_FIRST_ROWS = 2_000

#: What changes the message itself; the rest is told by ``notify contacts``.
_OF_THE_MESSAGE = frozenset({NEUTRAL_GREETING, OTHER_LANGUAGE, DOUBTFUL_GREETING, UNCLEAR_FORM})


def preview(
    prepared: Prepared,
    *,
    most: int | None,
    only: str = "",
    noticed: Noticed | None = None,
    shown: Iterable[Previewed] = (),
    rows: Iterable[Contact | Rejected] | None = None,
) -> Iterator[Previewed]:
    """Yield the messages of the first ``most`` recipients in the order of the files; of all when it is None.

    Whoever is greeted in a form for which there is no text is left out.

    :param only: an address; when given, only its message.
    :param noticed: looks at everybody, also at those who come after the last that is yielded.
    :param shown: what was shown after a :func:`first_look`. It is not yielded again, unless as a correction.
    :param rows: taken for those of all files.
    :raises WithheldError: after all others, messages that would tell their recipients what they may not see.
    :raises InputError: a message that cannot be rendered, a key that has two addresses, nobody to write to, or nobody
        has the address ``only``; or no text for anybody whose message was asked for; and, after all others, files of
        single recipients that cannot be attached.
    :raises ConfigError: no relay may send for the campaign's sender.
    """
    looks_at_all = noticed is not None
    noticed = noticed or Noticed(prepared)
    routes_of(prepared.settings, dt.datetime.now().astimezone().date())
    whose = identity(address_of(only)) if only else ""
    seen_any, before = False, {one.recipient.key: one for one in shown}
    sources = prepared.sources if rows is None else [rows]
    with (
        begun_making(prepared, noticed) as making,
        survey(sources, prepared.selection, prepared.settings, noticed.watch) as surveyed,
    ):
        meant = (one for one in noticed.counted(_admitted(surveyed)) if not only or identity(one.address) == whose)
        for number, recipient in enumerate(one for one in meant if noticed.has_text(one)):
            seen_any = True
            is_wanted = noticed.shows and (most is None or number < most)
            if not (is_wanted or looks_at_all):
                break
            looked_at = making.look(recipient)
            earlier = before.pop(recipient.key, None) if is_wanted or not noticed.shows else None
            if (is_wanted or earlier) and looked_at:
                message = making.message(recipient, *looked_at)
                if earlier is None or not message.is_like(earlier):
                    yield replace(message, is_correction=earlier is not None)
        if looks_at_all:
            noticed.look_again(surveyed)
    noticed.taken_back = tuple(before.values())
    noticed.refuse()
    if not seen_any and (error := noticed.missing.error()):
        raise error
    if not seen_any:
        raise nobody_at(only) if only else nobody()


def is_large(prepared: Prepared) -> bool:
    """Tell whether it takes a while to read all contact files."""
    return sum(source.path.stat().st_size for source in prepared.sources) >= _LARGE


def first_look(prepared: Prepared, *, most: int | None, only: str) -> Iterator[Previewed]:
    """Yield the first messages as far as the first rows tell, where it takes a while to read all; else none.

    What later rows say can still change them: hand them on to :func:`preview`.
    """
    if not is_large(prepared):
        return
    rows = islice(chain.from_iterable(prepared.sources), _FIRST_ROWS)
    with contextlib.suppress(InputError):
        # what is wrong is said when all were read
        yield from preview(prepared, most=most, only=only, rows=rows)


def recipient_at(prepared: Prepared, address: str, watch: Watch) -> Recipient:
    """Return the recipient who has an address, after everybody was looked at; nobody is enrolled.

    :param watch: as for :func:`admitted`.
    :raises InputError: nobody has it; or the template has no text for the form in which somebody is greeted: says how
        many, who the first are, and which files to write.
    """
    missing, whose = MissingTexts(prepared.settings, prepared.template), identity(address_of(address))
    found = None
    for recipient in admitted(prepared, watch):
        missing.lacks(recipient)
        if identity(recipient.address) == whose:
            found = recipient
    if error := missing.error():
        raise error
    if found is None:
        raise nobody_at(address)
    return found


def nobody() -> InputError:
    """Make the error for contact files in which there is nobody to write to."""
    return InputError("There is nobody to write to.", hint="See why:  notify contacts")


def nobody_at(address: str) -> InputError:
    """Make the error for an address that nobody has who is written to."""
    return InputError(
        f"{address}: nobody in the contact files is written to at this address.",
        hint="See who is, and which rows are rejected:  notify contacts",
    )


def admitted(prepared: Prepared, watch: Watch) -> Iterator[Recipient]:
    """Yield everybody who is written to, in the order of the files.

    :param watch: is given the rows of all files, then all who are written to, and passes them on.
    """
    with survey(prepared.sources, prepared.selection, prepared.settings, watch) as surveyed:
        yield from watch(_admitted(surveyed))


def previewed(prepared: Prepared, recipient: Recipient) -> Previewed:
    """Return the message of one recipient.

    :raises InputError: it cannot be rendered, or its files cannot be attached.
    """
    noticed = Noticed(prepared)
    with begun_making(prepared, noticed) as making:
        looked_at = making.look(recipient)
        noticed.refuse()
        assert looked_at is not None  # noqa: S101  # None is a problem with files, or with what may be seen
        return making.message(recipient, *looked_at)


@contextmanager
def begun_making(prepared: Prepared, noticed: Noticed) -> Iterator[Making]:
    """Give what messages are made with, one after the other, inside this ``with``."""
    with issued(prepared) as given:
        yield Making(prepared, Composer.of(prepared.campaign), given, noticed)


def _admitted(surveyed: Survey) -> Iterator[Recipient]:
    """Yield everybody who is written to, once the files were read."""
    for _ in surveyed.left_out():
        pass
    surveyed.refuse_keys_twice()
    yield from recipients_of(surveyed)


@record(frozen=True, slots=True)
class Making:
    """What the messages of a preview are made with."""

    prepared: Prepared
    composer: Composer
    given: Issued
    noticed: Noticed

    def look(self, recipient: Recipient) -> tuple[Proved, tuple[Finding, ...]] | None:
        """Return the message of a recipient, which is made once it is asked for, and what is wrong in its text.

        None where a file is missing that the recipient's row names, or the recipient may not see what would be told:
        that is said of all together.
        """
        template = self.prepared.template
        fields = template.named.of(recipient.fields, recipient.row, recipient.audiences)
        of_whom = (recipient.language, recipient.salutation)
        where = str(recipient.origin)
        if template.has_own_files(recipient.language, recipient.form):
            own = template.own_files(*of_whom, fields, where, form=recipient.form)
            self.noticed.own_files.note(own)
            if own.problems:
                return None
        fields_and_code = fields | self.given.variables(recipient)
        try:
            proved = template.prove(*of_whom, fields_and_code, where, form=recipient.form)
        except WithheldError as error:
            self.noticed.withheld.note(error)
            return None
        reader = Reader(recipient.address, recipient.name, recipient.salutation, where)
        self.noticed.look(recipient, proved)
        return proved, self.noticed.words.look(proved, reader)

    def message(self, recipient: Recipient, proved: Proved, found: tuple[Finding, ...]) -> Previewed:
        """Make a message, and compose it."""
        template, campaign, content = self.prepared.template, self.prepared.campaign, proved.content
        message = self.composer.compose(
            content,
            Mailbox(recipient.name, recipient.address),
            f"<set-when-sent@{campaign.sender.domain}>",
            dt.datetime.now().astimezone(),
        )
        findings = findings_of(recipient, content, self.prepared)
        code = _about_the_code(recipient, self.given) if template.prints_codes else ""
        return Previewed(recipient, content, message, findings, campaign.sender, code, found)


def _about_the_code(recipient: Recipient, given: Issued) -> str:
    return given.code(recipient) or f'set when sent; "{SAMPLE_CODES[recipient.language]}" stands for it here'


def findings_of(recipient: Recipient, content: Content, prepared: Prepared) -> tuple[Finding, ...]:
    """Return what is to be known of a message before anything of its text: greeting, language, size."""
    greeted = findings_on(recipient) if prepared.template.greets else ()
    on_size = (found for found in findings_on_size(content) if found.name not in prepared.settings.checks.silence)
    return (*(found for found in greeted if found.name in _OF_THE_MESSAGE), *on_size)
