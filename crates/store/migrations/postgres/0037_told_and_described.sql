-- Of what somebody was told by mail when it was shared: shared again, it is told to nobody twice.
CREATE TABLE portal_told (
    workspace_id  UUID NOT NULL,
    access_id     UUID NOT NULL,
    -- The id of the comment.
    item          TEXT COLLATE "C" NOT NULL,
    told_at       TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, access_id, item),
    FOREIGN KEY (workspace_id, access_id) REFERENCES portal_access (workspace_id, id) ON DELETE CASCADE
);

-- What is to be done in a task, in the words of the team. Beside the plan, which is read and written as a whole.
CREATE TABLE task_description (
    workspace_id   UUID NOT NULL,
    task_id        UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    text           TEXT NOT NULL,
    changed_by     TEXT NOT NULL,
    changed_at     TIMESTAMPTZ NOT NULL,
    -- Counts changes, from 1.
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, task_id),
    FOREIGN KEY (workspace_id, task_id) REFERENCES task (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX task_description_onboarding ON task_description (workspace_id, onboarding_id);
