"""Ids of another course, section or lesson, in every path that has such ids (rules.md 1.11).

Managers hear 404 and nothing is changed, though they manage both courses; so do those who joined both. Who did not join
hears that first.
"""

from tests.matrix import oracle
from tests.matrix.cells import OPERATIONS, by, mismatches, privacies
from tests.matrix.oracle import (
    JOINED,
    LEFT,
    MANAGER,
    OTHER,
    Lesson,
    Situation,
    wrong_input,
)
from tests.matrix.world import LESSON_STRAYS, SECTION_STRAYS, World

IN_SECTIONS = [each for each in OPERATIONS if each.inside == ("section_id",)]
IN_LESSONS = [each for each in OPERATIONS if each.inside[:2] == ("section_id", "lesson_id")]
INSIDE = [each for each in IN_LESSONS if len(each.inside) == 3]
"""In a comment, a question or an attempt."""
FOR_LEARNERS = [each for each in IN_LESSONS if each.who in oracle.FOR_LEARNERS | oracle.FOR_AUTHORS]


@privacies
def test_alone(world: World) -> None:
    callers = (MANAGER, JOINED, LEFT)
    cells = by(callers, IN_SECTIONS, [Situation("", world.privacy, stray=stray) for stray in SECTION_STRAYS])
    cells += by(callers, IN_LESSONS, [Situation("", world.privacy, stray=stray) for stray in LESSON_STRAYS])
    cells += by(callers, INSIDE, [Situation("", world.privacy, stray=stray) for stray in oracle.INSIDE])
    assert len(cells) == (7 * 3 + 20 * 9 + 9 * 4) * 3
    assert mismatches(world, cells) == []


@privacies
def test_with_a_wrong_body(world: World) -> None:
    """The id is judged before the body."""
    callers = (MANAGER, JOINED, OTHER)
    sections = [each for each in IN_SECTIONS if wrong_input(each)]
    lessons = [each for each in IN_LESSONS if wrong_input(each)]
    cells = by(callers, sections, [Situation("", world.privacy, True, stray=stray) for stray in SECTION_STRAYS])
    cells += by(callers, lessons, [Situation("", world.privacy, True, stray=stray) for stray in LESSON_STRAYS])
    inside = [each for each in INSIDE if wrong_input(each)]
    cells += by(callers, inside, [Situation("", world.privacy, True, stray=stray) for stray in oracle.INSIDE])
    assert len(cells) == (4 * 3 + 10 * 9 + 4 * 4) * 3
    assert mismatches(world, cells) == []


@privacies
def test_with_a_locked_course(world: World) -> None:
    """For those who joined, an id that is not there is 404 even where every lesson is locked."""
    locked = [
        Situation("", world.privacy, stray=stray, lesson=Lesson(course_type="scheduled")) for stray in LESSON_STRAYS
    ]
    cells = by([JOINED], FOR_LEARNERS, locked)
    assert len(cells) == 13 * 9
    assert mismatches(world, cells) == []
