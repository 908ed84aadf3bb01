-- The schema of one service in the connected database, and what its roles may do with whatever its owner
-- creates there later. Run by psql as the superuser after roles.sql, as often as you like:
--   psql -v service=registry -d jinqiu -f schema.sql
-- A migration that wants less for a table (a journal is only added to) takes it away there.

\set ON_ERROR_STOP on
\set owner :service _owner
\set api :service _api
\set worker :service _worker

SET client_min_messages = warning;

CREATE SCHEMA IF NOT EXISTS :"service" AUTHORIZATION :"owner";

GRANT USAGE ON SCHEMA :"service" TO :"api", :"worker";

ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA :"service"
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"api";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA :"service"
    GRANT ALL ON TABLES TO :"worker";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA :"service"
    GRANT USAGE, SELECT ON SEQUENCES TO :"api", :"worker";
