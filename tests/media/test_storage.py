"""Files kept elsewhere: the settings of S3, and that nothing needs a path of this machine."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.storage.memory import InMemoryStorage
from django.utils.module_loading import import_string
from PIL import Image
from pytest_django.fixtures import Settings

from coursewright import environment
from coursewright.community.actions import create_category
from coursewright.courses.actions.courses import create_course
from coursewright.media import images
from coursewright.media.models import Media
from tests.client import Api
from tests.factories import NOW, make_user
from tests.media.uploads import PDF, complete, png, send, stored

OPTIONS = {
    "access_key": None,
    "secret_key": None,
    "bucket_name": "school",
    "location": "",
    "region_name": None,
    "endpoint_url": None,
    "signature_version": "s3v4",
    "querystring_expire": 86400,
    "object_parameters": {"CacheControl": "private, max-age=31536000, immutable"},
}
PICTURE = Image.new("RGB", (9, 9))
WHOLE = "s3://KEY:a%2Fb@school/media/files/?region=eu-south-1&endpoint=https://s3.example.org/"


def test_without_the_setting_files_are_local() -> None:
    found = environment.storage()
    assert found == {"BACKEND": "coursewright.foundation.storage.Directory"}
    assert environment.storage_origins(found) == []


@pytest.mark.parametrize(
    "url, options, origins",
    [
        ("s3://school", {}, ["https://school.s3.amazonaws.com"]),
        (
            "s3://school?region=eu-south-1",
            {"region_name": "eu-south-1"},
            ["https://school.s3.amazonaws.com", "https://school.s3.eu-south-1.amazonaws.com"],
        ),
        (
            WHOLE,
            {
                "access_key": "KEY",
                "secret_key": "a/b",
                "location": "media/files",
                "region_name": "eu-south-1",
                "endpoint_url": "https://s3.example.org",
            },
            ["https://s3.example.org"],
        ),
    ],
)
def test_settings_of_s3(url: str, options: dict[str, str], origins: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSEWRIGHT_STORAGE_URL", url)
    found = environment.storage()
    assert found == {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {**OPTIONS, **options}}
    assert environment.storage_origins(found) == origins


@pytest.mark.parametrize(
    "url, address",
    [
        (WHOLE, "https://s3.example.org/school/media/files/files/x.png?"),
        ("s3://KEY:SECRET@school?region=eu-south-1", "https://school.s3."),
    ],
)
def test_the_library_takes_the_settings(url: str, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The addresses are whole and signed, from where the pages may load images."""
    monkeypatch.setenv("COURSEWRIGHT_STORAGE_URL", url)
    found = environment.storage()
    signed = import_string(found["BACKEND"])(**found["OPTIONS"]).url("files/x.png")
    assert signed.startswith(address)
    assert signed.startswith(tuple(f"{origin}/" for origin in environment.storage_origins(found)))
    assert "X-Amz-Signature=" in signed


def test_s3_needs_its_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSEWRIGHT_STORAGE_URL", "s3://school")
    monkeypatch.setattr(environment, "find_spec", lambda name: None)
    with pytest.raises(environment.SettingError) as raised:
        environment.storage()
    assert str(raised.value) == (
        "COURSEWRIGHT_STORAGE_URL needs the Python package django-storages; "
        "run: .venv/bin/pip install 'django-storages[s3]'"
    )


class Elsewhere(InMemoryStorage):
    """A storage that has nothing on this machine, with whole addresses, as S3 is one."""

    def url(self, name: str | None) -> str:
        return f"https://s3.example.org/school/{name}"


@pytest.fixture
def _elsewhere(settings: Settings) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "tests.media.test_storage.Elsewhere"}}


@pytest.mark.usefixtures("_elsewhere")
def test_uploads_need_no_paths(django_capture_on_commit_callbacks: object) -> None:
    ann = make_user()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # a fixture that is a function
        answer = complete(ann, send(ann, png(8, 6)), type="image")
    media = Media.objects.get()
    assert (answer.status, answer.body["image"], answer.body["url"], answer.body["image_thumbnail"]) == (
        201,
        f"https://s3.example.org/school/{media.file}",
        f"https://s3.example.org/school/{media.file}",
        {"url": f"https://s3.example.org/school/{media.thumbnail}"},
    )
    assert stored() == {media.file, media.thumbnail}
    assert Image.open(BytesIO(default_storage.open(media.file).read())).size == (8, 6)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # a fixture that is a function
        assert Api(ann).delete(f"media/{media.pk}/").status == 204
    assert stored() == set()


@pytest.mark.usefixtures("_elsewhere")
def test_pictures_need_no_paths() -> None:
    with images.kept(PICTURE) as name:
        pass
    assert images.addresses("course", 1, name)["image_small"] == (
        f"https://s3.example.org/school/images/{name}-small.webp"
    )
    assert stored() == {images.path(name, size) for size in images.SIZES}


class Full(InMemoryStorage):
    """A storage with room for so many files and no more."""

    room = 0

    def _save(self, name: str, content: File[bytes]) -> str:
        if len(stored()) == self.room:
            raise OSError("The storage is full.")
        return super()._save(name, content)


@pytest.mark.parametrize(
    "room, create, values",
    [
        (2, create_course, {"name": "Maths", "type": "self-paced", "image_original": PICTURE}),
        (2, create_category, {"name": "Art", "slug": "art", "image_original": PICTURE}),
        (
            6,
            create_category,
            {"name": "Art", "slug": "art", "image_original": PICTURE, "emotional_image_original": PICTURE},
        ),
    ],
)
def test_a_size_that_cannot_be_stored_leaves_no_file_behind(
    room: int, create: Any, values: dict[str, Any], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "tests.media.test_storage.Full"}}
    monkeypatch.setattr(Full, "room", room)
    with pytest.raises(OSError, match="full"):
        create(values, at=NOW, by=make_user().pk)
    assert stored() == set()


@pytest.mark.usefixtures("_elsewhere")
def test_the_server_serves_only_its_own_files() -> None:
    ann = make_user()
    complete(ann, send(ann, PDF), type="file")
    assert Api().call("GET", f"/media/{Media.objects.get().file}").status == 404
