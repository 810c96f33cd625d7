-- Tasks that repeat: what a series says, and which of its occurrences were made.

CREATE TABLE task_series (
    workspace_id   BLOB NOT NULL,
    id             BLOB NOT NULL,
    onboarding_id  BLOB NOT NULL,
    -- In its onboarding, from 1: codes of its tasks begin with it.
    number         BIGINT NOT NULL,
    -- What is done, how often, and until when.
    spec           JSON NOT NULL,
    -- running, paused or ended.
    state_name     TEXT NOT NULL,
    state          JSON NOT NULL,
    made_by        TEXT NOT NULL,
    made_at        INTEGER NOT NULL,
    -- Counts changes, from 1.
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, onboarding_id, number),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX task_series_state ON task_series (workspace_id, state_name, onboarding_id);

-- One row for each occurrence that was made, by the day its rhythm names, so that none is made twice, whatever is
-- restarted and whatever became of its task.
CREATE TABLE task_occurrence (
    workspace_id  BLOB NOT NULL,
    series_id     BLOB NOT NULL,
    due_on        DATE NOT NULL,
    -- Code of its task.
    code          TEXT NOT NULL,
    PRIMARY KEY (workspace_id, series_id, due_on),
    FOREIGN KEY (workspace_id, series_id) REFERENCES task_series (workspace_id, id) ON DELETE CASCADE
);
