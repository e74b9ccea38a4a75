-- Requests that are set aside as spam: they leave the usual lists, and nothing of them is lost.
--
-- Why a column and not a state: a marked request keeps its state, its date and its way, so that a mark
-- that was a mistake has cost nothing. Rows of older releases are unmarked.

-- @both
ALTER TABLE requests ADD COLUMN is_spam BIGINT NOT NULL DEFAULT 0 CHECK (is_spam IN (0, 1));
