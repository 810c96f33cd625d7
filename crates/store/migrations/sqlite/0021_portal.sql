-- The portal: how people of a customer come in, and what they are shown of what the team keeps for itself.

-- What lets a contact into the portal of one onboarding.
CREATE TABLE portal_access (
    workspace_id     BLOB NOT NULL,
    id               BLOB NOT NULL,
    onboarding_id    BLOB NOT NULL,
    contact_id       BLOB NOT NULL,
    -- lead, sponsor, technical, member, onlooker.
    role             TEXT NOT NULL,
    -- en, de.
    language         TEXT NOT NULL,
    -- SHA-256 of the secret in the link, hexadecimal.
    digest           TEXT NOT NULL,
    -- The same of a code that was mailed, until when it holds, and how often it was tried.
    code_digest      TEXT,
    code_expires_at  INTEGER,
    code_tries       BIGINT NOT NULL,
    made_by          TEXT NOT NULL,
    made_at          INTEGER NOT NULL,
    expires_at       INTEGER NOT NULL,
    revoked_at       INTEGER,
    last_used_at     INTEGER,
    version          BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, onboarding_id, contact_id),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contact (workspace_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX portal_access_digest ON portal_access (digest);
CREATE INDEX portal_access_contact ON portal_access (workspace_id, contact_id);

-- A browser in which a portal is open: of a guest, or of somebody of the team who looks at what a guest sees.
CREATE TABLE portal_session (
    digest         TEXT NOT NULL PRIMARY KEY,
    workspace_id   BLOB NOT NULL,
    access_id      BLOB NOT NULL,
    -- The colleague who looks on; nobody when it is the guest.
    peek_by        BLOB,
    agent          TEXT NOT NULL,
    created_at     INTEGER NOT NULL,
    seen_at        INTEGER NOT NULL,
    expires_at     INTEGER NOT NULL,
    FOREIGN KEY (workspace_id, access_id) REFERENCES portal_access (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX portal_session_access ON portal_session (workspace_id, access_id);
CREATE INDEX portal_session_expires ON portal_session (expires_at);

-- A link that does one thing without opening the portal.
CREATE TABLE portal_link (
    workspace_id   BLOB NOT NULL,
    digest         TEXT NOT NULL,
    -- task: whoever holds it may finish the task; embed: shows the status to whoever looks.
    kind           TEXT NOT NULL,
    onboarding_id  BLOB NOT NULL,
    access_id      BLOB,
    task_id        BLOB,
    made_by        TEXT NOT NULL,
    made_at        INTEGER NOT NULL,
    expires_at     INTEGER NOT NULL,
    ended_at       INTEGER,
    PRIMARY KEY (workspace_id, digest),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, access_id) REFERENCES portal_access (workspace_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX portal_link_digest ON portal_link (digest);
CREATE INDEX portal_link_onboarding ON portal_link (workspace_id, onboarding_id);
CREATE INDEX portal_link_access ON portal_link (workspace_id, access_id);

-- What the team keeps for itself and shares with the customer: a comment, a file, a document.
CREATE TABLE portal_shared (
    workspace_id   BLOB NOT NULL,
    onboarding_id  BLOB NOT NULL,
    -- comment, file, document.
    kind           TEXT NOT NULL,
    -- Its id, or the name of the document.
    item           TEXT NOT NULL,
    shared_by      TEXT NOT NULL,
    shared_at      INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, onboarding_id, kind, item),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);

-- How the portals of a workspace look.
CREATE TABLE portal_setting (
    workspace_id     BLOB NOT NULL PRIMARY KEY,
    -- What customers know the vendor as.
    name             TEXT NOT NULL,
    -- #rrggbb.
    colour           TEXT NOT NULL,
    -- A picture as data: its type and Base64, or nothing.
    logo             TEXT NOT NULL,
    greeting         TEXT NOT NULL,
    help_email       TEXT NOT NULL,
    language         TEXT NOT NULL,
    -- Sites that may show an embedded status, separated by spaces.
    frame_ancestors  TEXT NOT NULL,
    -- Reminders are mailed to contacts.
    reminds          BOOLEAN NOT NULL,
    version          BIGINT NOT NULL,
    FOREIGN KEY (workspace_id) REFERENCES workspace (id) ON DELETE CASCADE
);

-- One reminder a day for a contact.
CREATE TABLE portal_reminder (
    workspace_id   BLOB NOT NULL,
    contact_id     BLOB NOT NULL,
    day            DATE NOT NULL,
    items          BIGINT NOT NULL,
    sent_at        INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, contact_id, day),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contact (workspace_id, id) ON DELETE CASCADE
);
