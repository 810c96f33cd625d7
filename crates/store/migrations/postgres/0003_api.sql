-- The customer's id in the system the deals come from: what other systems call it by.
ALTER TABLE account ADD COLUMN external_id TEXT COLLATE "C";
CREATE UNIQUE INDEX account_external ON account (workspace_id, external_id);

-- Answers to requests that must not be done twice, kept for a day.
CREATE TABLE idempotency (
    workspace_id  UUID NOT NULL,
    token_id      UUID NOT NULL,
    -- As the caller named it.
    name          TEXT COLLATE "C" NOT NULL,
    -- SHA-256 of method, address and body, hex.
    digest        TEXT COLLATE "C" NOT NULL,
    -- NULL while the request is under way.
    answer        JSONB,
    begun_at      TIMESTAMPTZ NOT NULL,
    expires_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, token_id, name),
    FOREIGN KEY (workspace_id, token_id) REFERENCES api_token (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX idempotency_expiry ON idempotency (workspace_id, expires_at);

-- Addresses at which a CRM announces won deals.
CREATE TABLE crm_hook (
    workspace_id  UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id            UUID NOT NULL UNIQUE,
    -- hubspot or salesforce.
    crm           TEXT NOT NULL,
    -- HubSpot: the app's secret, which signs. Salesforce: SHA-256 of the secret in the address, hex.
    secret        TEXT NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL,
    used_at       TIMESTAMPTZ,
    PRIMARY KEY (workspace_id, id)
);
