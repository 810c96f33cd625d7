-- Texts of programmes by what they say: every version somebody published, and those built in when an
-- onboarding was made from them. Rows are added, never changed.
CREATE TABLE programme_source (
    workspace_id  BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    -- SHA-256 of the text, hex.
    digest        TEXT NOT NULL,
    programme     TEXT NOT NULL,
    source        TEXT NOT NULL,
    kept_at       INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, digest)
);

-- What a workspace published. Rows are added, never changed.
CREATE TABLE programme_version (
    workspace_id  BLOB NOT NULL,
    programme     TEXT NOT NULL,
    number        BIGINT NOT NULL,
    digest        TEXT NOT NULL,
    note          TEXT NOT NULL,
    -- Digest of the text it was made from.
    based_on      TEXT NOT NULL,
    -- It says what the built-in one said.
    is_built_in   BOOLEAN NOT NULL,
    published_by  TEXT NOT NULL,
    person_id     BLOB,
    published_at  INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, programme, number),
    FOREIGN KEY (workspace_id, digest) REFERENCES programme_source (workspace_id, digest) ON DELETE CASCADE
);

-- The version a team works on: one of each programme, shared.
CREATE TABLE programme_draft (
    workspace_id  BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    programme     TEXT NOT NULL,
    source        TEXT NOT NULL,
    -- Digest of the text it was begun with.
    based_on      TEXT NOT NULL,
    -- Counts changes, so that two people editing at once notice each other.
    version       BIGINT NOT NULL,
    begun_by      TEXT NOT NULL,
    begun_at      INTEGER NOT NULL,
    changed_by    TEXT NOT NULL,
    changed_at    INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, programme)
);

-- The text an onboarding was made from, and whose holidays the vendor was said to keep: both are needed to
-- plan it again.
ALTER TABLE onboarding ADD COLUMN programme_digest TEXT;
ALTER TABLE onboarding ADD COLUMN vendor_country TEXT;
