"""One mailing as each program wants it: a notice to many contacts, text and HTML, 4 KB, with eight fields of each.

Words, values, condition, loop and link are the same for all. The peers get the HTML written out that notify makes of
Markdown with the layout below.
"""

from __future__ import annotations

import csv
import string
from pathlib import Path

COLUMNS = ("Anrede", "Vorname", "Nachname", "Firma", "Ort", "Kundennummer", "Telefon", "E-Mail")
SENDER = "info@alt.example"
SUBJECT = "Neue E-Mail-Adresse ab 1. Dezember 2026, {{ Kundennummer }}"

_FAMILIES = ("Müller-Lüdenscheidt", "Weiß", "Schröder", "Özdemir", "Kowalski")
_TOWNS = ("Köln", "Hamburg", "Güstrow", "Wien", "Zürich")

_SENTENCE = (
    "Ab dem 1. Dezember 2026 erreichen Sie uns unter info@neu.example; die alte Adresse gilt noch acht volle Wochen."
)
_PROMISE = "Unsere Anschrift, unsere Telefonnummer und unsere Bankverbindung bleiben, wie sie sind."
_QUESTIONS = "Für Fragen sind wir wie bisher für Sie da, Herr Böttcher und Frau Jäger helfen Ihnen gern weiter."
CHANGES = (("E-Mail", "info@alt.example", "info@neu.example"), ("Telefon", "+49 40 111111", "+49 40 222222"))

_GREETING = "{% if Anrede == 'Herr' %}Sehr geehrter Herr{% else %}Sehr geehrte Frau{% endif %} {{ Nachname }},"
_FOR = "für {{ Vorname }} {{ Nachname }}{% if Firma %} ({{ Firma }}){% endif %} in {{ Ort }}, Telefon {{ Telefon }}:"
_LINK = "https://neu.example/wechsel?kunde={{ Kundennummer | urlencode }}&mail={{ mail | urlencode }}"

TEXT = f"""\
{_GREETING}

{_SENTENCE}

{_FOR}

{{% for change in changes %}}{{{{ change[0] }}}}: bisher {{{{ change[1] }}}}, neu {{{{ change[2] }}}}

{{% endfor %}}
{_PROMISE} {_QUESTIONS}

{_SENTENCE} {_PROMISE}

{_QUESTIONS} {_SENTENCE}

{_PROMISE} {_SENTENCE} {_QUESTIONS}

Mehr dazu: {_LINK}

Mit freundlichen Grüßen

Muster PR
"""

_STYLE = "margin:0;padding:16px;font:16px/1.4 Arial,sans-serif;color:#222222"
_OPENING = f"<html>\n<body style='{_STYLE}'>\n"
_CLOSING = "</body>\n</html>\n"


def contact(number: int) -> dict[str, str]:
    """Return an invented person."""
    return dict(
        zip(
            COLUMNS,
            (
                ("Herr", "Frau")[number % 2],
                ("Jürgen", "Vera")[number % 2],
                f"{_FAMILIES[number % 5]}-{number}",
                "Blumen & Söhne GmbH" if number % 3 == 0 else "",
                _TOWNS[number % 5],
                f"K {number:07}",
                f"+49 221 {number:07}",
                f"p{number:07}@kunde{number % 50}.example",
            ),
            strict=True,
        )
    )


def write_contacts(path: Path, people: int, names: tuple[str, ...] = COLUMNS) -> None:
    """Write a file of so many people, with these names of the columns."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(names)
        rows.writerows(contact(number).values() for number in range(people))


def html() -> str:
    """Return the HTML of the peers: a paragraph for each of the text."""
    loop = "{% for change in changes %}"
    paragraphs = TEXT.replace("&mail", "&amp;mail").strip().split("\n\n")
    body = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    body = body.replace(f"<p>{loop}", f"{loop}<p>").replace("<p>{% endfor %}\n", "{% endfor %}<p>")
    return f"{_OPENING}{body}\n{_CLOSING}"


_NOTIFY_TOML = string.Template("""\
[campaign]
id = "whole"
template = "template"
language = "de"

[sender]
name = "Muster PR"
email = "info@alt.example"

[change]
effective = 2026-12-01
[change.old]
email = "info@alt.example"
phone = "+49 40 111111"
[change.new]
email = "info@neu.example"
phone = "+49 40 222222"

[contacts]
files = ["people.csv"]

[[relay]]
host = "127.0.0.1"
port = $port
tls = "none"
rate = "100000/s"
connections = $connections

[send]
pause = "0s"
""")


def write_for_notify(folder: Path, people: int, port: int, connections: int) -> None:
    """Write a campaign folder."""
    (folder / "template").mkdir(parents=True)
    write_contacts(folder / "people.csv", people)
    (folder / "notify.toml").write_text(_NOTIFY_TOML.substitute(port=port, connections=connections), "utf-8")
    words = (
        TEXT.replace("change[0]", "change.label").replace("change[1]", "change.old").replace("change[2]", "change.new")
    )
    for column in COLUMNS:
        words = words.replace(f"{{{{ {column} ", f'{{{{ row["{column}"] ').replace(
            f"{{% if {column} ", f'{{% if row["{column}"] '
        )
    words = words.replace("{{ mail |", '{{ row["E-Mail"] |')
    subject = SUBJECT.replace("{{ Kundennummer }}", '{{ row["Kundennummer"] }}')
    (folder / "template" / "message.de.md").write_text(f"Subject: {subject}\n\n{words}", "utf-8")
    (folder / "template" / "layout.html").write_text(f"{_OPENING}{{{{ body }}}}\n{_CLOSING}", "utf-8")


_MAILMERGE_TEMPLATE = """\
TO: {{ mail }}
SUBJECT: %s
FROM: Muster PR <info@alt.example>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="boundary"

--boundary
Content-Type: text/plain; charset=utf-8

%s
--boundary
Content-Type: text/html; charset=utf-8

%s
--boundary--
"""


def write_for_mailmerge(folder: Path, people: int, port: int) -> None:
    """Write a folder for mailmerge: template, database and server."""
    folder.mkdir()
    write_contacts(folder / "mailmerge_database.csv", people, (*COLUMNS[:-1], "mail"))
    changes = f"{{% set changes = {CHANGES!r} %}}"
    template = _MAILMERGE_TEMPLATE % (SUBJECT, changes + TEXT, changes + html())
    (folder / "mailmerge_template.txt").write_text(template, "utf-8")
    server = f"[smtp_server]\nhost = 127.0.0.1\nport = {port}\n"
    (folder / "mailmerge_server.conf").write_text(server, "utf-8")
