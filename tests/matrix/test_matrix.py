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
from tests.matrix.world import World

WITH_INPUT = [each for each in OPERATIONS if oracle.wrong_input(each)]
WITH_ID = [each for each in OPERATIONS if "{id}" in each.path]
OF_COURSE = [each for each in OPERATIONS if each.of_course]
FOR_LEARNERS = [each for each in OPERATIONS if each.who in oracle.FOR_LEARNERS | oracle.FOR_AUTHORS]
FOR_AUTHORS = [each for each in OPERATIONS if each.who in oracle.FOR_AUTHORS]
FOR_UPLOADERS = [each for each in OPERATIONS if each.who in oracle.FOR_UPLOADERS]


def test_the_oracle_knows_every_word_of_who() -> None:
    assert {operation.who for operation in OPERATIONS} - oracle.WORDS == set()


@privacies
def test_right_input(world: World) -> None:
    cells = by(CALLERS, OPERATIONS, [Situation("", world.privacy)])
    assert len(cells) == 78 * 9
    assert mismatches(world, cells) == []


@privacies
def test_wrong_input(world: World) -> None:
    """Only those who may do it hear what is wrong with it."""
    cells = by(CALLERS, WITH_INPUT, [Situation("", world.privacy, wrong=True)])
    assert len(cells) == 46 * 9
    assert mismatches(world, cells) == []


@privacies
def test_what_does_not_exist(world: World) -> None:
    """An unknown id, a deleted course, and a wrong input too: 404 before anything but credentials."""
    cells = by(CALLERS, WITH_ID, [Situation("", world.privacy, found="unknown")])
    cells += by(CALLERS, OF_COURSE, [Situation("", world.privacy, found="deleted")])
    both = [each for each in WITH_ID if each in WITH_INPUT]
    cells += by((CREATOR, OTHER, ANONYMOUS), both, [Situation("", world.privacy, True, "unknown")])
    assert len(cells) == (58 + 46) * 9 + 33 * 3
    assert mismatches(world, cells) == []


@privacies
def test_methods(world: World) -> None:
    """A method that the path does not have is 405 for everyone, before anything else."""
    situations = [
        Situation("", world.privacy),
        Situation("", world.privacy, found="unknown", content_availability=False),
    ]
    cells = by((CREATOR, OTHER, ANONYMOUS), missing(), situations)
    assert len(cells) == 44 * 6
    assert mismatches(world, cells) == []


@privacies
def test_closed_community(world: World) -> None:
    """``content_availability`` false: anonymous callers hear 401 of every course, existing or not; others do not."""
    closed = Situation("", world.privacy, content_availability=False)
    cells = by([ANONYMOUS, OTHER], OPERATIONS, [closed])
    cells += by([ANONYMOUS, OTHER], WITH_ID, [closed._replace(found="unknown")])
    assert len(cells) == (78 + 58) * 2
    assert mismatches(world, cells) == []


@privacies
def test_courses_of_staff_only(world: World) -> None:
    """Who is no staff creates no courses, and may do everything else as before."""
    staff_only = Situation("", world.privacy, courses_only_staff=True)
    cells = by(CALLERS, named("create_a_course"), [staff_only, staff_only._replace(wrong=True)])
    cells += by(CALLERS, named("permission", "get_joined_courses"), [staff_only])
    cells += by([CREATOR, STAFF], OPERATIONS, [staff_only])
    assert len(cells) == 2 * 9 + 2 * 9 + 78 * 2
    assert mismatches(world, cells) == []


@privacies
def test_hidden_member_count(world: World) -> None:
    """Members are listed and counted for managers only."""
    hidden = Situation("", world.privacy, hide_member_count=True)
    cells = by(CALLERS, named("get_course_joined_users"), [hidden, hidden._replace(wrong=True)])
    cells += by(CALLERS, named("get_user_courses", "get_course_info"), [hidden])
    assert len(cells) == 4 * 9
    assert mismatches(world, cells) == []


@privacies
def test_views(world: World) -> None:
    """``view`` and ``user`` of a course: who may ask, and what the person emulated would get."""
    views = [Situation("", world.privacy, view=view) for view in ("user", "edit", "dashboard")]
    emulated = [Situation("", world.privacy, target=person) for person in (*PEOPLE, NOBODY)]
    both = [Situation("", world.privacy, view=view, target=JOINED) for view in ("user", "edit", "dashboard")]
    cells = by(CALLERS, named("get_course_info"), [*views, *emulated, *both])
    assert len(cells) == (3 + 9 + 3) * 9
    assert mismatches(world, cells) == []


@privacies
def test_standings(world: World) -> None:
    """Every call that changes how someone stands to the course, about people of every standing (rules.md 4)."""
    people = [Situation("", world.privacy, target=person) for person in PEOPLE]
    roles = [each._replace(role=role) for each in people for role in ("managers", "joined", "unjoined")]
    callers = (CREATOR, MANAGER, JOINED, OTHER)
    cells = by(callers, named("leave_a_course"), [*people, Situation("", world.privacy, target=NOBODY)])
    cells += by(callers, named("invite_users_to_course", "remove_invitation_to_course"), people)
    cells += by(callers, named("change_user_role_course"), roles)
    assert len(cells) == (9 + 2 * 8 + 3 * 8) * 4
    assert mismatches(world, cells) == []


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


AROUND = (
    Lesson(published=False),
    Lesson(course_type="scheduled", opens_in=0),
    Lesson(course_type="scheduled", opens_in=1),
    Lesson(after_undone=True),
    Lesson(comments=False),
    Lesson(comments=False, after_undone=True),
)


@privacies
def test_lessons(world: World) -> None:
    """Open and locked lessons, drafts and quizzes, for those who joined and for others (rules.md 6)."""
    callers = (CREATOR, MANAGER, JOINED, LEFT)
    lessons = named("get_course_lesson", "mark_complete_a_course_lesson", "mark_incomplete_a_course_lesson")
    cells = by(callers, lessons, [Situation("", world.privacy, lesson=each) for each in LESSONS])
    inside = [each for each in FOR_LEARNERS if each not in lessons]
    cells += by(callers, inside, [Situation("", world.privacy, lesson=each) for each in AROUND])
    assert len(cells) == (3 * 17 + 10 * 6) * 4
    assert mismatches(world, cells) == []


@privacies
def test_authors(world: World) -> None:
    """A comment and an attempt, by people of every standing: their own, while they may open the lesson."""
    situations = [Situation("", world.privacy, author=author) for author in PEOPLE]
    closed = Lesson(course_type="scheduled")
    situations += [Situation("", world.privacy, author=author, lesson=closed) for author in (MANAGER, JOINED)]
    cells = by(CALLERS, FOR_AUTHORS, situations)
    cells += by(
        CALLERS, [each for each in FOR_AUTHORS if oracle.wrong_input(each)], [situations[-1]._replace(wrong=True)]
    )
    assert len(cells) == (4 * 10 + 2) * 9
    assert mismatches(world, cells) == []


@privacies
def test_media(world: World) -> None:
    """A media that a lesson or a comment shows, or nothing does, by who uploaded it."""
    unused = [Situation("", world.privacy, author=author) for author in (MANAGER, JOINED, LEFT)]
    used = [each._replace(used=place) for each in unused for place in ("lesson", "comment")]
    draft = [each._replace(lesson=Lesson(published=False)) for each in used]
    locked = [each._replace(lesson=Lesson(after_undone=True)) for each in used]
    cells = by(CALLERS, FOR_UPLOADERS, [*unused, *used, *draft, *locked])
    assert len(cells) == 2 * 3 * (1 + 2 + 2 + 2) * 9
    assert mismatches(world, cells) == []
