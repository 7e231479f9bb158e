-- Roles for the ledger of notify in the schema {schema}. An administrator of the server runs this in the database of the ledger,
-- before there is one or afterwards, and as often as is wanted: psql --dbname DATABASE --file THIS.
--
--   {schema}_owner    makes the tables and brings them up to date; may do whatever the others may, and forget people
--   {schema}_sender   enrols and places: notify send, approve, suppress, resolve
--   {schema}_worker   hands over: notify worker
--   {schema}_reader   looks: notify status, log
--
-- Nobody logs in as one of these. Give each person and each machine a login of its own, for instance:
--
--   CREATE ROLE petra LOGIN IN ROLE {schema}_sender;   \password petra
--   CREATE ROLE node7 LOGIN IN ROLE {schema}_worker;   \password node7
--
-- What the owner makes must belong to all owners, so they log in as that role:
--
--   CREATE ROLE anna LOGIN IN ROLE {schema}_owner;     \password anna
--   ALTER ROLE anna SET role TO {schema}_owner;
--
-- A worker that is to deliver one campaign alone, and to see nothing of any other:
--
--   INSERT INTO {schema}.only_for (worker, campaign) VALUES ('node7', 'umzug-2026');
BEGIN;
SET LOCAL ROLE NONE;

-- The roles, and what they may do in the database.
DO $roles$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['{schema}_owner', '{schema}_sender', '{schema}_worker', '{schema}_reader'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role);
        END IF;
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), role);
    END LOOP;
    -- an enrolment sorts its rows in tables that end with it; the owner makes the ledger's schema, a sender the queue's
    EXECUTE format('GRANT TEMPORARY, CREATE ON DATABASE %I TO {schema}_owner, {schema}_sender', current_database());
    GRANT {schema}_sender TO {schema}_owner;
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        -- who is no superuser gives away only what is his, and to whom he could be
        EXECUTE format('GRANT {schema}_owner TO %I', current_user);
    END IF;
END
$roles$;

-- Whatever is there already belongs to the owner from now on, and to the senders what is in the queue, which is made anew
-- with another version of procrastinate. Who owned it before goes on as an owner.
CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {schema}_owner;
GRANT USAGE ON SCHEMA {schema} TO {schema}_sender, {schema}_worker, {schema}_reader;
DO $ownership$
DECLARE
    one record;
BEGIN
    FOR one IN
        SELECT DISTINCT rolname FROM pg_namespace n JOIN pg_roles r ON r.oid = n.nspowner
        WHERE nspname IN ('{schema}', '{schema}_placing') AND NOT rolsuper
            AND rolname NOT IN ('{schema}_owner', '{schema}_sender') AND NOT pg_has_role(rolname, '{schema}_sender', 'MEMBER')
    LOOP
        EXECUTE format('GRANT {schema}_owner TO %I', one.rolname);
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET role TO {schema}_owner', one.rolname, current_database());
    END LOOP;
    FOR one IN
        WITH place AS (
            SELECT oid, nspname, CASE nspname WHEN '{schema}' THEN '{schema}_owner' ELSE '{schema}_sender' END AS owner
            FROM pg_namespace WHERE nspname IN ('{schema}', '{schema}_placing'))
        SELECT format('SCHEMA %I', nspname) AS thing, owner, 0 AS turn FROM place
        UNION ALL
        SELECT format('%s %s', CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, c.oid::regclass),
            owner, 1
        FROM pg_class c JOIN place p ON p.oid = c.relnamespace
        WHERE relkind IN ('r', 'p', 'v', 'S')
            -- the sequence of a column goes with its table
            AND NOT (relkind = 'S' AND EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i')))
        UNION ALL
        SELECT format('ROUTINE %s', f.oid::regprocedure), owner, 2 FROM pg_proc f JOIN place p ON p.oid = f.pronamespace
        UNION ALL
        SELECT format('TYPE %s', t.oid::regtype), owner, 2 FROM pg_type t JOIN place p ON p.oid = t.typnamespace
        WHERE typtype IN ('e', 'd') OR typtype = 'c' AND EXISTS (
            SELECT FROM pg_class c WHERE c.oid = typrelid AND relkind = 'c')
        ORDER BY turn
    LOOP
        EXECUTE format('ALTER %s OWNER TO %I', one.thing, one.owner);
    END LOOP;
    IF to_regnamespace('{schema}_placing') IS NOT NULL THEN
        GRANT USAGE ON SCHEMA {schema}_placing TO {schema}_worker;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema}_placing TO {schema}_worker;
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema}_placing TO {schema}_worker;
    END IF;
END
$ownership$;

SET LOCAL ROLE {schema}_owner;
