"""What a relay offers, once it has let us in: whether that is enough for this mailing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from notify.checks.remark import Remark


def relay_offers(
    name: str, features: Mapping[str, str], where: str, *, octets: int, beyond_ascii: int
) -> Iterator[Remark]:
    """Yield what of the mailing a relay will refuse.

    :param features: the keywords of EHLO in lower case, with their parameters.
    :param octets: of the largest message; ``beyond_ascii``: how many addresses only SMTPUTF8 (RFC 6531) carries.
    """
    limit = limit_of(features)
    if limit and octets > limit:
        what = f"{name} takes messages up to {_megabytes(limit)}, and the largest has {_megabytes(octets)}"
        yield Remark("relay-size", what, "Attach less, or put the files on your website.", where=where)
    if beyond_ascii and "smtputf8" not in features:
        whom = "one recipient has" if beyond_ascii == 1 else f"{beyond_ascii:,} recipients have"
        what = f"{name} takes no addresses with letters like ä before the @ (SMTPUTF8), and {whom} such a one"
        yield Remark("relay-letters", what, "Ask these for another address, or tell them by letter.", where=where)


def limit_of(features: Mapping[str, str]) -> int:
    """Return how many octets a message may have (RFC 1870); 0 where nothing is said."""
    said = features.get("size", "").strip()
    return int(said) if said.isdecimal() else 0


def _megabytes(octets: int) -> str:
    return f"{octets / 1_000_000:.1f} MB"
