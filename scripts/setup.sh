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
[ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && .venv/bin/python -c '' 2>/dev/null && exit 0

# Installs Debian packages as root, or says which command does.
need() {
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y "$@" >/dev/null
    else
        echo "Falta $1. Instalalo y probá de nuevo:  sudo apt-get install $*" >&2
        exit 1
    fi
}

recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

python=
for candidate in python3 python3.13 python3.12 python3.11; do
    if recent "$candidate"; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
    echo "Hace falta Python 3.11 o posterior. En Debian 12 o Ubuntu 24.04:  sudo apt-get install python3 python3-venv" >&2
    exit 1
fi

if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
    need "$version-venv"
fi
# Also where an earlier try was interrupted, or the system's Python went away.
.venv/bin/python -m pip --version >/dev/null 2>&1 || "$python" -m venv --clear .venv
echo "Instalando dependencias (sólo la primera vez)…"
.venv/bin/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r "$lock"
# The PDF is set by Pango, a library of the system; WeasyPrint only warns where the part that cuts fonts is missing.
if ! .venv/bin/python -W error -c 'import weasyprint' >/dev/null 2>&1; then
    need libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
fi
echo "$wanted" > "$stamp"
