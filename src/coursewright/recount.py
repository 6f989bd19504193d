"""Counting anew what is kept (docs/decisions/0012-counts-are-kept.md): after bulk data, and in tests.

Knows the tables of every feature, as the application does.
"""

from collections.abc import Mapping

from django.db import transaction

from coursewright.accounts.actions import write_endings
from coursewright.accounts.models import NameEnding, User
from coursewright.courses import queries as courses
from coursewright.foundation import sql
from coursewright.foundation.models import Tally as Kept
from coursewright.foundation.tallies import Tally
from coursewright.foundation.text import BEGINNING_LENGTH

COMPLETED = """
SELECT count(*) FROM coursewright_completion k JOIN coursewright_lesson l ON l.id = k.lesson_id
WHERE k.course_id = coursewright_membership.course_id AND k.user_id = coursewright_membership.user_id
    AND k.status = 'completed' AND l.status = 'published' AND l.deleted_at IS NULL
"""
ATTEMPTED = """
SELECT count(*) FROM coursewright_attempt t JOIN coursewright_lesson l ON l.id = t.lesson_id
WHERE t.course_id = coursewright_membership.course_id AND t.user_id = coursewright_membership.user_id
    AND l.deleted_at IS NULL
"""
MEMBERSHIPS = f"UPDATE coursewright_membership SET num_completed = ({COMPLETED}), num_attempts = ({ATTEMPTED})"
REPLIES = """
SELECT {what} FROM coursewright_comment x WHERE x.parent_id = coursewright_comment.id AND x.deleted_at IS NULL
"""
COMMENTS = f"""
UPDATE coursewright_comment SET num_replies = ({REPLIES.format(what="count(*)")}),
    latest_reply_id = ({REPLIES.format(what="max(x.id)")})
WHERE parent_id IS NULL
"""
MEMBERS = f"""
UPDATE coursewright_course SET member_count = (
    SELECT count(*) FROM coursewright_membership m
    WHERE m.course_id = coursewright_course.id AND m.status IN ({courses.MEMBERS})
)
"""
LENGTHS = " UNION ALL ".join(f"SELECT {length} AS length" for length in range(1, BEGINNING_LENGTH + 1))
TALLIES = {
    "people": "SELECT 0, '', count(*) FROM coursewright_user WHERE deleted_at IS NULL AND is_active",
    "courses": "SELECT 0, privacy, count(*) FROM coursewright_course WHERE deleted_at IS NULL GROUP BY privacy",
    "created": """
        SELECT created_by_id, privacy, count(*) FROM coursewright_course WHERE deleted_at IS NULL
        GROUP BY created_by_id, privacy
    """,
    "filed": """
        SELECT k.category_id, c.privacy, count(*) FROM coursewright_coursecategory k
        JOIN coursewright_course c ON c.id = k.course_id WHERE c.deleted_at IS NULL
        GROUP BY k.category_id, c.privacy
    """,
    "found": f"""
        SELECT 0, substr(w.word, 1, n.length), count(DISTINCT w.course_id) FROM coursewright_courseword w
        JOIN coursewright_course c ON c.id = w.course_id JOIN ({LENGTHS}) n ON n.length <= length(w.word)
        WHERE c.deleted_at IS NULL AND {courses.found_by_all("w.in_name")} GROUP BY substr(w.word, 1, n.length)
    """,
    "standings": """
        SELECT course_id, status, count(*) FROM coursewright_membership WHERE status IS NOT NULL
        GROUP BY course_id, status
    """,
    "lessons": """
        SELECT course_id, '', count(*) FROM coursewright_lesson WHERE status = 'published' AND deleted_at IS NULL
        GROUP BY course_id
    """,
    "progress": f"""
        SELECT course_id, num_completed, count(*) FROM coursewright_membership WHERE status IN ({courses.MEMBERS})
        GROUP BY course_id, num_completed
    """,
    "attempts": """
        SELECT course_id, status, sum(num_attempts) FROM coursewright_membership
        WHERE status IS NOT NULL AND num_attempts > 0 GROUP BY course_id, status
    """,
    "comments": """
        SELECT course_id, lesson_id, count(*) FROM coursewright_comment WHERE parent_id IS NULL AND deleted_at IS NULL
        GROUP BY course_id, lesson_id
    """,
}


def tallies() -> Mapping[Tally, int]:
    """Every tally as the rows have it."""
    return {
        Tally(kind, object_id, str(key)): int(number)
        for kind, statement in TALLIES.items()
        for object_id, key, number in sql.values(statement, {})
        if number
    }


@transaction.atomic
def recount() -> None:
    """Writes every number that is kept, and the endings of all names, from the rows they follow from."""
    sql.execute(MEMBERSHIPS)
    sql.execute(MEMBERS)
    sql.execute(COMMENTS)
    Kept.objects.all().delete()
    Kept.objects.bulk_create(Kept(**tally._asdict(), number=number) for tally, number in tallies().items())
    NameEnding.objects.all().delete()
    write_endings(User.objects.iterator())
