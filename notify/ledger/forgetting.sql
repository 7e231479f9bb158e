-- Takes out of the ledger what it knows of a person. What remains says nothing of anybody: that somebody was sent to, when
-- and by which relay, and digests by which the person is known should the contact files name them again.

-- name: about
-- Whoever was written to at an address, or is to be, in whatever campaign, also at an earlier address; and the copies that
-- went there, or that are of such a message.
SELECT r.id, c.id AS campaign, r.identity, r.address, r.status, c.id LIKE :copies AS is_copy
FROM recipient r JOIN campaign c ON c.number = r.campaign
WHERE r.campaign IN (SELECT number FROM campaign) AND r.identity = :identity
UNION
SELECT r.id, c.id, r.identity, r.address, r.status, c.id LIKE :copies
FROM recipient r JOIN campaign c ON c.number = r.campaign
WHERE r.id IN (SELECT recipient FROM attempt WHERE lower(address) = :identity)
UNION
SELECT r.id, c.id, r.identity, r.address, r.status, c.id LIKE :copies
FROM recipient r JOIN campaign c ON c.number = r.campaign
WHERE c.id LIKE :copies AND (
    substr(r.identity, instr(r.identity, ' ') + 1) = :identity
    OR json_extract(r.fields, '$.copy_of.identity') = :identity)
ORDER BY 1;

-- name: withdraw
-- Whoever waits is not written to.
UPDATE recipient SET status = 'withdrawn', due = '' WHERE id = :id AND status IN ('pending', 'deferred');

-- name: take_as_sent
-- Almost surely it was; nobody can be asked about it any more.
UPDATE recipient SET status = 'sent' WHERE id = :id AND status = 'in_doubt';

-- name: erase
-- Not while a run has it in its hands. In no round it stands in the files, so nothing brings it back.
UPDATE recipient
SET key = :identity, identity = :identity, address = :address, name = '', salutation = '', origin = '', fields = '{}',
    person = '', shared_salutation = '', row_digest = NULL, opted_out = '', run = '', round = 0
WHERE id = :id AND status NOT IN ('claimed', 'in_flight');

-- name: attempts
SELECT id, time, address, relay, phase, reply, status, scope, message_id FROM attempt
WHERE recipient = :id ORDER BY id;

-- name: erase_attempts
-- Attempts are never changed: they are put back, under their numbers, without what they say of the person.
DELETE FROM attempt WHERE recipient = :id;

-- name: put_back
INSERT INTO attempt (id, recipient, time, address, relay, phase, reply, status, scope, message_id)
VALUES (:id, :recipient, :time, '', :relay, :phase, :reply, :status, :scope, :message_id);

-- name: erase_calls
DELETE FROM call WHERE recipient = :id;

-- name: erase_code
DELETE FROM code WHERE recipient = :id;

-- name: erase_rejections
-- What is rejected is quoted.
DELETE FROM rejection WHERE instr(lower(reason), :identity) > 0;

-- name: erase_enrolments
-- What they tell may be about anybody; the next one reads the files again.
DELETE FROM enrolment;

-- name: erase_probes
DELETE FROM probe WHERE identity = :identity;

-- name: forgotten
-- The digests of those who were forgotten: they stand on the suppression list.
SELECT identity FROM suppression WHERE identity >= 'forgotten:' AND identity < 'forgotten;' ORDER BY identity;
