-- Definitions, staff, sessions, tokens, limits and challenges: shared by all nodes of an installation.
--
-- Why in the database: any number of nodes serve the same people, and a limit or a used token that
-- only one node knows of is none. Whatever grants access stands here as a hash only.

-- @both
CREATE TABLE definitions (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    version BIGINT NOT NULL CHECK (version >= 1),
    text TEXT NOT NULL,
    sha256 BYTEA NOT NULL CHECK (length(sha256) = 32),
    state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'retired')),
    owner TEXT NOT NULL CHECK (owner IN ('console', 'git', 'builtin')),
    changed_by TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    published_at BIGINT,
    PRIMARY KEY (kind, name, version),
    CHECK ((state = 'draft') = (published_at IS NULL))
) STRICT;

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    email_fingerprint BYTEA NOT NULL UNIQUE,
    profile BYTEA NOT NULL,
    password TEXT,
    totp_secret BYTEA,
    totp_last_step BIGINT,
    roles TEXT NOT NULL,
    entities TEXT,
    is_disabled BIGINT NOT NULL CHECK (is_disabled IN (0, 1)),
    failed_tries BIGINT NOT NULL CHECK (failed_tries >= 0),
    locked_until BIGINT,
    created_at BIGINT NOT NULL
) STRICT;

CREATE TABLE sessions (
    token_hash BYTEA PRIMARY KEY,
    audience TEXT NOT NULL CHECK (audience IN ('portal', 'console')),
    user_id TEXT REFERENCES users (id),
    request_id TEXT,
    data BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    idle_until BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
) STRICT;

CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_request ON sessions (request_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE tokens (
    token_hash BYTEA PRIMARY KEY,
    purpose TEXT NOT NULL,
    subject TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
) STRICT;

-- The theoretical arrival time of the next call, per limit and caller.
CREATE TABLE rates (
    fingerprint BYTEA PRIMARY KEY,
    arrival BIGINT NOT NULL
) STRICT;

CREATE TABLE idempotency_keys (
    fingerprint BYTEA PRIMARY KEY,
    digest BYTEA NOT NULL,
    response BYTEA NOT NULL,
    expires_at BIGINT NOT NULL
) STRICT;

CREATE TABLE nonces (
    fingerprint BYTEA PRIMARY KEY,
    expires_at BIGINT NOT NULL
) STRICT;

CREATE TABLE challenges (
    id TEXT PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES chains (id),
    purpose TEXT NOT NULL,
    code TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    tries_left BIGINT NOT NULL CHECK (tries_left >= 0),
    -- No code lives longer than ten minutes.
    CHECK (expires_at <= created_at + 600000000),
    UNIQUE (request_id, purpose)
) STRICT;

-- What must not come back: fingerprints of people who opted out or were erased.
CREATE TABLE suppressions (
    list TEXT NOT NULL,
    fingerprint BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (list, fingerprint)
) STRICT;
