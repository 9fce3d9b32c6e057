-- Kept answers are found by the id of their command, which follows from network, sender and key in
-- a way that SQL cannot compute: those that were kept until now are forgotten. Whoever repeats a
-- request from before hears that it was done, not what was answered; nothing is done twice.
DROP TABLE kept_answers;
CREATE TABLE kept_answers (
    command_id   TEXT    NOT NULL PRIMARY KEY,
    request_hash TEXT    NOT NULL,
    body         TEXT    NOT NULL,
    for_ever     INTEGER NOT NULL,
    position     INTEGER NOT NULL,
    recorded_at  INTEGER NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER))
) STRICT, WITHOUT ROWID;
CREATE INDEX kept_answers_to_prune ON kept_answers (recorded_at) WHERE for_ever = 0;
