-- What other systems tell, told more fully: tickets opened again, renewals, the files that were brought; and what
-- the waiting for an answer is read by.

-- How often it was opened again after it was solved.
ALTER TABLE support_ticket ADD COLUMN reopened BIGINT NOT NULL DEFAULT 0;

-- When a customer's contract is renewed.
CREATE TABLE contract_renewal (
    workspace_id  BLOB NOT NULL,
    account_id    BLOB NOT NULL,
    renews_on     DATE NOT NULL,
    -- The onboarding whose deal says it; nothing where somebody told it.
    onboarding_id BLOB,
    note          TEXT NOT NULL,
    made_by       TEXT NOT NULL,
    made_at       INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, account_id),
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id) ON DELETE CASCADE
);

-- Files of what other systems tell that were taken.
CREATE TABLE input_file (
    workspace_id  BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id            BLOB NOT NULL,
    -- tickets, integrations, data-quality, movements, renewals.
    kind          TEXT NOT NULL,
    -- As it was called; empty where it came without a name.
    name          TEXT NOT NULL,
    lines         BIGINT NOT NULL,
    accounts      BIGINT NOT NULL,
    made_by       TEXT NOT NULL,
    made_at       INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id)
);

CREATE INDEX comment_onboarding ON comment (workspace_id, onboarding_id, id);
CREATE INDEX attachment_onboarding ON attachment (workspace_id, onboarding_id, id);
