-- Going live: pilot, readiness, decision, waves, messages, hypercare, rollback.

-- What a launch is planned with: strategy, waves, rollback plan, hypercare plan.
CREATE TABLE launch (
    workspace_id   BLOB NOT NULL,
    onboarding_id  BLOB NOT NULL,
    plan           JSON NOT NULL,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, onboarding_id),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);

-- What a named person said: of an item of the readiness, as an approval, of a criterion by which hypercare ends.
CREATE TABLE launch_mark (
    workspace_id   BLOB NOT NULL,
    onboarding_id  BLOB NOT NULL,
    -- item:sso, approval:Executive sponsor, exit-3.
    subject        TEXT NOT NULL,
    said           JSON NOT NULL,
    PRIMARY KEY (workspace_id, onboarding_id, subject),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);

-- What happened: pilots, feedback, decisions, issues, daily syncs, messages, rollback triggers.
CREATE TABLE launch_record (
    workspace_id   BLOB NOT NULL,
    id             BLOB NOT NULL,
    onboarding_id  BLOB NOT NULL,
    -- pilot, feedback, decision, issue, sync, message, rollback.
    kind           TEXT NOT NULL,
    number         BIGINT NOT NULL,
    -- Where it stands, in a word of its kind.
    status         TEXT NOT NULL,
    body           JSON NOT NULL,
    made_at        INTEGER NOT NULL,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, onboarding_id, kind, number),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX launch_record_status ON launch_record (workspace_id, kind, status, id);
