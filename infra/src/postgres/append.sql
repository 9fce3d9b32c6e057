-- The one way into the log: a batch of commands in one call, so that the lock on the head never
-- waits for a client. Replaced by every migration. `$`-arrays of one kind belong together, row by
-- row; `*_command` says to which command of the batch (from 1) a row belongs, in rising order;
-- `command_done` says how many events the commands of the batch have up to and with each.
--
-- SECURITY DEFINER: the application may execute this and write no table. Every statement must be
-- served by an index whatever the tables' statistics say, hence the settings of the planner.
DO $drop$
DECLARE old regprocedure;
BEGIN
    FOR old IN SELECT p.oid FROM pg_proc AS p
               WHERE p.pronamespace = 'log'::regnamespace AND p.proname = 'append' LOOP
        EXECUTE 'DROP FUNCTION ' || old;
    END LOOP;
END $drop$;

CREATE FUNCTION log.append(
    sent_at timestamptz,
    command_done int[],
    answer_command int[], answer_network text[], answer_principal text[], answer_key text[],
    answer_request_hash text[], answer_body text[], answer_for_ever boolean[],
    expect_command int[], expect_stream text[], expect_version bigint[],
    event_command int[], event_network text[], event_aggregate_type text[],
    event_aggregate_id text[], event_sequence bigint[], event_type text[], event_version text[],
    event_payload text[], event_metadata text[], event_id uuid[],
    event_occurred_at timestamptz[], event_recorded_at timestamptz[], event_leaf_hash bytea[],
    key_command int[], key_kind text[], key_key text[], key_value text[],
    moved_command int[], moved_voucher uuid[],
    place_command int[], place_voucher uuid[], place_network text[], place_venue uuid[],
    place_item uuid[], place_kind text[], place_max_price bigint[], place_on_board boolean[],
    place_since timestamptz[], place_ordinal bigint[], place_expires_at timestamptz[],
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

    IF cardinality(answer_command) > 0 THEN
        SELECT coalesce(array_agg(a.command), '{}') INTO taken
        FROM unnest(answer_command, answer_network, answer_principal, answer_key)
            AS a (command, network, principal, key)
        JOIN log.kept_answers AS k USING (network, principal, key);
    END IF;

    -- The commands of a batch expect mostly the same few streams: each is looked at once.
    SELECT array_agg(e.stream), array_agg(e.version) INTO moved_stream, moved_version
    FROM (SELECT DISTINCT u.stream COLLATE "C" AS stream, u.version
          FROM unnest(expect_stream, expect_version) AS u (stream, version)) AS e
    WHERE e.version <> coalesce(
        (SELECT max(v.sequence) FROM log.events AS v WHERE v.aggregate_id = e.stream), 0);
    IF moved_stream IS NOT NULL THEN
        SELECT array_agg(e.command) INTO stale
        FROM unnest(expect_command, expect_stream, expect_version)
            AS e (command, stream, version)
        WHERE (e.stream COLLATE "C", e.version) IN
            (SELECT m.stream, m.version FROM unnest(moved_stream, moved_version)
                AS m (stream, version));
    END IF;

    IF cardinality(key_command) > 0 THEN
        SELECT coalesce(array_agg(c.command), '{}') INTO claimed
        FROM (SELECT l.command FROM unnest(key_command, key_kind, key_key) AS l (command, kind, key)
              JOIN log.lookup_key AS k USING (kind, key)
              UNION
              -- Twice in one command; no two commands of a batch name the same key.
              SELECT l.command FROM unnest(key_command, key_kind, key_key) AS l (command, kind, key)
              GROUP BY l.command, l.kind, l.key HAVING count(*) > 1) AS c;
    END IF;

    lost := taken || stale || claimed;
    IF cardinality(lost) > 0 THEN
        SELECT array_agg(g.gap ORDER BY g.command), max(g.gap) INTO gaps, missing
        FROM (SELECT c.command, sum(CASE WHEN c.command = ANY (lost)
                         THEN c.done - coalesce(command_done[c.command - 1], 0) ELSE 0 END)
                     OVER (ORDER BY c.command) AS gap
              FROM unnest(command_done) WITH ORDINALITY AS c (done, command)) AS g;
    END IF;

    IF events > missing THEN
        INSERT INTO log.events (position, network, aggregate_type, aggregate_id, sequence,
            event_type, event_version, payload, metadata, event_id, occurred_at, recorded_at,
            leaf_hash)
        SELECT head + e.place - coalesce(gaps[e.command], 0), e.network, e.aggregate_type,
            e.aggregate_id, e.sequence, e.event_type, e.event_version, e.payload::json,
            e.metadata::json, e.id, e.occurred_at, e.recorded_at, e.leaf_hash
        FROM unnest(event_command, event_network, event_aggregate_type, event_aggregate_id,
                event_sequence, event_type, event_version, event_payload, event_metadata,
                event_id, event_occurred_at, event_recorded_at, event_leaf_hash)
            WITH ORDINALITY AS e (command, network, aggregate_type, aggregate_id, sequence,
                event_type, event_version, payload, metadata, id, occurred_at, recorded_at,
                leaf_hash, place)
        WHERE e.command <> ALL (lost);
        PERFORM pg_notify('sospeso_log', (head + events - missing)::text);
    END IF;
    IF missing > 0 THEN
        UPDATE log.head AS h
        SET position = head + events - missing,
            leaf_hash = (SELECT v.leaf_hash FROM log.events AS v
                         WHERE v.position = head + events - missing);
    END IF;

    IF cardinality(key_command) > 0 THEN
        INSERT INTO log.lookup_key (kind, key, value)
        SELECT l.kind, l.key, l.value
        FROM unnest(key_command, key_kind, key_key, key_value) AS l (command, kind, key, value)
        WHERE l.command <> ALL (lost);
    END IF;

    IF cardinality(moved_command) > 0 THEN
        DELETE FROM log.lookup_place AS p
        USING unnest(moved_command, moved_voucher) AS m (command, voucher)
        WHERE p.voucher_id = m.voucher AND m.command <> ALL (lost);
        INSERT INTO log.lookup_place (voucher_id, network, venue_id, item_id, item_kind,
            max_price_minor, on_board, since, ordinal, expires_at)
        SELECT p.voucher, p.network, p.venue, p.item, p.kind, p.max_price, p.on_board, p.since,
            p.ordinal, p.expires_at
        FROM unnest(place_command, place_voucher, place_network, place_venue, place_item,
                place_kind, place_max_price, place_on_board, place_since, place_ordinal,
                place_expires_at)
            AS p (command, voucher, network, venue, item, kind, max_price, on_board, since,
                ordinal, expires_at)
        WHERE p.command <> ALL (lost);
    END IF;

    IF cardinality(due_command) > 0 THEN
        DELETE FROM log.lookup_due AS l
        USING unnest(due_command, due_kind, due_id, due_at) AS d (command, kind, id, at)
        WHERE l.kind = d.kind AND l.id = d.id AND d.at IS NULL AND d.command <> ALL (lost);
        INSERT INTO log.lookup_due (kind, id, network, at)
        SELECT d.kind, d.id, d.network, d.at
        FROM unnest(due_command, due_kind, due_id, due_network, due_at)
            AS d (command, kind, id, network, at)
        WHERE d.at IS NOT NULL AND d.command <> ALL (lost)
        ON CONFLICT (kind, id) DO UPDATE SET network = EXCLUDED.network, at = EXCLUDED.at;
    END IF;

    IF cardinality(answer_command) > 0 THEN
        INSERT INTO log.kept_answers (network, principal, key, request_hash, body, for_ever,
            position, kept_at)
        SELECT a.network, a.principal, a.key, a.request_hash, a.body, a.for_ever,
            head + command_done[a.command] - coalesce(gaps[a.command], 0), clock_timestamp()
        FROM unnest(answer_command, answer_network, answer_principal, answer_key,
                answer_request_hash, answer_body, answer_for_ever)
            AS a (command, network, principal, key, request_hash, body, for_ever)
        WHERE a.command <> ALL (lost);
    END IF;

    IF cardinality(taken) > 0 THEN
        RETURN QUERY
        SELECT a.command, 'key_taken', k.position, k.request_hash, k.body, k.for_ever
        FROM unnest(answer_command, answer_network, answer_principal, answer_key)
            AS a (command, network, principal, key)
        JOIN log.kept_answers AS k USING (network, principal, key)
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
