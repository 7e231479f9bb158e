"""The templates that notify comes with: every sentence stands there if, and only if, it is true of the change."""

from __future__ import annotations

import html
import itertools
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from notify.config import OCCASIONS
from notify.core.campaign import in_words
from notify.core.message import Content
from tests.unit.rendering.notices import CONTACT, DAYS, FILES, KINDS, SHIPPED, Case, Shipped, cases

NOTICES = [name for name in OCCASIONS if name != "newsletter"]
EVERY = [(name, file) for name in NOTICES for file in FILES]

#: What each kind is called in a subject and in lists, and as what is new.
WORDS = {
    "de": {
        "name": ("Name", "einen neuen Namen"),
        "email": ("E-Mail-Adresse", "eine neue E-Mail-Adresse"),
        "phone": ("Telefonnummer", "eine neue Telefonnummer"),
        "mobile": ("Mobilnummer", "eine neue Mobilnummer"),
        "website": ("Website", "eine neue Website"),
        "address": ("Postanschrift", "eine neue Postanschrift"),
        "bank": ("Bankverbindung", "eine neue Bankverbindung"),
    },
    "en": {
        "name": ("name", "a new name"),
        "email": ("e-mail address", "a new e-mail address"),
        "phone": ("phone number", "a new phone number"),
        "mobile": ("mobile number", "a new mobile number"),
        "website": ("website", "a new website"),
        "address": ("postal address", "a new postal address"),
        "bank": ("bank account", "a new bank account"),
    },
}
REACHED_BY = ("email", "phone", "mobile", "website")

SIE = re.compile(r"\b(?:Sie|Ihr|Ihre[mnrs]?|Ihnen|Sehr geehrte)\b")
DU = re.compile(r"\b(?:[Dd]u|[Dd]ich|[Dd]ir|[Dd]eine?[mnrs]?|[Ee]uch|Liebe|hast|kannst|prüfst|Ruf|Frag|Sieh|Schreib)\b")
GERMAN = re.compile(r"[äöüÄÖÜß„]|\b(?:und|der|die|das|ab|seit|bis|neu|bisher|Sie|ist|wir|Grüße)\b(?!\.example)")
ENGLISH = re.compile(r"\b(?:and|the|from|since|your|our|new|old|until|is|we|you|regards)\b")
TORN = re.compile(r"None|\{\{|\{%|\*\*|\|| ,| \.|\.\.|,,|,\.|\n\n\n|\b(?:und|and|oder|or)[.;:\n]|[^\n: ]  |^ |: *$")


def _listed(words: Sequence[str], joint: str) -> str:
    return f" {joint} ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""


def _subject(case: Case, language: str) -> str:
    """Return what changes and since when, put together in another way than the program does."""
    day = DAYS[case.effective]
    date = in_words(day, language) if day else ""
    words = [WORDS[language][kind][0] for kind in KINDS if kind in case.kinds]
    if language == "en":
        when = {"past": f" since {date}", "today": " from now on", "future": f" from {date}", "none": ""}
        new = " new " if len(words) > 3 else " "
        return (
            f"New {_listed(words, 'and').replace(', ', f',{new}').replace(' and ', f' and{new}')}{when[case.effective]}"
        )
    when = {"past": f" seit {date}", "today": " ab sofort", "future": f" ab {date}", "none": ""}
    if "name" in case.kinds:
        words = ["Neuer Name", *(["neue " + words[1], *words[2:]] if words[1:] else [])]
    else:
        words = ["Neue " + words[0], *words[1:]]
    return f"{_listed(words, 'und')}{when[case.effective]}"


def _last_subject(case: Case, language: str) -> str:
    """Return the subject of the last call: what ends, and when."""
    former = [WORDS[language][kind][0] for kind in REACHED_BY if kind in case.kinds]
    day = DAYS[case.until]
    if not former or day is None or case.until == "past":
        return _subject(case, language)
    one = len(former) == 1
    if language == "de":
        return f"Bisherige {_listed(former, 'und')} {'endet' if one else 'enden'} am {in_words(day, 'de')}"
    return f"Old {_listed(former, 'and')} {'ends' if one else 'end'} on {in_words(day, 'en')}"


def subject_of(name: str, case: Case, language: str) -> str:
    """Return the whole subject that a template must have."""
    if name == "reminder":
        return (
            f"{'Erinnerung' if language == 'de' else 'Reminder'}: {_subject(case, language)} – {_who(case, language)}"
        )
    subject = _last_subject(case, language) if name == "last-call" else _subject(case, language)
    return f"{subject}: {_who(case, language)}"


def _who(case: Case, language: str) -> str:
    """Return who writes: behind "Neuer Name" nobody may take the old one for it."""
    if "name" not in case.kinds:
        return "Muster PR"
    return f"Muster Kommunikation ({'bisher' if language == 'de' else 'formerly'} Muster PR)"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of a case, told from its own fields alone."""

    case: Case

    def __getattr__(self, kind: str) -> bool:
        return kind in self.case.kinds

    @property
    def number(self) -> bool:
        """A number by which one would call is another one."""
        return bool(self.case.kinds & {"phone", "mobile"})

    def stays(self, kind: str) -> bool:
        """Tell whether it is said to stay."""
        return kind in self.case.unchanged


def _ways(case: Case) -> Iterator[tuple[bool, str, str]]:
    """Yield by which ways a notice may be verified, and how they are told in German and English."""
    fact = Facts(case)
    alone = fact.number and not fact.stays("phone") and not fact.stays("mobile")
    yield not fact.number, r"unter der Nummer an, die (Sie schon haben|du schon hast)", "on the number you already have"
    yield fact.number and fact.stays("phone"), "unter unserer Festnetznummer an", "on our landline"
    yield fact.number and fact.stays("mobile"), "unter unserer Mobilnummer an", "on our mobile number, which"
    yield (
        fact.stays("website"),
        r"[Ss](?:ehen Sie|ieh) auf der Website nach",
        "look at the website that you know as ours",
    )
    post = alone and not fact.stays("website")
    yield post and not fact.address, r"an die Postanschrift, die auf unserer", "at the postal address on our last"
    yield post, r"[Ff]rag(?:en Sie)? jemanden von uns", "ask somebody here whom you know"


def truths(name: str, case: Case) -> Iterator[tuple[bool, str, str]]:
    """Yield sentences, as patterns in German and English, with whether they are true."""
    fact, until = Facts(case), case.until
    day, end = DAYS[case.effective], DAYS[until]
    dates = {"de": in_words(day, "de") if day else "-", "en": in_words(day, "en") if day else "-"}
    ends = {"de": in_words(end, "de") if end else "-", "en": in_words(end, "en") if end else "-"}
    ahead, past, future = until in {"today", "future"}, until == "past", case.effective == "future"
    yield case.effective == "past", "seit dem", r"\bsince\b"
    yield future, "ab dem", r"\bfrom \d"
    yield case.effective in {"today", "none"}, "ab sofort haben wir", "from now on"
    former = [kind for kind in REACHED_BY if kind in case.kinds]
    words = {language: _listed([WORDS[language][kind][0] for kind in former], joint) for language, joint in JOINTS}
    one = len(former) == 1
    yield (
        bool(former) and ahead,
        f"Die bisherige {words['de']} {'funktioniert' if one else 'funktionieren'} bis zum {ends['de']}",
        f"Our old {words['en']} {'works' if one else 'work'} until {ends['en']}",
    )
    yield (
        bool(former) and past,
        f"Die bisherige {words['de']} {'war' if one else 'waren'} bis zum {ends['de']} in Betrieb",
        f"Our old {words['en']} {'was' if one else 'were'} in use until {ends['en']}",
    )
    yield fact.email and ahead, "nichts mehr an", "nothing sent to the old e-mail"
    yield fact.email and past, "nicht bei uns angekommen", "has not reached us"
    yield fact.email and case.sender == "alt", "noch von unserer bisherigen Adresse", "still comes from our old address"
    yield fact.email and case.sender == "alt", "Antwort geht schon an die neue", "your reply goes to the new one"
    yield fact.email and case.sender == "neu", "von unserer neuen Adresse", "from our new address"
    yield fact.email and case.sender == "neu" and past, "war nur bis zum", "was in use until [^.;]* only"
    yield fact.email and case.sender == "neu" and not past, "nicht mehr zum Schreiben", "no longer write from the old"
    yield fact.bank, "„Übereinstimmung“", "must show a match"
    yield fact.bank, "Daueraufträge und Vorlagen", "Standing orders"
    yield fact.bank, "Offene Rechnungen", "Open invoices"
    yield fact.bank and future, r"Was (?:Sie|du) ab dem", f"new account from {dates['en']}"
    yield fact.bank and not fact.name, "Mandat gilt weiter", "mandate stays valid"
    yield fact.bank and ahead, f"Es bleibt bis zum {ends['de']} offen", f"it stays open until {ends['en']}"
    yield fact.bank and past, f"Es war bis zum {ends['de']} offen", f"it was open until {ends['en']}"
    yield fact.bank and not fact.number, r"ruf(?:en Sie)? uns an", "but call us"
    yield fact.bank and fact.number, r"frag(?:en Sie)? bei uns nach", "but ask us"
    yield future and bool(case.kinds & CONTACT), "Unsere Angaben ab dem", "Our details from"
    yield from _ways(case)
    if name == "new-phone":
        yield fact.phone, r"Telefonisch erreich(?:en Sie|st du) uns", r"Please call \+49 40 222222"
        yield fact.mobile and not fact.phone, r"Mobil erreich(?:en Sie|st du) uns", "Please call our mobile"
    elif name == "new-address":
        yield fact.address, "Briefe und Lieferungen erreichen uns", "Letters and deliveries"
    elif name == "new-bank-account":
        yield fact.bank, "Auch Betrüger schreiben", "Fraudsters write"
    elif name == "new-name":
        yield fact.name, "Wir heißen .* Muster Kommunikation, bisher Muster PR", "Our new name is Muster Kommunikation"


JOINTS = (("de", "und"), ("en", "and"))

#: What begins a paragraph.
OPENINGS = re.compile(
    r"Unverändert:|Die bisherige|Bevor |Kontoinhaber: Bitte|Was (?:Sie tun|du tun)|So prüf|Diese Nachricht|Mit freund|"
    r"Viele Grüße|Unsere Angaben|Telefonisch|Mobil erreich|Briefe und|Auch Betrüger|Wir heißen|"
    r"Unchanged:|Our old|Before you pay|Account holder: please|What you can|How to check|This message|Kind regards|"
    r"Our details|Please call|Letters and|Fraudsters|Our new name"
)


def assert_true(name: str, file: str, case: Case, content: Content) -> None:
    """Hold a message against the facts."""
    language = file.split(".")[1]
    text, where = content.text, f"{name}/{file}: {case}\n{content.subject}\n{content.text}"
    assert content.subject == subject_of(name, case, language), where
    for is_true, german, english in truths(name, case):
        pattern = german if language == "de" else english
        assert bool(re.search(pattern, text)) == is_true, f"{pattern!r} should{'' if is_true else ' not'} be in {where}"
    joint = dict(JOINTS)[language]
    assert _listed([WORDS[language][kind][1] for kind in KINDS if kind in case.kinds], joint) in text, where
    _assert_unchanged(case, language, text, where)
    _assert_details(case, content, where)
    lines = text.split("\n")
    assert all(not before for before, line in itertools.pairwise(lines) if OPENINGS.match(line)), where
    assert not TORN.search(_without_table(text)), f"{TORN.search(_without_table(text))} in {where}"
    assert not (SIE if ".du." in file else DU).search(text) or language == "en", where
    assert not (GERMAN if language == "en" else ENGLISH).search(f"{content.subject}\n{text}"), where
    assert len(content.html.encode()) < 60_000


def _assert_unchanged(case: Case, language: str, text: str, where: str) -> None:
    found = re.search(r"(?:Unverändert|Unchanged): (.*)\.", text)
    words = [WORDS[language][kind][0] for kind in case.unchanged]
    if "bank" in case.kinds:
        # its holder is the same, and both sides say so
        words.append("Kontoinhaber" if language == "de" else "account holder")
    ours = "our " if language == "en" else ""
    assert (found[1] if found else "") == _listed([ours + word for word in words], dict(JOINTS)[language]), where


def _assert_details(case: Case, content: Content, where: str) -> None:
    """Every new detail stands in both parts, an IBAN in groups that hold together, the old one never in full."""
    readable = html.unescape(re.sub(r"<[^>]+>", "", content.html))
    for kind in case.kinds - {"bank"}:
        for old, new in KINDS[kind].values():
            assert new in content.text, where
            assert new in readable, where
            assert old in content.text, where
    for part in (content.text, readable):
        assert ("DE89\xa03704\xa00044\xa00532\xa00130\xa000" in part) == ("bank" in case.kinds), where
        assert ("DE\xa0…\xa02051" in part) == ("bank" in case.kinds), where
        assert "1203" not in part, where


def _without_table(text: str) -> str:
    """Return a message without the lines in which old and new stand below each other, and without its bullets."""
    lines = [line for line in text.split("\n") if not line.startswith("  ")]
    return "\n".join(line.rstrip(":") for line in lines)


@pytest.mark.parametrize(("name", "file"), EVERY)
def test_what_is_said_is_true(name: str, file: str) -> None:
    """Each sentence stands there if and only if it is true: a sample, another one for each template, with each kind."""
    shipped = Shipped(name, file)
    everything = list(cases())
    chance = random.Random(f"{name}/{file}")
    alone = [chance.choice([case for case in everything if case.kinds == {kind}]) for kind in KINDS]
    for case in [*alone, *chance.sample(everything, 6)]:
        assert_true(name, file, case, shipped.render(case.campaign()))


@pytest.mark.long
@pytest.mark.parametrize(("name", "file"), EVERY)
def test_whatever_changes_what_is_said_is_true(name: str, file: str) -> None:
    """Each sentence stands there if and only if it is true: of everything that may change, at every time."""
    shipped = Shipped(name, file)
    for case in cases():
        assert_true(name, file, case, shipped.render(case.campaign()))


@pytest.mark.parametrize("file", FILES)
def test_the_newsletter(file: str) -> None:
    """It announces nothing, and says how to be left out."""
    content = Shipped("newsletter", file).render(Case(frozenset(), True, "alt", "none", "none").campaign())
    assert ("nsubscribe" if ".en." in file else "Newsletter abbestellen") in content.text
    assert not TORN.search(content.text)
    assert not (GERMAN if ".en." in file else ENGLISH).search(content.text)
    assert ".de." not in file or not (SIE if ".du." in file else DU).search(content.text)


def test_every_template_is_there() -> None:
    """Those that are listed are those that there are, each in every language and form."""
    assert sorted(path.name for path in SHIPPED.iterdir()) == sorted(OCCASIONS)
    for name in OCCASIONS:
        assert {path.name for path in (SHIPPED / name).glob("message.*")} == set(FILES)


def test_what_they_share_is_the_same() -> None:
    """A folder is complete by itself, so what all say stands in each; a correction belongs into all of them."""
    for name in ("details.de.md", "details.de.du.md", "details.en.md"):
        assert len({(SHIPPED / folder / name).read_bytes() for folder in NOTICES}) == 1
