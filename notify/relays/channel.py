"""A channel: one connection and the dialogue on it, as a generator that never blocks.

What the dialogue wants of the relay is done on the wire here; what it wants of the dispatcher is passed on to whoever
drives the channel (:mod:`~notify.relays.event_loop`), with whatever has to be waited for. Outcomes leave it without
what they repeat of the credentials.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from notify.core.outcome import Phase
from notify.relays.steps import Answer, Begin, Dialogue, Ended, Finish, GiveBack, Listen, Read, Take, TakeAtOnce, Write
from notify.relays.wire import Await, Wire

#: What a channel yields: what it waits for, or what it wants of the dispatcher.
Wish = Await | Take | TakeAtOnce | GiveBack | Begin | Finish


class Channel:
    """A dialogue on its wire. ``steps`` runs it; ``phase`` tells how far it is, for whoever watches."""

    def __init__(self, wire: Wire, dialogue: Dialogue) -> None:
        self.wire = wire
        self.phase = Phase.CONNECT
        self.steps = self._run(dialogue)

    def _run(self, dialogue: Dialogue) -> Generator[Wish, Answer, Ended]:
        """Hold the dialogue to its end, then say QUIT if that makes sense. Whoever opened the wire closes it."""
        wire = self.wire
        answer: Answer = None
        while True:
            try:
                step = dialogue.send(answer)
            except StopIteration as end:
                ended: Ended = end.value
                break
            # the type alone: by patterns this costs twice as much, eleven times a message
            if type(step) is Read:
                self.phase = step.phase
                # most replies arrive together with the reply before
                answer = wire.take_reply() or (yield from wire.read(step.phase))
            elif type(step) is Write:
                self.phase = step.phase
                answer = yield from wire.write(step.octets, step.phase)
            elif type(step) is Listen:
                answer = None if wire.is_silent() else (yield from wire.listen(step.phase))
            elif type(step) is Finish:
                outcome = wire.redaction.outcome(step.outcome)
                answer = yield step if outcome is step.outcome else Finish(step.message, outcome)
            else:
                answer = yield step
        if ended.polite:
            self.phase = Phase.QUIT
            yield from wire.quit()
        # the outcomes are judged by now: this is where they leave the dialogue
        return replace(ended, outcome=wire.redaction.outcome(ended.outcome)) if ended.outcome else ended
