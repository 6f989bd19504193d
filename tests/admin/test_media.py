"""Media are looked at, and deleted while nothing shows them; unfinished uploads are only looked at."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from coursewright.accounts.models import User
from coursewright.foundation.models import Event
from coursewright.media.models import Media, Upload
from tests.admin.browser import events, said, signed_in
from tests.api.threads import make_comment, make_document, make_place
from tests.factories import NOW, make_user

MEDIA = "/admin/coursewright/media/"
UPLOADS = "/admin/coursewright/upload/"
DELETE = {"post": "yes"}
IN_USE = "This media is used by a lesson or a comment."


@pytest.fixture(autouse=True)
def _storage(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def boss() -> User:
    return make_user("root", role="admin")


def make_image(user: User) -> Media:
    return Media.objects.create(
        type="image", uploader=user, added_at=NOW, title="Sun", file="files/a.png", thumbnail="files/a-small.webp"
    )


def make_upload(user: User) -> Upload:
    return Upload.objects.create(id="a" * 32, uploader=user, name="Notes", total=10, received=4, expires_at=NOW)


def test_a_media_with_its_files_and_places(boss: User) -> None:
    lesson, sun = make_place(), make_image(boss)
    asked = make_comment(lesson, boss, medias=[sun.pk])
    page = signed_in(boss).get(f"{MEDIA}{sun.pk}/change/").content.decode()
    parts = (
        '<a href="/media/files/a.png" rel="noreferrer">/media/files/a.png</a>',
        '<img src="/media/files/a-small.webp" alt="">',
        f'<a href="/admin/coursewright/user/{boss.pk}/change/">root</a>',
        f'<a href="/admin/coursewright/comment/{asked.pk}/change/">comment {asked.pk}</a>',
    )
    assert [part for part in parts if part not in page] == []


def test_a_link(boss: User) -> None:
    link = Media.objects.create(type="url", uploader=boss, added_at=NOW, url='https://a.example/?a=1&b="')
    page = signed_in(boss).get(f"{MEDIA}{link.pk}/change/").content.decode()
    url = "https://a.example/?a=1&amp;b=&quot;"
    assert page.count(f'<a href="{url}" rel="noreferrer">{url}</a>') == 1


def test_a_media_is_deleted_with_its_files(
    boss: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    sun, notes = make_image(make_user("ann")), make_document(boss)
    default_storage.save(sun.file, ContentFile(b"x"))
    seen = Event.objects.count()
    client = signed_in(boss)
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(f"{MEDIA}{sun.pk}/delete/", DELETE)
    assert (page.status_code, page["Location"]) == (302, MEDIA)
    assert events(seen) == [("media.deleted", sun.pk, boss.pk)]
    assert Media.objects.get() == notes
    assert not default_storage.exists(sun.file)


@pytest.mark.parametrize("together", [False, True])
def test_a_media_in_use_stays(boss: User, together: bool) -> None:
    lesson, free, shown = make_place(), make_document(boss), make_document(boss)
    make_comment(lesson, boss, medias=[shown.pk])
    seen, client = Event.objects.count(), signed_in(boss)
    selected = {"action": "delete_selected", "_selected_action": [free.pk, shown.pk], **DELETE}
    path = MEDIA if together else f"{MEDIA}{shown.pk}/delete/"
    page = client.post(path, selected if together else DELETE, follow=True)
    assert said(page) == [IN_USE]
    assert page.redirect_chain == [(MEDIA if together else f"{MEDIA}{shown.pk}/change/", 302)]
    assert events(seen) == []
    assert Media.objects.count() == 2


def test_nothing_else_is_written(boss: User) -> None:
    notes, upload = make_document(boss), make_upload(boss)
    client, seen = signed_in(boss), Event.objects.count()
    for page in (
        f"{MEDIA}add/",
        f"{MEDIA}{notes.pk}/change/",
        f"{UPLOADS}add/",
        f"{UPLOADS}{upload.pk}/change/",
        f"{UPLOADS}{upload.pk}/delete/",
    ):
        assert (page, client.post(page, {"title": "Other", **DELETE}).status_code) == (page, 403)
    assert events(seen) == []
    assert (Media.objects.get().title, Upload.objects.get().received) == ("Notes", 4)


def test_finding_media_and_uploads(boss: User) -> None:
    ann = make_user("Ann")
    sun, notes, upload = make_image(ann), make_document(boss), make_upload(ann)
    client = signed_in(boss)

    def found(place: str, query: str) -> list[object]:
        return [row.pk for row in client.get(f"{place}?{query}").context["cl"].result_list]

    assert found(MEDIA, "") == [notes.pk, sun.pk]
    assert found(MEDIA, "uploader_id=ANN") == found(MEDIA, "type__exact=image") == [sun.pk]
    assert found(UPLOADS, f"uploader_id={ann.pk}") == [upload.pk]
    assert found(UPLOADS, "uploader_id=root") == []


def test_not_for_others(boss: User) -> None:
    ann = make_user("ann")
    notes, upload, client = make_document(ann), make_upload(ann), signed_in(ann)
    seen = Event.objects.count()
    for path in (f"{MEDIA}{notes.pk}/change/", f"{MEDIA}{notes.pk}/delete/", f"{UPLOADS}{upload.pk}/change/"):
        assert client.post(path, DELETE)["Location"] == f"/admin/login/?next={path}"
    assert events(seen) == []
