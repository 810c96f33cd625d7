-- Where a workspace's events are sent (Standard Webhooks).
CREATE TABLE webhook_endpoint (
    workspace_id     UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    id               UUID NOT NULL,
    url              TEXT NOT NULL,
    description      TEXT NOT NULL,
    -- Kinds of events with spaces between; empty for all.
    kinds            TEXT NOT NULL,
    -- The signing secret, sealed with the installation's key.
    secret           TEXT NOT NULL,
    -- The one before, which signs too for a while after a change.
    previous_secret  TEXT,
    previous_until   TIMESTAMPTZ,
    created_at       TIMESTAMPTZ NOT NULL,
    -- Since when nothing arrives.
    failing_since    TIMESTAMPTZ,
    disabled_at      TIMESTAMPTZ,
    -- Why it was switched off, when Gangway did it.
    disabled_why     TEXT,
    PRIMARY KEY (workspace_id, id)
);

-- One event on its way to one endpoint.
CREATE TABLE webhook_delivery (
    workspace_id  UUID NOT NULL,
    id            UUID NOT NULL,
    endpoint_id   UUID NOT NULL,
    event_id      UUID NOT NULL,
    kind          TEXT NOT NULL,
    -- What is sent, byte for byte: signatures are made of it.
    body          TEXT NOT NULL,
    attempts      BIGINT NOT NULL,
    -- The last answer.
    status        BIGINT,
    -- What went wrong the last time.
    problem       TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    -- When it is tried again.
    next_at       TIMESTAMPTZ,
    delivered_at  TIMESTAMPTZ,
    -- When it was given up.
    failed_at     TIMESTAMPTZ,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, endpoint_id) REFERENCES webhook_endpoint (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX webhook_delivery_endpoint ON webhook_delivery (workspace_id, endpoint_id, created_at);

-- Every try, with what came back.
CREATE TABLE webhook_attempt (
    workspace_id  UUID NOT NULL,
    delivery_id   UUID NOT NULL,
    number        BIGINT NOT NULL,
    at            TIMESTAMPTZ NOT NULL,
    millis        BIGINT NOT NULL,
    status        BIGINT,
    problem       TEXT,
    -- The beginning of what the endpoint answered.
    answer        TEXT NOT NULL,
    PRIMARY KEY (workspace_id, delivery_id, number),
    FOREIGN KEY (workspace_id, delivery_id) REFERENCES webhook_delivery (workspace_id, id) ON DELETE CASCADE
);

CREATE INDEX job_ended ON job (ended_at) WHERE ended_at IS NOT NULL;
