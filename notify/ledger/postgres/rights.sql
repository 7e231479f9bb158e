-- What each role may do with the tables of the ledger: see roles.sql. The owner says it whenever the tables have been made
-- or brought up to date, and where there are no such roles nothing is said.
DO $rights$
DECLARE
    one record;
BEGIN
IF to_regclass('{schema}.recipient') IS NULL OR (SELECT count(*) FROM pg_roles
    WHERE rolname IN ('{schema}_sender', '{schema}_worker', '{schema}_reader')) < 3 THEN
    RETURN;
END IF;

GRANT USAGE ON SCHEMA {schema} TO {schema}_sender, {schema}_worker, {schema}_reader;

-- The sender enrols, places, and keeps the lists. What was tried, said and approved it only adds to.
GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {schema}_sender;
GRANT INSERT, UPDATE ON {schema}.campaign, {schema}.version, {schema}.holder TO {schema}_sender;
GRANT UPDATE (origin) ON {schema}.ledger TO {schema}_sender;
GRANT INSERT, UPDATE, DELETE ON
    {schema}.recipient, {schema}.rejection, {schema}.enrolment, {schema}.code, {schema}.suppression, {schema}.probe,
    {schema}.tally, {schema}.deferral, {schema}.portion, {schema}.commission, {schema}.worker, {schema}.duty
TO {schema}_sender;
GRANT INSERT ON {schema}.attempt, {schema}.call, {schema}.approval TO {schema}_sender;
GRANT INSERT, UPDATE, DELETE ON {schema}.bundle, {schema}.bundled, {schema}.blob TO {schema}_sender;

-- After a big enrolment the planner is told; before PostgreSQL 17 only the owner may, and it finds out by itself.
IF current_setting('server_version_num')::integer >= 170000 THEN
    EXECUTE 'GRANT MAINTAIN ON {schema}.recipient, {schema}.attempt TO {schema}_sender';
END IF;

-- The worker hands over: it moves recipients from one state to the next, and says what was tried. Whom a campaign has,
-- who must not be written to and what was approved it cannot change.
GRANT SELECT ON
    {schema}.ledger, {schema}.arrow, {schema}.campaign, {schema}.version, {schema}.recipient, {schema}.attempt,
    {schema}.code, {schema}.suppression, {schema}.tally, {schema}.deferral, {schema}.portion, {schema}.commission
TO {schema}_worker;
GRANT UPDATE (status, due, run, message_id, date, digest, version, relay) ON {schema}.recipient TO {schema}_worker;
GRANT INSERT ON {schema}.attempt, {schema}.portion TO {schema}_worker;
GRANT UPDATE (owner, epoch, lease_until, done) ON {schema}.portion TO {schema}_worker;
GRANT INSERT, DELETE ON {schema}.tally, {schema}.deferral TO {schema}_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.worker, {schema}.duty TO {schema}_worker;
GRANT UPDATE (held, held_by, held_at) ON {schema}.commission TO {schema}_worker;
GRANT SELECT ON {schema}.bundle, {schema}.bundled, {schema}.blob TO {schema}_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON
    {schema}.rate, {schema}.rate_part, {schema}.ramp_day, {schema}.relay_state
TO {schema}_worker;

-- The reader sees how a campaign stands and what was tried.
GRANT SELECT ON
    {schema}.ledger, {schema}.arrow, {schema}.campaign, {schema}.version, {schema}.recipient, {schema}.rejection,
    {schema}.enrolment, {schema}.attempt, {schema}.suppression, {schema}.tally, {schema}.deferral, {schema}.holder,
    {schema}.portion, {schema}.relay_state, {schema}.commission, {schema}.worker, {schema}.call, {schema}.probe,
    {schema}.approval
TO {schema}_reader;

-- Whether the ledger was moved elsewhere is for everybody.
GRANT SELECT ON {schema}.move TO {schema}_worker, {schema}_reader;

-- A worker that stands here delivers only the campaigns that stand beside it, and sees nothing of any other one. Whoever
-- does not stand here delivers all.
CREATE TABLE IF NOT EXISTS {schema}.only_for (
    worker   name NOT NULL,
    campaign text COLLATE "C" NOT NULL,
    PRIMARY KEY (worker, campaign)
);
GRANT SELECT ON {schema}.only_for TO {schema}_sender, {schema}_worker;

-- What a condition asks first is asked once a statement: only who is confined pays for each row.
FOR one IN
    SELECT thing, replace(condition, 'IS_CONFINED', '(SELECT EXISTS ('
        'SELECT FROM {schema}.only_for o WHERE o.worker = session_user))') AS condition
    FROM (VALUES
        ('only_for', 'worker = session_user'),
        ('campaign', 'NOT IS_CONFINED OR id IN (SELECT o.campaign FROM {schema}.only_for o WHERE o.worker = session_user)'),
        ('version', 'NOT IS_CONFINED OR campaign IN (SELECT c.number FROM {schema}.campaign c)'),
        ('recipient', 'NOT IS_CONFINED OR campaign IN (SELECT c.number FROM {schema}.campaign c)'),
        ('tally', 'NOT IS_CONFINED OR campaign IN (SELECT c.number FROM {schema}.campaign c)'),
        ('deferral', 'NOT IS_CONFINED OR campaign IN (SELECT c.number FROM {schema}.campaign c)'),
        ('portion', 'NOT IS_CONFINED OR campaign IN (SELECT c.number FROM {schema}.campaign c)'),
        ('commission', 'NOT IS_CONFINED OR campaign IN (SELECT c.number FROM {schema}.campaign c)'),
        ('bundle', 'NOT IS_CONFINED OR campaign IN (SELECT c.number FROM {schema}.campaign c)'),
        ('bundled', 'NOT IS_CONFINED OR campaign IN (SELECT c.number FROM {schema}.campaign c)'),
        ('blob', 'NOT IS_CONFINED OR EXISTS (SELECT FROM {schema}.bundled f WHERE f.digest = blob.digest)'),
        ('attempt', 'NOT IS_CONFINED OR EXISTS (SELECT FROM {schema}.recipient r WHERE r.id = attempt.recipient)'),
        ('code', 'NOT IS_CONFINED OR EXISTS (SELECT FROM {schema}.recipient r WHERE r.id = code.recipient)')
    ) AS seen (thing, condition)
LOOP
    EXECUTE format('ALTER TABLE {schema}.%I ENABLE ROW LEVEL SECURITY', one.thing);
    EXECUTE format('DROP POLICY IF EXISTS of_everybody ON {schema}.%I', one.thing);
    EXECUTE format('CREATE POLICY of_everybody ON {schema}.%I TO {schema}_sender, {schema}_reader USING (true)', one.thing);
    EXECUTE format('DROP POLICY IF EXISTS of_workers ON {schema}.%I', one.thing);
    EXECUTE format('CREATE POLICY of_workers ON {schema}.%I TO {schema}_worker USING (%s)', one.thing, one.condition);
END LOOP;
END
$rights$;
