"""GET /api/v2/notification/"""

from typing import Any

import pytest

from coursewright.comments.actions import delete_comment
from coursewright.courses.actions.courses import delete_course
from coursewright.courses.actions.lessons import delete_lesson
from coursewright.courses.actions.sections import delete_section
from coursewright.courses.models import Course
from coursewright.learning.actions import standings
from coursewright.notifications.models import Notification
from tests.api.authors import faults
from tests.api.threads import make_comment, make_learner, make_place, make_reply
from tests.client import BAD_TOKEN, NOT_AUTHENTICATED, Answer, Api
from tests.factories import NOW, make_course, make_invited, make_joined, make_manager, make_user
from tests.notifications.told import forget, heard, notification_shape

LINK = "http://testserver/api/v2/notification/?"


def listed(*results: Any) -> dict[str, Any]:
    return {"next": None, "previous": None, "results": list(results)}


def sids(answer: Answer) -> list[str]:
    return [item["sid"] for item in answer.body["results"]]


def test_about_a_course() -> None:
    course = make_course(make_user(), privacy="private")
    leo = make_invited(course, make_user("leo"))
    answer = Api(leo).get("notification/")
    assert (answer.status, answer.body) == (
        200,
        listed(notification_shape(Notification.objects.get(), course, "invited")),
    )


def test_about_a_comment() -> None:
    lesson = make_place()
    leo = make_learner(lesson.course)
    forget()
    asked = make_comment(lesson, leo)
    answer = Api(lesson.course.created_by).get("notification/")
    expected = notification_shape(Notification.objects.get(), lesson.course, "creator", asked)
    assert (answer.status, answer.body) == (200, listed(expected))


def test_new_once() -> None:
    """``is_new`` is as it was; what is shown is read from then on."""
    lesson = make_place()
    ann, leo = lesson.course.created_by, make_learner(lesson.course)
    forget()
    make_comment(lesson, leo)
    news = []
    for _ in range(2):
        news += [
            (item["is_new"], item["aggregated"][0]["is_new"]) for item in Api(ann).get("notification/").body["results"]
        ]
    assert news == [(True, True), (False, False)]
    make_comment(lesson, leo)
    assert [item["is_new"] for item in Api(ann).get("notification/").body["results"]] == [True, False]


def test_one_reads_only_ones_own() -> None:
    course = make_course(make_user())
    make_invited(course, make_user("leo"))
    assert Api(make_user("kay")).get("notification/").body == listed()
    assert Notification.objects.filter(is_new=True).count() == 1


def test_pages_in_both_directions() -> None:
    """Twenty each, newest first; only what is shown becomes read; what comes in between moves nothing."""
    lesson = make_place()
    ann, leo = lesson.course.created_by, make_learner(lesson.course)
    forget()
    for _ in range(45):
        make_comment(lesson, leo)
    all_sids = [f"n{id}" for id in Notification.objects.order_by("-id").values_list("pk", flat=True)]
    api = Api(ann)
    first = api.get("notification/")
    assert (sids(first), first.body["previous"]) == (all_sids[:20], None)
    assert first.body["next"] == f"{LINK}next_id={all_sids[19][1:]}"
    assert Notification.objects.filter(is_new=True).count() == 25
    make_comment(lesson, leo)
    second = api.get(first.body["next"].removeprefix("http://testserver"))
    assert (sids(second), second.body["previous"]) == (all_sids[20:40], f"{LINK}previous_id={all_sids[20][1:]}")
    third = api.get(second.body["next"].removeprefix("http://testserver"))
    assert (sids(third), third.body["next"]) == (all_sids[40:], None)
    back = api.get(third.body["previous"].removeprefix("http://testserver"))
    assert (sids(back), back.body["next"]) == (all_sids[20:40], second.body["next"])
    front = api.get(back.body["previous"].removeprefix("http://testserver"))
    assert (sids(front), front.body["next"]) == (all_sids[:20], first.body["next"])
    newest = api.get(front.body["previous"].removeprefix("http://testserver"))
    assert (len(sids(newest)), newest.body["previous"]) == (1, None)
    assert api.get("notification/", previous_id=2**80).body == listed()
    assert api.get("notification/", next_id=-1).body == listed()


@pytest.mark.parametrize("name", ["next_id", "previous_id"])
def test_bad_cursors(name: str) -> None:
    answer = Api(make_user()).get("notification/", **{name: "x"})
    assert (answer.status, answer.body) == (400, faults((name, "invalid", "A valid integer is required.")))


def test_a_course_that_is_seen_no_more() -> None:
    ann, leo = make_user(), make_user("leo")
    course = make_course(ann, privacy="secret")
    make_invited(course, leo)
    assert heard(leo) == ["user_invited_to_join_course"]
    standings.leave(course.pk, leo.pk, at=NOW, by=leo.pk)
    assert heard(leo) == []
    make_joined(course, leo)
    assert heard(leo) == ["user_added_to_course", "user_invited_to_join_course"]
    Course.objects.update(privacy="")
    assert heard(leo) == []
    Course.objects.update(privacy="open")
    assert len(heard(leo)) == 2
    delete_course(course.pk, at=NOW, by=ann.pk)
    assert heard(leo) == []


def test_someone_who_is_manager_no_more() -> None:
    lesson = make_place(privacy="private")
    ann, mia = lesson.course.created_by, make_manager(lesson.course, make_user("mia"))
    make_comment(lesson, make_joined(lesson.course, make_user("leo")))
    standings.join(lesson.course_id, "private", make_user("kay").pk, at=NOW)
    both = ["user_requested_to_join_course", "user_commented_a_course_lesson"]
    assert heard(mia) == [*both, "manager_added_to_course"]
    standings.change_roles(lesson.course_id, {"joined": [mia.pk]}, at=NOW, by=ann.pk)
    assert heard(mia) == ["manager_added_to_course"]
    assert heard(ann) == both


@pytest.mark.parametrize("what", ["comment", "thread", "lesson", "section"])
def test_a_comment_that_is_gone(what: str) -> None:
    lesson = make_place()
    ann, leo = lesson.course.created_by, make_learner(lesson.course)
    asked = make_comment(lesson, leo)
    found = make_reply(asked, leo) if what == "thread" else asked
    assert heard(ann) == ["user_commented_a_course_lesson"] * (2 if what == "thread" else 1)
    path = (lesson.course_id, lesson.section_id)
    if what in ("comment", "thread"):
        delete_comment(lesson.pk, found.parent_id or found.pk, at=NOW, by=leo.pk)
    elif what == "lesson":
        delete_lesson(*path, lesson.pk, at=NOW, by=ann.pk)
    else:
        delete_section(*path, at=NOW, by=ann.pk)
    assert heard(ann) == []


def test_who_may_not() -> None:
    assert Api().get("notification/")[:2] == (401, NOT_AUTHENTICATED)
    assert Api(token="nonsense").get("notification/")[:2] == (401, BAD_TOKEN)


def test_statements_do_not_grow() -> None:
    leo = make_user("leo")
    make_invited(make_course(make_user()), leo)
    few = Api(leo).get("notification/").statements
    for place in range(19):
        make_invited(make_course(make_user(f"u{place}"), f"Course {place}"), leo)
    many = Api(leo).get("notification/")
    assert (len(many.body["results"]), few, many.statements) == (20, 5, 5)
