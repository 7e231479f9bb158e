"""Whether a domain takes mail: the announced one, those of the sender, and those of the recipients."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from notify.checks.facts import Facts
from notify.checks.remark import Remark
from notify.core.address import parse_own_address
from notify.core.name_records import Answer, Answered, Ask, exchangers

#: What a domain is asked for, until it is known where its mail goes: exchangers, else its own address (RFC 5321, 5.1).
MAIL_KINDS = ("MX", "A", "AAAA")
#: Some names that are always there, and one that never is (RFC 6761).
_THERE = (("de", "NS"), ("com", "NS"))
_NEVER_THERE = ("notify-control.invalid", "A")


def is_answered(ask: Ask) -> bool:
    """Tell whether DNS can be believed: it knows what is there, and does not know what is not.

    Without a network nothing is there, and behind the page on which a hotel asks for a password everything is.
    """
    return ask(*_NEVER_THERE).answered is Answered.NOWHERE and any(
        ask(*question).answered is Answered.FOUND for question in _THERE
    )


def refusal_of(answers: Sequence[Answer]) -> str:
    """Return why a domain takes no mail, as what follows its name; empty where it does, or nothing is known.

    :param answers: to MX and, where there were none, to A and AAAA.
    """
    last = answers[-1]
    if any(not answer.is_known for answer in answers):
        return ""
    if last.answered is Answered.NOWHERE:
        return "does not exist"
    if answers[0].answered is Answered.FOUND:
        return "" if any(exchangers(answers[0])) else "says that it takes no mail (null MX)"
    return "" if last.answered is Answered.FOUND else "has no server for mail"


def own_domains(facts: Facts, ask: Ask) -> Iterator[Remark]:
    """Yield the addresses of the sender, and the announced one, that receive nothing."""
    sender, new = facts.campaign.sender, facts.campaign.change.new
    named = {
        "change.new.email": new.email,
        "sender.reply_to": sender.reply_to,
        "sender.return_path": sender.return_path,
        "sender.email": sender.mailbox.address,
    }
    seen: set[str] = set()
    for key, address in named.items():
        # the announced one may have letters beyond ASCII
        domain = parse_own_address(address).rpartition("@")[2] if address else ""
        if not domain or domain in seen:
            continue
        seen.add(domain)
        if refusal := refusal_of(_answers(domain, ask)):
            what = f"{address} receives nothing: {domain} {refusal}"
            mend = "Mend the address; if it is right, have the domain set up before anybody is told."
            yield Remark("cannot-receive", what, mend, where=facts.place(key))


def _answers(domain: str, ask: Ask) -> list[Answer]:
    answers: list[Answer] = []
    for kind in MAIL_KINDS:
        answers.append(ask(domain, kind))
        if answers[-1].answered is not Answered.EMPTY:
            break
    return answers
