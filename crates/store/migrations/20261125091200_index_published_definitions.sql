-- Whether something was published is asked at every call: the answer comes from an index, without the texts.

-- @both
CREATE INDEX definitions_by_state ON definitions (state, kind);
