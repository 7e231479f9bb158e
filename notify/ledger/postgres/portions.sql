-- Every statement about portions, with a sentence each. Parameters are named; nothing is ever pasted in. Moments of leases
-- are those of the server's clock, which all workers share; "due" is text, as everywhere in the ledger.

-- name: wait_to_place
-- Wait until nobody else places recipients of the campaign.
SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ' portions ' || :campaign, 0));

-- name: may_place
-- Whether nobody else does at this moment.
SELECT pg_try_advisory_xact_lock(hashtextextended(current_schema() || ' portions ' || :campaign, 0)) AS is_so;

-- name: place
-- New portions of those who could be claimed now and are in none that is open: in the order of the claims, so many in each,
-- and in each only such as have the same turn. A portion is first..last where nobody else waits between them, and not much
-- else stands there; else those who are meant are named. With a limit they are the first ones.
WITH waiting AS (
    SELECT id, due, row_number() OVER (ORDER BY id) AS place,
        CASE WHEN status = 'deferred' THEN 0 WHEN due = '' THEN 1 ELSE 2 END AS turn,
        (due <= :now OR due > :beyond)
        AND round = (SELECT round FROM campaign WHERE number = :campaign) AND selected
        AND (:anybody OR identity = ANY (CAST(:only AS text[])))
        AND NOT id <@ (SELECT placed(:campaign)) AS is_meant
    FROM recipient WHERE campaign = :campaign AND status IN ('pending', 'deferred')),
meant AS (
    SELECT id, place, turn, due FROM waiting WHERE is_meant
    ORDER BY turn, due, id LIMIT CAST(:most AS bigint)),
sliced AS (
    SELECT id, place, turn, (row_number() OVER (PARTITION BY turn ORDER BY due, id) - 1) / :size AS slice FROM meant)
INSERT INTO portion (campaign, turn, first, last, chosen, placed)
SELECT :campaign, turn, min(id), max(id),
    CASE WHEN max(place) - min(place) + 1 > count(*) OR max(id) - min(id) >= 2 * :size
        THEN array_agg(id ORDER BY id) END, :now
FROM sliced GROUP BY turn, slice ORDER BY turn, slice
RETURNING id, first, last, chosen,
    CASE WHEN turn = 2 THEN placed ELSE '' END AS given_back_by;

-- name: anybody_to_gather
-- Whether anybody waits again whose moment has come.
SELECT 1 FROM deferral WHERE campaign = :campaign AND (due <= :now OR due > :beyond) LIMIT 1;

-- name: many_tallies
-- Whether a campaign has so many counts that it takes long to sum them up.
SELECT count(*) > :most AS is_so FROM (SELECT 1 FROM tally WHERE campaign = :campaign LIMIT :most + 1) AS counted;

-- name: compact
-- Make one row of all that count the same.
WITH gone AS (DELETE FROM tally WHERE campaign = :campaign RETURNING *)
INSERT INTO tally
SELECT campaign, round, selected, opted_out, begun, status, sum(count) FROM gone
GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(count) <> 0;

-- name: gather
-- The same for those only who wait again, deferred and due or given back.
WITH meant AS (
    SELECT r.id, r.due, CASE WHEN r.status = 'deferred' THEN 0 ELSE 2 END AS turn
    FROM deferral d JOIN recipient r ON r.id = d.recipient
    WHERE d.campaign = :campaign AND (d.due <= :now OR d.due > :beyond)
        AND r.round = (SELECT round FROM campaign WHERE number = :campaign) AND r.selected
        AND NOT r.id <@ (SELECT placed(:campaign))),
sliced AS (
    SELECT id, turn, (row_number() OVER (PARTITION BY turn ORDER BY due, id) - 1) / :size AS slice FROM meant)
INSERT INTO portion (campaign, turn, first, last, chosen, placed)
SELECT :campaign, turn, min(id), max(id), array_agg(id ORDER BY id), :now
FROM sliced GROUP BY turn, slice ORDER BY turn, slice
RETURNING id, first, last, chosen,
    CASE WHEN turn = 2 THEN placed ELSE '' END AS given_back_by;

-- name: take
-- Lease the next portion of a campaign that is free, or whose lease is over.
UPDATE portion
SET owner = :owner, epoch = epoch + 1, lease_until = clock_timestamp() + make_interval(secs => :lease_s)
WHERE id = (
    SELECT id FROM portion
    WHERE campaign = :campaign AND NOT done AND (owner = '' OR lease_until < clock_timestamp())
    ORDER BY turn, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, epoch, campaign, first, last, chosen,
    CASE WHEN turn = 2 THEN placed ELSE '' END AS given_back_by;

-- name: take_that
-- Lease one portion, if it is free or its lease is over.
UPDATE portion
SET owner = :owner, epoch = epoch + 1, lease_until = clock_timestamp() + make_interval(secs => :lease_s)
WHERE id = :portion AND NOT done AND (owner = '' OR lease_until < clock_timestamp())
RETURNING id, epoch, campaign, first, last, chosen,
    CASE WHEN turn = 2 THEN placed ELSE '' END AS given_back_by;

-- name: renew
-- The fence: the leases that are still this owner's, from now on as long as new ones.
UPDATE portion p SET lease_until = clock_timestamp() + make_interval(secs => :lease_s)
FROM unnest(CAST(:portions AS bigint[]), CAST(:epochs AS bigint[])) AS held (id, epoch)
WHERE p.id = held.id AND p.epoch = held.epoch AND p.owner = :owner AND NOT p.done AND p.lease_until > clock_timestamp()
RETURNING p.id;

-- name: free
-- Give leases back: whoever is in flight in them is in doubt for the next owner.
UPDATE portion p SET owner = '', lease_until = NULL
FROM unnest(CAST(:portions AS bigint[]), CAST(:epochs AS bigint[])) AS held (id, epoch)
WHERE p.id = held.id AND p.epoch = held.epoch AND p.owner = :owner AND NOT p.done;

-- name: finish
-- Nobody of a portion can be claimed any more, and nobody is in flight: it is done.
UPDATE portion p SET done = true
WHERE p.id = :portion AND p.epoch = :epoch AND p.owner = :owner AND NOT EXISTS (
    SELECT 1 FROM recipient r
    WHERE r.id = ANY (CAST(:members AS bigint[])) AND r.campaign = :campaign
        AND (r.status = 'in_flight' AND r.run LIKE p.id || '/%'
            OR (r.status = 'pending' AND r.due <= :given_back_by OR r.status = 'deferred' AND r.due <= :now OR r.due > :beyond)
            AND r.round = (SELECT round FROM campaign WHERE number = :campaign) AND r.selected
            AND NOT EXISTS (
                SELECT 1 FROM suppression s WHERE s.identity = substr(r.identity, strpos(r.identity, ' ') + 1))));

-- name: waiting_in
-- Those of a portion who can be claimed: who was deferred and is due, the longest due first, then the others in their order.
-- Who was given back waits for a portion of such, behind everybody else.
SELECT r.id, r.key, r.address, r.name, r.language, r.form, r.salutation, r.fields, r.message_id, r.date, r.digest,
    (SELECT printed FROM code WHERE recipient = r.id) AS code, r.round, r.identity
FROM recipient r
WHERE r.id = ANY (CAST(:members AS bigint[])) AND r.campaign = :campaign
    AND (r.status = 'pending' AND r.due <= :given_back_by OR r.status = 'deferred' AND r.due <= :now OR r.due > :beyond)
    AND r.round = (SELECT round FROM campaign WHERE number = :campaign) AND r.selected
    AND NOT EXISTS (SELECT 1 FROM suppression s WHERE s.identity = substr(r.identity, strpos(r.identity, ' ') + 1))
ORDER BY r.status, r.due, r.id;

-- name: is_enrolled
-- Whether no enrolment of the campaign is at work: what it writes is not seen yet, and it may be about anybody.
SELECT pg_try_advisory_xact_lock_shared(hashtextextended(current_schema() || ' campaign ' || :campaign, 0)) AS is_so;

-- name: begin_enrolment
-- Let nobody cross the line until the enrolment is committed; whoever is crossing it now is waited for.
SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ' campaign ' || :campaign, 0));

-- name: anybody_in_flight
-- Whether a worker is handing somebody over, whose lease is not over.
SELECT 1 FROM portion p
CROSS JOIN unnest(coalesce(p.chosen, ARRAY (SELECT generate_series(p.first, p.last)))) AS member
JOIN recipient r ON r.id = member
WHERE p.campaign = :campaign AND NOT p.done AND p.lease_until > clock_timestamp() AND r.status = 'in_flight'
    AND r.run = p.id || '/' || p.epoch
LIMIT 1;

-- name: note_left_in_flight
-- An attempt for each who was being handed over when an earlier lease of a portion ended.
INSERT INTO attempt (recipient, time, address, relay, phase, reply, status, scope, message_id)
SELECT id, :now, address, relay, 'dot', 'the run ended before the answer was recorded', 'in_doubt', 'relay', message_id
FROM recipient
WHERE id = ANY (CAST(:members AS bigint[])) AND campaign = :campaign
    AND status = 'in_flight' AND run LIKE :portion || '/%' AND run <> :portion || '/' || :epoch;

-- name: doubt_left_in_flight
-- Almost surely sent, and only the user may say so.
UPDATE recipient SET status = 'in_doubt'
WHERE id = ANY (CAST(:members AS bigint[])) AND campaign = :campaign
    AND status = 'in_flight' AND run LIKE :portion || '/%' AND run <> :portion || '/' || :epoch;

-- name: deferrals_of
-- When each of several recipients was deferred, as "deferrals" of queries.sql has it for one.
SELECT d.recipient, d.time FROM attempt AS d JOIN recipient r ON r.id = d.recipient
WHERE d.recipient = ANY (CAST(:recipients AS bigint[])) AND d.status = 'deferred' AND d.address = r.address
    AND d.id > coalesce((
        SELECT max(id) FROM attempt
        WHERE recipient = d.recipient AND status IN ('failed', 'expired', 'in_doubt')), 0)
    AND NOT EXISTS (
        SELECT 1 FROM attempt AS note
        WHERE note.id = (SELECT min(id) FROM attempt WHERE recipient = d.recipient AND id > d.id)
            AND note.status = 'pending' AND note.phase = '')
ORDER BY d.id;

-- name: settle
-- What each try came to, with its attempt. Who was not begun still waits, unless somebody has begun, changed or suppressed
-- it beside this worker: that one is left alone. What is kept of the message is as in "settle" of queries.sql.
WITH tried AS (
    SELECT * FROM unnest(
        CAST(:recipient AS bigint[]), CAST(:run AS text[]), CAST(:round AS bigint[]), CAST(:is_begun AS boolean[]),
        CAST(:status AS text[]), CAST(:due AS text[]), CAST(:is_refused AS boolean[]),
        CAST(:phase AS text[]), CAST(:reply AS text[]), CAST(:scope AS text[]))
        WITH ORDINALITY AS t (
            recipient, run, round, is_begun, status, due, is_refused, phase, reply, scope, place)),
settled AS (
    UPDATE recipient r
    SET status = t.status, due = t.due, run = t.run,
        date = CASE WHEN t.status <> 'sent' AND (t.is_refused OR t.phase <> 'dot' AND NOT EXISTS (
            SELECT 1 FROM attempt a WHERE a.recipient = r.id AND a.phase = 'dot' AND a.message_id = r.message_id))
            THEN NULL ELSE date END,
        digest = CASE WHEN t.status <> 'sent' AND (t.is_refused OR t.phase <> 'dot' AND NOT EXISTS (
            SELECT 1 FROM attempt a WHERE a.recipient = r.id AND a.phase = 'dot' AND a.message_id = r.message_id))
            THEN NULL ELSE digest END
    FROM tried t
    WHERE r.id = t.recipient AND (
        t.is_begun AND r.status = 'in_flight' AND r.run = t.run
        OR NOT t.is_begun AND r.status IN ('pending', 'deferred') AND r.round = t.round)
    RETURNING r.id, r.address, r.message_id, t.status, t.phase, t.reply, t.scope, t.place)
INSERT INTO attempt (recipient, time, address, relay, phase, reply, status, scope, message_id)
SELECT id, :time, address, :relay, phase, reply, status, scope, message_id FROM settled ORDER BY place
RETURNING recipient;

-- name: take_back
-- Failed or deferred under one of these leases by no fault of theirs: behind everybody who was not tried yet. What was
-- refused may be another message; after the dot a relay may have accepted what it deferred, so that must be the same.
WITH taken AS (
    UPDATE recipient
    SET due = :due, date = CASE WHEN status = 'failed' THEN NULL ELSE date END,
        digest = CASE WHEN status = 'failed' THEN NULL ELSE digest END, status = 'pending'
    WHERE id = ANY (CAST(:recipients AS bigint[])) AND run = ANY (CAST(:runs AS text[])) AND status IN ('failed', 'deferred')
    RETURNING id, address, message_id)
INSERT INTO attempt (recipient, time, address, relay, phase, reply, status, scope, message_id)
SELECT id, :time, address, :relay, :phase, :reply, :status, :scope, message_id FROM taken ORDER BY id;

-- name: begin
-- Crosses the line for those who may: who waits, as they were when they were claimed, while nobody has suppressed the
-- address and no enrolment is at work. In the identity of a copy a mark and a blank stand before the address.
UPDATE recipient r
SET status = 'in_flight', run = m.run, digest = m.digest, date = m.date, version = :version, relay = :relay
FROM unnest(
    CAST(:recipients AS bigint[]), CAST(:runs AS text[]), CAST(:rounds AS bigint[]),
    CAST(:digests AS text[]), CAST(:dates AS text[])) AS m (recipient, run, round, digest, date)
WHERE r.id = m.recipient AND r.status IN ('pending', 'deferred') AND r.round = m.round AND r.selected
    AND NOT EXISTS (SELECT 1 FROM suppression s WHERE s.identity = substr(r.identity, strpos(r.identity, ' ') + 1))
    AND (SELECT pg_try_advisory_xact_lock_shared(hashtextextended(current_schema() || ' campaign ' || :campaign, 0)))
RETURNING r.id, r.message_id, r.identity, CASE WHEN :is_noted
    THEN (SELECT count(*) FROM attempt a WHERE a.recipient = r.id AND a.message_id = r.message_id) ELSE 0 END AS tries;
