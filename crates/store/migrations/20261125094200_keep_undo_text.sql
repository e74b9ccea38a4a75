-- The text a draft had before its last change: one step back for whoever edits.
--
-- In the row itself, so that it goes with the draft; nothing but the editor reads it.

-- @both
ALTER TABLE definitions ADD COLUMN undo_text TEXT;
