"""Whom the rules ask in tests: a table."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from notify.core.name_records import Answer, Answered, Ask


def asking(
    zone: Mapping[tuple[str, str], Sequence[str]],
    *,
    silent: Collection[str] = (),
    asked: list[tuple[str, str]] | None = None,
) -> Ask:
    """Return what answers from a zone; of some names nobody answers."""

    def ask(name: str, kind: str) -> Answer:
        if asked is not None:
            asked.append((name, kind))
        if name in silent:
            return Answer(Answered.UNKNOWN)
        if records := zone.get((name, kind)):
            return Answer(Answered.FOUND, tuple(records))
        is_there = any(known == name or known.endswith(f".{name}") for known, _ in zone)
        return Answer(Answered.EMPTY if is_there else Answered.NOWHERE)

    return ask
