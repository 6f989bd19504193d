"""What an answer costs depends on what is in it, not on how much there is beside it."""

import pytest
from django.db import connection, transaction

from tests.growth.meter import work
from tests.growth.world import make_world

SMALL, LARGE = 110, 1100
MARGIN = 1.15
SLACK = {"sqlite": 60, "postgresql": 5000}
"""What is no growth. PostgreSQL plans by statistics that it draws at random, and may well pass over tables of this size
once or twice: there this finds what passes over them for each row of an answer. SQLite always plans alike."""

WITH_THE_COMMENTS = {
    "get_course_comments": "its answer has all replies to the comments in the window",
}
WITH_THE_MEMBERS = {
    "specific_course_suggested_users": "passes over the members to find who is none",
}
PLANNED_ANEW = {
    f"{name}{how}": "for a beginning of names that it does not know a plan seems dearer than one made for each call"
    for name, how in (
        ("search_users", " by name"),
        ("search_users", " by real name"),
        ("search_users", " in order of real names"),
        ("specific_course_suggested_users", " by name"),
    )
}
"""Plans that PostgreSQL does not keep, though it is made to here."""
WITH_ONES_OWN = {
    "search_courses of the creator": "compares the courses of the page with all to which the viewer stands, here all",
}
WITH_THE_LESSONS = {
    "get_course_info": "its answer has the lessons",
    "get_course_info as a stranger": "its answer has the lessons",
    "get_course_info as someone": "its answer has the lessons",
    "get_course_info for editing": "its answer has the lessons",
    "get_course_section": "its answer has their order",
    "get_course_sections": "its answer has their order",
    "get_course_lessons": "its answer has the lessons",
}


def costs(size: int, lessons: int = 10, *, kept: bool = False) -> dict[str, int]:
    """The work of every read in a community of that size, which is gone afterwards."""
    with transaction.atomic():
        reads = make_world(size, lessons)
        for name, read in reads.items():
            answer = read()
            assert answer.status == 200, (name, answer)
        found = {name: work(read, kept=kept) for name, read in reads.items()}
        transaction.set_rollback(True)
    return found


def grown(before: dict[str, int], after: dict[str, int]) -> set[str]:
    limit = {name: number * MARGIN + SLACK[connection.vendor] for name, number in before.items()}
    return {name for name in before if after[name] > limit[name]}


def test_ten_times_as_much_of_everything() -> None:
    assert grown(costs(SMALL), costs(LARGE)) <= {*WITH_THE_COMMENTS, *WITH_THE_MEMBERS}


def test_a_course_with_many_lessons() -> None:
    assert grown(costs(SMALL), costs(SMALL, lessons=300)) <= set(WITH_THE_LESSONS)


def test_by_plans_that_are_kept() -> None:
    """PostgreSQL keeps a plan after some uses, and then does not know whose rows it is for."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one plan for all who call")
    found = grown(costs(SMALL, kept=True), costs(LARGE, kept=True))
    assert found <= {*WITH_THE_COMMENTS, *WITH_THE_MEMBERS, *PLANNED_ANEW, *WITH_ONES_OWN}
