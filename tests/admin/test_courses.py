"""Courses with their sections and lessons: found, repaired, ordered, deleted and brought back, each by its action."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from coursewright.accounts.models import User
from coursewright.courses.actions.courses import delete_course, update_course
from coursewright.courses.actions.sections import delete_section
from coursewright.courses.models import Course, Lesson, Section
from coursewright.courses.queries import lesson_ids, section_ids
from coursewright.foundation.models import Event
from coursewright.media.rules import MAX_IMAGE
from tests.admin.browser import Form, errors, events, said, send, signed_in
from tests.factories import NOW, make_category, make_course, make_lesson, make_section, make_user

COURSES, SECTIONS, LESSONS = (f"/admin/coursewright/{name}/" for name in ("course", "section", "lesson"))


@pytest.fixture
def boss() -> User:
    return make_user("root", role="admin")


def png(size: tuple[int, int] = (40, 30)) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, "red").save(file, "PNG")
    return file.getvalue()


def found(boss: User, query: str) -> list[str]:
    page = signed_in(boss).get(f"{COURSES}?{query}")
    assert page.status_code == 200
    return [row.name for row in page.context["cl"].result_list]


def test_finding_courses(boss: User) -> None:
    ann = make_user("ann")
    make_course(ann, "Übung", type="structured", privacy="secret")
    make_course(boss, "Maths")
    delete_course(make_course(boss, "Gone").pk, at=NOW, by=None)
    assert found(boss, "") == ["Maths", "Übung"]
    assert found(boss, "q=ÜBUNG") == ["Übung"]
    assert found(boss, "type__exact=structured") == ["Übung"]
    assert found(boss, "privacy__exact=open") == ["Maths"]
    assert found(boss, "created_by_id=ANN") == ["Übung"]
    assert found(boss, f"created_by_id={boss.pk}") == ["Maths"]
    assert found(boss, "created_by_id=nobody") == []
    assert found(boss, "deleted=yes") == ["Gone"]


def test_adding_a_course_with_a_section(boss: User) -> None:
    category = make_category()
    before = Event.objects.count()
    page = send(
        signed_in(boss),
        f"{COURSES}add/",
        name="Maths",
        type="self-paced",
        categories=[category.pk],
        **{
            "sections-TOTAL_FORMS": "1",
            "sections-0-name": "Week one",
            "sections-0-drip_delay": "0",
            "sections-0-place": "",
        },
    )
    assert page.status_code == 302
    course, section = Course.objects.get(), Section.objects.get()
    assert (course.name, course.slug, course.privacy, course.created_by) == ("Maths", "maths", "", boss)
    assert (list(course.categories.all()), section.course_id) == ([category], course.pk)
    assert events(before) == [
        ("course.created", course.pk, boss.pk),
        ("membership.changed", boss.pk, boss.pk),
        ("section.created", section.pk, boss.pk),
    ]


def test_changing_a_course(boss: User) -> None:
    course, category = make_course(make_user("ann"), description="One\nline"), make_category()
    before = Event.objects.count()
    page = send(
        signed_in(boss), f"{COURSES}{course.pk}/change/", name="Algebra", privacy="private", categories=[category.pk]
    )
    course.refresh_from_db()
    assert (page.status_code, course.name, course.name_key, course.slug) == (302, "Algebra", "algebra", "maths")
    assert (course.privacy, list(course.categories.all()), course.revision) == ("private", [category], 2)
    assert events(before) == [("course.changed", course.pk, boss.pk)]


def test_a_page_sent_as_it_was_changes_nothing(boss: User) -> None:
    course = make_course(boss, description="Two\nlines", categories=[make_category().pk])
    section = make_section(course, dripped_at=NOW)
    lesson = make_lesson(section, text="<p>One</p>\n<p>Two</p>\n")
    before = Event.objects.count()
    for place in (f"{COURSES}{course.pk}", f"{SECTIONS}{section.pk}", f"{LESSONS}{lesson.pk}"):
        assert send(signed_in(boss), f"{place}/change/").status_code == 302
    assert events(before) == []


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"privacy": ""}, {"privacy": ["A course that was published cannot be a draft again."]}),
        (
            {"name": "OTHER", "slug": "other"},
            {
                "name": ["Course with this name already exists."],
                "slug": ["Course with this slug already exists."],
            },
        ),
        (
            {"slug": "no slug"},
            {
                "slug": [
                    "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.",
                ]
            },
        ),
        ({"name": "x" * 256}, {"name": ["Ensure this value has at most 255 characters (it has 256)."]}),
        ({"categories": ["999"]}, {"categories": ["Select a valid choice. 999 is not one of the available choices."]}),
        (
            {"sections-0-name": ""},
            {"sections-0-name": ["This field is required."]},
        ),
        (
            {"sections-0-dripped_at_0": "1812-01-01", "sections-0-dripped_at_1": "00:00"},
            {"sections-0-dripped_at": ["Enter a time from the year 1900 on."]},
        ),
        (
            {"sections-0-drip_delay": "36501"},
            {"sections-0-drip_delay": ["Ensure this value is less than or equal to 36500."]},
        ),
    ],
)
def test_what_is_refused_is_said_beside_its_field(
    boss: User, values: dict[str, Any], wrong: dict[str, list[str]]
) -> None:
    course = make_course(boss)
    make_course(boss, "Other")
    make_section(course)
    before = Event.objects.count()
    page = send(signed_in(boss), f"{COURSES}{course.pk}/change/", **{"description": "New", **values})
    assert errors(page) == wrong
    assert (Course.objects.get(pk=course.pk).description, events(before)) == ("", [])


def test_nothing_is_half_written(boss: User) -> None:
    """The course's own fields are written before a section of it is refused."""
    course = make_course(boss)
    section = make_section(course)
    before = Event.objects.count()
    client = signed_in(boss)
    page = client.get(f"{COURSES}{course.pk}/change/")
    delete_section(course.pk, section.pk, at=NOW, by=None)
    form = {**Form(page.content.decode()).values, "description": "New", "sections-0-name": "Renamed"}
    answer = client.post(f"{COURSES}{course.pk}/change/", form)
    course.refresh_from_db()
    assert (course.description, events(before)) == ("", [("section.deleted", section.pk, None)])
    assert "__all__" in {field.removeprefix("sections-0-") for field in errors(answer)}


def test_a_page_that_is_older_than_its_row(boss: User) -> None:
    course = make_course(boss)
    client = signed_in(boss)
    update_course(course.pk, {"description": "By another"}, at=NOW, by=None)
    page = send(client, f"{COURSES}{course.pk}/change/", seen="1", name="Algebra")
    assert errors(page) == {"__all__": ["This course was changed after you opened the page. Open it again."]}
    assert Course.objects.get().name == "Maths"


def test_a_section_that_is_not_of_this_course(boss: User) -> None:
    course = make_course(boss)
    make_section(course)
    other = make_section(make_course(boss, "Other"))
    values = {"sections-0-id": str(other.pk), "sections-0-name": "Stolen"}
    assert send(signed_in(boss), f"{COURSES}{course.pk}/change/", **values).status_code == 404
    assert Section.objects.get(pk=other.pk).name == "Week one"


def test_a_picture(boss: User) -> None:
    course = make_course(boss)
    client = signed_in(boss)
    place = f"{COURSES}{course.pk}/change/"
    page = send(client, place, image_original=SimpleUploadedFile("a.png", png(), "image/png"), privacy="")
    assert errors(page) == {"privacy": ["A course that was published cannot be a draft again."]}
    assert send(client, place, image_original=SimpleUploadedFile("a.png", png(), "image/png")).status_code == 302
    course.refresh_from_db()
    assert (course.image != "", course.revision) == (True, 2)
    assert send(client, place, **{"image_original-clear": "on"}).status_code == 302
    course.refresh_from_db()
    assert (course.image, course.revision) == ("", 3)
    page = send(client, place, image_original=SimpleUploadedFile("a.png", b"no picture", "image/png"))
    assert errors(page) == {"image_original": ["Upload a JPEG, PNG, WebP or GIF image."]}
    page = send(client, place, image_original=SimpleUploadedFile("a.png", png() + bytes(MAX_IMAGE), "image/png"))
    assert errors(page) == {"image_original": ["The image is larger than 5 MB."]}


@pytest.mark.parametrize(
    ("places", "order"),
    [
        (["3", "2", "3"], [1, 2, 0]),  # the first moves down to the place of the third
        (["1", "2", "1"], [2, 0, 1]),  # the third moves up to the place of the first
        (["", "2", "3"], [1, 2, 0]),
        (["3", "2", "1"], [2, 1, 0]),
    ],
)
def test_the_order_of_sections_and_lessons(boss: User, places: list[str], order: list[int]) -> None:
    course = make_course(boss)
    sections = [make_section(course, f"Week {number}").pk for number in range(3)]
    lessons = [make_lesson(Section.objects.get(pk=sections[0]), f"Lesson {number}").pk for number in range(3)]
    before = Event.objects.count()
    client = signed_in(boss)
    values = {f"sections-{row}-place": place for row, place in enumerate(places)}
    assert send(client, f"{COURSES}{course.pk}/change/", **values).status_code == 302
    values = {f"lessons-{row}-place": place for row, place in enumerate(places)}
    assert send(client, f"{SECTIONS}{sections[0]}/change/", **values).status_code == 302
    assert section_ids(course.pk) == [sections[place] for place in order]
    assert lesson_ids(sections[0]) == [lessons[place] for place in order]
    assert events(before) == [("course.changed", course.pk, boss.pk), ("section.changed", sections[0], boss.pk)]


def test_sections_inside_a_course(boss: User) -> None:
    course = make_course(boss)
    first, second = make_section(course, "One"), make_section(course, "Two")
    make_lesson(second)
    before = Event.objects.count()
    page = send(
        signed_in(boss),
        f"{COURSES}{course.pk}/change/",
        **{
            "sections-TOTAL_FORMS": "3",
            "sections-0-name": "First",
            "sections-0-dripped_at_0": "2027-01-31",
            "sections-0-dripped_at_1": "08:30",
            "sections-1-DELETE": "on",
            "sections-2-name": "New",
            "sections-2-drip_delay": "7",
            "sections-2-place": "1",
        },
    )
    assert page.status_code == 302
    first.refresh_from_db()
    new = Section.objects.get(name="New")
    assert (first.name, str(first.dripped_at), first.revision) == ("First", "2027-01-31 08:30:00+00:00", 2)
    assert (section_ids(course.pk), new.drip_delay) == ([new.pk, first.pk], 7)
    assert [kind for kind, *_ in events(before)] == [
        "section.changed",
        "lesson.deleted",
        "section.deleted",
        "section.created",
        "course.changed",
    ]


def test_lessons_inside_a_section(boss: User) -> None:
    section = make_section(make_course(boss))
    lesson = make_lesson(section, text="<p>Kept</p>")
    before = Event.objects.count()
    page = send(
        signed_in(boss),
        f"{SECTIONS}{section.pk}/change/",
        name="Week two",
        **{
            "lessons-TOTAL_FORMS": "2",
            "lessons-0-status": "draft",
            "lessons-1-name": "Series",
            "lessons-1-type": "quiz",
            "lessons-1-status": "published",
        },
    )
    assert page.status_code == 302
    lesson.refresh_from_db()
    new = Lesson.objects.get(name="Series")
    assert (lesson.status, lesson.html, lesson.revision) == ("draft", "<p>Kept</p>", 2)
    assert (new.type, new.section_id, new.course_id, new.created_by) == ("quiz", section.pk, section.course_id, boss)
    assert events(before) == [
        ("section.changed", section.pk, boss.pk),
        ("lesson.changed", lesson.pk, boss.pk),
        ("lesson.created", new.pk, boss.pk),
    ]


def test_a_section_and_a_lesson_by_themselves(boss: User) -> None:
    course = make_course(boss)
    client = signed_in(boss)
    assert send(client, f"{SECTIONS}add/", course=course.pk, name="Week one").status_code == 302
    section = Section.objects.get()
    values = {"section": section.pk, "name": "Limits", "type": "lesson", "text": "<p>x</p><script>alert(1)</script>"}
    assert send(client, f"{LESSONS}add/", **values).status_code == 302
    lesson = Lesson.objects.get()
    assert (lesson.html, lesson.status, lesson.comments_enabled) == ("<p>x</p>", "draft", True)
    assert send(client, f"{LESSONS}{lesson.pk}/change/", text="<p>y</p>", comments_enabled=None).status_code == 302
    lesson.refresh_from_db()
    assert (lesson.html, lesson.comments_enabled, lesson.revision) == ("<p>y</p>", False, 2)
    assert client.post(f"{LESSONS}{lesson.pk}/delete/", {"post": "yes"}).status_code == 302
    assert client.post(f"{SECTIONS}{section.pk}/delete/", {"post": "yes"}).status_code == 302
    assert [kind for kind, *_ in events(3)] == [
        "section.created",
        "lesson.created",
        "lesson.changed",
        "lesson.deleted",
        "section.deleted",
    ]


def test_a_course_with_very_many_sections(boss: User) -> None:
    """A form has at most 1,000 fields: they are edited inside the course while that is enough for all and new ones."""
    course = make_course(boss)
    for number in range(80):
        make_section(course, f"Week {number}")
    client = signed_in(boss)
    place = f"{COURSES}{course.pk}/change/"
    assert send(client, place, **{"sections-79-name": "Last"}).status_code == 302
    assert Section.objects.filter(name="Last").count() == 1
    make_section(course, "One more")
    assert send(client, place, name="Algebra").status_code == 302
    assert list(client.get(place).context["inline_admin_formsets"]) == []
    assert Course.objects.get().name == "Algebra"


def test_deleting_and_restoring_courses(boss: User) -> None:
    maths, physics = make_course(boss, "Maths"), make_course(boss, "Physics")
    make_section(maths)
    before = Event.objects.count()
    client = signed_in(boss)
    assert client.post(f"{COURSES}{maths.pk}/delete/", {"post": "yes"}).status_code == 302
    selected = {"action": "delete_selected", "post": "yes", "_selected_action": [physics.pk]}
    assert client.post(COURSES, selected).status_code == 302
    assert events(before) == [("course.deleted", maths.pk, boss.pk), ("course.deleted", physics.pk, boss.pk)]
    assert found(boss, "") == []
    make_course(boss, "MATHS")
    before = Event.objects.count()
    selected = {"action": "restore_selected", "_selected_action": [maths.pk, physics.pk]}
    page = client.post(f"{COURSES}?deleted=yes", selected, follow=True)
    assert said(page)[2:] == [
        "“Maths” cannot be restored: Course with this name already exists. Course with this slug already exists.",
        "Restored: 1.",
    ]
    assert events(before) == [("course.restored", physics.pk, boss.pk)]


def test_what_is_in_a_deleted_course_can_only_be_looked_at(boss: User) -> None:
    course = make_course(boss)
    section = make_section(course)
    lesson = make_lesson(section, text="<p>Still to read</p>")
    delete_course(course.pk, at=NOW, by=None)
    client = signed_in(boss)
    for place in (f"{COURSES}{course.pk}", f"{SECTIONS}{section.pk}", f"{LESSONS}{lesson.pk}"):
        assert client.get(f"{place}/change/").status_code == 200
        assert client.post(f"{place}/change/", {"name": "x"}).status_code == 403
        assert client.post(f"{place}/delete/", {"post": "yes"}).status_code == 403
    assert "Still to read" in client.get(f"{LESSONS}{lesson.pk}/change/").content.decode()


def test_history_is_the_events(boss: User) -> None:
    course = make_course(boss)
    section = make_section(course)
    client = signed_in(boss)
    page = client.get(f"{SECTIONS}{section.pk}/history/", follow=True)
    assert [row.kind for row in page.context["cl"].result_list] == ["section.created"]


def test_a_course_page_takes_the_same_statements_for_one_row_and_for_thirty(boss: User) -> None:
    course = make_course(boss)
    section = make_section(course)
    make_lesson(section)
    client = signed_in(boss)
    client.get("/admin/")
    places = (f"{COURSES}{course.pk}/change/", f"{SECTIONS}{section.pk}/change/")
    one = [client.get(place)["X-Query-Count"] for place in places]
    for number in range(29):
        make_section(course, f"Week {number}")
        make_lesson(section, f"Lesson {number}")
    assert [client.get(place)["X-Query-Count"] for place in places] == one
