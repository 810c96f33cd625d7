-- Handoffs of whoever handed them over: every order of the list, and the counts, know whose they are, so that still
-- only those shown are read.
DROP INDEX handoff_list;
DROP INDEX handoff_score;
DROP INDEX handoff_account;
DROP INDEX handoff_state;
CREATE INDEX handoff_list ON handoff (workspace_id, accepted_at, id, state, account_id, person_id);
CREATE INDEX handoff_score ON handoff
    (workspace_id, (COALESCE(document_score, -1)), id, state, account_id, person_id);
CREATE INDEX handoff_account ON handoff (workspace_id, account_id, id, state, person_id);
CREATE INDEX handoff_state ON handoff (workspace_id, state, person_id);
