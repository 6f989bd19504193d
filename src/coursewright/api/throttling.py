"""Rate limits: so many calls per address or person in a fixed window of time (the setting RATE_LIMITS).

Sign-ins are counted in the database, which all servers share; other calls in the cache that the setting CACHE_URL
names, or in the memory of this process (decision 0011).
"""

import logging
import time
from threading import Lock

from django.conf import settings
from django.core.cache import cache
from rest_framework.exceptions import Throttled

from coursewright.foundation import sql
from coursewright.foundation.caller import Caller

try:
    from redis.exceptions import RedisError
except ImportError:  # it is there when the setting CACHE_URL names one

    class RedisError(Exception):  # type: ignore[no-redef]
        pass


logger = logging.getLogger("coursewright.errors")

IN_DATABASE = ("sign_in",)
MOST = 100_000
"""Callers that are counted in one window in memory; with more, who came first is forgotten first."""
COUNT = """
INSERT INTO coursewright_ratecount (key, until, calls) VALUES (%(key)s, %(until)s, 1)
ON CONFLICT (key) DO UPDATE SET until = excluded.until,
    calls = CASE WHEN coursewright_ratecount.until = excluded.until THEN coursewright_ratecount.calls + 1 ELSE 1 END
RETURNING calls
"""
GIVE_BACK = """
UPDATE coursewright_ratecount SET calls = calls - 1 WHERE key = %(key)s AND until = %(until)s AND calls > 0
"""
FORGET = "DELETE FROM coursewright_ratecount WHERE until <= %(now)s"


def wait(scope: str, who: str) -> float:
    """Counts one call; seconds until the next is welcome, 0 when this one is."""
    rate = settings.RATE_LIMITS.get(scope)
    if rate is None:
        return 0
    now = time.time()
    until = _end(now, rate.seconds)
    key = _key(scope, who)
    if scope in IN_DATABASE:
        calls = _in_database(key, until, int(now))
    elif settings.CACHE_IS_SHARED:
        calls = _in_cache(key, until, rate.seconds)
    else:
        calls = in_memory.count(key, until, now)
    return 0 if calls <= rate.calls else until - now


def give_back(scope: str, who: str, at: float) -> None:
    """Takes back one call that ``wait`` counted in the database ``at`` that time, in seconds from 1970."""
    rate = settings.RATE_LIMITS.get(scope)
    if rate is not None:
        sql.execute(GIVE_BACK, {"key": _key(scope, who), "until": _end(at, rate.seconds)})


def _key(scope: str, who: str) -> str:
    return f"{scope}:{who}"


def is_first(what: str, seconds: int) -> bool:
    """Whether nobody asked for it before in this window of time, at any of the servers."""
    now = time.time()
    return _in_database(what, _end(now, seconds), int(now)) == 1


def _end(now: float, seconds: int) -> int:
    """When the window that lasts now is over."""
    return (int(now // seconds) + 1) * seconds


def _in_database(key: str, until: int, now: int) -> int:
    calls = sql.number(COUNT, {"key": key, "until": until})
    if calls == 1:  # someone new, or a new window: so the table holds no more than the windows that last
        sql.execute(FORGET, {"now": now})
    return calls


def _in_cache(key: str, until: int, seconds: int) -> int:
    """How many calls there were; 0 when the cache is away: then nobody is limited, and the log says so."""
    key = f"rate:{key}:{until}"
    try:
        try:
            return cache.incr(key)
        except ValueError:  # the first in its window
            return 1 if cache.add(key, 1, timeout=seconds) else cache.incr(key)
    except RedisError as error:
        logger.error("cache: %s", error)
        return 0


class Memory:
    """Counts of the windows that last."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._windows: dict[int, dict[str, int]] = {}

    def count(self, key: str, until: int, now: float) -> int:
        """How many calls there were in the window that ends at ``until``, with this one."""
        with self._lock:
            window = self._windows.get(until)
            if window is None:
                self._windows = {end: counts for end, counts in self._windows.items() if end > now}
                window = self._windows[until] = {}
            calls = window[key] = window.get(key, 0) + 1
            if len(window) > MOST:
                del window[next(iter(window))]
            return calls

    def clear(self) -> None:
        self._windows = {}


in_memory = Memory()


def count(caller: Caller, address: str) -> None:
    """Counts a call of the API: of a person when signed in, else of an address. One too many: 429."""
    seconds = wait("user", str(caller.id)) if caller.is_authenticated else wait("anonymous", address)
    if seconds:
        raise Throttled(seconds)
