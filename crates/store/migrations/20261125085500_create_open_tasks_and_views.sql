-- The open tasks of each request, and the views of lists that staff keep.
--
-- Why `open_tasks` may be overwritten at any time: like `requests` it follows from the log and nothing
-- else; lists of tasks and loads of people are read here instead of folding every open request. A view's
-- name is staff's free text and sealed under the root; its query holds the words of filters only.

-- @both
CREATE TABLE open_tasks (
    request_id TEXT NOT NULL REFERENCES requests (id),
    task TEXT NOT NULL,
    flow TEXT NOT NULL,
    flow_version BIGINT NOT NULL CHECK (flow_version >= 1),
    state TEXT NOT NULL,
    turn TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    due_at BIGINT,
    is_overdue BIGINT NOT NULL CHECK (is_overdue IN (0, 1)),
    taken_by TEXT,
    PRIMARY KEY (request_id, task)
) STRICT;

CREATE INDEX open_tasks_by_due ON open_tasks (due_at, request_id, task);
CREATE INDEX requests_by_status ON requests (status, received_at, id);
CREATE INDEX requests_by_closing ON requests (closed_at);

CREATE TABLE saved_views (
    id TEXT PRIMARY KEY,
    list TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id),
    name BYTEA NOT NULL,
    query TEXT NOT NULL,
    is_shared BIGINT NOT NULL CHECK (is_shared IN (0, 1)),
    created_at BIGINT NOT NULL
) STRICT;

CREATE INDEX saved_views_by_list ON saved_views (list, user_id);
