"""What is looked for in a message before it is sent: the names by which it is silenced, and what each means."""

from __future__ import annotations

#: Every check by its name, which never changes, with the words for the documentation.
CHECKS: dict[str, str] = {
    "leftover-placeholder": "`{Vorname}`, `{{`, `<<Name>>`, `[Name]`, `%NAME%` or `*|FNAME|*` was typed and stayed",
    "value-placeholder": "the same stands in a cell that is printed",
    "value-missing": "a cell that is printed says `nan`, `None`, `null`, `undefined`, `#N/A` or another error",
    "empty-body": "no word is in the message",
    "greeting-only": "nothing is in the message but the greeting",
    "markup-in-text": "HTML, or Markdown in a `.txt` message, is read by people as it was typed",
    "comment-in-text": "a comment (`<!-- … -->`, `/* … */`) is read by everybody",
    "another-recipient": "a recipient's address or name, or the greeting of one person, is in a message to others",
    "old-called-new": "an old detail is called new, or a new one old; or replies would go to the old address",
    "contradicts-change": "a number, address, website, street, IBAN or date is typed that is not that of `[change]`",
    "wrong-iban": "an IBAN is typed whose check digits do not fit",
    "misleading-link": "a link leads elsewhere than its words say",
    "too-large": "the HTML is over 102 KB, so that Gmail cuts it off",
    "advertising": "a notice advertises; one such sentence makes the whole mailing advertising (§ 7 UWG)",
    "urgency": "a notice presses for time, as fraud does",
    "bank-with-contact": "a new bank account comes together with a new phone number or mail address",
    "link-beside-iban": "a link stands beside an IBAN, or leads from a bank notice to somebody else's site",
    "mixed-forms": "a German text says both Sie and du",
    "example-value": "what `notify init` writes as an example, or an address reserved for examples",
}

#: Those that stop `notify send` towards a relay; the others are counted before its question.
GRAVE = frozenset({"leftover-placeholder", "empty-body", "wrong-iban", "example-value"})
