-- Failed tries lock no account any more: a stranger could keep its owner out by them. They are counted by
-- account and network in `rates`, and browsers that signed in before stand in `tokens`.

-- @both
ALTER TABLE users DROP COLUMN failed_tries;
ALTER TABLE users DROP COLUMN locked_until;
