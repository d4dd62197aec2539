-- The database and its two roles: one owns the tables and migrates, the portal comes with the other. As a superuser of
-- PostgreSQL, once:
--   psql -v owner=clave_owner -v owner_password=… -v portal=clave_portal -v portal_password=… -v database=clave -f roles.sql
-- What the portal may do with the tables is given by `manage.py grant_database_role`, after each `migrate`.
\set ON_ERROR_STOP on
CREATE ROLE :"owner" LOGIN PASSWORD :'owner_password';
CREATE ROLE :"portal" LOGIN PASSWORD :'portal_password';
CREATE DATABASE :"database" OWNER :"owner" ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
