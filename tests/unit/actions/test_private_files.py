"""What a campaign works with never leaves with a message: by whatever name, link or copy a template comes to it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from notify.actions.prepare import prepare
from notify.errors import InputError
from notify.ledger import open_store
from tests.campaign import Folder

CARD = b"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Muster PR\r\nEND:VCARD\r\n"


def _ledger(folder: Folder, name: str) -> None:
    (folder.path / name).parent.mkdir(parents=True, exist_ok=True)
    with open_store(folder.path / name, create=True):
        pass


def _text(folder: Folder, name: str, text: str = "x") -> Path:
    path = folder.path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def _copied(folder: Folder, name: str, of: Path) -> None:
    shutil.copyfile(of, _text(folder, name))


def _linked(folder: Folder, name: str, of: Path, *, hard: bool) -> None:
    path = _text(folder, name)
    path.unlink()
    if hard:
        path.hardlink_to(of)
    else:
        path.symlink_to(of)


def _foreign_database(folder: Folder, name: str) -> None:
    with sqlite3.connect(folder.path / name) as db:
        db.execute("CREATE TABLE prices (name TEXT)")


#: The name in the template, what it makes of the folder before, and what is said of the file.
PRIVATE: dict[str, tuple[str, Callable[[Folder], object], str]] = {
    "ledger": ("ledger.db", lambda f: _ledger(f, "ledger.db"), "a ledger"),
    "a ledger that is not there yet": ("ledger.db", lambda _: None, "a ledger"),
    "its log": ("ledger.db-wal", lambda f: _text(f, "ledger.db-wal"), "a ledger"),
    "its lock": ("ledger.db.lock", lambda f: _text(f, "ledger.db.lock"), "a ledger"),
    "its earlier version": ("ledger.db.version-1", lambda f: _text(f, "ledger.db.version-1"), "a ledger"),
    "in other case": ("Ledger.DB", lambda f: _text(f, "Ledger.DB"), "a ledger"),
    "a copy of a ledger": ("backup/daten.bin", lambda f: _ledger(f, "backup/daten.bin"), "a ledger"),
    "settings": ("notify.toml", lambda _: None, "the settings"),
    "old settings": ("notify.toml.bak", lambda f: _text(f, "notify.toml.bak"), "the settings"),
    "contacts": ("contacts/people.csv", lambda _: None, "one of your contact files"),
    "by a way around": ("templates/../contacts/./people.csv", lambda _: None, "one of your contact files"),
    "from the template": ("kunden.csv", lambda f: _copied(f, "templates/change/kunden.csv", f.people), "contact files"),
    "beside contacts": ("contacts/alt/liste.pdf", lambda f: _text(f, "contacts/alt/liste.pdf"), "among your contact"),
    "overrides": (
        "overrides.csv",
        lambda f: _text(f, "overrides.csv", "email,form\na@example.com,du\n"),
        "contact file",
    ),
    "soft link": ("bild.png", lambda f: _linked(f, "bild.png", f.people, hard=False), "contact files"),
    "hard link": ("bild.png", lambda f: _linked(f, "bild.png", f.people, hard=True), "contact files"),
    "linked folder": ("neu/people.csv", lambda f: (f.path / "neu").symlink_to(f.path / "contacts"), "contact files"),
    "hard link to the ledger": (
        "karte.vcf",
        lambda f: _linked(f, "templates/change/karte.vcf", _text(f, "ledger.db-wal"), hard=True),
        "a ledger",
    ),
    "outbox": ("outbox/new/1.notify", lambda f: _text(f, "outbox/new/1.notify"), "a message to somebody"),
    "hard link to the outbox": (
        "a.eml",
        lambda f: _linked(f, "a.eml", _text(f, "outbox/cur/1"), hard=True),
        "a message to somebody",
    ),
    "a preview": (
        "vorschau/0001.eml",
        lambda f: _text(f, "vorschau/0001.eml", "From: x\nX-Notify-Id: <set-when-sent@alt.example>\n\nx"),
        "a message to somebody",
    ),
    "another campaign's contacts": (
        "neu/contacts/x.csv",
        lambda f: (_text(f, "neu/notify.toml"), _text(f, "neu/contacts/x.csv")),
        "among your contact files",
    ),
    "a list of the rejected": (
        "abgelehnt.csv",
        lambda f: _text(f, "abgelehnt.csv", "\ufeffReason;Where;E-Mail\n"),
        "a list that notify wrote",
    ),
    "the log": ("a.csv", lambda f: _text(f, "a.csv", "\ufefftime,key,to,message_id\n"), "a list that notify wrote"),
    "another list": (
        "mitglieder.txt",
        lambda f: _text(f, "mitglieder.txt", "".join(f"a@verein{n}.example\n" for n in range(9))),
        "a list of other people's addresses",
    ),
    "another state of a list": ("people.csv.bak", lambda f: _text(f, "people.csv.bak"), "among your contact files"),
    "journal": ("a.witness", lambda f: _text(f, "a.witness"), "notify's own records"),
    ".netrc": (".netrc", lambda f: _text(f, ".netrc"), "a hidden file"),
    "in a hidden folder": (".git/config", lambda f: _text(f, ".git/config"), "a hidden file"),
    "link to a hidden file": (
        "a.txt",
        lambda f: _linked(f, "templates/change/a.txt", _text(f, ".env"), hard=False),
        "a hidden file",
    ),
    "password": ("passwort.txt", lambda f: _text(f, "passwort.txt"), "a password or a key"),
    "private key": (
        "karte.pem",
        lambda f: _text(f, "karte.pem", "-----BEGIN OPENSSH PRIVATE KEY-----\n"),
        "a password or a key",
    ),
    "its own message": ("message.de.md", lambda _: None, "belongs to a template"),
    "another message": ("templates/b/message.fr.txt", lambda f: _text(f, "templates/b/message.fr.txt"), "a template"),
    "its layout": ("layout.html", lambda f: _text(f, "templates/change/layout.html", "{{ body }}"), "a template"),
}


@pytest.mark.parametrize(("name", "make", "what"), PRIVATE.values(), ids=PRIVATE)
def test_private_files_are_not_attached(tmp_path: Path, name: str, make: Callable[[Folder], object], what: str) -> None:
    """A file of the campaign, a password and a template are refused, with the line that attaches them and the mend."""
    folder = Folder(tmp_path / "campaign")
    make(folder)
    folder.edit(folder.message, "Subject:", f"Attachment: {name}\nSubject:")
    with pytest.raises(InputError) as caught:
        folder.prepared()
    assert caught.value.message.startswith(f"templates/change/message.de.md:1: {name} may not be attached: it ")
    assert what in caught.value.message
    assert caught.value.hint == "Remove the line, or name a file that everybody may read."


PUBLIC: dict[str, tuple[str, Callable[[Folder], object]]] = {
    "beside the message": ("karte.vcf", lambda f: (f.path / "templates/change/karte.vcf").write_bytes(CARD)),
    "in the campaign": ("anlagen/preise.csv", lambda f: _text(f, "anlagen/preise.csv", "Artikel;Preis\n")),
    "a database": ("preise.db", lambda f: _foreign_database(f, "preise.db")),
    "a hard link": ("a.pdf", lambda f: os.link(_text(f, "anlagen/b.pdf"), f.path / "a.pdf")),
    "a public key": ("schlüssel.asc", lambda f: _text(f, "schlüssel.asc", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n")),
    "our own addresses": (
        "team.vcf",
        lambda f: _text(f, "team.vcf", "".join(f"EMAIL:p{n}@muster.example\n" for n in range(9))),
    ),
    "an empty file": ("leer.txt", lambda f: _text(f, "leer.txt", "")),
}


@pytest.mark.parametrize(("name", "make"), PUBLIC.values(), ids=PUBLIC)
def test_other_files_are_attached(tmp_path: Path, name: str, make: Callable[[Folder], object]) -> None:
    """Whatever else lies in the two folders may be attached, also when the campaign's folder is a hidden one."""
    folder = Folder(tmp_path / ".campaign")
    make(folder)
    folder.edit(folder.message, "Subject:", f"Attachment: {name}\nSubject:")
    content = folder.prepared().template.render("de", "", {"contact": {}, "row": {}}, "x")
    assert [attachment.filename for attachment in content.attachments] == [Path(name).name]


def test_contacts_that_lie_elsewhere(tmp_path: Path) -> None:
    """Contact files are known wherever they lie, and so are other lists beside them; other files may be attached."""
    folder = Folder(tmp_path / "campaign")
    folder.edit(folder.toml, '"contacts/*.csv"', '"daten/kunden.csv"')
    (folder.path / "contacts").rename(folder.path / "daten")
    (folder.path / "daten/people.csv").rename(folder.path / "daten/kunden.csv")
    for name in ("alt.xlsx", "preise.pdf"):
        _text(folder, f"daten/{name}")
    for name, is_private in (("kunden.csv", True), ("alt.xlsx", True), ("preise.pdf", False)):
        folder.message.write_text(f"Subject: x\nAttachment: daten/{name}\n\nText\n", "utf-8")
        if is_private:
            with pytest.raises(InputError, match=r"may not be attached: it (is one of|lies among) your contact files"):
                folder.prepared()
        else:
            folder.prepared()


@pytest.mark.parametrize(
    "command", ["cat anlagen/zettel.txt", "sh -c 'x <anlagen/zettel.txt'", "x --of=anlagen/zettel.txt"]
)
def test_what_a_command_reads_the_password_from(tmp_path: Path, command: str) -> None:
    """The file that password_command names is private, whatever it is called."""
    folder = Folder(tmp_path / "campaign")
    folder.edit(folder.toml, "[[relay]]", f'[[relay]]\nuser = "a"\npassword_command = "{command}"')
    _text(folder, "anlagen/zettel.txt", "geheim")
    folder.edit(folder.message, "Subject:", "Attachment: anlagen/zettel.txt\nSubject:")
    with pytest.raises(InputError, match="it holds a password"):
        folder.prepared()


def test_a_template_that_is_the_campaign_folder(tmp_path: Path) -> None:
    """Where the template lies in the campaign's folder, its includes cannot reach what is private either."""
    folder = Folder(tmp_path / "campaign")
    message = folder.path / "message.de.md"
    message.write_text('Subject: x\n\nHallo,\n{% include "contacts/people.csv" %}\n', "utf-8")
    with pytest.raises(InputError) as caught:
        prepare(folder.settings({"campaign.template": "message.de.md"}))
    assert caught.value.message == (
        "message.de.md:4: contacts/people.csv may not be included: it is one of your contact files."
    )
