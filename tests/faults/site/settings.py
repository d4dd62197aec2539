"""The portal's own settings over plain http, without the limits that one person's many moves would meet.

Two things are cheaper than in production, since the runs are about what is kept and not about speed: the
hash of a secret, and the static files, which are not collected.
"""

from datetime import timedelta

from clave_portal.settings import *  # noqa: F403
from clave_portal.settings import DATABASES, POST_OFFICE, env

ROOT_URLCONF = "tests.faults.site.urls"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "sesion", "csrf"
ALLOWED_HOSTS = ["127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
for _name in [
    name for name in globals() if name.endswith(("_DAY", "_HOUR", "_MONTH", "_MINUTE", "_BEFORE_WAIT"))
]:
    globals()[_name] = 1_000_000
# An hour, in production.
POST_OFFICE = {**POST_OFFICE, "RETRY_INTERVAL": timedelta(seconds=1)}
# A file that holds by how many seconds this machine's clock is wrong.
FAULTS_CLOCK = env.str("FAULTS_CLOCK", "")
# For a control: no move is one transaction, and whoever asks again is not asked whether it was done.
FAULTS_CARELESS = env.flag("FAULTS_CARELESS", default=False)
# For a control: what Django does unless told otherwise.
if env.flag("FAULTS_DEFERRED", default=False):
    DATABASES["default"]["OPTIONS"]["transaction_mode"] = "DEFERRED"
