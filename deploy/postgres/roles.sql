-- The three roles of one service, for the whole server. Run by psql as the superuser, as often as you like:
--   psql -v service=registry -f roles.sql
-- with the passwords in the environment (never on a command line): OWNER_PASSWORD, API_PASSWORD, WORKER_PASSWORD.
--
--   <service>_owner   owns the schema and migrates
--   <service>_api     serves HTTP under row-level security: one county at a time
--   <service>_worker  consumer, relay and recount: BYPASSRLS, because a batch mixes counties and COPY into a
--                     table under row-level security is refused; no public door runs as worker
--
-- None of them is a superuser or may create roles and databases.

\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv api_password API_PASSWORD
\getenv worker_password WORKER_PASSWORD

SELECT format('CREATE ROLE %I', :'service' || '_' || kind)
FROM unnest(ARRAY['owner', 'api', 'worker']) AS kind
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'service' || '_' || kind)
\gexec

-- Passwords are kept out of the server's log.
SET log_statement = 'none';
SET log_min_error_statement = 'panic';

SELECT format(
    'ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION %s PASSWORD %L',
    :'service' || '_' || kind,
    CASE kind WHEN 'worker' THEN 'BYPASSRLS' ELSE 'NOBYPASSRLS' END,
    CASE kind WHEN 'owner' THEN :'owner_password' WHEN 'api' THEN :'api_password' ELSE :'worker_password' END
)
FROM unnest(ARRAY['owner', 'api', 'worker']) AS kind
\gexec
