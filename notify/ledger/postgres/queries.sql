-- Statements of the room that PostgreSQL says in another way, by their names in ../queries.sql and ../copies.sql. What they
-- are for stands there. All others are the same text for both.

-- name: repeated
SELECT now.address, now.origin, now.status IN ('pending', 'deferred') AS waits
FROM recipient before
JOIN recipient now ON now.campaign = :campaign AND (now.identity = before.identity OR now.key = before.key)
    AND now.language = before.language
WHERE before.campaign = :other AND before.version = :version AND before.status IN ('sent', 'in_doubt')
    AND before.language || ' ' || before.form || ' ' || now.form IN (
        SELECT jsonb_array_elements_text(CAST(:texts AS jsonb)))
    AND (now.fields = before.fields OR NOT EXISTS (
        SELECT 1 FROM json_tree(before.fields) b JOIN json_tree(now.fields) n ON n.fullkey = b.fullkey
        WHERE n.atom IS DISTINCT FROM b.atom))
    AND (now.status IN ('sent', 'in_doubt') OR (
        now.status IN ('pending', 'deferred') AND now.round = :round AND now.selected AND now.opted_out = ''
        AND NOT EXISTS (SELECT 1 FROM suppression s WHERE s.identity = now.identity)))
ORDER BY now.id;

-- name: changed_files
WITH file AS (
    SELECT status IN ('sent', 'in_doubt') AS is_sent, f.key AS name, f.value AS digest, count(*) AS count
    FROM recipient, jsonb_each_text(coalesce(CAST(recipient.fields AS jsonb) -> 'files', '{}')) f
    WHERE campaign = :campaign
        AND (status IN ('sent', 'in_doubt') OR (status IN ('pending', 'deferred') AND round = :round))
    GROUP BY 1, 2, 3)
SELECT w.name COLLATE "C" AS name, w.count AS waits FROM file w
WHERE NOT w.is_sent AND EXISTS (SELECT 1 FROM file s WHERE s.is_sent AND s.name = w.name)
    AND NOT EXISTS (SELECT 1 FROM file s WHERE s.is_sent AND s.name = w.name AND s.digest = w.digest)
ORDER BY 1 LIMIT :most;

-- name: anybody_reached
SELECT 1 FROM tally WHERE campaign = :campaign AND begun HAVING sum(count) > 0;

-- name: day_written
SELECT json_extract(v.parts, '$.written') AS day FROM campaign c JOIN version v ON v.campaign = c.number
WHERE c.id = :id AND (SELECT sum(count) > 0 FROM tally t WHERE t.campaign = c.number AND t.begun)
ORDER BY v.number DESC LIMIT 1;

-- name: told
SELECT told FROM enrolment
WHERE campaign = :campaign AND made_from = :made_from AND NOT EXISTS (
    SELECT 1 FROM tally
    WHERE campaign = :campaign AND status IN ('pending', 'deferred')
        AND round < (SELECT round FROM campaign WHERE number = :campaign)
    HAVING sum(count) > 0);

-- name: enrol
-- Here each page has room for what its rows will grow by.
INSERT INTO recipient (key, identity, address, name, language, form, salutation, origin, fields, person,
                       shared_salutation, row_digest, opted_out, selected, campaign, round, message_id, status)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending');

-- name: enrol_many
-- As COPY takes them: "enrol" with many values, in their order.
COPY recipient (key, identity, address, name, language, form, salutation, origin, fields, person,
                shared_salutation, row_digest, opted_out, selected, campaign, round, message_id, status)
FROM STDIN (FORMAT binary);

-- name: enrol_many_secured
-- The same where rows are secured, as COPY is not for whoever is no owner then.
INSERT INTO recipient (key, identity, address, name, language, form, salutation, origin, fields, person,
                       shared_salutation, row_digest, opted_out, selected, campaign, round, message_id, status)
SELECT * FROM unnest(
    CAST(? AS text[]), CAST(? AS text[]), CAST(? AS text[]), CAST(? AS text[]), CAST(? AS text[]), CAST(? AS text[]),
    CAST(? AS text[]), CAST(? AS text[]), CAST(? AS text[]), CAST(? AS text[]), CAST(? AS text[]), CAST(? AS bytea[]),
    CAST(? AS text[]), CAST(? AS boolean[]), CAST(? AS bigint[]), CAST(? AS bigint[]), CAST(? AS text[]),
    CAST(? AS text[]));

-- name: is_secured
-- Whether only some rows are for whoever asks.
SELECT row_security_active('recipient') AS is_so;

-- name: whole_made_from
-- "made_from" with all of its columns.
SELECT * FROM recipient WHERE campaign = :campaign AND row_digest = :row_digest;

-- name: following
-- Who was enrolled behind a recipient.
SELECT * FROM recipient WHERE campaign = :campaign AND id > :id AND id <= :last ORDER BY id LIMIT :most;

-- name: seen_many
-- "seen" for many, each list in the same order.
UPDATE recipient
SET round = s.round, key = s.key, origin = s.origin, person = s.person, shared_salutation = s.shared_salutation,
    row_digest = s.row_digest, opted_out = s.opted_out, selected = s.selected
FROM unnest(
    CAST(:id AS bigint[]), CAST(:round AS bigint[]), CAST(:key AS text[]), CAST(:origin AS text[]),
    CAST(:person AS text[]), CAST(:shared_salutation AS text[]), CAST(:row_digest AS bytea[]),
    CAST(:opted_out AS text[]), CAST(:selected AS boolean[]))
    AS s (id, round, key, origin, person, shared_salutation, row_digest, opted_out, selected)
WHERE recipient.id = s.id;

-- name: still_waiting
SELECT coalesce(CAST(sum(count) AS bigint), 0) AS count FROM tally
WHERE campaign = :campaign AND status IN ('pending', 'deferred');

-- name: forget_excluded
DROP TABLE IF EXISTS pg_temp.excluded;

-- name: make_excluded
CREATE TEMP TABLE excluded (identity text COLLATE "C" PRIMARY KEY) ON COMMIT DROP;

-- name: exclude
INSERT INTO pg_temp.excluded VALUES (:identity) ON CONFLICT DO NOTHING;

-- name: missing_and_not_excluded
SELECT address, origin FROM recipient
WHERE campaign = :campaign AND status IN ('pending', 'deferred') AND round < :round
    AND NOT EXISTS (SELECT 1 FROM pg_temp.excluded e WHERE e.identity = recipient.identity)
ORDER BY id;

-- name: without_text
SELECT language, form, address, origin, salutation FROM recipient
WHERE campaign = :campaign AND status IN ('pending', 'deferred') AND selected AND opted_out = ''
    AND round = (SELECT round FROM campaign WHERE number = :campaign)
    AND language || ' ' || form NOT IN (SELECT jsonb_array_elements_text(CAST(:texts AS jsonb)))
    AND NOT EXISTS (SELECT 1 FROM suppression s WHERE s.identity = recipient.identity)
ORDER BY id;

-- name: lift_suppressed
UPDATE recipient SET status = 'pending'
WHERE campaign = :campaign AND status = 'suppressed' AND round = :round AND opted_out = ''
    AND NOT EXISTS (
        SELECT 1 FROM suppression s WHERE s.identity = substr(recipient.identity, instr(recipient.identity, ' ') + 1));

-- name: set_suppressed_aside
UPDATE recipient SET status = 'suppressed', due = ''
WHERE campaign = :campaign AND status IN ('pending', 'deferred')
    AND (opted_out <> '' OR EXISTS (
        SELECT 1 FROM suppression s WHERE s.identity = substr(recipient.identity, instr(recipient.identity, ' ') + 1)));

-- name: latest_attempt
-- From relay to relay through the index: it is read at as many places as there are relays.
WITH RECURSIVE known (relay) AS (
    SELECT min(relay) FROM attempt WHERE relay > ''
    UNION ALL
    SELECT (SELECT min(a.relay) FROM attempt a WHERE a.relay > k.relay) FROM known k WHERE k.relay IS NOT NULL)
SELECT max((SELECT max(a.time) FROM attempt a WHERE a.relay = k.relay)) AS time FROM known k;

-- name: sending_days
SELECT day, tried, accepted FROM sending_days_of(:relay) ORDER BY day;

-- name: troubles
SELECT day, phase, reply FROM troubles_of(:relay);

-- name: handed_over
-- A limit below 0 is none.
SELECT time, address FROM attempt
WHERE relay = :relay AND time BETWEEN :since AND :until AND phase IN ('mail', 'rcpt', 'data', 'body', 'dot')
ORDER BY time DESC LIMIT CASE WHEN :most >= 0 THEN :most END;

-- name: counts
SELECT status, CAST(sum(count) AS bigint) AS count FROM tally
WHERE campaign = :campaign GROUP BY status HAVING sum(count) <> 0;

-- name: counts_in_the_files
SELECT status, CAST(sum(count) AS bigint) AS count FROM tally
WHERE campaign = :campaign AND round = (SELECT round FROM campaign WHERE number = :campaign)
GROUP BY status HAVING sum(count) <> 0;

-- name: on_the_list
SELECT coalesce(CAST(sum(count) AS bigint), 0) AS count FROM tally
WHERE campaign = :campaign AND status = 'suppressed' AND NOT opted_out
    AND round = (SELECT round FROM campaign WHERE number = :campaign);

-- name: next_due
SELECT min(CASE WHEN d.due > :beyond THEN :now ELSE d.due END) AS due FROM deferral d
WHERE d.campaign = :campaign AND d.status = 'deferred'
    AND (:whoever OR EXISTS (
        SELECT 1 FROM recipient r
        WHERE r.id = d.recipient AND r.round = (SELECT round FROM campaign WHERE number = :campaign) AND r.selected
            AND (:anybody OR r.identity IN (SELECT jsonb_array_elements_text(CAST(:only AS jsonb))))));

-- name: waiting
-- Whoever is deferred and not due is among the deferrals; all others who wait are waiting now.
SELECT CASE WHEN :anybody THEN (
        SELECT coalesce(CAST(sum(count) AS bigint), 0) FROM tally
        WHERE campaign = :campaign AND status IN ('pending', 'deferred') AND selected
            AND round = (SELECT round FROM campaign WHERE number = :campaign)
    ) - (
        SELECT count(*) FROM deferral d JOIN recipient r ON r.id = d.recipient
        WHERE d.campaign = :campaign AND d.status = 'deferred' AND d.due > :now AND d.due <= :beyond AND r.selected
            AND r.round = (SELECT round FROM campaign WHERE number = :campaign)
    ) ELSE (
        SELECT count(*) FROM recipient
        WHERE campaign = :campaign AND identity IN (SELECT jsonb_array_elements_text(CAST(:only AS jsonb)))
            AND (status = 'pending' OR (status = 'deferred' AND (due <= :now OR due > :beyond)))
            AND round = (SELECT round FROM campaign WHERE number = :campaign) AND selected
    ) END AS count;

-- name: attempts
SELECT a.id, a.time, r.key, a.address, a.message_id, a.relay, a.phase, a.reply, a.status, a.scope,
    CASE WHEN r.campaign = :copies THEN json_extract(r.fields, '$.copy_of.to') ELSE '' END AS copy_of
FROM attempt a JOIN recipient r ON r.id = a.recipient
WHERE r.campaign IN (:campaign, :copies) AND a.id > :after AND (NOT :failed OR a.status <> 'sent')
ORDER BY a.id;

-- name: suppress_copies
UPDATE recipient SET status = 'suppressed', due = ''
WHERE campaign IN (SELECT number FROM campaign WHERE id LIKE '%' || chr(9) || 'copies')
    AND status IN ('pending', 'deferred') AND substr(identity, instr(identity, ' ') + 1) = :identity;

-- name: unsuppress_copies
UPDATE recipient SET status = 'pending'
WHERE campaign IN (SELECT number FROM campaign WHERE id LIKE '%' || chr(9) || 'copies')
    AND status = 'suppressed' AND substr(identity, instr(identity, ' ') + 1) = :identity;

-- name: went_to
SELECT address FROM recipient
WHERE campaign = (SELECT number FROM campaign WHERE id = :campaign || chr(9) || 'copies')
    AND status IN ('sent', 'in_doubt') AND json_extract(fields, '$.code') = :code
GROUP BY address ORDER BY min(id);

-- name: compact_tallies
SELECT compact_tallies();

-- name: note_doubts
-- Not of whom a worker is handing over while its lease is not over. A lease that is over is ended by this, so that its
-- owner records nothing any more; one that is being renewed at this moment is left alone.
WITH ended AS (
    UPDATE portion SET owner = '', lease_until = NULL
    WHERE id IN (
        SELECT id FROM portion
        WHERE campaign = :campaign AND NOT done AND lease_until < clock_timestamp()
        FOR UPDATE SKIP LOCKED)
    RETURNING id)
INSERT INTO attempt (recipient, time, address, relay, phase, reply, status, scope, message_id)
SELECT r.id, :now, r.address, r.relay, 'dot', 'the run ended before the answer was recorded', 'in_doubt', 'relay',
    r.message_id
FROM recipient r LEFT JOIN portion p ON p.campaign = r.campaign AND NOT p.done AND p.owner <> ''
        AND r.run = p.id || '/' || p.epoch
WHERE r.campaign = :campaign AND r.status = 'in_flight' AND (p.id IS NULL OR p.id IN (SELECT id FROM ended))
    AND (SELECT sum(count) > 0 FROM tally WHERE campaign = :campaign AND status = 'in_flight');

-- name: recover_in_flight
UPDATE recipient r SET status = 'in_doubt'
WHERE campaign = :campaign AND status = 'in_flight' AND NOT EXISTS (
    SELECT 1 FROM portion p WHERE p.campaign = r.campaign AND NOT p.done AND p.owner <> ''
        AND r.run = p.id || '/' || p.epoch)
    AND (SELECT sum(count) > 0 FROM tally WHERE campaign = :campaign AND status = 'in_flight');

-- name: recover_claimed
-- Here as below: where the tally tells that there is nobody, nobody is looked for among millions.
UPDATE recipient SET status = 'pending' WHERE campaign = :campaign AND status = 'claimed'
    AND (SELECT sum(count) > 0 FROM tally WHERE campaign = :campaign AND status = 'claimed');

-- name: note_expired
INSERT INTO attempt (recipient, time, address, relay, phase, reply, status, scope, message_id)
SELECT id, :now, address, '', '', 'the deadline of the campaign has passed', 'expired', '', message_id
FROM recipient WHERE campaign = :campaign AND status IN ('pending', 'deferred')
    AND (SELECT sum(count) > 0 FROM tally WHERE campaign = :campaign AND status IN ('pending', 'deferred'));

-- name: expire
UPDATE recipient SET status = 'expired', due = '' WHERE campaign = :campaign AND status IN ('pending', 'deferred')
    AND (SELECT sum(count) > 0 FROM tally WHERE campaign = :campaign AND status IN ('pending', 'deferred'));

-- name: unexpire
UPDATE recipient SET status = 'pending'
WHERE campaign = :campaign AND status = 'expired' AND opted_out = ''
    AND round = (SELECT round FROM campaign WHERE number = :campaign)
    AND (SELECT sum(count) > 0 FROM tally WHERE campaign = :campaign AND status = 'expired');

-- name: tries
-- Here others may be handing over at this moment: whoever is in flight has a try that is no attempt yet.
SELECT a.recipient, a.message_id FROM recipient r JOIN attempt a ON a.recipient = r.id
WHERE r.campaign = :campaign
UNION ALL
SELECT id, message_id FROM recipient WHERE campaign = :campaign AND status = 'in_flight'
ORDER BY recipient;
