"""A folder that was made for mailmerge is a campaign: its three files are read as they are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from notify.actions.prepare import prepare
from notify.actions.preview import preview
from notify.actions.previewed import Previewed
from notify.actions.rows import Rows
from notify.config import Settings, load
from notify.errors import ConfigError, InputError
from tests.images import png

HEADERS = "TO: {{email}}\nSUBJECT: News for {{name}}\nFROM: My Firm <office@firma.example>\n"
DATABASE = "email,name,number\nanna@example.com,Anna,17\nben@example.com,Ben,42\n"
COPIED = "is a message of its own here, with the same text: one for each message, to"
FILES = '[campaign]\ntemplate = "mailmerge_template.txt"\n[contacts]\nfiles = ["mailmerge_database.csv"]\n'
SERVER = "[smtp_server]\nhost = smtp.firma.example\nport = 465\nsecurity = SSL/TLS\nusername = office\n"


def _folder(
    root: Path, body: str, *, headers: str = HEADERS, database: str = DATABASE, server: str = "", toml: str = ""
) -> Path:
    """Write the files of a folder; those that are empty are not there."""
    files = {
        "mailmerge_template.txt": f"{headers}\n{body}",
        "mailmerge_database.csv": database,
        "mailmerge_server.conf": server,
        "notify.toml": toml,
    }
    for name, text in files.items():
        if text:
            (root / name).write_text(text, "utf-8")
    return root


def _settings(folder: Path, options: Mapping[str, object] | None = None) -> Settings:
    return load(folder, options=dict(options or {}), environment={})


def _messages(folder: Path, options: Mapping[str, object] | None = None) -> list[Previewed]:
    return list(preview(prepare(_settings(folder, options)), most=None))


def _refused(folder: Path) -> str:
    with pytest.raises((InputError, ConfigError)) as caught:
        _messages(folder)
    return f"{caught.value}\n{caught.value.hint}"


def test_a_folder(tmp_path: Path) -> None:
    """Sender, recipients, subject and text come from the files; a block at the end of a line keeps the line's end."""
    body = "Hi, {{name}},\n\nnumber {{number}}{% if number == '42' %}: the answer{% endif %}\nEnd.\n"
    first, second = _messages(_folder(tmp_path, body))
    assert dict(second.headers)["From"] == "My Firm <office@firma.example>"
    assert [one.recipient.address for one in (first, second)] == ["anna@example.com", "ben@example.com"]
    assert (second.content.subject, second.content.html) == ("News for Ben", "")
    assert first.content.text == "Hi, Anna,\n\nnumber 17\nEnd.\n"
    assert second.content.text == "Hi, Ben,\n\nnumber 42: the answer\nEnd.\n"
    assert (first.findings, second.findings) == ((), ())


def test_no_second_core_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the TO says more than a column, it corrects each row, so that nothing can be done beforehand."""
    monkeypatch.setattr(Rows, "taken_shortly", lambda *_: pytest.fail("beforehand"))
    headers = HEADERS.replace("TO: {{email}}", "TO: {{name}} Muster <{{email}}>")
    assert len(_messages(_folder(tmp_path, "x\n", headers=headers))) == 2


def test_files_of_other_names(tmp_path: Path) -> None:
    """A template is told by its TO, whatever it is called, and FROM on the command line goes before its own."""
    folder = _folder(tmp_path, "x\n")
    (folder / "mailmerge_template.txt").rename(folder / "letter.txt")
    (folder / "mailmerge_database.csv").rename(folder / "people.csv")
    options = {"campaign.template": "letter.txt", "contacts.files": ["people.csv"]}
    assert len(_messages(folder, options)) == 2
    settings = _settings(folder, options | {"sender.email": "Other <other@firma.example>"})
    assert (settings.sender.mailbox.address, settings.sender.mailbox.name) == ("other@firma.example", "Other")


def test_notify_toml_goes_first(tmp_path: Path) -> None:
    """What notify.toml says counts; what it leaves out comes from the template, but no other file is picked up."""
    toml = (
        '[campaign]\ntemplate = "mailmerge_template.txt"\n[contacts]\nfiles = ["mailmerge_database.csv"]\n'
        '[sender]\nname = "Own"\n'
    )
    settings = _settings(_folder(tmp_path, "x\n", server=SERVER, toml=toml))
    assert (settings.sender.mailbox.name, settings.sender.mailbox.address) == ("Own", "office@firma.example")
    assert settings.relays == ()


@pytest.mark.parametrize(
    ("to", "addresses"),
    [
        ("{{ login }}@example.com", ["anna@example.com", "ben@example.com"]),
        ("Dear {{ login }} <{{ login }}@example.com>", ["anna@example.com", "ben@example.com"]),
        ("{{ mail }}", ["a@example.org", "b@example.org"]),
        ("{{mail}}, {{ second }}", ["a@example.org", "c@example.net", "b@example.org", "d@example.net"]),
        ("fixed@example.com", ["fixed@example.com"]),
    ],
)
def test_to(tmp_path: Path, to: str, addresses: list[str]) -> None:
    """Whatever TO says is who is written to: each address by a message of its own, and no address twice."""
    database = "login,mail,second\nanna,a@example.org,c@example.net\nben,b@example.org,d@example.net\n"
    headers = HEADERS.replace("{{email}}", to).replace("{{name}}", "you")
    found = _messages(_folder(tmp_path, "x\n", headers=headers, database=database))
    assert [one.recipient.address for one in found] == addresses
    if to.startswith("Dear"):
        assert dict(found[0].headers)["To"] == "Dear anna <anna@example.com>"


def test_without_a_column_of_addresses(tmp_path: Path) -> None:
    """Where TO says the address, the database needs none."""
    headers = HEADERS.replace("{{email}}", "{{login}}@example.com").replace("{{name}}", "you")
    found = _messages(_folder(tmp_path, "x\n", headers=headers, database="login,number\nanna,1\nben,2\n"))
    assert [one.recipient.address for one in found] == ["anna@example.com", "ben@example.com"]


def test_html(tmp_path: Path) -> None:
    """HTML goes out as it was written, values escaped, with a text made of it; the picture and its file are one."""
    (tmp_path / "logo.png").write_bytes(png())
    headers = f"{HEADERS}ATTACHMENT: logo.png\nContent-Type: text/html\n"
    body = (
        '<html><body><p>Hi {{name}}</p><p>1 &amp; <a href="https://firma.example/x">more</a></p>'
        '<img src="logo.png"></body></html>\n'
    )
    database = "email,name\nanna@example.com,<b>Anna\n"
    [found] = _messages(_folder(tmp_path, body, headers=headers, database=database))
    assert found.content.text == "Hi <b>Anna\n\n1 & more (https://firma.example/x)\n"
    assert found.content.html.startswith("<html><body><p>Hi &lt;b&gt;Anna</p>")
    assert f'src="cid:{found.content.pictures[0].content_id}"' in found.content.html
    assert found.content.attachments == ()


def test_links_in_html(tmp_path: Path) -> None:
    """A link that a row makes unsafe is refused, and so is one without quotation marks."""
    headers, database = f"{HEADERS}Content-Type: text/html\n", "email,name\nanna@example.com,javascript:x\n"
    folder = _folder(tmp_path, '<p>Hi</p>\n<a href="{{name}}">x</a>\n', headers=headers, database=database)
    assert 'mailmerge_template.txt:7: a link leads to "javascript:x"' in _refused(folder)
    assert "mailmerge_template.txt: " in _refused(_folder(tmp_path, "<a href={{name}}>x</a>\n", headers=headers))


def test_both_texts(tmp_path: Path) -> None:
    """A text and an HTML in one template are sent as they are."""
    headers = f'{HEADERS}MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary="edge"\n'
    body = (
        "Old readers see this.\n\n--edge\nContent-Type: text/plain\n\nHi, {{name}},\n\n"
        "--edge\nContent-Type: text/html\n\n<p>Hello {{name}}</p>\n--edge--\n"
    )
    first, _ = _messages(_folder(tmp_path, body, headers=headers))
    assert (first.content.text, first.content.html.strip()) == ("Hi, Anna,\n", "<p>Hello Anna</p>")


def test_markdown_and_files(tmp_path: Path) -> None:
    """Markdown becomes HTML, and rows name files of their own."""
    for name in ("common.txt", "number_17.txt", "number_42.txt"):
        (tmp_path / name).write_text(name, "utf-8")
    headers = (
        f"{HEADERS}REPLY-TO: Desk <desk@firma.example>\nATTACHMENT: common.txt\nATTACHMENT: number_{{{{number}}}}.txt\n"
        "CONTENT-TYPE: text/markdown\n"
    )
    first, second = _messages(_folder(tmp_path, "Hi **{{name}}**\n", headers=headers))
    assert "<strong>Anna</strong>" in first.content.html
    assert first.content.text == "Hi Anna\n"
    assert (first.content.reply_to, first.content.reply_to_name) == ("desk@firma.example", "Desk")
    assert [file.filename for file in second.content.attachments] == ["common.txt", "number_42.txt"]


@pytest.mark.parametrize(
    ("server", "relay"),
    [
        (SERVER, ("smtp.firma.example", 465, "implicit", "office", "")),
        (
            SERVER.replace("SSL/TLS", "STARTTLS") + "ratelimit = 30\n",
            ("smtp.firma.example", 465, "starttls", "office", "30/min"),
        ),
        ("[smtp_server]\nhost = mx.firma.example\nport = 25\n", ("mx.firma.example", 25, "starttls", "", "")),
        ("[smtp_server]\nhost = localhost\nport = 25\nsecurity = Never\n", ("localhost", 25, "none", "", "")),
    ],
)
def test_server(tmp_path: Path, server: str, relay: tuple[str, int, str, str, str]) -> None:
    """The server becomes the relay; a connection in clear becomes an encrypted one, but to this machine."""
    [found] = _settings(_folder(tmp_path, "x\n", server=server)).relays
    assert (found.host, found.port, found.tls, found.user, ", ".join(map(str, found.rates))) == relay


def test_what_differs_is_said(tmp_path: Path) -> None:
    """Each thing that is done otherwise is said in a line of its own, with its place."""
    headers = f"{HEADERS}CC: a@example.com, b@example.com\nBCC: boss@firma.example\nX-Priority: 1\n"
    server = SERVER.replace("SSL/TLS", "PLAIN")
    settings = _settings(_folder(tmp_path, "x\n", headers=headers, server=server))
    assert settings.notes == (
        f"mailmerge_template.txt:4: CC {COPIED} a@example.com, b@example.com.",
        f"mailmerge_template.txt:5: BCC {COPIED} boss@firma.example.",
        "mailmerge_template.txt:6: X-PRIORITY is left out; notify writes the other headers itself.",
        "mailmerge_server.conf:4: without encryption nothing leaves this machine; the server is asked for STARTTLS.",
        "mailmerge_server.conf: no ratelimit, so notify's own holds: 10 a minute, 200 an hour.",
    )
    assert [one.address for one in settings.send.copy_to] == ["a@example.com", "b@example.com", "boss@firma.example"]
    assert settings.send.copy_per == "recipient"


@pytest.mark.parametrize(
    ("line", "toml", "copied", "told"),
    [
        ('CC: "Boss, The" <boss@firma.example>, b@example.com', "", ["Boss, The", ""], "is a message of its own here"),
        ("BCC: {{boss}}", "", [], "BCC is left out, as it names a column: a message goes to one person, and nothing"),
        ("CC: a@example.com", '[send]\ncopy_to = "b@example.com"\n', [""], "CC is left out: `copy_to` in notify.toml"),
        ("CC:", "", [], ""),
    ],
)
def test_copies(tmp_path: Path, line: str, toml: str, copied: list[str], told: str) -> None:
    """Whom CC and BCC name for everybody gets a copy of every message, unless notify.toml says who does."""
    settings = _settings(_folder(tmp_path, "x\n", headers=f"{HEADERS}{line}\n", toml=toml and FILES + toml))
    assert [one.name for one in settings.send.copy_to] == copied
    assert told in "".join(settings.notes)


def test_copies_that_go_nowhere(tmp_path: Path) -> None:
    """A mistyped address is named with the line of its header."""
    told = _refused(_folder(tmp_path, "x\n", headers=f"{HEADERS}CC: a@example.com, b@@example.com\n"))
    assert "mailmerge_template.txt:4: " in told
    assert "is not an address" in told


@pytest.mark.parametrize(
    ("headers", "body", "told"),
    [
        (HEADERS, "{{nmae}}", ':5: there is no column "nmae" (for the contact at mailmerge_database.csv:2)'),
        (HEADERS.replace("{{email}}", "{{mail}}"), "x", 'mailmerge_template.txt:1: there is no column "mail".'),
        (HEADERS.replace("{{email}}", "x-{{mail}}"), "x", 'mailmerge_template.txt:1: there is no column "mail" (for'),
        (HEADERS.replace("{{email}}", "x-{{mail"), "x", "mailmerge_template.txt:1: "),
        (HEADERS.replace("office@", "{{email}}@"), "x", "mailmerge_template.txt:3: FROM is the same for everybody"),
        ("TO: {{email}}\nSUBJECT: x\n", "x", "mailmerge_template.txt: there is no FROM in it."),
        (HEADERS.replace("News for {{name}}", ""), "x", "mailmerge_template.txt:2: the message has no SUBJECT."),
        (f"{HEADERS}ATTACHMENT:\n", "x", "mailmerge_template.txt:4: ATTACHMENT names no file."),
        (f"{HEADERS}ATTACHMENT: mailmerge_database.csv\n", "x", "it is one of your contact files"),
        (f"{HEADERS}ATTACHMENT: mailmerge_server.conf\n", "x", "it belongs to the settings of the campaign"),
        (f"{HEADERS}no header\n", "x", "mailmerge_template.txt:4: this is neither a header nor the empty line"),
        (f"{HEADERS}Content-Type: text/calendar\n", "x", "mailmerge_template.txt:4: a text of the type text/calendar"),
        (f"{HEADERS}Content-Type: text/html\n", '<img src="//x.example/a.png">', "txt:6: the text loads something"),
    ],
)
def test_refused(tmp_path: Path, headers: str, body: str, told: str) -> None:
    """What cannot be sent is refused with its place."""
    (tmp_path / "mailmerge_server.conf").write_text(SERVER, "utf-8")
    assert told in _refused(_folder(tmp_path, f"{body}\n", headers=headers))


@pytest.mark.parametrize(
    ("server", "told"),
    [
        ("host = x\n", "mailmerge_server.conf cannot be read"),
        ("[smtp_server]\nport = 25\n", "there is no `host` in it"),
        (SERVER.replace("SSL/TLS", "SSL"), 'mailmerge_server.conf:4: security = "SSL" is not known.'),
        (f"{SERVER}ratelimit = many\n", "mailmerge_server.conf:6: ratelimit = many is not a number"),
        (SERVER.replace("465", "mail"), "mailmerge_server.conf:3: "),
    ],
)
def test_server_refused(tmp_path: Path, server: str, told: str) -> None:
    """What is wrong with the server's file is said with its place."""
    assert told in _refused(_folder(tmp_path, "x\n", server=server))
