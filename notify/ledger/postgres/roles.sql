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
    -- an enrolment sorts its rows in tables that end with it; the owner makes schemas
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO {schema}_owner, {schema}_sender', current_database());
    EXECUTE format('GRANT CREATE ON DATABASE %I TO {schema}_owner', current_database());
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        -- who is no superuser gives away only what is his, and to whom he could be
        EXECUTE format('GRANT {schema}_owner TO %I', current_user);
    END IF;
END
$roles$;

-- Whatever is there already belongs to the owner from now on. Who owned it before goes on as an owner.
CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {schema}_owner;
DO $ownership$
DECLARE
    one record;
BEGIN
    FOR one IN
        SELECT DISTINCT rolname FROM pg_namespace n JOIN pg_roles r ON r.oid = n.nspowner
        WHERE nspname IN ('{schema}', '{schema}_placing') AND rolname <> '{schema}_owner' AND NOT rolsuper
    LOOP
        EXECUTE format('GRANT {schema}_owner TO %I', one.rolname);
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET role TO {schema}_owner', one.rolname, current_database());
    END LOOP;
    FOR one IN
        SELECT format('SCHEMA %I', nspname) AS thing, 0 AS place FROM pg_namespace
        WHERE nspname IN ('{schema}', '{schema}_placing')
        UNION ALL
        SELECT format('%s %s', CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, c.oid::regclass), 1
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE nspname IN ('{schema}', '{schema}_placing') AND relkind IN ('r', 'p', 'v', 'S')
            -- the sequence of a column goes with its table
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i') AND relkind = 'S')
        UNION ALL
        SELECT format('ROUTINE %s', p.oid::regprocedure), 2 FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE nspname IN ('{schema}', '{schema}_placing')
        UNION ALL
        SELECT format('TYPE %s', t.oid::regtype), 2 FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
        WHERE nspname IN ('{schema}', '{schema}_placing') AND (typtype IN ('e', 'd')
            OR typtype = 'c' AND EXISTS (SELECT FROM pg_class c WHERE c.oid = typrelid AND relkind = 'c'))
        ORDER BY place
    LOOP
        EXECUTE format('ALTER %s OWNER TO {schema}_owner', one.thing);
    END LOOP;
END
$ownership$;

SET LOCAL ROLE {schema}_owner;
