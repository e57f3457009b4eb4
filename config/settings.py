"""Django's settings. What a deployment may change stands in `kotinos.kernel.environment`."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import django_stubs_ext

from config import office_look
from kotinos.kernel.environment import ROOT, environment
from kotinos.kernel.languages import LANGUAGES as INTERFACE_LANGUAGES
from kotinos.kernel.languages import OWN_NAMES
from kotinos.kernel.postgres import embedded

django_stubs_ext.monkeypatch()
_env = environment()


def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }


DATABASE_URL = _env.database_url or embedded(_env.data / "postgres").url()
DATABASES = {"default": _database(DATABASE_URL)}
SECRET_KEY = _env.secret
DEBUG = False
ALLOWED_HOSTS = list(_env.hosts)

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "kotinos.web.office.apps.OfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "ninja",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "kotinos.kernel",
    "kotinos.games",
    "kotinos.rights",
    "kotinos.stock",
    "kotinos.waitingroom",
    "kotinos.catalog",
    "kotinos.drops",
    "kotinos.channel",
    "kotinos.payments",
    "kotinos.orders",
    "kotinos.insight",
    "kotinos.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kotinos.web.middleware.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kotinos.web.middleware.PlaceMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "kotinos.web.office.middleware.StaffMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # The shell stands first, so that it can dress the pages of the account library.
        "DIRS": [ROOT / "kotinos" / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kotinos.web.context.shell",
            ],
        },
    },
]

AUTH_USER_MODEL = "games.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_PREVENT_ENUMERATION = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = _env.data / "mail"
DEFAULT_FROM_EMAIL = "Kotinos <shop@kotinos.example>"

LANGUAGE_CODE = "en"
LANGUAGES = [(code, OWN_NAMES[code]) for code in INTERFACE_LANGUAGES]
# Our words go before those of the libraries, which translate the same short ones differently.
LOCALE_PATHS = [
    ROOT / "kotinos" / name / "locale"
    for name in (
        "web",
        "catalog",
        "waitingroom",
        "drops",
        "channel",
        "orders",
        "payments",
        "insight",
    )
]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / ".build" / "static"
STATICFILES_DIRS = [
    ("vendor/htmx", ROOT / "node_modules" / "htmx.org" / "dist"),
    ("vendor/echarts", ROOT / "node_modules" / "echarts" / "dist"),
    ("vendor/hls", ROOT / "node_modules" / "hls.js" / "dist"),
    ("vendor/media-chrome", ROOT / "node_modules" / "media-chrome" / "dist"),
    ("vendor/tus", ROOT / "node_modules" / "tus-js-client" / "dist"),
    ("vendor/archivo", ROOT / "node_modules" / "@fontsource-variable" / "archivo" / "files"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.staticfiles.Storage"},
}
MEDIA_ROOT = _env.data / "media"
MEDIA_URL = "/media/"
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _env.production
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

UNFOLD = office_look.UNFOLD
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"kotinos": {"level": "INFO"}},
}
