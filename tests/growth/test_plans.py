"""No operation reads a large table whole, nor walks an index of one from end to end.

``pytest tests/growth/test_plans.py -rP`` prints the plan of every statement of every operation.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from coursewright.media import links
from tests.api.test_oauth_authorize import exchange, make_code
from tests.api.test_oauth_revoke import revoke
from tests.api.test_oauth_token import password_grant, refresh
from tests.client import Answer
from tests.contract import conformance
from tests.contract.test_conformance import sent, steps, unreachable
from tests.factories import make_application, make_user
from tests.growth.plans import Plan, begin_small, planned, seem_large
from tests.growth.world import make_world
from tests.notifications.outbox import make_due, run_jobs

SIZE = 200
IN_ORDER = {
    ("search_courses", "coursewright_course"): "the newest first",
    ("search_courses of the creator", "coursewright_course"): "the newest first",
    ("search_courses by a common word", "coursewright_course"): "the newest first",
    ("search_courses by a common word and name", "course_name"): "in order of names",
    ("search_courses by name", "course_name"): "in order of names",
    ("search_courses by age", "course_created"): "the oldest first",
    ("search_users", "user_username"): "in order of names",
    ("search_users in order of real names", "user_real_name"): "in this order",
    ("get_course_suggestion", "course_members"): "the largest first, past one's own and those that are not related",
    ("specific_course_suggested_users", "user_username"): "in order of names, past the members",
}
"""What is walked until a page is full: a large offset, or much that is passed over, makes it long."""
COUNTED = {
    ("specific_course_suggested_users", "user_gone"): "only those who are disabled or deleted are in it",
}
"""What is walked for a count."""
SELDOM = {
    ("jobs", "django_tasks_database_dbtaskresult"): "looking for lost jobs, each five minutes among all workers (0017)",
}
"""What nobody waits for."""
COUNTED_BY_POSTGRESQL = {
    ("search_courses of the creator", "coursewright_course"): "all courses are theirs, so it is as well to ask these",
    ("search_courses of the creator", "course_author"): "the same",
}
"""What PostgreSQL walks for a count besides."""


def calls() -> Iterator[tuple[str, Callable[[], Answer | None]]]:
    """Every operation, first in a large course and then in a small one; signing in, and what jobs do later."""
    begin_small()
    reads = make_world(SIZE)
    seem_large()
    yield from reads.items()
    for step in steps():
        yield step.id, partial(sent, step)
    make_application()
    zoe = make_user("zoe", password="correct horse")
    tokens = password_grant(username="zoe").body
    yield "oauth/token", partial(password_grant, username="zoe")
    yield "oauth/token again", partial(refresh, tokens["refresh_token"])
    code = make_code(zoe)
    yield "oauth/token of a code", partial(exchange, code)
    yield "oauth/token of a code that is spent", partial(exchange, code)
    yield "oauth/revoke_token", partial(revoke, tokens["access_token"])
    make_due()
    yield "jobs", run_jobs


def faults(name: str, plan: Plan) -> list[str]:
    """What a statement walks though it may not."""
    counted = COUNTED | COUNTED_BY_POSTGRESQL if connection.vendor == "postgresql" else COUNTED
    allowed = IN_ORDER if "LIMIT" in plan.sql else counted | SELDOM
    return [f"{name} walks {way}:\n{plan}" for way in sorted(plan.walked) if (name, way) not in allowed]


def test_no_operation_reads_a_large_table_whole(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(links, "resolve", unreachable)
    found: dict[tuple[str, str, frozenset[str]], Plan] = {}
    answered = set()
    for name, call in calls():
        with planned() as plans:
            answer = call()
        answered |= {name} if answer and answer.status < 400 else set()
        found |= {(name, plan.sql, plan.walked): plan for plan in plans}
    wrong = [fault for (name, *_), plan in found.items() for fault in faults(name, plan)]
    assert not wrong, "\n\n".join(wrong)
    assert answered >= set(conformance.operations()), "An operation is not called."
    assert {(name, way) for name, _, ways in found for way in ways} >= IN_ORDER.keys(), "An exception is none any more."
    print(*(f"{name}: {plan}" for (name, *_), plan in found.items()), sep="\n\n")  # noqa: T201 - for who reads the plans


@pytest.mark.parametrize(
    ("sql", "walked"),
    [
        ("SELECT id FROM coursewright_user WHERE id = 1", set()),
        ("SELECT id FROM coursewright_user WHERE bio = ''", {"coursewright_user"}),
        ("SELECT u.id FROM (SELECT u.* FROM coursewright_user u WHERE u.id < 9 LIMIT 9) u WHERE u.bio = ''", set()),
        ("SELECT u.id FROM (SELECT u.* FROM coursewright_user u LIMIT 9) u WHERE u.bio = ''", {"coursewright_user"}),
        ("SELECT count(*) FROM coursewright_user WHERE real_name_key LIKE '%a'", {"user_real_name"}),
        ("SELECT count(*) FROM coursewright_event WHERE object_id = 1", {"event_object"}),
        ("SELECT a.id FROM coursewright_upload a JOIN coursewright_upload b ON b.name = a.name WHERE a.id = ''",
         {"coursewright_upload"}),
        ("SELECT id FROM coursewright_category", set()),
        ("DELETE FROM coursewright_upload WHERE total = 1", {"coursewright_upload"}),
        ("INSERT INTO coursewright_upload (id) SELECT c.slug FROM coursewright_course c", {"coursewright_course"}),
    ],
)  # fmt: skip
def test_what_is_walked_is_seen(sql: str, walked: set[str]) -> None:
    seem_large()
    with planned() as plans, connection.cursor() as cursor:
        cursor.execute(sql)
    assert [plan.walked for plan in plans] == [walked]
