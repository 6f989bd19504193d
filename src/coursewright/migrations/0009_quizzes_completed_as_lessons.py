from django.db import migrations

ATTEMPTS = """
SELECT 1 FROM coursewright_attempt t
WHERE t.lesson_id = coursewright_completion.lesson_id AND t.user_id = coursewright_completion.user_id
"""
COMPLETED = "status = 'completed' AND lesson_id IN (SELECT id FROM coursewright_lesson WHERE type = 'quiz')"
# Quizzes that were completed while they were lessons, before a turn set that aside: nobody passed them.
SET_ASIDE = (
    f"""
UPDATE coursewright_completion SET status = 'failed', completed_at = NULL
WHERE {COMPLETED} AND EXISTS ({ATTEMPTS}) AND NOT EXISTS ({ATTEMPTS} AND t.result = 'completed')""",
    f"UPDATE coursewright_completion SET status = 'uncompleted' WHERE {COMPLETED} AND NOT EXISTS ({ATTEMPTS})",
    """
UPDATE coursewright_membership SET num_completed = (
    SELECT count(*) FROM coursewright_completion k JOIN coursewright_lesson l ON l.id = k.lesson_id
    WHERE k.course_id = coursewright_membership.course_id AND k.user_id = coursewright_membership.user_id
        AND k.status = 'completed' AND l.status = 'published' AND l.deleted_at IS NULL
) WHERE course_id IN (SELECT course_id FROM coursewright_lesson WHERE type = 'quiz')""",
    "DELETE FROM coursewright_tally WHERE kind = 'progress'",
    """
INSERT INTO coursewright_tally (kind, object_id, key, number)
SELECT 'progress', course_id, CAST(num_completed AS varchar(16)), count(*) FROM coursewright_membership
WHERE status IN ('manager', 'joined') GROUP BY course_id, num_completed""",
)


class Migration(migrations.Migration):

    dependencies = [
        ('coursewright', '0008_completion_set_aside'),
    ]

    operations = [migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in SET_ASIDE]
