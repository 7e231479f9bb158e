"""The guided set-up without a screen: what follows of which answers, and what is written of them."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.actions.init import begin
from notify.actions.init_details import read_items
from notify.actions.init_plan import plan
from notify.actions.init_question import Question
from notify.actions.init_questions import QUESTIONS
from notify.actions.init_server import Server
from notify.actions.init_walk import NotAnswered, Setting, walk
from notify.actions.prepare import Prepared, prepare
from notify.config import Settings, load, sample_values
from notify.core.codes import SAMPLE_CODES
from notify.errors import ConfigError, InputError, WriteError

TODAY = dt.date(2026, 11, 29)
PEOPLE = "Anrede;Vorname;Nachname;E-Mail\nFrau;Vera;Muster;vera@example.com\nHerr;;;zwei@@example.com\n"
LEAST = {"name": "Muster PR", "from": "anna@gmx.de"}
#: Of each item, the options that say how it changes.
CHANGES: dict[str, dict[str, str]] = {
    "email": {"old.email": "anna@gmx.de", "new.email": "info@neu.example"},
    "phone": {"old.phone": "+49 40 111111", "new.phone": "+49 40 222222"},
    "mobile": {"new.mobile": "+49 170 222222"},
    "fax": {"old.fax": "+49 40 111112", "new.fax": ""},
    "website": {"old.website": "https://alt.example", "new.website": "https://neu.example"},
    "address": {
        "old.street": "Altweg 1",
        "old.postcode": "20095",
        "old.city": "Hamburg",
        "new.street": "Neuweg 2",
        "new.postcode": "20099",
    },
    "bank": {"new.iban": "DE02 1203 0000 0000 2020 51"},
    "name": {"new.name": "Muster Kommunikation"},
}


class Person:
    """Somebody who answers what was thought of beforehand, and takes the default of everything else."""

    def __init__(self, answers: Mapping[str, list[str]]) -> None:
        self._answers = {name: list(lines) for name, lines in answers.items()}
        self.asked: list[str] = []
        self.refused: list[tuple[str, str]] = []

    def line(self, question: Question, answers: Mapping[str, Any]) -> str:
        """Answer."""
        self.asked.append(question.name)
        lines = self._answers.get(question.name, [])
        if lines:
            return lines.pop(0)
        assert not question.needed(answers) or question.default(answers), f"{question.name} wants an answer"
        return ""

    def refuse(self, question: Question, line: str, reason: ValueError | InputError) -> None:
        """Take note."""
        self.refused.append((question.name, str(reason)))
        assert line is not None

    def tell(self, question: Question, answers: Mapping[str, Any]) -> None:
        """Hear what follows."""
        assert question.name in answers


def _walk(
    folder: Path,
    options: Mapping[str, str] = {},
    person: Person | None = None,
    *,
    template: str = "",
    language: str = "de",
    keyring: bool = False,
) -> dict[str, Any]:
    setting = Setting(folder / "campaign", language, TODAY, template, has_keyring=keyring)
    found = Server(host="smtp.gefunden.example", user="anna")
    return walk(setting, options, person, lambda address: found if address.endswith("found.example") else None)


def _written(folder: Path, answers: Mapping[str, Any]) -> Settings:
    begin(folder / "campaign", plan(answers))
    return load(folder / "campaign", options={}, environment={})


def _prepared(settings: Settings) -> Prepared:
    (settings.folder / "contacts" / "liste.csv").write_text(PEOPLE, "utf-8")
    return prepare(settings)


@pytest.mark.parametrize("item", CHANGES)
@pytest.mark.parametrize("language", ["de", "en"])
def test_each_change(tmp_path: Path, item: str, language: str) -> None:
    """Of each change, options alone make a campaign that can be rendered; it announces that, and nothing invented."""
    options = LEAST | CHANGES[item] | {"changes": item, "kept.phone": "+49 40 333333"}
    if item == "phone":
        del options["kept.phone"]
    settings = _written(tmp_path, _walk(tmp_path, options, language=language))
    announced = set(settings.change.announced()) - {"street", "postcode", "city"}
    assert announced == {"bank": {"iban"}, "address": set()}.get(item, {item})
    assert settings.mailing.template.endswith(
        {"phone": "new-phone", "address": "new-address", "bank": "new-bank-account", "name": "new-name"}.get(
            item, "change-of-details"
        )
    )
    assert settings.change.effective == TODAY
    content = _prepared(settings).template.render(language, "Guten Tag,", {"code": SAMPLE_CODES[language]}, "x:1")
    assert "Muster" in content.subject
    text = (settings.folder / "notify.toml").read_text("utf-8")
    assert not [value for value in sample_values() if f'"{value}"' in text and value not in options.values()]
    assert not settings.relays  # the sandbox, until somebody switches the server on
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize("template", ["reminder", "last-call", "newsletter", "new-phone"])
def test_template_of_ones_own_choice(tmp_path: Path, template: str) -> None:
    """A template that was named is taken; what it says by itself is not asked for."""
    person = Person(
        {
            "name": ["Muster PR"],
            "from": ["anna@gmx.de"],
            "changes": ["1"],
            "new.email": ["info@neu.example"],
            "new.phone": ["+49 40 222222"],
            "old_works_until": ["31.1.2027"],
        }
    )
    settings = _written(tmp_path, _walk(tmp_path, {}, person, template=template))
    assert settings.mailing.template == f"templates/{template}"
    assert ("changes" in person.asked) == (template in {"reminder", "last-call"})
    assert (settings.mailing.kind == "newsletter") == (template == "newsletter") == ("effective" not in person.asked)
    _prepared(settings)


def test_mailbox_that_changes(tmp_path: Path) -> None:
    """Answers and bounces go to the new mailbox; while the old one lives, it is written from there."""
    settings = _written(tmp_path, _walk(tmp_path, LEAST | CHANGES["email"] | {"changes": "email"}))
    sender = settings.sender
    assert (sender.mailbox.address, sender.reply_to, sender.return_path) == ("anna@gmx.de", *["info@neu.example"] * 2)
    (tmp_path / "dead").mkdir()
    dead = LEAST | CHANGES["email"] | {"changes": "email", "from": "info@neu.example"}
    sender = _written(tmp_path / "dead", _walk(tmp_path / "dead", dead)).sender
    assert sender.reply_to == sender.return_path == "info@neu.example"


def test_contacts(tmp_path: Path) -> None:
    """A list is read where it is, or copied; in the folder it is named from there."""
    elsewhere = tmp_path / "Meine Kunden.CSV"
    elsewhere.write_text(PEOPLE, "utf-8")
    change = LEAST | CHANGES["phone"] | {"changes": "phone", "contacts": f'"{elsewhere}"'}
    answers = _walk(tmp_path, change)
    understood = answers["contacts"]
    assert (understood.rows, understood.counts["admitted"], understood.greetings) == (
        2,
        1,
        ("Sehr geehrte Frau Muster,",),
    )
    assert understood.rejected.startswith("Meine Kunden.CSV:3: ")
    assert _written(tmp_path, answers).contact_files == (elsewhere,)
    (tmp_path / "b").mkdir()
    copied = _written(tmp_path / "b", _walk(tmp_path / "b", change | {"copy_contacts": "yes"}))
    assert copied.contacts.files == ("contacts/*",)
    assert copied.contact_files == (copied.folder / "contacts" / elsewhere.name,)
    for name in ("ida", "ute"):
        (tmp_path / "b" / f"{name}.csv").write_text(PEOPLE.replace("vera", name), "utf-8")
    several = LEAST | CHANGES["phone"] | {"changes": "phone", "contacts": str(tmp_path / "b" / "*.csv")}
    answers = _walk(tmp_path / "d", several)
    assert (answers["contacts"].rows, answers["contacts"].path.name) == (4, "*.csv")
    assert "copy_contacts" not in answers
    inside = tmp_path / "c" / "campaign" / "liste [1].csv"
    inside.parent.mkdir(parents=True)
    inside.write_text(PEOPLE, "utf-8")
    own = _written(tmp_path / "c", _walk(tmp_path / "c", change | {"contacts": str(inside)}))
    assert (own.contacts.files, own.contact_files) == (("liste [1].csv",), (inside,))


@pytest.mark.parametrize(
    ("address", "lines", "relay"),
    [
        ("anna@gmx.de", {}, {"preset": "gmx", "user": "anna@gmx.de"}),
        ("anna@web.de", {}, {"preset": "web.de", "user": "anna"}),
        ("anna@muster.example", {}, None),
        ("anna@muster.example", {"server": ["ionos"]}, {"preset": "ionos", "user": "anna@muster.example"}),
        ("anna@muster.example", {"server": ["smtp.ionos.de"]}, {"preset": "ionos", "user": "anna@muster.example"}),
        (
            "anna@muster.example",
            {"server": ["Brevo"], "user": ["", "schluessel"]},
            {"preset": "brevo", "user": "schluessel"},
        ),
        (
            "anna@muster.example",
            {"server": ["gmxx", "smtp.muster.example:99999", "smtp.muster.example:587"], "user": ["anna"]},
            {"host": "smtp.muster.example", "port": 587, "user": "anna"},
        ),
        (
            "anna@muster.example",
            {"server": ["all-inkl", "w0123456.kasserver.com"]},
            {"preset": "all-inkl", "host": "w0123456.kasserver.com", "user": "anna@muster.example"},
        ),
        ("anna@found.example", {"look_up": ["yes"]}, {"host": "smtp.gefunden.example", "user": "anna"}),
        ("anna@found.example", {"look_up": ["no"]}, None),
    ],
)
def test_server(tmp_path: Path, address: str, lines: dict[str, list[str]], relay: dict[str, object] | None) -> None:
    """The server follows of the address, of a look-up that was allowed, or of what is typed; it is out of use."""
    if "user" in lines and lines["user"][0] == "":
        lines = lines | {"user": lines["user"][1:]}
    person = Person({"name": ["M"], "from": [address], "changes": ["phone"], "new.phone": ["+49 40 222222"], **lines})
    answers = _walk(tmp_path, {}, person)
    toml = plan(answers).toml
    assert ("look_up" in person.asked) == ("gmx" not in address and "web.de" not in address)
    assert "relay" not in tomllib.loads(toml)
    switched_on = plan(answers | {"use_relay": True}).toml
    assert tomllib.loads(switched_on).get("relay") == ([relay] if relay else None)
    assert len(person.refused) == max(0, len(lines.get("server", [])) - 1)


def test_new_account(tmp_path: Path) -> None:
    """A new account is slow in its first days; a provider that takes tokens only is neither used nor stored for."""
    options = LEAST | CHANGES["phone"] | {"changes": "phone", "new_account": "20.11.2026", "use_relay": "yes"}
    (relay,) = _written(tmp_path, _walk(tmp_path, options)).relays
    assert relay.since == dt.date(2026, 11, 20)
    person = Person({"name": ["M"], "from": ["anna@outlook.de"], "changes": ["2"], "new.phone": ["+49 40 222222"]})
    _walk(tmp_path, {}, person, keyring=True)
    assert not {"use_relay", "store_password"} & set(person.asked)
    person = Person({"name": ["M"], "from": ["anna@gmx.de"], "changes": ["2"], "new.phone": ["+49 40 222222"]})
    _walk(tmp_path, {}, person, keyring=True)
    assert {"use_relay", "store_password"} <= set(person.asked)


@pytest.mark.parametrize(
    ("name", "line", "reason"),
    [
        ("name", "", "must be answered"),
        ("name", "Muster\nPR", "line break"),
        ("name", "\x1b[31mMuster", "control character"),
        ("name", "x" * 10_000, "it has 10,000 characters"),
        ("name", "\udcff", "control character"),
        ("from", "anna@", "not an address"),
        ("from", "Anna <anna@gmx.de>", 'write only "anna@gmx.de"'),
        ("changes", "9", 'there is no "9"'),
        ("changes", ",", 'there is no ","'),
        ("changes", "1,7", "nobody could check"),
        ("changes", "telefon bankverbindung", "nobody could check"),
        ("old.phone", "vierzig", "not a telephone number"),
        ("new.phone", "", "must be answered"),
        ("new.phone", "+49 (40) 111111", "the same as before"),
        ("kept.website", "muster.example", "did you mean https://muster.example?"),
        ("effective", "12/01/2026", "may be 2026-12-01 or 2026-01-12"),
        ("effective", "31.2.2027", "is not a date"),
        ("effective", "bald", "is not a date"),
        ("old_works_until", "1.1.2026", "is before 2026-11-29"),
        ("contacts", "nix.csv", "no such file"),
        ("contacts", ".", "a folder"),
    ],
)
def test_wrong_answers(tmp_path: Path, name: str, line: str, reason: str) -> None:
    """What is no answer is refused with the reason, and asked for again."""
    right = {
        "name": ["Muster PR"],
        "from": ["anna@gmx.de"],
        "changes": ["telefon"],
        "old.phone": ["+49 (40) 111111"],
        "new.phone": ["+49 40 222222"],
    }
    if reason == "the same as before":
        line = "+49 (40)  111111"
    person = Person(right | {name: [line, *right.get(name, [])]})
    answers = _walk(tmp_path, {}, person)
    assert [refused for refused, _ in person.refused] == [name]
    assert reason in person.refused[0][1]
    assert answers["new.phone"] == "+49 40 222222"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"name": "M", "from": "anna@"}, "--from: "),
        ({"name": "M", "from": "anna@gmx.de", "changes": "bank", "new.iban": "DE02"}, "--new iban: "),
        (LEAST | {"changes": "phone", "new.phone": "+49 40 222222", "copy_contacts": "yes"}, "it is of no use here"),
    ],
)
def test_wrong_options(tmp_path: Path, options: dict[str, str], words: str) -> None:
    """A wrong option is named, whether somebody is there to be asked or not."""
    with pytest.raises(ConfigError) as caught:
        _walk(tmp_path, options)
    assert words in "\n".join(map(str, caught.value.problems))
    with pytest.raises(ConfigError):
        _walk(
            tmp_path,
            options,
            Person({"name": ["M"], "from": ["a@gmx.de"], "changes": ["1"], "new.email": ["b@neu.example"]}),
        )


def test_everything_that_is_missing(tmp_path: Path) -> None:
    """Without anybody to ask, all that is missing is named at once."""
    with pytest.raises(NotAnswered) as caught:
        _walk(tmp_path, {"changes": "address"})
    assert caught.value.options == ["--name", "--from", "--new street", "--new postcode", "--new city"]


@given(
    name=st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1).filter(str.strip),
    street=st.sampled_from(['"', "'", "\\", "'''", '"""', "\\\"'", "ä ß €", "#", "]", "{{ x }}", "%s"]),
)
def test_whatever_is_typed(name: str, street: str) -> None:
    """Quotes, backslashes and letters of any script come out of the file as they were typed."""
    old = {"old.street": "Altweg 1", "old.postcode": "1", "old.city": "x", "new.postcode": "2", "new.city": street}
    options = {"name": name, "from": "anna@gmx.de", "changes": "address", "new.street": street, **old}
    read = tomllib.loads(plan(_walk(Path("/nirgends"), options)).toml)
    assert read["sender"]["name"] == name.strip()
    assert read["change"]["new"]["street"] == read["change"]["new"]["city"] == street


def test_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a file cannot be written, or Ctrl-C comes in between, everything is as it was."""
    contacts = tmp_path / "liste.csv"
    contacts.write_text(PEOPLE, "utf-8")
    options = LEAST | CHANGES["phone"] | {"changes": "phone", "contacts": str(contacts), "copy_contacts": "yes"}
    planned = plan(_walk(tmp_path, options))
    contacts.unlink()
    with pytest.raises(WriteError, match="cannot be written: No such file"):
        begin(tmp_path / "campaign", planned)
    assert list(tmp_path.iterdir()) == []
    contacts.write_text(PEOPLE, "utf-8")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("notify.actions.init.shutil.copyfileobj", interrupted)
    (tmp_path / "campaign").mkdir()
    with pytest.raises(KeyboardInterrupt):
        begin(tmp_path / "campaign", planned)
    assert list((tmp_path / "campaign").iterdir()) == []


def test_words() -> None:
    """Every question has its words in both languages and its option; what can be wrong is said in German too."""
    assert len({question.name for question in QUESTIONS}) == len(QUESTIONS)
    for question in QUESTIONS:
        assert question.words.en
        assert question.words.de
        assert question.option.startswith("--")
        assert bool(question.hint.en) == bool(question.hint.de)
        assert question.wrong or question.wants_yes_or_no or question.name == "changes"


@pytest.mark.parametrize(
    ("typed", "items"),
    [
        ("1,2,5", ("email", "phone", "website")),
        ("1.2. 5", ("email", "phone", "website")),
        ("E-Mail-Adresse; Website.", ("email", "website")),
    ],
)
def test_what_changes(typed: str, items: tuple[str, ...]) -> None:
    """Numbers and words are understood however they are parted."""
    assert read_items(typed, {}) == items


@pytest.mark.parametrize(("typed", "named"), [("https://pr.example", "https://pr.example"), ("1, 9", "9")])
def test_what_does_not_change(typed: str, named: str) -> None:
    """What is none of them is named as it was typed."""
    with pytest.raises(ValueError, match=re.escape(f'there is no "{named}"')):
        read_items(typed, {})
