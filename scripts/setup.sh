#!/bin/sh
# Makes .venv from the locked, hashed dependencies. Usage: scripts/setup.sh run|dev
# Does nothing when the environment already matches the lock file.
set -eu
cd "$(dirname "$0")/.."
case "${1:-}" in
    run) lock=requirements.txt ;;
    dev) lock=requirements-dev.txt ;;
    *) echo "usage: scripts/setup.sh run|dev" >&2; exit 2 ;;
esac

wanted=$(cksum < requirements-dev.txt)-$(cksum < requirements.txt)
stamp=.venv/clave-$1
[ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && exit 0

# Installs one Debian package as root, or says which command does.
need() {
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && apt-get install -qq -y "$1" >/dev/null
    else
        echo "Falta $1. Instalalo y probá de nuevo:  sudo apt-get install $1" >&2
        exit 1
    fi
}

recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

python=
for candidate in python3 python3.13 python3.12 python3.11; do
    if recent "$candidate"; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
    need python3
    python=python3
    recent "$python" || { echo "Hace falta Python 3.11 o posterior." >&2; exit 1; }
fi

"$python" -c 'import ensurepip' 2>/dev/null || need python3-venv
[ -x .venv/bin/python ] || "$python" -m venv .venv
echo "Instalando dependencias (sólo la primera vez)…"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
echo "$wanted" > "$stamp"
