"""What a queue asks when messages may leave: the :class:`~notify.core.pace.Pace` of its run, or one that is shared."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol


class Pacing(Protocol):
    """Hands out the moments at which messages may leave through one relay. Moments are seconds since 1970."""

    @property
    def knows_domains(self) -> bool:
        """Whether the domain of a message makes any difference."""

    def together_with(self, domains: Collection[str]) -> set[str]:
        """Return these domains, and all that are known to count with them."""

    def expect(self, domains: Iterable[str]) -> None:
        """Be told to which domains the next messages go, in their order; each is asked for all the same."""

    def next_moment(self, now: float, domain: str = "") -> float:
        """Return when the next message to a domain may leave, ``now`` at the earliest."""

    def book(self, moment: float, domain: str = "") -> None:
        """Take note that a message to a domain leaves at ``moment``, which is now."""

    def give_back(self) -> None:
        """Give back whatever is reserved for messages that do not leave."""
