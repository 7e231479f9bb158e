"""Mistakes that were planted in a campaign: each is found by its name, and nothing is found where there are none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from notify.actions.checkup import Checkup, check, rehearse
from notify.actions.prepare import prepare
from notify.config import load
from notify.core.finding import Finding
from notify.errors import ConfigError, InputError
from tests import clean_campaigns as clean
from tests.planted import OFFLINE, Planted
from tests.planted_in_dns import IN_DNS
from tests.planted_in_words import IN_WORDS, Edited

#: What only a rehearsal finds.
OF_THE_PLAN = {"relay-slow", "deadline-missed", "start-late", "dead-mailbox", "new-domain"}


def found_in(folder: Path, *, rehearses: bool = True) -> list[Finding]:
    """Return what a check of a folder finds."""
    checkup = Checkup()
    try:
        settings = load(folder, options={}, environment={})
        checkup = Checkup(settings.checks.silence)
        prepared, now = prepare(settings), dt.datetime.now(dt.UTC)
        check(prepared, checkup, now, iter)
        if rehearses:
            rehearse(prepared, checkup, now, iter)
    except (ConfigError, InputError) as error:
        checkup.fail(error)
    return checkup.findings()


@pytest.mark.parametrize("write", clean.CLEAN, ids=lambda write: write.__name__)
def test_nothing_is_found_in_a_clean_campaign(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    """Each announces something else, one as plain text, one through a provider."""
    assert found_in(write(tmp_path / "c")) == []


@pytest.mark.parametrize("planted", OFFLINE, ids=lambda planted: f"{planted.name}: {planted.new.strip()[:40]}")
def test_each_mistake_is_found_by_its_name(tmp_path: Path, planted: Planted) -> None:
    """In the file in which it stands, or with the line of the settings that it belongs to; and it says how to mend."""
    found = [finding for finding in found_in(planted.plant(tmp_path / "c")) if finding.name == planted.name]
    assert found
    assert any(finding.where.startswith(planted.where) for finding in found)
    assert all(finding.what for finding in found)


@pytest.mark.parametrize("planted", IN_WORDS, ids=lambda planted: planted.label)
def test_each_mistake_in_the_words_is_found_by_its_name(tmp_path: Path, planted: Edited) -> None:
    """However it is spelled, in either language, in a link, the layout, or a file that is attached."""
    findings = found_in(planted.plant(tmp_path / "c"), rehearses=planted.name in OF_THE_PLAN)
    found = [finding for finding in findings if finding.name == planted.name]
    assert found
    assert all(finding.what and finding.where for finding in found)


def test_enough_is_planted() -> None:
    """Many kinds, and not one of them many times."""
    names = [planted.name for planted in OFFLINE]
    names += [planted.name for planted in IN_WORDS] + [planted.name for planted in IN_DNS]
    assert len(names) >= 200
    assert len({*names}) >= 60
