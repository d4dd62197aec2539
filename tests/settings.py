"""The portal's own settings, over plain http on a test machine."""

import os
from pathlib import Path

from clave_portal.settings import *  # noqa: F403
from clave_portal.settings import DATABASES, VAR

SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "sesion", "csrf"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
# Races of twenty are about other things than who may hash (tests/accounts/test_hashing.py).
PORTAL_HASHING_PLACES = 64
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# Each process of a run in parallel has its own files: two must never collect into one folder.
_worker = os.environ.get("PYTEST_XDIST_WORKER", "")
_test_database = Path(os.environ.get("CLAVE_TEST_DB", VAR / f"test{_worker}.sqlite3"))
STATIC_ROOT = _test_database.with_suffix(".static")

if "sqlite" in DATABASES["default"]["ENGINE"]:
    # A file, not memory: threads then meet the locks that real visitors meet.
    DATABASES["default"]["TEST"] = {"NAME": _test_database}
    DATABASES["default"]["OPTIONS"]["init_command"] = DATABASES["default"]["OPTIONS"]["init_command"].replace(
        "synchronous=FULL", "synchronous=OFF"
    )
