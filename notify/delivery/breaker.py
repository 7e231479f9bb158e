"""Notices when refusals and deferrals are not the recipients' fault, which no single reply can tell.

Otherwise a relay that refuses everybody would use up the whole list, one FAILED after the other. So the run is held:
it stops until the user has looked into it. Two kinds of refusals are told apart:

*Certain* ones say that nobody has this address: by their enhanced code, or in words that mean nothing else ("user
unknown"). The refusal of an address that needs SMTPUTF8 is certain too.
An old list brings any number of them in a row, so they hold a run only when they are among 15 refusals in the last 20
tries. With every fourth address dead, chance alone brings 15 of 20 once in 260,000 times; 12 of 20, which is 60 %,
already once in 1,100 times, and a list of some hundreds has as many windows of 20.

*All others* ("550 Rejected") may be about us. The same refusal three times in a row holds the run, and so do six in the
last 20 tries, whatever they say. Refusals are compared without everything that differs from mail to mail.

Certain refusals are skipped when a row is counted: they neither add to it nor end it. A row ends with an answer that
shows that the relay still takes mail or at least tells recipients apart: a message accepted or deferred. Outcomes that
say nothing about a recipient (a lost connection, a quota) do not count as tries.

*Deferrals* ("450 try again later") are the relay's own trouble when it says them to everybody. Ten recipients in a row
who are deferred, whatever the words, hold the run; where others had been deferred shortly before, as on a list that
meets greylisting here and there, it takes twenty. A row ends with whatever is not a deferral, but for certain refusals.
Where the reply names greylisting it is the recipient's server that asks strangers to come again, everybody perhaps, and
only the next try of the same recipient gets further: it ends a row too. Such a hold passes. When the run goes on
(:meth:`Breaker.resume`), the next deferral holds it again, until somebody is not deferred.

The recipients whose refusals or deferrals held the run have not failed and are not deferred:
:meth:`Breaker.taken_back`.

Known limits: when a relay answers everybody with "no such user", the run is held only after the 20th, which is why all
20 are taken back. Refusals from before the last 20 tries stay failures.
"""

from __future__ import annotations

import re
from collections import deque
from itertools import takewhile

from notify.core import reply_patterns
from notify.core.late_pattern import late_pattern
from notify.core.outcome import Action, Outcome, Phase, Reply, Scope
from notify.core.record import record
from notify.core.status import Status

_ROW = 3
_WINDOW = 20
#: 30 and 75 % of the window.
_DOUBTFUL = 6
_ALL = 15
#: So many deferrals in a row are said to everybody; and so many where deferrals were mixed with other answers before.
_DEFERRED = 10
_DEFERRED_AMONG_OTHERS = 20
#: So many characters of a refusal are compared; a hostile one could be a megabyte long.
_LONGEST = 500

_MEND = (
    "{why}, which is hardly the recipients' fault; none of them counts as failed. Mend what the relay says, then run "
    "notify send again. Take whoever is really gone out of the contact file, or say notify suppress ADDR."
)

_NOT_THEIRS = (
    "{number} recipients in a row were deferred, the last one with: {answer}. That is hardly their fault, and none of "
    "them counts as deferred. notify send goes on where it stopped."
)

# what differs from mail to mail: quotations, addresses, links, host names, and whatever has a digit in it
_VARYING = late_pattern(
    r'"[^"]*"|<[^>]*>|\[[^\]]*\]|\S*@\S*|\bhttps?:\S*|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b|\S*\d\S*', re.IGNORECASE
)
_WORD = late_pattern(r"[^\W\d_]+")


@record(frozen=True, slots=True)
class _Try:
    """A recipient who was accepted, deferred or refused; ``refusal`` is empty unless refused."""

    recipient: int
    refusal: str
    certain: bool
    deferred: bool = False

    @property
    def doubtful(self) -> bool:
        return bool(self.refusal) and not self.certain


class Breaker:
    """Counts the refusals and deferrals of one run; see the module's text. Not for several threads at once."""

    def __init__(self) -> None:
        self._tries: deque[_Try] = deque(maxlen=_WINDOW)
        self._deferred: dict[int, None] = {}
        self._row_began = 0
        self._enough = _DEFERRED
        self._held: Outcome | None = None
        self._taken_back: dict[int, None] = {}
        #: How many tries were counted.
        self.counted = 0

    def note(self, recipient: int, outcome: Outcome, *, since: int | None = None) -> bool:
        """Count what one try came to. Returns whether the run is held, by this try or since an earlier one.

        ``outcome`` is what the relay's answer was judged to be, before the ledger lets a recipient fail who was
        deferred for too long.

        :param since: :attr:`counted` when the message was given out, None for just now.
        """
        if outcome.status not in ANSWERS or not isinstance(outcome.answer, Reply):
            return self._held is not None
        attempt = _tried(recipient, outcome, outcome.answer)
        self._note_row(attempt, self.counted if since is None else since)
        self._tries.append(attempt)
        self.counted += 1
        if self._held is not None:
            # another channel still had this message under way
            if attempt.refusal or attempt.deferred:
                self._taken_back[recipient] = None
        elif attempt.refusal and (why := self._why(attempt)):
            self._hold(outcome, why)
        elif len(self._deferred) >= self._enough:
            self._hold_for_now(outcome)
        return self._held is not None

    def resume(self) -> None:
        """Let the run go on after a hold; whoever was taken back is no concern any more."""
        self._held, self._taken_back = None, {}

    def taken_back(self) -> tuple[int, ...]:
        """Return the recipients who count as failed or deferred and should not: they are to be pending again.

        What was under way when the run was held joins them when it is refused or deferred.
        """
        return tuple(self._taken_back)

    def hold_outcome(self) -> Outcome | None:
        """Return the outcome that ends the run, with the answer that held it; nothing while there is no reason."""
        return self._held

    def _note_row(self, latest: _Try, since: int) -> None:
        """Count the deferrals in a row: everybody, each once.

        A message that was under way on another channel when the row began does not end it: its recipient may have been
        taken before the relay's trouble.
        """
        if not latest.deferred:
            if not latest.certain and since > self._row_began:
                self._deferred.clear()
            return
        if not self._deferred:
            self._row_began = self.counted
            is_mixed = any(attempt.deferred for attempt in self._tries)
            self._enough = _DEFERRED_AMONG_OTHERS if is_mixed else _DEFERRED
        self._deferred[latest.recipient] = None

    def _why(self, latest: _Try) -> str:
        """Return why the run has to be held after the latest refusal, or an empty string."""
        row = takewhile(
            lambda attempt: attempt.refusal == latest.refusal,
            reversed([attempt for attempt in self._tries if not attempt.certain]),
        )
        if len({attempt.recipient for attempt in row}) >= _ROW:
            return "The same refusal three times in a row: {answer}"
        refused = sum(bool(attempt.refusal) for attempt in self._tries)
        doubtful = sum(attempt.doubtful for attempt in self._tries)
        if len(self._tries) == _WINDOW and (doubtful >= _DOUBTFUL or refused >= _ALL):
            return f"{refused} of the last {_WINDOW} were refused, the last one with: {{answer}}"
        return ""

    def _hold(self, outcome: Outcome, why: str) -> None:
        words = _MEND.replace("{why}", why).replace("{answer}", str(outcome.answer).rstrip(". "))
        self._held = Outcome(Status.PENDING, Scope.RELAY, Action.STOP, outcome.phase, outcome.answer, words)
        old_list = sum(bool(attempt.refusal) for attempt in self._tries) < _ALL
        refused = [attempt for attempt in self._tries if attempt.doubtful or (attempt.refusal and not old_list)]
        self._taken_back = dict.fromkeys(attempt.recipient for attempt in refused)

    def _hold_for_now(self, outcome: Outcome) -> None:
        words = _NOT_THEIRS.replace("{number}", str(len(self._deferred)))
        words = words.replace("{answer}", str(outcome.answer).rstrip(". "))
        self._held = Outcome(Status.PENDING, Scope.RELAY, Action.PAUSE, outcome.phase, outcome.answer, words)
        self._taken_back = dict(self._deferred)


#: The outcomes that count as tries: the relay has answered about somebody.
ANSWERS = frozenset({Status.SENT, Status.DEFERRED, Status.FAILED})


def _tried(recipient: int, outcome: Outcome, reply: Reply) -> _Try:
    if outcome.status is Status.SENT:
        return _Try(recipient, "", certain=False)
    if outcome.status is Status.DEFERRED:
        is_own = reply_patterns.GREY.on(reply_patterns.words_of(reply))
        return _Try(recipient, "", certain=False, deferred=not is_own)
    if outcome.status is Status.FAILED and outcome.scope is Scope.RECIPIENT:
        return _Try(recipient, _comparable(outcome, reply), _certain(outcome.phase, reply))
    return _Try(recipient, "", certain=False)


def _certain(phase: Phase, reply: Reply) -> bool:
    words = reply_patterns.words_of(reply)
    if phase is Phase.RCPT and reply_patterns.UNAVAILABLE.on(words):
        return True
    return any(sign.on(words) for sign in (reply_patterns.GONE, reply_patterns.SURELY_NOBODY, reply_patterns.SMTPUTF8))


def _comparable(outcome: Outcome, reply: Reply) -> str:
    """Return a refusal without what differs from mail to mail."""
    text = _VARYING.sub(" ", reply.text[:_LONGEST]).lower()
    return " ".join([outcome.phase, str(reply.code), reply.enhanced, *_WORD.findall(text)])
