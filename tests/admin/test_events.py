"""What happened: found by kind, object, course and actor, and shown value by value."""

import pytest

from coursewright.courses.actions.courses import update_course
from coursewright.foundation.models import Event
from tests.admin.browser import signed_in
from tests.factories import NOW, make_course, make_section, make_user

EVENTS = "/admin/coursewright/event/"


def test_finding_events() -> None:
    boss, ann = make_user("root", role="admin"), make_user("ann")
    course = make_course(ann)
    make_section(course)
    update_course(course.pk, {"name": "Algebra"}, at=NOW, by=boss.pk)
    client = signed_in(boss)

    def found(query: str) -> list[str]:
        return [row.kind for row in client.get(f"{EVENTS}?{query}").context["cl"].result_list]

    made = ["section.created", "membership.changed", "course.created"]
    assert found("") == ["course.changed", *made, "user.created", "user.created"]
    assert found("kind=course") == ["course.changed", "course.created"]
    assert found(f"kind=course.&object_id={course.pk}") == ["course.changed", "course.created"]
    assert found(f"course_id={course.pk}") == ["course.changed", *made]
    assert found("actor_id=ANN") == made
    assert found(f"actor_id={boss.pk}") == ["course.changed"]
    assert found("actor_id=nobody") == []


def test_an_event_shows_what_changed() -> None:
    boss = make_user("root", role="admin")
    course = make_course(boss)
    update_course(course.pk, {"name": "<b>Algebra</b>", "hide_member_count": True}, at=NOW, by=boss.pk)
    page = signed_in(boss).get(f"{EVENTS}{Event.objects.latest('id').pk}/change/").content.decode()
    rows = (
        "<tr><th scope='row'>name</th><td><pre>Maths</pre></td><td><pre>&lt;b&gt;Algebra&lt;/b&gt;</pre></td></tr>",
        "<tr><th scope='row'>hide_member_count</th><td><pre>false</pre></td><td><pre>true</pre></td></tr>",
        f'<a href="/admin/coursewright/user/{boss.pk}/change/">root</a>',
        f'<a href="/admin/coursewright/course/{course.pk}/change/">course {course.pk}</a>',
    )
    assert [row for row in rows if row not in page] == []


@pytest.mark.parametrize("page", ["add/", "{}/delete/"])
def test_events_are_only_looked_at(page: str) -> None:
    boss = make_user("root", role="admin")
    event, client = Event.objects.get(), signed_in(boss)
    assert client.post(EVENTS + page.format(event.pk), {"post": "yes"}).status_code == 403
    assert client.post(f"{EVENTS}{event.pk}/change/", {"kind": "x"}).status_code == 403
    selected = {"action": "delete_selected", "post": "yes", "_selected_action": [event.pk]}
    assert client.post(EVENTS, selected).status_code < 400
    assert Event.objects.filter(pk=event.pk).exists()
