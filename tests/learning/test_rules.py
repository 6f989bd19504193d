"""What is open to whom and how progress counts, at the boundary and for any data; no database (rules.md 4 and 6)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from coursewright.courses import rules as course_rules
from coursewright.learning import rules
from coursewright.learning.rules import Call, Lock, OpenSection, Reason

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)
STANDINGS = (*course_rules.STANDINGS, None)


class Lesson(NamedTuple):
    id: int
    name: str
    completed: bool


class Section(NamedTuple):
    id: int
    dripped_at: datetime | None
    drip_delay: int
    published: Sequence[Lesson]


def one_section(
    type: str,
    now: datetime,
    *,
    dripped_at: datetime | None = None,
    drip_delay: int = 0,
    standing: str | None = "joined",
) -> OpenSection:
    """A section with one lesson, as someone who joined at NOW finds it."""
    section = Section(1, dripped_at, drip_delay, [Lesson(1, "Limits", False)])
    joined_at = NOW if standing in ("joined", "manager") else None
    (answer,) = rules.outline(
        type=type, enforce_lessons_order=False, sections=[section], standing=standing, joined_at=joined_at, now=now
    )
    return answer


@pytest.mark.parametrize(
    "now, lock", [(NOW - TICK, Lock(Reason.DATE, NOW)), (NOW, None), (NOW + TICK, None)], ids=["before", "at", "after"]
)
def test_scheduled_opens_at_its_date(now: datetime, lock: Lock | None) -> None:
    assert one_section("scheduled", now, dripped_at=NOW, drip_delay=9) == OpenSection(1, NOW, lock, [lock])


@pytest.mark.parametrize(
    "now, is_open", [(-TICK, False), (timedelta(0), True), (TICK, True)], ids=["before", "at", "after"]
)
@pytest.mark.parametrize("delay", [0, 1, 7, 36_500])
def test_structured_opens_so_many_days_after_joining(delay: int, now: timedelta, is_open: bool) -> None:
    opens_at = NOW + delay * DAY
    lock = None if is_open else Lock(Reason.DATE, opens_at)
    answer = one_section("structured", opens_at + now, drip_delay=delay, dripped_at=NOW + 99 * DAY)
    assert answer == OpenSection(1, opens_at, lock, [lock])


def test_self_paced_drips_nothing() -> None:
    answer = one_section("self-paced", NOW, dripped_at=NOW + DAY, drip_delay=3)
    assert answer == OpenSection(1, None, None, [None])


def test_scheduled_without_a_date_waits() -> None:
    lock = Lock(Reason.NO_DATE)
    assert one_section("scheduled", NOW + 9999 * DAY) == OpenSection(1, None, lock, [lock])


def test_a_delay_past_the_calendar_never_ends() -> None:
    lock = Lock(Reason.NO_DATE)
    assert one_section("structured", NOW, drip_delay=9_999_999) == OpenSection(1, None, lock, [lock])


@pytest.mark.parametrize("standing", ["invited", "requested", None])
def test_who_did_not_join_has_every_lesson_locked(standing: str | None) -> None:
    closed = [Lock(Reason.NOT_JOINED)]
    assert one_section("self-paced", NOW, standing=standing) == OpenSection(1, None, None, closed)
    assert one_section("scheduled", NOW, dripped_at=NOW, standing=standing) == OpenSection(1, NOW, None, closed)
    waiting = one_section("structured", NOW, standing=standing)
    assert waiting == OpenSection(1, None, None, closed)


@pytest.mark.parametrize("standing", ["creator", "manager"])
def test_the_date_is_told_to_managers_who_need_not_wait(standing: str) -> None:
    dated = one_section("scheduled", NOW, dripped_at=NOW + DAY, standing=standing)
    assert dated == OpenSection(1, NOW + DAY, None, [None])
    delayed = one_section("structured", NOW, drip_delay=2, standing=standing)
    assert delayed == OpenSection(1, NOW + 2 * DAY if standing == "manager" else None, None, [None])


def test_order_reaches_over_sections_and_names_the_first_that_is_not_completed() -> None:
    sections = [
        Section(1, None, 0, [Lesson(1, "a", True), Lesson(2, "b", False)]),
        Section(2, None, 0, [Lesson(3, "c", True), Lesson(4, "d", False)]),
    ]
    answer = rules.outline(
        type="self-paced", enforce_lessons_order=True, sections=sections, standing="joined", joined_at=NOW, now=NOW
    )
    first = Lock(Reason.ORDER, first="b")
    assert [section.lessons for section in answer] == [[None, None], [first, first]]
    assert [section.lock for section in answer] == [None, None]


def test_a_closed_date_is_said_before_the_order() -> None:
    sections = [
        Section(1, None, 0, [Lesson(1, "a", False)]),
        Section(2, None, 7, [Lesson(2, "b", False)]),
    ]
    answer = rules.outline(
        type="structured", enforce_lessons_order=True, sections=sections, standing="joined", joined_at=NOW, now=NOW
    )
    assert [section.lessons for section in answer] == [[None], [Lock(Reason.DATE, NOW + 7 * DAY)]]


# Any course, any learner, any instant.

FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
times = st.timedeltas(timedelta(0), LAST - FIRST).map(lambda since: FIRST + since)
types = st.sampled_from(["self-paced", "structured", "scheduled"])


@st.composite
def outlines(draw: st.DrawFn) -> list[Section]:
    """Sections with lessons whose ids are in the order of the course."""
    id, sections = 0, []
    for place, number in enumerate(draw(st.lists(st.integers(0, 4), max_size=5))):
        lessons = [Lesson(id + step, f"lesson {id + step}", draw(st.booleans())) for step in range(number)]
        id += number
        sections.append(Section(place, draw(st.none() | times), draw(st.integers(0, 36_500)), lessons))
    return sections


courses = st.fixed_dictionaries(
    {
        "type": types,
        "enforce_lessons_order": st.booleans(),
        "sections": outlines(),
        "standing": st.sampled_from(STANDINGS),
        "joined_at": st.none() | times,
        "now": times,
    }
)


def opened(course: Mapping[str, Any], **changed: Any) -> set[int]:
    """The lessons that are open."""
    given = {**course, **changed}
    locks = [lock for section in rules.outline(**given) for lock in section.lessons]
    return {lesson.id for lesson, lock in zip(every(given["sections"]), locks, strict=True) if lock is None}


def every(sections: Sequence[Section]) -> list[Lesson]:
    return [lesson for section in sections for lesson in section.published]


@given(courses)
def test_every_lesson_of_every_section_is_answered(course: dict[str, Any]) -> None:
    answer = rules.outline(**course)
    assert [(section.id, len(section.lessons)) for section in answer] == [
        (section.id, len(section.published)) for section in course["sections"]
    ]
    for section in answer:
        assert section.lock is None or section.lock.reason in (Reason.DATE, Reason.NO_DATE)
        assert not section.lock or section.lock.opens_at in (None, section.available_date)


@given(courses, st.timedeltas(timedelta(0), timedelta(days=40_000)))
def test_time_closes_nothing(course: dict[str, Any], passed: timedelta) -> None:
    assume(course["now"] < datetime(9800, 1, 1, tzinfo=UTC))
    assert opened(course) <= opened(course, now=course["now"] + passed)


@given(courses, st.sampled_from(course_rules.MANAGERS))
def test_a_manager_is_never_locked(course: dict[str, Any], standing: str) -> None:
    answer = rules.outline(**{**course, "standing": standing})
    assert [section.lock for section in answer] == [None] * len(answer)
    assert opened(course, standing=standing) == {lesson.id for lesson in every(course["sections"])}


@given(courses, st.sampled_from(["invited", "requested", None]))
def test_nothing_is_open_to_who_did_not_join(course: dict[str, Any], standing: str | None) -> None:
    assert opened(course, standing=standing) == set()


@given(courses, st.data())
def test_completing_a_lesson_closes_no_other(course: dict[str, Any], data: st.DataObject) -> None:
    lessons = every(course["sections"])
    assume(lessons)
    done = data.draw(st.sampled_from(lessons)).id
    sections = [
        section._replace(
            published=[lesson._replace(completed=True) if lesson.id == done else lesson for lesson in section.published]
        )
        for section in course["sections"]
    ]
    assert opened(course) <= opened(course, sections=sections)


@given(courses)
def test_lifting_the_order_closes_nothing(course: dict[str, Any]) -> None:
    assert opened(course, enforce_lessons_order=True) <= opened(course, enforce_lessons_order=False)


@given(courses)
def test_in_order_the_open_lessons_are_those_up_to_the_first_not_completed(course: dict[str, Any]) -> None:
    expected = set()
    for lesson in every(course["sections"]):
        expected.add(lesson.id)
        if not lesson.completed:
            break
    assert opened(course, type="self-paced", enforce_lessons_order=True, standing="joined") == expected


@pytest.mark.parametrize(
    "completed, lessons, rate",
    [(0, 0, 0), (0, 3, 0), (1, 3, 33), (2, 3, 66), (3, 3, 100), (199, 200, 99), (1, 200, 0), (5, 4, 100), (1, 0, 0)],
)
def test_rate(completed: int, lessons: int, rate: int) -> None:
    assert rules.completion_rate(completed, lessons) == rate


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_rate_is_100_exactly_when_all_are_completed(completed: int, lessons: int) -> None:
    assume(completed <= lessons)
    rate = rules.completion_rate(completed, lessons)
    assert 0 <= rate <= 100
    assert (rate == 100) == (lessons > 0 and completed == lessons)
    if lessons:
        assert rate <= 100 * completed / lessons < rate + 1


@pytest.mark.parametrize(
    "members, lessons, mean",
    [
        ({}, 3, 0),
        ({0: 0}, 3, 0),
        ({2: 1}, 0, 0),
        ({1: 1}, 3, 33),
        ({0: 1, 1: 1}, 1, 50),
        ({0: 1, 1: 1}, 100, 1),  # 0.5 is rounded up
        ({0: 2, 1: 1}, 100, 0),  # 0.33 is not
        ({1: 1, 2: 2}, 3, 55),  # the mean of 33, 66, 66: each was rounded down first
        ({3: 7}, 3, 100),
    ],
)
def test_mean(members: dict[int, int], lessons: int, mean: int) -> None:
    assert rules.mean_rate(members, lessons) == mean


@given(st.dictionaries(st.integers(0, 50), st.integers(0, 1000), max_size=8), st.integers(1, 50))
def test_mean_is_the_nearest_whole_number(members: dict[int, int], lessons: int) -> None:
    rates = [rules.completion_rate(completed, lessons) for completed, number in members.items() for _ in range(number)]
    mean = rules.mean_rate(members, lessons)
    assert mean == (int(sum(rates) / len(rates) + 0.5) if rates else 0)
    assert 0 <= mean <= 100


TABLE: list[tuple[Call, list[str | None], str | None]] = [  # the rows of rules.md 4: call, from, to
    (Call.JOIN_OPEN, [None], "joined"),
    (Call.JOIN_PRIVATE, [None], "requested"),
    (Call.JOIN_OPEN, ["invited"], "joined"),
    (Call.JOIN_PRIVATE, ["invited"], "joined"),
    (Call.JOIN_OTHER, ["invited"], "joined"),
    (Call.JOIN_OPEN, ["requested"], "joined"),
    (Call.LEAVE, ["joined", "manager", "requested", "invited"], None),
    (Call.INVITE, [None], "invited"),
    (Call.INVITE, ["requested"], "joined"),
    (Call.UNINVITE, ["invited"], None),
    (Call.MAKE_MANAGER, [None, "invited", "requested", "joined", "manager"], "manager"),
    (Call.MAKE_JOINED, [None, "invited", "requested", "joined", "manager"], "joined"),
    (Call.UNJOIN, [None, "invited", "requested", "joined", "manager"], None),
]
CHANGES = {(call, standing): after for call, before, after in TABLE for standing in before}


@pytest.mark.parametrize("call", Call, ids=lambda call: call.name)
@pytest.mark.parametrize("standing", STANDINGS, ids=str)
def test_every_call_from_every_standing(call: Call, standing: str | None) -> None:
    assert rules.moved(call, standing) == CHANGES.get((call, standing), standing)


def test_the_creator_is_refused_what_would_move_them_and_nothing_else() -> None:
    assert {Call.LEAVE, Call.MAKE_MANAGER, Call.MAKE_JOINED, Call.UNJOIN} == rules.CREATOR_STAYS


@pytest.mark.parametrize("before", [None, NOW - DAY])
@pytest.mark.parametrize("after", STANDINGS, ids=str)
def test_joined_at_is_set_once_and_goes_with_the_standing(before: datetime | None, after: str | None) -> None:
    expected = (before or NOW) if after in ("joined", "manager") else None
    assert rules.joined_at(before, after, NOW) == expected
