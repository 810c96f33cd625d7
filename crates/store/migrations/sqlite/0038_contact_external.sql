-- The contact's id in another system, such as a CRM: what that system calls the person by.
ALTER TABLE contact ADD COLUMN external_id TEXT;
CREATE UNIQUE INDEX contact_external ON contact (workspace_id, external_id);
