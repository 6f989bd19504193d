"""GET /api/v2/course/{id}/ with ``view=dashboard``: the members' mean progress, for managers."""

from tests.api.authors import category_shape
from tests.api.learners import make_people, minimal_shape
from tests.client import FORBIDDEN, Api
from tests.factories import (
    complete,
    make_category,
    make_course,
    make_joined,
    make_lesson,
    make_manager,
    make_section,
    make_user,
)


def test_whole_answer() -> None:
    """The mean of each one's own rate; the creator, who left, and who is not in yet are no part of it."""
    ann, science = make_user(), make_category()
    course = make_course(ann, privacy="private", categories=[science.pk])
    section = make_section(course)
    lessons = [make_lesson(section, name) for name in ("a", "b", "c")]
    people = make_people(course)
    for who, user in {"creator": ann, **people}.items():
        if who not in ("manager", "joined"):
            for lesson in lessons:
                complete(lesson, user)
    complete(lessons[0], people["manager"])
    answer = Api(ann).get(f"course/{course.pk}/", view="dashboard")
    expected = minimal_shape(
        course,
        privacy="private",
        categories=[category_shape(science)],
        join_status="creator",
        user_completion_rate=100,
        avg_completion_rate=17,  # of 33 and 0
    )
    assert (answer.status, answer.body) == (200, expected)
    seen_by_mia = {**expected, "join_status": "manager", "user_completion_rate": 33}
    assert Api(people["manager"]).get(f"course/{course.pk}/", view="dashboard").body == seen_by_mia


def average(course_id: int, api: Api) -> int:
    answer = api.get(f"course/{course_id}/", view="dashboard")
    return int(answer.body["avg_completion_rate"])


def test_without_members_and_without_lessons() -> None:
    ann = make_user()
    course, api = make_course(ann), Api(ann)
    assert average(course.pk, api) == 0
    make_joined(course, make_user("leo"))
    assert average(course.pk, api) == 0


def test_half_is_rounded_up_and_each_rate_down_before() -> None:
    ann = make_user()
    course, api = make_course(ann), Api(ann)
    section = make_section(course)
    lessons = [make_lesson(section, name) for name in ("a", "b", "c")]
    leo, kay = (make_joined(course, make_user(name)) for name in ("leo", "kay"))
    complete(lessons[0], leo)
    assert average(course.pk, api) == 17  # 33 and 0: 16.5
    for lesson in lessons[:2]:
        complete(lesson, kay)
    assert average(course.pk, api) == 50  # 33 and 66: 49.5, while three of six are 50
    make_joined(course, make_user("bob"))
    assert average(course.pk, api) == 33  # 33, 66 and 0
    for lesson in lessons[1:]:
        complete(lesson, leo)
    complete(lessons[2], kay)
    assert average(course.pk, api) == 67  # 100, 100 and 0: 66.7


def test_unpublished_deleted_and_other_courses_do_not_count() -> None:
    ann = make_user()
    course, other = make_course(ann), make_course(ann, "Physics")
    section = make_section(course)
    one, two, three = (make_lesson(section, name) for name in ("a", "b", "c"))
    foreign = make_lesson(make_section(other))
    leo = make_joined(course, make_user("leo"))
    make_joined(other, leo)
    for lesson in (one, two, foreign):
        complete(lesson, leo)
    api, base = Api(ann), f"course/{course.pk}/section/{section.pk}/lesson"
    assert average(course.pk, api) == 66
    api.patch(f"{base}/{one.pk}/", {"status": "draft"})
    assert average(course.pk, api) == 50
    api.delete(f"{base}/{three.pk}/")
    assert average(course.pk, api) == 100
    api.patch(f"{base}/{one.pk}/", {"status": "published"})
    assert average(course.pk, api) == 100


def test_it_follows_who_comes_and_goes() -> None:
    ann = make_user()
    course, api = make_course(ann), Api(ann)
    lesson = make_lesson(make_section(course))
    leo = make_joined(course, make_user("leo"))
    complete(lesson, leo)
    assert average(course.pk, api) == 100
    mia = make_manager(course, make_user("mia"))
    assert average(course.pk, api) == 50
    api.post(f"course/{course.pk}/role/", {"unjoined": [leo.pk]})
    assert average(course.pk, api) == 0
    api.post(f"course/{course.pk}/role/", {"unjoined": [mia.pk], "joined": [leo.pk]})
    assert average(course.pk, api) == 100


def test_managers_only() -> None:
    """Anonymous callers may see an open course, so they too are known to be no managers: 403, not 401."""
    course = make_course(make_user())
    for who, user in {**make_people(course), "nobody": None}.items():
        if who != "manager":
            answer = Api(user).get(f"course/{course.pk}/", view="dashboard")
            assert (who, *answer[:2]) == (who, 403, FORBIDDEN)


def test_hidden() -> None:
    course = make_course(make_user(), privacy="secret")
    assert Api().get(f"course/{course.pk}/", view="dashboard").status == 404
    people = make_people(course)
    for who in ("requested", "left", "stranger"):
        assert (who, Api(people[who]).get(f"course/{course.pk}/", view="dashboard").status) == (who, 404)


def test_statements_do_not_grow() -> None:
    ann = make_user()
    course = make_course(ann)
    section = make_section(course)
    make_joined(course, make_user("one"))
    few = Api(ann).get(f"course/{course.pk}/", view="dashboard").statements
    for place in range(29):
        complete(make_lesson(section, f"Lesson {place}"), make_joined(course, make_user(f"user{place}")))
    many = Api(ann).get(f"course/{course.pk}/", view="dashboard").statements
    assert (many, few) == (few, 4)
