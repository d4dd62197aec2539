#!/bin/sh
# Before the doors open, at each start and after each update: tables, the portal's role, static files, pages of failure.
# OWNER_DATABASE_URL is for this alone; the portal's own connection is DATABASE_URL.
set -eu
DATABASE_URL=$OWNER_DATABASE_URL python manage.py migrate
DATABASE_URL=$OWNER_DATABASE_URL python manage.py grant_database_role clave_portal
python manage.py collectstatic --no-input
python manage.py write_error_pages
