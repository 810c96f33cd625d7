-- Training: tracks with their sessions, who learns what, assessments, certificates, the library.

CREATE TABLE training_track (
    workspace_id   BLOB NOT NULL,
    id             BLOB NOT NULL,
    onboarding_id  BLOB NOT NULL,
    -- Id of the methodology.
    code           TEXT NOT NULL,
    name           TEXT NOT NULL,
    audience       TEXT NOT NULL,
    format         TEXT NOT NULL,
    -- People in one session; 0 where everybody learns by themselves.
    group_size     BIGINT NOT NULL,
    -- Competency to reach.
    level          TEXT NOT NULL,
    validation     TEXT NOT NULL,
    -- Whether it ends with questions.
    assessed       BOOLEAN NOT NULL,
    modules        JSON NOT NULL,
    -- People to be trained, as the deal says it or people corrected it.
    people         BIGINT NOT NULL,
    starts_on      DATE NOT NULL,
    finishes_on    DATE NOT NULL,
    position       BIGINT NOT NULL,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, onboarding_id, code),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);

-- Who is trained: a contact, or somebody named.
CREATE TABLE learner (
    workspace_id   BLOB NOT NULL,
    id             BLOB NOT NULL,
    onboarding_id  BLOB NOT NULL,
    contact_id     BLOB,
    name           TEXT NOT NULL,
    -- In small letters.
    email          TEXT,
    team           TEXT NOT NULL,
    made_at        INTEGER NOT NULL,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, onboarding_id, email),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX learner_onboarding ON learner (workspace_id, onboarding_id, id);
CREATE INDEX learner_contact ON learner (workspace_id, contact_id);

-- Who learns on which track, and what they did there.
CREATE TABLE training_enrolment (
    workspace_id   BLOB NOT NULL,
    learner_id     BLOB NOT NULL,
    track_id       BLOB NOT NULL,
    onboarding_id  BLOB NOT NULL,
    record         JSON NOT NULL,
    started_on     DATE,
    -- When they first worked alone.
    proficient_on  DATE,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, learner_id, track_id),
    FOREIGN KEY (workspace_id, learner_id) REFERENCES learner (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX training_enrolment_onboarding ON training_enrolment (workspace_id, onboarding_id, track_id);

CREATE TABLE training_session (
    workspace_id   BLOB NOT NULL,
    id             BLOB NOT NULL,
    onboarding_id  BLOB NOT NULL,
    -- Nothing where everybody may come.
    track_id       BLOB,
    -- class, lab, questions, office-hours.
    kind           TEXT NOT NULL,
    title          TEXT NOT NULL,
    held_on        DATE NOT NULL,
    -- HH:MM on the clock of the zone; without a zone, of whoever looks.
    starts         TEXT NOT NULL,
    minutes        BIGINT NOT NULL,
    zone           TEXT,
    -- Room or link; may be empty.
    place          TEXT NOT NULL,
    trainer        TEXT NOT NULL,
    notes          TEXT NOT NULL,
    -- Link to the recording; may be empty.
    recording      TEXT NOT NULL,
    -- planned, held, cancelled, no-show.
    status         TEXT NOT NULL,
    reason         TEXT,
    -- SEQUENCE of its calendar entry.
    sequence       BIGINT NOT NULL,
    invited_at     INTEGER,
    made_at        INTEGER NOT NULL,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX training_session_onboarding ON training_session (workspace_id, onboarding_id, held_on);

-- Who has a seat in a session, and whether they sat on it.
CREATE TABLE training_seat (
    workspace_id   BLOB NOT NULL,
    session_id     BLOB NOT NULL,
    learner_id     BLOB NOT NULL,
    onboarding_id  BLOB NOT NULL,
    -- invited, attended, absent.
    attendance     TEXT NOT NULL,
    -- What they thought of it, 1 to 5.
    rating         BIGINT,
    PRIMARY KEY (workspace_id, session_id, learner_id),
    FOREIGN KEY (workspace_id, session_id) REFERENCES training_session (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, learner_id) REFERENCES learner (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX training_seat_onboarding ON training_seat (workspace_id, onboarding_id, session_id);
CREATE INDEX training_seat_learner ON training_seat (workspace_id, learner_id);

CREATE TABLE training_attempt (
    workspace_id   BLOB NOT NULL,
    id             BLOB NOT NULL,
    onboarding_id  BLOB NOT NULL,
    learner_id     BLOB NOT NULL,
    track_id       BLOB NOT NULL,
    -- assessment, follow-up.
    kind           TEXT NOT NULL,
    -- Questions as they were asked, with answers and marks.
    answers        JSON NOT NULL,
    pass_percent   BIGINT NOT NULL,
    -- Percent; nothing while a trainer has to read.
    score          BIGINT,
    -- waiting, passed, failed.
    verdict        TEXT NOT NULL,
    taken_on       DATE NOT NULL,
    marked_by      TEXT,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, learner_id) REFERENCES learner (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX training_attempt_onboarding ON training_attempt (workspace_id, onboarding_id, id);
CREATE INDEX training_attempt_learner ON training_attempt (workspace_id, learner_id, track_id);

CREATE TABLE training_certificate (
    workspace_id   BLOB NOT NULL,
    id             BLOB NOT NULL,
    onboarding_id  BLOB NOT NULL,
    learner_id     BLOB NOT NULL,
    track_id       BLOB NOT NULL,
    -- What whoever sees the certificate can ask about.
    number         TEXT NOT NULL UNIQUE,
    -- As it was then.
    name           TEXT NOT NULL,
    track          TEXT NOT NULL,
    level          TEXT NOT NULL,
    issued_on      DATE NOT NULL,
    issued_by      TEXT NOT NULL,
    revoked_on     DATE,
    reason         TEXT,
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, learner_id) REFERENCES learner (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX training_certificate_onboarding ON training_certificate (workspace_id, onboarding_id, id);

-- What learners find in the library: a link, or a file kept under the id of the entry.
CREATE TABLE training_library (
    workspace_id   BLOB NOT NULL,
    id             BLOB NOT NULL,
    onboarding_id  BLOB NOT NULL,
    track_id       BLOB,
    kind           TEXT NOT NULL,
    title          TEXT NOT NULL,
    -- Nothing where it is a file.
    url            TEXT,
    attachment_id  BLOB,
    made_by        TEXT NOT NULL,
    made_at        INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX training_library_onboarding ON training_library (workspace_id, onboarding_id, id);
