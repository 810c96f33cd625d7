-- What the portfolio says of health and signals, kept with the row of an onboarding so that it counts, filters and orders
-- by ranges of an index: the status that counts (empty before it was ever judged), the score (none where too little is
-- known), how much of its weight has data (percent), its place among scores (that of the score; 101 without one, 102
-- before it was ever judged), how many signals are open, and how grave the gravest is: 0 none, 1 low to 4 critical.
ALTER TABLE onboarding ADD COLUMN health TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE onboarding ADD COLUMN health_rank BIGINT NOT NULL DEFAULT 102;
ALTER TABLE onboarding ADD COLUMN health_score BIGINT;
ALTER TABLE onboarding ADD COLUMN health_coverage BIGINT;
ALTER TABLE onboarding ADD COLUMN signals BIGINT NOT NULL DEFAULT 0;
ALTER TABLE onboarding ADD COLUMN signal_rank BIGINT NOT NULL DEFAULT 0;
UPDATE onboarding
SET health = h.status, health_rank = COALESCE(h.score, 101), health_score = h.score, health_coverage = h.coverage
FROM health_state h
WHERE h.workspace_id = onboarding.workspace_id AND h.onboarding_id = onboarding.id;
UPDATE onboarding
SET signals = s.signals, signal_rank = s.signal_rank
FROM (SELECT workspace_id, onboarding_id, COUNT(*) AS signals,
             MAX(CASE severity WHEN 'critical' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2 ELSE 1 END) AS signal_rank
      FROM signal WHERE status = 'open' GROUP BY workspace_id, onboarding_id) s
WHERE s.workspace_id = onboarding.workspace_id AND s.onboarding_id = onboarding.id;
CREATE INDEX onboarding_health ON onboarding (workspace_id, health_rank, next_on, id);

-- The counts beside the filters tell them apart too; those of health and signals are read from an index of their own.
CREATE INDEX onboarding_watched ON onboarding
    (workspace_id, health, signal_rank, state_name, place, segment, late_days, light, owner_id, seller_id, id);
DROP INDEX onboarding_facets;
DROP INDEX onboarding_owner;
DROP INDEX onboarding_seller;
CREATE INDEX onboarding_facets ON onboarding
    (workspace_id, state_name, place, segment, segment_name, light, late_days, warnings, owner_id, seller_id, health,
     signal_rank, id);
CREATE INDEX onboarding_owner ON onboarding
    (workspace_id, owner_id, state_name, place, segment, late_days, light, seller_id, health, signal_rank, id);
CREATE INDEX onboarding_seller ON onboarding
    (workspace_id, seller_id, state_name, place, segment, late_days, light, owner_id, health, signal_rank, id);

-- The worst open onboarding of an account is the first of its range.
DROP INDEX onboarding_of_account;
CREATE INDEX onboarding_of_account ON onboarding (workspace_id, account_id, health_rank, id, state_name);
