-- Every table but workspace begins its key with the workspace, and every foreign key carries it:
-- a row cannot refer to another workspace's row. Keys sort by bytes, as on SQLite.

CREATE TABLE workspace (
    id          UUID NOT NULL PRIMARY KEY,
    name        TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL
);

CREATE TABLE account (
    workspace_id  UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id            UUID NOT NULL,
    name          TEXT NOT NULL,
    -- The name without case, punctuation and legal form: two handoffs of one customer meet here.
    name_key      TEXT COLLATE "C" NOT NULL,
    industry      TEXT,
    country       TEXT,
    website       TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, name_key)
);

CREATE TABLE handoff (
    workspace_id      UUID NOT NULL,
    id                UUID NOT NULL,
    account_id        UUID NOT NULL,
    -- SHA-256 of what was sent, hex: the same deal sent twice is one handoff.
    digest            TEXT COLLATE "C" NOT NULL,
    format            TEXT NOT NULL,
    reading           JSONB NOT NULL,
    -- Both known once the package is made.
    segment           TEXT,
    document_score    BIGINT,
    accepted_at       TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, digest),
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX handoff_account ON handoff (workspace_id, account_id);

CREATE TABLE onboarding (
    workspace_id       UUID NOT NULL,
    id                 UUID NOT NULL,
    account_id         UUID NOT NULL,
    handoff_id         UUID NOT NULL,
    customer           TEXT NOT NULL,
    customer_key       TEXT COLLATE "C" NOT NULL,
    product            TEXT NOT NULL,
    use_case           TEXT NOT NULL,
    -- Customer, product and use case in lower case.
    search             TEXT NOT NULL,
    -- The state's name again, for filters; `state` holds it with its data.
    state_name         TEXT COLLATE "C" NOT NULL,
    state              JSONB NOT NULL,
    segment            TEXT COLLATE "C" NOT NULL,
    segment_name       TEXT NOT NULL,
    touch              TEXT NOT NULL,
    acv_minor          BIGINT,
    currency           TEXT,
    programme          TEXT NOT NULL,
    programme_version  BIGINT NOT NULL,
    methodology        TEXT NOT NULL,
    starts_on          DATE NOT NULL,
    kickoff_on         DATE NOT NULL,
    go_live_on         DATE NOT NULL,
    go_live_target     DATE,
    first_value_on     DATE,
    finish_on          DATE NOT NULL,
    -- Calendar days by which the planned go-live misses the wanted one; 0 when it does not.
    late_days          BIGINT NOT NULL,
    document_score     BIGINT NOT NULL,
    warnings           BIGINT NOT NULL,
    -- The package as it was generated, whole.
    package            JSONB NOT NULL,
    created_at         TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, id),
    -- One onboarding per handoff: generating twice finds the first.
    UNIQUE (workspace_id, handoff_id),
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, handoff_id) REFERENCES handoff (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX onboarding_account ON onboarding (workspace_id, account_id);
CREATE INDEX onboarding_kickoff ON onboarding (workspace_id, kickoff_on, id);
CREATE INDEX onboarding_go_live ON onboarding (workspace_id, go_live_on, id);
CREATE INDEX onboarding_customer ON onboarding (workspace_id, customer_key, id);

CREATE TABLE phase (
    workspace_id   UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    position       BIGINT NOT NULL,
    code           TEXT NOT NULL,
    name           TEXT NOT NULL,
    stage          TEXT NOT NULL,
    starts_on      DATE NOT NULL,
    finishes_on    DATE NOT NULL,
    PRIMARY KEY (workspace_id, onboarding_id, position),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);

CREATE TABLE task (
    workspace_id   UUID NOT NULL,
    id             UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    position       BIGINT NOT NULL,
    -- Id inside the plan, from the programme.
    code           TEXT NOT NULL,
    phase          TEXT NOT NULL,
    name           TEXT NOT NULL,
    side           TEXT NOT NULL,
    role           TEXT NOT NULL,
    assignee       TEXT,
    days           BIGINT NOT NULL,
    starts_on      DATE NOT NULL,
    finishes_on    DATE NOT NULL,
    slack          BIGINT NOT NULL,
    critical       BOOLEAN NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, onboarding_id, position),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX task_start ON task (workspace_id, onboarding_id, starts_on, position);

CREATE TABLE milestone (
    workspace_id   UUID NOT NULL,
    id             UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    position       BIGINT NOT NULL,
    code           TEXT NOT NULL,
    phase          TEXT NOT NULL,
    name           TEXT NOT NULL,
    kind           TEXT NOT NULL,
    gate           BOOLEAN NOT NULL,
    due_on         DATE NOT NULL,
    planned_on     DATE NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, onboarding_id, position),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);

-- Dependencies between tasks and milestones, by their codes.
CREATE TABLE link (
    workspace_id   UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    position       BIGINT NOT NULL,
    from_code      TEXT NOT NULL,
    to_code        TEXT NOT NULL,
    kind           TEXT NOT NULL,
    lag            BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, onboarding_id, position),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);

-- Who did what when: written in the transaction of the deed, never changed.
CREATE TABLE activity (
    workspace_id   UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id             UUID NOT NULL,
    at             TIMESTAMPTZ NOT NULL,
    actor          TEXT NOT NULL,
    door           TEXT NOT NULL,
    kind           TEXT NOT NULL,
    account_id     UUID,
    onboarding_id  UUID,
    summary        TEXT NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX activity_time ON activity (workspace_id, at, id);
CREATE INDEX activity_onboarding ON activity (workspace_id, onboarding_id, at, id);

-- What others must hear about, written in the transaction that made it true and delivered after it.
CREATE TABLE outbox (
    workspace_id  UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id            UUID NOT NULL,
    at            TIMESTAMPTZ NOT NULL,
    kind          TEXT NOT NULL,
    payload       JSONB NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
