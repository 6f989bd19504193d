"""The threads of a web worker: few of them take requests (docs/decisions/0014-few-threads-take-requests.md)."""

import sys
import threading
import time
from collections.abc import Callable
from itertools import count
from typing import Any, NamedTuple
from weakref import ReferenceType, ref

PATIENCE = 0.005
"""Seconds from one look to the next. Who waited for most of them is relieved."""
LONG = 0.05
"""Seconds after which who works on one request is relieved too."""
QUIET = 200
"""How many looks in a row find nothing to do until no more are taken."""


class Member:
    """A thread of the crew; it is gone when its thread is."""

    def __init__(self) -> None:
        # Not on macOS, where everyone seems to wait.
        self._clock = time.pthread_getcpuclockid(threading.get_ident()) if sys.platform == "linux" else None

    def worked(self) -> float:
        """Seconds for which its thread has had a processor."""
        try:
            return time.clock_gettime(self._clock) if self._clock is not None else 0
        except OSError:  # it has ended
            return 0


class Look(NamedTuple):
    """What a look at a post saw: at which request since when, and how much its holder had worked by then. Seconds."""

    at: float
    request: int
    since: float
    worked: float


class Post:
    """Who holds it goes on taking requests. ``request``: the number of the one at hand, 0 for none."""

    def __init__(self) -> None:
        self.request = 0
        self._holder: ReferenceType[Member] | None = None

    @property
    def holder(self) -> Member | None:
        return self._holder() if self._holder else None

    @holder.setter
    def holder(self, member: Member) -> None:
        self._holder = ref(member)


class Crew:
    """Calls ``answer`` in the threads of the server, of which as many as there are ``posts`` take requests.

    The others stand by. Who waits in the midst of a request, or works on it for long, has lost the post to one of them
    when it is answered, and stands by then. A thread that starts without finding a post answers what it was given, and
    stands by.
    """

    def __init__(self, answer: Callable[..., Any], posts: int) -> None:
        self.posts = [Post() for _ in range(posts)]
        self._answer = answer
        self._numbers = count(1)
        self._lock = threading.Lock()
        self._begun = threading.Condition(self._lock)
        self._watch = threading.Lock()
        self._thread = threading.local()

    def __call__(self, *request: Any) -> None:
        post = self._begin()
        try:
            self._answer(*request)
        finally:
            held = self._end(post)
        if not held:
            self._stand_by()

    @property
    def _member(self) -> Member:
        try:
            return self._thread.member  # type: ignore[no-any-return]
        except AttributeError:
            self._thread.member = Member()
            return self._thread.member  # type: ignore[no-any-return]

    def _begin(self) -> Post | None:
        """The post of this thread; None, if others hold them all."""
        me = self._member
        with self._lock:
            holders = [post.holder for post in self.posts]
            if me not in holders and None not in holders:
                return None
            post = self.posts[holders.index(me if me in holders else None)]
            post.holder = me
            post.request = next(self._numbers)
            self._begun.notify()
            return post

    def _end(self, post: Post | None) -> bool:
        """Whether this thread still holds the post."""
        with self._lock:
            if post is None or post.holder is not self._member:
                return False
            post.request = 0
            return True

    def _stand_by(self) -> None:
        """Waits until someone is to be relieved, and takes over the post. One thread watches, the others wait."""
        with self._watch:
            looks = [Look(0, 0, 0, 0) for _ in self.posts]
            quiet = 0
            while True:
                with self._lock:
                    for place, post in enumerate(self.posts):
                        before, looks[place] = looks[place], _look(post, looks[place])
                        if to_be_relieved(before, looks[place]):
                            post.holder = self._member
                            post.request = 0
                            return
                    quiet = 0 if any(look.request for look in looks) else quiet + 1
                    if quiet > QUIET:
                        self._begun.wait()
                        quiet = 0
                time.sleep(PATIENCE)


def _look(post: Post, before: Look) -> Look:
    now, holder = time.monotonic(), post.holder
    since = before.since if post.request == before.request else now
    return Look(now, post.request, since, holder.worked() if holder and post.request else 0)


def to_be_relieved(before: Look, now: Look) -> bool:
    """Whether who is at a request waited from one look to the next, or has worked for long."""
    if not now.request or now.request != before.request:
        return False
    return now.worked - before.worked < (now.at - before.at) / 2 or now.at - now.since > LONG
