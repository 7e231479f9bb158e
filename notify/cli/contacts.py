"""``notify contacts``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.cli.options import F, campaign_options, json_option, load_settings, shared, where_option
from notify.cli.screen import emit, note
from notify.cli.unread import warn_of_unread

if TYPE_CHECKING:
    from notify.actions.survey import Survey, Surveyed
    from notify.cli.contacts_lists import Lists
    from notify.cli.contacts_report import Report
    from notify.config import Settings
    from notify.contacts import Source


def _file_option(name: str, what: str) -> Callable[[F], F]:
    """Make an option that names a CSV file to write."""
    return click.option(name, type=click.Path(path_type=Path), metavar="FILE", help=what)


@click.command(short_help="Show what was read from your contact files.")
@campaign_options
@where_option
@_file_option("--rejected", "Write the rejected rows with their reasons to a CSV file.")
@_file_option("--without-address", "Write those who have no address to a CSV file: they need a letter or a call.")
@_file_option("--fallbacks", "Write those greeted neutrally to a CSV file that you can fill in as overrides.csv.")
@_file_option("--export", "Write everybody who is written to, cleaned, to a CSV file.")
@json_option
@click.pass_obj
def contacts(
    folder: Path,
    contacts: tuple[str, ...],
    template: str | None,
    sender: str | None,
    where: str | None,
    rejected: Path | None,
    without_address: Path | None,
    fallbacks: Path | None,
    export: Path | None,
    as_json: bool,
) -> None:
    """Show what was read: per file its encoding and columns, what is rejected and why, who is there twice.

    Your files are only read. With --contacts FILE it needs no notify.toml.
    """
    from notify.actions.selection import Selection
    from notify.actions.sources import open_sources
    from notify.actions.survey import survey
    from notify.cli.contacts_lists import Lists
    from notify.cli.contacts_report import Report
    from notify.cli.walks import Walks

    settings = load_settings(folder, shared(contacts, template, sender), contacts_only=True)
    sources = open_sources(settings)
    selection = Selection(settings, sources, _languages(settings), where or "")
    wanted = {
        "rejected": rejected,
        "without_address": without_address,
        "fallbacks": fallbacks,
        "export": export,
    }
    warn_of_unread(settings)
    with ExitStack() as stack:
        walks = Walks(sources, "Looking at contacts", ends_unread=True)
        surveyed = stack.enter_context(survey(sources, selection, settings, walks))
        rows = chain(surveyed.left_out(), walks(surveyed.taken_in()))
        lists = stack.enter_context(Lists(settings, {name: folder / path for name, path in wanted.items() if path}))
        if as_json:
            _emit(sources, rows, lists)
        elif any(wanted.values()):
            _write(rows, lists, Report(settings.campaign().kind))
        else:
            _show(sources, surveyed, rows, lists, Report(settings.campaign().kind))
    for written in lists.written():
        note(written)


def _languages(settings: Settings) -> Sequence[str]:
    """Return the languages that contacts are written to in; all where there is no template to look at."""
    from notify.actions.opening import open_template
    from notify.core.campaign import LANGUAGES
    from notify.errors import ConfigError, InputError

    try:
        return open_template(settings).languages
    except (ConfigError, InputError):  # whether the template is in order does not matter here
        return LANGUAGES


def _show(sources: Sequence[Source], surveyed: Survey, rows: Iterable[Surveyed], lists: Lists, report: Report) -> None:
    from notify.cli.contacts_files import show_file

    for source in sources:
        show_file(source)
    for row in rows:
        lists.add(row)
        report.add(row)
    report.show(surveyed, lists)


def _write(rows: Iterable[Surveyed], lists: Lists, report: Report) -> None:
    """Write the lists, and say of the rows only how many they are: whoever wants a list has seen the report."""
    for row in rows:
        lists.add(row)
        report.add(row)
    report.show_counts()


def _emit(sources: Sequence[Source], rows: Iterable[Surveyed], lists: Lists) -> None:
    from notify.actions.form_notes import FormNotes
    from notify.actions.survey import Fate
    from notify.cli.contacts_files import record_of_contact, record_of_file
    from notify.cli.contacts_report import shown_fates
    from notify.cli.findings import record_of
    from notify.core.contact import Recipient

    counts: Counter[str] = Counter()
    notes = FormNotes()
    rows_of: Counter[str] = Counter()
    found = []
    files = [source.label for source in sources]
    for surveyed_row in rows:
        origin = surveyed_row.row.origin
        lists.add(surveyed_row)
        counts[surveyed_row.fate] += 1
        if surveyed_row.fate is Fate.ADMITTED and isinstance(surveyed_row.row, Recipient):
            notes.add(surveyed_row.row)
        rows_of[origin.path] += 1
        found.append((files.index(origin.path), origin.line, record_of_contact(surveyed_row)))
    found.sort(key=lambda place: place[:2])
    emit(
        {
            "files": [record_of_file(source, rows_of[source.label]) for source in sources],
            "contacts": [record for *_, record in found],
            "findings": [record_of(finding) for finding in notes.findings()],
            "counts": {"rows": sum(counts.values()), **{str(fate): counts[fate] for fate in shown_fates(counts)}},
        }
    )
