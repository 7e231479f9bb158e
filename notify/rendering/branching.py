"""Which way through a template the values of a recipient lead: who goes the same way differs in values only."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping

from notify.core.form import Form
from notify.core.record import record
from notify.rendering.own import LONGEST, Own
from notify.rendering.plain_filters import PLAIN_FILTERS
from notify.rendering.uses import CODE, SALUTATION, SUBJECT, UNSUBSCRIBE, Source, Uses

#: What is known of a recipient under one name: fields or cells by theirs, or one text.
Field = Mapping[str, str] | str

#: Which of the values a filter is given, its name, and what it does.
_ByFilter = tuple[int, str, Callable[[str], str]]

_NOTHING: Mapping[str, str] = {}
#: Where a value is like no other; else there is the number of the first one that it is like.
_LIKE_NO_OTHER = -1
#: What is no cell, in the order of their values.
_ALONE = (SALUTATION, CODE)


@record(frozen=True, slots=True)
class Way:
    """The way of one recipient: the same ``key`` leads through the same branches, past the same prints.

    ``values`` are those that may be printed as they are, by number; the empty text of those that the way itself tells.
    """

    key: Hashable
    values: list[str]


class Branching:
    """What decides about the way through the pieces of one template, as far as recipients differ in it."""

    def __init__(self, uses: Uses, known: Collection[str], reserved: Collection[str]) -> None:
        """Tell what is printed from what decides.

        :param known: texts of the campaign; a recipient's value that is one of them goes a way of its own, because
            equal values share what stands for them.
        :param reserved: names that bare columns must not have.
        """
        deciding = uses.deciding - {UNSUBSCRIBE, SUBJECT}
        printed = {source for source in uses.printed if source.unfiltered not in deciding | {UNSUBSCRIBE, SUBJECT}}
        asked = uses.asked - printed - deciding - {UNSUBSCRIBE, SUBJECT}
        self._contact, self._row = (_names(printed, group) for group in ("contact", "row"))
        self._alone = tuple(source.name for source in _ALONE if source in printed)
        self._asked = tuple(sorted(asked))
        self._deciding = tuple(sorted(deciding))
        self._made = _made_by_filters(printed, [*self._sources()])
        self._texts = {source: frozenset(text for of, text in uses.compared if of == source) for source in uses.asked}
        self._known = frozenset(known).union(*(self._texts[source] for source in printed & uses.asked))
        self._reserved = frozenset(reserved)
        #: How many values there are of each recipient.
        self.size = len(self._contact) + len(self._row) + len(self._alone) + len(self._made)

    def way(self, salutation: str, fields: Mapping[str, Field], form: Form) -> Way | None:
        """Return the way of a recipient; None for one whose values may lead anywhere."""
        contact, row = _mapping(fields, "contact"), _mapping(fields, "row")
        if self._reserved and not self._reserved.isdisjoint(row):
            return None
        found: list[str | None] = [*map(contact.get, self._contact), *map(row.get, self._row)]
        found += [salutation if name == SALUTATION.name else _text(fields, name) for name in self._alone]
        try:
            for place, _, function in self._made:
                value = found[place]
                found.append(function(value) if value else value)
        except ValueError:
            # half of a letter has no octets: Jinja says so, with its line
            return None
        decided = [self._of(source, salutation, fields) for source in self._deciding] if self._deciding else ()
        asked = [self._of(source, salutation, fields) for source in self._asked] if self._asked else []
        values, states = self._told_apart(found)
        every = [*values, *filter(None, asked)] if asked else values
        # together they are seldom so long
        if len("".join(every)) >= LONGEST and max(map(len, every)) >= LONGEST:
            return None
        return Way((form, states, *decided, *map(self._state, self._asked, asked)), values)

    def traced(self, way: Way, salutation: str, fields: Mapping[str, Field]) -> tuple[str, dict[str, Field]]:
        """Return greeting and fields with what may be printed numbered, so that it is known again."""
        own = [Own.numbered(value, number) if value else None for number, value in enumerate(way.values)]
        for number, (place, name, _) in enumerate(self._made, start=self.size - len(self._made)):
            given_to, made = own[place], own[number]
            if given_to is not None and made is not None:
                given_to.made[name] = made
        numbered = iter(own)
        given: dict[str, Field] = dict(fields)
        for group, names in (("contact", self._contact), ("row", self._row)):
            if group in fields:
                given[group] = {**_mapping(fields, group)} | _present(names, numbered)
        given |= _present(self._alone, numbered)
        greeting = given.pop(SALUTATION.name, salutation)
        return greeting if isinstance(greeting, str) else salutation, given

    def _sources(self) -> Iterator[Source]:
        """Yield what is printed, without what filters make of it, in the order of the values."""
        yield from (Source("contact", name) for name in self._contact)
        yield from (Source("row", name) for name in self._row)
        yield from (Source("", name) for name in self._alone)

    def _told_apart(self, found: list[str | None]) -> tuple[list[str], Hashable]:
        """Return the values, and what tells them from others: which are missing, empty, equal, or the campaign's."""
        known, filled = self._known, [*filter(None, found)]
        if len({*filled}) == len(filled) and known.isdisjoint(filled):
            if len(filled) == len(found):
                return filled, None
            return [value or "" for value in found], tuple([value and _LIKE_NO_OTHER for value in found])
        first = dict(zip(reversed(found), reversed(range(len(found))), strict=True))
        states = tuple([value if not value or value in known else first[value] for value in found])
        return ["" if not value or value in known else value for value in found], states

    def _state(self, source: Source, value: str | None) -> str | bool | None:
        """Return what a template may know that only asks for a value."""
        return value if value is None or value in self._texts[source] else bool(value)

    @staticmethod
    def _of(source: Source, salutation: str, fields: Mapping[str, Field]) -> str | None:
        if source.group:
            return _mapping(fields, source.group).get(source.name)
        return salutation if source == SALUTATION else _text(fields, source.name)


def _names(sources: Iterable[Source], group: str) -> tuple[str, ...]:
    return tuple(sorted(source.name for source in sources if source.group == group and not source.filters))


def _is_filtered(source: Source) -> bool:
    return bool(source.filters)


def _made_by_filters(printed: Iterable[Source], order: list[Source]) -> tuple[_ByFilter, ...]:
    """Return what filters make of the values in their order, each behind what its filter is given."""
    made: list[_ByFilter] = []
    for source in sorted(
        (source for source in printed if source.filters), key=lambda source: (len(source.filters), source)
    ):
        *before, name = source.filters
        made.append((order.index(source._replace(filters=tuple(before))), name, PLAIN_FILTERS[name]))
        order.append(source)
    return tuple(made)


def _mapping(fields: Mapping[str, Field], name: str) -> Mapping[str, str]:
    found = fields.get(name, _NOTHING)
    return _NOTHING if isinstance(found, str) else found


def _text(fields: Mapping[str, Field], name: str) -> str | None:
    found = fields.get(name)
    return found if isinstance(found, str) else None


def _present(names: Iterable[str], numbered: Iterable[Own | None]) -> dict[str, str]:
    """Return the values that are there, by their names."""
    return {name: own for name, own in zip(names, numbered, strict=False) if own is not None}
