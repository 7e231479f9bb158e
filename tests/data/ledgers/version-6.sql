-- A ledger of version 6: that of version 5, brought up to date by the program of version 6. Beside it, in version-6/,
-- stand the same campaign folder and what was in the state directory.

BEGIN TRANSACTION;
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
CREATE TABLE arrow (
    tail TEXT NOT NULL,
    head TEXT NOT NULL,
    PRIMARY KEY (tail, head)
) STRICT, WITHOUT ROWID;
INSERT INTO "arrow" VALUES('claimed','deferred');
INSERT INTO "arrow" VALUES('claimed','failed');
INSERT INTO "arrow" VALUES('claimed','in_flight');
INSERT INTO "arrow" VALUES('claimed','pending');
INSERT INTO "arrow" VALUES('deferred','claimed');
INSERT INTO "arrow" VALUES('deferred','expired');
INSERT INTO "arrow" VALUES('deferred','suppressed');
INSERT INTO "arrow" VALUES('deferred','withdrawn');
INSERT INTO "arrow" VALUES('expired','pending');
INSERT INTO "arrow" VALUES('failed','pending');
INSERT INTO "arrow" VALUES('in_doubt','pending');
INSERT INTO "arrow" VALUES('in_doubt','sent');
INSERT INTO "arrow" VALUES('in_flight','deferred');
INSERT INTO "arrow" VALUES('in_flight','failed');
INSERT INTO "arrow" VALUES('in_flight','in_doubt');
INSERT INTO "arrow" VALUES('in_flight','pending');
INSERT INTO "arrow" VALUES('in_flight','sent');
INSERT INTO "arrow" VALUES('pending','claimed');
INSERT INTO "arrow" VALUES('pending','expired');
INSERT INTO "arrow" VALUES('pending','suppressed');
INSERT INTO "arrow" VALUES('pending','withdrawn');
INSERT INTO "arrow" VALUES('suppressed','pending');
INSERT INTO "arrow" VALUES('withdrawn','pending');
CREATE TABLE attempt (
    id         INTEGER PRIMARY KEY,
    recipient  INTEGER NOT NULL REFERENCES recipient,
    time       TEXT NOT NULL,
    -- as it was then
    address    TEXT NOT NULL,
    relay      TEXT NOT NULL,
    phase      TEXT NOT NULL,
    reply      TEXT NOT NULL,
    status     TEXT NOT NULL,
    scope      TEXT NOT NULL,
    message_id TEXT NOT NULL
) STRICT;
INSERT INTO "attempt" VALUES(1,1,'2025-01-15T09:00:10.069218+00:00','anna@example.com','127.0.0.1:2525','dot','250 2.0.0 Ok: queued','sent','','<uyx7prpgtxgle7euo5avuinqo5@alt.example>');
INSERT INTO "attempt" VALUES(2,2,'2025-01-15T09:00:29.726171+00:00','bruno@example.com','127.0.0.1:2525','dot','250 2.0.0 Ok: queued','sent','','<q3ezru4y3ycl3gjskziiwzesmb@alt.example>');
INSERT INTO "attempt" VALUES(3,13,'2025-01-15T09:00:35.243675+00:00','carla@example.com','journal','','handed over before, which this ledger does not know','in_doubt','','<3qeswmivzpcilyzyt5kle5dtxx@alt.example>');
INSERT INTO "attempt" VALUES(4,3,'2025-01-15T09:00:38.588916+00:00','doris@example.com','127.0.0.1:2525','rcpt','451 4.7.1 Greylisted','deferred','recipient','<4ttphoilj2qimpaoffice.examplebguk2heoj@alt.example>');
INSERT INTO "attempt" VALUES(5,4,'2025-01-15T09:00:38.624791+00:00','emil@example.com','127.0.0.1:2525','dot','450 4.2.1 The mailbox is busy','deferred','recipient','<xjauiomlvksqwvsof2elqrmkky@alt.example>');
INSERT INTO "attempt" VALUES(6,5,'2025-01-15T09:00:38.646797+00:00','frida@example.com','127.0.0.1:2525','rcpt','550 5.1.1 User unknown','failed','recipient','<q2vord3zpnuh3ndtkl4tg3z7hz@alt.example>');
INSERT INTO "attempt" VALUES(7,6,'2025-01-15T09:00:38.668335+00:00','gustav@example.com','127.0.0.1:2525','dot','the connection was closed','in_doubt','relay','<u2lzpbhugco76ycqay2gozljgf@alt.example>');
INSERT INTO "attempt" VALUES(8,13,'2025-01-15T09:00:42.255250+00:00','carla@example.com','you','','resolved by you: send it again','pending','','<3qeswmivzpcilyzyt5kle5dtxx@alt.example>');
CREATE TABLE call (
    id        INTEGER PRIMARY KEY,
    time      TEXT NOT NULL,
    said      TEXT NOT NULL,
    -- whose it is; NULL: nobody was given it, so somebody forges the notice
    recipient INTEGER REFERENCES recipient,
    -- the message with it had left
    is_sent   INTEGER NOT NULL
) STRICT;
INSERT INTO "call" VALUES(1,'2026-12-01T09:30:00.000000+00:00','Ahorn 42713',NULL,0);
CREATE TABLE campaign (
    number    INTEGER PRIMARY KEY,
    id        TEXT NOT NULL UNIQUE,
    -- keys the Message-IDs; drawn once, never shown
    secret    BLOB NOT NULL,
    -- counts the enrolments: whoever was not seen in the latest has left the contact files
    round     INTEGER NOT NULL DEFAULT 0,
    -- the version that the latest enrolment rendered for everybody
    rendered  INTEGER,
    created   TEXT NOT NULL
) STRICT;
INSERT INTO "campaign" VALUES(1,'test',X'DFB96D4934BFC1A3EE2C17BA3A42DFB845F720C2F47E7ED4E2CB48C47DBA88EB',4,1,'2025-01-15T09:00:06.974883+00:00');
CREATE TABLE code (
    recipient INTEGER PRIMARY KEY REFERENCES recipient,
    -- as it is printed: words and digits, all of ASCII
    printed   TEXT NOT NULL,
    -- how many words and digits it has: of each length only so many are given out
    words     INTEGER NOT NULL,
    digits    INTEGER NOT NULL
) STRICT;
CREATE TABLE enrolment (
    campaign  INTEGER PRIMARY KEY REFERENCES campaign,
    -- a digest
    made_from BLOB NOT NULL,
    -- JSON: what it told of the rows
    told      TEXT NOT NULL
) STRICT;
CREATE TABLE holder (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    pid   INTEGER NOT NULL,
    host  TEXT NOT NULL,
    since TEXT NOT NULL
) STRICT;
INSERT INTO "holder" VALUES(1,10688,'office.example','2025-01-15T09:00:48.137899+00:00');
CREATE TABLE probe (
    id         INTEGER PRIMARY KEY,
    time       TEXT NOT NULL,
    address    TEXT NOT NULL,
    -- the normalised address
    identity   TEXT NOT NULL,
    -- from whom it was, and through which relay it went
    sender     TEXT NOT NULL,
    relay      TEXT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    -- a digest of the code in it
    code       BLOB NOT NULL,
    -- how many wrong codes were typed while it was waited for
    wrong      INTEGER NOT NULL DEFAULT 0,
    -- waiting, arrived or returned; when and how that was seen
    fate       TEXT NOT NULL,
    seen       TEXT NOT NULL DEFAULT '',
    seen_by    TEXT NOT NULL DEFAULT '',
    -- JSON: what else was seen of it
    told       TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE TABLE recipient (
    id         INTEGER PRIMARY KEY,
    campaign   INTEGER NOT NULL REFERENCES campaign,
    -- with which it was given last; the Message-ID stays that of the first
    key        TEXT NOT NULL,
    -- the normalised address: nobody is written to twice in a campaign
    identity   TEXT NOT NULL,
    address    TEXT NOT NULL,
    name       TEXT NOT NULL,
    language   TEXT NOT NULL,
    salutation TEXT NOT NULL,
    origin     TEXT NOT NULL,
    -- JSON: exactly the fields and cells that the template names
    fields     TEXT NOT NULL,
    -- the same for rows that are probably about one person
    person     TEXT NOT NULL DEFAULT '',
    -- greets several people who share the address
    shared_salutation TEXT NOT NULL DEFAULT '',
    -- of the row and the rules that all of the above was made from; NULL: it must be made again
    row_digest BLOB,
    -- why its owner wants no mail, as the contact files say it
    opted_out  TEXT NOT NULL DEFAULT '',
    -- whether the latest enrolment was asked for it (--where): the others wait
    selected   INTEGER NOT NULL DEFAULT 1,
    round      INTEGER NOT NULL,
    status     TEXT NOT NULL,
    -- deferred: not before; pending: behind those whose is smaller; empty is at once
    due        TEXT NOT NULL DEFAULT '',
    -- which run holds the claim
    run        TEXT NOT NULL DEFAULT '',
    message_id TEXT NOT NULL,
    -- with its zone; of the message whose final dot left, or was about to, and through which relay
    date       TEXT,
    digest     TEXT,
    version    INTEGER,
    relay      TEXT NOT NULL DEFAULT '', form TEXT NOT NULL DEFAULT 'Sie',
    UNIQUE (campaign, identity)
) STRICT;
INSERT INTO "recipient" VALUES(1,1,'anna@example.com','anna@example.com','anna@example.com','Anna Muster1','de','Sehr geehrte Frau Muster1,','contacts/people.csv:2','{"contact": {}, "row": {}}','21724f425083913c','Guten Tag,',X'CA07654272AF883B632433525F674F6D','',1,4,'sent','','1736931606.974883','<uyx7prpgtxgle7euo5avuinqo5@alt.example>','2025-01-15T09:00:10+00:00','9af8b67ead22f223f2190ea2fc362e4468a6be71dd95208c7af6ea312b16e6fd',1,'127.0.0.1:2525','Sie');
INSERT INTO "recipient" VALUES(2,1,'bruno@example.com','bruno@example.com','bruno@example.com','Bruno Muster2','de','Sehr geehrter Herr Muster2,','contacts/people.csv:3','{"contact": {}, "row": {}}','6b4f0e4d7404a69a','Guten Tag,',X'ACBF8C4952FA1CDB3FFCF06106E2CEFC','',1,4,'sent','','1736931626.321146','<q3ezru4y3ycl3gjskziiwzesmb@alt.example>','2025-01-15T09:00:29+00:00','b0549ab42e268fee0991e6a679137e9894969cf3394d4c88c28dcf4c14b9ff62',1,'127.0.0.1:2525','Sie');
INSERT INTO "recipient" VALUES(3,1,'doris@example.com','doris@example.com','doris@example.com','Doris Muster4','de','Sehr geehrte Frau Muster4,','contacts/people.csv:5','{"contact": {}, "row": {}}','48df8a86445ce450','Guten Tag,',X'18D665405B17D9841FBB22323BEEC2B2','',1,4,'deferred','2025-01-15T09:15:38.588916+00:00','1736931635.243675','<4ttphoilj2qimpaoffice.examplebguk2heoj@alt.example>',NULL,NULL,NULL,'','Sie');
INSERT INTO "recipient" VALUES(4,1,'emil@example.com','emil@example.com','emil@example.com','Emil Muster5','de','Sehr geehrter Herr Muster5,','contacts/people.csv:6','{"contact": {}, "row": {}}','da38909f1b6e1578','Guten Tag,',X'67F573876F29D7A57079807D85F8A7D6','',1,4,'deferred','2025-01-15T09:15:38.624791+00:00','1736931635.243675','<xjauiomlvksqwvsof2elqrmkky@alt.example>','2025-01-15T09:00:38+00:00','07e125e258378c650dc29229469f4c5524b9db3000f11aa02846493008a67462',1,'127.0.0.1:2525','Sie');
INSERT INTO "recipient" VALUES(5,1,'frida@example.com','frida@example.com','frida@example.com','Frida Muster6','de','Sehr geehrte Frau Muster6,','contacts/people.csv:7','{"contact": {}, "row": {}}','96b8788a159afdd6','Guten Tag,',X'7FD21299D0CF3791D5D4FC68ECC33C13','',1,4,'failed','','1736931635.243675','<q2vord3zpnuh3ndtkl4tg3z7hz@alt.example>',NULL,NULL,NULL,'','Sie');
INSERT INTO "recipient" VALUES(6,1,'gustav@example.com','gustav@example.com','gustav@example.com','Gustav Muster7','de','Sehr geehrter Herr Muster7,','contacts/people.csv:8','{"contact": {}, "row": {}}','d9b1952a32ee04c6','Guten Tag,',X'32BEA4BDA02DB5301E2CEE4D44505A92','',1,4,'in_doubt','','1736931635.243675','<u2lzpbhugco76ycqay2gozljgf@alt.example>','2025-01-15T09:00:38+00:00','943a9ad64c11e74398560455eda0a5919ed880e7d5fd9a2119dbc5199b09f5e7',1,'127.0.0.1:2525','Sie');
INSERT INTO "recipient" VALUES(7,1,'hanna@example.com','hanna@example.com','hanna@example.com','Hanna Muster8','de','Sehr geehrte Frau Muster8,','contacts/people.csv:9','{"contact": {}, "row": {}}','d63d5860fc6f655f','Guten Tag,',X'4A043A347859CE5978C5585FD4B40E4C','',1,4,'in_flight','','1736931648.137899','<5npdctldvcezljiczixervoxub@alt.example>','2025-01-15T09:00:52+00:00','afa8fc4bb9f73a632657fb675b5c6c295dae53c1621e4a0e4932b73e6c20623d',1,'127.0.0.1:2525','Sie');
INSERT INTO "recipient" VALUES(8,1,'ida@example.com','ida@example.com','ida@example.com','Ida Muster9','de','Sehr geehrte Frau Muster9,','contacts/people.csv:10','{"contact": {}, "row": {}}','8aed16b9f84966e2','Guten Tag,',X'85EAF14838E975AFB505DA701E8703DD','',1,4,'pending','','','<p7rkphevjcg5jetkgjfjoalyyr@alt.example>',NULL,NULL,NULL,'','Sie');
INSERT INTO "recipient" VALUES(9,1,'jonas@example.com','jonas@example.com','jonas@example.com','Jonas Muster10','de','Sehr geehrter Herr Muster10,','contacts/people.csv:11','{"contact": {}, "row": {}}','25b02109d0fb18d9','Guten Tag,',X'5A8ACC91B0B9AE7E9E4FFAFE428D71C9','',1,4,'pending','','','<6ka6rkbapgjpu4g3ndtta42fho@alt.example>',NULL,NULL,NULL,'','Sie');
INSERT INTO "recipient" VALUES(10,1,'klara@example.com','klara@example.com','klara@example.com','Klara Muster11','de','Sehr geehrte Frau Muster11,','contacts/people.csv:12','{"contact": {}, "row": {}}','c72d124c45d61f66','Guten Tag,',X'7A11798BA3E1834A688803B33739D660','',1,4,'pending','','','<jtfrlznrjpkm7ki7f2kmwoihkc@alt.example>',NULL,NULL,NULL,'','Sie');
INSERT INTO "recipient" VALUES(11,1,'ludwig@example.com','ludwig@example.com','ludwig@example.com','Ludwig Muster12','de','Sehr geehrter Herr Muster12,','contacts/people.csv:13','{"contact": {}, "row": {}}','332790475da2e420','Guten Tag,',X'18223DBBBA723E763A5F233240311AB1','',1,4,'pending','','','<blttntb36qqsautqmxbfuslgq6@alt.example>',NULL,NULL,NULL,'','Sie');
INSERT INTO "recipient" VALUES(12,1,'marta@example.com','marta@example.com','marta@example.com','Marta Muster13','de','Sehr geehrte Frau Muster13,','contacts/people.csv:14','{"contact": {}, "row": {}}','1d09944e2e96d3d0','Guten Tag,',X'70802111D7F19CC563635096DEF2EE8D','',1,4,'suppressed','','','<hm3frpif3ai3sroro46ki374x4@alt.example>',NULL,NULL,NULL,'','Sie');
INSERT INTO "recipient" VALUES(13,1,'carla@example.com','carla@example.com','carla@example.com','Carla Muster3','de','Sehr geehrte Frau Muster3,','contacts/people.csv:4','{"contact": {}, "row": {}}','aa7e4ce362cc5b36','Guten Tag,',X'751EC234AFFFC0F3222F39E1D2D0AFDF','',1,4,'pending','','','<3qeswmivzpcilyzyt5kle5dtxx@alt.example>',NULL,NULL,NULL,'','Sie');
CREATE TABLE rejection (
    campaign INTEGER NOT NULL REFERENCES campaign,
    origin   TEXT NOT NULL,
    reason   TEXT NOT NULL
) STRICT;
INSERT INTO "rejection" VALUES(1,'contacts/people.csv:15','no address');
CREATE TABLE suppression (
    identity TEXT PRIMARY KEY,
    reason   TEXT NOT NULL,
    time     TEXT NOT NULL
) STRICT;
INSERT INTO "suppression" VALUES('marta@example.com','asked us to','2025-01-15T09:00:01.401401+00:00');
CREATE TABLE version (
    campaign    INTEGER NOT NULL REFERENCES campaign,
    number      INTEGER NOT NULL,
    recorded    TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    -- JSON: the name of each part and its text, so that a difference can be shown
    parts       TEXT NOT NULL,
    PRIMARY KEY (campaign, number)
) STRICT;
INSERT INTO "version" VALUES(1,1,'2025-01-15T09:00:06.974883+00:00','d8266ef30add05149481b76546702d6e492e6c9d96560e0fcae7fbdaffe175de','{"change": "effective = \"2026-12-01\"\nold.email = \"info@alt.example\"\nnew.email = \"info@neu.example\"", "kind": "notice", "sender": "name = \"Muster PR\"\nemail = \"info@alt.example\"\nreply_to = \"info@alt.example\"\nreturn_path = \"info@alt.example\"", "templates/change/message.de.txt": "Subject: Neue E-Mail-Adresse ab {{ effective }}\n\n{{ salutation }}\n\nab dem {{ effective }} erreichen Sie uns unter {{ new.email }}.\n"}');
CREATE INDEX recipient_key ON recipient (campaign, key, round);
CREATE INDEX recipient_row ON recipient (campaign, row_digest) WHERE row_digest IS NOT NULL;
CREATE INDEX standing ON recipient (campaign, status, due, id);
CREATE INDEX attempt_recipient ON attempt (recipient, status);
CREATE INDEX attempt_relay ON attempt (relay, time);
CREATE TRIGGER only_these_arrows BEFORE UPDATE OF status ON recipient
WHEN OLD.status <> NEW.status
    AND NOT EXISTS (SELECT 1 FROM arrow WHERE tail = OLD.status AND head = NEW.status)
BEGIN
    SELECT RAISE(ABORT, 'no such transition');
END;
CREATE TRIGGER attempts_are_never_changed BEFORE UPDATE ON attempt
BEGIN
    SELECT RAISE(ABORT, 'an attempt is never changed');
END;
CREATE UNIQUE INDEX code_heard ON code (lower(replace(printed, ' ', '')));
CREATE TRIGGER approvals_are_never_changed BEFORE UPDATE ON approval
BEGIN
    SELECT RAISE(ABORT, 'an approval is never changed');
END;
PRAGMA application_id = 1853122169;
PRAGMA user_version = 6;
COMMIT;
