from django.db import migrations

COUNT = (
    """
UPDATE coursewright_membership SET num_completed = (
    SELECT count(*) FROM coursewright_completion k JOIN coursewright_lesson l ON l.id = k.lesson_id
    WHERE k.course_id = coursewright_membership.course_id AND k.user_id = coursewright_membership.user_id
        AND k.status = 'completed' AND l.status = 'published' AND l.deleted_at IS NULL
), num_attempts = (
    SELECT count(*) FROM coursewright_attempt t JOIN coursewright_lesson l ON l.id = t.lesson_id
    WHERE t.course_id = coursewright_membership.course_id AND t.user_id = coursewright_membership.user_id
        AND l.deleted_at IS NULL
)""",
    """
INSERT INTO coursewright_tally (kind, object_id, key, number)
SELECT 'people', 0, '', count(*) FROM coursewright_user WHERE deleted_at IS NULL AND is_active""",
    """
INSERT INTO coursewright_tally (kind, object_id, key, number)
SELECT 'courses', 0, privacy, count(*) FROM coursewright_course WHERE deleted_at IS NULL GROUP BY privacy""",
    """
INSERT INTO coursewright_tally (kind, object_id, key, number)
SELECT 'created', created_by_id, privacy, count(*) FROM coursewright_course WHERE deleted_at IS NULL
GROUP BY created_by_id, privacy""",
    """
INSERT INTO coursewright_tally (kind, object_id, key, number)
SELECT 'standings', course_id, status, count(*) FROM coursewright_membership WHERE status IS NOT NULL
GROUP BY course_id, status""",
    """
INSERT INTO coursewright_tally (kind, object_id, key, number)
SELECT 'lessons', course_id, '', count(*) FROM coursewright_lesson
WHERE status = 'published' AND deleted_at IS NULL GROUP BY course_id""",
    """
INSERT INTO coursewright_tally (kind, object_id, key, number)
SELECT 'progress', course_id, CAST(num_completed AS varchar(16)), count(*) FROM coursewright_membership
WHERE status IN ('manager', 'joined') GROUP BY course_id, num_completed""",
    """
INSERT INTO coursewright_tally (kind, object_id, key, number)
SELECT 'attempts', course_id, status, sum(num_attempts) FROM coursewright_membership
WHERE status IS NOT NULL AND num_attempts > 0 GROUP BY course_id, status""",
    """
INSERT INTO coursewright_tally (kind, object_id, key, number)
SELECT 'comments', course_id, CAST(lesson_id AS varchar(16)), count(*) FROM coursewright_comment
WHERE parent_id IS NULL AND deleted_at IS NULL GROUP BY course_id, lesson_id""",
    """
UPDATE coursewright_comment SET num_replies = (
    SELECT count(*) FROM coursewright_comment x WHERE x.parent_id = coursewright_comment.id AND x.deleted_at IS NULL
), latest_reply_id = (
    SELECT max(x.id) FROM coursewright_comment x WHERE x.parent_id = coursewright_comment.id AND x.deleted_at IS NULL
) WHERE parent_id IS NULL""",
)


def name_endings(apps, schema_editor):
    """The endings of the names of people who are there already, as ``foundation.text.endings`` cuts them."""
    insert = "INSERT INTO coursewright_nameending (user_id, ending) VALUES (%s, %s)"
    people = apps.get_model("coursewright", "User").objects.values_list("id", "username_key", "real_name_key")
    with schema_editor.connection.cursor() as cursor:
        cursor.executemany(
            insert,
            [
                (id, ending)
                for id, *keys in people.iterator()
                for ending in {key[place : place + 24] for key in keys for place in range(len(key))}
            ],
        )


class Migration(migrations.Migration):

    dependencies = [
        ('coursewright', '0003_kept_counts'),
    ]

    operations = [
        *(migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in COUNT),
        migrations.RunPython(name_endings, migrations.RunPython.noop),
    ]
