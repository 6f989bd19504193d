"""People at a running server, many at once."""

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import NamedTuple
from uuid import uuid4

from tests.client import Answer, Remote
from tests.servers import Server

MAKE = """
import json
from django.db import transaction
from coursewright.accounts.actions import add_user, issue_token
from coursewright.accounts.models import User
from coursewright.foundation import clock
people = []
with transaction.atomic():
    for username in {usernames}:
        id = add_user(username, None, at=clock.now())
        people.append([id, issue_token(User.objects.get(pk=id), days=1, application="tests")])
print(json.dumps(people))
"""


class Person(NamedTuple):
    """Someone, and the API as they call it; safe to call from many threads."""

    id: int
    username: str
    api: Remote


@contextmanager
def crowd(server: Server, names: Sequence[str]) -> Iterator[list[Person]]:
    """Makes people whose usernames begin with the names."""
    usernames = [f"{name}-{uuid4().hex[:8]}" for name in names]
    made = json.loads(server.script(MAKE.format(usernames=usernames)))
    people = [
        Person(id, username, Remote(server.origin, token))
        for (id, token), username in zip(made, usernames, strict=True)
    ]
    try:
        yield people
    finally:
        for person in people:
            person.api.http.close()


def at_once(calls: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """The answers to calls that start together."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Answer]) -> Answer:
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))
