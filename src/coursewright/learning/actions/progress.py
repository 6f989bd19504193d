"""What people add to the tallies of a course: how they stand to it, and what they did in it."""

from collections.abc import Mapping

from coursewright.courses import rules as course_rules
from coursewright.foundation.tallies import Tally


def shifted(course_id: int, standing: str | None, before: int, after: int) -> Mapping[Tally, int]:
    """What changes when someone who completed ``before`` lessons has completed ``after``; only members are counted."""
    if standing not in course_rules.MEMBERS or before == after:
        return {}
    return {_progress(course_id, after): 1, _progress(course_id, before): -1}


def counted(course_id: int, standing: str | None, completed: int, attempts: int) -> Mapping[Tally, int]:
    """What a person with this standing adds to the tallies of a course."""
    if standing is None:
        return {}
    found = {Tally("standings", course_id, standing): 1, Tally("attempts", course_id, standing): attempts}
    return found | ({_progress(course_id, completed): 1} if standing in course_rules.MEMBERS else {})


def _progress(course_id: int, completed: int) -> Tally:
    """How many members of the course completed so many published lessons."""
    return Tally("progress", course_id, str(completed))
