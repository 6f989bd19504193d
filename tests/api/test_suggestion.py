"""GET /api/v2/suggestion/course/: courses to which the caller does not stand, those most like their own first."""

import pytest

from coursewright.courses.actions.courses import delete_course
from coursewright.courses.models import Course
from tests.api.authors import category_shape, course_shape, faults
from tests.api.learners import ids, listed
from tests.client import BAD_TOKEN, NOT_AUTHENTICATED, Api
from tests.factories import (
    NOW,
    make_category,
    make_course,
    make_invited,
    make_joined,
    make_left,
    make_lesson,
    make_manager,
    make_requested,
    make_section,
    make_user,
)


def test_whole_answer() -> None:
    """A private course shows no more than its lock screen."""
    science, sam = make_category(), make_user("sam")
    maths = make_course(make_user("ann"), description="Numbers", categories=[science.pk])
    art = make_course(make_user("bob"), "Art", privacy="private", description="For us")
    for course in (maths, art):
        make_lesson(make_section(course))
    section = maths.sections.get()
    answer = Api(sam).get("suggestion/course/")
    expected = listed(
        course_shape(art, name="Art", slug="art", privacy="private", join_status=None),
        course_shape(
            maths,
            description="Numbers",
            categories=[category_shape(science)],
            join_status=None,
            sections_order=[section.pk],
        ),
    )
    assert (answer.status, answer.body) == (200, expected)


def test_what_is_suggested_and_what_is_not() -> None:
    """Open and private ones without a standing: who left may be asked again; never drafts, secret or deleted ones."""
    ann, sam = make_user(), make_user("sam")
    courses = {}
    for make in (make_manager, make_joined, make_invited, make_requested, make_left):
        courses[make.__name__] = make_course(ann, make.__name__)
        make(courses[make.__name__], sam)
    for privacy in ("", "open", "private", "secret"):
        courses[privacy] = make_course(ann, f"privacy {privacy}", privacy=privacy)
    make_course(sam, "own")
    deleted = make_course(ann, "deleted")
    delete_course(deleted.pk, at=NOW, by=ann.pk)
    answer = Api(sam).get("suggestion/course/")
    expected = {courses[name].pk for name in ("make_left", "open", "private")}
    assert (set(ids(answer)), answer.body["count"]) == (expected, 3)


def make_ranked() -> tuple[Api, list[Course]]:
    """A caller, and courses in the order in which they are to be suggested."""
    ann, sam = make_user(), make_user("sam")
    science, art, law = (make_category(name) for name in ("Science", "Art", "Law"))
    own = make_course(ann, "own", categories=[science.pk, art.pk], privacy="secret")
    make_joined(own, sam)
    make_requested(make_course(ann, "asked", categories=[law.pk], privacy="private"), sam)
    gone = make_course(ann, "gone", categories=[law.pk])
    make_joined(gone, sam)
    delete_course(gone.pk, at=NOW, by=ann.pk)
    many = [make_user(f"user{place}") for place in range(3)]
    popular_stranger = make_course(ann, "4", categories=[law.pk])
    old_like = make_course(ann, "3", categories=[art.pk, science.pk])
    popular_like = make_course(ann, "1", categories=[science.pk, law.pk])
    new_like = make_course(ann, "2", categories=[art.pk])
    old, new = make_course(ann, "6"), make_course(ann, "5")
    for user in many:
        make_joined(popular_stranger, user)
    for user in many[:2]:
        make_joined(popular_like, user)
    make_invited(old, many[0])  # an invitation makes no member
    return Api(sam), [popular_like, new_like, old_like, popular_stranger, new, old]


def test_those_that_share_a_category_first_then_by_members_then_newest() -> None:
    """Only what one manages or joined counts as one's own, whatever its privacy, until it is deleted."""
    api, courses = make_ranked()
    answer = api.get("suggestion/course/")
    assert [course["name"] for course in answer.body["results"]] == [course.name for course in courses]


@pytest.mark.parametrize("limit", [1, 2, 3, 4])
def test_pages_walk_through_both_kinds(limit: int) -> None:
    api, courses = make_ranked()
    walked = []
    for offset in range(0, 6, limit):
        answer = api.get("suggestion/course/", limit=limit, offset=offset)
        assert answer.body["count"] == 6
        walked += ids(answer)
    assert walked == [course.pk for course in courses]
    assert api.get("suggestion/course/", offset=2**63 - 1).body["results"] == []


@pytest.mark.parametrize("limit", [1, 3, 7])
def test_pages_of_many(limit: int) -> None:
    """Whether a page is found among the largest or not: with three related ones left, and with none."""
    ann, sam, science = make_user(), make_user("sam"), make_category()
    make_joined(make_course(ann, "own", categories=[science.pk]), sam)
    people = [make_user(f"user{place}") for place in range(3)]
    related, other = [], []
    for place in range(40):
        is_related = place % 3 == 0
        course = make_course(ann, f"Course {place}", categories=[science.pk] if is_related else [])
        for user in people[: place % 4]:
            make_joined(course, user)
        (related if is_related else other).append((place % 4, course.pk))
    expected = [id for _, id in sorted(related, reverse=True) + sorted(other, reverse=True)]
    pages = [Api(sam).get("suggestion/course/", limit=limit, offset=offset) for offset in range(0, 40, limit)]
    assert [id for page in pages for id in ids(page)] == expected
    assert {page.statements for page in pages} == {5, 6}


def test_links() -> None:
    api, _ = make_ranked()
    answer = api.get("suggestion/course/", limit=2, offset=2)
    base = "http://testserver/api/v2/suggestion/course/"
    assert (answer.body["next"], answer.body["previous"]) == (f"{base}?limit=2&offset=4", f"{base}?limit=2&offset=0")


def test_without_courses_of_ones_own() -> None:
    ann = make_user()
    one, two = make_course(ann, "one", categories=[make_category().pk]), make_course(ann, "two")
    make_joined(one, make_user("leo"))
    assert ids(Api(make_user("sam")).get("suggestion/course/")) == [one.pk, two.pk]


def test_anonymous() -> None:
    assert Api().get("suggestion/course/?limit=x")[:2] == (401, NOT_AUTHENTICATED)
    assert Api(token="nonsense").get("suggestion/course/")[:2] == (401, BAD_TOKEN)


def test_wrong_query() -> None:
    answer = Api(make_user()).get("suggestion/course/?limit=x")
    assert (answer.status, answer.body) == (400, faults(("limit", "invalid", "A valid integer is required.")))


def test_statements_do_not_grow() -> None:
    ann, science = make_user(), make_category()
    make_course(ann, categories=[science.pk])
    api = Api(make_joined(make_course(ann, "own", categories=[science.pk]), make_user("sam")))
    few = api.get("suggestion/course/").statements
    for place in range(29):
        make_lesson(make_section(make_course(ann, f"Course {place}", categories=[science.pk])))
    many = api.get("suggestion/course/", limit=30)
    assert (many.statements, few, len(many.body["results"])) == (few, 5, 30)


def test_nothing_to_suggest() -> None:
    assert Api(make_user()).get("suggestion/course/")[:2] == (200, listed())
