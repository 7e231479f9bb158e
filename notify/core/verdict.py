"""What a relay's answer means: for the recipient, and for the run.

One table, read from the top; the first row that fits decides. Postfix sorts failures the same way, by whose trouble
they are (``smtp_site_fail``, ``smtp_mesg_fail``, ``smtp_rcpt_fail``). The first digit of the code is the law
(RFC 5321, 4.2.1), enhanced codes and words refine it: GMX and WEB.DE send no enhanced codes, Gmail says that the
day's quota is used up with a 550 after the dot, and Microsoft says "mailbox full" of the sender's own.

Two things are believed without exception. Whatever fails before the final dot has left was not sent, and neither was
what is answered 4xx or 5xx after it. Only silence, or something that is no answer, leaves a message in doubt.

One reply cannot tell "this recipient is refused" from "all are", and one loss cannot tell a moment's trouble from a
relay that is away: the first is counted by :mod:`notify.delivery.breaker`, the second by
:mod:`notify.delivery.patience`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from notify.core import reply_patterns
from notify.core.late_pattern import late_pattern
from notify.core.outcome import Action, Loss, Outcome, Phase, Reply, Scope
from notify.core.record import record
from notify.core.reply_patterns import Sign
from notify.core.status import Status
from notify.errors import LoginError, RelayError


@record(frozen=True, slots=True)
class Verdict:
    """What is done about an answer.

    ``words`` is one sentence for the user; ``{answer}`` in it is the answer. ``wait_s``: see :class:`Outcome`.
    """

    status: Status
    scope: Scope
    action: Action
    words: str
    wait_s: float = 0


@record(frozen=True, slots=True)
class Row:
    """A line of the table.

    ``codes`` is the reply's code with dots for any digit, or ``lost`` or ``lasting`` for a :class:`Loss`. ``used``:
    only on a connection on which a message was accepted before (true), or on which none was (false).
    """

    phases: frozenset[Phase]
    codes: str
    sign: Sign
    verdict: Verdict
    used: bool | None = None


# --- the verdicts -----------------------------------------------------------------------------------------------------


def _recipients(status: Status, words: str) -> Verdict:
    return Verdict(status, Scope.RECIPIENT, Action.GO_ON, words)


_THEN = {
    Action.STOP: ", then run notify send again.",
    Action.PAUSE: "; notify send goes on where it stopped.",
    Action.RECONNECT: "; the message takes another connection.",
}


def _relays(action: Action, words: str, wait_s: float = 0) -> Verdict:
    return Verdict(Status.PENDING, Scope.RELAY, action, words + _THEN[action], wait_s)


def _messages(words: str) -> Verdict:
    return Verdict(Status.PENDING, Scope.MESSAGE, Action.STOP, words + ", then run notify send again.")


_SENT = _recipients(Status.SENT, "The relay took responsibility for the message.")
_IN_DOUBT = Verdict(
    Status.IN_DOUBT,
    Scope.RELAY,
    Action.RECONNECT,
    "The message was handed over but the answer was lost ({answer}): see whether it arrived, then say so with "
    "notify resolve --sent ADDR or notify resolve --again ADDR.",
)

_BUSY = _recipients(Status.DEFERRED, "The recipient gets too much mail just now; it is tried again later.")
_GREY = _recipients(Status.DEFERRED, "The recipient's server asks strangers to come again; it is tried again later.")
_FULL = _recipients(Status.DEFERRED, "The recipient's mailbox is full; it is tried again later.")
_LATER = _recipients(Status.DEFERRED, "Mail for this recipient is not taken just now; it is tried again later.")
_NOBODY = _recipients(Status.FAILED, "This address takes no mail; mend it in the contact file.")
_TOO_LARGE_FOR_THEM = _recipients(
    Status.FAILED, "The message is too large for this recipient; write to them separately."
)
_NO_SMTPUTF8 = _recipients(
    Status.FAILED,
    "The letters before the @ need SMTPUTF8, which is not offered: mend the address in the contact file, or name "
    "another [[relay]] and run notify send --retry-failed.",
)
_REFUSED = _recipients(Status.FAILED, "This message alone is refused; look at it with notify preview --to ADDR.")

_TOO_LARGE = _messages("The message is too large for the relay: make its attachments smaller")
_TEXT = _messages("The relay refuses the message itself, which is the same for all: change its text or attachments")

_UNPROVEN = _messages(
    "The receivers want proof that the mail is from your domain: have its provider set up SPF, DKIM and DMARC"
)

_NO_HOST = _relays(Action.STOP, "Server not found ({answer}): mend host in [[relay]] of notify.toml")
_NO_USE = _relays(Action.STOP, "The relay cannot be used with these settings ({answer}): mend [[relay]] in notify.toml")
_OUR_NAME = _relays(
    Action.STOP,
    "The relay does not take the name by which notify greets it: set a host name of yours that the DNS knows in "
    '[[relay]] of notify.toml, as in  ehlo = "mail.example.com"',
)
_NO_LOGIN = _relays(
    Action.STOP, "The login was refused: mend user, password or token (many providers want an app password)"
)
_NO_PASSWORDS = _relays(
    Action.STOP,
    "Microsoft takes no passwords here any more, only OAuth2: set token_command in [[relay]] instead of "
    "password_command, or name another [[relay]]",
)
_NO_SUBMISSION = _relays(
    Action.STOP,
    "Microsoft has switched off SMTP for this mailbox: have its administrator switch on Authenticated SMTP "
    "(https://aka.ms/smtp_auth_disabled)",
)
_LOGIN_WANTED = _relays(Action.STOP, "The relay wants a login: set user and password_command in notify.toml")
_SHUT_OUT = _relays(Action.STOP, "The relay refuses us: ask its provider why, or name another [[relay]]")
_SENDER = _relays(Action.STOP, "This account may not write from that sender: mend [sender] or the relay's user")
_RESTRICTED = _relays(
    Action.STOP,
    "The relay has restricted your account ({answer}): log in to its website, do what it asks there",
)
_PARAMETER = _relays(
    Action.STOP, "The relay does not understand a command of ours ({answer}): name another [[relay]], or tell us"
)
_OWN_FULL = _relays(Action.STOP, "Your own mailbox at the relay is full: make room in it")
_UNREACHED = _relays(Action.RECONNECT, "There is no connection to the relay ({answer})")
_AWAY = _relays(Action.RECONNECT, "The relay is busy or away")
#: Most of these locks last a quarter of an hour, and begin anew with every attempt.
_LOGINS = _relays(Action.PAUSE, "The relay takes no logins for now; leave it alone for 15 minutes", wait_s=900)
#: Nothing is said of a lock: the relay could not look the login up (RFC 4954, 6).
_LOGIN_LATER = _relays(Action.RECONNECT, "The relay takes no logins for now", wait_s=900)
_HASTE = _relays(
    Action.RECONNECT, "The relay takes no more at once; a lower rate or connections = 1 in [[relay]] may help"
)
#: The shortest window that is usual. If it was the day's quota, the next hour says so again, and costs nobody a try.
_QUOTA = _relays(Action.PAUSE, "The relay takes no more for now, a limit is reached", wait_s=3600)
_USED_UP = _relays(Action.RECONNECT, "This connection has carried as many messages as it may")
_CLOSED = _relays(Action.RECONNECT, "The relay ended the connection")
_LOST = _relays(Action.RECONNECT, "The connection was lost before the message was handed over ({answer})")
_OUT_OF_STEP = _relays(Action.RECONNECT, "The relay gave an answer that does not fit the command")
_UNHEARD = Verdict(
    Status.PENDING,
    Scope.RELAY,
    Action.RECONNECT,
    "The relay offers PIPELINING and seems to lose commands that come together: from now on each waits for its answer. "
    "If that was it, pipelining = false in [[relay]] spares the wait.",
)

# --- the table --------------------------------------------------------------------------------------------------------

_OPENING = frozenset({Phase.CONNECT, Phase.BANNER, Phase.EHLO, Phase.STARTTLS})
_EHLO = frozenset({Phase.EHLO})
_AUTH = frozenset({Phase.AUTH})
_MAIL = frozenset({Phase.MAIL})
_RCPT = frozenset({Phase.RCPT})
_DATA = frozenset({Phase.DATA})
_DOT = frozenset({Phase.DOT})
_OPEN = _OPENING | _AUTH
_TEXTS = frozenset({Phase.DATA, Phase.BODY, Phase.DOT})
_UNSENT = frozenset({Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.BODY})
_TO = _RCPT | _TEXTS
_MESSAGE = _UNSENT | _DOT

#: Every answer but the ones that let the dialogue go on. QUIT and RSET are not here: nothing depends on their answers.
TABLE: tuple[Row, ...] = (
    # no answer
    Row(_OPEN, "lasting", reply_patterns.NO_HOST, _NO_HOST),
    Row(_OPEN, "lasting", reply_patterns.ANY, _NO_USE),
    Row(_OPEN, "lost", reply_patterns.ANY, _UNREACHED),
    Row(_UNSENT, "lost|lasting", reply_patterns.ANY, _LOST),
    Row(_DOT, "2..", reply_patterns.ANY, _SENT),
    Row(_DOT, "lost|lasting|1..|3..", reply_patterns.ANY, _IN_DOUBT),
    # it may come at any phase: Postfix by default says it of the first recipient, and means all of them
    Row(_EHLO, "50[14]|553", reply_patterns.ANY, _OUR_NAME),
    Row(_EHLO, "4..|5..", reply_patterns.HOST_NAME, _OUR_NAME),
    Row(_OPEN | _MESSAGE, "4..|50[14]|55.", reply_patterns.OUR_NAME, _OUR_NAME),
    # this too, and only one recipient has such an address
    Row(_MESSAGE, "5..", reply_patterns.SMTPUTF8, _NO_SMTPUTF8),
    # how much: of this connection, of the recipient's mailbox, of the message, of our account
    Row(_MESSAGE, "4..|5..", reply_patterns.USED_UP, _USED_UP, used=True),
    Row(_MESSAGE, "403|5..", reply_patterns.SEND_AS, _SENDER),
    Row(_MESSAGE, "5..", reply_patterns.OWN_FULL, _OWN_FULL),
    Row(_TO, "4..|5..", reply_patterns.BUSY, _BUSY),
    Row(_TO, "4..", reply_patterns.GREY, _GREY),
    Row(_TO, "4..|5..", reply_patterns.FULL, _FULL),
    Row(_RCPT, "5..", reply_patterns.SIZE, _TOO_LARGE_FOR_THEM),
    Row(_MESSAGE, "5..", reply_patterns.SIZE, _TOO_LARGE),
    Row(_AUTH, "4..|5..", reply_patterns.QUOTA, _LOGINS),
    Row(_OPENING | _MESSAGE, "4..|5..", reply_patterns.HASTE, _HASTE),
    Row(_OPENING | _MESSAGE, "4..|5..", reply_patterns.QUOTA, _QUOTA),
    # greeting and login
    Row(_OPENING, "5..", reply_patterns.ANY, _SHUT_OUT),
    Row(_OPENING, "...", reply_patterns.ANY, _AWAY),
    Row(_AUTH, "5..", reply_patterns.NO_SUBMISSION, _NO_SUBMISSION),
    Row(_AUTH, "5..", reply_patterns.NO_PASSWORDS, _NO_PASSWORDS),
    Row(_AUTH, "5..|432", reply_patterns.ANY, _NO_LOGIN),
    Row(_AUTH, "...", reply_patterns.ANY, _LOGIN_LATER),
    # not now
    Row(_MESSAGE, "421", reply_patterns.ANY, _CLOSED),
    Row(_MAIL, "4..", reply_patterns.ANY, _AWAY),
    Row(_RCPT, "4..", reply_patterns.STRANGER, _AWAY),
    # after other messages were taken, the trouble is more likely this recipient's; deferred, it holds up nobody else
    Row(_RCPT, "4..", reply_patterns.TROUBLE, _AWAY, used=False),
    Row(_RCPT, "4..", reply_patterns.POLICY, _AWAY, used=False),
    Row(_TEXTS, "4..", reply_patterns.TROUBLE, _AWAY),
    Row(_TO, "4..", reply_patterns.ANY, _LATER),
    # not at all
    Row(_MESSAGE, "53[0458]", reply_patterns.ANY, _LOGIN_WANTED),
    Row(_MESSAGE, "5..", reply_patterns.LOGIN_WANTED, _LOGIN_WANTED),
    Row(_TO, "5..", reply_patterns.GONE, _NOBODY),
    Row(_MESSAGE, "5..", reply_patterns.RESTRICTED, _RESTRICTED),
    Row(_MESSAGE, "5..", reply_patterns.HOST, _SHUT_OUT),
    Row(_MESSAGE, "5..", reply_patterns.NOT_NOW, _QUOTA),
    Row(_TEXTS, "5..", reply_patterns.UNPROVEN, _UNPROVEN),
    Row(_MESSAGE, "5..", reply_patterns.SENDER, _SENDER),
    Row(_UNSENT, "50[023]", reply_patterns.ANY, _OUT_OF_STEP),
    Row(_MAIL, "501|504|555", reply_patterns.ANY, _PARAMETER),
    Row(_MAIL, "5..", reply_patterns.POLICY, _SHUT_OUT),
    Row(_MAIL, "5..", reply_patterns.ANY, _SENDER),
    Row(_RCPT, "5..", reply_patterns.POLICY, _SHUT_OUT),
    Row(_TEXTS, "5..", reply_patterns.POLICY, _TEXT),
    Row(_TEXTS, "5..", reply_patterns.SURELY_NOBODY, _NOBODY),
    Row(_RCPT, "5..", reply_patterns.NOBODY, _NOBODY),
    Row(_RCPT, "5..", reply_patterns.REFUSED_US, _SHUT_OUT),
    Row(_RCPT | _DATA, "5..", reply_patterns.OUT_OF_STEP, _OUT_OF_STEP),
    Row(_RCPT, "5..", reply_patterns.ANY, _NOBODY),
    Row(_TEXTS, "5..", reply_patterns.REFUSED_TEXT, _TEXT),
    # the others got the same text on this connection: it is something in this one
    Row(_TEXTS, "5..", reply_patterns.ANY, _REFUSED, used=True),
    Row(_TEXTS, "5..", reply_patterns.ANY, _TEXT),
    # a positive answer where none belongs
    Row(_UNSENT, "...", reply_patterns.ANY, _OUT_OF_STEP),
)

_TABLES = {phase: [(late_pattern(row.codes), row) for row in TABLE if phase in row.phases] for phase in Phase}

_GO_ON = dict.fromkeys(_OPEN | _MAIL | _RCPT, 2) | {Phase.DATA: 3}


def goes_on(phase: Phase, answer: Reply | Loss) -> bool:
    """Whether the dialogue may take its next step: the answer is the positive one that belongs to ``phase``.

    Never while the body is written and never after the dot: there every answer is judged.
    """
    return isinstance(answer, Reply) and answer.code // 100 == _GO_ON.get(phase)


def judge(phase: Phase, answer: Reply | Loss, *, sent_before: int = 0, unheard: bool = False) -> Outcome:
    """Return the outcome of an ``answer`` that does not let the dialogue go on.

    ``sent_before`` is how many messages were accepted on this connection. ``unheard``: commands had left together, and
    the relay has not heard all of them.
    """
    if unheard and isinstance(answer, Loss):
        return _outcome(_UNHEARD, _UNHEARD.action, phase, answer)
    verdict = _verdict(phase, answer, used=sent_before > 0)
    action = verdict.action
    if verdict is _OUR_NAME and phase is Phase.AUTH:
        # nobody has looked at the password
        phase = Phase.EHLO
    if action is Action.GO_ON and phase is Phase.BODY:
        # the message stands half written on this connection
        action = Action.RECONNECT
    return _outcome(verdict, action, phase, answer)


def complains_of_rate(phase: Phase, reply: str) -> bool:
    """Tell whether a relay said that we send too much or too fast; ``reply`` is what an attempt has of it."""
    code, _, text = reply.partition(" ")
    if not re.fullmatch(r"[45]\d\d", code):
        return False
    # that a connection has carried enough is no complaint, whatever it had carried then
    return _verdict(phase, Reply(int(code), (text,)), used=True) in (_HASTE, _QUOTA)


def given_up(outcome: Outcome) -> Outcome:
    """Return the outcome that ends a run after one that wanted another connection, when that was of no use."""
    if outcome.action is not Action.RECONNECT:
        return outcome
    words = outcome.words.removesuffix(_THEN[Action.RECONNECT])
    if words != outcome.words:
        words += _THEN[Action.PAUSE]
    return replace(outcome, action=Action.PAUSE, words=words)


def _outcome(verdict: Verdict, action: Action, phase: Phase, answer: Reply | Loss) -> Outcome:
    words = verdict.words
    if "{answer}" in words:
        words = words.replace("{answer}", str(answer))
    return Outcome(verdict.status, verdict.scope, action, phase, answer, words, verdict.wait_s)


def refusal(outcome: Outcome) -> RelayError | LoginError:
    """Return the error that ends a run after an outcome that stops it: the login was refused, or we were."""
    kind = LoginError if outcome.phase is Phase.AUTH else RelayError
    return kind(f"The relay stopped us ({outcome.phase}): {outcome.answer}", hint=outcome.words)


def _verdict(phase: Phase, answer: Reply | Loss, *, used: bool) -> Verdict:
    """Return the verdict of the first row that fits; the words of a reply are looked at where they count."""
    code = str(answer.code) if isinstance(answer, Reply) else "lasting" if answer.lasting else "lost"
    words = ""
    for codes, row in _TABLES[phase]:
        if row.used in (None, used) and codes.fullmatch(code):
            if row.sign is reply_patterns.ANY:
                return row.verdict
            words = words or reply_patterns.words_of(answer)
            if row.sign.on(words):
                return row.verdict
    raise AssertionError("the last row of every phase fits whatever is said")
