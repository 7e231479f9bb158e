"""``notify init`` with answers: asks for what no option says, writes the folder, and names the next two commands."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from notify.cli.screen import note, warn
from notify.core.bilingual import Bilingual

if TYPE_CHECKING:
    from notify.actions.init_plan import Plan
    from notify.actions.init_walk import Asker

_WELCOME = Bilingual(
    "A few questions, and the campaign stands. Enter takes what is in [ ]; Ctrl-C ends it, and nothing was written.\n"
    "Everything can be changed in notify.toml afterwards.",
    "Ein paar Fragen, dann steht die Kampagne. Enter nimmt, was in [ ] steht; bei Strg-C wird nichts geschrieben.\n"
    "Alles lässt sich danach in notify.toml ändern.",
)
_NOTHING_WRITTEN = Bilingual("\nNothing was written.", "\nEs wurde nichts geschrieben.")
_WRITTEN = Bilingual(
    "Written: {toml}; the text is in {text}.",
    "Geschrieben: {toml}; der Text steht in {text}.",
)
_COPIED = Bilingual("Copied: {}", "Kopiert: {}")
_NO_CONTACTS = Bilingual("First put your address list into {}", "Legen Sie zuerst Ihre Adressliste in {}")
_NEWS = Bilingual("First write your news into {}", "Schreiben Sie zuerst Ihre Meldungen in {}")
_NEXT = Bilingual("Next:", "So geht es weiter:")
_LOOK = Bilingual("shows what your readers get", "zeigt, was Ihre Leser bekommen")
_REHEARSE = Bilingual("rehearses: nothing leaves this machine", "probt: nichts verlässt diesen Rechner")
_SEND = Bilingual("sends, and asks before it does", "sendet, und fragt vorher")
_TO_SEND = Bilingual(
    "To send in earnest, switch on [[relay]] in notify.toml, as is said there; then:  notify check",
    "Um wirklich zu senden, schalten Sie [[relay]] in notify.toml ein: wie, steht dort. Dann:  notify check",
)
_TO_PROVE = Bilingual(
    "Nothing is sent before a test message was seen in the new mailbox:  notify probe",
    "Gesendet wird erst, wenn im neuen Postfach eine Testnachricht angekommen ist:  notify probe",
)
_PASSWORD = Bilingual("Password of {} (it is not shown):", "Passwort von {} (es wird nicht angezeigt):")
_STORED = Bilingual("The password is in the keyring.", "Das Passwort liegt im Schlüsselbund.")
_NOT_STORED = Bilingual(
    "The keyring did not take the password; notify will ask for it.",
    "Der Schlüsselbund hat das Passwort nicht genommen; notify fragt danach.",
)


def guide(
    folder: Path,
    language: str,
    template: str,
    given: Mapping[str, str],
    *,
    has_person: bool,
    inside: str,
    names: tuple[str, int],
) -> None:
    """Make a campaign folder of the answers.

    :param given: those of the command line.
    :param has_person: whether the others can be asked for.
    :param inside: what stands before a command so that it runs in the folder.
    :param names: the server of names that is asked, with its port; an empty one is that of the machine.
    """
    from notify.accounts import keeps_passwords
    from notify.actions.init import begin, refuse_campaign
    from notify.actions.init_plan import plan
    from notify.actions.init_search import search
    from notify.actions.init_walk import NotAnswered, Setting, walk
    from notify.cli.init_dialogue import Dialogue
    from notify.lookups import Resolver

    refuse_campaign(folder)
    today = dt.datetime.now().astimezone().date()
    setting = Setting(folder, language, today, template, has_keyring=keeps_passwords())
    asker: Asker | None = Dialogue(language) if has_person else None
    try:
        if has_person:
            note(_WELCOME.in_language(language))
        answers = walk(setting, given, asker, lambda address: search(address, Resolver(*names)))
        planned = plan(answers)
        password = _password(answers, language, has_person=has_person) if answers.get("store_password") else ""
    except NotAnswered as missing:
        raise click.UsageError(
            f"There is no terminal to ask on, and this is missing: {', '.join(missing.options)}."
        ) from None
    except (KeyboardInterrupt, EOFError, click.Abort):
        note(_NOTHING_WRITTEN.in_language(language), nl=False)
        raise click.Abort from None
    begin(folder, planned)
    if password:
        _keep(answers, password, language)
    _say_what_is_next(folder, planned, answers, language, inside)


def _user(answers: Mapping[str, Any]) -> str:
    """Return as whom one logs in."""
    from notify.actions.init_sender_questions import server_of

    server = server_of(answers)
    return str(answers.get("user") or (server.user if server else ""))


def _password(answers: Mapping[str, Any], language: str, *, has_person: bool) -> str:
    if has_person:
        question = _PASSWORD.in_language(language).format(_user(answers))
        return str(click.prompt(question, prompt_suffix=" ", hide_input=True, default="", show_default=False, err=True))
    if password := os.environ.get("NOTIFY_PASSWORD", ""):
        return password
    raise click.UsageError("--store-password: there is no terminal to ask on; give it by NOTIFY_PASSWORD.")


def _keep(answers: Mapping[str, Any], password: str, language: str) -> None:
    from notify.accounts import keep_password

    if keep_password(_user(answers), password):
        note(_STORED.in_language(language))
    else:
        warn(_NOT_STORED.in_language(language))


def _say_what_is_next(folder: Path, plan: Plan, answers: Mapping[str, Any], language: str, inside: str) -> None:
    from notify.actions.init_details import announces

    text = folder / "templates" / plan.template / f"message.{language}.md"
    note()
    note(_WRITTEN.in_language(language).format(toml=folder / "notify.toml", text=text))
    if plan.copied is not None:
        note(_COPIED.in_language(language).format(folder / "contacts" / plan.copied.name))
    if answers.get("contacts") is None:
        note(_NO_CONTACTS.in_language(language).format(folder / "contacts"))
    if plan.template == "newsletter":
        note(_NEWS.in_language(language).format(text))
    sends = bool(answers.get("use_relay"))
    commands = (f"{inside}notify preview -n 2", "notify send")
    width = max(map(len, commands))
    note(_NEXT.in_language(language))
    for command, what in zip(commands, (_LOOK, _SEND if sends else _REHEARSE), strict=True):
        note(f"  {command:{width}}   {what.in_language(language)}")
    if not sends:
        note(_TO_SEND.in_language(language))
    if announces(answers, "email"):
        note(_TO_PROVE.in_language(language))
