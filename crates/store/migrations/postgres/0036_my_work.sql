-- What waits for somebody is found by whose it is: open tasks by their onboarding or by who does them, planned meetings by
-- their onboarding or by who is invited. What is over leaves these indexes, and a task that moves is written to one of
-- them, to two when it is given to somebody. Each holds all that tells which rows are the next ones, so that the others
-- are not read; handovers of somebody are read in the order they are shown in.
DROP INDEX task_open;
DROP INDEX task_person;
CREATE INDEX task_waiting ON task
    (workspace_id, onboarding_id, starts_on, finishes_on, side, status, assignee_person, id)
    WHERE status IN ('open', 'started', 'blocked');
CREATE INDEX task_blocked ON task (workspace_id, onboarding_id, finishes_on, side, status, id)
    WHERE status = 'blocked';
CREATE INDEX task_person ON task (workspace_id, assignee_person, starts_on)
    WHERE assignee_person IS NOT NULL AND status IN ('open', 'started', 'blocked');
CREATE INDEX meeting_planned ON meeting (workspace_id, onboarding_id, held_on, starts, status, id)
    WHERE status = 'planned';
DROP INDEX transition_csm;
CREATE INDEX transition_csm ON transition (workspace_id, csm_id, status, onboarding_id);

-- Who of the workspace is invited: kept with the list of people of a meeting, which says it too.
CREATE TABLE meeting_person (
    workspace_id  UUID NOT NULL,
    person_id     UUID NOT NULL,
    meeting_id    UUID NOT NULL,
    PRIMARY KEY (workspace_id, person_id, meeting_id),
    FOREIGN KEY (workspace_id, meeting_id) REFERENCES meeting (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX meeting_person_meeting ON meeting_person (workspace_id, meeting_id);
WITH known AS (SELECT id, 'per_' || replace(CAST(id AS TEXT), '-', '') AS said FROM person)
INSERT INTO meeting_person (workspace_id, person_id, meeting_id)
SELECT DISTINCT m.workspace_id, known.id, m.id
FROM meeting m
CROSS JOIN LATERAL jsonb_array_elements(m.people) AS invited (value)
JOIN known ON known.said = invited.value ->> 'person';
