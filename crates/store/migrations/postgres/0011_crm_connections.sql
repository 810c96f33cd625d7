-- CRMs whose won deals people can pick from.
CREATE TABLE crm_connection (
    workspace_id  UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    -- hubspot or salesforce.
    crm           TEXT NOT NULL,
    -- Where it is asked, without / at its end.
    address       TEXT NOT NULL,
    -- Salesforce: id of the connected app; empty for HubSpot.
    client        TEXT NOT NULL,
    -- The access token of HubSpot or the secret of Salesforce's connected app, sealed.
    secret        TEXT NOT NULL,
    made_by       TEXT NOT NULL,
    made_at       TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, crm)
);

-- Deals that were picked, so that none is handed over twice.
CREATE TABLE picked_deal (
    workspace_id  UUID NOT NULL,
    crm           TEXT NOT NULL,
    -- What the CRM calls it.
    deal_id       TEXT NOT NULL,
    handoff_id    UUID NOT NULL,
    PRIMARY KEY (workspace_id, crm, deal_id),
    FOREIGN KEY (workspace_id, handoff_id) REFERENCES handoff (workspace_id, id) ON DELETE CASCADE
);
