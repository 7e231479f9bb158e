"""``notify preview``."""

from __future__ import annotations

import sys
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.cli.cohorts import say_cohorts, stands_for
from notify.cli.files import file_record
from notify.cli.findings import listed, record_of, show_findings
from notify.cli.noticed import say_noticed
from notify.cli.options import campaign_options, count, json_option, load_settings, shared, where_option
from notify.cli.screen import emit, fitted, how_many, is_terminal, note, put, put_as_it_is, warn
from notify.cli.send_copies import asked_for
from notify.cli.web import serve_campaign, web_options
from notify.cli.wrapping import cells, width_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from notify.actions.cohorts import Example
    from notify.actions.noticed import Noticed
    from notify.actions.prepare import Prepared
    from notify.actions.previewed import Previewed

#: How many are shown in the terminal without ``-n``.
_DEFAULT = 3
#: How many findings are told; each name has at most a few in full.
_NOTICED = 50
#: How long the line behind the title of a message is, where there is room.
_RULE = 20


@click.command(short_help="Show exactly what each recipient gets.")
@click.option(
    "-n", "most", type=count, metavar="N", help=f"How many. Default: {_DEFAULT}; at a terminal, and with --out, all."
)
@click.option("--to", "only", metavar="ADDR", default="", help="Only the message to this address.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write them as .eml files, which every mail program opens; those of an earlier preview there are removed.",
)
@click.option(
    "--cohorts", "of_each", is_flag=True, help="One of each text that is sent, and of each recipient who stands out."
)
@web_options("Show all of them in the browser, on a page that follows your files.")
@where_option
@campaign_options
@json_option
@click.pass_obj
def preview(
    folder: Path,
    most: int | None,
    only: str,
    out: Path | None,
    of_each: bool,
    web: bool,
    port: int,
    no_open: bool,
    where: str | None,
    contacts: tuple[str, ...],
    template: str | None,
    sender: str | None,
    as_json: bool,
) -> None:
    """Show exactly what each recipient gets, and what is wrong in the text of all. Nothing is sent or recorded.

    At a terminal, without -n, one after the other: n shows the next, p the previous, q ends it.
    """
    from notify.actions.noticed import Noticed
    from notify.actions.prepare import prepare
    from notify.actions.preview import first_look
    from notify.actions.preview import preview as messages
    from notify.cli.walks import Walks

    if of_each and only:
        raise click.UsageError("--cohorts shows one message of each text, --to that of one address: say one of them.")
    options = shared(contacts, template, sender)
    if web:
        if out is not None or as_json or only or of_each or most is not None:
            raise click.UsageError(
                "--web shows everybody on a page, and goes with none of -n, --to, --out, --cohorts, --json."
            )
        serve_campaign(lambda: load_settings(folder, options), where or "", port=port, opens=not no_open)
        return
    settings = load_settings(folder, options)
    # without a word on how many, a person at a terminal goes through all of them
    browses = not (as_json or only or out or most) and is_terminal(sys.stdin) and is_terminal(sys.stdout)
    if not (as_json or of_each or out or browses):
        most = most or _DEFAULT
    prepared = prepare(settings, where or "")
    for line in settings.notes:
        note(line)
    if copies := asked_for(settings.send):
        note(f"Copies: {copies}")
    previews: Iterator[tuple[Previewed, Example | None]]
    if of_each:
        noticed, previews = _one_of_each(prepared, most)
    else:
        noticed = Noticed(prepared, watch=Walks(prepared.sources, ends_unread=True))
        shown: list[Previewed] = []
        first = () if as_json or out else first_look(prepared, most=most, only=only)
        previews = (
            (one, None)
            for one in chain(
                _kept(first, shown, noticed),
                messages(prepared, most=most, only=only, noticed=noticed, shown=shown),
            )
        )
    if as_json:
        emit([_record(one) | (_cohort_record(example) if example else {}) for one, example in previews])
    elif out is not None:
        _write((one for one, _ in previews), folder / out)
    else:
        _show(prepared, previews, noticed, browses=browses)
    _say_of_forms(noticed)
    say_noticed(noticed.words, _NOTICED)
    _say_of_html(noticed)


def _kept(first: Iterable[Previewed], shown: list[Previewed], noticed: Noticed) -> Iterator[Previewed]:
    """Keep what is shown before all rows were read, as long as something is to be shown."""
    for one in first:
        shown.append(one)
        yield one
        if not noticed.shows:
            return


def _one_of_each(prepared: Prepared, most: int | None) -> tuple[Noticed, Iterator[tuple[Previewed, Example]]]:
    """Look at everybody, and say how many texts there are; return what was noticed, and the examples."""
    from notify.actions.cohorts import Cohorts, preview_examples
    from notify.actions.noticed import Noticed
    from notify.cli.walks import Walks

    cohorts = Cohorts(prepared.template)
    noticed = Noticed(prepared, cohorts.add, Walks(prepared.sources, ends_unread=True))
    found, examples = preview_examples(prepared, most=most, noticed=noticed, cohorts=cohorts)
    say_cohorts(found)
    return noticed, examples


def _say_of_forms(noticed: Noticed) -> None:
    """Say who has no text, and which forms say nothing: of everybody, shown or not."""
    for finding in noticed.forms.findings():
        warn(listed(finding))
    if error := noticed.missing.error():
        warn(f"{error.message} Nothing is shown for them, and nothing can be sent until there is such a text:")
        for problem in error.problems:
            warn(f"  {problem}")
        note("  " + error.hint.replace("\n", "\n  "))


def _say_of_html(noticed: Noticed) -> None:
    """Say what is wrong with the HTML of all messages."""
    if findings := noticed.html.findings():
        note()
        note("In the HTML of these messages:")
        for finding in findings:
            warn(f"  {listed(finding)}")


def _show(
    prepared: Prepared, previews: Iterator[tuple[Previewed, Example | None]], noticed: Noticed, *, browses: bool
) -> None:
    """Show all of them, or one after the other as they are asked for."""
    if browses:
        _browse(prepared, previews, noticed)
    else:
        _put(previews)
    for one in noticed.taken_back:
        warn(f"{one.recipient.address} ({one.recipient.origin}) is not among them after all:  notify contacts")
    note()
    note("As files for your mail program:  notify preview --out preview/")


def _browse(prepared: Prepared, previews: Iterator[tuple[Previewed, Example | None]], noticed: Noticed) -> None:
    """Show one after the other; those who come after the last are looked at all the same, unless that takes a while."""
    from notify.actions.preview import is_large
    from notify.cli.preview_browse import browse

    is_the_end = browse([*_lines(number, *one)] for number, one in enumerate(previews, start=1))
    if not is_the_end and is_large(prepared):
        note("This list is long, and was not looked at to its end: a later row may change what you have seen.")
        note("  All messages, and what is wrong in any of them:  notify check --offline")
        return
    noticed.shows = False
    # of those only what takes the place of one that was shown
    _put(previews)


def _put(previews: Iterator[tuple[Previewed, Example | None]]) -> None:
    for number, (previewed, example) in enumerate(previews, start=1):
        if number > 1:
            put()
        for line in _heading(number, previewed, example):
            put_as_it_is(line)
        show_findings(previewed.findings, "({})")
        put()
        put(previewed.content.text, nl=False, hang=0)


def _heading(number: int, previewed: Previewed, example: Example | None) -> Iterator[str]:
    """Yield what stands above a message, in lines no wider than the terminal."""
    what = f" ── {stands_for(example)}" if example else ""
    what += " ── once more, as a later row changes it" * previewed.is_correction
    title = f"── {number}{what} ── {previewed.recipient.origin} "
    width = width_of(sys.stdout)
    rule = _RULE if width is None else max(0, min(_RULE, width - cells(title)))
    yield fitted(head=(title + "─" * rule).rstrip(), fg="cyan")
    for name, value in previewed.headers:
        yield from fitted(value, head=f"{name}: ", bold=True).split("\n")


def _lines(number: int, previewed: Previewed, example: Example | None) -> Iterator[str]:
    """Yield the same with what is to be said of the recipient, and the message."""
    yield from _heading(number, previewed, example)
    for finding in previewed.findings:
        yield from fitted(head=f"({finding})", fg="yellow").split("\n")
    yield ""
    yield from fitted(previewed.content.text, hang=0).split("\n")


def _record(previewed: Previewed) -> dict[str, object]:
    return {
        "key": previewed.recipient.key,
        "origin": str(previewed.recipient.origin),
        "to": previewed.recipient.address,
        "form": str(previewed.recipient.form),
        "subject": previewed.content.subject,
        "text": previewed.content.text,
        "html": previewed.content.html,
        "attachments": [*map(file_record, previewed.content.attachments)],
        "pictures": [*map(file_record, previewed.content.pictures)],
        "size": len(previewed.message.octets),
        "warnings": [str(finding) for finding in previewed.findings],
        "findings": [record_of(finding) for finding in previewed.noticed],
    }


def _cohort_record(example: Example) -> dict[str, object]:
    cohort = example.cohort
    return {
        "cohort": {
            "language": cohort.language,
            "form": cohort.form,
            "branch": cohort.branch,
            "branches": cohort.branches,
            "recipients": cohort.count,
        },
        "stands_for": example.stands_for,
        "stands_out": list(example.stands_out),
    }


def _write(previews: Iterator[Previewed], place: Path) -> None:
    """Write the messages, in the place of those that an earlier preview has left there."""
    from notify.cli.preview_files import PreviewFiles

    files = PreviewFiles(place)
    for previewed in previews:
        files.write(previewed.recipient.address, previewed.message.octets)
    earlier = f" Those of an earlier preview were removed ({files.removed:,})." * bool(files.removed)
    note(f"Wrote {how_many(files.written, 'message')} to {place}/.{earlier} Open one with your mail program.")
    if files.others:
        note(f"{how_many(files.others, 'other file')} in it did not come from a preview and stayed untouched.")
