"""The settings an operator can make: read once from the environment, checked, with a working default for each.

Every name has the prefix ``COURSEWRIGHT_``. A value that cannot work raises SettingError, whose text is one sentence
that names the setting and says what to do.
"""

import contextlib
import ipaddress
import os
import re
import secrets
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, available_timezones

import environ
from django.core.exceptions import ImproperlyConfigured

PREFIX = "COURSEWRIGHT_"
KEPT = {
    "DATABASE_URL": "coursewright.sqlite3",
    "SECRET_KEY": "secrets/secret_key",
    "JWT_SECRET": "secrets/jwt_secret",
}
"""Files of the data directory that stand for settings which are not set."""
CONNECT_TIMEOUT = 10
"""Seconds after which a database that does not answer counts as away."""
PORTS = {"http": 80, "https": 443}
MAIL_TIMEOUT = 15
"""Seconds after which a mail server that does not answer counts as away: meanwhile no other job runs."""
LEAST_SECRET = 32
"""Characters that a secret has at least."""
MAIL_ADDRESS = re.compile(r"[^\s@<>,;:\"()\\]+@[^\s@<>,;()\\\"]+")
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
DOMAIN, IPV6 = r"[a-z0-9-]+(?:\.[a-z0-9-]+)*", r"\[[a-f0-9:.]+\]"
HOST = re.compile(rf"{DOMAIN}|{IPV6}")
ADDRESS = re.compile(r"(?P<origin>https?://[^/?#]+)(?P<rest>[!-~]*)", re.IGNORECASE)
HOSTS = re.compile(rf"\*|\.?{DOMAIN}|{IPV6}", re.IGNORECASE)
"""What Django can find equal to a request's host: ``*`` is any, and a dot first is for the names below it too."""


class SettingError(ImproperlyConfigured):
    """A setting has a value that cannot work."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(f"{PREFIX}{name} {sentence}")


class Setting(NamedTuple):
    name: str
    default: str
    meaning: str


SETTINGS = (
    Setting(
        "DATA_DIR",
        "./data",
        "Directory of the database, the media and the generated secrets; `./data` is below the current directory.",
    ),
    Setting("DATABASE_URL", "", "`postgres://user:password@host:5432/name`; empty: SQLite in `DATA_DIR`."),
    Setting("COPY_TO", "", "Where `coursewright copy` writes to, instead of its argument."),
    Setting("SECRET_KEY", "", "Signs sessions and forms, 32 characters or more; empty: made and kept in `DATA_DIR`."),
    Setting("JWT_SECRET", "", "Signs JSON Web Tokens, 32 characters or more; empty: made and kept in `DATA_DIR`."),
    Setting("ALLOWED_HOSTS", "", "Comma list of host names answered to, beside localhost and that of `PUBLIC_URL`."),
    Setting("PUBLIC_URL", "", "The origin people see, like `https://learn.example.org`; empty: that of each request."),
    Setting(
        "APPLICATION_URL",
        "",
        "Where people use their courses, like `https://app.example.org/courses`: mails and the home page lead there; "
        "empty: mails lead to the home page.",
    ),
    Setting("TRUSTED_PROXIES", "", "Comma list of addresses or networks whose `X-Forwarded-*` headers are believed."),
    Setting("CORS_ORIGINS", "", "Comma list of origins whose pages may call the API, or `*`."),
    Setting("TIME_ZONE", "UTC", "Time zone of times that come in without an offset."),
    Setting("EMAIL_URL", "", "`smtp://user:password@host:25`, `smtp+tls://` or `smtp+ssl://`; empty: mail is logged."),
    Setting(
        "EMAIL_FROM",
        "",
        "Who mail is from, like `courses@learn.example.org`; empty: `coursewright@` with the host of `PUBLIC_URL`.",
    ),
    Setting("CACHE_URL", "", "`redis://host:6379/0` shares the limits of calls; empty: memory of each process."),
    Setting(
        "STORAGE_URL",
        "",
        "`s3://KEY:SECRET@bucket/folder?region=eu-south-1&endpoint=https://s3.example.org` keeps the media in S3; "
        "folder, region and endpoint can be left out, key and secret too where the machine has a role; "
        "empty: `DATA_DIR`.",
    ),
    Setting(
        "RATE_LIMITS",
        "sign_in=30/minute,anonymous=1200/minute,user=6000/minute",
        "How many of what per what: sign-ins per username and bad ones per address, anonymous calls per address, "
        "calls per user; `off` turns them off.",
    ),
)  # fmt: skip
TEST_SETTINGS = (
    Setting("TESTING", "", "`1` allows the settings below and adds `X-Query-Count` to answers."),
    Setting("CLOCK_FILE", "", "File with one ISO 8601 instant that is taken as now."),
)


def read(name: str) -> str:
    """The setting's value, or its default when it is not set or empty."""
    setting = next(setting for setting in SETTINGS + TEST_SETTINGS if setting.name == name)
    return os.environ.get(PREFIX + name, "").strip() or setting.default


def listed(name: str) -> list[str]:
    """A comma list."""
    return [item.strip() for item in read(name).split(",") if item.strip()]


def data_dir() -> Path:
    """The data directory, which need not be there."""
    path = Path(read("DATA_DIR")).expanduser().absolute()
    if os.access(path, os.F_OK) and not os.access(path, os.W_OK | os.X_OK):
        raise SettingError("DATA_DIR", f"is {path}, which cannot be written; name a directory that can be.")
    return path


def make_data_dir() -> None:
    """Makes the data directory and the secrets that are kept there, as far as they are missing."""
    path = data_dir()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(
            "DATA_DIR", f"is {path}, which cannot be made ({error.strerror}); name a directory that can be written."
        ) from error
    try:
        for name in ("SECRET_KEY", "JWT_SECRET"):
            if not read(name):
                keep(path / KEPT[name])
    except OSError as error:
        raise SettingError(
            "DATA_DIR", f"is {path}, which cannot be written ({error.strerror}); name a directory that can be."
        ) from error


def missing() -> list[str]:
    """Settings that are not set, and whose files the data directory has not either."""
    directory = data_dir()
    return [name for name, file in KEPT.items() if not read(name) and not (directory / file).exists()]


def keep(path: Path) -> None:
    """Makes a secret and keeps it in ``path``. Two processes that start at once end up with the same one."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, exist_ok=True)
    own = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file)  # a power cut must not leave a name without a secret
    with contextlib.suppress(FileExistsError):
        os.link(own, path)
    own.unlink()


def secret(name: str, directory: Path) -> str:
    """A secret from the environment, or else the one kept; where none is, one that ends with this process."""
    value, path = read(name), directory / KEPT[name]
    if value and len(value) < LEAST_SECRET:
        raise SettingError(name, f"is too short to be safe; give {LEAST_SECRET} characters or more, or leave it out.")
    try:
        found = value or (path.read_text().strip() if path.exists() else secrets.token_urlsafe(48))
    except OSError as error:
        raise SettingError(
            "DATA_DIR",
            f"is {directory}, whose secrets cannot be read ({error.strerror}); name a directory where they can be.",
        ) from error
    if len(found) < LEAST_SECRET:
        raise SettingError(
            name, f"is not set, and {path} has no whole secret; bring it back, or remove it for a new one."
        )
    return found


def database(directory: Path) -> dict[str, Any]:
    """Django's settings of the database."""
    url = read("DATABASE_URL")
    return postgresql(url) if url else sqlite(directory)


def sqlite(directory: Path) -> dict[str, Any]:
    """Django's settings of the SQLite database of a data directory."""
    return {
        "ENGINE": "coursewright.foundation.sqlite",
        "NAME": directory / KEPT["DATABASE_URL"],
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "cached_statements": 500,  # all that are in use; Python would compile others anew beyond 128
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000",
        },
    }


def postgresql(url: str) -> dict[str, Any]:
    """Django's settings of a PostgreSQL database."""
    if not url.startswith(("postgres://", "postgresql://")):
        raise SettingError("DATABASE_URL", "must start with postgres://; leave it out for SQLite.")
    try:
        found: dict[str, Any] = environ.Env.db_url_config(url)
    except (ImproperlyConfigured, ValueError) as error:
        raise SettingError("DATABASE_URL", "is not an address of a database; see docs/operate/settings.md.") from error
    if not found["NAME"]:
        raise SettingError("DATABASE_URL", "names no database; write postgres://user:password@host:5432/name.")
    # Values apart from the statements: else no two are the same, and none could be kept ready.
    options = {"connect_timeout": CONNECT_TIMEOUT, "server_side_binding": True, **found.get("OPTIONS", {})}
    return {
        **found,
        "ENGINE": "coursewright.foundation.postgresql",
        "OPTIONS": options,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": False,
        "DISABLE_SERVER_SIDE_CURSORS": True,  # they outlive a transaction, which poolers in transaction mode forbid
    }


def cache() -> dict[str, Any] | None:
    """Django's settings of the cache; None: there is none."""
    url = read("CACHE_URL")
    if not url:
        return None
    if not url.startswith(("redis://", "rediss://")):
        raise SettingError("CACHE_URL", "must start with redis:// or rediss://; leave it out for memory.")
    if find_spec("redis") is None:
        raise SettingError("CACHE_URL", "needs the Python package redis; run: .venv/bin/pip install redis")
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    # Calls go on without it (api/throttling.py), and do not wait for it first.
    options = {"socket_connect_timeout": 1, "socket_timeout": 1, "retry": Retry(NoBackoff(), 0)}
    return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url, "OPTIONS": options}


def storage() -> dict[str, Any]:
    """Django's settings of the storage of media."""
    url = read("STORAGE_URL")
    if not url:
        return {"BACKEND": "coursewright.foundation.storage.Directory"}
    wrong = SettingError(
        "STORAGE_URL", "is wrong; write s3://KEY:SECRET@bucket?region=R, or leave it out for DATA_DIR."
    )
    try:
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
    except ValueError as error:
        raise wrong from error
    bucket = parts.netloc.rpartition("@")[2]
    if parts.scheme != "s3" or not BUCKET.fullmatch(bucket) or bool(parts.username) != bool(parts.password):
        raise wrong
    unknown = sorted(query.keys() - {"region", "endpoint"})
    if unknown:
        raise SettingError("STORAGE_URL", f"has {unknown[0]!r}; it takes region and endpoint.")
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise SettingError(
            "STORAGE_URL", "needs the Python package django-storages; run: .venv/bin/pip install 'django-storages[s3]'"
        )
    endpoint = query.get("endpoint")
    options = {
        "access_key": unquote(parts.username) if parts.username else None,
        "secret_key": unquote(parts.password) if parts.password else None,
        "bucket_name": bucket,
        "location": unquote(parts.path).strip("/"),
        "region_name": query.get("region"),
        "endpoint_url": origin("STORAGE_URL", endpoint) if endpoint else None,
        "signature_version": "s3v4",
        "querystring_expire": SECONDS["day"],
        "object_parameters": {"CacheControl": "private, max-age=31536000, immutable"},
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def storage_origins(found: dict[str, Any]) -> list[str]:
    """Where browsers load the media from, besides this server."""
    options = found.get("OPTIONS", {})
    if not options:
        return []
    if options["endpoint_url"]:
        return [options["endpoint_url"]]
    regions = ["", f".{options['region_name']}"] if options["region_name"] else [""]
    return [f"https://{options['bucket_name']}.s3{region}.amazonaws.com" for region in regions]


def email() -> dict[str, Any]:
    """Django's EMAIL_* settings."""
    url = read("EMAIL_URL") or "consolemail://"
    try:
        found: dict[str, Any] = environ.Env.email_url_config(url)
    except (ImproperlyConfigured, ValueError, KeyError) as error:
        raise SettingError("EMAIL_URL", "is not an address of a mail server; see docs/operate/settings.md.") from error
    return {"EMAIL_TIMEOUT": MAIL_TIMEOUT} | {name: it for name, it in found.items() if name.startswith("EMAIL_")}


def mails_are_sent() -> bool:
    """Whether a mail reaches a person: else it is logged, which a link to an account must not be."""
    return read("EMAIL_URL").startswith("smtp")


def email_from(public: str) -> str:
    """The address that mail is from."""
    found = read("EMAIL_FROM") or f"coursewright@{urlsplit(public).hostname or 'localhost'}"
    if not MAIL_ADDRESS.fullmatch(found):
        raise SettingError("EMAIL_FROM", f"has {found!r}, which is not an address like courses@learn.example.org.")
    return found


def origin(name: str, value: str) -> str:
    """A checked origin as browsers write it: in small ASCII letters, without a slash at its end or the scheme's own
    port."""
    wrong = SettingError(name, f"has {value!r}, which is not an origin like https://learn.example.org.")
    try:
        parts = urlsplit(value)
        host, port = _bracketed((parts.hostname or "").encode("idna").decode()), parts.port
    except ValueError as error:
        raise wrong from error
    more = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in PORTS or not HOST.fullmatch(host) or port == 0 or more:
        raise wrong
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, PORTS[parts.scheme]) else "")


def _bracketed(host: str) -> str:
    """A host as it stands in an address."""
    return f"[{host}]" if ":" in host else host


def application_url() -> str:
    """The address of the application, or an empty text."""
    value = read("APPLICATION_URL")
    parts = ADDRESS.fullmatch(value)
    if value and not parts:
        raise SettingError("APPLICATION_URL", f"has {value!r}; write an address like https://app.example.org/courses.")
    return origin("APPLICATION_URL", parts["origin"]) + parts["rest"] if parts else ""


def public_url() -> str:
    """The public origin, or an empty text when each request tells it."""
    value = read("PUBLIC_URL")
    return origin("PUBLIC_URL", value) if value else ""


def allowed_hosts(public: str) -> list[str]:
    """Host names this server answers to."""
    named = listed("ALLOWED_HOSTS")
    for item in named:
        if not HOSTS.fullmatch(item):
            raise SettingError(
                "ALLOWED_HOSTS", f"has {item!r}; write names like learn.example.org, without scheme, port and path."
            )
    hosts = ["localhost", "127.0.0.1", "[::1]", *named]
    if public:
        hosts.append(_bracketed(urlsplit(public).hostname or ""))
    return hosts


def cors_origins() -> list[str]:
    """Origins whose pages may call the API; ``["*"]`` for all."""
    origins = listed("CORS_ORIGINS")
    return ["*"] if "*" in origins else [origin("CORS_ORIGINS", item) for item in origins]


def trusted_proxies() -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Networks whose forwarding headers are believed."""
    try:
        return [ipaddress.ip_network(item) for item in listed("TRUSTED_PROXIES")]
    except ValueError as error:
        raise SettingError("TRUSTED_PROXIES", f"is wrong: {error}; give addresses or networks.") from error


def time_zone() -> str:
    """The name of the server's time zone."""
    name = read("TIME_ZONE")
    if name not in available_timezones():
        raise SettingError("TIME_ZONE", f"has {name!r}, which is not a time zone like Europe/Rome.")
    return ZoneInfo(name).key


class Rate(NamedTuple):
    """So many calls in so many seconds."""

    calls: int
    seconds: int


def rate_limits(testing: bool) -> dict[str, Rate]:
    """Rates by scope; empty when they are off."""
    if testing and not os.environ.get(PREFIX + "RATE_LIMITS"):
        return {}
    value = read("RATE_LIMITS")
    if value == "off":
        return {}
    rates = {}
    for item in value.split(","):
        match = re.fullmatch(r"\s*(sign_in|anonymous|user)=([1-9][0-9]{0,8})/(second|minute|hour|day)\s*", item)
        if not match:
            raise SettingError(
                "RATE_LIMITS", f"has {item!r}; write items like user=6000/minute (sign_in, anonymous, user), or off."
            )
        rates[match[1]] = Rate(int(match[2]), SECONDS[match[3]])
    return rates


def clock_file(testing: bool) -> str:
    """The file that holds the time, for tests."""
    path = read("CLOCK_FILE")
    if path and not testing:
        raise SettingError("CLOCK_FILE", "is for tests only; unset it.")
    if path and not Path(path).is_file():
        raise SettingError("CLOCK_FILE", f"is {path}, which is not a file.")
    return path


def unknown() -> list[str]:
    """Names in the environment that look like settings and are none: a typing error that would go unseen."""
    known = {PREFIX + setting.name for setting in SETTINGS + TEST_SETTINGS}
    return sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
