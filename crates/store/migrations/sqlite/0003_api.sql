-- The customer's id in the system the deals come from: what other systems call it by.
ALTER TABLE account ADD COLUMN external_id TEXT;
CREATE UNIQUE INDEX account_external ON account (workspace_id, external_id);

-- Answers to requests that must not be done twice, kept for a day.
CREATE TABLE idempotency (
    workspace_id  BLOB NOT NULL,
    token_id      BLOB NOT NULL,
    -- As the caller named it.
    name          TEXT NOT NULL,
    -- SHA-256 of method, address and body, hex.
    digest        TEXT NOT NULL,
    -- NULL while the request is under way.
    answer        JSON,
    begun_at      INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, token_id, name),
    FOREIGN KEY (workspace_id, token_id) REFERENCES api_token (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX idempotency_expiry ON idempotency (workspace_id, expires_at);

-- Addresses at which a CRM announces won deals.
CREATE TABLE crm_hook (
    workspace_id  BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id            BLOB NOT NULL UNIQUE,
    -- hubspot or salesforce.
    crm           TEXT NOT NULL,
    -- HubSpot: the app's secret, which signs. Salesforce: SHA-256 of the secret in the address, hex.
    secret        TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    used_at       INTEGER,
    PRIMARY KEY (workspace_id, id)
);
