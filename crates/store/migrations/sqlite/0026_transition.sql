-- The end of onboardings: handing customers over to customer success, how onboardings ended, what they taught, and what
-- becomes of it in the programmes.

-- One handover an onboarding.
CREATE TABLE transition (
    workspace_id   BLOB NOT NULL,
    onboarding_id  BLOB NOT NULL,
    -- Who takes the customer over, and their name as it was then.
    csm_id         BLOB,
    csm            TEXT,
    -- The report that tells what was reached and what is open.
    summary_id     BLOB,
    -- The meeting in which the customer meets them.
    meeting_id     BLOB,
    -- What whoever takes over must know beside; may be empty.
    note           TEXT NOT NULL,
    -- What sales promised, with whether it was kept and who keeps it.
    promises       JSON NOT NULL,
    -- The first 90 days.
    steps          JSON NOT NULL,
    -- preparing, proposed, returned, accepted; `state` holds it with who, when and why.
    status         TEXT NOT NULL,
    state          JSON NOT NULL,
    -- Names of contacts who were told by mail, and when last.
    introduced_to  JSON NOT NULL,
    introduced_at  INTEGER,
    made_by        TEXT NOT NULL,
    made_at        INTEGER NOT NULL,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, onboarding_id),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX transition_csm ON transition (workspace_id, csm_id, status);

-- How an onboarding ended.
CREATE TABLE closing (
    workspace_id   BLOB NOT NULL,
    onboarding_id  BLOB NOT NULL,
    -- successful, partly, stopped.
    ending         TEXT NOT NULL,
    -- Why, or what is missing; may be empty where it was successful.
    said           TEXT NOT NULL,
    -- The days its clocks ran between.
    moments        JSON NOT NULL,
    closed_by      TEXT NOT NULL,
    closed_at      INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, onboarding_id),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);

-- Improvements suggested for programmes, numbered by programme.
CREATE TABLE improvement (
    workspace_id  BLOB NOT NULL,
    id            BLOB NOT NULL,
    programme     TEXT NOT NULL,
    number        BIGINT NOT NULL,
    title         TEXT NOT NULL,
    details       TEXT NOT NULL,
    -- open, adopted, declined; `state` holds it with who and why.
    status        TEXT NOT NULL,
    state         JSON NOT NULL,
    made_by       TEXT NOT NULL,
    made_at       INTEGER NOT NULL,
    version       BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, programme, number),
    FOREIGN KEY (workspace_id) REFERENCES workspace (id) ON DELETE CASCADE
);
CREATE INDEX improvement_status ON improvement (workspace_id, status, id);

-- What an onboarding taught.
CREATE TABLE lesson (
    workspace_id    BLOB NOT NULL,
    id              BLOB NOT NULL,
    onboarding_id   BLOB NOT NULL,
    -- The programme (id) it was made from.
    programme       TEXT NOT NULL,
    -- keep or change.
    kind            TEXT NOT NULL,
    text            TEXT NOT NULL,
    -- What the programme should do; may be empty.
    suggestion      TEXT NOT NULL,
    -- The phase (code) it is about.
    phase           TEXT,
    -- The improvement it speaks for.
    improvement_id  BLOB,
    added_by        TEXT NOT NULL,
    added_at        INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, improvement_id) REFERENCES improvement (workspace_id, id)
);
CREATE INDEX lesson_onboarding ON lesson (workspace_id, onboarding_id, id);
CREATE INDEX lesson_improvement ON lesson (workspace_id, improvement_id);
