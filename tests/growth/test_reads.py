"""What an answer costs depends on what is in it, not on how much there is beside it."""

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
WITH_THE_LESSONS = {
    "get_course_info": "its answer has the lessons",
    "get_course_info as a stranger": "its answer has the lessons",
    "get_course_info as someone": "its answer has the lessons",
    "get_course_info for editing": "its answer has the lessons",
    "get_course_section": "its answer has their order",
    "get_course_sections": "its answer has their order",
    "get_course_lessons": "its answer has the lessons",
}


def costs(size: int, lessons: int = 10) -> dict[str, int]:
    """The work of every read in a community of that size, which is gone afterwards."""
    with transaction.atomic():
        reads = make_world(size, lessons)
        for name, read in reads.items():
            answer = read()
            assert answer.status == 200, (name, answer)
        found = {name: work(read) for name, read in reads.items()}
        transaction.set_rollback(True)
    return found


def grown(before: dict[str, int], after: dict[str, int]) -> set[str]:
    limit = {name: number * MARGIN + SLACK[connection.vendor] for name, number in before.items()}
    return {name for name in before if after[name] > limit[name]}


def test_ten_times_as_much_of_everything() -> None:
    assert grown(costs(SMALL), costs(LARGE)) <= {*WITH_THE_COMMENTS, *WITH_THE_MEMBERS}


def test_a_course_with_many_lessons() -> None:
    assert grown(costs(SMALL), costs(SMALL, lessons=300)) <= set(WITH_THE_LESSONS)
