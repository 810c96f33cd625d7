-- What two requests at once must not both write.

-- Of certificates issued twice by a double click, the first one holds.
UPDATE training_certificate
SET revoked_on = issued_on, reason = 'Issued twice', version = version + 1
WHERE revoked_on IS NULL
  AND EXISTS (SELECT 1 FROM training_certificate o
              WHERE o.workspace_id = training_certificate.workspace_id
                AND o.learner_id = training_certificate.learner_id
                AND o.track_id = training_certificate.track_id
                AND o.revoked_on IS NULL
                AND o.id < training_certificate.id);

CREATE UNIQUE INDEX training_certificate_valid ON training_certificate (workspace_id, learner_id, track_id)
    WHERE revoked_on IS NULL;
