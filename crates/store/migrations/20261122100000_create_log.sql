-- The log, its tree and the keys: what everything else can be made from again.
--
-- Why triggers: the log is evidence, also against whoever runs the database. A row of it is written
-- once; only its body may later be pruned, after which the chain still verifies by the body's hash.
-- On PostgreSQL run the service under a role of its own, which owns nothing and holds no more than:
--   GRANT SELECT, INSERT ON entries, leaves, checkpoints TO habeas_run;
--   GRANT UPDATE (body) ON entries TO habeas_run;
--   GRANT SELECT, INSERT, UPDATE, DELETE ON (every other table) TO habeas_run;
--
-- The text serves both databases: BIGINT and BYTEA become INTEGER and BLOB on SQLite, STRICT is
-- dropped on PostgreSQL, and a section for one of them stands under its mark.

-- @both
CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value BIGINT NOT NULL
) STRICT;

-- The oldest reader this database allows: raised by a migration that older binaries can't live with.
INSERT INTO meta (name, value) VALUES ('oldest_reader', 1);

CREATE TABLE installation (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    origin TEXT NOT NULL,
    signing_key BYTEA NOT NULL,
    public_key BYTEA NOT NULL,
    created_at BIGINT NOT NULL
) STRICT;

-- The head of each chain. Locking this row is what makes appends to one chain wait for each other.
CREATE TABLE chains (
    id TEXT PRIMARY KEY,
    seq BIGINT NOT NULL CHECK (seq >= 0),
    link_hash BYTEA NOT NULL
) STRICT;

CREATE TABLE entries (
    chain_id TEXT NOT NULL REFERENCES chains (id),
    seq BIGINT NOT NULL CHECK (seq >= 1),
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    version BIGINT NOT NULL CHECK (version >= 0),
    body BYTEA,
    body_hash BYTEA NOT NULL CHECK (length(body_hash) = 32),
    link_hash BYTEA NOT NULL CHECK (length(link_hash) = 32),
    PRIMARY KEY (chain_id, seq)
) STRICT;

-- Committed entries that are not in the tree yet; the sequencer empties it.
CREATE TABLE pending_leaves (
    chain_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    link_hash BYTEA NOT NULL,
    PRIMARY KEY (chain_id, seq)
) STRICT;

CREATE TABLE leaves (
    position BIGINT PRIMARY KEY CHECK (position >= 0),
    chain_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    link_hash BYTEA NOT NULL CHECK (length(link_hash) = 32),
    UNIQUE (chain_id, seq)
) STRICT;

-- The right edge of the tree: enough to append without reading what is before it.
CREATE TABLE tree (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    size BIGINT NOT NULL CHECK (size >= 0),
    frontier BYTEA NOT NULL
) STRICT;

CREATE TABLE checkpoints (
    size BIGINT PRIMARY KEY CHECK (size >= 0),
    root BYTEA NOT NULL CHECK (length(root) = 32),
    note TEXT NOT NULL,
    at BIGINT NOT NULL
) STRICT;

-- A destroyed key leaves its row: the tombstone that a restored backup must replay.
CREATE TABLE keys (
    request_id TEXT PRIMARY KEY REFERENCES chains (id),
    wrapped BYTEA,
    destroyed_at BIGINT,
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
) STRICT;

-- @sqlite
INSERT INTO tree (id, size, frontier) VALUES (1, 0, x'');
INSERT INTO chains (id, seq, link_hash) VALUES ('system', 0, zeroblob(32));

CREATE TRIGGER entries_keep_rows BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'log rows are never deleted'); END;

CREATE TRIGGER entries_prune_only BEFORE UPDATE ON entries
WHEN NEW.body IS NOT NULL OR NEW.chain_id IS NOT OLD.chain_id OR NEW.seq IS NOT OLD.seq
    OR NEW.at IS NOT OLD.at OR NEW.actor IS NOT OLD.actor OR NEW.kind IS NOT OLD.kind
    OR NEW.version IS NOT OLD.version OR NEW.body_hash IS NOT OLD.body_hash
    OR NEW.link_hash IS NOT OLD.link_hash
BEGIN SELECT RAISE(ABORT, 'log rows are never changed'); END;

CREATE TRIGGER leaves_keep_rows BEFORE DELETE ON leaves
BEGIN SELECT RAISE(ABORT, 'log rows are never deleted'); END;
CREATE TRIGGER leaves_keep_values BEFORE UPDATE ON leaves
BEGIN SELECT RAISE(ABORT, 'log rows are never changed'); END;
CREATE TRIGGER checkpoints_keep_rows BEFORE DELETE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'log rows are never deleted'); END;
CREATE TRIGGER checkpoints_keep_values BEFORE UPDATE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'log rows are never changed'); END;
CREATE TRIGGER keys_keep_tombstones BEFORE DELETE ON keys
BEGIN SELECT RAISE(ABORT, 'key rows are never deleted'); END;
CREATE TRIGGER keys_destroy_only BEFORE UPDATE ON keys
WHEN NEW.wrapped IS NOT NULL OR NEW.request_id IS NOT OLD.request_id
BEGIN SELECT RAISE(ABORT, 'a key is only ever destroyed'); END;

-- @postgres
INSERT INTO tree (id, size, frontier) VALUES (1, 0, ''::bytea);
INSERT INTO chains (id, seq, link_hash) VALUES ('system', 0, decode(repeat('00', 32), 'hex'));

CREATE FUNCTION refuse_log_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'log rows are never changed or deleted';
END $$;

CREATE FUNCTION allow_pruning_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.body IS NOT NULL OR (NEW.chain_id, NEW.seq, NEW.at, NEW.actor, NEW.kind, NEW.version,
        NEW.body_hash, NEW.link_hash) IS DISTINCT FROM (OLD.chain_id, OLD.seq, OLD.at, OLD.actor,
        OLD.kind, OLD.version, OLD.body_hash, OLD.link_hash)
    THEN
        RAISE EXCEPTION 'log rows are never changed';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION allow_destroying_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.wrapped IS NOT NULL OR NEW.request_id IS DISTINCT FROM OLD.request_id THEN
        RAISE EXCEPTION 'a key is only ever destroyed';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER entries_prune_only BEFORE UPDATE ON entries
    FOR EACH ROW EXECUTE FUNCTION allow_pruning_only();
CREATE TRIGGER entries_keep_rows BEFORE DELETE OR TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_log_change();
CREATE TRIGGER leaves_keep_rows BEFORE UPDATE OR DELETE OR TRUNCATE ON leaves
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_log_change();
CREATE TRIGGER checkpoints_keep_rows BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_log_change();
CREATE TRIGGER keys_keep_tombstones BEFORE DELETE OR TRUNCATE ON keys
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_log_change();
CREATE TRIGGER keys_destroy_only BEFORE UPDATE ON keys
    FOR EACH ROW EXECUTE FUNCTION allow_destroying_only();
