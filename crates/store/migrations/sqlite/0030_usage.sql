-- Usage: where events come from, who they are about, and what they add up to. Raw events are in a log of their own.

-- What sends events, known by its write key.
CREATE TABLE usage_source (
    workspace_id   BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id             BLOB NOT NULL,
    name           TEXT NOT NULL,
    -- SHA-256 of the write key, hex.
    key_digest     TEXT NOT NULL UNIQUE,
    -- Its last characters, so that people can tell keys apart.
    key_hint       TEXT NOT NULL,
    -- Origins of pages that may send from browsers; none: all.
    origins        JSON NOT NULL,
    made_at        INTEGER NOT NULL,
    ended_at       INTEGER,
    last_seen_at   INTEGER,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
);

-- A customer as the product knows it.
CREATE TABLE usage_group (
    workspace_id   BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id             BLOB NOT NULL,
    -- Empty: of users nobody said a customer of.
    external_id    TEXT NOT NULL,
    name           TEXT,
    account_id     BLOB,
    traits         JSON NOT NULL,
    -- external-id, domain, name, person; nothing where no account is known.
    matched_by     TEXT,
    first_at       INTEGER NOT NULL,
    last_at        INTEGER NOT NULL,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, external_id)
);
CREATE INDEX usage_group_account ON usage_group (workspace_id, account_id, id);

-- Somebody as the product knows them.
CREATE TABLE usage_user (
    workspace_id   BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id             BLOB NOT NULL,
    external_id    TEXT NOT NULL,
    group_id       BLOB NOT NULL,
    -- Who they turned out to be, where they were known by another id before.
    into_id        BLOB,
    contact_id     BLOB,
    -- In small letters.
    email          TEXT,
    name           TEXT,
    first_at       INTEGER NOT NULL,
    last_at        INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, external_id)
);
CREATE INDEX usage_user_group ON usage_user (workspace_id, group_id, last_at);
CREATE INDEX usage_user_into ON usage_user (workspace_id, into_id);

-- Messages counted lately: the same one again counts nothing.
CREATE TABLE usage_message (
    workspace_id   BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    -- Sixteen bytes of the digest of source and message id.
    key            BLOB NOT NULL,
    seen_at        INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, key)
) WITHOUT ROWID;
CREATE INDEX usage_message_seen ON usage_message (workspace_id, seen_at);

-- How far a log of the installation has been counted.
CREATE TABLE usage_cursor (
    log       TEXT NOT NULL PRIMARY KEY,
    position  BIGINT NOT NULL,
    at        INTEGER NOT NULL
);

-- What a customer did on a day (UTC). The event `*` stands for all of them.
CREATE TABLE usage_day (
    workspace_id   BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    group_id       BLOB NOT NULL,
    day            DATE NOT NULL,
    event          TEXT NOT NULL,
    times          BIGINT NOT NULL,
    users          BIGINT NOT NULL,
    first_at       INTEGER NOT NULL,
    last_at        INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, group_id, day, event)
) WITHOUT ROWID;
CREATE INDEX usage_day_all ON usage_day (workspace_id, event, day);

-- The same for each user.
CREATE TABLE usage_user_day (
    workspace_id   BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    group_id       BLOB NOT NULL,
    day            DATE NOT NULL,
    event          TEXT NOT NULL,
    user_id        BLOB NOT NULL,
    times          BIGINT NOT NULL,
    first_at       INTEGER NOT NULL,
    last_at        INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, group_id, day, event, user_id)
) WITHOUT ROWID;
CREATE INDEX usage_user_day_user ON usage_user_day (workspace_id, user_id);

-- What a customer did ever.
CREATE TABLE usage_total (
    workspace_id   BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    group_id       BLOB NOT NULL,
    event          TEXT NOT NULL,
    times          BIGINT NOT NULL,
    first_at       INTEGER NOT NULL,
    last_at        INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, group_id, event)
) WITHOUT ROWID;
CREATE INDEX usage_total_event ON usage_total (workspace_id, event, last_at);

-- What the product can do, by the events that show its use.
CREATE TABLE usage_feature (
    workspace_id   BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id             BLOB NOT NULL,
    code           TEXT NOT NULL,
    name           TEXT NOT NULL,
    description    TEXT NOT NULL,
    events         JSON NOT NULL,
    is_core        BOOLEAN NOT NULL,
    is_advanced    BOOLEAN NOT NULL,
    position       BIGINT NOT NULL,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, code)
);

-- How many users a customer should have, where somebody said it.
CREATE TABLE usage_expected (
    workspace_id   BLOB NOT NULL,
    account_id     BLOB NOT NULL,
    users          BIGINT,
    -- The onboarding whose deal says it; nothing where a person said it.
    onboarding_id  BLOB,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, account_id),
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id) ON DELETE CASCADE
);

-- Messages that were not counted, and why.
CREATE TABLE usage_refused (
    workspace_id   BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id             BLOB NOT NULL,
    source_id      BLOB NOT NULL,
    at             INTEGER NOT NULL,
    -- rejected, quarantined.
    verdict        TEXT NOT NULL,
    reason         TEXT NOT NULL,
    -- The message, cut off where it is long.
    body           TEXT NOT NULL,
    PRIMARY KEY (workspace_id, id)
);

-- What events show an onboarding to have reached.
CREATE TABLE usage_milestone (
    workspace_id   BLOB NOT NULL,
    onboarding_id  BLOB NOT NULL,
    -- first-login, setup, first-value, full-value, or milestone: and the code of a value milestone.
    code           TEXT NOT NULL,
    reached_at     INTEGER NOT NULL,
    -- The event or rule that showed it.
    event          TEXT NOT NULL,
    PRIMARY KEY (workspace_id, onboarding_id, code),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);

-- How an onboarding's activation goes against what is expected, as it was last told.
CREATE TABLE usage_pace (
    workspace_id   BLOB NOT NULL,
    onboarding_id  BLOB NOT NULL,
    -- on-track, behind, stuck, done, unknown.
    pace           TEXT NOT NULL,
    since          INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, onboarding_id),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);

-- Events brought in from files.
CREATE TABLE usage_import (
    workspace_id   BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id             BLOB NOT NULL,
    source_id      BLOB NOT NULL,
    name           TEXT NOT NULL,
    -- csv, ndjson.
    format         TEXT NOT NULL,
    -- open, done, failed.
    state          TEXT NOT NULL,
    total_bytes    BIGINT NOT NULL,
    -- Bytes taken, those of an unfinished line included.
    done_bytes     BIGINT NOT NULL,
    -- The unfinished line.
    rest           TEXT NOT NULL,
    -- Names of columns, where the file has any.
    columns        JSON NOT NULL,
    lines          BIGINT NOT NULL,
    accepted       BIGINT NOT NULL,
    refused        BIGINT NOT NULL,
    problem        TEXT,
    made_by        TEXT NOT NULL,
    made_at        INTEGER NOT NULL,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
