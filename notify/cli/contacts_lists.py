"""The CSV files that ``notify contacts`` writes, row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from notify.cli.screen import how_many
from notify.cli.sheet import sheet

if TYPE_CHECKING:
    from notify.actions.survey import Surveyed
    from notify.config import Settings
    from notify.core.contact import Recipient

_WHAT = {
    "rejected": "rejected row",
    "without_address": "contact",
    "fallbacks": "contact",
    "export": "recipient",
}


class Lists:
    """Writes each row to the lists that it belongs to. Use it in a ``with``."""

    def __init__(self, settings: Settings, wanted: Mapping[str, Path]) -> None:
        """Prepare the lists that are wanted: paths by name."""
        self._settings = settings
        self._wanted = wanted
        self._stack = ExitStack()
        self._write: dict[str, Callable[[Iterable[str]], None]] = {}
        self._headers: dict[str, list[str]] = {}
        self._counts: Counter[str] = Counter()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            for name, path in self._wanted.items():
                filled_in = name == "fallbacks"
                keep = _FILLED_IN if filled_in else _REMOVE
                writer = sheet(self._settings, path, keep=keep, corrections=filled_in)
                self._write[name] = stack.enter_context(writer)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def __contains__(self, name: str) -> bool:
        return name in self._wanted

    def add(self, surveyed: Surveyed) -> None:
        """Write a row to the lists that it belongs to."""
        if not self._write:
            return
        from notify.actions.survey import Fate
        from notify.core.contact import Recipient
        from notify.recipients.admission import NO_ADDRESS

        row = surveyed.row
        if surveyed.fate is Fate.REJECTED:
            self._put("rejected", {"Reason": surveyed.reason, "Where": str(row.origin), **row.row})
            if surveyed.reason == NO_ADDRESS:
                self._put("without_address", {"Where": str(row.origin), **row.row})
        elif surveyed.fate is Fate.ADMITTED and isinstance(row, Recipient):
            self._put("export", _cleaned(row))
            if row.why:
                self._put("fallbacks", self._to_fill_in(row))

    def written(self) -> Iterator[str]:
        """Yield what was written, in words."""
        for name, path in self._wanted.items():
            yield f"Wrote {how_many(self._counts[name], _WHAT[name])} to {path}."
        if "fallbacks" in self._wanted:
            yield _FILL_IN

    def _to_fill_in(self, row: Recipient) -> dict[str, str]:
        whose = {"key": row.key} if self._settings.contacts.key else {"email": row.address}
        return {**whose, "salutation": "", "gender": "", "who": row.name, "why": row.why}

    def _put(self, name: str, cells: Mapping[str, str]) -> None:
        if name not in self._write:
            return
        header = [*cells]
        if header != self._headers.get(name):
            # files have columns of their own: each begins with its header
            self._write[name](header)
            self._headers[name] = header
        self._write[name](cells.values())
        self._counts[name] += 1


_REMOVE = "Name another file, or remove this one first."
_FILLED_IN = "Name another file; what you have filled in there is not overwritten."
_FILL_IN = (
    "Fill in a salutation, or a gender (f, m), and leave empty what may stay neutral. As overrides.csv beside "
    "notify.toml it is used from then on."
)


def _cleaned(row: Recipient) -> dict[str, str]:
    """Return a recipient as a row that notify reads back as the same one: its columns are named as the fields."""
    from notify.core.form import Form

    others = dict(zip(("email_2", "email_3"), (*row.other_addresses, "", ""), strict=False))
    return {
        **row.fields,
        **others,
        "email": row.address,
        "name": row.name,
        "salutation": row.salutation,
        "language": row.language,
        # of what is not clear the file's own words are kept
        "form": str(row.form) if row.form is Form.FAMILIAR else row.fields["form"],
    }
