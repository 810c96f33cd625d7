-- What the portfolio asks of every onboarding "now", kept with its row so that a count is a range of an index:
-- where its plan is (a stage, not-begun, completed or closed), the date that comes next, and how urgent it is
-- (days late; below zero once it is over, the latest end first). It holds from now_from to the day before
-- now_until; whoever looks on another day works it out again first.
ALTER TABLE onboarding ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE onboarding ADD COLUMN next_on DATE NOT NULL DEFAULT '0001-01-01';
ALTER TABLE onboarding ADD COLUMN urgency BIGINT NOT NULL DEFAULT 0;
ALTER TABLE onboarding ADD COLUMN now_from DATE NOT NULL DEFAULT '0001-01-01';
ALTER TABLE onboarding ADD COLUMN now_until DATE NOT NULL DEFAULT '0001-01-01';
CREATE INDEX onboarding_now_from ON onboarding (workspace_id, now_from);
CREATE INDEX onboarding_now_until ON onboarding (workspace_id, now_until);
-- The columns after id are what the filters look at: rows are read only for what is shown.
CREATE INDEX onboarding_place ON onboarding
    (workspace_id, place, urgency DESC, next_on, id, state_name, segment, owner_id, late_days);
CREATE INDEX onboarding_urgency ON onboarding
    (workspace_id, urgency DESC, next_on, id, place, state_name, segment, owner_id, late_days);
-- Everything the counts above the portfolio need, now by state as well.
DROP INDEX onboarding_summary;
CREATE INDEX onboarding_summary ON onboarding
    (workspace_id, state_name, segment, segment_name, late_days, warnings);
-- Stages are looked up above.
DROP INDEX phase_stage;

-- Lists that are in order of more than a name.
CREATE INDEX account_industry ON account (workspace_id, industry);
CREATE INDEX onboarding_of_account ON onboarding (workspace_id, account_id, state_name);
DROP INDEX onboarding_account;
CREATE INDEX contact_created ON contact (workspace_id, created_at, id);
CREATE INDEX handoff_list ON handoff (workspace_id, accepted_at, id, account_id, document_score, confirmed_at);
CREATE INDEX handoff_quality ON handoff (workspace_id, document_score, id);
