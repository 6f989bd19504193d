"""Ids of another course, section or lesson, in every path that has such ids (rules.md 1.11).

Managers hear 404 and nothing is changed, though they manage both courses; so do those who joined both. Who did not join
hears that first.
"""

from tests.matrix.cells import OPERATIONS, by, mismatches, privacies
from tests.matrix.oracle import (
    ANONYMOUS,
    CREATOR,
    INVITED,
    JOINED,
    LEFT,
    MANAGER,
    OTHER,
    Lesson,
    Situation,
    wrong_input,
)
from tests.matrix.world import LESSON_STRAYS, SECTION_STRAYS, make_world

IN_SECTIONS = [each for each in OPERATIONS if each.inside == ("section_id",)]
IN_LESSONS = [each for each in OPERATIONS if each.inside[:2] == ("section_id", "lesson_id")]
FOR_LEARNERS = [each for each in IN_LESSONS if each.who == "learner"]


@privacies
def test_alone(privacy: str) -> None:
    callers = (CREATOR, MANAGER, JOINED, LEFT, ANONYMOUS)
    cells = by(callers, IN_SECTIONS, [Situation("", privacy, stray=stray) for stray in SECTION_STRAYS])
    cells += by(callers, IN_LESSONS, [Situation("", privacy, stray=stray) for stray in LESSON_STRAYS])
    assert len(cells) == (7 * 3 + 6 * 9) * 5
    assert mismatches(make_world(privacy), cells) == []


@privacies
def test_with_a_wrong_body(privacy: str) -> None:
    """The id is judged before the body."""
    callers = (MANAGER, JOINED, OTHER)
    sections = [each for each in IN_SECTIONS if wrong_input(each)]
    lessons = [each for each in IN_LESSONS if wrong_input(each)]
    cells = by(callers, sections, [Situation("", privacy, True, stray=stray) for stray in SECTION_STRAYS])
    cells += by(callers, lessons, [Situation("", privacy, True, stray=stray) for stray in LESSON_STRAYS])
    assert len(cells) == (4 * 3 + 2 * 9) * 3
    assert mismatches(make_world(privacy), cells) == []


@privacies
def test_with_a_locked_course(privacy: str) -> None:
    """For those who joined, an id that is not there is 404 even where every lesson is locked."""
    locked = [Situation("", privacy, stray=stray, lesson=Lesson(course_type="scheduled")) for stray in LESSON_STRAYS]
    cells = by((MANAGER, JOINED, INVITED), FOR_LEARNERS, locked)
    assert len(cells) == 3 * 9 * 3
    assert mismatches(make_world(privacy), cells) == []
