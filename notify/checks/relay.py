"""What a relay offers, once it has let us in: whether that is enough for this mailing, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from notify.checks.remark import Remark
from notify.core.record import record

#: How many answers a message waits for without PIPELINING (RFC 2920): to MAIL, RCPT, DATA and the dot; and with it.
_ANSWERS, _ANSWERS_PIPELINED = 4, 2


@record(frozen=True, slots=True)
class Mailing:
    """What a relay is to take. ``octets`` are those of the largest message; 0 is not known.

    ``beyond_ascii``: how many addresses only SMTPUTF8 (RFC 6531) carries. ``takes_s``: how long all of it takes by
    rates and pauses alone.
    """

    recipients: int = 0
    octets: int = 0
    beyond_ascii: int = 0
    takes_s: float = 0


@record(frozen=True, slots=True)
class Offered:
    """What a relay has offered: the keywords of EHLO in lower case, with their parameters.

    ``answer_s`` is how long one answer takes; ``connections`` how many are open at the same time. ``pipelines``: notify
    is to make use of PIPELINING.
    """

    name: str
    features: Mapping[str, str]
    answer_s: float = 0
    connections: int = 1
    pipelines: bool = True

    @property
    def limit(self) -> int:
        """How many octets a message may have (RFC 1870); 0 where nothing is said."""
        said = self.features.get("size", "").strip()
        return int(said) if said.isdecimal() else 0


def relay_offers(relay: Offered, mailing: Mailing, where: str) -> Iterator[Remark]:
    """Yield what of the mailing a relay will refuse, or takes slowly."""
    if relay.limit and mailing.octets > relay.limit:
        what = f"{relay.name} takes messages up to {_megabytes(relay.limit)}, and the largest has "
        mend = "Attach less, or put the files on your website."
        yield Remark("relay-size", what + _megabytes(mailing.octets), mend, where=where)
    yield from _letters(relay, mailing.beyond_ascii, where)
    if relay.pipelines and "pipelining" not in relay.features:
        yield Remark("relay-pipelining", *_without_pipelining(relay, mailing), where=where)


def _letters(relay: Offered, beyond_ascii: int, where: str) -> Iterator[Remark]:
    whom = "one recipient has" if beyond_ascii == 1 else f"{beyond_ascii:,} recipients have"
    mend = "Ask these for another address, or tell them by letter."
    if beyond_ascii and "smtputf8" not in relay.features:
        what = f"{relay.name} takes no addresses with letters like ä before the @ (SMTPUTF8), and {whom} such a one"
        yield Remark("relay-letters", what, mend, where=where)
    elif beyond_ascii and "8bitmime" not in relay.features:
        what = (
            f"{relay.name} offers SMTPUTF8 without 8BITMIME, which belongs to it (RFC 6531), and {whom} an address "
            "with letters like ä before the @: what is written to these may be refused"
        )
        yield Remark("relay-letters", what, mend, where=where)


def _without_pipelining(relay: Offered, mailing: Mailing) -> tuple[str, str]:
    """Return what it costs that each command waits for its answer, and what can be done."""
    more = _ANSWERS - _ANSWERS_PIPELINED
    each_s = relay.answer_s * mailing.recipients / relay.connections
    waits = f"each message waits for {more} answers more ({relay.answer_s:.2f} s each)"
    what = f"{relay.name} offers no PIPELINING: {waits}"
    if mailing.takes_s >= each_s * _ANSWERS:
        return f"{what}, which costs nothing at this rate", "Nothing is to be done."
    return (
        f"{what}, about {_duration(each_s * more)} for {mailing.recipients:,} recipients",
        "If the relay is yours, switch it on; if not, more `connections`, where its provider allows them, help.",
    )


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _megabytes(octets: int) -> str:
    return f"{octets / 1_000_000:.1f} MB"
