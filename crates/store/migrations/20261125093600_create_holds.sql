-- Legal holds: what must not be erased or scrubbed.
--
-- Why the person is here twice: the fingerprint finds the hold for a request without opening anything, and
-- the sealed words say to staff whom it is about. Rows are kept when a hold is lifted: that it was there, who
-- placed it and which two lifted it may have to be shown later.

-- @both
CREATE TABLE holds (
    id TEXT PRIMARY KEY,
    entity TEXT NOT NULL,
    term_kind TEXT,
    fingerprint BYTEA,
    dataset TEXT,
    collection TEXT,
    words BYTEA NOT NULL,
    review_on TEXT NOT NULL,
    placed_by TEXT NOT NULL,
    placed_at BIGINT NOT NULL,
    lift_asked_by TEXT,
    lift_asked_at BIGINT,
    lifted_by TEXT,
    lifted_at BIGINT,
    CHECK ((term_kind IS NULL) = (fingerprint IS NULL)),
    CHECK ((term_kind IS NULL) = (dataset IS NOT NULL)),
    CHECK (collection IS NULL OR dataset IS NOT NULL),
    CHECK ((lift_asked_by IS NULL) = (lift_asked_at IS NULL)),
    CHECK ((lifted_by IS NULL) = (lifted_at IS NULL)),
    -- Two people lift a hold, never one.
    CHECK (lifted_by IS NULL OR (lift_asked_by IS NOT NULL AND lift_asked_by <> lifted_by))
) STRICT;

CREATE INDEX holds_by_fingerprint ON holds (term_kind, fingerprint);
CREATE INDEX holds_by_entity ON holds (entity, lifted_at);
