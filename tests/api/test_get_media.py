"""GET /api/v2/media/{id}/"""

from datetime import timedelta

import pytest

from coursewright.accounts.models import User
from coursewright.comments.actions import create_comment, delete_comment
from coursewright.courses.actions.courses import delete_course
from coursewright.courses.actions.lessons import delete_lesson
from coursewright.courses.actions.sections import delete_section
from coursewright.courses.models import Course, Lesson
from coursewright.media.models import Media
from tests.api.learners import make_people
from tests.client import BAD_TOKEN, NOT_AUTHENTICATED, NOT_FOUND, NOT_JOINED, Api, refused
from tests.clock import Clock
from tests.factories import NOW, complete, make_course, make_joined, make_lesson, make_manager, make_section, make_user


def make_media(user: User, title: str = "notes.pdf") -> Media:
    return Media.objects.create(type="doc", uploader=user, added_at=NOW, title=title, file=f"files/{title}")


def shape(media: Media) -> dict[str, object]:
    return {
        "id": media.pk,
        "added_at": "2026-11-23T10:00:00Z",
        "type": "doc",
        "title": media.title,
        "description": "",
        "url": f"http://testserver/media/files/{media.title}",
        "image": None,
        "image_thumbnail": None,
        "image_width": None,
        "image_height": None,
        "order": 0,
        "embed": None,
    }


def status(user: User | None, media: Media) -> int:
    return Api(user).get(f"media/{media.pk}/").status


def test_whole_answer() -> None:
    ann = make_user()
    media = make_media(ann)
    answer = Api(ann).get(f"media/{media.pk}/")
    assert (answer.status, answer.body, answer.statements) == (200, shape(media), 2)


@pytest.mark.parametrize("privacy", ["open", "private", "secret"])
def test_who_may_open_a_lesson_that_shows_it(privacy: str) -> None:
    ann = make_user()
    course = make_course(ann)
    media = make_media(make_manager(course, make_user("max")))
    make_lesson(make_section(course), medias=[])
    course_lesson = Lesson.objects.get()
    Api(media.uploader).patch(
        f"course/{course.pk}/section/{course_lesson.section_id}/lesson/{course_lesson.pk}/", {"medias": [media.pk]}
    )
    people = make_people(course)
    Course.objects.filter(pk=course.pk).update(privacy=privacy)
    found = {name: status(user, media) for name, user in people.items()}
    assert found == {
        "manager": 200,
        "joined": 200,
        "invited": 403,
        "requested": 404 if privacy == "secret" else 403,
        "left": 404 if privacy == "secret" else 403,
        "stranger": 404 if privacy == "secret" else 403,
    }
    assert Api(people["invited"]).get(f"media/{media.pk}/").body == NOT_JOINED
    assert [status(ann, media), status(make_user("root", role="admin"), media)] == [200, found["stranger"]]
    assert Api(people["joined"]).get(f"media/{media.pk}/").body == shape(media)


def test_who_may_open_a_lesson_whose_comment_shows_it() -> None:
    ann, leo = make_user(), make_user("leo")
    course = make_course(ann)
    lesson = make_lesson(make_section(course))
    make_joined(course, leo)
    media = make_media(leo)
    parent = create_comment(lesson.course_id, lesson.pk, {"text": "x"}, at=NOW, by=ann.pk).id
    create_comment(lesson.course_id, lesson.pk, {"medias": [media.pk], "parent": parent}, at=NOW, by=leo.pk)
    mia = make_joined(course, make_user("mia"))
    stranger = make_user("sam")
    assert [status(user, media) for user in (ann, leo, mia, stranger)] == [200, 200, 200, 403]
    delete_comment(lesson.pk, parent, at=NOW, by=ann.pk)
    assert [status(user, media) for user in (ann, leo, mia)] == [404, 200, 404]


def test_a_lesson_that_is_closed(clock: Clock) -> None:
    ann = make_user()
    course = make_course(ann, type="structured")
    media = make_media(ann)
    make_lesson(make_section(course, drip_delay=1), medias=[media.pk])
    leo = make_joined(course, make_user("leo"))
    answer = Api(leo).get(f"media/{media.pk}/")
    message = "This lesson is locked: it opens on 2026-11-24 at 10:00 UTC."
    assert (answer.status, answer.body) == (403, refused("lesson_locked", message))
    clock.set(NOW + timedelta(days=1))
    assert status(leo, media) == 200


def test_a_lesson_that_comes_later() -> None:
    ann = make_user()
    course = make_course(ann, enforce_lessons_order=True)
    section, media = make_section(course), make_media(ann)
    first = make_lesson(section, "First")
    make_lesson(section, "Second", medias=[media.pk])
    leo = make_joined(course, make_user("leo"))
    assert status(leo, media) == 403
    complete(first, leo)
    assert status(leo, media) == 200


def test_one_open_lesson_is_enough() -> None:
    """Until there is one, the answer says what keeps them from the one they are nearest to."""
    ann = make_user()
    course, other = make_course(ann), make_course(ann, "Art", type="scheduled")
    media = make_media(ann)
    make_lesson(make_section(other), medias=[media.pk])
    make_lesson(make_section(course), status="draft", medias=[media.pk])
    leo = make_joined(course, make_user("leo"))
    assert Api(leo).get(f"media/{media.pk}/").body == NOT_JOINED
    make_joined(other, leo)
    assert Api(leo).get(f"media/{media.pk}/").body["errors"][0]["code"] == "lesson_locked"
    make_lesson(make_section(course), "Shown", medias=[media.pk])
    assert status(leo, media) == 200


@pytest.mark.parametrize("what", ["lesson", "section", "course", "draft lesson", "draft course"])
def test_what_is_gone_shows_nothing(what: str) -> None:
    ann = make_user()
    course = make_course(ann)
    section, media = make_section(course), make_media(ann)
    lesson = make_lesson(section, medias=[media.pk])
    leo = make_joined(course, make_user("leo"))
    assert status(leo, media) == 200
    if what == "lesson":
        delete_lesson(course.pk, section.pk, lesson.pk, at=NOW, by=ann.pk)
    elif what == "section":
        delete_section(course.pk, section.pk, at=NOW, by=ann.pk)
    elif what == "course":
        delete_course(course.pk, at=NOW, by=ann.pk)
    elif what == "draft lesson":
        Lesson.objects.update(status="draft")
    else:
        Course.objects.update(privacy="")
    assert status(leo, media) == 404


@pytest.mark.parametrize("id", ["0", "999", "undefined", "99999999999999999999"])
def test_unknown_ids(id: str) -> None:
    answer = Api(make_user()).get(f"media/{id}/")
    assert answer.status == 404


def test_who_may_not() -> None:
    media = make_media(make_user())
    for token, body in ((None, NOT_AUTHENTICATED), ("nonsense", BAD_TOKEN)):
        answer = Api(token=token).get(f"media/{media.pk}/")
        assert (answer.status, answer.body) == (401, body)
    answer = Api(make_user("sam")).get(f"media/{media.pk}/")
    assert (answer.status, answer.body) == (404, NOT_FOUND)


def test_statements() -> None:
    ann, leo = make_user(), make_user("leo")
    counts = []
    for places in (1, 30):
        media = make_media(ann)
        for place in range(places):
            course = make_course(ann, f"Course {places} {place}", enforce_lessons_order=True)
            section = make_section(course)
            make_lesson(section, "First")
            make_lesson(section, medias=[media.pk])
            make_joined(course, leo)
        answer = Api(leo).get(f"media/{media.pk}/")
        counts.append((answer.status, answer.statements))
    assert counts == [(403, 3), (403, 3)]
