"""PUT /api/v2/course/{id}/section/{section_id}/"""

from tests.client import Api
from tests.factories import make_course, make_section, make_user


def test_whole_answer() -> None:
    ann = make_user()
    section = make_section(make_course(ann, type="scheduled"))
    answer = Api(ann).put(
        f"course/{section.course_id}/section/{section.pk}/", {"name": "One", "dripped_at": "2026-12-15T09:00:00Z"}
    )
    assert (answer.status, answer.body) == (
        200,
        {
            "id": section.pk,
            "name": "One",
            "dripped_at": "2026-12-15T09:00:00Z",
            "drip_delay": 0,
            "lessons_order": [],
        },
    )
    assert answer.statements == 8
