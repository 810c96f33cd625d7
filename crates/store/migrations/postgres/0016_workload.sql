-- What people of the workspace have time for, and the daily mail.

-- Full time and never absent where nobody said anything else.
CREATE TABLE availability (
    workspace_id  UUID NOT NULL,
    person_id     UUID NOT NULL,
    -- Tenths of a day in a week without holidays, and absences.
    times         JSONB NOT NULL,
    changed_by    TEXT NOT NULL,
    changed_at    TIMESTAMPTZ NOT NULL,
    -- Counts changes, from 1.
    version       BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, person_id),
    FOREIGN KEY (workspace_id, person_id) REFERENCES membership (workspace_id, person_id) ON DELETE CASCADE
);

-- How often somebody wants the mail; every day where nothing stands.
CREATE TABLE digest_rhythm (
    workspace_id  UUID NOT NULL,
    person_id     UUID NOT NULL,
    -- daily, weekly, never.
    rhythm        TEXT NOT NULL,
    PRIMARY KEY (workspace_id, person_id),
    FOREIGN KEY (workspace_id, person_id) REFERENCES membership (workspace_id, person_id) ON DELETE CASCADE
);

-- One row for each mail, so that nobody gets two on a day, whatever is restarted and however many processes there are.
CREATE TABLE digest (
    workspace_id  UUID NOT NULL,
    person_id     UUID NOT NULL,
    day           DATE NOT NULL,
    made_at       TIMESTAMPTZ NOT NULL,
    lines         BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, person_id, day),
    FOREIGN KEY (workspace_id, person_id) REFERENCES membership (workspace_id, person_id) ON DELETE CASCADE
);
