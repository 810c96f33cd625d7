-- Sums of usage that pages over all customers read instead of a year of days: kept up to date by whoever counts events, in
-- the transaction that counts them.

-- How an account adopted the product: a row for each account that is a customer of the product.
CREATE TABLE usage_adoption (
    workspace_id   BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    account_id     BLOB NOT NULL,
    -- When somebody of it was seen last.
    last_at        INTEGER NOT NULL,
    -- Features used in the last 28 days: a bit for each, in the order of the features.
    used           BIGINT NOT NULL,
    -- Core features among them, in percent of all core features.
    share          BIGINT NOT NULL,
    -- The mark of the features the bits stand for; -1 where nobody looked yet.
    features       BIGINT NOT NULL,
    -- The last day (UTC) on which the bits hold: then the use of one of the features may be too long ago.
    until_on       DATE NOT NULL,
    PRIMARY KEY (workspace_id, account_id)
);
CREATE INDEX usage_adoption_last ON usage_adoption (workspace_id, last_at, account_id);
CREATE INDEX usage_adoption_share ON usage_adoption (workspace_id, share, account_id);
CREATE INDEX usage_adoption_used ON usage_adoption (workspace_id, used);
CREATE INDEX usage_adoption_features ON usage_adoption (workspace_id, features);
CREATE INDEX usage_adoption_until ON usage_adoption (workspace_id, until_on);

-- What all customers together did on a day (UTC).
CREATE TABLE usage_all_day (
    workspace_id   BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    day            DATE NOT NULL,
    users          BIGINT NOT NULL,
    times          BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, day)
) WITHOUT ROWID;

-- What a customer did in a week (UTC), so that a customer counts once in it.
CREATE TABLE usage_group_week (
    workspace_id   BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    group_id       BLOB NOT NULL,
    monday         DATE NOT NULL,
    times          BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, group_id, monday)
) WITHOUT ROWID;

-- How many customers were active in a week.
CREATE TABLE usage_week (
    workspace_id   BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    monday         DATE NOT NULL,
    customers      BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, monday)
) WITHOUT ROWID;

-- What was counted before there were sums.
INSERT INTO usage_adoption (workspace_id, account_id, last_at, used, share, features, until_on)
SELECT g.workspace_id, g.account_id, MAX(g.last_at), 0, 0, -1, '0001-01-01'
FROM usage_group g JOIN account a ON a.workspace_id = g.workspace_id AND a.id = g.account_id
GROUP BY g.workspace_id, g.account_id;

INSERT INTO usage_all_day (workspace_id, day, users, times)
SELECT workspace_id, day, SUM(users), SUM(times) FROM usage_day WHERE event = '*' GROUP BY workspace_id, day;

INSERT INTO usage_group_week (workspace_id, group_id, monday, times)
SELECT workspace_id, group_id, date(day, 'weekday 0', '-6 days'), SUM(times) FROM usage_day WHERE event = '*'
GROUP BY workspace_id, group_id, date(day, 'weekday 0', '-6 days');

INSERT INTO usage_week (workspace_id, monday, customers)
SELECT workspace_id, monday, COUNT(*) FROM usage_group_week WHERE times > 0 GROUP BY workspace_id, monday;
