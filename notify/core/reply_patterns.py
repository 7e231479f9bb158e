"""The words by which relays tell what they mean, as patterns. They grow with every provider; the table does not.

They are looked for, in lower case, in the enhanced code and the text of a reply: ``5.1.1 no such user here``, or
``- no such user here`` where there is no enhanced code. Codes are those of RFC 3463 and RFC 7372; the words were
collected from providers' help pages and from what users reported.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from notify.core.late_pattern import late_pattern
from notify.core.outcome import Loss, Reply

_ENHANCED = late_pattern(r"[245]\.\d{1,3}\.\d{1,3}(?:\s+|$)")


@dataclass(frozen=True)
class Sign:
    """Patterns that tell a meaning, unless ``never`` is there too. They are compiled when first looked for."""

    patterns: tuple[str, ...]
    never: str = ""

    @functools.cached_property
    def _tells(self) -> re.Pattern[str]:
        return re.compile("|".join(self.patterns))

    @functools.cached_property
    def _denies(self) -> re.Pattern[str] | None:
        return re.compile(self.never) if self.never else None

    def on(self, words: str) -> bool:
        """Whether ``words``, in lower case, bear this sign."""
        return bool(self._tells.search(words)) and not (self._denies and self._denies.search(words))


def words_of(answer: Reply | Loss) -> str:
    """Return what the signs look at: of a reply the enhanced code once, and the text of all lines."""
    if isinstance(answer, Loss):
        return answer.reason.lower()
    lines = (_ENHANCED.sub("", line.strip(), count=1) for line in answer.lines)
    return " ".join([answer.enhanced or "-", *lines]).lower()


def _sign(*alternatives: str, never: str = "") -> Sign:
    return Sign(alternatives, never)


#: Any reply.
ANY = _sign("")

#: There is no such server: in our own words, as no reply came.
NO_HOST = _sign(r"the name \S+ is not known", r"is not the name of a host")

#: One connection carries only so many messages. IONOS: "Mails per session limit exceeded".
USED_UP = _sign(r"\b(?:this|per|same|single|one|each) (?:smtp )?(?:connection|session)\b")

#: Too many connections at once, or too fast within seconds: over in a moment. Microsoft "Concurrent connections limit
#: exceeded", Amazon SES "Maximum sending rate exceeded". Emailit also names its limit by the second.
HASTE = _sign(
    r"concurrent|thread limit|(?:too many|number of) (?:\w+ )?(?:connections|sessions)|too frequent connects",
    r"\bper (?:\d+ )?second|maximum sending rate",
)

#: The quota of our account, or how fast it may send. Gmail says it with 5.4.5 after the dot, T-Online "Send quota
#: exceeded", StartMail "mail limit has been reached", Mailgun "limited to 100 messages / hour", Yahoo "unexpected
#: volume".
QUOTA = _sign(
    r"^5\.4\.5 |^[45]\.(?:2\.25\d|7\.38) ",
    r"\bquota\b|kontingent|\brate[- ]?limit|unusual rate|sending rate|\brate\b.{0,20}exceed",
    r"\blimit\w*\b.{0,40}(?:exceed|reach|erreicht|überschritten)|(?:exceed|reach).{0,40}\blimit",
    r"(?:sending|mail|messages?|thread|connections?|relay|recipients?|sende|versand) ?limit",
    r"too many (?!hops|errors|bad |invalid|unknown|syntax|received)|too (?:fast|quickly|frequent)|zu viele|zu schnell",
    r"throttl|slow down|concurrent|flood|messages per|maximum number of|\b(?:hourly|daily|monthly)\b",
    r"\b(?:per|each|pro) (?:\d+ )?(?:second|minute|hour|day|month|time unit|stunde|tag)",
    r"limited to \d|refusequota|submissionquota|credits exceeded|\bfrequency\b|(?:excessive|unexpected) volume",
    never=r"\bscore\b",
)

#: Refused for good, and yet to be tried later: GMX says "mailbox unavailable" with 550 of every recipient, and in the
#: last line "Failure sending mail. Try again later", when one has sent too much. La Poste says it in French.
NOT_NOW = _sign(r"(?:again|try|retry|come back) later|essayer plus tard|später (?:noch|erneut|wieder)")

#: The recipient's mailbox is full. WEB.DE in words only, Orange and Comcast with 5.1.1.
FULL = _sign(
    r"^.\.2\.2 ",
    r"mailbox.{0,20}\b(?:full|over)|over ?quota|mailbox.{0,30}quota|quota.{0,30}mailbox|postfach.{0,20}voll",
    r"inbox.{0,40}(?:full|storage)|out of storage|storage (?:allocation|space)|speichervolumen|disk quota",
    r"many (?:messages|mails) on the server|^5\.1\.1 .*\bquota|bo[iî]te du destinataire pleine",
    never=r"\bsend(?:ing)?\b|outmail|outgoing|outbound|relay|daily|hourly|per (?:hour|day)|submission",
)

#: The sender's own mailbox is full: what Microsoft means by the code above.
OWN_FULL = _sign(r"^5\.2\.2 .*storedrv")

#: The recipient gets too much mail, from anybody. Gmail, Rackspace, Microsoft, Yandex.
BUSY = _sign(
    r"user you are trying to contact|receiving mail|mailbox received too|recipient thread limit",
    r"recipient has exceeded|messages they can send to this recipient",
)

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
    r"auth command first|not authenticated|not logged in|log ?in first|must issue a? ?starttls",
    r"unauthenticated senders",
)

#: Microsoft takes no passwords any more: "basic authentication is disabled", "Basic authentication is not supported
#: for Client Submission". The codes say nothing: a wrong password is 5.7.139 too.
NO_PASSWORDS = _sign(r"basic auth")

#: Microsoft lets nobody submit by SMTP: "SmtpClientAuthentication is disabled for the Tenant" or "for the Mailbox".
NO_SUBMISSION = _sign(r"smtpclientauthentication is disabled")

#: The account is restricted until its owner has done something on the provider's website. Microsoft, Zoho, and the
#: senders' services as long as they do not know their customer.
RESTRICTED = _sign(
    r"^5\.7\.70[58] |outboundspamexception|unusual sending activity|outgoing blocked|for test purposes only",
    r"(?:address|domain|identity|account) (?:is )?not (?:yet )?(?:verified|activated|validated)",
    r"your (?:\w+ )?account (?:has been |is |was )?(?:suspended|disabled|blocked|locked|restricted)",
)

#: The account may not use this sender. Microsoft at the dot: "SendAsDenied"; Postfix: "not owned by user"; Zoho:
#: "Relaying disallowed as"; SendGrid, with 403: "not authorized to send from that email address".
SEND_AS = _sign(r"sendasdenied|send as\b|not authori[sz]ed to send from that")
SENDER = _sign(
    r"^5\.1\.[78] ",
    r"sender (?:address )?(?:is )?(?:rejected|denied|invalid|unknown|not)",
    r"(?:invalid|incorrect|bad|unknown) (?:outbound )?sender",
    r"not owned by|sender verif|envelope sender|sender domain|from address|mailfrom\b",
    r"relaying disallowed as|permissions? to send|same as authorization user",
    r"not (?:allowed|authori[sz]ed|permitted) to (?:send|use|perform)|your (?:\w+ )?(?:account|mailbox|domain)\b",
)

#: The relay does not know who we are, for the moment.
STRANGER = _sign(r"^4\.1\.[78] ", r"client host|sender address|your ip")

#: The name by which we greeted is not taken, said at whatever phase. Postfix: "Helo command rejected: need
#: fully-qualified hostname"; Exim: "Syntactically invalid HELO argument(s)"; cPanel: "Access denied - Invalid HELO
#: name"; qmail's patches: "your helo/ehlo host has been denied". Not in the address of somebody who is called Helo, nor
#: where it is only named: "helo=" in a receiver's findings, "EHLO first" from who has lost track.
OUR_NAME = _sign(
    r"(?<![\w@.+=-])(?:helo|ehlo)(?![\w@=]|[\w-]*[.@]\w)",
    never=r"^.\.1\.|(?:helo|ehlo)[\"']? first|gr[ae]y[- ]?list|tim(?:eout|ed out)|waiting|too many"
    r"|\b(?:before|after|send|say|issue|expect\w*) (?:an? )?[\"']?(?:helo|ehlo)",
)

#: The same where it can be said of nothing else, in answer to EHLO. Sendmail and Exchange: "Invalid domain name".
HOST_NAME = _sign(
    r"(?:domain|host) ?name|fully[- ]qualified|\bfqdn\b|address literal|localhost", never=r"client host|\bip\b|\[\d"
)

#: The relay's own machinery is broken, for the moment.
TROUBLE = _sign(
    r"^4\.3\.",
    r"service (?:is )?(?:temporarily )?(?:unavailable|not available)|server (?:is )?busy|lookup (?:failure|error)",
    r"(?:local|internal|system|server) (?:server )?(?:error|problem|trouble)|insufficient (?:system|disk)",
)

#: The enhanced codes of an address that does not exist any more (RFC 3463, 3.2 and 3.3; RFC 7293 for the last two).
GONE = _sign(r"^5\.(?:1\.(?:[12346]|10)|2\.1|7\.1[378]) ")

#: Letters beyond ASCII before the @ are not taken, here or further on (RFC 6531, 3.5 and 4.3; Postfix: "SMTPUTF8 is
#: required, but was not offered by host"). Only such an address is ever written with SMTPUTF8.
SMTPUTF8 = _sign(r"^5\.6\.[79] ", r"\bsmtputf8\b")

_NOBODY = (
    r"(?:user|recipient|mailbox|account|address|adresse|empf\w+)\b.{0,40}(?:unknown|unbekannt|not found|n[o']t exist)",
    r"(?:user|recipient|mailbox|account|address)\b.{0,40}(?:invalid|disabled|inactive|not active|closed|suspended)",
    r"(?:user|recipient|mailbox|account|address)\b.{0,40}no longer|no such|no mail-?box",
    r"unknown (?:user|recipient|mailbox|address|local part)|(?:not a valid|invalid) (?:user|mailbox|recipient)",
    r"n[o']t have an? .{0,40}account|no longer (?:valid|on server|in use)|inconnu|unrouteable",
)

#: The same in words. Outlook.com says "Recipient address rejected: Access denied" of whom it does not know.
NOBODY = _sign(
    *_NOBODY,
    r"(?:user|recipient|mailbox|account|address)\b.{0,40}unavailable",
    r"undeliverable|recipient address rejected",
)

#: The same, in words that a relay that refuses everybody would not choose. Not the words with which Postfix begins any
#: refusal of a recipient, except as Microsoft uses them; and not "mailbox unavailable": Yahoo says that after the dot
#: of a message that it does not like.
SURELY_NOBODY = _sign(*_NOBODY, r"^5\.4\.1 recipient address rejected: access denied")

#: The words that RFC 5321 (4.2.2) gives to 550. To RCPT, and without anything else, they mean what they say.
UNAVAILABLE = _sign(r"^\S+ requested action not taken: mailbox unavailable")

#: What we are, or what we write, is not wanted there. GMX and IONOS: "Reject due to policy restrictions".
POLICY = _sign(
    r"relay(?:ing)?\b.{0,20}(?:denied|not|prohibited)|unable to relay|not (?:permitted|allowed) to relay|rcpthosts",
    r"\bspa?m|unsolicited|\bblocked|black ?list|block ?list|\brbl\b|dnsbl|spamhaus|reputation|your ip|client host",
    r"polic(?:y|ies)|\bspf\b|dkim|dmarc|virus|malware|phish|content|abuse|banned|not authori[sz]ed",
)

#: The host that writes is not wanted, or not known; whatever is written.
HOST = _sign(
    r"client host|client \[|your ip\b|the ip you'?re|(?:sending|source) ip|part of their network",
    r"relay(?:ing)?(?: access)? (?:denied|prohibited)|unable to relay|invalid credentials for relay",
)

#: The domain of the sender does not prove itself to the receivers. Gmail and Yahoo 5.7.2x, Outlook.com 5.7.515.
UNPROVEN = _sign(
    r"^5\.7\.(?:2[0-7]|30|509|515) |\bspf\b|dkim|dmarc|unauthenticated|authentication (?:level|checks|information)",
)

#: "Other content", "other policy" (RFC 3463, 3.7 and 3.8).
REFUSED_US = _sign(r"^5\.7\.")
REFUSED_TEXT = _sign(r"^5\.[67]\.")

#: The relay has lost track of the dialogue.
OUT_OF_STEP = _sign(r"^5\.5\.1 ", r"no valid recipients")


def is_of_nobody(reply: str) -> bool:
    """Tell whether a recorded reply, ``550 5.1.1 No such user``, said for good that nobody has the address."""
    code, _, text = reply.partition(" ")
    words = words_of(Reply(int(code), (text,))) if code.isdecimal() and code.startswith("5") else ""
    return bool(words) and (GONE.on(words) or SURELY_NOBODY.on(words))
