"""Which field of a contact a word means that heads a column: people write what they see in their table."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable

#: The headers that people know, by field, as :func:`_plain` writes them.
_HEADERS = {
    "first_name": "vorname rufname firstname givenname forename prenom",
    "last_name": "nachname familienname zuname lastname familyname surname nom nomdefamille",
    "name": "name anzeigename vollername displayname fullname nomcomplet",
    "prefix": "anrede prefix nameprefix civilite",
    "title": "titel akademischertitel title titre",
    "gender": "geschlecht gender sex sexe genre",
    "company": "firma firmenname unternehmen organisation organization company companyname societe entreprise",
    "email": "email mail emailadresse mailadresse emailaddress emailid adresseemail courriel adressemail",
    "street": "strasse strasseundhausnummer anschrift street streetaddress rue adresse address",
    "postcode": "plz postleitzahl postcode postalcode zip zipcode codepostal",
    "city": "ort stadt wohnort city town ville",
    "country": "land country pays",
    "phone": "telefon telefonnummer tel rufnummer phone phonenumber telephone numerodetelephone",
    "language": "sprache language langue",
    "customer_number": "kundennummer kundennr kdnr customernumber customerno customerid numeroclient numerodeclient",
}
_FIELDS = {word: field for field, words in _HEADERS.items() for word in words.split()}


def field_of(header: str) -> str:
    """Return the field that a header means in German, English or French; empty when nobody knows."""
    return _FIELDS.get(_plain(header), "")


def nearest_header(name: str, headers: Iterable[str]) -> str:
    """Return the header that is written nearly as ``name``, or means the same; empty when there is none."""
    there = {_plain(header): header for header in reversed([*headers])}
    if near := difflib.get_close_matches(_plain(name), there, 1, 0.75):
        return there[near[0]]
    field = field_of(name)
    return next((header for header in there.values() if field and field_of(header) == field), "")


def _plain(header: str) -> str:
    """Return a header's letters and digits: in lower case, without accents, umlauts as they are spelled out of need."""
    bare = unicodedata.normalize("NFKD", header.casefold())
    return "".join(character for character in bare if character.isalnum())
