"""The words of the page with the announced details, in each language of a campaign."""

from __future__ import annotations

from collections.abc import Mapping

#: The words by language and by what they are for.
WORDS: Mapping[str, Mapping[str, str]] = {
    "de": {
        "says": "{when} haben wir {what}.",
        "effective": "Gültig ab",
        "new": "neu",
        "old": "bisher",
        "gone": "entfällt",
        "stays": "Unverändert: {}.",
        "former_works": "Die bisherige {what} funktioniert bis zum {day}.",
        "former_work": "Die bisherige {what} funktionieren bis zum {day}.",
        "former_worked": "Die bisherige {what} war bis zum {day} in Betrieb.",
        "former_have_worked": "Die bisherige {what} waren bis zum {day} in Betrieb.",
        "purpose": "Haben Sie dazu eine Nachricht von uns bekommen? Dann muss sie dasselbe sagen wie diese Seite.",
        "verify_phone": "Sagt sie etwas anderes, rufen Sie uns unter der Nummer an, die Sie schon haben, etwa von "
        "unserer letzten Rechnung.",
        "verify_landline": "Sagt sie etwas anderes, rufen Sie uns unter der Festnetznummer an, die Sie schon haben.",
        "verify_mobile": "Sagt sie etwas anderes, rufen Sie uns unter der Mobilnummer an, die Sie schon haben.",
        "verify_post": "Sagt sie etwas anderes, schreiben Sie uns an die Postanschrift, die auf unserer letzten "
        "Rechnung steht.",
        "verify_person": "Sagt sie etwas anderes, fragen Sie jemanden von uns, den Sie persönlich kennen.",
        "written": "Stand:",
    },
    "en": {
        "says": "{when}, we have {what}.",
        "effective": "Valid from",
        "new": "new",
        "old": "until now",
        "gone": "no longer in use",
        "stays": "Unchanged: {}.",
        "former_works": "Our old {what} works until {day}.",
        "former_work": "Our old {what} work until {day}.",
        "former_worked": "Our old {what} was in use until {day}.",
        "former_have_worked": "Our old {what} were in use until {day}.",
        "purpose": "Have you had a message from us about this? Then it must say the same as this page.",
        "verify_phone": "If it says anything else, call us on the number that you already have, such as the one on our "
        "last invoice.",
        "verify_landline": "If it says anything else, call us on our landline number, which you already have.",
        "verify_mobile": "If it says anything else, call us on our mobile number, which you already have.",
        "verify_post": "If it says anything else, write to the postal address on our last invoice.",
        "verify_person": "If it says anything else, ask one of us whom you know in person.",
        "written": "As of",
    },
    "fr": {
        "says": "{when}, nous avons {what}.",
        "effective": "Valable à partir du",
        "new": "nouveau",
        "old": "jusqu’ici",
        "gone": "supprimé",
        "stays": "Inchangé : {}.",
        "former_works": "Ce qui valait jusqu’ici ({what}) fonctionne jusqu’au {day}.",
        "former_work": "Ce qui valait jusqu’ici ({what}) fonctionne jusqu’au {day}.",
        "former_worked": "Ce qui valait jusqu’ici ({what}) a fonctionné jusqu’au {day}.",
        "former_have_worked": "Ce qui valait jusqu’ici ({what}) a fonctionné jusqu’au {day}.",
        "purpose": "Vous avez reçu un message de notre part à ce sujet ? Il doit dire la même chose que cette page.",
        "verify_phone": "S’il dit autre chose, appelez-nous au numéro que vous avez déjà, par exemple celui de notre "
        "dernière facture.",
        "verify_landline": "S’il dit autre chose, appelez-nous au numéro de notre téléphone fixe, que vous avez déjà.",
        "verify_mobile": "S’il dit autre chose, appelez-nous à notre numéro de portable, que vous avez déjà.",
        "verify_post": "S’il dit autre chose, écrivez-nous à l’adresse postale de notre dernière facture.",
        "verify_person": "S’il dit autre chose, demandez à l’un de nous que vous connaissez en personne.",
        "written": "Mise à jour :",
    },
}
