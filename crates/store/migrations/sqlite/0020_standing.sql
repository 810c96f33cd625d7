-- How running onboardings stand: the colour the rules gave on a day with its reasons, and what a person put in its place.
CREATE TABLE standing (
    workspace_id   BLOB NOT NULL,
    onboarding_id  BLOB NOT NULL,
    -- The day the rules were asked.
    made_on        DATE NOT NULL,
    colour         JSON NOT NULL,
    -- Counts what people chose.
    version        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, onboarding_id),
    FOREIGN KEY (workspace_id, onboarding_id) REFERENCES onboarding (workspace_id, id) ON DELETE CASCADE
);

-- The colour that counts, where the portfolio lists it: 1 green, 2 amber, 3 red, 0 for what is over or was not looked
-- at yet; and the gravest reason for it.
ALTER TABLE onboarding ADD COLUMN light BIGINT NOT NULL DEFAULT 0;
ALTER TABLE onboarding ADD COLUMN light_because TEXT NOT NULL DEFAULT '';
CREATE INDEX onboarding_light ON onboarding (workspace_id, light, next_on, id);

-- The counts beside the filters tell colours apart too.
DROP INDEX onboarding_facets;
DROP INDEX onboarding_owner;
DROP INDEX onboarding_seller;
CREATE INDEX onboarding_facets ON onboarding
    (workspace_id, state_name, place, segment, segment_name, light, late_days, warnings, owner_id, seller_id, id);
CREATE INDEX onboarding_owner ON onboarding
    (workspace_id, owner_id, state_name, place, segment, late_days, light, seller_id, id);
CREATE INDEX onboarding_seller ON onboarding
    (workspace_id, seller_id, state_name, place, segment, late_days, light, owner_id, id);

-- The hour of the daily mail and the zone of its clock: for a workspace, and for somebody in it who said another.
-- Where nothing stands, what holds for the whole.
CREATE TABLE digest_clock (
    workspace_id  BLOB NOT NULL PRIMARY KEY REFERENCES workspace (id) ON DELETE CASCADE,
    hour          BIGINT NOT NULL,
    -- IANA name; none is the installation's.
    time_zone     TEXT
);
ALTER TABLE digest_rhythm ADD COLUMN hour BIGINT;
ALTER TABLE digest_rhythm ADD COLUMN time_zone TEXT;
