-- The one way into the log: a batch of commands in one call, so that the lock on the head never
-- waits for a client. Replaced by every migration. `$`-arrays of one kind belong together, row by
-- row; `*_command` says to which command of the batch (from 1) a row belongs, in rising order;
-- `command_done` says how many events the commands of the batch have up to and with each;
-- `expect_begins` that the command writes the first event of the stream that it expects empty.
--
-- SECURITY DEFINER: the application may execute this and write no table. Every statement must be
-- served by an index whatever the tables' statistics say, hence the settings of the planner. Arrays
-- are unnested in a SELECT list, not in FROM, which would store each of them row by row first.
--
-- What the unique indexes tell anyway is not looked for before: a batch is written as if nobody had
-- done its commands, begun its streams or taken its keys. Only where an index says otherwise is all
-- of it looked at, surely, and written again without the commands that lost.
-- Replaced and not made anew, because a gateway that starts beside others must not take away the one
-- they are just calling. Whoever changes what it returns, or the name of an argument, drops it in a
-- migration.
CREATE OR REPLACE FUNCTION log.append(
    sent_at timestamptz,
    command_done int[],
    answer_command int[], answer_id uuid[], answer_request_hash text[], answer_body text[],
    answer_for_ever boolean[],
    expect_command int[], expect_stream text[], expect_version bigint[], expect_begins boolean[],
    event_command int[], event_network text[], event_aggregate_type text[],
    event_aggregate_id text[], event_sequence bigint[], event_type text[], event_version text[],
    event_payload text[], event_metadata text[], event_id uuid[],
    event_occurred_at timestamptz[], event_recorded_at timestamptz[], event_leaf_hash bytea[],
    key_command int[], key_kind text[], key_key text[], key_value text[],
    moved_command int[], moved_voucher uuid[],
    place_command int[], place_voucher uuid[], place_network text[], place_venue uuid[],
    place_item uuid[], place_kind text[], place_max_price bigint[], place_on_board boolean[],
    place_since timestamptz[], place_ordinal bigint[], place_expires_at timestamptz[],
    past_command int[], past_kind text[], past_id uuid[],
    due_command int[], due_kind text[], due_network text[], due_id uuid[], due_at timestamptz[]
) RETURNS TABLE (
    command int, verdict text, reached bigint,
    kept_request_hash text, kept_body text, kept_for_ever boolean
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
AS $append$
#variable_conflict use_column
DECLARE
    events  int := cardinality(event_command);
    head    bigint;
    surely  boolean := false;
    taken   int[] := '{}';
    stale   int[] := '{}';
    -- The expectations that do not hold.
    moved_stream  text[];
    moved_version bigint[];
    claimed int[] := '{}';
    lost    int[] := '{}';
    -- How many events of lost commands come before the end of each command; NULL if none lost.
    gaps    bigint[];
    missing bigint := 0;
BEGIN
    -- Before the lock, because waiting for it is no fault of anybody's clock.
    IF abs(extract(epoch FROM clock_timestamp() - sent_at)) > 5 THEN
        RAISE EXCEPTION 'sent at %, received at %', sent_at, clock_timestamp()
            USING ERRCODE = 'SPCLK';
    END IF;

    -- A statement of its own: under READ COMMITTED whatever is read below sees all that was
    -- committed before the lock was ours. It takes the positions of all, which is almost always
    -- right; what the losers leave is given back below.
    UPDATE log.head AS h
    SET position = h.position + events, leaf_hash = coalesce(event_leaf_hash[events], h.leaf_hash)
    RETURNING h.position - events INTO STRICT head;

    LOOP
        IF surely THEN
            SELECT coalesce(array_agg(a.command), '{}') INTO taken
            FROM unnest(answer_command, answer_id) AS a (command, command_id)
            JOIN log.kept_answers AS k USING (command_id);

            SELECT coalesce(array_agg(c.command), '{}') INTO claimed
            FROM (SELECT l.command
                  FROM unnest(key_command, key_kind, key_key) AS l (command, kind, key)
                  JOIN log.lookup_key AS k USING (kind, key)
                  UNION
                  -- Twice in one command; no two commands of a batch name the same key.
                  SELECT l.command
                  FROM unnest(key_command, key_kind, key_key) AS l (command, kind, key)
                  GROUP BY l.command, l.kind, l.key HAVING count(*) > 1) AS c;
        END IF;

        -- The commands of a batch expect mostly the same few streams: each is looked at once.
        SELECT array_agg(e.stream), array_agg(e.version) INTO moved_stream, moved_version
        FROM (SELECT DISTINCT u.stream COLLATE "C" AS stream, u.version
              FROM unnest(expect_stream, expect_version, expect_begins)
                  AS u (stream, version, begins)
              WHERE surely OR NOT u.begins) AS e
        WHERE e.version <> coalesce(
            (SELECT max(v.sequence) FROM log.events AS v WHERE v.aggregate_id = e.stream), 0);
        IF moved_stream IS NOT NULL THEN
            -- One that was done before is told so, however old what it expects is by now.
            IF NOT surely THEN
                surely := true;
                CONTINUE;
            END IF;
            SELECT array_agg(e.command) INTO stale
            FROM unnest(expect_command, expect_stream, expect_version)
                AS e (command, stream, version)
            WHERE (e.stream COLLATE "C", e.version) IN
                (SELECT m.stream, m.version FROM unnest(moved_stream, moved_version)
                    AS m (stream, version));
        END IF;

        lost := taken || stale || claimed;
        IF cardinality(lost) > 0 THEN
            SELECT array_agg(g.gap ORDER BY g.command), max(g.gap) INTO gaps, missing
            FROM (SELECT c.command, sum(CASE WHEN c.command = ANY (lost)
                             THEN c.done - coalesce(command_done[c.command - 1], 0) ELSE 0 END)
                         OVER (ORDER BY c.command) AS gap
                  FROM unnest(command_done) WITH ORDINALITY AS c (done, command)) AS g;
        END IF;

        BEGIN
            IF events > missing THEN
                INSERT INTO log.events (position, network, aggregate_type, aggregate_id, sequence,
                    event_type, event_version, payload, metadata, event_id, occurred_at,
                    recorded_at, leaf_hash)
                SELECT head + e.place - coalesce(gaps[e.command], 0), e.network, e.aggregate_type,
                    e.aggregate_id, e.sequence, e.type, e.version, e.payload::json,
                    e.metadata::json, e.id, e.occurred_at, e.recorded_at, e.leaf_hash
                FROM (SELECT generate_series(1, events) AS place,
                        unnest(event_command) AS command, unnest(event_network) AS network,
                        unnest(event_aggregate_type) AS aggregate_type,
                        unnest(event_aggregate_id) AS aggregate_id,
                        unnest(event_sequence) AS sequence, unnest(event_type) AS type,
                        unnest(event_version) AS version, unnest(event_payload) AS payload,
                        unnest(event_metadata) AS metadata, unnest(event_id) AS id,
                        unnest(event_occurred_at) AS occurred_at,
                        unnest(event_recorded_at) AS recorded_at,
                        unnest(event_leaf_hash) AS leaf_hash) AS e
                WHERE e.command <> ALL (lost);
            END IF;

            IF cardinality(key_command) > 0 THEN
                INSERT INTO log.lookup_key (kind, key, value)
                SELECT l.kind, l.key, l.value
                FROM (SELECT unnest(key_command) AS command, unnest(key_kind) AS kind,
                        unnest(key_key) AS key, unnest(key_value) AS value) AS l
                WHERE l.command <> ALL (lost);
            END IF;

            IF cardinality(answer_command) > 0 THEN
                INSERT INTO log.kept_answers (command_id, request_hash, body, for_ever, position,
                    kept_at)
                SELECT a.id, a.request_hash, a.body, a.for_ever,
                    head + command_done[a.command] - coalesce(gaps[a.command], 0),
                    clock_timestamp()
                FROM (SELECT unnest(answer_command) AS command, unnest(answer_id) AS id,
                        unnest(answer_request_hash) AS request_hash,
                        unnest(answer_body) AS body, unnest(answer_for_ever) AS for_ever) AS a
                WHERE a.command <> ALL (lost);
            END IF;
            EXIT;
        EXCEPTION WHEN unique_violation THEN
            -- Not by what was looked at: a mistake of this program.
            IF surely THEN
                RAISE;
            END IF;
            surely := true;
        END;
    END LOOP;

    IF events > missing THEN
        PERFORM pg_notify('sospeso_log', (head + events - missing)::text);
    END IF;
    IF missing > 0 THEN
        UPDATE log.head AS h
        SET position = head + events - missing,
            leaf_hash = (SELECT v.leaf_hash FROM log.events AS v
                         WHERE v.position = head + events - missing);
    END IF;

    IF cardinality(moved_command) > 0 THEN
        DELETE FROM log.lookup_place AS p
        USING unnest(moved_command, moved_voucher) AS m (command, voucher)
        WHERE p.voucher_id = m.voucher AND m.command <> ALL (lost);
    END IF;
    IF cardinality(place_command) > 0 THEN
        INSERT INTO log.lookup_place (voucher_id, network, venue_id, item_id, item_kind,
            max_price_minor, on_board, since, ordinal, expires_at)
        SELECT p.voucher, p.network, p.venue, p.item, p.kind, p.max_price, p.on_board, p.since,
            p.ordinal, p.expires_at
        FROM (SELECT unnest(place_command) AS command, unnest(place_voucher) AS voucher,
                unnest(place_network) AS network, unnest(place_venue) AS venue,
                unnest(place_item) AS item, unnest(place_kind) AS kind,
                unnest(place_max_price) AS max_price, unnest(place_on_board) AS on_board,
                unnest(place_since) AS since, unnest(place_ordinal) AS ordinal,
                unnest(place_expires_at) AS expires_at) AS p
        WHERE p.command <> ALL (lost);
    END IF;

    IF cardinality(past_command) > 0 THEN
        DELETE FROM log.lookup_due AS l
        USING unnest(past_command, past_kind, past_id) AS d (command, kind, id)
        WHERE l.id = d.id AND l.kind = d.kind AND d.command <> ALL (lost);
    END IF;
    IF cardinality(due_command) > 0 THEN
        INSERT INTO log.lookup_due (kind, id, network, at)
        SELECT d.kind, d.id, d.network, d.at
        FROM (SELECT unnest(due_command) AS command, unnest(due_kind) AS kind,
                unnest(due_network) AS network, unnest(due_id) AS id, unnest(due_at) AS at) AS d
        WHERE d.command <> ALL (lost);
    END IF;

    IF cardinality(taken) > 0 THEN
        RETURN QUERY
        SELECT a.command, 'key_taken', k.position, k.request_hash, k.body, k.for_ever
        FROM unnest(answer_command, answer_id) AS a (command, command_id)
        JOIN log.kept_answers AS k USING (command_id)
        WHERE a.command = ANY (taken);
    END IF;
    RETURN QUERY
    SELECT c.command::int,
        CASE WHEN c.command = ANY (stale) THEN 'stale'
             WHEN c.command = ANY (claimed) THEN 'lookup_taken'
             ELSE 'done' END,
        head + c.done - coalesce(gaps[c.command], 0), NULL::text, NULL::text, NULL::boolean
    FROM unnest(command_done) WITH ORDINALITY AS c (done, command)
    WHERE c.command <> ALL (taken);
END $append$;

-- Those with other arguments, of older programs: what this transaction did not write.
DO $drop$
DECLARE old regprocedure;
BEGIN
    FOR old IN SELECT p.oid FROM pg_proc AS p
               WHERE p.pronamespace = 'log'::regnamespace AND p.proname = 'append'
                 AND p.xmin <> pg_current_xact_id()::xid LOOP
        EXECUTE 'DROP FUNCTION ' || old;
    END LOOP;
END $drop$;
