"""The judge is judged: each kind of fault is found, and nothing else."""

from typing import Any

import pytest

from tests.contract.conformance import answer_faults, check, error_faults, operations, schemas, shapes

PERSON: dict[str, Any] = {
    "id": 1,
    "username": "ann",
    "real_name": "",
    "avatar": None,
    "community_badge": False,
    "deleted": False,
}
SECTION: dict[str, Any] = {"id": 8, "name": "One", "dripped_at": None, "drip_delay": 0, "lessons_order": [9]}
LESSON: dict[str, Any] = {
    "id": 9,
    "name": "Limits",
    "type": "lesson",
    "status": "draft",
    "comments_enabled": True,
    "completion_status": "uncompleted",
}
QUESTION: dict[str, Any] = {
    "id": 1,
    "type": "single_choice",
    "image": None,
    "text": "2+2?",
    "answers": [{"id": 1, "text": "4", "correct": True, "selected": False}],
    "correct": True,
}
ATTEMPT: dict[str, Any] = {
    "id": 3,
    "created_at": "2026-11-23T10:00:00Z",
    "lesson_id": 9,
    "user": PERSON,
    "quiz_attempt": {
        "grade": 50,
        "result": "failed",
        "questions": [QUESTION],
        "num_attempts": 1,
        "passing_grade": 60,
        "correct_responses": 0,
    },
}
MEDIA: dict[str, Any] = {
    "id": 1,
    "added_at": "2026-11-23T10:00:00.5Z",
    "type": "image",
    "title": "",
    "description": "",
    "url": "https://example.org/a.png",
    "image": "https://example.org/a.png",
    "image_thumbnail": None,
    "image_width": 1,
    "image_height": 1,
    "order": 0,
    "embed": None,
}


@pytest.mark.parametrize(
    ("value", "type"),
    [
        (PERSON, "user_minimal"),
        (SECTION, "course_section"),
        ({**SECTION, "dripped_at": "2026-12-15T09:00:00Z"}, "course_section"),
        (ATTEMPT, "course_attempt"),
        (MEDIA, "media"),
        ({**MEDIA, "image_thumbnail": {"url": "/a"}}, "media"),
        ([LESSON, LESSON], "list(course_lesson_detail)"),
        (None, "course_attempt | null"),
        ("2026-11-23T10:00:00.123456Z", "string(date-time)"),
        ("2026-11-23", "string(date)"),
        ("", "enum ''/open/private/secret"),
        (None, "enum null/creator"),
        (1.5, "number"),
        ("x", "boolean | integer | string"),
    ],
)
def test_good_values_have_no_faults(value: Any, type: str) -> None:
    assert check(value, type) == []


@pytest.mark.parametrize(
    ("value", "type", "faults"),
    [
        ({**SECTION, "id": "8"}, "course_section", ["id: '8' is not integer"]),
        ({**SECTION, "id": True}, "course_section", ["id: True is not integer"]),
        ({**SECTION, "id": None}, "course_section", ["id: None is not integer"]),
        ({**SECTION, "drip_delay": 1.0}, "course_section", ["drip_delay: 1.0 is not integer"]),
        ({**SECTION, "name": None}, "course_section", ["name: None is not string"]),
        ({**SECTION, "lessons_order": None}, "course_section", ["lessons_order: None is not a list"]),
        ({**SECTION, "lessons_order": [9, "10"]}, "course_section", ["lessons_order[1]: '10' is not integer"]),
        (
            {**SECTION, "dripped_at": "2026-12-15T09:00:00+00:00"},
            "course_section",
            ["dripped_at: '2026-12-15T09:00:00+00:00' is not string(date-time)"],
        ),
        (
            {**SECTION, "dripped_at": "2026-12-15T09:00:00.000Z"},
            "course_section",
            ["dripped_at: '2026-12-15T09:00:00.000Z' is not string(date-time)"],
        ),
        ("2026-13-15T09:00:00Z", "string(date-time)", [": '2026-13-15T09:00:00Z' is not string(date-time)"]),
        ("20261115", "string(date)", [": '20261115' is not string(date)"]),
        ("a.png", "string(uri)", [": 'a.png' is not string(uri)"]),
        ({"id": 8}, "feature", ["name: is missing", "enabled: is missing"]),
        ({**SECTION, "course": 1}, "course_section", ["course: is not in the table"]),
        ({**PERSON, "deleted": 0}, "user_minimal", ["deleted: 0 is not boolean"]),
        ({**LESSON, "status": "open"}, "course_lesson_detail", ["status: 'open' is none of ['draft', 'published']"]),
        ({**LESSON, "status": None}, "course_lesson_detail", ["status: None is none of ['draft', 'published']"]),
        (None, "enum ''/open", [": None is none of ['', 'open']"]),
        ("", "enum null/creator", [": '' is none of [None, 'creator']"]),
        ([], "course_section", [": [] is not an object"]),
        ({}, "list(integer)", [": {} is not a list"]),
        ({**ATTEMPT, "user": None}, "course_attempt", ["user: None is not an object"]),
        ({**ATTEMPT, "quiz_attempt": None}, "course_attempt", ["quiz_attempt: None is not an object"]),
        (
            {**ATTEMPT, "quiz_attempt": {**ATTEMPT["quiz_attempt"], "questions": [{**QUESTION, "answers": [{}]}]}},
            "course_attempt",
            [
                f"quiz_attempt.questions[0].answers[0].{field}: is missing"
                for field in ("id", "text", "correct", "selected")
            ],
        ),
        ({**MEDIA, "image_thumbnail": {}}, "media", ["image_thumbnail.url: is missing"]),
        ([1], "list(integer) in, list(category) out", ["[0]: 1 is not an object"]),
        (
            {**ATTEMPT, "lesson_id": "9"},
            "course_attempt | null",
            ["lesson_id: '9' is not integer"],
        ),
    ],
)
def test_each_fault_is_found(value: Any, type: str, faults: list[str]) -> None:
    assert check(value, type) == faults


def test_fields_for_writing_only_must_not_be_there() -> None:
    course = dict.fromkeys(schemas()["course"])
    assert "image_original: must not be there" in check(course, "course")


def test_fields_that_an_operation_never_has() -> None:
    hidden = {"course_question.correct", "course_question_answer.correct", "course_question_answer.selected"}
    shown = {**QUESTION, "answers": [{"id": 1, "text": "4"}]}
    del shown["correct"]
    assert check(shown, "course_question", absent=hidden) == []
    assert check(QUESTION, "course_question", absent=hidden) == [
        "answers[0].correct: must not be there",
        "answers[0].selected: must not be there",
        "correct: must not be there",
    ]


def test_an_attempt_has_them_also_inside_an_answer_that_has_not() -> None:
    hidden = {"course_question.correct", "course_question_answer.selected"}
    assert check(ATTEMPT, "course_attempt", absent=hidden) == []
    assert check(ATTEMPT, "course_attempt", absent={"course_question_answer.correct"}) == [
        "quiz_attempt.questions[0].answers[0].correct: must not be there",
    ]


def test_the_comment_of_a_notification_is_there_for_comments_only() -> None:
    faults = check({"type": "user_added_to_course", "comment": {}}, "course_notification")
    assert "comment: must not be there" in faults
    faults = check({"type": "user_commented_a_course_lesson"}, "course_notification")
    assert "comment: is missing" in faults


@pytest.mark.parametrize(
    ("value", "answer", "faults"),
    [
        (None, "empty", []),
        ({}, "empty", [": {} is not empty"]),
        ({}, "empty or {}", []),
        ({"status": None}, "{status: join_status}", []),
        (
            {"status": ""},
            "{status: join_status}",
            ["status: '' is none of [None, 'creator', 'manager', 'joined', 'invited', 'requested']"],
        ),
        ({"count": 1}, "{count: integer}", []),
        ({"count": 1, "next": None, "previous": None, "results": [PERSON]}, "page(user_minimal)", []),
        ({"count": 1, "next": None, "previous": None}, "page(user_minimal)", [": is not a page"]),
        (
            {"count": 1, "next": "/?limit=1", "previous": None, "results": [{**PERSON, "id": 0.5}]},
            "page(user_minimal)",
            ["next: '/?limit=1' is not string(uri)", "results[0].id: 0.5 is not integer"],
        ),
        (
            {"id": 1, "name": "course", "enabled": True, "email": 1},
            "feature + {email, role}",
            ["email: 1 is not string", "role: is missing"],
        ),
        ({"errors": []}, "errors", ["errors: is empty"]),
    ],
)
def test_answers_as_the_table_writes_them(value: Any, answer: str, faults: list[str]) -> None:
    assert answer_faults(value, answer) == faults


def test_one_of_several_shapes_can_be_asked_for() -> None:
    table = operations()["join_or_accept_invite_to_course"].answers[200]
    assert shapes(table) == ["course_user_detail", "course_minimal"]
    assert answer_faults(SECTION, "course_section / feature") == []
    assert answer_faults(SECTION, "course_section / feature", shape="feature") != []


@pytest.mark.parametrize(
    ("value", "faults"),
    [
        ({"errors": [{"code": "not_found", "message": "Not found."}]}, []),
        ({"errors": [{"field": "name", "messages": [{"code": "blank", "message": "No."}]}]}, []),
        ({"detail": "Not found."}, [": is not errors"]),
        ({"errors": {}}, [": is not errors"]),
        ({"errors": [{"code": "not_found"}]}, ["errors[0].message: is missing"]),
        ({"errors": [{"field": "name", "messages": "No."}]}, ["errors[0].messages: 'No.' is not a list"]),
        (
            {"errors": [{"field": "name", "messages": [{"code": 1, "message": "No."}]}]},
            ["errors[0].messages[0].code: 1 is not string"],
        ),
        ({"errors": [{"field": "name"}]}, ["errors[0].messages: is missing"]),
        ({"errors": ["x"]}, ["errors[0]: 'x' is not an object"]),
    ],
)
def test_bodies_of_errors(value: Any, faults: list[str]) -> None:
    assert error_faults(value) == faults


def types(fields: dict[str, Any]) -> list[str]:
    """Every type that stands in a schema."""
    found = []
    for name, spec in fields.items():
        if name and isinstance(spec.get("type"), str):
            found.append(spec["type"])
        elif name:
            found += types(spec)
    return found


@pytest.mark.parametrize("name", sorted(schemas()))
def test_every_type_of_the_table_is_understood(name: str) -> None:
    for type in types(schemas()[name]):
        assert isinstance(check(object(), type), list)
