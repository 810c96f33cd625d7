-- Ways to an identity provider that somebody has come back from: each leads in once.
CREATE TABLE used_sign_in (
    -- SHA-256 of the way's secret, hex.
    digest      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    -- After this the way has ended by itself.
    expires_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX used_sign_in_expiry ON used_sign_in (expires_at);

-- Counts changes of the role, so that two people editing at once notice each other.
ALTER TABLE membership ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
