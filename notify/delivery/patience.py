"""How often a relay that loses connections is called again at once, before it counts as away.

One connection that is lost, or refused for the moment, says little: a restart, a machine of several that went away, a
line that hiccuped. So the next follows at once and further ones after short waits, in whatever phase it was lost, as
Postfix tries the next delivery. Only a relay that has answered nothing about anybody through all of them is left alone.

Connections that were open when one was lost, and are lost too, are the same loss: with four of them, one restart would
else look like four. What took long to fail, as a relay that does not answer, is not tried again at once: the time that
such a relay may take has passed already.
"""

from __future__ import annotations

from notify.core.outcome import Outcome, Phase, Reply

#: The waits before the next connections after losses in a row.
WAITS_S = (0.0, 0.25, 0.5, 1.0, 2.0)
#: So often a login is tried again that was refused, or not looked up: more could lock the account.
_LOGINS = 2


class Patience:
    """Counts the losses in a row of one relay. Not for several threads at once."""

    def __init__(self, *, is_spent: bool = False) -> None:
        """Begin with none.

        :param is_spent: the relay is in trouble already: until it has answered about somebody, one loss is enough.
        """
        self._row = len(WAITS_S) if is_spent else 0
        self._logins = 0
        self._answers = 0
        #: How many losses there were; a connection remembers how many there were when it was begun.
        self.losses = 0

    def wait_s(self, lost: Outcome, *, answers: int, since: int, is_slow: bool = False) -> float | None:
        """Note a loss; return how long to wait before the next connection, or None when the relay counts as away.

        :param answers: how many recipients this relay has answered about in this run.
        :param since: :attr:`losses` when the connection was begun.
        :param is_slow: it took its time to fail.
        """
        if since == self.losses:
            self.losses += 1
            if answers != self._answers:
                self._row, self._logins, self._answers = 0, 0, answers
            self._row += 1
            self._logins += lost.phase is Phase.AUTH and isinstance(lost.answer, Reply)
        if is_slow or self._row > len(WAITS_S) or self._logins > _LOGINS:
            return None
        return WAITS_S[self._row - 1]
