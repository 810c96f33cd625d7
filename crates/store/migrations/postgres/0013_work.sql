-- The plan being worked: states of tasks and milestones, what the dates follow from, and why they moved.
ALTER TABLE task ADD COLUMN status TEXT NOT NULL DEFAULT 'open';
ALTER TABLE task ADD COLUMN started_on DATE;
ALTER TABLE task ADD COLUMN finished_on DATE;
-- Why it is blocked or skipped.
ALTER TABLE task ADD COLUMN because TEXT;
-- The task it waits for while it is blocked (code).
ALTER TABLE task ADD COLUMN blocked_by TEXT;
ALTER TABLE task ADD COLUMN blocked_since DATE;
ALTER TABLE task ADD COLUMN assignee_person UUID;
ALTER TABLE task ADD COLUMN assignee_contact UUID;
-- What ties it to dates.
ALTER TABLE task ADD COLUMN rule JSONB NOT NULL DEFAULT '{}';
ALTER TABLE task ADD COLUMN origin JSONB NOT NULL DEFAULT '{"kind":"programme"}';
ALTER TABLE task ADD COLUMN baseline_starts_on DATE;
ALTER TABLE task ADD COLUMN baseline_finishes_on DATE;
ALTER TABLE task ADD COLUMN baseline_days BIGINT;
ALTER TABLE task ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE INDEX task_person ON task (workspace_id, assignee_person, status, finishes_on);
CREATE INDEX task_open ON task (workspace_id, status, side, finishes_on);

ALTER TABLE milestone ADD COLUMN reached_on DATE;
-- Who waived the gate, when and why.
ALTER TABLE milestone ADD COLUMN waived JSONB;
ALTER TABLE milestone ADD COLUMN criteria JSONB NOT NULL DEFAULT '[]';
-- Criteria that people said are met.
ALTER TABLE milestone ADD COLUMN said JSONB NOT NULL DEFAULT '[]';
ALTER TABLE milestone ADD COLUMN baseline_on DATE;
ALTER TABLE milestone ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

-- What a plan stands on: calendars, start, wanted go-live. The revision is the lock of the whole plan.
CREATE TABLE plan_ground (
    workspace_id   UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    ground         JSONB NOT NULL,
    -- Counts changes, from 1.
    revision       BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, onboarding_id),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);

-- The ledger: why dates moved, one row for each change. Never changed but for what took it back.
CREATE TABLE plan_change (
    workspace_id    UUID NOT NULL,
    onboarding_id   UUID NOT NULL,
    number          BIGINT NOT NULL,
    -- The first number of those made at once.
    batch           BIGINT NOT NULL,
    made_at         TIMESTAMPTZ NOT NULL,
    made_by         TEXT NOT NULL,
    person_id       UUID,
    door            TEXT NOT NULL,
    kind            TEXT NOT NULL,
    -- Codes of tasks and milestones.
    subjects        JSONB NOT NULL,
    summary         TEXT NOT NULL,
    -- Who answers for it: vendor, customer or joint.
    side            TEXT NOT NULL,
    go_live_before  DATE NOT NULL,
    go_live_after   DATE NOT NULL,
    finish_before   DATE NOT NULL,
    finish_after    DATE NOT NULL,
    moves           JSONB NOT NULL,
    undo            JSONB NOT NULL,
    -- The number that took it back.
    undone_by       BIGINT,
    PRIMARY KEY (workspace_id, onboarding_id, number),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);

-- Dates as they were agreed: number 0 when the onboarding was planned, others by an explicit act.
CREATE TABLE plan_baseline (
    workspace_id   UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    number         BIGINT NOT NULL,
    made_at        TIMESTAMPTZ NOT NULL,
    made_by        TEXT NOT NULL,
    reason         TEXT NOT NULL,
    go_live_on     DATE NOT NULL,
    finish_on      DATE NOT NULL,
    dates          JSONB NOT NULL,
    PRIMARY KEY (workspace_id, onboarding_id, number),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);

CREATE TABLE comment (
    workspace_id   UUID NOT NULL,
    id             UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    -- Id of the task, milestone or other thing it is about.
    subject_id     UUID NOT NULL,
    made_at        TIMESTAMPTZ NOT NULL,
    made_by        TEXT NOT NULL,
    person_id      UUID,
    said           TEXT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX comment_subject ON comment (workspace_id, subject_id, id);

-- Who is named in a comment with @.
CREATE TABLE mention (
    workspace_id  UUID NOT NULL,
    person_id     UUID NOT NULL,
    comment_id    UUID NOT NULL,
    seen_at       TIMESTAMPTZ,
    PRIMARY KEY (workspace_id, person_id, comment_id),
    FOREIGN KEY (workspace_id, comment_id) REFERENCES comment (workspace_id, id) ON DELETE CASCADE
);

CREATE TABLE attachment (
    workspace_id   UUID NOT NULL,
    id             UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    subject_id     UUID NOT NULL,
    name           TEXT NOT NULL,
    media_type     TEXT NOT NULL,
    size           BIGINT NOT NULL,
    -- SHA-256 of its bytes, hexadecimal.
    digest         TEXT NOT NULL,
    made_at        TIMESTAMPTZ NOT NULL,
    made_by        TEXT NOT NULL,
    person_id      UUID,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX attachment_subject ON attachment (workspace_id, subject_id, id);

-- The bytes of attachments in Base64, so that both databases keep and copy them alike.
CREATE TABLE attachment_content (
    workspace_id   UUID NOT NULL,
    attachment_id  UUID NOT NULL,
    content        TEXT NOT NULL,
    PRIMARY KEY (workspace_id, attachment_id),
    FOREIGN KEY (workspace_id, attachment_id) REFERENCES attachment (workspace_id, id) ON DELETE CASCADE
);

CREATE TABLE checklist_item (
    workspace_id   UUID NOT NULL,
    id             UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    task_id        UUID NOT NULL,
    position       BIGINT NOT NULL,
    said           TEXT NOT NULL,
    done_by        TEXT,
    done_at        TIMESTAMPTZ,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, task_id) REFERENCES task (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX checklist_task ON checklist_item (workspace_id, task_id, position);
