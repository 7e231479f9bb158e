"""A cache that is bounded by what it keeps, not by how much that is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from notify.core.sized_cache import SizedCache


class Made:
    """Makes values, and counts how often each is made."""

    def __init__(self, most: int) -> None:
        self.of: list[str] = []
        self.cache = SizedCache[str, bytes](most, lambda _, value: len(value))

    def ask(self, key: str) -> bytes:
        """Ask for as many octets as the key says."""
        return self.cache.get(key, self._make)

    def _make(self, key: str) -> bytes:
        self.of.append(key)
        return b"x" * int(key.partition(":")[2])


def test_what_is_asked_for_again_is_made_once() -> None:
    """As often as it is asked for, while other things come and go."""
    made = Made(100)
    for number in range(500):
        assert len(made.ask("everybody's:60")) == 60
        made.ask(f"{number}:10")
    assert made.of.count("everybody's:60") == 1


def test_what_was_not_asked_for_the_longest_goes_first() -> None:
    """And only when there is no room left."""
    made = Made(100)
    for key in ("a:20", "b:20", "c:20", "d:20", "e:20", "a:20"):
        made.ask(key)
    assert made.of == ["a:20", "b:20", "c:20", "d:20", "e:20"]
    for key in ("f:20", "e:20", "a:20", "f:20", "b:20"):
        made.ask(key)
    assert made.of[5:] == ["f:20", "b:20"]


def test_what_is_too_large_is_kept_alone() -> None:
    """A file for everybody is made once, however large it is."""
    made = Made(100)
    for _ in range(3):
        made.ask("film:1000")
    assert made.of == ["film:1000"]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 70))))
def test_never_more_than_there_is_room_for(asked: list[tuple[int, int]]) -> None:
    """Whatever is asked for: what is kept fits, or is one thing alone."""
    made = Made(100)
    for name, size in asked:
        assert len(made.ask(f"{name}:{size}")) == size
        kept = [len(value) for value, _ in made.cache._kept.values()]  # noqa: SLF001
        assert sum(kept) <= 100 or len(kept) == 1


def test_threads_share_it() -> None:
    """Each gets what it asked for."""
    made = Made(200)
    with ThreadPoolExecutor(4) as threads:
        keys = [f"{number % 17}:{number % 17 * 5}" for number in range(4000)]
        assert [len(value) for value in threads.map(made.ask, keys)] == [int(key.partition(":")[2]) for key in keys]
