"""What the texts of a campaign are held against: who writes, what changes, and where each of it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import cached_property
from urllib.parse import urlsplit

from notify.core.campaign import Campaign
from notify.core.record import record

_PHONES = ("phone", "mobile", "fax")


@record(frozen=True, slots=False)  # its properties are computed once
class Facts:
    """A campaign, the texts of its template by their names, and where each key stands (``change.new.phone``)."""

    campaign: Campaign
    texts: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    #: The message files with an attachment, by their names; None where nobody has looked.
    attaching: frozenset[str] | None = None
    #: The words of the files that are attached to all messages of a text, by their names; empty for a picture or a PDF.
    files: Mapping[str, str] = field(default_factory=dict)

    def place(self, key: str) -> str:
        """Return where a key of the settings stands."""
        return self.places.get(key, key)

    @property
    def is_notice(self) -> bool:
        """Whether it tells people something and sells nothing."""
        return self.campaign.kind == "notice"

    @cached_property
    def old_only(self) -> dict[str, str]:
        """The old details that are different now, by their names."""
        old, new = self.campaign.change.old.given(), self.campaign.change.new.given()
        return {name: value for name, value in old.items() if value not in new.values()}

    @cached_property
    def new_only(self) -> dict[str, str]:
        """The new details that were different before, by their names."""
        old, new = self.campaign.change.old.given(), self.campaign.change.new.given()
        return {name: value for name, value in new.items() if value not in old.values()}

    @cached_property
    def changed(self) -> frozenset[str]:
        """The names of the details that differ, those that come or go without another one among them."""
        old, new = self.campaign.change.old.given(), self.campaign.change.new.given()
        return frozenset(name for name in {*old, *new} if _bare(old.get(name, "")) != _bare(new.get(name, "")))

    @cached_property
    def kept(self) -> frozenset[str]:
        """The names of the details that are named on both sides, and are the same."""
        return frozenset(self.campaign.change.old.given()) - self.changed

    @cached_property
    def announced(self) -> tuple[tuple[str, str], ...]:
        """All details, each with its key: ``change.new.phone``."""
        change = self.campaign.change
        return tuple(
            (f"change.{side}.{name}", value)
            for side, details in (("new", change.new), ("old", change.old))
            for name, value in details.given().items()
        )

    def of(self, *names: str) -> Iterator[tuple[str, str]]:
        """Yield the keys and values of these details, the new ones first."""
        return ((key, value) for key, value in self.announced if key.rpartition(".")[2] in names)

    @cached_property
    def phones(self) -> tuple[tuple[str, str], ...]:
        """The telephone numbers with their keys."""
        return tuple(self.of(*_PHONES))

    @cached_property
    def own_addresses(self) -> dict[str, str]:
        """The addresses of the sender, in lower case, with their keys."""
        sender = self.campaign.sender
        named = {
            **{value: key for key, value in self.of("email")},
            sender.mailbox.address: "sender.email",
            sender.reply_to: "sender.reply_to",
            sender.return_path: "sender.return_path",
        }
        return {address.casefold(): key for address, key in named.items() if address}

    @cached_property
    def own_hosts(self) -> frozenset[str]:
        """The hosts of the sender's sites and addresses, without www."""
        sites = (urlsplit(value).hostname or "" for _, value in self.of("website"))
        hosts = {*sites, *(address.rpartition("@")[2] for address in self.own_addresses)}
        return frozenset(host.removeprefix("www.") for host in hosts if host)

    @cached_property
    def bank_changes(self) -> bool:
        """Whether a new bank account is announced."""
        return "iban" in self.new_only


def _bare(value: str) -> str:
    return "".join(value.split()).casefold()
