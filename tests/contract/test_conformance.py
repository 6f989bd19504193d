"""Every operation that is served, called over HTTP: its status, and its body by the tables and by the OpenAPI file."""

import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

import jwt
import pytest
from django.conf import settings
from PIL import Image

from coursewright.accounts.models import User
from tests.client import Answer, Api
from tests.contract import conformance, described
from tests.factories import (
    NOW,
    complete,
    make_category,
    make_course,
    make_invited,
    make_joined,
    make_lesson,
    make_manager,
    make_requested,
    make_section,
    make_user,
)


class Step(NamedTuple):
    """One call: what is asked by whom, and which of the table's answers is due."""

    id: str
    who: User | None
    ids: Mapping[str, int] = {}
    query: Mapping[str, Any] = {}
    body: Mapping[str, Any] | None = None
    status: int = 200
    shape: str | None = None
    filled: str = ""
    """A list in the body that must not be empty, or the check of its items would mean nothing."""


def steps() -> Iterator[Step]:
    """Makes a small community and walks through it, reading first and deleting last."""
    ann, max, leo, sue = (make_user(name, real_name=name.title()) for name in ("ann", "max", "leo", "sue"))
    ivy, rob, ada = make_user("ivy"), make_user("rob"), make_user("ada", role="admin")
    science = make_category("Science", image_original=Image.new("RGB", (8, 8)))
    arts = make_category("Arts", emotional_image_original=Image.new("RGB", (8, 8)))
    rich = {"categories": [science.pk, arts.pk], "image_original": Image.new("RGB", (8, 8)), "description": "Limits."}
    maths = make_course(ann, "Maths", type="scheduled", **rich)
    past = make_section(maths, "Past", dripped_at=NOW - timedelta(days=1))
    future = make_section(maths, "Future", dripped_at=NOW + timedelta(days=1, microseconds=500_000))
    lesson, draft = make_lesson(past, "Limits", text="<p>Hello</p>"), make_lesson(past, "Draft", status="draft")
    quiz, closed = make_lesson(past, "Quiz", type="quiz"), make_lesson(future, "Series")
    physics = make_course(ann, "Physics", type="structured", privacy="private", enforce_lessons_order=True)
    motion = make_lesson(make_section(physics, "Motion", drip_delay=2), "Falling")
    art = make_course(max, "Art", hide_member_count=True, categories=[science.pk])
    for course in (maths, physics):
        make_manager(course, max)
        make_joined(course, leo)
        make_invited(course, ivy)
    make_requested(physics, rob)
    complete(lesson, leo)

    in_maths = {"id": maths.pk}
    in_past = {**in_maths, "section_id": past.pk}
    at_lesson = {**in_past, "lesson_id": lesson.pk}
    at_quiz = {**in_past, "lesson_id": quiz.pk}
    at_draft = {**in_past, "lesson_id": draft.pk}
    at_closed = {**in_maths, "section_id": future.pk, "lesson_id": closed.pk}
    at_motion = {"id": physics.pk, "section_id": motion.section_id, "lesson_id": motion.pk}

    for who in (ann, max, leo, ivy, sue, None):
        yield Step("get_course_info", who, in_maths, shape="course_user_detail", filled="sections")
    for who in (ann, leo, ivy):
        yield Step("get_course_info", who, {"id": physics.pk}, shape="course_user_detail", filled="sections")
    for who in (rob, sue, None):
        yield Step("get_course_info", who, {"id": physics.pk}, shape="course_minimal")
    for who in (ann, max):
        yield Step("get_course_info", who, in_maths, {"view": "edit"}, shape="course_detail", filled="sections")
        yield Step("get_course_info", who, in_maths, {"view": "dashboard"}, shape="course_dashboard")
        yield Step("get_course_info", who, in_maths, {"user": leo.pk}, shape="course_user_detail")
        yield Step("get_course_info", who, {"id": physics.pk}, {"user": sue.pk}, shape="course_minimal")
    yield Step("get_course_info", leo, in_maths, {"view": "edit"}, status=403)
    yield Step("get_course_info", ann, in_maths, {"view": "x"}, status=400)
    yield Step("get_course_info", ann, in_maths, {"user": 999}, status=400)
    yield Step("get_course_info", ann, {"id": 999}, status=404)

    for who in (ann, leo, sue):
        yield Step("get_course_status", who, in_maths)
    for who in (ann, leo, sue, None):
        yield Step("get_course_joined_users", who, in_maths, filled="results")
    yield Step("get_course_joined_users", sue, {"id": physics.pk}, {"limit": 1}, filled="results")
    yield Step("get_course_joined_users", sue, {"id": art.pk}, status=403)
    yield Step("get_course_joined_users", ann, in_maths, {"statuses": "creator,manager"}, filled="results")
    yield Step("get_course_joined_users", ann, in_maths, {"limit": 0}, status=400)
    for id in ("get_course_invited_users", "specific_course_suggested_users", "get_course_dashboard_users"):
        yield Step(id, max, in_maths, filled="results")
        yield Step(id, leo, in_maths, status=403)
    yield Step("get_course_dashboard_users", ann, in_maths, {"statuses": "creator,joined"}, filled="results")
    yield Step("get_course_users_to_approve", max, {"id": physics.pk}, filled="results")

    yield Step("get_joined_courses", leo, filled="results")
    yield Step("get_joined_courses", ann, query={"statuses": '["creator"]', "limit": 1}, filled="results")
    for who in (ann, leo, sue, None):
        yield Step("search_courses", who, query={"search": "ph"}, filled="results")
        yield Step("search_courses", who, query={"categories": f"[{arts.pk}]"}, filled="results")
        yield Step("get_user_courses", who, {"id": leo.pk}, filled="results")
        yield Step("get_user_courses", who, {"id": max.pk}, {"statuses": "creator"}, filled="results")
    yield Step("search_courses", sue, query={"ordering": "x"}, status=400)
    yield Step("get_course_suggestion", leo, filled="results")

    yield Step("get_course_sections", max, in_maths, filled="")
    yield Step("get_course_section", max, in_past, filled="lessons_order")
    yield Step("get_course_section", leo, in_past, status=403)
    yield Step("get_course_lessons", max, in_past)
    for who in (ann, max, leo):
        yield Step("get_course_lesson", who, at_lesson)
        yield Step("get_course_lesson", who, at_quiz)
    yield Step("get_course_lesson", ann, at_draft)
    yield Step("get_course_lesson", leo, at_draft, status=404)
    yield Step("get_course_lesson", leo, at_closed, status=403)
    yield Step("get_course_lesson", leo, at_motion, status=403)
    yield Step("get_course_lesson", sue, at_lesson, status=403)

    yield Step("me", ann)
    yield Step("me", ada)
    yield Step("permission", sue)
    for who in (ann, None):
        yield Step("get_user", who, {"id": leo.pk})
        yield Step("search_users", who, query={"user": "a"}, filled="results")
        yield Step("list_categories", who, filled="results")
        yield Step("get_category", who, {"id": science.pk})
        yield Step("get_category", who, {"id": arts.pk})
        yield Step("list_preferences", who, filled="results")
        yield Step("get_preference", who, {"id": 1})
        yield Step("list_features", who, filled="results")
    yield Step("get_user", None, {"id": 999}, status=404)

    token = {"user_id": ann.pk, "token_type": "access", "exp": time.time() + 60, "iat": 1, "jti": "x"}
    yield Step("verify_jwt", None, body={"token": jwt.encode(token, settings.JWT_SECRET, "HS256")})
    yield Step("verify_jwt", None, body={"token": "x.y.z"}, status=401)
    yield Step("verify_jwt", None, body={}, status=400)

    yield Step("create_a_course", sue, body={"name": "Botany", "type": "structured"}, status=201)
    yield Step("create_a_course", sue, body={"name": "maths", "type": "x", "slug": "a b"}, status=400)
    yield Step("update_a_course", max, in_maths, body={"name": "Maths", "type": "scheduled"})
    yield Step("update_a_course", max, in_maths, body={}, status=400)
    yield Step("patch_a_course", ann, in_maths, body={"sections_order": [future.pk, past.pk]}, filled="sections_order")
    yield Step("create_a_course_section", max, in_maths, body={"name": "New"}, status=201)
    dated = {"name": "Past", "dripped_at": "2026-11-01T09:00:00.5Z"}
    yield Step("update_a_course_section", max, in_past, body=dated, filled="lessons_order")
    yield Step("patch_a_course_section", ann, in_past, body={"drip_delay": "3"})
    yield Step("patch_a_course_section", ann, in_past, body={"dripped_at": "tomorrow"}, status=400)
    yield Step("create_a_course_lesson", max, in_past, body={"name": "New", "type": "lesson"}, status=201)
    yield Step("create_a_course_quiz", max, in_past, body={"name": "New", "type": "quiz"}, status=201)
    yield Step("update_a_course_lesson", max, at_lesson, body={"name": "Limits", "type": "lesson", "text": "<b>x</b>"})
    yield Step("patch_a_course_lesson", ann, at_draft, body={"status": "published"})

    yield Step("mark_complete_a_course_lesson", leo, at_lesson, status=204)
    yield Step("mark_complete_a_course_lesson", leo, at_quiz, status=400)
    yield Step("mark_complete_a_course_lesson", leo, at_closed, status=403)
    yield Step("mark_incomplete_a_course_lesson", leo, at_lesson, status=204)
    yield Step("mark_incomplete_a_course_lesson", sue, at_lesson, status=403)

    yield Step("join_or_accept_invite_to_course", sue, in_maths, shape="course_user_detail", filled="sections")
    yield Step("join_or_accept_invite_to_course", ivy, {"id": physics.pk}, shape="course_user_detail")
    yield Step("join_or_accept_invite_to_course", sue, {"id": physics.pk}, shape="course_minimal")
    yield Step("join_or_accept_invite_to_course", ann, in_maths, shape="course_user_detail")
    yield Step("invite_users_to_course", max, in_maths, body={"users": [rob.pk, ann.pk]}, status=204)
    yield Step("invite_users_to_course", max, in_maths, body={"users": [999]}, status=400)
    yield Step("remove_invitation_to_course", max, in_maths, body={"users": [rob.pk, ann.pk]}, status=204)
    yield Step("change_user_role_course", max, in_maths, body={"managers": [sue.pk], "joined": [rob.pk]}, status=204)
    yield Step("change_user_role_course", max, in_maths, body={"unjoined": [ann.pk]}, status=403)
    yield Step("change_user_role_course", max, in_maths, body={}, status=400)
    yield Step("leave_a_course", sue, in_maths, status=204)
    yield Step("leave_a_course", ann, in_maths, status=403)
    yield Step("leave_a_course", ann, in_maths, {"user": rob.pk}, status=204)

    yield Step("update_preferences", ada, body={"configurations.payments_enabled": False}, filled="results")
    yield Step("update_preferences", ada, body={"x.y": 1}, status=400)
    yield Step("update_preferences", ann, body={}, status=403)
    yield Step("create_category", ada, body={"name": "Music", "slug": "music"}, status=201)
    yield Step("create_category", ann, body={}, status=403)
    yield Step("update_category", ada, {"id": arts.pk}, body={"name": "Arts", "slug": "arts", "slogan": None})
    yield Step("patch_category", ada, {"id": arts.pk}, body={"image_original": None, "html_info": "<b>x</b>"})
    yield Step("patch_category", ada, {"id": arts.pk}, body={"name": "science", "image_original": {}}, status=400)
    yield Step("delete_category", ada, {"id": arts.pk}, status=204)

    yield Step("delete_a_course_lesson", max, at_draft, status=204)
    yield Step("delete_a_course_section", max, in_past, status=204)
    yield Step("delete_a_course", ann, in_maths, status=204)
    yield Step("get_course_info", ann, in_maths, status=404)


def sent(step: Step) -> Answer:
    """The answer of the server."""
    operation = conformance.operations()[step.id]
    api, path = Api(step.who), operation.path.format(**step.ids)
    assert set(step.query) <= set(operation.query)
    return api.call(operation.method, f"{path}?{urlencode(step.query)}", step.body)


def verdict(step: Step, answer: Answer) -> list[str]:
    """All faults of an answer."""
    operation = conformance.operations()[step.id]
    if answer.status != step.status:
        return [f"the status is not {step.status}: {answer.body}"]
    if answer.status < 400:
        table = operation.answers[answer.status]
        faults = conformance.answer_faults(answer.body, table, shape=step.shape)
        if step.filled and not answer.body.get(step.filled):
            faults.append(f"{step.filled}: is empty")
    else:
        faults = conformance.error_faults(answer.body)
    return faults + described.answer_faults(operation, answer.status, answer.body)


def test_every_operation_conforms() -> None:
    lines, faulty, walked = [], [], set()
    for step in steps():
        answer = sent(step)
        faults = verdict(step, answer)
        lines.append(f"{step.id:36}{answer.status:5}  {'; '.join(faults) or 'conforms'}")
        walked |= {step.id} if answer.status < 400 else set()
        faulty += [lines[-1]] if faults else []
    print(*lines, sep="\n")  # noqa: T201 - the table, for who reads the output
    assert faulty == []
    assert walked == set(described.present()), "An operation is served and not walked (or the other way round)."


IDS = {"id": 1, "section_id": 1, "lesson_id": 1}


@pytest.mark.parametrize("operation", described.present().values(), ids=lambda it: it.id)
def test_credentials_are_asked_for_as_described(operation: conformance.Operation) -> None:
    """None: 401 unless the operation is described as public. A bad one: 401, but for what reads none."""
    path = operation.path.format_map(IDS)
    public = {} in described.of(operation).fields["security"]
    anonymous, bad = (api.call(operation.method, path) for api in (Api(), Api(token="x")))
    assert (anonymous.status == 401) == (not public)
    assert (bad.status == 401) == (operation.id != "verify_jwt")
    for answer in (anonymous, bad):
        assert described.answer_faults(operation, answer.status, answer.body) == []
