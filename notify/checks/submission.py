"""Whether a relay may send for the sender at all, as far as the names of both tell: before any connection."""

from __future__ import annotations

from collections.abc import Iterator

from notify.checks.facts import Facts
from notify.checks.nearness import near_address
from notify.checks.remark import Remark
from notify.core.late_pattern import late_pattern
from notify.core.pace import Rate
from notify.core.record import record

_FETCHES = late_pattern(r"(?:imap|pop)\d?[.\-]")


@record(frozen=True, slots=True)
class Party:
    """A mail provider that is known: its name, the domains of its addresses, the server that takes its users' mail."""

    label: str = ""
    domains: tuple[str, ...] = ()
    host: str = ""


@record(frozen=True, slots=True)
class Submission:
    """By which relay the messages of a sender go.

    ``owner`` gives out the sender's address, ``carrier`` runs the relay; both have no name where they are not known.
    ``pitfall`` is what the carrier wants first, as what follows its name in a sentence. ``where`` is the relay's line.
    ``rates`` are those of notify.toml, if there are any; ``published`` what the carrier takes, says ``source``, and
    ``while_young`` what of accounts younger than so many days; ``is_age_given``: notify.toml says how old this one is.
    """

    where: str
    host: str
    user: str
    owner: Party
    carrier: Party
    pitfall: str = ""
    rates: tuple[Rate, ...] = ()
    published: tuple[Rate, ...] = ()
    source: str = ""
    while_young: tuple[tuple[int, tuple[Rate, ...]], ...] = ()
    is_age_given: bool = False
    port: int = 0
    tls: str = ""


def submission(facts: Facts, way: Submission) -> Iterator[Remark]:
    """Yield why the relay will refuse the sender, or recipients will refuse what comes through it."""
    sender = facts.campaign.sender.mailbox.address
    if way.owner.label and not _carries_its_own(way):
        what = (
            f"{sender} is an address of {way.owner.label}, and {way.host} is not its server: no signature will fit "
            "(DKIM, DMARC), so the messages are refused or end in the spam folder"
        )
        mend = f"Send through {way.owner.host or 'the server of ' + way.owner.label}, or write from another address."
        yield Remark("foreign-relay", what, mend, where=way.where)
    elif _is_new_through_old(facts, way):
        old = facts.campaign.change.old.email
        what = f"{sender} is the new address, and {way.host} is the server of the old one, {old}"
        mend = "Send through the server of the new one, or from the old address with reply_to the new one."
        yield Remark("new-through-old", what, mend, where=way.where)
    elif _is_old_through_new(facts, way):
        new = facts.campaign.change.new.email
        what = f"{sender} is the old address, and {way.host} is the server of the new one, {new}"
        mend = (
            "While the old mailbox works, send through its own server, with reply_to the new address; once it is gone, "
            "write from the new one and say so."
        )
        yield Remark("old-through-new", what, mend, where=way.where)
    elif "@" in way.user and near_address(way.user, sender) and way.user.casefold() != sender.casefold():
        what = f"the login is {way.user}, which differs in a letter or two from the sender, {sender}"
        yield Remark("other-login", what, "Mend one of them.", where=way.where)
    elif way.carrier.domains and "@" in way.user and way.user.casefold() != sender.casefold():
        what = f"the login is {way.user}, and the messages come from {sender}: {way.carrier.label} takes only its user"
        mend = "Set email in [sender] to the address of the login, or make it known there as a second address of yours."
        yield Remark("other-login", what, mend, where=way.where)
    elif (
        way.carrier.domains
        and way.user
        and "@" not in way.user
        and sender.rpartition("@")[2].casefold() not in way.carrier.domains
    ):
        what = f"{sender} is no address of {way.carrier.label}, which takes only its own as the sender"
        mend = "Write from your address there, or make this one known there as a second address of yours."
        yield Remark("other-login", what, mend, where=way.where)


def wrong_server(way: Submission) -> Iterator[Remark]:
    """Yield that host or port are those of another service, or do not go with the way the connection is secured."""
    service = "fetching mail (POP3, IMAP)"
    if _FETCHES.match(way.host):
        what = f"{way.host} is called like a server for {service}, not for sending it"
        yield Remark("relay-settings", what, "Your provider names one for outgoing mail (SMTP).", where=way.where)
    if way.port in (110, 143, 993, 995):
        what = f"port {way.port} is for {service}, not for sending it"
        yield Remark("relay-settings", what, "Leave port out, or write 465 or 587.", where=way.where)
    elif (way.port, way.tls) in {(587, "implicit"), (465, "starttls"), (25, "implicit")}:
        what = f'port {way.port} and tls = "{way.tls}" do not go together'
        mend = 'Leave both out, or write  port = 465  with "implicit",  port = 587  with "starttls".'
        yield Remark("relay-settings", what, mend, where=way.where)


def pitfall(way: Submission) -> Iterator[Remark]:
    """Yield what the relay's provider wants before it lets anybody in."""
    if way.pitfall:
        what = f"{way.carrier.label or way.host} {way.pitfall}"
        yield Remark("relay-pitfall", what, "If the login works already, nothing is to be done.", where=way.where)


def _carries_its_own(way: Submission) -> bool:
    """Tell whether the relay is the provider's own: known by its name, or below one of its domains."""
    names = (*way.owner.domains, *([way.owner.host] if way.owner.host else []))
    return way.carrier.label == way.owner.label or any(_is_below(way.host, name) for name in names)


def _is_old_through_new(facts: Facts, way: Submission) -> bool:
    change = facts.campaign.change
    return _is_through_other(facts, way, change.old.email, change.new.email)


def _is_new_through_old(facts: Facts, way: Submission) -> bool:
    change = facts.campaign.change
    return _is_through_other(facts, way, change.new.email, change.old.email)


def _is_through_other(facts: Facts, way: Submission, own: str, other: str) -> bool:
    """Tell whether the first of two addresses of the sender's goes through the server of the second."""
    own, other = own.casefold(), other.casefold()
    domains = [address.rpartition("@")[2] for address in (own, other)]
    if facts.campaign.sender.mailbox.address.casefold() != own or not other or domains[0] == domains[1]:
        return False
    is_of_other = way.user.casefold() == other or domains[1] in way.carrier.domains or _is_below(way.host, domains[1])
    return is_of_other and not _is_below(way.host, domains[0])


def _is_below(host: str, domain: str) -> bool:
    return f".{host.casefold().rstrip('.')}".endswith(f".{domain}")
