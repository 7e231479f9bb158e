"""The words by which relays tell what they mean, as patterns. They grow with every provider; the table does not.

They are looked for, in lower case, in the enhanced code and the text of a reply: ``5.1.1 no such user here``, or
``- no such user here`` where there is no enhanced code. Codes are those of RFC 3463 and RFC 7372; the words were
collected from providers' help pages and from what users reported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sign:
    """A pattern that tells a meaning, unless ``never`` is there too."""

    pattern: re.Pattern[str]
    never: re.Pattern[str] | None = None

    def on(self, words: str) -> bool:
        """Whether ``words``, in lower case, bear this sign."""
        return bool(self.pattern.search(words)) and not (self.never and self.never.search(words))


def _sign(*alternatives: str, never: str = "") -> Sign:
    return Sign(re.compile("|".join(alternatives)), re.compile(never) if never else None)


#: Any reply.
ANY = _sign("")

#: One connection carries only so many messages. IONOS: "Mails per session limit exceeded".
USED_UP = _sign(r"\b(?:this|per|same|single|one|each) (?:smtp )?(?:connection|session)\b")

#: The quota of our account, or how fast it may send. Gmail says it with 5.4.5 after the dot, T-Online "Send quota
#: exceeded", Microsoft "sender thread limit exceeded", StartMail "mail limit has been reached".
QUOTA = _sign(
    r"^[45]\.(?:4\.5|2\.25\d|7\.38) ",
    r"\bquota\b|kontingent|\brate[- ]?limit|unusual rate|sending rate|\brate\b.{0,20}exceed",
    r"\blimit\w*\b.{0,40}(?:exceed|reach|erreicht|überschritten)|(?:exceed|reach).{0,40}\blimit",
    r"(?:sending|mail|messages?|thread|connections?|relay|recipients?|sende|versand) ?limit",
    r"too many (?!hops|errors|bad |invalid|unknown|syntax|received)|too (?:fast|quickly|frequent)|zu viele|zu schnell",
    r"throttl|slow down|concurrent|flood|messages per|maximum number of|\b(?:hourly|daily|monthly)\b",
    r"\b(?:per|each|pro) (?:\d+ )?(?:second|minute|hour|day|month|time unit|stunde|tag)",
    never=r"\bscore\b",
)

#: The recipient's mailbox is full.
FULL = _sign(
    r"^.\.2\.2 ",
    r"mailbox.{0,20}\b(?:full|over)|over ?quota|mailbox.{0,30}quota|quota.{0,30}mailbox|postfach.{0,20}voll",
    r"inbox.{0,40}(?:full|storage)|out of storage|storage allocation|disk quota",
    never=r"\bsend(?:ing)?\b|outmail|outgoing|outbound|relay|daily|hourly|per (?:hour|day)|submission",
)

#: The sender's own mailbox is full: what Microsoft means by the code above.
OWN_FULL = _sign(r"^5\.2\.2 .*storedrv")

#: The recipient gets too much mail, from anybody. Gmail, Rackspace, Microsoft.
BUSY = _sign(r"user you are trying to contact|receiving mail|mailbox received too|recipient thread limit")

#: Greylisting (RFC 6647): strangers are asked to come again.
GREY = _sign(r"gr[ae]y[- ]?list")

#: The message is too large (RFC 1870), or a line of it is too long.
SIZE = _sign(
    r"^5\.(?:3\.4|2\.3) ",
    r"(?:message|mail|size|data|line)\b.{0,30}too (?:big|large|long)|(?:message|maximum|fixed|mail) size",
    r"size (?:limit|exceed)|(?:line|header) length|nachricht.{0,20}zu gro",
)

#: The relay wants a login before anything else.
LOGIN_WANTED = _sign(
    r"authentication (?:is )?required|authenticat\w+ (?:first|needed)|\bauth (?:is )?(?:first|required)",
    r"auth command first|not authenticated|log ?in first|must issue a? ?starttls",
)

#: The account may not use this sender. Microsoft at the dot: "SendAsDenied"; Postfix: "not owned by user".
SEND_AS = _sign(r"sendasdenied|send as\b")
SENDER = _sign(
    r"^5\.1\.[78] ",
    r"sender (?:address )?(?:is )?(?:rejected|denied|invalid|unknown|not)|(?:invalid|bad) (?:outbound )?sender",
    r"not owned by|sender verif|envelope sender|sender domain|from address",
    r"not (?:allowed|authori[sz]ed|permitted) to (?:send|use)|your (?:\w+ )?(?:account|mailbox|domain)\b",
)

#: The relay cannot place us, for the moment.
STRANGER = _sign(r"^4\.1\.[78] ", r"client host|sender address|helo command|your ip")

#: The relay's own machinery is broken, for the moment.
TROUBLE = _sign(
    r"^4\.3\.",
    r"service (?:is )?(?:temporarily )?(?:unavailable|not available)|server (?:is )?busy|lookup (?:failure|error)",
    r"(?:local|internal|system|server) (?:server )?(?:error|problem|trouble)|insufficient (?:system|disk)",
)

#: The enhanced codes of an address that is no more (RFC 3463, 3.2 and 3.3; RFC 7293 for the last two).
GONE = _sign(r"^5\.(?:1\.(?:[12346]|10)|2\.1|7\.1[378]) ")

#: The same in words. Outlook.com says "Recipient address rejected: Access denied" of whom it does not know.
NOBODY = _sign(
    r"(?:user|recipient|mailbox|account|address|adresse|empf\w+)\b.{0,40}(?:unknown|unbekannt|not found|n[o']t exist)",
    r"(?:user|recipient|mailbox|account|address)\b.{0,40}(?:invalid|disabled|inactive|not active|closed|suspended)",
    r"(?:user|recipient|mailbox|account|address)\b.{0,40}(?:unavailable|no longer)|no such|no mail-?box",
    r"unknown (?:user|recipient|mailbox|address)|(?:not a valid|invalid) (?:user|mailbox|recipient)",
    r"unrouteable|undeliverable|recipient address rejected",
)

#: What we are, or what we write, is not wanted there. GMX and IONOS: "Reject due to policy restrictions".
POLICY = _sign(
    r"relay(?:ing)?\b.{0,20}(?:denied|not|prohibited)|unable to relay|not (?:permitted|allowed) to relay|rcpthosts",
    r"\bspa?m|unsolicited|\bblocked|black ?list|block ?list|\brbl\b|dnsbl|spamhaus|reputation|your ip|client host",
    r"polic(?:y|ies)|\bspf\b|dkim|dmarc|virus|malware|phish|content|abuse|banned|not authori[sz]ed",
)

#: "Other content", "other policy" (RFC 3463, 3.7 and 3.8).
REFUSED_US = _sign(r"^5\.7\.")
REFUSED_TEXT = _sign(r"^5\.[67]\.")

#: The relay has lost the thread.
OUT_OF_STEP = _sign(r"^5\.5\.1 ", r"no valid recipients")
