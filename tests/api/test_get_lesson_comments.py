"""GET .../lesson/{lesson_id}/comment/"""

from datetime import timedelta

import pytest

from coursewright.comments.actions import delete_comment
from coursewright.courses.models import Lesson
from tests.api.authors import faults
from tests.api.learners import ids, listed, locked, make_people
from tests.api.threads import (
    comment_shape,
    comments_path,
    document_shape,
    make_comment,
    make_document,
    make_learner,
    make_place,
    make_reply,
)
from tests.client import BAD_TOKEN, NOT_AUTHENTICATED, NOT_FOUND, NOT_JOINED, Api
from tests.factories import NOW, make_course, make_lesson, make_section

HOUR = timedelta(hours=1)


def test_whole_answer() -> None:
    lesson = make_place()
    ann, leo = lesson.course.created_by, make_learner(lesson.course)
    notes, slides = make_document(leo), make_document(ann, "Slides")
    asked = make_comment(lesson, leo, medias=[notes.pk])
    make_reply(asked, leo)
    reply = make_reply(asked, ann, "<p>Because.</p>", medias=[slides.pk], in_reply_to=asked.pk)
    alone = make_comment(lesson, ann, "<p>Well done</p>")
    make_comment(make_lesson(lesson.section, "Series"), leo)
    latest = comment_shape(reply, medias=[document_shape(slides)])
    expected = listed(comment_shape(asked, medias=[document_shape(notes)], latest_reply=latest), comment_shape(alone))
    for user in (ann, leo):
        answer = Api(user).get(comments_path(lesson))
        assert (answer.status, answer.body) == (200, expected)


def test_replies_of_one() -> None:
    lesson = make_place()
    leo = make_learner(lesson.course)
    asked, other = make_comment(lesson, leo), make_comment(lesson, leo)
    one, two = make_reply(asked, leo), make_reply(asked, lesson.course.created_by)
    make_reply(other, leo)
    foreign = make_comment(make_lesson(lesson.section, "Series"), leo)
    make_reply(foreign, leo)
    api = Api(leo)
    assert api.get(comments_path(lesson), parent=asked.pk).body == listed(comment_shape(one), comment_shape(two))
    for parent in (one.pk, foreign.pk, 999_999, 10**30, -5):
        assert api.get(comments_path(lesson), parent=parent)[:2] == (200, listed())


def test_latest_reply_is_the_latest_that_is_there() -> None:
    lesson = make_place()
    leo = make_learner(lesson.course)
    asked = make_comment(lesson, leo)
    kept, gone = make_reply(asked, leo), make_reply(asked, leo)
    delete_comment(lesson.pk, gone.pk, at=NOW, by=leo.pk)
    expected = listed(comment_shape(asked, latest_reply=comment_shape(kept)))
    assert Api(leo).get(comments_path(lesson)).body == expected


@pytest.mark.parametrize("name", ["created_at", "added_at"])
def test_ordering(name: str) -> None:
    lesson = make_place()
    leo = make_learner(lesson.course)
    late = make_comment(lesson, leo, at=NOW + HOUR)
    early, also_early = make_comment(lesson, leo), make_comment(lesson, leo)
    api, rising = Api(leo), [early.pk, also_early.pk, late.pk]
    assert ids(api.get(comments_path(lesson), ordering=name)) == rising
    assert ids(api.get(comments_path(lesson), ordering=f"-{name}")) == rising[::-1]
    assert ids(api.get(comments_path(lesson))) == rising


def test_pages() -> None:
    lesson = make_place()
    leo = make_learner(lesson.course)
    comments = [make_comment(lesson, leo).pk for _ in range(5)]
    answer = Api(leo).get(comments_path(lesson), ordering="-added_at", limit=2, offset=2)
    link = f"http://testserver/api/v2/{comments_path(lesson)}?ordering=-added_at&limit=2&offset="
    assert (answer.body["count"], ids(answer)) == (5, comments[1:3][::-1])
    assert (answer.body["next"], answer.body["previous"]) == (f"{link}4", f"{link}0")
    past = Api(leo).get(comments_path(lesson), offset=9).body
    assert (past["count"], past["next"], past["results"]) == (5, None, [])


@pytest.mark.parametrize(
    "query, fault",
    [
        ({"ordering": "name"}, ("ordering", "invalid_choice", '"name" is not a valid choice.')),
        ({"parent": "x"}, ("parent", "invalid", "A valid integer is required.")),
        ({"limit": 0}, ("limit", "min_value", "Ensure this value is greater than or equal to 1.")),
    ],
)
def test_bad_queries(query: dict[str, str], fault: tuple[str, str, str]) -> None:
    lesson = make_place()
    assert Api(lesson.course.created_by).get(comments_path(lesson), **query)[:2] == (400, faults(fault))


def test_comments_turned_off() -> None:
    lesson = make_place()
    leo = make_learner(lesson.course)
    asked = make_comment(lesson, leo)
    make_reply(asked, leo)
    Lesson.objects.update(comments_enabled=False)
    for user in (leo, lesson.course.created_by):
        for query in ({}, {"parent": asked.pk}, {"offset": 1}):
            body = Api(user).get(comments_path(lesson), **query).body
            assert (body["count"], body["results"]) == (0, [])


def test_a_closed_lesson() -> None:
    lesson = make_place(enforce_lessons_order=True)
    second, draft = make_lesson(lesson.section, "Series"), make_lesson(lesson.section, "Draft", status="draft")
    api = Api(make_learner(lesson.course))
    assert api.get(comments_path(second))[:2] == (403, locked('complete "Limits" first.'))
    assert api.get(comments_path(draft))[:2] == (404, NOT_FOUND)


def test_who_may() -> None:
    lesson = make_place(privacy="private")
    people = make_people(lesson.course)
    for who in ("manager", "joined"):
        assert Api(people[who]).get(comments_path(lesson))[:2] == (200, listed())
    for who in ("invited", "requested", "left", "stranger"):
        assert (who, *Api(people[who]).get(comments_path(lesson))[:2]) == (who, 403, NOT_JOINED)
    assert Api().get(comments_path(lesson))[:2] == (401, NOT_AUTHENTICATED)
    assert Api(token="nonsense").get(comments_path(lesson))[:2] == (401, BAD_TOKEN)


def test_foreign_ids() -> None:
    lesson = make_place()
    ann = lesson.course.created_by
    foreign = make_lesson(make_section(make_course(ann, "Physics")))
    for path in (
        f"course/{lesson.course_id}/section/{foreign.section_id}/lesson/{foreign.pk}/comment/",
        f"course/{foreign.course_id}/section/{lesson.section_id}/lesson/{foreign.pk}/comment/",
        f"course/{lesson.course_id}/section/{lesson.section_id}/lesson/undefined/comment/",
    ):
        assert Api(ann).get(path)[:2] == (404, NOT_FOUND)


def test_statements_do_not_grow() -> None:
    lesson = make_place()
    leo = make_learner(lesson.course)
    make_reply(make_comment(lesson, leo), leo)
    few = Api(leo).get(comments_path(lesson)).statements
    for _ in range(29):
        make_reply(make_comment(lesson, leo), leo)
    many = Api(leo).get(comments_path(lesson), limit=100)
    assert (len(many.body["results"]), few, many.statements) == (30, 4, 4)
