"""The guides: what they show is what happens, word for word, from an export to the log."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from notify.cli.exits import Exit
from tests.folders import make_folder, run
from tests.guides import BOTH, GUIDES, code_block, toml_blocks
from tests.servers.scripted import Rule, ScriptedServer, make_certificates, say
from tests.system.test_init import Person, plain
from tests.system.test_terminal import Terminal

#: What the reader of each guide has in ~/Downloads.
EXPORTS = {
    "en": """\
Customer no.,Salutation,Title,First name,Last name,Company,E-mail
00123,Ms,Dr,Alice,Summer,,alice.summer@summer-clinic.example
00124,Mr,,James,Carter,Carter Timber Ltd,james@carter-timber.example
00125,,,,,Northern Print Ltd,orders@northern-print.example
00126,Family,,,Okafor,,okafor.family@example.org
00127,,,Kim,Lawrence,,kim.lawrence@example.net
00128,Ms,,Petra,Walker,,petra.walker@@example.com
""",
    "de": """\
Kundennr.;Anrede;Titel;Vorname;Name;Firma;E-Mail
00123;Frau;Dr.;Ute;Sommer;;ute.sommer@praxis-sommer.example
00124;Herr;;Jens;Böttcher;Böttcher Holzbau GmbH;jens@boettcher-holzbau.example
00125;;;;;Druckerei Nord GmbH;auftrag@druckerei-nord.example
00126;Familie;;;Özdemir;;familie.oezdemir@example.org
00127;;;Kim;Lorenz;;kim.lorenz@example.net
00128;Frau;;Petra;Wagner;;petra.wagner@@example.com
""",
}
NAMES = {"en": "contacts.csv", "de": "kontakte.csv"}
RULES = [
    Rule("rcpt", say("550 5.1.1 no such user here"), to="example.org"),
    Rule("rcpt", say("450 4.2.0 Greylisted, come back later"), to="kim.l"),
]
#: Keys that a person presses in a second, when what is to be typed is read off a page.
KEYS_PER_S = 4


@dataclass(frozen=True, slots=True)
class Step:
    """A command and the output that stands below it; or a piece of notify.toml."""

    command: str
    output: tuple[str, ...] = ()
    toml: str = ""


def _steps(text: str) -> Iterator[Step]:
    for kind, block in re.findall(r"^```(console|toml)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        if kind == "toml" and block.startswith("[[relay]]"):
            yield Step("", toml=block)
        elif kind == "console":
            for command in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                line, *output = command.rstrip("\n").split("\n")
                yield Step(line, tuple(output))


def _like(expected: str, line: str) -> bool:
    # an ellipsis of notify's own, where it shortens a value, is matched by ours
    return re.fullmatch(".*".join(re.escape(part) for part in expected.split("…")), line.rstrip()) is not None


def _assert_shown(step: Step, *streams: str) -> None:
    """Every line that the guide shows is in the output, in the order of its stream; … is anything."""
    ahead = [iter(stream.split("\n")) for stream in streams]
    for expected in step.output:
        if expected in {"", "…"}:
            continue
        text = next(
            (n for n, stream in enumerate(streams) if any(_like(expected, x) for x in stream.split("\n"))), None
        )
        assert text is not None, f"$ {step.command}\nno {expected!r} in:\n{''.join(streams)}"
        assert any(_like(expected, line) for line in ahead[text]), f"$ {step.command}\n{expected!r} comes too early"


def _answers(step: Step) -> dict[str, str]:
    """Return what the guide types at each question, by how the question begins."""
    questions = (line.partition("?") for line in step.output if "?" in line)
    # what stands in brackets is a hint, and so are words with a colon
    typed = {asked: re.split(r"(?:[\])]:?|:)(?: |$)", rest)[-1].strip() for asked, _, rest in questions}
    return {asked: answer for asked, answer in typed.items() if answer}


def _set_up(step: Step, folder: Path, home: Path) -> str:
    """Answer the questions of ``notify init`` as the guide does, at a terminal; return what was shown."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        environment = {"HOME": str(home), "NO_COLOR": "1", "LC_CTYPE": "C.UTF-8"}
        words = shlex.split(step.command)[1:]
        terminal = Terminal(folder, *words, wide=140, environment=environment, is_controlling=True)
    finally:
        os.chdir(before)
    person = Person(terminal, _answers(step))
    person.go_through()
    assert terminal.end() == Exit.DONE, terminal.shown
    return plain(terminal.shown)


def _files(home: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of POSIX")
@BOTH
def test_the_way_from_an_export_to_the_log(tmp_path: Path, language: str) -> None:
    """Each command does what the guide shows, in its order, from the questions to the log."""
    folder = home = tmp_path / "home"
    (home / "Downloads").mkdir(parents=True)
    (home / "Downloads" / NAMES[language]).write_text(EXPORTS[language], "utf-8")
    certificates = make_certificates(tmp_path)
    environment = {"SSL_CERT_FILE": str(certificates.authority), "NOTIFY_PASSWORD": "geheim", "COLUMNS": "140"}
    keys = relays = 0
    with ScriptedServer(
        tmp_path / "record",
        rules=RULES,
        tls="implicit",
        certificate=certificates.server,
        users=dict.fromkeys(("info@new.example", "info@neu.example"), "geheim"),
    ) as server:
        for step in _steps(GUIDES[language]):
            if step.toml:
                host = re.search(r'"(smtp[^"]+)"', step.toml)
                assert host is not None
                with (folder / "notify.toml").open("a", encoding="utf-8") as file:
                    file.write("\n" + step.toml.replace(host[0], f'"127.0.0.1"\nport = {server.port}'))
                relays += 1
                assert keys / KEYS_PER_S < 120, "two minutes of typing, up to the sandbox"
                continue
            keys += len(step.command) + 1
            if step.command.startswith("cd "):
                folder /= step.command.removeprefix("cd ")
            elif step.command.startswith("notify init"):
                shown = _set_up(step, folder, home)
                keys += sum(len(answer) + 1 for answer in _answers(step).values()) + shown.count("? ")
                _assert_shown(step, shown)
                theirs = _files(home)
            else:
                # the guide waits six seconds between messages; the test does not
                pace = {"NOTIFY_RELAY_RATE": "100/s"} if relays and "--dry-run" not in step.command else {}
                done = run(folder, *shlex.split(step.command)[1:], environment=environment | pace)
                assert done.returncode in {Exit.DONE, Exit.AGAIN_LATER}, done.stderr
                relay = "smtp.new.example:465" if language == "en" else "smtp.neu.example:465"
                shown = done.stderr.replace(f"127.0.0.1:{server.port}", relay).replace(f"{folder}{os.sep}", "")
                _assert_shown(step, done.stdout, shown)
        to = [one["to"] for one in server.accepted()]
    assert _files(home).items() >= {**theirs, folder / "notify.toml": (folder / "notify.toml").read_bytes()}.items()
    assert to[:2] == ["me@example.com" if language == "en" else "ich@example.com"] * 2
    assert [address.rpartition("@")[2].split("-")[-1] for address in to[2:]] in (
        ["clinic.example", "timber.example", "print.example"],
        ["sommer.example", "holzbau.example", "nord.example"],
    )
    assert keys / KEYS_PER_S < 300, "five minutes of typing, up to the log"


@BOTH
def test_the_text_for_du_and_sie(tmp_path: Path, language: str) -> None:
    """The text that says both, with the corrections shown beside it, gives each reader their own."""
    contacts = "Anrede;Vorname;Nachname;E-Mail\nFrau;Anna;Albrecht;anna@albrecht.example\nHerr;Max;Sommer;m@s.example\n"
    folder = make_folder(
        tmp_path / "campaign", contacts=contacts, message=code_block(language, "Subject: Neue E-Mail-Adresse")
    )
    (folder / "overrides.csv").write_text(
        code_block(language, "email,form").replace("kim@lorenz.example,du\n", ""), "utf-8"
    )
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


@BOTH
def test_attachments(tmp_path: Path, language: str) -> None:
    """Attachments are named as the guide shows it, beside the message or from the campaign folder."""
    folder = make_folder(
        tmp_path / "campaign", contacts=1, message=code_block(language, "Subject: Neue Bankverbindung")
    )
    without = run(folder, "preview")
    assert (without.returncode, "visitenkarte.vcf" in without.stderr) == (Exit.INPUT, True)
    (folder / "templates" / "change" / "visitenkarte.vcf").write_bytes(b"BEGIN:VCARD\r\nEND:VCARD\r\n")
    (folder / "anlagen").mkdir()
    (folder / "anlagen" / "konditionen.pdf").write_bytes(b"%PDF-1.4\n")
    shown = run(folder, "preview").stdout
    assert "Attachment: visitenkarte.vcf" in shown
    assert "Attachment: konditionen.pdf" in shown


@BOTH
def test_a_newsletter(tmp_path: Path, language: str) -> None:
    """The section that the guide shows, without [change], is a campaign."""
    folder = make_folder(tmp_path / "campaign", contacts=1)
    (folder / "templates" / "newsletter").mkdir()
    (folder / "templates" / "newsletter" / "message.de.md").write_text(
        "Subject: Neues\n\n{{ salutation }}\n\n{{ unsubscribe }}\n", "utf-8"
    )
    sender = '\n[sender]\nemail = "info@neu.example"\n'
    block = next(text for text in toml_blocks(language) if "newsletter" in text)
    (folder / "notify.toml").write_text(block + sender, "utf-8")
    assert run(folder, "send", "--yes").returncode == Exit.DONE
    [message] = (folder / "outbox" / "new").iterdir()
    assert b"List-Unsubscribe: <mailto:info@neu.example" in message.read_bytes()


@BOTH
def test_its_exit_statuses(language: str) -> None:
    """The statuses that it names are those of scripts that need nobody, or later."""
    assert re.findall(r"^\| (\d+) \|", GUIDES[language], re.MULTILINE) == [
        str(int(status)) for status in (Exit.DONE, Exit.SOME_FAILED, Exit.AGAIN_LATER)
    ]
