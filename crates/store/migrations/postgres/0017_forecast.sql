-- What a plan's future looked like, one row for each day on which anybody (or the clock) asked.
CREATE TABLE forecast (
    workspace_id       UUID NOT NULL,
    onboarding_id      UUID NOT NULL,
    made_on            DATE NOT NULL,
    made_at            TIMESTAMPTZ NOT NULL,
    -- Of the plan it was made from.
    revision           BIGINT NOT NULL,
    runs               BIGINT NOT NULL,
    planned_on         DATE NOT NULL,
    p50_on             DATE NOT NULL,
    p80_on             DATE NOT NULL,
    finish_planned_on  DATE NOT NULL,
    finish_p50_on      DATE NOT NULL,
    finish_p80_on      DATE NOT NULL,
    promised_on        DATE NOT NULL,
    -- Share of the runs that keep the promise, whole per cent.
    kept_percent       BIGINT NOT NULL,
    -- The promised date that people were warned of on this day.
    warned_of          DATE,
    -- Where the figures come from, and the tasks they depend on.
    detail             JSONB NOT NULL,
    -- On how many runs each day is the go-live; the latest row only, others are for comparing.
    spread             JSONB,
    PRIMARY KEY (workspace_id, onboarding_id, made_on),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);

-- What tasks that are done took, of which forecasts learn: written when somebody says that one is done, so that nothing
-- is counted again for every forecast, and nothing is learnt of what was only taken for done.
CREATE TABLE slip (
    workspace_id   UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    code           TEXT NOT NULL,
    side           TEXT NOT NULL,
    kind           TEXT NOT NULL,
    planned        BIGINT NOT NULL,
    actual         BIGINT NOT NULL,
    finished_on    DATE NOT NULL,
    PRIMARY KEY (workspace_id, onboarding_id, code),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX slip_latest ON slip (workspace_id, finished_on);

-- The latest forecast, where the portfolio lists it; the last day there is while there is none.
ALTER TABLE onboarding ADD COLUMN p80_on DATE NOT NULL DEFAULT '9999-12-31';
ALTER TABLE onboarding ADD COLUMN kept_percent BIGINT;
CREATE INDEX onboarding_p80 ON onboarding (workspace_id, p80_on, id);
