"""POST /api/v2/course/"""

from typing import Any

import pytest

from coursewright.community.actions import set_preference
from coursewright.courses.actions.courses import restore_course
from coursewright.courses.models import Course, CourseWord, Membership
from coursewright.foundation.errors import Invalid
from coursewright.foundation.models import Event
from tests.api.authors import (
    BAD_COURSE_FIELDS,
    REQUIRED,
    category_shape,
    course_shape,
    faults,
    nothing_changes,
    person,
    revision,
)
from tests.client import BAD_TOKEN, FORBIDDEN, NOT_AUTHENTICATED, Api, codes, wrong
from tests.factories import NOW, make_category, make_course, make_section, make_user

NEW = {"name": "Maths", "type": "self-paced"}
NAME_TAKEN = ("name", "unique", "Course with this name already exists.")
SLUG_TAKEN = ("slug", "unique", "Course with this slug already exists.")


def test_whole_answer() -> None:
    ann = make_user(real_name="Ann")
    answer = Api(ann).post("course/", NEW)
    course = Course.objects.get()
    assert (answer.status, answer.body) == (201, course_shape(course, privacy=""))
    assert answer.body["created_by"] == person(ann)
    membership = Membership.objects.get()
    assert (membership.course_id, membership.user_id, membership.status) == (course.pk, ann.pk, "creator")


def test_every_field() -> None:
    ann = make_user()
    science, art = make_category(), make_category("Art")
    body = {
        "name": "Physics",
        "slug": "my-Slug_1",
        "description": "All of it",
        "type": "scheduled",
        "privacy": "secret",
        "enforce_lessons_order": True,
        "new_comment_notification_enabled": False,
        "hide_member_count": True,
        "meta_title": "a",
        "meta_description": "b",
        "og_title": "c",
        "og_description": "d",
        "og_image": "https://example.org/x.png",
        "sections_order": [],
        "image_original": None,
        "categories": [science.pk, art.pk, science.pk],
    }
    answer = Api(ann).post("course/", body)
    told = {name: value for name, value in body.items() if name not in ("image_original", "categories")}
    assert (answer.status, answer.body) == (
        201,
        course_shape(Course.objects.get(), **told, categories=[category_shape(art), category_shape(science)]),
    )


def test_what_the_client_sends() -> None:
    """A multipart form with indexed categories, and ``products`` of payments that are not there (clients.md 3)."""
    ann = make_user()
    science = make_category()
    fields = [("name", "Maths"), ("description", ""), ("type", "structured"), ("privacy", "open")]
    answer = Api(ann).multipart("POST", "course/", [*fields, ("categories[0]", science.pk), ("products", "[]")])
    assert (answer.status, answer.body) == (
        201,
        course_shape(Course.objects.get(), type="structured", categories=[category_shape(science)]),
    )


@pytest.mark.parametrize("encoding", ["form", "labelled"])
def test_other_encodings_switch_nothing_off(encoding: str) -> None:
    ann = make_user()
    if encoding == "form":
        answer = Api(ann).form("POST", "course/", **NEW, categories="", hide_member_count="true")
    else:
        text = b'{"name": "Maths", "type": "self-paced", "hide_member_count": "true"}'
        answer = Api(ann).call("POST", "course/", text, content_type="application/x-www-form-urlencoded")
    assert (answer.status, answer.body) == (
        201,
        course_shape(Course.objects.get(), privacy="", hide_member_count=True),
    )


def test_form_data_turned_into_json_by_the_client() -> None:
    """``image_original`` becomes ``{}`` and ids become texts (clients.md)."""
    ann, science = make_user(), make_category()
    body = {**NEW, "categories": [str(science.pk)]}
    with nothing_changes():
        answer = Api(ann).post("course/", {**body, "image_original": {}})
        assert (answer.status, codes(answer)) == (400, wrong(image_original="invalid_image"))
    assert Api(ann).post("course/", body).body["categories"] == [category_shape(science)]


def test_read_only_fields_are_ignored() -> None:
    ann, eve = make_user(), make_user("eve")
    body = {**NEW, "id": 999, "created_by": eve.pk, "created_by_id": eve.pk, "deleted": True, "revision": 5}
    answer = Api(ann).post("course/", {**body, "join_status": "joined", "image": "x", "name_key": "x"})
    assert (answer.status, answer.body) == (201, course_shape(Course.objects.get(), privacy=""))


@pytest.mark.parametrize(
    "taken, name",
    [
        ("Maths", "Maths"),
        ("Maths", "  mATHS "),
        ("Straße", "STRASSE"),
        ("ÉCOLE", "école"),
        ("Maths", "Ｍａｔｈｓ"),  # noqa: RUF001 - full width is the point
        ("ﬁne", "FINE"),
        ("Ⅷ", "viii"),
        ("İstanbul", "i̇stanbul"),
    ],
)
def test_name_is_unique_without_case_and_width(taken: str, name: str) -> None:
    ann = make_user()
    make_course(ann, taken)
    with nothing_changes():
        answer = Api(ann).post("course/", {**NEW, "name": name})
        assert (answer.status, answer.body) == (400, faults(NAME_TAKEN))


def test_names_of_drafts_and_of_others_count_too() -> None:
    make_course(make_user(), privacy="")
    answer = Api(make_user("eve")).post("course/", NEW)
    assert (answer.status, answer.body) == (400, faults(NAME_TAKEN))


def test_a_deleted_course_leaves_its_name_and_slug() -> None:
    ann = make_user()
    course = make_course(ann)
    Api(ann).delete(f"course/{course.pk}/")
    answer = Api(ann).post("course/", NEW)
    assert (answer.status, answer.body["slug"]) == (201, "maths")
    with pytest.raises(Invalid) as caught, nothing_changes():
        restore_course(course.pk, at=NOW, by=None)
    assert {field: [code for code, _ in messages] for field, messages in caught.value.fields.items()} == {
        "name": ["unique"],
        "slug": ["unique"],
    }
    Api(ann).delete(f"course/{answer.body['id']}/")
    restore_course(course.pk, at=NOW, by=None)
    assert Api(ann).get(f"course/{course.pk}/").status == 200


@pytest.mark.parametrize(
    "name, slug",
    [
        ("Intro to Physics!", "intro-to-physics"),
        ("  École d'été ", "ecole-d-ete"),
        ("数学", "course"),
        ("---", "course"),
        ("x" * 255, "x" * 235),
    ],
)
def test_slug_is_made_from_the_name(name: str, slug: str) -> None:
    answer = Api(make_user()).post("course/", {**NEW, "name": name})
    assert (answer.status, answer.body["slug"]) == (201, slug)


def test_a_number_is_appended_to_a_slug_that_is_taken() -> None:
    ann = make_user()
    slugs = [Api(ann).post("course/", {**NEW, "name": name}).body["slug"] for name in ("A b", "A-b", "A  b!", "a_b")]
    assert slugs == ["a-b", "a-b-2", "a-b-3", "a-b-4"]
    assert Api(ann).post("course/", {**NEW, "name": "Empty", "slug": ""}).body["slug"] == "empty"


def test_a_slug_that_is_sent_is_not_changed_to_fit() -> None:
    ann = make_user()
    make_course(ann)
    with nothing_changes():
        answer = Api(ann).post("course/", {**NEW, "name": "Other", "slug": "maths"})
        assert (answer.status, answer.body) == (400, faults(SLUG_TAKEN))


@pytest.mark.parametrize("case", list(BAD_COURSE_FIELDS))
def test_bad_field(case: str) -> None:
    ann = make_user()
    body, fault = BAD_COURSE_FIELDS[case]
    with nothing_changes():
        answer = Api(ann).post("course/", {**NEW, **body})
        assert (answer.status, answer.body) == (400, faults(fault))


@pytest.mark.parametrize("body", [None, {}, {"privacy": "open"}])
def test_name_and_type_are_required(body: Any) -> None:
    ann = make_user()
    with nothing_changes():
        answer = Api(ann).post("course/", body)
        assert (answer.status, answer.body) == (
            400,
            faults(("name", "required", REQUIRED), ("type", "required", REQUIRED)),
        )


def test_all_faults_at_once_in_the_order_of_the_schema() -> None:
    """Those of the shape and those of the database together; ``name`` stays first, as the client needs it."""
    ann = make_user()
    section = make_section(make_course(ann))
    body = {
        "categories": [999],
        "image_original": "x",
        "sections_order": [section.pk],
        "privacy": "x",
        "slug": "maths",
        "name": "MATHS",
    }
    with nothing_changes():
        answer = Api(ann).post("course/", body)
        assert (answer.status, codes(answer)) == (
            400,
            wrong(
                name="unique",
                slug="unique",
                type="required",
                privacy="invalid_choice",
                sections_order="does_not_exist",
                image_original="invalid_image",
                categories="does_not_exist",
            ),
        )


def test_deleted_categories_do_not_exist() -> None:
    ann, category = make_user(role="admin"), make_category()
    Api(ann).delete(f"category/{category.pk}/")
    with nothing_changes():
        answer = Api(ann).post("course/", {**NEW, "categories": [category.pk]})
        assert (answer.status, codes(answer)) == (400, wrong(categories="does_not_exist"))


def test_credentials() -> None:
    with nothing_changes():
        answer = Api().post("course/", {})
        assert (answer.status, answer.body) == (401, NOT_AUTHENTICATED)
        answer = Api(token="nonsense").post("course/", NEW)
        assert (answer.status, answer.body) == (401, BAD_TOKEN)


@pytest.mark.parametrize("role, status", [("", 403), ("editor", 201), ("moderator", 201), ("admin", 201)])
def test_staff_only_when_the_preference_says_so(role: str, status: int) -> None:
    user = make_user(role=role)
    set_preference("configurations.courses_only_staff_enabled", True, at=NOW, by=None)
    answer = Api(user).post("course/", NEW)
    assert (answer.status, Course.objects.count()) == (status, int(status == 201))
    if status == 403:
        assert answer.body == FORBIDDEN
        assert Api(user).call("POST", "course/", b"{").body == FORBIDDEN, "rights are judged before the body"


def test_events() -> None:
    ann, science = make_user(), make_category()
    course = Api(ann).post("course/", {**NEW, "categories": [science.pk]}).body["id"]
    events = Event.objects.filter(course_id=course).order_by("id")
    assert [(event.kind, event.actor_id, event.object_id, event.at) for event in events] == [
        ("course.created", ann.pk, course, NOW),
        ("membership.changed", ann.pk, ann.pk, NOW),
    ]
    assert revision(Course(pk=course)) == 1


def test_words_for_search() -> None:
    Api(make_user()).post("course/", {**NEW, "name": "École d'été", "description": "Une école!"})
    assert set(CourseWord.objects.values_list("word", "in_name")) == {
        ("ecole", True),
        ("d", True),
        ("ete", True),
        ("une", False),
    }


def test_statements_do_not_grow() -> None:
    ann = make_user()
    categories = [make_category(f"Category {place}").pk for place in range(30)]
    few = Api(ann).post("course/", {**NEW, "categories": categories[:1]}).statements
    for place in range(29):
        make_course(ann, f"Course {place}")
    many = Api(ann).post("course/", {**NEW, "name": "Art", "categories": categories})
    assert (many.status, many.statements) == (201, few)
    assert few == 9
