"""Settings of the portal, all from the environment (`.env` is read). Names: README, «Configuración»."""

from datetime import timedelta
from pathlib import Path

from clave_portal.doors import DOORS, PUBLIC_URLS, own_site
from clave_portal.env import Env, refuse

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"
VAR.mkdir(exist_ok=True)

env = Env()  # type: ignore[no-untyped-call]
env.read_env(BASE_DIR / ".env")

# --- Where it runs -----------------------------------------------------------------------------

DEBUG = env.flag("DEBUG", default=False)
PORTAL_DEMO = env.flag("PORTAL_DEMO", default=False)
SECRET_KEY = env.secret("SECRET_KEY", keep_in=VAR / "secret-key")
# Keys the hashes that must outlive a change of SECRET_KEY: trámite numbers, decoys, audit chain.
PORTAL_DATA_KEY = env.secret("PORTAL_DATA_KEY", keep_in=VAR / "data-key")
# Keys before these: what was made with them is still known (docs/operation.md, «Cambiar las claves»).
SECRET_KEY_FALLBACKS = env.secrets("SECRET_KEY_FALLBACKS")
PORTAL_DATA_KEY_FALLBACKS = env.secrets("PORTAL_DATA_KEY_FALLBACKS")
# Those of them that open nothing any more: events are verified with them, and tries go on being counted.
PORTAL_DATA_KEY_RETIRED = env.secrets("PORTAL_DATA_KEY_RETIRED")
if not {PORTAL_DATA_KEY, *PORTAL_DATA_KEY_FALLBACKS}.issuperset(PORTAL_DATA_KEY_RETIRED):
    refuse("PORTAL_DATA_KEY_RETIRED: cada una tiene que estar también en PORTAL_DATA_KEY_FALLBACKS.")
# Which of the two doors this process is: the public portal, the office, or both (clave_portal/doors.py).
PORTAL_DOOR = env.choice("PORTAL_DOOR", "both", set(DOORS))
_door = DOORS[PORTAL_DOOR]
_public = env.site("SITE_URL", default="http://127.0.0.1:8000" if PORTAL_DEMO else "https://localhost")
_office = env.site("PORTAL_OFFICE_URL", default="")
SITE_URL, PORTAL_OFFICE_URL = _public.geturl(), _office.geturl()
_site = own_site(PORTAL_DOOR, _public, _office, plain_http=PORTAL_DEMO or DEBUG)
_hosts = {
    str(_site.hostname),
    *([str(_office.hostname)] if PORTAL_DOOR == "both" and _office.hostname else []),
}
ALLOWED_HOSTS = env.hosts([*sorted(_hosts), "localhost", "127.0.0.1", "[::1]"])
# How many proxies of ours stand in front and write X-Forwarded-For; 0 = the peer is the visitor.
PORTAL_PROXIES = env.number("PORTAL_PROXIES", 0, low=0, high=3)

# For deploy/gunicorn.conf.py. Each thread keeps a connection to the database: workers x threads of them.
PORTAL_WORKERS = env.number("PORTAL_WORKERS", 2, low=1, high=64)
PORTAL_THREADS = env.number("PORTAL_THREADS", 16, low=2, high=64)
# Of the threads of a process, how many may compute or wait for the hash of a key (accounts/hashing.py).
PORTAL_HASHING_PLACES = env.number(
    "PORTAL_HASHING_PLACES", PORTAL_THREADS // 2, low=1, high=PORTAL_THREADS - 1
)

ROOT_URLCONF = _door.urls
PORTAL_PUBLIC_URLS = PUBLIC_URLS  # what links to the portal are made of, at the office's door too
WSGI_APPLICATION = "clave_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "captcha",
    "csp",
    "django_countries",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "post_office",
    "guards",
    "offices",
    "identity",
    "accounts",
    "forms_usi07",
    "backoffice",
    "journeys",
    "operation",
]

MIDDLEWARE = [
    "operation.middleware.Watched",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "journeys.middleware.PrivateByDefault",
    # Below them, so that a static file carries every header that a page does.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "accounts.session.SessionEnds",
    "journeys.middleware.SuspendedKeys",
    "django.contrib.messages.middleware.MessageMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [*(BASE_DIR / folder for folder in _door.templates), BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "journeys.context.portal",
                "journeys.context.acting",
            ],
        },
    },
]

# --- Database ----------------------------------------------------------------------------------

_database = env.database(default=VAR / "clave.sqlite3")
if "sqlite" in str(_database["ENGINE"]):
    # IMMEDIATE queues writers instead of failing them; recursive_triggers makes INSERT OR REPLACE
    # meet the triggers that keep the events append-only.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "PRAGMA recursive_triggers=ON; PRAGMA foreign_keys=ON;"
        ),
    }
else:
    # Django's own, with bounds on waiting for a server that is gone (guards/postgresql/).
    _database["ENGINE"] = "guards.postgresql"
    _database["CONN_HEALTH_CHECKS"] = True
    _database["OPTIONS"] = {
        "connect_timeout": 3,
        "tcp_user_timeout": 4000,
        "keepalives": 1,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 2,
        "options": "-c statement_timeout=3000 -c lock_timeout=2000"
        " -c idle_in_transaction_session_timeout=10000",
        **_database.get("OPTIONS", {}),  # type: ignore[dict-item]
    }
_database["CONN_MAX_AGE"] = 60
DATABASES = {"default": _database}

# --- People, keys and sessions -----------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [*_door.backends]
PASSWORD_HASHERS = ["accounts.hashers.ClaveArgon2Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = _door.log_in
SESSION_ENGINE = "guards.sessions"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 12 * 60 * 60
PORTAL_IDLE_MINUTES = env.number("PORTAL_IDLE_MINUTES", 15, low=2, high=60)
PORTAL_SESSION_HOURS = env.number("PORTAL_SESSION_HOURS", 12, low=1, high=12)
PORTAL_JOURNEY_MINUTES = env.number("PORTAL_JOURNEY_MINUTES", 30, low=5, high=120)

# --- The rules of design §2; their sources are named there --------------------------------------

PORTAL_PENDING_DAYS = env.number("PORTAL_PENDING_DAYS", 90, low=1, high=365)
PORTAL_RETENTION_DAYS = env.number("PORTAL_RETENTION_DAYS", 365, low=0, high=3650)
PORTAL_FORM_MINUTES = env.number("PORTAL_FORM_MINUTES", 30, low=5, high=120)
PORTAL_ATTEMPTS_CREATE = env.number("PORTAL_ATTEMPTS_CREATE", 3, low=1, high=10)
PORTAL_ATTEMPTS_ENABLE = env.number("PORTAL_ATTEMPTS_ENABLE", 2, low=1, high=10)
PORTAL_ROUNDS_TOTAL = env.number("PORTAL_ROUNDS_TOTAL", 3, low=1, high=10)
PORTAL_ROUNDS_DAYS = env.number("PORTAL_ROUNDS_DAYS", 90, low=30, high=3650)
PORTAL_QUIZ_QUESTIONS = env.number("PORTAL_QUIZ_QUESTIONS", 4, low=1, high=8)
PORTAL_QUIZ_CATEGORIES = env.number("PORTAL_QUIZ_CATEGORIES", 2, low=1, high=4)
PORTAL_QUIZ_DECOYS = env.number("PORTAL_QUIZ_DECOYS", 4, low=1, high=8)
PORTAL_QUIZ_SECONDS = env.number("PORTAL_QUIZ_SECONDS", 120, low=30, high=900)
PORTAL_QUIZ_REST_DAYS = env.number("PORTAL_QUIZ_REST_DAYS", 365, low=0, high=3650)
# Hundredths of a per cent: 50 = 0.5 %.
PORTAL_GUESS_LIMIT = env.number("PORTAL_GUESS_LIMIT", 50, low=1, high=10000)
PORTAL_PROOF_MINUTES = env.number("PORTAL_PROOF_MINUTES", 30, low=5, high=120)
PORTAL_DISAVOWAL_HOURS = env.number("PORTAL_DISAVOWAL_HOURS", 240, low=1, high=2160)
PORTAL_UNDO_HOURS = env.number("PORTAL_UNDO_HOURS", 72, low=1, high=720)
PORTAL_CERTIFICATE_DAYS = env.number("PORTAL_CERTIFICATE_DAYS", 90, low=1, high=3650)
PORTAL_TRAMITE_PER_DAY = env.number("PORTAL_TRAMITE_PER_DAY", 3, low=1, high=20)
PORTAL_TRAMITE_IN_ALL = env.number("PORTAL_TRAMITE_IN_ALL", 6, low=1, high=100)
PORTAL_REPEATS = env.choice("PORTAL_REPEATS", "neighbours", {"neighbours", "anywhere"})
PORTAL_TWO_PERSONS = env.flag("PORTAL_TWO_PERSONS", default=False)
PORTAL_DEEDS_PER_EMPLOYEE_DAY = env.number("PORTAL_DEEDS_PER_EMPLOYEE_DAY", 150, low=1, high=100_000)
PORTAL_DEEDS_ALARM = env.number("PORTAL_DEEDS_ALARM", 60, low=1, high=PORTAL_DEEDS_PER_EMPLOYEE_DAY)
PORTAL_REJECTS_PERCENT = env.number("PORTAL_REJECTS_PERCENT", 1, low=0, high=100)
PORTAL_SHRINK_PERCENT = env.number("PORTAL_SHRINK_PERCENT", 2, low=0, high=100)

# Limits of design §7. In the demo everybody shares the address 127.0.0.1 and a handful of persons.
_many = 100 if PORTAL_DEMO else 1
PORTAL_LOOKUPS_PER_ADDRESS_HOUR = env.number(
    "PORTAL_LOOKUPS_PER_ADDRESS_HOUR", 30 * _many, low=1, high=100_000
)
PORTAL_ROUNDS_PER_ADDRESS_DAY = env.number("PORTAL_ROUNDS_PER_ADDRESS_DAY", 20 * _many, low=1, high=100_000)
PORTAL_CASES_PER_EMPLOYEE_HOUR = env.number("PORTAL_CASES_PER_EMPLOYEE_HOUR", 60 * _many, low=1, high=100_000)
PORTAL_MISSES_PER_EMPLOYEE_HOUR = env.number(
    "PORTAL_MISSES_PER_EMPLOYEE_HOUR", 30 * _many, low=1, high=100_000
)
PORTAL_LOGINS_PER_MINUTE = env.number("PORTAL_LOGINS_PER_MINUTE", 5, low=1, high=1000)
PORTAL_LOGINS_BEFORE_WAIT = env.number("PORTAL_LOGINS_BEFORE_WAIT", 10, low=1, high=1000)
PORTAL_LOOKUPS_PER_CUIL_DAY = env.number("PORTAL_LOOKUPS_PER_CUIL_DAY", 10 * _many, low=1, high=100_000)
PORTAL_PENDING_PER_CUIL_DAY = env.number("PORTAL_PENDING_PER_CUIL_DAY", 3 * _many, low=1, high=100_000)
PORTAL_PENDING_PER_CUIL_MONTH = env.number("PORTAL_PENDING_PER_CUIL_MONTH", 5 * _many, low=1, high=100_000)
PORTAL_CERTIFICATES_PER_CUIL_DAY = env.number(
    "PORTAL_CERTIFICATES_PER_CUIL_DAY", 10 * _many, low=1, high=100_000
)
PORTAL_CHECKS_PER_ADDRESS_HOUR = env.number("PORTAL_CHECKS_PER_ADDRESS_HOUR", 120, low=1, high=100_000)
PORTAL_DOWNLOADS_PER_CUIL_DAY = env.number("PORTAL_DOWNLOADS_PER_CUIL_DAY", 20 * _many, low=1, high=100_000)
PORTAL_CORRECTIONS_PER_CUIL_DAY = env.number("PORTAL_CORRECTIONS_PER_CUIL_DAY", 3, low=1, high=100_000)
PORTAL_MAILS_PER_ADDRESS_DAY = env.number("PORTAL_MAILS_PER_ADDRESS_DAY", 6 * _many, low=1, high=100_000)
PORTAL_MAILS_PER_CUIL_DAY = env.number("PORTAL_MAILS_PER_CUIL_DAY", 6, low=1, high=100_000)

# Remembers the addresses that are shut already, and counts nothing (guards/shut.py).
REDIS_URL = env.redis()

# --- Captcha (django-simple-captcha) -----------------------------------------------------------

CAPTCHA_CHALLENGE_FUNCT = "journeys.captcha.challenge.six_digits"  # for the library's own commands
CAPTCHA_TIMEOUT = 5  # minutes
# adaptive: logging in asks for it only where there is a reason to (journeys/captcha/asking.py).
PORTAL_CAPTCHA = env.choice("PORTAL_CAPTCHA", "always", {"always", "adaptive"})
PORTAL_CAPTCHA_FREE_TRIES = env.number("PORTAL_CAPTCHA_FREE_TRIES", 2, low=1, high=10)
PORTAL_CAPTCHA_HOT_ADDRESS = env.number("PORTAL_CAPTCHA_HOT_ADDRESS", 20, low=1, high=100_000)

# --- Texts -------------------------------------------------------------------------------------

LANGUAGE_CODE = "es-ar"
TIME_ZONE = "America/Argentina/Buenos_Aires"
# Names of countries abroad: what is Argentine is not among them; two names that the library misspells.
COUNTRIES_OVERRIDE = {
    "AR": None, "FK": None, "GS": None, "AQ": None, "TT": "Trinidad y Tobago", "SZ": "Esuatini",
}  # fmt: skip
USE_I18N = True
# What the libraries say to people, as Argentines do; our own texts are written in the code.
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
PORTAL_NOTICE = env.str(
    "PORTAL_NOTICE",
    "Sitio de demostración. No es un sitio oficial: no ingreses datos reales.",
)
PORTAL_ORGANISM = env.str("PORTAL_ORGANISM", "Portal de demostración de la Clave de la Seguridad Social")
PORTAL_PHONE = env.str("PORTAL_PHONE", "130")
# «Lunes a viernes de 8 a 20 hs.» (manual); on national holidays nobody answers.
PORTAL_PHONE_HOURS = env.hours("PORTAL_PHONE_HOURS", "lunes a viernes de 8 a 20")
PORTAL_PHONE_CLOSED = env.dates("PORTAL_PHONE_CLOSED")
# Where papers from abroad are sent to (manual, B 1.1).
PORTAL_UCA_ADDRESS = env.str(
    "PORTAL_UCA_ADDRESS",
    "Unidad Central de Apoyo (UCA), Av. Paseo Colón Nº 239, 6to piso Frente, C1063ACO,"
    " Ciudad Autónoma de Buenos Aires, Argentina",
)

# --- Static files ------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site has a use for them

# --- Headers and cookies -----------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "media-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    },
}
_https = _site.scheme == "https"
SECURE_SSL_REDIRECT = _https
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _https
SECURE_HSTS_PRELOAD = _https
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if PORTAL_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
_own = "__Host-" if _https else ""
SESSION_COOKIE_NAME = f"{_own}{_door.session_cookie}"
CSRF_COOKIE_NAME = f"{_own}{_door.csrf_cookie}"
MESSAGE_STORAGE = "guards.told.Told"
CSRF_FAILURE_VIEW = "journeys.pages.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50
FILE_UPLOAD_HANDLERS = ["guards.uploads.NoFiles"]

# --- Operation (docs/operation.md) -------------------------------------------------------------

# Who may see what is found, and the metrics: straight, not through a proxy.
PORTAL_OPERATION_NETWORKS = env.networks("PORTAL_OPERATION_NETWORKS", "127.0.0.0/8,::1")
# Where the processes of one door count together; empty: this process alone is told about.
PORTAL_METRICS_DIR = env.folder("PORTAL_METRICS_DIR")
PORTAL_LOG_FORMAT = env.choice("PORTAL_LOG_FORMAT", "line", {"line", "json"})
PORTAL_DISK_FREE_MB = env.number("PORTAL_DISK_FREE_MB", 500, low=1, high=10_000_000)
PORTAL_MAIL_WAIT_MINUTES = env.number("PORTAL_MAIL_WAIT_MINUTES", 30, low=1, high=10_000)
PORTAL_PURGE_HOURS = env.number("PORTAL_PURGE_HOURS", 26, low=1, high=10_000)
# A probe inside speaks plain http, and follows nobody elsewhere.
SECURE_REDIRECT_EXEMPT = [r"^salud/(vivo|listo)$", r"^metricas$"]

# --- Mail and logs -----------------------------------------------------------------------------

_mail = env.mail(files=VAR / "mail")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST = _mail.get("EMAIL_HOST") or ""
EMAIL_PORT = _mail.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _mail.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = bool(_mail.get("EMAIL_USE_TLS"))
EMAIL_USE_SSL = bool(_mail.get("EMAIL_USE_SSL"))
EMAIL_TIMEOUT = 10
EMAIL_FILE_PATH = _mail.get("EMAIL_FILE_PATH")
DEFAULT_FROM_EMAIL = env.str("PORTAL_MAIL_FROM", "") or f"no-responder@{_public.hostname}"
if "@" not in DEFAULT_FROM_EMAIL:
    refuse("PORTAL_MAIL_FROM no es una dirección de correo.")
# The queue. A refused mail is tried again for a day; its library's log is for errors of its own, since
# the reasons a server gives name the person's address (they stay in its table).
POST_OFFICE = {
    "BATCH_SIZE": 100,
    "LOG_LEVEL": 1,
    "MAX_RETRIES": 24,
    "RETRY_INTERVAL": timedelta(hours=1),
    "SENDING_ORDER": ["-priority", "pk"],  # «pidieron una clave» before «se canceló»
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "operation.logs.Line",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        },
        "json": {"()": "operation.logs.Json"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": PORTAL_LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # Below errors it writes the address asked for, and people type anything into addresses.
        "django.request": {"level": "ERROR"},
        # One line of traceback each, for whoever cares to send a megabyte.
        "django.security.RequestDataTooBig": {"level": "CRITICAL"},
        "post_office": {"handlers": ["console"], "level": "CRITICAL", "propagate": False},
    },
}
DEFAULT_EXCEPTION_REPORTER = "journeys.reporting.NobodysReport"
DEFAULT_EXCEPTION_REPORTER_FILTER = "journeys.reporting.NoIdentityInReports"
