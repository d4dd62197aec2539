#!/bin/sh
# The official container runs this before nginx: the logs go where Docker keeps and turns them, and fill no container.
set -eu
ln -sf /dev/stdout "$CLAVE_LOGS/clave.log"
ln -sf /dev/stdout "$CLAVE_LOGS/clave-office.log"
ln -sf /dev/stderr "$CLAVE_LOGS/clave-error.log"
