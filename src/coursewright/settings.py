"""Django's settings. What an operator can change is read in ``environment.py``; the rest is decided here."""

from coursewright import environment
from coursewright.foundation.errors import Refusal

TESTING = environment.read("TESTING") == "1"
DATA_DIR = environment.data_dir()
CLOCK_FILE = environment.clock_file(TESTING)
PUBLIC_URL = environment.public_url()
APPLICATION_URL = environment.application_url()
TRUSTED_PROXIES = environment.trusted_proxies()
RATE_LIMITS = environment.rate_limits(TESTING)
SECRET_KEY = environment.secret("SECRET_KEY", DATA_DIR)
JWT_SECRET = environment.secret("JWT_SECRET", DATA_DIR)

DEBUG = False
ALLOWED_HOSTS = environment.allowed_hosts(PUBLIC_URL)
USE_X_FORWARDED_HOST = True  # api.proxies removes the headers of those who are not trusted
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ROOT_URLCONF = "coursewright.urls"
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "coursewright.apps.CoursewrightConfig",
    "coursewright.apps.CoursewrightAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "corsheaders",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "oauth2_provider",
    "rest_framework",
]
_cors_origins = environment.cors_origins()
API_MIDDLEWARE = [
    "coursewright.api.proxies.ForwardedMiddleware",
    *(["coursewright.api.counting.QueryCountMiddleware"] if TESTING else []),
    *(["corsheaders.middleware.CorsMiddleware"] if _cors_origins else []),
]
MIDDLEWARE = [
    *API_MIDDLEWARE,
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": environment.database(DATA_DIR)}
_cache = environment.cache()
CACHES = {"default": _cache or {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
CACHE_IS_SHARED = _cache is not None
STORAGES = {
    "default": environment.storage(),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

USE_TZ = True
TIME_ZONE = environment.time_zone()
LANGUAGE_CODE = "en"

for _name, _value in environment.email().items():
    globals()[_name] = _value
MAILS_ARE_SENT = environment.mails_are_sent()
DEFAULT_FROM_EMAIL = environment.email_from(PUBLIC_URL)

AUTH_USER_MODEL = "coursewright.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # usernames are unique among people who are not deleted
AUTHENTICATION_BACKENDS = ["coursewright.accounts.sign_in.PasswordBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "real_name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
PASSWORD_RESET_TIMEOUT = 86_400
LOGIN_REDIRECT_URL = "/"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
# An API body is read whole, up to the limit of its operation (api.parsers): its parts stay in memory too.
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", *environment.storage_origins(STORAGES["default"])],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],  # accounts.oauth adds where a consent leads to
        "frame-ancestors": ["'none'"],
    }
}

CORS_ALLOW_ALL_ORIGINS = _cors_origins == ["*"]
CORS_ALLOWED_ORIGINS = [] if CORS_ALLOW_ALL_ORIGINS else _cors_origins
CORS_URLS_REGEX = r"^/(api|oauth)/.*$"
CORS_ALLOW_METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
CORS_ALLOW_HEADERS = [
    "accept",
    "authorization",
    "content-range",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
]
CORS_EXPOSE_HEADERS = ["ETag", "Retry-After", "WWW-Authenticate"]

OAUTH2_PROVIDER = {
    "SCOPES": {"read": "See your courses and progress", "write": "Act in your name"},
    "DEFAULT_SCOPES": ["read", "write"],
    "ACCESS_TOKEN_EXPIRE_SECONDS": 36000,
    "REFRESH_TOKEN_EXPIRE_SECONDS": 60 * 86400,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "CLEAR_EXPIRED_TOKENS_BATCH_SIZE": 1000,  # others wait to write meanwhile
    "PKCE_REQUIRED": True,
    "OAUTH2_BACKEND_CLASS": "coursewright.accounts.oauth.Core",
    "OAUTH2_VALIDATOR_CLASS": "coursewright.accounts.sign_in.Validator",
    # The contract has the password grant; every other recommendation of RFC 9700 is kept.
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": False,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_PKCE_REQUIRED": True,
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["coursewright.accounts.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "coursewright.api.schema.OperationSchema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Coursewright API",
    "VERSION": "2",
    "DESCRIPTION": (
        "The Courses API v2: courses, sections released over time, lessons, members and their progress.\n\n"
        "To try it, press *Authorize* and paste a token into `jwt`.\n\n"
        "Bodies are JSON, forms or multipart forms. Names that are not known are ignored, in bodies and in queries, "
        "and what is not named keeps its value, with PUT too. Lists may be written as `a=x,y`, `a=x&a=y`, "
        '`a[]=x&a[]=y`, `a[0]=x&a[1]=y` or `a=["x","y"]`. The `text` of a lesson or a comment is HTML, and what is '
        "harmless of it is read as `html`; `medias` and `categories` are written as ids and read whole."
    ),
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "POSTPROCESSING_HOOKS": ["coursewright.api.schema.add_components"],
    "SORT_OPERATIONS": False,
    "SORT_OPERATION_PARAMETERS": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

EVENT_LISTENERS = [
    "coursewright.quizzes.actions.figures.hear",
    "coursewright.notifications.actions.hear",
]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {
        "faults": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: not (record.exc_info and isinstance(record.exc_info[1], Refusal)),
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "coursewright": {"level": "INFO"},
        "django.request": {"level": "ERROR", "filters": ["faults"]},  # refusals are answers, and no news for the log
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # nor are those who try all addresses there are
    },
}
