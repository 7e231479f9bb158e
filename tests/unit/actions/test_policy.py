"""A new account and a new way to be reached leave neither together nor soon after each other, unless accepted."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from notify.actions.run import begun
from notify.core.status import Status
from notify.errors import InputError
from tests.audiences import AUDIENCE_OF_ALL
from tests.campaign import NOW, Folder, enrolled, handover_of, send
from tests.unit.ledger.mailing import outcome, settle

pytestmark = pytest.mark.both_ledgers

IBAN = 'iban = "DE89 3704 0044 0532 0130 00"\naccount_holder = "Muster PR"'
PHONE = 'phone = "+49 40 222222"'
MOBILE = 'mobile = "+49 170 222222"'
MAIL = 'email = "info@neu.example"'
SITE = 'website = "https://muster.example"'
ACCEPT = '[policy]\naccept = ["iban-with-contact"]\n'
DAY = dt.timedelta(days=1)

_TEXT = "Subject: Neues ({name})\n\n{{{{ salutation }}}} {{% for one in changes %}}{{{{ one.new }}}} {{% endfor %}}\n"


def _announce(folder: Folder, campaign: str, *details: str, old: str = "", policy: str = "") -> None:
    """Write a notify.toml that announces details in a campaign of its own."""
    toml = folder.toml.read_text("utf-8")
    head = toml.partition("[change.old]")[0]
    tail = "[contacts]" + toml.partition("[contacts]")[2].partition("[policy]")[0]
    head = head.replace(head[head.index("id = ") :].partition("\n")[0], f'id = "{campaign}"')
    change = f"[change.old]\n{old}\n[change.new]\n" + "\n".join(details) + "\n\n"
    folder.toml.write_text(head + change + AUDIENCE_OF_ALL + tail + policy, "utf-8")
    folder.message.write_text(_TEXT.format(name=campaign), "utf-8")


def _send(folder: Folder, now: dt.datetime, who: str = "anna@example.com") -> tuple[str, ...]:
    """Begin a run and send to one recipient; return what was accepted of what looks like fraud."""
    with begun(folder.prepared(), now, accept_change=True, rehearsal=False) as run:
        enrolled(run)
        handover = handover_of(run)
        settle(handover, send(handover, who, now), outcome(Status.SENT), now)
        return run.accepted


def _refused(folder: Folder, now: dt.datetime, *, rehearsal: bool = False) -> InputError:
    with (
        pytest.raises(InputError) as caught,
        begun(folder.prepared(), now, accept_change=True, rehearsal=rehearsal),
    ):
        pass
    return caught.value


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Give a campaign folder with a relay."""
    return Folder(tmp_path / "campaign")


@pytest.mark.parametrize(
    ("contact", "words"),
    [(PHONE, "telephone number"), (MOBILE, "mobile number"), (MAIL, "e-mail address")],
)
@pytest.mark.parametrize("real", [True, False])
def test_not_together(tmp_path: Path, contact: str, words: str, real: bool) -> None:
    """They are refused in one campaign, in the sandbox and in a rehearsal too; by name it is accepted, and said."""
    folder = Folder(tmp_path / "campaign", real=real)
    _announce(folder, "beides", IBAN, contact)
    for rehearsal in (False, True):
        error = _refused(folder, NOW, rehearsal=rehearsal)
        assert error.message.startswith(f"A new IBAN and a new {words} are announced together.")
        assert ACCEPT.splitlines()[1] in error.hint
    _announce(folder, "beides", IBAN, contact, policy=ACCEPT)
    assert _send(folder, NOW) == (error.message,)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", (IBAN, SITE)),
        ("", (PHONE, MOBILE, MAIL)),
        (PHONE, (IBAN, PHONE)),
        (f"{PHONE}\n{MAIL}", (IBAN,)),
        (IBAN, (IBAN, PHONE)),
    ],
)
def test_what_goes_together(folder: Folder, old: str, new: tuple[str, ...]) -> None:
    """What stays as it was, is given up, or is no way to be called back, may stand beside a new account."""
    _announce(folder, "eins", *new, old=old)
    assert _send(folder, NOW) == ()


@pytest.mark.parametrize(("first", "second"), [((PHONE, MAIL), (IBAN,)), ((IBAN,), (MOBILE,))])
def test_not_soon_after(folder: Folder, first: tuple[str, ...], second: tuple[str, ...]) -> None:
    """In both directions: what was sent keeps the other back for 14 days from its last message on."""
    _announce(folder, "erst", *first)
    _send(folder, NOW - DAY)
    _send(folder, NOW, "ben@example.com")
    _announce(folder, "dann", *second)
    error = _refused(folder, NOW + 13.9 * DAY)
    assert error.message.startswith("The campaign erst announced ")
    assert f"was sent until {NOW.astimezone():%Y-%m-%d %H:%M}" in error.message
    assert f"Wait until {(NOW + 14 * DAY).astimezone():%Y-%m-%d %H:%M}" in error.hint
    assert _send(folder, NOW + 14 * DAY) == ()


def test_its_words(folder: Folder) -> None:
    """It says what of both campaigns belongs together, and nothing else that they announce."""
    _announce(folder, "erst", PHONE, MAIL, SITE)
    _send(folder, NOW)
    _announce(folder, "dann", IBAN, SITE)
    assert "announced a new e-mail address and a new telephone number, and was" in _refused(folder, NOW).message
    assert "A new IBAN so soon after it looks like fraud." in _refused(folder, NOW).message


def test_how_long(folder: Folder) -> None:
    """The time between is the user's to set; 0 is none, and what is accepted by name is said."""
    _announce(folder, "erst", PHONE)
    _send(folder, NOW)
    _announce(folder, "dann", IBAN, policy='[policy]\ncool_off = "3 weeks"\n')
    _refused(folder, NOW + 20 * DAY)
    _announce(folder, "dann", IBAN, policy="[policy]\ncool_off = 0\n")
    with begun(folder.prepared(), NOW, accept_change=True, rehearsal=True) as run:
        assert run.accepted == ()
    _announce(folder, "dann", IBAN, policy=ACCEPT)
    (accepted,) = _send(folder, NOW)
    assert accepted.startswith("The campaign erst announced a new telephone number, and was sent until ")


def test_only_what_was_sent_counts(folder: Folder) -> None:
    """A campaign that was enrolled, and that a relay has refused to everybody, holds nothing back."""
    _announce(folder, "erst", PHONE)
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        handover = handover_of(run)
        settle(handover, send(handover, "anna@example.com"), outcome(Status.FAILED), NOW)
    _announce(folder, "dann", IBAN)
    assert _send(folder, NOW, "ben@example.com") == ()


def test_begun_first_may_be_finished(folder: Folder) -> None:
    """What was accepted once does not hold back the campaign that had begun before it."""
    _announce(folder, "erst", IBAN)
    _send(folder, NOW)
    _announce(folder, "dann", PHONE, policy=ACCEPT)
    _send(folder, NOW + DAY)
    _announce(folder, "erst", IBAN)
    assert _send(folder, NOW + 2 * DAY, "ben@example.com") == ()


def test_changed_in_its_middle(folder: Folder) -> None:
    """The same campaign cannot announce the account to some and the telephone to others either."""
    _announce(folder, "eins", PHONE)
    _send(folder, NOW)
    _announce(folder, "eins", IBAN)
    assert "The campaign eins announced a new telephone number" in _refused(folder, NOW + DAY).message


def test_rehearsals_hold_nothing_back(tmp_path: Path) -> None:
    """What only the sandbox was sent was announced to nobody."""
    folder = Folder(tmp_path / "campaign", real=False)
    _announce(folder, "erst", PHONE)
    _send(folder, NOW)
    _announce(folder, "dann", IBAN)
    assert _send(folder, NOW) == ()
