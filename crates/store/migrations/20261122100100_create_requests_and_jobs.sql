-- The derived row of each request, what people are searched by, and the work that is due.
--
-- Why `requests` may be overwritten at any time: it follows from the log and nothing else; its `seq`
-- says how much of the chain it holds. `card` is sealed under the request's key, and the terms are
-- keyed fingerprints, so that neither outlives the key.

-- @both
CREATE TABLE requests (
    id TEXT PRIMARY KEY REFERENCES chains (id),
    entity TEXT NOT NULL,
    reference TEXT NOT NULL UNIQUE,
    activity TEXT NOT NULL,
    right_name TEXT NOT NULL,
    law TEXT NOT NULL,
    status TEXT NOT NULL,
    stage TEXT,
    received_at BIGINT NOT NULL,
    due_on TEXT,
    owner_id TEXT,
    waits_on TEXT NOT NULL,
    is_verified BIGINT NOT NULL CHECK (is_verified IN (0, 1)),
    is_closed BIGINT NOT NULL CHECK (is_closed IN (0, 1)),
    needs_attention BIGINT NOT NULL CHECK (needs_attention IN (0, 1)),
    closed_at BIGINT,
    seq BIGINT NOT NULL CHECK (seq >= 1),
    card BYTEA
) STRICT;

CREATE INDEX requests_by_due ON requests (is_closed, due_on, id);
CREATE INDEX requests_by_receipt ON requests (received_at, id);

CREATE TABLE request_terms (
    request_id TEXT NOT NULL REFERENCES requests (id),
    kind TEXT NOT NULL,
    fingerprint BYTEA NOT NULL,
    PRIMARY KEY (request_id, kind, fingerprint)
) STRICT;

CREATE INDEX request_terms_by_fingerprint ON request_terms (kind, fingerprint);

CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    request_id TEXT,
    state TEXT NOT NULL CHECK (state IN ('ready', 'running', 'done', 'parked', 'failed')),
    run_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    attempts BIGINT NOT NULL CHECK (attempts >= 0),
    max_attempts BIGINT NOT NULL CHECK (max_attempts >= 1),
    epoch BIGINT NOT NULL CHECK (epoch >= 0),
    lease_until BIGINT,
    unique_key TEXT UNIQUE,
    last_error TEXT,
    CHECK ((state = 'running') = (lease_until IS NOT NULL)),
    CHECK ((state = 'done') = (finished_at IS NOT NULL))
) STRICT;

CREATE INDEX jobs_due ON jobs (state, run_at, id);
CREATE INDEX jobs_by_request ON jobs (request_id);

-- What a job made for a person to look at, such as a sample of a source: sealed, and gone in time.
CREATE TABLE results (
    job_id TEXT PRIMARY KEY,
    content BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
) STRICT;

CREATE TABLE blobs (
    id TEXT PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES chains (id),
    kind TEXT NOT NULL,
    size BIGINT NOT NULL CHECK (size >= 0),
    sha256 BYTEA NOT NULL CHECK (length(sha256) = 32),
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    deleted_at BIGINT
) STRICT;

CREATE INDEX blobs_by_request ON blobs (request_id);

CREATE TABLE mails (
    id TEXT PRIMARY KEY,
    request_id TEXT,
    occasion TEXT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    content BYTEA,
    state TEXT NOT NULL CHECK (state IN ('queued', 'handed_over', 'failed')),
    created_at BIGINT NOT NULL,
    handed_over_at BIGINT,
    last_error TEXT,
    CHECK ((state = 'handed_over') = (handed_over_at IS NOT NULL))
) STRICT;

CREATE INDEX mails_by_request ON mails (request_id);
