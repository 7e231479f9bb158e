-- What machines are given that make a campaign's messages and have none of its files.

-- name: fingerprint
SELECT fingerprint FROM bundle WHERE campaign = :campaign;

-- name: contents
SELECT fingerprint, contents FROM bundle WHERE campaign = :campaign;

-- name: keep_bundle
INSERT INTO bundle (campaign, version, program, fingerprint, contents, recorded)
VALUES (:campaign, :version, :program, :fingerprint, :contents, :recorded)
ON CONFLICT (campaign) DO UPDATE SET version = excluded.version, program = excluded.program,
    fingerprint = excluded.fingerprint, contents = excluded.contents, recorded = excluded.recorded;

-- name: lacking
-- Those of some digests of which there are no octets yet.
SELECT digest FROM unnest(CAST(:digests AS bytea[])) AS wanted (digest)
WHERE NOT EXISTS (SELECT 1 FROM blob b WHERE b.digest = wanted.digest);

-- name: keep_blob
-- Octets are there once, whoever needs them.
INSERT INTO blob (digest, octets) VALUES (:digest, :octets) ON CONFLICT DO NOTHING;

-- name: keep_need
-- Which campaign needs which octets: by no name, those of its bundle; else a single recipient, whose row names them so.
INSERT INTO bundled (campaign, digest, name, filename) VALUES (:campaign, :digest, :name, :filename)
ON CONFLICT (campaign, digest, name) DO UPDATE SET filename = excluded.filename;

-- name: octets
SELECT octets FROM blob WHERE digest = :digest;

-- name: own_file
SELECT f.filename, b.octets FROM bundled f JOIN blob b USING (digest)
WHERE f.campaign = :campaign AND f.digest = :digest AND f.name = :name AND f.name <> '';

-- name: own_files_lacking
-- The files of single recipients that somebody waits for and that are not kept yet: how a row names them, and the digest
-- that each had when everybody was enrolled. Copies have those of the messages that they copy.
SELECT DISTINCT file.key AS name, file.value AS digest
FROM recipient r CROSS JOIN LATERAL json_each_text(CAST(r.fields AS json) -> 'files') AS file
WHERE r.campaign IN (:campaign, :copies) AND r.status IN ('pending', 'claimed', 'deferred')
    AND NOT EXISTS (
        SELECT 1 FROM bundled b
        WHERE b.campaign = :campaign AND b.digest = decode(file.value, 'hex') AND b.name = file.key);

-- name: forget_needs
-- What the bundle of a campaign does not need any more.
DELETE FROM bundled WHERE campaign = :campaign AND name = '' AND digest <> ALL (CAST(:digests AS bytea[]));

-- name: over
-- The campaigns with a bundle in which nobody waits, nor for a copy.
SELECT b.campaign FROM bundle b JOIN campaign c ON c.number = b.campaign
WHERE NOT EXISTS (
    SELECT 1 FROM tally t
    WHERE t.campaign IN (SELECT number FROM campaign WHERE id IN (c.id, c.id || :copies))
        AND t.status IN ('pending', 'claimed', 'in_flight', 'deferred')
    HAVING sum(t.count) > 0);

-- name: forget_bundle
DELETE FROM bundle WHERE campaign = :campaign;

-- name: forget_all_needs
DELETE FROM bundled WHERE campaign = :campaign;

-- name: forget_octets
-- Octets that nobody needs any more.
DELETE FROM blob b WHERE NOT EXISTS (SELECT 1 FROM bundled f WHERE f.digest = b.digest);

-- name: forget_unnamed
-- The files of single recipients that no row names any more, nor one of a copy.
DELETE FROM bundled b
WHERE b.name <> '' AND (b.name, b.digest) NOT IN (
    SELECT file.key, decode(file.value, 'hex')
    FROM recipient r CROSS JOIN LATERAL json_each_text(CAST(r.fields AS json) -> 'files') AS file
    WHERE r.campaign IN (
        SELECT either.number FROM campaign c JOIN campaign either ON either.id IN (c.id, c.id || chr(9) || 'copies')
        WHERE c.number IN (SELECT campaign FROM bundled WHERE name <> '')));
