-- Nothing is asked for in order of these moments any more, and each event moved them.
DROP INDEX usage_total_event;
CREATE INDEX usage_total_event ON usage_total (workspace_id, event);
DROP INDEX usage_user_group;
CREATE INDEX usage_user_group ON usage_user (workspace_id, group_id);
