"""Finds what would go wrong before anything leaves: over settings, announced details, texts, contacts and the plan.

Nothing is sent or recorded, and nothing here needs the network.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from notify.actions.check import facts_of
from notify.actions.enrolling import Enrolling
from notify.actions.mailbox_findings import findings_of as mailbox_findings
from notify.actions.message_size import Largest
from notify.actions.noticed import Noticed
from notify.actions.own_mailboxes import OwnMailboxes, mailboxes_of
from notify.actions.paths import OVERRIDES, label_of
from notify.actions.prepare import Prepared
from notify.actions.preview import preview
from notify.actions.run import begun
from notify.actions.send import Forecast, forecast, planned
from notify.actions.submissions import submissions
from notify.checks import campaign_today
from notify.checks.attached import attached_to_some
from notify.checks.relay_limits import Planned, beyond_limits, takes_long, unknown_domain
from notify.checks.submission import pitfall
from notify.config import Settings
from notify.config.settings import CONTACT_SUFFIXES
from notify.core.contact import Recipient
from notify.core.finding import Finding, Severity
from notify.core.record import record
from notify.core.rendered import Proved
from notify.delivery.routes import Route
from notify.errors import ChangedError, ConfigError, InputError, NotifyError, PolicyError, WithheldError
from notify.recipients.findings import ABOUT_GREETINGS, LETTERS_BEYOND_ASCII, findings_on

if TYPE_CHECKING:
    from notify.actions.checkup_relays import LetIn

T = TypeVar("T")


class Watch(Protocol):
    """Hands on what it is led through."""

    def __call__(self, steps: Iterable[T], /) -> Iterator[T]:
        """Hand on every step."""


#: How an error is called that ends other commands; of several that fit it is the first.
_NAMES: dict[type[NotifyError], str] = {
    ConfigError: "invalid-settings",
    PolicyError: "iban-with-contact",
    WithheldError: "withheld-detail",
    ChangedError: "changed-campaign",
    InputError: "invalid-input",
}
#: How many rows of a kind are named; all of them are counted.
_NAMED = 3


@record(frozen=True, slots=True)
class Expected:
    """What a run would do now: to how many it would send, and how long that takes; None where it is the sandbox."""

    recipients: int
    forecast: Forecast | None


class Checkup:
    """Everything that was found in a campaign, the grave first."""

    def __init__(self, silenced: Collection[str] = ()) -> None:
        self._silenced = frozenset(silenced)
        self._findings: list[Finding] = []
        #: How many messages were looked at.
        self.messages = 0
        #: How large the largest message is, in octets; 0 where there is none.
        self.octets = 0
        #: How many addresses have letters that only SMTPUTF8 carries.
        self.beyond_ascii = 0
        #: How many recipients there are at each domain, with the first of their rows.
        self.domains: dict[str, tuple[int, str]] = {}
        #: The preferred mail exchanger of those that were looked up; empty where there is none.
        self.exchangers: dict[str, str] = {}
        #: The relays that were logged in to.
        self.let_in: list[LetIn] = []
        #: What is known of the sender's own mailboxes; None until it was looked at.
        self.mailboxes: OwnMailboxes | None = None
        #: None where no run can begin.
        self.expected: Expected | None = None

    def add(self, finding: Finding) -> None:
        """Take note of a finding, unless it is silenced."""
        if finding.name not in self._silenced:
            self._findings.append(finding)

    def fail(self, error: ConfigError | InputError) -> None:
        """Take note of what keeps a run from beginning; said once, whatever it stops."""
        for finding in findings_of(error):
            if finding not in self._findings:
                self._findings.append(finding)

    def findings(self) -> list[Finding]:
        """Return what was found, by gravity, each kind in the order in which it was found."""
        order = (Severity.ERROR, Severity.WARNING, Severity.INFO)
        return sorted(self._findings, key=lambda finding: order.index(finding.severity))


def check(prepared: Prepared, checkup: Checkup, now: dt.datetime, watch: Watch) -> None:
    """Look at a campaign as it stands in its folder.

    :param watch: is given the rows of all files, then all who are written to, and passes them on.
    """
    _look_at_messages(prepared, checkup, now.astimezone().date(), watch)
    _look_at_mailboxes(prepared, checkup)
    _look_at_files(prepared, checkup)


def findings_of(error: ConfigError | InputError) -> Iterator[Finding]:
    """Yield what must be mended by an error that ends other commands: its problems, or the error itself."""
    name = next(name for kind, name in _NAMES.items() if isinstance(error, kind))
    message = error.message.rstrip(".")
    if len(error.problems) > 1 or any(str(problem) not in error.message for problem in error.problems):
        for problem in error.problems:
            what = problem.what if isinstance(error, ConfigError) else f"{message}: {problem.what}"
            yield Finding(name, Severity.ERROR, problem.where, what, error.hint)
    else:
        where = error.problems[0].where if error.problems else ""
        yield Finding(name, Severity.ERROR, where, message.removeprefix(f"{where}: "), error.hint)


def _look_at_messages(prepared: Prepared, checkup: Checkup, today: dt.date, watch: Watch) -> None:
    noticed = _Watched(prepared, watch)
    noticed.words.note(campaign_today(facts_of(prepared), today))
    noticed.words.note(attached_to_some(facts_of(prepared)))
    for way in submissions(prepared.settings):
        noticed.words.note(pitfall(way))
        noticed.words.note(beyond_limits(way))
    try:
        for _ in preview(prepared, most=0, noticed=noticed):
            pass
    except (ConfigError, InputError) as error:
        checkup.fail(error)
    else:
        noticed.words.note_what_is_missing()
    checkup.messages, checkup.domains = noticed.words.messages, noticed.domains
    checkup.octets = noticed.largest.octets(prepared)
    checkup.beyond_ascii = noticed.counts[LETTERS_BEYOND_ASCII]
    for found in noticed.words.found():
        checkup.add(found.finding)
    if missing := noticed.missing.error():
        checkup.fail(missing)
    of_all = (*noticed.forms.findings(), *noticed.html.findings(), *noticed.largest.findings(), *noticed.rows())
    for finding in of_all:
        checkup.add(finding)


def _look_at_mailboxes(prepared: Prepared, checkup: Checkup) -> None:
    settings, campaign = prepared.settings, prepared.campaign
    checkup.mailboxes = mailboxes_of(settings, campaign, campaign.written or dt.date.max)
    domains = {domain: count for domain, (count, _) in checkup.domains.items()}
    for finding in mailbox_findings(settings, lambda: facts_of(prepared), checkup.mailboxes, lambda: domains):
        checkup.add(finding)


def _look_at_files(prepared: Prepared, checkup: Checkup) -> None:
    settings = prepared.settings
    for source in prepared.sources:
        for finding in source.findings:
            if finding.severity is not Severity.INFO:
                checkup.add(finding)
    for path in _unread(settings):
        what = "it stands beside the contact files and is not read: no pattern of files in [contacts] names it"
        mend = "Name it there, or move it away."
        checkup.add(Finding("unread-file", Severity.INFO, label_of(path, settings.folder), what, mend))


def rehearse(prepared: Prepared, checkup: Checkup, now: dt.datetime, watch: Watch) -> None:
    """Begin a run on a copy of the ledger, and end it before anything is sent.

    :param watch: is given each step of the enrolment, and passes it on.
    """
    done = Enrolling()
    try:
        with begun(prepared, now, accept_change=False, rehearsal=True) as run:
            for done in watch(run.enrol()):  # noqa: B007  # the last one tells everything
                pass
            plan = planned(run, now, limit=None, only=(), stays=False)
            is_sandbox = run.job.routes[0].is_sandbox
            if (error := plan.approval.error()) and not is_sandbox:
                mend = error.hint.partition("\n")[0]
                checkup.add(Finding("not-approved", Severity.WARNING, "", error.message.rstrip("."), mend))
            checkup.expected = Expected(plan.waiting, None if is_sandbox else forecast(run.job, plan, now))
            _look_at_the_time(prepared, checkup, run.job.routes[0], now)
    except (ConfigError, InputError) as error:
        checkup.fail(error)
    if done.rejected:
        # of an enrolment that is as it was nothing but the counts is known
        first = "; ".join(f"{row.origin}: {row.reason}" for row in done.first_rejected[:_NAMED])
        is_ = "is" if done.rejected == 1 else "are"
        what = f"{done.rejected:,} of {done.rows:,} rows {is_} not written to{f': {first}' * bool(first)}"
        mend = "See all:  notify contacts --rejected rejected.csv"
        where = done.first_rejected[0].origin.path if done.first_rejected else ""
        checkup.add(Finding("rejected-rows", Severity.WARNING, where, what, mend))


def _look_at_the_time(prepared: Prepared, checkup: Checkup, route: Route, now: dt.datetime) -> None:
    """Take note of what the relay's limits make of the plan."""
    expected, facts = checkup.expected, facts_of(prepared)
    if expected and expected.forecast and expected.recipients:
        where = facts.place(f"relay.{prepared.settings.relays.index(route.relay)}")
        plan = expected.forecast
        run = Planned(expected.recipients, now, plan.starts, plan.done, plan.misses_deadline)
        remarks = (
            *takes_long(facts, run, rates=route.rates, where=where),
            *unknown_domain(facts, expected.recipients, has_ramp=route.relay.ramp is not None, where=where),
        )
        for remark in remarks:
            checkup.add(remark.finding("", facts.texts))


class _Watched(Noticed):
    """Notices besides what is to be known of the rows themselves: the first few of each kind, and how many."""

    def __init__(self, prepared: Prepared, watch: Watch) -> None:
        super().__init__(prepared, watch=watch)
        self._passed_over = frozenset() if prepared.template.greets else ABOUT_GREETINGS
        self.domains: dict[str, tuple[int, str]] = {}
        self.counts: Counter[str] = Counter()
        self._first: defaultdict[str, list[Finding]] = defaultdict(list)
        self.largest = Largest()

    def look(self, recipient: Recipient, proved: Proved) -> None:
        """Look at a message besides its words, and how large it is."""
        super().look(recipient, proved)
        self.largest.note(recipient, proved.content)

    def counted(self, recipients: Iterator[Recipient]) -> Iterator[Recipient]:
        """Look at all who are written to."""
        for recipient in super().counted(recipients):
            domain = recipient.address.rpartition("@")[2].lower()
            count, first = self.domains.get(domain, (0, str(recipient.origin)))
            self.domains[domain] = count + 1, first
            for finding in findings_on(recipient):
                if finding.name in self._passed_over:
                    continue
                self.counts[finding.name] += 1
                if len(self._first[finding.name]) < _NAMED:
                    self._first[finding.name].append(finding)
            yield recipient

    def rows(self) -> Iterator[Finding]:
        """Yield what was noticed of the rows, a finding for each kind."""
        for name, first in self._first.items():
            count = self.counts[name]
            named = "; ".join(f"{finding.where}: {finding}" for finding in first)
            what = f"{count:,} {'row' if count == 1 else 'rows'}: {named}" if count > 1 else str(first[0])
            where = first[0].where if count == 1 else _file_of(first[0].where)
            yield Finding(name, first[0].severity, where, what, "See all:  notify contacts" if count > 1 else "")


def _file_of(origin: str) -> str:
    return origin.rpartition(":")[0] or origin


def _unread(settings: Settings) -> Iterator[Path]:
    overrides = settings.folder / (settings.contacts.overrides or OVERRIDES)
    return (path for path in settings.unread_files if path != overrides and path.suffix.lower() in CONTACT_SUFFIXES)
