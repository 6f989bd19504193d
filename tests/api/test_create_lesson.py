"""POST /api/v2/course/{id}/section/{section_id}/lesson/"""

from typing import Any

import pytest

from coursewright.courses.models import Lesson, Section
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
from tests.api.threads import document_shape, make_document
from tests.client import NOT_FOUND, Api, codes, wrong
from tests.factories import NOW, make_course, make_joined, make_lesson, make_manager, make_section, make_user


def path(section: Section) -> str:
    return f"course/{section.course_id}/section/{section.pk}/lesson/"


def test_whole_answer() -> None:
    """What the client sends makes an empty draft (clients.md 25)."""
    ann = make_user(real_name="Ann")
    section = make_section(make_course(ann))
    answer = Api(ann).post(path(section), {"name": "One", "type": "lesson"})
    assert (answer.status, answer.body) == (
        201,
        {
            "id": Lesson.objects.get().pk,
            "name": "One",
            "type": "lesson",
            "status": "draft",
            "comments_enabled": True,
            "completion_status": "uncompleted",
            "course_id": section.course_id,
            "section_id": section.pk,
            "html": "",
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
            "passing_grade": 60,
            "questions": [],
            "last_attempt": None,
        },
    )
    assert Api(ann).get(f"{path(section)}{answer.body['id']}/").body == answer.body


def test_every_field() -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    body = {
        "name": "One",
        "type": "quiz",
        "status": "published",
        "comments_enabled": False,
        "text": "<p>x</p><script>x</script>",
        "medias": [],
        "passing_grade": 100,
        "questions_order": [],
    }
    answer = Api(ann).post(path(section), body)
    told = {name: answer.body[name] for name in ("name", "type", "status", "comments_enabled", "html", "passing_grade")}
    assert (answer.status, told) == (
        201,
        {
            "name": "One",
            "type": "quiz",
            "status": "published",
            "comments_enabled": False,
            "html": "<p>x</p>",
            "passing_grade": 100,
        },
    )


@pytest.mark.parametrize("encoding", ["form", "multipart", "labelled"])
def test_other_encodings(encoding: str) -> None:
    """An absent boolean keeps its default: a form has no way to say false by silence."""
    ann = make_user()
    section = make_section(make_course(ann))
    if encoding == "form":
        answer = Api(ann).form("POST", path(section), name="One", type="lesson", passing_grade="70")
    elif encoding == "multipart":
        answer = Api(ann).multipart("POST", path(section), [("name", "One"), ("type", "lesson"), ("passing_grade", 70)])
    else:
        text = b'{"name": "One", "type": "lesson", "passing_grade": 70}'
        answer = Api(ann).call("POST", path(section), text, content_type="application/x-www-form-urlencoded")
    told = (answer.status, answer.body["comments_enabled"], answer.body["status"], answer.body["passing_grade"])
    assert told == (201, True, "draft", 70)


def test_new_ones_go_to_the_end() -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    one, two = make_lesson(section, "One"), make_lesson(section, "Two")
    section_path = f"course/{section.course_id}/section/{section.pk}/"
    Api(ann).patch(section_path, {"lessons_order": [two.pk, one.pk]})
    Api(ann).delete(f"{path(section)}{one.pk}/")
    three = Api(ann).post(path(section), {"name": "Three", "type": "lesson"}).body["id"]
    assert Api(ann).get(section_path).body["lessons_order"] == [two.pk, three]


def test_read_only_fields_are_ignored() -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    other = make_section(make_course(ann, "Other"))
    body = {
        "name": "One",
        "type": "lesson",
        "id": 999,
        "section_id": other.pk,
        "course_id": other.course_id,
        "html": "<p>mine</p>",
        "completion_status": "completed",
        "position": 7,
        "created_by_id": 999,
    }
    answer = Api(ann).post(path(section), body)
    told = (answer.status, answer.body["section_id"], answer.body["html"], answer.body["completion_status"])
    assert told == (201, section.pk, "", "uncompleted")


def test_a_manager_becomes_its_author() -> None:
    course = make_course(make_user())
    max = make_manager(course, make_user("max"))
    answer = Api(max).post(path(make_section(course)), {"name": "One", "type": "lesson"})
    assert (answer.status, answer.body["created_by"]["id"]) == (201, max.pk)


def test_nobody_else() -> None:
    section = make_section(make_course(make_user()))
    assert_managers_only(section.course, "POST", path(section), {"name": "Mine", "type": "lesson"})
    assert_hidden(section.course, "POST", path(section), {"name": "Mine", "type": "lesson"})


def test_foreign_and_unknown_ids() -> None:
    """The client's broken ``createCourseLesson`` posts to ``undefined`` (clients.md): 404, not 500."""
    ann = make_user()
    section, other = make_section(make_course(ann)), make_course(ann, "Other")
    gone = make_section(other, "Gone")
    Api(ann).delete(f"course/{other.pk}/section/{gone.pk}/")
    with nothing_changes():
        for wrong_path in (
            "course/undefined/section/undefined/lesson/",
            f"course/{other.pk}/section/{section.pk}/lesson/",
            f"course/{other.pk}/section/999999/lesson/",
            path(gone),
        ):
            answer = Api(ann).post(wrong_path, {"name": ""})
            assert (answer.status, answer.body) == (404, NOT_FOUND)


@pytest.mark.parametrize("case", list(BAD_LESSON_FIELDS))
def test_bad_field(case: str) -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    body, fault = BAD_LESSON_FIELDS[case]
    with nothing_changes():
        answer = Api(ann).post(path(section), {"name": "One", "type": "lesson", **body})
        assert (answer.status, answer.body) == (400, faults(fault))


@pytest.mark.parametrize("body", [None, {}, {"status": "published"}])
def test_name_and_type_are_required(body: Any) -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    with nothing_changes():
        answer = Api(ann).post(path(section), body)
        assert (answer.status, answer.body) == (
            400,
            faults(("name", "required", REQUIRED), ("type", "required", REQUIRED)),
        )


def test_ids_of_nothing() -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    body = {"name": "", "type": "quiz", "medias": [999], "questions_order": [999]}
    with nothing_changes():
        answer = Api(ann).post(path(section), body)
        found = wrong(name="blank", medias="does_not_exist", questions_order="does_not_exist")
        assert (answer.status, codes(answer)) == (400, found)


def test_rights_are_judged_before_the_body() -> None:
    section, eve = make_section(make_course(make_user())), make_user("eve")
    with nothing_changes():
        assert Api(eve).call("POST", path(section), b"{").status == 403
        assert Api().call("POST", path(section), b"{").status == 401


def test_event() -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    lesson = Api(ann).post(path(section), {"name": "One", "type": "lesson"}).body["id"]
    event = Event.objects.latest("id")
    assert (event.kind, event.actor_id, event.course_id, event.object_id, event.at, event.before) == (
        "lesson.created",
        ann.pk,
        section.course_id,
        lesson,
        NOW,
        "{}",
    )
    assert revision(section) == 1


def test_statements_do_not_grow() -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    body = {"name": "One", "type": "lesson"}
    few = Api(ann).post(path(section), body).statements
    for place in range(29):
        make_lesson(section, f"Lesson {place}")
    assert Api(ann).post(path(section), body).statements == few


def test_most_statements() -> None:
    """A published one with media, in a course with a member."""
    ann = make_user()
    section = make_section(make_course(ann))
    make_joined(section.course, make_user("leo"))
    media = make_document(ann)
    body = {"name": "Limits", "type": "quiz", "status": "published", "medias": [media.pk]}
    answer = Api(ann).post(path(section), body)
    assert (answer.status, answer.body["medias"]) == (201, [document_shape(media)])
    assert answer.statements == 9
