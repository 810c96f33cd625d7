-- The joint impact plan as it is worked: outcomes, what is measured of them, what the customer says, how milestones
-- are celebrated.

-- One for each onboarding.
CREATE TABLE impact_plan (
    workspace_id   UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    north_star     TEXT NOT NULL,
    first_impact   TEXT NOT NULL,
    -- What stands in the way, and what could come of it: talked about with the champion, never shown in the portal.
    challenges     TEXT NOT NULL,
    opportunities  TEXT NOT NULL,
    -- The day by which the onboarding should be complete, by its programme.
    complete_by    DATE,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, onboarding_id),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX impact_plan_complete ON impact_plan (workspace_id, complete_by);

CREATE TABLE outcome (
    workspace_id   UUID NOT NULL,
    id             UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    -- Numbered inside an onboarding: O-1.
    number         BIGINT NOT NULL,
    goal           TEXT NOT NULL,
    -- What is measured; empty until it is agreed.
    metric         TEXT NOT NULL,
    unit           TEXT NOT NULL,
    -- up or down.
    direction      TEXT COLLATE "C" NOT NULL,
    -- Thousandths.
    baseline       BIGINT,
    target         BIGINT,
    by_on          DATE NOT NULL,
    -- What will prove it.
    proof          TEXT NOT NULL,
    -- Who of the customer confirms it, by name or role.
    confirms       TEXT NOT NULL,
    -- Rung of the value ladder.
    rung           BIGINT,
    first_value    BOOLEAN NOT NULL,
    full_value     BOOLEAN NOT NULL,
    -- Ids of promises it keeps.
    promises       JSONB NOT NULL,
    agreed_by      TEXT,
    agreed_at      TIMESTAMPTZ,
    -- What the customer says to it, or null; `answered` is its word, or open.
    answer         JSONB NOT NULL,
    answered       TEXT COLLATE "C" NOT NULL,
    -- The latest measurement.
    latest_on      DATE,
    latest_value   BIGINT,
    latest_holds   BOOLEAN NOT NULL,
    -- Some measurement has evidence.
    evidenced      BOOLEAN NOT NULL,
    -- drafted, agreed, measuring, reached, verified: where it stands while its day has not passed.
    state          TEXT COLLATE "C" NOT NULL,
    -- What of the package it was made from, so that it is made once.
    seed           TEXT COLLATE "C",
    made_by        TEXT NOT NULL,
    made_at        TIMESTAMPTZ NOT NULL,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, onboarding_id, number),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX outcome_state ON outcome (workspace_id, state, id);

CREATE TABLE outcome_measurement (
    workspace_id   UUID NOT NULL,
    id             UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    outcome_id     UUID NOT NULL,
    measured_on    DATE NOT NULL,
    -- Thousandths; none where the outcome has no figure.
    value          BIGINT,
    -- Whoever measured says that the outcome is there.
    holds          BOOLEAN NOT NULL,
    note           TEXT NOT NULL,
    -- Words, a link or a file, or null.
    evidence       JSONB NOT NULL,
    made_by        TEXT NOT NULL,
    made_at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, outcome_id) REFERENCES outcome (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX outcome_measurement_outcome ON outcome_measurement (workspace_id, outcome_id, measured_on, id);
CREATE INDEX outcome_measurement_onboarding ON outcome_measurement (workspace_id, onboarding_id);

-- How reaching a value milestone is celebrated; a milestone without a row by what the methodology says.
CREATE TABLE celebration (
    workspace_id   UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    -- The milestone's id inside the plan.
    milestone      TEXT COLLATE "C" NOT NULL,
    share_with     TEXT NOT NULL,
    format         TEXT NOT NULL,
    message        TEXT NOT NULL,
    held_on        DATE,
    held_by        TEXT,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, onboarding_id, milestone),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
