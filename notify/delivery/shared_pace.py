"""The pace of a relay that several machines keep together: moments are reserved a little ahead, a few at a time.

What this machine's clock shows does not matter: moments are those of the server, and waited for by a clock that nobody
sets.
"""

from __future__ import annotations

import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import islice

from notify.core.mail_host import MailHosts
from notify.core.window import Window
from notify.delivery.routes import Route
from notify.delivery.shared_allowance import SharedAllowance
from notify.ledger import sending_days
from notify.ledger.postgres.rates import Rates
from notify.ledger.postgres.store import PostgresStore

#: Moments at a host are reserved when the relay's own comes within so many seconds.
_SOON_S = 0.05
#: So many messages follow each other soon where the relay has no rates of its own.
_TOGETHER = 16
#: Whoever was too slow for more tries a few more after so many times.
_TRIED_AFTER = 4
#: What is known of so many hosts is kept.
_MOST_HOSTS = 1000
#: The relay itself, among the hosts.
_RELAY = ""


class _Hand:
    """The moments that are reserved at one host, the earliest first, and before when there are no more.

    ``moments`` has for each when it is, by the clock that nobody sets, and how the server calls it.
    """

    def __init__(self) -> None:
        self.moments: deque[tuple[float, float]] = deque()
        self.none_before = 0.0

    @property
    def next_moment(self) -> float:
        return self.moments[0][0] if self.moments else self.none_before


class _Share:
    """How many of the relay's moments are reserved at a time.

    It doubles at first. Whoever is too slow for so many, as some pass while others are used, reserves as many fewer,
    and a few more again only now and then: what passes is lost for all.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._is_known = False
        self._in_time = 0
        self.size = 1
        #: How many of them were used, and how many have passed, since it was asked for the size.
        self.used = self.let_pass = 0

    def next_size(self) -> int:
        used, let_pass, self.used, self.let_pass = self.used, self.let_pass, 0, 0
        if let_pass and not used:
            # nobody was waiting for them
            self.size = 1
        elif let_pass:
            self._is_known, self._in_time = self._is_known or self.size > 1, 0
            self.size = max(1, self.size - let_pass)
        elif used:
            self._in_time += 1
            self.size = min(self._most, self.size + self._more())
        return self.size

    def _more(self) -> int:
        if not self._is_known:
            return self.size
        return max(1, self.size // 8) if self._in_time % _TRIED_AFTER == 0 else 0


class SharedPace:
    """Hands out the moments at which messages may leave, as :class:`~notify.core.pace.Pace` does for one machine.

    A moment that was let pass is lost, as others have sent meanwhile; who lets moments pass reserves fewer at a time.
    """

    def __init__(
        self,
        rates: Rates,
        hosts: MailHosts,
        *,
        window: Window | None = None,
        allowance: SharedAllowance | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin with what left before, by the attempts.

        :param hosts: which domains count as one.
        :param window: the hours at which messages may leave.
        :param allowance: how many may leave on each day.
        :param clock: one that nobody sets, in seconds.
        """
        self._rates = rates
        self._hosts = hosts
        self._clock = clock
        self._window = window
        self._allowance = allowance
        # whoever was asked about last stands last
        self._hands: OrderedDict[str, _Hand] = OrderedDict()
        self._expected: deque[str] = deque()
        self._share = _Share(rates.most_together)
        #: By how much the server's clock is ahead of ours.
        self._ahead_s = rates.count_left(hosts.of) - self._clock()

    @property
    def knows_domains(self) -> bool:
        """Whether the domain of a message makes any difference."""
        return self._rates.has_hosts

    def together_with(self, domains: Collection[str]) -> set[str]:
        """Return these domains, and all that are known to count with them."""
        return self._hosts.together_with(domains)

    def expect(self, domains: Iterable[str]) -> None:
        """Be told to which domains the next messages go, in their order: for some, moments are reserved at once."""
        self._expected = deque(map(self._hosts.of, domains))

    def next_moment(self, now: float, domain: str = "") -> float:
        """Return when the next message to a domain may leave, ``now`` at the earliest."""
        clock = self._clock() + self._ahead_s
        opens = self._opens(clock)
        if self._allowance and opens <= clock:
            opens = self._allowance.next_moment(clock)
        if opens > clock:
            return now + (opens - clock)
        moment = self._first(_RELAY) if self._rates.has_relay else self._clock()
        if domain and self._rates.has_hosts:
            host = self._hosts.of(domain)
            is_soon = moment <= self._clock() + _SOON_S
            moment = max(moment, self._first(host) if is_soon else self._hand(host).next_moment)
        moment = self._opens(moment + self._ahead_s) - self._ahead_s if self._window else moment
        return now + max(0.0, moment - self._clock())

    def book(self, moment: float, domain: str = "") -> None:  # noqa: ARG002  # when it is, the server knows better
        """Take note that a message to a domain leaves now."""
        if self._allowance:
            self._allowance.book()
        self._use(_RELAY)
        self._share.used += 1
        if domain and self._rates.has_hosts:
            host = self._hosts.of(domain)
            self._use(host)
            if host in self._expected:
                self._expected.remove(host)

    def give_back(self) -> None:
        """Let others have whatever is reserved."""
        unused = {host: [name for _, name in hand.moments] for host, hand in self._hands.items() if hand.moments}
        self._hands.clear()
        if unused:
            self._rates.give_back(unused)
        if self._allowance:
            self._allowance.give_back()

    def _opens(self, moment: float) -> float:
        return self._window.opens(moment) if self._window else moment

    def _hand(self, host: str) -> _Hand:
        """Return what is reserved at a host, without the moments that were let pass."""
        hand = self._hands.setdefault(host, _Hand())
        self._hands.move_to_end(host)
        too_late = self._clock() - self._rates.late_s
        while hand.moments and hand.moments[0][0] < too_late:
            hand.moments.popleft()
            self._share.let_pass += host == _RELAY
        return hand

    def _first(self, host: str) -> float:
        """Return the first moment that is reserved at a host, or before when none can be; reserve some when few are."""
        hand = self._hand(host)
        few = self._share.size // 2 if host == _RELAY else 0
        if len(hand.moments) <= few and hand.none_before <= self._clock():
            self._reserve(self._wanted(host))
        return hand.next_moment

    def _use(self, host: str) -> None:
        if (hand := self._hands.get(host)) and hand.moments:
            hand.moments.popleft()

    def _wanted(self, host: str) -> dict[str, int]:
        """Return how many moments to reserve: at a host and, as one question asks for all, at those that follow."""
        wanted: dict[str, int] = {}
        if host == _RELAY:
            return {_RELAY: self._share.next_size()}
        for follower, count in Counter(islice(self._expected, self._soon())).items():
            hand = self._hand(follower)
            if count > len(hand.moments) and hand.none_before <= self._clock():
                wanted[follower] = count - len(hand.moments)
        return {host: 1} | wanted

    def _soon(self) -> int:
        """Return how many messages may leave soon, by what the relay's own rates say."""
        if not self._rates.has_relay:
            return _TOGETHER
        soon = self._clock() + _SOON_S
        return sum(moment <= soon for moment, _ in self._hand(_RELAY).moments)

    def _reserve(self, wanted: Mapping[str, int]) -> None:
        found = self._rates.reserve(wanted)
        clock = self._clock()
        for host, slots in found.items():
            hand = self._hand(host)
            for slot in slots:
                self._ahead_s = slot.moment - slot.wait_s - clock
                if slot.is_reserved:
                    hand.moments.append((clock + slot.wait_s, slot.moment))
                else:
                    hand.none_before = clock + slot.wait_s
        while len(self._hands) > _MOST_HOSTS:
            self._hands.popitem(last=False)


def shared_pace(store: PostgresStore, route: Route, hosts: MailHosts) -> SharedPace:
    """Return the pace of a route's relay, kept together with all who share the ledger."""
    relay = route.relay
    rates = Rates(store, route.name, route.rates, relay.per_domain)
    allowance = SharedAllowance(rates, relay.ramp, lambda: sending_days(store, route.name)) if relay.ramp else None
    return SharedPace(rates, hosts, window=route.window, allowance=allowance)
