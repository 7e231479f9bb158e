"""The header rows of export programs, and what stands below each header.

The headers of a row are joined by ``|``. Behind ``=`` is the field that a column holds, ``address`` for one more
address, ``opted_out`` or ``sensitive``; then the kind of an address, where the header tells it.
"""

from __future__ import annotations

FORMATS: dict[str, str] = {
    "Outlook 2003, English": (
        "Title=prefix|First Name=first_name|Middle Name|Last Name=last_name|Suffix|Name=name|Company=company|"
        "Department|Job Title|Business Address|Business Street=street|Business Street 2|Business Street 3|"
        "Business City=city|Business State|Business Postal Code=postcode|Business Country=country|Home Address|"
        "Home Street|Home Street 2|Home Street 3|Home City|Home State|Home Postal Code|Home Country|Other Street|"
        "Other Street 2|Other Street 3|Other City|Other State|Other Postal Code|Other Country|Assistant's Phone|"
        "Business Fax|Business Phone=phone|Business Phone 2|Callback|Car Phone|Company Main Phone|Home Fax|"
        "Home Phone|Home Phone 2|ISDN|Mobile Phone|Other Fax|Other Phone|Pager|Primary Phone|Radio Phone|"
        "TTY/TDD Phone|Telex|Account|Anniversary=sensitive|Assistant's Name|Billing Information|Birthday=sensitive|"
        "Business Address PO Box|Categories|Children=sensitive|Directory Server|E-mail Address=email|E-mail Type|"
        "E-mail Display Name|E-mail 2 Address=email_2|E-mail 2 Type|E-mail 2 Display Name|E-mail 3 Address=email_3|"
        "E-mail 3 Type|E-mail 3 Display Name|Gender=gender|Government ID Number=sensitive|Hobby=sensitive|"
        "Home Address PO Box|Initials|Internet Free Busy|Keywords|Language=language|Location|Manager's Name|Mileage|"
        "Notes=sensitive|Office Location|Organizational ID Number|Other Address PO Box|Priority|Private|Profession|"
        "Referred By|Sensitivity|Spouse=sensitive|User 1|User 2|User 3|User 4|Web Page"
    ),
    "Outlook 2003, German": (
        "Anrede=prefix|Vorname=first_name|Weitere Vornamen|Nachname=last_name|Suffix|Name=name|Firma=company|"
        "Abteilung|Position|Adresse geschäftlich|Straße geschäftlich=street|Straße geschäftlich 2|"
        "Straße geschäftlich 3|Ort geschäftlich=city|Region geschäftlich|Postleitzahl geschäftlich=postcode|"
        "Land/Region geschäftlich=country|Adresse privat|Straße privat|Straße privat 2|Straße privat 3|Ort privat|"
        "Bundesland/Kanton privat|Postleitzahl privat|Land/Region privat|Weitere Straße|Weitere Straße 2|"
        "Weitere Straße 3|Weiterer Ort|Weiteres/r Bundesland/Kanton|Weitere Postleitzahl|Weiteres/e Land/Region|"
        "Telefon Assistent|Fax geschäftlich|Telefon geschäftlich=phone|Telefon geschäftlich 2|Rückmeldung|"
        "Autotelefon|Telefon Firma|Fax privat|Telefon privat|Telefon privat 2|ISDN|Mobiltelefon|Weiteres Fax|"
        "Weiteres Telefon|Pager|Haupttelefon|Mobiltelefon 2|Telefon für Hörbehinderte|Telex|Konto=sensitive|"
        "Jahrestag=sensitive|Name Assistent|Abrechnungsinformation|Geburtstag=sensitive|Postfach geschäftlich|"
        "Kategorien|Kinder=sensitive|Verzeichnisserver|E-Mail-Adresse=email|E-Mail-Typ|E-Mail: Angezeigter Name|"
        "E-Mail 2: Adresse=email_2|E-Mail 2: Typ|E-Mail 2: Angezeigter Name|E-Mail 3: Adresse=email_3|E-Mail 3: Typ|"
        "E-Mail 3: Angezeigter Name|Geschlecht=gender|Regierungsnr.=sensitive|Hobby=sensitive|Postfach privat|"
        "Initialen|Internet-Frei/Gebucht|Stichwörter|Sprache=language|Ort|Name des/der Vorgesetzten|Reisekilometer|"
        "Notizen=sensitive|Büro|Organisationsnr.|Weiteres Postfach|Priorität|Privat|Beruf|Empfohlen von|"
        "Vertraulichkeit|Partner=sensitive|Benutzer 1|Benutzer 2|Benutzer 3|Benutzer 4|Webseite"
    ),
    "Outlook 2003, French": (
        "Titre=prefix|Prénom=first_name|Deuxième prénom|Nom=last_name|Suffixe|Nom|Société=company|Service|Titre|"
        "Adresse professionnelle|Rue (bureau)=street|Rue (bureau) 2|Rue (bureau) 3|Ville (bureau)=city|"
        "Dép/Région (bureau)|Code postal (bureau)=postcode|Pays/Région (bureau)=country|Adresse personnelle|"
        "Rue (domicile)|Rue (domicile) 2|Rue (domicile) 3|Ville (domicile)|Dép/Région (domicile)|"
        "Code postal (domicile)|Pays/Région (domicile)|Rue (autre)|Rue (autre) 2|Rue (autre) 3|Ville (autre)|"
        "Dép/Région (autre)|Code postal (autre)|Pays/Région (autre)|Téléphone de l'assistant(e)|Télécopie (bureau)|"
        "Téléphone (bureau)=phone|Téléphone 2 (bureau)|Rappel|Téléphone (voiture)|Téléphone société|"
        "Télécopie (domicile)|Téléphone (domicile)|Téléphone 2 (domicile)|RNIS|Tél. mobile|Télécopie (autre)|"
        "Téléphone (autre)|Récepteur de radiomessagerie|Téléphone principal|Radio téléphone|Téléphone TDD/TTY|Télex|"
        "Compte=sensitive|Anniversaire de mariage ou fête=sensitive|Nom de l'assistant(e)|Informations facturation|"
        "Anniversaire=sensitive|B.P. professionnelle|Catégories|Enfants=sensitive|Serveur d'annuaire|"
        "Adresse de messagerie=email|Type de messagerie|Nom complet de l'adresse de messagerie|"
        "Adresse de messagerie 2=email_2|Type de messagerie 2|Nom complet de l'adresse de messagerie 2|"
        "Adresse de messagerie 3=email_3|Type de messagerie 3|Nom complet de l'adresse de messagerie 3|Sexe=gender|"
        "Code gouvernement=sensitive|Passe-temps=sensitive|Boîte postale du domicile|Initiales|"
        "Disponibilité Internet|Mots clés|Langue=language|Emplacement|Responsable|Kilométrage|Notes=sensitive|Bureau|"
        "Numéro d'identification de l'organisation|Autre boîte postale|Priorité|Privé|Profession|Recommandé par|"
        "Critère de diffusion|Conjoint(e)=sensitive|Utilisateur 1|Utilisateur 2|Utilisateur 3|Utilisateur 4|Page Web"
    ),
    "Outlook 2003, British": (
        "Title=prefix|First Name=first_name|Middle Name|Last Name=last_name|Suffix|Name=name|Company=company|"
        "Department|Job Title|Business Address|Business Street=street|Business Street 2|Business Street 3|"
        "Business City=city|Business State|Business Postal Code=postcode|Business Country/Region=country|"
        "Home Address|Home Street|Home Street 2|Home Street 3|Home City|Home State|Home Postal Code|"
        "Home Country/Region|Other Street|Other Street 2|Other Street 3|Other City|Other State|Other Postal Code|"
        "Other Country/Region|Assistant's Phone|Business Fax|Business Phone=phone|Business Phone 2|Callback|"
        "Car Phone|Company Main Phone|Home Fax|Home Phone|Home Phone 2|ISDN|Mobile Phone|Other Fax|Other Phone|Pager|"
        "Primary Phone|Radio Phone|TTY/TDD Phone|Telex|Account|Anniversary=sensitive|Assistant's Name|"
        "Billing Information|Birthday=sensitive|Business Address PO Box|Categories|Children=sensitive|"
        "Directory Server|E-mail Address=email|E-mail Type|E-mail Display Name|E-mail 2 Address=email_2|"
        "E-mail 2 Type|E-mail 2 Display Name|E-mail 3 Address=email_3|E-mail 3 Type|E-mail 3 Display Name|"
        "Gender=gender|Government ID Number=sensitive|Hobby=sensitive|Home Address PO Box|Initials|"
        "Internet Free Busy|Keywords|Language=language|Location|Manager's Name|Mileage|Notes=sensitive|"
        "Office Location|Organizational ID Number|Other Address PO Box|Priority|Private|Profession|Referred By|"
        "Sensitivity|Spouse=sensitive|User 1|User 2|User 3|User 4|Web Page"
    ),
    "Outlook 2003, Spanish": (
        "Title=prefix|Nombre=first_name|Segundo nombre|Apellidos=last_name|Suffix|Nombre|Organización=company|"
        "Department|Puesto|Dirección trabajo|Calle del trabajo=street|Calle del trabajo 2|Calle del trabajo 3|"
        "Ciudad de trabajo=city|Provincia o estado de trabajo|Código postal del trabajo=postcode|"
        "País o región del trabajo=country|Dirección particular|Home Street|Home Street 2|Home Street 3|Home City|"
        "Home State|Home Postal Code|País o región del domicilio|Otra calle|Otra calle 2|Otra calle 3|Otra ciudad|"
        "Otra provincia o estado|Otro código postal|Otro país o región|Assistant's Phone|Business Fax|"
        "Teléfono del trabajo=phone|Business Phone 2|Devolución de llamada|Car Phone|"
        "Número de centralita de la organización|Home Fax|Particular|Home Phone 2|ISDN|Mobile Phone|Otro fax|"
        "Otro teléfono|Pager|Teléfono principal|Radioteléfono|Número de teletipo|Télex|Account|Anniversary=sensitive|"
        "Assistant's Name|Facturación|Birthday=sensitive|Apartado postal de la dirección del trabajo|Categorías|"
        "Hijos=sensitive|Servidor de directorio|E-mail Address=email|E-mail Type|"
        "Nombre de pantalla de correo electrónico|Dirección de correo electrónico 2=email_2|"
        "Tipo de correo electrónico 2|Nombre de pantalla de correo electrónico 2|"
        "Dirección del correo electrónico 3=email_3|Tipo de correo electrónico 3|"
        "Nombre de pantalla de correo electrónico 3|Género=gender|Government ID Number=sensitive|Aficiones=sensitive|"
        "Apartado postal de la dirección personal|Initials|Internet Free Busy|Keywords|Language=language|Location|"
        "Nombre del director|Kilometraje|Notes=sensitive|Office Location|Organizational ID Number|"
        "Otro apartado postal|Prioridad|Private|Profesión|Remitido por|Confidencialidad|Spouse=sensitive|Usuario 1|"
        "Usuario 2|Usuario 3|Usuario 4|Página Web"
    ),
    "Outlook 2003, Italian": (
        "Titolo=prefix|Nome=first_name|Secondo nome|Cognome=last_name|Titolo straniero|Nome|Società=company|Reparto|"
        "Posizione|Indirizzo ufficio|Via (uff.)=street|Via (uff.) 2|Via (uff.) 3|Città (uff.)=city|Provincia (uff.)|"
        "CAP (uff.)=postcode|Paese (uff.)=country|Indirizzo casa|Via (ab.)|Via (ab.) 2|Via (ab.) 3|Città (ab.)|"
        "Provincia (ab.)|CAP (ab.)|Paese (ab.)|Altra via|Altra via 2|Altra via 3|Altra città|Altra provincia|"
        "Altro CAP|Altro paese|Telefono assistente|Fax (uff.)|Ufficio|Ufficio 2|Richiamata automatica|Telefono auto|"
        "Telefono principale società|Fax (ab.)|Abitazione|Abitazione 2|ISDN|Cellulare=phone|Altro fax|Altro telefono|"
        "Cercapersone|Telefono principale|Radiotelefono|Telefono TTY/TDD|Telex|Account|Anniversario|Nome assistente|"
        "Dati fatturazione|Compleanno=sensitive|Indirizzo (uff.) - Casella postale|Categorie|Figli=sensitive|"
        "Server di elenchi in linea|Indirizzo posta elettronica=email|Tipo posta elettronica|"
        "Nome visualizzato posta elettronica|Indirizzo posta elettronica 2=email_2|Tipo posta elettronica 2|"
        "Nome visualizzato posta elettronica 2|Indirizzo posta elettronica 3=email_3|Tipo posta elettronica 3|"
        "Nome visualizzato posta elettronica 3|Sesso=gender|Cod. Fisc./P. IVA=sensitive|Hobby=sensitive|"
        "Indirizzo (ab.) - Casella postale|Iniziali|Disponibilità Internet|Parole chiave|Lingua=language|Luogo|"
        "Nome manager|Indennità trasferta|Notes=sensitive|Ubicazione ufficio|Numero ID organizzativo|"
        "Altro indirizzo - Casella postale|Priorità|Privato|Professione|Presentato da|Riservatezza|"
        "Nome coniuge=sensitive|Utente 1|Utente 2|Utente 3|Utente 4|Pagina Web"
    ),
    "Outlook 2003, Dutch": (
        "Titel=prefix|Voornaam=first_name|Middelste naam|Achternaam=last_name|Achtervoegsel|Naam=name|"
        "Bedrijf=company|Afdeling|Functie|Adres werk|Werkadres, straat=street|Werkadres 2, straat|"
        "Werkadres 3, straat|Werkadres, plaats=city|Werkadres, provincie|Werkadres, postcode=postcode|"
        "Land/regio (werk)=country|Adres thuis|Huisadres, straat|Huisadres, straat 2|Huisadres, straat 3|"
        "Huisadres, plaats|Huisadres, provincie|Huisadres, postcode|Land/regio (thuis)|Ander adres, straat|"
        "Ander adres, straat 2|Ander adres, straat 3|Ander adres, plaats|Ander adres, provincie|"
        "Ander adres, postcode|Land/regio (anders)|Telefoon assistent|Fax op werk|Telefoon op werk=phone|"
        "Telefoon op werk 2|Terugbellen|Autotelefoon|Hoofdtelefoon bedrijf|Fax thuis|Telefoon thuis|Telefoon thuis 2|"
        "ISDN|Mobiele telefoon|Andere fax|Andere telefoon|Pager|Hoofdtelefoon|Radiotelefoon|Teksttelefoon|Telex|"
        "Account|Speciale datum|Naam assistent|Factuurinformatie|Verjaardag=sensitive|Werkadres, postbusnummer|"
        "Categorieën|Kinderen=sensitive|Adreslijstserver|E-mailadres=email|E-mailtype|Weergavenaam voor e-mail|"
        "E-mailadres 2=email_2|E-mailtype 2|E-mail, weergegeven naam 2|E-mailadres 3=email_3|E-mailtype 3|"
        "E-mail, weergegeven naam 3|Geslacht=gender|Sofinummer=sensitive|Hobby's=sensitive|Huisadres, postbusnummer|"
        "Initialen|Internet Beschikbaarheidsinfo|Trefwoorden|Taal=language|Locatie|Naam manager|Reisafstand|"
        "Notities=sensitive|Kantoorlocatie|Organisatie-id|Ander adres, postbusnummer|Prioriteit|Privé|Beroep|"
        "Referentie van|Gevoeligheid|Partner=sensitive|Gebruiker 1|Gebruiker 2|Gebruiker 3|Gebruiker 4|Webpagina"
    ),
    "Outlook 2003, Polish": (
        "Tytuł=prefix|Imię=first_name|Drugie imię|Nazwisko=last_name|Sufiks|Nazwa=name|Firma=company|Dział|"
        "Stanowisko|Adres służbowy|Adres służbowy - ulica=street|Adres służbowy - ulica 2|Adres służbowy - ulica 3|"
        "Adres służbowy - miejscowość=city|Adres służbowy - województwo|Adres służbowy - kod pocztowy=postcode|"
        "Adres służbowy - kraj/region=country|Adres domowy|Adres domowy - ulica|Adres domowy - ulica (2)|"
        "Adres domowy - ulica (3)|Adres domowy - miejscowość|Adres domowy - województwo|Adres domowy - kod pocztowy|"
        "Adres domowy - kraj/region|Inny adres - ulica|Inny adres - ulica 2|Inny adres - ulica 3|"
        "Inny adres - miejscowość|Inny adres - województwo|Inny adres - kod pocztowy|Inny adres - kraj/region|"
        "Telefon asystenta|Faks służbowy|Telefon służbowy=phone|Telefon służbowy 2|Wywołanie zwrotne|"
        "Telefon w samochodzie|Główny telefon do firmy|Faks domowy|Telefon domowy|Telefon domowy 2|ISDN|"
        "Telefon komórkowy|Inny faks|Inny telefon|Pager|Telefon podstawowy|Radiotelefon|Telefon TTY/TDD|Teleks|"
        "Konto=sensitive|Rocznica|Imię i nazwisko asystenta|Informacje rozliczeniowe|Urodziny=sensitive|"
        "Służbowa skrzynka pocztowa|Kategorie|Dzieci=sensitive|Serwer katalogowy|Adres e-mail=email|"
        "Typ poczty e-mail|Wyświetlana nazwa e-mail|Adres e-mail 2=email_2|Rodzaj e-mail 2|"
        "Wyświetlana nazwa e-mail 2|Adres e-mail 3=email_3|Rodzaj e-mail 3|Wyświetlana nazwa e-mail 3|Płeć=gender|"
        "PESEL=sensitive|Hobby=sensitive|Domowa skrzynka pocztowa|Inicjały|Internetowe informacje wolny/zajęty|"
        "Słowa kluczowe|Język=language|Lokalizacja|Menedżer|Przebieg|Notatki=sensitive|Lokalizacja biura|"
        "Numer ewidencyjny w organizacji|Inna skrzynka pocztowa|Priorytet|Prywatne|Zawód|Osoba polecająca|Charakter|"
        "Współmałżonek=sensitive|Użytkownik 1|Użytkownik 2|Użytkownik 3|Użytkownik 4|Strona sieci Web"
    ),
    "Thunderbird, English": (
        "First Name=first_name|Last Name=last_name|Display Name=name|Nickname|Primary Email=email|"
        "Secondary Email=email_2|Screen Name|Work Phone=phone|Home Phone|Fax Number|Pager Number|Mobile Number|"
        "Home Address|Home Address 2|Home City|Home State|Home ZipCode|Home Country|Work Address=street|"
        "Work Address 2|Work City=city|Work State|Work ZipCode=postcode|Work Country=country|Job Title|Department|"
        "Organization=company|Web Page 1|Web Page 2|Birth Month=sensitive|Birth Day=sensitive|Birth Year=sensitive|"
        "Custom 1|Custom 2|Custom 3|Custom 4|Notes=sensitive"
    ),
    "Thunderbird, German": (
        "Vorname=first_name|Nachname=last_name|Anzeigename=name|Spitzname|Primäre E-Mail-Adresse=email|"
        "Sekundäre E-Mail-Adresse=email_2|Messenger-Name|Tel. dienstlich=phone|Tel. privat|Fax-Nummer|Pager-Nummer|"
        "Mobil-Tel.-Nr.|Privat: Adresse|Privat: Adresse 2|Privat: Ort|Privat: Bundesland|Privat: PLZ|Privat: Land|"
        "Dienstlich: Adresse=street|Dienstlich: Adresse 2|Dienstlich: Ort=city|Dienstlich: Bundesland|"
        "Dienstlich: PLZ=postcode|Dienstlich: Land=country|Arbeitstitel|Abteilung|Organisation=company|Webseite 1|"
        "Webseite 2|Geburtsmonat=sensitive|Geburtstag=sensitive|Geburtsjahr=sensitive|Benutzerdef. 1|Benutzerdef. 2|"
        "Benutzerdef. 3|Benutzerdef. 4|Notizen=sensitive"
    ),
    "Thunderbird, French": (
        "Prénom=first_name|Nom de famille=last_name|Nom à afficher=name|Surnom|Adresse électronique principale=email|"
        "Adresse électronique secondaire=email_2|Nom de l'écran|Tél. professionnel=phone|Tél. personnel|Fax|Pager|"
        "Portable|Adresse privée=street|Adresse privée 2|Ville=city|Pays/État|Code postal=postcode|Région=country|"
        "Adresse professionnelle|Adresse professionnelle 2|Ville|Pays/État|Code postal|Région|Profession|Service|"
        "Société=company|Site Web 1|Site Web 2|Mois|Jour|Année de naissance=sensitive|Divers 1|Divers 2|Divers 3|"
        "Divers 4|Notes=sensitive"
    ),
    "Thunderbird, Spanish": (
        "Nombre=first_name|Apellidos=last_name|Nombre mostrado=name|Apodo|"
        "Dirección de correo electrónico principal=email|Dirección de correo electrónico secundaria=email_2|"
        "Nombre en pantalla|Teléfono (Trabajo)=phone|Teléfono particular|Fax|Buscapersonas|Teléfono móvil|"
        "Dirección personal|Dirección personal 2|Ciudad donde vive|Provincia|Código postal|País de residencia|"
        "Dirección de trabajo=street|Dirección de trabajo 2|Ciudad (Trabajo)=city|Provincia (Trabajo)|"
        "Código postal (Trabajo)=postcode|País (Trabajo)=country|Puesto|Departamento|Organización=company|"
        "Página web 1|Página web 2|Mes de nacimiento=sensitive|Día de nacimiento=sensitive|"
        "Año de nacimiento=sensitive|Personalizado 1|Personalizado 2|Personalizado 3|Personalizado 4|Notas=sensitive"
    ),
    "Thunderbird, Italian": (
        "Nome=first_name|Cognome=last_name|Nome visualizzato=name|Soprannome|E-mail primaria=email|"
        "E-mail secondaria=email_2|Nome Instant Messenger|Telefono ufficio=phone|Telefono casa|Numero fax|"
        "Numero cercapersone|Numero cellulare|Indirizzo di casa|Indirizzo di casa 2|Città di residenza|"
        "Provincia di residenza|CAP di residenza|Nazione di residenza|Indirizzo di lavoro=street|"
        "Indirizzo di lavoro 2|Città di lavoro=city|Provincia di lavoro|CAP di lavoro=postcode|"
        "Nazione di lavoro=country|Qualifica|Reparto|Organizzazione=company|Pagina web 1|Pagina web 2|"
        "Mese di nascita=sensitive|Giorno di nascita=sensitive|Anno di nascita=sensitive|Personalizzato 1|"
        "Personalizzato 2|Personalizzato 3|Personalizzato 4|Note=sensitive"
    ),
    "Thunderbird, Dutch": (
        "Voornaam=first_name|Achternaam=last_name|Weergavenaam=name|Bijnaam|Eerste e-mail=email|"
        "Tweede e-mail=email_2|Schermnaam|Telefoon werk=phone|Telefoon thuis|Faxnummer|Piepernummer|Mobiel nummer|"
        "Adres|Adres 2|Woonplaats|Provincie|Postcode|Land|Werkadres=street|Werkadres 2|Werklocatie=city|"
        "Werkprovincie|Werkpostcode=postcode|Werkland=country|Werkfunctie|Afdeling|Organisatie=company|Webpagina 1|"
        "Webpagina 2|Geboortemaand=sensitive|Geboortedag=sensitive|Geboortejaar=sensitive|Overig 1|Overig 2|Overig 3|"
        "Overig 4|Aantekeningen=sensitive"
    ),
    "Windows Live Mail, English": (
        "First Name=first_name|Last Name=last_name|Middle Name|Name=name|Nickname|E-mail Address=email|Home Street|"
        "Home City|Home Postal Code|Home State|Home Country|Home Phone|Home Fax|Mobile Phone|Personal Web Page|"
        "Business Street=street|Business City=city|Business Postal Code=postcode|Business State|"
        "Business Country=country|Business Web Page|Business Phone=phone|Business Fax|Pager|Company=company|"
        "Job Title|Department|Office Location|Notes=sensitive"
    ),
    "Windows Live Mail, German": (
        "Vorname=first_name|Nachname=last_name|2. Vorname|Name=name|Spitzname|E-Mail-Adresse=email|Straße (privat)|"
        "Ort (privat)|Postleitzahl (privat)|Bundesland (privat)|Land/Region (privat)|Telefon (privat)|Fax (privat)|"
        "Mobiltelefon|Webseite (privat)|Straße (geschäftlich)=street|Ort (geschäftlich)=city|"
        "Postleitzahl (geschäftlich)=postcode|Bundesland (geschäftlich)|Land/Region (geschäftlich)=country|"
        "Webseite (geschäftlich)|Telefon (geschäftlich)=phone|Fax (geschäftlich)|Pager|Firma=company|Position|"
        "Abteilung|Büro|Notizen=sensitive"
    ),
    "Windows Live Mail, French": (
        "Prénom=first_name|Nom=last_name|Deuxième prénom|Nom|Pseudo|Adresse de messagerie=email|Rue (domicile)|"
        "Ville (domicile)|Code postal (domicile)|Département (domicile)|Pays/région (domicile)|Téléphone domicile|"
        "Télécopie domicile|Téléphone mobile|Page Web (domicile)|Rue (bureau)=street|Ville (bureau)=city|"
        "Code postal (bureau)=postcode|Département (bureau)|Pays/région (bureau)=country|Page Web (bureau)|"
        "Téléphone professionnel=phone|Télécopie professionnelle|Radiomessagerie|Société=company|Fonction|Service|"
        "Adresse professionnelle|Notes=sensitive"
    ),
    "Yahoo": (
        "First=first_name|Middle|Last=last_name|Nickname|Email=email|Category|Distribution Lists|Messenger ID|Home|"
        "Work=phone|Pager|Fax|Mobile|Other|Yahoo! Phone|Primary|Alternate Email 1=email_2|Alternate Email 2=email_3|"
        "Personal Website|Business Website|Title=prefix|Company=company|Work Address=street|Work City=city|"
        "Work State|Work ZIP=postcode|Work Country=country|Home Address|Home City|Home State|Home ZIP|Home Country|"
        "Birthday=sensitive|Anniversary=sensitive|Custom 1|Custom 2|Custom 3|Custom 4|Comments=sensitive|"
        "Messenger ID1|Messenger ID2|Messenger ID3|Messenger ID4|Messenger ID5|Messenger ID6|Messenger ID7|"
        "Messenger ID8|Messenger ID9|Skype ID|IRC ID|ICQ ID|Google ID|MSN ID|AIM ID|QQ ID"
    ),
    "Outlook 2013, German": (
        "Anrede=prefix|Vorname=first_name|Weitere Vornamen|Nachname=last_name|Suffix|Firma=company|Abteilung|"
        "Position|Straße geschäftlich=street|Straße geschäftlich 2|Straße geschäftlich 3|Ort geschäftlich=city|"
        "Region geschäftlich|Postleitzahl geschäftlich=postcode|Land/Region geschäftlich=country|Straße privat|"
        "Straße privat 2|Straße privat 3|Ort privat|Bundesland/Kanton privat|Postleitzahl privat|Land/Region privat|"
        "Weitere Straße|Weitere Straße 2|Weitere Straße 3|Weiterer Ort|Weiteres/r Bundesland/Kanton|"
        "Weitere Postleitzahl|Weiteres/e Land/Region|Telefon Assistent|Fax geschäftlich|Telefon geschäftlich=phone|"
        "Telefon geschäftlich 2|Rückmeldung|Autotelefon|Telefon Firma|Fax privat|Telefon (privat)|Telefon (privat 2)|"
        "ISDN|Mobiltelefon|Weiteres Fax|Weiteres Telefon|Pager|Haupttelefon|Mobiltelefon 2|Telefon für Hörbehinderte|"
        "Telex|Abrechnungsinformation|Assistent(in)|Benutzer 1|Benutzer 2|Benutzer 3|Benutzer 4|Beruf|Büro|"
        "E-Mail-Adresse=email|E-Mail-Typ|E-Mail: Angezeigter Name|E-Mail 2: Adresse=email_2|E-Mail 2: Typ|"
        "E-Mail 2: Angezeigter Name|E-Mail 3: Adresse=email_3|E-Mail 3: Typ|E-Mail 3: Angezeigter Name|Empfohlen von|"
        "Geburtstag=sensitive|Geschlecht=gender|Hobby=sensitive|Initialen|Internet Frei/Gebucht|Jahrestag=sensitive|"
        "Kategorien|Kinder=sensitive|Konto=sensitive|Name des/r Vorgesetzten|Notizen=sensitive|Organisationsnr.|Ort|"
        "Partner=sensitive|Postfach geschäftlich|Postfach privat|Priorität|Privat|Reisekilometer|"
        "Sozialversicherungsnr.=sensitive|Sprache=language|Stichwörter|Vertraulichkeit|Verzeichnisserver|Webseite|"
        "Weiteres Postfach"
    ),
    "Google until 2023": (
        "Name=name|Given Name=first_name|Additional Name|Family Name=last_name|Yomi Name|Given Name Yomi|"
        "Additional Name Yomi|Family Name Yomi|Name Prefix=prefix|Name Suffix|Initials|Nickname|Short Name|"
        "Maiden Name|Birthday=sensitive|Gender=gender|Location|Billing Information|Directory Server|Mileage|"
        "Occupation|Hobby=sensitive|Sensitivity|Priority|Subject|Notes=sensitive|Group Membership|E-mail 1 - Type|"
        "E-mail 1 - Value=email|E-mail 2 - Type|E-mail 2 - Value=email_2|E-mail 3 - Type|E-mail 3 - Value=email_3|"
        "E-mail 4 - Type|E-mail 4 - Value=address|Phone 1 - Type|Phone 1 - Value=phone|Phone 2 - Type|"
        "Phone 2 - Value|Phone 3 - Type|Phone 3 - Value|Phone 4 - Type|Phone 4 - Value|Phone 5 - Type|"
        "Phone 5 - Value|Phone 6 - Type|Phone 6 - Value|Phone 7 - Type|Phone 7 - Value|Address 1 - Type|"
        "Address 1 - Formatted|Address 1 - Street=street|Address 1 - City=city|Address 1 - PO Box|Address 1 - Region|"
        "Address 1 - Postal Code=postcode|Address 1 - Country=country|Address 1 - Extended Address|Address 2 - Type|"
        "Address 2 - Formatted|Address 2 - Street|Address 2 - City|Address 2 - PO Box|Address 2 - Region|"
        "Address 2 - Postal Code|Address 2 - Country|Address 2 - Extended Address|Organization 1 - Type|"
        "Organization 1 - Name=company|Organization 1 - Yomi Name|Organization 1 - Title|Organization 1 - Department|"
        "Organization 1 - Symbol|Organization 1 - Location|Organization 1 - Job Description|Relation 1 - Type|"
        "Relation 1 - Value|Website 1 - Type|Website 1 - Value|Website 2 - Type|Website 2 - Value"
    ),
    "Google since 2024": (
        "First Name=first_name|Middle Name|Last Name=last_name|Phonetic First Name|Phonetic Middle Name|"
        "Phonetic Last Name|Name Prefix=prefix|Name Suffix|Nickname|File As|Organization Name=company|"
        "Organization Title|Organization Department|Birthday=sensitive|Notes=sensitive|Photo=sensitive|Labels|"
        "E-mail 1 - Label|E-mail 1 - Value=email|E-mail 2 - Label|E-mail 2 - Value=email_2|E-mail 3 - Label|"
        "E-mail 3 - Value=email_3|Phone 1 - Label|Phone 1 - Value=phone|Address 1 - Label|Address 1 - Formatted|"
        "Address 1 - Street=street|Address 1 - City=city|Address 1 - PO Box|Address 1 - Region|"
        "Address 1 - Postal Code=postcode|Address 1 - Country=country|Address 1 - Extended Address|Website 1 - Label|"
        "Website 1 - Value"
    ),
    "Thunderbird 115, English": (
        "First Name=first_name|Last Name=last_name|Display Name=name|Nickname|Primary Email=email|"
        "Secondary Email=email_2|Screen Name|Work Phone=phone|Home Phone|Fax Number|Pager Number|Mobile Number|"
        "Home Address|Home Address 2|Home City|Home State|Home ZipCode|Home Country|Work Address=street|"
        "Work Address 2|Work City=city|Work State|Work ZipCode=postcode|Work Country=country|Job Title|Department|"
        "Organization=company|Web Page 1|Web Page 2|Birth Year=sensitive|Birth Month=sensitive|Birth Day=sensitive|"
        "Custom 1|Custom 2|Custom 3|Custom 4|Notes=sensitive"
    ),
    "GMX and WEB.DE": (
        "Nachname=last_name|Anrede=prefix|Vorname=first_name|Weitere Vornamen|Geschlecht=gender|Geburtstag=sensitive|"
        "Position|Abteilung|Firma=company|E-Mail-Adresse=email|E-Mail: Angezeigter Name|E-Mail 2: Adresse=email_2|"
        "E-Mail 2: Angezeigter Name|E-Mail 3: Adresse=email_3|E-Mail 3: Angezeigter Name|Telefon geschäftlich=phone|"
        "Telefon geschäftlich 2|Autotelefon|Telefon privat|Telefon privat 2|Mobiltelefon|Mobiltelefon 2|"
        "Weiteres Telefon|Fax privat|Fax geschäftlich|Weiteres Fax|Webseite|Straße geschäftlich=street|"
        "Ort geschäftlich=city|Postleitzahl geschäftlich=postcode|Land geschäftlich=country|Straße privat|Ort privat|"
        "Postleitzahl privat|Land privat|Weitere Straße|Weiterer Ort|Weitere Postleitzahl|Weiteres Land|"
        "Notizen=sensitive"
    ),
    "Apple, German": (
        "Vorname=first_name|Ausspracheform Vorname|Nachname=last_name|Ausspracheform Nachname|Firma=company|"
        "Berufsbezeichnung|Arbeitsadresse Land=country|Arbeitsadresse Strasse=street|Arbeitsadresse Stadt=city|"
        "Arbeitsadresse Bundesland|Arbeitsadresse PLZ=postcode|Privatadresse Land|Andere Adr. Strasse|"
        "Andere Adr. Stadt|Andere Adr. Bundesland|Andere Adr. PLZ|Andere Adr. Land|Arbeit E-Mail=email work|"
        "Privat E-Mail=email_2 private|Andere E-Mail=email_3|Arbeit Telefon=phone|Privat Telefon|Hauptnummer|"
        "Mobiltelefon|Pager Nummer|Andere Telefonnummer|Arbeit Fax|Privat Fax|Arbeit AIM|Privat AIM|Arbeit Jabber|"
        "Privat Jabber|Arbeit MSN|Privat MSN|Arbeit Yahoo|Privat Yahoo|Arbeit ICQ|Privat ICQ|Homepage|"
        "Notizen=sensitive|Geburtstag=sensitive"
    ),
    "Windows address book, English": (
        "First Name=first_name|Last Name=last_name|Name=name|Nickname|E-mail Address=email|Home Street|Home City|"
        "Home Postal Code|Home State|Home Country/Region|Home Phone|Home Fax|Mobile Phone|Personal Web Page|"
        "Business Street=street|Business City=city|Business Postal Code=postcode|Business State|"
        "Business Country/Region=country|Business Web Page|Business Phone=phone|Business Fax|Pager|Company=company|"
        "Job Title|Department|Office Location|Notes=sensitive"
    ),
    "new Outlook, English": (
        "First Name=first_name|Middle Name|Last Name=last_name|Title=prefix|Suffix|Nickname|Given Yomi|Surname Yomi|"
        "E-mail Address=email|E-mail 2 Address=email_2|E-mail 3 Address=email_3|Home Phone|Home Phone 2|"
        "Business Phone=phone|Business Phone 2|Mobile Phone|Car Phone|Other Phone|Primary Phone"
    ),
    "Hotmail": (
        "Title=prefix|First Name=first_name|Middle Name|Last Name=last_name|Suffix|Given Name Yomi|Family Name Yomi|"
        "Home Street|Home City|Home State|Home Postal Code|Home Country|Company=company|Department|Job Title|"
        "Office Location|Business Street=street|Business City=city|Business State|Business Postal Code=postcode|"
        "Business Country=country|Other Street|Other City|Other State|Other Postal Code|Other Country|"
        "Assistant's Phone|Business Fax|Business Phone=phone|Business Phone 2|Callback|Car Phone|Company Main Phone|"
        "Home Fax|Home Phone|Home Phone 2|ISDN|Mobile Phone|Other Fax|Other Phone|Pager|Primary Phone|Radio Phone|"
        "TTY/TDD Phone|Telex|Anniversary=sensitive|Birthday=sensitive|E-mail Address=email|E-mail Type|"
        "E-mail 2 Address=email_2|E-mail 2 Type|E-mail 3 Address=email_3|E-mail 3 Type|Notes=sensitive|"
        "Spouse=sensitive|Web Page"
    ),
    "Mailchimp": (
        "Email Address=email|First Name=first_name|Last Name=last_name|Phone Number=phone|MEMBER_RATING|OPTIN_TIME|"
        "OPTIN_IP=sensitive|CONFIRM_TIME|CONFIRM_IP=sensitive|LATITUDE=sensitive|LONGITUDE=sensitive|GMTOFF|DSTOFF|"
        "TIMEZONE|CC|REGION|LAST_CHANGED|LEID|EUID|NOTES=sensitive|TAGS"
    ),
    "Brevo": (
        "EMAIL=email|LASTNAME=last_name|FIRSTNAME=first_name|SMS|EMAIL_BLACKLISTED=opted_out|SMS_BLACKLISTED|"
        "ADDED_TIME|MODIFIED_TIME"
    ),
    "ActiveCampaign": (
        "Email=email|First Name=first_name|Last Name=last_name|Phone=phone|Tags|Date Created|IP=sensitive|"
        "Status=opted_out"
    ),
    "HubSpot": (
        "Record ID|First Name=first_name|Last Name=last_name|Email=email|Phone Number=phone|Contact owner|"
        "Primary Associated Company ID|Last Activity Date|Lead Status|Marketing contact status|Create Date|"
        "Associated Company=company"
    ),
    "sevDesk": (
        "Kunden-Nr.=customer_number|Anrede=prefix|Titel=title|Nachname=last_name|Vorname=first_name|"
        "Organisation=company|Namenszusatz=rank|Position|Kategorie|IBAN=sensitive|BIC=sensitive|Umsatzsteuer-ID|"
        "Strasse=street|PLZ=postcode|Ort=city|Land=country|Adress-Kategorie|Telefon=phone|Telefon-Kategorie|Mobil|"
        "Fax|E-Mail=email|E-Mail-Kategorie|Webseite|Webseiten-Kategorie|Beschreibung=sensitive|Geburtstag=sensitive|"
        "Tags|Debitoren/Kreditoren-Nr."
    ),
    "Lexware Office": (
        "Kundennummer=customer_number|Lieferantennummer|Firmenname=company|Anrede=prefix|Kontakt|Vorname=first_name|"
        "Nachname=last_name|Steuernummer=sensitive|Umsatzsteuer ID|Adresszusatz 1|Straße 1=street|PLZ 1=postcode|"
        "Ort 1=city|Land 1=country|Adresszusatz 2|Straße 2|PLZ 2|Ort 2|Land 2|Telefon 1=phone|Telefon 2|"
        "E-Mail 1=email|E-Mail 2=email_2|Ansprechpartner 1=name|Ansprechpartner 1 Anrede|Ansprechpartner 1 Vorname|"
        "Ansprechpartner 1 Nachname|Ansprechpartner 1 E-Mail=email_3|Ansprechpartner 1 Telefon|Ansprechpartner 2|"
        "Ansprechpartner 2 Anrede|Ansprechpartner 2 Vorname|Ansprechpartner 2 Nachname|"
        "Ansprechpartner 2 E-Mail=address|Ansprechpartner 2 Telefon"
    ),
    "kivitendo": (
        "customernumber=customer_number|greeting|name=company|department_1|street=street|country=country|"
        "zipcode=postcode|city=city|phone|fax|email=email_2|cp_greeting=prefix|cp_title=title|"
        "cp_givenname=first_name|cp_name=last_name|cp_phone1=phone|cp_phone2|cp_fax|cp_mobile1|cp_mobile2|"
        "cp_email=email"
    ),
    "Zoho Books": (
        "Created Time|Last Modified Time|Display Name=name|Company Name=company|Salutation=salutation|"
        "First Name=first_name|Last Name=last_name|Phone=phone|Currency Code|Notes=sensitive|Website|"
        "Status=opted_out|Credit Limit|Customer Sub Type|Billing Attention|Billing Address=street|Billing Street2|"
        "Billing City=city|Billing State|Billing Country=country|Billing Code=postcode|Billing Phone|Billing Fax|"
        "Shipping Attention|Shipping Address|Shipping Street2|Shipping City|Shipping State|Shipping Country|"
        "Shipping Code|Shipping Phone|Shipping Fax|Skype Identity|Facebook|Twitter|Department|Designation|Price List|"
        "Payment Terms|Payment Terms Label|Last Sync Time|Owner Name|EmailID=email|MobilePhone|"
        "Customer ID=customer_number|Customer Name|Contact Type|Customer Address ID|Source|Reference ID|"
        "Payment Reminder"
    ),
    "Wave": (
        "customer_name=company|email=email|contact_first_name=first_name|contact_last_name=last_name|"
        "customer_currency|account_number=customer_number|phone=phone|fax|mobile|toll_free|website|country=country|"
        "province/state|address_line_1=street|address_line_2|city=city|postal_code/zip_code=postcode|"
        "shipping_address|ship-to_contact|ship-to_country|ship-to_province/state|ship-to_address_line_1|"
        "ship-to_address_line_2|ship-to_city|ship-to_postal_code/zip_code|ship-to_phone|delivery_instructions"
    ),
    "Invoice Ninja": (
        "Name=company|Balance=sensitive|Paid to Date|Billing Street=street|Billing Apt/Suite|Billing City=city|"
        "Billing State/Province|Billing Postal Code=postcode|Billing Country=country|Shipping Street|"
        "Shipping Apt/Suite|Shipping City|Shipping State/Province|Shipping Postal Code|Shipping Country|"
        "ID Number=customer_number|VAT Number|Website|Phone=phone|Currency|Public Notes=sensitive|"
        "Private Notes=sensitive|First Name=first_name|Last Name=last_name|Email=email|Phone"
    ),
    "LinkedIn": (
        "First Name=first_name|Last Name=last_name|URL|Email Address=email|Company=company|Position|Connected On"
    ),
    "a German ERP list": (
        "Kunden-Nr.=customer_number|Lieferanten-Nr|Suchname|ADRESSE ID|Hauptadresse|Typ|Bemerkung=sensitive|"
        "Anrede=prefix|Firma=company|Zusatz|Straße=street|PLZ=postcode|Ort=city|Titel=title|Name=last_name|"
        "Vorname=first_name|Geburtstag=sensitive|Abteilung|Position|Telefon 1=phone|Telefon 2|Fax|Mobil|"
        "E-Mail 1=email|E-Mail 2=email_2|Internet|Land=country|Briefanrede=salutation|Bearbeitet"
    ),
}


def headers_of(name: str) -> list[str]:
    """Return the header row of a format."""
    return [cell.partition("=")[0] for cell in FORMATS[name].split("|")]


def meanings_of(name: str) -> dict[int, str]:
    """Return what the columns hold that mean something, by their position."""
    cells = (cell.partition("=")[2] for cell in FORMATS[name].split("|"))
    return {place: meaning for place, meaning in enumerate(cells) if meaning}
