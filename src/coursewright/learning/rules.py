"""What is open to whom, and how progress counts. Pure: values and ``now`` in, an answer out (rules.md 4 and 6)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple, Protocol

from coursewright.courses.rules import INVITED, JOINED, MANAGER, MANAGERS, REQUESTED, SCHEDULED, STRUCTURED, Standing

COMPLETED, FAILED, UNCOMPLETED = "completed", "failed", "uncompleted"


class Reason(Enum):
    """Why a lesson is closed."""

    NOT_JOINED = "not_joined"
    NO_DATE = "no_date"
    DATE = "date"
    ORDER = "order"


class Lock(NamedTuple):
    """A closed door: why, when it opens by itself if that is known, and the name of the lesson that comes first."""

    reason: Reason
    opens_at: datetime | None = None
    first: str | None = None


class Lesson(Protocol):
    """A published lesson, and whether the person completed it."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def completed(self) -> bool: ...


class Section(Protocol):
    """A section with its published lessons in their order."""

    @property
    def id(self) -> int: ...
    @property
    def dripped_at(self) -> datetime | None: ...
    @property
    def drip_delay(self) -> int: ...
    @property
    def published(self) -> Sequence[Lesson]: ...


class OpenSection(NamedTuple):
    """The answer for a section: when it opens, what closes it, and what closes each of its lessons (None: open)."""

    id: int
    available_date: datetime | None
    lock: Lock | None
    lessons: Sequence[Lock | None]


def available_date(
    type: str, dripped_at: datetime | None, drip_delay: int, joined_at: datetime | None
) -> datetime | None:
    """When a section opens for a person; None when the course does not drip, or the date is not known."""
    if type == SCHEDULED:
        return dripped_at
    if type == STRUCTURED and joined_at is not None:
        try:
            return joined_at + timedelta(days=drip_delay)
        except OverflowError:  # past the year 9999: never
            return None
    return None


def section_lock(type: str, standing: Standing, opens_at: datetime | None, now: datetime) -> Lock | None:
    """What closes a section that opens at ``opens_at`` (see ``available_date``).

    The days of a structured course are counted from when a person joins; until then no section of it is closed, only
    each of its lessons. Clients show a date beside every closed section, and there is none.
    """
    if standing in MANAGERS or type not in (SCHEDULED, STRUCTURED) or (type == STRUCTURED and standing != JOINED):
        return None
    if opens_at is None:
        return Lock(Reason.NO_DATE)
    return None if now >= opens_at else Lock(Reason.DATE, opens_at)


def lesson_lock(standing: Standing, section: Lock | None, first: str | None) -> Lock | None:
    """What closes a lesson (rules.md 6). Every answer about open and closed comes from here.

    ``section``: what closes its section. ``first``: where lessons are to be completed in their order, the name of the
    first one before it that is not. For managers nothing is locked; who did not join has every lesson locked.
    """
    if standing in MANAGERS:
        return None
    if standing != JOINED:
        return Lock(Reason.NOT_JOINED)
    return section or (None if first is None else Lock(Reason.ORDER, first=first))


def outline(
    *,
    type: str,
    enforce_lessons_order: bool,
    sections: Sequence[Section],
    standing: Standing,
    joined_at: datetime | None,
    now: datetime,
) -> list[OpenSection]:
    """What is open, for a whole course at once. ``sections``: in the order of the course."""
    first: str | None = None
    answer = []
    for section in sections:
        opens_at = available_date(type, section.dripped_at, section.drip_delay, joined_at)
        lock = section_lock(type, standing, opens_at, now)
        lessons: list[Lock | None] = []
        closed = lesson_lock(standing, lock, first)
        for lesson in section.published:
            lessons.append(closed)
            if enforce_lessons_order and first is None and not lesson.completed:
                first = lesson.name
                closed = lesson_lock(standing, lock, first)
        answer.append(OpenSection(section.id, opens_at, lock, lessons))
    return answer


def completion_rate(completed: int, lessons: int) -> int:
    """Whole percent, rounded down: 100 exactly when all are completed, 0 when there are none."""
    return 100 * min(completed, lessons) // lessons if lessons else 0


def mean_rate(members: Mapping[int, int], lessons: int) -> int:
    """The mean of members' rates, rounded half up. ``members``: how many members completed so many lessons."""
    count = sum(members.values())
    total = sum(number * completion_rate(completed, lessons) for completed, number in members.items())
    return (2 * total + count) // (2 * count) if count else 0


class Call(Enum):
    """What changes how someone stands to a course."""

    JOIN_OPEN = "join an open course"
    JOIN_PRIVATE = "join a private course"
    JOIN_OTHER = "join a secret course or a draft"
    LEAVE = "leave, or be removed"
    INVITE = "be invited"
    UNINVITE = "lose the invitation"
    MAKE_MANAGER = "be made manager"
    MAKE_JOINED = "be put in"
    UNJOIN = "be put out"


TRANSITIONS: dict[Call, dict[Standing, Standing]] = {
    Call.JOIN_OPEN: {None: JOINED, INVITED: JOINED, REQUESTED: JOINED},
    Call.JOIN_PRIVATE: {None: REQUESTED, INVITED: JOINED},
    Call.JOIN_OTHER: {INVITED: JOINED},
    Call.LEAVE: {JOINED: None, MANAGER: None, REQUESTED: None, INVITED: None},
    Call.INVITE: {None: INVITED, REQUESTED: JOINED},
    Call.UNINVITE: {INVITED: None},
    Call.MAKE_MANAGER: {None: MANAGER, INVITED: MANAGER, REQUESTED: MANAGER, JOINED: MANAGER},
    Call.MAKE_JOINED: {None: JOINED, INVITED: JOINED, REQUESTED: JOINED, MANAGER: JOINED},
    Call.UNJOIN: {MANAGER: None, JOINED: None, INVITED: None, REQUESTED: None},
}
"""How each call changes a standing (rules.md 4); one that is not listed stays as it is."""

CREATOR_STAYS = frozenset({Call.LEAVE, Call.MAKE_MANAGER, Call.MAKE_JOINED, Call.UNJOIN})
"""Calls that are refused for the creator; any other leaves the creator's standing as it is (rules.md 4)."""

JOIN_CALLS = {"open": Call.JOIN_OPEN, "private": Call.JOIN_PRIVATE}


def moved(call: Call, standing: Standing) -> Standing:
    """How someone stands after the call."""
    return TRANSITIONS[call].get(standing, standing)


def joined_at(before: datetime | None, after: Standing, now: datetime) -> datetime | None:
    """Set when someone becomes joined or manager, kept between these two, gone with them."""
    return (before or now) if after in (JOINED, MANAGER) else None
