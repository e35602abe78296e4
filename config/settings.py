"""Settings for every place Sextant runs. What differs between places comes from the environment (`.env.example`).

Without DATABASE_URL and REDIS_URL the servers of `config.services` are used: that is what `./dev` does.
DEBUG is off unless SEXTANT_DEBUG=1, which `./dev` sets; with it off, a missing or default secret stops the start.
"""

import os
import re
from pathlib import Path
from typing import Any

from csp.constants import NONCE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from django_guid.integrations import CeleryIntegration
from psycopg.conninfo import conninfo_to_dict

from config import services

BASE_DIR = Path(__file__).resolve().parent.parent
PURPOSE = os.environ.get("SEXTANT_SERVICES", "dev")
LOCAL_DIR = services.LOCAL_DIR

DEBUG = os.environ.get("SEXTANT_DEBUG") == "1"
LOCAL = DEBUG or os.environ.get("SEXTANT_LOCAL") == "1"  # a developer's machine: local secrets and plain http will do


def secret(name: str, local: str) -> str:
    """A secret from the environment; the local default only on a developer's machine."""
    value = os.environ.get(name, "")
    if LOCAL:
        return value or local
    if len(value) < 32 or value == local or value.startswith(("change", "local-")):
        raise ImproperlyConfigured(f"Set {name} to a secret of at least 32 characters (see .env.example).")
    return value


def required(name: str, local: str) -> str:
    """What differs from place to place and has no default but on a developer's machine."""
    value = os.environ.get(name, "")
    if not value and not LOCAL:
        raise ImproperlyConfigured(f"Set {name} (see .env.example).")
    return value or local


SECRET_KEY = secret("SECRET_KEY", "local-only-not-a-secret")
# Encrypts tokens at rest. Several keys, newest first, separated by spaces; each a Fernet key.
LOCAL_FIELD_KEY = "bG9jYWwtb25seS1ub3QtYS1zZWNyZXQtMDEyMzQ1Njc="
FIELD_KEYS = secret("FIELD_KEYS", LOCAL_FIELD_KEY).split()
ALSO_SEALED = ["teams.second_factors.rotate"]  # what else `rotate_field_keys` seals again: functions that say how many
ALLOWED_HOSTS = required("ALLOWED_HOSTS", "localhost 127.0.0.1").split()
SITE_URL = required("SITE_URL", "http://127.0.0.1:8000").rstrip("/")  # where links in messages lead
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES", "0"))  # reverse proxies in front of us
OUTBOUND_ALLOWED_HOSTS = os.environ.get("OUTBOUND_ALLOWED_HOSTS", "").split()  # private hosts that Sextant may call
MAINTENANCE = os.environ.get("SEXTANT_MAINTENANCE") == "1"  # every page says "back soon"; so does LOCAL_DIR/maintenance
HEARTBEAT_MODEL = "activity.Heartbeat"  # what /readyz reads
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")  # who knows it reads /metrics; without it there is none
LOG_FORMAT = os.environ.get("LOG_FORMAT", "line" if LOCAL else "json")

if not LOCAL:
    if LOCAL_FIELD_KEY in FIELD_KEYS or not all(re.fullmatch(r"[\w-]{43}=", key) for key in FIELD_KEYS):
        raise ImproperlyConfigured("Set FIELD_KEYS to keys made as .env.example says, each one a secret.")
    if "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("Set ALLOWED_HOSTS to the names people use, not to all (see .env.example).")
    if not SITE_URL.startswith("https://"):
        raise ImproperlyConfigured("Set SITE_URL to an address that begins with https:// (see .env.example).")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    if TRUSTED_PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked from inside
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_IDLE = int(os.environ.get("SESSION_IDLE_DAYS", "14")) * 24 * 3600  # without a visit
SESSION_LONGEST = int(os.environ.get("SESSION_LONGEST_DAYS", "30")) * 24 * 3600  # since signing in
SESSION_SHORT = int(os.environ.get("SESSION_SHORT_HOURS", "12")) * 3600  # of whoever did not ask to be remembered
SESSION_COOKIE_AGE = SESSION_IDLE
X_FRAME_OPTIONS = "DENY"

# -- data ---------------------------------------------------------------------------------------------------------

DATABASE_URL = required("DATABASE_URL", services.database_url(PURPOSE))
_db = conninfo_to_dict(DATABASE_URL)
DATABASES: dict[str, Any] = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _db.pop("dbname", ""),
        "USER": _db.pop("user", ""),
        "PASSWORD": _db.pop("password", ""),
        "HOST": _db.pop("host", ""),
        "PORT": _db.pop("port", ""),
        "CONN_HEALTH_CHECKS": True,  # after a restart of PostgreSQL the pool hands out no dead connection
        "DISABLE_SERVER_SIDE_CURSORS": True,  # choices of forms are short lists: one round trip, not three
        "OPTIONS": {
            **_db,
            "pool": {"min_size": 1, "max_size": int(os.environ.get("DB_POOL", "8")), "timeout": 10},
            "prepare_threshold": 5,  # of what core.prepared asks; None, Django's default, would allow it nowhere
        },
    }
}
REDIS_URL = required("REDIS_URL", "")
if REDIS_URL:
    CELERY_BROKER_URL = _cache = REDIS_URL
else:
    _socket = services.redis_socket(PURPOSE)
    _slot = int(os.environ.get("SEXTANT_REDIS_SLOT", "0"))  # each pair of Valkey's 16 databases is one slot
    CELERY_BROKER_URL = f"redis+socket://{_socket}?virtual_host={2 * _slot}"
    _cache = f"unix://{_socket}?db={2 * _slot + 1}"
CACHES = {
    "default": {"BACKEND": "core.cache.CalmRedisCache", "LOCATION": _cache},
    # Rendered parts of pages, kept by each web process for the mark they were made at (activity.frame).
    "template_fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "fragments",
        "OPTIONS": {"MAX_ENTRIES": 600},
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SESSION_ENGINE = "core.sessions"

# -- background work ----------------------------------------------------------------------------------------------
# PostgreSQL holds what is due; Celery and Redis only ring the doorbell. See docs/adr.

CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 90  # below the lease of core.duework
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_TASK_DEFAULT_EXPIRES = 30  # a doorbell that nobody heard in time is worth nothing: the next one rings soon
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "deliver messages": {"task": "activity.deliver_messages", "schedule": 2.0, "options": {"expires": 10}},
    "deliver webhooks": {"task": "activity.deliver_hooks", "schedule": 2.0, "options": {"expires": 10}},
    "forget attempts": {"task": "activity.forget_attempts", "schedule": 3600.0, "options": {"expires": 3000}},
    "follow zones": {"task": "calendar.follow_zones", "schedule": 10.0, "options": {"expires": 10}},
    "pull figures": {"task": "analytics.run_pulls", "schedule": 5.0, "options": {"expires": 20}},
    "make PDFs": {"task": "plans.make_pdfs", "schedule": 5.0, "options": {"expires": 20}},
    "plan pulls": {"task": "analytics.plan_pulls", "schedule": 300.0, "options": {"expires": 200}},
    "raise calls": {"task": "plans.raise_calls", "schedule": 10.0, "options": {"expires": 20}},
    "evaluate goals": {"task": "analytics.evaluate_goals", "schedule": 600.0, "options": {"expires": 500}},
    "close surveys": {"task": "surveys.close_surveys", "schedule": 60.0, "options": {"expires": 50}},
    "ask owners": {"task": "plans.ask_owners", "schedule": 600.0, "options": {"expires": 500}},
}

# -- mail ---------------------------------------------------------------------------------------------------------

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "1025"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS") == "1"
EMAIL_USE_SSL = os.environ.get("EMAIL_USE_SSL") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "Sextant <sextant@localhost>")
INBOX_DIR = services.inbox_dir(PURPOSE) if DEBUG else None  # the local SMTP inbox that a developer can open

# -- application --------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.admin",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_guid",
    "django_htmx",
    "template_partials",
    "pgtrigger",
    "core",
    "teams",
    "activity",
    "networks",
    "personas",
    "audits",
    "plans",
    "calendar_app",
    "analytics",
    "surveys",
    "config",
]
MIDDLEWARE = [
    "core.headers.HeadersMiddleware",
    "django_guid.middleware.guid_middleware",
    "core.logs.RequestLogMiddleware",
    *(["core.metrics.MetricsMiddleware"] if METRICS_TOKEN else []),
    "django.middleware.security.SecurityMiddleware",
    "core.health.HealthMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.health.MaintenanceMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "teams.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.tz",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "activity.context_processors.shell",
            ],
        },
    }
]
FORM_RENDERER = "core.forms.Renderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

_images = [SELF, "data:", "blob:"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": _images,
        "object-src": ["'none'"],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}

# -- people -------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "teams.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "teams.adapter.PeopleAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {"signup": "teams.forms.SignupForm"}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = None  # the person says, when signing in
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_PREVENT_ENUMERATION = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL
MFA_TOTP_ISSUER = "Sextant"
MFA_ADAPTER = "teams.adapter.SecondFactorAdapter"
USERSESSIONS_TRACK_ACTIVITY = False  # it would write to the database on every request

# -- language, time, files ----------------------------------------------------------------------------------------

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", LOCAL_DIR / "static"))
if LOCAL:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # empty: whitenoise asks the finders, but wants the folder
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.vendor.VendorFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = LOCAL
WHITENOISE_AUTOREFRESH = DEBUG
_fonts = BASE_DIR / "node_modules" / "@expo-google-fonts"
PDF_FONTS = [_fonts / "ibm-plex-sans", _fonts / "noto-emoji" / "400Regular"]  # of the plan as a PDF; else the machine's
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
MEDIA_ROOT = Path(os.environ.get("UPLOADS_DIR", LOCAL_DIR / "uploads"))  # read by views only, never served as a folder
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_HANDLERS = [
    "core.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

DJANGO_GUID = {
    "GUID_HEADER_NAME": "X-Request-ID",
    "VALIDATE_GUID": True,  # what a client sends is taken when it is a UUID, else a new one is made
    "EXPOSE_HEADER": False,
    "INTEGRATIONS": [CeleryIntegration(use_django_logging=True)],  # it goes with the doorbell
}
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "core.logs.LineFormatter", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {
            "()": "core.logs.JsonLineFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s %(correlation_id)s",
            "rename_fields": {"asctime": "at", "levelname": "level", "correlation_id": "request_id"},
        },
    },
    "filters": {"request_id": {"()": "django_guid.log_filters.CorrelationId"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        "django.server": {"level": "WARNING"},
        "django_guid": {"level": "WARNING"},
        "sextant.request": {"level": "WARNING" if LOCAL else "INFO"},
    },
}

# Who forgets the name of a person who is deleted: functions `forget(*, user, names, workspaces)`.
FORGETTERS = ["activity.forgetting.forget", "audits.services.people.forget"]
FORGETTERS += ["plans.services.pdfs.forget", "plans.services.shares.forget"]

# What `manage.py deliver --loop` empties, in this order: functions `drain(*, now) -> int` that say how much they did.
DRAINS = ["calendar_app.services.zones.drain", "activity.messages.drain", "analytics.pulls.drain"]
# What it empties beside these, each in a thread of its own, so that no reminder waits: drains that wait for others'
# servers or for the press, or that read much and may be late.
DRAINS_APART = ["activity.hooks.sending.drain", "plans.pdfs.drain", "plans.calling.drain"]
DRAINS_APART += ["surveys.closing.drain"]
