"""PUT /api/v2/course/{id}/section/{section_id}/lesson/{lesson_id}/"""

from typing import Any

import pytest

from coursewright.courses.models import Lesson
from coursewright.foundation.models import Event
from tests.api.authors import (
    BAD_LESSON_FIELDS,
    REQUIRED,
    assert_hidden,
    assert_managers_only,
    faults,
    nothing_changes,
    revision,
)
from tests.client import NOT_FOUND, Api
from tests.factories import make_course, make_lesson, make_manager, make_section, make_user

LEXICAL = (
    '<p class="SCEditor-paragraph" dir="ltr"><span style="white-space: pre-wrap;">Hello </span>'
    '<mention id="13" ext-id="a13">@leo</mention></p>'
)


def path(lesson: Lesson) -> str:
    return f"course/{lesson.course_id}/section/{lesson.section_id}/lesson/{lesson.pk}/"


def test_whole_answer() -> None:
    """What the client sends; ``status``, which it does not name, stays (clients.md 27)."""
    ann = make_user(real_name="Ann")
    lesson = make_lesson(make_section(make_course(ann)), comments_enabled=False, passing_grade=70)
    body = {"type": "lesson", "name": "New", "text": LEXICAL, "medias": []}
    answer = Api(ann).put(path(lesson), body)
    assert (answer.status, answer.body) == (
        200,
        {
            "id": lesson.pk,
            "name": "New",
            "type": "lesson",
            "status": "published",
            "comments_enabled": False,
            "completion_status": "uncompleted",
            "course_id": lesson.course_id,
            "section_id": lesson.section_id,
            "html": LEXICAL,
            "created_at": "2026-11-23T10:00:00Z",
            "created_by": {
                "id": ann.pk,
                "username": "ann",
                "real_name": "Ann",
                "avatar": None,
                "community_badge": False,
                "deleted": False,
            },
            "medias": [],
            "passing_grade": 70,
            "questions": [],
            "last_attempt": None,
        },
    )
    assert Api(ann).get(path(lesson)).body == answer.body


def test_settings_that_were_touched() -> None:
    ann = make_user()
    lesson = make_lesson(make_section(make_course(ann)))
    body = {"type": "quiz", "name": "New", "status": "draft", "comments_enabled": False, "passing_grade": "80"}
    answer = Api(ann).put(path(lesson), body)
    told = {name: answer.body[name] for name in body}
    assert (answer.status, told) == (200, {**body, "passing_grade": 80})


@pytest.mark.parametrize("encoding", ["form", "multipart", "labelled"])
def test_other_encodings_switch_nothing_off(encoding: str) -> None:
    ann = make_user()
    lesson = make_lesson(make_section(make_course(ann)))
    if encoding == "form":
        answer = Api(ann).form("PUT", path(lesson), name="New", type="lesson", text="<p>é &amp; 1+1</p>")
    elif encoding == "multipart":
        fields = [("name", "New"), ("type", "lesson"), ("text", "<p>é &amp; 1+1</p>")]
        answer = Api(ann).multipart("PUT", path(lesson), fields)
    else:
        text = '{"name": "New", "type": "lesson", "text": "<p>é &amp; 1+1</p>"}'.encode()
        answer = Api(ann).call("PUT", path(lesson), text, content_type="application/x-www-form-urlencoded")
    told = (answer.status, answer.body["status"], answer.body["comments_enabled"], answer.body["html"])
    assert told == (200, "published", True, "<p>é &amp; 1+1</p>")


def test_text_is_cleaned_and_its_answer_can_be_sent_back() -> None:
    ann = make_user()
    lesson = make_lesson(make_section(make_course(ann)))
    text = '<p onclick="x()">a<p style="position: fixed; color: red;">b</p></p><script>x()</script>'
    html = Api(ann).put(path(lesson), {"name": "Limits", "type": "lesson", "text": text}).body["html"]
    assert html == '<p>a</p><p style="color: red;">b</p><p></p>'
    with nothing_changes():
        answer = Api(ann).put(path(lesson), {"name": "Limits", "type": "lesson", "text": html})
        assert (answer.status, answer.body["html"]) == (200, html)


def test_a_megabyte_of_text() -> None:
    ann = make_user()
    lesson = make_lesson(make_section(make_course(ann)))
    text = f"<p>{'x' * (1024 * 1024 - 7)}</p>"
    answer = Api(ann).put(path(lesson), {"name": "Limits", "type": "lesson", "text": text})
    assert (answer.status, answer.body["html"]) == (200, text)


def test_empty_text() -> None:
    ann = make_user()
    lesson = make_lesson(make_section(make_course(ann)), text="<p>x</p>")
    answer = Api(ann).put(path(lesson), {"name": "Limits", "type": "lesson", "text": ""})
    assert (answer.status, answer.body["html"]) == (200, "")


@pytest.mark.parametrize("case", list(BAD_LESSON_FIELDS))
def test_bad_field(case: str) -> None:
    ann = make_user()
    lesson = make_lesson(make_section(make_course(ann)))
    body, fault = BAD_LESSON_FIELDS[case]
    with nothing_changes():
        answer = Api(ann).put(path(lesson), {"name": "New", "type": "lesson", **body})
        assert (answer.status, answer.body) == (400, faults(fault))


@pytest.mark.parametrize("body", [None, {}, {"text": "x"}])
def test_name_and_type_are_required(body: Any) -> None:
    ann = make_user()
    lesson = make_lesson(make_section(make_course(ann)))
    with nothing_changes():
        answer = Api(ann).put(path(lesson), body)
        assert (answer.status, answer.body) == (
            400,
            faults(("name", "required", REQUIRED), ("type", "required", REQUIRED)),
        )


def test_nobody_but_managers() -> None:
    lesson = make_lesson(make_section(make_course(make_user())))
    body = {"name": "Mine", "type": "lesson"}
    assert Api(make_manager(lesson.course, make_user("max"))).put(path(lesson), body).status == 200
    assert_managers_only(lesson.course, "PUT", path(lesson), body)
    assert_hidden(lesson.course, "PUT", path(lesson), body)


def test_every_id_belongs_to_the_one_before() -> None:
    ann = make_user()
    lesson = make_lesson(make_section(make_course(ann)))
    course, section = lesson.course, lesson.section
    sibling, elsewhere = make_section(course, "Sibling"), make_section(make_course(ann, "Other"))
    with nothing_changes():
        for wrong in (
            f"course/{course.pk}/section/{sibling.pk}/lesson/{lesson.pk}/",
            f"course/{elsewhere.course_id}/section/{section.pk}/lesson/{lesson.pk}/",
            f"course/{elsewhere.course_id}/section/{elsewhere.pk}/lesson/{lesson.pk}/",
            f"course/{course.pk}/section/{section.pk}/lesson/999999/",
            f"course/{course.pk}/section/{section.pk}/lesson/undefined/",
        ):
            answer = Api(ann).put(wrong, {"name": ""})
            assert (answer.status, answer.body) == (404, NOT_FOUND)


def test_of_two_faults_the_earlier_check_speaks() -> None:
    lesson, eve = make_lesson(make_section(make_course(make_user()))), make_user("eve")
    missing = f"course/{lesson.course_id}/section/{lesson.section_id}/lesson/999999/"
    with nothing_changes():
        assert Api().call("PUT", missing, b"{").status == 401
        assert Api(eve).call("PUT", missing, b"{").status == 403
        assert Api(lesson.created_by).call("PUT", missing, b"{").status == 404
        assert Api(lesson.created_by).call("PUT", path(lesson), b"{").status == 400


def test_one_event_for_a_change_and_none_for_no_change() -> None:
    ann = make_user()
    lesson = make_lesson(make_section(make_course(ann)), text="<p>x</p>")
    with nothing_changes():
        same = {"name": " Limits", "type": "lesson", "status": "published", "text": "<p>x</p>", "passing_grade": 60}
        assert Api(ann).put(path(lesson), same).status == 200
    Api(ann).put(path(lesson), {"name": "New", "type": "lesson", "text": "<p>y</p>"})
    event = Event.objects.latest("id")
    assert (event.kind, event.course_id, event.object_id, event.before, event.after) == (
        "lesson.changed",
        lesson.course_id,
        lesson.pk,
        '{"name":"Limits","html":"<p>x</p>"}',
        '{"name":"New","html":"<p>y</p>"}',
    )
    assert (revision(lesson), revision(lesson.section), revision(lesson.course)) == (2, 1, 1)


def test_statements_do_not_grow() -> None:
    ann = make_user()
    lesson = make_lesson(make_section(make_course(ann)))
    few = Api(ann).put(path(lesson), {"name": "New", "type": "lesson"}).statements
    for place in range(29):
        make_lesson(lesson.section, f"Lesson {place}")
    assert Api(ann).put(path(lesson), {"name": "Newer", "type": "lesson"}).statements == few
