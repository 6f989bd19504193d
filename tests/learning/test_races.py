"""Standings that several people change at the same instant, at a running server on a real database.

Whoever wins, the outcome is one that some order of the calls gives, never a mixture: standing, ``joined_at``, the
member count and the events agree.
"""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from tests.client import Answer
from tests.learning.crowd import Person, at_once, crowd
from tests.servers import Databases, Server, copied

JOINED_AT = "2026-11-23T10:00:00Z"
STATE = """
import json
from coursewright.courses.models import Course, Membership
from coursewright.foundation.models import Event
found = []
for course, user in {pairs}:
    memberships = Membership.objects.filter(course=course, user=user)
    events = Event.objects.filter(kind="membership.changed", course_id=course, object_id=user).order_by("id")
    found.append({{
        "memberships": [[row.status, row.joined_at is not None] for row in memberships],
        "events": [[json.loads(event.before), json.loads(event.after)] for event in events],
        "counted": Course.objects.get(pk=course).member_count,
        "members": Membership.objects.filter(course=course, status__in=["manager", "joined"]).count(),
    }})
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, prepared: Server, databases: Databases) -> Iterator[Server]:
    """Two processes of the server, of several threads each, on one database."""
    server = copied(prepared, tmp_path_factory.mktemp("races"), databases).start("--workers", "2", "--no-jobs")
    yield server
    assert server.stop() == 0


@pytest.fixture(scope="module")
def people(server: Server) -> Iterator[list[Person]]:
    """Eight people; the first makes the courses."""
    with crowd(server, ["ann", *(f"user{place}" for place in range(7))]) as people:
        yield people


def make_course(ann: Person, privacy: str = "open") -> int:
    fields = {"name": f"Race {uuid4().hex}", "type": "self-paced", "privacy": privacy}
    answer = ann.api.post("course/", fields)
    assert answer.status == 201, answer
    return int(answer.body["id"])


def standings(server: Server, *pairs: tuple[int, int]) -> list[tuple[str | None, int]]:
    """For each course and person: how they stand to it, and how many members it has.

    Everything that is kept about that must agree.
    """
    answers = []
    for state in json.loads(server.script(STATE.format(pairs=pairs))):
        ((status, has_joined_at),) = state["memberships"]
        assert has_joined_at == (status in ("manager", "joined"))
        assert state["counted"] == state["members"]
        last: Any = {"status": None, "joined_at": None}
        for before, after in state["events"]:  # each change begins where the one before ended
            assert (before, after != before) == (last, True)
            last = after
        assert last == {"status": status, "joined_at": JOINED_AT if has_joined_at else None}
        answers.append((status, state["members"]))
    return answers


def test_twenty_joins_make_one_member(server: Server, people: list[Person]) -> None:
    ann, leo, *_ = people
    course = make_course(ann)
    answers = at_once([partial(leo.api.post, f"course/{course}/join/")] * 20)
    assert {(answer.status, answer.body["join_status"]) for answer in answers} == {(200, "joined")}
    assert standings(server, (course, leo.id)) == [("joined", 1)]


def test_many_people_join(server: Server, people: list[Person]) -> None:
    ann, *others = people
    course = make_course(ann)
    answers = at_once([partial(person.api.post, f"course/{course}/join/") for person in others])
    assert {answer.status for answer in answers} == {200}
    assert standings(server, *((course, person.id) for person in others)) == [("joined", 7)] * 7


def test_let_in_and_turned_away(server: Server, people: list[Person]) -> None:
    """Let in and then removed: nothing. Removed and then invited: invited."""
    ann, ray, *_ = people
    courses = [make_course(ann, "private") for _ in range(6)]
    for course in courses:
        assert ray.api.post(f"course/{course}/join/").body["join_status"] == "requested"
        answers = at_once(
            [
                partial(ann.api.post, f"course/{course}/invite/", {"users": [ray.id]}),
                partial(ann.api.delete, f"course/{course}/join/?user={ray.id}"),
            ]
        )
        assert [answer.status for answer in answers] == [204, 204]
    assert set(standings(server, *((course, ray.id) for course in courses))) <= {(None, 0), ("invited", 0)}


def test_an_invitation_accepted_and_taken_back(server: Server, people: list[Person]) -> None:
    """To a secret course: once it is accepted it is too late to take it back; once taken back, there is no course."""
    ann, ivy, *_ = people
    courses = [make_course(ann, "secret") for _ in range(6)]
    accepted = []
    for course in courses:
        assert ann.api.post(f"course/{course}/invite/", {"users": [ivy.id]}).status == 204
        answers = at_once(
            [
                partial(ivy.api.post, f"course/{course}/join/"),
                partial(ann.api.delete, f"course/{course}/invite/", {"users": [ivy.id]}),
            ]
        )
        assert answers[1].status == 204
        accepted.append(answers[0].status)
    outcome = {200: ("joined", 1), 404: (None, 0)}
    assert standings(server, *((course, ivy.id) for course in courses)) == [outcome[status] for status in accepted]


def test_roles_of_the_same_people_in_opposite_orders(server: Server, people: list[Person]) -> None:
    """Each call moves both: whichever came last counts for both, and nobody waits for ever."""
    ann, leo, kay, *_ = people
    course = make_course(ann)
    lists = ["managers", "joined", "unjoined"] * 4
    bodies = [{name: [leo.id, kay.id] if place % 2 else [kay.id, leo.id]} for place, name in enumerate(lists)]
    answers = at_once([partial(ann.api.post, f"course/{course}/role/", body) for body in bodies])
    assert [answer.status for answer in answers] == [204] * len(bodies)
    first, second = standings(server, (course, leo.id), (course, kay.id))
    assert first == second
    assert first in (("manager", 2), ("joined", 2), (None, 0))


def test_two_managers_put_each_other_out(server: Server, people: list[Person]) -> None:
    """Each was a manager when they asked: at least one is out, and who was refused is one of those."""
    ann, mia, max_, *_ = people
    course = make_course(ann)
    assert ann.api.post(f"course/{course}/role/", {"managers": [mia.id, max_.id]}).status == 204
    answers = at_once(
        [
            partial(mia.api.post, f"course/{course}/role/", {"unjoined": [max_.id]}),
            partial(max_.api.post, f"course/{course}/role/", {"unjoined": [mia.id]}),
        ]
    )
    found = [status for status, _ in standings(server, (course, max_.id), (course, mia.id))]
    assert [answer.status == 204 for answer in answers] == [status is None for status in found]
    assert None in found


def test_twenty_completions_are_one(server: Server, people: list[Person]) -> None:
    ann, leo, *_ = people
    course = make_course(ann)
    section = ann.api.post(f"course/{course}/section/", {"name": "One"}).body["id"]
    fields = {"name": "Limits", "type": "lesson", "status": "published"}
    lesson = ann.api.post(f"course/{course}/section/{section}/lesson/", fields).body["id"]
    assert leo.api.post(f"course/{course}/join/").status == 200
    path = f"course/{course}/section/{section}/lesson/{lesson}/complete/"
    answers = at_once([partial(leo.api.post, path)] * 20)
    assert {answer.status for answer in answers} == {204}
    count = (
        "from coursewright.learning.models import Completion\n"
        "from coursewright.foundation.models import Event\n"
        f"print(Completion.objects.filter(lesson={lesson}).count(), "
        f"Event.objects.filter(kind='completion.created', object_id={lesson}).count())"
    )
    assert server.script(count) == "1 1\n"


COUNTS = "from tests.counts import differences; print(differences())"


def test_progress_while_lessons_come_and_go(server: Server, people: list[Person]) -> None:
    """Completions, and what they are of, at the same instant: every number that is kept is true afterwards."""
    ann, *learners = people
    course = make_course(ann)
    section = ann.api.post(f"course/{course}/section/", {"name": "One"}).body["id"]
    where = f"course/{course}/section/{section}/lesson/"
    fields = {"name": "Limits", "type": "lesson", "status": "published"}
    lessons = [ann.api.post(where, fields).body["id"] for _ in range(3)]
    for learner in learners:
        assert learner.api.post(f"course/{course}/join/").status == 200
    for round in range(6):
        learned = [
            partial(learner.api.post, f"{where}{lesson}/{'in' if place % 2 else ''}complete/")
            for place, learner in enumerate(learners)
            for lesson in lessons[: 1 + (place + round) % 3]
        ]
        status = "draft" if round % 2 else "published"
        written = [partial(ann.api.patch, f"{where}{lesson}/", {"status": status}) for lesson in lessons[:2]]
        moved = [partial(learners[0].api.delete, f"course/{course}/join/")]
        answers = at_once([*learned, *written, *moved])
        assert {answer.status for answer in answers} <= {200, 204, 403, 404}, server.errors
        assert learners[0].api.post(f"course/{course}/join/").status == 200
    at_once([partial(ann.api.delete, f"course/{course}/section/{section}/"), *learned])
    assert server.script(COUNTS) == "{}\n"


def test_nobody_waits_for_each_other_in_a_circle(server: Server, people: list[Person]) -> None:
    """Roles of several people, a lesson that comes and goes, the course's name: whoever is refused was in no order."""
    ann, *others = people
    course = make_course(ann)
    section = ann.api.post(f"course/{course}/section/", {"name": "One"}).body["id"]
    fields = {"name": "Limits", "type": "lesson", "status": "published"}
    lesson = f"course/{course}/section/{section}/lesson/"
    lesson += f"{ann.api.post(lesson, fields).body['id']}/"
    for person in reversed(others):  # who came later has the smaller id
        assert person.api.post(f"course/{course}/join/").status == 200
        assert person.api.post(f"{lesson}complete/").status == 204
    ids = [person.id for person in others]

    def again(*calls: Callable[[], Answer]) -> list[int]:
        return [call().status for _ in range(120) for call in calls]

    role = f"course/{course}/role/"
    writers = [
        partial(again, *(partial(ann.api.post, role, {standing: ids}) for standing in ("managers", "joined"))),
        partial(again, *(partial(ann.api.patch, lesson, {"status": status}) for status in ("draft", "published"))),
        partial(again, *(partial(ann.api.patch, f"course/{course}/", {"name": uuid4().hex}) for _ in range(2))),
        partial(again, *(partial(person.api.post, f"{lesson}complete/") for person in others[:2])),
    ]
    with ThreadPoolExecutor(len(writers)) as pool:
        statuses = [status for found in pool.map(lambda writer: writer(), writers) for status in found]
    assert set(statuses) <= {200, 204, 404}
