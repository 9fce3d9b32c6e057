#!/bin/sh
# Run once by the PostgreSQL image on an empty volume: the database, its owner, who migrates, and the
# gateway's login, which gets its rights from `sospeso init`.
set -eu
psql --set ON_ERROR_STOP=1 --username postgres \
    --set owner_password="$OWNER_PASSWORD" --set serve_password="$SERVE_PASSWORD" <<'SQL'
CREATE ROLE sospeso_owner LOGIN CREATEROLE PASSWORD :'owner_password';
CREATE ROLE sospeso_serve LOGIN PASSWORD :'serve_password';
CREATE DATABASE sospeso OWNER sospeso_owner;
SQL
