-- What the customer is asked, surveys and forms; and what is known of mail on its way.

-- A survey at its moment in an onboarding.
CREATE TABLE survey (
    workspace_id   BLOB NOT NULL,
    id             BLOB NOT NULL,
    onboarding_id  BLOB NOT NULL,
    -- Its place among the surveys of the onboarding, from 1: what was seeded once is not seeded again.
    number         BIGINT NOT NULL,
    -- Id in the methodology.
    survey         TEXT NOT NULL,
    title          TEXT NOT NULL,
    audience       TEXT NOT NULL,
    -- The questions as they are asked; never changed once it was sent.
    questions      JSON NOT NULL,
    -- Roles of stakeholders who are asked; everybody when empty.
    roles          JSON NOT NULL,
    target         BIGINT NOT NULL,
    -- Task or milestone after which it goes out, and calendar days after that; empty for a day of its own.
    after          TEXT NOT NULL,
    after_days     BIGINT NOT NULL,
    planned_on     DATE NOT NULL,
    -- planned, sent, closed, skipped.
    state          TEXT NOT NULL,
    sent_at        INTEGER,
    sent_by        TEXT NOT NULL,
    closes_on      DATE,
    -- Why it was skipped.
    because        TEXT NOT NULL,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, onboarding_id, number),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX survey_state ON survey (workspace_id, state, planned_on);

-- Who was asked.
CREATE TABLE survey_person (
    workspace_id  BLOB NOT NULL,
    survey_id     BLOB NOT NULL,
    contact_id    BLOB NOT NULL,
    name          TEXT NOT NULL,
    email         TEXT NOT NULL,
    -- Whether the mail was held back: they want none, or it comes back.
    mailed        BOOLEAN NOT NULL,
    reminded_at   INTEGER,
    -- When they gave their first answer, and when they said that it is all.
    began_at      INTEGER,
    answered_at   INTEGER,
    PRIMARY KEY (workspace_id, survey_id, contact_id),
    FOREIGN KEY (workspace_id, survey_id) REFERENCES survey (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contact (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX survey_person_contact ON survey_person (workspace_id, contact_id);

-- What they answered.
CREATE TABLE survey_answer (
    workspace_id  BLOB NOT NULL,
    survey_id     BLOB NOT NULL,
    contact_id    BLOB NOT NULL,
    question      TEXT NOT NULL,
    -- The aspect that is rated; empty for the question itself.
    aspect        TEXT NOT NULL,
    number        BIGINT,
    text          TEXT NOT NULL,
    answered_at   INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, survey_id, contact_id, question, aspect),
    FOREIGN KEY (workspace_id, survey_id, contact_id)
        REFERENCES survey_person (workspace_id, survey_id, contact_id) ON DELETE CASCADE ON UPDATE CASCADE
);

-- A form the customer is asked to fill in.
CREATE TABLE form (
    workspace_id   BLOB NOT NULL,
    id             BLOB NOT NULL,
    onboarding_id  BLOB NOT NULL,
    -- Id in the methodology.
    form           TEXT NOT NULL,
    title          TEXT NOT NULL,
    -- The form as it is asked.
    sheet          JSON NOT NULL,
    -- Who is asked; whoever may answer forms when nobody is named.
    contact_id     BLOB,
    asked_by       TEXT NOT NULL,
    asked_at       INTEGER NOT NULL,
    due_on         DATE NOT NULL,
    -- open, submitted, accepted, returned, withdrawn.
    state          TEXT NOT NULL,
    -- What was answered so far, by field.
    answers        JSON NOT NULL,
    -- Who saved or submitted it last, and when.
    answered_by    TEXT NOT NULL,
    answered_at    INTEGER,
    -- What was said when it was returned.
    note           TEXT NOT NULL,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contact (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX form_onboarding ON form (workspace_id, onboarding_id, id);
CREATE INDEX form_contact ON form (workspace_id, contact_id);

-- Files that were put into forms; one for each field.
CREATE TABLE form_file (
    workspace_id  BLOB NOT NULL,
    form_id       BLOB NOT NULL,
    field         TEXT NOT NULL,
    name          TEXT NOT NULL,
    media_type    TEXT NOT NULL,
    size          BIGINT NOT NULL,
    -- The bytes in Base64.
    content       TEXT NOT NULL,
    made_by       TEXT NOT NULL,
    made_at       INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, form_id, field),
    FOREIGN KEY (workspace_id, form_id) REFERENCES form (workspace_id, id) ON DELETE CASCADE
);

-- What forms said of an onboarding, once accepted; the newest answer counts.
CREATE TABLE form_fact (
    workspace_id   BLOB NOT NULL,
    onboarding_id  BLOB NOT NULL,
    fact           TEXT NOT NULL,
    label          TEXT NOT NULL,
    value          TEXT NOT NULL,
    form_id        BLOB NOT NULL,
    said_by        TEXT NOT NULL,
    said_at        INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, onboarding_id, fact),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, form_id) REFERENCES form (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX form_fact_form ON form_fact (workspace_id, form_id);

-- Addresses that get no mail nobody asked for: they said so, or what is sent comes back.
CREATE TABLE mail_suppression (
    workspace_id  BLOB NOT NULL,
    -- In lower case.
    address       TEXT NOT NULL,
    -- unsubscribed, bounced, asked.
    reason        TEXT NOT NULL,
    made_by       TEXT NOT NULL,
    made_at       INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, address),
    FOREIGN KEY (workspace_id) REFERENCES workspace (id) ON DELETE CASCADE
);

-- Mail a server refused for good.
CREATE TABLE mail_bounce (
    workspace_id  BLOB NOT NULL,
    job_id        BLOB NOT NULL,
    address       TEXT NOT NULL,
    subject       TEXT NOT NULL,
    -- The server's code (RFC 5321); nothing when the address is none.
    code          BIGINT,
    problem       TEXT NOT NULL,
    at            INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, job_id, at),
    FOREIGN KEY (workspace_id) REFERENCES workspace (id) ON DELETE CASCADE
);
CREATE INDEX mail_bounce_at ON mail_bounce (workspace_id, at);

-- When the next mail to many may go to a domain.
CREATE TABLE mail_pace (
    workspace_id  BLOB NOT NULL,
    domain        TEXT NOT NULL,
    next_at       INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, domain),
    FOREIGN KEY (workspace_id) REFERENCES workspace (id) ON DELETE CASCADE
);
