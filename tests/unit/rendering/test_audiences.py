"""Audiences: what somebody may not see is not there for them, cannot be printed, and is found however it was typed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from notify.core.audience import AUDIENCES, Sight
from notify.core.campaign import BANK_DETAILS, Audience, Campaign, Change, Details, Disclosure, Sender
from notify.core.form import Form
from notify.core.made import MadeFile
from notify.core.message import Attachment, Mailbox
from notify.errors import WithheldError
from notify.rendering import Template

IBAN = "DE89 3704 0044 0532 0130 00"
SENDER = Sender(Mailbox("Muster PR", "info@muster.example"), "", "info@muster.example")
CHANGE = Change(
    Details(phone="+49 40 111111", iban="DE02 1203 0000 0000 2020 51", account_holder="Muster PR"),
    Details(
        phone="+49 40 222222", iban=IBAN, bic="MUSTDEHHXXX", bank="Musterbank", account_holder="Anna Muster-Beispiel"
    ),
)
SUPPLIERS = Audience("suppliers", frozenset(BANK_DETAILS))
FRIENDS = Audience("friends", frozenset({"phone"}))


def template(folder: Path, body: str, *audiences: Audience, change: Change = CHANGE, suffix: str = "md") -> Template:
    """Write a text, and open it for a campaign with these audiences."""
    (folder / f"message.de.{suffix}").write_text(f"Subject: Neues\n\n{body}\n", "utf-8")
    campaign = Campaign("x", SENDER, "de", change, disclosure=Disclosure(audiences))
    return Template(folder, "t", campaign, folder, lambda _: "")


def text(made: Template, audiences: str = "", row: Mapping[str, str] = {}) -> str:
    """Render it for a member of audiences; looking and making must agree."""
    fields = {"contact": {}, "row": row} | ({AUDIENCES: audiences} if audiences else {})
    made.prove("de", "Guten Tag", fields, "kunden.csv:2")
    return made.render("de", "Guten Tag", fields, "kunden.csv:2").text


ASKS = "{% if new.iban %}Konto {{ new.iban }}{% else %}Brief{% endif %}, Telefon {{ new.phone or '-' }}"


def test_bank_details_go_to_nobody_unless_said(tmp_path: Path) -> None:
    """Without an audience they are not there for anybody, and the template's own condition decides."""
    assert text(template(tmp_path, ASKS)).strip() == "Brief, Telefon +49 40 222222"


def test_only_members_see(tmp_path: Path) -> None:
    """A detail that an audience names is there for its members alone; who belongs to several sees what each does."""
    made = template(tmp_path, ASKS, SUPPLIERS, FRIENDS)
    shown = "Konto DE89\xa03704\xa00044\xa00532\xa00130\xa000"
    assert text(made).strip() == "Brief, Telefon -"
    assert text(made, "friends").strip() == "Brief, Telefon +49 40 222222"
    assert text(made, "suppliers").strip() == f"{shown}, Telefon -"
    assert text(made, "suppliers\nfriends").strip() == f"{shown}, Telefon +49 40 222222"
    assert text(made, "no such audience").strip() == "Brief, Telefon -"


def test_everybody(tmp_path: Path) -> None:
    """An audience of everybody needs no membership."""
    assert "Konto" in text(template(tmp_path, ASKS, replace(SUPPLIERS, is_everybody=True)))


@pytest.mark.parametrize(
    "body",
    [
        "{{ new.iban }}",
        "{{ old.iban }}",
        "{{ new.account_holder }}",
        "{{ new.bic|lower }}",
        "{% for one in [new.iban] %}{{ one }}{% endfor %}",
        IBAN,
        IBAN.replace(" ", ""),
        f"`{IBAN.lower()}`",
        "DE89 **3704** 0044 *0532* 0130 00",
        "<!-- --> DE89-3704-0044-0532-0130-00",
        "DE02120300000000202051",
        "bei der Musterbank",
        "auf Anna Muster-Beispiel",
        "mustdehhxxx",
        '{{ row["Notiz"] }}',
        'DE89 3704 0044 {{ row["Teil"] }} 0130 00',
        "[Konto](https://muster.example/DE89370400440532013000)",
    ],
)
def test_it_cannot_be_told(tmp_path: Path, body: str) -> None:
    """By a variable, typed, or put together of a cell: whoever may not see it gets no message, and others do."""
    made = template(tmp_path, f"Hallo\n\n{body}", SUPPLIERS)
    row = {"Notiz": "Konto DE89370400440532013000", "Teil": "0532"}
    with pytest.raises(WithheldError) as caught:
        text(made, "", row)
    assert "may not be seen" in str(caught.value)
    assert caught.value.where == "t/message.de.md:5" or (caught.value.where, "{{ row" in body) == (
        "t/message.de.md",
        True,
    )
    assert text(made, "suppliers", row)


def test_a_line_about_something_else(tmp_path: Path) -> None:
    """What is like a hidden value, or is told by what may be seen, is nobody's secret."""
    change = replace(CHANGE, new=replace(CHANGE.new, account_holder="Muster PR", fax="+49 40 3333333"))
    fax = Audience("x", frozenset({"fax", "account_holder"}))
    body = "{{ sender.name }}, Tel. +49 40 222222, 040 33333335, DE89 3704 0044 0532 0130 01, Muster PR, Bankhaus"
    assert "Bankhaus" in text(template(tmp_path, body, fax, change=change))
    with pytest.raises(WithheldError):
        text(template(tmp_path, "Fax (040) 333 33 33", fax, change=change))


def test_layout_and_attachments(tmp_path: Path) -> None:
    """A layout that has it typed, and a file that is text, are looked into as well."""
    (tmp_path / "layout.html").write_text(f'<p title="{IBAN}">{{{{ body }}}}</p>', "utf-8")
    with pytest.raises(WithheldError, match=r"layout\.html:1"):
        text(template(tmp_path, "Hallo"))
    (tmp_path / "layout.html").unlink()
    (tmp_path / "konto.txt").write_text(f"Konto: {IBAN}", "utf-8")
    (tmp_path / "message.de.md").unlink()
    (tmp_path / "message.de.md").write_text("Subject: x\nAttachment: konto.txt\n\nHallo\n", "utf-8")
    campaign = Campaign("x", SENDER, "de", CHANGE)
    with pytest.raises(WithheldError):
        text(Template(tmp_path, "t", campaign, tmp_path, lambda _: ""))


@pytest.mark.parametrize("name", ["Konto DE89370400440532013000.pdf", "DE89 3704 0044 0532 0130 00.png"])
def test_names_of_files(tmp_path: Path, name: str) -> None:
    """What a file is called is read, too, whatever is in it."""
    (tmp_path / name).write_bytes(b"%PDF")
    (tmp_path / "message.de.md").write_text(f"Subject: x\nAttachment: {name}\n\nHallo\n", "utf-8")
    with pytest.raises(WithheldError):
        text(Template(tmp_path, "t", Campaign("x", SENDER, "de", CHANGE), tmp_path, lambda _: ""))


def test_what_notify_makes(tmp_path: Path) -> None:
    """Card, appointment and code are made of what the recipient may see."""

    def made(_language: str, change: Change) -> tuple[MadeFile, ...]:
        return (MadeFile(Attachment("card.vcf", "text/vcard", change.new.phone.encode()), ""),)

    (tmp_path / "message.de.md").write_text("Subject: x\n\nHallo\n", "utf-8")
    campaign = Campaign("x", SENDER, "de", CHANGE, disclosure=Disclosure((FRIENDS,)))
    one = Template(tmp_path, "t", campaign, tmp_path, lambda _: "", made=made)
    assert one.render("de", "", {}, "x").attachments[0].octets == b""
    assert one.render("de", "", {AUDIENCES: "friends"}, "x").attachments[0].octets == b"+49 40 222222"


def test_that_nothing_is_left_to_announce_is_said(tmp_path: Path) -> None:
    """A headline of a change of which somebody may see nothing is no headline."""
    bank = replace(CHANGE, new=replace(CHANGE.new, phone=CHANGE.old.phone))
    with pytest.raises(WithheldError, match="announcement: nothing of what changes may be seen"):
        text(template(tmp_path, "{{ announcement }}", SUPPLIERS, change=bank))


def test_how_to_verify_is_told_to_everybody(tmp_path: Path) -> None:
    """Whoever may not see the new number is not told to call by it."""
    assert text(template(tmp_path, "{{ verify_by[0] }}", FRIENDS)).strip() == "post"


def test_they_read_another_text(tmp_path: Path) -> None:
    """Who may see something else is another cohort, though the template's branches are the same."""
    made = template(tmp_path, "{% for one in comparison %}{{ one.new }}{% endfor %}", SUPPLIERS, FRIENDS)
    shapes = {made.shape("de", "", {AUDIENCES: one}, "x") for one in ("", "suppliers", "friends", "suppliers\nfriends")}
    assert len(shapes) == 4


#: Pieces of templates that depend on what may be seen, on values, and on both.
PIECES = [
    "{{ salutation }} ",
    '{{ row["Ort"] }} ',
    "{% if new.iban %}{{ new.iban }}{% endif %} ",
    '{% if new.phone and row["Ort"] %}{{ new.phone }} {{ row["Ort"] }}{% endif %} ',
    "{% for one in comparison %}{{ one.label }}: {{ one.new }}\n\n{% endfor %}",
    '{% if row["Ort"] == "Ulm" %}{{ new.bank or "-" }}{% else %}{{ old.phone or "-" }}{% endif %} ',
    "{% set x = new.iban or row['Ort'] %}{{ x }} ",
]


@pytest.mark.parametrize("seed", range(12))
def test_fast_and_slow_agree(tmp_path: Path, seed: int) -> None:
    """Whoever goes a known way, in whatever order people come, reads to the letter what is rendered by itself."""
    chance = random.Random(seed)
    body = "\n\n".join(chance.choices(PIECES, k=4))
    fast = template(tmp_path, body, SUPPLIERS, FRIENDS)
    slow = template(tmp_path, body + "{# #}{% macro nothing() %}{% endmacro %}", SUPPLIERS, FRIENDS)
    for _ in range(40):
        audiences = chance.choice(["", "suppliers", "friends", "suppliers\nfriends"])
        fields: dict[str, Mapping[str, str] | str] = {
            "row": {"Ort": chance.choice(["", "Ulm", "Köln", "+49 40 1"])},
            AUDIENCES: audiences,
        }
        greeting = chance.choice(["Guten Tag", "Sehr geehrte Frau Ahorn,"])
        made, alone = (one.render("de", greeting, fields, "x", form=Form.FORMAL) for one in (fast, slow))
        assert (made.text, made.html) == (alone.text, alone.html)
    assert all(message._branching is None for message in slow._messages.values())  # noqa: SLF001  # or both are fast
    assert any(message._recipes for less in fast._less.values() for message in less.values())  # noqa: SLF001


def test_what_is_hidden_is_what_is_given() -> None:
    """Of details that nobody gave nothing is hidden, so that most campaigns cost nothing."""
    phones = Campaign("x", SENDER, change=Change(Details(phone="1"), Details(phone="2")))
    assert Sight.of(phones, ()).hidden == frozenset()
