"""GET /api/v2/course/search/"""

from datetime import timedelta

import pytest

from coursewright.community.actions import set_preference
from coursewright.courses.actions.courses import delete_course, restore_course, update_course
from coursewright.courses.models import Course
from tests.api.authors import category_shape, faults
from tests.api.learners import every_encoding, ids, listed, make_people, minimal_shape
from tests.client import BAD_TOKEN, NOT_AUTHENTICATED, Api
from tests.factories import (
    NOW,
    complete,
    make_category,
    make_course,
    make_invited,
    make_joined,
    make_lesson,
    make_requested,
    make_section,
    make_user,
)


def names(query: str = "", api: Api | None = None, **parameters: str) -> list[str]:
    """The names that are found, in their order."""
    answer = (api or Api()).get(f"course/search/?{query}" if query else "course/search/", **parameters)
    assert answer.status == 200
    found = [course["name"] for course in answer.body["results"]]
    assert answer.body["count"] == len(found)
    return found


def test_whole_answer() -> None:
    ann, science = make_user(real_name="Ann Lee"), make_category()
    maths = make_course(ann, description="Numbers", categories=[science.pk])
    art = make_course(ann, "Art", privacy="private", description="For us")
    lesson = make_lesson(make_section(maths))
    leo = make_joined(maths, make_user("leo"))
    complete(lesson, leo)
    shape = minimal_shape(art, name="Art", slug="art", privacy="private")
    expected = minimal_shape(maths, categories=[category_shape(science)])
    answer = Api().get("course/search/")
    assert (answer.status, answer.body) == (200, listed(shape, expected))
    mine = {**expected, "join_status": "joined", "user_completion_rate": 100}
    assert Api(leo).get("course/search/").body == listed(shape, mine)


@pytest.mark.parametrize(
    "search, found",
    [
        ("", ["Café au lait", "Linear algebra", "Straße und Weg"]),
        ("linear algebra", ["Linear algebra"]),
        ("algebra linear", ["Linear algebra"]),
        ("LINEAR", ["Linear algebra"]),
        ("  algebra,  vectors! ", ["Linear algebra"]),
        ("matrices", ["Linear algebra"]),
        ("linear matrices", ["Linear algebra"]),
        ("alg", ["Linear algebra"]),
        ("algebra lin", ["Linear algebra"]),
        ("lin algebra", []),
        ("gebra", []),
        ("linear cafe", []),
        ("cafe", ["Café au lait"]),
        ("CAFÉ", ["Café au lait"]),
        ("cafe\u0301", ["Café au lait"]),
        ("\uff23\uff21\uff26\uff25", ["Café au lait"]),  # full width
        ("strasse", ["Straße und Weg"]),
        ("STRAẞE", ["Straße und Weg"]),
        ("l", ["Café au lait", "Linear algebra"]),
        ("au au au lait", ["Café au lait"]),
        ("3d", ["Linear algebra"]),
        ("!!!", []),
        ("%", []),
        ("_", []),
        ("'; DROP TABLE", []),
        ('"linear"', ["Linear algebra"]),
        ("linear OR cafe", []),
        ("\U0010ffff", []),
        ("x" * 3000, []),
        ("linear " * 1500, ["Linear algebra"]),
        (" ".join(f"word{place}" for place in range(3000)), []),
    ],
)
def test_all_words_folded_the_last_one_as_a_beginning(search: str, found: list[str]) -> None:
    ann = make_user()
    make_course(ann, "Linear algebra", description="Vectors, matrices and 3D")
    make_course(ann, "Café au lait")
    make_course(ann, "Straße und Weg")
    assert names(search=search, ordering="name") == found


@pytest.mark.parametrize("number", [2, 999, 1200, 1300])
def test_a_long_text_finds_nothing_and_breaks_nothing(number: int) -> None:
    make_course(make_user(), "word0")
    text = " ".join(f"word{place}" for place in range(number))
    answer = Api().get("course/search/", search=text)
    assert (answer.status, answer.body["count"], answer.body["results"]) == (200, 0, [])


def test_words_are_those_of_now() -> None:
    ann = make_user()
    course = make_course(ann, "Maths", description="Numbers")
    update_course(course.pk, {"name": "Physics", "description": "Bodies"}, at=NOW, by=ann.pk)
    assert [names(search=word) for word in ("maths", "numbers", "physics", "bodies")] == [
        [],
        [],
        ["Physics"],
        ["Physics"],
    ]


def test_the_description_of_a_private_course_is_looked_in_for_its_people_only() -> None:
    ann = make_user()
    course = make_course(ann, "Maths club", privacy="private", description="Hidden numbers")
    people = make_people(course)
    insiders = ["creator", "manager", "joined", "invited"]
    for who, user in {"creator": ann, **people, "nobody": None}.items():
        inside = ["Maths club"] if who in insiders else []
        api = Api(user)
        seen = {
            search: names(search=search, api=api) for search in ("maths", "clu", "numbers", "maths hid", "hidden clu")
        }
        assert (who, seen) == (
            who,
            {
                "maths": ["Maths club"],
                "clu": ["Maths club"],
                "numbers": inside,
                "maths hid": inside,
                "hidden clu": inside,
            },
        )


def test_a_word_of_both_name_and_description_is_one_of_the_name() -> None:
    make_course(make_user(), "Maths", privacy="private", description="maths for all")
    assert [names(search=search) for search in ("maths", "all")] == [["Maths"], []]


@pytest.mark.parametrize("search", ["", "secret", "maths", "draft"])
def test_drafts_and_secret_courses_are_for_those_who_stand_to_them(search: str) -> None:
    ann = make_user()
    draft = make_course(ann, "Maths draft", privacy="", description="secret")
    secret = make_course(ann, "Maths secret", privacy="secret", description="draft")
    people = make_people(draft)
    make_joined(secret, people["joined"])
    make_invited(secret, people["invited"])
    make_requested(secret, people["requested"])
    sees = {
        "creator": ["Maths draft", "Maths secret"],
        "manager": ["Maths draft"],
        "joined": ["Maths secret"],
        "invited": ["Maths secret"],
    }
    for who, user in {"creator": ann, **people, "nobody": None}.items():
        assert (who, names(search=search, ordering="name", api=Api(user))) == (who, sees.get(who, []))


@pytest.mark.parametrize(
    "ordering, found",
    [
        ("", ["Éclair", "art", "Zoo", "Bread"]),
        ("-id", ["Éclair", "art", "Zoo", "Bread"]),
        ("id", ["Bread", "Zoo", "art", "Éclair"]),
        ("name", ["art", "Bread", "Zoo", "Éclair"]),
        ("-name", ["Éclair", "Zoo", "Bread", "art"]),
        ("created_at", ["Zoo", "Bread", "art", "Éclair"]),
        ("-created_at", ["Éclair", "art", "Bread", "Zoo"]),
    ],
)
@pytest.mark.parametrize("search", ["", "course"])
def test_orderings(ordering: str, found: list[str], search: str) -> None:
    ann = make_user()
    for place, name in enumerate(["Bread", "Zoo", "art", "Éclair"]):
        course = make_course(ann, name, description="A course")
        Course.objects.filter(pk=course.pk).update(created_at=NOW + timedelta(days=-9 if name == "Zoo" else place))
    assert names(ordering=ordering, search=search) == found


def test_categories_any_of_in_every_encoding() -> None:
    ann = make_user()
    science, art, law = (make_category(name) for name in ("Science", "Art", "Law"))
    make_course(ann, "one", categories=[science.pk])
    make_course(ann, "two", categories=[art.pk, science.pk])
    make_course(ann, "three", categories=[law.pk])
    make_course(ann, "four")
    for categories, found in (
        ([science.pk], ["two", "one"]),
        ([law.pk, art.pk], ["three", "two"]),
        ([science.pk, art.pk, art.pk], ["two", "one"]),
        ([law.pk, 999999, 10**30], ["three"]),
        ([999999], []),
        ([], []),
    ):
        for query in every_encoding("categories", categories):
            assert (query, names(query)) == (query, found)
    assert names(search="one", categories=f"{science.pk}") == ["one"]


def test_statuses_in_every_encoding() -> None:
    ann = make_user()
    made = {
        privacy: make_course(ann, f"course {privacy}", privacy=privacy) for privacy in ("open", "private", "secret")
    }
    leo = make_user("leo")
    make_joined(made["open"], leo)
    make_requested(made["private"], leo)
    make_invited(made["secret"], leo)
    make_course(ann, "other")
    api = Api(leo)
    for statuses, found in (
        (["joined"], ["course open"]),
        (["manager", "joined"], ["course open"]),
        (["requested", "invited"], ["course secret", "course private"]),
        (["creator"], []),
        ([], []),
    ):
        for query in every_encoding("statuses", statuses):
            assert (query, names(query, api)) == (query, found)
            assert names(query) == []
    assert names(search="course", statuses="joined,requested", api=api) == ["course private", "course open"]


def test_deleted_courses_are_gone() -> None:
    ann = make_user()
    course = make_course(ann)
    delete_course(course.pk, at=NOW, by=ann.pk)
    for query in ("", "search=maths", "statuses=creator"):
        assert names(query, Api(ann)) == []


def test_wrong_query() -> None:
    answer = Api().get("course/search/?limit=0&search=%00&categories=x&statuses=left&ordering=members")
    assert (answer.status, answer.body) == (
        400,
        faults(
            ("limit", "min_value", "Ensure this value is greater than or equal to 1."),
            ("search", "invalid", "Null characters are not allowed."),
            ("categories", "invalid", "A valid integer is required."),
            ("statuses", "invalid_choice", '"left" is not a valid choice.'),
            ("ordering", "invalid_choice", '"members" is not a valid choice.'),
        ),
    )


def test_anonymous() -> None:
    assert Api(token="nonsense").get("course/search/")[:2] == (401, BAD_TOKEN)
    set_preference("configurations.content_availability", False, at=NOW, by=None)
    assert Api().get("course/search/?limit=x")[:2] == (401, NOT_AUTHENTICATED)
    assert Api(make_user()).get("course/search/").status == 200


@pytest.mark.parametrize("search", ["", "course", "course c"])
def test_pages(search: str) -> None:
    """Also across those that only the caller sees."""
    ann = make_user()
    courses = [make_course(ann, f"Course c{place}", privacy=("open", "secret", "")[place % 3]) for place in range(7)]
    api, walked = Api(ann), []
    for offset in range(0, 8, 2):
        answer = api.get("course/search/", search=search, limit=2, offset=offset)
        assert answer.body["count"] == 7
        walked += ids(answer)
    assert walked == [course.pk for course in reversed(courses)]
    answer = api.get("course/search/", search="course", ordering="id", limit=2, offset=2)
    base = "http://testserver/api/v2/course/search/?search=course&ordering=id"
    assert (answer.body["next"], answer.body["previous"]) == (f"{base}&limit=2&offset=4", f"{base}&limit=2&offset=0")


@pytest.mark.parametrize("search", ["cook", "course cook"])
@pytest.mark.parametrize("ordering", ["id", "-id", "name", "-name", "created_at", "-created_at"])
@pytest.mark.parametrize("places", [range(20), range(20, 40), range(0, 40, 2)], ids=["first", "last", "between"])
def test_pages_of_many_that_are_found(places: range, ordering: str, search: str) -> None:
    """Wherever they are among the others."""
    ann = make_user()
    for place in range(40):
        kind = "cooking" if place in places else "baking"
        course = make_course(ann, f"{place:02}", description=f"A course of {kind}")
        Course.objects.filter(pk=course.pk).update(created_at=NOW + timedelta(days=place))
    expected = [f"{place:02}" for place in (reversed(places) if ordering.startswith("-") else places)]
    for offset in (0, 1, 19):
        answer = Api().get("course/search/", search=search, ordering=ordering, limit=1, offset=offset)
        assert [course["name"] for course in answer.body["results"]] == expected[offset : offset + 1]
        assert answer.body["count"] == 20


def test_a_page_behind_the_last_one() -> None:
    make_course(make_user())
    answer = Api().get("course/search/", search="maths", offset=1)
    assert (answer.body["count"], answer.body["results"], answer.body["next"]) == (1, [], None)


def test_each_course_counts_once() -> None:
    ann = make_user()
    make_course(ann, "Algebra", description="algebraic algebras of an algebraist")
    make_course(ann, "Algebras", privacy="private", description="Algebra")
    for api in (Api(), Api(ann)):
        assert [names(search=search, api=api) for search in ("a", "algebra", "algebras", "algebra algebra")] == [
            ["Algebras", "Algebra"],
            ["Algebras", "Algebra"],
            ["Algebras", "Algebra"],
            ["Algebras", "Algebra"] if api.token else ["Algebra"],
        ]


def test_very_long_words() -> None:
    word = "thermodynamically"
    for place, name in enumerate((word, word[:16], f"{word}{'x' * 64}", word.title())):
        make_course(make_user(f"user-{place}"), f"{name} {place}")
    found = {length: len(names(search=word[:length])) for length in (3, 15, 16, 17)}
    assert found == {3: 4, 15: 4, 16: 4, 17: 3}
    assert len(names(search=f"{word}{'x' * 50}")) == 1


def test_what_is_found_when_courses_change() -> None:
    ann = make_user()
    course = make_course(ann, "Maths", privacy="", description="Numbers")

    def found(api: Api) -> list[bool]:
        return [bool(names(search=search, api=api)) for search in ("math", "num", "bodies")]

    seen = {}
    changes: list[dict[str, str]] = [
        {},
        {"privacy": "private"},
        {"privacy": "open"},
        {"privacy": "secret"},
        {"privacy": "open", "description": "Bodies"},
        {"name": "Bodies", "description": "", "privacy": "private"},
    ]
    for change in changes:
        update_course(course.pk, change, at=NOW, by=ann.pk)
        seen[str(change)] = (found(Api()), found(Api(ann)))
    assert list(seen.values()) == [
        ([False, False, False], [True, True, False]),
        ([True, False, False], [True, True, False]),
        ([True, True, False], [True, True, False]),
        ([False, False, False], [True, True, False]),
        ([True, False, True], [True, False, True]),
        ([False, False, True], [False, False, True]),
    ]
    delete_course(course.pk, at=NOW, by=ann.pk)
    assert found(Api(ann)) == [False, False, False]
    restore_course(course.pk, at=NOW, by=ann.pk)
    assert found(Api()) == [False, False, True]


def test_how_many_are_in_a_category() -> None:
    """The number is kept, for what everyone sees."""
    ann, bob = make_user(), make_user("bob")
    science, art = make_category(), make_category("Art")
    filed = [science.pk]
    course = make_course(ann, "A", privacy="", categories=filed)
    make_course(ann, "B", categories=[science.pk, art.pk])
    make_invited(make_course(ann, "C", privacy="secret", categories=filed), bob)

    def numbers() -> list[tuple[int, int]]:
        bodies = [Api(who).get("course/search/", categories=science.pk).body for who in (None, bob, ann)]
        return [(body["count"], len(body["results"])) for body in bodies]

    assert numbers() == [(1, 1), (2, 2), (3, 3)]
    update_course(course.pk, {"privacy": "private"}, at=NOW, by=ann.pk)
    assert numbers() == [(2, 2), (3, 3), (3, 3)]
    update_course(course.pk, {"categories": [art.pk]}, at=NOW, by=ann.pk)
    assert numbers() == [(1, 1), (2, 2), (2, 2)]
    update_course(course.pk, {"categories": [art.pk, science.pk]}, at=NOW, by=ann.pk)
    delete_course(course.pk, at=NOW, by=ann.pk)
    assert numbers() == [(1, 1), (2, 2), (2, 2)]
    restore_course(course.pk, at=NOW, by=ann.pk)
    assert numbers() == [(2, 2), (3, 3), (3, 3)]
    assert Api().get("course/search/", categories=f"{science.pk},{art.pk}").body["count"] == 2
    Api(make_user("root", role="admin")).delete(f"category/{science.pk}/")
    assert numbers() == [(0, 0)] * 3


def test_statements_do_not_grow() -> None:
    ann, science = make_user(), make_category()
    make_course(ann, "Course", categories=[science.pk])
    query = {"search": "course", "categories": f"{science.pk}", "limit": "30"}
    few = Api(ann).get("course/search/", **query).statements
    for place in range(29):
        course = make_course(ann, f"A course {place}", categories=[science.pk])
        make_lesson(make_section(course))
    many = Api(ann).get("course/search/", **query)
    assert (many.statements, few, len(many.body["results"])) == (few, 4, 30)
    assert Api(ann).get("course/search/", search="course").statements == 4
    assert Api(ann).get("course/search/", search="a course").statements == 5
