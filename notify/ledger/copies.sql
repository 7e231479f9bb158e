-- Copies of messages that were sent. Each is a recipient of a second record of the campaign, whose identity is a mark (of
-- what it is a copy), a blank, and the address in its normal form. Its fields are those of the recipient, and "copy_of".

-- name: note_unwanted
-- Why a copy that waits is not sent any more: once for each, in the log.
INSERT INTO attempt (recipient, time, address, relay, phase, reply, status, scope, message_id)
SELECT id, :now, address, '', '',
    CASE WHEN coalesce(version = :version, FALSE) THEN 'no such copy is asked for any more'
    ELSE 'the text has changed since the message was sent' END, 'withdrawn', '', message_id
FROM recipient
WHERE campaign = :copies AND status IN ('pending', 'deferred')
    AND NOT (coalesce(version = :version, FALSE) AND instr(identity, :per) = 1
        AND substr(identity, instr(identity, ' ') + 1) IN (SELECT value FROM json_each(:to)));

-- name: withdraw_unwanted
-- Who waits for a copy that is not asked for any more, or whose text cannot be made any more.
UPDATE recipient SET status = 'withdrawn', due = ''
WHERE campaign = :copies AND status IN ('pending', 'deferred')
    AND NOT (coalesce(version = :version, FALSE) AND instr(identity, :per) = 1
        AND substr(identity, instr(identity, ' ') + 1) IN (SELECT value FROM json_each(:to)));

-- name: is_refused
-- Whether an address has refused a copy for good, and never taken one: it is not tried with all others.
SELECT 1 FROM recipient r
WHERE campaign = :copies AND status = 'failed' AND substr(identity, instr(identity, ' ') + 1) = :to
    AND (SELECT scope FROM attempt WHERE recipient = r.id ORDER BY id DESC LIMIT 1) = 'recipient'
    AND NOT EXISTS (
        SELECT 1 FROM recipient
        WHERE campaign = :copies AND status = 'sent' AND substr(identity, instr(identity, ' ') + 1) = :to)
LIMIT 1;

-- name: note_refused
INSERT INTO attempt (recipient, time, address, relay, phase, reply, status, scope, message_id)
SELECT id, :now, address, '', '', 'the address has refused another copy', 'withdrawn', '', message_id
FROM recipient
WHERE campaign = :copies AND status IN ('pending', 'deferred') AND substr(identity, instr(identity, ' ') + 1) = :to;

-- name: withdraw_refused
UPDATE recipient SET status = 'withdrawn', due = ''
WHERE campaign = :copies AND status IN ('pending', 'deferred') AND substr(identity, instr(identity, ' ') + 1) = :to;

-- name: is_made
-- Whether there is a copy.
SELECT 1 FROM recipient WHERE campaign = :copies AND identity = :identity AND status <> 'withdrawn';

-- name: to_copy
-- Whose message was sent as the campaign is now, but for whoever has the address himself, in the order of the files, which
-- an index has: whoever was sent to is due at no time. Of every message: only those of which there is no copy.
SELECT id, key, identity, address, language, form, salutation, origin, fields, message_id,
    (SELECT printed FROM code WHERE recipient = r.id) AS code
FROM recipient r
WHERE campaign = :campaign AND status = 'sent' AND version = :version AND identity <> :to
    AND NOT (:of_all AND EXISTS (
        SELECT 1 FROM recipient
        WHERE campaign = :copies AND identity = :per || '-' || r.id || ' ' || :to AND status <> 'withdrawn'))
ORDER BY due, id;

-- name: of_earlier_texts
-- Of how many messages there is no copy, and can be none, because the text has changed since they were sent.
SELECT count(*) AS count FROM recipient r
WHERE campaign = :campaign AND status = 'sent' AND coalesce(version <> :version, TRUE) AND identity <> :to
    AND NOT EXISTS (
        SELECT 1 FROM recipient
        WHERE campaign = :copies AND identity = :per || '-' || r.id || ' ' || :to AND status <> 'withdrawn');

-- name: put
-- One that is there stays as it is; one that was withdrawn may be asked for again, and is the same message if the text is.
INSERT INTO recipient (campaign, key, identity, address, name, language, form, salutation, origin, fields, round, status,
                       version, message_id)
VALUES (:copies, :key, :identity, :address, :name, :language, :form, :salutation, :origin, :fields, 0, 'pending',
        :version, :message_id)
ON CONFLICT (campaign, identity) DO UPDATE
SET key = excluded.key, address = excluded.address, name = excluded.name, language = excluded.language,
    form = excluded.form, salutation = excluded.salutation, origin = excluded.origin, fields = excluded.fields,
    status = 'pending', due = '', version = excluded.version, message_id = excluded.message_id,
    date = CASE WHEN recipient.message_id = excluded.message_id THEN recipient.date END,
    digest = CASE WHEN recipient.message_id = excluded.message_id THEN recipient.digest END
WHERE recipient.status = 'withdrawn';

-- name: choose
-- Which of those that wait for one address may leave now: all of them once it has taken one, until then the first.
UPDATE recipient
SET selected = (:anybody OR json_extract(fields, '$.copy_of.identity') IN (SELECT value FROM json_each(:only)))
    AND (
        EXISTS (
            SELECT 1 FROM recipient
            WHERE campaign = :copies AND status = 'sent' AND substr(identity, instr(identity, ' ') + 1) = :to)
        OR id = (
            SELECT min(id) FROM recipient
            WHERE campaign = :copies AND status IN ('pending', 'deferred')
                AND substr(identity, instr(identity, ' ') + 1) = :to
                AND (:anybody OR json_extract(fields, '$.copy_of.identity') IN (SELECT value FROM json_each(:only)))))
WHERE campaign = :copies AND status IN ('pending', 'deferred') AND substr(identity, instr(identity, ' ') + 1) = :to;

-- name: suppress_copies
-- Those for an address that is put on the suppression list, in every campaign.
UPDATE recipient SET status = 'suppressed', due = ''
WHERE campaign IN (SELECT number FROM campaign WHERE id LIKE '%' || char(9) || 'copies')
    AND status IN ('pending', 'deferred') AND substr(identity, instr(identity, ' ') + 1) = :identity;

-- name: unsuppress_copies
UPDATE recipient SET status = 'pending'
WHERE campaign IN (SELECT number FROM campaign WHERE id LIKE '%' || char(9) || 'copies')
    AND status = 'suppressed' AND substr(identity, instr(identity, ' ') + 1) = :identity;

-- name: to_settle
-- What the user may settle: what went to an address, or has a Message-ID, or all of it.
SELECT id, address, status FROM recipient
WHERE campaign = :copies AND status IN (SELECT value FROM json_each(:statuses))
    AND (:to = '' OR substr(identity, instr(identity, ' ') + 1) = :to OR message_id = '<' || :to || '>')
ORDER BY id;

-- name: went_to
-- Where copies of the message with a call-back code have gone, or may have.
SELECT DISTINCT address FROM recipient
WHERE campaign = (SELECT number FROM campaign WHERE id = :campaign || char(9) || 'copies')
    AND status IN ('sent', 'in_doubt') AND json_extract(fields, '$.code') = :code
ORDER BY id;
