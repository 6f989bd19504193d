"""Comments are found, looked at and deleted; nobody writes them for others."""

import pytest

from coursewright.accounts.models import User
from coursewright.comments.models import Comment
from coursewright.courses.models import Lesson
from coursewright.foundation.models import Event
from tests.admin.browser import events, signed_in
from tests.api.threads import make_comment, make_learner, make_place, make_reply
from tests.factories import make_lesson, make_user

COMMENTS = "/admin/coursewright/comment/"
DELETE = {"post": "yes"}


@pytest.fixture
def boss() -> User:
    return make_user("root", role="admin")


@pytest.fixture
def lesson(boss: User) -> Lesson:
    return make_place()


def test_a_comment_in_full(boss: User, lesson: Lesson) -> None:
    leo = make_learner(lesson.course)
    asked = make_comment(lesson, leo)
    reply = make_reply(asked, leo, "<p>So &amp; <b>so</b></p>")
    page = signed_in(boss).get(f"{COMMENTS}{reply.pk}/change/").content.decode()
    parts = (
        "&lt;p&gt;So &amp;amp; &lt;b&gt;so&lt;/b&gt;&lt;/p&gt;",
        f'<a href="/admin/coursewright/user/{leo.pk}/change/">leo</a>',
        f'<a href="/admin/coursewright/lesson/{lesson.pk}/change/">Limits</a>',
        f'<a href="{COMMENTS}{asked.pk}/change/">comment {asked.pk}</a>',
    )
    assert [part for part in parts if part not in page] == []


def test_a_comment_is_deleted_with_its_replies(boss: User, lesson: Lesson) -> None:
    asked = make_comment(lesson, make_learner(lesson.course))
    reply, other = make_reply(asked, lesson.course.created_by), make_comment(lesson, boss)
    seen, client = Event.objects.count(), signed_in(boss)
    page = client.post(f"{COMMENTS}{asked.pk}/delete/", DELETE)
    assert (page.status_code, page["Location"]) == (302, COMMENTS)
    assert events(seen) == [("comment.deleted", asked.pk, boss.pk), ("comment.deleted", reply.pk, boss.pk)]
    assert Comment.objects.get(deleted_at=None) == other
    assert client.post(f"{COMMENTS}{asked.pk}/delete/", DELETE).status_code == 403


def test_a_comment_and_its_reply_are_selected_together(boss: User, lesson: Lesson) -> None:
    asked = make_comment(lesson, make_learner(lesson.course))
    reply, seen = make_reply(asked, boss), Event.objects.count()
    oldest_first = f"{COMMENTS}?o=1"
    selected = {"action": "delete_selected", "_selected_action": [asked.pk, reply.pk], **DELETE}
    assert signed_in(boss).post(oldest_first, selected).status_code == 302
    assert sorted(events(seen)) == [("comment.deleted", asked.pk, boss.pk), ("comment.deleted", reply.pk, boss.pk)]


def test_nothing_else_is_written(boss: User, lesson: Lesson) -> None:
    asked = make_comment(lesson, make_learner(lesson.course))
    client, seen = signed_in(boss), Event.objects.count()
    for page in (f"{COMMENTS}add/", f"{COMMENTS}{asked.pk}/change/"):
        assert client.post(page, {"html": "Other"}).status_code == 403
    assert events(seen) == []
    assert Comment.objects.get().html == "<p>Why?</p>"


def test_finding_comments(boss: User, lesson: Lesson) -> None:
    leo = make_learner(lesson.course)
    asked = make_comment(lesson, leo, "<p>Why &lt;b&gt;?</p>")
    make_reply(asked, boss)
    make_comment(make_lesson(lesson.section, "Series"), leo, "<p>How?</p>")
    make_comment(make_lesson(lesson.section, "Sums"), boss, "<p>What?</p>")
    client = signed_in(boss)

    def found(query: str) -> list[str]:
        page = client.get(f"{COMMENTS}?{query}").context["cl"]
        return [page.model_admin.beginning(row) for row in page.result_list]

    assert found("") == ["What?", "How?", "So.", "Why <b>?"]
    assert found(f"lesson_id={lesson.pk}") == ["So.", "Why <b>?"]
    assert found(f"course_id={lesson.course_id}&created_by_id=LEO") == ["How?", "Why <b>?"]
    assert found(f"parent_id={asked.pk}") == ["So."]
    assert found("deleted=yes") == found("course_id=x") == []


def test_history_is_the_events_of_the_comment(boss: User, lesson: Lesson) -> None:
    asked = make_comment(lesson, boss)
    page = signed_in(boss).get(f"{COMMENTS}{asked.pk}/history/", follow=True)
    assert [row.kind for row in page.context["cl"].result_list] == ["comment.created"]
    link = f'<a href="{COMMENTS}{asked.pk}/change/">comment {asked.pk}</a>'
    assert page.content.decode().count(link) == 1


def test_not_for_others(lesson: Lesson) -> None:
    asked, client = make_comment(lesson, lesson.course.created_by), signed_in(lesson.course.created_by)
    seen = Event.objects.count()
    for path in (f"{COMMENTS}{asked.pk}/change/", f"{COMMENTS}{asked.pk}/delete/"):
        assert client.post(path, DELETE)["Location"] == f"/admin/login/?next={path}"
    assert events(seen) == []
