-- Whose deal it was: who handed it over, kept with the onboarding too, where the portfolio filters by it.
-- Handoffs of earlier versions know a name only; it tells who it was where one member alone has it.
ALTER TABLE handoff ADD COLUMN person_id BLOB;
UPDATE handoff SET person_id = (
    SELECT m.person_id FROM membership m JOIN person p ON p.id = m.person_id
    WHERE m.workspace_id = handoff.workspace_id AND p.name = handoff.accepted_by
      AND NOT EXISTS (SELECT 1 FROM membership n JOIN person q ON q.id = n.person_id
                      WHERE n.workspace_id = m.workspace_id AND q.name = p.name AND q.id <> p.id));
ALTER TABLE onboarding ADD COLUMN seller_id BLOB;
UPDATE onboarding SET seller_id = (
    SELECT h.person_id FROM handoff h
    WHERE h.workspace_id = onboarding.workspace_id AND h.id = onboarding.handoff_id);

-- Where a handoff stands (review, confirmed, made), kept so that counting reads one small index.
ALTER TABLE handoff ADD COLUMN state TEXT NOT NULL DEFAULT 'review';
UPDATE handoff SET state = CASE
    WHEN EXISTS (SELECT 1 FROM onboarding o
                 WHERE o.workspace_id = handoff.workspace_id AND o.handoff_id = handoff.id) THEN 'made'
    WHEN confirmed_at IS NOT NULL THEN 'confirmed'
    ELSE 'review' END;
CREATE INDEX handoff_state ON handoff (workspace_id, state);
-- Every order of the list, each with what its filters look at: a handoff is large, and only those shown are read.
DROP INDEX handoff_list;
DROP INDEX handoff_accepted;
DROP INDEX handoff_quality;
DROP INDEX handoff_account;
CREATE INDEX handoff_list ON handoff (workspace_id, accepted_at, id, state, account_id);
CREATE INDEX handoff_score ON handoff (workspace_id, (COALESCE(document_score, -1)), id, state, account_id);
CREATE INDEX handoff_account ON handoff (workspace_id, account_id, id, state);

-- More of "now": how far a plan is (its stage, in the order they are gone through), and how far its state and then
-- its plan are. What is over has no next date any more, so that it stands behind all that have one.
ALTER TABLE onboarding ADD COLUMN plan_rank BIGINT NOT NULL DEFAULT 0;
ALTER TABLE onboarding ADD COLUMN state_rank BIGINT NOT NULL DEFAULT 0;
UPDATE onboarding SET now_until = '0001-01-01';
CREATE INDEX onboarding_next ON onboarding (workspace_id, next_on, id);
CREATE INDEX onboarding_plan ON onboarding (workspace_id, plan_rank, next_on, id);
CREATE INDEX onboarding_state ON onboarding (workspace_id, state_rank, next_on, id);

-- What the counts beside the filters are read from, and nothing else: one index in the order of states and stages,
-- one of owners, one of sellers, each with every column the others filter by.
DROP INDEX onboarding_summary;
DROP INDEX onboarding_owner;
CREATE INDEX onboarding_facets ON onboarding
    (workspace_id, state_name, place, segment, segment_name, late_days, warnings, owner_id, seller_id, id);
CREATE INDEX onboarding_owner ON onboarding
    (workspace_id, owner_id, state_name, place, segment, late_days, seller_id, id);
CREATE INDEX onboarding_seller ON onboarding
    (workspace_id, seller_id, state_name, place, segment, late_days, owner_id, id);
