-- The portal: how people of a customer come in, and what they are shown of what the team keeps for itself.

-- What lets a contact into the portal of one onboarding.
CREATE TABLE portal_access (
    workspace_id     UUID NOT NULL,
    id               UUID NOT NULL,
    onboarding_id    UUID NOT NULL,
    contact_id       UUID NOT NULL,
    -- lead, sponsor, technical, member, onlooker.
    role             TEXT COLLATE "C" NOT NULL,
    -- en, de.
    language         TEXT COLLATE "C" NOT NULL,
    -- SHA-256 of the secret in the link, hexadecimal.
    digest           TEXT COLLATE "C" NOT NULL,
    -- The same of a code that was mailed, until when it holds, and how often it was tried.
    code_digest      TEXT COLLATE "C",
    code_expires_at  TIMESTAMPTZ,
    code_tries       BIGINT NOT NULL,
    made_by          TEXT NOT NULL,
    made_at          TIMESTAMPTZ NOT NULL,
    expires_at       TIMESTAMPTZ NOT NULL,
    revoked_at       TIMESTAMPTZ,
    last_used_at     TIMESTAMPTZ,
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
    digest         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    workspace_id   UUID NOT NULL,
    access_id      UUID NOT NULL,
    -- The colleague who looks on; nobody when it is the guest.
    peek_by        UUID,
    agent          TEXT NOT NULL,
    created_at     TIMESTAMPTZ NOT NULL,
    seen_at        TIMESTAMPTZ NOT NULL,
    expires_at     TIMESTAMPTZ NOT NULL,
    FOREIGN KEY (workspace_id, access_id) REFERENCES portal_access (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX portal_session_access ON portal_session (workspace_id, access_id);
CREATE INDEX portal_session_expires ON portal_session (expires_at);

-- A link that does one thing without opening the portal.
CREATE TABLE portal_link (
    workspace_id   UUID NOT NULL,
    digest         TEXT COLLATE "C" NOT NULL,
    -- task: whoever holds it may finish the task; embed: shows the status to whoever looks.
    kind           TEXT COLLATE "C" NOT NULL,
    onboarding_id  UUID NOT NULL,
    access_id      UUID,
    task_id        UUID,
    made_by        TEXT NOT NULL,
    made_at        TIMESTAMPTZ NOT NULL,
    expires_at     TIMESTAMPTZ NOT NULL,
    ended_at       TIMESTAMPTZ,
    PRIMARY KEY (workspace_id, digest),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, access_id) REFERENCES portal_access (workspace_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX portal_link_digest ON portal_link (digest);
CREATE INDEX portal_link_onboarding ON portal_link (workspace_id, onboarding_id);
CREATE INDEX portal_link_access ON portal_link (workspace_id, access_id);

-- What the team keeps for itself and shares with the customer: a comment, a file, a document.
CREATE TABLE portal_shared (
    workspace_id   UUID NOT NULL,
    onboarding_id  UUID NOT NULL,
    -- comment, file, document.
    kind           TEXT COLLATE "C" NOT NULL,
    -- Its id, or the name of the document.
    item           TEXT COLLATE "C" NOT NULL,
    shared_by      TEXT NOT NULL,
    shared_at      TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, onboarding_id, kind, item),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);

-- How the portals of a workspace look.
CREATE TABLE portal_setting (
    workspace_id     UUID NOT NULL PRIMARY KEY,
    -- What customers know the vendor as.
    name             TEXT NOT NULL,
    -- #rrggbb.
    colour           TEXT COLLATE "C" NOT NULL,
    -- A picture as data: its type and Base64, or nothing.
    logo             TEXT NOT NULL,
    greeting         TEXT NOT NULL,
    help_email       TEXT NOT NULL,
    language         TEXT COLLATE "C" NOT NULL,
    -- Sites that may show an embedded status, separated by spaces.
    frame_ancestors  TEXT NOT NULL,
    -- Reminders are mailed to contacts.
    reminds          BOOLEAN NOT NULL,
    version          BIGINT NOT NULL,
    FOREIGN KEY (workspace_id) REFERENCES workspace (id) ON DELETE CASCADE
);

-- One reminder a day for a contact.
CREATE TABLE portal_reminder (
    workspace_id   UUID NOT NULL,
    contact_id     UUID NOT NULL,
    day            DATE NOT NULL,
    items          BIGINT NOT NULL,
    sent_at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, contact_id, day),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contact (workspace_id, id) ON DELETE CASCADE
);
