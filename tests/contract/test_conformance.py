"""Every operation that is served, called over HTTP: its status, and its body by the tables and by the OpenAPI file."""

import time
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import jwt
import pytest
from django.conf import settings
from PIL import Image
from pytest_django.fixtures import Settings

from coursewright.accounts.models import User
from coursewright.media import links
from tests.api import quizzes
from tests.api.threads import make_comment, make_document, make_reply
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
from tests.media import uploads

QUESTIONS = ("course_question.correct", "course_question_answer.selected")
"""Absent outside attempts (rules.md 1.14)."""
SOLUTION = ("course_question_answer.correct",)
"""Absent for learners, in an attempt too."""
ELSEWHERE = ("course_comment.replies", "course_comment.extras")
"""Absent where comments do not come course-wide."""


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
    absent: Collection[str] = ()
    """Fields of the tables that this answer does not have."""
    file: bytes = b""
    """A whole file to send in one piece, instead of a body."""


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
    question = quizzes.make_question(quiz, "First", image=Image.new("RGB", (8, 8)))
    quizzes.make_question(quiz, "Second")
    attempt = quizzes.attempt(quiz, leo, First="yes", Second="no")
    notes = make_document(leo)
    picture, text = uploads.png(8, 8), uploads.PDF
    uploaded = {kind: uploads.send(leo, content) for kind, content in (("image", picture), ("file", text))}
    asked = make_comment(lesson, leo, medias=[notes.pk])
    reply = make_reply(asked, max)

    in_maths = {"id": maths.pk}
    in_past = {**in_maths, "section_id": past.pk}
    at_lesson = {**in_past, "lesson_id": lesson.pk}
    at_quiz = {**in_past, "lesson_id": quiz.pk}
    at_question, at_attempt = {**at_quiz, "question_id": question.pk}, {**at_quiz, "attempt_id": attempt}
    at_comment, at_reply = {**at_lesson, "comment_id": asked.pk}, {**at_lesson, "comment_id": reply.pk}
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
    yield Step("get_course_lessons", max, in_past, absent=QUESTIONS)
    for who, hidden in ((ann, QUESTIONS), (max, QUESTIONS), (leo, QUESTIONS + SOLUTION)):
        yield Step("get_course_lesson", who, at_lesson)
        yield Step("get_course_lesson", who, at_quiz, filled="questions", absent=hidden)
        yield Step("get_course_questions", who, at_quiz, absent=hidden)
        yield Step("get_course_question", who, at_question, absent=hidden)
    yield Step("get_course_lesson", leo, at_quiz, filled="last_attempt", absent=QUESTIONS + SOLUTION)
    yield Step("get_course_lesson", ann, at_draft)
    yield Step("get_course_lesson", leo, at_draft, status=404)
    yield Step("get_course_lesson", leo, at_closed, status=403)
    yield Step("get_course_lesson", leo, at_motion, status=403)
    yield Step("get_course_lesson", sue, at_lesson, status=403)

    yield Step("get_course_questions", sue, at_quiz, status=403)
    yield Step("get_course_question", leo, {**at_quiz, "question_id": 999}, status=404)
    yield Step("get_course_attempt", leo, at_attempt, absent=SOLUTION)
    for who in (ann, max):
        yield Step("get_course_attempt", who, at_attempt)
    yield Step("get_course_attempt", leo, {**at_quiz, "attempt_id": 999}, status=404)
    yield Step("get_course_dashboard_quiz", max, in_maths, {"search": "quiz"}, filled="results")
    yield Step("get_course_dashboard_quiz", leo, in_maths, status=403)

    for who in (ann, max, leo):
        yield Step("get_course_lesson_comments", who, at_lesson, filled="results", absent=ELSEWHERE)
        replies = {"parent": asked.pk, "ordering": "-added_at"}
        yield Step("get_course_lesson_comments", who, at_lesson, replies, filled="results", absent=ELSEWHERE)
        yield Step("get_course_comment", who, at_comment, filled="latest_reply", absent=ELSEWHERE)
        yield Step("get_course_comment", who, at_reply, absent=ELSEWHERE)
    yield Step("get_course_lesson_comments", leo, at_lesson, {"ordering": "x"}, status=400)
    yield Step("get_course_lesson_comments", sue, at_lesson, status=403)
    yield Step("get_course_comment", leo, {**at_lesson, "comment_id": 999}, status=404)
    yield Step("get_course_comments", max, in_maths, filled="results", absent=("course_comment.latest_reply",))
    yield Step("get_course_comments", leo, in_maths, status=403)

    for who in (leo, max):
        yield Step("get_media", who, {"id": notes.pk})
    yield Step("get_media", sue, {"id": notes.pk}, status=403)
    for who in (ann, leo, ivy):
        yield Step("unseen_count", who)
        yield Step("list_notifications", who, filled="results")
    yield Step("list_notifications", leo, query={"next_id": "x"}, status=400)
    yield Step("get_user_settings", leo, {"id": leo.pk})
    yield Step("get_user_settings", leo, {"id": ann.pk}, status=403)
    yield Step("hidden_user_ids", leo)

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

    asks = {"type": "single_choice", "text": "Third", "answers": [{"text": "4", "correct": True}, {"text": "5"}]}
    yield Step("create_a_course_question", max, at_quiz, body=asks, status=201, absent=QUESTIONS)
    yield Step("create_a_course_question", max, at_quiz, body={**asks, "answers": []}, status=400)
    yield Step("create_a_course_question", max, at_lesson, body=asks, status=400)
    yield Step("create_a_course_question", leo, at_quiz, body=asks, status=403)
    yield Step("update_a_course_question", max, at_question, body=asks, filled="answers", absent=QUESTIONS)
    yield Step("update_a_course_question", max, at_question, body={"image": {}}, status=400)
    yield Step("patch_a_course_question", ann, at_question, body={"text": "First", "image": None}, absent=QUESTIONS)
    yield Step("patch_a_course_question", leo, at_question, body={}, status=403)
    yield Step("patch_a_course_lesson", ann, at_quiz, body={"questions_order": [question.pk]}, absent=QUESTIONS)
    right = quizzes.responses(First="4")
    yield Step("make_course_quiz_attempt", leo, at_quiz, body=right, absent=SOLUTION)
    yield Step("make_course_quiz_attempt", max, at_quiz, body=right)
    yield Step("make_course_quiz_attempt", leo, at_quiz, body={"responses": []}, status=400)
    yield Step("make_course_quiz_attempt", sue, at_quiz, body=right, status=403)
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

    said = {"text": "<p>Why?</p>", "parent": asked.pk, "in_reply_to": reply.pk}
    yield Step("create_a_course_comment", leo, at_lesson, body=said, status=201, absent=ELSEWHERE)
    yield Step("create_a_course_comment", leo, at_lesson, body={"medias": [notes.pk]}, status=201, absent=ELSEWHERE)
    yield Step("create_a_course_comment", leo, at_lesson, body={"text": " ", "parent": 999}, status=400)
    yield Step("create_a_course_comment", sue, at_lesson, body=said, status=403)
    yield Step("update_a_course_comment", leo, at_comment, body={"text": "So?"}, filled="medias", absent=ELSEWHERE)
    yield Step("update_a_course_comment", leo, at_reply, body={"text": "So?"}, status=403)
    yield Step("patch_a_course_comment", ann, at_reply, body={"text": "So?"}, absent=ELSEWHERE)
    yield Step("patch_a_course_comment", ann, at_reply, body={"text": ""}, status=400)

    yield Step("create_media", leo, body={"type": "url", "url": "https://example.org/limits"}, status=201)
    yield Step("create_media", leo, body={"type": "url", "url": "x"}, status=400)
    yield Step("upload_chunk", leo, file=picture, status=201)
    yield Step("upload_chunk", leo, status=400)
    for type, upload_id in uploaded.items():
        yield Step("complete_upload", leo, body={"upload_id": upload_id, "type": type}, status=201)
    yield Step("complete_upload", leo, body={"upload_id": "x", "type": "x"}, status=400)
    yield Step("complete_upload", leo, body={"upload_id": "x", "type": "file"}, status=404)
    yield Step("delete_media", leo, {"id": notes.pk}, status=409)
    yield Step("delete_media", leo, {"id": make_document(leo, "Spare").pk}, status=204)

    yield Step("mark_read", leo, body={"sids": ["n1", "x"]}, status=204)
    yield Step("mark_read", leo, body={}, status=400)
    yield Step("patch_user_settings", leo, {"id": leo.pk}, body={"qa_frequency": "0"})
    yield Step("patch_user_settings", leo, {"id": leo.pk}, body={"qa_frequency": 5}, status=400)
    yield Step("patch_user", leo, {"id": leo.pk}, body={"bio": "Limits.", "date_of_birth": "2001-02-03"})
    yield Step("patch_user", leo, {"id": leo.pk}, body={"gender": "x", "avatar": {}}, status=400)
    yield Step("patch_user", leo, {"id": ann.pk}, body={}, status=403)

    yield Step("update_preferences", ada, body={"configurations.payments_enabled": False}, filled="results")
    yield Step("update_preferences", ada, body={"x.y": 1}, status=400)
    yield Step("update_preferences", ann, body={}, status=403)
    yield Step("create_category", ada, body={"name": "Music", "slug": "music"}, status=201)
    yield Step("create_category", ann, body={}, status=403)
    yield Step("update_category", ada, {"id": arts.pk}, body={"name": "Arts", "slug": "arts", "slogan": None})
    yield Step("patch_category", ada, {"id": arts.pk}, body={"image_original": None, "html_info": "<b>x</b>"})
    yield Step("patch_category", ada, {"id": arts.pk}, body={"name": "science", "image_original": {}}, status=400)
    yield Step("delete_category", ada, {"id": arts.pk}, status=204)

    yield Step("delete_a_course_comment", leo, at_reply, status=403)
    yield Step("delete_a_course_comment", leo, at_comment, status=204)
    yield Step("delete_a_course_question", leo, at_question, status=403)
    yield Step("delete_a_course_question", max, at_question, status=204)
    yield Step("delete_a_course_lesson", max, at_draft, status=204)
    yield Step("delete_a_course_section", max, in_past, status=204)
    yield Step("delete_a_course", ann, in_maths, status=204)
    yield Step("get_course_info", ann, in_maths, status=404)


def sent(step: Step) -> Answer:
    """The answer of the server."""
    operation = conformance.operations()[step.id]
    api, path = Api(step.who), operation.path.format(**step.ids)
    assert set(step.query) <= set(operation.query)
    if step.file:
        return uploads.piece(step.who, step.file, f"bytes 0-{len(step.file) - 1}/{len(step.file)}")
    return api.call(operation.method, f"{path}?{urlencode(step.query)}", step.body)


def verdict(step: Step, answer: Answer) -> list[str]:
    """All faults of an answer."""
    operation = conformance.operations()[step.id]
    if answer.status != step.status:
        return [f"the status is not {step.status}: {answer.body}"]
    if answer.status < 400:
        table = operation.answers[answer.status]
        faults = conformance.answer_faults(answer.body, table, shape=step.shape, absent=step.absent)
        if step.filled and not answer.body.get(step.filled):
            faults.append(f"{step.filled}: is empty")
    else:
        faults = conformance.error_faults(answer.body)
    return faults + described.answer_faults(operation, answer.status, answer.body)


def unreachable(host: str, port: int) -> list[str]:
    """Instead of looking up a host name: a link is kept without what its page says."""
    raise OSError(host)


def test_every_operation_conforms(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(links, "resolve", unreachable)
    lines, faulty, walked = [], [], set()
    for step in steps():
        answer = sent(step)
        faults = verdict(step, answer)
        lines.append(f"{step.id:36}{answer.status:5}  {'; '.join(faults) or 'conforms'}")
        walked |= {step.id} if answer.status < 400 else set()
        faulty += [lines[-1]] if faults else []
    print(*lines, sep="\n")  # noqa: T201 - the table, for who reads the output
    assert faulty == []
    assert walked == set(conformance.operations()), "A row of the table is not walked."


IDS = {"id": 1, "section_id": 1, "lesson_id": 1, "question_id": 1, "attempt_id": 1, "comment_id": 1}


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
