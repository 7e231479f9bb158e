-- Version 4: who has approved what is sent.

-- name: make_approvals
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

-- name: let_approvals_be
CREATE TRIGGER approvals_are_never_changed BEFORE UPDATE ON approval
BEGIN
    SELECT RAISE(ABORT, 'an approval is never changed');
END;
