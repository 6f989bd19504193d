from django.db import migrations

COUNT = """
INSERT INTO coursewright_tally (kind, object_id, key, number)
SELECT 'filed', k.category_id, c.privacy, count(*)
FROM coursewright_coursecategory k JOIN coursewright_course c ON c.id = k.course_id
WHERE c.deleted_at IS NULL GROUP BY k.category_id, c.privacy"""


class Migration(migrations.Migration):

    dependencies = [
        ('coursewright', '0006_courses_found'),
    ]

    operations = [
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
    ]
