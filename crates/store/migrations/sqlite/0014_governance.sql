-- Governance of running onboardings: one register of risks, issues, decisions and actions; change requests;
-- escalations; meetings; reports.

-- Numbered by kind inside an onboarding: R-1, I-1, D-1, A-1.
CREATE TABLE register_entry (
    workspace_id   BLOB NOT NULL,
    id             BLOB NOT NULL,
    onboarding_id  BLOB NOT NULL,
    -- risk, issue, decision, action.
    kind           TEXT NOT NULL,
    number         BIGINT NOT NULL,
    title          TEXT NOT NULL,
    -- What it says beside that, by kind.
    details        JSON NOT NULL,
    -- open or closed; `state` holds it with how it ended.
    status         TEXT NOT NULL,
    state          JSON NOT NULL,
    -- 1 to 25, where the kind has one.
    exposure       BIGINT,
    -- Who answers for it: a person of the workspace, a contact, or only a name. The name is as it was then.
    owner_person   BLOB,
    owner_contact  BLOB,
    owner          TEXT,
    due_on         DATE,
    -- internal or customer.
    visibility     TEXT NOT NULL,
    -- The meeting it was made in.
    meeting_id     BLOB,
    -- What of the package it was made from, so that it is made once.
    seed           TEXT,
    opened_by      TEXT NOT NULL,
    opened_at      INTEGER NOT NULL,
    closed_by      TEXT,
    closed_at      INTEGER,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, onboarding_id, kind, number),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX register_entry_status ON register_entry (workspace_id, status, id);
CREATE INDEX register_entry_owner ON register_entry (workspace_id, owner_person, status, due_on);

CREATE TABLE meeting (
    workspace_id   BLOB NOT NULL,
    id             BLOB NOT NULL,
    onboarding_id  BLOB NOT NULL,
    -- Which meeting of the package and which of its days; nothing when people made it.
    code           TEXT,
    title          TEXT NOT NULL,
    purpose        TEXT NOT NULL,
    held_on        DATE NOT NULL,
    -- HH:MM on the clock of the zone; without a zone, of whoever looks.
    starts         TEXT NOT NULL,
    minutes        BIGINT NOT NULL,
    zone           TEXT,
    -- Room or link; may be empty.
    place          TEXT NOT NULL,
    with_customer  BOOLEAN NOT NULL,
    agenda         JSON NOT NULL,
    -- Who is invited, and who came.
    people         JSON NOT NULL,
    notes          TEXT NOT NULL,
    -- planned, held, cancelled, no-show.
    status         TEXT NOT NULL,
    -- Why it was not held.
    reason         TEXT,
    -- SEQUENCE of its calendar entry: counts what invited people must be told.
    sequence       BIGINT NOT NULL,
    invited_at     INTEGER,
    created_at     INTEGER NOT NULL,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX meeting_code ON meeting (workspace_id, onboarding_id, code);
CREATE INDEX meeting_day ON meeting (workspace_id, held_on, id);

CREATE TABLE escalation (
    workspace_id   BLOB NOT NULL,
    id             BLOB NOT NULL,
    onboarding_id  BLOB NOT NULL,
    number         BIGINT NOT NULL,
    level          BIGINT NOT NULL,
    title          TEXT NOT NULL,
    details        TEXT NOT NULL,
    -- The rule that suggested it; nothing when a person saw it.
    rule           TEXT,
    -- What it is about in the plan or the register: a code; may be empty.
    subject        TEXT NOT NULL,
    -- The level's path at that time.
    path           TEXT NOT NULL,
    raised_by      TEXT NOT NULL,
    raised_at      INTEGER NOT NULL,
    -- Until when the level answers.
    respond_by     INTEGER NOT NULL,
    -- raised, acknowledged, answered, resolved; `state` holds it with who and when.
    status         TEXT NOT NULL,
    state          JSON NOT NULL,
    -- Who was told: names and addresses.
    told           JSON NOT NULL,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, onboarding_id, number),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX escalation_status ON escalation (workspace_id, status, respond_by);

CREATE TABLE change_request (
    workspace_id    BLOB NOT NULL,
    id              BLOB NOT NULL,
    onboarding_id   BLOB NOT NULL,
    number          BIGINT NOT NULL,
    title           TEXT NOT NULL,
    description     TEXT NOT NULL,
    justification   TEXT NOT NULL,
    requested_by    TEXT NOT NULL,
    -- Whose wish it is: vendor, customer, joint; the ledger names that side.
    side            TEXT NOT NULL,
    requested_on    DATE NOT NULL,
    -- low, medium, high.
    priority        TEXT NOT NULL,
    -- What it would change of the plan, and what that does to its dates and work.
    changes         JSON NOT NULL,
    impact          JSON NOT NULL,
    cost_minor      BIGINT,
    currency        TEXT,
    risk            TEXT NOT NULL,
    -- current-phase, phase-2, reject; nothing while nobody has said.
    recommendation  TEXT,
    -- draft, proposed, approved, rejected, deferred, withdrawn; `state` holds it with who and why.
    status          TEXT NOT NULL,
    state           JSON NOT NULL,
    approvals       JSON NOT NULL,
    created_by      TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    version         BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, onboarding_id, number),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX change_request_status ON change_request (workspace_id, status, id);

CREATE TABLE report (
    workspace_id   BLOB NOT NULL,
    id             BLOB NOT NULL,
    onboarding_id  BLOB NOT NULL,
    -- weekly-status, executive-update, go-no-go, handoff-summary, transition-summary.
    kind           TEXT NOT NULL,
    title          TEXT NOT NULL,
    -- internal or customer.
    audience       TEXT NOT NULL,
    as_of          DATE NOT NULL,
    -- The colour the rules gave with its reasons, and what a person put in its place.
    colour         JSON NOT NULL,
    -- What was written from the facts, and what people made of it.
    written        TEXT NOT NULL,
    text           TEXT NOT NULL,
    made_by        TEXT NOT NULL,
    made_at        INTEGER NOT NULL,
    changed_by     TEXT NOT NULL,
    changed_at     INTEGER NOT NULL,
    sent_at        INTEGER,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX report_onboarding ON report (workspace_id, onboarding_id, id);

-- What a report said at each version.
CREATE TABLE report_version (
    workspace_id  BLOB NOT NULL,
    report_id     BLOB NOT NULL,
    number        BIGINT NOT NULL,
    text          TEXT NOT NULL,
    colour        JSON NOT NULL,
    saved_by      TEXT NOT NULL,
    saved_at      INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, report_id, number),
    FOREIGN KEY (workspace_id, report_id) REFERENCES report (workspace_id, id) ON DELETE CASCADE
);

-- Links by which people without an account read a report. Only the digest of the secret is kept.
CREATE TABLE report_link (
    workspace_id  BLOB NOT NULL,
    report_id     BLOB NOT NULL,
    -- SHA-256 of the secret, hex.
    digest        TEXT NOT NULL UNIQUE,
    made_by       TEXT NOT NULL,
    made_at       INTEGER NOT NULL,
    ended_at      INTEGER,
    PRIMARY KEY (workspace_id, report_id, digest),
    FOREIGN KEY (workspace_id, report_id) REFERENCES report (workspace_id, id) ON DELETE CASCADE
);
