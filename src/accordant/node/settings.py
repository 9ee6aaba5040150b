"""Django's settings: the only module, with `configuration`, that reads the environment and `node.toml`.

`ACCORDANT_DIR` names the data directory and is set by the command line; without it (tests, tools) the settings describe
a node that keeps nothing: an in-memory database and no keys.
"""

import os
from pathlib import Path
from typing import Any

from csp.constants import NONCE

from accordant.node import configuration as _configuration

_directory = os.environ.get("ACCORDANT_DIR")
CONFIGURATION = _configuration.read(Path(_directory)) if _directory else None

ACCORDANT_AGENCY = CONFIGURATION.agency if CONFIGURATION else "test.example"
ACCORDANT_AGENCY_NAMES = (CONFIGURATION.name_vi, CONFIGURATION.name_en) if CONFIGURATION else ("Cơ quan", "Agency")
ACCORDANT_CEILING = CONFIGURATION.ceiling if CONFIGURATION else 0
ACCORDANT_DEMO = CONFIGURATION.demo if CONFIGURATION else False
ACCORDANT_GALLERY = CONFIGURATION is None
ACCORDANT_DIRECTORY = CONFIGURATION.directory if CONFIGURATION else None

SECRET_KEY = CONFIGURATION.secret_key if CONFIGURATION else "only for tests: no node runs without a directory"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *([CONFIGURATION.host] if CONFIGURATION else ["testserver"])]
ROOT_URLCONF = "accordant.node.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.Officer"
LOGIN_URL = "/accounts/sign-in"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "accordant.accounts",
    "accordant.ledger",
    "accordant.pages",
    "accordant.regulations",
    "accordant.exchange",
    "accordant.domains.information",
    "accordant.domains.information.local",
    "accordant.domains.programmes",
    "accordant.domains.reviews",
    "accordant.node",
    "django.forms",  # last: the templates of pages stand before its own
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accordant.node.clock.ClockMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accordant.accounts.middleware.SessionPolicyMiddleware",
    "accordant.accounts.middleware.ActingOfficerMiddleware",
    "accordant.pages.middleware.LanguageMiddleware",
    "accordant.pages.middleware.ErrorMiddleware",
    "accordant.pages.middleware.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "csp.context_processors.nonce",
                "accordant.pages.frame.frame",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Durability (security paper 3.1): set on every connection and read back by `accordant.ledger.sqlite`.
SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "secure_delete": 1,
    "cell_size_check": 1,
    "trusted_schema": 0,
    "temp_store": 2,
    "mmap_size": 0,
    "busy_timeout": 5000,
    "journal_size_limit": 67108864,
}
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "accordant.ledger.sqlite",
        "NAME": str(CONFIGURATION.database) if CONFIGURATION else ":memory:",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "".join(f"PRAGMA {name}={value};" for name, value in SQLITE_PRAGMAS.items()),
        },
        "CONN_MAX_AGE": None,
    }
}

PASSWORD_HASHERS = ["accordant.accounts.hashers.GuardedArgon2Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("sign_in", "full_name")},
    },
]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
_secure = CONFIGURATION is not None and not CONFIGURATION.loopback
_prefix = "__Host-" if _secure else ""
SESSION_COOKIE_NAME = f"{_prefix}session-{ACCORDANT_AGENCY}"
CSRF_COOKIE_NAME = f"{_prefix}csrf-{ACCORDANT_AGENCY}"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # docs/adr/0002: under no-referrer, forms arrive with "Origin: null"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if _secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _secure
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
FILE_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024  # parcels and uploads stay in memory: no temporary files

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": [NONCE],
        "style-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["default", "htmx"],
    }
}

LANGUAGE_CODE = CONFIGURATION.language if CONFIGURATION else "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
TIME_ZONE = CONFIGURATION.time_zone if CONFIGURATION else "Asia/Ho_Chi_Minh"
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
