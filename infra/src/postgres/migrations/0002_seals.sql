-- The sealed history: tiles of the tree over the log's leaf hashes, and the checkpoints that were
-- signed. In a schema of its own; nothing that appends touches it.

-- A tile holds up to 256 hashes of 32 bytes. It grows until it is full.
CREATE TABLE seals.tiles (
    level  smallint NOT NULL CHECK (level BETWEEN 0 AND 63),
    index  bigint   NOT NULL CHECK (index >= 0),
    hashes bytea    NOT NULL
        CHECK (octet_length(hashes) BETWEEN 32 AND 8192 AND octet_length(hashes) % 32 = 0),
    PRIMARY KEY (level, index)
);

-- Every checkpoint follows on one other, so that of two that extend the same tree one is kept.
CREATE TABLE seals.checkpoints (
    size     bigint      PRIMARY KEY CHECK (size > previous),
    previous bigint      NOT NULL UNIQUE CHECK (previous >= 0),
    root     bytea       NOT NULL CHECK (octet_length(root) = 32),
    note     text        NOT NULL CHECK (octet_length(note) <= 65536),
    kept_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE seals.checkpoints IS 'Every checkpoint that the log signed, for ever.';

CREATE TABLE seals.cosignatures (
    number bigint GENERATED ALWAYS AS IDENTITY,
    size   bigint NOT NULL REFERENCES seals.checkpoints,
    line   text   NOT NULL CHECK (octet_length(line) <= 1024),
    PRIMARY KEY (size, line)
);

CREATE FUNCTION seals.refuse_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'what was signed is never changed or deleted'
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION seals.only_grow() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (NEW.level, NEW.index) IS DISTINCT FROM (OLD.level, OLD.index)
        OR substring(NEW.hashes FOR octet_length(OLD.hashes)) IS DISTINCT FROM OLD.hashes THEN
        RAISE EXCEPTION 'a tile only grows' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER checkpoints_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON seals.checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION seals.refuse_change();
ALTER TABLE seals.checkpoints ENABLE ALWAYS TRIGGER checkpoints_never_change;
CREATE TRIGGER cosignatures_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON seals.cosignatures
    FOR EACH STATEMENT EXECUTE FUNCTION seals.refuse_change();
ALTER TABLE seals.cosignatures ENABLE ALWAYS TRIGGER cosignatures_never_change;
CREATE TRIGGER tiles_never_go BEFORE DELETE OR TRUNCATE ON seals.tiles
    FOR EACH STATEMENT EXECUTE FUNCTION seals.refuse_change();
ALTER TABLE seals.tiles ENABLE ALWAYS TRIGGER tiles_never_go;
CREATE TRIGGER tiles_only_grow BEFORE UPDATE ON seals.tiles
    FOR EACH ROW EXECUTE FUNCTION seals.only_grow();
ALTER TABLE seals.tiles ENABLE ALWAYS TRIGGER tiles_only_grow;
