"""Who is told of what, as it is done (rules.md 10)."""

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from coursewright.courses.models import Course
from coursewright.foundation.errors import Invalid
from coursewright.learning.actions import standings
from coursewright.notifications.models import Notification
from tests.api.authors import nothing_changes
from tests.api.threads import make_comment, make_place
from tests.client import Api
from tests.factories import (
    NOW,
    make_course,
    make_invited,
    make_joined,
    make_manager,
    make_requested,
    make_user,
)
from tests.notifications.told import forget, told


def test_an_invitation() -> None:
    ann, leo, kay = make_user(), make_user("leo"), make_user("kay")
    course = make_course(ann, privacy="private")
    body = {"users": [leo.pk, kay.pk]}
    Api(ann).post(f"course/{course.pk}/invite/", body)
    type = "user_invited_to_join_course"
    assert told() == [("kay", type), ("leo", type)]
    found = Notification.objects.get(user=leo)
    assert (found.actor, found.course, found.comment, found.at, found.is_new) == (ann, course, None, NOW, True)
    with nothing_changes():
        Api(ann).post(f"course/{course.pk}/invite/", body)


def test_a_request_and_its_acceptance() -> None:
    ann = make_user()
    course = make_course(ann, privacy="private")
    make_manager(course, make_user("mia"))
    make_joined(course, make_user("leo"))
    kay, lou = make_user("kay"), make_user("lou")
    forget()
    Api(kay).post(f"course/{course.pk}/join/")
    assert told() == [("ann", "user_requested_to_join_course"), ("mia", "user_requested_to_join_course")]
    with nothing_changes():
        Api(kay).post(f"course/{course.pk}/join/")
    make_requested(course, lou)
    forget()
    Api(ann).post(f"course/{course.pk}/invite/", {"users": [kay.pk]})
    Api(ann).post(f"course/{course.pk}/role/", {"joined": [lou.pk]})
    assert told() == [("kay", "user_accepted_to_join_course"), ("lou", "user_accepted_to_join_course")]


def test_roles() -> None:
    """One call, each told what they became; who was joined already, stepped down or put out hears nothing."""
    ann = make_user()
    course = make_course(ann)
    people = {name: make_user(name).pk for name in ("added", "made", "raised", "asked")}
    joined = make_joined(course, make_user("joined")).pk
    manager = make_manager(course, make_user("stepped"))
    invited = make_invited(course, make_user("invited")).pk
    gone = make_joined(course, make_user("gone")).pk
    make_joined(course, make_user("kay"))
    standings.join(course.pk, "private", people["asked"], at=NOW)
    standings.join(course.pk, "open", people["raised"], at=NOW)
    forget()
    body = {
        "managers": [people["made"], people["raised"]],
        "joined": [people["added"], joined, manager.pk, invited, people["asked"]],
        "unjoined": [gone],
    }
    assert Api(ann).post(f"course/{course.pk}/role/", body).status == 204
    assert told() == [
        ("added", "user_added_to_course"),
        ("asked", "user_accepted_to_join_course"),
        ("invited", "user_added_to_course"),
        ("made", "manager_added_to_course"),
        ("raised", "manager_added_to_course"),
    ]


def test_what_people_do_themselves() -> None:
    """Joining, accepting, leaving tell nobody; nor does a manager who steps down."""
    ann, leo = make_user(), make_user("leo")
    course = make_course(ann)
    mia, ivy = make_manager(course, make_user("mia")), make_invited(course, make_user("ivy"))
    forget()
    for user in (leo, ivy):
        assert Api(user).post(f"course/{course.pk}/join/").status == 200
    assert Api(mia).post(f"course/{course.pk}/role/", {"joined": [mia.pk]}).status == 204
    assert Api(leo).delete(f"course/{course.pk}/join/").status == 204
    assert told() == []


def test_a_comment_and_a_reply() -> None:
    lesson = make_place()
    ann, mia = lesson.course.created_by, make_manager(lesson.course, make_user("mia"))
    leo = make_joined(lesson.course, make_user("leo"))
    make_joined(lesson.course, make_user("kay"))
    forget()
    asked = make_comment(lesson, leo)
    type = "user_commented_a_course_lesson"
    assert told() == [("ann", type), ("mia", type)]
    found = Notification.objects.get(user=mia)
    assert (found.actor, found.course, found.comment, found.at) == (leo, lesson.course, asked, NOW)
    forget()
    make_comment(lesson, mia, parent=asked.pk)
    assert told() == [("ann", type)]
    forget()
    make_comment(lesson, ann)
    assert told() == [("mia", type)]


def test_comments_that_nobody_wants_to_hear_of() -> None:
    lesson = make_place(new_comment_notification_enabled=False)
    make_comment(lesson, make_joined(lesson.course, make_user("leo")))
    assert told() == [("leo", "user_added_to_course")]
    Course.objects.update(privacy="private")
    make_requested(lesson.course, make_user("kay"))
    assert ("ann", "user_requested_to_join_course") in told()


def test_changes_and_deletions_of_a_comment() -> None:
    lesson = make_place()
    asked = make_comment(lesson, make_joined(lesson.course, make_user("leo")))
    forget()
    path = f"course/{lesson.course_id}/section/{lesson.section_id}/lesson/{lesson.pk}/comment/{asked.pk}/"
    assert Api(asked.created_by).patch(path, {"text": "How?"}).status == 200
    assert Api(asked.created_by).delete(path).status == 204
    assert told() == []


def test_they_are_rolled_back_with_what_they_tell() -> None:
    course = make_course(make_user())
    leo = make_user("leo", email="leo@example.org")
    with nothing_changes():
        with transaction.atomic():
            make_invited(course, leo)
            assert told() == [("leo", "user_invited_to_join_course")]
            assert DBTaskResult.objects.count() == 1
            transaction.set_rollback(True)
        with pytest.raises(Invalid):
            standings.invite(course.pk, [leo.pk, 999_999], at=NOW, by=course.created_by_id)
    assert DBTaskResult.objects.count() == 0


def test_mails_are_put_in_the_queue_for_those_who_get_them() -> None:
    course = make_course(make_user())
    make_invited(course, make_user("leo"))
    assert DBTaskResult.objects.count() == 0
    people = [make_user(name, email=f"{name}@example.org") for name in ("kay", "lou")]
    standings.invite(course.pk, [user.pk for user in people], at=NOW, by=course.created_by_id)
    [job] = DBTaskResult.objects.all()
    waiting = Notification.objects.filter(is_mailed=False).order_by("id").values_list("pk", flat=True)
    assert (job.args_kwargs["args"], len(waiting)) == ([[*waiting]], 2)


def test_statements_do_not_grow() -> None:
    ann = make_user()
    course = make_course(ann, privacy="private")
    people = [make_user(f"u{place}", email=f"u{place}@example.org") for place in range(31)]
    few, many = (
        Api(ann).post(f"course/{course.pk}/invite/", {"users": [user.pk for user in group]}).statements
        for group in (people[:1], people[1:])
    )
    assert (few, many) == (8, 8)
    assert Notification.objects.count() == 31
