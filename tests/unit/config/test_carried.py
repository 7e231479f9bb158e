"""Settings that are carried to another machine: read there as they were in force, and without anything secret."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from notify.config import OCCASIONS, Settings, load, sample
from notify.config.carried import carried, read_carried
from notify.config.schema import KEYS, SECTIONS
from notify.config.value_types import COMMAND

#: What only the sending folder needs: where its people, its database and its own mailbox are, and what it looks for.
STAYS = {"contacts", "columns", "mailbox", "ledger", "policy", "checks", "second_source"}
EVERYTHING = re.sub(r"^# (?=\[|\w+ = )", "", sample("de"), flags=re.MULTILINE)
LEAST = '[campaign]\ntemplate = "t"\n[sender]\nemail = "info@alt.example"\n'


def there(settings: Settings) -> Settings:
    """Return the settings as another machine reads them, as far as that can be told apart from those here."""
    return read_carried(json.loads(json.dumps(carried(settings))), settings.folder)


def what_goes(settings: Settings) -> dict[str, object]:
    """Return what is to be the same there."""
    named = replace(settings.mailing, id=settings.campaign().id)
    relays = tuple(replace(relay, password_command="", token_command="") for relay in settings.relays)
    send = replace(settings.send, approval="")
    goes = replace(settings, mailing=named, relays=relays, send=send)
    return {one.name: getattr(goes, one.name) for one in fields(Settings) if one.name not in {*STAYS, "notes"}}


def loaded(folder: Path, text: str) -> Settings:
    """Load a notify.toml."""
    (folder / "notify.toml").write_text(text, "utf-8")
    return load(folder, options={}, environment={})


@pytest.mark.parametrize("text", [EVERYTHING, LEAST, *(sample("de", occasion) for occasion in OCCASIONS)])
def test_they_are_the_same_there(tmp_path: Path, text: str) -> None:
    """Every key of the sample, switched on or not."""
    settings = loaded(tmp_path, text)
    assert what_goes(there(settings)) == what_goes(settings)


@pytest.mark.parametrize(
    "keys",
    [
        '[sender]\nreply_to = ""',
        '[sender]\nreply_to = "Büro \\"Nord\\" <info@müller.example>"',
        '[sender]\nname = "Muster, \\"PR\\" <x>"\nreturn_path = "post@müller.example"',
        '[sender]\nlegal_form = "freelance"\nseat = "Hamburg"',
        '[sender]\nlegal_form = "e.V."\nlegal_name = "Muster e.V."\nboard = ["Anna Muster", "Kim Muster, geb. Probe"]',
        '[[relay]]\npreset = "ionos"\nnew_account = 2026-11-20',
        '[[relay]]\nhost = "bücher.example"\nport = 587\nfrom = ["müller.example", "*@*.neu.example", "a@b.example"]',
        '[[relay]]\nhost = "127.0.0.1"\ntls = "none"\nport = 25\npipelining = false\nehlo = "192.0.2.1"',
        '[[relay]]\nhost = "a.example"\nramp = "50/day, x1.2345678901, 2000/day"\nper_domain = "5/min, 1/s, 9/day"',
        '[[relay]]\nhost = "a.example"\nramp = "50/day, +33%, 2000/day"',
        '[[relay]]\nhost = "a.example"\n[[relay]]\nhost = "b.example"\nramp = "50/day, +7, 2000/day"',
        '[send]\nstart = 2026-12-01T08:00:00+05:30\nwindow = "Fr-Mo 22-6 Uhr"\npause = "1.5min"\nbatch = 1',
        '[send]\ncopy_to = ["Büro <a@b.example>", "c@d.example"]\ncopy_per = "cohort"',
        '[change.new]\nemail = "info@müller.example"\nphone = " +49 (40) 22/22-22 "\nbic = "mustdehhxxx"',
        '[change.old]\niban = "de89370400440532013000"\naccount_holder = "M"\n[change]\neffective = 2026-12-01',
        '[newsletter]\nunsubscribe = "https://muster.example/ab?t={token}"\n[attach]\nuid = "muster"',
        '[[audience]]\nname = "alle"\nsees = "Kontoinhaber, mobile"\npublic = true',
        '[[audience]]\nname = "wer"\nsees = "fax"\nfiles = ["a.csv"]\nwhere = "country == \'AT\'"',
    ],
)
def test_whatever_can_be_said(tmp_path: Path, keys: str) -> None:
    """Each way to say something comes to the same there, and carried on from there too."""
    whose = LEAST.replace("[sender]\n", f"{keys}\n") if "[sender]" in keys else f"{LEAST}{keys}\n"
    settings = loaded(tmp_path, whose)
    assert what_goes(there(settings)) == what_goes(settings)
    assert carried(there(settings)) == carried(settings)


def test_what_an_option_or_a_variable_said(tmp_path: Path) -> None:
    """It is in force, so it is carried."""
    (tmp_path / "notify.toml").write_text(LEAST, "utf-8")
    environment = {"NOTIFY_RELAY_HOST": "relay.example", "NOTIFY_CHANGE_NEW_PHONE": "+49 40 1111111"}
    settings = load(tmp_path, options={"sender.email": "Kim <kim@alt.example>"}, environment=environment)
    assert there(settings).relays[0].host == "relay.example"
    assert there(settings).sender.mailbox.name == "Kim"
    assert what_goes(there(settings)) == what_goes(settings)


def test_every_section_is_decided_on(tmp_path: Path) -> None:
    """One that is new is carried, or is named here as one that stays."""
    names = {section.path[-1] if section.path[0] == "contacts" else section.path[0] for section in SECTIONS}
    assert {*carried(loaded(tmp_path, EVERYTHING))} == names - STAYS


def test_no_command_goes(tmp_path: Path) -> None:
    """What is left out of the sections that are carried are the commands alone, and what was asked before placing."""
    values = carried(loaded(tmp_path, EVERYTHING.replace('user = ""', 'user = "post"')))
    assert "command" not in json.dumps(values)
    assert sum(key.type is COMMAND for key in KEYS) >= 4
    left_out = {key.path for key in KEYS if key.section[0] in values and key.path not in {*_paths(values)}}
    assert {
        path for path in left_out if path[-1] not in {"public", "old", "new"} and path[:2] != ("change", "old")
    } == {
        ("relay", "password_command"),
        ("relay", "token_command"),
        ("send", "approval"),
    }


def _paths(values: Mapping[str, Any], before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, value in values.items():
        inside = value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else value
        yield (*before, name)
        if isinstance(inside, dict):
            yield from _paths(inside, (*before, name))
