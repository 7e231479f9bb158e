"""What another machine is given makes the same messages as the campaign's folder, octet for octet."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
import re
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from notify import __version__
from notify.actions.bundle_folder import unpacked
from notify.actions.bundle_job import job_of
from notify.actions.change import parts_of
from notify.actions.init import initialise
from notify.config import OCCASIONS, RelaySettings
from notify.core.bundle import FORM, Bundle, BundledFile, read_bundle
from notify.core.ramp import Ramp
from notify.errors import ChangedError, ConfigError, InputError, NotifyError, VersionError, WriteError
from notify.ledger import Version, Versions, Watch, open_store
from notify.rendering import inlining
from tests.audiences import AUDIENCE_OF_ALL
from tests.bundles import Sent, brought, everything_in, made_elsewhere, sent_from
from tests.campaign import NOW, Folder
from tests.clean_campaigns import CLEAN
from tests.images import png

#: Of the examples that notify comes with; the others are made in the same way.
EVERYDAY = ("change-of-details", "newsletter")
RELAY = '\n[[relay]]\nhost = "relay.example"\nuser = "post@relay.example"\npassword_command = "pass show relay"\n'
DETAILS = """
[attach]
vcard = true
calendar = true
qr = true
name = "Anna Muster"
"""
AUDIENCES = """
[[audience]]
name = "customers"
sees = ["iban", "bic", "bank", "account_holder"]
where = "contact.last_name == 'Muster'"
[[audience]]
name = "friends"
sees = ["mobile"]
where = "contact.last_name != 'Probe'"
"""


def same_elsewhere(folder: Path, tmp_path: Path, **options: object) -> Sent:
    """Hold the messages made where a campaign was unpacked, and its folder is gone, against those of its folder."""
    sent = sent_from(folder, {name.replace("__", "."): value for name, value in options.items()})
    assert sent.messages
    assert made_elsewhere(sent, tmp_path / "elsewhere", gone=folder) == sent.messages
    assert len({message.octets for message in sent.messages}) == len(sent.messages)
    return sent


@pytest.mark.parametrize(
    "template",
    [one if one in EVERYDAY else pytest.param(one, marks=pytest.mark.long) for one in OCCASIONS],
)
def test_the_examples(tmp_path: Path, template: str) -> None:
    """Those that notify comes with: two languages, Du and Sie, included texts, and a newsletter."""
    folder = tmp_path / "campaign"
    initialise(folder, "de", template)
    with (folder / "notify.toml").open("a", encoding="utf-8") as file:
        file.write(RELAY)
    sent = same_elsewhere(folder, tmp_path)
    assert {one.language for one in sent.claimed} == {"de", "en"}


@pytest.mark.parametrize("campaign", CLEAN)
def test_the_campaigns_of_the_tests(tmp_path: Path, campaign: Callable[[Path], Path]) -> None:
    """Those in which nothing is wrong."""
    same_elsewhere(campaign(tmp_path / "campaign"), tmp_path)


def test_everything_that_travels(tmp_path: Path) -> None:
    """Files of the template's folder and of the campaign's, by whatever spelling; pictures, and a layout of its own."""
    folder = Folder(tmp_path / "campaign", more=DETAILS)
    template = folder.message.parent
    (template / "agb.pdf").write_bytes(b"%PDF agb")
    (folder.path / "anlagen").mkdir()
    (folder.path / "anlagen" / "größe.txt").write_text("Größe\n", "utf-8")
    (folder.path / "gruß.pdf").write_bytes(b"%PDF gruss")
    (template / "preise.pdf").symlink_to(folder.path / "gruß.pdf")
    (template / "fuss").mkdir()
    (template / "fuss" / "gruss.md").write_text("Viele Grüße,\n{{ sender.name }}\n", "utf-8")
    (template / "logo.png").write_bytes(png(30, 20))
    (template / "layout.html").write_text('<table>{{ body }}</table><img src="logo.png" alt="">', "utf-8")
    absolute = (folder.path / "gruß.pdf").as_posix()
    lines = ["agb.pdf", "../../anlagen/größe.txt", "anlagen\\größe.txt", "preise.pdf", absolute]
    head = "".join(f"Attachment: {line}\n" for line in lines)
    folder.edit(folder.message, "Subject:", f"{head}Subject:")
    with folder.message.open("a", encoding="utf-8") as file:
        file.write('\n![Code](qr.png) ![Logo](logo.png) [Preise](preise.pdf)\n\n{% include "fuss/gruss.md" %}\n')
    sent = same_elsewhere(folder.path, tmp_path)
    names = [file.filename for file in sent.packed.bundle.files]
    assert sorted(set(names)) == ["agb.pdf", "gruß.pdf", "größe.txt", "logo.png"]
    # what several names stand for is kept once
    assert len({file.digest for file in sent.packed.bundle.files}) == 4 < len(names)


def test_a_picture_that_only_english_readers_see(tmp_path: Path) -> None:
    """Without a German text, what notify draws is there all the same; and the id is still the template's name."""
    folder = Folder(tmp_path / "campaign", more="\n[attach]\nqr = true\nvcard = true\n")
    folder.edit(folder.toml, 'id = "test"\n', "")
    folder.edit(folder.toml, 'language = "de"', 'language = "en"')
    text = "Subject: New\n\n{{ salutation }}\n\n![Code](qr.png)\n"
    folder.message.with_name("message.en.md").write_text(text, "utf-8")
    folder.message.unlink()
    sent = same_elsewhere(folder.path, tmp_path)
    assert sent.campaign.id == "change"
    assert b"Content-ID" in sent.messages[0].octets


LETTERHEAD = """\
name = "Muster PR"
logo = "bilder/logo.png"
reply_to = "Büro \\"Nord\\" <info@neu.example>"
legal_form = "GmbH"
legal_name = "Muster PR GmbH"
seat = "Hamburg"
register_court = "Amtsgericht Hamburg"
register_number = "HRB 12345"
managing_directors = ["Anna Muster", "Kim Größe"]
"""


def test_the_letter(tmp_path: Path) -> None:
    """A logo on top of notify's own layout, and at its foot what the law wants on letters of a firm."""
    folder = Folder(tmp_path / "campaign")
    folder.edit(folder.toml, 'name = "Muster PR"\n', LETTERHEAD)
    with folder.message.open("a", encoding="utf-8") as file:
        file.write("\n{{ sender.footer }}\n")
    (folder.path / "bilder").mkdir()
    (folder.path / "bilder" / "logo.png").write_bytes(png(30, 20))
    sent = same_elsewhere(folder.path, tmp_path)
    assert b"Content-ID" in sent.messages[0].octets
    page = message_from_bytes(sent.messages[0].octets, policy=policy.default).get_body(("html",))
    assert page is not None
    assert "HRB 12345" in page.get_content()


def test_files_of_single_recipients(tmp_path: Path) -> None:
    """They are not in the bundle; each is brought when its message is made, and arrives under the same name."""
    people = 'Nachname;E-Mail;Datei\nMuster;anna@example.com;a.pdf\nProbe;ben@example.com;"b.pdf; x/c.pdf"\n'
    folder = Folder(tmp_path / "campaign", people=people)
    folder.edit(folder.message, "Subject:", 'Attachment: {{ row["Datei"] }}\nSubject:')
    (folder.path / "x").mkdir()
    for name in ("a.pdf", "b.pdf", "x/eigentlich.pdf"):
        (folder.path / name).write_bytes(name.encode() * 100)
    (folder.path / "x" / "c.pdf").symlink_to(folder.path / "x" / "eigentlich.pdf")
    sent = same_elsewhere(folder.path, tmp_path)
    assert not sent.packed.bundle.files
    assert sorted(name for name, _ in sent.own) == ["a.pdf", "b.pdf", "x/c.pdf"]
    assert b'filename="eigentlich.pdf"' in sent.messages[1].octets


def test_what_only_some_may_see(tmp_path: Path) -> None:
    """Somebody in no audience, in one and in both: text, card and code are those that each may see."""
    more = f"{AUDIENCES}{DETAILS}"
    folder = Folder(tmp_path / "campaign", more=more)
    account = 'iban = "DE02 1203 0000 0000 2020 51"\nbank = "Musterbank"\naccount_holder = "Muster PR"\n'
    folder.edit(folder.toml, "[change.new]\n", f'[change.new]\nmobile = "+49 170 1234567"\n{account}')
    with folder.message.open("a", encoding="utf-8") as file:
        file.write(
            "\n{% if new.iban %}Konto {{ new.iban }}{% endif %} {% if new.mobile %}{{ new.mobile }}{% endif %}\n"
        )
    sent = same_elsewhere(folder.path, tmp_path)
    audiences = {one.fields.get("audiences") for one in sent.claimed}
    assert audiences == {"customers\nfriends", "friends", None}
    assert {made.hidden for made in sent.packed.bundle.made if made.filename == "qr.png"} > {()}


def test_a_newsletter_with_a_page(tmp_path: Path) -> None:
    """Each reader's token stands in text and header."""
    more = '\n[newsletter]\nunsubscribe = "https://muster.example/ab/{token}"\n'
    folder = Folder(tmp_path / "campaign", more=more)
    folder.edit(folder.toml, 'language = "de"', 'language = "de"\nkind = "newsletter"')
    with folder.message.open("a", encoding="utf-8") as file:
        file.write("\n{{ unsubscribe }}\n")
    sent = same_elsewhere(folder.path, tmp_path)
    assert all(one.token.encode() in message.octets for one, message in zip(sent.claimed, sent.messages, strict=True))


def test_call_back_codes(tmp_path: Path) -> None:
    """They are in the ledger, and printed by both."""
    folder = Folder(tmp_path / "campaign")
    with folder.message.open("a", encoding="utf-8") as file:
        file.write("\nIhr Code: {{ code }}\n")
    sent = same_elsewhere(folder.path, tmp_path)
    assert all(one.code for one in sent.claimed)


def test_a_template_of_mailmerge(tmp_path: Path) -> None:
    """One file without a language in its name, whose columns stand bare."""
    folder = tmp_path / "campaign"
    folder.mkdir()
    headers = "TO: {{email}}\nSUBJECT: News for {{name}}\nFROM: My Firm <office@firma.example>\nATTACHMENT: a.pdf\n"
    (folder / "a.pdf").write_bytes(b"%PDF")
    (folder / "mailmerge_template.txt").write_text(f"{headers}\nHi {{{{name}}}}, {{{{number}}}}\n", "utf-8")
    (folder / "mailmerge_database.csv").write_text("email,name,number\nanna@example.com,Anna,17\n", "utf-8")
    (folder / "mailmerge_server.conf").write_text("[smtp_server]\nhost = relay.example\nport = 465\n", "utf-8")
    sent = same_elsewhere(folder, tmp_path)
    assert sent.packed.bundle.template == "mailmerge_template.txt"


def test_a_template_outside_of_the_folder(tmp_path: Path) -> None:
    """One file of it, or all; with files beside it and files of the campaign."""
    folder = Folder(tmp_path / "campaign")
    elsewhere = tmp_path / "vorlagen" / "neu"
    elsewhere.parent.mkdir()
    folder.message.parent.rename(elsewhere)
    (elsewhere / "a.pdf").write_bytes(b"%PDF a")
    (folder.path / "b.pdf").write_bytes(b"%PDF b")
    message = elsewhere / "message.de.md"
    folder.edit(message, "Subject:", "Attachment: a.pdf\nAttachment: b.pdf\nSubject:")
    sent = sent_from(folder.path, {"campaign.template": str(message)})
    assert made_elsewhere(sent, tmp_path / "one") == sent.messages
    same_elsewhere(folder.path, tmp_path, campaign__template=str(elsewhere))


def test_options_and_variables_are_in_it(tmp_path: Path) -> None:
    """What stood on the command line or in the environment goes before notify.toml, and so it does elsewhere."""
    folder = Folder(tmp_path / "campaign")
    options = {"sender.email": "Kim Muster <kim@alt.example>", "send.batch": "7", "send.start": "2026-12-01T08:00"}
    sent = sent_from(folder.path, options, {"NOTIFY_RELAY_RATE": "30/min, 400/hour", "NOTIFY_SEND_PAUSE": "2min"})
    assert made_elsewhere(sent, tmp_path / "one") == sent.messages
    there = brought(sent, tmp_path / "two").settings
    assert b"From: Kim Muster <kim@alt.example>" in sent.messages[0].octets
    assert (there.send.batch, there.send.pause_s) == (7, 120.0)
    assert there.send.start == dt.datetime(2026, 12, 1, 8).astimezone()
    assert [str(rate) for rate in there.relays[0].rates] == ["30/min", "400/hour"]


def test_mail_hosts_are_in_it(tmp_path: Path) -> None:
    """By them a pace per host counts the same on every machine."""
    folder = Folder(tmp_path / "campaign")
    folder.edit(folder.toml, "[[relay]]\n", '[[relay]]\nper_domain = "5/min"\n')
    record = '{"exchangers": {"firma.example": ["mx1.hosting.example", "2026-11-20"]}}'
    (folder.path / "mail-hosts.json").write_text(record, "utf-8")
    sent = sent_from(folder.path)
    assert brought(sent, tmp_path / "one").hosts.of("firma.example") == "hosting.example"


SECRETS = [f"geheim{number:02}" for number in range(12)]


def test_no_secret_is_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of what tells a password or a token, nor what a command would print, wherever a folder can hold one."""
    folder = Folder(tmp_path / "campaign", people="Nachname;E-Mail;Datei\nMuster;anna@example.com;a.pdf\n")
    folder.edit(folder.message, "Subject:", 'Attachment: {{ row["Datei"] }}\nAttachment: agb.pdf\nSubject:')
    for name in ("a.pdf", "agb.pdf"):
        (folder.path / name).write_bytes(name.encode())
    for secret, name in zip(
        SECRETS, (".netrc", "secret.txt", "relay.key", ".pgpass", "mailmerge_server.conf"), strict=False
    ):
        (folder.path / name).write_text(secret, "utf-8")
    commands = f"""
[[relay]]
host = "one.example"
user = "post"
password_command = "echo {SECRETS[5]}"
[[relay]]
host = "two.example"
user = "post"
token_command = "cat {SECRETS[6]}"
[mailbox]
host = "imap.example"
user = "post"
password_command = "echo {SECRETS[7]}"
"""
    with folder.toml.open("a", encoding="utf-8") as file:
        file.write(commands)
    environment = {"NOTIFY_PASSWORD": SECRETS[8], "NOTIFY_RELAY_PASSWORD_COMMAND": f"echo {SECRETS[9]}"}
    environment |= {"NOTIFY_MAILBOX_PASSWORD": SECRETS[10], "NOTIFY_RELAY_USER": "post"}
    for name, value in (environment | {"NOTIFY_LEDGER_PASSWORD": SECRETS[11]}).items():
        monkeypatch.setenv(name, value)
    sent = sent_from(folder.path, environment=environment)
    everything = everything_in(sent)
    assert sent.settings.relays[0].password_command == f"echo {SECRETS[9]}"
    assert b"two.example" in everything
    assert not re.search(rb"geheim|command|echo|imap\.example", everything)
    there = brought(sent, tmp_path / "there")
    assert not any(relay.password_command or relay.token_command for relay in there.settings.relays)
    assert there.bundle.by_token == ("two.example:465 (post)",)


@pytest.fixture(scope="module")
def folder_sent(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Sent]:
    """Give a campaign that was packed, and its folder; both are left as they are."""
    root = tmp_path_factory.mktemp("packed")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("NOTIFY_STATE_DIR", str(root / "state"))
        return root / "campaign", sent_from(Folder(root / "campaign", more=DETAILS).path)


@pytest.fixture
def sent(folder_sent: tuple[Path, Sent]) -> Sent:
    """Give what was packed, to be changed."""
    _, sent = folder_sent
    return replace(sent, packed=replace(sent.packed, octets=dict(sent.packed.octets)))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_only_its_owner_can_read_it(sent: Sent, tmp_path: Path) -> None:
    """Folders are 0700, files 0600, whatever the mask says."""
    before = os.umask(0)
    (tmp_path / "there").mkdir()
    try:
        brought(sent, tmp_path / "there")
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "there").rglob("*") if path.is_dir()}
    assert modes | {stat.S_IMODE((tmp_path / "there").stat().st_mode)} == {0o700}
    files = [path for path in (tmp_path / "there").rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert len(files) == len(sent.packed.octets)


@pytest.mark.parametrize(
    "name",
    ["../x.md", "/x.md", "a/../../x.md", "..", ".", "", "a//b", "C:\\x.md", "a\\..\\x.md", "C:x.md", "a/\0", "a/"],
)
def test_no_path_leads_out_of_the_folder(sent: Sent, tmp_path: Path, name: str) -> None:
    """A name that is no plain one is refused before anything of it is written."""
    wrong = BundledFile(name, "x.md", sent.packed.bundle.texts[0].digest)
    there = tmp_path / "there"
    for bundle in (
        replace(sent.packed.bundle, texts=(wrong,)),
        *([replace(sent.packed.bundle, template=name)] if name else []),
    ):
        with pytest.raises(WriteError, match="names a file"):
            brought(replace(sent, packed=replace(sent.packed, bundle=bundle)), there)
        assert not list(tmp_path.rglob("x.md"))
        for path in sorted(there.rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()


def test_a_digest_is_no_path(sent: Sent) -> None:
    """Files are written under their digest, so it is none but a digest."""
    wrong = BundledFile("a.pdf", "a.pdf", "../" * 20 + "abcd")
    with pytest.raises(WriteError, match="cannot be read"):
        read_bundle(replace(sent, packed=replace(sent.packed, bundle=replace(sent.packed.bundle, files=(wrong,)))).kept)


def test_a_folder_that_is_in_use(sent: Sent, tmp_path: Path) -> None:
    """Nothing is written into a folder in which there is something."""
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "x").touch()
    with pytest.raises(WriteError, match="is not empty"):
        brought(sent, tmp_path / "there")


def test_a_folder_that_cannot_be_written(sent: Sent, tmp_path: Path) -> None:
    """It is this machine's trouble, and not the campaign's: others may well go on."""
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="cannot be written there: Not a directory") as caught:
        brought(sent, tmp_path / "file" / "there")
    assert "TMPDIR" in caught.value.hint


def test_octets_that_are_others(sent: Sent, tmp_path: Path) -> None:
    """Nothing is made of a file that is not what it is called by, now or when it is opened later."""
    there = brought(sent, tmp_path / "there")
    (damaged,) = [file.digest for file in there.bundle.made if file.filename == "qr.png" and not file.hidden][:1]
    path = tmp_path / "there" / "files" / damaged
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(WriteError, match="damaged"):
        _ = there.template
    sent.packed.octets[damaged] = b"others"
    with pytest.raises(WriteError, match="damaged"):
        brought(sent, tmp_path / "other")


def test_another_notify(sent: Sent) -> None:
    """A bundle of another version is refused, with both named and what to do; one of another form too."""
    with pytest.raises(VersionError) as caught:
        read_bundle(
            replace(sent, packed=replace(sent.packed, bundle=replace(sent.packed.bundle, program="9.8.7"))).kept
        )
    assert caught.value.message == (
        f"notify 9.8.7 has placed the campaign test, and this is notify {__version__}: it might make other messages."
    )
    assert "the same notify on all machines" in caught.value.hint
    with pytest.raises(VersionError, match=r"notify [\d.]+ \(bundle 2\).*notify [\d.]+ \(bundle 1\)"):
        read_bundle(replace(sent, packed=replace(sent.packed, bundle=replace(sent.packed.bundle, form=2))).kept)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", f'{{"campaign": "x", "program": "{__version__}", "form": {FORM}}}']
)
def test_what_is_no_bundle(text: str) -> None:
    """One sentence, and no traceback."""
    with pytest.raises(WriteError, match="cannot be read"):
        read_bundle(text)


def _places(values: object, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield every place in what JSON has, but for what the settings hold: their readers are tried by themselves."""
    inside = values.items() if isinstance(values, dict) else enumerate(values) if isinstance(values, list) else ()
    for name, value in inside:
        yield (*place, name)
        if name != "settings":
            yield from _places(value, (*place, name))


@pytest.mark.long
@pytest.mark.parametrize("other", [None, 7, "\u001b[2J", "../../x", [[]], {"a": "b"}])
def test_whatever_stands_in_it(sent: Sent, tmp_path: Path, other: object) -> None:
    """In each place of it something else was put, one at a time: it is refused, or makes no harm, with one sentence."""
    for number, place in enumerate(_places(json.loads(sent.kept))):
        values = json.loads(sent.kept)
        inside = values
        for name in place[:-1]:
            inside = inside[name]
        inside[place[-1]] = other
        with contextlib.suppress(NotifyError):
            bundle = read_bundle(json.dumps(values))
            # of other octets than there are nothing is known
            octets = sent.packed.octets | dict.fromkeys(bundle.digests - sent.packed.octets.keys(), b"")
            there = unpacked(bundle, tmp_path / str(number), octets.__getitem__, lambda *_: None)
            there.check_local_time(())
            _ = there.template, there.hosts


@pytest.mark.parametrize("key", ["password_command", "token_command"])
def test_no_command_is_taken_from_it(sent: Sent, tmp_path: Path, key: str) -> None:
    """Who could write into the ledger would otherwise have it run on every machine that sends."""
    settings = {**sent.packed.bundle.settings}
    settings["relay"] = [{**settings["relay"][0], "user": "post", key: "touch /tmp/x"}]
    with pytest.raises(WriteError) as caught:
        _ = brought(with_settings(sent, settings), tmp_path / "there").settings
    assert [str(problem) for problem in caught.value.problems] == [
        f"the ledger: `{key}`: no command is taken from there"
    ]


@pytest.mark.parametrize(
    ("section", "values"),
    [
        ("relay", [{"host": "relay.example", "tls": "none"}]),
        ("sender", {"email": "a@b.example\r\nBcc: c@d.example"}),
        ("sender", {"email": "anna@example.com", "colour": "red"}),
        ("relay", "x"),
        ("send", {"batch": -1}),
    ],
)
def test_settings_are_read_as_strictly_as_a_file(sent: Sent, tmp_path: Path, section: str, values: object) -> None:
    """What notify.toml may not say, the ledger may not."""
    settings = {**sent.packed.bundle.settings, section: values}
    with pytest.raises(WriteError, match="cannot be trusted"):
        _ = brought(with_settings(sent, settings), tmp_path / "there").settings


def with_changes(sent: Sent, **changes: object) -> Sent:
    """Return the same with other words in the bundle."""
    bundle: Bundle = replace(sent.packed.bundle, **changes)  # type: ignore[arg-type]  # what may stand there
    return replace(sent, packed=replace(sent.packed, bundle=bundle))


def with_settings(sent: Sent, settings: object) -> Sent:
    """Return the same with other settings in the bundle."""
    bundle: Bundle = replace(sent.packed.bundle, settings=settings)  # type: ignore[arg-type]  # what may stand there
    return replace(sent, packed=replace(sent.packed, bundle=bundle))


def test_the_same_is_called_the_same(tmp_path: Path) -> None:
    """A campaign that was not changed has one fingerprint however often it is packed; a word more, another one."""
    folder = Folder(tmp_path / "campaign", more=DETAILS)
    sent = sent_from(folder.path)
    assert read_bundle(sent.kept) == sent.packed.bundle
    with folder.toml.open("a", encoding="utf-8") as file:
        file.write("[newsletter]\n")
    assert sent_from(folder.path).packed.bundle.fingerprint == sent.packed.bundle.fingerprint
    folder.edit(folder.toml, '"0s"', '"1s"')
    assert sent_from(folder.path).packed.bundle.fingerprint != sent.packed.bundle.fingerprint


def test_a_path_that_other_machines_do_not_have(tmp_path: Path) -> None:
    """A text that is included by a way around its folder is asked for by its plain name."""
    folder = Folder(tmp_path / "campaign")
    (folder.message.parent / "fuss.md").write_text("Gruß\n", "utf-8")
    with folder.message.open("a", encoding="utf-8") as file:
        file.write('\n{% include "../change/fuss.md" %}\n')
    with pytest.raises(InputError, match=r"\.\./change/fuss\.md.*no such path"):
        sent_from(folder.path)


def test_libraries_that_write_otherwise(sent: Sent, tmp_path: Path) -> None:
    """Another version of one that makes the same is none of our business; one that makes other octets is named."""
    assert sent.packed.bundle.samples.keys() == {"de"}
    there = {**sent.packed.bundle.libraries, "css-inline": "0.1.2"}
    _ = brought(with_changes(sent, libraries=there), tmp_path / "one").template
    with pytest.raises(
        VersionError, match=r"other messages of the campaign test .*: css-inline [\d.]+ here, 0\.1\.2 there"
    ):
        _ = brought(with_changes(sent, libraries=there, samples={"de": "0" * 64}), tmp_path / "two").template


def test_the_sample_depends_on_the_libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """HTML that is written otherwise makes another one."""
    folder = Folder(tmp_path / "campaign")
    samples = sent_from(folder.path).packed.bundle.samples
    before = inlining.inline
    monkeypatch.setattr(inlining, "inline", lambda *given: before(*given).replace("<p", "<p class=x"))
    assert sent_from(folder.path).packed.bundle.samples != samples


def test_local_time(sent: Sent, tmp_path: Path) -> None:
    """Where a campaign goes by hours or days, the machine must have the sender's local time; others may have any."""
    elsewhere, settings = with_changes(sent, offsets=(19800,) * 12, zone="Asia/Kolkata"), sent.packed.bundle.settings
    brought(elsewhere, tmp_path / "any").check_local_time([RelaySettings(host="relay.example")])
    ramp = RelaySettings(host="relay.example", ramp=Ramp.parse("50/day, x1.5, 2000/day"))
    hours = with_settings(elsewhere, {**settings, "send": {"window": "08:00-18:00"}})
    day = with_settings(elsewhere, {**settings, "campaign": {**settings["campaign"], "deadline": "2027-01-31"}})
    for number, (one, relays) in enumerate([(hours, []), (day, []), (elsewhere, [ramp])]):
        with pytest.raises(ConfigError, match=r"UTC\+5:30 where it was placed") as caught:
            brought(one, tmp_path / str(number)).check_local_time(relays)
        assert "TZ=Asia/Kolkata" in caught.value.hint
    same = with_settings(sent, {**settings, "send": {"window": "08:00-18:00"}})
    brought(same, tmp_path / "same").check_local_time([ramp])


@pytest.mark.parametrize("octets", [b"\xff", b"[]", b'{"a": 1}', b"[" * 100_000])
def test_mail_hosts_that_are_none(sent: Sent, tmp_path: Path, octets: bytes) -> None:
    """Another file, by its own digest, in the place of theirs."""
    digest = hashlib.sha256(octets).hexdigest()
    sent.packed.octets[digest] = octets
    with pytest.raises(WriteError, match="mail hosts cannot be read"):
        _ = brought(with_changes(sent, hosts=digest), tmp_path / "there").hosts


def test_a_folder_that_was_tidied_up(sent: Sent, tmp_path: Path) -> None:
    """What is gone from it is said in one sentence."""
    there = brought(sent, tmp_path / "there")
    shutil.rmtree(tmp_path / "there" / "files")
    with pytest.raises(WriteError, match="cannot be read: No such file"):
        _ = there.template


def test_a_job_without_contact_files(folder_sent: tuple[Path, Sent], tmp_path: Path) -> None:
    """It has campaign, template, version and routes; where the messages would be others, there is none."""
    folder, sent = folder_sent
    there = brought(sent, tmp_path / "there")
    assert parts_of(there) == sent.version.parts
    with open_store(folder / "ledger.db") as store:
        record = Versions(store).find("test")
        assert record is not None
        given = {"store": store, "record": record, "now": NOW, "watch": Watch()}
        job = job_of(there, version=sent.version, relays=there.settings.relays, **given)  # type: ignore[arg-type]  # as given
        assert job.template is there.template
        assert [route.name for route in job.routes] == ["127.0.0.1:9"]
        with pytest.raises(ConfigError, match="has no relay"):
            job_of(there, version=sent.version, relays=(), **given)  # type: ignore[arg-type]  # as given
        changed = Version(2, {**sent.version.parts, "kind": "newsletter"})
        with pytest.raises(ChangedError, match="makes other messages"):
            job_of(there, version=changed, relays=there.settings.relays, **given)  # type: ignore[arg-type]  # as given


def test_a_process_beside_brings_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fork has no connection of its own to bring files by: it makes no message that needs one."""
    folder = Folder(tmp_path / "campaign", people="Nachname;E-Mail;Datei\nMuster;anna@example.com;a.pdf\n")
    folder.edit(folder.message, "Subject:", 'Attachment: {{ row["Datei"] }}\nSubject:')
    (folder.path / "a.pdf").write_bytes(b"%PDF")
    sent = sent_from(folder.path)
    template = brought(sent, tmp_path / "there").template
    monkeypatch.setattr(os, "getpid", lambda: -1)
    (one,) = sent.claimed
    with pytest.raises(ChangedError, match=r"there is no attachment a\.pdf"):
        template.render(one.language, one.salutation, one.variables, "x", form=one.form)


def test_bank_details_of_everybody(tmp_path: Path) -> None:
    """An audience of all has no members to be kept, and sees them elsewhere too."""
    folder = Folder(tmp_path / "campaign", more=AUDIENCE_OF_ALL)
    account = 'iban = "DE02 1203 0000 0000 2020 51"\nbank = "Musterbank"\naccount_holder = "Muster PR"\n'
    folder.edit(folder.toml, "[change.new]\n", f"[change.new]\n{account}")
    with folder.message.open("a", encoding="utf-8") as file:
        file.write("\nKonto {{ new.iban }}\n")
    assert b"2020" in same_elsewhere(folder.path, tmp_path).messages[0].octets
