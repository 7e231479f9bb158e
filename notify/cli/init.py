"""``notify init``."""

from __future__ import annotations

import difflib
import locale
import os
import sys
from pathlib import Path

import click

from notify.cli.options import F, name_server
from notify.cli.screen import is_terminal, note, put

#: How the options that give answers are called there, by the name of the question.
_ANSWERS = {
    "name": ("--name", "TEXT", "Who writes."),
    "from": ("--from", "ADDR", "The address that you write from."),
    "server": ("--server", "NAME", "The server: HOST, HOST:PORT, or a name that `notify providers` lists."),
    "user": ("--user", "NAME", "As whom one logs in there. Default: the address."),
    "new_account": ("--new-account", "DATE", "Since when you have the account there, if it is new."),
    "effective": ("--effective", "DATE", "From when the new details hold. Default: today."),
    "old_works_until": ("--old-works-until", "DATE", "Until when the old ones work."),
    "contacts": ("--contacts", "FILE", "The address list. It is read where it is."),
    "bank_to": ("--bank-to", "WHO", "Who gets new bank details: COLUMN=VALUE. Default: everybody."),
}
_FLAGS = {
    "copy_contacts": ("--copy-contacts", "Copy the address list into the folder."),
    "look_up": ("--look-up", "Ask DNS and autoconfig for the server of the address."),
    "use_relay": ("--use-relay", "Send through the server at once, not into the sandbox first."),
    "store_password": ("--store-password", "Keep the password in the keyring; asks, or takes NOTIFY_PASSWORD."),
}
_PAIRS = {
    "old": "A detail that changes, as it was: phone='+49 40 111111'. May be repeated.",
    "new": "The same detail, as it is to be. May be repeated.",
    "keep": "A phone or website that stays: readers check by it.",
}


def _answer_options(command: F) -> F:
    """Add the options that answer the questions."""
    for name, (option, words) in reversed(_FLAGS.items()):
        command = click.option(option, f"flag_{name}", is_flag=True, help=words)(command)
    for name, words in reversed(_PAIRS.items()):
        command = click.option(f"--{name}", f"pairs_{name}", metavar="DETAIL=TEXT", multiple=True, help=words)(command)
    for name, (option, metavar, words) in reversed(_ANSWERS.items()):
        command = click.option(option, f"answer_{name}", metavar=metavar, help=words)(command)
    return command


@click.command(short_help="Make a campaign folder: asks, or takes options.")
@click.argument("folder", type=click.Path(path_type=Path), required=False, metavar="[DIR]")
@click.option(
    "--lang",
    type=click.Choice(["de", "en"]),
    help="Language of the questions, and of the comments in notify.toml. Default: your system's.",
)
@click.option(
    "--template",
    metavar="NAME",
    help="What it is about: see --list. Default: what fits that which changes.",
)
@_answer_options
@click.option(
    "--resolver",
    type=name_server,
    metavar="ADDR[:PORT]",
    help="For --look-up: this server of names, not the machine's.",
)
@click.option("--example", is_flag=True, help="Ask nothing: write an example with invented people.")
@click.option("--list", "list_all", is_flag=True, help="Show the templates and providers that notify knows.")
@click.option("--list-templates", is_flag=True, help="Show the templates that notify comes with, and write nothing.")
@click.pass_obj
def init(
    here: Path,
    /,
    folder: Path | None,
    lang: str | None,
    template: str | None,
    example: bool,
    list_all: bool,
    list_templates: bool,
    resolver: tuple[str, int] | None,
    **answers: str | bool | tuple[str, ...] | None,
) -> None:
    """Make a campaign folder: notify.toml, a template, and the place for your contacts.

    On a terminal it asks a few questions and writes what you answered. What an option says is not asked; with options
    alone it needs no terminal. Without both, or with --example, it writes an example that works at once in the sandbox.
    Nothing that is there is overwritten.
    """
    from notify.config import OCCASIONS

    language = lang or _system_language()
    if list_all or list_templates:
        _list_templates(language)
        if list_all:
            _list_providers()
        return
    if template is not None and template not in OCCASIONS:
        raise click.UsageError(_unknown(template, list(OCCASIONS)))
    target = here / folder if folder else here
    given = _given(answers)
    if example and given:
        raise click.UsageError("--example writes invented details; leave it out, or the options that answer questions.")
    has_person = all(map(is_terminal, (sys.stdin, sys.stdout, sys.stderr)))
    inside = f"cd {folder}  &&  " if folder else ""
    if example or not (given or has_person):
        _write_example(target, language, template or next(iter(OCCASIONS)), inside)
        return
    from notify.cli.init_guided import guide

    names = resolver or ("", 53)
    guide(target, language, template or "", given, has_person=has_person, inside=inside, names=names)


def _system_language() -> str:
    """Return ``de`` where the system speaks German, else ``en``; a variable counts even without its locale."""
    named = (
        next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "") or locale.getlocale()[0] or ""
    )
    return "de" if named.lower().startswith(("de", "german")) else "en"


def _write_example(target: Path, language: str, template: str, inside: str) -> None:
    from notify.actions.init import initialise

    for path in initialise(target, language, template):
        note(f"wrote {path}")
    note(f"\nLook at what it would send:   {inside}notify preview -n 2")
    note("Then put your own contacts into contacts/ and your details into notify.toml.")


def _given(answers: dict[str, str | bool | tuple[str, ...] | None]) -> dict[str, str]:
    """Return the answers of the command line, by the names of the questions."""
    given: dict[str, str] = {}
    for parameter, value in answers.items():
        kind, _, name = parameter.partition("_")
        if isinstance(value, tuple):
            given |= _details(name, value)
        elif kind == "flag" and value:
            given[name] = "yes"
        elif isinstance(value, str):
            given[name] = value
    changed = [name.partition(".")[2] for name in given if name.startswith(("old.", "new."))]
    return given | ({"changes": ",".join(_items(changed))} if changed else {})


def _details(side: str, pairs: tuple[str, ...]) -> dict[str, str]:
    """Return what ``--new phone=…`` and its like say, by the names of the questions."""
    from notify.actions.init_questions import QUESTIONS

    prefix = "kept" if side == "keep" else side
    known = [
        name.partition(".")[2] for name in (question.name for question in QUESTIONS) if name.startswith(f"{prefix}.")
    ]
    found = {}
    for pair in pairs:
        name, mark, text = pair.partition("=")
        if not mark:
            raise click.UsageError(f"--{side} {pair}: write it as  --{side} {known[0]}=TEXT")
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}."
            raise click.UsageError(f'--{side}: there is no detail "{name}": {meant}')
        found[f"{prefix}.{name}"] = text
    return found


def _items(details: list[str]) -> list[str]:
    from notify.actions.init_details import DETAILS

    return list(dict.fromkeys(detail.item for detail in DETAILS if detail.name in details))


def _list_templates(language: str) -> None:
    """Show the templates, each with what it is for."""
    from notify.config import OCCASIONS

    width = max(map(len, OCCASIONS))
    for name, occasion in OCCASIONS.items():
        put(occasion.about.de if language == "de" else occasion.about.en, head=f"{name:{width}}  ", bold=True)


def _list_providers() -> None:
    """Show the providers, each with its server."""
    from notify.cli.providers import show_all

    put()
    show_all()


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name.lower().replace("_", "-"), known, 1)
    meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}."
    return f'There is no template "{name}": {meant}'
