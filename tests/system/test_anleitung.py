"""The German guide: what it tells to type, notify takes; what it shows, comes out."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from notify.cli import group
from notify.cli.exits import Exit
from notify.cli.lazy import COMMANDS
from tests.folders import make_folder, run

GUIDE = (Path(__file__).parents[2] / "docs" / "anleitung.md").read_text("utf-8")
TYPED = sorted({typed for typed in re.findall(r"`notify ([^`]+)`", GUIDE) if "--help" not in typed})


def _block(start: str) -> str:
    """Return the code block that begins with ``start``."""
    block = next(text for text in re.findall(r"```\w*\n(.*?)```", GUIDE, re.DOTALL) if text.startswith(start))
    assert isinstance(block, str)
    return block


@pytest.mark.parametrize("typed", TYPED)
def test_what_it_tells_to_type(typed: str) -> None:
    """Each command of the guide is one, with options that it has."""
    name, *words = shlex.split(typed)
    assert name in COMMANDS
    command = group.get_command(None, name)  # type: ignore[arg-type]  # it needs no context
    assert command is not None
    command.make_context(name, words, parent=click.Context(group))


def test_the_text_for_du_and_sie(tmp_path: Path) -> None:
    """The text that says both, with the corrections shown beside it, gives each reader their own."""
    contacts = "Anrede;Vorname;Nachname;E-Mail\nFrau;Anna;Albrecht;anna@albrecht.example\nHerr;Max;Sommer;m@s.example\n"
    folder = make_folder(tmp_path / "campaign", contacts=contacts, message=_block("Subject: Neue E-Mail-Adresse"))
    (folder / "overrides.csv").write_text(_block("email,form").replace("kim@lorenz.example,du\n", ""), "utf-8")
    du, sie = run(folder, "preview").stdout.split("── 2 ──")
    for text in (
        "Liebe Anna,\n",
        "bitte ändere den Eintrag in Deinem Adressbuch:\nab sofort",
        "\nViele Grüße\nMuster PR",
    ):
        assert text in du
    for text in (
        "Sehr geehrter Herr Sommer,\n",
        "bitte ändern Sie den Eintrag in Ihrem Adressbuch:",
        "\nMit freundlichen",
    ):
        assert text in sie


def test_attachments(tmp_path: Path) -> None:
    """Attachments are named as the guide shows it, beside the message or from the campaign folder."""
    folder = make_folder(tmp_path / "campaign", contacts=1, message=_block("Subject: Neue Bankverbindung"))
    without = run(folder, "preview")
    assert (without.returncode, "visitenkarte.vcf" in without.stderr) == (Exit.INPUT, True)
    (folder / "templates" / "change" / "visitenkarte.vcf").write_bytes(b"BEGIN:VCARD\r\nEND:VCARD\r\n")
    (folder / "anlagen").mkdir()
    (folder / "anlagen" / "konditionen.pdf").write_bytes(b"%PDF-1.4\n")
    shown = run(folder, "preview").stdout
    assert "Attachment: visitenkarte.vcf" in shown
    assert "Attachment: konditionen.pdf" in shown


def test_a_newsletter(tmp_path: Path) -> None:
    """The section that the guide shows, without [change], is a campaign."""
    folder = make_folder(tmp_path / "campaign", contacts=1)
    (folder / "templates" / "rundbrief").mkdir()
    (folder / "templates" / "rundbrief" / "message.de.md").write_text(
        "Subject: Neues\n\n{{ salutation }}\n\n{{ unsubscribe }}\n", "utf-8"
    )
    sender = '\n[sender]\nemail = "info@neu.example"\n'
    (folder / "notify.toml").write_text(_block("[campaign]") + sender, "utf-8")
    assert run(folder, "send", "--yes").returncode == Exit.DONE
    [message] = (folder / "outbox" / "new").iterdir()
    assert b"List-Unsubscribe: <mailto:info@neu.example" in message.read_bytes()


def test_its_exit_statuses() -> None:
    """The statuses that it names are those of scripts that need nobody, or later."""
    assert re.findall(r"^\| (\d+) \|", GUIDE, re.MULTILINE) == [
        str(int(status)) for status in (Exit.DONE, Exit.SOME_FAILED, Exit.AGAIN_LATER)
    ]
