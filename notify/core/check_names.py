"""What is looked for before anything is sent: the names by which it is silenced, and what each means."""

from __future__ import annotations

#: What is looked for in the text of every message.
OF_THE_TEXT: dict[str, str] = {
    "leftover-placeholder": "`{Vorname}`, `{{`, `<<Name>>`, `[Name]`, `%NAME%` or `*|FNAME|*` was typed and stayed",
    "value-placeholder": "the same stands in a cell that is printed",
    "value-missing": "a cell that is printed says `nan`, `None`, `null`, `undefined`, `#N/A` or another error",
    "empty-body": "no word is in the message",
    "greeting-only": "nothing is in the message but the greeting",
    "markup-in-text": "HTML, or Markdown in a `.txt` message, is read by people as it was typed",
    "comment-in-text": "a comment (`<!-- … -->`, `/* … */`) is read by everybody",
    "another-recipient": "a recipient's address or name, or the greeting of one person, is in a message to others",
    "old-called-new": "an old detail is called new, or a new one old; or replies would go to the old address",
    "old-left-behind": "an old detail is typed in a sentence that neither calls it old nor says the new one",
    "contradicts-change": "a number, address, site, street, IBAN, date or claim is typed that does not fit `[change]`",
    "not-in-change": "a number, address or website is called new, and `[change.new]` does not have it",
    "wrong-iban": "an IBAN is typed whose check digits do not fit",
    "misleading-link": "a link leads elsewhere than its words say",
    "too-large": "the HTML is over 102 KB, so that Gmail cuts it off",
    "advertising": "a notice advertises; one such sentence makes the whole mailing advertising (§ 7 UWG)",
    "urgency": "a notice presses for time, as fraud does",
    "bank-with-contact": "an account is announced, or typed, together with a new phone number or mail address",
    "link-beside-iban": "a link stands beside an IBAN, or leads from a bank notice to somebody else's site",
    "mixed-forms": "a German text says both Sie and du",
    "attachment-missing": "the text speaks of an attachment, and nothing is attached",
    "broken-link": "a link leads nowhere, dials another number, or is without https, a number or shortened",
    "own-address": "a recipient is your own address",
    "unfinished-text": "a note to oneself, a gap to fill in, an old mail or the subject of a draft stayed",
    "odd-date": "a weekday is not that of its date, a day or time cannot be, or a date is read in two ways",
    "damaged-text": "letters of the text were lost, as its file was saved in another encoding",
    "wrong-language": "text or subject are in another language than their file says",
    "asks-for-secrets": "readers are asked for a password, a TAN or the like, as fraud does",
    "example-value": "what `notify init` writes as an example, or an address reserved for examples",
}

#: What is looked for in messages as mail programs show them, and in their size.
OF_THE_LETTER: dict[str, str] = {
    "dropped-html": "mail programs of recipients leave out something of your layout",
    "wide-html": "something is wider than a telephone",
    "faint-text": "the colour of a text is too near to that behind it",
    "no-alt": "a picture has no words for those who do not see it",
    "large-message": "a message has more than 10 MB with its files, which many mailboxes refuse",
    "large-picture": "a picture has more than 1 MB, too much for a telephone",
}

#: What is looked for in the details that are announced, and in the way that the messages go.
OF_THE_SETTINGS: dict[str, str] = {
    "unlikely-phone": "no such telephone number exists, or it is one of another kind than its key says",
    "unlikely-postcode": "the postal code is none of its country",
    "mistyped-new-address": "a mail address of `[change.new]` or `[sender]` has a slip in its domain: `gmial.com`",
    "unsafe-website": "the website is not https, or it is named by a number or by a service that shortens links",
    "bank-mismatch": "IBAN, BIC and name of the bank do not belong together",
    "foreign-iban": "the new account is in another country than the old one, or than the sender",
    "account-holder": "the holder of the account has no name in common with the sender, so banks of payers will warn",
    "unlikely-street": "the new street has no house number, and the old one has",
    "sender-name": "the sender has no name, or an address in its place",
    "noreply-sender": "answers go to an address that nobody reads",
    "withheld-from-all": "a detail changes, and no `[[audience]]` sees it, so nobody would be told",
    "unread-attachment": "a file that is no text goes to people who may not see everything, and is not looked into",
    "not-changed": "a detail is announced as new, though it is the old one in another spelling",
    "foreign-relay": "the sender's address belongs to a mail provider, and the relay is not that provider's",
    "old-through-new": "the old address is the sender, and the relay is that of the new one",
    "new-through-old": "the new address is the sender, and the relay is that of the old one",
    "relay-settings": "host or port are those of another service, or port and `tls` do not go together",
    "unverified-database": "nothing proves that the database of `[ledger]` is the one that is meant",
    "other-login": "the provider of the relay takes only its own addresses as sender, or only that of the login",
}

#: What only `notify check` looks for, as it takes the day or all the texts and rows together.
OF_THE_WHOLE: dict[str, str] = {
    "nothing-announced": "old and new details are the same, so the notice tells nothing",
    "detail-missing": "a detail is announced in `[change]`, and no text says it, or not that of every language",
    "no-greeting": "a text greets nobody",
    "greeting-twice": "a text greets twice: by a typed greeting and by `{{ salutation }}`",
    "unlikely-date": "`effective` or `old_works_until` is more than a year away",
    "dead-mailbox": "sender, answers or bounces are at the old address, which has ended by `old_works_until`",
    "answers-to-old": "answers go to the old address, though a new one is announced",
    "deadline-passed": "the `deadline` is over, so nobody would be sent to",
    "start-late": "by `start` nothing leaves before the change holds",
    "deadline-missed": "by the limits of the relay it is not done by the `deadline`",
    "relay-pitfall": "what the provider of the relay wants before it lets anybody in",
    "relay-limit": "`rate` lets more leave than the provider of the relay has published that it takes",
    "relay-new": "the provider of the relay takes less from new accounts, and nothing says how old this one is",
    "new-domain": "many get mail from a domain that is new to them, at once",
    "relay-slow": "by the limits of the relay it takes more than a day, or is not done when the change holds",
    "not-approved": "it must be approved before it is sent, and it is not, or has changed since",
    "rejected-rows": "rows of the contact files cannot be written to",
    "unread-file": "a file beside the contact files is none of them, so nobody in it is written to",
}

#: What only `notify check` looks for, by asking DNS and the website.
OF_THE_NET: dict[str, str] = {
    "no-network": "DNS does not answer, or a captive portal answers in its place, so nothing could be looked up",
    "cannot-receive": "the announced address, or one of the sender's, is at a domain that takes no mail",
    "spf-missing": "the sender's domain does not say who may send for it",
    "spf-several": "it has several SPF records, so none of them counts",
    "spf-broken": "its SPF record, or one that it refers to, cannot be read",
    "spf-lookups": "its SPF record takes more than 10 look-ups, so it does not count",
    "spf-open": "its SPF record lets everybody send for it",
    "spf-relay": "its SPF record does not name the relay",
    "dmarc-missing": "it has no DMARC record, nor has a domain above it",
    "dmarc-several": "it has several DMARC records, so none of them counts",
    "dmarc-broken": "its DMARC record is not understood",
    "dmarc-unaligned": "bounces go to another domain, so SPF proves nothing for the sender, who wants proof (DMARC)",
    "dkim-unseen": "recipients at GMX and WEB.DE want a signature of the sender's domain, which only a test shows",
    "site-unreachable": "the website does not answer, or not with a page",
    "site-certificate": "browsers warn before they show the website",
    "site-elsewhere": "the website leads to another one, or away from https",
    "page-unreachable": "the page of `[second_source]` does not answer",
    "page-elsewhere": "it is not on a website that readers know, or leads to another one",
    "page-differs": "it says another value, the old one as the new, or another day",
    "page-incomplete": "it does not say a detail that is announced",
    "page-tells-too-much": "it says a detail that no `[[audience]]` lets the public see",
    "legal-notice-old": "legal or privacy notice of the website still say an old detail, though the new ones hold",
    "legal-notice-due": "they say it, and must be changed by the day from which the new ones hold",
    "legal-notice-unseen": "the website links to no such notice, so nobody has looked",
    "recipient-domain": "the domain of recipients does not exist, or takes no mail",
    "recipient-domain-unknown": "nobody answered for the domain of recipients",
}

#: What only `notify check` looks for, by logging in to the relay and leaving again.
OF_THE_RELAY: dict[str, str] = {
    "relay-unreachable": "the relay is not found, does not answer, or its certificate cannot be trusted",
    "relay-login": "there is no password, or the relay refuses it",
    "relay-size": "the largest message is larger than the relay takes",
    "relay-letters": "there are addresses with letters like ä before the @, and the relay takes none (SMTPUTF8)",
    "relay-pipelining": "the relay does not take several commands at once (PIPELINING), and what that costs",
}

#: What `notify check` looks for, and `notify send` before it sends through a relay: by what `notify probe` has seen.
OF_THE_MAILBOXES: dict[str, str] = {
    "unproved-address": "nobody has seen that the new address, or one at its domain for answers or bounces, receives",
    "unproved-reply": "the same of an address for answers or bounces elsewhere that is not the sender's",
    "address-bounced": "a test message to one of these was refused, or came back",
    "arrived-as-spam": "a test message lay in the folder for spam",
    "dkim-missing": "it was not signed; grave as soon as recipients are at GMX, WEB.DE or mail.com",
    "dkim-broken": "its signature did not hold; grave as above",
    "dkim-unaligned": "it was signed for another domain than the sender's; grave as above",
    "spf-fails": "the receiving server found that SPF does not allow the relay",
    "dmarc-fails": "the receiving server does not believe that it is from the sender",
    "mailbox-unreachable": "the server in `[mailbox]` does not answer, or its certificate cannot be trusted",
    "mailbox-login": "there is no password for `[mailbox]`, or its server refuses it",
}

#: Every check by its name, which never changes, with the words for the documentation.
CHECKS: dict[str, str] = (
    OF_THE_TEXT | OF_THE_LETTER | OF_THE_SETTINGS | OF_THE_WHOLE | OF_THE_NET | OF_THE_RELAY | OF_THE_MAILBOXES
)

#: Those that stop `notify send` towards a relay, where it looks for them; the others are counted before its question.
GRAVE = frozenset(
    "leftover-placeholder empty-body wrong-iban example-value withheld-from-all foreign-relay deadline-passed "
    "cannot-receive spf-several site-certificate relay-unreachable relay-login relay-size unproved-address "
    "address-bounced".split()
)
#: Those that are good to know, and nothing is wrong.
NOTES = frozenset(
    "own-address unread-attachment new-domain relay-pitfall relay-new relay-slow relay-pipelining unread-file "
    "no-network dkim-unseen legal-notice-due legal-notice-unseen recipient-domain-unknown".split()
)
