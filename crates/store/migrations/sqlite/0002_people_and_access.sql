-- People belong to the installation; what they may do belongs to a workspace (membership).
CREATE TABLE person (
    id             BLOB NOT NULL PRIMARY KEY,
    email          TEXT NOT NULL,
    -- The address in lower case: one person per mailbox.
    email_key      TEXT NOT NULL UNIQUE,
    name           TEXT NOT NULL,
    -- Argon2id in PHC form; NULL for those who sign in elsewhere only.
    password_hash  TEXT,
    -- Issuer and subject of an OpenID Connect provider, with a line feed between.
    subject        TEXT UNIQUE,
    created_at     INTEGER NOT NULL
);

CREATE TABLE membership (
    workspace_id  BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    person_id     BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    role          TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, person_id)
);
CREATE INDEX membership_person ON membership (person_id);

CREATE TABLE session (
    -- SHA-256 of the secret in the cookie, hex: a stolen database opens no session.
    digest        TEXT NOT NULL PRIMARY KEY,
    person_id     BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    workspace_id  BLOB NOT NULL,
    agent         TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    seen_at       INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    -- Whoever leaves a workspace leaves their sessions there.
    FOREIGN KEY (workspace_id, person_id) REFERENCES membership (workspace_id, person_id) ON DELETE CASCADE
);
CREATE INDEX session_person ON session (person_id);
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE invitation (
    workspace_id  BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id            BLOB NOT NULL,
    email         TEXT NOT NULL,
    email_key     TEXT NOT NULL,
    role          TEXT NOT NULL,
    -- SHA-256 of the secret in the link, hex.
    digest        TEXT NOT NULL UNIQUE,
    invited_by    TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, email_key)
);

CREATE TABLE password_reset (
    -- SHA-256 of the secret in the link, hex.
    digest      TEXT NOT NULL PRIMARY KEY,
    person_id   BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL
);
CREATE INDEX password_reset_person ON password_reset (person_id);

CREATE TABLE api_token (
    workspace_id  BLOB NOT NULL,
    id            BLOB NOT NULL,
    person_id     BLOB NOT NULL,
    name          TEXT NOT NULL,
    -- SHA-256 of the token, hex.
    digest        TEXT NOT NULL UNIQUE,
    -- Words with spaces between: `read write`.
    scopes        TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    used_at       INTEGER,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, person_id) REFERENCES membership (workspace_id, person_id) ON DELETE CASCADE
);
CREATE INDEX api_token_person ON api_token (workspace_id, person_id);

-- What is to be done later, once, whatever crashes meanwhile.
CREATE TABLE job (
    workspace_id  BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id            BLOB NOT NULL,
    kind          TEXT NOT NULL,
    payload       JSON NOT NULL,
    run_at        INTEGER NOT NULL,
    attempts      BIGINT NOT NULL,
    -- Until when a worker has it to itself.
    leased_until  INTEGER,
    -- What went wrong the last time.
    problem       TEXT,
    -- When it was done, or given up with a problem.
    ended_at      INTEGER,
    created_at    INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX job_due ON job (run_at) WHERE ended_at IS NULL;

ALTER TABLE activity ADD COLUMN person_id BLOB;
-- The deal as it was sent, when it is text: facts are shown beside it.
ALTER TABLE handoff ADD COLUMN source TEXT;
-- Counts changes, so that two people editing at once notice each other.
ALTER TABLE account ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE onboarding ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE onboarding ADD COLUMN owner_id BLOB;
CREATE INDEX onboarding_owner ON onboarding (workspace_id, owner_id);
