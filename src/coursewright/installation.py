"""This installation: its settings, its database, and what may be wrong with them. Django is loaded only when needed."""

import fcntl
import os
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches

import click

from coursewright import environment

LOCK = 0x636F757273657772  # any number, the same in every process: PostgreSQL's advisory locks are known by numbers


class Problem(click.ClickException):
    """This installation cannot work as it is set up; the message says what to do."""

    exit_code = 2


def make() -> None:
    """Makes the data directory, where there is none. Problem: it cannot be made."""
    try:
        environment.make_data_dir()
    except environment.SettingError as error:
        raise Problem(str(error)) from None


def configure() -> None:
    """Loads Django with the settings; no file is made. Problem: a setting that cannot work."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coursewright.settings")
    import django

    try:
        django.setup()
    except environment.SettingError as error:
        raise Problem(str(error)) from None


def find() -> None:
    """Loads Django with the settings of an installation that was made before. Problem: there is none."""
    configure()
    if missing := environment.missing():
        raise Problem(
            f"There is no installation in {environment.data_dir()} "
            f"({environment.KEPT[missing[0]]} is missing, and {environment.PREFIX}{missing[0]} is not set); "
            "set COURSEWRIGHT_DATA_DIR to its data directory, or go to the directory that has it as ./data; "
            "to make a new one, run: coursewright migrate"
        )


@contextmanager
def reachable() -> Iterator[None]:
    """Loads Django and runs what needs the database. Problem: it cannot be reached, before or meanwhile."""
    configure()
    from django.core.exceptions import ImproperlyConfigured
    from django.db import Error, InterfaceError, OperationalError, connection

    try:
        connection.ensure_connection()
    except (Error, ImproperlyConfigured) as error:
        raise Problem(_unreachable(error)) from None
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise Problem(_unreachable(error)) from None


@contextmanager
def migrated() -> Iterator[None]:
    """Finds the installation and runs what needs the tables. Problem: they are not there, or a newer version's."""
    find()
    from django.conf import settings

    from coursewright import health

    with reachable():
        if problem := health.unready(f" (data directory {settings.DATA_DIR})"):
            raise Problem(problem)
        _require_known()
        yield


def _unreachable(error: Exception) -> str:
    from django.db import connection

    reason = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
    if connection.vendor == "sqlite":
        return (
            f"The database {connection.settings_dict['NAME']} cannot be used ({reason}); "
            "make it a file that can be written, or name another COURSEWRIGHT_DATA_DIR."
        )
    return f"The database cannot be reached ({reason}); start it, or correct COURSEWRIGHT_DATABASE_URL."


@contextmanager
def alone() -> Iterator[None]:
    """Waits until no other process prepares this installation, and keeps others waiting."""
    from django.conf import settings
    from django.db import connection

    if connection.vendor == "sqlite":
        # SQLite's own locks let both look at an empty database before either writes.
        with (settings.DATA_DIR / "prepare.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    keeper = connection.copy()
    try:
        keeper.set_autocommit(False)  # a lock of the transaction, which poolers in transaction mode keep too
        with keeper.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield
    finally:
        keeper.close()


def migrate() -> None:
    """Brings the tables up to date; call it inside ``alone``."""
    from django.core.management import call_command

    from coursewright import health

    _require_known()
    if health.unready():
        call_command("migrate", verbosity=0, interactive=False)


def _require_known() -> None:
    """Problem: the tables were made by a newer version, whose counts this one would not keep."""
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    from coursewright import migrations

    known = {module.name for module in pkgutil.iter_modules(migrations.__path__)}
    made = {name for app, name in MigrationRecorder(connection).applied_migrations() if app == "coursewright"}
    if newer := sorted(made - known):
        raise Problem(f"A newer Coursewright made the tables of this database ({newer[-1]}); go back to that version.")


def unknown_settings() -> list[str]:
    """A sentence for each name in the environment that looks like a setting and is none."""
    known = [setting.name for setting in environment.SETTINGS]
    found = []
    for name in environment.unknown():
        close = get_close_matches(name.removeprefix(environment.PREFIX), known, n=1)
        hint = f"did you mean {environment.PREFIX}{close[0]}?" if close else "see docs/operate/settings.md."
        found.append(f"{name} is not a setting; {hint}")
    return found


def problems() -> list[str]:
    """What is wrong with this installation, a sentence each that says how to mend it."""
    find()
    from django.conf import settings
    from django.core.checks import run_checks

    found = unknown_settings()
    found += [f"{check.msg} {check.hint or ''}".strip() for check in run_checks() if not check.is_silenced()]
    for path in sorted([*settings.DATA_DIR.glob("secrets/*"), settings.DATA_DIR / "demo.json"]):
        if path.exists() and path.stat().st_mode & 0o077:
            found.append(f"{path} can be read by others; run: chmod 600 {path}")
    if settings.DATA_DIR.exists() and settings.DATA_DIR.stat().st_mode & 0o022:
        found.append(f"{settings.DATA_DIR} can be written by others; run: chmod go-w {settings.DATA_DIR}")
    try:
        with migrated():
            pass
    except Problem as problem:
        found.append(problem.message)
    return found


def hints() -> list[str]:
    """What works, and could be better; a sentence each."""
    from django.conf import settings

    found = []
    local = {"localhost", "127.0.0.1", "[::1]"}
    outside = [host for host in settings.ALLOWED_HOSTS if host not in local]
    if outside and not settings.PUBLIC_URL:
        found.append("COURSEWRIGHT_PUBLIC_URL is not set, so links name whatever host a request came by; set it.")
    if settings.MAILS_ARE_SENT and not settings.PUBLIC_URL:
        found.append("COURSEWRIGHT_PUBLIC_URL is not set, so the links in mails lead to this machine alone; set it.")
    if settings.PUBLIC_URL.startswith("http://") and outside:
        found.append("COURSEWRIGHT_PUBLIC_URL is not https, so passwords travel in the clear; put TLS before it.")
    if settings.PUBLIC_URL.startswith("https://") and not settings.TRUSTED_PROXIES:
        found.append("COURSEWRIGHT_TRUSTED_PROXIES is not set, so all who come by the TLS proxy share one rate limit.")
    if "*" in settings.ALLOWED_HOSTS:
        found.append("COURSEWRIGHT_ALLOWED_HOSTS has *, so any host name is believed; name the real ones.")
    if settings.CORS_ALLOW_ALL_ORIGINS:
        found.append("COURSEWRIGHT_CORS_ORIGINS is *, so pages of any origin may call the API; name those that should.")
    if settings.TESTING:
        found.append("COURSEWRIGHT_TESTING is 1, which is for tests only; unset it.")
    return found
