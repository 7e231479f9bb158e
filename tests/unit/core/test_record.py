"""A record is a dataclass in all but what it costs."""

from __future__ import annotations

import copy
import pickle
from dataclasses import dataclass, field, fields, replace
from typing import Any, Generic, TypeVar

import pytest

from notify.core.message import Envelope
from notify.core.record import record

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Theirs(Generic[T]):
    """A dataclass with all that a field may have."""

    first: int
    second: str = "two"
    third: tuple[T, ...] = field(default_factory=tuple)
    fourth: str = field(default="4", repr=False, metadata={"of": "it"})
    fifth: str = field(default="5", compare=False)


@record(frozen=True, slots=True)
class Ours(Generic[T]):
    """The same as a record."""

    first: int
    second: str = "two"
    third: tuple[T, ...] = field(default_factory=tuple)
    fourth: str = field(default="4", repr=False, metadata={"of": "it"})
    fifth: str = field(default="5", compare=False)


@record(frozen=False, slots=True)
class Counted:
    """One that changes, says itself what it is, and has a single field."""

    many: int = 0

    def __repr__(self) -> str:
        """Return how many there are."""
        return f"{self.many} of them"


@record(frozen=False, slots=True)
class More(Counted):
    """One that has what another has, and more."""

    where: str = "here"


@record(frozen=True, slots=True)
class Nothing:
    """One without a field."""


def test_a_record_is_a_value() -> None:
    """Equal ones are one, also in a set; a changed one is another; and nothing is in it but its fields."""
    one, other = Envelope("a@example.com", "b@example.com"), Envelope("a@example.com", "b@example.com")
    assert len({one, other, replace(one, forward_path="c@example.com")}) == 2
    assert [field.name for field in fields(one)] == ["reverse_path", "forward_path"]
    assert pickle.loads(pickle.dumps(one)) == copy.deepcopy(one) == one  # noqa: S301  # its own
    with pytest.raises(AttributeError):
        one.sender = "d@example.com"  # type: ignore[attr-defined]  # no such field


def test_a_record_is_what_the_standard_library_makes() -> None:
    """Defaults, text, what counts for equality and hash, and what is known of its fields are as in a dataclass."""
    named: list[dict[str, Any]] = [{}, {"second": "2"}, {"third": (3,)}, {"fourth": "!"}, {"fifth": "!"}]
    theirs: list[object] = [Theirs(2), *(Theirs(1, **values) for values in named)]
    ours: list[object] = [Ours(2), *(Ours(1, **values) for values in named)]
    assert [repr(each).replace("Ours", "Theirs") for each in ours] == [repr(each) for each in theirs]
    assert [[one == other for other in ours] for one in ours] == [[one == other for other in theirs] for one in theirs]
    assert [[hash(one) == hash(other) for other in ours] for one in ours] == [
        [hash(one) == hash(other) for other in theirs] for one in theirs
    ]
    assert ours[0] != theirs[0]
    assert [(each.name, each.metadata) for each in fields(Ours)] == [
        (each.name, each.metadata) for each in fields(Theirs)
    ]
    assert Ours.__match_args__ == Theirs.__match_args__
    mistakes: list[dict[str, Any]] = [{}, {"first": 1, "sixth": 6}]
    for wrong in mistakes:
        with pytest.raises(TypeError) as their_words:
            Theirs(**wrong)
        with pytest.raises(TypeError) as our_words:
            Ours(**wrong)
        assert str(our_words.value).replace("Ours", "Theirs") == str(their_words.value)


def test_a_record_keeps_what_its_class_says() -> None:
    """Its own text stays; one that may change can, and has no hash; one without a field is like any other such."""
    counted = Counted()
    counted.many += 2
    assert (repr(counted), counted) == ("2 of them", Counted(2))
    with pytest.raises(TypeError):
        hash(counted)
    assert {Nothing(), Nothing()} == {Nothing()}


def test_a_record_that_has_what_another_has() -> None:
    """The fields of both are there, in their order, and each is found by its place."""
    more = More(3, where="there")
    assert [each.name for each in fields(more)] == ["many", "where"]
    assert replace(more, many=4) == More(4, "there") != Counted(4)
    match more:
        case More(many, where):
            assert (many, where) == (3, "there")
