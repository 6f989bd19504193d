"""GET /api/v2/course/{id}/users/: members with their progress, for managers."""

from datetime import timedelta

import pytest

from coursewright.courses.models import Course, Lesson, Membership
from tests.api.authors import assert_hidden, assert_managers_only, faults
from tests.api.learners import every_encoding, ids, listed, make_people, progress
from tests.client import Api
from tests.factories import (
    NOW,
    complete,
    make_course,
    make_joined,
    make_left,
    make_lesson,
    make_manager,
    make_section,
    make_user,
)

DAY = timedelta(days=1)


def test_whole_answer() -> None:
    ann = make_user()
    course = make_course(ann)
    section = make_section(course)
    first, second, third = (make_lesson(section, name) for name in ("a", "b", "c"))
    draft = make_lesson(section, "d", status="draft")
    mia = make_manager(course, make_user("mia", real_name="Mia Roe"))
    leo, kay = (make_joined(course, make_user(name), at=NOW + DAY) for name in ("leo", "kay"))
    make_left(course, make_user("lou"))
    for lesson in (first, second):
        complete(lesson, leo, NOW + 2 * DAY)
    for lesson in (first, second, third, draft):
        complete(lesson, mia, NOW + 3 * DAY)
    answer = Api(mia).get(f"course/{course.pk}/users/")
    later = {"joined_at": "2026-11-24T10:00:00Z"}
    expected = listed(
        progress(kay, "joined", **later),
        progress(leo, "joined", **later, user_completion_rate=66, last_active_at="2026-11-25T10:00:00Z"),
        progress(mia, "manager", user_completion_rate=100, last_active_at="2026-11-26T10:00:00Z"),
    )
    assert (answer.status, answer.body) == (200, expected)
    assert Api(ann).get(f"course/{course.pk}/users/").body == expected


def test_managers_only() -> None:
    course = make_course(make_user())
    assert_managers_only(course, "GET", f"course/{course.pk}/users/?statuses=x")
    assert_hidden(course, "GET", f"course/{course.pk}/users/")


@pytest.mark.parametrize(
    "statuses, expected",
    [
        (["joined", "manager"], ["leo", "mia"]),
        (["joined", "manager", "creator"], ["leo", "mia", "ann"]),
        (["creator"], ["ann"]),
        (["invited"], ["ivy"]),
        (["requested", "joined", "requested"], ["leo", "ray"]),
        (["creator", "manager", "joined", "invited", "requested"], ["leo", "mia", "ray", "ivy", "ann"]),
        ([], []),
    ],
)
def test_statuses_in_every_encoding(statuses: list[str], expected: list[str]) -> None:
    """The newest first; who never joined after them."""
    ann = make_user()
    course = make_course(ann)
    make_people(course)
    Membership.objects.filter(user__username="leo").update(joined_at=NOW + DAY)
    for query in every_encoding("statuses", statuses):
        answer = Api(ann).get(f"course/{course.pk}/users/?{query}")
        assert [user["username"] for user in answer.body["results"]] == expected
        assert answer.body["count"] == len(expected)


@pytest.mark.parametrize(
    "ordering, expected",
    [
        ("", ["ted", "leo", "bob", "mia", "ann"]),
        ("-joined_at", ["ted", "leo", "bob", "mia", "ann"]),
        ("joined_at", ["mia", "bob", "leo", "ted", "ann"]),
        ("-last_active_at", ["bob", "mia", "ann", "ted", "leo"]),
        ("last_active_at", ["ann", "mia", "bob", "leo", "ted"]),
    ],
)
@pytest.mark.parametrize("limit", [1, 2, 5])
def test_orderings_walked_in_pages(ordering: str, expected: list[str], limit: int) -> None:
    """Across standings; who has no such time comes last in either direction; ties in the order of the ids."""
    ann = make_user()
    course = make_course(ann)
    mia = make_manager(course, make_user("mia"))
    bob, leo = make_joined(course, make_user("bob"), NOW + DAY), make_joined(course, make_user("leo"), NOW + 2 * DAY)
    ted = make_joined(course, make_user("ted"), NOW + 2 * DAY)
    lesson = make_lesson(make_section(course))
    complete(lesson, mia, NOW + 3 * DAY)
    complete(lesson, bob, NOW + 4 * DAY)
    complete(lesson, ann, NOW + 3 * DAY)
    walked = []
    for offset in range(0, 5, limit):
        query = {"statuses": "joined,manager,creator", "ordering": ordering, "limit": limit, "offset": offset}
        answer = Api(ann).get(f"course/{course.pk}/users/", **query)
        assert answer.body["count"] == 5
        walked += [user["username"] for user in answer.body["results"]]
    assert walked == expected
    assert leo.pk < ted.pk


@pytest.mark.parametrize(
    "query, fault",
    [
        ("statuses=left", ("statuses", "invalid_choice", '"left" is not a valid choice.')),
        ("ordering=username", ("ordering", "invalid_choice", '"username" is not a valid choice.')),
        ("ordering=--joined_at", ("ordering", "invalid_choice", '"--joined_at" is not a valid choice.')),
        ("limit=-1", ("limit", "min_value", "Ensure this value is greater than or equal to 1.")),
        ("offset=x", ("offset", "invalid", "A valid integer is required.")),
        ("search=%00", ("search", "invalid", "Null characters are not allowed.")),
    ],
)
def test_wrong_query(query: str, fault: tuple[str, str, str]) -> None:
    ann = make_user()
    answer = Api(ann).get(f"course/{make_course(ann).pk}/users/?{query}")
    assert (answer.status, answer.body) == (400, faults(fault))


@pytest.mark.parametrize(
    "search, found",
    [("", ["Zoë", "leo", "mia"]), ("ZOË", ["Zoë"]), ("an", ["mia", "leo"]), ("%", []), ("!", []), ("ann", [])],
)
def test_search_in_the_names_without_case(search: str, found: list[str]) -> None:
    ann = make_user()
    course = make_course(ann)
    make_manager(course, make_user("mia", real_name="Mia Kan"))
    make_joined(course, make_user("leo", real_name="Leo Tan"))
    make_joined(course, make_user("Zoë"))
    answer = Api(ann).get(f"course/{course.pk}/users/", search=search, ordering="-joined_at")
    assert {user["username"] for user in answer.body["results"]} == set(found)
    assert answer.body["count"] == len(found)


def test_a_search_is_cut_into_pages_too() -> None:
    ann = make_user()
    course = make_course(ann)
    people = [make_joined(course, make_user(f"user{place}"), NOW + place * DAY).pk for place in range(6)]
    make_joined(course, make_user("leo"), NOW + 9 * DAY)
    answer = Api(ann).get(f"course/{course.pk}/users/", search="USER", limit=2, offset=2)
    assert (answer.body["count"], ids(answer)) == (6, [people[3], people[2]])


def figures(course: Course) -> dict[str, tuple[int, str | None]]:
    """Rate and last activity by username."""
    answer = Api(course.created_by).get(f"course/{course.pk}/users/")
    return {user["username"]: (user["user_completion_rate"], user["last_active_at"]) for user in answer.body["results"]}


def test_what_is_unpublished_or_deleted_stops_counting_and_counts_again() -> None:
    ann = make_user()
    course = make_course(ann)
    section, other = make_section(course), make_section(course, "Week two")
    one, two, three = make_lesson(section), make_lesson(section, "Series"), make_lesson(other, "Integrals")
    leo = make_joined(course, make_user("leo"))
    complete(one, leo, NOW + DAY)
    active = "2026-11-24T10:00:00Z"
    api, base = Api(ann), f"course/{course.pk}/section/"
    assert figures(course) == {"leo": (33, active)}
    api.patch(f"{base}{section.pk}/lesson/{one.pk}/", {"status": "draft"})
    assert figures(course) == {"leo": (0, active)}
    api.patch(f"{base}{section.pk}/lesson/{one.pk}/", {"status": "published"})
    api.patch(f"{base}{section.pk}/", {"lessons_order": [two.pk, one.pk]})
    assert figures(course) == {"leo": (33, active)}
    api.delete(f"{base}{other.pk}/")
    assert figures(course) == {"leo": (50, active)}
    api.delete(f"{base}{section.pk}/lesson/{two.pk}/")
    assert figures(course) == {"leo": (100, active)}
    api.delete(f"{base}{section.pk}/lesson/{one.pk}/")
    assert figures(course) == {"leo": (0, active)}
    assert not Lesson.objects.filter(pk=three.pk, deleted_at=None).exists()


def test_last_active_at_is_the_last_completion_and_stays() -> None:
    ann = make_user()
    course = make_course(ann)
    section = make_section(course)
    one, two = make_lesson(section), make_lesson(section, "Series")
    leo = make_joined(course, make_user("leo"))
    complete(one, leo, NOW + DAY)
    complete(two, leo, NOW + 2 * DAY)
    complete(one, leo, NOW + 3 * DAY)  # completed already: not done again
    assert figures(course) == {"leo": (100, "2026-11-25T10:00:00Z")}
    Api(leo).post(f"course/{course.pk}/section/{section.pk}/lesson/{two.pk}/incomplete/")
    assert figures(course) == {"leo": (50, "2026-11-25T10:00:00Z")}
    Api(leo).delete(f"course/{course.pk}/join/")
    assert figures(course) == {}
    Api(leo).post(f"course/{course.pk}/join/")
    assert figures(course) == {"leo": (50, "2026-11-25T10:00:00Z")}


def test_statements_do_not_grow() -> None:
    ann = make_user()
    course = make_course(ann)
    make_joined(course, make_user("one"))
    few = Api(ann).get(f"course/{course.pk}/users/").statements
    for place in range(29):
        make_joined(course, make_user(f"user{place}"))
    many = Api(ann).get(f"course/{course.pk}/users/", limit=30)
    assert (many.statements, few, len(many.body["results"])) == (few, 4, 30)
