-- Counts every change of the plan's rows, also those that are no change of the plan, such as another name of a contact:
-- what was read of a plan is still true while this is the same.
ALTER TABLE plan_ground ADD COLUMN stamp BIGINT NOT NULL DEFAULT 1;
-- Whose tasks say another name when a contact gets one.
CREATE INDEX task_contact ON task (workspace_id, assignee_contact) WHERE assignee_contact IS NOT NULL;
