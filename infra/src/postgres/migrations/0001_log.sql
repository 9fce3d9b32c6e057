-- The log, its lookups and its checkpoints. Runs as the schema's owner, who cannot log in.

-- One row: the last position, and the row that every append locks until it commits. Commit order
-- is therefore the order of positions, and a rollback leaves no hole.
CREATE TABLE log.head (
    one       boolean PRIMARY KEY DEFAULT true CHECK (one),
    log_id    uuid    NOT NULL,
    position  bigint  NOT NULL DEFAULT 0 CHECK (position >= 0),
    leaf_hash bytea   CHECK (octet_length(leaf_hash) = 32)
) WITH (fillfactor = 10);
INSERT INTO log.head (log_id) VALUES (gen_random_uuid());

-- The first seven columns are those of postgres-es, with the same names and types: any program
-- built on it reads this table. json, not jsonb, because the exact text is hashed.
CREATE TABLE log.events (
    aggregate_type text        COLLATE "C" NOT NULL,
    aggregate_id   text        COLLATE "C" NOT NULL,
    sequence       bigint      NOT NULL CHECK (sequence >= 1),
    event_type     text        COLLATE "C" NOT NULL,
    event_version  text        COLLATE "C" NOT NULL,
    payload        json        NOT NULL CHECK (octet_length(payload::text) <= 262144),
    metadata       json        NOT NULL CHECK (octet_length(metadata::text) <= 4096),
    position       bigint      PRIMARY KEY CHECK (position >= 1),
    network        text        COLLATE "C" NOT NULL,
    event_id       uuid        NOT NULL,
    occurred_at    timestamptz NOT NULL,
    recorded_at    timestamptz NOT NULL,
    leaf_hash      bytea       NOT NULL CHECK (octet_length(leaf_hash) = 32),
    UNIQUE (aggregate_id, sequence)
);
COMMENT ON TABLE log.events IS
    'Every act, for ever, in order of position without gaps. Written only by log.append.';

CREATE FUNCTION log.refuse_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'events are never changed or deleted: append one that corrects'
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER events_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON log.events
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();
-- ALWAYS: also when a session plays the part of a replica.
ALTER TABLE log.events ENABLE ALWAYS TRIGGER events_never_change;

CREATE TABLE log.kept_answers (
    network      text        COLLATE "C" NOT NULL,
    principal    text        COLLATE "C" NOT NULL,
    key          text        COLLATE "C" NOT NULL,
    request_hash text        NOT NULL,
    body         text        NOT NULL,
    for_ever     boolean     NOT NULL,
    position     bigint      NOT NULL,
    kept_at      timestamptz NOT NULL,
    PRIMARY KEY (network, principal, key)
);
CREATE INDEX kept_answers_to_prune ON log.kept_answers (kept_at) WHERE NOT for_ever;

CREATE TABLE log.lookup_key (
    kind  text COLLATE "C" NOT NULL,
    key   text COLLATE "C" NOT NULL,
    value text NOT NULL,
    PRIMARY KEY (kind, key)
);

CREATE TABLE log.lookup_place (
    voucher_id      uuid        NOT NULL,
    network         text        COLLATE "C" NOT NULL,
    venue_id        uuid,
    item_id         uuid,
    item_kind       text        COLLATE "C",
    max_price_minor bigint      NOT NULL,
    on_board        boolean     NOT NULL,
    since           timestamptz NOT NULL,
    ordinal         bigint      NOT NULL,
    expires_at      timestamptz
);
CREATE INDEX lookup_place_of_voucher ON log.lookup_place (voucher_id);
CREATE INDEX lookup_place_of_venue   ON log.lookup_place (network, venue_id, voucher_id)
    WHERE venue_id IS NOT NULL;
-- One per way in which the board is asked: by item, by kind at a venue, by kind anywhere.
CREATE INDEX lookup_place_item ON log.lookup_place (network, venue_id, item_id, since, ordinal)
    WHERE on_board AND item_id IS NOT NULL;
CREATE INDEX lookup_place_kind ON log.lookup_place (network, venue_id, item_kind, since, ordinal)
    WHERE on_board AND item_id IS NULL AND item_kind IS NOT NULL;

CREATE TABLE log.lookup_due (
    kind    text        COLLATE "C" NOT NULL,
    id      uuid        NOT NULL,
    network text        COLLATE "C" NOT NULL,
    at      timestamptz NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE INDEX lookup_due_by_time ON log.lookup_due (kind, at, id);

-- How far each job has read, and the leaf hash there, so that a restored log is noticed.
CREATE TABLE log.checkpoints (
    name      text   COLLATE "C" PRIMARY KEY,
    position  bigint NOT NULL CHECK (position >= 1),
    leaf_hash bytea  NOT NULL CHECK (octet_length(leaf_hash) = 32)
) WITH (fillfactor = 50);
