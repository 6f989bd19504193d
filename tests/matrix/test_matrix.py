"""Every operation by nine callers at a course of each privacy: what is answered and what is done (rules.md 1 to 6)."""

from tests.matrix import oracle
from tests.matrix.cells import OPERATIONS, by, mismatches, missing, named, privacies
from tests.matrix.oracle import (
    ANONYMOUS,
    CALLERS,
    CREATOR,
    JOINED,
    LEFT,
    MANAGER,
    NOBODY,
    OTHER,
    PEOPLE,
    STAFF,
    Lesson,
    Situation,
)
from tests.matrix.world import make_world

WITH_INPUT = [each for each in OPERATIONS if oracle.wrong_input(each)]
WITH_ID = [each for each in OPERATIONS if "{id}" in each.path]
OF_COURSE = [each for each in OPERATIONS if each.of_course]
FOR_LEARNERS = [each for each in OPERATIONS if each.who in oracle.FOR_LEARNERS]


def test_the_oracle_knows_every_word_of_who() -> None:
    assert {operation.who for operation in OPERATIONS} - oracle.WORDS == set()


@privacies
def test_right_input(privacy: str) -> None:
    cells = by(CALLERS, OPERATIONS, [Situation("", privacy)])
    assert len(cells) == 50 * 9
    assert mismatches(make_world(privacy), cells) == []


@privacies
def test_wrong_input(privacy: str) -> None:
    """Only those who may do it hear what is wrong with it."""
    cells = by(CALLERS, WITH_INPUT, [Situation("", privacy, wrong=True)])
    assert len(cells) == 30 * 9
    assert mismatches(make_world(privacy), cells) == []


@privacies
def test_what_does_not_exist(privacy: str) -> None:
    """An unknown id, a deleted course, and a wrong input too: 404 before anything but credentials."""
    cells = by(CALLERS, WITH_ID, [Situation("", privacy, found="unknown")])
    cells += by(CALLERS, OF_COURSE, [Situation("", privacy, found="deleted")])
    cells += by(CALLERS, [each for each in WITH_ID if each in WITH_INPUT], [Situation("", privacy, True, "unknown")])
    assert len(cells) == (37 + 30 + 21) * 9
    assert mismatches(make_world(privacy), cells) == []


@privacies
def test_methods(privacy: str) -> None:
    """A method that the path does not have is 405 for everyone, before anything else."""
    situations = [Situation("", privacy), Situation("", privacy, found="unknown", content_availability=False)]
    cells = by((CREATOR, OTHER, ANONYMOUS), missing(), situations)
    assert len(cells) == 27 * 6
    assert mismatches(make_world(privacy), cells) == []


@privacies
def test_closed_community(privacy: str) -> None:
    """``content_availability`` false: anonymous callers hear 401 of every course, existing or not; others do not."""
    closed = Situation("", privacy, content_availability=False)
    cells = by([ANONYMOUS, OTHER], OPERATIONS, [closed])
    cells += by([ANONYMOUS, OTHER], WITH_ID, [closed._replace(found="unknown")])
    assert len(cells) == (50 + 37) * 2
    assert mismatches(make_world(privacy), cells) == []


@privacies
def test_courses_of_staff_only(privacy: str) -> None:
    """Who is no staff creates no courses, and may do everything else as before."""
    staff_only = Situation("", privacy, courses_only_staff=True)
    cells = by(CALLERS, named("create_a_course"), [staff_only, staff_only._replace(wrong=True)])
    cells += by(CALLERS, named("permission", "get_joined_courses"), [staff_only])
    cells += by([CREATOR, STAFF], OPERATIONS, [staff_only])
    assert len(cells) == 2 * 9 + 2 * 9 + 50 * 2
    assert mismatches(make_world(privacy), cells) == []


@privacies
def test_hidden_member_count(privacy: str) -> None:
    """Members are listed and counted for managers only."""
    hidden = Situation("", privacy, hide_member_count=True)
    cells = by(CALLERS, named("get_course_joined_users"), [hidden, hidden._replace(wrong=True)])
    cells += by(CALLERS, named("get_user_courses", "get_course_info"), [hidden])
    assert len(cells) == 4 * 9
    assert mismatches(make_world(privacy), cells) == []


@privacies
def test_views(privacy: str) -> None:
    """``view`` and ``user`` of a course: who may ask, and what the person emulated would get."""
    views = [Situation("", privacy, view=view) for view in ("user", "edit", "dashboard")]
    emulated = [Situation("", privacy, target=person) for person in (*PEOPLE, NOBODY)]
    both = [Situation("", privacy, view=view, target=JOINED) for view in ("user", "edit", "dashboard")]
    cells = by(CALLERS, named("get_course_info"), [*views, *emulated, *both])
    assert len(cells) == (3 + 9 + 3) * 9
    assert mismatches(make_world(privacy), cells) == []


@privacies
def test_standings(privacy: str) -> None:
    """Every call that changes how someone stands to the course, about people of every standing (rules.md 4)."""
    people = [Situation("", privacy, target=person) for person in PEOPLE]
    roles = [each._replace(role=role) for each in people for role in ("managers", "joined", "unjoined")]
    callers = (CREATOR, MANAGER, JOINED, OTHER)
    cells = by(callers, named("leave_a_course"), [*people, Situation("", privacy, target=NOBODY)])
    cells += by(callers, named("invite_users_to_course", "remove_invitation_to_course"), people)
    cells += by(callers, named("change_user_role_course"), roles)
    assert len(cells) == (9 + 2 * 8 + 3 * 8) * 4
    assert mismatches(make_world(privacy), cells) == []


LESSONS = (
    Lesson(published=False),
    Lesson(done=True),
    Lesson(quiz=True),
    Lesson(course_type="scheduled"),
    Lesson(course_type="scheduled", opens_in=0),
    Lesson(course_type="scheduled", opens_in=1),
    Lesson(course_type="scheduled", opens_in=1, quiz=True, done=True),
    Lesson(course_type="scheduled", opens_in=-1, drip_delay=9),
    Lesson(course_type="structured"),
    Lesson(course_type="structured", drip_delay=1),
    Lesson(course_type="structured", drip_delay=1, published=False),
    Lesson(course_type="structured", opens_in=1),
    Lesson(opens_in=1, drip_delay=1),
    Lesson(after_undone=True),
    Lesson(after_undone=True, done=True),
    Lesson(after_undone=True, published=False),
    Lesson(after_undone=True, quiz=True),
)


@privacies
def test_lessons(privacy: str) -> None:
    """Open and locked lessons, drafts and quizzes, for those who joined and for others (rules.md 6)."""
    cells = by(
        (CREATOR, MANAGER, JOINED, LEFT), FOR_LEARNERS, [Situation("", privacy, lesson=each) for each in LESSONS]
    )
    assert len(cells) == 3 * 17 * 4
    assert mismatches(make_world(privacy), cells) == []
