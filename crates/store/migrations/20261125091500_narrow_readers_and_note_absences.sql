-- Who may see what, closer than by organisation: some activities only, and a request only by some or hidden
-- from some. `readers` follows from the log: `-` or `+`, then the users with commas around each, so that a
-- query finds one without another table. Absences say who gets no new cases.

-- @both
ALTER TABLE requests ADD COLUMN readers TEXT;
ALTER TABLE users ADD COLUMN activities TEXT;
ALTER TABLE users ADD COLUMN absences TEXT;
CREATE INDEX requests_by_owner ON requests (owner_id, is_closed);
