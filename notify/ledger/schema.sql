-- The ledger: the durable truth about who was written to. Times are ISO 8601 in UTC with microseconds, so that they
-- sort as text. An empty text means "none"; only a date, a digest and a version that are not there yet are NULL.

CREATE TABLE campaign (
    number    INTEGER PRIMARY KEY,
    id        TEXT NOT NULL UNIQUE,
    -- keys the Message-IDs; drawn once, never shown
    secret    BLOB NOT NULL,
    -- counts the enrolments: whoever was not seen in the latest has left the contact files
    round     INTEGER NOT NULL DEFAULT 0,
    -- the version that the latest enrolment rendered for everybody
    rendered  INTEGER,
    created   TEXT NOT NULL
) STRICT;

-- What was sent from when on: template, change and sender. More than one where the user accepted a change.
CREATE TABLE version (
    campaign    INTEGER NOT NULL REFERENCES campaign,
    number      INTEGER NOT NULL,
    recorded    TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    -- JSON: the name of each part and its text, so that a difference can be shown
    parts       TEXT NOT NULL,
    PRIMARY KEY (campaign, number)
) STRICT;

-- Somebody of the contact files. The form is Sie or Du: how it is greeted, and which text it gets. The run is the one that
-- hands over, or did so last; nobody writes down a claim any more.
CREATE TABLE recipient (
    id         INTEGER PRIMARY KEY,
    campaign   INTEGER NOT NULL REFERENCES campaign,
    -- with which it was given last; the Message-ID stays that of the first
    key        TEXT NOT NULL,
    -- the normalised address: nobody is written to twice in a campaign
    identity   TEXT NOT NULL,
    address    TEXT NOT NULL,
    name       TEXT NOT NULL,
    language   TEXT NOT NULL,
    salutation TEXT NOT NULL,
    origin     TEXT NOT NULL,
    -- JSON: exactly the fields and cells that the template names
    fields     TEXT NOT NULL,
    -- the same for rows that are probably about one person
    person     TEXT NOT NULL DEFAULT '',
    -- greets several people who share the address
    shared_salutation TEXT NOT NULL DEFAULT '',
    -- of the row and the rules that all of the above was made from; NULL: it must be made again
    row_digest BLOB,
    -- why its owner wants no mail, as the contact files say it
    opted_out  TEXT NOT NULL DEFAULT '',
    -- whether the latest enrolment was asked for it (--where): the others wait
    selected   INTEGER NOT NULL DEFAULT 1,
    round      INTEGER NOT NULL,
    status     TEXT NOT NULL,
    -- deferred: not before; pending: behind those whose is smaller; empty is at once
    due        TEXT NOT NULL DEFAULT '',
    -- which run holds the claim
    run        TEXT NOT NULL DEFAULT '',
    message_id TEXT NOT NULL,
    -- with its zone; of the message whose final dot left, or was about to, and through which relay
    date       TEXT,
    digest     TEXT,
    version    INTEGER,
    relay      TEXT NOT NULL DEFAULT '', form TEXT NOT NULL DEFAULT 'Sie',
    UNIQUE (campaign, identity)
) STRICT;

CREATE INDEX recipient_key ON recipient (campaign, key, round);
CREATE INDEX recipient_row ON recipient (campaign, row_digest) WHERE row_digest IS NOT NULL;

-- Serves the claims, the counts and "what is due when".
CREATE INDEX standing ON recipient (campaign, status, due, id);

-- The rows that the latest enrolment could not take.
CREATE TABLE rejection (
    campaign INTEGER NOT NULL REFERENCES campaign,
    origin   TEXT NOT NULL,
    reason   TEXT NOT NULL
) STRICT;

-- What the latest enrolment of a campaign was made from, if it would come to the same once more; else there is none.
CREATE TABLE enrolment (
    campaign  INTEGER PRIMARY KEY REFERENCES campaign,
    -- a digest
    made_from BLOB NOT NULL,
    -- JSON: what it told of the rows
    told      TEXT NOT NULL
) STRICT;

-- Every try, and every word of the user about one. Rows are appended and never changed. What is no try has another name
-- in the place of the relay: "you" for the user's word, "journal" for a message of which only a journal tells, and none
-- for who has expired, or has another address now (``address``) and is left out there.
CREATE TABLE attempt (
    id         INTEGER PRIMARY KEY,
    recipient  INTEGER NOT NULL REFERENCES recipient,
    time       TEXT NOT NULL,
    -- as it was then
    address    TEXT NOT NULL,
    relay      TEXT NOT NULL,
    phase      TEXT NOT NULL,
    reply      TEXT NOT NULL,
    status     TEXT NOT NULL,
    scope      TEXT NOT NULL,
    message_id TEXT NOT NULL
) STRICT;

CREATE INDEX attempt_recipient ON attempt (recipient, status);
CREATE INDEX attempt_relay ON attempt (relay, time);

CREATE TRIGGER attempts_are_never_changed BEFORE UPDATE ON attempt
BEGIN
    SELECT RAISE(ABORT, 'an attempt is never changed');
END;

-- The call-back codes: what a reader says on the telephone, and whose message that is. Blanks and capitals do not count.
CREATE TABLE code (
    recipient INTEGER PRIMARY KEY REFERENCES recipient,
    -- as it is printed: words and digits, all of ASCII
    printed   TEXT NOT NULL,
    -- how many words and digits it has: of each length only so many are given out
    words     INTEGER NOT NULL,
    digits    INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX code_heard ON code (lower(replace(printed, ' ', '')));

-- Who called and said a code. Rows are appended and never changed.
CREATE TABLE call (
    id        INTEGER PRIMARY KEY,
    time      TEXT NOT NULL,
    said      TEXT NOT NULL,
    -- whose it is; NULL: nobody was given it, so somebody forges the notice
    recipient INTEGER REFERENCES recipient,
    -- the message with it had left
    is_sent   INTEGER NOT NULL
) STRICT;

-- Who has approved what is sent. Rows are appended and never changed.
CREATE TABLE approval (
    id         INTEGER PRIMARY KEY,
    campaign   INTEGER NOT NULL REFERENCES campaign,
    time       TEXT NOT NULL,
    -- as it was given, and the account of the machine under which it was
    name       TEXT NOT NULL,
    account    TEXT NOT NULL,
    -- nobody has approved it: it was sent without a second person, as there is none
    is_alone   INTEGER NOT NULL,
    -- JSON: the name of each part of the messages and its text, so that a difference can be shown
    parts      TEXT NOT NULL,
    recipients INTEGER NOT NULL,
    -- the mark of each message
    marks      BLOB NOT NULL,
    -- over all of this, keyed with the campaign's secret
    seal       BLOB NOT NULL
) STRICT;

CREATE TRIGGER approvals_are_never_changed BEFORE UPDATE ON approval
BEGIN
    SELECT RAISE(ABORT, 'an approval is never changed');
END;

-- A message to a mailbox of one's own, to see that it arrives there. It belongs to no campaign.
CREATE TABLE probe (
    id         INTEGER PRIMARY KEY,
    time       TEXT NOT NULL,
    address    TEXT NOT NULL,
    -- the normalised address
    identity   TEXT NOT NULL,
    -- from whom it was, and through which relay it went
    sender     TEXT NOT NULL,
    relay      TEXT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    -- a digest of the code in it
    code       BLOB NOT NULL,
    -- how many wrong codes were typed while it was waited for
    wrong      INTEGER NOT NULL DEFAULT 0,
    -- waiting, arrived or returned; when and how that was seen
    fate       TEXT NOT NULL,
    seen       TEXT NOT NULL DEFAULT '',
    seen_by    TEXT NOT NULL DEFAULT '',
    -- JSON: what else was seen of it
    told       TEXT NOT NULL DEFAULT '{}'
) STRICT;

-- Who must not be written to, in any campaign.
CREATE TABLE suppression (
    identity TEXT PRIMARY KEY,
    reason   TEXT NOT NULL,
    time     TEXT NOT NULL
) STRICT;

-- Which run holds the lock: for the words of the second one.
CREATE TABLE holder (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    pid   INTEGER NOT NULL,
    host  TEXT NOT NULL,
    since TEXT NOT NULL
) STRICT;

-- The arrows of notify.core.status, written here when the ledger is made and when it is brought up to date: no other
-- arrow can be drawn, by anybody.
CREATE TABLE arrow (
    tail TEXT NOT NULL,
    head TEXT NOT NULL,
    PRIMARY KEY (tail, head)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER only_these_arrows BEFORE UPDATE OF status ON recipient
WHEN OLD.status <> NEW.status
    AND NOT EXISTS (SELECT 1 FROM arrow WHERE tail = OLD.status AND head = NEW.status)
BEGIN
    SELECT RAISE(ABORT, 'no such transition');
END;
