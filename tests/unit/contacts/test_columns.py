"""Columns are recognised by the names that export programs give them."""

from __future__ import annotations

import pytest

from notify.contacts.columns import check_assigned, recognise
from notify.core.people import FIELDS
from notify.errors import ConfigError

# The header rows of export programs, joined by |, without the columns that no field asks for and that nobody could
# mistake for one. A header that holds a field is marked with it.
FORMATS: dict[str, str] = {
    "Outlook 2003, English": (
        "Title=prefix|First Name=first_name|Middle Name|Last Name=last_name|Name=name|Company=company|Job Title|"
        "Business Street=street|Business City=city|Business Postal Code=postcode|Business Country=country|"
        "Home Postal Code|Business Phone=phone|Company Main Phone|E-mail Address=email|E-mail Type|"
        "E-mail Display Name|E-mail 2 Address=email_2|E-mail 2 Type|E-mail 2 Display Name|"
        "E-mail 3 Address=email_3|E-mail 3 Type|E-mail 3 Display Name|Gender=gender|Language=language|"
        "Organizational ID Number"
    ),
    "Outlook 2003, German": (
        "Anrede=prefix|Vorname=first_name|Nachname=last_name|Name=name|Firma=company|Straße geschäftlich=street|"
        "Ort geschäftlich=city|Postleitzahl geschäftlich=postcode|Land/Region geschäftlich=country|"
        "Telefon geschäftlich=phone|Telefon Firma|E-Mail-Adresse=email|E-Mail-Typ|E-Mail: Angezeigter Name|"
        "E-Mail 2: Adresse=email_2|E-Mail 2: Typ|E-Mail 2: Angezeigter Name|E-Mail 3: Adresse=email_3|"
        "E-Mail 3: Typ|E-Mail 3: Angezeigter Name|Geschlecht=gender|Sprache=language|Ort|Organisationsnr."
    ),
    "Outlook 2003, French": (
        "Titre=prefix|Prénom=first_name|Deuxième prénom|Nom=last_name|Nom|Société=company|Titre|"
        "Code postal (bureau)|Code postal (domicile)|Code postal (autre)|Téléphone société|"
        "Récepteur de radiomessagerie|Adresse de messagerie=email|Type de messagerie|"
        "Nom complet de l'adresse de messagerie|Adresse de messagerie 2=email_2|Type de messagerie 2|"
        "Nom complet de l'adresse de messagerie 2|Adresse de messagerie 3=email_3|Type de messagerie 3|"
        "Nom complet de l'adresse de messagerie 3|Sexe=gender|Boîte postale du domicile|Langue=language|"
        "Numéro d'identification de l'organisation|Autre boîte postale"
    ),
    "Outlook 2003, British": (
        "Title=prefix|First Name=first_name|Middle Name|Last Name=last_name|Name=name|Company=company|Job Title|"
        "Business Street=street|Business City=city|Business Postal Code=postcode|Business Country/Region=country|"
        "Home Postal Code|Business Phone=phone|Company Main Phone|E-mail Address=email|E-mail Type|"
        "E-mail Display Name|E-mail 2 Address=email_2|E-mail 2 Type|E-mail 2 Display Name|"
        "E-mail 3 Address=email_3|E-mail 3 Type|E-mail 3 Display Name|Gender=gender|Language=language|"
        "Organizational ID Number"
    ),
    "Outlook 2003, Spanish": (
        "Title=prefix|Nombre=first_name|Segundo nombre|Apellidos=last_name|Nombre|Organización=company|"
        "Código postal del trabajo|Home Street=street|Home City=city|Home Postal Code=postcode|"
        "Otro código postal|Número de centralita de la organización|Mobile Phone=phone|"
        "Apartado postal de la dirección del trabajo|E-mail Address=email|E-mail Type|"
        "Nombre de pantalla de correo electrónico|Dirección de correo electrónico 2=email_2|"
        "Tipo de correo electrónico 2|Nombre de pantalla de correo electrónico 2|"
        "Dirección del correo electrónico 3=email_3|Tipo de correo electrónico 3|"
        "Nombre de pantalla de correo electrónico 3|Género=gender|Apartado postal de la dirección personal|"
        "Language=language|Organizational ID Number|Otro apartado postal"
    ),
    "Outlook 2003, Italian": (
        "Titolo=prefix|Nome=first_name|Secondo nome|Cognome=last_name|Titolo straniero|Nome|Società=company|"
        "Telefono principale società|Indirizzo (uff.) - Casella postale|Indirizzo posta elettronica=email|"
        "Tipo posta elettronica|Nome visualizzato posta elettronica|Indirizzo posta elettronica 2=email_2|"
        "Tipo posta elettronica 2|Nome visualizzato posta elettronica 2|Indirizzo posta elettronica 3=email_3|"
        "Tipo posta elettronica 3|Nome visualizzato posta elettronica 3|Sesso=gender|"
        "Indirizzo (ab.) - Casella postale|Lingua=language|Numero ID organizzativo|"
        "Altro indirizzo - Casella postale|Nome coniuge"
    ),
    "Outlook 2003, Dutch": (
        "Titel=title|Voornaam=first_name|Achternaam=last_name|Naam=name|Bedrijf=company|E-mailadres=email|"
        "E-mailtype|Weergavenaam voor e-mail|E-mailadres 2=email_2|E-mailtype 2|E-mailadres 3=email_3|"
        "E-mailtype 3|Geslacht=gender|Taal=language|Organisatie-id"
    ),
    "Outlook 2003, Polish": (
        "Tytuł=prefix|Imię=first_name|Nazwisko=last_name|Nazwa=name|Firma=company|Adres e-mail=email|"
        "Typ poczty e-mail|Wyświetlana nazwa e-mail|Adres e-mail 2=email_2|Rodzaj e-mail 2|"
        "Wyświetlana nazwa e-mail 2|Adres e-mail 3=email_3|Rodzaj e-mail 3|Wyświetlana nazwa e-mail 3|"
        "Płeć=gender|Język=language|Numer ewidencyjny w organizacji"
    ),
    "Thunderbird, English": (
        "First Name=first_name|Last Name=last_name|Display Name=name|Nickname|Primary Email=email|"
        "Secondary Email=email_2|Screen Name|Work Phone=phone|Work Address=street|Work City=city|"
        "Work ZipCode=postcode|Work Country=country|Job Title|Organization=company"
    ),
    "Thunderbird, German": (
        "Vorname=first_name|Nachname=last_name|Anzeigename=name|Spitzname|Primäre E-Mail-Adresse=email|"
        "Sekundäre E-Mail-Adresse=email_2|Messenger-Name|Tel. dienstlich=phone|Dienstlich: Adresse=street|"
        "Dienstlich: Ort=city|Dienstlich: PLZ=postcode|Dienstlich: Land=country|Arbeitstitel|Organisation=company"
    ),
    "Thunderbird, French": (
        "Prénom=first_name|Nom de famille=last_name|Nom à afficher=name|Surnom|"
        "Adresse électronique principale=email|Adresse électronique secondaire=email_2|Nom de l'écran|"
        "Code postal|Code postal|Société=company"
    ),
    "Thunderbird, Spanish": (
        "Nombre=first_name|Apellidos=last_name|Nombre mostrado=name|"
        "Dirección de correo electrónico principal=email|Dirección de correo electrónico secundaria=email_2|"
        "Nombre en pantalla|Código postal|Código postal (Trabajo)|Organización=company"
    ),
    "Thunderbird, Italian": (
        "Nome=first_name|Cognome=last_name|Nome visualizzato=name|Soprannome|E-mail primaria=email|"
        "E-mail secondaria=email_2|Nome Instant Messenger|Organizzazione=company"
    ),
    "Thunderbird, Dutch": (
        "Voornaam=first_name|Achternaam=last_name|Weergavenaam=name|Eerste e-mail=email|Tweede e-mail=email_2|"
        "Postcode=postcode|Land=country|Organisatie=company"
    ),
    "Windows Live Mail, English": (
        "First Name=first_name|Last Name=last_name|Middle Name|Name=name|Nickname|E-mail Address=email|"
        "Home Postal Code|Business Street=street|Business City=city|Business Postal Code=postcode|"
        "Business Country=country|Business Phone=phone|Company=company|Job Title"
    ),
    "Windows Live Mail, German": (
        "Vorname=first_name|Nachname=last_name|2. Vorname|Name=name|Spitzname|E-Mail-Adresse=email|"
        "Straße (geschäftlich)=street|Ort (geschäftlich)=city|Postleitzahl (geschäftlich)=postcode|"
        "Land/Region (geschäftlich)=country|Telefon (geschäftlich)=phone|Firma=company"
    ),
    "Windows Live Mail, French": (
        "Prénom=first_name|Nom=last_name|Deuxième prénom|Nom|Adresse de messagerie=email|Code postal (domicile)|"
        "Code postal (bureau)|Radiomessagerie|Société=company"
    ),
    "Yahoo": (
        "First=first_name|Last=last_name|Nickname|Email=email|Work=phone|Alternate Email 1=email_2|"
        "Alternate Email 2=email_3|Title=prefix|Company=company|Work Address=street|Work City=city|"
        "Work ZIP=postcode|Work Country=country"
    ),
    "Outlook 2013, German": (
        "Anrede=prefix|Vorname=first_name|Nachname=last_name|Firma=company|Straße geschäftlich=street|"
        "Ort geschäftlich=city|Postleitzahl geschäftlich=postcode|Land/Region geschäftlich=country|"
        "Telefon geschäftlich=phone|Telefon Firma|E-Mail-Adresse=email|E-Mail-Typ|E-Mail: Angezeigter Name|"
        "E-Mail 2: Adresse=email_2|E-Mail 2: Typ|E-Mail 2: Angezeigter Name|E-Mail 3: Adresse=email_3|"
        "E-Mail 3: Typ|E-Mail 3: Angezeigter Name|Geschlecht=gender|Organisationsnr.|Ort|Sprache=language"
    ),
    "Google until 2023": (
        "Name=name|Given Name=first_name|Additional Name|Family Name=last_name|Name Prefix=prefix|Name Suffix|"
        "Nickname|Short Name|Maiden Name|Gender=gender|E-mail 1 - Type|E-mail 1 - Value=email|E-mail 2 - Type|"
        "E-mail 2 - Value=email_2|E-mail 3 - Type|E-mail 3 - Value=email_3|E-mail 4 - Type|E-mail 4 - Value|"
        "Phone 1 - Value=phone|Address 1 - Street=street|Address 1 - City=city|Address 1 - Postal Code=postcode|"
        "Address 1 - Country=country|Address 2 - Postal Code|Organization 1 - Type|Organization 1 - Name=company|"
        "Organization 1 - Title|Organization 1 - Department|Organization 1 - Symbol|Organization 1 - Location|"
        "Organization 1 - Job Description"
    ),
    "Google since 2024": (
        "First Name=first_name|Middle Name|Last Name=last_name|Name Prefix=prefix|Name Suffix|Nickname|"
        "Organization Name=company|Organization Title|Organization Department|E-mail 1 - Label|"
        "E-mail 1 - Value=email|E-mail 2 - Label|E-mail 2 - Value=email_2|E-mail 3 - Label|"
        "E-mail 3 - Value=email_3|Phone 1 - Value=phone|Address 1 - Street=street|Address 1 - City=city|"
        "Address 1 - Postal Code=postcode|Address 1 - Country=country"
    ),
    "Thunderbird 115, English": (
        "First Name=first_name|Last Name=last_name|Display Name=name|Nickname|Primary Email=email|"
        "Secondary Email=email_2|Screen Name|Work Phone=phone|Work Address=street|Work City=city|"
        "Work ZipCode=postcode|Work Country=country|Job Title|Organization=company"
    ),
    "GMX and WEB.DE": (
        "Nachname=last_name|Anrede=prefix|Vorname=first_name|Geschlecht=gender|Firma=company|"
        "E-Mail-Adresse=email|E-Mail: Angezeigter Name|E-Mail 2: Adresse=email_2|E-Mail 2: Angezeigter Name|"
        "E-Mail 3: Adresse=email_3|E-Mail 3: Angezeigter Name|Telefon geschäftlich=phone|"
        "Straße geschäftlich=street|Ort geschäftlich=city|Postleitzahl geschäftlich=postcode|"
        "Land geschäftlich=country"
    ),
    "Apple, German": (
        "Vorname=first_name|Ausspracheform Vorname|Nachname=last_name|Ausspracheform Nachname|Firma=company|"
        "Arbeitsadresse Land=country|Arbeitsadresse Strasse=street|Arbeitsadresse Stadt=city|"
        "Arbeitsadresse PLZ=postcode|Arbeit E-Mail=email|Privat E-Mail=email_2|Andere E-Mail=email_3|"
        "Arbeit Telefon=phone"
    ),
    "Windows address book, English": (
        "First Name=first_name|Last Name=last_name|Name=name|Nickname|E-mail Address=email|Home Postal Code|"
        "Business Street=street|Business City=city|Business Postal Code=postcode|Business Country/Region=country|"
        "Business Phone=phone|Company=company|Job Title"
    ),
    "new Outlook, English": (
        "First Name=first_name|Middle Name|Last Name=last_name|Title=prefix|Nickname|E-mail Address=email|"
        "E-mail 2 Address=email_2|E-mail 3 Address=email_3|Business Phone=phone"
    ),
    "Hotmail": (
        "Title=prefix|First Name=first_name|Middle Name|Last Name=last_name|Home Postal Code|Company=company|"
        "Job Title|Business Street=street|Business City=city|Business Postal Code=postcode|"
        "Business Country=country|Business Phone=phone|Company Main Phone|E-mail Address=email|E-mail Type|"
        "E-mail 2 Address=email_2|E-mail 2 Type|E-mail 3 Address=email_3|E-mail 3 Type"
    ),
    "Mailchimp": ("Email Address=email|First Name=first_name|Last Name=last_name|Phone Number=phone"),
    "Brevo": ("EMAIL=email|LASTNAME=last_name|FIRSTNAME=first_name|EMAIL_BLACKLISTED"),
    "ActiveCampaign": ("Email=email|First Name=first_name|Last Name=last_name|Phone=phone"),
    "HubSpot": (
        "First Name=first_name|Last Name=last_name|Email=email|Phone Number=phone|Primary Associated Company ID|"
        "Associated Company=company"
    ),
    "sevDesk": (
        "Kunden-Nr.=customer_number|Anrede=prefix|Titel=title|Nachname=last_name|Vorname=first_name|"
        "Organisation=company|Namenszusatz|Strasse=street|PLZ=postcode|Ort=city|Land=country|Telefon=phone|"
        "E-Mail=email|E-Mail-Kategorie"
    ),
    "Lexware Office, as far as it is known": ("Kundennummer=customer_number|Firmenname=company"),
    "kivitendo": (
        "customernumber=customer_number|name=company|street=street|country=country|zipcode=postcode|city=city|"
        "email=email_2|cp_greeting=prefix|cp_title=title|cp_givenname=first_name|cp_name=last_name|"
        "cp_phone1=phone|cp_email=email"
    ),
    "Zoho Books": (
        "Display Name=name|Company Name=company|Salutation=salutation|First Name=first_name|Last Name=last_name|"
        "Phone=phone|Billing Address=street|Billing City=city|Billing Country=country|Billing Code=postcode|"
        "Owner Name|EmailID=email|Customer ID=customer_number|Customer Name"
    ),
    "Wave": (
        "customer_name=company|email=email|contact_first_name=first_name|contact_last_name=last_name|"
        "account_number=customer_number|phone=phone|country=country|address_line_1=street|city=city|"
        "postal_code/zip_code=postcode"
    ),
    "Invoice Ninja": (
        "Name=company|Billing Street=street|Billing City=city|Billing Postal Code=postcode|"
        "Billing Country=country|ID Number=customer_number|VAT Number|Phone=phone|First Name=first_name|"
        "Last Name=last_name|Email=email"
    ),
    "LinkedIn": ("First Name=first_name|Last Name=last_name|Email Address=email|Company=company"),
    "a German ERP list": (
        "Kunden-Nr.=customer_number|Suchname|Anrede=prefix|Firma=company|Straße=street|PLZ=postcode|Ort=city|"
        "Titel=title|Name=last_name|Vorname=first_name|Telefon 1=phone|E-Mail 1=email|E-Mail 2=email_2|"
        "Land=country|Briefanrede=salutation"
    ),
}

#: Columns with "mail" in their names that hold no address, or that of somebody else.
NO_ADDRESSES = (
    "E-Mail-Typ",
    "E-Mail: Angezeigter Name",
    "E-Mail 2: Typ",
    "E-Mail 2: Angezeigter Name",
    "E-mail Type",
    "E-mail Display Name",
    "E-mail 1 - Type",
    "E-mail 1 - Label",
    "E-Mail-Kategorie",
    "EMAIL_BLACKLISTED",
    "Type de messagerie",
    "Mailing",
    "Newsletter per E-Mail",
)


def by_field(headers: list[str], assigned: dict[str, str] | None = None) -> dict[str, str]:
    """Return the header that was recognised, by its field."""
    return {field: headers[place] for place, field in recognise(headers, assigned or {}).items()}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_recognised(name: str) -> None:
    """An export is read without a word of configuration: addresses, names, titles and firms are in their columns."""
    cells = [cell.partition("=") for cell in FORMATS[name].split("|")]
    expected = {place: field for place, (_, _, field) in enumerate(cells) if field}
    assert recognise([header for header, _, _ in cells], {}) == expected


@pytest.mark.parametrize("name", [name for name in FORMATS if "as far as it is known" not in name])
def test_every_format_has_an_address(name: str) -> None:
    """Each of the formats has addresses, and the column is found."""
    headers = [cell.partition("=")[0] for cell in FORMATS[name].split("|")]
    assert "email" in recognise(headers, {}).values()


@pytest.mark.parametrize("header", NO_ADDRESSES)
def test_what_is_no_address_is_not_taken_for_one(header: str) -> None:
    """E-Mail: Angezeigter Name holds other people's addresses: whoever takes it for one writes to strangers."""
    assert recognise([header], {}) == {}


def test_the_order_of_the_columns_does_not_matter() -> None:
    """The first address comes from E-Mail-Adresse, wherever E-Mail 2 stands."""
    headers = ["E-Mail 2: Adresse", "Nachname", "E-Mail-Adresse"]
    assert recognise(headers, {}) == {2: "email", 0: "email_2", 1: "last_name"}


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("E-MAIL ADRESSE", "email"),
        ('"Vorname"', "first_name"),
        (" Email", "email"),
        ("STRASSE", "street"),
        ("Strasse", "street"),
        ("Stra?e gesch?ftlich", "street"),
        ("Stra\ufffde gesch\ufffdftlich", "street"),
        ("Stra\ufffd\ufffde", "street"),
        ("Prima\u0308re E-Mail-Adresse", "email"),
        ("Primaere E-Mail-Adresse", "email"),
        ("Prim?re E-Mail-Adresse", "email"),
        ("Prenom", "first_name"),
        ("Pr?nom", "first_name"),
        ("E-Mail?", "email"),
        ("Brief-Anrede", "salutation"),
        ("1. E-Mail", "email"),
        ("kd_nr", "customer_number"),
        ("customer_number", "customer_number"),
    ],
)
def test_spelling_does_not_matter(header: str, field: str) -> None:
    """Case, blanks, quotation marks, ß and ss, ä and ae, and letters that were broken on the way make no difference."""
    assert recognise([header], {}) == {0: field}


@pytest.mark.parametrize("header", ["", "???", "?", "\ufffd\ufffd", "P?Z", "Bemerkung", "Name 1", "Geburtstag", "IBAN"])
def test_nothing_is_guessed(header: str) -> None:
    """A name that nobody knows, or that is broken beyond telling, is left to the user."""
    assert recognise([header], {}) == {}


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_is_recognised_by_its_own_name(field: str) -> None:
    """Who names a column as the documentation does is understood; title is the word that Outlook uses for Anrede."""
    assert recognise([field], {}) == {0: "prefix" if field == "title" else field}


def test_a_field_is_found_once() -> None:
    """Of two columns that could be it, the first is taken, and the other is left alone."""
    assert recognise(["Ort", "Ort"], {}) == {0: "city"}


def test_name_beside_first_names_is_the_surname() -> None:
    """Vorname and Name is how German lists say it; Name alone is the whole name."""
    assert by_field(["Name", "Vorname"]) == {"last_name": "Name", "first_name": "Vorname"}
    assert by_field(["Name", "Vorname", "Nachname"])["name"] == "Name"
    assert by_field(["Name"]) == {"name": "Name"}


def test_name_beside_a_contact_person_is_the_firm() -> None:
    """Where every row has a contact person, the name is that of the customer."""
    assert by_field(["Name", "Ansprechpartner"]) == {"company": "Name", "name": "Ansprechpartner"}


def test_what_is_assigned_wins() -> None:
    """notify.toml is asked first, and its column is taken for nothing else."""
    headers = ["Name", "Name 1", "E-Mail", "Mail neu"]
    assert by_field(headers, {"last_name": "Name 1", "email": "Mail neu"}) == {
        "last_name": "Name 1",
        "email": "Mail neu",
        "name": "Name",
        "email_2": "E-Mail",
    }


def test_an_assigned_header_may_be_written_nearly_so() -> None:
    """Case and blanks do not matter there either, but the exact header wins."""
    assert recognise(["name 1", "NAME1"], {"last_name": "NAME1"}) == {1: "last_name"}
    assert recognise(["Mail "], {"email": "mail"}) == {0: "email"}


def test_a_missing_header_is_named_with_its_neighbours() -> None:
    """The error says which header is missing, for which field, and what comes near it."""
    with pytest.raises(ConfigError) as caught:
        check_assigned(["Kundenname 1", "Mail", "Ort"], {"last_name": "Kundename 1"})
    assert 'last_name = "Kundename 1"' in caught.value.message
    assert '"Kundenname 1"' in caught.value.message
    assert '"Ort"' not in caught.value.message
    assert "notify.toml" in caught.value.hint


def test_a_header_like_nothing_is_answered_with_what_there_is() -> None:
    """When nothing comes near, the columns of the file are listed."""
    with pytest.raises(ConfigError, match='"Mail", "Ort"'):
        check_assigned(["Mail", "Ort"], {"last_name": "Zuname"})


def test_all_problems_are_told_at_once() -> None:
    """Two wrong lines of notify.toml are one error with two problems."""
    with pytest.raises(ConfigError) as caught:
        check_assigned(["Mail"], {"last_name": "Zuname", "email": "Mail", "email_2": "E-Post"})
    assert [problem.where for problem in caught.value.problems] == ['last_name = "Zuname"', 'email_2 = "E-Post"']


def test_a_column_is_assigned_once() -> None:
    """One column cannot be two fields."""
    with pytest.raises(ConfigError, match="taken for email"):
        recognise(["Mail"], {"email": "Mail", "email_2": "Mail"})


def test_a_header_that_another_file_has_is_no_mistake() -> None:
    """Several files of different origin share one notify.toml: an assigned header counts where it is."""
    assert recognise(["Mail", "Name"], {"last_name": "Zuname", "email": "Mail"})[0] == "email"
