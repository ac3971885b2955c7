#!/bin/sh
# Creates the users and databases of Throughline and Temporal. Postgres's image runs it once, on an empty volume.
set -eu

psql --username "${POSTGRES_USER:-postgres}" --dbname postgres --no-psqlrc --quiet \
  --set ON_ERROR_STOP=1 \
  --set throughline="$THROUGHLINE_DB_PASSWORD" \
  --set temporal="$TEMPORAL_DB_PASSWORD" <<'SQL'
create role throughline login password :'throughline';
create role temporal login password :'temporal';
create database throughline owner throughline;
create database temporal owner temporal;
create database temporal_visibility owner temporal;
SQL
