-- Kept answers are found by the id of their command, which follows from network, sender and key in
-- a way that SQL cannot compute: those that were kept until now are forgotten. Whoever repeats a
-- request from before hears that it was done, not what was answered; nothing is done twice.
DROP TABLE log.kept_answers;
CREATE TABLE log.kept_answers (
    command_id   uuid        PRIMARY KEY,
    request_hash text        NOT NULL,
    body         text        NOT NULL,
    for_ever     boolean     NOT NULL,
    position     bigint      NOT NULL,
    kept_at      timestamptz NOT NULL
);
CREATE INDEX kept_answers_to_prune ON log.kept_answers (kept_at) WHERE NOT for_ever;

-- Each row is in one of these two: the board is asked by item, by kind at a venue and by kind
-- anywhere; a venue's vouchers, on the board or not, by how both begin.
DROP INDEX log.lookup_place_of_venue, log.lookup_place_item, log.lookup_place_kind;
CREATE INDEX lookup_place_item
    ON log.lookup_place (network, venue_id, item_id, on_board, since, ordinal)
    WHERE item_id IS NOT NULL;
CREATE INDEX lookup_place_kind
    ON log.lookup_place (network, venue_id, item_kind, on_board, since, ordinal)
    WHERE item_id IS NULL;

-- By time without the kind: no plan may take it for one row of the table, however small that was
-- once.
ALTER TABLE log.lookup_due DROP CONSTRAINT lookup_due_pkey, ADD PRIMARY KEY (id, kind);
DROP INDEX log.lookup_due_by_time;
CREATE INDEX lookup_due_by_time ON log.lookup_due (at);
