-- The package is by far the largest part of an onboarding: apart from it, lists read small rows only.
CREATE TABLE onboarding_package (
    workspace_id   BLOB NOT NULL,
    onboarding_id  BLOB NOT NULL,
    -- As it was generated, whole.
    package        JSON NOT NULL,
    PRIMARY KEY (workspace_id, onboarding_id),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
INSERT INTO onboarding_package (workspace_id, onboarding_id, package)
    SELECT workspace_id, id, package FROM onboarding;
ALTER TABLE onboarding DROP COLUMN package;
CREATE INDEX onboarding_finish ON onboarding (workspace_id, finish_on, id);
CREATE INDEX onboarding_late ON onboarding (workspace_id, late_days, id);
CREATE INDEX onboarding_quality ON onboarding (workspace_id, document_score, id);
-- The portfolio's search reads this first, and rows only for what it finds.
CREATE INDEX onboarding_search ON onboarding (workspace_id, search, id);
-- Everything the counts above the portfolio need.
CREATE INDEX onboarding_summary ON onboarding (workspace_id, segment, segment_name, late_days, warnings);

-- The first day on which a later phase has begun: the plan is in a phase from its start to the day before.
ALTER TABLE phase ADD COLUMN until_on DATE NOT NULL DEFAULT '9999-12-31';
UPDATE phase SET until_on = COALESCE(
    (SELECT MIN(later.starts_on) FROM phase later
     WHERE later.workspace_id = phase.workspace_id AND later.onboarding_id = phase.onboarding_id
       AND later.position > phase.position),
    '9999-12-31');
CREATE INDEX phase_stage ON phase (workspace_id, stage, starts_on, until_on, onboarding_id);

-- What duplicates of an account share: the name without accents and spaces, and the domain of the website.
ALTER TABLE account ADD COLUMN match_key TEXT;
ALTER TABLE account ADD COLUMN domain TEXT;
CREATE INDEX account_match ON account (workspace_id, match_key);
CREATE INDEX account_domain ON account (workspace_id, domain);

-- People at accounts.
CREATE TABLE contact (
    workspace_id  BLOB NOT NULL,
    id            BLOB NOT NULL,
    account_id    BLOB NOT NULL,
    name          TEXT NOT NULL,
    -- Lower case, without accents: by which deals of one customer find the same person.
    name_key      TEXT NOT NULL,
    title         TEXT,
    email         TEXT,
    -- The address in lower case.
    email_key     TEXT,
    -- Of the address, unless everybody may have one there.
    domain        TEXT,
    phone         TEXT,
    notes         TEXT,
    created_at    INTEGER NOT NULL,
    -- Counts changes, so that two people editing at once notice each other.
    version       BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX contact_account ON contact (workspace_id, account_id, name_key);
CREATE INDEX contact_name ON contact (workspace_id, name_key, id);
CREATE INDEX contact_email ON contact (workspace_id, email_key);
CREATE INDEX contact_domain ON contact (workspace_id, domain, account_id);

-- What a contact is to an onboarding.
CREATE TABLE contact_role (
    workspace_id   BLOB NOT NULL,
    contact_id     BLOB NOT NULL,
    onboarding_id  BLOB NOT NULL,
    role           TEXT NOT NULL,
    -- The role as people see it.
    role_name      TEXT NOT NULL,
    PRIMARY KEY (workspace_id, contact_id, onboarding_id, role),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contact (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX contact_role_onboarding ON contact_role (workspace_id, onboarding_id);
CREATE INDEX contact_role_role ON contact_role (workspace_id, role, role_name, contact_id);

-- Accounts and contacts that were merged into others: old addresses and names lead on.
CREATE TABLE merged (
    workspace_id  BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    -- account or contact.
    kind          TEXT NOT NULL,
    id            BLOB NOT NULL,
    into_id       BLOB NOT NULL,
    name_key      TEXT NOT NULL,
    external_id   TEXT,
    merged_at     INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, kind, id)
);
CREATE INDEX merged_name ON merged (workspace_id, kind, name_key);
CREATE INDEX merged_external ON merged (workspace_id, kind, external_id);

-- Pairs that look like duplicates and are not, as somebody has said.
CREATE TABLE not_duplicate (
    workspace_id  BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    one_id        BLOB NOT NULL,
    other_id      BLOB NOT NULL,
    said_at       INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, one_id, other_id)
);

-- Filters of the portfolio under a name, of one person or shared with the workspace.
CREATE TABLE saved_view (
    workspace_id  BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id            BLOB NOT NULL,
    person_id     BLOB NOT NULL,
    name          TEXT NOT NULL,
    -- What stands behind the `?` of the address.
    query         TEXT NOT NULL,
    shared        BOOLEAN NOT NULL,
    created_at    INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE TABLE default_view (
    workspace_id  BLOB NOT NULL,
    person_id     BLOB NOT NULL,
    view_id       BLOB NOT NULL,
    PRIMARY KEY (workspace_id, person_id),
    FOREIGN KEY (workspace_id, view_id) REFERENCES saved_view (workspace_id, id) ON DELETE CASCADE
);

-- What search finds, and every word it is found by: lower case, without accents. Prefixes are ranges of
-- words, and every range begins with the workspace.
CREATE TABLE search_entry (
    workspace_id  BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    kind          TEXT NOT NULL,
    id            BLOB NOT NULL,
    title         TEXT NOT NULL,
    detail        TEXT NOT NULL,
    PRIMARY KEY (workspace_id, kind, id)
) WITHOUT ROWID;
CREATE TABLE search_word (
    workspace_id  BLOB NOT NULL,
    kind          TEXT NOT NULL,
    word          TEXT NOT NULL,
    id            BLOB NOT NULL,
    -- Where it stands: name, product, website, …
    field         TEXT NOT NULL,
    PRIMARY KEY (workspace_id, kind, word, id, field),
    FOREIGN KEY (workspace_id, kind, id) REFERENCES search_entry (workspace_id, kind, id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX search_word_entry ON search_word (workspace_id, kind, id, word);

-- Work that brings rows of earlier versions up to date, once for each workspace.
CREATE TABLE upkeep (
    workspace_id  BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    task          TEXT NOT NULL,
    done_at       INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, task)
);

CREATE INDEX activity_account ON activity (workspace_id, account_id, id);
