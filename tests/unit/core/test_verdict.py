"""The verdict as a table: what relays really say, and whom it is charged to.

The replies are those of real providers, with addresses and host names invented.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from notify.core.outcome import Action, Loss, Phase, Reply, Scope
from notify.core.reply_patterns import is_of_nobody
from notify.core.status import TRANSITIONS, Status
from notify.core.verdict import given_up, goes_on, judge, refusal
from notify.errors import LoginError, RelayError

CONNECT, BANNER, EHLO, STARTTLS, AUTH = Phase.CONNECT, Phase.BANNER, Phase.EHLO, Phase.STARTTLS, Phase.AUTH
MAIL, RCPT, DATA, BODY, DOT = Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.BODY, Phase.DOT

Expected = tuple[Status, Scope, Action]
SENT = (Status.SENT, Scope.RECIPIENT, Action.GO_ON)
FAIL = (Status.FAILED, Scope.RECIPIENT, Action.GO_ON)
LATER = (Status.DEFERRED, Scope.RECIPIENT, Action.GO_ON)
ANEW = (Status.PENDING, Scope.RELAY, Action.RECONNECT)
PAUSE = (Status.PENDING, Scope.RELAY, Action.PAUSE)
STOP = (Status.PENDING, Scope.RELAY, Action.STOP)
TEXT = (Status.PENDING, Scope.MESSAGE, Action.STOP)

OPENING = [
    (BANNER, "421 4.7.0 mail.relay.example Error: too many connections from 192.0.2.7", ANEW),
    (BANNER, "421 Too many concurrent connections from this client (G2)", ANEW),
    (BANNER, "450 4.3.2 Please try again later", ANEW),
    (BANNER, "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.dnsbl.example", STOP),
    (BANNER, "554-mail.relay.example\n554-No SMTP service\n554 IP address is block listed.", STOP),
    (EHLO, "421 4.3.2 Service not available", ANEW),
    (EHLO, "501 5.5.4 Invalid domain name", STOP),
    (EHLO, "550 Access denied - Invalid HELO name", STOP),
    (STARTTLS, "454 4.7.0 TLS not available due to local problem", ANEW),
    (STARTTLS, "501 5.5.4 Syntax error (no parameters allowed)", STOP),
    (AUTH, "535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6", STOP),
    (AUTH, "535-5.7.8 Username and Password not accepted. For more information, go to\n535 5.7.8 Support page", STOP),
    (AUTH, "534-5.7.9 Application-specific password required.\n534 5.7.9 Support page", STOP),
    (AUTH, "535 Authentication credentials invalid", STOP),
    (AUTH, "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.", STOP),
    (AUTH, "550 5.7.30 Basic authentication is not supported for Client Submission.", STOP),
    (AUTH, "530 5.7.0 Must issue a STARTTLS command first", STOP),
    (AUTH, "538 5.7.11 Encryption required for requested authentication mechanism", STOP),
    (AUTH, "432 4.7.12 A password transition is needed", STOP),
    (AUTH, "504 5.5.4 Unrecognized authentication type", STOP),
    (AUTH, "503 5.5.1 Error: authentication not enabled", STOP),
    (AUTH, "454 4.7.0 Temporary authentication failure: Connection lost to authentication server", ANEW),
    (AUTH, "454 4.7.0 Too many login attempts, please try again later.", PAUSE),
    (AUTH, "550 5.7.1 Too many login attempts for this account", PAUSE),
    (AUTH, "432 4.3.2 Concurrent connections limit exceeded.", PAUSE),
    (AUTH, "421 4.7.0 Temporary System Problem. Try again later", ANEW),
    (AUTH, "334 UGFzc3dvcmQ6", ANEW),
]

# the relay does not take the name by which it was greeted, and says so wherever it likes
OUR_NAME = [
    "501 5.5.2 <localhost>: Helo command rejected: Invalid name",
    "504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname",
    "450 4.7.1 <mail.example.com>: Helo command rejected: Host not found",
    "554 5.7.1 <localhost>: Helo command rejected: Access denied",
    "550 5.7.1 <[192.0.2.7]>: Helo command rejected: You are not me",
    "550 5.7.1 <n@kunde.example>: Recipient address rejected: Ask your administrator to correct HELO and DNS",
    "501 Syntactically invalid HELO argument(s)",
    "501-Syntactically invalid\n501 EHLO argument(s)",
    "550 Access denied - Invalid HELO name (See RFC2821 4.1.1.1)",
    '550 "REJECTED - Bad HELO - Host impersonating [mail.kunde.example]"',
    "550 HELO/EHLO is not a FQDN",
    "553 5.0.0 Your HELO is not welcome here",
    "501 5.5.4 HELO/EHLO argument is invalid.",
    "550 sorry, your helo/ehlo host has been denied (#5.7.1)",
    "550 The host name specified in HELO does not match IP address.",
    "421 4.7.0 bad EHLO name, goodbye",
    "554 5.5.0 Fix your (EHLO) greeting, please",
]
# the same, in words that could mean something else elsewhere
AT_EHLO = [
    "501 5.5.4 Invalid domain name",
    "501 5.0.0 Invalid domain name",
    "501 Syntax: EHLO hostname",
    "504 5.5.2 argument not understood",
    "550 5.7.1 invalid hostname",
    "554 5.7.1 localhost is nobody's name",
    "550 5.7.0 need a FQDN",
]
# somebody else's trouble, though the word is there
NOT_OUR_NAME = [
    (RCPT, "550 5.1.1 <helo@kunde.example>: Recipient address rejected: User unknown", Status.FAILED),
    (RCPT, "550 <anna@helo.example>: no such user", Status.FAILED),
    (RCPT, "550 no such user at helo-shop.example", Status.FAILED),
    (RCPT, "550 5.1.1 no such mailbox: helo", Status.FAILED),
    (RCPT, "450 4.2.0 Greylisted; helo mail.example.com", Status.DEFERRED),
    (RCPT, "550 5.2.1 heloise is no longer here", Status.FAILED),
]

# phase, reply, on a fresh connection, after messages were accepted on it
TRANSACTION = [
    # the connection is used up, or the relay goes
    (MAIL, "421 4.4.2 mail.relay.example Error: timeout exceeded", ANEW, ANEW),
    (MAIL, "421 4.7.0 Try again later, closing connection.", ANEW, ANEW),
    (MAIL, "451-Requested action aborted\n451 Mails per session limit exceeded.", PAUSE, ANEW),
    (MAIL, "421 too many messages in this connection", PAUSE, ANEW),
    (RCPT, "452 4.5.3 Error: too many recipients in this session", PAUSE, ANEW),
    (RCPT, "421 4.7.0 mail.relay.example Error: too many errors", ANEW, ANEW),
    (DATA, "421 4.3.2 System shutting down", ANEW, ANEW),
    (DOT, "421 4.3.0 Temporary System Problem. Try again later", ANEW, ANEW),
    # MAIL: the relay for now, the sender for good
    (MAIL, "450 4.7.1 Client host rejected: cannot find your hostname, [192.0.2.7]", ANEW, ANEW),
    (MAIL, "451 4.3.0 Error: queue file write error", ANEW, ANEW),
    (MAIL, "452 4.3.1 Insufficient system storage", ANEW, ANEW),
    (MAIL, "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded", ANEW, ANEW),
    (MAIL, "450 4.2.1 Peak SMTP relay limit exceeded for customer.", PAUSE, PAUSE),
    (MAIL, "450 Requested mail action not taken: Mail send limit exceeded.", PAUSE, PAUSE),
    (MAIL, "550 5.7.1 Your mail limit has been reached.", PAUSE, PAUSE),
    (MAIL, "550 5.1.8 <info@alt.example>: Sender address rejected: Domain not found", STOP, STOP),
    (MAIL, "553 5.7.1 <info@alt.example>: Sender address rejected: not owned by user anna", STOP, STOP),
    (MAIL, "550 Sender verify failed", STOP, STOP),
    (MAIL, "530 5.7.0 Authentication required", STOP, STOP),
    (MAIL, "530 5.7.57 Client not authenticated to send mail.", STOP, STOP),
    (MAIL, "550 5.1.8 Access denied, bad outbound sender", STOP, STOP),
    (MAIL, "554 5.7.1 Your account has been suspended", STOP, STOP),
    (MAIL, "552 5.3.4 Message size exceeds fixed limit", TEXT, TEXT),
    (MAIL, "552 5.3.4 Message size exceeds fixed maximum message size (10485760)", TEXT, TEXT),
    (MAIL, "555 5.5.4 Unsupported option: SIZE=12", STOP, STOP),
    (MAIL, "503 5.5.1 Error: nested MAIL command", ANEW, ANEW),
    (MAIL, "354 go ahead", ANEW, ANEW),
    # RCPT: nobody there
    (
        RCPT,
        "550 5.1.1 <n@kunde.example>: Recipient address rejected: User unknown in local recipient table",
        FAIL,
        FAIL,
    ),
    (RCPT, "550-5.1.1 The email account that you tried to reach does not exist.\n550 5.1.1 See the help", FAIL, FAIL),
    (RCPT, "550 Requested action not taken: mailbox unavailable", FAIL, FAIL),
    (RCPT, "550 No such user here", FAIL, FAIL),
    (RCPT, "550 sorry, no mailbox here by that name", FAIL, FAIL),
    (RCPT, "550 Unrouteable address", FAIL, FAIL),
    (RCPT, "551 User not local; please try <n@neu.example>", FAIL, FAIL),
    (RCPT, "553 5.1.3 <n@kunde.example>: Recipient address rejected: bad syntax", FAIL, FAIL),
    (RCPT, "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", FAIL, FAIL),
    (RCPT, "556 5.1.10 Recipient address has a null MX", FAIL, FAIL),
    (RCPT, "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", FAIL, FAIL),
    (RCPT, "550 5.2.1 This mailbox has been disabled", FAIL, FAIL),
    (RCPT, "550 Empfängeradresse unbekannt", FAIL, FAIL),
    (RCPT, "554 5.7.1 <n@kunde.example>: Recipient address rejected: User unknown", FAIL, FAIL),
    (RCPT, "599 nobody ever saw this code", FAIL, FAIL),
    (RCPT, "552 5.2.3 Message length exceeds administrative limit of the mailbox", FAIL, FAIL),
    # letters before the @ that need SMTPUTF8, at whatever phase
    (MAIL, "553 5.6.7 Non-ASCII addresses not permitted", FAIL, FAIL),
    (MAIL, "550 5.6.7 SMTPUTF8 is required, but was not offered by host mx.kunde.example[192.0.2.7]", FAIL, FAIL),
    (RCPT, "553 5.6.7 The relay does not offer SMTPUTF8, which this address needs", FAIL, FAIL),
    (RCPT, "550 5.7.1 SMTPUTF8 not supported by local policy", FAIL, FAIL),
    (DOT, "554 5.6.9 UTF-8 header message cannot be transferred to one or more recipients", FAIL, FAIL),
    # RCPT, and not now
    (RCPT, "450 4.2.0 <n@kunde.example>: Recipient address rejected: Greylisted", LATER, LATER),
    (RCPT, "451 4.7.1 Greylisting in action, please come back in 00:04:59", LATER, LATER),
    (RCPT, "450 4.1.2 <n@kunde.example>: Recipient address rejected: Domain not found", LATER, LATER),
    (RCPT, "450 4.1.1 <n@kunde.example>: Recipient address rejected: unverified address", LATER, LATER),
    (RCPT, "452-4.2.2 The recipient's inbox is out of storage space.\n452 4.2.2 Please tell them", LATER, LATER),
    (RCPT, "552 5.2.2 <n@kunde.example>: user is over quota", LATER, LATER),
    (RCPT, "552 Requested mail action aborted: exceeded storage allocation Quota exceeded", LATER, LATER),
    (RCPT, "422 4.2.2 Quota limit exceeded (Speicherplatz des Kontos ueberschritten)", LATER, LATER),
    (RCPT, "552 5.2.2 <n@kunde.example> Quota exceeded (mailbox for user is full)", LATER, LATER),
    (RCPT, "450-4.2.1 The user you are trying to contact is receiving mail at a rate\n450 4.2.1 that", LATER, LATER),
    (RCPT, "450 4.2.1 <n@kunde.example>: Mailbox received too much email in a short period of time", LATER, LATER),
    (RCPT, "450 4.4.1 <n@kunde.example>: The recipient's server was temporarily unavailable", LATER, LATER),
    # RCPT: the relay for now
    (RCPT, "451 4.3.0 <n@kunde.example>: Temporary lookup failure", ANEW, LATER),
    (RCPT, "451 Temporary local problem - please try later", ANEW, LATER),
    (RCPT, "450 4.7.1 Client host rejected: cannot find your reverse hostname, [192.0.2.7]", ANEW, ANEW),
    (RCPT, "450 4.1.8 <info@alt.example>: Sender address rejected: Domain not found", ANEW, ANEW),
    (RCPT, "550 Send quota exceeded", PAUSE, PAUSE),
    (
        RCPT,
        "554 5.7.1 <n@kunde.example>: Recipient address rejected: You have exceeded your Outmail quota",
        PAUSE,
        PAUSE,
    ),
    (RCPT, "451 4.7.1 Received too many messages from a new or untrusted IP (G28)", PAUSE, PAUSE),
    (RCPT, "450 4.7.1 <info@alt.example>: Sender address rejected: Rate limit exceeded", PAUSE, PAUSE),
    (RCPT, "550 User info@alt.example has exceeded its 24-hour sending limit.", PAUSE, PAUSE),
    (RCPT, "452 4.3.1 Number messages per hour exceeded", PAUSE, PAUSE),
    (RCPT, "450 Zu viele Nachrichten, bitte warten", PAUSE, PAUSE),
    (RCPT, "550 Versandlimit überschritten", PAUSE, PAUSE),
    # RCPT: the relay for good
    (RCPT, "554 5.7.1 <n@kunde.example>: Relay access denied", STOP, STOP),
    (RCPT, "550 5.7.1 Unable to relay", STOP, STOP),
    (RCPT, "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", STOP, STOP),
    (RCPT, "550 authentication required", STOP, STOP),
    (RCPT, "503 5.5.4 Error: send AUTH command first", STOP, STOP),
    (RCPT, "550 5.7.1 Refused by local policy. No SPAM please!", STOP, STOP),
    (RCPT, "550 5.7.23 <n@kunde.example>: Recipient address rejected: Message rejected due to: SPF fail", STOP, STOP),
    (RCPT, "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using ix.dnsbl.example", STOP, STOP),
    (RCPT, "550 5.7.1 Access denied", STOP, STOP),
    (RCPT, "503 5.5.1 Bad sequence of commands", ANEW, ANEW),
    # DATA
    (DATA, "554 5.5.1 Error: no valid recipients", ANEW, ANEW),
    (DATA, "250 OK", ANEW, ANEW),
    (DATA, "550 5.7.1 <DATA>: Data command rejected: only 10 messages per day", PAUSE, PAUSE),
    (DATA, "554 5.7.1 <DATA>: Data command rejected: limit of 400 rcpts per 24 hours reached", PAUSE, PAUSE),
    (DATA, "451 4.3.0 Internal server error", ANEW, ANEW),
    (DATA, "450 4.2.0 try this one later", LATER, LATER),
    # what is said unasked while the message is written
    (BODY, "552 5.3.4 Message too big for system", TEXT, TEXT),
    (BODY, "421 4.4.2 timeout", ANEW, ANEW),
    (BODY, "250 already?", ANEW, ANEW),
    (BODY, "354 go on", ANEW, ANEW),
    # the dot
    (DOT, "250 2.0.0 Ok: queued as 4XyZ", SENT, SENT),
    (DOT, "250 Requested mail action okay, completed: id=1MtNcp-1uRxcI0001", SENT, SENT),
    (DOT, "252 2.0.0 taken, cannot verify", SENT, SENT),
    (DOT, "451 4.7.1 Service unavailable - try again later", ANEW, ANEW),
    (DOT, "451 4.3.0 Error: queue file write error", ANEW, ANEW),
    (DOT, "451 Requested action aborted: local error in processing", ANEW, ANEW),
    (DOT, "451 4.7.1 please try this message again", LATER, LATER),
    (DOT, "452 4.2.2 Mailbox full", LATER, LATER),
    (DOT, "450-4.2.1 Daily sending limit exceeded\n450 4.2.1 See the help", PAUSE, PAUSE),
    (DOT, "450 4.7.1 <END-OF-MESSAGE>: End-of-data rejected: too many requests per time unit", PAUSE, PAUSE),
    (DOT, "550-5.4.5 Daily user sending limit exceeded. For more information on Gmail\n550 5.4.5 go to", PAUSE, PAUSE),
    (DOT, "552 4XyZ Message would take you over your relay quota of 500 Current quota used: 487", PAUSE, PAUSE),
    (DOT, "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; quota was exceeded", PAUSE, PAUSE),
    (DOT, "554 5.2.252 SendAsDenied; info@alt.example not allowed to send as info@neu.example", STOP, STOP),
    (DOT, "554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied", STOP, STOP),
    (DOT, "554 5.2.2 mailbox full; STOREDRV.Submission.Exception:QuotaExceededException", STOP, STOP),
    (DOT, "552 5.3.4 Message size exceeds fixed limit", TEXT, TEXT),
    (DOT, "552-5.2.3 Your message exceeded the maximum message size limits.\n552 5.2.3 help", TEXT, TEXT),
    (DOT, "554-Transaction failed\n554-Reject due to policy restrictions.\n554 For explanation visit", TEXT, TEXT),
    (DOT, "554 DT:SPM 163 smtp3,DdGowABXZk+wMWBhLyPYCw--.49537S2 1633694129", TEXT, TEXT),
    (DOT, "550 5.7.1 message content rejected due to spam", TEXT, TEXT),
    (DOT, "550 spam score 9.1 exceeds limit", TEXT, TEXT),
    (DOT, "550-5.7.26 This mail is unauthenticated, SPF and DKIM\n550 5.7.26 did not pass", TEXT, TEXT),
    (DOT, "554 5.6.0 Message contains invalid header", TEXT, TEXT),
    (DOT, "571 5.7.1 message classified as spam", TEXT, TEXT),
    (DOT, "554 5.0.0 Transaction failed", TEXT, FAIL),
    (DOT, "550 5.1.1 User unknown", FAIL, FAIL),
    (DOT, "500 5.5.2 Error: line too long", TEXT, TEXT),
]

# how long a pause has to last at least
WAITS = [
    (AUTH, "454 4.7.0 Too many login attempts, please try again later.", 900),
    (AUTH, "454 4.7.0 Temporary authentication failure", 900),
    (AUTH, "421 4.7.0 Temporary System Problem. Try again later", 900),
    (AUTH, "451 4.3.0 Try again later", 900),
    (AUTH, "550 5.7.1 Too many login attempts for this account", 900),
    (AUTH, "535 5.7.0 Domains are limited to 100 messages / hour", 900),
    (MAIL, "450 Requested mail action not taken: Mail send limit exceeded.", 3600),
    (RCPT, "550 Send quota exceeded", 3600),
    (DOT, "550 5.4.5 Daily user sending quota exceeded.", 3600),
    (DOT, "554 5.2.251 Sender throttled due to continuous errors", 3600),
    (MAIL, "432 4.3.2 Concurrent connections limit exceeded.", 0),
    (DOT, "454 Throttling failure: Maximum sending rate exceeded", 0),
    (MAIL, "451 4.3.0 Error: queue file write error", 0),
    (BANNER, "421 4.3.2 Service not available", 0),
]

# what the user reads
WORDS = [
    (AUTH, "550 5.7.30 Basic authentication is not supported for Client Submission.", "token_command"),
    (AUTH, "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.", "token_command"),
    (
        AUTH,
        "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
        "Authenticated",
    ),
    (AUTH, "535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.", "app password"),
    (MAIL, "555 5.5.4 Unsupported option: SIZE=12", "555 5.5.4 Unsupported option"),
    (MAIL, "504 5.5.4 Command parameter not implemented", "504 5.5.4"),
    (MAIL, "501 5.1.7 Bad sender address syntax", "[sender]"),
    (MAIL, "550 5.7.1 Client host blocked", "ask its provider"),
    (RCPT, "553 5.7.1 <info@neu.example>: Sender address rejected: not logged in", "password_command"),
    (DOT, "550 5.7.515 Access denied, sending domain does not meet the required authentication level.", "DKIM"),
    (DOT, "550 5.4.6 Unusual sending activity detected.", "website"),
]

LOSSES = [Loss("the connection was closed"), Loss("no answer within 300 s"), Loss("it never will", lasting=True)]


def _reply(text: str) -> Reply:
    lines = text.split("\n")
    return Reply(int(lines[0][:3]), tuple(line[4:] for line in lines))


@pytest.mark.parametrize(("phase", "text", "expected"), OPENING)
def test_opening(phase: Phase, text: str, expected: Expected) -> None:
    """While nothing was handed over nobody is charged: the relay is waited for, or the user has to mend something."""
    outcome = judge(phase, _reply(text))
    assert (outcome.status, outcome.scope, outcome.action) == expected


@pytest.mark.parametrize(("phase", "text", "first", "later"), TRANSACTION)
def test_transaction(phase: Phase, text: str, first: Expected, later: Expected) -> None:
    """Each reply is charged to whom it is about, and what a connection achieved before counts."""
    for sent_before, expected in ((0, first), (1, later), (99, later)):
        outcome = judge(phase, _reply(text), sent_before=sent_before)
        assert (outcome.status, outcome.scope, outcome.action) == expected
        assert outcome.answer == _reply(text)


@pytest.mark.parametrize(("phase", "text", "wait_s"), WAITS)
def test_wait(phase: Phase, text: str, wait_s: float) -> None:
    """Locked logins want a quarter of an hour and quotas an hour; what is over in a moment is left to the run."""
    outcome = given_up(judge(phase, _reply(text)))
    assert (outcome.action, outcome.wait_s) == (Action.PAUSE, wait_s)


@pytest.mark.parametrize(("phase", "text", "expected"), WORDS)
def test_words(phase: Phase, text: str, expected: str) -> None:
    """A run that cannot go on says what has to be mended, and where."""
    outcome = judge(phase, _reply(text))
    assert outcome.action is Action.STOP
    assert expected in outcome.words


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        (Loss("the name smtp.relay.example is not known", lasting=True), STOP),
        (Loss("the name smtp.relay.example is not known"), ANEW),
        (Loss("the certificate of smtp.relay.example cannot be trusted: self-signed certificate", lasting=True), STOP),
        (Loss("it does not offer STARTTLS", lasting=True), STOP),
        (Loss("TLS with smtp.relay.example failed: handshake failure"), ANEW),
    ],
    ids=str,
)
def test_on_the_way_to_the_relay(loss: Loss, expected: Expected) -> None:
    """What the user has to mend stops the run; what worked before, or may work tomorrow, is waited for."""
    outcome = judge(STARTTLS, loss)
    assert (outcome.status, outcome.scope, outcome.action) == expected
    assert loss.reason in outcome.words


@pytest.mark.parametrize("loss", LOSSES, ids=str)
@pytest.mark.parametrize("phase", [CONNECT, BANNER, EHLO, STARTTLS, AUTH])
def test_no_session(phase: Phase, loss: Loss) -> None:
    """A relay that cannot be reached is waited for; one that never can be reached like this stops the run."""
    outcome = judge(phase, loss)
    assert (outcome.status, outcome.scope, outcome.action) == (STOP if loss.lasting else ANEW)
    assert loss.reason in outcome.words


@pytest.mark.parametrize("loss", LOSSES, ids=str)
@pytest.mark.parametrize("phase", [MAIL, RCPT, DATA, BODY, DOT])
def test_lost(phase: Phase, loss: Loss) -> None:
    """Silence is a doubt after the dot and only there; whatever was lost, the next message takes another connection."""
    status = Status.IN_DOUBT if phase is DOT else Status.PENDING
    for sent_before in (0, 5):
        outcome = judge(phase, loss, sent_before=sent_before)
        assert (outcome.status, outcome.scope, outcome.action) == (status, Scope.RELAY, Action.RECONNECT)


@pytest.mark.parametrize(("phase", "answer"), [(MAIL, LOSSES[0]), (BANNER, Reply(421, ("bye",))), (DOT, LOSSES[0])])
def test_given_up(phase: Phase, answer: Reply | Loss) -> None:
    """A run that ends after a loss does not say that the message takes another connection; all else stays."""
    lost = judge(phase, answer)
    ended = given_up(lost)
    assert replace(ended, action=lost.action, words=lost.words) == lost
    assert ended.action is Action.PAUSE
    assert "another connection" not in ended.words
    assert ended.words.endswith(".")
    assert given_up(ended) == ended
    stopped = judge(AUTH, _reply("535 5.7.8 no"))
    assert given_up(stopped) == stopped


@pytest.mark.parametrize(
    ("phase", "code"),
    [(BANNER, 220), (EHLO, 250), (STARTTLS, 220), (AUTH, 235), (MAIL, 250), (RCPT, 251), (RCPT, 252), (DATA, 354)],
)
def test_goes_on(phase: Phase, code: int) -> None:
    """The positive answer of a phase lets the dialogue go on, even one of a code that nobody knows."""
    assert goes_on(phase, Reply(code, ("",)))
    assert not goes_on(phase, Reply(421, ("",)))
    assert not goes_on(phase, Loss("gone"))


@pytest.mark.parametrize("code", [110, 199, 300, 334, 354])
def test_no_answer_to_the_dot(code: int) -> None:
    """A code that is neither yes nor no, after the dot, is no answer: the message is in doubt."""
    assert judge(DOT, Reply(code, ("what",))).status is Status.IN_DOUBT


def test_every_answer_has_a_verdict() -> None:
    """Any code in any phase gets a verdict that the ledger can settle; the first digit after the dot is the law."""
    for phase, code, sent in itertools.product(Phase, range(100, 600), (0, 1)):
        if phase in (Phase.RSET, Phase.QUIT) or goes_on(phase, Reply(code, ())):
            continue
        outcome = judge(phase, Reply(code, ()), sent_before=sent)
        held = Status.IN_FLIGHT if phase is DOT else Status.PENDING
        assert (held, outcome.status) in TRANSITIONS["settle"] | {(Status.PENDING, Status.PENDING)}
        assert (outcome.status is Status.SENT) == (phase is DOT and code // 100 == 2)
        assert (outcome.status is Status.IN_DOUBT) == (phase is DOT and code // 100 in (1, 3))
        charged = outcome.status in (Status.SENT, Status.DEFERRED, Status.FAILED)
        assert (outcome.scope is Scope.RECIPIENT) == charged, "only their own trouble is charged to recipients"
        assert outcome.wait_s == 0 or given_up(outcome).action is Action.PAUSE
        assert outcome.words.endswith(".")
        assert "{" not in outcome.words


def test_half_written_message_ends_the_connection() -> None:
    """After an answer in the middle of the message, nothing can follow on that connection."""
    assert judge(BODY, _reply("450 4.2.0 later"), sent_before=3).action is Action.RECONNECT


def test_refusal() -> None:
    """A run that was stopped at the login says so with the login's exit status, any other with the relay's."""
    at_login = refusal(judge(AUTH, _reply("535 5.7.8 no")))
    assert isinstance(at_login, LoginError)
    assert "535 5.7.8 no" in at_login.message
    assert "password" in at_login.hint
    assert isinstance(refusal(judge(RCPT, _reply("554 5.7.1 Relay access denied"))), RelayError)


def test_reply_off_the_wire() -> None:
    """What a relay says is shown on a terminal: it is decoded somehow, and nothing in it can steer the terminal."""
    reply = Reply.heard(550, [b"5.1.1 \x1b[31mEmpf\xe4nger\tunbekannt\x07\x9b\x00", "grün\u202e\u2028".encode()])
    assert reply.lines == ("5.1.1 [31mEmpfänger unbekannt", "grün ")
    assert reply.enhanced == "5.1.1"


@pytest.mark.parametrize(
    ("reply", "dead"),
    [
        ("550 5.1.1 No such user", True),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound", True),
        ("550 5.2.1 Mailbox disabled", True),
        ("550 Requested action not taken: user unknown", True),
        ("553 sorry, no such mailbox here", True),
        ("550 5.7.1 Message rejected as spam by Content Filtering.", False),
        ("552 5.3.4 Message size exceeds fixed limit", False),
        ("552 5.2.2 Mailbox full", False),
        ("451 4.1.1 User unknown", False),
        ("the connection was lost", False),
        ("", False),
    ],
)
def test_what_tells_a_dead_address(reply: str, *, dead: bool) -> None:
    """Only who is nobody for good is not tried by the next campaign."""
    assert is_of_nobody(reply) is dead


@pytest.mark.parametrize("said", OUR_NAME)
@pytest.mark.parametrize("phase", [BANNER, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, BODY, DOT])
@pytest.mark.parametrize("sent_before", [0, 7])
def test_our_name(phase: Phase, said: str, sent_before: int) -> None:
    """A relay that does not take our name in EHLO refuses us, wherever it says so: nobody is charged with it."""
    outcome = judge(phase, _reply(said), sent_before=sent_before)
    assert (outcome.status, outcome.scope, outcome.action) == STOP
    assert 'ehlo = "mail.example.com"' in outcome.words
    assert isinstance(refusal(outcome), RelayError)


@pytest.mark.parametrize("said", AT_EHLO)
def test_our_name_in_answer_to_it(said: str) -> None:
    """In answer to EHLO itself, what is wrong with a name is wrong with ours."""
    assert 'ehlo = "mail.example.com"' in judge(EHLO, _reply(said)).words


@pytest.mark.parametrize(
    "said", ["554 5.7.1 Client host rejected: cannot find your hostname, [192.0.2.7]", "550 blocked"]
)
def test_not_our_name_in_answer_to_it(said: str) -> None:
    """The address that we come from is not our name."""
    outcome = judge(EHLO, _reply(said))
    assert (outcome.action, "ehlo" in outcome.words) == (Action.STOP, False)


@pytest.mark.parametrize(("phase", "said", "status"), NOT_OUR_NAME)
def test_the_word_alone(phase: Phase, said: str, status: Status) -> None:
    """Somebody may be called Helo, and a receiver may name what it saw."""
    assert judge(phase, _reply(said), sent_before=7).status is status


@pytest.mark.parametrize(
    "said",
    [
        "503 5.5.1 Error: send HELO/EHLO first",
        "503 Polite people say HELO first",
        "421 4.4.2 timeout while waiting for EHLO",
        "421 4.7.0 too many EHLO commands",
    ],
)
def test_ehlo_that_was_forgotten(said: str) -> None:
    """Who has lost track of the dialogue has nothing against our name."""
    assert judge(MAIL, _reply(said), sent_before=7).action is not Action.STOP
