#!/bin/sh
# PostgreSQL's container runs this once, on an empty folder of data.
set -eu
psql -v owner=clave_owner -v owner_password="$CLAVE_OWNER_PASSWORD" \
    -v portal=clave_portal -v portal_password="$CLAVE_PORTAL_PASSWORD" -v database=clave -f /etc/clave/roles.sql
