"""Mistakes to plant in what DNS says of a campaign in which nothing is wrong, and how each is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.servers.zone import SERVFAIL, Zone

OWN, NEW, RELAY = "berg-kommunikation.internal", "berg-neu.internal", "mail.berg-kommunikation.internal"

#: Of the clean campaigns: everything is as it should be.
CLEAN: Zone = {
    (OWN, "MX"): [f"10 {RELAY}."],
    (OWN, "A"): ["127.0.0.1"],
    (OWN, "TXT"): ["google-site-verification=x", "v=spf1 mx ~all"],
    (f"_dmarc.{OWN}", "TXT"): ["v=DMARC1; p=quarantine"],
    (RELAY, "A"): ["192.0.2.25"],
    (NEW, "MX"): [f"10 mx.{NEW}."],
    ("posteo.de", "MX"): ["10 mx.posteo.internal."],
    ("kunde-eins.internal", "MX"): ["10 mx.kunde-eins.internal."],
    ("kunde-zwei.internal", "A"): ["192.0.2.9"],
    ("customer.internal", "AAAA"): ["2001:db8::9"],
}


@dataclass(frozen=True)
class PlantedInDns:
    """Records that stand in the place of others; none: there is no such name."""

    name: str
    at: str
    kind: str
    records: Sequence[str] | str
    more: Zone | None = None

    @property
    def zone(self) -> Zone:
        """The zone with the mistake in it."""
        zone = {**CLEAN, (self.at, self.kind): self.records, **(self.more or {})}
        return {key: records for key, records in zone.items() if records}


def _spf(name: str, *records: str, more: Zone | None = None) -> PlantedInDns:
    return PlantedInDns(name, OWN, "TXT", records, more)


def _dmarc(name: str, *records: str) -> PlantedInDns:
    return PlantedInDns(name, f"_dmarc.{OWN}", "TXT", records)


_ELEVEN: Zone = {(f"s{n}.internal", "TXT"): ["v=spf1 a -all"] for n in range(6)}

IN_DNS = [
    _spf("spf-missing", "another text"),
    _spf("spf-several", "v=spf1 mx ~all", "v=spf1 a ~all"),
    _spf("spf-broken", "v=spf1 mx ipv4:192.0.2.25 ~all"),
    _spf("spf-broken", "v=spf1 ip4:192.0.2.300 ~all"),
    _spf("spf-broken", "v=spf1 include:nowhere.internal ~all"),
    _spf("spf-broken", f"v=spf1 include:{OWN} ~all"),
    _spf(
        "spf-broken",
        "v=spf1 include:two.internal ~all",
        more={("two.internal", "TXT"): ["v=spf1 -all", "v=spf1 a -all"]},
    ),
    _spf("spf-lookups", "v=spf1 " + " ".join(f"include:s{n}.internal" for n in range(6)) + " ~all", more=_ELEVEN),
    _spf("spf-open", "v=spf1 +all"),
    _spf("spf-relay", "v=spf1 ip4:192.0.2.26 -all"),
    _spf(
        "spf-relay",
        "v=spf1 include:elsewhere.internal ~all",
        more={("elsewhere.internal", "TXT"): ["v=spf1 ip4:198.51.100.0/24 -all"]},
    ),
    _spf(
        "spf-relay",
        "v=spf1 redirect=elsewhere.internal",
        more={
            ("elsewhere.internal", "TXT"): ["v=spf1 a:other.internal -all"],
            ("other.internal", "A"): ["198.51.100.1"],
        },
    ),
    _dmarc("dmarc-missing"),
    _dmarc("dmarc-missing", "v=DMARC2; p=none"),
    _dmarc("dmarc-several", "v=DMARC1; p=none", "v=DMARC1; p=reject"),
    _dmarc("dmarc-broken", "v=DMARC1; p=refuse"),
    PlantedInDns("cannot-receive", OWN, "MX", ["0 ."], {(OWN, "TXT"): [f"v=spf1 a:{RELAY} ~all"]}),
    PlantedInDns("recipient-domain", "kunde-eins.internal", "MX", ()),
    PlantedInDns("recipient-domain", "kunde-eins.internal", "MX", ["0 ."]),
    PlantedInDns("recipient-domain", "customer.internal", "AAAA", (), {("customer.internal", "TXT"): ["x"]}),
    PlantedInDns("recipient-domain-unknown", "kunde-eins.internal", "MX", SERVFAIL),
    PlantedInDns("no-network", "de", "NS", SERVFAIL, {("com", "NS"): SERVFAIL}),
    PlantedInDns("no-network", "notify-control.invalid", "A", ["198.51.100.7"]),
]
