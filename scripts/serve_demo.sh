#!/bin/sh
# Prepares the demonstration and serves it. Called by `make run`.
set -eu
cd "$(dirname "$0")/.."
: "${PORT:=8000}"
export SITE_URL="http://127.0.0.1:$PORT"
python=.venv/bin/python

$python - "$PORT" <<'END'
import socket
import sys

port = sys.argv[1]
with socket.socket() as probe:
    if not port.isdigit() or not 1024 <= int(port) <= 65535:
        sys.exit(f"PORT={port} no sirve: poné un número entre 1024 y 65535.")
    if probe.connect_ex(("127.0.0.1", int(port))) == 0:
        sys.exit(f"El puerto {port} está ocupado. Elegí otro, por ejemplo:  PORT={int(port) + 1} make run")
END

$python manage.py prepare_demo

exec .venv/bin/gunicorn -c deploy/gunicorn.conf.py --bind "127.0.0.1:$PORT"
