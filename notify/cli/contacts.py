"""``notify contacts``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from notify.cli.options import campaign_options, json_option, load_settings, shared
from notify.cli.screen import columns, emit, how_many, note, put
from notify.cli.sheet import sheet

if TYPE_CHECKING:
    from notify.actions.survey import Surveyed
    from notify.config import Settings
    from notify.contacts import Table

#: How many rows of each kind are listed; the files that can be written have them all.
_LISTED = 10
_SAMPLE_WIDTH = 28


@click.command(short_help="Show what was read from your contact files.")
@campaign_options
@click.option(
    "--rejected",
    "rejected_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the rejected rows with their reasons to a CSV file.",
)
@json_option
@click.pass_obj
def contacts(
    folder: Path,
    contacts: tuple[str, ...],
    template: str | None,
    sender: str | None,
    rejected_file: Path | None,
    as_json: bool,
) -> None:
    """Show what was read: per file its encoding and columns, what is rejected and why, who is there twice.

    Your files are only read. With --contacts FILE it needs no notify.toml.
    """
    from notify.actions.tables import open_tables

    settings = load_settings(folder, shared(contacts, template, sender), contacts_only=True)
    tables = open_tables(settings)
    with ExitStack() as stack:
        path = folder / rejected_file if rejected_file else None
        write = stack.enter_context(_rejected_sheet(settings, path)) if path else None
        counts = (_emit if as_json else _show)(settings, tables, write)
    if path:
        note(f"Wrote {how_many(counts['rejected'], 'rejected row')} to {path}.")


def _survey(
    settings: Settings, tables: tuple[Table, ...], write: Callable[[Surveyed], None] | None
) -> Iterator[Surveyed]:
    from notify.actions.ledgers import real_ledger
    from notify.actions.survey import Fate, survey
    from notify.actions.tables import judge_for
    from notify.core.campaign import LANGUAGES

    for one in survey(tables, judge_for(settings, LANGUAGES), real_ledger(settings)):
        if write and one.fate is Fate.REJECTED:
            write(one)
        yield one


def _show(settings: Settings, tables: tuple[Table, ...], write: Callable[[Surveyed], None] | None) -> Mapping[str, int]:
    from notify.actions.survey import Fate

    for table in tables:
        _show_table(table)
    counts: Counter[str] = Counter()
    listed: dict[Fate, list[str]] = {fate: [] for fate in Fate}
    fell_back = 0
    for one in _survey(settings, tables, write):
        counts[one.fate] += 1
        fell_back += one.fate is Fate.ADMITTED and getattr(one.row, "fell_back", False)
        if one.fate is not Fate.ADMITTED and len(listed[one.fate]) < _LISTED:
            listed[one.fate].append(f"{one.row.origin}: {one.reason}")
    for fate in (Fate.REJECTED, Fate.DUPLICATE, Fate.SUPPRESSED):
        _list(fate, listed[fate], counts[fate])
    put(f"{how_many(sum(counts.values()), 'row')}: " + ", ".join(f"{counts[fate]:,} {fate}" for fate in Fate))
    if fell_back:
        note(
            f"{how_many(fell_back, 'salutation')} neutral, because the file does not say how to address them; "
            "gender is never guessed. See one:  notify preview --to ADDR"
        )
    if counts[Fate.REJECTED] and write is None:
        note("Mend them in your file, or get them as a list:  notify contacts --rejected rejected.csv")
    return counts


def _list(fate: str, lines: list[str], count: int) -> None:
    if not count:
        return
    heads = {
        "rejected": "Rejected",
        "duplicate": "There twice, written to once",
        "suppressed": "Must not be written to",
    }
    put(f"{heads[fate]} ({count:,}):")
    for line in lines:
        put(f"  {line}")
    if count > len(lines):
        put(f"  … and {count - len(lines):,} more")
    put()


def _show_table(table: Table) -> None:
    delimiter = {"\t": "tabs", ";": "semicolons", ",": "commas", "|": "bars"}.get(table.delimiter, table.delimiter)
    put(click.style(table.shown, bold=True))
    put(f"  {encoding_name(table.encoding)}, {delimiter}, header in line {table.header_line}")
    samples = _samples(table)
    rows = [(header, "→", field, samples.get(header, "")) for header, field in table.columns.items()]
    put("\n".join(columns(rows, indent="    ")))
    others = [header for header in table.headers if header not in table.columns]
    if others:
        put(f'  not used, but row["…"] in a template reads them: {", ".join(others)}')
    put()


def encoding_name(encoding: str) -> str:
    """Return an encoding as people know it."""
    return {"cp1252": "Windows-1252", "utf-8-sig": "UTF-8 with BOM"}.get(encoding, encoding.upper())


def _samples(table: Table) -> dict[str, str]:
    """Return the first two values of each column that are not empty, shortened."""
    from notify.core.people import Contact

    found: dict[str, list[str]] = {header: [] for header in table.headers}
    for number, row in enumerate(table):
        if number >= 20:  # enough to find two
            break
        # a row that could not be taken apart says nothing about the columns
        for header, cell in row.row.items() if isinstance(row, Contact) else ():
            if cell and header in found and len(found[header]) < 2 and cell not in found[header]:
                found[header].append(cell)
    return {header: _shortened(" · ".join(values)) for header, values in found.items()}


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 2 * _SAMPLE_WIDTH else text[: 2 * _SAMPLE_WIDTH - 1] + "…"


def _emit(settings: Settings, tables: tuple[Table, ...], write: Callable[[Surveyed], None] | None) -> Mapping[str, int]:
    from notify.actions.survey import Fate

    counts: Counter[str] = Counter()
    rows: Counter[str] = Counter()
    found = []
    for one in _survey(settings, tables, write):
        counts[one.fate] += 1
        rows[one.row.origin.path] += 1
        found.append(_record(one))
    emit(
        {
            "files": [
                {
                    "path": table.shown,
                    "format": "csv",
                    "encoding": table.encoding,
                    "delimiter": table.delimiter,
                    "header_line": table.header_line,
                    "rows": rows[table.shown],
                    "columns": table.columns,
                }
                for table in tables
            ],
            "contacts": found,
            "counts": {"rows": sum(counts.values()), **{str(fate): counts[fate] for fate in Fate}, "filtered": 0},
        }
    )
    return counts


def _record(one: Surveyed) -> dict[str, Any]:
    from notify.core.people import Recipient

    row = one.row
    found = {
        "origin": str(row.origin),
        "key": "",
        "name": "",
        "company": "",
        "address": row.address,
        "other_addresses": [],
        "salutation": "",
        "language": "",
        "status": str(one.fate),
        "reason": one.reason,
    }
    if isinstance(row, Recipient):
        addresses = [row.fields[name] for name in ("email", "email_2", "email_3") if row.fields[name]]
        found |= {
            "key": row.key,
            "name": row.name,
            "company": row.fields["company"],
            "other_addresses": [address for address in addresses if address != row.address],
            "salutation": row.salutation,
            "language": row.language,
        }
    return found


@contextmanager
def _rejected_sheet(settings: Settings, path: Path) -> Iterator[Callable[[Surveyed], None]]:
    """Give what writes a rejected row, with its reason and its place in front."""
    with sheet(settings, path) as write:
        last: list[str] = []

        def write_rejected(one: Surveyed) -> None:
            header = ["Reason", "Where", *one.row.row]
            if header != last:
                # files have columns of their own: each begins with its header
                write(header)
                last[:] = header
            write([one.reason, str(one.row.origin), *one.row.row.values()])

        yield write_rejected
