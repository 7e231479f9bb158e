-- Every statement of the ledger, with a sentence each. Parameters are named; nothing is ever pasted in.

-- name: holder
-- Which run holds the lock.
SELECT pid, host, since FROM holder;

-- name: record_holder
-- The run that has just got the lock.
INSERT INTO holder (one, pid, host, since) VALUES (1, :pid, :host, :since)
ON CONFLICT (one) DO UPDATE SET pid = :pid, host = :host, since = :since;

-- name: register_campaign
-- Make a campaign known; a known one keeps its secret.
INSERT INTO campaign (id, secret, created) VALUES (:id, :secret, :created)
ON CONFLICT (id) DO NOTHING;

-- name: campaign
SELECT number, id, secret, rendered FROM campaign WHERE id = :id;

-- name: campaigns
SELECT number, id, secret, rendered FROM campaign ORDER BY number;

-- name: latest_version
SELECT number, parts FROM version WHERE campaign = :campaign ORDER BY number DESC LIMIT 1;

-- name: record_version
INSERT INTO version (campaign, number, recorded, fingerprint, parts)
VALUES (:campaign, :number, :recorded, :fingerprint, :parts);

-- name: other_versions
SELECT v.campaign, v.number, v.parts, c.id, c.secret, c.rendered FROM version v JOIN campaign c ON c.number = v.campaign
WHERE v.campaign <> :campaign ORDER BY v.campaign, v.number;

-- name: all_versions
SELECT v.campaign, v.number, v.parts, c.id, c.secret, c.rendered FROM version v JOIN campaign c ON c.number = v.campaign
ORDER BY v.campaign, v.number;

-- name: version_sent
-- When the messages of a version were sent, the first and the last one; in doubt is probably sent.
SELECT min(a.time) AS first, max(a.time) AS last FROM recipient r JOIN attempt a ON a.recipient = r.id
WHERE r.campaign = :campaign AND r.version = :version AND a.status IN ('sent', 'in_doubt');

-- name: repeated
-- Who was sent a version in another campaign and waits in this one, or was sent to in both, by address or key. What the
-- template names of them must be the same. Each of the texts is a language, the form then and the form now.
SELECT now.address, now.origin, now.status IN ('pending', 'deferred') AS waits
FROM recipient before
JOIN recipient now ON now.campaign = :campaign AND (now.identity = before.identity OR now.key = before.key)
    AND now.language = before.language
WHERE before.campaign = :other AND before.version = :version AND before.status IN ('sent', 'in_doubt')
    AND before.language || ' ' || before.form || ' ' || now.form IN (SELECT value FROM json_each(:texts))
    AND (now.fields = before.fields OR NOT EXISTS (
        SELECT 1 FROM json_tree(before.fields) b JOIN json_tree(now.fields) n ON n.fullkey = b.fullkey
        WHERE n.atom IS NOT b.atom))
    AND (now.status IN ('sent', 'in_doubt') OR (
        now.status IN ('pending', 'deferred') AND now.round = :round AND now.selected AND now.opted_out = ''
        AND now.identity NOT IN (SELECT identity FROM suppression)))
ORDER BY now.id;

-- name: without_text
-- Who is to be sent to and has no text: those that there are, each a language and a form, are for others.
SELECT language, form, address, origin, salutation FROM recipient
WHERE campaign = :campaign AND status IN ('pending', 'deferred') AND selected AND opted_out = ''
    AND round = (SELECT round FROM campaign WHERE number = :campaign)
    AND language || ' ' || form NOT IN (SELECT value FROM json_each(:texts))
    AND identity NOT IN (SELECT identity FROM suppression)
ORDER BY id;

-- name: changed_files
-- The files of their own that some wait for, under a name under which others were sent other octets.
WITH file AS (
    SELECT status IN ('sent', 'in_doubt') AS is_sent, f.key AS name, f.value AS digest, count(*) AS count
    FROM recipient, json_each(recipient.fields, '$.files') f
    WHERE campaign = :campaign
        AND (status IN ('sent', 'in_doubt') OR (status IN ('pending', 'deferred') AND round = :round))
    GROUP BY 1, 2, 3)
SELECT w.name, w.count AS waits FROM file w
WHERE NOT w.is_sent AND EXISTS (SELECT 1 FROM file s WHERE s.is_sent AND s.name = w.name)
    AND NOT EXISTS (SELECT 1 FROM file s WHERE s.is_sent AND s.name = w.name AND s.digest = w.digest)
ORDER BY w.name LIMIT :most;

-- name: anybody_reached
-- Whether a final dot has ever been about to leave for anybody.
SELECT 1 FROM recipient WHERE campaign = :campaign AND digest IS NOT NULL LIMIT 1;

-- name: day_written
-- On which day the version in force was written, if a final dot has ever been about to leave for anybody.
SELECT json_extract(v.parts, '$.written') AS day FROM campaign c JOIN version v ON v.campaign = c.number
WHERE c.id = :id AND EXISTS (SELECT 1 FROM recipient r WHERE r.campaign = c.number AND r.digest IS NOT NULL)
ORDER BY v.number DESC LIMIT 1;

-- name: told
-- What the latest enrolment told, if it was made from the same. Not while somebody waits whom it did not find, as by the
-- user's word: that one is for the next enrolment to withdraw.
SELECT told FROM enrolment
WHERE campaign = :campaign AND made_from = :made_from AND NOT EXISTS (
    SELECT 1 FROM recipient
    WHERE campaign = :campaign AND status IN ('pending', 'deferred')
        AND round < (SELECT round FROM campaign WHERE number = :campaign));

-- name: told_last
-- The same whatever it was made from.
SELECT told FROM enrolment JOIN campaign ON campaign.number = enrolment.campaign WHERE campaign.id = :id;

-- name: forget_enrolment
DELETE FROM enrolment WHERE campaign = :campaign;

-- name: remember_enrolment
INSERT INTO enrolment (campaign, made_from, told) VALUES (:campaign, :made_from, :told)
ON CONFLICT (campaign) DO UPDATE SET made_from = excluded.made_from, told = excluded.told;

-- name: next_round
UPDATE campaign SET round = round + 1, rendered = :version WHERE number = :campaign;

-- name: round
SELECT round FROM campaign WHERE number = :campaign;

-- name: with_address
SELECT * FROM recipient WHERE campaign = :campaign AND identity = :identity;

-- name: recipient
SELECT * FROM recipient WHERE id = :id;

-- name: known_recipients
-- Everybody whom earlier enrolments have brought in, for those who sort the rows of the files.
SELECT id, key, identity, address, name, person, origin, round, status IN ('sent', 'in_doubt'), coalesce((
    SELECT address FROM attempt WHERE recipient = recipient.id AND status = 'withdrawn' ORDER BY id DESC LIMIT 1), ''),
    coalesce((
        SELECT r.identity FROM attempt a JOIN recipient r ON r.campaign = :campaign AND r.identity = a.address
        WHERE a.recipient = recipient.id AND a.status = 'withdrawn' AND r.id <> recipient.id
            AND r.status IN ('sent', 'in_doubt')
        ORDER BY a.id DESC LIMIT 1), '')
FROM recipient WHERE campaign = :campaign;

-- name: vacate
-- Somebody else has this address now; its recipient gets another one before the enrolment ends, or none, and is not what
-- its row would be made into.
UPDATE recipient SET identity = 'moves ' || id, row_digest = NULL WHERE id = :id;

-- name: note_move
-- Once for each new address, in the log: it is not written to.
INSERT INTO attempt (recipient, time, address, relay, phase, reply, status, scope, message_id)
SELECT id, :now, :identity, '', '', 'not sent again: ' || :reply, 'withdrawn', '', ''
FROM recipient
WHERE id = :id AND NOT EXISTS (
    SELECT 1 FROM attempt WHERE recipient = :id AND status = 'withdrawn' AND address = :identity);

-- name: enrol
-- In the place of the run stands as much as "begin" will write, so that the row stays where it is then: grown by that, each
-- page of some eight rows would have to be parted.
INSERT INTO recipient (key, identity, address, name, language, form, salutation, origin, fields, person,
                       shared_salutation, row_digest, opted_out, selected, campaign, round, message_id, status, run)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', hex(zeroblob(54)));

-- name: made_from
-- Whom an earlier enrolment made from the same row by the same rules.
SELECT key, identity, address, name, language, form, salutation, origin, fields, person, shared_salutation,
       opted_out, row_digest
FROM recipient WHERE campaign = :campaign AND row_digest = :row_digest;

-- name: refresh
-- A recipient whose row has changed; a message that was made for it before is not the same any more. At another address
-- it waits for nothing.
UPDATE recipient
SET due = CASE WHEN identity = :identity THEN due ELSE '' END, key = :key, identity = :identity, address = :address,
    name = :name, language = :language, form = :form, salutation = :salutation, origin = :origin, fields = :fields,
    person = :person, shared_salutation = :shared_salutation, row_digest = :row_digest, opted_out = :opted_out,
    selected = :selected, round = :round, message_id = :message_id, date = NULL, digest = NULL
WHERE id = :id;

-- name: bring_back
-- Whoever had left the files and is there again, or failed at an address that was mended, waits again.
UPDATE recipient SET status = 'pending', due = '' WHERE id = :id;

-- name: anybody
SELECT 1 FROM recipient WHERE campaign = :campaign LIMIT 1;

-- name: newest
-- The highest number of a recipient.
SELECT coalesce(max(id), 0) AS id FROM recipient;

-- name: failed_and_gone
-- Who failed and was not given in this round.
SELECT id, key, identity, person, name, origin FROM recipient
WHERE campaign = :campaign AND status = 'failed' AND round < :round ORDER BY id;

-- name: new_in_this_round
SELECT id, key, identity, person, name, origin FROM recipient
WHERE campaign = :campaign AND id > :known_before ORDER BY id;

-- name: remove_recipient
-- Only one that was enrolled in this very transaction: nothing has been tried, and nothing refers to it.
DELETE FROM recipient WHERE id = :id;

-- name: seen
-- Given again; where it stands in the files may have changed, whatever else stays.
UPDATE recipient
SET round = :round, key = :key, origin = :origin, person = :person, shared_salutation = :shared_salutation,
    row_digest = :row_digest, opted_out = :opted_out, selected = :selected
WHERE id = :id;

-- name: forget_rejections
-- Only the rows that the latest enrolment could not take are kept.
DELETE FROM rejection WHERE campaign = :campaign;

-- name: reject
INSERT INTO rejection (campaign, origin, reason) VALUES (:campaign, :origin, :reason);

-- name: rejected
SELECT count(*) AS count FROM rejection WHERE campaign = :campaign;

-- name: still_waiting
-- How many wait before anybody is given.
SELECT count(*) AS count FROM recipient WHERE campaign = :campaign AND status IN ('pending', 'deferred');

-- name: forget_excluded
DROP TABLE IF EXISTS temp.excluded;

-- name: make_excluded
-- Those whose rows still stand in the files, though the campaign is not for them any more.
CREATE TEMP TABLE excluded (identity TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

-- name: exclude
INSERT OR IGNORE INTO temp.excluded VALUES (:identity);

-- name: missing
-- Who waits and was not given in this round.
SELECT address, origin FROM recipient
WHERE campaign = :campaign AND status IN ('pending', 'deferred') AND round < :round
ORDER BY id;

-- name: missing_and_not_excluded
-- Of those, whoever has no row in the files any more.
SELECT address, origin FROM recipient
WHERE campaign = :campaign AND status IN ('pending', 'deferred') AND round < :round
    AND identity NOT IN (SELECT identity FROM temp.excluded)
ORDER BY id;

-- name: withdraw_missing
-- Whoever waits and was not given in this round has left the contact files.
UPDATE recipient SET status = 'withdrawn', due = ''
WHERE campaign = :campaign AND status IN ('pending', 'deferred') AND round < :round;

-- name: lift_suppressed
-- Whoever is given, wants mail and is no longer on the suppression list waits again.
UPDATE recipient SET status = 'pending'
WHERE campaign = :campaign AND status = 'suppressed' AND round = :round AND opted_out = ''
    AND substr(identity, instr(identity, ' ') + 1) NOT IN (SELECT identity FROM suppression);

-- name: set_suppressed_aside
-- Whoever waits, and opted out or is on the suppression list, is not written to. With an empty list no address is looked at.
UPDATE recipient SET status = 'suppressed', due = ''
WHERE campaign = :campaign AND status IN ('pending', 'deferred')
    AND (opted_out <> '' OR (
        EXISTS (SELECT 1 FROM suppression)
        AND substr(identity, instr(identity, ' ') + 1) IN (SELECT identity FROM suppression)));

-- name: suppress_everywhere
-- At once, in every campaign: a run beside us finds it out before its next dot. With the campaigns named, an index leads
-- to the one recipient in each; without them all recipients are looked through.
UPDATE recipient SET status = 'suppressed', due = ''
WHERE campaign IN (SELECT number FROM campaign) AND identity = :identity AND status IN ('pending', 'deferred');

-- name: unsuppress_everywhere
UPDATE recipient SET status = 'pending'
WHERE campaign IN (SELECT number FROM campaign) AND identity = :identity AND status = 'suppressed' AND opted_out = '';

-- name: suppress
INSERT INTO suppression (identity, reason, time) VALUES (:identity, :reason, :now)
ON CONFLICT (identity) DO NOTHING;

-- name: unsuppress
DELETE FROM suppression WHERE identity = :identity;

-- name: forget_suppressions
DELETE FROM suppression;

-- name: everybody
-- Everybody in every campaign, to find out for whom a token stands.
SELECT c.id AS campaign, c.secret, substr(r.identity, instr(r.identity, ' ') + 1) AS identity
FROM campaign c JOIN recipient r ON r.campaign = c.number;

-- name: suppressions
SELECT identity, reason, time FROM suppression ORDER BY identity;

-- name: suppression
SELECT identity, reason, time FROM suppression WHERE identity = :identity;

-- name: deferred_and_due
-- Those who were deferred and are due, the longest due first, and are not in the hands of the run already. A moment that no
-- deferral reaches was written while the clock was wrong. Who has left the contact files is not claimed, however it came to
-- wait again beside this run.
SELECT id, key, address, name, language, form, salutation, fields, message_id, date, digest,
    (SELECT printed FROM code WHERE recipient = r.id) AS code, identity,
    (SELECT count(*) FROM attempt WHERE recipient = r.id AND message_id = r.message_id) AS tries
FROM recipient r
WHERE campaign = :campaign AND status = 'deferred' AND (due <= :now OR due > :beyond)
    AND round = (SELECT round FROM campaign WHERE number = :campaign)
    AND selected AND (:anybody OR identity IN (SELECT value FROM json_each(:only)))
    AND substr(identity, instr(identity, '@') + 1) NOT IN (SELECT value FROM json_each(:without))
    AND id NOT IN (SELECT CAST(value AS bigint) FROM json_each(:held))
ORDER BY due, id LIMIT :most;

-- name: next_pending
-- Those who were not tried yet, in the order of the files; then those whose try was the relay's trouble.
SELECT id, key, address, name, language, form, salutation, fields, message_id, date, digest,
    (SELECT printed FROM code WHERE recipient = r.id) AS code, identity,
    (SELECT count(*) FROM attempt WHERE recipient = r.id AND message_id = r.message_id) AS tries
FROM recipient r
WHERE campaign = :campaign AND status = 'pending'
    AND round = (SELECT round FROM campaign WHERE number = :campaign)
    AND selected AND (:anybody OR identity IN (SELECT value FROM json_each(:only)))
    AND substr(identity, instr(identity, '@') + 1) NOT IN (SELECT value FROM json_each(:without))
    AND id NOT IN (SELECT CAST(value AS bigint) FROM json_each(:held))
ORDER BY due, id LIMIT :most;

-- name: begin
-- Crosses the line for somebody who may: who waits, while nobody has suppressed the address. In the identity of a copy a
-- mark and a blank stand before the address (copies.sql). For as many as leave (for_rows), with the digest and date of each.
UPDATE recipient SET status = 'in_flight', version = ?, relay = ?, run = ?, digest = leaving.column2, date = leaving.column3
FROM (VALUES
    (CAST(? AS bigint), ?, ?)
) AS leaving
WHERE recipient.id = leaving.column1 AND status IN ('pending', 'deferred')
    AND NOT EXISTS (SELECT 1 FROM suppression s WHERE s.identity = substr(recipient.identity, instr(recipient.identity, ' ') + 1));

-- name: begun
-- Who of these has crossed the line in a run.
SELECT id FROM recipient
WHERE id IN (SELECT CAST(value AS bigint) FROM json_each(:recipients)) AND status = 'in_flight' AND run = :run;

-- name: tries
-- The Message-ID of each try; those of one recipient follow each other.
SELECT a.recipient, a.message_id FROM recipient r JOIN attempt a ON a.recipient = r.id
WHERE r.campaign = :campaign
ORDER BY a.recipient;

-- name: waiting_with_settled_doubts
-- Who waits, with how many messages only the journals knew of, for which the recipient was set aside in doubt before.
SELECT r.id, r.identity, r.status, (SELECT count(*) FROM attempt WHERE recipient = r.id AND relay = 'journal') AS settled
FROM recipient r WHERE r.campaign = :campaign AND r.status IN ('pending', 'deferred');

-- name: settled_doubts
-- The same number for one recipient.
SELECT count(*) FROM attempt WHERE recipient = :id AND relay = 'journal';

-- name: take_as_handed_over
-- One step of the way on which a message is handed over, for one that an earlier state of this ledger has lost. Which
-- message it was is not known any more: no message has an empty digest.
UPDATE recipient SET status = :status, digest = '', due = '' WHERE id = :id AND status = :from_status;

-- name: latest_attempt
-- The latest moment at which a try was recorded; read from the index by relay, which is small. Whoever expired has an
-- attempt without a relay: that is no try, and its time may come from a wrong clock.
SELECT max(time) AS time FROM attempt INDEXED BY attempt_relay WHERE relay > '';

-- name: settle
-- What a try came to. Who has crossed the line is this run's, and who has not still waits. A message that was refused for
-- good, or whose dot has never left, need not be the same when it is tried again.
UPDATE recipient
SET (status, due, run, date, digest) = (
    SELECT :status, :due, :run, CASE WHEN is_new THEN NULL ELSE date END, CASE WHEN is_new THEN NULL ELSE digest END
    FROM (SELECT :is_refused OR (:phase <> 'dot' AND NOT EXISTS (
        SELECT 1 FROM attempt a
        WHERE a.recipient = :recipient AND a.phase = 'dot' AND a.message_id = recipient.message_id)) AS is_new) AS tried)
WHERE id = :recipient
    AND CASE WHEN :is_begun THEN status = 'in_flight' AND run = :run ELSE status IN ('pending', 'deferred') END;

-- name: settle_sent
-- The same for what nearly every try comes to, for all of them at once: each statement that a trigger watches keeps the pages
-- that it changes, to undo it.
UPDATE recipient SET status = 'sent', due = ''
WHERE id IN (SELECT CAST(value AS bigint) FROM json_each(:recipients)) AND status = 'in_flight' AND run = :run;

-- name: append_attempts
-- As many as there are (for_rows).
INSERT INTO attempt (recipient, time, address, relay, phase, reply, status, scope, message_id) VALUES
    (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: append_attempt
INSERT INTO attempt (recipient, time, address, relay, phase, reply, status, scope, message_id)
SELECT id, :time, address, :relay, :phase, :reply, :status, :scope, message_id FROM recipient WHERE id = :recipient;

-- name: deferrals
-- When a recipient was deferred at the address that it has now, in the order of the tries, which a clock that is set
-- back does not change. After a failure, a doubt or a deadline it begins anew. A deferral that was taken back does not
-- count: that is the next entry, without a phase.
SELECT time FROM attempt AS deferral
WHERE recipient = :id AND status = 'deferred' AND address = (SELECT address FROM recipient WHERE id = :id)
    AND id > coalesce(
        (SELECT max(id) FROM attempt WHERE recipient = :id AND status IN ('failed', 'expired', 'in_doubt')), 0)
    AND NOT EXISTS (
        SELECT 1 FROM attempt AS note
        WHERE note.id = (SELECT min(id) FROM attempt WHERE recipient = :id AND id > deferral.id)
            AND note.status = 'pending' AND note.phase = '')
ORDER BY id;

-- name: take_back
-- Failed or deferred in this run, though it was not the recipient's fault: behind everybody who was not tried yet. What was
-- refused may be another message; after the dot a relay may have accepted what it deferred, so that must be the same.
UPDATE recipient
SET status = 'pending', due = :due, date = CASE WHEN status = 'failed' THEN NULL ELSE date END,
    digest = CASE WHEN status = 'failed' THEN NULL ELSE digest END
WHERE id = :id AND run = :run AND status IN ('failed', 'deferred');

-- name: recover_claimed
-- Leased by a run of an earlier notify that died: certainly not sent.
UPDATE recipient SET status = 'pending' WHERE campaign = :campaign AND status = 'claimed';

-- name: note_doubts
INSERT INTO attempt (recipient, time, address, relay, phase, reply, status, scope, message_id)
SELECT id, :now, address, relay, 'dot', 'the run ended before the answer was recorded', 'in_doubt', 'relay', message_id
FROM recipient WHERE campaign = :campaign AND status = 'in_flight';

-- name: recover_in_flight
-- Being handed over when a run died: almost surely sent, and only the user may say so.
UPDATE recipient SET status = 'in_doubt' WHERE campaign = :campaign AND status = 'in_flight';

-- name: note_expired
INSERT INTO attempt (recipient, time, address, relay, phase, reply, status, scope, message_id)
SELECT id, :now, address, '', '', 'the deadline of the campaign has passed', 'expired', '', message_id
FROM recipient WHERE campaign = :campaign AND status IN ('pending', 'deferred');

-- name: expire
UPDATE recipient SET status = 'expired', due = '' WHERE campaign = :campaign AND status IN ('pending', 'deferred');

-- name: unexpire
-- Only who still stands in the contact files, and wants mail.
UPDATE recipient SET status = 'pending'
WHERE campaign = :campaign AND status = 'expired' AND opted_out = ''
    AND round = (SELECT round FROM campaign WHERE number = :campaign);

-- name: retry_failed
-- Only who still stands in the contact files.
UPDATE recipient SET status = 'pending', due = ''
WHERE campaign = :campaign AND status = 'failed' AND selected
    AND round = (SELECT round FROM campaign WHERE number = :campaign);

-- name: sent_through
-- Whether a relay has ever taken a message.
SELECT 1 FROM attempt WHERE relay = :relay AND status = 'sent' LIMIT 1;

-- name: answers
-- The latest answers to the final dot, or what became of them. That a run died, or that the user ended the connection,
-- says nothing about the relay.
SELECT a.time, a.status = 'in_doubt' AND r.status = 'in_doubt' AS is_lost
FROM attempt AS a JOIN recipient AS r ON r.id = a.recipient
WHERE a.relay = :relay AND a.phase = 'dot' AND r.campaign = :campaign
    AND a.reply NOT IN ('the run ended before the answer was recorded', 'the connection was ended here')
ORDER BY a.time DESC, a.id DESC LIMIT :most;

-- name: handed_over
-- The latest moments at which this relay was asked to take a message, for the rates.
SELECT time, address FROM attempt
WHERE relay = :relay AND time BETWEEN :since AND :until AND phase IN ('mail', 'rcpt', 'data', 'body', 'dot')
ORDER BY time DESC LIMIT :most;

-- name: sending_days
-- What a relay was asked to take on each day of local time, by any campaign, and how much it accepted: for its ramp.
SELECT date(time, 'localtime') AS day, count(*) AS tried, count(*) FILTER (WHERE status = 'sent') AS accepted FROM attempt
WHERE relay = :relay AND phase IN ('mail', 'rcpt', 'data', 'body', 'dot')
GROUP BY day;

-- name: troubles
-- What a relay said of itself and not of a recipient when it was asked to take a message; what it said twice a day, once.
SELECT DISTINCT date(time, 'localtime') AS day, phase, reply FROM attempt
WHERE relay = :relay AND phase IN ('mail', 'rcpt', 'data', 'body', 'dot') AND status = 'pending' AND scope = 'relay';

-- name: counts
SELECT status, count(*) AS count FROM recipient WHERE campaign = :campaign GROUP BY status;

-- name: next_due
-- When the first deferred recipient is due: of all, or of those whom a run may lease; not who waits for no moment. Whom a
-- wrong clock has put off beyond what any deferral reaches is due now.
SELECT min(CASE WHEN due > :beyond THEN :now ELSE due END) AS due FROM recipient
WHERE campaign = :campaign AND status = 'deferred' AND due > ''
    AND (:whoever OR (
        round = (SELECT round FROM campaign WHERE number = :campaign)
        AND selected AND (:anybody OR identity IN (SELECT value FROM json_each(:only)))));

-- name: waiting
-- How many could be claimed at this moment.
SELECT count(*) AS count FROM recipient
WHERE campaign = :campaign
    AND (status = 'pending' OR (status = 'deferred' AND (due <= :now OR due > :beyond)))
    AND round = (SELECT round FROM campaign WHERE number = :campaign)
    AND selected AND (:anybody OR identity IN (SELECT value FROM json_each(:only)));

-- name: waiting_by_domain
-- At which domains those are, and how many at each.
SELECT substr(identity, instr(identity, '@') + 1) AS domain, count(*) AS count FROM recipient
WHERE campaign = :campaign
    AND (status = 'pending' OR (status = 'deferred' AND (due <= :now OR due > :beyond)))
    AND round = (SELECT round FROM campaign WHERE number = :campaign)
    AND selected AND (:anybody OR identity IN (SELECT value FROM json_each(:only)))
GROUP BY domain ORDER BY count DESC, domain;

-- name: waiting_by_form
-- Of those, at most so many, in the order in which they are claimed: how many read a language and are greeted in a form,
-- how many of them neutrally, and two of them to look at. Where nothing is noted about a greeting, one that names nobody is for
-- several people behind one address. That is found out before they are grouped, so that no texts are sorted with them.
SELECT language, form, count(*) AS count, min(id) AS first, max(id) AS last,
    count(*) FILTER (WHERE is_neutral) AS neutral
FROM (
    SELECT id, language, form,
        coalesce(json_extract(fields, '$.greeting') = 'neutral', salutation = shared_salutation) AS is_neutral
    FROM recipient
    WHERE campaign = :campaign
        AND (status = 'pending' OR (status = 'deferred' AND (due <= :now OR due > :beyond)))
        AND round = (SELECT round FROM campaign WHERE number = :campaign)
        AND selected AND (:anybody OR identity IN (SELECT value FROM json_each(:only)))
    ORDER BY status, due, id LIMIT :most) AS waiting
GROUP BY language, form ORDER BY count DESC, language, form DESC;

-- name: to_render
-- What the message of one recipient is made from.
SELECT salutation, fields, origin, (SELECT printed FROM code WHERE recipient = recipient.id) AS code
FROM recipient WHERE id = :id;

-- name: counts_in_the_files
-- Of those who stand in the contact files.
SELECT status, count(*) AS count FROM recipient
WHERE campaign = :campaign AND round = (SELECT round FROM campaign WHERE number = :campaign)
GROUP BY status;

-- name: on_the_list
-- How many would be written to but for the suppression list.
SELECT count(*) AS count FROM recipient
WHERE campaign = :campaign AND status = 'suppressed' AND opted_out = ''
    AND round = (SELECT round FROM campaign WHERE number = :campaign);

-- name: failed_elsewhere
-- Who failed in another campaign by the own address, with the last answer; not who was reached there by a later message.
SELECT r.identity, c.id AS campaign, a.time, a.reply
FROM campaign c
JOIN recipient r ON r.campaign = c.number AND r.status = 'failed'
JOIN attempt a ON a.id = (SELECT max(id) FROM attempt WHERE recipient = r.id AND status = 'failed')
WHERE c.id <> :id AND a.scope = 'recipient' AND NOT EXISTS (
    SELECT 1 FROM recipient o JOIN attempt t ON t.recipient = o.id AND t.status = 'sent'
    WHERE o.campaign IN (SELECT number FROM campaign) AND o.identity = r.identity AND t.id > a.id)
ORDER BY a.id DESC;

-- name: standing_of
-- Where one address stands.
SELECT key, address, status, due, origin FROM recipient WHERE campaign = :campaign AND identity = :identity;

-- name: with_status
-- Everybody who has a status, with what the last try came to.
SELECT r.key, r.address, r.name, r.origin, r.status, r.due, r.message_id,
       coalesce(json_extract(r.fields, '$.copy_of.to'), '') AS copy_of,
       coalesce(a.time, '') AS time, coalesce(a.relay, '') AS relay, coalesce(a.reply, '') AS reply
FROM recipient r
LEFT JOIN attempt a ON a.id = (SELECT max(id) FROM attempt WHERE recipient = r.id AND status <> 'withdrawn')
WHERE r.campaign = :campaign AND r.status = :status
ORDER BY r.id;

-- name: last_attempt
-- The latest try: the user's word, a doubt that only a journal knew of, and the end of a deadline are none.
SELECT a.id, a.time, r.key, a.address, a.message_id, a.relay, a.phase, a.reply, a.status, a.scope, '' AS copy_of
FROM attempt a JOIN recipient r ON r.id = a.recipient
WHERE r.campaign = :campaign AND a.relay NOT IN ('', 'you', 'journal')
ORDER BY a.id DESC LIMIT 1;

-- name: attempts
-- Every attempt behind the given one, in the order in which they were made; those of copies too, whose they are. The join
-- begins at the attempts: whoever asks for the latest again and again must not go through all recipients each time.
SELECT a.id, a.time, r.key, a.address, a.message_id, a.relay, a.phase, a.reply, a.status, a.scope,
    CASE WHEN r.campaign = :copies THEN json_extract(r.fields, '$.copy_of.to') ELSE '' END AS copy_of
FROM attempt a CROSS JOIN recipient r ON r.id = a.recipient
WHERE r.campaign IN (:campaign, :copies) AND a.id > :after AND (NOT :failed OR a.status <> 'sent')
ORDER BY a.id;

-- name: resolve
-- By the user's word. Sent again it is a new message: the old one's date and digest go.
UPDATE recipient
SET status = :status, due = '',
    date = CASE WHEN :status = 'pending' THEN NULL ELSE date END,
    digest = CASE WHEN :status = 'pending' THEN NULL ELSE digest END
WHERE id = :id AND status = :from_status;

-- name: by_identity
SELECT id, key, address, status FROM recipient WHERE campaign = :campaign AND identity = :identity;

-- name: without_code
-- Who of a campaign was given no code yet.
SELECT id, key, identity, language FROM recipient
WHERE campaign = :campaign AND NOT EXISTS (SELECT 1 FROM code WHERE code.recipient = recipient.id) ORDER BY id;

-- name: how_many_without_code
SELECT count(*) AS count FROM recipient
WHERE campaign = :campaign AND NOT EXISTS (SELECT 1 FROM code WHERE code.recipient = recipient.id);

-- name: codes_given
-- How many of each length, in the whole ledger: a guess hits any of them.
SELECT words, digits, count(*) AS count FROM code GROUP BY words, digits;

-- name: give_code
-- Unless somebody has it.
INSERT INTO code (recipient, printed, words, digits) VALUES (:recipient, :printed, :words, :digits)
ON CONFLICT (lower(replace(printed, ' ', ''))) DO NOTHING;

-- name: code_of
-- The code of whoever has an address in a campaign.
SELECT printed FROM code WHERE recipient = (SELECT id FROM recipient WHERE campaign = :campaign AND identity = :identity);

-- name: with_code
-- Whose a code is, and what became of the message with it: when it was sent, and whether its dot ever left.
SELECT r.id, r.key, r.address, r.name, r.status, r.relay, r.fields, c.printed, m.id AS campaign, v.parts,
    r.digest IS NOT NULL AS is_begun,
    (SELECT max(time) FROM attempt WHERE recipient = r.id AND status IN ('sent', 'in_doubt')) AS sent,
    (SELECT count(*) FROM call WHERE recipient = r.id) AS calls,
    (SELECT max(time) FROM call WHERE recipient = r.id) AS last_call
FROM code c JOIN recipient r ON r.id = c.recipient JOIN campaign m ON m.number = r.campaign
LEFT JOIN version v ON v.campaign = m.number
    AND v.number = coalesce(r.version, (SELECT max(number) FROM version WHERE campaign = m.number))
WHERE lower(replace(c.printed, ' ', '')) = :heard;

-- name: note_call
INSERT INTO call (time, said, recipient, is_sent) VALUES (:time, :said, :recipient, :is_sent);

-- name: calls
-- All calls, the first one first.
SELECT a.time, a.said, a.is_sent, coalesce(m.id, '') AS campaign, coalesce(r.key, '') AS key,
    coalesce(r.address, '') AS address, coalesce(r.name, '') AS name
FROM call a LEFT JOIN recipient r ON r.id = a.recipient LEFT JOIN campaign m ON m.number = r.campaign
ORDER BY a.id;

-- name: verified
-- How many recipients of a campaign have called and said the code of the message that was sent to them.
SELECT count(DISTINCT a.recipient) AS count FROM call a JOIN recipient r ON r.id = a.recipient
WHERE r.campaign = :campaign AND a.is_sent;

-- name: alarms
-- How many calls since a campaign began have named a code that nobody was given, or that was sent to nobody yet.
SELECT count(*) AS count FROM call
WHERE NOT is_sent AND time >= (SELECT created FROM campaign WHERE number = :campaign);

-- name: to_approve
-- Everybody in the files who may be written to, whatever became of them: what their messages are made from, whether they
-- are to be sent to now, and whether the suppression list leaves them out.
SELECT r.identity, r.address, r.name, r.language, r.form, r.salutation, r.origin, r.fields,
    s.identity IS NOT NULL AS is_suppressed,
    r.status IN ('pending', 'deferred') AND r.selected AND s.identity IS NULL
        AND (:anybody OR r.identity IN (SELECT value FROM json_each(:only))) AS waits
FROM recipient r LEFT JOIN suppression s ON s.identity = r.identity
WHERE r.campaign = :campaign AND r.opted_out = ''
    AND r.round = (SELECT round FROM campaign WHERE number = :campaign)
ORDER BY r.id;

-- name: approve
INSERT INTO approval (campaign, time, name, account, is_alone, parts, recipients, marks, seal)
VALUES (:campaign, :time, :name, :account, :is_alone, :parts, :recipients, :marks, :seal);

-- name: approvals
-- All of a campaign, the first one first.
SELECT time, name, account, is_alone, parts, recipients, marks, seal FROM approval WHERE campaign = :campaign ORDER BY id;

-- name: record_probe
INSERT INTO probe (time, address, identity, sender, relay, message_id, code, fate)
VALUES (:time, :address, :identity, :sender, :relay, :message_id, :code, 'waiting');

-- name: see_probe
UPDATE probe SET fate = :fate, seen = :seen, seen_by = :seen_by, told = :told
WHERE message_id = :message_id AND (fate = 'waiting' OR :fate = 'arrived');

-- name: forget_probe
DELETE FROM probe WHERE message_id = :message_id AND fate = 'waiting';

-- name: open_probes
-- Those that are waited for, unless it was too long ago, or too many wrong codes were typed.
SELECT time, address, sender, relay, message_id, code, fate, seen, seen_by, told FROM probe
WHERE fate = 'waiting' AND time >= :since AND wrong < :most_wrong
ORDER BY id;

-- name: count_wrong_code
UPDATE probe SET wrong = wrong + 1 WHERE fate = 'waiting' AND time >= :since AND wrong < :most_wrong;

-- name: latest_probes
-- Of each mailbox the latest of which something is known, and the latest that is waited for; and of each sender and relay
-- the latest of which the receiving server has told something.
SELECT time, address, sender, relay, message_id, fate, seen, seen_by, told FROM probe
WHERE id IN (SELECT max(id) FROM probe GROUP BY identity, fate = 'waiting')
    OR id IN (SELECT max(id) FROM probe WHERE json_extract(told, '$.found') IS NOT NULL GROUP BY sender, relay)
ORDER BY id;
