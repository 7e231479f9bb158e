"""The short way for ordinary people: it addresses nobody otherwise than the long one."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.recipients.addressed import addressed
from notify.recipients.ordinary import addressed_ordinarily

LANGUAGES = ("de", "en", "fr")

FIRST = (
    "Anna Jürgen Anna-Maria Ján Q Ä J. nan Nan Graf Von von Dr Dr. Prof Herr Frau Familie Doktor MBA DI Pr Stadt Amt "
    "Praxis Verein Ã Ãx M?x Zoë 123 -a a- a-b-3 O'Neil 山田 太郎 김 Ing Mag Dipl DIPL Jean-Luc und e U An Frau-Holle "
    "DUPONT unbekannt NULL N.N. Anna\u0301 ﬁx ẞ İda x{0} %s {last} Qxyvalast"
).split()
LAST = (
    "Müller Müller-Lüdenscheidt-17 Graf Gräfin von Von Professor Herr Frau Dr Prof-Dr Dipl-Ing Priv-Doz Frau-Holle Hr "
    "GmbH Muster-GmbH AG KG eV Inc OHG Bank Schule Haus ADAC TSV Doktor Magister Familie nan Null null Å Ã Ãƒ Mü?ler "
    "山田 田中 É d'Arc O'Neil MacDonald Uhl und -x x- - 17 Ing Mag Sen junior II III Meier-II MBA LLM PhD Straße "
    "İx ǅ ﬁ {1} %d Söhne Partner Sohn & unbekannt Qxyvafirst Zum Zu zu am Ehepaar Anna Hon Gast Em"
).split()
CELLS = {
    "prefix": "||||Herr|Frau|Herr Dr.|Frau Prof. Dr.|Familie|Firma|Eheleute|Herr und Frau|Herr/Frau|Mr|Ms|Monsieur"
    "|Madame|Mme|Liebe|Sehr geehrte|Lieber Anna|Hallo|Anna|divers|1|2|PA to Mr Smith|Graf|von|z. Hd. Frau|Herrn"
    "|Frau {last}|Damen und Herren|n/a|M?r|Dres.|Lord|Lady|Mrs|Miss|Hr. u. Fr.|Dr. und Dr.|Guten Tag"
    "|Liebe/r Kunde|Frau und Frau",
    "title": "|||||Dr.|Prof.|Dr. med.|Mag.|Dipl.-Ing.|Ing|DI|Herr|Frau Dr.|Direktor|Dr. & Dr.|PhD|Graf|Dr|n/a|D?.|Pr",
    "gender": "||||m|w|f|d|male|weiblich|Herr|x|1|2|Frau|m/w|Firma|Familie|M?nn",
    "rank": "||||||||Graf|Gräfin|Freiherr von|Baron|jun.|nan|Müller|Fr?iherr",
    "particle": "||||||||von|van der|v.|de|d'|Zu|x|vo?",
    "form": "|||||du|Sie|per Du|nicht duzen|?|vielleicht",
    "language": "|||||de|en|fr|de-CH|de-AT|en-US|English (Canada)|it|?",
    "country": "|||||DE|AT|Österreich|CH|Schweiz|USA|GB|FR|IT|Kanada|LI",
    "postcode": "||||20095|A-1010|CH-8001|D-20095|FL-9490|1010|x",
    "company": "|||Muster GmbH|Blumen & Söhne|n/a|M?ster GmbH|Müller|Anna|Stadt Köln|-|Å|Ã",
    "street": "|||Musterweg 1|n/a|Weg {0}",
    "phone": "|||+49 40 111|-",
    "salutation": "|||||||||||Sehr geehrte Frau Müller|Liebe Anna|Herr|n/a",
    "name": "|||||||||||Anna Müller|Müller, Anna|nan",
    "surname_first": "|||||||||||||Müller Anna",
}
ADDRESSES = "a@kunde.example a@kunde.de a@kunde.at a@kunde.ch a@kunde.fr a@kunde.co.uk a@kunde.ie".split()


def _same(fields: dict[str, str], address: str, languages: tuple[str, ...], otherwise: str, *, du: bool) -> bool:
    """Hold both ways against each other; return whether there is a short one."""
    short = addressed_ordinarily(fields, address, languages, otherwise, du=du)
    assert short is None or short == addressed(fields, address, languages, otherwise, du=du), fields
    return short is not None


def _rows(seed: int, many: int) -> int:
    """Hold both against each other for so many random rows; return for how many there is a short way."""
    draw = random.Random(seed)
    pools = {name: cells.split("|") for name, cells in CELLS.items()}
    short = 0
    for _ in range(many):
        # one or two odd cells a row: where all are odd, hardly any row has a short way
        odd = set(draw.sample(list(pools), 3))
        fields = {name: draw.choice(pool) if name in odd else "" for name, pool in pools.items()}
        first, last = draw.choice(FIRST), draw.choice(LAST)
        fields |= {
            "first_name": draw.choice(("", "Anna", "Anna", first, first)),
            "last_name": draw.choice(("", "Müller", "Müller", last, last)),
        }
        for name in draw.sample(list(fields), draw.choice((0, 0, 0, 1))):
            del fields[name]
        languages, otherwise = draw.choice(((LANGUAGES, "de"), (("de",), "de"), (("fr", "en"), "fr")))
        short += _same(fields, draw.choice(ADDRESSES), languages, otherwise, du=draw.random() < 0.2)
    return short


def test_the_short_way_leads_to_the_same() -> None:
    """Names and cells of every kind: who is addressed at all by the short way, is addressed alike by the long one."""
    assert _rows(1, 6000) > 1000


@pytest.mark.long
def test_the_short_way_leads_to_the_same_for_very_many() -> None:
    """The same, for so many that every two odd cells meet every odd name."""
    assert _rows(2, 600_000) > 100_000


@given(st.text(max_size=5), st.text(max_size=5), st.sampled_from(["", "Herr", "Frau Dr."]), st.booleans())
def test_the_short_way_with_names_of_any_letters(first: str, last: str, prefix: str, du: bool) -> None:
    """Whatever letters a name has."""
    fields = {"first_name": first, "last_name": last, "prefix": prefix}
    _same(fields, "a@kunde.example", LANGUAGES, "de", du=du)


@pytest.mark.parametrize(
    "cells",
    [
        "first_name=太郎 last_name=山田",
        "first_name=Anna-Prof last_name=Müller prefix=Frau·und·Frau title=Dr.",
        "first_name=Anna-Prof last_name=Müller title=Dr.·und·Dr. gender=w",
        "first_name=Anna last_name=Prof-Dr prefix=Eheleute title=Dr.",
        "first_name=Anna-Dr last_name=Müller title=Frau·&·Frau·Dr.",
        "first_name=Anna last_name=Müller prefix=Liebe/r·Kunde",
        "first_name=Anna last_name=Müller prefix=Sehr·geehrte·Frau·{{Name}}",
        "first_name=Anna last_name=Müller surname_first=Dr.·Müller·Anna",
        "first_name=Anna last_name=Müller surname_first=Anna·Maria·Müller",
        "first_name=Anna last_name=Graf rank=Graf prefix=Herr",
        "first_name=Liebe last_name=Müller prefix=Liebe",
    ],
)
def test_rows_that_might_go_astray(cells: str) -> None:
    """Where a name, or a cell beside it, is more than it seems."""
    fields = {name: cell.replace("·", " ") for name, _, cell in (told.partition("=") for told in cells.split(" "))}
    for language in LANGUAGES:
        _same(fields, "a@kunde.example", (language,), language, du=False)
        _same(fields, "a@kunde.example", (language,), language, du=True)


@pytest.mark.parametrize(
    ("first", "last"), [("Anna", "Müller"), ("Anna-Maria", "Müller-Lüdenscheidt"), ("Ján", "Weiß")]
)
def test_who_is_ordinary(first: str, last: str) -> None:
    """Who has a first and a last name in columns of their own goes the short way."""
    fields = {"first_name": first, "last_name": last, "prefix": "Frau", "company": "Muster GmbH", "postcode": "20095"}
    assert _same(fields, "a@kunde.example", LANGUAGES, "de", du=False)
