-- Who may do what in the schemas. Runs after every migration; names follow from the database's.
DO $grants$
DECLARE
    app     text := quote_ident(current_database() || '_app');
    analyst text := quote_ident(current_database() || '_analyst');
BEGIN
    REVOKE ALL ON ALL FUNCTIONS IN SCHEMA log FROM PUBLIC;
    EXECUTE format('GRANT USAGE ON SCHEMA log TO %s', app);
    EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA log TO %s', app);
    EXECUTE format('GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA log TO %s', app);
    -- The sealed history is added to and never changed; a tile grows, as its trigger checks.
    EXECUTE format('GRANT USAGE ON SCHEMA seals TO %s', app);
    EXECUTE format('GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA seals TO %s', app);
    EXECUTE format('GRANT UPDATE (hashes) ON seals.tiles TO %s', app);
    -- Read models are the application's own: it makes and drops their tables on every rebuild.
    EXECUTE format('GRANT USAGE, CREATE ON SCHEMA views TO %s', app);
    EXECUTE format('GRANT USAGE ON SCHEMA views TO %s', analyst);
END $grants$;
