"""``image_original`` of a course: POST and PATCH /api/v2/course/ (rules.md 3)."""

import base64
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from coursewright.courses.models import Course
from tests.api.authors import course_shape, drawn, faults, nothing_changes, revision
from tests.client import Answer, Api
from tests.factories import make_course, make_user

RED = (255, 0, 0)
SIZES = {"image_bigger": 1200, "image_big": 600, "image_medium": 300, "image_small": 100}
NOT_AN_IMAGE = "Upload a JPEG, PNG, WebP or GIF image."


@pytest.fixture(autouse=True)
def storage(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def picture(format: str = "PNG", size: tuple[int, int] = (300, 200)) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, RED).save(file, format)
    return file.getvalue()


def data_url(content: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def files(storage: Path) -> int:
    return sum(1 for path in storage.rglob("*") if path.is_file())


def assert_shows_picture(body: dict[str, Any]) -> None:
    """The four addresses lead to squares of the four sizes."""
    for field, pixels in SIZES.items():
        address = body[field].removeprefix("http://testserver")
        answer = Api().call("GET", address)
        assert (answer.status, answer.headers["Content-Type"]) == (200, "image/webp")
        image = Image.open(BytesIO(answer.body))
        assert (field, image.size) == (field, (pixels, pixels))
        pixel = image.convert("RGB").getpixel((pixels // 2, pixels // 2))
        assert isinstance(pixel, tuple)
        assert pixel[0] > 240 > 20 > pixel[1]


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_file_in_a_new_course(format: str) -> None:
    ann = make_user()
    file = ("x.jpg", picture(format), "application/octet-stream")
    answer = Api(ann).multipart(
        "POST", "course/", [("name", "Maths"), ("type", "self-paced"), ("image_original", file)]
    )
    images = {field: answer.body[field] for field in SIZES}
    assert (answer.status, answer.body) == (201, course_shape(Course.objects.get(), privacy="", **images))
    assert_shows_picture(answer.body)


def test_data_url_in_a_new_course() -> None:
    body = {"name": "Maths", "type": "self-paced", "image_original": data_url(picture())}
    answer = Api(make_user()).post("course/", body)
    assert answer.status == 201
    assert_shows_picture(answer.body)


def test_change_of_the_cover() -> None:
    """``changeCourseCover`` of the client: a PATCH with nothing else (clients.md)."""
    ann = make_user()
    course = make_course(ann)
    file = ("x.png", picture(size=(2000, 1000)), "image/png")
    first = Api(ann).multipart("PATCH", f"course/{course.pk}/", [("image_original", file)])
    second = Api(ann).patch(f"course/{course.pk}/", {"image_original": data_url(picture("GIF"), "image/gif")})
    assert (first.status, second.status, revision(course)) == (200, 200, 3)
    assert first.body["image_big"] != second.body["image_big"], "an address never changes its content"
    assert_shows_picture(second.body)
    stranger = Api().get(f"course/{course.pk}/").body
    assert {field: stranger[field] for field in SIZES} == {field: second.body[field] for field in SIZES}


def test_larger_than_what_is_read_at_once() -> None:
    """Uploads above 2.5 MB come through a temporary file."""
    file = BytesIO()
    Image.effect_noise((1900, 1900), 90).save(file, "PNG")
    assert 3_000_000 < len(file.getvalue()) < 5_000_000
    ann = make_user()
    course = make_course(ann)
    parts = [("image_original", ("x.png", file.getvalue(), "image/png"))]
    assert Api(ann).multipart("PATCH", f"course/{course.pk}/", parts).status == 200
    assert Api(ann).patch(f"course/{course.pk}/", {"image_original": data_url(file.getvalue())}).status == 200


@pytest.mark.parametrize("none", [None, ""])
def test_back_to_the_default(none: str | None) -> None:
    ann = make_user()
    course = make_course(ann)
    Api(ann).patch(f"course/{course.pk}/", {"image_original": data_url(picture())})
    answer = Api(ann).patch(f"course/{course.pk}/", {"image_original": none})
    assert (answer.status, answer.body) == (200, course_shape(course))
    with nothing_changes():
        assert Api(ann).patch(f"course/{course.pk}/", {"image_original": none}).status == 200
        assert Api(ann).form("PATCH", f"course/{course.pk}/", image_original="").status == 200


def test_absent_it_stays() -> None:
    ann = make_user()
    course = make_course(ann)
    before = Api(ann).patch(f"course/{course.pk}/", {"image_original": data_url(picture())}).body
    after = Api(ann).put(f"course/{course.pk}/", {"name": "Maths", "type": "self-paced"}).body
    assert after == before


def test_default_images_differ_from_course_to_course() -> None:
    ann = make_user()
    one, two = make_course(ann, "One"), make_course(ann, "Two")
    found = []
    for course in (one, two):
        body = Api(ann).get(f"course/{course.pk}/").body
        assert {field: body[field] for field in SIZES} == drawn("course", course.pk)
        answers = [Api().call("GET", body[field].removeprefix("http://testserver")) for field in SIZES]
        assert [answer.status for answer in answers] == [200] * 4
        found.append(answers[0].body)
    assert found[0] != found[1]


def refused(answer: Answer, message: str) -> bool:
    return (answer.status, answer.body) == (400, faults(("image_original", "invalid_image", message)))


@pytest.mark.parametrize(
    "content, message",
    [
        (b"", NOT_AN_IMAGE),
        (b"text", NOT_AN_IMAGE),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', NOT_AN_IMAGE),
        (picture()[:60], NOT_AN_IMAGE),
        (picture("BMP"), NOT_AN_IMAGE),
        (picture() + b"\0" * 5 * 1024 * 1024, "The image is larger than 5 MB."),
        (picture(size=(41_000, 1000)), "The image has more than 40 megapixels."),
    ],
)
def test_files_that_are_no_good(content: bytes, message: str, storage: Path) -> None:
    ann = make_user()
    course = make_course(ann)
    with nothing_changes():
        parts = [("name", "New"), ("image_original", ("x.png", content, "image/png"))]
        assert refused(Api(ann).multipart("PATCH", f"course/{course.pk}/", parts), message)
        answer = Api(ann).patch(f"course/{course.pk}/", {"name": "New", "image_original": data_url(content)})
        assert refused(answer, message)
    assert files(storage) == 0


def test_svg_under_its_own_name() -> None:
    ann = make_user()
    course = make_course(ann)
    with nothing_changes():
        svg = data_url(b"<svg/>", "image/svg+xml")
        assert refused(Api(ann).patch(f"course/{course.pk}/", {"image_original": svg}), NOT_AN_IMAGE)


def test_two_files_are_no_picture() -> None:
    ann = make_user()
    course = make_course(ann)
    file = ("image_original", ("x.png", picture(), "image/png"))
    with nothing_changes():
        answer = Api(ann).multipart("PATCH", f"course/{course.pk}/", [file, file])
        assert refused(answer, "Send an image file or a data URL.")


def test_a_file_where_a_text_or_a_list_belongs() -> None:
    ann = make_user()
    course = make_course(ann)
    with nothing_changes():
        for field in ("name", "categories", "sections_order", "hide_member_count"):
            for content in (b"", b"1"):
                answer = Api(ann).multipart("PATCH", f"course/{course.pk}/", [(field, ("x", content, "text/plain"))])
                assert (field, answer.status, answer.body["errors"][0]["field"]) == (field, 400, field)


def test_more_than_a_body_may_hold() -> None:
    ann = make_user()
    course = make_course(ann)
    with nothing_changes():
        answer = Api(ann).patch(f"course/{course.pk}/", {"image_original": "x" * (8 * 1024 * 1024)})
        assert (answer.status, answer.body["errors"][0]["code"]) == (413, "too_large")


def test_a_refused_write_leaves_no_files(storage: Path) -> None:
    ann = make_user()
    make_course(ann, "Taken")
    course = make_course(ann)
    body = {"name": "Taken", "type": "self-paced", "image_original": data_url(picture())}
    with nothing_changes():
        assert Api(ann).patch(f"course/{course.pk}/", body).status == 400
        assert Api(ann).post("course/", body).status == 400
        assert Api(ann).post("course/", {**body, "name": "New", "type": "x"}).status == 400
    assert files(storage) == 0
