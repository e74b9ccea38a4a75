-- Calendar feeds: one secret address for each member of staff who wants their due dates in a calendar.
--
-- Why a table of its own beside tokens: a feed is read again and again and does not end by itself; whoever
-- owns it ends it, and so does whoever disables the account. Only the hash of the secret stands here.

-- @both
CREATE TABLE feeds (
    user_id TEXT PRIMARY KEY REFERENCES users (id),
    token_hash BYTEA NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at BIGINT NOT NULL
) STRICT;
