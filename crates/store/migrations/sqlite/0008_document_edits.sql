-- Documents whose words people changed before they sent them. The text it was changed from is kept beside it, so
-- that a change of the plan can be worked in. A row stays when the words go back to what is written from the
-- plan, because its version tells two people from each other who change it at once.
CREATE TABLE document_edit (
    workspace_id   BLOB NOT NULL,
    onboarding_id  BLOB NOT NULL,
    -- Name of the template: handoff, welcome.
    name           TEXT NOT NULL,
    -- What was written from the plan when it was changed.
    base           TEXT NOT NULL,
    -- What people made of it; nothing when it is as written from the plan.
    text           TEXT,
    -- Counts changes.
    version        BIGINT NOT NULL,
    changed_by     TEXT NOT NULL,
    changed_at     INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, onboarding_id, name),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
