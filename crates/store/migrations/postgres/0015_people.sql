-- People of running onboardings: where stakeholders stand, who spoke with them, how they relate, who resists, who
-- leaves; what is said to whom; who does what.

-- What is known of a contact in an onboarding.
CREATE TABLE stakeholder (
    workspace_id   UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    contact_id     UUID NOT NULL,
    -- The role by which they are spoken with; contact_role has all of them.
    role           TEXT COLLATE "C" NOT NULL,
    -- low, medium, high.
    power          TEXT COLLATE "C" NOT NULL,
    interest       TEXT COLLATE "C" NOT NULL,
    -- positive, neutral, negative.
    sentiment      TEXT COLLATE "C",
    engagement     TEXT COLLATE "C",
    -- What a person said of the risk in place of the rules, and why.
    risk           TEXT COLLATE "C",
    risk_reason    TEXT,
    -- Phase of a champion's development (id of the methodology).
    champion       TEXT COLLATE "C",
    notes          TEXT,
    -- The day they left, or will.
    left_on        DATE,
    -- Since when they are known here.
    since          DATE NOT NULL,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, onboarding_id, contact_id),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contact (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX stakeholder_contact ON stakeholder (workspace_id, contact_id);

-- That somebody spoke with a contact.
CREATE TABLE touch (
    workspace_id   UUID NOT NULL,
    id             UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    contact_id     UUID NOT NULL,
    touched_on     DATE NOT NULL,
    channel        TEXT COLLATE "C" NOT NULL,
    -- Which engagement of an executive it was (id of the methodology).
    engagement     TEXT COLLATE "C",
    note           TEXT NOT NULL,
    -- Who of us, as they were called then.
    person_id      UUID,
    made_by        TEXT NOT NULL,
    made_at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contact (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX touch_onboarding ON touch (workspace_id, onboarding_id, touched_on);
CREATE INDEX touch_contact ON touch (workspace_id, contact_id);

CREATE TABLE contact_relation (
    workspace_id   UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    from_contact   UUID NOT NULL,
    -- reports-to, works-with, influences.
    kind           TEXT COLLATE "C" NOT NULL,
    to_contact     UUID NOT NULL,
    PRIMARY KEY (workspace_id, onboarding_id, from_contact, kind, to_contact),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, from_contact) REFERENCES contact (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, to_contact) REFERENCES contact (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX contact_relation_from ON contact_relation (workspace_id, from_contact);
CREATE INDEX contact_relation_to ON contact_relation (workspace_id, to_contact);

CREATE TABLE resistance (
    workspace_id   UUID NOT NULL,
    id             UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    -- Who resists: a contact, or a group by its name. The name is as it was then.
    contact_id     UUID,
    who            TEXT NOT NULL,
    -- How it shows and of which kind it is (ids of the methodology).
    signal         TEXT COLLATE "C" NOT NULL,
    kind           TEXT COLLATE "C" NOT NULL,
    concern        TEXT NOT NULL,
    actions        TEXT NOT NULL,
    owner          TEXT NOT NULL,
    noticed_on     DATE NOT NULL,
    resolved_on    DATE,
    resolution     TEXT,
    made_by        TEXT NOT NULL,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX resistance_onboarding ON resistance (workspace_id, onboarding_id, id);
CREATE INDEX resistance_contact ON resistance (workspace_id, contact_id);

-- A champion who leaves.
CREATE TABLE champion_loss (
    workspace_id   UUID NOT NULL,
    id             UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    contact_id     UUID NOT NULL,
    noticed_on     DATE NOT NULL,
    leaves_on      DATE,
    note           TEXT NOT NULL,
    -- open or closed; `state` holds it with the rest.
    status         TEXT COLLATE "C" NOT NULL,
    state          JSONB NOT NULL,
    -- Ids of the tasks that were made.
    tasks          JSONB NOT NULL,
    made_by        TEXT NOT NULL,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contact (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX champion_loss_onboarding ON champion_loss (workspace_id, onboarding_id, id);
CREATE INDEX champion_loss_contact ON champion_loss (workspace_id, contact_id);

-- The calendar of the communication plan.
CREATE TABLE planned_message (
    workspace_id   UUID NOT NULL,
    id             UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    planned_on     DATE NOT NULL,
    audience       TEXT NOT NULL,
    message        TEXT NOT NULL,
    channel        TEXT NOT NULL,
    owner          TEXT NOT NULL,
    sent_on        DATE,
    sent_by        TEXT,
    -- Made from the package.
    seeded         BOOLEAN NOT NULL,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX planned_message_onboarding ON planned_message (workspace_id, onboarding_id, planned_on);

-- Activities of the change-management plan.
CREATE TABLE change_step (
    workspace_id   UUID NOT NULL,
    id             UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    -- Awareness, Desire, Knowledge, Ability, Reinforcement.
    phase          TEXT NOT NULL,
    position       BIGINT NOT NULL,
    activity       TEXT NOT NULL,
    focus          TEXT NOT NULL,
    done_on        DATE,
    done_by        TEXT,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX change_step_onboarding ON change_step (workspace_id, onboarding_id, position);

-- Who does what, once somebody changed it; until then the package says it.
CREATE TABLE raci (
    workspace_id   UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    matrix         JSONB NOT NULL,
    changed_by     TEXT NOT NULL,
    changed_at     TIMESTAMPTZ NOT NULL,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, onboarding_id),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
