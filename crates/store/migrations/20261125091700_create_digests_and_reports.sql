-- When each reader was last sent a digest, and the reports that are mailed on set days.
--
-- Why a reader is a text: staff are named by their id, others by a keyed fingerprint of their address, so
-- that no address stands here. A report's mail holds a link and no figures; what it shows follows the rights of
-- whoever opens it.

-- @both
CREATE TABLE digests (
    reader TEXT PRIMARY KEY,
    sent_at BIGINT NOT NULL
) STRICT;

CREATE TABLE report_plans (
    id TEXT PRIMARY KEY,
    report TEXT NOT NULL,
    cadence TEXT NOT NULL CHECK (cadence IN ('weekly', 'monthly')),
    recipients TEXT NOT NULL,
    created_by TEXT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    next_on TEXT NOT NULL
) STRICT;

CREATE INDEX report_plans_by_day ON report_plans (next_on);
