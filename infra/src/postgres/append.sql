-- The one way into the log: a batch of commands in one call, so that the lock on the head never
-- waits for a client. Replaced by every migration. `$`-arrays of one kind belong together, row by
-- row; `*_command` says to which command of the batch (from 1) a row belongs, in rising order.
--
-- SECURITY DEFINER: the application may execute this and write no table. Every statement must be
-- served by an index whatever the tables' statistics say, hence the settings of the planner.
CREATE OR REPLACE FUNCTION log.append(
    sent_at timestamptz,
    command_events int[],
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
    head_position bigint;
    taken   int[] := '{}';
    stale   int[] := '{}';
    claimed int[] := '{}';
    lost    int[] := '{}';
    reaches bigint[];
    last_event int := cardinality(event_command);
BEGIN
    -- Before the lock, because waiting for it is no fault of anybody's clock.
    IF abs(extract(epoch FROM clock_timestamp() - sent_at)) > 5 THEN
        RAISE EXCEPTION 'sent at %, received at %', sent_at, clock_timestamp()
            USING ERRCODE = 'SPCLK';
    END IF;

    -- A statement of its own: under READ COMMITTED whatever is read below sees all that was
    -- committed before the lock was ours.
    SELECT h.position INTO STRICT head_position FROM log.head AS h FOR UPDATE;

    IF cardinality(answer_command) > 0 THEN
        SELECT coalesce(array_agg(a.command), '{}') INTO taken
        FROM unnest(answer_command, answer_network, answer_principal, answer_key)
            AS a (command, network, principal, key)
        JOIN log.kept_answers AS k USING (network, principal, key);
    END IF;

    SELECT coalesce(array_agg(DISTINCT e.command), '{}') INTO stale
    FROM unnest(expect_command, expect_stream, expect_version) AS e (command, stream, version)
    WHERE e.version <> coalesce(
        (SELECT max(v.sequence) FROM log.events AS v WHERE v.aggregate_id = e.stream), 0);

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

    -- What each command reaches: its last event, or the head as it stands before the next.
    SELECT array_agg(head_position + s.done ORDER BY s.command) INTO reaches
    FROM (SELECT c.command, sum(CASE WHEN c.command = ANY (lost) THEN 0 ELSE c.events END)
                 OVER (ORDER BY c.command) AS done
          FROM unnest(command_events) WITH ORDINALITY AS c (events, command)) AS s;

    IF reaches[cardinality(reaches)] > head_position THEN
        INSERT INTO log.events (position, network, aggregate_type, aggregate_id, sequence,
            event_type, event_version, payload, metadata, event_id, occurred_at, recorded_at,
            leaf_hash)
        SELECT head_position + row_number() OVER (ORDER BY e.place), e.network, e.aggregate_type,
            e.aggregate_id, e.sequence, e.event_type, e.event_version, e.payload::json,
            e.metadata::json, e.id, e.occurred_at, e.recorded_at, e.leaf_hash
        FROM unnest(event_command, event_network, event_aggregate_type, event_aggregate_id,
                event_sequence, event_type, event_version, event_payload, event_metadata,
                event_id, event_occurred_at, event_recorded_at, event_leaf_hash)
            WITH ORDINALITY AS e (command, network, aggregate_type, aggregate_id, sequence,
                event_type, event_version, payload, metadata, id, occurred_at, recorded_at,
                leaf_hash, place)
        WHERE e.command <> ALL (lost);

        IF cardinality(lost) > 0 THEN
            SELECT max(e.place) INTO last_event
            FROM unnest(event_command) WITH ORDINALITY AS e (command, place)
            WHERE e.command <> ALL (lost);
        END IF;
        UPDATE log.head
        SET position = reaches[cardinality(reaches)], leaf_hash = event_leaf_hash[last_event];
        PERFORM pg_notify('sospeso_log', reaches[cardinality(reaches)]::text);
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
            reaches[a.command], clock_timestamp()
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
    SELECT c.command,
        CASE WHEN c.command = ANY (stale) THEN 'stale'
             WHEN c.command = ANY (claimed) THEN 'lookup_taken'
             ELSE 'done' END,
        reaches[c.command], NULL::text, NULL::text, NULL::boolean
    FROM generate_series(1, cardinality(command_events)) AS c (command)
    WHERE c.command <> ALL (taken);
END $append$;
