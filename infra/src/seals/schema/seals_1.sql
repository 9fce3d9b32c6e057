-- The sealed history: tiles of the tree over the log's leaf hashes, and the checkpoints that were
-- signed.

-- A tile holds up to 256 hashes of 32 bytes. It grows until it is full.
CREATE TABLE tiles (
    level  INTEGER NOT NULL CHECK (level BETWEEN 0 AND 63),
    "index" INTEGER NOT NULL CHECK ("index" >= 0),
    hashes BLOB    NOT NULL CHECK (length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0),
    PRIMARY KEY (level, "index")
) STRICT;

-- Every checkpoint follows on one other, so that of two that extend the same tree one is kept.
CREATE TABLE checkpoints (
    size     INTEGER PRIMARY KEY CHECK (size > previous),
    previous INTEGER NOT NULL UNIQUE CHECK (previous >= 0),
    root     BLOB    NOT NULL CHECK (length(root) = 32),
    note     TEXT    NOT NULL CHECK (octet_length(note) <= 65536),
    kept_at  INTEGER NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER))
) STRICT;

CREATE TABLE cosignatures (
    number INTEGER PRIMARY KEY,
    size   INTEGER NOT NULL,
    line   TEXT    NOT NULL CHECK (octet_length(line) <= 1024),
    UNIQUE (size, line)
) STRICT;

CREATE TRIGGER checkpoints_never_change BEFORE UPDATE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'what was signed is never changed'); END;
CREATE TRIGGER checkpoints_never_go BEFORE DELETE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'what was signed is never deleted'); END;
CREATE TRIGGER cosignatures_never_change BEFORE UPDATE ON cosignatures
BEGIN SELECT RAISE(ABORT, 'what was signed is never changed'); END;
CREATE TRIGGER cosignatures_never_go BEFORE DELETE ON cosignatures
BEGIN SELECT RAISE(ABORT, 'what was signed is never deleted'); END;
CREATE TRIGGER tiles_never_go BEFORE DELETE ON tiles
BEGIN SELECT RAISE(ABORT, 'a tile only grows'); END;
CREATE TRIGGER tiles_only_grow BEFORE UPDATE ON tiles
WHEN NEW.level <> OLD.level OR NEW."index" <> OLD."index"
    OR substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes
BEGIN SELECT RAISE(ABORT, 'a tile only grows'); END;
