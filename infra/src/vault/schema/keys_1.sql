-- A row outlives its key: what was destroyed is never made anew under the same id.
CREATE TABLE keys (
    key_id  TEXT    PRIMARY KEY,
    wrapped BLOB,               -- sealed under the master key; NULL once it is destroyed
    blocked INTEGER NOT NULL DEFAULT 0
) STRICT;
