-- Times are microseconds since 1970 in UTC; ids are hyphenated lower-case UUIDs; '' stands for
-- "none" where a column is part of a key.

CREATE TABLE events (
    position       INTEGER PRIMARY KEY CHECK (position > 0),
    network        TEXT    NOT NULL,
    aggregate_type TEXT    NOT NULL,
    aggregate_id   TEXT    NOT NULL CHECK (length(aggregate_id) = 36),
    sequence       INTEGER NOT NULL CHECK (sequence > 0),
    event_type     TEXT    NOT NULL,
    event_version  TEXT    NOT NULL,
    payload        TEXT    NOT NULL CHECK (octet_length(payload) <= 262144),
    metadata       TEXT    NOT NULL CHECK (octet_length(metadata) <= 4096),
    event_id       TEXT    NOT NULL,
    occurred_at    INTEGER NOT NULL,
    recorded_at    INTEGER NOT NULL,
    leaf_hash      BLOB    NOT NULL CHECK (length(leaf_hash) = 32),
    UNIQUE (aggregate_id, sequence)
) STRICT;

CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;

CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;

-- One row: which log this is and how far it goes.
CREATE TABLE log_head (
    one       INTEGER PRIMARY KEY CHECK (one = 1),
    log_id    TEXT    NOT NULL,
    position  INTEGER NOT NULL,
    leaf_hash BLOB
) STRICT;

CREATE TABLE kept_answers (
    network      TEXT    NOT NULL,
    principal    TEXT    NOT NULL,
    key          TEXT    NOT NULL,
    request_hash TEXT    NOT NULL,
    body         TEXT    NOT NULL,
    for_ever     INTEGER NOT NULL,
    position     INTEGER NOT NULL,
    recorded_at  INTEGER NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    UNIQUE (network, principal, key)
) STRICT;

CREATE INDEX kept_answers_to_prune ON kept_answers (recorded_at) WHERE for_ever = 0;

CREATE TABLE lookup_key (
    kind  TEXT NOT NULL,
    key   TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE lookup_place (
    voucher_id      TEXT    NOT NULL,
    venue_id        TEXT    NOT NULL, -- '' = every venue of the network
    network         TEXT    NOT NULL,
    item_id         TEXT    NOT NULL, -- '' = any item of the kind
    item_kind       TEXT    NOT NULL, -- '' = a credit
    max_price_minor INTEGER NOT NULL,
    on_board        INTEGER NOT NULL,
    since           INTEGER NOT NULL,
    ordinal         INTEGER NOT NULL,
    expires_at      INTEGER,
    PRIMARY KEY (voucher_id, venue_id)
) STRICT, WITHOUT ROWID;

-- One for each way in which the board is asked: by item, by kind at a venue, by kind anywhere.
CREATE INDEX lookup_place_item ON lookup_place (network, venue_id, item_id, since, ordinal)
    WHERE on_board = 1 AND item_id <> '';
CREATE INDEX lookup_place_kind ON lookup_place (network, venue_id, item_kind, since, ordinal)
    WHERE on_board = 1 AND item_id = '';
CREATE INDEX lookup_place_venue ON lookup_place (network, venue_id, voucher_id)
    WHERE venue_id <> '';

CREATE TABLE lookup_due (
    kind    TEXT    NOT NULL,
    id      TEXT    NOT NULL,
    network TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX lookup_due_at ON lookup_due (kind, at);

-- How far each reaction has read.
CREATE TABLE checkpoint (
    name      TEXT    PRIMARY KEY,
    position  INTEGER NOT NULL,
    leaf_hash BLOB    NOT NULL CHECK (length(leaf_hash) = 32)
) STRICT;
