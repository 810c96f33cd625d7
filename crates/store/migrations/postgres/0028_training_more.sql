-- Training that follows its plan, sessions on days on which somebody is missing, and the surveys and forms an
-- onboarding has from the version of its programme.

-- Code of the task of the plan a track is given in; nothing where it follows none.
ALTER TABLE training_track ADD COLUMN task TEXT;

-- The day the plan moved a session to whose people were invited to another; nothing while both are the same.
ALTER TABLE training_session ADD COLUMN wanted_on DATE;
-- Why it is on a day on which a party does not work or the trainer is absent; empty where nobody is missing.
ALTER TABLE training_session ADD COLUMN because TEXT NOT NULL DEFAULT '';

-- Surveys and forms as versions of programmes had them, by what they say. Rows are added, never changed.
CREATE TABLE sheet_source (
    workspace_id  UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    -- SHA-256 of the text, hex.
    digest        TEXT NOT NULL,
    -- JSON.
    source        TEXT NOT NULL,
    kept_at       TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, digest)
);

-- Which of them an onboarding has; nothing for onboardings of earlier versions of Gangway.
ALTER TABLE onboarding ADD COLUMN sheets_digest TEXT;
