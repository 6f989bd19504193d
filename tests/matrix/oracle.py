"""What the contract says that a call answers, written from it alone: nothing here knows how the server does it.

Sections of rules.md are named where they decide. Standard library only.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

CREATOR, MANAGER, JOINED, INVITED, REQUESTED = "creator", "manager", "joined", "invited", "requested"
LEFT, OTHER, STAFF, ANONYMOUS = "left", "other user", "staff", "anonymous"
CALLERS = (CREATOR, MANAGER, JOINED, INVITED, REQUESTED, LEFT, OTHER, STAFF, ANONYMOUS)
PEOPLE = CALLERS[:-1]
NOBODY = "nobody"
"""A person who does not exist."""

DRAFT, OPEN, PRIVATE, SECRET = "", "open", "private", "secret"
PRIVACIES = (DRAFT, OPEN, PRIVATE, SECRET)

FULL, LOCK_SCREEN, NOT_THERE = "full", "lock screen", None
SEEN = {  # rules.md 3, the table: manager, joined, invited, requested, other user, anonymous
    DRAFT: (FULL, NOT_THERE, NOT_THERE, NOT_THERE, NOT_THERE, NOT_THERE),
    OPEN: (FULL, FULL, FULL, FULL, FULL, FULL),
    PRIVATE: (FULL, FULL, FULL, LOCK_SCREEN, LOCK_SCREEN, LOCK_SCREEN),
    SECRET: (FULL, FULL, FULL, NOT_THERE, NOT_THERE, NOT_THERE),
}
COLUMN = {CREATOR: 0, MANAGER: 0, JOINED: 1, INVITED: 2, REQUESTED: 3, LEFT: 4, OTHER: 4, STAFF: 4, ANONYMOUS: 5}

UNKNOWN_ID = 10**9

INSIDE = ("unknown inside", "inside of another lesson", "inside of another course", "deleted inside")
"""Strays that are a comment, a question or an attempt; all others are a section or a lesson."""

Errors = tuple[tuple[str, str], ...]
"""Fields with their codes; an error without a field has the field ``""``."""


class Operation(NamedTuple):
    """A row of operations.yaml."""

    id: str
    method: str
    path: str
    who: str
    body: str
    """The schema that goes in; "" if none, "..." if the table describes it in words."""
    query: tuple[str, ...]
    answers: Mapping[int, str]
    """Schemas by status. Without any, the path has no such method."""

    @property
    def of_course(self) -> bool:
        return self.path.startswith("/api/v2/course/{id}/")

    @property
    def of_quiz(self) -> bool:
        """Whether the lesson in its path is a quiz."""
        return "/question/" in self.path or "/attempt/" in self.path

    @property
    def inside(self) -> tuple[str, ...]:
        """The ids in its path below the course's, outermost first."""
        return tuple(part[1:-1] for part in self.path.split("/") if part.startswith("{"))[1:]


class Lesson(NamedTuple):
    """The lesson in the path, and what decides whether it is open. Learners joined at the present instant."""

    published: bool = True
    quiz: bool = False
    """A quiz; what is of a quiz only has one in its path anyway."""
    comments: bool = True
    done: bool = False
    """The caller completed it."""
    course_type: str = "self-paced"
    opens_in: int | None = None
    """Seconds until the section's ``dripped_at``; None: it has no date."""
    drip_delay: int = 0
    """Days."""
    after_undone: bool = False
    """The course enforces the order, and the lesson before this one is not completed by the caller."""


class Situation(NamedTuple):
    """One cell: who calls, about what, with what input."""

    caller: str
    privacy: str
    wrong: bool = False
    """The body, or the query where there is no body, is wrong: see ``WRONG`` and ``WRONG_QUERY``."""
    found: str = "here"
    """The thing that ``{id}`` names: ``here``, ``unknown`` or ``deleted``."""
    stray: str = ""
    """Which id below the course does not belong where it is, and how; "" if all do."""
    lesson: Lesson = Lesson()
    view: str = ""
    """``view`` of a course."""
    target: str = ""
    """The person who is invited, given a role, removed, or emulated."""
    role: str = ""
    """The list of ``role/`` that the target is in."""
    author: str = JOINED
    """Whose the comment, the attempt or the media in the path is."""
    used: str = ""
    """Where the media is shown: in the ``lesson``, in a ``comment`` on it, or nowhere."""
    content_availability: bool = True
    courses_only_staff: bool = False
    hide_member_count: bool = False


class Expected(NamedTuple):
    """What must come back, and what must have happened."""

    status: int
    errors: Errors = ()
    shape: str = ""
    """The schema of the answer, as operations.yaml writes it."""
    changes: bool = False
    """Whether the database is another one afterwards."""
    standing: tuple[str, str | None] | None = None
    """How a person stands to the course afterwards."""
    values: Mapping[str, Any] = {}
    """What fields of the answer must be."""
    lists: bool | None = None
    """Whether the course is in the list; None: it is no list of courses."""
    listed: Mapping[str, Any] = {}
    """What fields of the course in the list must be."""
    without: frozenset[str] = frozenset()
    """Fields of the schema that this answer never has (rules.md 1.14)."""
    key_shown: bool = False
    """Whether the caller is told which answers of a question are correct."""
    told: frozenset[tuple[str, str]] | None = frozenset()
    """Who is told of it, and what (rules.md 10); None: of a course that they cannot see."""


WRONG: dict[str, tuple[dict[str, Any], Errors]] = {
    "course": ({"type": "x", "name": ""}, (("name", "blank"), ("type", "invalid_choice"))),
    "course_section": ({"drip_delay": -1, "name": None}, (("name", "null"), ("drip_delay", "min_value"))),
    "course_lesson": (
        {"passing_grade": 101, "type": "x", "name": "n" * 256},
        (("name", "max_length"), ("type", "invalid_choice"), ("passing_grade", "max_value")),
    ),
    "course_comment": ({"text": "<p> </p>", "parent": "x"}, (("text", "blank"), ("parent", "invalid"))),
    "course_question": (
        {"type": "single_choice", "text": "", "answers": [{"text": "One", "correct": True}]},
        (("text", "blank"), ("answers", "invalid")),
    ),
    "course_make_attempt": ({}, (("responses", "required"),)),
    "user": ({"gender": "x", "website": "nothing"}, (("gender", "invalid_choice"), ("website", "invalid"))),
    "user_settings": (
        {"show_toast_notifications": "x", "toast_notifications_emit_sound": None},
        (("show_toast_notifications", "invalid"), ("toast_notifications_emit_sound", "null")),
    ),
    "create_media": ({"type": "x", "url": "nothing"}, (("type", "invalid_choice"), ("url", "invalid"))),
    "upload_chunk": ({"Content-Range": "bytes 1-0/2"}, (("", "invalid_range"),)),
    "complete_upload": ({}, (("upload_id", "required"), ("type", "required"))),
    "mark_read": ({}, (("sids", "required"),)),
    "category": ({"slug": "", "name": None, "order": "x"}, (("order", "invalid"), ("name", "null"), ("slug", "blank"))),
    "invite_users_to_course": ({}, (("users", "required"),)),
    "remove_invitation_to_course": ({"users": [UNKNOWN_ID]}, (("users", "does_not_exist"),)),
    "change_user_role_course": ({"managers": [UNKNOWN_ID]}, (("managers", "does_not_exist"),)),
    "update_preferences": (
        {"configurations.courses_enabled": "maybe"},
        (("configurations.courses_enabled", "invalid"),),
    ),
    "verify_jwt": ({}, (("token", "required"),)),
}
"""Wrong bodies, by schema or by operation, and what they are answered: every fault, in the schema's order (1.9)."""

WRONG_QUERY: dict[str, tuple[dict[str, str], Errors]] = {
    "limit": ({"limit": "many"}, (("limit", "invalid"),)),
    "view": ({"view": "nothing"}, (("view", "invalid_choice"),)),
}


def wrong_input(operation: Operation) -> tuple[dict[str, Any], Errors] | None:
    """A wrong body, or a wrong query where there is no body, with what it is answered; None: there is none."""
    if operation.body:
        return WRONG.get(operation.id) or WRONG[operation.body]
    return next((WRONG_QUERY[name] for name in operation.query if name in WRONG_QUERY), None)


def standing(caller: str) -> str | None:
    """``join_status``."""
    return caller if caller in (CREATOR, MANAGER, JOINED, INVITED, REQUESTED) else None


def sees(privacy: str, caller: str) -> str | None:
    """What there is of a course for someone."""
    return SEEN[privacy][COLUMN[caller]]


def manages(caller: str) -> bool:
    return caller in (CREATOR, MANAGER)


def locked(lesson: Lesson) -> bool:
    """rules.md 6, for someone who joined."""
    if lesson.course_type == "scheduled" and (lesson.opens_in is None or lesson.opens_in > 0):
        return True
    if lesson.course_type == "structured" and lesson.drip_delay > 0:
        return True
    return lesson.after_undone


NEEDS_NOBODY = {
    "anyone",
    "anyone; only courses the caller can view",
    "reader",
    "reader (anyone, or any user when content_availability is false)",
    "viewer",
    "viewer; manager when hide_member_count",
}
"""Words of ``who`` under which anonymous callers are welcome; all others need credentials."""
FOR_MANAGERS = {"manager"}
FOR_LEARNERS = {"learner"}
FOR_AUTHORS = {"author or manager", "author of the attempt or manager"}
FOR_UPLOADERS = {"uploader, or who may open a lesson or comment it is used in", "uploader or manager (rules.md 9)"}
FOR_ONESELF = {"that user"}
ONESELF = MANAGER
"""The person whom ``/user/{id}/`` names."""
FOR_ADMINS = {"admin"}
FOR_EVERY_USER = {
    "user",
    "user who can view the course",
    "user; manager when the user parameter is passed",
    "user (staff only when the preference courses_only_staff_enabled is true)",
}
WORDS = (
    NEEDS_NOBODY | FOR_MANAGERS | FOR_LEARNERS | FOR_AUTHORS | FOR_UPLOADERS | FOR_ONESELF | FOR_ADMINS | FOR_EVERY_USER
)
LEARNING = (CREATOR, MANAGER, JOINED)
"""Who may open lessons."""


def refusals(operation: Operation, cell: Situation) -> Iterator[tuple[int, Errors]]:
    """Every reason to refuse, in the order in which they are judged (rules.md 1.11): the first one is the answer."""
    who, caller = operation.who, cell.caller
    if not operation.answers:
        yield 405, (("", "method_not_allowed"),)
    if caller == ANONYMOUS:
        reads_content = who in NEEDS_NOBODY and who != "anyone"
        if who not in NEEDS_NOBODY or (reads_content and not cell.content_availability):
            yield 401, (("", "not_authenticated"),)
    not_found = 404, (("", "not_found"),)
    if cell.found != "here" or (operation.of_course and sees(cell.privacy, caller) is NOT_THERE):
        yield not_found
    denied = 403, (("", "permission_denied"),)
    if for_managers(operation, cell) and not manages(caller):
        yield denied
    if who in FOR_ADMINS and caller != STAFF:
        yield denied
    if "staff only" in who and cell.courses_only_staff and caller != STAFF:
        yield denied
    if who in FOR_ONESELF and caller != ONESELF:
        yield denied
    of_learners = who in FOR_LEARNERS | FOR_AUTHORS
    if of_learners and caller not in LEARNING:
        yield 403, (("", "not_joined"),)
    if cell.stray and cell.stray not in INSIDE:
        yield not_found
    if of_learners and not manages(caller):
        if not cell.lesson.published:
            yield not_found
        if locked(cell.lesson):
            yield 403, (("", "lesson_locked"),)
    if cell.stray:
        yield not_found
    if who in FOR_AUTHORS and caller != cell.author and not manages(caller):
        # A comment is there for everyone who may open the lesson, another learner's attempt is not.
        yield denied if who == "author or manager" else not_found
    if who in FOR_UPLOADERS:
        yield from media_refusals(operation, cell)
    if operation.id == "create_a_course_comment" and not cell.lesson.comments:
        yield 403, (("", "comments_disabled"),)
    yield from invalid(operation, cell)
    if operation.id in ("leave_a_course", "change_user_role_course") and person(operation, cell) == CREATOR:
        yield denied


def media_refusals(operation: Operation, cell: Situation) -> Iterator[tuple[int, Errors]]:
    """rules.md 6 and 9: a media is there for who uploaded it, and for who may open what it is used in."""
    not_found = 404, (("", "not_found"),)
    if cell.caller != cell.author:
        if not cell.used or sees(cell.privacy, cell.caller) is NOT_THERE:
            yield not_found
        if cell.caller not in LEARNING:
            yield 403, (("", "not_joined"),)
        if not manages(cell.caller) and not cell.lesson.published:
            yield not_found
        if not manages(cell.caller) and locked(cell.lesson):
            yield 403, (("", "lesson_locked"),)
        if operation.method == "DELETE" and not manages(cell.caller):
            yield 403, (("", "permission_denied"),)
    if operation.method == "DELETE" and cell.used:
        yield 409, (("", "in_use"),)


def for_managers(operation: Operation, cell: Situation) -> bool:
    """Whether this call, with these parameters, is one for managers."""
    match operation.id:
        case "get_course_info":
            return cell.view in ("edit", "dashboard") or bool(cell.target)
        case "get_course_joined_users":
            return cell.hide_member_count
        case "leave_a_course":
            return bool(cell.target)
    return operation.who in FOR_MANAGERS


def person(operation: Operation, cell: Situation) -> str:
    """Whose standing a call is about."""
    if operation.id == "remove_invitation_to_course":
        return cell.target or INVITED
    if operation.id in ("invite_users_to_course", "change_user_role_course"):
        return cell.target or OTHER
    return cell.target or cell.caller


def invalid(operation: Operation, cell: Situation) -> Iterator[tuple[int, Errors]]:
    """What is wrong with the input."""
    if cell.wrong:
        found = wrong_input(operation)
        assert found, operation.id
        yield 400, found[1]
    if operation.id.startswith("mark_") and cell.lesson.quiz:
        yield 400, (("", "quiz_needs_attempt"),)
    if operation.id == "leave_a_course" and cell.target == NOBODY:
        yield 404, (("", "not_found"),)
    if operation.id == "get_course_info" and cell.target == NOBODY:
        yield 400, (("user", "does_not_exist"),)
    if operation.id == "get_course_info" and cell.target:
        if cell.view in ("edit", "dashboard"):
            yield 400, (("user", "invalid"),)
        if sees(cell.privacy, cell.target) is NOT_THERE:
            yield 404, (("", "not_found"),)


def expected(operation: Operation, cell: Situation) -> Expected:
    """What the call is answered and what it does."""
    refused = next(refusals(operation, cell), None)
    if refused:
        return Expected(*refused)
    status, shape = next(iter(operation.answers.items()))
    done = Expected(status, shape=shape, without=_absent(operation), key_shown=manages(cell.caller))
    match operation.id:
        case "get_course_info":
            return _page(done, cell, person(operation, cell))
        case "get_course_status":
            return done._replace(values={"status": standing(cell.caller)})
        case "join_or_accept_invite_to_course":
            return _join(done, cell)
        case "leave_a_course" | "invite_users_to_course" | "remove_invitation_to_course" | "change_user_role_course":
            return _moved(done, operation, cell)
        case "mark_complete_a_course_lesson":
            return done._replace(changes=not cell.lesson.done)
        case "mark_incomplete_a_course_lesson":
            return done._replace(changes=cell.lesson.done)
        case "get_joined_courses" | "search_courses" | "get_course_suggestion" | "get_user_courses":
            return _listed(done, operation, cell)
        case "me" | "permission":
            may = cell.caller == STAFF or not cell.courses_only_staff
            return done._replace(values={"create_course": may} if operation.id == "permission" else {})
        case "verify_jwt" | "mark_read":
            return done
        case "list_notifications":
            return done._replace(changes=heard(cell) != 0)
        case "unseen_count":
            count = heard(cell)
            return done._replace(values={} if count is None else {"count": count})
        case "create_a_course_comment":
            managers = frozenset((CREATOR, MANAGER)) - {cell.caller}
            return done._replace(
                changes=True, told=frozenset((each, "user_commented_a_course_lesson") for each in managers)
            )
        case "get_course_lesson_comments" if not cell.lesson.comments:
            return done._replace(values={"count": 0})
    return done._replace(changes=operation.method != "GET")


def _absent(operation: Operation) -> frozenset[str]:
    """rules.md 1.14."""
    if operation.id == "get_course_comments":
        return frozenset({"latest_reply"})
    if "course_comment" in operation.answers.get(200, operation.answers.get(201, "")):
        return frozenset({"replies", "extras"})
    return frozenset({"correct"}) if operation.of_quiz and "/question/" in operation.path else frozenset()


def heard(cell: Situation) -> int | None:
    """How much is new for the caller in the world as it is made; None: managers heard more than once."""
    if manages(cell.caller):
        return None
    in_course = cell.caller in (JOINED, INVITED, LEFT) and sees(cell.privacy, cell.caller) is not NOT_THERE
    return in_course + (cell.caller == JOINED)  # who joined was put into the other course, too


def _page(done: Expected, cell: Situation, person: str) -> Expected:
    shapes = {"edit": "course_detail", "dashboard": "course_dashboard"}
    shape = shapes.get(cell.view, "course_user_detail" if sees(cell.privacy, person) == FULL else "course_minimal")
    return done._replace(shape=shape, values={"join_status": standing(person)})


def _join(done: Expected, cell: Situation) -> Expected:
    """rules.md 4; what is 404 is settled before."""
    before = standing(cell.caller)
    after = before
    if before == INVITED or (before in (None, REQUESTED) and cell.privacy == OPEN):
        after = JOINED
    elif before is None and cell.privacy == PRIVATE:
        after = REQUESTED
    asked = after == REQUESTED and before is None
    return done._replace(
        shape="course_minimal" if after == REQUESTED else "course_user_detail",
        changes=after != before,
        standing=(cell.caller, after),
        values={"join_status": after},
        told=frozenset((each, "user_requested_to_join_course") for each in (CREATOR, MANAGER) if asked),
    )


def _moved(done: Expected, operation: Operation, cell: Situation) -> Expected:
    """rules.md 4; the creator is refused before."""
    who = person(operation, cell)
    before = after = standing(who)
    match operation.id, cell.role or "managers":
        case ("leave_a_course", _) | (_, "unjoined"):
            after = None
        case "invite_users_to_course", _:
            after = {None: INVITED, REQUESTED: JOINED}.get(before, before)
        case "remove_invitation_to_course", _:
            after = None if before == INVITED else before
        case _, "managers":
            after = MANAGER
        case _, "joined":
            after = JOINED
    told: frozenset[tuple[str, str]] | None = frozenset()
    if after != before and who != cell.caller and told_of(before, after):
        told = None if sees(cell.privacy, after or OTHER) is NOT_THERE else frozenset({(who, told_of(before, after))})
    return done._replace(changes=after != before, standing=(who, after), told=told)


def told_of(before: str | None, after: str | None) -> str:
    """rules.md 10: what someone is told whose standing another person changed; "" for nothing."""
    if after == JOINED:
        return {REQUESTED: "user_accepted_to_join_course", MANAGER: ""}.get(before or "", "user_added_to_course")
    return {INVITED: "user_invited_to_join_course", MANAGER: "manager_added_to_course"}.get(after or "", "")


def _listed(done: Expected, operation: Operation, cell: Situation) -> Expected:
    """Whether the lists of rules.md 3 have the course; ``get_user_courses`` is asked about the manager."""
    own = standing(cell.caller)
    there = sees(cell.privacy, cell.caller) is not NOT_THERE
    match operation.id:
        case "get_joined_courses":
            there = there and own in (MANAGER, JOINED)
        case "get_course_suggestion":
            there = cell.privacy in (OPEN, PRIVATE) and own is None
    listed: dict[str, Any] = {"join_status": own, "privacy": cell.privacy}
    if operation.id == "get_user_courses":
        listed["member_count"] = None if cell.hide_member_count and not manages(cell.caller) else 2
    return done._replace(lists=there, listed=listed)
