"""Faults put into the server on purpose, one at a time: the matrix must see each of them."""

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec
import pytest

from coursewright.api import authentication
from coursewright.comments import queries as comments
from coursewright.courses import models
from coursewright.courses import queries as courses
from coursewright.courses import rules as course_rules
from coursewright.foundation import content
from coursewright.foundation.caller import Caller
from coursewright.foundation.errors import NotAuthenticated, NotFound, PermissionDenied
from coursewright.learning import rules
from coursewright.learning.queries import lessons, pages
from coursewright.quizzes import rules as quiz_rules
from coursewright.quizzes import shapes as quiz_shapes
from coursewright.quizzes.queries import attempts, questions
from tests.client import BUDGET
from tests.matrix.cells import Cells, by, faults_of, named, privacies
from tests.matrix.oracle import (
    CALLERS,
    CREATOR,
    INSIDE,
    INVITED,
    JOINED,
    LEFT,
    MANAGER,
    OPEN,
    OTHER,
    PRIVATE,
    REQUESTED,
    SECRET,
    Lesson,
    Situation,
)
from tests.matrix.world import LESSON_STRAYS, SECTION_STRAYS, World


def notices(world: World, cells: Cells) -> bool:
    """Whether a mismatch is found; the first one is enough."""
    return any(faults_of(world, operation, cell) for operation, cell in cells)


STANDINGS = (CREATOR, MANAGER, JOINED, INVITED, REQUESTED, None)
Views = dict[str, tuple[str | None, ...]]


def _with_one_entry_wrong(privacy: str) -> Iterator[Views]:
    """The row of the table of who sees what, with one entry wrong, in every way in which it can be."""
    for standing in STANDINGS:
        for view in ("full", "lock", None):
            if view != course_rules.seen(privacy, standing):
                row = {name: tuple(each for each in who if each != standing) for name, who in _row(privacy).items()}
                yield row if view is None else {**row, view: (*row[view], standing)}


def _row(privacy: str) -> Views:
    return course_rules.SEEN[privacy]


def _seen_at_all(views: Views) -> frozenset[str | None]:
    """Who sees the course or its lock screen; who does not stand to it lets everyone else in."""
    found = frozenset(standing for who in views.values() for standing in who)
    return frozenset(STANDINGS) if None in found else found


@privacies
def test_who_sees_what(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every entry of the table, changed to each of the two other answers."""
    privacy = world.privacy
    cells = by(CALLERS, named("get_course_info"), [Situation("", privacy)])
    wrong = list(_with_one_entry_wrong(privacy))
    assert len(wrong) == 6 * 2
    for views in wrong:
        with monkeypatch.context() as fault:
            fault.setitem(course_rules.SEEN, privacy, views)
            assert notices(world, cells), views


@privacies
def test_who_is_shown_what_in_lists(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same table as it is written into the SQL of the lists, which have what is seen at all."""
    privacy = world.privacy
    right = _row(privacy)
    cells = by(CALLERS, named("search_courses", "get_user_courses"), [Situation("", privacy)])
    wrong = {_seen_at_all(views): views for views in _with_one_entry_wrong(privacy)}
    wrong.pop(_seen_at_all(right), None)
    assert len(wrong) == {"": 6, "open": 1, "private": 1, "secret": 6}[privacy]
    for views in wrong.values():
        with monkeypatch.context() as fault:
            fault.setitem(course_rules.SEEN, privacy, views)
            fault.setattr(courses, "VISIBLE", courses._visible())
            fault.setitem(course_rules.SEEN, privacy, right)
            assert notices(world, cells), views


PLACES = {rules.Call.JOIN_OPEN: OPEN, rules.Call.JOIN_PRIVATE: PRIVATE, rules.Call.JOIN_OTHER: SECRET}
CALLS = {
    rules.Call.LEAVE: "leave_a_course",
    rules.Call.INVITE: "invite_users_to_course",
    rules.Call.UNINVITE: "remove_invitation_to_course",
    rules.Call.MAKE_MANAGER: "change_user_role_course",
    rules.Call.MAKE_JOINED: "change_user_role_course",
    rules.Call.UNJOIN: "change_user_role_course",
}
ROLES = {rules.Call.MAKE_MANAGER: "managers", rules.Call.MAKE_JOINED: "joined", rules.Call.UNJOIN: "unjoined"}


@pytest.mark.parametrize(
    "world, call",
    [pytest.param(PLACES.get(call, OPEN), call, id=call.name) for call in rules.Call],
    indirect=["world"],
)
def test_how_standings_change(world: World, call: rules.Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every entry of the table of transitions, and every one that is not in it, changed to each wrong standing."""
    privacy = world.privacy
    noticed = []
    for before in STANDINGS[1:]:
        person = before or LEFT
        if call in PLACES:
            cells = by([person], named("join_or_accept_invite_to_course"), [Situation("", privacy)])
        else:
            cell = Situation("", privacy, target=person, role=ROLES.get(call, ""))
            cells = by([CREATOR], named(CALLS[call]), [cell])
        for after in STANDINGS[1:]:
            if after != rules.moved(call, before):
                with monkeypatch.context() as fault:
                    fault.setitem(rules.TRANSITIONS[call], before, after)
                    fault.setitem(BUDGET, "write", 99)  # a wrong standing may tell people of it
                    if notices(world, cells):
                        noticed.append((before, after))
    # Who asked, and who does not stand to it, do not know of a secret course: nothing moves them.
    assert len(noticed) == (3 if call is rules.Call.JOIN_OTHER else 5) * 4


class Fault(NamedTuple):
    """What is put in the place of what, and the cells that must notice."""

    name: str
    target: str
    replacement: Any
    operations: tuple[str, ...]
    situations: tuple[Situation, ...] = (Situation("", OPEN),)


def _without(text: str, part: str) -> str:
    assert part in text
    return text.replace(part, "")


def _nothing(*args: object, **values: object) -> None:
    """In the place of a check or a write: does not do it."""


def _says_yes(*args: object) -> bool:
    return True


def _not_found(*args: object) -> None:
    raise NotFound


def _denied_first(caller: Caller, course_id: int) -> courses.Access:
    """403 to who cannot see the course at all."""
    try:
        return managed(caller, course_id)
    except NotFound:
        raise PermissionDenied from None


def _never_401(caller: Caller, course_id: int) -> courses.Access:
    try:
        return managed(caller, course_id)
    except NotAuthenticated:
        raise PermissionDenied from None


def _counts_shown(caller: Caller, course_id: int) -> courses.Access:
    return msgspec.structs.replace(access(caller, course_id), hide_member_count=False)


def _late(type: str, standing: str | None, opens_at: Any, now: Any) -> rules.Lock | None:
    """Opens an instant too late."""
    late = rules.Lock(rules.Reason.DATE, opens_at) if now == opens_at and standing == JOINED else None
    return section_lock(type, standing, opens_at, now) or late


def _dated_as(type: str) -> Callable[..., Any]:
    """Opens sections as courses of another type do."""
    return lambda _, *values: available_date(type, *values)


def _structured(course: courses.Access, *values: Any) -> rules.Lock | None:
    return locked(msgspec.structs.replace(course, type="structured"), *values)


def _any_section(model: Any, where: str, parameters: Any, *, at: Any) -> list[int]:
    return mark_deleted(model, where.replace(" AND course_id = %(course)s", ""), parameters, at=at)


def _any_lesson(course_id: int, section_id: int, lesson_id: int) -> content.Values:
    return content.lock(models.Lesson, lesson_id)


def _shown(question: quiz_rules.Question, *, managed: bool) -> quiz_shapes.CourseQuestion:
    return shown(question, managed=True)


def _attempted(snapshot: quiz_shapes.Snapshot, managed: bool) -> quiz_shapes.CourseQuestion:
    return attempted(snapshot, True)


def _anyone(request: Any, id: int) -> Caller:
    """In the place of who must be the person of that id."""
    return authentication.require_user(request)


shown, attempted, mark_deleted = questions.shown, attempts._attempted, content.mark_deleted
managed, access, locked = courses.managed, courses.access, lessons.locked
available_date, section_lock, lesson_lock = rules.available_date, rules.section_lock, rules.lesson_lock

CLOSED = (Situation("", OPEN, content_availability=False),)
STRAY_SECTIONS = tuple(Situation("", OPEN, stray=stray) for stray in SECTION_STRAYS)
STRAY_LESSONS = tuple(Situation("", OPEN, stray=stray) for stray in LESSON_STRAYS)
STRAY_INSIDE = tuple(Situation("", OPEN, stray=stray) for stray in INSIDE)
OF_OTHERS = (Situation("", OPEN, author=CREATOR),)
IN_USE = (Situation("", OPEN, author=OTHER, used="comment"),)
DELETED = (Situation("", OPEN, found="deleted"),)
HIDDEN = (Situation("", OPEN, hide_member_count=True),)
FOR_STAFF = (Situation("", OPEN, courses_only_staff=True),)
FOR_LEARNERS = ("get_course_lesson", "mark_complete_a_course_lesson", "mark_incomplete_a_course_lesson")


def _with(**lesson: Any) -> tuple[Situation, ...]:
    return (Situation("", OPEN, lesson=Lesson(**lesson)),)


LEARNING, COURSES = "coursewright.learning", "coursewright.courses"
QUIZZES, COMMENTS = "coursewright.quizzes", "coursewright.comments"
WRITES = ("update_a_course_comment", "patch_a_course_comment", "delete_a_course_comment")
LESSON_SQL = f"{LEARNING}.queries.lessons.OPENED"
FAULTS = (
    Fault("everyone manages", f"{COURSES}.rules.manages", _says_yes, ("patch_a_course",)),
    Fault("learners manage", f"{COURSES}.rules.manages", lambda who: who in STANDINGS[:3], ("patch_a_course",)),
    Fault("managers do not", f"{COURSES}.rules.manages", lambda who: who == CREATOR, ("patch_a_course",)),
    Fault("the creator does not", f"{COURSES}.rules.manages", lambda who: who == MANAGER, ("patch_a_course",)),
    Fault("managed is seen", f"{COURSES}.queries.managed", access, ("get_course_sections", "invite_users_to_course")),
    Fault(
        "403 before 404",
        f"{COURSES}.queries.managed",
        _denied_first,
        ("get_course_section",),
        (Situation("", SECRET),),
    ),
    Fault("403 for 401", f"{COURSES}.queries.managed", _never_401, ("delete_a_course_section",)),
    Fault(
        "all is full", f"{LEARNING}.queries.cards.CourseRow.full", True, ("get_course_info",), (Situation("", PRIVATE),)
    ),
    Fault("all is seen", f"{COURSES}.rules.seen", lambda *_: "full", ("get_course_status",), (Situation("", SECRET),)),
    Fault(
        "closed courses are read", f"{COURSES}.queries.require_reader", _nothing, ("get_course_joined_users",), CLOSED
    ),
    Fault("closed pages are read", f"{LEARNING}.queries.pages.require_reader", _nothing, ("get_course_info",), CLOSED),
    Fault("closed lists are read", f"{COURSES}.api.lists.require_reader", _nothing, ("search_courses",), CLOSED),
    Fault("closed people are read", "coursewright.accounts.api.require_reader", _nothing, ("get_user",), CLOSED),
    Fault(
        "closed categories are read",
        "coursewright.community.queries.require_reader",
        _nothing,
        ("get_category",),
        CLOSED,
    ),
    Fault("anyone creates", f"{COURSES}.api.courses.may_create_courses", _says_yes, ("create_a_course",), FOR_STAFF),
    Fault("anyone is told so", "coursewright.accounts.api.may_create_courses", _says_yes, ("permission",), FOR_STAFF),
    Fault(
        "anyone administers",
        "coursewright.community.api.require_admin",
        authentication.require_user,
        ("update_preferences", "create_category", "delete_category"),
    ),
    Fault(
        "hidden members are listed", f"{COURSES}.queries.access", _counts_shown, ("get_course_joined_users",), HIDDEN
    ),
    Fault(
        "hidden members are counted",
        f"{COURSES}.rules.shown_member_count",
        lambda count, *_: count,
        ("get_user_courses",),
        HIDDEN,
    ),
    Fault("the creator leaves", f"{LEARNING}.rules.CREATOR_STAYS", frozenset(), ("leave_a_course",)),
    Fault("the invited learn", f"{COURSES}.rules.LEARNERS", (*STANDINGS[:3], INVITED), FOR_LEARNERS),
    Fault("everyone learns", f"{COURSES}.rules.LEARNERS", STANDINGS, FOR_LEARNERS),
    Fault("nobody joined", f"{COURSES}.rules.LEARNERS", STANDINGS[:2], FOR_LEARNERS),
    Fault(
        "anonymous callers are asked to join",
        f"{LEARNING}.api.completions.require_user",
        attrgetter("caller"),
        FOR_LEARNERS[1:],
    ),
    Fault("drafts are read", f"{COURSES}.rules.PUBLISHED", "draft", FOR_LEARNERS, _with(published=False)),
    Fault(
        "nothing drips",
        f"{LEARNING}.rules.section_lock",
        _nothing,
        FOR_LEARNERS,
        _with(course_type="scheduled", opens_in=1),
    ),
    Fault(
        "dates open late",
        f"{LEARNING}.rules.section_lock",
        _late,
        FOR_LEARNERS,
        _with(course_type="scheduled", opens_in=0),
    ),
    Fault(
        "no date is open",
        f"{LEARNING}.rules.section_lock",
        lambda type, who, opens_at, now: section_lock(type, who, opens_at, now) if opens_at else None,
        FOR_LEARNERS,
        _with(course_type="scheduled"),
    ),
    Fault(
        "delays are dates",
        f"{LEARNING}.rules.available_date",
        _dated_as("scheduled"),
        FOR_LEARNERS,
        _with(course_type="structured", opens_in=-1, drip_delay=1),
    ),
    Fault(
        "dates are delays",
        f"{LEARNING}.rules.available_date",
        _dated_as("structured"),
        FOR_LEARNERS,
        _with(course_type="scheduled", opens_in=1),
    ),
    Fault(
        "all courses drip",
        f"{LEARNING}.queries.lessons.locked",
        _structured,
        FOR_LEARNERS,
        _with(drip_delay=1),
    ),
    Fault(
        "no order",
        f"{LEARNING}.rules.lesson_lock",
        lambda who, section, _: lesson_lock(who, section, None),
        FOR_LEARNERS,
        _with(after_undone=True),
    ),
    Fault(
        "managers are locked out",
        f"{COURSES}.queries.Access.managed",
        False,
        FOR_LEARNERS,
        _with(published=False),
    ),
    Fault(
        "quizzes are completed",
        f"{LEARNING}.actions.completions._hold_plain",
        _nothing,
        FOR_LEARNERS[1:],
        _with(quiz=True),
    ),
    Fault(
        "nothing is completed",
        f"{LEARNING}.actions.completions.complete_lesson",
        _nothing,
        ("mark_complete_a_course_lesson",),
    ),
    Fault("nothing is deleted", f"{COURSES}.actions.courses.delete_course", _nothing, ("delete_a_course",)),
    Fault(
        "deleted courses are managed",
        f"{COURSES}.queries.ACCESS",
        _without(courses.ACCESS, "AND c.deleted_at IS NULL"),
        ("get_course_sections",),
        DELETED,
    ),
    Fault(
        "deleted courses are read",
        f"{LEARNING}.queries.pages.COURSE",
        _without(pages.COURSE, "AND c.deleted_at IS NULL"),
        ("get_course_info",),
        DELETED,
    ),
    Fault(
        "any section is read",
        f"{COURSES}.queries.SECTION",
        _without(courses.SECTION, "AND s.course_id = %(course)s"),
        ("get_course_section",),
        STRAY_SECTIONS,
    ),
    Fault(
        "any section is deleted",
        "coursewright.foundation.content.mark_deleted",
        _any_section,
        ("delete_a_course_section",),
        STRAY_SECTIONS,
    ),
    Fault(
        "any section's lessons are read",
        f"{LEARNING}.queries.lessons.LESSONS",
        _without(lessons.LESSONS, "AND l.course_id = %(course)s"),
        ("get_course_lessons",),
        STRAY_SECTIONS,
    ),
    Fault(
        "any lesson is deleted",
        f"{COURSES}.actions.lessons.locked",
        _any_lesson,
        ("delete_a_course_lesson",),
        STRAY_LESSONS,
    ),
    Fault(
        "lessons of any section",
        LESSON_SQL,
        _without(lessons.OPENED, "AND l.section_id = %(section)s"),
        FOR_LEARNERS,
        STRAY_LESSONS,
    ),
    Fault(
        "lessons of any course",
        LESSON_SQL,
        _without(lessons.OPENED, "AND l.course_id = c.id"),
        FOR_LEARNERS,
        STRAY_LESSONS,
    ),
    Fault(
        "deleted lessons", LESSON_SQL, _without(lessons.OPENED, "AND l.deleted_at IS NULL"), FOR_LEARNERS, STRAY_LESSONS
    ),
    Fault(
        "the key is told",
        f"{QUIZZES}.queries.questions.shown",
        _shown,
        ("get_course_question", "get_course_questions", "get_course_lesson"),
        _with(quiz=True),
    ),
    Fault(
        "attempts tell the key",
        f"{QUIZZES}.queries.attempts._attempted",
        _attempted,
        ("get_course_attempt", "make_course_quiz_attempt"),
    ),
    Fault("any attempt is read", f"{QUIZZES}.rules.may_read_attempt", _says_yes, ("get_course_attempt",), OF_OTHERS),
    Fault("anyone writes comments", f"{COMMENTS}.rules.may_write", _says_yes, WRITES, OF_OTHERS),
    Fault("authors do not", f"{COMMENTS}.rules.may_write", lambda author, caller, manages: manages, WRITES),
    Fault("managers do not write", f"{COMMENTS}.rules.may_write", lambda author, who, _: author == who, WRITES),
    Fault(
        "locked lessons are open",
        f"{LEARNING}.queries.lessons.locked",
        _nothing,
        (*WRITES, "create_a_course_comment", "get_course_comment", "get_course_attempt", "make_course_quiz_attempt"),
        _with(after_undone=True),
    ),
    Fault(
        "comments are never off",
        LESSON_SQL,
        lessons.OPENED.replace("l.comments_enabled", "TRUE AS comments_enabled"),
        ("get_course_lesson_comments",),
        _with(comments=False),
    ),
    Fault(
        "comments are written when off",
        f"{COMMENTS}.queries.WRITER",
        comments.WRITER.replace("l.comments_enabled", "TRUE AS comments_enabled"),
        ("create_a_course_comment",),
        _with(comments=False),
    ),
    Fault(
        "comments of any lesson",
        f"{COMMENTS}.queries.COMMENT",
        _without(comments.COMMENT, "AND o.lesson_id = %(lesson)s"),
        ("get_course_comment",),
        STRAY_INSIDE,
    ),
    Fault(
        "deleted comments",
        f"{COMMENTS}.queries.COMMENT",
        _without(comments.COMMENT, "AND o.deleted_at IS NULL"),
        ("get_course_comment",),
        STRAY_INSIDE,
    ),
    Fault(
        "deleted questions",
        f"{QUIZZES}.queries.questions.QUESTIONS",
        _without(questions.QUESTIONS, "AND q.deleted_at IS NULL"),
        ("get_course_question",),
        STRAY_INSIDE,
    ),
    Fault(
        "attempts of any lesson",
        f"{QUIZZES}.queries.attempts.ONE_ATTEMPT",
        _without(attempts.ONE_ATTEMPT, "AND t.lesson_id = %(lesson)s"),
        ("get_course_attempt",),
        STRAY_INSIDE,
    ),
    Fault("any media is read", f"{COMMENTS}.queries.check_opens_one", _nothing, ("get_media", "delete_media"), IN_USE),
    Fault("no media is read", f"{COMMENTS}.queries.check_opens_one", _not_found, ("get_media", "delete_media"), IN_USE),
    Fault("media in use are deleted", f"{COMMENTS}.queries.is_shown", _nothing, ("delete_media",), IN_USE),
    Fault(
        "settings of others",
        "coursewright.notifications.api._oneself",
        _anyone,
        ("get_user_settings", "patch_user_settings"),
    ),
    Fault(
        "nobody is told",
        "coursewright.notifications.actions._notices",
        _nothing,
        ("create_a_course_comment", "invite_users_to_course", "change_user_role_course"),
    ),
)


def _named(fault: Fault) -> str:
    return fault.name


IN_OPEN = [fault for fault in FAULTS if fault.situations[0].privacy == OPEN]
ELSEWHERE = [fault for fault in FAULTS if fault not in IN_OPEN]


@pytest.mark.parametrize("world", [OPEN], indirect=True)
@pytest.mark.parametrize("fault", IN_OPEN, ids=_named)
def test_a_fault(world: World, fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of the operations notices it, and has nothing to say without it."""
    _assert_noticed(world, fault, monkeypatch)


@pytest.mark.parametrize(
    "world, fault",
    [pytest.param(fault.situations[0].privacy, fault, id=fault.name) for fault in ELSEWHERE],
    indirect=["world"],
)
def test_a_fault_elsewhere(world: World, fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, in a course that is not open."""
    _assert_noticed(world, fault, monkeypatch)


def _assert_noticed(world: World, fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    callers = (MANAGER, JOINED) if fault.situations in (STRAY_SECTIONS, STRAY_LESSONS, STRAY_INSIDE) else CALLERS
    for operation in fault.operations:
        cells = by(callers, named(operation), fault.situations)
        assert not notices(world, cells)
        with monkeypatch.context() as patched:
            patched.setattr(fault.target, fault.replacement)
            patched.setitem(BUDGET, "write", 99)  # what is put in the place may take more statements
            assert notices(world, cells), operation
