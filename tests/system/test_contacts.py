"""Contacts as a user meets them: files of any format, lists to work with, segments, wishes, corrections."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.folders import MESSAGE, counts, kept, make_folder, run
from tests.servers.scripted import Rule, ScriptedServer, say

PEOPLE = """\
Kundennr;Anrede;Vorname;Nachname;Firma;E-Mail;Land;Telefon
1;Frau;Anna;Albrecht;;anna@example.com;Österreich;+43 1 1
2;;Kim;Beispiel;;kim@example.com;DE;
3;Herr;Carl;Cäsar;;;DE;040 3
4;Herr;Dan;Dorn;;dan@gmial.com;DE;040 4
5;Frau;Eva;Erle;Erle GmbH;info@erle.example;DE;
6;Herr;Emil;Erle;Erle GmbH;info@erle.example;DE;
7;Frau;Fe;Fuchs;;fe@example.com;DE;
8;Frau;Fe;Fuchs;;fe@example.org;DE;
9;Herr;Gero;=2+3;;gero@@example.com;DE;
"""


def _json(folder: Path, *arguments: str) -> Any:  # noqa: ANN401  # whatever the document holds
    done = run(folder, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


def test_the_report(tmp_path: Path) -> None:
    """One look shows the groups and what is done about them, the reasons and their mends, and what may be mistyped."""
    done = run(make_folder(tmp_path / "campaign", contacts=PEOPLE), "contacts")
    shown = " ".join(done.stdout.split())
    for words in (
        'Several people, one address (one message, greeted neutrally; as the first of them: shared_address = "first")',
        "info@erle.example: Eva Erle (contacts/people.csv:6), Emil Erle (contacts/people.csv:7)",
        "Probably one person with several addresses (each is written to;",
        "Fe Fuchs: fe@example.com (contacts/people.csv:8), fe@example.org (contacts/people.csv:9)",
        "no address (1) contacts/people.csv:4: no address They need a letter or a call.",
        "contacts/people.csv:5: dan@gmial.com → dan@gmail.com ?",
        "9 rows: 6 admitted, 2 rejected, 1 duplicate, 0 suppressed, 0 filtered",
    ):
        assert words in shown
    assert "2 salutations neutral" in done.stderr
    assert "1 no Anrede, no gender" in done.stderr
    assert "1 several people share the address" in done.stderr


def test_a_list_is_written_over_no_file(tmp_path: Path) -> None:
    """Whatever has its name stays as it is, and a person is told."""
    folder = make_folder(tmp_path / "campaign", contacts=PEOPLE)
    (folder / "liste.csv").write_text("mein Brief", encoding="utf-8")
    done = run(folder, "contacts", "--export", "liste.csv")
    assert (done.returncode, (folder / "liste.csv").read_text("utf-8")) == (73, "mein Brief")
    assert "there is such a file already. Nothing was written." in done.stderr


def test_files_of_the_folder(tmp_path: Path) -> None:
    """A suffix ignores case, and what no pattern names is not passed over in silence; no escape sequence is shown."""
    folder = make_folder(tmp_path / "campaign", contacts=PEOPLE)
    (folder / "contacts" / "people.csv").rename(folder / "contacts" / "Kontakte.CSV")
    (folder / "contacts" / "alt.xlsx").write_bytes(b"PK")
    (folder / "contacts" / "\x1b[8malt.csv").write_text("E-Mail;\x1b[31mOrt\ngabi@example.com;Bonn\n", encoding="utf-8")
    done = run(folder, "contacts")
    assert "10 rows: 7 admitted" in done.stdout
    assert "contacts/alt.xlsx is not read: no pattern of files in [contacts] names it." in done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert "contacts/alt.xlsx is not read" in run(folder, "contacts", "--json").stderr


def test_lists(tmp_path: Path) -> None:
    """Each list has whom it is for; the export is read again as the same people; no cell becomes a formula."""
    folder = make_folder(tmp_path / "campaign", contacts=PEOPLE)
    lists = ["--rejected", "r.csv", "--without-address", "w.csv", "--export", "e.csv", "--fallbacks", "overrides.csv"]
    done = run(folder, "contacts", *lists)
    assert done.returncode == 0, done.stderr
    for words in ("2 rejected rows to", "1 contact to", "6 recipients to", "2 contacts to"):
        assert f"Wrote {words}" in done.stderr
    assert [row[1] for row in _rows(folder / "r.csv")] == ["Where", "contacts/people.csv:4", "contacts/people.csv:10"]
    assert "'=2+3" in _rows(folder / "r.csv")[2]
    assert _rows(folder / "w.csv")[1][:5] == ["contacts/people.csv:4", "3", "Herr", "Carl", "Cäsar"]
    assert _rows(folder / "overrides.csv") == [
        ["email", "salutation", "gender", "who", "why"],
        ["kim@example.com", "", "", "Kim Beispiel", "no Anrede, no gender"],
        ["info@erle.example", "", "", "Eva Erle", "several people share the address"],
    ]
    before = [one for one in _json(folder, "contacts")["contacts"] if one["status"] == "admitted"]
    again = _json(folder, "contacts", "--contacts", "e.csv")["contacts"]
    told = ("key", "name", "company", "address", "salutation", "language", "status")
    assert [[one[name] for name in told] for one in again] == [[one[name] for name in told] for one in before]


def test_corrections(tmp_path: Path) -> None:
    """The list of neutral greetings, filled in, is used from then on, by preview as by send; it is not written over."""
    folder = make_folder(tmp_path / "campaign", contacts=PEOPLE)
    path = folder / "overrides.csv"
    run(folder, "contacts", "--fallbacks", "overrides.csv")
    header, kim, eva = _rows(path)
    filled = [[*header, "new_email"], ["kim@example.com", "", "f", *kim[3:], ""], [eva[0], "Liebe Erles", *eva[2:], ""]]
    filled += [["gero@@example.com", "", "", "", "", "gero@example.com"]]
    filled += [["dan@gmial.com", "", "", "", "", "dan@example.net"], ["nobody@example.com", "Hallo", "", "", "", ""]]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(filled)
    text = path.read_bytes()
    done = run(folder, "contacts", "--fallbacks", "overrides.csv")
    assert (done.returncode, path.read_bytes()) == (73, text)
    assert "there is such a file already" in done.stderr
    shown = {one["to"]: one["text"] for one in _json(folder, "preview")}
    assert shown["kim@example.com"].startswith("Sehr geehrte Frau Beispiel,")
    assert shown["info@erle.example"].startswith("Liebe Erles,")
    assert "dan@example.net" in shown
    assert "dan@gmial.com" not in shown
    done = run(folder, "send")
    assert "overrides.csv:6: no contact was found for this row" in done.stderr
    assert len(kept(folder)) == 7
    assert any(b"Liebe Erles," in message for message in kept(folder))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "email;salutaton\nkim@example.com;Hi\n",
            'overrides.csv:1: unknown column "salutaton": did you mean "salutation"?',
        ),
        ("email;gender\n;f\n", "overrides.csv:2: whose row is it? email is empty"),
        (
            "email;new_email\nkim@example.com;kim@@x\n",
            'overrides.csv:2: new_email: "kim@@x" is not an address: two @ signs.',
        ),
    ],
)
def test_corrections_that_cannot_be_read(tmp_path: Path, text: str, sentence: str) -> None:
    """What is wrong with the corrections is said with its line, and nothing is sent."""
    folder = make_folder(tmp_path / "campaign", contacts=PEOPLE)
    (folder / "overrides.csv").write_text(text, "utf-8")
    done = run(folder, "send")
    assert (done.returncode, kept(folder)) == (65, [])
    assert f"Error: {sentence}" in done.stderr


def test_segments(tmp_path: Path) -> None:
    """``--where`` narrows what a command looks at and whom a run sends to; the others wait, and nobody is withdrawn."""
    folder = make_folder(tmp_path / "campaign", contacts=PEOPLE)
    where = ["--where", 'country == "DE" and Kundennr < "6"']
    assert _json(folder, "contacts", *where)["counts"] == {
        "rows": 9, "admitted": 3, "rejected": 1, "duplicate": 0, "suppressed": 0, "filtered": 5
    }  # fmt: skip
    assert [one["key"] for one in _json(folder, "preview", *where)] == [
        "kim@example.com", "dan@gmial.com", "info@erle.example"
    ]  # fmt: skip
    done = run(folder, "send", *where)
    assert (done.returncode, len(kept(folder)), counts(folder)) == (75, 3, {"sent": 3, "pending": 3})
    assert run(folder, "send").returncode == 0
    assert len(kept(folder)) == 6


def test_where_of_the_campaign(tmp_path: Path) -> None:
    """In notify.toml it says whom the campaign is for at all."""
    folder = make_folder(tmp_path / "campaign", contacts=PEOPLE)
    toml = folder / "notify.toml"
    toml.write_text(toml.read_text("utf-8") + "where = 'Land == \"DE\"'\n", "utf-8")
    done = run(folder, "send")
    assert (done.returncode, counts(folder)) == (0, {"sent": 5})
    assert "1 not meant by where" in done.stderr
    toml.write_text(toml.read_text("utf-8").replace("Land ==", "Lnad =="), "utf-8")
    done = run(folder, "send")
    assert done.returncode == 78
    assert 'there is no field and no column "Lnad".\n  Did you mean row["Land"]?' in done.stderr


def test_a_key_with_two_addresses(tmp_path: Path) -> None:
    """It is an error that names the rows, before anything is sent; at all addresses it is none."""
    people = PEOPLE.replace("8;Frau", "7;Frau")
    folder = make_folder(tmp_path / "campaign", contacts=people)
    toml = folder / "notify.toml"
    toml.write_text(toml.read_text("utf-8") + 'key = "Kundennr"\n', "utf-8")
    for command in ("preview", "send"):
        done = run(folder, command)
        assert (done.returncode, kept(folder)) == (65, [])
        assert 'people.csv:8: "7": fe@example.com (contacts/people.csv:8), fe@example.org (contacts/p' in done.stderr
    assert "One key with several addresses (an error: mend the rows):" in run(folder, "contacts").stdout
    toml.write_text(toml.read_text("utf-8") + 'address = "all"\n', "utf-8")
    assert run(folder, "send").returncode == 0
    assert len(kept(folder)) == 6


NEWS = """\
E-Mail;Newsletter;EMAIL_BLACKLISTED;Status
a@example.com;ja;;
b@example.com;nein;;
c@example.com;;1;
d@example.com;;;bounced
e@example.com;;;verstorben
f@example.com;;;ausgetreten
"""

LEFT_OUT = {
    "b": "Newsletter: nein",
    "c": "EMAIL_BLACKLISTED: 1",
    "d": "Status: bounced",
    "e": "Status: verstorben",
    "f": "Status: ausgetreten",
}


def _news(folder: Path, kind: str, *keys: str, port: int | None = None) -> Path:
    way_out = "\n{{ unsubscribe }}\n" if kind == "newsletter" else ""
    made = make_folder(folder, contacts=NEWS, relay_port=port, message=MESSAGE + way_out)
    toml = made / "notify.toml"
    text = toml.read_text("utf-8").replace("[contacts]\n", "\n".join(["[contacts]", *keys, ""]))
    toml.write_text(text.replace('language = "de"\n', f'language = "de"\nkind = "{kind}"\n'), "utf-8")
    return made


@pytest.mark.parametrize(
    ("kind", "keys", "left_out"),
    [
        ("newsletter", (), "bcde"),
        # who refuses advertising has not refused to be told
        ("notice", (), "cde"),
        ("notice", ('refused_advertising = "leave_out"', 'former = "leave_out"'), "bcdef"),
        ("notice", ('opted_out = "write"', 'unreachable = "write"'), "e"),
    ],
)
def test_wishes(tmp_path: Path, kind: str, keys: tuple[str, ...], left_out: str) -> None:
    """Each is left out for a reason of its own, and by the user's word written to, where that is the user's to say."""
    folder = _news(tmp_path / "campaign", kind, *keys)
    done = run(folder, "send")
    assert (done.returncode, len(kept(folder))) == (0, 6 - len(left_out))
    unsubscribe = [
        b"\r\nList-Unsubscribe: <mailto:info@alt.example?subject=unsubscribe>\r\n" in one for one in kept(folder)
    ]
    assert unsubscribe == [kind == "newsletter"] * len(unsubscribe)
    suppressed = [one for one in _json(folder, "contacts")["contacts"] if one["status"] == "suppressed"]
    assert {one["address"][0]: one["reason"] for one in suppressed} == {who: LEFT_OUT[who] for who in left_out}


def test_the_two_kinds_of_no_are_told_apart(tmp_path: Path) -> None:
    """In the report as in the question before sending, each with the key that decides about it."""
    with ScriptedServer(tmp_path / "record") as server:
        folder = _news(tmp_path / "campaign", "notice", port=server.port)
        asked, told = run(folder, "send", "--dry-run").stderr, run(folder, "contacts")
        assert counts(folder) == {}
    for words, written_to in (
        (
            '1 contact who refused all mail; a notice may go to them all the same, if you decide so:  opted_out = "wri',
            0,
        ),
        ('1 contact whose address is known to be dead; mend the addresses, or try them again:  unreachable = "wri', 0),
        ("1 contact who died", 0),
        ('1 contact who refused advertising; to leave them out:  refused_advertising = "leave_out"  in [contacts]', 1),
        ('1 contact who left; to leave them out:  former = "leave_out"  in [contacts]', 1),
    ):
        assert f"{('Without  ', 'With     ')[written_to]}{words}" in asked
        assert f"{('Without ', 'With ')[written_to]}{words}" in told.stderr
    assert "Refused advertising, and written to (1):\n  contacts/people.csv:3: b@example.com: News" in told.stdout
    assert "Refused all mail, and left out (1):\n  contacts/people.csv:4: c@example.com: EMAIL_BL" in told.stdout
    against = {one["address"][0]: one.get("against") for one in _json(folder, "contacts")["contacts"]}
    assert (against["a"], against["b"], against["d"]) == (None, ["refused advertising"], ["unreachable"])


def test_known_dead_addresses_are_set_aside(tmp_path: Path) -> None:
    """An address that nobody has, as an earlier campaign was told, is not tried by the next; nor by its rehearsal."""
    rules = (
        Rule("rcpt", say("550 5.1.1 No such user"), to="p000001"),
        Rule("rcpt", say("552 5.3.4 Message size exceeds their limit"), to="p000002", times=1),
    )
    with ScriptedServer(tmp_path / "record", rules=rules) as server:
        folder = make_folder(tmp_path / "campaign", contacts=3, relay_port=server.port)
        run(folder, "send", "--yes")
        before = counts(folder)
        toml = folder / "notify.toml"
        toml.write_text(toml.read_text("utf-8").replace('id = "test"', 'id = "christmas"'), "utf-8")
        (suppressed,) = (one for one in _json(folder, "contacts")["contacts"] if one["status"] == "suppressed")
        done = run(folder, "send", "--yes", "--again")
        reached = counts(folder)
        toml.write_text(toml.read_text("utf-8").split("[[relay]]")[0], "utf-8")
        rehearsed = run(folder, "send")
    assert before == {"failed": 2, "sent": 1}
    assert suppressed["address"] == "p000001@example.com"
    assert suppressed["reason"].startswith("failed in the campaign test on ")
    assert suppressed["reason"].endswith(": 550 5.1.1 No such user")
    assert "Without  1 contact whose address is known to be dead" in done.stderr
    assert reached == {"suppressed": 1, "sent": 2}
    assert done.returncode == 0
    assert "Without  1 contact whose address is known to be dead" in rehearsed.stderr


def test_a_mended_address_takes_the_place_of_the_one_that_failed(tmp_path: Path) -> None:
    """Without a key too there are as many recipients as rows, and a campaign in which all were reached is done."""
    rules = (Rule("rcpt", say("550 5.1.1 No such user"), to="exmaple"),)
    rows = ["Vorname;Nachname;E-Mail", "Anna;Muster;anna@exmaple.com", "Ben;Probe;ben@example.com"]
    with ScriptedServer(tmp_path / "record", rules=rules) as server:
        folder = make_folder(tmp_path / "campaign", contacts="\n".join(rows), relay_port=server.port)
        assert run(folder, "send", "--yes").returncode == 1
        mended = [rows[0], rows[2], rows[1].replace("exmaple", "example"), "Cora;Muster;cora@example.com"]
        (folder / "contacts" / "people.csv").write_text("\n".join(mended), "utf-8")
        done = run(folder, "send", "--yes")
        assert (done.returncode, counts(folder)) == (0, {"sent": 3})
    assert done.stderr.startswith("3 rows, 1 new, 1 back since the last run: 2 to send, 1 sent already.\n")
    assert _json(folder, "status")["recipients"] == 3


CARDS = """\
BEGIN:VCARD
VERSION:3.0
N:Muster;Anna;;;
EMAIL;TYPE=HOME:anna@example.org
EMAIL;TYPE=WORK:a@example.com
END:VCARD
"""
LDIF = "dn: cn=Ben\nobjectclass: person\ncn: Ben Beispiel\nsn: Beispiel\nmail: ben@example.com\n"
BLANKS = """\
E-Mail       Anrede  Vorname  Nachname
a@b.example  Frau    Anna     von Muster
c@d.example          Carl     Cäsar
e@f.example  Herr  Emil  Erle
"""
NICKNAMES = """\
alias Anna anna@example.com
note Anna <name:Anna Beispiel><phone:1>Text
alias "Kunden Nord" anna@example.com,ben@example.org
"""


def test_files_of_any_format(tmp_path: Path) -> None:
    """Files of several formats make one campaign, whatever their names end in; the address rule holds for all."""
    folder = make_folder(
        tmp_path / "campaign", contacts="E-Mail privat\tE-Mail geschäftlich\nc@example.org\tc@example.com\n"
    )
    (folder / "contacts" / "karten.csv").write_text(CARDS, "utf-8", newline="\r\n")
    (folder / "contacts" / "buch.csv").write_text(LDIF, "utf-8")
    document = _json(folder, "contacts")
    assert {file["path"]: file["format"] for file in document["files"]} == {
        "contacts/buch.csv": "ldif", "contacts/karten.csv": "vcf", "contacts/people.csv": "tsv"
    }  # fmt: skip
    assert [one["address"] for one in document["contacts"]] == ["ben@example.com", "a@example.com", "c@example.com"]
    assert document["contacts"][1]["other_addresses"] == ["anna@example.org"]
    toml = folder / "notify.toml"
    toml.write_text(toml.read_text("utf-8") + 'address = "private"\n', "utf-8")
    assert [one["to"] for one in _json(folder, "preview")] == ["ben@example.com", "anna@example.org", "c@example.org"]


def test_lists_of_old_programs(tmp_path: Path) -> None:
    """Blanks between the cells, and nicknames of Eudora: everybody is in a count, and greeted by what the file says."""
    folder = make_folder(tmp_path / "campaign", contacts=BLANKS)
    (folder / "contacts" / "nndbase.csv").write_text(NICKNAMES, "utf-8")
    document = _json(folder, "contacts")
    assert [file["format"] for file in document["files"]] == ["nnt", "prn"]
    assert {one["address"]: one["salutation"] for one in document["contacts"] if one["address"]} == {
        "a@b.example": "Sehr geehrte Frau von Muster,",
        "c@d.example": "Guten Tag Carl Cäsar,",
        "anna@example.com": "Guten Tag Anna Beispiel,",
        "ben@example.org": "Guten Tag,",
    }
    assert [one["origin"] for one in document["contacts"] if one["status"] == "rejected"] == ["contacts/people.csv:4"]
