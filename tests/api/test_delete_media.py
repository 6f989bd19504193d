"""DELETE /api/v2/media/{id}/"""

from pathlib import Path

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from coursewright.comments.actions import create_comment, delete_comment
from coursewright.courses.actions.lessons import delete_lesson
from coursewright.foundation.models import Event
from coursewright.media.models import Media, MediaUse
from tests.api.authors import nothing_changes
from tests.api.learners import make_people
from tests.api.test_get_media import make_media
from tests.client import FORBIDDEN, NOT_AUTHENTICATED, NOT_JOINED, Api, refused
from tests.factories import NOW, make_course, make_lesson, make_section, make_user
from tests.media.uploads import complete, png, send, stored

IN_USE = refused("in_use", "This media is used by a lesson or a comment.")


@pytest.fixture(autouse=True)
def _storage(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_its_files_go_with_it(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> None:
    ann = make_user()
    with django_capture_on_commit_callbacks(execute=True):
        id = complete(ann, send(ann, png(4, 4)), type="image").body["id"]
    assert len(stored()) == 2
    with django_capture_on_commit_callbacks(execute=True):
        answer = Api(ann).delete(f"media/{id}/")
    assert (answer.status, answer.body, answer.statements) == (204, None, 7)
    assert (Media.objects.count(), stored()) == (0, set())
    assert Event.objects.filter(kind="media.deleted", actor_id=ann.pk, object_id=id).count() == 1
    assert Api(ann).delete(f"media/{id}/").status == 404


def test_one_that_is_in_use() -> None:
    ann = make_user()
    course = make_course(ann)
    section, media = make_section(course), make_media(ann)
    lesson = make_lesson(section, medias=[media.pk])
    comment = create_comment(lesson.course_id, lesson.pk, {"medias": [media.pk]}, at=NOW, by=ann.pk).id
    for _ in range(2):
        with nothing_changes():
            answer = Api(ann).delete(f"media/{media.pk}/")
        assert (answer.status, answer.body) == (409, IN_USE)
        Api(ann).patch(f"course/{course.pk}/section/{section.pk}/lesson/{lesson.pk}/", {"medias": []})
    delete_comment(lesson.pk, comment, at=NOW, by=ann.pk)
    assert Api(ann).delete(f"media/{media.pk}/").status == 204


def test_what_is_deleted_uses_nothing() -> None:
    ann = make_user()
    course = make_course(ann)
    section, media = make_section(course), make_media(ann)
    lesson = make_lesson(section, medias=[media.pk])
    delete_lesson(course.pk, section.pk, lesson.pk, at=NOW, by=ann.pk)
    assert Api(ann).delete(f"media/{media.pk}/").status == 204
    assert MediaUse.objects.count() == 0


def test_others() -> None:
    """A manager may, if it were not in use; who only may open the lesson may not; the rest did not join."""
    ann, ben = make_user(), make_user("ben")
    course = make_course(ann)
    media = make_media(ben)
    lesson = make_lesson(make_section(course))
    MediaUse.objects.create(media=media, object_type="lesson", object_id=lesson.pk)
    wanted = {
        "manager": (409, IN_USE),
        "joined": (403, FORBIDDEN),
        "invited": (403, NOT_JOINED),
        "requested": (403, NOT_JOINED),
        "left": (403, NOT_JOINED),
        "stranger": (403, NOT_JOINED),
        "creator": (409, IN_USE),
        "admin": (403, NOT_JOINED),
    }
    people = {**make_people(course), "creator": ann, "admin": make_user("root", role="admin")}
    for name, user in people.items():
        with nothing_changes():
            answer = Api(user).delete(f"media/{media.pk}/")
        assert (name, answer.status, answer.body) == (name, *wanted[name])
    answer = Api().delete(f"media/{media.pk}/")
    assert (answer.status, answer.body) == (401, NOT_AUTHENTICATED)


@pytest.mark.parametrize("id", ["0", "999", "undefined", "99999999999999999999"])
def test_unknown_ids(id: str) -> None:
    assert Api(make_user()).delete(f"media/{id}/").status == 404


def test_statements() -> None:
    ann = make_user()
    counts = []
    for places in (1, 30):
        media = make_media(ann)
        section = make_section(make_course(ann, f"Course {places}"))
        for place in range(places):
            make_lesson(section, f"Lesson {place}", medias=[media.pk])
        answer = Api(ann).delete(f"media/{media.pk}/")
        counts.append((answer.status, answer.statements))
    assert counts == [(409, 4), (409, 4)]
