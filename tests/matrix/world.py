"""A course as everyone stands to it, and calls to it."""

import hashlib
import time
import uuid
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

import jwt
from django.conf import settings

from coursewright.accounts.models import User
from coursewright.comments.models import Comment
from coursewright.community.actions import set_preference
from coursewright.community.models import Category
from coursewright.courses.actions.courses import delete_course
from coursewright.courses.actions.lessons import delete_lesson
from coursewright.courses.actions.sections import delete_section
from coursewright.courses.models import Course, Lesson, Membership, Section
from coursewright.foundation import tallies
from coursewright.learning.actions.completions import complete_lesson, record_result
from coursewright.media.actions import create_link, receive_chunk, use_media
from coursewright.media.models import Media
from coursewright.notifications.models import Notification
from coursewright.quizzes.models import Attempt
from coursewright.recount import recount
from tests import factories
from tests.api.learners import lesson_path
from tests.client import Answer, Api
from tests.factories import NOW
from tests.matrix import oracle

Ids = dict[str, int]
"""Ids below the course, by their names in paths."""


class World(NamedTuple):
    """The course of one privacy, another one that the same people stand to, and what was deleted."""

    privacy: str
    people: dict[str, User]
    callers: dict[str, Api]
    course: Course
    section: Section
    category: Category
    places: dict[bool, dict[str, Ids]]
    """For a lesson (False) and a quiz (True) in the section: the ids that are right, and those that do not belong
    where they are, by what is wrong with them."""
    responses: list[dict[str, Any]]
    """What answers the quiz."""
    media: int
    uploads: dict[str, str]
    """A whole file, waiting to be made a media, by uploader."""
    deleted_course: int
    heard: int
    """The last notification."""


def make_world(privacy: str) -> World:
    """Nine callers and a course. It is open while they come to stand to it: a draft again has them all, too."""
    people = {name: factories.make_user(name, role="admin" if name == oracle.STAFF else "") for name in oracle.PEOPLE}
    creator, joined = people[oracle.CREATOR], people[oracle.JOINED]
    course, other, gone = (factories.make_course(creator, name) for name in ("Maths", "Physics", "Gone"))
    for each in (course, other, gone):
        factories.make_manager(each, people[oracle.MANAGER])
        factories.make_joined(each, joined)
    factories.make_invited(course, people[oracle.INVITED])
    factories.make_requested(course, people[oracle.REQUESTED])
    factories.make_left(course, people[oracle.LEFT])
    sections = Sections(*(factories.make_section(each) for each in (course, course, other, course)))
    factories.make_lesson(sections.here)
    callers = {name: Api(people.get(name)) for name in oracle.CALLERS}
    places = {is_quiz: _make_places(sections, is_quiz, callers) for is_quiz in (False, True)}
    delete_section(course.pk, sections.dead.pk, at=NOW, by=None)
    delete_course(gone.pk, at=NOW, by=None)
    quiz = Lesson.objects.get(pk=places[True][""]["lesson_id"])
    Course.objects.filter(pk=course.pk).update(privacy=privacy)
    recount()  # no one makes a course a draft again, so nothing has counted that
    return World(
        privacy=privacy,
        people=people,
        callers=callers,
        course=course,
        section=sections.here,
        category=factories.make_category(),
        places=places,
        responses=_responses(callers[oracle.CREATOR].get(lesson_path(quiz, "question/")).body),
        media=create_link(joined.pk, LINK, at=NOW),
        uploads={name: receive_chunk(person.pk, None, *FILE, at=NOW).pk for name, person in people.items()},
        deleted_course=gone.pk,
        heard=Notification.objects.latest("pk").pk,
    )


LINK = "https://example.org/"
PDF = b"%PDF-1.4"
MD5 = hashlib.md5(PDF, usedforsecurity=False).hexdigest()
FILE = ("notes.pdf", PDF, f"bytes 0-{len(PDF) - 1}/{len(PDF)}")


class Sections(NamedTuple):
    here: Section
    beside: Section
    abroad: Section
    """Of another course."""
    dead: Section
    """To be deleted."""


def _make_place(section: Section, quiz: bool, callers: dict[str, Api]) -> Ids:
    """A lesson with a comment, or a quiz with a comment, a question and an attempt, as their authors send them."""
    lesson = factories.make_lesson(section, type="quiz" if quiz else "lesson")
    ids = {"section_id": section.pk, "lesson_id": lesson.pk, **_make_inside(lesson, quiz, callers)}
    if quiz:
        responses = _responses(callers[oracle.JOINED].get(lesson_path(lesson, "question/")).body)
        ids["attempt_id"] = _made(callers[oracle.JOINED], lesson_path(lesson, "attempt/"), {"responses": responses})
    return ids


def _make_inside(lesson: Lesson, quiz: bool, callers: dict[str, Api]) -> Ids:
    """A comment, and a question of a quiz."""
    ids = {"comment_id": _made(callers[oracle.JOINED], lesson_path(lesson, "comment/"), {"text": "<p>Why?</p>"})}
    if quiz:
        ids["question_id"] = _made(callers[oracle.CREATOR], lesson_path(lesson, "question/"), RIGHT["course_question"])
    return ids


def _made(api: Api, path: str, body: Any) -> int:
    answer = api.post(path, body)
    assert answer.status in (200, 201), answer
    return int(answer.body["id"])


def _responses(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Selects the first option of each of the questions."""
    return [
        {"question_id": question["id"], "selected_options": [question["answers"][0]["id"]]} for question in questions
    ]


def _make_places(sections: Sections, quiz: bool, callers: dict[str, Api]) -> dict[str, Ids]:
    here, beside, abroad, inside_dead, dead = (
        _make_place(section, quiz, callers) for section in (*sections, sections.here)
    )
    delete_lesson(sections.here.course_id, sections.here.pk, dead["lesson_id"], at=NOW, by=None)
    strays = {
        "": here,
        "unknown section": {"section_id": oracle.UNKNOWN_ID},
        "section of another course": {"section_id": sections.abroad.pk},
        "deleted section": inside_dead,
        "section and lesson of another course": abroad,
        "another section of the course": {"section_id": sections.beside.pk},
        "unknown lesson": {"lesson_id": oracle.UNKNOWN_ID},
        "lesson of another section": {**beside, "section_id": sections.here.pk},
        "lesson of another course": {**abroad, "section_id": sections.here.pk},
        "deleted lesson": dead,
        "unknown inside": _inside(dict.fromkeys(here, oracle.UNKNOWN_ID)),
        "inside of another lesson": _inside(beside),
        "inside of another course": _inside(abroad),
        "deleted inside": _make_deleted(Lesson.objects.get(pk=here["lesson_id"]), quiz, callers),
    }
    return {name: {**here, **ids} for name, ids in strays.items()}


def _inside(place: Ids) -> Ids:
    return {name: id for name, id in place.items() if name not in ("section_id", "lesson_id")}


def _make_deleted(lesson: Lesson, quiz: bool, callers: dict[str, Api]) -> Ids:
    """Attempts cannot be deleted: there is none of that id."""
    ids = _make_inside(lesson, quiz, callers)
    for name, id in ids.items():
        answer = callers[oracle.CREATOR].delete(lesson_path(lesson, f"{name.removesuffix('_id')}/{id}/"))
        assert answer.status == 204, answer
    return {**ids, "attempt_id": oracle.UNKNOWN_ID}


SECTION_STRAYS = ("unknown section", "section of another course", "deleted section")
LESSON_STRAYS = (
    *SECTION_STRAYS,
    "section and lesson of another course",
    "another section of the course",
    "unknown lesson",
    "lesson of another section",
    "lesson of another course",
    "deleted lesson",
)


def arrange(world: World, operation: oracle.Operation, cell: oracle.Situation) -> None:
    """Makes the database as the cell has it."""
    if not cell.content_availability:
        set_preference("configurations.content_availability", False, at=NOW, by=None)
    if cell.courses_only_staff:
        set_preference("configurations.courses_only_staff_enabled", True, at=NOW, by=None)
    if cell.hide_member_count:
        Course.objects.filter(pk=world.course.pk).update(hide_member_count=True)
    if cell.lesson != oracle.Lesson():
        _arrange_lesson(world, _place(world, operation, cell, "")["lesson_id"], cell.lesson, cell.caller)
    if operation.who in oracle.FOR_UPLOADERS:
        _arrange_media(world, cell)
    if cell.author != oracle.JOINED:
        author, place = world.people[cell.author], _place(world, operation, cell, "")
        Comment.objects.filter(pk=place["comment_id"]).update(created_by=author)
        Attempt.objects.filter(pk=place.get("attempt_id", 0)).update(user=author)


def _arrange_lesson(world: World, lesson_id: int, lesson: oracle.Lesson, caller: str) -> None:
    Course.objects.filter(pk=world.course.pk).update(type=lesson.course_type, enforce_lessons_order=lesson.after_undone)
    dripped_at = None if lesson.opens_in is None else NOW + timedelta(seconds=lesson.opens_in)
    Section.objects.filter(pk=world.section.pk).update(dripped_at=dripped_at, drip_delay=lesson.drip_delay)
    Lesson.objects.filter(pk=lesson_id).update(
        status="published" if lesson.published else "draft", comments_enabled=lesson.comments
    )
    if lesson.done and caller in world.people:
        done = (world.course.pk, lesson_id, world.people[caller].pk)
        if Lesson.objects.get(pk=lesson_id).type == "quiz":
            tallies.add(record_result(*done, passed=True, at=NOW))
        else:
            complete_lesson(*done, at=NOW)


def _arrange_media(world: World, cell: oracle.Situation) -> None:
    Media.objects.filter(pk=world.media).update(uploader=world.people[cell.author])
    if cell.used:
        place = world.places[False][""]
        use_media(cell.used, place[f"{cell.used}_id"], [], [world.media])


def _place(world: World, operation: oracle.Operation, cell: oracle.Situation, stray: str) -> Ids:
    return world.places[operation.of_quiz or cell.lesson.quiz][stray]


def call(world: World, operation: oracle.Operation, cell: oracle.Situation) -> Answer:
    """Makes the call of a cell."""
    path = operation.path.format(**_ids(world, operation, cell))
    api = world.callers[cell.caller]
    query, body = _input(world, operation, cell)
    if operation.id == "upload_chunk":
        name, content, content_range = FILE
        return api.call(
            "POST",
            path,
            _multipart("image", name, content),
            content_type=f"multipart/form-data; boundary={BOUNDARY}",
            **{"Content-Range": content_range, **body},
        )
    if query:
        path += f"?{urlencode(query)}"
    return api.call(operation.method, path, body)


BOUNDARY = "boundary"


def _multipart(field: str, name: str, content: bytes) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def told(world: World) -> set[tuple[str, str]]:
    """Who was told of what since the world was made."""
    names = {person.pk: name for name, person in world.people.items()}
    found = Notification.objects.filter(pk__gt=world.heard).values_list("user_id", "type")
    return {(names[user], type) for user, type in found}


def standing(world: World, person: str) -> str | None:
    """How a person stands to the course now."""
    found = Membership.objects.filter(course=world.course, user=world.people[person]).values_list("status", flat=True)
    return found.first()


def _ids(world: World, operation: oracle.Operation, cell: oracle.Situation) -> Ids:
    here = world.course.pk
    if operation.path.startswith("/api/v2/category/"):
        here = world.category.pk
    elif operation.path.startswith("/api/v2/user/"):
        here = world.people[oracle.ONESELF].pk
    elif operation.path.startswith("/api/v2/media/"):
        here = world.media
    elif operation.path.startswith("/api/v2/dynamic_preference/"):
        here = 1
    id = {"here": here, "unknown": oracle.UNKNOWN_ID, "deleted": world.deleted_course}[cell.found]
    return {"id": id, **_place(world, operation, cell, cell.stray)}


def _input(world: World, operation: oracle.Operation, cell: oracle.Situation) -> tuple[dict[str, Any], Any]:
    """The query and the body of a cell."""
    query: dict[str, Any] = {"view": cell.view} if cell.view else {}
    if cell.target and "user" in operation.query:
        query["user"] = world.people[cell.target].pk if cell.target in world.people else oracle.UNKNOWN_ID
    if not operation.body:
        wrong = oracle.wrong_input(operation) if cell.wrong else None
        return {**query, **(wrong[0] if wrong else {})}, None
    wrong = oracle.wrong_input(operation) if cell.wrong else None
    return query, wrong[0] if wrong else _right_body(world, operation, cell)


def _right_body(world: World, operation: oracle.Operation, cell: oracle.Situation) -> dict[str, Any]:
    match operation.id:
        case "verify_jwt":
            return {"token": _jwt(world.people[oracle.OTHER])}
        case "update_preferences":
            return {"configurations.courses_enabled": False}
        case "invite_users_to_course" | "remove_invitation_to_course":
            return {"users": [world.people[oracle.person(operation, cell)].pk]}
        case "change_user_role_course":
            return {cell.role or "managers": [world.people[oracle.person(operation, cell)].pk]}
        case "create_media":
            return {"type": "url", "url": LINK}
        case "complete_upload":
            return {"upload_id": world.uploads.get(cell.caller, "none"), "type": "file", "md5": MD5}
        case "upload_chunk":
            return {}
        case "mark_read":
            return {"sids": ["nobody's"]}
        case "make_course_quiz_attempt":
            return {"responses": world.responses}
        case "create_a_course_quiz":
            return {"name": "New", "type": "quiz"}
    return RIGHT[operation.body]


RIGHT: dict[str, dict[str, Any]] = {
    "course": {"name": "New", "type": "structured"},
    "course_section": {"name": "New"},
    "course_lesson": {"name": "New", "type": "lesson"},
    "course_comment": {"text": "<p>New</p>"},
    "course_question": {
        "type": "single_choice",
        "text": "New",
        "answers": [{"text": "One", "correct": True}, {"text": "Two"}],
    },
    "category": {"name": "New", "slug": "new"},
    "user": {"real_name": "New"},
    "user_settings": {"qa_frequency": 0},
}
"""Right bodies, by schema: whole enough for POST and PUT, and a change to what is there."""


def _jwt(user: User) -> str:
    now = time.time()
    claims = {"user_id": user.pk, "token_type": "access", "exp": now + 60, "iat": now, "jti": uuid.uuid4().hex}
    return jwt.encode(claims, settings.JWT_SECRET, algorithm="HS256")
