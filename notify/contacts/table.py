"""A table of contacts: its columns are recognised, and its rows become contacts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path

from notify.contacts.address_columns import ADDRESS_FIELDS
from notify.contacts.cell_shapes import is_nothing
from notify.contacts.columns import survey_columns
from notify.contacts.form_marks import answered, asks_for_du
from notify.contacts.guess import Guess
from notify.contacts.legend import read_legend
from notify.contacts.optouts import NAME_FIELDS, findings_on_name, may_be_marked, objection_by_name, objections
from notify.contacts.rows import Grid, Misshapen, Row, distinct
from notify.core.contact import FIELDS, Contact, Origin, Rejected
from notify.core.finding import Finding, Severity
from notify.core.objection import Objection
from notify.errors import InputError

#: So many rows are looked at to find out what the columns hold.
_SAMPLES = 200
#: Salesforce and HubSpot export some hundred; what has thousands is no list of contacts.
MOST_COLUMNS = 1024


class Table:
    """A contact file that is a table. Iterating reads it, each time anew.

    Yields a :class:`Contact` for each row, or a :class:`Rejected` for a record that cannot be one row, in the order
    of the file.
    """

    def __init__(
        self, path: Path, label: str, assigned: Mapping[str, str], grid: Grid, *, needs_addresses: bool = True
    ) -> None:
        """Find out what the columns hold.

        :param assigned: headers by field, from ``[contacts.columns]``; they win over what is recognised.
        :param grid: the cells of the file.
        :raises InputError: no column holds addresses.
        :raises ConfigError: an assigned header is assigned twice.
        """
        self._grid = grid
        self.path = path
        self.label = label
        self.format = self._grid.format
        self.encoding = self._grid.encoding
        self.delimiter = self._grid.delimiter
        self.header_line = self._grid.header_line
        if len(self._grid.header) > MOST_COLUMNS:
            raise self._with_too_many()
        #: The header of each column; one that is empty or repeated gets a number.
        self.headers = distinct(self._grid.header)
        self._known = survey_columns(self.headers, assigned, self._grid.sample(_SAMPLES))
        if needs_addresses and not self._known.addresses:
            raise self._without_addresses()
        self._addresses = [(position, name) for position, name in self._known.fields.items() if name in ADDRESS_FIELDS]
        self._by_name = objection_by_name(path)
        self._legends = {
            field: legend
            for position, field in self._known.fields.items()
            if field in {"prefix", "gender"} and (legend := read_legend(self.headers[position]))
        }
        form = next((position for position, field in self._known.fields.items() if field == "form"), None)
        self._is_form_marked = form is not None and asks_for_du(self.headers[form])
        self._wishes = [(self.headers[position], position) for position in self._known.wishes]
        self._empty = dict.fromkeys(FIELDS, "")
        self._names = _getter([place for place, field in self._known.fields.items() if field in NAME_FIELDS])
        #: What was guessed.
        self.findings = (
            *self._grid.findings,
            *(self._finding(guess) for guess in self._known.guesses),
            *findings_on_name(path, label),
        )

    @property
    def columns(self) -> dict[str, str]:
        """Which header was recognised as which field."""
        return {self.headers[position]: field for position, field in sorted(self._known.fields.items())}

    @property
    def sensitive(self) -> frozenset[str]:
        """The headers whose cells are not shown as samples: bank details, birthdays, notes."""
        return frozenset(self.headers[position] for position in self._known.sensitive)

    def __iter__(self) -> Iterator[Contact | Rejected]:
        """Yield what becomes of each row.

        :raises InputError: the file cannot be read to its end.
        """
        return map(self.found_in, self.rows())

    def rows(self) -> Iterator[Row | Misshapen]:
        """Read the rows as they are, each time anew; :meth:`found_in` says what becomes of one.

        :raises InputError: the file cannot be read to its end.
        """
        return self._grid.rows()

    def found_in(self, row: Row | Misshapen) -> Contact | Rejected:
        """Return what becomes of a row."""
        if isinstance(row, Row):
            return self._contact(row)
        cells = dict(zip(self.headers, row.cells, strict=False))
        return Rejected(Origin(self.label, row.line), row.reason, cells)

    def _contact(self, row: Row) -> Contact:
        line, cells, is_hidden = row
        fields = self._empty.copy()
        for position, field in self._known.fields.items():
            fields[field] = cells[position]
        for position, field in self._addresses:
            if "@" not in cells[position] and is_nothing(cells[position]):
                fields[field] = ""
        if self._legends:
            fields |= {field: legend.decoded(fields[field]) for field, legend in self._legends.items()}
        if self._is_form_marked:
            fields["form"] = answered(fields["form"])
        return Contact(
            Origin(self.label, line),
            fields,
            dict(zip(self.headers, cells, strict=True)),
            self._known.addresses_in(cells),
            self._objections(cells),
            is_hidden,
        )

    def _objections(self, cells: Sequence[str]) -> tuple[Objection, ...]:
        told = (
            [(header, cell) for header, position in self._wishes if (cell := cells[position])] if self._wishes else []
        )
        names = self._names(cells)
        if told or may_be_marked(" ".join(names)):
            return self._by_name + objections(told, names)
        return self._by_name

    def _finding(self, guess: Guess) -> Finding:
        """Return what a person should know about a guess."""
        where = f"{self.label}:{self.header_line}" if self.header_line else self.label
        header = self.headers[guess.column]
        if not guess.field:
            what = f'column "{header}" is not read as what it is called: {guess.why}'
            return Finding("contradicted-column", Severity.WARNING, where, what)
        if guess.sure:
            field = self._known.fields.get(guess.column) or "one more address"
            return Finding(
                "guessed-column", Severity.WARNING, where, f'column "{header}" is read as {field}: {guess.why}'
            )
        what = f'column "{header}" may be {guess.field} ({guess.why})'
        mend = f"if so, say so in notify.toml:  {_mend(guess, self.headers)}"
        return Finding("proposed-column", Severity.INFO, where, what, mend)

    def _with_too_many(self) -> InputError:
        where = f"{self.label}:{self.header_line}" if self.header_line else self.label
        many = len(self._grid.header)
        return InputError(
            f"{where}: {many:,} columns; a list of contacts has no more than {MOST_COLUMNS:,}.",
            hint="Export only the columns that you need.",
        )

    def _without_addresses(self) -> InputError:
        mend = [_mend(guess, self.headers) for guess in self._known.guesses if guess.field == "email"]
        where = f"{self.label}:{self.header_line}" if self.header_line else self.label
        return InputError(
            f"{where}: no column holds e-mail addresses. The columns are {', '.join(self.headers)}.",
            hint="Name it in notify.toml:  " + (mend[0] if mend else '[contacts.columns]  email = "…"'),
        )


def _getter(positions: Sequence[int]) -> Callable[[Sequence[str]], Sequence[str]]:
    """Return what takes the cells at these positions out of a row."""
    # of a single position it would return the cell alone
    return itemgetter(*positions) if len(positions) > 1 else lambda cells: [cells[place] for place in positions]


def _mend(guess: Guess, headers: Sequence[str]) -> str:
    return f'[contacts.columns]  {guess.field} = "{headers[guess.column]}"'
