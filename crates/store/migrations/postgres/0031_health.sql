-- Health of onboardings, warning signals, what is done about them, and what other systems tell of a customer.

-- How healthy an onboarding is now: a row for each that was ever judged.
CREATE TABLE health_state (
    workspace_id   UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    -- 0 to 100; none where too little is known.
    score          BIGINT,
    -- Share of the weight that has data, percent.
    coverage       BIGINT NOT NULL,
    -- What the score alone says, in a word of the model, and what counts after caps and what a person said.
    computed       TEXT COLLATE "C" NOT NULL,
    status         TEXT COLLATE "C" NOT NULL,
    -- Signals that hold the status down; contributions of every component.
    assessment     JSONB NOT NULL,
    -- What it was judged by: of what an event does not touch, the next judgement of the day takes it from here.
    facts          JSONB NOT NULL,
    model          TEXT COLLATE "C" NOT NULL,
    model_version  BIGINT NOT NULL,
    -- The day it was judged for: what time alone changes is judged again on the next.
    judged_on      DATE NOT NULL,
    -- When it last became what it is.
    at             TIMESTAMPTZ NOT NULL,
    -- Number of the change that made it so.
    number         BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, onboarding_id),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX health_state_judged ON health_state (workspace_id, judged_on, onboarding_id);

-- Onboardings whose health somebody is to judge again.
CREATE TABLE health_due (
    workspace_id   UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    -- How often it was asked for since it was judged last.
    wanted         BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, onboarding_id),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);

-- Every change of it, with the facts it was judged by; never rewritten.
CREATE TABLE health_change (
    workspace_id   UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    number         BIGINT NOT NULL,
    at             TIMESTAMPTZ NOT NULL,
    on_day         DATE NOT NULL,
    score          BIGINT,
    coverage       BIGINT NOT NULL,
    computed       TEXT COLLATE "C" NOT NULL,
    status         TEXT COLLATE "C" NOT NULL,
    assessment     JSONB NOT NULL,
    facts          JSONB NOT NULL,
    model          TEXT COLLATE "C" NOT NULL,
    model_version  BIGINT NOT NULL,
    -- What moved it, in words.
    because        TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, onboarding_id, number),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX health_change_day ON health_change (workspace_id, on_day, onboarding_id);

-- What a person put in place of the computed status, until a day.
CREATE TABLE health_override (
    workspace_id   UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    number         BIGINT NOT NULL,
    status         TEXT COLLATE "C" NOT NULL,
    reason         TEXT COLLATE "C" NOT NULL,
    -- The last day on which it counts.
    until          DATE NOT NULL,
    made_by        TEXT COLLATE "C" NOT NULL,
    made_at        TIMESTAMPTZ NOT NULL,
    ended_by       TEXT COLLATE "C",
    ended_at       TIMESTAMPTZ,
    PRIMARY KEY (workspace_id, onboarding_id, number),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);

-- What somebody of the team saw of a component of health: 1 to 5.
CREATE TABLE observation (
    workspace_id   UUID NOT NULL,
    id             UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    component      TEXT COLLATE "C" NOT NULL,
    rating         BIGINT NOT NULL,
    note           TEXT COLLATE "C" NOT NULL,
    person_id      UUID,
    made_by        TEXT COLLATE "C" NOT NULL,
    made_at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX observation_onboarding ON observation (workspace_id, onboarding_id, component, id);

-- Warning signals.
CREATE TABLE signal (
    workspace_id   UUID NOT NULL,
    id             UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    number         BIGINT NOT NULL,
    -- Id in the methodology.
    kind           TEXT COLLATE "C" NOT NULL,
    -- What it was called when it was raised.
    name           TEXT COLLATE "C" NOT NULL,
    category       TEXT COLLATE "C" NOT NULL,
    severity       TEXT COLLATE "C" NOT NULL,
    -- open or resolved; `body` holds more of it: how often and when it was seen, what was done about it.
    status         TEXT COLLATE "C" NOT NULL,
    body           JSONB NOT NULL,
    -- Whether a rule saw it.
    computed       BOOLEAN NOT NULL,
    first_at       TIMESTAMPTZ NOT NULL,
    raised_by      TEXT COLLATE "C" NOT NULL,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, onboarding_id, number),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
-- One open signal of a kind an onboarding: two who see the same raise its count.
CREATE UNIQUE INDEX signal_open ON signal (workspace_id, onboarding_id, kind) WHERE status = 'open';
CREATE INDEX signal_status ON signal (workspace_id, status, id);

-- What happened to a signal.
CREATE TABLE signal_event (
    workspace_id  UUID NOT NULL,
    id            UUID NOT NULL,
    signal_id     UUID NOT NULL,
    at            TIMESTAMPTZ NOT NULL,
    -- raised, seen, acknowledged, snoozed, cleared, resolved, merged, intervened.
    kind          TEXT COLLATE "C" NOT NULL,
    made_by       TEXT COLLATE "C" NOT NULL,
    text          TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, signal_id) REFERENCES signal (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX signal_event_signal ON signal_event (workspace_id, signal_id, id);

-- The weekly review of an onboarding's signals, as it was kept.
CREATE TABLE signal_review (
    workspace_id   UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    -- The Monday of the week.
    week           DATE NOT NULL,
    answers        JSONB NOT NULL,
    -- How many were answered with no.
    concerns       BIGINT NOT NULL,
    made_by        TEXT COLLATE "C" NOT NULL,
    made_at        TIMESTAMPTZ NOT NULL,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, onboarding_id, week),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);

-- What is done about an onboarding in trouble.
CREATE TABLE intervention (
    workspace_id   UUID NOT NULL,
    id             UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    number         BIGINT NOT NULL,
    -- Id of the playbook in the methodology, and its name then.
    playbook       TEXT COLLATE "C" NOT NULL,
    name           TEXT COLLATE "C" NOT NULL,
    -- Why it was begun.
    reason         TEXT COLLATE "C" NOT NULL,
    -- Who answers for it.
    owner_id       UUID,
    owner          TEXT COLLATE "C" NOT NULL,
    -- Ids of the signals it is about, and of the tasks it put into the plan.
    signals        JSONB NOT NULL,
    tasks          JSONB NOT NULL,
    -- open or ended.
    status         TEXT COLLATE "C" NOT NULL,
    started_by     TEXT COLLATE "C" NOT NULL,
    started_at     TIMESTAMPTZ NOT NULL,
    due_at         TIMESTAMPTZ NOT NULL,
    score_before   BIGINT,
    -- resolved, partly, failed, abandoned.
    outcome        TEXT COLLATE "C",
    learned        TEXT COLLATE "C",
    score_after    BIGINT,
    ended_by       TEXT COLLATE "C",
    ended_at       TIMESTAMPTZ,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, onboarding_id, number),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX intervention_status ON intervention (workspace_id, status, id);

-- Tickets of a customer, as the support desk tells of them.
CREATE TABLE support_ticket (
    workspace_id  UUID NOT NULL,
    id            UUID NOT NULL,
    account_id    UUID NOT NULL,
    -- What the support desk calls it.
    external_id   TEXT COLLATE "C" NOT NULL,
    subject       TEXT COLLATE "C" NOT NULL,
    severity      TEXT COLLATE "C" NOT NULL,
    -- open, pending, solved.
    status        TEXT COLLATE "C" NOT NULL,
    opened_at     TIMESTAMPTZ NOT NULL,
    solved_at     TIMESTAMPTZ,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, account_id, external_id),
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX support_ticket_opened ON support_ticket (workspace_id, account_id, opened_at);

-- How a system that is connected with a customer's product stands.
CREATE TABLE integration_state (
    workspace_id  UUID NOT NULL,
    account_id    UUID NOT NULL,
    name          TEXT COLLATE "C" NOT NULL,
    -- planned, connected, live, failing, off.
    status        TEXT COLLATE "C" NOT NULL,
    -- Failures in the last seven days.
    failures      BIGINT NOT NULL,
    -- Tests that failed when it was last tested.
    tests_failed  BIGINT NOT NULL,
    note          TEXT COLLATE "C" NOT NULL,
    at            TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, account_id, name),
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id) ON DELETE CASCADE
);

-- How many of a customer's records were found wrong.
CREATE TABLE data_quality (
    workspace_id  UUID NOT NULL,
    account_id    UUID NOT NULL,
    source        TEXT COLLATE "C" NOT NULL,
    measured_on   DATE NOT NULL,
    checked       BIGINT NOT NULL,
    wrong         BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, account_id, source, measured_on),
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id) ON DELETE CASCADE
);

-- What a customer's monthly revenue did.
CREATE TABLE contract_movement (
    workspace_id  UUID NOT NULL,
    id            UUID NOT NULL,
    account_id    UUID NOT NULL,
    -- What another system calls it: told twice it is one.
    external_id   TEXT COLLATE "C" NOT NULL,
    -- new, expansion, contraction, churn.
    kind          TEXT COLLATE "C" NOT NULL,
    on_day        DATE NOT NULL,
    -- Change of the monthly revenue; never negative: the kind says which way.
    amount_minor  BIGINT NOT NULL,
    currency      TEXT COLLATE "C" NOT NULL,
    note          TEXT COLLATE "C" NOT NULL,
    made_by       TEXT COLLATE "C" NOT NULL,
    made_at       TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, account_id, external_id),
    FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX contract_movement_day ON contract_movement (workspace_id, kind, on_day);
