-- Who handed the deal over, through which door, and who has said that it was read right.
ALTER TABLE handoff ADD COLUMN accepted_by TEXT NOT NULL DEFAULT '';
ALTER TABLE handoff ADD COLUMN door TEXT NOT NULL DEFAULT '';
ALTER TABLE handoff ADD COLUMN confirmed_at INTEGER;
ALTER TABLE handoff ADD COLUMN confirmed_by TEXT;
-- Counts corrections: numbers them, and makes those who correct at once wait for each other.
ALTER TABLE handoff ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
CREATE INDEX handoff_accepted ON handoff (workspace_id, accepted_at, id);

-- What people changed of what was read. The reading itself is never overwritten, and a correction is
-- undone, not deleted.
CREATE TABLE correction (
    workspace_id  BLOB NOT NULL,
    handoff_id    BLOB NOT NULL,
    -- From 1, in the order they were made.
    number        BIGINT NOT NULL,
    -- Which fact: `acv`, `promises[0]` as read, `promises+3` added by correction 3.
    fact          TEXT NOT NULL,
    -- `set`, `add` or `remove`, with the new value.
    change        JSON NOT NULL,
    -- The value before, in words, for the log.
    before        TEXT,
    reason        TEXT,
    made_by       TEXT NOT NULL,
    person_id     BLOB,
    made_at       INTEGER NOT NULL,
    undone_by     TEXT,
    undone_at     INTEGER,
    PRIMARY KEY (workspace_id, handoff_id, number),
    FOREIGN KEY (workspace_id, handoff_id) REFERENCES handoff (workspace_id, id) ON DELETE CASCADE
);

-- Response clocks of a handoff that a person has stopped.
CREATE TABLE handoff_clock (
    workspace_id  BLOB NOT NULL,
    handoff_id    BLOB NOT NULL,
    clock         TEXT NOT NULL,
    done_by       TEXT NOT NULL,
    done_at       INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, handoff_id, clock),
    FOREIGN KEY (workspace_id, handoff_id) REFERENCES handoff (workspace_id, id) ON DELETE CASCADE
);
