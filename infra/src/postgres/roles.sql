-- Makes the roles and the empty schemas. Runs as whoever owns the database, who needs CREATEROLE
-- once; every statement is repeatable. Nobody logs in as one of these roles.
DO $roles$
DECLARE
    suffix text;
    role   text;
BEGIN
    FOREACH suffix IN ARRAY ARRAY['_log_owner', '_app', '_analyst'] LOOP
        role := current_database() || suffix;
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role);
        END IF;
        -- USAGE, because from version 16 on the maker of a role is its member without using it.
        IF NOT pg_has_role(role, 'USAGE') THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', role);
        END IF;
    END LOOP;
    -- The gateway's login, where it is called so.
    role := current_database() || '_serve';
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = role)
        AND NOT pg_has_role(role, current_database() || '_app', 'USAGE') THEN
        EXECUTE format('GRANT %I TO %I', current_database() || '_app', role);
    END IF;
    EXECUTE format('CREATE SCHEMA IF NOT EXISTS log AUTHORIZATION %I',
        current_database() || '_log_owner');
    EXECUTE format('CREATE SCHEMA IF NOT EXISTS views AUTHORIZATION %I',
        current_database() || '_log_owner');
    EXECUTE format('CREATE SCHEMA IF NOT EXISTS seals AUTHORIZATION %I',
        current_database() || '_log_owner');
END $roles$;
