-- What else the application may change. Replaced by every migration, as `append.sql` is.

-- Deletes kept answers that are older than `before`, at most `most` of them.
CREATE OR REPLACE FUNCTION log.prune_answers(before timestamptz, most bigint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $prune$
    WITH old AS (
        SELECT k.command_id FROM log.kept_answers AS k
        WHERE NOT k.for_ever AND k.kept_at < before
        ORDER BY k.kept_at LIMIT most FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM log.kept_answers AS k USING old
        WHERE k.command_id = old.command_id
        RETURNING 1
    )
    SELECT count(*) FROM gone;
$prune$;

-- Keeps how far a job has read.
CREATE OR REPLACE FUNCTION log.save_checkpoint(
    job text, to_position bigint, to_leaf_hash bytea
) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $save$
    INSERT INTO log.checkpoints (name, position, leaf_hash)
    VALUES (job, to_position, to_leaf_hash)
    ON CONFLICT (name) DO UPDATE
        SET position = EXCLUDED.position, leaf_hash = EXCLUDED.leaf_hash;
$save$;
